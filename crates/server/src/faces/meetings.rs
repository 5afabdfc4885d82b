//! Meetings: the public list and page, writing one down, and adding what was decided.

use std::sync::Arc;

use axum::{
    extract::Path,
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use cases::{
    Rulebook,
    case::{self, CaseId, Filter as CaseFilter},
    view::text,
};
use commons::place::PlaceId;
use kernel::{Problem, Result, Timestamp, idempotency::Key};
use practices::meetings::{
    self, About, Decided, DecisionId, DecisionView, Filter, Held, LINE_CHARS_MAX, MeetingId, MeetingView, NewDecision,
    NewMeeting, NewTopic, Record, Status, TEXT_CHARS_MAX, TopicView,
};
use serde::Deserialize;

use super::{form::Form, intake::own_grid, shared, work::href};
use crate::{
    acts::{self, meetings::id_of},
    body::Asked,
    call::Call,
    cursor::{mark, read_begin},
    pages::{
        views::{
            Chip, Choice, Decision, DecisionForm, FormError, Group, MEETING_KINDS, MeetingFormPage, MeetingPage,
            MeetingRow, MeetingValues, MeetingsPage, Tone, Topic,
        },
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Meetings of one page.
const ROWS_MAX: i64 = 20;
/// Open cases of each state offered as topics.
const TOPICS_OFFERED_MAX: i64 = 15;

#[derive(Debug, Default, Deserialize)]
struct Query {
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    done: String,
}

fn progress_chip(decided: i64, done: i64, lang: kernel::Lang) -> Chip {
    if decided == 0 {
        return Chip::new(lang.pick("还没有决议", "nothing decided yet"), Tone::Plain);
    }
    let (zh, en) = (format!("决议 {decided} 项，办好 {done} 项"), format!("{decided} decided, {done} done"));
    Chip::new(lang.pick(&zh, &en), if done >= decided { Tone::Done } else { Tone::Doing })
}

async fn list(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let lang = call.lang();
    let before = read_begin(&asked.0.cursor)?;
    let (engine, rulebook, now) = (call.app.engine.clone(), rules.clone(), call.app.engine.now());
    let filter = Filter { place: None, before };
    let rows = call
        .app
        .engine
        .read(move |db| meetings::list(db, engine.keys(), &rulebook, &filter, lang, now, ROWS_MAX))
        .await?;
    let path = format!("/{}/meetings", call.district());
    let more = rows
        .last()
        .filter(|_| rows.len() as i64 == ROWS_MAX)
        .map(|row| href(&path, &[("cursor", &mark(row.held_at, row.id))]));
    let rest = |count: usize| lang.pick(&format!("，等 {count} 件"), &format!(", {count} in all")).to_owned();
    let view = MeetingsPage {
        site: shared::site(&call, None)?,
        rows: rows
            .iter()
            .map(|row| MeetingRow {
                href: format!("{path}/{}", row.id),
                kind: row.kind_says.clone(),
                place: row.place_says.clone(),
                at: shared::at(&call, &rules, row.held_at),
                topics: if row.topics > 1 { format!("{}{}", row.title, rest(row.topics)) } else { row.title.clone() },
                done: progress_chip(row.decisions, row.done, lang),
            })
            .collect(),
        more,
        new_href: call.actor.holds("meeting.record").then(|| format!("{path}/new")),
    };
    call.page(&view)
}

/// Roots of the places where somebody writes meetings down.
fn roots(call: &Call) -> Vec<PlaceId> {
    call.actor.places("meeting.record").iter().filter_map(|id| id.parse().ok()).collect()
}

/// Open matters within reach that nobody works on yet, or that are being worked on: newest first.
async fn topics(call: &Call, rules: &Arc<Rulebook>, chosen: &[String]) -> Answer<Vec<Choice>> {
    if !call.actor.holds("case.deliberate") {
        return Ok(Vec::new());
    }
    let (engine, rulebook, actor, lang) = (call.app.engine.clone(), rules.clone(), call.actor.clone(), call.lang());
    let found = call
        .app
        .engine
        .read(move |db| {
            let district = rulebook.directory.district.clone();
            let mut out: Vec<(String, String)> = Vec::new();
            for root in acts::scope(&rulebook, &actor, None)? {
                for state in ["filed", "reported", "handling"] {
                    let filter = CaseFilter { place: root, state: Some(state.into()), ..CaseFilter::default() };
                    for case in case::list(db, &district, &filter, TOPICS_OFFERED_MAX)? {
                        let said = text(db, engine.keys(), &district, &case.text)?;
                        let title = shared::title(&rulebook, &case, said.as_deref(), lang);
                        out.push((
                            case.id.to_string(),
                            format!("{title}（{}）", rulebook.directory.path_name(&case.place)),
                        ));
                    }
                }
            }
            Ok(out)
        })
        .await?;
    Ok(found.into_iter().map(|(id, text)| Choice { on: chosen.contains(&id), ..Choice::new(id, text) }).collect())
}

async fn form_page(
    call: &Call,
    id: String,
    values: MeetingValues,
    chosen: &[String],
    errors: Vec<FormError>,
) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let view = MeetingFormPage {
        site: shared::site(call, None)?,
        action: format!("/{}/meetings", call.district()),
        id,
        places: shared::place_groups(&rules, &roots(call), &values.place),
        topics: topics(call, &rules, chosen).await?,
        values,
        errors,
    };
    call.page(&view)
}

async fn blank(call: Call) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let local = rules.directory.calendar.local(call.app.engine.now());
    let values = MeetingValues {
        kind: MEETING_KINDS[0].into(),
        place: own_grid(&call, &rules),
        at_day: local.iso_day(),
        ..MeetingValues::default()
    };
    form_page(&call, call.app.fresh_id(), values, &[], Vec::new()).await
}

/// The typed values, the moment, and what is wrong with them.
fn read(call: &Call, rules: &Rulebook, form: &Form) -> Answer<(MeetingValues, Option<Timestamp>, Vec<FormError>)> {
    let field = |name: &str| form.text(name).to_owned();
    let values = MeetingValues {
        kind: field("kind"),
        place: field("place"),
        at_day: field("at_day"),
        at_time: field("at_time"),
        room: field("room"),
        present: field("present"),
        note: field("note"),
    };
    let renderer = call.app.districts.renderer(call.district());
    let mut errors = Vec::new();
    let mut fault = |field: &str, fault: &str, max: usize| -> Answer<()> {
        errors.push(words::form_fault(&renderer, call.lang().into(), field, fault, &[("max", &max.to_string())])?);
        Ok(())
    };
    if values.kind.is_empty() {
        fault("kind", "choose", 0)?;
    }
    if values.place.is_empty() {
        fault("place", "choose", 0)?;
    } else if rules.directory.place_named(&values.place).is_err() {
        fault("place", "place_unknown", 0)?;
    }
    let calendar = &rules.directory.calendar;
    let day_known = calendar.parse_day(&values.at_day).is_ok();
    if !day_known {
        fault("at_day", "day", 0)?;
    }
    let at = calendar.parse_local(&format!("{} {}", values.at_day, values.at_time)).ok().filter(|_| day_known);
    if at.is_none() && day_known {
        fault("at_time", "time", 0)?;
    }
    let held = at.is_some_and(|at| at <= call.app.engine.now());
    if held && values.present.is_empty() {
        fault("present", "needed", 0)?;
    }
    for (name, value, max) in [
        ("room", &values.room, LINE_CHARS_MAX),
        ("present", &values.present, TEXT_CHARS_MAX),
        ("note", &values.note, LINE_CHARS_MAX),
    ] {
        if value.chars().count() > max {
            fault(name, "line_long", max)?;
        }
    }
    Ok((values, at, errors))
}

async fn send(call: Call, form: Form) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let (values, at, mut errors) = read(&call, &rules, &form)?;
    let chosen = form.all("topic");
    let id: MeetingId = form.own_id(&call)?;
    if errors.is_empty() {
        match hold(&call, id, &values, at, &chosen, &form).await {
            Ok(repeated) => {
                let done = if repeated { "same" } else { "meeting" };
                return Ok(Redirect::to(&format!("/{}/meetings/{id}?done={done}", call.district())).into_response());
            }
            Err(problem) => match field_of(&problem) {
                Some(field) => errors.push(FormError::new(
                    field,
                    format!("{} {}", problem.detail(call.lang()), problem.action(call.lang())),
                )),
                None => return Err(problem.into()),
            },
        }
    }
    let body = form_page(&call, id.to_string(), values, &chosen, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response())
}

