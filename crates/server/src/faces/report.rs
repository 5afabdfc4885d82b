//! Saying it without an account and without script: the form, the receipt, the paper slip.

use axum::extract::Path;
use axum::{
    http::{HeaderMap, Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use cases::{
    Rulebook,
    case::{CaseId, PHOTOS_MAX, Report, TEXT_CHARS_MAX},
};
use kernel::{Timestamp, idempotency::Key, vault::rules::normal_phone};
use serde::Deserialize;

use super::{calendar, duty, form::Form, shared};
use crate::{
    acts::{self, Caller, Seen},
    body::Asked,
    call::Call,
    limits::Gate,
    pages::{
        views::{FormError, ReceiptPage, ReportPage, ReportValues, SlipPage},
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Photos that the public form takes.
pub const FORM_PHOTOS_MAX: usize = 3;
/// Largest photo, MB.
pub const PHOTO_MB_MAX: u32 = 12;
/// Characters of a name or landmark.
const LINE_CHARS_MAX: usize = 60;
/// Characters of the excerpt on a slip.
const EXCERPT_CHARS_MAX: usize = 60;

#[derive(Debug, Deserialize)]
struct Query {
    #[serde(default)]
    place: String,
}

async fn form(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    // A building's QR code names its place: the form opens with it chosen.
    let place = rules.directory.place_named(&asked.0.place).map(|p| p.code.clone()).unwrap_or_default();
    let values = ReportValues { place, ..ReportValues::default() };
    page(&call, &rules, call.app.fresh_id(), values, Vec::new())
}

fn page(
    call: &Call,
    rules: &Rulebook,
    id: String,
    values: ReportValues,
    errors: Vec<FormError>,
) -> Answer<Html<String>> {
    let view = ReportPage {
        site: shared::site(call, None)?,
        action: format!("/{}/report", call.district()),
        id,
        places: shared::place_groups(rules, &[], &values.place),
        values,
        errors,
        text_chars_max: u32::try_from(TEXT_CHARS_MAX).expect("a small constant"),
        photos_max: u32::try_from(FORM_PHOTOS_MAX).expect("a small constant"),
        photo_mb_max: PHOTO_MB_MAX,
    };
    call.page(&view)
}

/// What a report's form says, with its faults at the fields.
pub struct Read {
    /// What was typed.
    pub values: ReportValues,
    /// What is wrong.
    pub errors: Vec<FormError>,
    /// The report, once nothing is wrong.
    pub report: Report,
}

/// Reads the fields that the public form and the officer's form share.
///
/// # Errors
/// A missing text of the page.
pub fn read(call: &Call, rules: &Rulebook, form: &Form, phone_needed: bool) -> Answer<Read> {
    let field = |name: &str| form.text(name).to_owned();
    let values = ReportValues {
        text: field("text"),
        place: field("place"),
        landmark: field("landmark"),
        lon: field("lon"),
        lat: field("lat"),
        name: field("name"),
        phone: field("phone"),
    };
    let renderer = call.app.districts.renderer(call.district());
    let mut errors = Vec::new();
    let mut fault = |field: &str, fault: &str, filled: &[(&str, &str)]| -> Answer<()> {
        errors.push(words::form_fault(&renderer, shared::page_lang(call.lang()), field, fault, filled)?);
        Ok(())
    };
    let max = TEXT_CHARS_MAX.to_string();
    if values.text.is_empty() {
        fault("text", "text_empty", &[])?;
    } else if values.text.chars().count() + values.landmark.chars().count() > TEXT_CHARS_MAX {
        fault("text", "text_long", &[("max", &max)])?;
    }
    for (name, value) in [("landmark", &values.landmark), ("name", &values.name)] {
        if value.chars().count() > LINE_CHARS_MAX {
            fault(name, "line_long", &[("max", &LINE_CHARS_MAX.to_string())])?;
        }
    }
    let digits = normal_phone(&values.phone);
    if values.phone.is_empty() {
        if phone_needed {
            fault("phone", "phone_needed", &[])?;
        }
    } else if !(7..=15).contains(&digits.len()) {
        fault("phone", "phone", &[])?;
    }
    let point = match (values.lon.parse::<f64>(), values.lat.parse::<f64>()) {
        (Ok(lon), Ok(lat)) if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) => Some((lon, lat)),
        _ if values.lon.is_empty() && values.lat.is_empty() => None,
        _ => {
            fault("place", "point", &[])?;
            None
        }
    };
    let known = !values.place.is_empty() && rules.directory.place_named(&values.place).is_ok();
    if !values.place.is_empty() && !known {
        fault("place", "place_unknown", &[])?;
    } else if values.place.is_empty() && point.is_none() && values.landmark.is_empty() {
        fault("place", "place_needed", &[])?;
    } else if let Some((lon, lat)) = point.filter(|_| !known)
        && rules.directory.locate(lon, lat).place.is_none()
    {
        fault("place", "point", &[])?;
    }
    if form.files.len() > FORM_PHOTOS_MAX {
        fault("photo", "photo_many", &[("count", &FORM_PHOTOS_MAX.to_string())])?;
    }
    let text = if values.landmark.is_empty() {
        values.text.clone()
    } else {
        format!("{}\n{}", values.text, landmark_line(call, &values.landmark))
    };
    let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    // Whoever can't say the grid says it in words: the district's own desk looks and places it.
    let root = rules.directory.places.get(rules.directory.root()).map(|p| p.code.clone());
    let unplaced = root.filter(|_| point.is_none() && !values.landmark.is_empty());
    let report = Report {
        text,
        place: some(&values.place).or(unplaced),
        point,
        name: some(&values.name),
        phone: some(&digits),
        source: "web".into(),
        ..Report::default()
    };
    Ok(Read { values, errors, report })
}

fn landmark_line(call: &Call, landmark: &str) -> String {
    match call.lang() {
        kernel::Lang::Zh => format!("（在：{landmark}）"),
        kernel::Lang::En => format!("(at: {landmark})"),
    }
}

/// Photos of a form made ready; a bad one becomes a fault at its field.
///
/// # Errors
/// Only what is not the sender's fault.
pub async fn photos(call: &Call, form: &mut Form, errors: &mut Vec<FormError>) -> Answer<Vec<cases::case::Photo>> {
    let raw: Vec<Vec<u8>> = std::mem::take(&mut form.files).into_iter().take(PHOTOS_MAX).collect();
    match acts::photos(&call.app.photos, raw, call.lang()).await {
        Ok(photos) => Ok(photos),
        Err(problem) if problem.kind.status == 400 => {
            errors.push(FormError::new(
                "photo",
                problem.args.iter().find(|(n, _)| *n == "what").map(|(_, what)| what.clone()).unwrap_or_default(),
            ));
            Ok(Vec::new())
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn send(call: Call, mut form: Form) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let Read { values, mut errors, mut report } = read(&call, &rules, &form, false)?;
    // Without script and with an old page the field may be missing: then every sending is one of its own.
    let id: CaseId = form.own_id(&call)?;
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = Key::new(format!("case {id}"), &parts);
    if errors.is_empty() {
        report.photos = photos(&call, &mut form, &mut errors).await?;
    }
    if !errors.is_empty() {
        let body = page(&call, &rules, id.to_string(), values, errors)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    report.id = Some(id);
    let caller = Caller::of(call.actor.clone());
    let done = acts::report(&call.app.engine, (*rules).clone(), &caller, report, Vec::new(), Some(key)).await?;
    let code = acts::code_of(&call.app.engine, call.district(), &done.value.id, done.value.lookup_nonce);
    Ok(Redirect::to(&format!("/{}/c/{code}/receipt", call.district())).into_response())
}

/// What follows a report, for receipt and slip: the next sentence, and by when, unless it says so itself.
fn next(call: &Call, rules: &Rulebook, seen: &Seen, paper: bool) -> Answer<(String, String)> {
    let next = if paper { shared::next_on_paper } else { shared::next }(call, rules, &seen.case);
    let says = rules.case_flow.state(&seen.case.state).is_some_and(|state| state.next.zh.contains("{until}"));
    let by = match seen.case.next_due() {
        None => calendar::told(call, &seen.case)?,
        Some(_) if says => String::new(),
        Some(due) if paper => on_paper(rules, due, call.lang()),
        Some(due) => shared::by(call, rules, due),
    };
    Ok((next, by))
}

#[derive(Debug, Deserialize)]
struct ReceiptQuery {
    #[serde(default)]
    other: String,
}

async fn receipt(
    call: Call,
    Path((_, code)): Path<(String, String)>,
    asked: Asked<ReceiptQuery>,
) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let seen = acts::see_by_code(&call.app.engine, (*rules).clone(), &code, call.lang()).await?;
    let (next, by) = next(&call, &rules, &seen, false)?;
    let code = acts::code_of(&call.app.engine, call.district(), &seen.case.id, seen.case.lookup_nonce);
    let base = format!("/{}/c/{code}", call.district());
    let view = ReceiptPage {
        site: shared::site(&call, None)?,
        code,
        number: seen.case.number.clone(),
        place: rules.directory.path_name(&seen.case.place),
        who: shared::who(&rules, &seen.case),
        next,
        by,
        phone: seen.asker.1.clone(),
        case_href: base.clone(),
        slip_href: format!("{base}/slip"),
        seal: seen.seal,
        for_other: Some(format!("/{}/intake", call.district()))
            .filter(|_| !asked.0.other.is_empty() && call.account().is_some()),
    };
    call.page(&view)
}

async fn slip(call: Call, headers: HeaderMap, Path((_, code)): Path<(String, String)>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let seen = acts::see_by_code(&call.app.engine, (*rules).clone(), &code, call.lang()).await?;
    let (next, by) = next(&call, &rules, &seen, true)?;
    let code = acts::code_of(&call.app.engine, call.district(), &seen.case.id, seen.case.lookup_nonce);
    let base = format!("/{}/c/{code}", call.district());
    let host = crate::call::host(&headers);
    let address = if call.app.config.base_url.is_some() || host.is_empty() {
        call.app.config.address()
    } else {
        format!("http://{host}")
    };
    let url = format!("{address}{base}");
    let excerpt: String = seen.text.as_deref().unwrap_or_default().chars().take(EXCERPT_CHARS_MAX).collect();
    let view = SlipPage {
        site: shared::site(&call, None)?,
        number: seen.case.number.clone(),
        place: rules.directory.path_name(&seen.case.place),
        at: on_paper(&rules, seen.case.reported_at, call.lang()),
        excerpt,
        next,
        by,
        qr_svg: qr(&url),
        url,
        phone: String::new(),
        hours: duty::hours_said(&rules.directory.calendar.hours().to_string(), call.lang()),
        taken_by: seen.case.entered_by.and_then(|p| rules.directory.display(&p).map(str::to_owned)).unwrap_or_default(),
        back: format!("{base}/receipt"),
        code,
    };
    call.page(&view)
}

/// A moment on paper, which is read on another day: never “today”.
fn on_paper(rules: &Rulebook, at: Timestamp, lang: kernel::Lang) -> String {
    let local = rules.directory.calendar.local(at);
    lang.pick(&local.day_time_zh(), &local.day_time_en()).to_owned()
}

/// A QR code as inline SVG made of one path, without style attributes.
fn qr(text: &str) -> String {
    use std::fmt::Write as _;
    let Ok(code) = fast_qr::QRBuilder::new(text).build() else {
        return String::new();
    };
    let (size, mut path) = (code.size, String::new());
    for y in 0..size {
        for x in 0..size {
            if code[y][x].value() {
                // Four modules of quiet zone belong to the standard (ISO/IEC 18004).
                let _ = write!(path, "M{} {}h1v1h-1z", x + 4, y + 4);
            }
        }
    }
    let side = size + 8;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\"M0 0h{side}v{side}H0z\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/{district}/report", Policy::Public, form)
        .room(Method::POST, "/{district}/report", Policy::Public, send)
        .gate(Gate::Report)
        .room(Method::GET, "/{district}/c/{code}/receipt", Policy::LookupCode, receipt)
        .gate(Gate::Lookup)
        .room(Method::GET, "/{district}/c/{code}/slip", Policy::LookupCode, slip)
        .gate(Gate::Lookup)
}
