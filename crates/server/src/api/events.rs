//! What happens, as it happens: a district's history as server-sent events.
//!
//! A stream follows the journal by its position, so that nothing is missed or told twice: a reader
//! that comes back with `Last-Event-ID` goes on where it stopped. It tells which case moved, never
//! what people wrote, and only of cases that the reader may read at that moment.

use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};

use axum::{
    http::HeaderMap,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use cases::{
    Rulebook,
    case::{self, rules},
    task,
};
use futures::{Stream, stream::unfold};
use kernel::{
    Problem, Result, Timestamp,
    access::Actor,
    journal::{self, Entry},
    problem::{BAD_FIELD, BUSY},
    store::Db,
};
use serde::{Deserialize, Serialize};
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    app::App,
    body::Asked,
    call::Call,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// Streams that are open at once in one process.
pub const STREAMS_MAX: usize = 200;
/// Entries read at once.
const ENTRIES_MAX: i64 = 200;
/// Pause between two looks at the journal.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A stream ends after this long; the reader comes back, and is asked anew who they are.
const STREAM_MINUTES_MAX: i64 = 5;
/// How long a reader waits before it comes back.
const COME_BACK: Duration = Duration::from_secs(1);
/// The header with which a browser comes back.
const LAST: &str = "last-event-id";

/// Where a stream begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Position in the district's history; what came after it is told. Without one, what happens from now on.
    /// The header `Last-Event-ID` goes before it.
    pub after: Option<i64>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventJson {
    /// Its position in the district's history.
    pub seq: i64,
    /// When (RFC 3339).
    pub at: String,
    /// What: `case.report`, `case.dispatch`, `task.done` …
    pub act: String,
    /// The case.
    pub case: String,
    /// Its number.
    pub number: String,
    /// Its state now.
    pub state: String,
    /// Its version now.
    pub version: i64,
}

struct Feed {
    app: App,
    district: String,
    actor: Actor,
    after: i64,
    until: Timestamp,
    ready: VecDeque<EventJson>,
    _permit: OwnedSemaphorePermit,
}

/// The event of an entry, when it is of a case that the reader may read.
fn event(db: &mut dyn Db, rulebook: &Rulebook, actor: &Actor, entry: &Entry) -> Result<Option<EventJson>> {
    let district = &rulebook.directory.district;
    let id = match entry.subject_kind.as_str() {
        "case" => entry.subject_id.parse().ok(),
        "task" => match entry.subject_id.parse() {
            Ok(id) => task::fetch(db, district, &id)?.map(|task| task.case),
            Err(_) => None,
        },
        _ => None,
    };
    let Some(id) = id else { return Ok(None) };
    let Some(case) = case::fetch(db, district, &id)? else { return Ok(None) };
    let tasks = task::of_case(db, district, &id)?;
    if !rules::visible(rulebook, rules::Mover::staff(actor), &case, &tasks) {
        return Ok(None);
    }
    Ok(Some(EventJson {
        seq: entry.seq,
        at: entry.at.to_string(),
        act: entry.act.clone(),
        case: case.id.to_string(),
        number: case.number,
        state: case.state,
        version: case.version,
    }))
}

impl Feed {
    /// Reads on; false when the stream ends here.
    async fn look(&mut self) -> bool {
        let ending = self.app.ending.load(std::sync::atomic::Ordering::Relaxed);
        let Some(rulebook) = self.app.districts.get(&self.district).filter(|_| !ending) else { return false };
        let (after, actor) = (self.after, self.actor.clone());
        let read = self.app.engine.read(move |db| page(db, &rulebook, &actor, after)).await;
        match read {
            Ok((events, after)) => {
                self.ready.extend(events);
                self.after = after;
                true
            }
            Err(problem) => {
                tracing::warn!(%problem, "a stream of events ends");
                false
            }
        }
    }
}

fn page(db: &mut dyn Db, rulebook: &Arc<Rulebook>, actor: &Actor, after: i64) -> Result<(Vec<EventJson>, i64)> {
    let entries = journal::page(db, &rulebook.directory.district, after, ENTRIES_MAX)?;
    let last = entries.last().map_or(after, |entry| entry.seq);
    let mut events = Vec::new();
    for entry in &entries {
        events.extend(event(db, rulebook, actor, entry)?);
    }
    Ok((events, last))
}

async fn next(mut feed: Feed) -> Option<(Result<Event, Infallible>, Feed)> {
    loop {
        if let Some(event) = feed.ready.pop_front() {
            let sent = Event::default().id(event.seq.to_string()).event(&event.act).retry(COME_BACK);
            let sent = sent.json_data(&event).expect("an event is JSON");
            return Some((Ok(sent), feed));
        }
        let before = feed.after;
        if feed.app.engine.now() >= feed.until || !feed.look().await {
            return None;
        }
        if feed.ready.is_empty() && feed.after == before {
            sleep(LOOK_EVERY).await;
        }
    }
}

/// What happens to the cases that the caller may read, as server-sent events: `id` is the position in the
/// district's history, `event` the act, `data` an `EventJson`. It ends after five minutes; come back with
/// `Last-Event-ID`, as browsers do by themselves.
#[utoipa::path(get, path = "/api/v1/{district}/events", operation_id = "events_stream", tag = "events",
    params(("district" = String, Path), EventsQuery), responses((status = 200, body = EventJson, content_type = "text/event-stream"), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn stream(
    call: Call,
    headers: HeaderMap,
    asked: Asked<EventsQuery>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let rules = call.rules()?.clone();
    let bad = |field: &'static str| Problem::new(&BAD_FIELD).with("field", field).with("what", "0, 1, 2 …");
    let last = match headers.get(LAST) {
        Some(value) => {
            let position = value.to_str().ok().and_then(|text| text.trim().parse::<i64>().ok());
            Some(position.filter(|n| *n >= 0).ok_or_else(|| bad("Last-Event-ID"))?)
        }
        None => None,
    };
    let after = match last.or(asked.0.after) {
        Some(after) if after < 0 => return Err(bad("after").into()),
        Some(after) => after,
        None => {
            let district = rules.directory.district.clone();
            let head = call.app.engine.read(move |db| Ok(journal::head(db, &district)?)).await?;
            head.map_or(0, |(seq, _)| seq)
        }
    };
    let permit = call.app.streams.clone().try_acquire_owned().map_err(|_| Problem::new(&BUSY))?;
    let feed = Feed {
        app: call.app.clone(),
        district: rules.directory.district.clone(),
        actor: call.actor.clone(),
        after,
        until: call.app.engine.now().plus_ms(STREAM_MINUTES_MAX * 60_000),
        ready: VecDeque::new(),
        _permit: permit,
    };
    Ok(Sse::new(unfold(feed, next)).keep_alive(KeepAlive::default()))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new().api(Policy::Permission("case.read"), routes!(stream))
}
