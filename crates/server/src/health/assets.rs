//! Style sheets, the script and drawings from the binary.

use axum::{
    extract::{OriginalUri, Path},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use kernel::{Problem, problem::NOT_FOUND};
use sha2::{Digest, Sha256};

use crate::{pages::render, problems::Answer};

/// Pages link an asset with a mark of its bytes: a changed asset has another address.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
/// Without the mark it may change under the same address.
const FOR_AN_HOUR: &str = "public, max-age=3600";

pub(super) async fn asset(
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer<Response> {
    let (bytes, media) = render::asset(&name)
        .ok_or_else(|| Problem::new(&NOT_FOUND).with("what", name.chars().take(80).collect::<String>()))?;
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(bytes)[..12]));
    let marked = uri.query().is_some_and(|query| query.starts_with("v="));
    let kept = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, if marked { FOR_A_YEAR } else { FOR_AN_HOUR }.to_owned()),
    ];
    let known =
        headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    if known.map(|t| t.trim().trim_start_matches("W/")).any(|t| t == tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::CONTENT_TYPE, media)], bytes).into_response())
}
