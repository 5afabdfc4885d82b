//! Makes the moves that staff send by form: once for each key, on the version they saw.
//!
//! A try that was overtaken shows what changed and keeps what was typed; one with a fault comes
//! back with the fault at its field.

use axum::{
    extract::Path,
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use cases::{
    case::{self, CaseId, Inputs, Moved, NOTE_CHARS_MAX, rules::Mover},
    flow::{Move, Need},
    task::TaskId,
};
use kernel::{Problem, Result, idempotency::Key, journal, problem::NOT_FOUND};

use super::{
    fields::{self, Desk, FILE_AND_DISPATCH, Tried, field_of, moves_of},
    form::Form,
    item::{self, case_id, staff_step},
    shared,
    work::{self, Query, href},
};
use crate::{
    acts::{self, Caller, Seen},
    body::Asked,
    call::Call,
    pages::{
        views::{ConflictPage, Flash, FormError, Tone},
        words,
    },
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Fields that hold somebody's sentence.
const NOTES: [&str; 5] = ["reason", "answer", "basis", "topic", "into"];

/// One move as it was sent.
struct Sent {
    case: CaseId,
    task: Option<TaskId>,
    word: String,
    version: Option<i64>,
    inputs: Inputs,
    key: Option<Key>,
    tried: Tried,
}

fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Reads a move's form; what is missing or too long is noted at its field.
async fn read(call: &Call, case: CaseId, task: Option<TaskId>, mut form: Form) -> Answer<Sent> {
    let rules = call.rules()?;
    let word = form.text("move").to_owned();
    let moves = moves_of(rules, &word, task.is_some());
    if moves.is_empty() {
        return Err(Problem::new(&NOT_FOUND).with("what", word.chars().take(40).collect::<String>()).into());
    }
    let renderer = call.app.districts.renderer(call.district());
    let lang = shared::page_lang(call.lang());
    let mut errors: Vec<FormError> = Vec::new();
    let mut fault = |field: &str, fault: &str, filled: &[(&str, &str)]| -> Answer<()> {
        errors.push(words::form_fault(&renderer, lang, field, fault, filled)?);
        Ok(())
    };
    for need in moves.iter().flat_map(|mv| &mv.requires) {
        let name = field_of(*need);
        let there = match need {
            Need::Evidence => !form.files.is_empty(),
            // The catalogue may name the body; the command knows.
            Need::Body => true,
            // "Not solved" needs no second word.
            Need::Satisfied if form.text("solved") == "no" => true,
            _ => !form.text(name).is_empty(),
        };
        if !there {
            let choose = matches!(need, Need::Item | Need::Place | Need::Solved | Need::Satisfied);
            fault(
                name,
                if choose {
                    "choose"
                } else if *need == Need::Until {
                    "day"
                } else {
                    "needed"
                },
                &[],
            )?;
        }
    }
    for name in NOTES {
        if form.text(name).chars().count() > NOTE_CHARS_MAX {
            fault(name, "line_long", &[("max", &NOTE_CHARS_MAX.to_string())])?;
        }
    }
    if form.files.len() > case::PHOTOS_MAX {
        fault("evidence", "photo_many", &[("count", &case::PHOTOS_MAX.to_string())])?;
    }
    let parts = form.parts();
    let parts: Vec<&[u8]> = [case.as_str().as_bytes(), task.as_ref().map_or("", TaskId::as_str).as_bytes()]
        .into_iter()
        .chain(parts.iter().map(Vec::as_slice))
        .collect();
    let key = form.some("key").map(|key| Key::new(key, &parts));
    let inputs = Inputs {
        reason: form.some("reason"),
        answer: form.some("answer"),
        basis: form.some("basis"),
        topic: form.some("topic"),
        item: form.some("item"),
        place: form.some("place"),
        to: form.all("body"),
        until: form.some("until"),
        into: form.some("into"),
        solved: yes(form.text("solved")),
        satisfied: form.some("satisfied"),
        ..Inputs::default()
    };
    let mut sent = Sent {
        case,
        version: form.text("version").parse().ok(),
        inputs,
        key,
        tried: Tried { word: word.clone(), task: task.map(|task| task.to_string()), values: form.typed(), errors },
        word,
        task,
    };
    if sent.tried.errors.is_empty() {
        let mut bad = Vec::new();
        sent.inputs.photos = super::report::photos(call, &mut form, &mut bad).await?;
        sent.tried.errors = bad.into_iter().map(|error| FormError::new("evidence", error.text)).collect();
    }
    Ok(sent)
}

/// Makes the move; true when its key had been used and nothing was done now.
async fn make(call: &Call, sent: &Sent) -> Result<bool> {
    let rules = call.rules().map_err(|refused| Problem::clone(&refused.0))?.clone();
    let caller = Caller::of(call.actor.clone());
    let (engine, inputs, key) = (&call.app.engine, sent.inputs.clone(), sent.key.clone());
    if let Some(task) = sent.task {
        let done =
            acts::move_task(engine, (*rules).clone(), &caller, task, &sent.word, sent.version, inputs, key).await?;
        return Ok(done.again);
    }
    if sent.word != FILE_AND_DISPATCH {
        let done = acts::move_case(engine, (*rules).clone(), &caller, sent.case, &sent.word, sent.version, inputs, key)
            .await?;
        return Ok(done.again);
    }
    let (actor, id, version) = (caller.actor.clone(), sent.case, sent.version);
    let done = engine
        .write_once(call.command(), key, move |tx| -> Result<Moved> {
            case::perform(tx, &rules, Mover::staff(&actor), &id, "file", version, &inputs)?;
            case::perform(tx, &rules, Mover::staff(&actor), &id, "dispatch", None, &inputs)
        })
        .await?;
    Ok(done.again)
}

/// The field of a move at which a refusal belongs; none for one that no field can mend.
fn at_field(problem: &Problem, moves: &[&Move]) -> Option<&'static str> {
    let needs = |need: Need| moves.iter().any(|mv| mv.requires.contains(&need));
    let arg =
        |name: &str| problem.args.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    match problem.kind.code {
        "400.2" => crate::pages::views::FIELDS.iter().map(|(name, _)| *name).find(|name| *name == arg("field")),
        "400.3" | "422.2" | "422.5" | "422.7" => {
            moves.iter().flat_map(|mv| &mv.requires).map(|need| field_of(*need)).next()
        }
        "422.3" | "422.4" => Some("body"),
        "422.6" | "413.1" => Some("evidence"),
        "422.8" => Some("until"),
        "422.10" => Some("into"),
        "404.1" if needs(Need::Into) => Some("into"),
        _ => None,
    }
}

fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.kind.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn see(call: &Call, id: CaseId) -> Result<Seen> {
    let rules = call.rules().map_err(|refused| Problem::clone(&refused.0))?.clone();
    acts::see(&call.app.engine, (*rules).clone(), Caller::of(call.actor.clone()), id, call.lang()).await
}

/// The item again, with the fault at its field and everything as it was typed.
async fn again(call: &Call, query: &Query, sent: &Sent, status: StatusCode) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let seen = see(call, sent.case).await?;
    let item = item::item(call, &rules, &seen, query, Some(&sent.tried)).await?;
    let lang = call.lang();
    let word = fields::label(&rules, &sent.word, lang).unwrap_or_default();
    let (zh, en) = (
        format!("还没有记下“{word}”：有一处要改，您写的都在下面。"),
        format!("Not noted yet: {word}. Something needs a change; what you wrote is below."),
    );
    let flash = Flash { tone: Tone::Late, text: lang.pick(&zh, &en).to_owned(), clears: String::new() };
    let body = work::page_saying(call, query, Some((sent.case.to_string(), item)), Some(flash)).await?;
    Ok((status, body).into_response())
}

