//! The work list of the signed-in: queues with counts, one list, and doors to what can be started.

use std::sync::Arc;

use axum::{
    extract::Path,
    http::Method,
    response::{Html, Redirect},
};
use cases::Rulebook;
use commons::place::PlaceId;
use kernel::{Problem, access::Actor, problem::SIGN_IN};
use serde::Deserialize;

use super::{
    calendar,
    queues::{self, Count, Found, Look},
    shared,
};
use crate::{
    body::Asked,
    call::Call,
    messages::{self, COUNT_MAX},
    pages::{
        views::{Chip, Flash, Group, Post, Queue, Row, Tone, Tool, WorkItem, WorkList, WorkPage},
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Characters of a search.
const SEARCH_CHARS_MAX: usize = 60;

/// What the list is asked for; the item page keeps it, so that the list beside it stays.
#[derive(Debug, Default, Deserialize)]
pub struct Query {
    /// Key of a queue.
    #[serde(default)]
    pub queue: String,
    /// Words or a number.
    #[serde(default)]
    pub q: String,
    /// Code of a place.
    #[serde(default)]
    pub place: String,
    /// Where the page begins.
    #[serde(default)]
    pub cursor: String,
    /// Key of the sentence about what was just done.
    #[serde(default)]
    pub done: String,
    /// The move it was.
    #[serde(default, rename = "move")]
    pub word: String,
}

/// A path with parameters, those without a value left out.
pub fn href(path: &str, params: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => query.push(byte as char),
                other => query.push_str(&format!("%{other:02X}")),
            }
        }
    }
    format!("{path}{query}")
}

/// Whose list it is: the place of the first grant tells grid, community and street apart.
pub fn post(rules: &Rulebook, actor: &Actor) -> Post {
    let place = actor.grants.first().and_then(|grant| grant.place.as_deref()).and_then(|id| id.parse().ok());
    match place.and_then(|id: PlaceId| rules.directory.places.get(&id)).map(|place| place.level.as_str()) {
        Some("community") => Post::Secretary,
        Some("township" | "zone" | "district") => Post::Desk,
        // A body's handler has tasks first, like an officer of a grid.
        _ => Post::Officer,
    }
}

/// The roots of the places that somebody may read.
pub fn reach(actor: &Actor) -> Vec<PlaceId> {
    actor.places("case.read").iter().filter_map(|id| id.parse().ok()).collect()
}

fn tools(call: &Call, waiting: u64) -> Vec<Tool> {
    let actor = &call.actor;
    let base = format!("/{}", call.district());
    let all = [
        ("intake", "intake", actor.holds("case.report_for")),
        ("calls", "work/calls", actor.holds(messages::PERMISSION)),
        ("visit", "visits", actor.holds("visit.record")),
        ("meetings", "meetings", true),
        ("kpi", "kpi/on_time_rate", actor.holds("kpi.read")),
        ("duty", "duty", true),
    ];
    all.into_iter()
        .filter(|(.., there)| *there)
        .map(|(key, path, _)| Tool {
            key: key.into(),
            href: format!("{base}/{path}"),
            count: if key == "calls" { messages::counted(waiting, COUNT_MAX) } else { String::new() },
        })
        .collect()
}

/// The queue that opens when none is asked for: the first that is not empty, one's own tasks first for an officer.
fn first_queue(
    post: Post,
    keys: &[&'static str],
    counts: &std::collections::BTreeMap<&'static str, Count>,
) -> &'static str {
    let busy = |key: &&&'static str| counts.get(**key).is_some_and(|count| count.rows > 0);
    let wanted = match post {
        Post::Officer => keys
            .iter()
            .find(|key| **key == "mine")
            .filter(busy)
            .or_else(|| keys.iter().filter(|key| **key != "all").find(busy)),
        Post::Secretary | Post::Desk => keys.iter().filter(|key| **key != "mine").find(busy),
    };
    wanted.or(keys.first()).copied().unwrap_or("all")
}

fn row(call: &Call, rules: &Rulebook, queue: &str, query: &Query, found: &Found, opened: Option<&str>) -> Row {
    let lang = call.lang();
    let case = &found.case;
    let id = case.id.to_string();
    Row {
        href: href(
            &format!("/{}/work/{id}", call.district()),
            &[("queue", queue), ("q", &query.q), ("place", &query.place), ("cursor", &query.cursor)],
        ),
        title: shared::title(rules, case, found.text.as_deref(), lang),
        place: rules.directory.path_name(&case.place),
        age: shared::age(call, rules, case.reported_at),
        state: shared::state_chip(rules, case, lang),
        due: match found.due.filter(|_| case.closed_at.is_none()) {
            None => no_day_chip(call, case),
            Some(due) => due_chip(call, rules, &case.state, due),
        },
        on: opened == Some(id.as_str()),
    }
}

/// A matter whose day waits for the calendar says so.
pub fn no_day_chip(call: &Call, case: &cases::case::Case) -> Option<Chip> {
    let renderer = call.app.districts.renderer(call.district());
    let word = || renderer.say(call.lang().into(), "work.no_day", &[]).ok();
    calendar::no_day(case).then(word).flatten().map(|word| Chip::new(word, Tone::Plain))
}

/// A deadline as a chip; the asker's own days press nobody and are never late.
pub fn due_chip(call: &Call, rules: &Rulebook, state: &str, due: kernel::Timestamp) -> Option<Chip> {
    let chip = shared::due_chip(call, rules, due)?;
    Some(if state == "asking" { Chip { tone: Tone::Plain, ..chip } } else { chip })
}

