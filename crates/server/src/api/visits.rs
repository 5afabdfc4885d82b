//! Visits over the API: write one down, read past ones. The same acts as on the page.

use axum::{Json, http::StatusCode, response::IntoResponse};
use kernel::{Problem, Result, Timestamp, idempotency::Key, problem::BAD_FIELD};
use practices::visits::{self, Filter, Kind, LISTED_ROWS_MAX, NewVisit, Opens, Recorded, VisitId, VisitRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::page::{moment, place_of};
use crate::{
    acts::{self, PlaceJson, place_json},
    body::{Asked, Sent},
    call::Call,
    cursor::{mark, read_mark},
    limits::rows,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// The case that a visit opens.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpensJson {
    /// Its words, when they are other than what was heard.
    pub text: Option<String>,
    /// Item code or name.
    pub item: Option<String>,
    /// How the person wants to hear: `sms`, `call`, `paper`, `page`, `none`.
    pub echo: Option<String>,
}

/// A visit as it is written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVisitJson {
    /// The caller's own UUIDv7: the same id is never taken twice.
    pub id: Option<String>,
    /// Code, id or name of the place that was visited.
    pub place: String,
    /// `door`, `station`, `evening` or `phone`; `door` when not said.
    pub kind: Option<String>,
    /// When (RFC 3339), if not now; at most 31 days ago.
    pub at: Option<String>,
    /// Which door.
    pub room: Option<String>,
    /// A name from a list: a shop, a household.
    pub whom: Option<String>,
    /// The person's name; kept only with consent.
    pub name: Option<String>,
    /// The person's phone; kept only with consent.
    pub phone: Option<String>,
    /// The person agreed to be named.
    #[serde(default)]
    pub consent: bool,
    /// What was heard, at most 2,000 characters.
    pub heard: Option<String>,
    /// Opens a case from what was heard.
    pub opens: Option<OpensJson>,
}

/// A visit that was written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedJson {
    /// The visit.
    pub id: String,
    /// Id of the case that came of it.
    pub case: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// With it anybody can look the case up; for the person visited.
    pub lookup_code: Option<String>,
    /// Hash of the first journal entry; absent when the answer is repeated.
    pub receipt: Option<String>,
}

/// The case that came of a visit, as it stands now.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitCaseJson {
    /// The case.
    pub id: String,
    /// Its number.
    pub number: String,
    /// State of the flow.
    pub state: String,
    /// The state as it is said to people.
    pub state_says: String,
}

/// One past visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitJson {
    /// The visit.
    pub id: String,
    /// When.
    pub at: String,
    /// `door`, `station`, `evening`, `phone`.
    pub kind: String,
    /// Where.
    pub place: PlaceJson,
    /// Who visited, by service name.
    pub by: String,
    /// Which door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The list name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whom: Option<String>,
    /// Who was visited, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visited: Option<String>,
    /// What was heard; absent when nothing was noted or the person was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
    /// The case that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<VisitCaseJson>,
}

/// A page of visits, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsJson {
    /// The visits.
    pub items: Vec<VisitJson>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
}

/// What a list of visits is filtered by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct VisitsQuery {
    /// Only one's own; without it all that `visit.read` reaches.
    #[serde(default)]
    pub own: bool,
    /// Code, id or name of a place: it and what lies in it.
    pub place: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Rows, at most 200.
    pub limit: Option<u32>,
}

/// Writes a visit down; what was heard opens a case in the same command, or nothing.
#[utoipa::path(post, path = "/api/v1/{district}/visits", operation_id = "visits_record", tag = "visits", request_body = NewVisitJson,
    params(("district" = String, Path)), responses((status = 201, body = RecordedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn record(call: Call, sent: Sent<NewVisitJson>) -> Answer<impl IntoResponse> {
    let rules = call.rules()?.clone();
    let wish = sent.value;
    let wrong = |field: &'static str, what: &str| Problem::new(&BAD_FIELD).with("field", field).with("what", what);
    let id: Option<VisitId> = wish.id.as_deref().map(|id| id.parse().map_err(|_| wrong("id", id))).transpose()?;
    let opens =
        wish.opens.map(|opens| Opens { text: opens.text, item: opens.item, echo: opens.echo, ..Opens::default() });
    let visit = NewVisit {
        id,
        place: wish.place,
        kind: wish.kind.as_deref().map(Kind::read).transpose()?.unwrap_or_default(),
        at: wish.at.as_deref().map(|at| moment("at", at)).transpose()?,
        room: wish.room,
        whom: wish.whom,
        person: None,
        name: wish.name,
        phone: wish.phone,
        consent: wish.consent,
        heard: wish.heard,
        opens,
    };
    let key = sent.once.or_else(|| id.map(|id| Key { key: format!("visit {id}"), request: sent.hash }));
    let actor = call.actor.clone();
    let done = call
        .app
        .engine
        .write_once(call.command(), key, move |tx| -> Result<Recorded> { visits::record(tx, &rules, &actor, &visit) })
        .await?;
    let opened = done.value.case.as_ref();
    let code = opened.map(|case| acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce));
    let answer = RecordedJson {
        id: done.value.id.to_string(),
        case: opened.map(|case| case.id.to_string()),
        number: opened.map(|case| case.number.clone()),
        lookup_code: code,
        receipt: done.receipts.first().map(|receipt| receipt.hash.clone()),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

fn row(rules: &cases::Rulebook, row: VisitRow) -> VisitJson {
    VisitJson {
        id: row.id.to_string(),
        at: row.at.to_string(),
        kind: row.kind.to_owned(),
        place: place_json(rules, &row.place),
        by: row.by,
        room: row.room,
        whom: row.whom,
        visited: row.visited,
        heard: row.heard,
        case: row.case.map(|case| VisitCaseJson {
            id: case.id.to_string(),
            number: case.number,
            state: case.state,
            state_says: case.state_says,
        }),
    }
}

/// Past visits that the caller may read, newest first.
#[utoipa::path(get, path = "/api/v1/{district}/visits", operation_id = "visits_list", tag = "visits",
    params(("district" = String, Path), VisitsQuery), responses((status = 200, body = VisitsJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn list(call: Call, asked: Asked<VisitsQuery>) -> Answer<Json<VisitsJson>> {
    let rules = call.rules()?.clone();
    let query = asked.0;
    let limit = i64::from(rows(query.limit)?).min(LISTED_ROWS_MAX);
    let before: Option<(Timestamp, VisitId)> = query.cursor.as_deref().map(read_mark).transpose()?;
    let filter = Filter { place: place_of(&rules, query.place.as_deref())?, own: query.own, before };
    let (engine, actor, lang, rulebook) = (call.app.engine.clone(), call.actor.clone(), call.lang(), rules.clone());
    let found = call
        .app
        .engine
        .read(move |db| visits::list(db, engine.keys(), &rulebook, &actor, &filter, lang, limit))
        .await?;
    // A full page may be the last one: the next is then empty.
    let next = found.last().filter(|_| found.len() as i64 == limit).map(|last| mark(last.at, last.id));
    Ok(Json(VisitsJson { items: found.into_iter().map(|one| row(&rules, one)).collect(), next }))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new().api(Policy::Permission("visit.record"), routes!(record)).api(Policy::Session, routes!(list))
}