/// The field of a meeting's or decision's form at which a refusal belongs.
fn field_of(problem: &Problem) -> Option<&'static str> {
    Some(match problem.kind.code {
        "422.31" | "422.32" => "at_day",
        "422.36" => "present",
        "422.1" => "topic",
        _ => return None,
    })
}

async fn hold(
    call: &Call,
    id: MeetingId,
    values: &MeetingValues,
    at: Option<Timestamp>,
    chosen: &[String],
    form: &Form,
) -> Result<bool> {
    let rules = call.rules().map_err(|refused| Problem::clone(&refused.0))?.clone();
    let mut topics: Vec<NewTopic> =
        chosen.iter().map(|case| NewTopic { case: Some(case.clone()), title: None }).collect();
    if !values.note.is_empty() {
        topics.push(NewTopic { case: None, title: Some(values.note.clone()) });
    }
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let meeting = NewMeeting {
        id: Some(id),
        kind: values.kind.clone(),
        place: values.place.clone(),
        room: some(&values.room),
        held_at: at,
        topics,
        ..NewMeeting::default()
    };
    let record = Record { present: vec![values.present.clone()], ..Record::default() };
    let held = at.is_none_or(|at| at <= call.app.engine.now());
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = Key::new(format!("meeting {id}"), &parts);
    let actor = call.actor.clone();
    let done = call
        .app
        .engine
        .write_once(call.command(), Some(key), move |tx| -> Result<Held> {
            // One that lies ahead is called; its record follows when it was held.
            if held {
                meetings::hold(tx, &rules, &actor, &meeting, &record, &[])
            } else {
                meetings::call(tx, &rules, &actor, &meeting)
            }
        })
        .await?;
    Ok(done.again)
}

