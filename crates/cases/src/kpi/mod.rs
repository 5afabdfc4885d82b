//! Figures over cases: each has a formula, a numerator and a denominator, and opens to its cases.
//!
//! Definitions are a table. "Should be" means that the deadline falls in the period; without a
//! period every case counts. Names follow GB/T 30428.4 and the three rates of 接诉即办.

pub mod rules;
#[cfg(test)]
mod tests;

use commons::place::PlaceId;
use kernel::{Problem, Result, Timestamp, journal, problem::NOT_FOUND, store::Db};

use crate::{
    Rulebook,
    case::{self, CaseId, Filter},
};

pub use rules::{DEFINITIONS, Definition};

/// Cases read at once while counting.
const PAGE_ROWS: i64 = 1_000;

/// A figure with the way down to its facts.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Figure {
    /// Stable English name.
    pub name: &'static str,
    /// Its formula in words, Chinese and English.
    pub formula: String,
    /// How many fulfil it.
    pub numerator: i64,
    /// Out of how many.
    pub denominator: i64,
    /// Numerator over denominator; none when there is nothing to divide by.
    pub value: Option<f64>,
    /// The position of the district's history to which it holds.
    pub as_of_seq: i64,
}

/// The definition by its English or Chinese name.
///
/// # Errors
/// 404.1 naming those there are.
pub fn definition(name: &str) -> Result<&'static Definition> {
    DEFINITIONS
        .iter()
        .find(|d| d.name == name.trim() || d.zh == name.trim() || d.also.contains(&name.trim()))
        .ok_or_else(|| {
            let known: Vec<&str> = DEFINITIONS.iter().map(|d| d.name).collect();
            Problem::new(&NOT_FOUND).with("what", format!("{name} ({})", known.join(", ")))
        })
}

/// Counts a figure over a place's subtree and, if given, a period of deadlines.
///
/// # Errors
/// 404.1 for an unknown name; any store error.
pub fn figure(
    db: &mut dyn Db,
    rules: &Rulebook,
    name: &str,
    place: Option<&PlaceId>,
    period: Option<(Timestamp, Timestamp)>,
    now: Timestamp,
) -> Result<Figure> {
    let definition = definition(name)?;
    let district = &rules.directory.district;
    let as_of_seq = journal::head(db, district)?.map_or(0, |(seq, _)| seq);
    let (mut numerator, mut denominator) = (0, 0);
    let mut filter = Filter { place: place.filter(|p| *p != rules.directory.root()).copied(), ..Filter::default() };
    loop {
        let page = case::list(db, district, &filter, PAGE_ROWS)?;
        for case in &page {
            if !rules::in_period(case, period) {
                continue;
            }
            if let Some(fulfilled) = (definition.counts)(case, now) {
                denominator += 1;
                numerator += i64::from(fulfilled);
            }
        }
        match page.last() {
            Some(last) if page.len() as i64 == PAGE_ROWS => filter.before = Some(last.id),
            _ => break,
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
    Ok(Figure {
        name: definition.name,
        formula: format!("{} / {}", definition.formula.0, definition.formula.1),
        numerator,
        denominator,
        value,
        as_of_seq,
    })
}

/// The cases behind a figure, newest first: those that count, with whether they fulfil it.
///
/// # Errors
/// As [`figure`].
pub fn cases(
    db: &mut dyn Db,
    rules: &Rulebook,
    name: &str,
    place: Option<&PlaceId>,
    period: Option<(Timestamp, Timestamp)>,
    now: Timestamp,
    before: Option<CaseId>,
    limit: usize,
) -> Result<Vec<(case::Case, bool)>> {
    let definition = definition(name)?;
    let mut filter =
        Filter { place: place.filter(|p| *p != rules.directory.root()).copied(), before, ..Filter::default() };
    let mut out = Vec::new();
    loop {
        let page = case::list(db, &rules.directory.district, &filter, PAGE_ROWS)?;
        let full = page.len() as i64 == PAGE_ROWS;
        filter.before = page.last().map(|c| c.id);
        for case in page.into_iter().filter(|c| rules::in_period(c, period)) {
            if let Some(fulfilled) = (definition.counts)(&case, now) {
                out.push((case, fulfilled));
                if out.len() == limit {
                    return Ok(out);
                }
            }
        }
        if !full {
            return Ok(out);
        }
    }
}
