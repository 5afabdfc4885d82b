//! What every answer carries and leaves behind: an id, security headers, one line, two figures.
//!
//! The line names the route's template and no person, address or code.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{
    Problem,
    problem::{BUSY, INTERNAL},
};
use tokio::time::Instant;

use crate::{app::App, call::Manner, problems::Refused};

/// Name of the header with a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Where pages may load from and who may frame them: this site and nobody.
pub const CONTENT_SECURITY_POLICY: &str =
    "default-src 'self'; img-src 'self' data: blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// How long a browser keeps the choice of language and type, in seconds.
const CHOICE_SECONDS: u32 = 365 * 24 * 3_600;

/// The outermost layer.
pub async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let manner = Arc::new(Manner::of(&app, &request));
    let method = request.method().clone();
    request.extensions_mut().insert(manner.clone());
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    dress(&app, &manner, response.headers_mut());
    let took = began.elapsed();
    app.meters.answered(&manner.route, &method, status, took);
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(http.method = %method, http.route = %manner.route, http.status = status, http.ms = millis, request.id = %manner.id);
    response
}

/// Answers 503.1 when a handler takes too long; what it began commits or not as if the caller had gone.
pub async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(app.config.answer, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refused::from(Problem::new(&BUSY).caused_by("no answer in time")).into_response(),
    }
}

/// The answer to a panic: the panic's own words go to the log.
pub fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let said =
        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Refused::from(Problem::new(&INTERNAL).caused_by(format!("panic: {}", said.unwrap_or_default()))).into_response()
}

fn dress(app: &App, manner: &Manner, headers: &mut HeaderMap) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(self)"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.config.https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // What was worked out for one reader belongs to nobody else; assets say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(&manner.id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in &manner.remember {
        let secure = if app.config.https() { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={CHOICE_SECONDS}{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}
