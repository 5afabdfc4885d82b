//! Telling askers by phone or by hand: the list, opening a number, what became of it.

use axum::{
    extract::Path,
    http::Method,
    response::{Html, Redirect},
};
use cases::{Rulebook, case::CaseId};
use kernel::{
    Problem,
    id::{MessageId, PersonId},
    idempotency::Key,
    problem::BAD_FIELD,
};
use serde::Deserialize;

use super::{form::Form, item::case_id, shared, work::href};
use crate::{
    acts,
    body::Asked,
    call::Call,
    cursor::{mark, read_begin},
    messages::{self, COUNT_MAX, HINDRANCES, Outcome, PERMISSION, Untold},
    pages::views::{CallRow, CallsPage, Chip, Choice, ECHOES, Tone},
    policy::{Policy, Rooms},
    problems::Answer,
};

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
struct Query {
    /// Where the page begins.
    #[serde(default)]
    after: String,
    /// What was just done.
    #[serde(default)]
    done: String,
}

fn text(call: &Call, key: &str) -> String {
    let renderer = call.app.districts.renderer(call.district());
    renderer.say(call.lang().into(), key, &[]).unwrap_or_else(|_| key.to_owned())
}

fn hindrance(call: &Call, word: &str) -> String {
    if HINDRANCES.contains(&word) { text(call, &format!("hindrance.{word}")) } else { word.to_owned() }
}

/// A number in groups of which each can be read aloud: `199 0000 2210`.
fn grouped(phone: &str) -> String {
    match phone.len() {
        11 if phone.is_ascii() => format!("{} {} {}", &phone[..3], &phone[3..7], &phone[7..]),
        _ => phone.to_owned(),
    }
}

fn row(call: &Call, rules: &Rulebook, one: &Untold, opened: Option<&(CaseId, Option<String>)>) -> CallRow {
    let case = &one.case;
    let lang = call.lang();
    let base = format!("/{}/work/calls/{}", call.district(), case.id);
    let phone = opened.filter(|(id, _)| *id == case.id).and_then(|(_, phone)| phone.clone());
    let wants = if ECHOES.contains(&case.echo.as_str()) {
        text(call, &format!("echo.{}", case.echo))
    } else {
        case.echo.clone()
    };
    let tried = one.tries.iter().map(|a_try| {
        let by = a_try.actor.parse::<PersonId>().ok().and_then(|p| rules.directory.display(&p).map(str::to_owned));
        let why = hindrance(call, &a_try.hindrance);
        let (at, by) = (shared::at(call, rules, a_try.at), by.unwrap_or_default());
        lang.pick(&format!("{at} {by}：{why}"), &format!("{at} {by}: {why}")).to_owned()
    });
    let code = || acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce);
    CallRow {
        number: case.number.clone(),
        title: shared::title(rules, case, one.text.as_deref(), lang),
        item_href: format!("/{}/work/{}", call.district(), case.id),
        place: rules.directory.path_name(&case.place),
        who: shared::asker(&one.asker, lang),
        wants: Chip::new(wants, Tone::Doing),
        since: one.sayings.first().map(|first| shared::at(call, rules, first.since)).unwrap_or_default(),
        say: one.sayings.iter().filter_map(|saying| saying.text.as_deref()).map(shared::dates_apart).collect(),
        tried: tried.collect(),
        handled: one.handled,
        open_action: one.asker.1.is_some().then(|| format!("{base}/number")),
        dial: phone.clone().unwrap_or_default(),
        phone: phone.as_deref().map(grouped),
        slip_href: if case.echo == "paper" && !one.handled {
            format!("/{}/c/{}/slip", call.district(), code())
        } else {
            String::new()
        },
        action: base,
        messages: one.sayings.iter().map(|saying| saying.id.to_string()).collect(),
        key: call.app.fresh_id(),
    }
}

async fn page(call: &Call, query: &Query, opened: Option<(CaseId, Option<String>)>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let after = read_begin(&query.after)?;
    let (engine, rulebook, actor) = (call.app.engine.clone(), rules.clone(), call.actor.clone());
    let (total, found) = call
        .app
        .engine
        .read(move |db| {
            let total = messages::waiting(db, &rulebook, &actor)?;
            Ok((total, messages::page(db, engine.keys(), &rulebook, &actor, after)?))
        })
        .await?;
    let mut rows: Vec<&Untold> = found.rows.iter().collect();
    // Whoever is about to call looks at one person: that one stands on top.
    rows.sort_by_key(|one| opened.as_ref().is_none_or(|(id, _)| *id != one.case.id));
    let path = format!("/{}/work/calls", call.district());
    let view = CallsPage {
        site: shared::site(call, Some(&query.done))?,
        total: messages::counted(total, COUNT_MAX),
        rows: rows.into_iter().map(|one| row(call, &rules, one, opened.as_ref())).collect(),
        hindrances: HINDRANCES.iter().map(|word| Choice::new(*word, hindrance(call, word))).collect(),
        more: found.next.map(|next| href(&path, &[("after", &mark(next.0, next.1))])),
        first: (!query.after.is_empty()).then(|| path.clone()),
    };
    call.page(&view)
}

async fn list(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    page(&call, &asked.0, None).await
}

/// Opens a number in the moment of calling. It stands in the answer alone, never in an address.
async fn number(call: Call, Path((_, id)): Path<(String, String)>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let id = case_id(&id)?;
    let (rulebook, actor) = (rules.clone(), call.actor.clone());
    let opened =
        call.app.engine.write(call.command(), move |tx| messages::open_number(tx, &rulebook, &actor, &id)).await?.value;
    page(&call, &Query::default(), Some((id, opened))).await
}

/// Notes that the asker was told, or why not.
async fn outcome(call: Call, Path((_, id)): Path<(String, String)>, form: Form) -> Answer<Redirect> {
    let rules = call.rules()?.clone();
    let id = case_id(&id)?;
    let bad = |what: &String| Problem::new(&BAD_FIELD).with("field", "message").with("what", what);
    let mut told: Vec<MessageId> = Vec::new();
    for text in form.all("message") {
        told.push(text.parse().map_err(|_| bad(&text))?);
    }
    let outcome = form.some("hindrance").map_or(Outcome::Told, Outcome::NotReached);
    let word = if outcome == Outcome::Told { "told" } else { "not_reached" };
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = form.some("key").map(|key| Key::new(key, &parts));
    let actor = call.actor.clone();
    let done = call
        .app
        .engine
        .write_once(call.command(), key, move |tx| messages::tell(tx, &rules, &actor, &id, &told, &outcome))
        .await?;
    let word = if done.again || done.value.version == 0 { "same" } else { word };
    Ok(Redirect::to(&href(&format!("/{}/work/calls", call.district()), &[("done", word)])))
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    let may = || Policy::Permission(PERMISSION);
    Rooms::new()
        .room(Method::GET, "/{district}/work/calls", may(), list)
        .room(Method::POST, "/{district}/work/calls/{id}", may(), outcome)
        .room(Method::POST, "/{district}/work/calls/{id}/number", may(), number)
}
