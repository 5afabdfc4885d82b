//! One client on one connection that is kept alive.

use std::net::SocketAddr;

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Method, Request,
    client::conn::http1::{SendRequest, handshake},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A connection.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Client {
    /// Opens it.
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("connect")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the connection; what was under way fails where it is awaited.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { sender, host: HeaderValue::from_str(&address.to_string())? })
    }

    /// Asks.
    pub async fn get(&mut self, path: &str, token: Option<&HeaderValue>) -> anyhow::Result<(u16, Bytes)> {
        self.send(Method::GET, path, token, None, Bytes::new()).await
    }

    /// Sends JSON; `key` is its idempotency key.
    pub async fn post(
        &mut self,
        path: &str,
        token: Option<&HeaderValue>,
        key: Option<HeaderValue>,
        body: Bytes,
    ) -> anyhow::Result<(u16, Bytes)> {
        self.send(Method::POST, path, token, key, body).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&HeaderValue>,
        key: Option<HeaderValue>,
        body: Bytes,
    ) -> anyhow::Result<(u16, Bytes)> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, self.host.clone());
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Full::new(body))?).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}

/// A token as a header.
pub fn bearer(token: &str) -> anyhow::Result<HeaderValue> {
    Ok(HeaderValue::from_str(&format!("Bearer {token}"))?)
}
