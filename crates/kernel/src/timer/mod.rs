//! Moments that fall due, written in the same transaction as their cause.
//!
//! A subject has at most one timer of each kind; setting it again moves it. Firing is claimed
//! with a lease, so that several processes share the work and a crash only delays it.

mod store;
#[cfg(test)]
mod tests;

use crate::{Timestamp, id::TimerId};

pub use store::{STATEMENTS, cancel, claim, finish, next_due, set};

/// Timers that one tick may claim.
pub const CLAIM_ROWS_MAX: i64 = 200;
/// How long a claim holds before somebody else may take it.
pub const LEASE_MS: i64 = 60_000;

/// A claimed timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// What falls due, such as `case.accept`.
    pub kind: String,
    /// Kind of subject.
    pub subject_kind: String,
    /// Which subject.
    pub subject_id: String,
    /// When.
    pub due_at: Timestamp,
}
