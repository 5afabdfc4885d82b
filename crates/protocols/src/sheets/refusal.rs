//! Refusals: which line, why, and what to do, in both languages.

/// One refused record, or what ended the reading of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Physical line, from 1, in the decompressed file, where the record starts.
    pub line: u64,
    /// Stable word for programs, one of [`codes`].
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Refusal {
    pub(crate) fn new(line: u64, why: Why) -> Refusal {
        Refusal { line, code: why.0, zh: why.1, en: why.2 }
    }
}

/// A reason without its line: code, Chinese, English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why(pub(crate) &'static str, pub(crate) String, pub(crate) String);

impl Why {
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Why {
        Why(code, zh.into(), en.into())
    }
}

/// A value as it may be shown in a message: short, on one line.
pub(crate) fn shown(value: &str) -> String {
    /// Enough to find the cell, too little to repeat a letter.
    const MAX_SHOWN_CHARS: usize = 40;
    let mut out: String =
        value.chars().take(MAX_SHOWN_CHARS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().nth(MAX_SHOWN_CHARS).is_some() {
        out.push('…');
    }
    out
}

/// Every code a [`Refusal`] can carry. The first group ends the reading of the
/// file, the second refuses one record and the reading goes on.
pub mod codes {
    /// Nothing in the file.
    pub const FILE_EMPTY: &str = "file_empty";
    /// A spreadsheet or an archive, not CSV.
    pub const FILE_NOT_CSV: &str = "file_not_csv";
    /// UTF-16.
    pub const FILE_UTF16: &str = "file_utf16";
    /// The header line cannot be read.
    pub const HEADER_UNREADABLE: &str = "header_unreadable";
    /// A mapped column is not in the header.
    pub const HEADER_MISSING: &str = "header_missing";
    /// A mapped column stands twice in the header.
    pub const HEADER_TWICE: &str = "header_twice";
    /// The mapping itself is faulty.
    pub const MAPPING: &str = "mapping";
    /// The gzip file ends in the middle.
    pub const FILE_CUT_OFF: &str = "file_cut_off";
    /// The gzip file is damaged.
    pub const FILE_DAMAGED: &str = "file_damaged";
    /// Reading failed.
    pub const FILE_UNREADABLE: &str = "file_unreadable";
    /// More than `MAX_ROWS` records.
    pub const TOO_MANY_ROWS: &str = "too_many_rows";
    /// More than `MAX_FILE_BYTES` after decompression.
    pub const FILE_TOO_BIG: &str = "file_too_big";

    /// Not as many fields as the header.
    pub const FIELD_COUNT: &str = "field_count";
    /// A quotation mark that is not closed, or text after a closing one.
    pub const QUOTES: &str = "quotes";
    /// The record is over `MAX_RECORD_BYTES`.
    pub const RECORD_TOO_LONG: &str = "record_too_long";
    /// A field is over `MAX_FIELD_BYTES`.
    pub const FIELD_TOO_LONG: &str = "field_too_long";
    /// A NUL byte.
    pub const NUL: &str = "nul";
    /// Bytes that are no text in the file's encoding.
    pub const ENCODING: &str = "encoding";
    /// No id.
    pub const ID_EMPTY: &str = "id_empty";
    /// An id over `MAX_ID_BYTES`.
    pub const ID_TOO_LONG: &str = "id_too_long";
    /// The id stood before, with other content.
    pub const ID_TWICE: &str = "id_twice";
    /// No opening time, or one that cannot be read.
    pub const OPENED: &str = "opened";
    /// A due time that cannot be read.
    pub const DUE: &str = "due";
    /// A closing time that cannot be read.
    pub const CLOSED: &str = "closed";
    /// Closed before it was opened.
    pub const CLOSED_BEFORE_OPENED: &str = "closed_before_opened";
    /// A status word that the mapping does not know.
    pub const STATUS: &str = "status";
    /// The status and the closing time contradict each other.
    pub const STATUS_CONTRADICTS: &str = "status_contradicts";
    /// An on-time word that the mapping does not know.
    pub const ON_TIME: &str = "on_time";
    /// Longitude or latitude is missing or no number.
    pub const COORDINATES: &str = "coordinates";
    /// Longitude and latitude look swapped.
    pub const COORDINATES_SWAPPED: &str = "coordinates_swapped";
    /// The point lies outside the area.
    pub const COORDINATES_OUTSIDE: &str = "coordinates_outside";
}
