//! Tasks over the API: a body's part of a case moves.

use axum::{Json, extract::Path};
use cases::task::TaskId;
use kernel::{Problem, problem::NOT_FOUND};
use utoipa_axum::routes;

use super::cases::{MoveJson, MovedJson, inputs};
use crate::{
    acts::{self, Caller},
    body::Sent,
    call::Call,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// Moves a task.
#[utoipa::path(post, path = "/api/v1/{district}/tasks/{id}/moves", operation_id = "tasks_move", tag = "tasks", request_body = MoveJson,
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = MovedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn make_move(call: Call, path: Path<(String, String)>, sent: Sent<MoveJson>) -> Answer<Json<MovedJson>> {
    let Path((_, id)) = path;
    let rules = call.rules()?.clone();
    let wish = sent.value;
    let requires = rules.task_flow.mv(&wish.word).map(|mv| mv.requires.clone()).unwrap_or_default();
    let inputs = inputs(&wish, &requires)?;
    let id: TaskId = id.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", &id))?;
    let caller = Caller::of(call.actor.clone());
    let done =
        acts::move_task(&call.app.engine, (*rules).clone(), &caller, id, &wish.word, wish.version, inputs, sent.once)
            .await?;
    Ok(Json(MovedJson {
        state: done.value.state.clone(),
        version: done.value.version,
        receipt: done.receipts.first().map(|r| r.hash.clone()),
    }))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new().api(Policy::Session, routes!(make_move))
}
