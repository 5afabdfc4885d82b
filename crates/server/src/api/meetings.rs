//! Meetings over the API: call or write one down, read them, add what was decided. The same acts as on the page.

use axum::{Json, extract::Path, http::StatusCode, response::IntoResponse};
use kernel::{Problem, Result, Timestamp, idempotency::Key, problem::BAD_FIELD};
use practices::meetings::{
    self, About, Decided, DecisionId, DecisionKind, Filter, Held, LISTED_ROWS_MAX, MeetingId, MeetingView, NewDecision,
    NewMeeting, NewTopic, Record,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{
    cases::OneOrMany,
    page::{moment, place_of},
};
use crate::{
    acts::{
        PlaceJson,
        meetings::{id_of, see},
        place_json,
    },
    body::{Asked, Sent},
    call::Call,
    cursor::{mark, read_mark},
    limits::rows,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// Something to talk over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopicJson {
    /// Number or id of the case it is about.
    pub case: Option<String>,
    /// Its title, which everybody can read.
    pub title: Option<String>,
}

/// A meeting as it is called, or written down once it was held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeetingJson {
    /// The caller's own UUIDv7: the same id is never taken twice.
    pub id: Option<String>,
    /// A kind by key or name, such as `grid_deliberation`, or a word of one's own.
    pub kind: String,
    /// What it is about; the first topic says it otherwise.
    pub title: Option<String>,
    /// Code, id or name of the place.
    pub place: String,
    /// Where people sit.
    pub room: Option<String>,
    /// The body that calls it.
    pub caller: Option<String>,
    /// The post-holder who calls it, by service name.
    pub chair: Option<String>,
    /// When (RFC 3339), if not now. One that lies ahead is called; its record follows.
    pub held_at: Option<String>,
    /// What is on the table.
    #[serde(default)]
    pub topics: Vec<NewTopicJson>,
    /// Who was there: bodies, service names, groups; anything else counts as a resident's name and is sealed.
    #[serde(default)]
    pub present: Vec<String>,
    /// What was said; for staff.
    pub minutes: Option<String>,
}

/// A meeting that was called or written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldJson {
    /// The meeting.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// `called`, `held` or `closed`.
    pub status: String,
    /// Hash of the first journal entry; absent when the answer is repeated.
    pub receipt: Option<String>,
}

/// A decision as it is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecisionJson {
    /// The caller's own UUIDv7: the same id is never taken twice.
    pub id: Option<String>,
    /// The meeting's version on which it is based.
    pub version: Option<i64>,
    /// The topic: by id, position from 1, title, or the case's number or id; the only one when not said; empty for none.
    pub topic: Option<String>,
    /// `hand_over`, `answer`, `decline`, `explain` or `keep`; `hand_over` when not said.
    pub kind: Option<String>,
    /// What was decided.
    pub text: String,
    /// Who leads: a body or a service name.
    pub lead: Option<String>,
    /// Who does it: the first leads the work, others assist.
    pub performers: Option<OneOrMany>,
    /// Who watches over it.
    pub supervisor: Option<String>,
    /// By when: a day, a moment, or a limit such as `10 个工作日`.
    pub until: Option<String>,
    /// The item of the case that it opens or takes on.
    pub item: Option<String>,
    /// For a decline: where the asker should go.
    pub answer: Option<String>,
}

/// A decision that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedJson {
    /// The decision.
    pub id: String,
    /// Version of the meeting afterwards.
    pub version: i64,
    /// The case it moved or opened.
    pub case: Option<String>,
    /// The case's number.
    pub number: Option<String>,
    /// The case's state afterwards.
    pub state: Option<String>,
    /// Hash of the first journal entry; absent when the answer is repeated.
    pub receipt: Option<String>,
}

/// One meeting in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingRowJson {
    /// The meeting.
    pub id: String,
    /// The kind as people say it.
    pub kind_says: String,
    /// What it is about.
    pub title: String,
    /// Where it belongs.
    pub place: PlaceJson,
    /// When it is or was held.
    pub held_at: String,
    /// `called`, `held` or `closed`.
    pub status: String,
    /// How many topics it has.
    pub topics: usize,
    /// How many decisions it took.
    pub decisions: i64,
    /// How many of them are done.
    pub done: i64,
}

/// A page of meetings, latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingsJson {
    /// The meetings.
    pub items: Vec<MeetingRowJson>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
}

/// How far something is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressJson {
    /// The case; only for those who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The case's number; only for those who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// State of the flow; none without a case.
    pub state: Option<String>,
    /// How far it is, as people say it.
    pub says: String,
    /// True when nothing is left to do.
    pub done: bool,
    /// True when it is past its time.
    pub late: bool,
    /// The day promised to the asker, while it is open.
    pub promised_at: Option<String>,
}

/// One topic.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopicJson {
    /// The topic.
    pub id: String,
    /// Its position from 1.
    pub ordinal: i64,
    /// Its title.
    pub title: String,
    /// How far its case is; none for a topic without one.
    pub progress: Option<ProgressJson>,
}

