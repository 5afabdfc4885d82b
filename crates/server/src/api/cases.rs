//! Cases over the API: report, list, one in full, its story, its tasks, its moves.

use axum::{Json, extract::Path, http::StatusCode, response::IntoResponse};
use cases::case::{self, CaseId, Inputs, Report};
use kernel::{
    Problem, Result,
    id::ContentId,
    problem::{BAD_FIELD, NOT_FOUND},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    acts::{self, Caller, CaseJson, PlaceJson, StepJson, TaskJson},
    body::{Asked, Sent},
    call::Call,
    limits::{Gate, LIST_ROWS_DEFAULT, LIST_ROWS_MAX},
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// Rows whose words are looked through for one page of a search.
const SEARCHED_ROWS_MAX: usize = 2_000;

/// How to reach the asker.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactJson {
    /// Name.
    pub name: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
}

/// A report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportJson {
    /// The caller's own UUIDv7: the same id is never taken twice.
    pub id: Option<String>,
    /// Item code or name.
    pub item: Option<String>,
    /// What is the matter, at most 2,000 characters.
    pub text: String,
    /// Longitude, WGS-84.
    pub lon: Option<f64>,
    /// Latitude, WGS-84.
    pub lat: Option<f64>,
    /// Code, id or name of a place.
    pub place: Option<String>,
    /// How to reach the asker.
    pub contact: Option<ContactJson>,
    /// How it came: `web`, `in_person`, `phone`, `paper`, `visit`.
    pub source: Option<String>,
    /// Photos sent before, by the ids of `POST …/evidence`.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// How the asker wants to hear: `sms`, `call`, `paper`, `page`.
    pub echo: Option<String>,
}

/// The receipt of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportedJson {
    /// Id of the case.
    pub id: String,
    /// Its number.
    pub number: String,
    /// With it anybody can look the case up; told to the reporter only.
    pub lookup_code: String,
    /// State of the flow.
    pub state: String,
    /// Version of the case.
    pub version: i64,
    /// The grid it went to.
    pub place: PlaceJson,
    /// Until when somebody takes it up.
    pub due_at: Option<String>,
    /// True when a person must settle whose place it is.
    pub near_boundary: bool,
    /// Hash of the journal entry, 64 hexadecimal digits; absent when the answer is repeated.
    pub receipt: Option<String>,
}

/// One or several names.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A move on a case or a task. `basis`, `into` and `until` may be left out: then `reason` serves
/// as the basis, and `to` as the case to join or the day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveJson {
    /// Name of the move.
    #[serde(rename = "move")]
    pub word: String,
    /// The version on which it is based.
    pub version: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// Bodies by id or name.
    pub to: Option<OneOrMany>,
    /// Photos sent before.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// What the asker is told.
    pub answer: Option<String>,
    /// Solved?
    pub solved: Option<bool>,
    /// `满意`, `基本满意` or `不满意`.
    pub satisfied: Option<String>,
    /// The duty, rule or check it rests on.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub basis: Option<Option<String>>,
    /// A day, a moment, or a limit from now.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Option<String>>,
    /// Number or id of the case to join.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub into: Option<Option<String>>,
    /// Another item.
    pub item: Option<String>,
    /// Another place.
    pub place: Option<String>,
    /// What a meeting is to talk about.
    pub topic: Option<String>,
}

/// Tells a key that is there with null from one that is not there.
fn present<'de, D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(d).map(Some)
}

/// What a move gives.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovedJson {
    /// State afterwards.
    pub state: String,
    /// Version afterwards.
    pub version: i64,
    /// Hash of the move's first journal entry; absent when the answer is repeated.
    pub receipt: Option<String>,
}

/// What a list is filtered by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// One state.
    pub state: Option<String>,
    /// Code, id or name of a place: it and what lies in it.
    pub place: Option<String>,
    /// Item code or name.
    pub item: Option<String>,
    /// One case by its number.
    pub number: Option<String>,
    /// Words in what was said.
    pub text: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Rows, at most 200.
    pub limit: Option<u32>,
}

/// A page of cases, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListJson {
    /// The cases.
    pub items: Vec<CaseJson>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
}

fn bad(field: &'static str, what: impl ToString) -> Problem {
    Problem::new(&BAD_FIELD).with("field", field).with("what", what)
}

fn contents(ids: &[String]) -> Result<Vec<ContentId>> {
    if ids.len() > case::PHOTOS_MAX {
        return Err(bad("evidence", format!("≤ {}", case::PHOTOS_MAX)));
    }
    ids.iter().map(|id| id.parse().map_err(|e| bad("evidence", e))).collect()
}

