//! The append-only history: gapless per district, one hash chain per district.
//!
//! A command states its entries while it runs; the engine writes them last, after taking the
//! district's head row, so that `seq` has no gaps and the head is locked for the shortest time.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use crate::{Timestamp, id::EntryId};

pub use store::{STATEMENTS, append, head, history, open, page, state_at};

/// What a command says happened.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What kind of thing it happened to, such as `case`.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject_id: String,
    /// The subject's version after it; unique per subject.
    pub version: i64,
    /// The act, such as `case.dispatch`.
    pub act: String,
    /// The facts that changed; never personal data, never supplied text.
    pub data: serde_json::Value,
    /// When it happened in the world, if not now.
    pub occurred_at: Option<Timestamp>,
}

/// One entry as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position in the district's history, from 1, without gaps.
    pub seq: i64,
    /// Its id.
    pub id: EntryId,
    /// What kind of thing it happened to.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// The subject's version after it.
    pub version: i64,
    /// When it happened in the world.
    pub occurred_at: Timestamp,
    /// When it was written.
    pub at: Timestamp,
    /// Who did it: an account's or person's id, `asker`, `system` or `import`.
    pub actor: String,
    /// The act.
    pub act: String,
    /// The facts that changed, as the exact JSON text that was hashed.
    pub data: String,
    /// Hash of the entry before it in the district.
    pub prev: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
}

/// What a caller gets as proof of its write.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Receipt {
    /// Position in the district's history.
    pub seq: i64,
    /// Hash of the entry, 64 hexadecimal digits.
    pub hash: String,
}

/// A fault that the verifier found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// In which district.
    pub district: String,
    /// At which entry.
    pub seq: i64,
    /// `gap`, `prev`, `hash` or `head`.
    pub kind: &'static str,
}
