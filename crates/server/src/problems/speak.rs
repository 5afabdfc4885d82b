//! The words of a refusal, chosen for its reader.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{
    Lang, Problem,
    problem::{BUSY, INTERNAL, MALFORMED, NOT_FOUND, NOT_YOURS, SIGN_IN},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Refused, WRONG_MEDIA, WRONG_METHOD, too_large};
use crate::{
    app::App,
    call::{Call, Face, Manner, site_of},
    limits::JSON_BYTES_MAX,
    pages::views::{LoginPage, ProblemPage, View},
};

/// What a full queue asks a caller to wait, in seconds.
const BUSY_WAIT_SECONDS: u32 = 3;
/// Of a framework's own refusal this much is read to say what it said.
const FOREIGN_BYTES_MAX: usize = 2_048;

/// A problem as machines read it (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// Where the kind is described.
    #[serde(rename = "type")]
    pub kind: String,
    /// Stable number: `409.1`.
    pub code: &'static str,
    /// Short title.
    pub title: String,
    /// What is wrong in this case.
    pub detail: String,
    /// What to do next.
    pub action: String,
    /// HTTP status.
    pub status: u16,
}

impl ProblemBody {
    /// A problem in a language.
    pub fn new(problem: &Problem, lang: Lang) -> Self {
        Self {
            kind: format!("/api/v1/problems#{}", problem.kind.code),
            code: problem.kind.code,
            title: problem.title(lang),
            detail: problem.detail(lang),
            action: problem.action(lang),
            status: problem.kind.status,
        }
    }
}

/// Gives every refusal its words; logs the cause of a fault of ours, once.
pub async fn speak(State(app): State<App>, request: Request, next: Next) -> Response {
    let manner = request.extensions().get::<Arc<Manner>>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let refused = match response.extensions_mut().remove::<Refused>() {
        Some(refused) => refused,
        None if spoken(&response) => return response,
        None => {
            let (parts, body) = response.into_parts();
            let refused = foreign(parts.status, body).await;
            response = Response::from_parts(parts, Body::empty());
            refused
        }
    };
    let problem = &in_words(&app, &refused.0);
    if problem.kind.status >= 500 {
        let cause = problem.cause.as_deref().unwrap_or("-");
        tracing::error!(problem.code = problem.kind.code, problem.cause = cause, request.id = %manner.id, http.route = %manner.route);
    }
    let call = response.extensions_mut().remove::<Call>();
    let mut answer = match manner.face {
        Face::Page => page(&app, call.as_ref(), &manner, problem),
        Face::Machine => machine(problem, manner.lang),
    };
    *answer.status_mut() = refused.status();
    for name in [header::ALLOW, header::SET_COOKIE] {
        if let Some(value) = response.headers_mut().remove(&name) {
            answer.headers_mut().insert(name, value);
        }
    }
    head(&mut answer, problem, manner.lang);
    answer
}

/// A permission that is missing, named as the pack names it: its word is for packs and programs.
fn in_words(app: &App, problem: &Problem) -> Problem {
    let mut said = problem.clone();
    let word = problem.args.iter().find(|(name, _)| *name == "permission").map(|(_, word)| word.as_str());
    let Some(word) = word.filter(|_| problem.kind.code == NOT_YOURS.code && problem.english.is_empty()) else {
        return said;
    };
    let packs = app.districts.list();
    let known = packs.iter().flat_map(|rules| &rules.directory.pack.permissions).find(|known| known.word == word);
    let names = match known {
        Some(known) => (known.zh.as_str(), known.en.as_str()),
        None if word.starts_with("district.") => ("这个区县的工作人员", "staff of this district"),
        None => return said,
    };
    said.args.retain(|(name, _)| *name != "permission");
    said.saying("permission", names.0, names.1)
}

fn head(answer: &mut Response, problem: &Problem, lang: Lang) {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    let wait = match problem.kind.status {
        503 => Some(BUSY_WAIT_SECONDS.to_string()),
        429 => {
            let given =
                |name: &str| problem.args.iter().find(|(n, _)| *n == name).and_then(|(_, v)| v.parse::<u64>().ok());
            Some(given("seconds").or_else(|| given("minutes").map(|m| m * 60)).unwrap_or(1).to_string())
        }
        _ => None,
    };
    if let Some(value) = wait.and_then(|w| HeaderValue::from_str(&w).ok()) {
        headers.insert(header::RETRY_AFTER, value);
    }
    if problem.kind.status == 401 {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
}

/// True for everything that needs no words of ours.
fn spoken(response: &Response) -> bool {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return true;
    }
    let media = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    media.starts_with("text/html") || media.contains("json")
}

/// A refusal by the framework, in our numbers.
async fn foreign(status: StatusCode, body: Body) -> Refused {
    let said = to_bytes(body, FOREIGN_BYTES_MAX).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::new(&NOT_FOUND).with("what", "—"),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(&WRONG_METHOD).with("allowed", "—"),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(JSON_BYTES_MAX),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(&WRONG_MEDIA).with("wanted", "application/json"),
        StatusCode::UNAUTHORIZED => Problem::new(&SIGN_IN),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            Problem::new(&BUSY).caused_by(said)
        }
        status if status.is_client_error() => {
            let what = if said.is_empty() { status.canonical_reason().unwrap_or("—").to_owned() } else { said };
            Problem::new(&MALFORMED).with("what", what)
        }
        _ => Problem::new(&INTERNAL).caused_by(said),
    };
    problem.into()
}

fn machine(problem: &Problem, lang: Lang) -> Response {
    let body = serde_json::to_vec(&ProblemBody::new(problem, lang)).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
}

fn page(app: &App, call: Option<&Call>, manner: &Manner, problem: &Problem) -> Response {
    let site = call.map_or_else(|| site_of(app, manner, None, None), Call::site);
    let html = if problem.kind.code == SIGN_IN.code {
        let next = if manner.safe { manner.here.clone() } else { format!("{}/work", site.base) };
        let accounts_href = app.config.demo.then(|| "/accounts".to_owned());
        written(
            app,
            manner,
            &site.base,
            &LoginPage {
                action: "/login".into(),
                next,
                account: String::new(),
                wrong: String::new(),
                accounts_href,
                site: site.clone(),
            },
        )
    } else {
        let lang = manner.lang;
        let view = ProblemPage {
            status: problem.kind.status,
            code: problem.kind.code.to_owned(),
            title: problem.title(lang),
            detail: problem.detail(lang),
            action: problem.action(lang),
            back: manner.back.clone().unwrap_or_else(|| format!("{}/", site.base)),
            request: manner.id.clone(),
            site: site.clone(),
        };
        written(app, manner, &site.base, &view)
    };
    html.unwrap_or_else(|| machine(problem, manner.lang))
}

fn written<V: View>(app: &App, manner: &Manner, base: &str, view: &V) -> Option<Response> {
    let renderer = app.districts.renderer(base.trim_start_matches('/'));
    match renderer.page(view, manner.lang.into(), manner.large) {
        Ok(html) => Some(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()),
        Err(error) => {
            tracing::error!(page.fault = %error, request.id = %manner.id);
            None
        }
    }
}
