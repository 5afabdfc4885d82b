//! The public page of a case for whoever holds its look-up code, and the page that asks for the code.

use axum::{
    extract::Path,
    http::{Method, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
};
use cases::{Rulebook, case::Inputs, view};
use kernel::{Problem, Timestamp, idempotency::Key, problem::BAD_FIELD, time::DAY_MS, vault::rules::normal_code};
use serde::Deserialize;

use super::{calendar, form::Form, shared};
use crate::{
    acts::{self, Caller, Seen},
    api,
    body::Asked,
    call::Call,
    limits::Gate,
    messages,
    pages::views::{Ask, AskKind, CasePage, LookupPage, Photo, Step, StepKind},
    policy::{Policy, Rooms},
    problems::Answer,
};

#[derive(Debug, Deserialize)]
struct CodeQuery {
    #[serde(default)]
    code: String,
}

async fn lookup(call: Call, asked: Asked<CodeQuery>) -> Answer<Response> {
    call.rules()?;
    let typed = asked.0.code.trim().to_owned();
    let wrong = if typed.is_empty() {
        ""
    } else if normal_code(&typed).is_none() {
        "shape"
    } else {
        match acts::by_code(&call.app.engine, call.district(), &typed).await {
            Ok(_) => {
                let code = normal_code(&typed).unwrap_or_default();
                return Ok(Redirect::to(&format!("/{}/c/{code}", call.district())).into_response());
            }
            Err(problem) if problem.kind.status == 404 => "unknown",
            Err(problem) => return Err(problem.into()),
        }
    };
    let view = LookupPage {
        site: shared::site(&call, None)?,
        action: format!("/{}/lookup", call.district()),
        code: typed,
        wrong: wrong.into(),
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, call.page(&view)?).into_response())
}

#[derive(Debug, Deserialize)]
struct DoneQuery {
    done: Option<String>,
}

async fn page(call: Call, Path((_, code)): Path<(String, String)>, asked: Asked<DoneQuery>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let seen = acts::see_by_code(&call.app.engine, (*rules).clone(), &code, call.lang()).await?;
    let mut view = case_page(&call, &rules, &seen, asked.0.done.as_deref())?;
    view.looks = looks(&call, &rules, &seen).await?;
    call.page(&view)
}

/// Who opened the asker's number about this case, a line each: every look is shown to the person.
async fn looks(call: &Call, rules: &Rulebook, seen: &Seen) -> Answer<Vec<String>> {
    let (district, case, lang) = (call.district().to_owned(), seen.case.clone(), call.lang());
    let found = call.app.engine.read(move |db| messages::looks(db, &district, &case, lang)).await?;
    let line = |(at, actor, why): (Timestamp, String, String)| {
        let who = actor.parse().ok().and_then(|person| rules.directory.display(&person)).unwrap_or_default().to_owned();
        let at = shared::at(call, rules, at);
        lang.pick(&format!("{at} {who}，{why}"), &format!("{at} {who}, {why}")).to_owned()
    };
    Ok(found.into_iter().map(line).collect())
}

