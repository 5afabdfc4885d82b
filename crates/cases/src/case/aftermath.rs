//! What a task's move means for its case: done parts lead to the check, returns come back to the dispatcher.

use kernel::{Result, Tx};
use serde_json::{Map, json};

use super::{Case, Inputs, effects, perform, rules, tell};
use crate::{
    Rulebook, clock,
    flow::{Clock, Effect, Move},
    task::{self, Kind, Task},
};

/// Returns of one matter after which an adjudicator settles whose it is.
const RETURNS_BEFORE_RULING: i64 = 2;

/// Carries a task's move over to its case, in the same command.
pub(crate) fn after_task(tx: &mut Tx<'_>, rulebook: &Rulebook, mover: rules::Mover<'_>, mv: &Move, task: Task, inputs: &Inputs) -> Result<()> {
    let loaded = perform::load(tx, rulebook, &task.case)?;
    let before = loaded.case.clone();
    match mv.id.as_str() {
        "done" => done(tx, rulebook, mover, loaded, &task, inputs),
        "return" => {
            let mut case = before.clone();
            case.returns += 1;
            if task.kind == Kind::Lead {
                case.lead_task = None;
            }
            if case.returns >= RETURNS_BEFORE_RULING {
                effects::climb(rulebook, &mut case, tx.now());
            }
            noted(tx, rulebook, &before, case, "returned", &task)
        }
        "withdraw" => {
            let mut case = before.clone();
            if case.lead_task == Some(task.id) {
                case.lead_task = None;
                case.lead_body = None;
            }
            noted(tx, rulebook, &before, case, "withdrawn", &task)
        }
        _ if mv.effects.contains(&Effect::ExtendGranted) => extended(tx, rulebook, before, task),
        _ => Ok(()),
    }
}

fn done(tx: &mut Tx<'_>, rulebook: &Rulebook, mover: rules::Mover<'_>, loaded: perform::Loaded, task: &Task, inputs: &Inputs) -> Result<()> {
    let before = loaded.case.clone();
    let mut case = before.clone();
    if let Some(person) = mover.actor.person.filter(|p| !case.handlers.contains(p)) {
        case.handlers.push(person);
    }
    if let Some(body) = task.body.filter(|b| !case.handler_bodies.contains(b)) {
        case.handler_bodies.push(body);
    }
    let waiting = loaded.tasks.iter().any(|t| t.id != task.id && t.open() && t.kind != Kind::Whistle);
    let lead_done = task.kind == Kind::Lead || loaded.tasks.iter().any(|t| t.kind == Kind::Lead && t.state == "done" && t.round == case.round);
    if waiting || !lead_done || case.state != "handling" {
        return noted(tx, rulebook, &before, case, "part_done", task);
    }
    // The last required part is done: the case is checked by somebody else.
    let finish = rulebook.case_flow.mv("finish").cloned();
    let Some(finish) = finish.filter(|mv| mv.leaves(&case.state)) else {
        return noted(tx, rulebook, &before, case, "part_done", task);
    };
    case.version = before.version + 1;
    perform::write(tx, &before, &case, "part_done", Map::new(), &part(rulebook, task))?;
    let nobody = kernel::access::Actor::anonymous(tx.district());
    let loaded = perform::Loaded { case, ..loaded };
    perform::step(tx, rulebook, rules::Mover::system(&nobody), &finish, loaded, inputs).map(|_| ())
}

fn part(rulebook: &Rulebook, task: &Task) -> serde_json::Value {
    let body = task.body.and_then(|b| rulebook.directory.bodies.get(&b)).map(|b| b.name.clone());
    let holder = tell::holder(rulebook, task.assignee);
    json!({ "body": body.or(holder), "task": task.id, "kind": task.kind.word() })
}

fn noted(tx: &mut Tx<'_>, rulebook: &Rulebook, before: &Case, mut case: Case, what: &str, task: &Task) -> Result<()> {
    case.version = before.version + 1;
    let args = part(rulebook, task);
    perform::write(tx, before, &case, what, Map::new(), &args)?;
    if what == "returned"
        && let Some(holding) = case.owner.and_then(|id| rulebook.directory.holdings.get(&id))
    {
        let body = args["body"].as_str().unwrap_or_default();
        let text = format!("{}：{body}退回，请重新交办或请人裁定。", case.number);
        tell::staff_message(tx, &holding.person, ("case", case.id.as_str()), &format!("returned.{}.{}", case.id, case.version), &text)?;
    }
    Ok(())
}

/// More time was granted by another person: the promised day moves once, and the asker is told why.
fn extended(tx: &mut Tx<'_>, rulebook: &Rulebook, before: Case, mut task: Task) -> Result<()> {
    let Some((until, _)) = task.asked_until.take() else {
        return Ok(());
    };
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
    let args = json!({ "until": case.promised_at, "promised_before": before.promised_at, "times": task.extensions });
    perform::write(tx, &before, &case, "extended", Map::new(), &args)?;
    let key = kernel::vault::key_in(tx, &case.asker)?;
    let day = case.promised_at.map(|at| tell::when(rulebook, at, tx.now(), kernel::Lang::Zh)).unwrap_or_default();
    tell::to_asker(tx, &case, &key, "extended", &format!("答应的日子改到 {day}，这是第 {} 次，最多 2 次。", task.extensions))?;
    Ok(())
}

/// The whole days, or else hours, between the old promise and the new one, as a limit that can be computed again.
fn extra(due: kernel::Timestamp, until: kernel::Timestamp) -> Option<kernel::time::Limit> {
    use kernel::time::{DAY_MS, HOUR_MS, Limit, LimitUnit};
    let ms = until.ms() - due.ms();
    let (amount, unit) = if ms > 0 && ms % DAY_MS == 0 { (ms / DAY_MS, LimitUnit::CalendarDays) } else { ((ms + HOUR_MS - 1) / HOUR_MS, LimitUnit::UrgentHours) };
    u32::try_from(amount).ok().filter(|n| *n > 0).and_then(|n| Limit::new(n, unit).ok())
}
