//! What a task's move means for its case: done parts lead to the check, returns come back to the dispatcher.

use kernel::{Result, Tx};
use serde_json::{Map, Value, json};

use super::{Case, Inputs, effects, perform, rules, tell, words};
use crate::{
    Rulebook, clock,
    flow::{Clock, Effect, Move},
    task::{self, Kind, Task},
};

/// Returns by those who were to lead, in one round, after which somebody settles whose it is.
pub(super) const RETURNS_BEFORE_RULING: usize = 2;

/// Carries a task's move over to its case, in the same command.
pub(crate) fn after_task(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    task: Task,
    inputs: &Inputs,
    until: Option<kernel::Timestamp>,
) -> Result<()> {
    let loaded = perform::load(tx, rulebook, &task.case)?;
    let before = loaded.case.clone();
    match mv.id.as_str() {
        "done" => done(tx, rulebook, mover, mv, loaded, &task, inputs),
        "return" => {
            let mut case = before.clone();
            case.returns += 1;
            let_go(&mut case, &task);
            if task.kind == Kind::Lead && returned(&case, &loaded.tasks) >= RETURNS_BEFORE_RULING {
                effects::climb_to_ruling(rulebook, &mut case, tx.now());
            }
            let case = noted(tx, rulebook, &before, case, "returned", &task, Map::new())?;
            tell::task_moved(tx, rulebook, mv, &case, &task, inputs, None)?;
            let next =
                if case.owner == before.owner { "请重新交办或请人裁定" } else { "请您裁定归谁办" };
            let body = tell::doer(rulebook, &task).unwrap_or_default();
            let text = format!("{body}退回{}。{next}。", tell::ground(inputs));
            tell::task_noted(tx, rulebook, mover, &case, &task, mv, &text)?;
            rest_done(tx, rulebook, &case.id)
        }
        "withdraw" => {
            let mut case = before.clone();
            let_go(&mut case, &task);
            let case = noted(tx, rulebook, &before, case, "withdrawn", &task, Map::new())?;
            tell::task_moved(tx, rulebook, mv, &case, &task, inputs, None)?;
            tell::taken_back(tx, rulebook, &case, &task, inputs.reason.as_deref())?;
            rest_done(tx, rulebook, &case.id)
        }
        _ if mv.effects.contains(&Effect::ExtendGranted) => extended(tx, rulebook, mover, mv, before, task),
        _ => {
            tell::task_moved(tx, rulebook, mv, &before, &task, inputs, until)?;
            let until = until.map(|at| format!("到 {}", tell::when(rulebook, at, tx.now(), kernel::Lang::Zh)));
            let body = tell::doer(rulebook, &task).unwrap_or_default();
            let text = format!("{body}{}{}{}。", mv.zh, until.unwrap_or_default(), tell::ground(inputs));
            if mv.effects.contains(&Effect::ExtendAsked) {
                tell::extension_asked(tx, rulebook, mover, &before, &task, &text)
            } else if mv.effects.contains(&Effect::ExtendRefused) {
                tell::task_noted(tx, rulebook, mover, &before, &task, mv, &text)
            } else {
                Ok(())
            }
        }
    }
}

/// Nobody leads any more when the one who did gave it back.
fn let_go(case: &mut Case, task: &Task) {
    if case.lead_task == Some(task.id) {
        case.lead_task = None;
        case.lead_body = None;
    }
}

/// Returns in this round by those who were to lead.
pub(super) fn returned(case: &Case, tasks: &[Task]) -> usize {
    tasks.iter().filter(|t| t.kind == Kind::Lead && t.state == "returned" && t.round == case.round).count()
}

/// True when the one who leads is done and nobody else still has a part to do. A call is not a part
/// beside a lead; where nobody was to lead, those who were called did what there was to do.
fn complete(case: &Case, tasks: &[Task]) -> bool {
    let here = || tasks.iter().filter(|t| t.round == case.round);
    let open = |t: &Task| t.open();
    let whole = match case.lead_task {
        Some(id) => {
            tasks.iter().any(|t| t.id == id && t.state == "done") && !here().any(|t| open(t) && t.kind != Kind::Whistle)
        }
        None => {
            let called = |t: &Task| t.kind == Kind::Whistle && t.state == "done";
            here().any(called) && !here().any(|t| open(t) || t.kind == Kind::Lead)
        }
    };
    case.state == "handling" && whole
}

fn done(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    loaded: perform::Loaded,
    task: &Task,
    inputs: &Inputs,
) -> Result<()> {
    if task.kind == Kind::Lead {
        perform::photos_there(rulebook, &loaded.item, inputs)?;
    }
    let finish = rulebook
        .case_flow
        .mv("finish")
        .filter(|mv| complete(&loaded.case, &loaded.tasks) && mv.leaves(&loaded.case.state));
    if let Some(finish) = finish {
        // The last required part is done: the case is checked by somebody else.
        let mover = rules::Mover { system: true, asker: false, ..mover };
        return perform::step(tx, rulebook, mover, finish, loaded, inputs).map(|_| ());
    }
    let before = loaded.case;
    let mut case = before.clone();
    if let Some(person) = mover.actor.person.filter(|p| !case.handlers.contains(p)) {
        case.handlers.push(person);
    }
    if let Some(body) = task.body.filter(|b| !case.handler_bodies.contains(b)) {
        case.handler_bodies.push(body);
    }
    let key = words::asker_key(tx, &case)?;
    // The words stand with the task; the pictures belong to the whole matter.
    let pictures = Inputs { photos: inputs.photos.clone(), evidence: inputs.evidence.clone(), ..Inputs::default() };
    let texts = words::sealed(tx, key.as_ref(), mover.actor, &case.id, &pictures, "after")?;
    let case = noted(tx, rulebook, &before, case, "part_done", task, texts)?;
    tell::task_moved(tx, rulebook, mv, &case, task, inputs, None)?;
    let text = format!("{}说他们那一份办好了。", tell::doer(rulebook, task).unwrap_or_default());
    tell::task_noted(tx, rulebook, mover, &case, task, mv, &text)
}

