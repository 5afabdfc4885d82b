//! Sessions over the API.

use axum::{Json, http::StatusCode, http::header, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{clear_cookie, sign_in, sign_out};
use crate::{
    body::Sent,
    call::Call,
    limits::Gate,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// What signing in takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Name of the account.
    pub account: String,
    /// Its password.
    pub password: String,
}

/// What signing in gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// For `Authorization: Bearer`; told once, valid for 14 days.
    pub token: String,
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/sessions", operation_id = "sessions_open", tag = "sessions", request_body = Credentials,
    responses((status = 200, body = Token), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn open(call: Call, sent: Sent<Credentials>) -> Answer<Json<Token>> {
    let signed_in = sign_in(&call, &sent.value.account, &sent.value.password).await?;
    Ok(Json(Token { token: signed_in.token }))
}

/// Signs out: the token of this request ends.
#[utoipa::path(delete, path = "/api/v1/sessions", operation_id = "sessions_end", tag = "sessions",
    responses((status = 204), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn end(call: Call) -> Answer<impl IntoResponse> {
    sign_out(&call).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(&call.app.config))]))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new().api(Policy::Public, routes!(open)).gate(Gate::SignIn).api(Policy::Session, routes!(end))
}
