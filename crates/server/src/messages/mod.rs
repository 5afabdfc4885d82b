//! What people tell people, and what the staff are told where they work.
//!
//! A message of the kernel's outbox that no machine takes further (`workers::sender`) waits here until
//! somebody calls, comes by or brings it: one call tells everything that waits about one case. A list
//! never shows a phone number; opening it is a write of its own that records who, why and for which
//! case, and is shown to the asker. Sending belongs to `workers`, the sentences to `cases`.

mod hands;
mod notices;
mod store;
#[cfg(test)]
mod tests;

use cases::case::{Case, CaseId};
use kernel::{
    Timestamp,
    id::{MessageId, PersonId},
};

pub use hands::{Done, looks, open_number, page, tell, waiting};
pub use notices::{Notice, Notices, about, notices, read_one, read_until, unread};
pub use store::STATEMENTS;

/// The schema's part of this floor.
pub static MIGRATIONS: &[kernel::store::Migration] =
    &[kernel::store::Migration { id: "0040_messages", ddl: include_str!("../migrations/0040_messages.sql") }];

/// The permission to tell askers by phone or by hand.
pub const PERMISSION: &str = "call.make";
/// Cases of one page.
pub const CALLS_ROWS_MAX: u32 = 30;
/// Messages about one case that are told in one go; the rest follows with the next.
pub const TOLD_ROWS_MAX: i64 = 50;
/// Counts are made up to this; what is more is said as “500+”.
pub const COUNT_MAX: u64 = 500;
/// Notices of one page.
pub const NOTICES_ROWS_MAX: u32 = 30;
/// Unread notices are counted up to this; what is more is said as “99+”.
pub const UNREAD_MAX: u64 = 99;
/// Why a number is opened here, as the asker is told, Chinese and English.
pub const PURPOSE: (&str, &str) = ("打电话告诉您进展", "to call and tell you how far it is");
/// Why somebody was not reached; the texts are `hindrance.{word}`.
pub const HINDRANCES: [&str; 5] = ["no_answer", "off", "wrong_number", "not_home", "later"];

/// A case whose asker has not been told yet, by its oldest waiting message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The case.
    pub case: CaseId,
    /// Its asker.
    pub person: PersonId,
    /// Its place in the list: when it was written, or last tried.
    pub due_at: Timestamp,
    /// The oldest message.
    pub id: MessageId,
}

/// One sentence that waits to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// The message.
    pub id: MessageId,
    /// `sms`, `call`, `paper`.
    pub channel: String,
    /// The sentence, in Chinese; none when it can't be opened.
    pub text: Option<String>,
    /// Since when it waits.
    pub since: Timestamp,
}

/// One try that did not reach the asker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When.
    pub at: Timestamp,
    /// Who tried, as the journal names them.
    pub actor: String,
    /// One of [`HINDRANCES`].
    pub hindrance: String,
}

/// Everything that waits to be told about one case.
#[derive(Debug, Clone)]
pub struct Untold {
    /// The case.
    pub case: Case,
    /// What was said, for its title; none when erased.
    pub text: Option<String>,
    /// Masked name and phone.
    pub asker: (Option<String>, Option<String>),
    /// The reader had a hand in the work: somebody else tells, and reads the words.
    pub handled: bool,
    /// The sentences, oldest first; empty for whoever had a hand in it.
    pub sayings: Vec<Saying>,
    /// Tries that did not reach the asker, oldest first.
    pub tries: Vec<Try>,
}

/// One page of cases whose askers wait for a call.
#[derive(Debug, Default)]
pub struct Page {
    /// The cases, longest waiting first; whoever was not reached comes last.
    pub rows: Vec<Untold>,
    /// Where the next page begins.
    pub next: Option<(Timestamp, MessageId)>,
}

/// How a try to tell somebody ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The asker knows.
    Told,
    /// The asker was not reached, for one of [`HINDRANCES`].
    NotReached(String),
}

/// A count that was made up to a number: `7`, `500+`.
pub fn counted(count: u64, most: u64) -> String {
    if count > most { format!("{most}+") } else { count.to_string() }
}