/// What was typed for a decision.
#[derive(Default)]
struct Typed {
    id: String,
    text: String,
    topic: String,
    owner: String,
    lead: String,
    until: String,
}

fn bodies(rules: &Rulebook, place: &PlaceId) -> Vec<Group> {
    let directory = &rules.directory;
    let around = |at: &commons::place::Place| {
        let inner = at.id == *place;
        let here = directory
            .bodies
            .values()
            .filter(|body| body.place == at.id || (inner && directory.within(&body.place, &at.id)));
        Group {
            label: at.name.clone(),
            choices: here.map(|body| Choice::new(body.id.to_string(), &body.name)).collect(),
        }
    };
    directory.chain(place).into_iter().map(around).filter(|group| !group.choices.is_empty()).collect()
}

fn decision_form(
    call: &Call,
    rules: &Rulebook,
    meeting: &MeetingView,
    typed: Typed,
    errors: Vec<FormError>,
) -> Option<DecisionForm> {
    let writes = call.actor.may("meeting.record", &rules.directory.chain_ids(&meeting.place), &[]);
    let held = meeting.status == Status::Held
        || (meeting.status == Status::Called && meeting.held_at <= call.app.engine.now());
    if !writes || !held {
        return None;
    }
    // A meeting with one open topic decides about that one, unless somebody says otherwise.
    let open = |topic: &TopicView| topic.progress.as_ref().is_none_or(|progress| !progress.done);
    let only = meeting.topics.len() == 1 && typed.id.is_empty() && meeting.topics.iter().all(open);
    Some(DecisionForm {
        action: format!("/{}/meetings/{}/decisions", call.district(), meeting.id),
        id: if typed.id.is_empty() { call.app.fresh_id() } else { typed.id },
        version: meeting.version,
        topics: meeting
            .topics
            .iter()
            .map(|topic| Choice {
                on: only || topic.id.to_string() == typed.topic,
                ..Choice::new(topic.id.to_string(), &topic.title)
            })
            .collect(),
        bodies: bodies(rules, &meeting.place),
        owner: typed.owner,
        lead: typed.lead,
        text: typed.text,
        until: typed.until,
        errors,
    })
}

