//! A visit 走访: a recorded contact, never an inspection. What was heard opens a case, or nothing.
//!
//! The officer writes it once: words and case are one command. No position of the officer is
//! kept, only the place that was visited. What identifies somebody (room, name, list name, words)
//! is sealed; without consent a person's name and number are not kept at all. Coverage by
//! place is a later reading of the same rows.

mod list;
mod record;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use cases::case::{CaseId, Photo, Reported};
use commons::{people::HoldingId, place::PlaceId};
use kernel::{
    Timestamp,
    id::{ContentId, PersonId},
    typed_id,
};

pub use list::{Filter, VisitRow, list};
pub use record::record;
pub use rules::Kind;
pub use store::{STATEMENTS, fetch};

typed_id!(/// A visit.
    VisitId);

/// Characters of what was heard.
pub const HEARD_CHARS_MAX: usize = cases::case::TEXT_CHARS_MAX;
/// Characters of a room, a name or a list name.
pub const LINE_CHARS_MAX: usize = 60;
/// Visits listed at once.
pub const LISTED_ROWS_MAX: i64 = 200;

/// What comes with a visit.
#[derive(Debug, Clone, Default)]
pub struct NewVisit {
    /// The caller's own id for it, a UUIDv7.
    pub id: Option<VisitId>,
    /// Code, id or name of the place that was visited.
    pub place: String,
    /// How people met.
    pub kind: Kind,
    /// When, if not now; at most [`rules::BACK_DAYS_MAX`] days ago.
    pub at: Option<Timestamp>,
    /// Which door, as `三幢 401`; sealed.
    pub room: Option<String>,
    /// A name from a list: a shop, a household; sealed.
    pub whom: Option<String>,
    /// The person visited, when known already; kept only with consent.
    pub person: Option<PersonId>,
    /// The person's name; kept only with consent.
    pub name: Option<String>,
    /// The person's phone; kept only with consent.
    pub phone: Option<String>,
    /// The person agreed to be named.
    pub consent: bool,
    /// What was heard.
    pub heard: Option<String>,
    /// Opens a case from what was heard.
    pub opens: Option<Opens>,
}

/// The case that a visit opens.
#[derive(Debug, Clone, Default)]
pub struct Opens {
    /// Its words, when they are other than what was heard.
    pub text: Option<String>,
    /// Item code or name; the pack's general item without one.
    pub item: Option<String>,
    /// How the person wants to hear: `sms`, `call`, `paper`, `page`.
    pub echo: Option<String>,
    /// Photos, prepared.
    pub photos: Vec<Photo>,
}

/// A visit as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The visit.
    pub id: VisitId,
    /// The person visited; the asker of the case, where there is one.
    pub visited: Option<PersonId>,
    /// The case that came of it.
    pub case: Option<Reported>,
}

/// A visit as it stands: facts and references, nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Who visited.
    pub person: PersonId,
    /// In which post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding: Option<HoldingId>,
    /// The place that was visited.
    pub place: PlaceId,
    /// How people met.
    pub kind: Kind,
    /// When.
    pub at: Timestamp,
    /// Who was visited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited: Option<PersonId>,
    /// The list name, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<ContentId>,
    /// Which door, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<ContentId>,
    /// What was heard, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<ContentId>,
    /// The case that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}
