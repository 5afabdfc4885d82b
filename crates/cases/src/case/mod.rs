//! The case: what somebody raised, who has it, where it stands, what was promised.
//!
//! `report` takes it in, `perform` moves it, `view` shows it. The rules are in `rules`, all SQL is
//! in `store`. A case's current state is the fold of its journal entries (I5).

mod aftermath;
mod effects;
mod perform;
mod report;
pub mod rules;
mod store;
mod tell;
#[cfg(test)]
mod tests;
mod timers;
pub(crate) mod words;

use commons::{
    people::{BodyId, HoldingId},
    place::PlaceId,
};
use kernel::{
    Timestamp,
    id::{ContentId, PersonId},
    typed_id,
    vault::ContentRef,
};

use crate::{clock::ClockRun, task::TaskId};

pub(crate) use aftermath::after_task;
pub use perform::{Moved, day, perform, relations};
pub(crate) use perform::{load, write};
pub(crate) use report::general_item;
pub use report::{Reported, report};
pub use store::{
    Filter, ListRow, STATEMENTS, external, fetch, fetch_by_lookup, fetch_by_number, figures, import_insert, list,
    merged_children, of_asker,
};
pub use tell::{SYSTEM_REASON, Told, staff_message};
pub(crate) use timers::ACKNOWLEDGE;
pub use timers::fire;

typed_id!(/// A case.
    CaseId);

/// Characters of a report's text.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Characters of a reason, answer or basis.
pub const NOTE_CHARS_MAX: usize = 1_000;
/// Photos with one report or move.
pub const PHOTOS_MAX: usize = 9;
/// Characters of an asker's name.
pub const NAME_CHARS_MAX: usize = 60;
/// Characters of a phone number as it is typed.
pub const PHONE_CHARS_MAX: usize = 40;
/// How a report comes, as people call it; any other plain word is taken as it is.
pub const SOURCES: &[(&str, &str)] = &[
    ("web", "网页"),
    ("visit", "走访"),
    ("in_person", "当面"),
    ("phone", "电话"),
    ("paper", "纸面"),
    ("meeting", "会议"),
    ("patrol", "巡查"),
    ("hotline", "热线"),
];
/// Characters of a word for a source or a way to hear.
pub const WORD_CHARS_MAX: usize = 24;
/// How an asker may want to hear, as people call it.
pub const ECHOES: &[(&str, &str)] =
    &[("sms", "短信"), ("call", "电话"), ("paper", "纸条"), ("page", "网页"), ("none", "不用")];
/// Tasks that one case may get, all rounds together.
pub const TASKS_MAX: usize = 300;
/// Bodies that one move may name.
pub const BODIES_MAX: usize = 20;

/// Where imported history came from; its clocks are the source's own.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The source's id.
    pub id: String,
    /// The department that had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The queue it stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The source's due time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The source's own flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
    /// Hash of the source's row, so that the same row is not imported twice.
    pub row: String,
}

