//! How moves change clocks. Pure.

use kernel::{
    Timestamp,
    time::{Limit, Pause, WorkCalendar, due},
};

use super::ClockRun;
use crate::flow::{Clock, ClockChanges};

/// Applies a move's changes to the clocks of a case or task.
///
/// `limit_of` gives the length of a clock that begins. A clock whose due time can't be computed
/// because the calendar lacks the year runs without one; that is shown, never guessed.
pub fn apply(
    clocks: &mut Vec<ClockRun>,
    changes: &ClockChanges,
    round: i64,
    limit_of: &dyn Fn(Clock) -> Limit,
    calendar: &WorkCalendar,
    now: Timestamp,
) {
    for clock in &changes.stop {
        if let Some(run) = current(clocks, *clock) {
            close_pause(run, now);
            run.stop = Some(now);
            recompute(run, calendar);
        }
    }
    for clock in &changes.pause {
        if let Some(run) = current(clocks, *clock).filter(|run| !run.paused()) {
            run.pauses.push(Pause { from: now, to: None });
            recompute(run, calendar);
        }
    }
    for clock in changes.resume.iter().chain(&changes.run) {
        if let Some(run) = current(clocks, *clock).filter(|run| run.paused()) {
            close_pause(run, now);
            recompute(run, calendar);
        }
    }
    let begins =
        changes.run.iter().filter(|clock| !clocks.iter().any(|run| run.under_way() && run.name == clock.word()));
    let begins: Vec<Clock> = changes.start.iter().chain(begins).copied().collect();
    for clock in begins {
        start(clocks, clock, round, limit_of(clock), calendar, now);
    }
}

/// Begins a clock.
pub fn start(
    clocks: &mut Vec<ClockRun>,
    clock: Clock,
    round: i64,
    limit: Limit,
    calendar: &WorkCalendar,
    now: Timestamp,
) {
    let mut run = ClockRun {
        name: clock.word().to_owned(),
        round,
        limit,
        start: now,
        pauses: Vec::new(),
        extensions: Vec::new(),
        stop: None,
        due: None,
    };
    recompute(&mut run, calendar);
    clocks.push(run);
}

/// The run of a clock that is under way.
pub fn current(clocks: &mut [ClockRun], clock: Clock) -> Option<&mut ClockRun> {
    clocks.iter_mut().rev().find(|run| run.under_way() && run.name == clock.word())
}

/// Lets a run stand still, or go on, as another one does.
pub fn follow(run: &mut ClockRun, paused: bool, calendar: &WorkCalendar, now: Timestamp) -> bool {
    match (run.paused(), paused) {
        (false, true) => run.pauses.push(Pause { from: now, to: None }),
        (true, false) => close_pause(run, now),
        _ => return false,
    }
    recompute(run, calendar);
    true
}

fn close_pause(run: &mut ClockRun, now: Timestamp) {
    if let Some(pause) = run.pauses.last_mut().filter(|p| p.to.is_none()) {
        pause.to = Some(now);
    }
}

/// Computes the due time again from what is stored (I6).
pub fn recompute(run: &mut ClockRun, calendar: &WorkCalendar) {
    run.due = due(calendar, run.start, run.limit, &run.pauses, &run.extensions).ok();
}

/// The running clock that is due first; none while all stand still.
pub fn next_due(clocks: &[ClockRun]) -> Option<(&str, Timestamp)> {
    clocks
        .iter()
        .filter(|run| run.under_way() && !run.paused())
        .filter_map(|run| Some((run.name.as_str(), run.due?)))
        .min_by_key(|(_, due)| *due)
}
