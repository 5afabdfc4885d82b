//! The flow: which states a case or a task has, how it moves between them, who may, what is
//! required, which clock runs and what the asker is told. All of it is ONE table of data (TOML),
//! read by [`Flow::parse`] and proven by [`check`]; a district changes the table, not the code.
//!
//! Here belongs: the table, its proof and its sentences. Not here: applying a move (that is the
//! case's own rules), lengths of limits (the catalogue) and anything that reads a clock or a row.
//! The format and every fault are described in `docs/flows.md`.

mod check;
mod clocks;
mod effects;
mod fair;
mod parse;
mod said;
mod standard;
mod tell;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use serde::Serialize;

pub use check::check;
pub use standard::{standard_case, standard_task};
pub use tell::{SlotUse, render, slots};
pub use words::{Clock, Effect, FAULT_CODES, Need, PERMISSIONS, Relation, Slot, Subject, Tone};

/// Largest flow table accepted.
pub const FLOW_BYTES_MAX: usize = 256 * 1024;
/// Most states in one flow.
pub const STATES_MAX: usize = 64;
/// Most moves in one flow.
pub const MOVES_MAX: usize = 256;
/// Longest Chinese sentence, in characters.
pub const ZH_CHARS_MAX: usize = 80;
/// Longest English sentence, in characters.
pub const EN_CHARS_MAX: usize = 200;

/// One text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Chinese, said first.
    pub zh: String,
    /// English, saying the same.
    pub en: String,
}

impl Words {
    /// Whether either language is missing.
    pub fn lacks(&self) -> bool {
        self.zh.trim().is_empty() || self.en.trim().is_empty()
    }
}

/// A state of the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// The word used by the API and in rows.
    pub id: String,
    /// The word said to people, Chinese.
    pub zh: String,
    /// The word said to people, English.
    pub en: String,
    /// Whether somebody still has to do something.
    pub open: bool,
    /// A closed state that nothing leaves, on purpose. Every other closed state has a way back.
    #[serde(rename = "final")]
    pub last: bool,
    /// The clocks that run here; every other clock does not (it may be paused while open).
    pub clocks: Vec<Clock>,
    /// What this state means to the asker, in one sentence. May hold placeholders.
    pub says: Words,
    /// Who is next and by when. May hold placeholders.
    pub next: Words,
    /// The line of its id in the table.
    #[serde(skip)]
    pub line: u32,
}

/// What a move does to the clocks. A clock stands at most once in a move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClockChanges {
    /// Begin from nought; a fault where the clock may already be under way.
    pub start: Vec<Clock>,
    /// End, whether running or paused; a clock that does not run stays as it is.
    pub stop: Vec<Clock>,
    /// Running becomes paused; anything else stays as it is.
    pub pause: Vec<Clock>,
    /// Paused becomes running with what was left; anything else stays as it is.
    pub resume: Vec<Clock>,
    /// Running afterwards whatever was before: begin, go on after a pause, or simply keep running.
    /// A clock that runs already is never set back.
    pub run: Vec<Clock>,
}

/// A move of the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The word used by the API.
    pub id: String,
    /// The action word, Chinese. Several moves may share it when they leave different states.
    pub zh: String,
    /// The action word, English.
    pub en: String,
    /// States it leaves.
    pub from: Vec<String>,
    /// State it reaches, or `=` for staying.
    pub to: String,
    /// The permission word that admits people to it; without one only asker or system move.
    pub permission: Option<String>,
    /// How the mover must stand to the matter.
    pub who: Vec<Relation>,
    /// What must come with it.
    pub requires: Vec<Need>,
    /// What it does to the clocks.
    pub clocks: ClockChanges,
    /// What code does in the same write.
    pub effects: Vec<Effect>,
    /// Begins a new round of the matter.
    pub round: bool,
    /// How often in one round at most; `None`: no limit of its own.
    pub times: Option<u32>,
    /// How far ahead `until` may lie, in calendar days.
    pub longest_days: Option<u32>,
    /// The move that a "not solved" leads to: made INSTEAD of this one if this one changes the
    /// state, made AFTER it if this one stays (`=`).
    pub unsolved: Option<String>,
    /// What the asker is told. May hold placeholders.
    pub tell: Words,
    /// The words on the button; empty for moves that only the system makes.
    pub button: Words,
    /// How the button looks.
    pub tone: Tone,
    /// The line of its id in the table.
    #[serde(skip)]
    pub line: u32,
}