/// A case as it stands. Every field changes only through journal entries.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// What people call it, as `LP-261120-7K3M`.
    pub number: String,
    /// Makes the look-up code differ when two would collide.
    pub lookup_nonce: i64,
    /// Where it is, as told.
    pub place: PlaceId,
    /// The grid it counts in.
    pub grid: PlaceId,
    /// Longitude and latitude, WGS-84, if a point was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<(f64, f64)>,
    /// Other places that the point is near to or also lies in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<PlaceId>,
    /// Item code.
    pub item: String,
    /// State of the flow.
    pub state: String,
    /// Counts its journal entries.
    pub version: i64,
    /// Counts how often it was begun: 1, and one more for every return after an answer.
    pub round: i64,
    /// How it came: `web`, `visit`, `counter`, `phone`, `paper`, `meeting`, `import` …
    pub source: String,
    /// The asker.
    pub asker: PersonId,
    /// True when the asker left no way to be reached and no name.
    pub anonymous: bool,
    /// Who entered it for the asker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_by: Option<PersonId>,
    /// How the asker wants to hear: `sms`, `call`, `paper`, `page`.
    pub echo: String,
    /// What was said.
    pub text: ContentId,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Who has it in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<HoldingId>,
    /// At which place that post is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_place: Option<PlaceId>,
    /// The body that leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_body: Option<BodyId>,
    /// Its task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_task: Option<TaskId>,
    /// The case it joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<CaseId>,
    /// Its clocks, in order of their start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockRun>,
    /// The day promised to the asker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<Timestamp>,
    /// Until when it is put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// Who worked on it in this round, and so may not judge it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handlers: Vec<PersonId>,
    /// Bodies whose people worked on it in this round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handler_bodies: Vec<BodyId>,
    /// Who judged it in this round.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judges: Vec<PersonId>,
    /// Who judged it in earlier rounds, and may not again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<PersonId>,
    /// How often each limited move was made in this round.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub made: std::collections::BTreeMap<String, u32>,
    /// Times it was sent back to be done again.
    pub rework: i64,
    /// Times a body returned it.
    pub returns: i64,
    /// When it was last said to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// When it came to rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// By which move it came to rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// The asker's first word: solved?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// The asker's second word: 满意, 基本满意, 不满意.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfied: Option<String>,
    /// What the asker was answered last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ContentRef>,
    /// What the closing rests on, in somebody's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<ContentRef>,
    /// Whether any clock of it ran over.
    pub overdue: bool,
    /// Where imported history came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl Case {
    /// The running clock that is due first.
    pub fn next_due(&self) -> Option<Timestamp> {
        crate::clock::rules::next_due(&self.clocks).map(|(_, due)| due)
    }

    /// True when a clock of it ran over, or runs over now.
    pub fn late(&self, now: Timestamp) -> bool {
        match &self.origin {
            Some(origin) => origin.due.is_some_and(|due| self.closed_at.unwrap_or(now) > due),
            None => self.overdue || self.clocks.iter().any(|run| run.name != "ask" && run.late(now)),
        }
    }
}

/// What comes with a report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The caller's own id for it.
    pub id: Option<CaseId>,
    /// Item code or name; the pack's general item without one.
    pub item: Option<String>,
    /// What is the matter.
    pub text: String,
    /// Longitude and latitude, WGS-84.
    pub point: Option<(f64, f64)>,
    /// Code, id or name of a place.
    pub place: Option<String>,
    /// The asker's name.
    pub name: Option<String>,
    /// The asker's phone.
    pub phone: Option<String>,
    /// The asker, when known already.
    pub asker: Option<PersonId>,
    /// How it came.
    pub source: String,
    /// How the asker wants to hear.
    pub echo: Option<String>,
    /// Photos, prepared: each with its thumbnail.
    pub photos: Vec<Photo>,
    /// When it was said, if not now.
    pub occurred_at: Option<Timestamp>,
}

/// A photo, re-encoded and without metadata, ready to be sealed.
#[derive(Debug, Clone)]
pub struct Photo {
    /// JPEG bytes.
    pub image: Vec<u8>,
    /// JPEG bytes of the small picture.
    pub thumb: Vec<u8>,
}

/// What comes with a move.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Why.
    pub reason: Option<String>,
    /// What the asker is told in the matter.
    pub answer: Option<String>,
    /// The duty, rule or check it rests on.
    pub basis: Option<String>,
    /// What a meeting is to talk about.
    pub topic: Option<String>,
    /// Another item.
    pub item: Option<String>,
    /// Another place.
    pub place: Option<String>,
    /// Bodies by id or name, or somebody's service name.
    pub to: Vec<String>,
    /// A day or moment: `2026-03-05`, `2026-03-05 17:00`, RFC 3339, or a limit such as `3 个工作日`.
    pub until: Option<String>,
    /// Number or id of another case.
    pub into: Option<String>,
    /// Photos, prepared.
    pub photos: Vec<Photo>,
    /// Photos that were stored before, by their content ids.
    pub evidence: Vec<ContentId>,
    /// Solved?
    pub solved: Option<bool>,
    /// Satisfied?
    pub satisfied: Option<String>,
}
