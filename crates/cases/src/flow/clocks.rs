//! The part of the proof that is about clocks: what each can be doing in each state, over every path
//! through the flow. Clocks do not touch one another, so each is followed by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::check::Proof;
use super::{Clock, Flow, Move, State};

/// What a clock is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tick {
    Idle,
    Running,
    Paused,
}

/// What a clock can be doing in a state, by state id; a state without entry cannot be reached.
type Ticks<'a> = BTreeMap<&'a str, BTreeSet<Tick>>;

/// What `mv` makes of a clock that is doing `tick`.
fn after(mv: &Move, clock: Clock, tick: Tick) -> Tick {
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
fn follow(flow: &Flow, clock: Clock) -> Ticks<'_> {
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

impl Proof<'_> {
    /// Each state's clocks run there on every path, no other does, and none is begun twice.
    pub(super) fn clocks(&mut self) {
        for &clock in Clock::ALL {
            let word = clock.word();
            let found = follow(self.flow, clock);
            if let Some(start) = self.flow.state(&self.flow.start) {
                let begins = if self.flow.starts.contains(&clock) { Tick::Running } else { Tick::Idle };
                self.tick(start, clock, begins, start.line, "start");
            }
            for mv in &self.flow.moves {
                self.named_once(mv, clock);
                let ticks: BTreeSet<Tick> =
                    mv.from.iter().filter_map(|from| found.get(from.as_str())).flatten().copied().collect();
                if mv.clocks.start.contains(&clock) && ticks.iter().any(|tick| *tick != Tick::Idle) {
                    self.fault(
                        mv.line,
                        "clock_started_twice",
                        &format!("“{}”又起了一次“{word}”，它还没停；写 run，或先停。", mv.id),
                        &format!("“{}” starts “{word}” while it is under way; write run, or stop it before.", mv.id),
                    );
                }
                let ends =
                    [&mv.clocks.stop, &mv.clocks.pause, &mv.clocks.resume].iter().any(|list| list.contains(&clock));
                if ends && !ticks.is_empty() && ticks.iter().all(|tick| after(mv, clock, *tick) == *tick) {
                    self.fault(
                        mv.line,
                        "clock_idle",
                        &format!("“{}”动了“{word}”，可它在这里从来不走。", mv.id),
                        &format!("“{}” acts on “{word}”, which is never under way here.", mv.id),
                    );
                }
                for from in &mv.from {
                    let Some(target) = self.flow.state(mv.target(from)) else { continue };
                    for tick in found.get(from.as_str()).into_iter().flatten() {
                        self.tick(target, clock, after(mv, clock, *tick), mv.line, &mv.id);
                    }
                }
            }
        }
    }

    fn named_once(&mut self, mv: &Move, clock: Clock) {
        let changes = &mv.clocks;
        let lists = [&changes.start, &changes.stop, &changes.pause, &changes.resume, &changes.run];
        if lists.iter().flat_map(|list| list.iter()).filter(|named| **named == clock).count() > 1 {
            let (id, word) = (&mv.id, clock.word());
            self.fault(
                mv.line,
                "duplicate",
                &format!("“{id}”把“{word}”写了两次，分不清要它怎样。"),
                &format!("“{id}” names “{word}” twice, so it is not clear what it should do."),
            );
        }
    }

    /// One way of coming into `state` with `clock` doing `tick`.
    fn tick(&mut self, state: &State, clock: Clock, tick: Tick, line: u32, by: &str) {
        let (id, word) = (&state.id, clock.word());
        if state.clocks.contains(&clock) {
            if tick != Tick::Running {
                self.fault(
                    line,
                    "clock_not_running",
                    &format!("“{by}”走到“{id}”，“{word}”没在走，没人催得动。"),
                    &format!("“{by}” leads to “{id}” without “{word}” running, so nothing would fall due."),
                );
            }
        } else if tick == Tick::Running || (!state.open && tick == Tick::Paused) {
            self.fault(
                line,
                "clock_left_running",
                &format!("“{by}”走到“{id}”，“{word}”还没停。"),
                &format!("“{by}” leads to “{id}” and leaves “{word}” under way."),
            );
        }
    }
}
