//! The task: one body's part of a case, sent, acknowledged, done or returned.

pub(crate) mod perform;
mod store;
#[cfg(test)]
mod tests;

use commons::people::{BodyId, HoldingId};
use kernel::{Timestamp, id::PersonId, typed_id, vault::ContentRef};

use crate::{case::CaseId, clock::ClockRun};

pub use perform::{TaskMoved, insert_new, may, perform, settle};
pub(crate) use perform::{keep, stand_with};
pub use store::{STATEMENTS, fetch, of_bodies, of_case};

typed_id!(/// A task.
    TaskId);

/// What part a task is of its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 主办: answers for the whole.
    Lead,
    /// 协办: does a part.
    Assist,
    /// 吹哨: is called to the spot.
    Whistle,
}

impl Kind {
    /// Its word in rows and answers.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Lead => "lead",
            Kind::Assist => "assist",
            Kind::Whistle => "whistle",
        }
    }
    /// Its word for people.
    pub fn says(self, lang: kernel::Lang) -> &'static str {
        match self {
            Kind::Lead => lang.pick("主办", "lead"),
            Kind::Assist => lang.pick("协办", "assisting"),
            Kind::Whistle => lang.pick("吹哨", "called"),
        }
    }
}

/// A task as it stands.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Which task of its case it is, from 1: ids of one moment have no order.
    #[serde(default)]
    pub nth: i64,
    /// The case it is part of.
    pub case: CaseId,
    /// Which part.
    pub kind: Kind,
    /// The body that has it; none when a post-holder does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyId>,
    /// The post-holder who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<HoldingId>,
    /// Who gave it.
    pub given_by: String,
    /// State of the task flow.
    pub state: String,
    /// Counts its journal entries.
    pub version: i64,
    /// The case's round in which it was given.
    pub round: i64,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Its clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockRun>,
    /// When it was taken up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// True when it was ruled on and can't be returned.
    #[serde(default)]
    pub settled: bool,
    /// Until when more time was asked for, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_until: Option<(Timestamp, PersonId)>,
    /// Why more time was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_why: Option<ContentRef>,
    /// How often more time was asked for.
    #[serde(default)]
    pub extensions: u32,
    /// What the body said when it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ContentRef>,
}

impl Task {
    /// True while somebody still has to do something.
    pub fn open(&self) -> bool {
        self.state == "sent" || self.state == "acknowledged"
    }
    /// When it is due.
    pub fn due(&self) -> Option<Timestamp> {
        self.clocks.iter().rev().find(|run| run.name == "handle").and_then(|run| run.due)
    }
    /// Until when it must be taken up.
    pub fn acknowledge_by(&self) -> Option<Timestamp> {
        self.clocks.iter().rev().find(|run| run.name == "accept").and_then(|run| run.due)
    }
}
