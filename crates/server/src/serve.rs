//! From rooms to a listening server, and its orderly end.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use kernel::{Timestamp, time::DAY_MS};
use tokio::{net::TcpListener, sync::watch};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    api,
    app::App,
    auth, faces, health,
    limits::{JSON_BYTES_MAX, MULTIPART_BYTES_MAX},
    listen::listen,
    observe,
    policy::{Built, Enforcer, Policy, RoomFaults, Rooms, enforce},
    problems::{Refused, speak, too_large},
    workers,
};

/// How long requests under way may take once the server was told to end.
const DRAIN_SECONDS: u64 = 10;
/// How often due timers and waiting messages are looked for.
const TICK_MS: u64 = 1_000;

/// Every room of the house.
pub fn rooms() -> Rooms {
    let described = Rooms::new().merge(auth::rooms()).merge(api::rooms()).merge(faces::rooms()).merge(health::rooms());
    described.room(Method::GET, "/openapi.json", Policy::Public, openapi)
}

async fn openapi(axum::extract::Extension(text): axum::extract::Extension<Arc<str>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text.to_string())
}

/// Builds the table of rooms and everything around it.
///
/// # Errors
/// What is wrong with the table: the server does not boot.
pub fn router(app: &App) -> Result<Router, RoomFaults> {
    router_of(app, rooms())
}

/// [`router`] of other rooms: tests.
///
/// # Errors
/// What is wrong with the table.
pub fn router_of(app: &App, rooms: Rooms) -> Result<Router, RoomFaults> {
    let Built { router, table, openapi } = rooms.build()?;
    let text: Arc<str> = health::openapi_text(&openapi).into();
    let enforcer = Enforcer { app: app.clone(), table };
    // From the inside out: a layer added later runs earlier.
    let router = router
        .fallback(|| async { nowhere() })
        .layer(from_fn_with_state(enforcer, enforce))
        .layer(axum::Extension(text))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(limited))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn_with_state(app.clone(), observe::in_time))
        .layer(from_fn_with_state(app.clone(), speak))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), observe::observe));
    Ok(router.with_state(app.clone()))
}

/// Never reached: the middleware refuses an address without a room before.
fn nowhere() -> Refused {
    kernel::Problem::new(&kernel::problem::NOT_FOUND).with("what", "—").into()
}

/// Bytes that the body of a request may have; `Err` when it says beforehand that it has more.
fn allowed(headers: &HeaderMap) -> Result<usize, usize> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    let multipart = text(header::CONTENT_TYPE)
        .is_some_and(|media| media.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"));
    let most = if multipart { MULTIPART_BYTES_MAX } else { JSON_BYTES_MAX };
    let told = text(header::CONTENT_LENGTH).and_then(|n| n.parse::<usize>().ok());
    if told.is_some_and(|told| told > most) { Err(most) } else { Ok(most) }
}

/// Stops reading a body at its limit; one that says so beforehand is not read at all.
async fn limited(request: Request, next: Next) -> Response {
    match allowed(request.headers()) {
        Ok(most) => next.run(request.map(|body| Body::new(Limited::new(body, most)))).await,
        Err(most) => Refused::from(too_large(most)).into_response(),
    }
}

/// Serves until the process is told to end (SIGTERM, ctrl-c), then lets requests under way finish.
///
/// # Errors
/// When the table of rooms is faulty or the listener fails.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    serve_until(app, listener, told_to_end()).await
}

/// [`serve`] until a future is done.
///
/// # Errors
/// As [`serve`].
pub async fn serve_until(
    app: App,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let router = router(&app)?;
    let (ending, mut ended) = watch::channel(false);
    let worker = tokio::spawn(work(app.clone(), ending.subscribe()));
    let server = tokio::spawn(listen(listener, router, app.config.head, ending.subscribe()));
    tokio::spawn(async move {
        end.await;
        ending.send_replace(true);
    });
    ended.wait_for(|ending| *ending).await.ok();
    app.ending.store(true, Ordering::Relaxed);
    tracing::info!(server.state = "ending");
    match tokio::time::timeout(Duration::from_secs(DRAIN_SECONDS), server).await {
        Ok(joined) => joined?,
        Err(_) => tracing::warn!(server.state = "ended with requests under way"),
    }
    worker.await?;
    Ok(())
}

/// Ticks until told to end; what has begun is finished.
async fn work(app: App, mut ending: watch::Receiver<bool>) {
    let mut every = tokio::time::interval(Duration::from_millis(TICK_MS));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut tidied_at: Option<Timestamp> = None;
    loop {
        tokio::select! {
            _ = every.tick() => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
        told("upkeep", workers::upkeep(&app).await);
        told("tick", workers::tick(&app).await);
        let now = app.engine.now();
        if tidied_at.is_none_or(|at| now.ms_since(at) >= DAY_MS) {
            tidied_at = Some(now);
            told("tidy", workers::tidy(&app).await);
        }
    }
}

/// Logs what a worker could not do; it is tried again.
fn told<T>(what: &'static str, outcome: kernel::Result<T>) {
    if let Err(problem) = outcome {
        tracing::error!(
            worker.what = what,
            problem.code = problem.kind.code,
            problem.cause = problem.cause.as_deref().unwrap_or("-")
        );
    }
}

async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