fn decision(call: &Call, rules: &Rulebook, one: DecisionView) -> Decision {
    let lang = call.lang();
    let said = |zh: &str, en: &str, who: &str| {
        (!who.is_empty()).then(|| lang.pick(&format!("{who}{zh}"), &format!("{who} {en}")).to_owned())
    };
    let lead: Vec<String> =
        [said("牵头", "leads", &one.lead), said("监督", "watches", &one.supervisor)].into_iter().flatten().collect();
    let tone = match (one.progress.done, one.progress.late) {
        (true, _) => Tone::Done,
        (false, true) => Tone::Late,
        (false, false) => Tone::Doing,
    };
    Decision {
        text: one.text,
        owner: if one.performers.is_empty() { one.lead.clone() } else { one.performers },
        lead: lead.join(lang.pick("，", ", ")),
        due: one.due.or(one.progress.promised).map(|due| shared::by(call, rules, due)).unwrap_or_default(),
        state: Chip::new(one.progress.says, tone),
    }
}

fn show(
    call: &Call,
    rules: &Rulebook,
    meeting: MeetingView,
    typed: Typed,
    errors: Vec<FormError>,
    done: &str,
) -> Answer<Html<String>> {
    let add = decision_form(call, rules, &meeting, typed, errors);
    let view = MeetingPage {
        site: shared::site(call, Some(done))?,
        kind: meeting.kind_says,
        place: meeting.place_says,
        room: meeting.room,
        at: shared::at(call, rules, meeting.held_at),
        convener: meeting.convener,
        present: meeting.present,
        topics: meeting
            .topics
            .iter()
            .map(|topic| Topic {
                title: topic.title.clone(),
                href: topic
                    .progress
                    .as_ref()
                    .and_then(|p| p.case)
                    .map(|case: CaseId| format!("/{}/work/{case}", call.district())),
                state: topic
                    .progress
                    .as_ref()
                    .map(|p| Chip::new(p.says.clone(), if p.done { Tone::Done } else { Tone::Doing })),
            })
            .collect(),
        decisions: meeting.decisions.into_iter().map(|one| decision(call, rules, one)).collect(),
        add,
    };
    call.page(&view)
}

async fn page(call: Call, Path((_, id)): Path<(String, String)>, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let meeting = acts::meetings::see(&call.app.engine, &rules, call.actor.clone(), id_of(&id)?, call.lang()).await?;
    show(&call, &rules, meeting, Typed::default(), Vec::new(), &asked.0.done)
}

/// What is wrong with a decision before anything is asked of the house.
fn decision_faults(call: &Call, rules: &Rulebook, typed: &Typed) -> Answer<Vec<FormError>> {
    let renderer = call.app.districts.renderer(call.district());
    let mut errors = Vec::new();
    let mut fault = |field: &str, fault: &str| -> Answer<()> {
        errors.push(words::form_fault(
            &renderer,
            call.lang().into(),
            field,
            fault,
            &[("max", &TEXT_CHARS_MAX.to_string())],
        )?);
        Ok(())
    };
    if typed.text.is_empty() {
        fault("text", "needed")?;
    } else if typed.text.chars().count() > TEXT_CHARS_MAX {
        fault("text", "line_long")?;
    }
    if typed.owner.is_empty() {
        fault("owner", "choose")?;
    }
    let calendar = &rules.directory.calendar;
    match calendar.parse_day(&typed.until) {
        Err(_) => fault("until", "day")?,
        Ok(day) if day < calendar.date(call.app.engine.now()) => fault("until", "day_past")?,
        Ok(_) => {}
    }
    Ok(errors)
}

