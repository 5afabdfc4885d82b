//! The CSV files of a pack as rows with named, checked cells.

use std::{collections::BTreeMap, str::FromStr, sync::Arc};

use kernel::time::{Date, Limit};

use super::{
    fault::{CSV_COLUMN, CSV_FIELDS, CSV_HEADER, CSV_ROWS, Faults, LIMIT_BAD, Spot, VALUE_BAD, VALUE_EMPTY},
    layer::Source,
};

/// Most rows of one table.
pub const ROWS_MAX: usize = 100_000;

/// A column: its name, and whether the header must have it.
pub(super) type Column = (&'static str, bool);

/// A row of a table.
pub(super) struct Row {
    pub spot: Spot,
    record: csv::StringRecord,
    columns: Arc<BTreeMap<String, usize>>,
}

/// Reads a table; faulty rows are told and left out.
pub(super) fn rows(source: &Source, known: &[Column], faults: &mut Faults) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source.text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        _ => csv::StringRecord::new(),
    };
    let columns: BTreeMap<String, usize> =
        header.iter().enumerate().map(|(i, name)| (name.trim().to_owned(), i)).collect();
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    for name in columns.keys().filter(|name| !names.contains(&name.as_str())) {
        faults.add(&CSV_COLUMN, &source.line(1), &[("what", name), ("known", &names.join(", "))]);
    }
    let lacking: Vec<&str> =
        known.iter().filter(|(name, must)| *must && !columns.contains_key(*name)).map(|(name, _)| *name).collect();
    for name in &lacking {
        faults.add(&CSV_HEADER, &source.line(1), &[("what", name)]);
    }
    if !lacking.is_empty() {
        return Vec::new();
    }
    let columns = Arc::new(columns);
    let mut rows = Vec::new();
    let mut lines = Lines { text: source.text.as_bytes(), byte: 0, line: 1 };
    for record in records {
        // The text is UTF-8 already and any number of fields is taken: nothing is left to fail.
        let Ok(record) = record else { continue };
        let spot = source.line(lines.of(record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0))));
        if rows.len() == ROWS_MAX {
            faults.add(&CSV_ROWS, &spot, &[("most", &ROWS_MAX.to_string())]);
            break;
        }
        if record.len() != header.len() {
            let (found, expected) = (record.len().to_string(), header.len().to_string());
            faults.add(&CSV_FIELDS, &spot, &[("found", &found), ("expected", &expected)]);
            continue;
        }
        rows.push(Row { spot, record, columns: columns.clone() });
    }
    rows
}

/// Counts lines while going forward through a text.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the record that begins at or after a byte: the reader's own position is that
    /// of the blank lines before the record.
    fn of(&mut self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let blank = self.text[byte..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        let to = byte + blank;
        self.line += self.text[self.byte..to].iter().filter(|b| **b == b'\n').count();
        self.byte = to;
        self.line
    }
}

impl Row {
    /// A cell without outer blanks; empty when the column is not there.
    pub fn get(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|i| self.record.get(*i)).unwrap_or("").trim()
    }

    /// A cell that may be empty.
    pub fn opt(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|s| !s.is_empty()).map(str::to_owned)
    }

    /// A cell that must not be empty.
    pub fn must(&self, name: &str, faults: &mut Faults) -> Option<String> {
        let value = self.opt(name);
        if value.is_none() {
            faults.add(&VALUE_EMPTY, &self.spot, &[("what", name)]);
        }
        value
    }

    /// Tells that a cell's value is not what it should be.
    pub fn bad(&self, name: &str, expected: &str, faults: &mut Faults) {
        faults.add(&VALUE_BAD, &self.spot, &[("what", name), ("value", self.get(name)), ("expected", expected)]);
    }

    /// A cell of some type; empty is `None`, unreadable is told and `None`.
    pub fn parse<T: FromStr>(&self, name: &str, expected: &str, faults: &mut Faults) -> Option<T> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.bad(name, expected, faults);
        }
        value
    }

    /// A day.
    pub fn day(&self, name: &str, faults: &mut Faults) -> Option<Date> {
        self.parse(name, "2026-01-01", faults)
    }

    /// `yes`/`no`, 是/否; empty is no.
    pub fn yes(&self, name: &str, faults: &mut Faults) -> bool {
        match self.get(name) {
            "yes" | "是" => true,
            "" | "no" | "否" => false,
            _ => {
                self.bad(name, "yes | no", faults);
                false
            }
        }
    }

    /// One of some words; the first when empty.
    pub fn word(&self, name: &str, words: &[&str], faults: &mut Faults) -> String {
        match self.get(name) {
            "" => words.first().copied().unwrap_or("").to_owned(),
            word => {
                if !words.contains(&word) {
                    self.bad(name, &words.join(" | "), faults);
                }
                word.to_owned()
            }
        }
    }

    /// Parts between bars; none when empty.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.get(name).split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
    }

    /// A limit; empty is `None`, unreadable is told and `None`.
    pub fn limit(&self, name: &str, faults: &mut Faults) -> Option<Limit> {
        let text = self.get(name);
        match Limit::parse(text) {
            _ if text.is_empty() => None,
            Ok(limit) => Some(limit),
            Err(error) => {
                faults.add(&LIMIT_BAD, &self.spot, &[("value", text), ("why", &error.to_string())]);
                None
            }
        }
    }
}
