//! Refusals on the wire: numbered problems as RFC 9457 for machines, as a page for people.
//!
//! A handler answers [`Answer`]; `?` turns a kernel problem, a store error or a page that could
//! not be made into a [`Refused`]. Its words are chosen at the very end of the answer's way
//! ([`speak`]), where language and kind of reader are known, so that no handler thinks of them.

mod speak;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    extract::multipart::MultipartError,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{
    Problem, ProblemKind,
    problem::{INTERNAL, MALFORMED, TOO_LARGE},
    store::StoreError,
};

use crate::pages::render::RenderError;

pub use speak::{ProblemBody, speak};

kernel::problems! {
    /// The address knows other methods only.
    WRONG_METHOD = "405.1" 405
        zh "这个地址不能这样用", "这里可以用的方法：{allowed}。", "请换一种方法。"
        en "Method not allowed", "Allowed here: {allowed}.", "Use one of these.";
    /// The body's media type is not understood here.
    WRONG_MEDIA = "415.1" 415
        zh "内容的格式不对", "这里要 {wanted}。", "请设好 Content-Type 再发。"
        en "Unsupported media type", "This needs {wanted}.", "Set Content-Type and send again.";
    /// Too many wrong passwords in a row.
    LOCKED = "429.2" 429
        zh "试得太多了", "密码连错了几次，这个账号先停一会儿。", "请过 {minutes} 分钟再试；忘了密码请找管理员。"
        en "Too many tries", "The password was wrong several times; this account rests for a while.", "Try again in {minutes} minutes, or ask your administrator.";
}

/// Every numbered problem of the house, floor by floor.
pub fn all() -> Vec<&'static ProblemKind> {
    [kernel::problem::PROBLEMS, cases::problems::PROBLEMS, practices::problems::PROBLEMS, PROBLEMS].concat()
}

/// What a handler answers.
pub type Answer<T> = Result<T, Refused>;

/// A problem on its way to the caller.
#[derive(Debug, Clone)]
pub struct Refused(pub Arc<Problem>);

impl Refused {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(Arc::new(problem))
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<RenderError> for Refused {
    fn from(error: RenderError) -> Self {
        Problem::new(&INTERNAL).caused_by(error).into()
    }
}

impl From<MultipartError> for Refused {
    fn from(error: MultipartError) -> Self {
        match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(crate::limits::MULTIPART_BYTES_MAX).into(),
            _ => Problem::new(&MALFORMED).with("what", error.body_text()).into(),
        }
    }
}

/// 413.1 for a request's body.
pub fn too_large(bytes: usize) -> Problem {
    Problem::new(&TOO_LARGE)
        .saying("what", "一次发来的内容", "What is sent at once")
        .with("limit", format!("{} KiB", bytes / 1024))
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