/// Places within reach to narrow the list by; none for somebody who sees matters by their body only.
fn places(call: &Call, rules: &Rulebook, chosen: &str) -> Vec<Group> {
    let roots = reach(&call.actor);
    if roots.is_empty() { Vec::new() } else { shared::place_groups(rules, &roots, chosen) }
}

/// The sentence about the move that was just made.
fn flash(call: &Call, rules: &Rulebook, query: &Query) -> Option<Flash> {
    let renderer = call.app.districts.renderer(call.district());
    let lang = call.lang();
    let words = super::fields::label(rules, &query.word, lang);
    let word = words.unwrap_or_default();
    if query.done == "moved" && word.is_empty() {
        return None;
    }
    words::FLASHES
        .contains(&query.done.as_str())
        .then(|| words::flash(&renderer, lang.into(), &query.done, &[("move", &word)]).ok())
        .flatten()
}

/// The whole page: queues, the list, and the item when one is opened.
///
/// # Errors
/// 400.2 for what can't be asked, 403.1 for a place that is not theirs, 404.1 for an unknown one.
pub async fn page(call: &Call, query: &Query, item: Option<(String, WorkItem)>) -> Answer<Html<String>> {
    let flash = flash(call, call.rules()?, query);
    page_saying(call, query, item, flash).await
}

/// [`page`] with a sentence of the caller's own on top.
///
/// # Errors
/// As [`page`].
pub async fn page_saying(
    call: &Call,
    query: &Query,
    item: Option<(String, WorkItem)>,
    flash: Option<Flash>,
) -> Answer<Html<String>> {
    let rules: Arc<Rulebook> = call.rules()?.clone();
    if call.actor.person.is_none() {
        return Err(Problem::new(&SIGN_IN).into());
    }
    let place = match query.place.trim() {
        "" => None,
        code => Some(rules.directory.place_named(code)?.id),
    };
    let q: String = query.q.trim().chars().take(SEARCH_CHARS_MAX).collect();
    let look = Look {
        rules: rules.clone(),
        actor: call.actor.clone(),
        now: call.app.engine.now(),
        place,
        cut_short: false.into(),
    };
    let keys = queues::keys(&call.actor);
    let post = post(&rules, &call.actor);
    let (engine, asked, cursor, words) =
        (call.app.engine.clone(), query.queue.clone(), query.cursor.clone(), q.clone());
    let known = keys.clone();
    let (queue, counts, found, waiting) = call
        .app
        .engine
        .read(move |db| {
            let counts = look.counts(db)?;
            let queue =
                known.iter().find(|key| **key == asked).copied().unwrap_or_else(|| first_queue(post, &known, &counts));
            let cursor = Some(cursor.as_str()).filter(|text| !text.is_empty());
            let found = look.page(db, engine.keys(), queue, &words, cursor)?;
            let waiting = messages::waiting(db, &look.rules, &look.actor)?;
            Ok((queue, counts, found, waiting))
        })
        .await?;
    let path = format!("/{}/work", call.district());
    let opened = item.as_ref().map(|(id, _)| id.as_str());
    let narrowed = [("queue", queue), ("q", q.as_str()), ("place", query.place.as_str())];
    let total = match q.as_str() {
        "" => counts.get(queue).copied().unwrap_or_default().says(),
        _ => found.rows.len().to_string(),
    };
    let mut site = shared::site(call, None)?;
    site.flash = flash;
    let view = WorkPage {
        site,
        post,
        notice: calendar::notice(call, &rules)?,
        queues: keys
            .iter()
            .map(|key| {
                let count = counts.get(key).copied().unwrap_or_default();
                Queue {
                    key: (*key).to_owned(),
                    href: href(&path, &[("queue", key), ("place", &query.place)]),
                    count: count.says(),
                    late: count.rows > 0 && *key == "overdue",
                    on: *key == queue,
                }
            })
            .collect(),
        tools: tools(call, waiting),
        list: WorkList {
            queue: queue.to_owned(),
            action: path.clone(),
            q: q.clone(),
            place: query.place.clone(),
            places: places(call, &rules, &query.place),
            rows: found.rows.iter().map(|one| row(call, &rules, queue, query, one, opened)).collect(),
            total,
            more: found.next.map(|next| href(&path, &[narrowed[0], narrowed[1], narrowed[2], ("cursor", &next)])),
            first: (!query.cursor.is_empty()).then(|| href(&path, &narrowed)),
        },
        item: item.map(|(_, item)| item),
    };
    call.page(&view)
}

async fn list(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    page(&call, &asked.0, None).await
}

/// The three addresses without a district lead to the signed-in person's own list.
async fn own(call: Call) -> Answer<Redirect> {
    let to = if call.account().is_some() && !call.district().is_empty() {
        format!("/{}/work", call.district())
    } else {
        "/login".to_owned()
    };
    Ok(Redirect::to(&to))
}

async fn there(call: Call, Path(_): Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&format!("/{}/work", call.district())))
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/{district}/work", Policy::Session, list)
        .room(Method::GET, "/officer/", Policy::Public, own)
        .room(Method::GET, "/desk/", Policy::Public, own)
        .room(Method::GET, "/screen/", Policy::Public, own)
        .room(Method::GET, "/{district}/officer/", Policy::Session, there)
        .room(Method::GET, "/{district}/desk/", Policy::Session, there)
}
