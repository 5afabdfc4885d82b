//! A meeting 议事: who called it, who sat there, what was on the table, what was decided.
//!
//! A topic may be a case, which is thereby put to the meeting 上会. A decision has a lead 牵头,
//! performers 承办, a supervisor 监督 and a day; handing over 交办 moves its case, or opens one
//! when the topic has none, in the same command. How far a decision is, is how far its case is:
//! nothing is kept twice. A meeting of a party organisation is called in its name by whoever
//! writes it down; the moves of cases rest on that person's own permissions.
//!
//! All words are sealed: those about a case with its asker's key, the rest with a key made for the
//! meeting. Names of residents stand in one sealed list that only staff see.

mod act;
mod call;
mod decide;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;
mod view;

use cases::case::CaseId;
use commons::{
    people::{BodyId, HoldingId},
    place::PlaceId,
};
use kernel::{
    Timestamp,
    id::{ContentId, PersonId},
    typed_id,
};

pub use act::{close, record};
pub use call::{Held, call, hold};
pub use decide::{Decided, decide};
pub use rules::{DecisionKind, Present, Status, Who};
pub use store::{Filter, STATEMENTS, decisions, decisions_of_case, fetch, topics};
pub use view::{DecisionView, MeetingRow, MeetingView, Progress, TopicView, kind_says, list, public_view, view};

typed_id!(/// A meeting.
    MeetingId);
typed_id!(/// One topic of a meeting.
    TopicId);
typed_id!(/// One decision of a meeting.
    DecisionId);

/// Characters of a kind, a title, a room or a topic.
pub const LINE_CHARS_MAX: usize = 120;
/// Characters of a decision, or of the list of who was present.
pub const TEXT_CHARS_MAX: usize = 500;
/// Characters of the minutes.
pub const MINUTES_CHARS_MAX: usize = 10_000;
/// Topics of one meeting.
pub const TOPICS_MAX: usize = 30;
/// Decisions of one meeting.
pub const DECISIONS_MAX: usize = 60;
/// Entries in the list of who was present.
pub const PRESENT_MAX: usize = 100;
/// Meetings listed at once.
pub const LISTED_ROWS_MAX: i64 = 200;

/// A meeting as it is called.
#[derive(Debug, Clone, Default)]
pub struct NewMeeting {
    /// The caller's own id for it, a UUIDv7.
    pub id: Option<MeetingId>,
    /// A kind of the pack by key or name (`branch_enlarged`, 网格党支部扩大会议), or a word of one's own.
    pub kind: String,
    /// What it is about; the first topic says it otherwise.
    pub title: Option<String>,
    /// Code, id or name of the place.
    pub place: String,
    /// Where people sit, as 悦贤里活动室.
    pub room: Option<String>,
    /// The body that calls it; for a meeting of a party branch that of the place, when none is named.
    pub caller: Option<String>,
    /// The post-holder who calls it, by service name; whoever writes it down, when none is named.
    pub chair: Option<String>,
    /// When, if not now.
    pub held_at: Option<Timestamp>,
    /// What is on the table.
    pub topics: Vec<NewTopic>,
}

/// Something to talk over.
#[derive(Debug, Clone, Default)]
pub struct NewTopic {
    /// Number or id of the case it is about.
    pub case: Option<String>,
    /// Its title, which everybody can read; the case's item says it otherwise.
    pub title: Option<String>,
}

/// What is written down of a meeting that was held.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Who was there: bodies, service names, `居民代表 6 人`; anything else counts as a resident's
    /// name and is sealed. Replaces what was noted before, if there is any.
    pub present: Vec<String>,
    /// Topics that came up.
    pub topics: Vec<NewTopic>,
    /// What was said; for staff.
    pub minutes: Option<String>,
}

/// Which topic a decision is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum About {
    /// The only one there is; none when there are none or several.
    #[default]
    Only,
    /// By id, position from 1, title, or the case's number or id.
    Topic(String),
    /// None of them.
    Nothing,
}

/// A decision as it is taken.
#[derive(Debug, Clone, Default)]
pub struct NewDecision {
    /// The caller's own id for it, a UUIDv7.
    pub id: Option<DecisionId>,
    /// What it is about.
    pub about: About,
    /// What follows from it.
    pub kind: DecisionKind,
    /// What was decided.
    pub text: String,
    /// Who leads 牵头: a body, such as the grid's party branch, or a service name.
    pub lead: Option<String>,
    /// Who does it 承办: the first leads the work, others assist. The lead does it when nobody is named.
    pub performers: Vec<String>,
    /// Who watches over it 监督.
    pub supervisor: Option<String>,
    /// By when: `2026-11-20`, `2026-11-20 17:00`, RFC 3339, or a limit such as `10 个工作日`.
    pub until: Option<String>,
    /// The item of the case that it opens or takes on.
    pub item: Option<String>,
    /// For a decline: where the asker should go.
    pub answer: Option<String>,
}

/// A meeting as it stands: facts and references, nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// Key of a kind of the pack, or a word of one's own.
    pub kind: String,
    /// Where it belongs.
    pub place: PlaceId,
    /// The body that called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<BodyId>,
    /// The post-holder who called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<HoldingId>,
    /// Who wrote it down.
    pub by: PersonId,
    /// Nobody: the key with which its words are sealed.
    pub keeper: PersonId,
    /// How far it is.
    pub status: Status,
    /// Counts its journal entries.
    pub version: i64,
    /// When it is or was held.
    pub held_at: Timestamp,
    /// When it was called.
    pub called_at: Timestamp,
    /// When its record was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What it is about, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<ContentId>,
    /// Where people sit, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<ContentId>,
    /// Names of residents, sealed, for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<ContentId>,
    /// What was said, sealed, for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<ContentId>,
}

/// A topic as it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its position from 1.
    pub ordinal: i64,
    /// Its title, sealed.
    pub title: ContentId,
    /// The case it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// The meeting that took it.
    pub meeting: MeetingId,
    /// Its position from 1.
    pub ordinal: i64,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicId>,
    /// What follows from it.
    pub kind: DecisionKind,
    /// What was decided, sealed.
    pub text: ContentId,
    /// The case it moved or opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Who leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<Who>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub performers: Vec<Who>,
    /// Who watches over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<Who>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it was written down.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
}
