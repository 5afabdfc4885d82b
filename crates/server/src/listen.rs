//! Accepting connections, within limits: how many at once, how long a head may take.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, watch},
};
use tower::ServiceExt as _;

/// Connections that are served at once; further ones wait to be accepted.
pub const CONNECTIONS_MAX: usize = 4_096;
/// Bytes of a request's head.
pub const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Seconds until a request's head must have come; also how long an idle connection is kept.
pub const HEAD_SECONDS_MAX: u64 = 60;
/// Pause after the system refused to accept, in milliseconds: it is out of files, which passes.
const REFUSED_MS: u64 = 50;

/// Serves connections until told to end; then every connection finishes the request under way.
/// Returns when the last one is closed.
pub async fn listen(listener: TcpListener, router: Router, head: Duration, mut ending: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (alive, mut all_gone) = mpsc::channel::<Infallible>(1);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        let Some((stream, peer, place)) = accepted else { break };
        let (router, ending, alive) = (router.clone(), ending.clone(), alive.clone());
        tokio::spawn(async move {
            connection(stream, peer, router, head, ending).await;
            drop((place, alive));
        });
    }
    drop((listener, alive));
    all_gone.recv().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, place)),
            Err(error) => {
                tracing::warn!(server.accept = %error);
                tokio::time::sleep(Duration::from_millis(REFUSED_MS)).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    head: Duration,
    mut ending: watch::Receiver<bool>,
) {
    // Small answers must not wait for the next packet; without it they are only slower.
    stream.set_nodelay(true).ok();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head).max_header_size(HEAD_BYTES_MAX);
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What a connection breaks off with is its caller's business.
    tokio::select! {
        _ = served.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => served.as_mut().graceful_shutdown(),
    }
    served.await.ok();
}