/// One decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionJson {
    /// The decision.
    pub id: String,
    /// What it is about.
    pub topic: Option<String>,
    /// `hand_over`, `answer`, `decline`, `explain` or `keep`.
    pub kind: String,
    /// What was decided.
    pub text: String,
    /// Who leads; may be empty.
    pub lead: String,
    /// Who does it; may be empty.
    pub performers: String,
    /// Who watches over it; may be empty.
    pub supervisor: String,
    /// By when.
    pub due_at: Option<String>,
    /// How far it is.
    pub progress: ProgressJson,
}

/// One meeting as its reader may see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingJson {
    /// The meeting.
    pub id: String,
    /// Counts its changes.
    pub version: i64,
    /// The kind as people say it.
    pub kind_says: String,
    /// Where it belongs.
    pub place: PlaceJson,
    /// Where people sit; may be empty.
    pub room: String,
    /// When it is or was held.
    pub held_at: String,
    /// `called`, `held` or `closed`.
    pub status: String,
    /// Who called it.
    pub convener: String,
    /// Bodies, posts and groups that were there.
    pub present: Vec<String>,
    /// Names of residents; only for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
    /// What was said; only for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<String>,
    /// What was on the table.
    pub topics: Vec<TopicJson>,
    /// What was decided.
    pub decisions: Vec<DecisionJson>,
}

/// What a list of meetings is filtered by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MeetingsQuery {
    /// Code, id or name of a place: it and what lies in it.
    pub place: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Rows, at most 200.
    pub limit: Option<u32>,
}

fn progress(one: meetings::Progress) -> ProgressJson {
    ProgressJson {
        case: one.case.map(|id| id.to_string()),
        number: one.number,
        state: one.state,
        says: one.says,
        done: one.done,
        late: one.late,
        promised_at: one.promised.map(|at| at.to_string()),
    }
}

fn whole(rules: &cases::Rulebook, one: MeetingView) -> MeetingJson {
    let decisions = one.decisions.into_iter().map(|decision| DecisionJson {
        id: decision.id.to_string(),
        topic: decision.topic.map(|id| id.to_string()),
        kind: decision.kind.word().to_owned(),
        text: decision.text,
        lead: decision.lead,
        performers: decision.performers,
        supervisor: decision.supervisor,
        due_at: decision.due.map(|at| at.to_string()),
        progress: progress(decision.progress),
    });
    let topics = one.topics.into_iter().map(|topic| TopicJson {
        id: topic.id.to_string(),
        ordinal: topic.ordinal,
        title: topic.title,
        progress: topic.progress.map(progress),
    });
    MeetingJson {
        id: one.id.to_string(),
        version: one.version,
        kind_says: one.kind_says,
        place: place_json(rules, &one.place),
        room: one.room,
        held_at: one.held_at.to_string(),
        status: one.status.word().to_owned(),
        convener: one.convener,
        present: one.present,
        names: one.names,
        minutes: one.minutes,
        topics: topics.collect(),
        decisions: decisions.collect(),
    }
}

fn own_id<T: std::str::FromStr>(id: Option<&str>) -> Result<Option<T>> {
    let wrong = |id: &str| Problem::new(&BAD_FIELD).with("field", "id").with("what", id);
    id.map(|id| id.parse().map_err(|_| wrong(id))).transpose()
}

