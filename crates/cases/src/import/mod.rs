//! History of another system becomes cases: its own times, departments and due times, nothing recomputed.
//!
//! [`import_batch`] takes rows that somebody has read and placed. A row is known by its source's id:
//! the same row again changes nothing, another row under the same id changes the case by a journal
//! entry. Kinds of matter and departments that the district does not know yet are made on the way.
//! What belongs here: rows to cases. What does not: files, columns, encodings (`protocols::sheets`).

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use commons::place::PlaceId;
use kernel::{Problem, Result, Timestamp, Tx, problem::TOO_LARGE};

use crate::{Rulebook, case};

/// Rows that one command may bring.
pub const BATCH_ROWS_MAX: usize = 500;
/// Characters of a kind of matter, a department or a queue; longer ones are cut.
pub const NAME_CHARS_MAX: usize = 120;
/// Characters of a row's text; longer ones are cut, and the cut is marked.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Kinds of matter that a district may have before an import adds no more.
pub const ITEMS_MAX: usize = 5_000;
/// Bodies that a district may have before an import adds no more.
pub const BODIES_MAX: usize = 5_000;

/// One row of another system's history, read and placed.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// The source's own number.
    pub external_id: String,
    /// Hash of everything the source said in the row ([`rules::row_hash`]).
    pub hash: String,
    /// What kind of matter, in the source's words.
    pub item: Option<String>,
    /// Which department had it.
    pub department: Option<String>,
    /// In which queue of it.
    pub queue: Option<String>,
    /// What was said, and what was said on closing.
    pub text: String,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When it should have been done by.
    pub due: Option<Timestamp>,
    /// When it was closed; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// The source's own word whether it was on time: kept, never believed.
    pub on_time: Option<bool>,
    /// Longitude and latitude, WGS-84.
    pub point: Option<(f64, f64)>,
    /// Where it lies: the lowest place that contains the point, or what the source names.
    pub place: PlaceId,
    /// Other places that it may belong to: near the point, or named by the source.
    pub near: Vec<PlaceId>,
}

/// What a batch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct BatchOutcome {
    /// Rows that became a case.
    pub created: usize,
    /// Rows that changed a case.
    pub changed: usize,
    /// Rows that were there already.
    pub unchanged: usize,
    /// Kinds of matter that are new.
    pub items: usize,
    /// Departments that are new.
    pub bodies: usize,
}

/// Writes rows of one source, at most [`BATCH_ROWS_MAX`], in one command. `source` is the short name
/// of the other system; the district keeps it with each case.
///
/// Points are located before the command: see [`rules::placed`].
///
/// # Errors
/// 413.1 for too many rows, or when the district would have too many kinds of matter or bodies; any
/// store error.
pub fn import_batch(tx: &mut Tx<'_>, rules: &Rulebook, source: &str, rows: &[ImportRow]) -> Result<BatchOutcome> {
    if rows.len() > BATCH_ROWS_MAX {
        return Err(Problem::new(&TOO_LARGE)
            .saying("what", "一批导入的行数", "Rows of one batch")
            .with("limit", BATCH_ROWS_MAX));
    }
    let mut outcome = BatchOutcome::default();
    // What stands already is settled before anything is made, so that a second run makes nothing.
    let mut fresh: Vec<(&ImportRow, Option<case::Case>)> = Vec::new();
    for row in rows {
        let district = tx.district();
        match case::external(tx, district, &rules::origin_id(source, &row.external_id))? {
            Some(known) if known.origin.as_ref().is_some_and(|o| o.row == row.hash) => outcome.unchanged += 1,
            known => fresh.push((row, known)),
        }
    }
    if fresh.is_empty() {
        return Ok(outcome);
    }
    let key = store::asker(tx, source)?;
    let names = store::names(tx, rules, fresh.iter().map(|(row, _)| *row), &mut outcome)?;
    for (row, known) in fresh {
        match known {
            Some(known) => {
                store::change(tx, rules, source, row, &names, &key, &known)?;
                outcome.changed += 1;
            }
            // The same id may stand twice in one batch: the later row then meets the earlier one.
            None => match store::create(tx, rules, source, row, &names, &key)? {
                store::Created::New => outcome.created += 1,
                store::Created::Same => outcome.unchanged += 1,
                store::Created::Changed => outcome.changed += 1,
            },
        }
    }
    Ok(outcome)
}
