//! What callers send, read within limits and refused in our numbers.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, Uri, header, request::Parts},
};
use kernel::{
    Once, Problem,
    idempotency::{KEY_CHARS_MAX, Key},
    problem::{BAD_FIELD, MALFORMED},
};
use serde::de::DeserializeOwned;

use crate::{
    limits::JSON_BYTES_MAX,
    problems::{Refused, WRONG_MEDIA, too_large},
};

/// The header with a caller's key.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A JSON body and the caller's key for it.
#[derive(Debug)]
pub struct Sent<T> {
    /// What was sent.
    pub value: T,
    /// The caller's `Idempotency-Key`, with a hash over method, path and body.
    pub once: Once,
    /// SHA-256 over method, path and body.
    pub hash: [u8; 32],
}

/// Reads the caller's key; `parts` are what the request asks for.
///
/// # Errors
/// 400.2 when it is empty, too long or not printable ASCII.
pub fn once(headers: &HeaderMap, parts: &[&[u8]]) -> Result<Once, Refused> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > KEY_CHARS_MAX {
        let what = format!("1–{KEY_CHARS_MAX} ASCII");
        return Err(Problem::new(&BAD_FIELD).with("field", "Idempotency-Key").with("what", what).into());
    }
    Ok(Some(Key::new(key, parts)))
}

fn media(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn wrong_media(wanted: &str) -> Refused {
    Problem::new(&WRONG_MEDIA).with("wanted", wanted).into()
}

fn unread(rejection: &BytesRejection) -> Refused {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(JSON_BYTES_MAX).into(),
        _ => Problem::new(&MALFORMED).with("what", rejection.body_text()).into(),
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let (headers, method, path) =
            (request.headers().clone(), request.method().clone(), request.uri().path().to_owned());
        let media = media(&headers).to_ascii_lowercase();
        if media != "application/json" && !(media.starts_with("application/") && media.ends_with("+json")) {
            return Err(wrong_media("application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|r| unread(&r))?;
        let parts: [&[u8]; 3] = [method.as_str().as_bytes(), path.as_bytes(), &bytes];
        let hash = Key::new("", &parts).request;
        let once = once(&headers, &parts)?;
        let value = axum::Json::<T>::from_bytes(&bytes)
            .map_err(|r| Problem::new(&MALFORMED).with("what", plain(&r.body_text())))?;
        Ok(Self { value: value.0, once, hash })
    }
}

/// An HTML form sent as `application/x-www-form-urlencoded`.
#[derive(Debug)]
pub struct Filled<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Filled<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let rejection = match axum::Form::<T>::from_request(request, state).await {
            Ok(form) => return Ok(Self(form.0)),
            Err(rejection) => rejection,
        };
        Err(match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(JSON_BYTES_MAX).into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => wrong_media("application/x-www-form-urlencoded"),
            _ => Problem::new(&MALFORMED).with("what", plain(&rejection.body_text())).into(),
        })
    }
}

/// Query parameters, without `lang` and `size`, which every page takes.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let query = parts.uri.query().unwrap_or_default();
        let kept: Vec<&str> =
            query.split('&').filter(|pair| !pair.starts_with("lang=") && !pair.starts_with("size=")).collect();
        let uri: Uri = format!("/?{}", kept.join("&")).parse().map_err(|e| Problem::new(&MALFORMED).with("what", e))?;
        match Query::<T>::try_from_uri(&uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(rejection) => Err(Problem::new(&MALFORMED).with("what", plain(&rejection.body_text())).into()),
        }
    }
}

/// The framework's words without its own preface.
fn plain(text: &str) -> String {
    let prefaces = [
        "Failed to deserialize the JSON body into the target type: ",
        "Failed to parse the request body as JSON: ",
        "Failed to deserialize query string: ",
        "Failed to deserialize form body: ",
    ];
    prefaces.iter().find_map(|preface| text.strip_prefix(preface)).unwrap_or(text).to_owned()
}
