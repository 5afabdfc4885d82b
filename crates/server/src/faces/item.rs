//! One item in full, as staff see it: words, asker, photos, tasks, story, and every move that is theirs now.

use axum::{
    extract::Path,
    http::Method,
    response::{Html, Response},
};
use cases::{
    Rulebook,
    case::{self, Case, CaseId, Filter, rules},
    flow::Relation,
    task, view,
};
use kernel::{
    Problem,
    id::ContentId,
    problem::{NOT_FOUND, NOT_YOURS},
};
use serde::Deserialize;

use super::{
    fields::{Desk, Tried},
    shared,
    work::{self, Query, due_chip, href},
};
use crate::{
    acts::{self, Caller, Seen},
    api,
    body::Asked,
    call::Call,
    pages::views::{Chip, Photo, Proposed, StaffStep, Task, Tone, WorkItem},
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Cases of the same item in the same grid that are looked at.
const NEAR_ROWS_MAX: i64 = 50;

/// The case of an address.
///
/// # Errors
/// 404.1 for what can't be an id.
pub fn case_id(text: &str) -> Answer<CaseId> {
    text.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", text.chars().take(40).collect::<String>()).into())
}

/// How it came, as a half sentence; empty for a word of somebody's own.
fn came(source: &str, lang: kernel::Lang) -> &'static str {
    let (zh, en) = match source {
        "web" => ("在网页上说的", "told us on the web"),
        "in_person" | "counter" => ("当面说的", "told us in person"),
        "phone" => ("打电话说的", "called"),
        "paper" => ("递纸条说的", "left a note"),
        "visit" => ("走访时说的", "told us on a visit"),
        "meeting" => ("会上提的", "raised it at a meeting"),
        "patrol" => ("巡查时发现的", "found on a round"),
        "hotline" => ("热线转来的", "passed on by the hotline"),
        "import" => ("从原来的记录转入", "taken over from an earlier record"),
        _ => ("", ""),
    };
    lang.pick(zh, en)
}

/// The asker, masked, with how it came and who wrote it down.
fn asker(call: &Call, rules: &Rulebook, seen: &Seen) -> String {
    let lang = call.lang();
    let case = &seen.case;
    let who = shared::asker(&seen.asker, lang);
    let by = case.entered_by.and_then(|person| rules.directory.display(&person));
    let by = by.map(|by| lang.pick(&format!("{by}代录"), &format!("written down by {by}")).to_owned());
    let parts: Vec<String> = [Some(who), Some(came(&case.source, lang).to_owned()), by]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(lang.pick("，", ", "))
}

fn echo(case: &Case, lang: kernel::Lang) -> String {
    let (zh, en) = match case.echo.as_str() {
        "sms" => ("办好发短信告诉本人", "Send a text message when done"),
        "call" => ("办好打电话告诉本人", "Call when done"),
        "paper" => ("办好送纸条给本人", "Bring a note when done"),
        "none" => ("本人说不用告诉", "The person wants no word"),
        _ => ("", ""),
    };
    lang.pick(zh, en).to_owned()
}

