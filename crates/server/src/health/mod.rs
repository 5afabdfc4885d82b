//! Addresses for those who run it: alive, ready, figures, the API's description, assets.

mod assets;
mod meters;

use std::sync::atomic::Ordering;

use axum::{
    Json,
    extract::State,
    http::{Method, header},
    response::IntoResponse,
};
use kernel::{Lang, Problem, problem::BUSY};
use serde::Serialize;
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_axum::routes;

use crate::{
    app::App,
    call::Call,
    policy::{Policy, Rooms},
    problems::{self, Answer},
};

pub use meters::Meters;

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(app): State<App>) -> Answer<&'static str> {
    if app.ending.load(Ordering::Relaxed) {
        return Err(Problem::new(&BUSY).caused_by("the server is ending").into());
    }
    // The database answers, and what it has enabled is loaded.
    let enabled = app
        .engine
        .read(|db| Ok(commons::install::districts(db)?))
        .await
        .map_err(|problem| Problem::new(&BUSY).caused_by(problem))?;
    match enabled.iter().find(|(district, _)| app.districts.get(district).is_none()) {
        Some((district, _)) => Err(Problem::new(&BUSY).caused_by(format!("district {district} is not loaded")).into()),
        None => Ok("ready\n"),
    }
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.meters.text())
}

/// A kind of problem that may be answered.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemListed {
    /// Stable number.
    code: &'static str,
    /// HTTP status.
    status: u16,
    /// Short title.
    title: &'static str,
    /// What is wrong; `{name}` is filled in each case.
    detail: &'static str,
    /// What to do.
    action: &'static str,
}

/// Every numbered problem that this API answers, in the reader's language.
#[utoipa::path(get, path = "/api/v1/problems", operation_id = "problems_list", tag = "system", responses((status = 200, body = Vec<ProblemListed>)))]
async fn listed(call: Call) -> Json<Vec<ProblemListed>> {
    let lang = call.lang();
    let pick = |pair: (&'static str, &'static str)| match lang {
        Lang::Zh => pair.0,
        Lang::En => pair.1,
    };
    let kinds = problems::all().into_iter();
    Json(
        kinds
            .map(|k| ProblemListed {
                code: k.code,
                status: k.status,
                title: pick(k.title),
                detail: pick(k.detail),
                action: pick(k.action),
            })
            .collect(),
    )
}

/// The rooms that need no other floor.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/healthz", Policy::Public, alive)
        .room(Method::GET, "/readyz", Policy::Public, ready)
        .room(Method::GET, "/metrics", Policy::Public, metrics)
        .room(Method::GET, "/assets/{name}", Policy::Public, assets::asset)
        .api(Policy::Public, routes!(listed))
}

/// The description as it is answered and checked in.
///
/// # Panics
/// When it can't be written as JSON, which its types exclude.
pub fn openapi_text(openapi: &OpenApi) -> String {
    openapi.to_pretty_json().expect("the description is plain data") + "\n"
}