/// Steps of the story since the version that was seen.
async fn since(call: &Call, sent: &Sent, seen: &Seen) -> Answer<Vec<cases::view::Step>> {
    let Some(version) = sent.version else {
        return Ok(Vec::new());
    };
    let (district, subject) = (
        call.district().to_owned(),
        sent.task.map_or(("case", sent.case.to_string()), |task| ("task", task.to_string())),
    );
    let entries = call.app.engine.read(move |db| Ok(journal::history(db, &district, subject.0, &subject.1)?)).await?;
    let first = entries.iter().find(|entry| entry.version > version).map(|entry| entry.at);
    Ok(seen.story.iter().filter(|step| first.is_some_and(|first| step.at >= first)).cloned().collect())
}

/// Somebody was faster: what changed, and the same form on the new version if it still fits.
async fn conflict(call: &Call, query: &Query, sent: &Sent, status: StatusCode) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let seen = see(call, sent.case).await?;
    let caller = Caller::of(call.actor.clone());
    let desk = Desk { call, rules: &rules, seen: &seen, caller: &caller, queue: &query.queue, tried: None };
    let forms = match sent.task {
        None => desk.case_forms(),
        Some(id) => seen.tasks.iter().find(|task| task.id == id).map(|task| desk.task_forms(task)).unwrap_or_default(),
    };
    let still = forms.into_iter().find(|form| form.name == sent.word).or_else(|| {
        // What was taken on meanwhile can still be handed over.
        let half = (sent.word == FILE_AND_DISPATCH)
            .then(|| desk.case_forms().into_iter().find(|form| form.name == "dispatch"));
        half.flatten()
    });
    let form = still.map(|mut form| {
        fields::keep(&mut form, &sent.tried);
        form
    });
    let base = format!("/{}/work/{}", call.district(), sent.case);
    let changed = since(call, sent, &seen).await?;
    let view = ConflictPage {
        site: shared::site(call, None)?,
        title: shared::title(&rules, &seen.case, seen.text.as_deref(), call.lang()),
        state: shared::state_chip(&rules, &seen.case, call.lang()),
        changed: changed.iter().map(|step| staff_step(call, &rules, &seen, step, &base)).collect(),
        wanted: fields::label(&rules, &sent.word, call.lang()).unwrap_or_default(),
        form,
        item_href: href(&base, &[("queue", &query.queue)]),
    };
    Ok((status, call.page(&view)?).into_response())
}