/// Finishes a matter whose last open part was given back or taken back after everybody else was done.
fn rest_done(tx: &mut Tx<'_>, rulebook: &Rulebook, id: &super::CaseId) -> Result<()> {
    let loaded = perform::load(tx, rulebook, id)?;
    let Some(finish) = rulebook
        .case_flow
        .mv("finish")
        .filter(|mv| complete(&loaded.case, &loaded.tasks) && mv.leaves(&loaded.case.state))
    else {
        return Ok(());
    };
    let said = loaded.tasks.iter().find(|t| Some(t.id) == loaded.case.lead_task).and_then(|t| t.answer.clone());
    let (keys, district) = (tx.keys(), tx.district());
    let answer = match said {
        Some(content) => {
            kernel::vault::content(tx, keys, district, &content.id)?.and_then(|bytes| String::from_utf8(bytes).ok())
        }
        None => None,
    };
    // Without an answer that can be read, the owner says how it ended.
    if answer.is_none() {
        return Ok(());
    }
    let nobody = kernel::access::Actor::anonymous(district);
    let inputs = Inputs { answer, ..Inputs::default() };
    perform::step(tx, rulebook, rules::Mover::system(&nobody), finish, loaded, &inputs).map(|_| ())
}

fn part(rulebook: &Rulebook, task: &Task) -> serde_json::Value {
    json!({ "body": tell::doer(rulebook, task), "task": task.id, "kind": task.kind.word() })
}

fn noted(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    before: &Case,
    mut case: Case,
    what: &str,
    task: &Task,
    texts: Map<String, Value>,
) -> Result<Case> {
    case.version = before.version + 1;
    let args = part(rulebook, task);
    perform::write(tx, before, &case, what, texts, &args)?;
    Ok(case)
}

/// More time was granted by another person: the promised day moves once, and the asker is told why.
fn extended(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    before: Case,
    mut task: Task,
) -> Result<()> {
    let Some((until, _)) = task.asked_until.take() else {
        return Ok(());
    };
    let why = task.asked_why.take();
    let calendar = &rulebook.directory.calendar;
    let mut case = before.clone();
    for clocks in [&mut case.clocks, &mut task.clocks] {
        if let Some(run) = clock::rules::current(clocks, Clock::Handle)
            && let Some(extra) = run.due.and_then(|due| extra(due, until))
        {
            run.extensions.push(extra);
            clock::rules::recompute(run, calendar);
        }
    }
    case.promised_at = rules::promised(&case);
    case.version = before.version + 1;
    task::keep(tx, &mut task)?;
    let most = rulebook.task_flow.mv("extend").and_then(|mv| mv.times);
    let mut args = part(rulebook, &task);
    args["until"] = json!(case.promised_at);
    args["promised_before"] = json!(before.promised_at);
    args["times"] = json!(task.extensions.to_string());
    args["times_max"] = json!(most.map(|n| n.to_string()));
    let mut texts = Map::new();
    if let Some(why) = &why {
        texts.insert("reason".into(), json!(why));
    }
    perform::write(tx, &before, &case, "extended", texts, &args)?;
    let mut facts = std::collections::BTreeMap::from([("times", task.extensions.to_string())]);
    if let Some(most) = most {
        facts.insert("times_max", most.to_string());
    }
    if let Some(at) = case.promised_at {
        facts.insert("until", tell::when(rulebook, at, tx.now(), kernel::Lang::Zh));
    }
    let (keys, district) = (tx.keys(), tx.district());
    if let Some(reason) = why.map(|why| crate::view::text(tx, keys, district, &why.id)).transpose()?.flatten() {
        facts.insert("reason", reason);
    }
    let key = words::asker_key(tx, &case)?;
    let sentence = crate::flow::render(&mv.tell.zh, &facts);
    tell::to_askers(tx, rulebook, &case, key.as_ref(), "extended", &sentence)?;
    tell::task_noted(tx, rulebook, mover, &case, &task, mv, &format!("{}：{sentence}", mv.zh))
}

/// From the old promise to the new one as a limit that can be computed again: whole hours, rounded
/// up, so that what is told is never earlier than what was granted.
fn extra(due: kernel::Timestamp, until: kernel::Timestamp) -> Option<kernel::time::Limit> {
    use kernel::time::{DAY_MS, HOUR_MS, Limit, LimitUnit};
    let ms = until.ms() - due.ms();
    let (amount, unit) = if ms > 0 && ms % DAY_MS == 0 {
        (ms / DAY_MS, LimitUnit::CalendarDays)
    } else {
        ((ms + HOUR_MS - 1) / HOUR_MS, LimitUnit::UrgentHours)
    };
    u32::try_from(amount).ok().filter(|n| *n > 0).and_then(|n| Limit::new(n, unit).ok())
}