/// The id in a path; an id that can't be one names nothing.
pub(super) fn case_id(text: &str) -> Result<CaseId> {
    text.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", text))
}

/// Takes a report in, with or without an account.
#[utoipa::path(post, path = "/api/v1/{district}/cases", operation_id = "cases_report", tag = "cases", request_body = ReportJson,
    params(("district" = String, Path)), responses((status = 201, body = ReportedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn report(call: Call, sent: Sent<ReportJson>) -> Answer<impl IntoResponse> {
    let rules = call.rules()?.clone();
    let wish = sent.value;
    let contact = wish.contact.unwrap_or_default();
    let point = match (wish.lon, wish.lat) {
        (Some(lon), Some(lat)) if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) => Some((lon, lat)),
        (None, None) => None,
        _ => return Err(bad("lon, lat", "-180…180, -90…90").into()),
    };
    let id = wish.id.as_deref().map(|id| id.parse::<CaseId>().map_err(|e| bad("id", e))).transpose()?;
    let report = Report {
        id,
        item: wish.item,
        text: wish.text,
        point,
        place: wish.place,
        name: contact.name,
        phone: contact.phone,
        source: wish.source.unwrap_or_else(|| if call.account().is_some() { "in_person".into() } else { "web".into() }),
        echo: wish.echo,
        ..Report::default()
    };
    // A create with an id of its own needs no other key: the id is the key.
    let key = match (sent.once, id) {
        (Some(key), _) => Some(key),
        (None, Some(id)) => Some(kernel::idempotency::Key { key: format!("case {id}"), request: sent.hash }),
        (None, None) => None,
    };
    let kept = contents(&wish.evidence)?;
    let caller = Caller::of(call.actor.clone());
    let done = acts::report(&call.app.engine, (*rules).clone(), &caller, report, kept, key).await?;
    let reported = &done.value;
    let answer = ReportedJson {
        id: reported.id.to_string(),
        number: reported.number.clone(),
        lookup_code: acts::code_of(&call.app.engine, call.district(), &reported.id, reported.lookup_nonce),
        state: reported.state.clone(),
        version: reported.version,
        place: acts::place_json(&rules, &reported.grid),
        due_at: reported.due_at.map(|at| at.to_string()),
        near_boundary: reported.near_boundary,
        receipt: done.receipts.last().map(|r| r.hash.clone()),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A page of the cases that the caller may see.
#[utoipa::path(get, path = "/api/v1/{district}/cases", operation_id = "cases_list", tag = "cases",
    params(("district" = String, Path), ListQuery), responses((status = 200, body = ListJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn list(call: Call, asked: Asked<ListQuery>) -> Answer<Json<ListJson>> {
    let rules = call.rules()?.clone();
    let query = asked.0;
    let limit = query.limit.unwrap_or(LIST_ROWS_DEFAULT);
    if limit == 0 || limit > LIST_ROWS_MAX {
        return Err(bad("limit", format!("1–{LIST_ROWS_MAX}")).into());
    }
    let place = query.place.as_deref().map(|p| rules.directory.place_named(p).map(|p| p.id)).transpose()?;
    let state = match query.state.as_deref() {
        None => None,
        Some(state) => Some(
            rules
                .case_flow
                .state(state)
                .or_else(|| rules.case_flow.state_zh(state))
                .ok_or_else(|| bad("state", state))?
                .id
                .clone(),
        ),
    };
    let item = match query.item.as_deref() {
        None => None,
        Some(item) => Some(rules.directory.item_named(item).ok_or_else(|| bad("item", item))?.code.clone()),
    };
    let before = query.cursor.as_deref().map(|c| c.parse::<CaseId>().map_err(|e| bad("cursor", e))).transpose()?;
    let (actor, engine, lang, now) = (call.actor.clone(), call.app.engine.clone(), call.lang(), call.app.engine.now());
    let page = call
        .app
        .engine
        .read(move |db| {
            let wish = acts::Wish { place, state, item, body: None, before, text: query.text, limit: limit as usize };
            let page = match query.number.as_deref() {
                Some(number) => acts::by_number(db, &rules, &actor, number)?,
                None => acts::page(db, engine.keys(), &rules, &actor, &wish, SEARCHED_ROWS_MAX)?,
            };
            let items = page.cases.iter().map(|case| CaseJson::of(&rules, case, now, lang)).collect();
            Ok(ListJson { items, next: page.next.map(|id| id.to_string()) })
        })
        .await?;
    Ok(Json(page))
}

/// One case in full.
#[utoipa::path(get, path = "/api/v1/{district}/cases/{id}", operation_id = "cases_fetch", tag = "cases",
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = CaseJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn fetch(call: Call, path: Path<(String, String)>) -> Answer<Json<CaseJson>> {
    let Path((_, id)) = path;
    let (rules, caller) = (call.rules()?.clone(), Caller::of(call.actor.clone()));
    let seen = acts::see(&call.app.engine, (*rules).clone(), caller.clone(), case_id(&id)?, call.lang()).await?;
    Ok(Json(seen.json(&rules, &caller, call.app.engine.now(), call.lang())))
}

/// What happened, oldest first.
#[utoipa::path(get, path = "/api/v1/{district}/cases/{id}/history", operation_id = "cases_history", tag = "cases",
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = Vec<StepJson>), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn history(call: Call, path: Path<(String, String)>) -> Answer<Json<Vec<StepJson>>> {
    let Path((_, id)) = path;
    let (rules, caller) = (call.rules()?.clone(), Caller::of(call.actor.clone()));
    let seen = acts::see(&call.app.engine, (*rules).clone(), caller, case_id(&id)?, call.lang()).await?;
    Ok(Json(seen.story_json(true)))
}

/// The tasks of a case, oldest first.
#[utoipa::path(get, path = "/api/v1/{district}/cases/{id}/tasks", operation_id = "cases_tasks", tag = "cases",
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = Vec<TaskJson>), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn tasks(call: Call, path: Path<(String, String)>) -> Answer<Json<Vec<TaskJson>>> {
    let Path((_, id)) = path;
    let (rules, caller) = (call.rules()?.clone(), Caller::of(call.actor.clone()));
    Ok(Json(acts::tasks(&call.app.engine, (*rules).clone(), caller, case_id(&id)?, call.lang()).await?))
}

/// Turns a wish into what the rules take; `requires` says what a missing key may be taken from.
pub(super) fn inputs(wish: &MoveJson, requires: &[cases::flow::Need]) -> Result<Inputs> {
    use cases::flow::Need;
    let to: Vec<String> = match wish.to.clone() {
        None => Vec::new(),
        Some(OneOrMany::One(one)) => vec![one],
        Some(OneOrMany::Many(many)) => many,
    };
    let needs = |need| requires.contains(&need);
    let first = to.first().cloned();
    let basis = wish.basis.clone().unwrap_or_else(|| wish.reason.clone().filter(|_| needs(Need::Basis)));
    let into = wish.into.clone().unwrap_or_else(|| first.clone().filter(|_| needs(Need::Into)));
    let until = wish.until.clone().unwrap_or_else(|| first.filter(|_| needs(Need::Until) && !needs(Need::Body)));
    let to = if needs(Need::Into) || (needs(Need::Until) && !needs(Need::Body)) { Vec::new() } else { to };
    Ok(Inputs {
        reason: wish.reason.clone(),
        answer: wish.answer.clone(),
        basis,
        topic: wish.topic.clone(),
        item: wish.item.clone(),
        place: wish.place.clone(),
        to,
        until,
        into,
        photos: Vec::new(),
        evidence: contents(&wish.evidence)?,
        solved: wish.solved,
        satisfied: wish.satisfied.clone(),
    })
}

/// Moves a case.
#[utoipa::path(post, path = "/api/v1/{district}/cases/{id}/moves", operation_id = "cases_move", tag = "cases", request_body = MoveJson,
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = MovedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn make_move(call: Call, path: Path<(String, String)>, sent: Sent<MoveJson>) -> Answer<Json<MovedJson>> {
    let Path((_, id)) = path;
    let rules = call.rules()?.clone();
    let wish = sent.value;
    let requires = rules.case_flow.mv(&wish.word).map(|mv| mv.requires.clone()).unwrap_or_default();
    let inputs = inputs(&wish, &requires)?;
    let caller = Caller::of(call.actor.clone());
    let done = acts::move_case(
        &call.app.engine,
        (*rules).clone(),
        &caller,
        case_id(&id)?,
        &wish.word,
        wish.version,
        inputs,
        sent.once,
    )
    .await?;
    Ok(Json(MovedJson {
        state: done.value.state.clone(),
        version: done.value.version,
        receipt: done.receipts.first().map(|r| r.hash.clone()),
    }))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    let read = || Policy::Permission("case.read");
    Rooms::new()
        .api(Policy::Public, routes!(report))
        .gate(Gate::Report)
        .api(read(), routes!(list))
        .api(read(), routes!(fetch))
        .api(read(), routes!(history))
        .api(read(), routes!(tasks))
        .api(Policy::Session, routes!(make_move))
}