/// Who is on duty there, who leads there, who has it in hand.
fn duty(call: &Call, rules: &Rulebook, case: &Case) -> String {
    let lang = call.lang();
    let directory = &rules.directory;
    let on = directory
        .on_duty(&case.place, call.app.engine.now())
        .and_then(|duty| directory.holdings.get(&duty.holding))
        .map(|h| h.display.clone());
    let lead =
        directory.bodies.values().find(|body| body.party && body.place == case.grid).map(|body| body.name.clone());
    let owner = view::in_hand(rules, case).0.filter(|owner| on.as_ref() != Some(owner));
    let said = |zh: &str, en: &str, who: Option<String>| {
        who.map(|who| lang.pick(&format!("{zh}：{who}。"), &format!("{en}: {who}. ")).to_owned())
    };
    [said("负责", "Answers for it", on), said("牵头", "Led by", lead), said("现在归", "In the hands of", owner)]
        .into_iter()
        .flatten()
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn photo(base: &str, id: &ContentId, kind: &str, lang: kernel::Lang) -> Photo {
    let caption = if kind == "after" { lang.pick("之后", "after") } else { lang.pick("之前", "before") };
    Photo {
        href: format!("{base}/photos/{id}"),
        thumb: format!("{base}/photos/{id}?small=1"),
        caption: caption.to_owned(),
    }
}

/// One step of the story for staff; `base` is the item's address.
pub fn staff_step(call: &Call, rules: &Rulebook, seen: &Seen, step: &view::Step, base: &str) -> StaffStep {
    let lang = call.lang();
    let kind =
        |id: &ContentId| seen.photos.iter().find(|(photo, _)| photo == id).map_or("before", |(_, kind)| kind.as_str());
    let asked = matches!(
        step.act.as_str(),
        "case.report" | "case.solved" | "case.not_solved" | "case.reopen" | "case.appeal" | "case.retract"
    );
    let by = match step.by.as_str() {
        "" if asked => lang.pick("反映的人", "the asker"),
        "" => lang.pick("到时间自动", "by itself, in time"),
        name => name,
    };
    StaffStep {
        at: shared::at(call, rules, step.at),
        by: by.to_owned(),
        text: shared::dates_apart(&step.says),
        note: step
            .reason
            .clone()
            .filter(|reason| !step.says.contains(reason.trim_end_matches(['。', '.'])))
            .unwrap_or_default(),
        photos: step.photos.iter().map(|id| photo(base, id, kind(id), lang)).collect(),
    }
}

/// What the rules propose, each with its reason, while nobody has it to do.
fn proposal(desk: &Desk<'_>) -> Vec<Proposed> {
    let (call, rules, case) = (desk.call, desk.rules, &desk.seen.case);
    let lang = call.lang();
    if !matches!(case.state.as_str(), "reported" | "checking" | "filed") {
        return Vec::new();
    }
    let Some(item) = desk.item() else { return Vec::new() };
    let name = lang.pick(&item.name, &item.name_en).to_owned();
    let why_item = lang.pick("记下时定的，可以改", "as it was written down; you may change it");
    let mut out = vec![Proposed { field: "item".into(), value: name.clone(), why: why_item.into() }];
    let bodies = desk.duty_bodies();
    let place = rules.directory.places.get(&case.grid).map(|p| p.name.clone()).unwrap_or_default();
    if let Some(body) = bodies.first().and_then(|id| rules.directory.bodies.get(id)) {
        let why = lang
            .pick(&format!("权责清单：{place}的“{name}”归它"), &format!("duty list: “{name}” in {place} is theirs"))
            .to_owned();
        out.push(Proposed { field: "body".into(), value: body.name.clone(), why });
    }
    if let Some((limit, due)) = desk.handled_by() {
        let value = [limit.words(lang == kernel::Lang::Zh), shared::by(call, rules, due)].join(lang.pick("，", ", "));
        let why = lang.pick("这个事项的期限，交办起算", "the item's limit, from the hand-over").to_owned();
        out.push(Proposed { field: "until".into(), value, why });
    }
    out
}

/// How other matters of the same kind in the same grid stand; empty when there are none.
async fn near(call: &Call, case: &Case) -> Answer<String> {
    let (district, filter, own) = (
        call.district().to_owned(),
        Filter { place: Some(case.grid), item: Some(case.item.clone()), ..Filter::default() },
        case.id,
    );
    let others = call.app.engine.read(move |db| Ok(case::list(db, &district, &filter, NEAR_ROWS_MAX)?)).await?;
    let others: Vec<&Case> = others.iter().filter(|other| other.id != own).collect();
    let open = others.iter().filter(|other| other.closed_at.is_none()).count();
    let closed = others.len() - open;
    if others.is_empty() {
        return Ok(String::new());
    }
    let (zh, en) = (
        format!("这个网格同类的事：在办 {open} 件，办过 {closed} 件。"),
        format!("Like matters in this grid: {open} open, {closed} closed."),
    );
    Ok(call.lang().pick(&zh, &en).to_owned())
}

/// Who may hold the look-up code: whoever may write for the asker and had no hand in the work.
/// With it one speaks as the asker, which a handler must not.
fn holds_code(rules: &Rulebook, caller: &Caller, seen: &Seen) -> bool {
    let unhandled = rules::relations(rules, caller.mover(), &seen.case, &seen.tasks).contains(&Relation::NotHandler);
    unhandled && rules::holds(rules, &caller.actor, &seen.case, &seen.tasks, "case.report_for")
}

/// The item as one person sees it; `tried` are values and faults of a move that was refused.
///
/// # Errors
/// Any store error.
pub async fn item(
    call: &Call,
    rules: &Rulebook,
    seen: &Seen,
    query: &Query,
    tried: Option<&Tried>,
) -> Answer<WorkItem> {
    let lang = call.lang();
    let case = &seen.case;
    let caller = Caller::of(call.actor.clone());
    let desk = Desk { call, rules, seen, caller: &caller, queue: &query.queue, tried };
    let base = format!("/{}/work/{}", call.district(), case.id);
    let open = case.closed_at.is_none();
    let moves = desk.case_forms();
    let tasks = seen.tasks.iter().rev().map(|one| task_view(&desk, one)).collect();
    let next = shared::next(call, rules, case);
    let led = seen.tasks.iter().any(|task| task.open() && task.kind == task::Kind::Lead);
    let waits = match case.state.as_str() {
        "handling" if led => next,
        _ if !moves.is_empty() => String::new(),
        "asking" => lang
            .pick("在等反映的人说：解决了没有、满不满意。", "The asker's word is awaited: solved, satisfied?")
            .to_owned(),
        "closed" => lang.pick("已经办结，没有要您做的。", "It is closed; nothing is asked of you.").to_owned(),
        _ => next,
    };
    let code = holds_code(rules, &caller, seen).then(|| {
        format!(
            "/{}/c/{}",
            call.district(),
            acts::code_of(&call.app.engine, call.district(), &case.id, case.lookup_nonce)
        )
    });
    Ok(WorkItem {
        number: case.number.clone(),
        title: shared::title(rules, case, seen.text.as_deref(), lang),
        asker: asker(call, rules, seen),
        echo: if open { echo(case, lang) } else { String::new() },
        at: shared::at(call, rules, case.reported_at),
        state: shared::state_chip(rules, case, lang),
        due: match super::queues::due_of(case).filter(|_| open) {
            None => work::no_day_chip(call, case),
            Some(due) => due_chip(call, rules, &case.state, due),
        },
        text: seen.text.clone().unwrap_or_default(),
        photos: seen
            .story
            .first()
            .map(|first| first.photos.iter().map(|id| photo(&base, id, "before", lang)).collect())
            .unwrap_or_default(),
        place: rules.directory.path_name(&case.place),
        landmark: String::new(),
        duty: duty(call, rules, case),
        proposal: proposal(&desk),
        tasks,
        history: seen.story.iter().rev().map(|step| staff_step(call, rules, seen, step, &base)).collect(),
        moves,
        waits,
        near: near(call, case).await?,
        public_href: code.clone().unwrap_or_default(),
        slip_href: code.map(|code| format!("{code}/slip")).unwrap_or_default(),
        back: href(
            &format!("/{}/work", call.district()),
            &[("queue", &query.queue), ("q", &query.q), ("place", &query.place), ("cursor", &query.cursor)],
        ),
    })
}

fn task_view(desk: &Desk<'_>, one: &task::Task) -> Task {
    let (call, rules) = (desk.call, desk.rules);
    let lang = call.lang();
    let directory = &rules.directory;
    let body = one.body.and_then(|id| directory.bodies.get(&id)).map(|body| body.name.clone());
    let holder = one.assignee.and_then(|id| directory.holdings.get(&id)).map(|h| h.display.clone());
    let word = rules
        .task_flow
        .state(&one.state)
        .map_or_else(|| one.state.clone(), |state| lang.pick(&state.zh, &state.en).to_owned());
    let tone = match one.state.as_str() {
        "done" => Tone::Done,
        "returned" => Tone::Soon,
        "withdrawn" => Tone::Plain,
        _ => Tone::Doing,
    };
    let asked = one.asked_until.as_ref().filter(|_| one.open()).map(|(until, ..)| {
        let until = shared::by(call, rules, *until);
        lang.pick(
            &format!("想延到{until}办好，等另一个人定。"),
            &format!("Asks for time ({until}); somebody else decides."),
        )
        .to_owned()
    });
    Task {
        body: body.or(holder).unwrap_or_default(),
        kind: one.kind.says(lang).to_owned(),
        state: Chip::new(word, tone),
        due: one.due().filter(|_| one.open()).and_then(|due| shared::due_chip(call, rules, due)),
        note: asked.unwrap_or_default(),
        moves: desk.task_forms(one),
    }
}

async fn open(call: Call, Path((_, id)): Path<(String, String)>, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let id = case_id(&id)?;
    let seen = acts::see(&call.app.engine, (*rules).clone(), Caller::of(call.actor.clone()), id, call.lang()).await?;
    let item = item(&call, &rules, &seen, &asked.0, None).await?;
    work::page(&call, &asked.0, Some((id.to_string(), item))).await
}

#[derive(Debug, Deserialize)]
struct SizeQuery {
    small: Option<String>,
}

async fn picture(
    call: Call,
    Path((_, id, photo)): Path<(String, String, String)>,
    asked: Asked<SizeQuery>,
) -> Answer<Response> {
    let rules = call.rules()?.clone();
    let seen =
        acts::see(&call.app.engine, (*rules).clone(), Caller::of(call.actor.clone()), case_id(&id)?, call.lang())
            .await?;
    if !rules::holds(&rules, &call.actor, &seen.case, &seen.tasks, "evidence.read") {
        return Err(Problem::new(&NOT_YOURS).with("permission", "evidence.read").into());
    }
    api::evidence::picture(&call, seen.case.id.as_str(), &photo, asked.0.small.is_some()).await
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new().room(Method::GET, "/{district}/work/{id}", Policy::Permission("case.read"), open).room(
        Method::GET,
        "/{district}/work/{id}/photos/{photo}",
        Policy::Permission("evidence.read"),
        picture,
    )
}
