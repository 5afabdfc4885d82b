//! Places: the tree district → township → community → grid → micro-grid, with what hangs on it.
//!
//! A place has validity dates: redrawing a grid ends one place and begins another, so that
//! history keeps its place. Cases store only their grid; who stands above it is today's tree.

mod store;

use kernel::{Timestamp, typed_id};

pub use store::{STATEMENTS, alias_add, aliases, insert, list};

typed_id!(/// A place.
    PlaceId);

/// Places that one district may have.
pub const PLACES_MAX: usize = 100_000;

/// One place as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// The place above it; none for the district.
    pub parent: Option<PlaceId>,
    /// Statistics code: 12 digits, +3 for a grid, +2 for a micro-grid; a made-up code for what has none.
    pub code: String,
    /// Name in common use.
    pub name: String,
    /// Level word of the pack, such as `grid`.
    pub level: String,
    /// What it is at that level: empty, or `estate`, `site`, `market` …
    pub kind: String,
    /// Households, where known.
    pub households: Option<u32>,
    /// True when its boundary is invented for demonstration.
    pub synthetic: bool,
    /// Its boundary: a GeoJSON geometry in WGS-84.
    pub boundary: Option<String>,
    /// Since when.
    pub valid_from: Timestamp,
    /// Until when; none while it stands.
    pub valid_to: Option<Timestamp>,
}

impl Place {
    /// True when the place stands at a moment.
    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}
