//! The server over real sockets: own database, own port, no other process.

mod answers;
mod calls;
mod districts;
mod doors;
mod events;
mod health;
mod notices;
mod policy;
mod practices;
mod rates;
mod sessions;
mod staff;
mod staff_desk;
mod staff_moves;
mod workers;

use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// Sends, or fails the test.
async fn sent(request: RequestBuilder) -> Response {
    request.send().await.expect("the server answers")
}

/// The problem of an answer: status, code, and the whole body.
async fn problem(response: Response) -> (u16, String, Value) {
    let status = response.status().as_u16();
    let media = response.headers().get("content-type").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!(media, "application/problem+json", "{status}");
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["status"], status);
    for field in ["type", "code", "title", "detail", "action"] {
        assert!(body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {body}");
    }
    (status, body["code"].as_str().unwrap().to_owned(), body)
}

/// The number of the problem of an answer.
async fn code(request: RequestBuilder) -> String {
    problem(sent(request).await).await.1
}

/// A header of an answer.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
}
