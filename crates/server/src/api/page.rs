//! What the lists of the API read and write the same way: cursors, moments, places.

use std::str::FromStr;

use cases::Rulebook;
use commons::place::PlaceId;
use kernel::{Problem, Result, Timestamp, problem::BAD_FIELD};

fn bad(field: &'static str, what: &str) -> Problem {
    Problem::new(&BAD_FIELD).with("field", field).with("what", what.chars().take(60).collect::<String>())
}

/// A cursor of a list that goes by moment and id.
pub fn mark(at: Timestamp, id: impl std::fmt::Display) -> String {
    format!("{}.{id}", at.ms())
}

/// Reads what [`mark`] wrote.
///
/// # Errors
/// 400.2.
pub fn read_mark<T: FromStr>(text: &str) -> Result<(Timestamp, T)> {
    let read = text.split_once('.').and_then(|(ms, id)| Some((Timestamp::from_ms(ms.parse().ok()?), id.parse().ok()?)));
    read.ok_or_else(|| bad("cursor", text))
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
