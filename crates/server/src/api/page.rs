//! What the rooms of the API read the same way: moments, places.

use cases::Rulebook;
use commons::place::PlaceId;
use kernel::{Problem, Result, Timestamp, problem::BAD_FIELD};

fn bad(field: &'static str, what: &str) -> Problem {
    Problem::new(&BAD_FIELD).with("field", field).with("what", what.chars().take(60).collect::<String>())
}

/// A moment as callers write it.
///
/// # Errors
/// 400.2 for anything but RFC 3339.
pub fn moment(field: &'static str, text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).map_err(|_| bad(field, text))
}

/// A place by code, id or name.
///
/// # Errors
/// 404.1 when nothing is called so.
pub fn place_of(rules: &Rulebook, wanted: Option<&str>) -> Result<Option<PlaceId>> {
    wanted.map(|wanted| rules.directory.place_named(wanted).map(|place| place.id)).transpose()
}
