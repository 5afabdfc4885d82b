//! Messages that must leave: written with their cause, sent later, at least once, deduplicated by key.
//!
//! A message names a person, never an address: the sender unseals the contact when it sends. Its
//! text is sealed with the person's key, so erasing the person erases what was sent to them.

mod store;
#[cfg(test)]
mod tests;

use crate::{
    Timestamp,
    id::{MessageId, PersonId},
};

pub(crate) use store::erase;
pub use store::{STATEMENTS, claim, of_person, post, sent};

/// Messages that one tick may claim.
pub const CLAIM_ROWS_MAX: i64 = 200;
/// How long a claim holds before somebody else may take it.
pub const LEASE_MS: i64 = 60_000;
/// Messages of a person that are shown at once.
pub const SHOWN_ROWS_MAX: i64 = 200;

/// A message as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// To whom.
    pub person: PersonId,
    /// `page` (shown where the person looks), `sms`, `call`.
    pub channel: String,
    /// About what.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// The text, sealed with the person's key.
    pub sealed: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
}
