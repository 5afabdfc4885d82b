//! Sheets: a city's export of its cases (CSV, plain or gzip) becomes rows that
//! `import cases` can write, and refusals that say which line is wrong, why,
//! and what to do.
//!
//! A [`Mapping`] (a pack's `imports/*.toml`) says which column is what.
//! [`read_cases`] streams: it holds one record at a time and one small entry
//! per id seen, so a file of any length up to [`MAX_ROWS`] fits.
//!
//! Rules of reading, each with its test:
//! - The encoding is settled once, from the head of the file ([`head`]); a line
//!   that is invalid in it is refused, the rest is kept.
//! - A quotation mark left open costs its own line only, never its neighbours
//!   ([`records`]).
//! - Times are the city's wall clock; gaps and folds follow one stated rule
//!   ([`times`]).
//! - A file that ends too early keeps every complete row and ends with one
//!   refusal that says so.
//! - Every record is counted exactly once: `accepted + refused = records`.

mod head;
mod mapping;
mod on_time;
mod reader;
mod records;
mod refusal;
mod row;
mod times;

#[cfg(test)]
mod tests;

pub use head::Encoding;
pub use mapping::{Area, Columns, Mapping, MappingFault, OnTimeWords, PlaceRule, Placeholder, StatusWords, TimeRule};
pub use on_time::{OnTimeAgreement, on_time};
pub use reader::{CaseReader, Counts, read_cases};
pub use refusal::{Refusal, codes};
pub use row::{ImportCase, Point, Status};

/// Records of one file; the next one ends the reading with a refusal.
pub const MAX_ROWS: u64 = 5_000_000;
/// Bytes of one record as it stands in the file, quotation marks included.
pub const MAX_RECORD_BYTES: usize = 256 * 1024;
/// Bytes of one field after quotation marks are taken off.
pub const MAX_FIELD_BYTES: usize = 32 * 1024;
/// Columns of the header.
pub const MAX_COLUMNS: usize = 1_000;
/// Bytes of the whole file after decompression: no small archive fills the machine.
pub const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024 * 1024;
/// Bytes of an external id.
pub const MAX_ID_BYTES: usize = 128;
