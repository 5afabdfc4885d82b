//! Bodies and the people who hold posts: who is on duty, who deputises, who is missing.
//!
//! A [`Body`] is an organisation, party organisations among them; a [`Holding`] is a person in a
//! post at a place or in a body, with a term. What identifies the person stands in the vault;
//! here stands only the service name (周网格员) that the person is known by in office.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use kernel::{Timestamp, id::PersonId, typed_id};

use crate::place::PlaceId;

pub use store::{STATEMENTS, bodies, body_insert, holding_end, holding_insert, holdings};

typed_id!(/// A body.
    BodyId);
typed_id!(/// A person in a post.
    HoldingId);

/// Bodies or holdings that one district may have.
pub const ROWS_MAX: i64 = 100_000;

/// An organisation: department, street office, community committee, party branch, owners' committee, property company …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// Its name.
    pub name: String,
    /// What it is: `department`, `street_office`, `community_committee`, `party`, `owners_committee`, `property`, `association`, `firm`, `team`.
    pub kind: String,
    /// The body above it.
    pub parent: Option<BodyId>,
    /// Where it works.
    pub place: PlaceId,
    /// True for a party organisation: it can call a meeting, take the lead and hand over.
    pub party: bool,
    /// How to reach it, as published.
    pub contact: Option<String>,
    /// Since when.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_to: Option<Timestamp>,
}

/// A person in a post, for a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its id.
    pub id: HoldingId,
    /// Who.
    pub person: PersonId,
    /// The post's id in the pack.
    pub post: String,
    /// At which place.
    pub place: Option<PlaceId>,
    /// Or in which body.
    pub body: Option<BodyId>,
    /// The service name people know.
    pub display: String,
    /// 0 for the holder, 1 and up for deputies in order.
    pub rank: u32,
    /// Hours of presence on work days as `09:00-11:30,14:00-17:00`; none: the district's.
    pub hours: Option<String>,
    /// Where they can be found.
    pub station: Option<String>,
    /// Since when.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_to: Option<Timestamp>,
}

impl Holding {
    /// True when the term covers a moment.
    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}

impl Body {
    /// True when the body stands at a moment.
    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}