/// Calls a meeting that lies ahead, or writes down one that was held.
#[utoipa::path(post, path = "/api/v1/{district}/meetings", operation_id = "meetings_hold", tag = "meetings", request_body = NewMeetingJson,
    params(("district" = String, Path)), responses((status = 201, body = HeldJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn hold(call: Call, sent: Sent<NewMeetingJson>) -> Answer<impl IntoResponse> {
    let rules = call.rules()?.clone();
    let wish = sent.value;
    let id: Option<MeetingId> = own_id(wish.id.as_deref())?;
    let held_at: Option<Timestamp> = wish.held_at.as_deref().map(|at| moment("held_at", at)).transpose()?;
    let topics = wish.topics.into_iter().map(|topic| NewTopic { case: topic.case, title: topic.title });
    let meeting = NewMeeting {
        id,
        kind: wish.kind,
        title: wish.title,
        place: wish.place,
        room: wish.room,
        caller: wish.caller,
        chair: wish.chair,
        held_at,
        topics: topics.collect(),
    };
    let record = Record { present: wish.present, minutes: wish.minutes, ..Record::default() };
    let held = held_at.is_none_or(|at| at <= call.app.engine.now());
    let key = sent.once.or_else(|| id.map(|id| Key { key: format!("meeting {id}"), request: sent.hash }));
    let actor = call.actor.clone();
    let done = call
        .app
        .engine
        .write_once(call.command(), key, move |tx| -> Result<Held> {
            if held {
                meetings::hold(tx, &rules, &actor, &meeting, &record, &[])
            } else {
                meetings::call(tx, &rules, &actor, &meeting)
            }
        })
        .await?;
    let answer = HeldJson {
        id: done.value.id.to_string(),
        version: done.value.version,
        status: done.value.status.word().to_owned(),
        receipt: done.receipts.first().map(|receipt| receipt.hash.clone()),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Meetings that everybody can read about, latest first.
#[utoipa::path(get, path = "/api/v1/{district}/meetings", operation_id = "meetings_list", tag = "meetings",
    params(("district" = String, Path), MeetingsQuery), responses((status = 200, body = MeetingsJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn list(call: Call, asked: Asked<MeetingsQuery>) -> Answer<Json<MeetingsJson>> {
    let rules = call.rules()?.clone();
    let limit = i64::from(rows(asked.0.limit)?).min(LISTED_ROWS_MAX);
    let before: Option<(Timestamp, MeetingId)> = asked.0.cursor.as_deref().map(read_mark).transpose()?;
    let filter = Filter { place: place_of(&rules, asked.0.place.as_deref())?, before };
    let (engine, rulebook, lang, now) = (call.app.engine.clone(), rules.clone(), call.lang(), call.app.engine.now());
    let found =
        call.app.engine.read(move |db| meetings::list(db, engine.keys(), &rulebook, &filter, lang, now, limit)).await?;
    // A full page may be the last one: the next is then empty.
    let next = found.last().filter(|_| found.len() as i64 == limit).map(|last| mark(last.held_at, last.id));
    let items = found.into_iter().map(|row| MeetingRowJson {
        id: row.id.to_string(),
        kind_says: row.kind_says,
        title: row.title,
        place: place_json(&rules, &row.place),
        held_at: row.held_at.to_string(),
        status: row.status.word().to_owned(),
        topics: row.topics,
        decisions: row.decisions,
        done: row.done,
    });
    Ok(Json(MeetingsJson { items: items.collect(), next }))
}

/// One meeting: in full for those who read meetings at its place, publicly for others.
#[utoipa::path(get, path = "/api/v1/{district}/meetings/{id}", operation_id = "meetings_fetch", tag = "meetings",
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 200, body = MeetingJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn one(call: Call, path: Path<(String, String)>) -> Answer<Json<MeetingJson>> {
    let Path((_, id)) = path;
    let rules = call.rules()?.clone();
    let meeting = see(&call.app.engine, &rules, call.actor.clone(), id_of(&id)?, call.lang()).await?;
    Ok(Json(whole(&rules, meeting)))
}

/// Adds a decision; handing over moves its case, or opens one.
#[utoipa::path(post, path = "/api/v1/{district}/meetings/{id}/decisions", operation_id = "meetings_decide", tag = "meetings", request_body = NewDecisionJson,
    params(("district" = String, Path), ("id" = String, Path)), responses((status = 201, body = DecidedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn decide(call: Call, path: Path<(String, String)>, sent: Sent<NewDecisionJson>) -> Answer<impl IntoResponse> {
    let Path((_, meeting)) = path;
    let rules = call.rules()?.clone();
    let meeting = id_of(&meeting)?;
    let wish = sent.value;
    let id: Option<DecisionId> = own_id(wish.id.as_deref())?;
    let about = match wish.topic {
        None => About::Only,
        Some(topic) if topic.trim().is_empty() => About::Nothing,
        Some(topic) => About::Topic(topic),
    };
    let performers = match wish.performers {
        None => Vec::new(),
        Some(OneOrMany::One(one)) => vec![one],
        Some(OneOrMany::Many(many)) => many,
    };
    let decision = NewDecision {
        id,
        about,
        kind: wish.kind.as_deref().map(DecisionKind::read).transpose()?.unwrap_or_default(),
        text: wish.text,
        lead: wish.lead,
        performers,
        supervisor: wish.supervisor,
        until: wish.until,
        item: wish.item,
        answer: wish.answer,
    };
    let key = sent.once.or_else(|| id.map(|id| Key { key: format!("decision {id}"), request: sent.hash }));
    let (actor, version) = (call.actor.clone(), wish.version);
    let done = call
        .app
        .engine
        .write_once(call.command(), key, move |tx| -> Result<Decided> {
            meetings::decide(tx, &rules, &actor, &meeting, version, &decision)
        })
        .await?;
    let answer = DecidedJson {
        id: done.value.id.to_string(),
        version: done.value.version,
        case: done.value.case.map(|id| id.to_string()),
        number: done.value.number.clone(),
        state: done.value.state.clone(),
        receipt: done.receipts.first().map(|receipt| receipt.hash.clone()),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    let writes = || Policy::Permission("meeting.record");
    Rooms::new()
        .api(Policy::Public, routes!(list))
        .api(writes(), routes!(hold))
        .api(Policy::Public, routes!(one))
        .api(writes(), routes!(decide))
}
