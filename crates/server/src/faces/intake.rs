//! 代录: an officer writes it down for whoever stands there, calls or leaves a note; the slip comes after.

use axum::{
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use cases::{
    Rulebook,
    case::{CaseId, TEXT_CHARS_MAX},
};
use kernel::idempotency::Key;

use super::{
    form::Form,
    report::{self, FORM_PHOTOS_MAX, PHOTO_MB_MAX, Read},
    shared, work,
};
use crate::{
    acts::{self, Caller},
    call::Call,
    pages::{
        views::{ECHOES, FormError, IntakePage, ReportValues, SOURCES},
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// What the officer's form has beside the public one.
struct Own {
    id: String,
    source: String,
    echo: String,
}

fn page(call: &Call, rules: &Rulebook, own: Own, values: ReportValues, errors: Vec<FormError>) -> Answer<Html<String>> {
    let view = IntakePage {
        site: shared::site(call, None)?,
        action: format!("/{}/intake", call.district()),
        id: own.id,
        source: own.source,
        echo: own.echo,
        places: shared::place_groups(rules, &work::reach(&call.actor), &values.place),
        values,
        errors,
        text_chars_max: u32::try_from(TEXT_CHARS_MAX).expect("a small constant"),
        photos_max: u32::try_from(FORM_PHOTOS_MAX).expect("a small constant"),
        photo_mb_max: PHOTO_MB_MAX,
    };
    call.page(&view)
}

/// The one grid that somebody answers for, chosen beforehand; empty for a wider reach.
pub fn own_grid(call: &Call, rules: &Rulebook) -> String {
    match work::reach(&call.actor).as_slice() {
        [one] => rules
            .directory
            .places
            .get(one)
            .filter(|place| place.level == "grid")
            .map(|place| place.code.clone())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// The one place that somebody answers for, below the district; empty for several.
fn own_place(call: &Call, rules: &Rulebook) -> String {
    match work::reach(&call.actor).as_slice() {
        [one] => rules
            .directory
            .places
            .get(one)
            .filter(|place| place.parent.is_some())
            .map(|place| place.code.clone())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

async fn blank(call: Call) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let own = Own { id: call.app.fresh_id(), source: SOURCES[0].into(), echo: ECHOES[0].into() };
    let values = ReportValues { place: own_grid(&call, &rules), ..ReportValues::default() };
    page(&call, &rules, own, values, Vec::new())
}

async fn send(call: Call, mut form: Form) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let echo = form.text("echo").to_owned();
    let parts = form.parts();
    // Whoever can't say where is heard where the officer is, and somebody looks.
    if form.text("lon").is_empty() {
        form.fill_in("place", own_place(&call, &rules));
    }
    let Read { values, mut errors, mut report } =
        report::read(&call, &rules, &form, matches!(echo.as_str(), "call" | "sms"))?;
    let source = form.text("source").to_owned();
    let renderer = call.app.districts.renderer(call.district());
    for (field, given, known) in [("source", &source, SOURCES), ("echo", &echo, ECHOES)] {
        if !known.contains(&given.as_str()) {
            errors.push(words::form_fault(&renderer, call.lang().into(), field, "choose", &[])?);
        }
    }
    // An old page may lack the field: then every sending is one of its own.
    let id: CaseId = form.own_id(&call)?;
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = Key::new(format!("case {id}"), &parts);
    if errors.is_empty() {
        report.photos = report::photos(&call, &mut form, &mut errors).await?;
    }
    if !errors.is_empty() {
        let body = page(&call, &rules, Own { id: id.to_string(), source, echo }, values, errors)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    report.id = Some(id);
    report.source = source;
    report.echo = Some(echo);
    let caller = Caller::of(call.actor.clone());
    let done = acts::report(&call.app.engine, (*rules).clone(), &caller, report, Vec::new(), Some(key)).await?;
    let code = acts::code_of(&call.app.engine, call.district(), &done.value.id, done.value.lookup_nonce);
    Ok(Redirect::to(&format!("/{}/c/{code}/receipt?other=1", call.district())).into_response())
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    let may = || Policy::Permission("case.report_for");
    Rooms::new().room(Method::GET, "/{district}/intake", may(), blank).room(
        Method::POST,
        "/{district}/intake",
        may(),
        send,
    )
}
