//! What each clock can be doing in each state, over every path through the flow. Clocks do not
//! touch one another, so each is followed by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Clock, Flow, Move};

/// What a clock is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tick {
    Idle,
    Running,
    Paused,
}

/// What a clock can be doing in a state, by state id; a state without entry cannot be reached.
pub(super) type Ticks<'a> = BTreeMap<&'a str, BTreeSet<Tick>>;

/// What `mv` makes of a clock that is doing `tick`.
pub(super) fn after(mv: &Move, clock: Clock, tick: Tick) -> Tick {
    let changes = &mv.clocks;
    if changes.stop.contains(&clock) {
        Tick::Idle
    } else if changes.start.contains(&clock) || changes.run.contains(&clock) {
        Tick::Running
    } else if changes.pause.contains(&clock) && tick == Tick::Running {
        Tick::Paused
    } else if changes.resume.contains(&clock) && tick == Tick::Paused {
        Tick::Running
    } else {
        tick
    }
}

/// Follows one clock from the start to wherever the moves lead, until nothing new turns up.
pub(super) fn follow(flow: &Flow, clock: Clock) -> Ticks<'_> {
    let first = if flow.starts.contains(&clock) { Tick::Running } else { Tick::Idle };
    let mut found: Ticks<'_> = BTreeMap::new();
    let mut fresh = vec![(flow.start.as_str(), first)];
    while let Some((state, tick)) = fresh.pop() {
        if flow.state(state).is_none() || !found.entry(state).or_default().insert(tick) {
            continue;
        }
        for mv in flow.moves.iter().filter(|mv| mv.leaves(state)) {
            fresh.push((mv.target(state), after(mv, clock, tick)));
        }
    }
    found
}