async fn answer(call: &Call, query: &Query, mut sent: Sent) -> Answer<Response> {
    if !sent.tried.errors.is_empty() {
        return again(call, query, &sent, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let problem = match make(call, &sent).await {
        Ok(repeated) => return Ok(done(call, query, &sent, repeated).await.into_response()),
        Err(problem) => problem,
    };
    let rules = call.rules()?.clone();
    if matches!(problem.kind.code, "409.1" | "409.3" | "422.1") {
        return conflict(call, query, &sent, status(&problem)).await;
    }
    let moves = moves_of(&rules, &sent.word, sent.task.is_some());
    match at_field(&problem, &moves) {
        Some(field) => {
            let lang = call.lang();
            let text = if problem.kind.code == "404.1" {
                let renderer = call.app.districts.renderer(call.district());
                words::form_fault(&renderer, lang.into(), field, "into_unknown", &[])?.text
            } else {
                format!("{} {}", problem.detail(lang), problem.action(lang))
            };
            sent.tried.errors.push(FormError::new(field, text));
            again(call, query, &sent, status(&problem)).await
        }
        None => Err(problem.into()),
    }
}

/// Back to the item, or to the list when the move took it out of the person's sight.
async fn done(call: &Call, query: &Query, sent: &Sent, repeated: bool) -> Redirect {
    let list = format!("/{}/work", call.district());
    let path = if see(call, sent.case).await.is_ok() { format!("{list}/{}", sent.case) } else { list };
    let key = if repeated { "same" } else { "moved" };
    Redirect::to(&href(&path, &[("queue", &query.queue), ("done", key), ("move", &sent.word)]))
}

async fn move_case(
    call: Call,
    Path((_, id)): Path<(String, String)>,
    asked: Asked<Query>,
    form: Form,
) -> Answer<Response> {
    let sent = read(&call, case_id(&id)?, None, form).await?;
    answer(&call, &asked.0, sent).await
}

async fn move_task(
    call: Call,
    Path((_, id, task)): Path<(String, String, String)>,
    asked: Asked<Query>,
    form: Form,
) -> Answer<Response> {
    let task: TaskId = task.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", "task"))?;
    let id = case_id(&id)?;
    let seen = see(&call, id).await?;
    if !seen.tasks.iter().any(|one| one.id == task) {
        return Err(Problem::new(&NOT_FOUND).with("what", "task").into());
    }
    let sent = read(&call, id, Some(task), form).await?;
    answer(&call, &asked.0, sent).await
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new().room(Method::POST, "/{district}/work/{id}/moves", Policy::Permission("case.read"), move_case).room(
        Method::POST,
        "/{district}/work/{id}/tasks/{task}/moves",
        Policy::Permission("case.read"),
        move_task,
    )
}
