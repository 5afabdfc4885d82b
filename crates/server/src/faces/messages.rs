//! The notices of whoever is signed in: what became theirs, what is late, what was taken back.

use axum::{
    extract::Path,
    http::Method,
    response::{Html, Redirect},
};
use cases::{
    Rulebook,
    case::{self, CaseId, rules},
    task,
};
use kernel::{
    Problem, Result, Timestamp,
    access::Actor,
    id::{MessageId, PersonId},
    problem::{BAD_FIELD, NOT_FOUND, SIGN_IN},
    store::Db,
};
use serde::Deserialize;

use super::{form::Form, shared, work::href};
use crate::{
    body::Asked,
    call::Call,
    cursor::{mark, read_begin},
    messages::{self, Notice},
    pages::views::{MessageRow, MessagesPage},
    policy::{Policy, Rooms},
    problems::Answer,
};

#[derive(Debug, Default, Deserialize)]
struct Query {
    /// Where the page begins.
    #[serde(default)]
    before: String,
}

fn person(call: &Call) -> Answer<PersonId> {
    call.actor.person.ok_or_else(|| Problem::new(&SIGN_IN).into())
}

/// What a notice is about, for whoever may see it now; empty otherwise.
fn subject(db: &mut dyn Db, rulebook: &Rulebook, actor: &Actor, kind: &str, id: &str) -> Result<String> {
    let district = &rulebook.directory.district;
    if kind == "meeting" {
        return Ok(format!("/{district}/meetings/{id}"));
    }
    let Some(id) = Some(id).filter(|_| kind == "case").and_then(|id| id.parse::<CaseId>().ok()) else {
        return Ok(String::new());
    };
    let Some(found) = case::fetch(db, district, &id)? else { return Ok(String::new()) };
    let tasks = task::of_case(db, district, &id)?;
    let seen = rules::visible(rulebook, rules::Mover::staff(actor), &found, &tasks);
    Ok(if seen { format!("/{district}/work/{id}") } else { String::new() })
}

async fn list(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let before = read_begin(&asked.0.before)?;
    let (person, engine, rulebook, actor) =
        (person(&call)?, call.app.engine.clone(), rules.clone(), call.actor.clone());
    let (found, subjects) = call
        .app
        .engine
        .read(move |db| {
            let found = messages::notices(db, engine.keys(), &rulebook.directory.district, &person, before)?;
            let mut subjects = Vec::with_capacity(found.rows.len());
            for row in &found.rows {
                subjects.push(subject(db, &rulebook, &actor, &row.subject_kind, &row.subject_id)?);
            }
            Ok((found, subjects))
        })
        .await?;
    let path = format!("/{}/work/messages", call.district());
    let unread = found.rows.iter().any(|row| !row.read);
    let newest = found.rows.first().filter(|_| unread).map(|row| row.at.ms().to_string());
    let row = |(row, href): (&Notice, String)| MessageRow {
        text: shared::dates_apart(&row.text),
        at: shared::at(&call, &rules, row.at),
        unread: !row.read,
        action: format!("{path}/{}", row.id),
        href,
    };
    let view = MessagesPage {
        site: shared::site(&call, None)?,
        rows: found.rows.iter().zip(subjects).map(row).collect(),
        action: path.clone(),
        until: newest.unwrap_or_default(),
        more: found.next.map(|next| href(&path, &[("before", &mark(next.0, next.1))])),
        first: (!asked.0.before.is_empty()).then(|| path.clone()),
    };
    call.page(&view)
}

/// Everything up to the newest that was shown is read; what came since is not.
async fn read_all(call: Call, form: Form) -> Answer<Redirect> {
    let person = person(&call)?;
    let until = form.text("until");
    let moment: i64 =
        until.parse().map_err(|_| Problem::new(&BAD_FIELD).with("field", "until").with("what", "1763600000000"))?;
    let until = Timestamp::from_ms(moment);
    call.app.engine.write(call.command(), move |tx| Ok(messages::read_until(tx, &person, until)?)).await?;
    Ok(Redirect::to(&format!("/{}/work/messages", call.district())))
}

/// One notice is read, and leads on to what it is about.
async fn read_one(call: Call, Path((_, id)): Path<(String, String)>) -> Answer<Redirect> {
    let rules = call.rules()?.clone();
    let person = person(&call)?;
    let unknown = || Problem::new(&NOT_FOUND).with("what", id.chars().take(40).collect::<String>());
    let message: MessageId = id.parse().map_err(|_| unknown())?;
    let (rulebook, actor) = (rules.clone(), call.actor.clone());
    let about = call
        .app
        .engine
        .write(call.command(), move |tx| {
            let district = tx.district();
            let about = messages::about(tx, district, &person, &message)?;
            let Some((kind, id)) = about else { return Ok(None) };
            messages::read_one(tx, &person, &message)?;
            Ok(Some(subject(tx, &rulebook, &actor, &kind, &id)?))
        })
        .await?
        .value;
    let to = about.ok_or_else(unknown)?;
    Ok(Redirect::to(&if to.is_empty() { format!("/{}/work/messages", call.district()) } else { to }))
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/{district}/work/messages", Policy::Session, list)
        .room(Method::POST, "/{district}/work/messages", Policy::Session, read_all)
        .room(Method::POST, "/{district}/work/messages/{id}", Policy::Session, read_one)
}