/// A whole flow, as read from its table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Name of the flow.
    pub id: String,
    /// What goes through it.
    pub subject: Subject,
    /// The state everything begins in.
    pub start: String,
    /// The clocks that start with it.
    pub starts: Vec<Clock>,
    /// The states, in the order people read them.
    pub states: Vec<State>,
    /// The moves, in the order buttons are shown.
    pub moves: Vec<Move>,
    /// The file it was read from, for faults.
    #[serde(skip)]
    pub file: String,
}

/// Something wrong with a flow table, with where it stands and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowFault {
    /// The file as it was named to [`Flow::parse`].
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// A stable word, listed in `docs/flows.md`.
    pub code: &'static str,
    /// What is wrong and what to do, Chinese then English.
    pub message: String,
}

impl Move {
    /// Whether it leaves `state`.
    pub fn leaves(&self, state: &str) -> bool {
        self.from.iter().any(|from| from == state)
    }

    /// The state reached from `state`.
    pub fn target<'a>(&'a self, state: &'a str) -> &'a str {
        if self.to == "=" { state } else { &self.to }
    }

    /// Whether somebody may make it. `holds_permission`: a grant of [`Self::permission`] covers the
    /// matter. `relations`: everything that is true of the mover (`Any` need not be given).
    ///
    /// The system comes in only by `system`. A person comes in as the `asker` where that is
    /// listed, or by the permission; by the permission one of `owner`, `task_body`, `dispatcher`
    /// must also be true if any of them is listed. `not_handler` then binds both.
    pub fn admits(&self, holds_permission: bool, relations: &[Relation]) -> bool {
        let lists = |relation| self.who.contains(&relation);
        let is = |relation| relations.contains(&relation);
        if is(Relation::System) {
            return lists(Relation::System);
        }
        if lists(Relation::NotHandler) && !is(Relation::NotHandler) {
            return false;
        }
        let narrowing = [Relation::Owner, Relation::TaskBody, Relation::Dispatcher];
        let narrowed = narrowing.into_iter().any(lists);
        let by_asking = lists(Relation::Asker) && is(Relation::Asker);
        let by_permission = holds_permission
            && self.permission.is_some()
            && (!narrowed || narrowing.into_iter().any(|one| lists(one) && is(one)));
        by_asking || by_permission
    }

    /// The needs that `given` does not meet, in the order of the table.
    pub fn missing(&self, given: &BTreeSet<Need>) -> Vec<Need> {
        self.requires.iter().copied().filter(|need| !given.contains(need)).collect()
    }

    /// Whether no person ever makes it.
    pub fn system_only(&self) -> bool {
        self.permission.is_none() && self.who == [Relation::System]
    }
}

impl Flow {
    /// The move called `id`.
    pub fn mv(&self, id: &str) -> Option<&Move> {
        self.moves.iter().find(|mv| mv.id == id)
    }

    /// The state called `id`.
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    /// The state by its Chinese word.
    pub fn state_zh(&self, word: &str) -> Option<&State> {
        self.states.iter().find(|state| state.zh == word)
    }

    /// Every move with this Chinese action word; more than one when they leave different states.
    pub fn by_action_zh(&self, word: &str) -> Vec<&Move> {
        self.moves.iter().filter(|mv| mv.zh == word).collect()
    }

    /// The move with this Chinese action word that leaves `state`; the check proves there is at
    /// most one.
    pub fn action_from(&self, state: &str, word: &str) -> Option<&Move> {
        self.moves.iter().find(|mv| mv.zh == word && mv.leaves(state))
    }

    /// Every move that leaves `state`, in the order of the table.
    pub fn allowed(&self, state: &str) -> Vec<&Move> {
        self.moves.iter().filter(|mv| mv.leaves(state)).collect()
    }
}
