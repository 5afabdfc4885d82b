//! Moments of a case that fall due: taking a late matter higher, closing by stated silence, going on after a pause.

use kernel::{
    Result, Tx,
    access::Actor,
    time::{Limit, LimitUnit, due},
    timer::{self, Timer},
};

use super::{Case, CaseId, Inputs, perform, rules::Mover, store, tell};
use crate::{Rulebook, clock, flow::Clock, task};

/// The running clock that is due first.
const CLOCK: &str = "case.clock";
/// The end of a hold.
const RESUME: &str = "case.resume";
/// A task nobody has taken up.
pub(crate) const ACKNOWLEDGE: &str = "task.acknowledge";

/// Sets, moves or takes back the timers of a case after a change.
pub(super) fn set(tx: &mut Tx<'_>, before: Option<&Case>, case: &Case) -> Result<()> {
    let id = case.id.as_str();
    let was = before.and_then(Case::next_due);
    match case.next_due() {
        Some(due) if was != Some(due) => timer::set(tx, CLOCK, "case", id, due)?,
        None if was.is_some() => timer::cancel(tx, CLOCK, "case", id)?,
        _ => {}
    }
    let held_before = before.and_then(|b| b.held_until);
    match case.held_until {
        Some(until) if held_before != Some(until) => timer::set(tx, RESUME, "case", id, until)?,
        None if held_before.is_some() => timer::cancel(tx, RESUME, "case", id)?,
        _ => {}
    }
    Ok(())
}

/// Does what a due timer stands for, and removes it.
///
/// # Errors
/// Any problem of the move it makes; the timer then stays and is tried again.
pub fn fire(tx: &mut Tx<'_>, rules: &Rulebook, timer: &Timer) -> Result<()> {
    let district = tx.district();
    timer::finish(tx, district, &timer.id)?;
    let nobody = Actor::anonymous(tx.district());
    let system = Mover::system(&nobody);
    if timer.kind == ACKNOWLEDGE {
        return match timer.subject_id.parse() {
            Ok(id) => task::perform::silent(tx, rules, &id),
            Err(_) => Ok(()),
        };
    }
    let Ok(id) = timer.subject_id.parse::<CaseId>() else {
        return Ok(());
    };
    let district = tx.district();
    let Some(case) = store::fetch(tx, district, &id)? else {
        return Ok(());
    };
    let now = tx.now();
    if timer.kind == RESUME {
        return match case.state.as_str() {
            "held" => perform::perform(tx, rules, system, &id, "resume", None, &Inputs::default()).map(|_| ()),
            _ => Ok(()),
        };
    }
    let Some((name, at)) = clock::rules::next_due(&case.clocks).map(|(name, at)| (name.to_owned(), at)) else {
        return Ok(());
    };
    if at > now {
        return Ok(timer::set(tx, CLOCK, "case", id.as_str(), at)?);
    }
    if name == Clock::Ask.word() {
        return perform::perform(tx, rules, system, &id, "close", None, &Inputs::default()).map(|_| ());
    }
    late(tx, rules, system, &case)
}

/// A clock ran over: the fact is recorded and the matter climbs, once for every further work day.
fn late(tx: &mut Tx<'_>, rules: &Rulebook, system: Mover<'_>, case: &Case) -> Result<()> {
    let now = tx.now();
    let top = case.owner_place == Some(*rules.directory.root())
        || rules.directory.on_duty_above(&case.owner_place.unwrap_or(case.grid), now).is_none();
    let can_climb = rules.case_flow.mv("escalate").is_some_and(|mv| mv.leaves(&case.state)) && !top;
    if can_climb {
        perform::perform(tx, rules, system, &case.id, "escalate", None, &Inputs::default())?;
    } else if !case.overdue {
        let mut after = case.clone();
        after.overdue = true;
        after.version += 1;
        perform::write(tx, case, &after, "overdue", serde_json::Map::new(), &serde_json::json!({}))?;
        tell::overdue(tx, rules, &after)?;
    }
    if can_climb {
        let one_day = Limit::new(1, LimitUnit::WorkDays).expect("a small amount");
        if let Ok(next) = due(&rules.directory.calendar, now, one_day, &[], &[]) {
            timer::set(tx, CLOCK, "case", case.id.as_str(), next)?;
        }
    }
    Ok(())
}