fn source_says(call: &Call, rules: &Rulebook, seen: &Seen) -> String {
    let lang = call.lang();
    let case = &seen.case;
    let by = case.entered_by.and_then(|p| rules.directory.display(&p)).unwrap_or_default();
    let place = rules.directory.places.get(&case.place).map(|p| p.name.clone()).unwrap_or_default();
    let asker = seen.asker.0.clone().unwrap_or_default();
    let how = match (lang, case.source.as_str(), by.is_empty()) {
        (kernel::Lang::Zh, "visit", false) => format!("{asker}在走访时说起，{by}代录"),
        (kernel::Lang::Zh, "phone", false) => format!("{asker}来电，{by}代录"),
        (kernel::Lang::Zh, "paper", false) => format!("{asker}递条子，{by}代录"),
        (kernel::Lang::Zh, _, false) => format!("{asker}当面说起，{by}代录"),
        (kernel::Lang::En, "visit", false) => format!("said on a visit, written down by {by}"),
        (kernel::Lang::En, _, false) => format!("written down by {by}"),
        _ => asker,
    };
    [place, how, shared::day(call, rules, case.reported_at)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// How a step is marked: moved days in straw, what went wrong in maple.
fn kind(step: &view::Step) -> StepKind {
    match step.act.as_str() {
        "case.fail" | "case.overdue" | "case.not_solved" | "case.reopen" => StepKind::Late,
        "case.hold" | "case.extended" => StepKind::Moved,
        "case.escalate" if step.by.is_empty() => StepKind::Late,
        _ => StepKind::Done,
    }
}

fn photo(base: &str, id: &kernel::id::ContentId, caption: &str) -> Photo {
    Photo {
        href: format!("{base}/photos/{id}"),
        thumb: format!("{base}/photos/{id}?small=1"),
        caption: caption.to_owned(),
    }
}

fn case_page(call: &Call, rules: &Rulebook, seen: &Seen, done: Option<&str>) -> Answer<CasePage> {
    let (lang, now) = (call.lang(), call.app.engine.now());
    let case = &seen.case;
    let code = acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce);
    let base = format!("/{}/c/{code}", call.district());
    let (before, after) = (lang.pick("之前", "before"), lang.pick("之后", "after"));
    let caption = |id: &kernel::id::ContentId| {
        seen.photos
            .iter()
            .find(|(p, _)| p == id)
            .map_or(before, |(_, kind)| if kind == "after" { after } else { before })
    };
    let next = shared::next(call, rules, case);
    let mut history: Vec<Step> = seen
        .story
        .iter()
        .map(|step| Step {
            at: shared::at(call, rules, step.at),
            text: shared::dates_apart(&step.says),
            kind: kind(step),
            why: step.reason.clone().filter(|_| matches!(kind(step), StepKind::Moved)).unwrap_or_default(),
            photos: step.photos.iter().map(|id| photo(&base, id, caption(id))).collect(),
        })
        .collect();
    let open = case.closed_at.is_none();
    if open && !next.is_empty() {
        history.push(Step {
            at: lang.pick("现在", "now").into(),
            text: next.clone(),
            kind: StepKind::Next,
            why: String::new(),
            photos: Vec::new(),
        });
    }
    let due = if open { case.promised_at.or(case.next_due()) } else { None };
    let mut site = shared::site(call, done)?;
    site.area = rules.directory.path_name(&case.place);
    Ok(CasePage {
        site,
        number: case.number.clone(),
        title: shared::title(rules, case, seen.text.as_deref(), lang),
        text: seen.text.clone().unwrap_or_default(),
        photos: seen
            .story
            .first()
            .map(|s| s.photos.iter().map(|id| photo(&base, id, caption(id))).collect())
            .unwrap_or_default(),
        meta: source_says(call, rules, seen),
        state: shared::state_chip(rules, case, lang),
        next: if open { next } else { String::new() },
        who: shared::who(rules, case),
        due: due.map(|due| shared::by(call, rules, due)).unwrap_or_default(),
        no_day: calendar::told(call, case)?,
        late: open && case.late(now),
        answer: seen.answer.clone().unwrap_or_default(),
        basis: if open { String::new() } else { seen.basis.clone().unwrap_or_default() },
        history,
        ask: ask(call, rules, seen, &base),
        slip_href: format!("{base}/slip"),
        looks: Vec::new(),
        seal: seen.seal.chars().take(16).collect(),
        code,
    })
}

/// The one question to the asker, as the flow allows it now.
fn ask(call: &Call, rules: &Rulebook, seen: &Seen, base: &str) -> Option<Ask> {
    let case = &seen.case;
    let caller = Caller::asker(call.district());
    let may = |word: &str| seen.moves(rules, &caller).iter().any(|mv| mv.id == word);
    let (kind, until) = if may("solved") {
        (AskKind::Rate, case.next_due())
    } else if may("reopen") {
        let window = i64::from(rules.directory.pack.meta.reopen_days) * DAY_MS;
        (AskKind::Reopen, case.closed_at.map(|at| at.plus_ms(window)))
    } else if may("appeal") {
        (AskKind::Appeal, None)
    } else {
        return None;
    };
    if kind == AskKind::Reopen && until.is_some_and(|until| until < call.app.engine.now()) {
        return None;
    }
    Some(Ask {
        kind,
        action: format!("{base}/word"),
        version: case.version,
        key: call.app.fresh_id(),
        until: until.map(|at| shared::day(call, rules, at)).unwrap_or_default(),
    })
}

/// The asker's word: solved or not, satisfied or not, begin again, disagree, take back.
async fn word(call: Call, Path((_, code)): Path<(String, String)>, form: Form) -> Answer<Redirect> {
    let rules = call.rules()?.clone();
    let case = acts::by_code(&call.app.engine, call.district(), &code).await?;
    let mv = form.text("move").to_owned();
    if !matches!(mv.as_str(), "solved" | "not_solved" | "reopen" | "appeal" | "retract") {
        return Err(Problem::new(&BAD_FIELD).with("field", "move").with("what", mv).into());
    }
    let solved = match form.text("solved") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let version = form.text("version").parse::<i64>().ok();
    let inputs = Inputs { reason: form.some("reason"), solved, satisfied: form.some("satisfied"), ..Inputs::default() };
    let parts = form.parts();
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let key = form.some("key").map(|key| Key::new(key, &parts));
    let caller = Caller::asker(call.district());
    acts::move_case(&call.app.engine, (*rules).clone(), &caller, case.id, &mv, version, inputs, key).await?;
    let done = match mv.as_str() {
        "reopen" | "not_solved" => "reopened",
        "appeal" => "appealed",
        _ => "word",
    };
    let code = acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce);
    Ok(Redirect::to(&format!("/{}/c/{code}?done={done}", call.district())))
}

#[derive(Debug, Deserialize)]
struct SizeQuery {
    small: Option<String>,
}

async fn picture(
    call: Call,
    Path((_, code, photo)): Path<(String, String, String)>,
    asked: Asked<SizeQuery>,
) -> Answer<Response> {
    let case = acts::by_code(&call.app.engine, call.district(), &code).await?;
    api::evidence::picture(&call, case.id.as_str(), &photo, asked.0.small.is_some()).await
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/{district}/lookup", Policy::Public, lookup)
        .gate(Gate::Lookup)
        .room(Method::GET, "/{district}/c/{code}", Policy::LookupCode, page)
        .gate(Gate::Lookup)
        .room(Method::POST, "/{district}/c/{code}/word", Policy::LookupCode, word)
        .gate(Gate::Lookup)
        .room(Method::GET, "/{district}/c/{code}/photos/{photo}", Policy::LookupCode, picture)
}
