//! Photos over the API: sent before what they belong to, shown to whoever may see the case.

use axum::{
    Json,
    extract::{Multipart, Path},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{
    Problem,
    id::ContentId,
    problem::{BAD_FIELD, NOT_FOUND},
    vault,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::cases::case_id;
use crate::{
    acts::{self, Caller},
    body,
    call::Call,
    limits::Gate,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// A photo that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptJson {
    /// To be named in `evidence` of a report or move.
    pub id: String,
}

/// A photo in a form.
#[derive(ToSchema)]
#[allow(dead_code)]
struct PhotoForm {
    /// JPEG, PNG or WebP, at most 12 MiB.
    #[schema(value_type = String, format = Binary)]
    photo: Vec<u8>,
}

/// Sends a photo: it is checked, shrunk, freed of metadata and sealed.
#[utoipa::path(post, path = "/api/v1/{district}/evidence", operation_id = "evidence_send", tag = "evidence",
    request_body(content = PhotoForm, content_type = "multipart/form-data"), params(("district" = String, Path)),
    responses((status = 201, body = KeptJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn send(call: Call, headers: HeaderMap, mut form: Multipart) -> Answer<impl IntoResponse> {
    call.rules()?;
    let mut bytes = None;
    while let Some(field) = form.next_field().await? {
        if matches!(field.name(), Some("photo" | "file")) && bytes.is_none() {
            bytes = Some(field.bytes().await?.to_vec());
        }
    }
    let bytes = bytes.ok_or_else(|| Problem::new(&BAD_FIELD).with("field", "photo").with("what", "photo"))?;
    let once = body::once(&headers, &[b"evidence", &Sha256::digest(&bytes)])?;
    let mut photos = acts::photos(&call.app.photos, vec![bytes], call.lang()).await?;
    let photo = photos.pop().ok_or_else(|| Problem::new(&BAD_FIELD).with("field", "photo").with("what", "photo"))?;
    let kept = acts::evidence::keep(&call.app.engine, call.command(), once, photo).await?;
    Ok((StatusCode::CREATED, Json(KeptJson { id: kept.value.id.to_string() })))
}

/// A photo of a case, for whoever may see the case. `small` gives the thumbnail.
pub async fn picture(call: &Call, seen_case: &str, photo: &str, small: bool) -> Answer<Response> {
    let unknown = || Problem::new(&NOT_FOUND).with("what", "photo");
    let id: ContentId = photo.parse().map_err(|_| unknown())?;
    let (engine, district, case) = (call.app.engine.clone(), call.district().to_owned(), seen_case.to_owned());
    let bytes = call
        .app
        .engine
        .read(move |db| {
            let ((kind, subject), _) = vault::subject_of(db, &district, &id)?.ok_or_else(unknown)?;
            if kind != "case" || subject != case {
                return Err(unknown());
            }
            let shown = if small {
                vault::contents_of(db, &district, "photo", id.as_str())?.first().map_or(id, |(thumb, ..)| *thumb)
            } else {
                id
            };
            vault::content(db, engine.keys(), &district, &shown)?.ok_or_else(unknown)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
    ];
    Ok((headers, bytes).into_response())
}

/// A photo of a case.
#[utoipa::path(get, path = "/api/v1/{district}/cases/{id}/photos/{photo}", operation_id = "evidence_fetch", tag = "evidence",
    params(("district" = String, Path), ("id" = String, Path), ("photo" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn fetch(call: Call, path: Path<(String, String, String)>) -> Answer<Response> {
    let Path((_, id, photo)) = path;
    let rules = call.rules()?.clone();
    let seen =
        acts::see(&call.app.engine, (*rules).clone(), Caller::of(call.actor.clone()), case_id(&id)?, call.lang())
            .await?;
    picture(&call, seen.case.id.as_str(), &photo, false).await
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new()
        .api(Policy::Public, routes!(send))
        .gate(Gate::Report)
        .api(Policy::Permission("case.read"), routes!(fetch))
}