async fn decide(call: Call, Path((_, id)): Path<(String, String)>, form: Form) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let id = id_of(&id)?;
    let field = |name: &str| form.text(name).to_owned();
    let decision: DecisionId = form.own_id(&call)?;
    let typed = Typed {
        id: decision.to_string(),
        text: field("text"),
        topic: field("topic"),
        owner: field("owner"),
        lead: field("lead"),
        until: field("until"),
    };
    let mut errors = decision_faults(&call, &rules, &typed)?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if errors.is_empty() {
        match write(&call, &rules, id, decision, &typed, &form).await {
            Ok(repeated) => {
                let done = if repeated { "same" } else { "decision" };
                return Ok(Redirect::to(&format!("/{}/meetings/{id}?done={done}", call.district())).into_response());
            }
            Err(problem) => {
                let field = match problem.kind.code {
                    "400.3" | "409.1" | "409.3" | "422.1" | "422.32" | "422.33" | "422.36" => "text",
                    "422.4" | "422.3" | "422.35" => "owner",
                    "422.8" => "until",
                    "422.34" => "topic",
                    _ => return Err(problem.into()),
                };
                status = StatusCode::from_u16(problem.kind.status).unwrap_or(status);
                errors.push(FormError::new(
                    field,
                    format!("{} {}", problem.detail(call.lang()), problem.action(call.lang())),
                ));
            }
        }
    }
    let meeting = acts::meetings::see(&call.app.engine, &rules, call.actor.clone(), id, call.lang()).await?;
    let body = show(&call, &rules, meeting, typed, errors, "")?;
    Ok((status, body).into_response())
}

async fn write(
    call: &Call,
    rules: &Arc<Rulebook>,
    id: MeetingId,
    decision: DecisionId,
    typed: &Typed,
    form: &Form,
) -> Result<bool> {
    let directory = &rules.directory;
    let second = typed.lead.parse().ok().and_then(|id| directory.bodies.get(&id));
    // A party organisation takes the lead; anybody else who is named watches over it.
    let lead = second.filter(|body| body.party).map(|body| body.id.to_string());
    let supervisor = second.filter(|body| !body.party).map(|body| body.id.to_string());
    let new = NewDecision {
        id: Some(decision),
        about: if typed.topic.is_empty() { About::Nothing } else { About::Topic(typed.topic.clone()) },
        text: typed.text.clone(),
        lead,
        performers: vec![typed.owner.clone()],
        supervisor,
        until: Some(typed.until.clone()).filter(|day| !day.is_empty()),
        ..NewDecision::default()
    };
    let version = form.text("version").parse().ok();
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = Key::new(format!("decision {decision}"), &parts);
    let (actor, rulebook) = (call.actor.clone(), rules.clone());
    let done = call
        .app
        .engine
        .write_once(call.command(), Some(key), move |tx| -> Result<Decided> {
            meetings::decide(tx, &rulebook, &actor, &id, version, &new)
        })
        .await?;
    Ok(done.again)
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    let writes = || Policy::Permission("meeting.record");
    Rooms::new()
        .room(Method::GET, "/{district}/meetings", Policy::Public, list)
        .room(Method::GET, "/{district}/meetings/new", writes(), blank)
        .room(Method::POST, "/{district}/meetings", writes(), send)
        .room(Method::GET, "/{district}/meetings/{id}", Policy::Public, page)
        .room(Method::POST, "/{district}/meetings/{id}/decisions", writes(), decide)
}
