//! A visit is written down once; what was heard becomes a case in the same command, or nothing.

use axum::{
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use cases::{
    Rulebook,
    case::{self, CaseId},
};
use kernel::{Result, idempotency::Key};
use practices::visits::{self, Filter, HEARD_CHARS_MAX, LINE_CHARS_MAX, NewVisit, Opens, Recorded, VisitId};
use serde::Deserialize;

use super::{form::Form, intake::own_grid, shared, work::href};
use crate::{
    acts,
    body::Asked,
    call::Call,
    pages::{
        views::{Chip, FormError, Group, Tone, VisitCase, VisitPage, VisitRow, VisitValues},
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Past visits shown below the form.
const RECENT_ROWS: i64 = 10;
/// Characters of what was heard in the list of past visits.
const EXCERPT_CHARS_MAX: usize = 60;

#[derive(Debug, Default, Deserialize)]
struct Query {
    /// What was just done.
    #[serde(default)]
    done: String,
    /// The case that came of it.
    #[serde(default)]
    case: String,
}

/// Communities and grids where the officer records visits.
fn places(call: &Call, rules: &Rulebook, chosen: &str) -> Vec<Group> {
    let roots: Vec<_> = call.actor.places("visit.record").iter().filter_map(|id| id.parse().ok()).collect();
    shared::place_groups(rules, &roots, chosen)
}

async fn recent(call: &Call, rules: &std::sync::Arc<Rulebook>) -> Answer<Vec<VisitRow>> {
    let (engine, actor, lang, rulebook) = (call.app.engine.clone(), call.actor.clone(), call.lang(), rules.clone());
    let filter = Filter { own: true, ..Filter::default() };
    let rows = call
        .app
        .engine
        .read(move |db| visits::list(db, engine.keys(), &rulebook, &actor, &filter, lang, RECENT_ROWS))
        .await?;
    let excerpt = |text: String| {
        let short: String = text.chars().take(EXCERPT_CHARS_MAX).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    };
    Ok(rows
        .into_iter()
        .map(|row| VisitRow {
            at: shared::at(call, rules, row.at),
            place: row.place_says,
            heard: row
                .heard
                .map_or_else(|| lang.pick("（内容已按要求删除）", "(erased on request)").to_owned(), excerpt),
            case: row.case.map(|case| VisitCase {
                href: format!("/{}/work/{}", call.district(), case.id),
                state: Chip::new(case.state_says, if case.state == "closed" { Tone::Done } else { Tone::Doing }),
            }),
        })
        .collect())
}

async fn page(
    call: &Call,
    id: String,
    values: VisitValues,
    errors: Vec<FormError>,
    query: &Query,
) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let mut site = shared::site(call, None)?;
    if matches!(query.done.as_str(), "visit" | "visit_case" | "same") {
        let code = own_code(call, &query.case).await?;
        let key = if query.done == "visit_case" && code.is_none() { "visit" } else { query.done.as_str() };
        let renderer = call.app.districts.renderer(call.district());
        site.flash = words::flash(&renderer, call.lang().into(), key, &[("code", &code.unwrap_or_default())]).ok();
    }
    let view = VisitPage {
        site,
        action: format!("/{}/visits", call.district()),
        id,
        places: places(call, &rules, &values.place),
        values,
        errors,
        text_chars_max: u32::try_from(HEARD_CHARS_MAX).expect("a small constant"),
        recent: recent(call, &rules).await?,
    };
    call.page(&view)
}

/// The look-up code of a case that this officer wrote down: theirs to hand over, nobody else's to see here.
async fn own_code(call: &Call, case: &str) -> Answer<Option<String>> {
    let Ok(id) = case.parse::<CaseId>() else { return Ok(None) };
    let district = call.district().to_owned();
    let found = call.app.engine.read(move |db| Ok(case::fetch(db, &district, &id)?)).await?;
    let own = found.filter(|case| case.entered_by.is_some() && case.entered_by == call.actor.person);
    Ok(own.map(|case| acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce)))
}

async fn blank(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let values = VisitValues { place: own_grid(&call, &rules), opens: "none".into(), ..VisitValues::default() };
    page(&call, call.app.fresh_id(), values, Vec::new(), &asked.0).await
}

fn read(call: &Call, rules: &Rulebook, form: &Form) -> Answer<(VisitValues, Vec<FormError>)> {
    let field = |name: &str| form.text(name).to_owned();
    let values = VisitValues {
        place: field("place"),
        room: field("room"),
        person: field("person"),
        consent: form.text("consent") == "yes",
        heard: field("heard"),
        opens: if form.text("opens") == "case" { "case".into() } else { "none".into() },
    };
    let renderer = call.app.districts.renderer(call.district());
    let mut errors = Vec::new();
    let mut fault = |field: &str, fault: &str, max: usize| -> Answer<()> {
        errors.push(words::form_fault(&renderer, call.lang().into(), field, fault, &[("max", &max.to_string())])?);
        Ok(())
    };
    if values.place.is_empty() {
        fault("place", "choose", 0)?;
    } else if rules.directory.place_named(&values.place).is_err() {
        fault("place", "place_unknown", 0)?;
    }
    for (name, value) in [("room", &values.room), ("person", &values.person)] {
        if value.chars().count() > LINE_CHARS_MAX {
            fault(name, "line_long", LINE_CHARS_MAX)?;
        }
    }
    if !values.person.is_empty() && !values.consent {
        fault("consent", "consent_needed", 0)?;
    }
    if values.heard.is_empty() {
        fault("heard", "heard_empty", 0)?;
    } else if values.heard.chars().count() > HEARD_CHARS_MAX {
        fault("heard", "text_long", HEARD_CHARS_MAX)?;
    }
    Ok((values, errors))
}

async fn send(call: Call, form: Form) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let (values, errors) = read(&call, &rules, &form)?;
    let id: VisitId = form.own_id(&call)?;
    if !errors.is_empty() {
        let body = page(&call, id.to_string(), values, errors, &Query::default()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = Key::new(format!("visit {id}"), &parts);
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let visit = NewVisit {
        id: Some(id),
        place: values.place.clone(),
        room: some(&values.room),
        name: some(&values.person),
        consent: values.consent,
        heard: some(&values.heard),
        opens: (values.opens == "case").then(Opens::default),
        ..NewVisit::default()
    };
    let actor = call.actor.clone();
    let written = call
        .app
        .engine
        .write_once(call.command(), Some(key), move |tx| -> Result<Recorded> {
            visits::record(tx, &rules, &actor, &visit)
        })
        .await;
    let done = written?;
    let word = match (done.again, &done.value.case) {
        (true, _) => "same",
        (false, Some(_)) => "visit_case",
        (false, None) => "visit",
    };
    let case = done.value.case.map(|case| case.id.to_string()).unwrap_or_default();
    Ok(Redirect::to(&href(&format!("/{}/visits", call.district()), &[("done", word), ("case", &case)])).into_response())
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    let may = || Policy::Permission("visit.record");
    Rooms::new().room(Method::GET, "/{district}/visits", may(), blank).room(
        Method::POST,
        "/{district}/visits",
        may(),
        send,
    )
}
