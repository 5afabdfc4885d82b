//! The stream of a file's cases and refusals.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::Read;

use super::head::{self, Encoding, Scratch};
use super::mapping::Mapping;
use super::records::{Fields, Records, Step};
use super::refusal::{Refusal, Why, codes};
use super::row::{ImportCase, Layout, too_long_field};
use super::times::Zone;
use super::{MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROWS};

/// How many of what; at every moment `accepted + refused = records`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records seen; what ended the reading early (a bad header, a file cut off)
    /// counts as one, since it stands for the rest of the file.
    pub records: u64,
    /// Records that became a case, repeats of an earlier one among them.
    pub accepted: u64,
    /// Records refused.
    pub refused: u64,
    /// Empty lines, which are no records.
    pub blank_lines: u64,
}

/// Reads a city's export, plain or gzip (told apart by its first bytes), by a
/// pack's mapping. The reading starts with the first `next`.
pub fn read_cases<R: Read>(reader: R, mapping: &Mapping) -> CaseReader<'_, R> {
    CaseReader {
        mapping,
        state: State::Start(reader),
        fields: Fields::default(),
        scratch: Scratch::default(),
        seen: BTreeMap::new(),
        counts: Counts::default(),
        encoding: mapping.encoding,
        newest_ms: None,
        max_rows: MAX_ROWS,
    }
}

/// An iterator over a file's cases and refusals, in the order of its lines.
/// After a refusal that ends the reading it yields `None`.
pub struct CaseReader<'m, R: Read> {
    mapping: &'m Mapping,
    state: State<R>,
    fields: Fields,
    scratch: Scratch,
    /// First record of each accepted id.
    seen: BTreeMap<Box<str>, Seen>,
    counts: Counts,
    encoding: Encoding,
    newest_ms: Option<i64>,
    /// [`MAX_ROWS`]; less in its test.
    pub(super) max_rows: u64,
}

#[derive(Clone, Copy)]
struct Seen {
    content: u64,
    line: u64,
}

enum State<R: Read> {
    Start(R),
    Rows(Box<Rows<R>>),
    Done,
}

struct Rows<R: Read> {
    records: Records<R>,
    layout: Layout,
    zone: Zone,
}

impl<R: Read> CaseReader<'_, R> {
    /// What has been read so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The file's encoding, settled with the first `next`.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The moment as of which open cases are judged, Unix milliseconds: the
    /// mapping's `as_of`, or the newest opening or closing read so far if that is
    /// later. Ask after the last row.
    #[must_use]
    pub fn as_of_ms(&self) -> Option<i64> {
        self.newest_ms
    }

    fn start(&mut self, reader: R) -> Result<Box<Rows<R>>, (u64, Why)> {
        let fault = |(_, zh, en): (&str, String, String)| (1, Why::new(codes::MAPPING, zh, en));
        let zone = self.mapping.check().and_then(|()| Zone::new(&self.mapping.time)).map_err(fault)?;
        self.newest_ms = zone.as_of_ms;
        // `check` allows ASCII delimiters only.
        let delimiter = u8::try_from(self.mapping.delimiter).unwrap_or(b',');
        let mut records = Records::open(reader, delimiter);
        let settled = head::settle(records.head(head::HEAD_BYTES), self.mapping.encoding);
        let (encoding, mark_bytes) = match (settled, records.fault()) {
            // A source that broke before its first byte is not an empty file.
            (Err(why), Some(fault)) if why.0 == codes::FILE_EMPTY => {
                return Err((1, fault.clone()));
            }
            (settled, _) => settled.map_err(|why| (1, why))?,
        };
        self.encoding = encoding;
        records.skip(mark_bytes);
        match records.next(&mut self.fields, None) {
            Step::Record { line } => {
                let layout = self.header().map_err(|why| (line, why))?;
                self.counts.blank_lines = records.blank_lines;
                Ok(Box::new(Rows { records, layout, zone }))
            }
            Step::Refused { line, why } => {
                let zh = format!("表头读不出来。{}", why.1);
                let en = format!("The header cannot be read. {}", why.2);
                Err((line, Why::new(codes::HEADER_UNREADABLE, zh, en)))
            }
            Step::Cut { line, why } => Err((line, why)),
            Step::End => Err((1, Why::new(codes::FILE_EMPTY, "文件里没有内容。", "There is nothing in the file."))),
        }
    }

    fn header(&mut self) -> Result<Layout, Why> {
        let unreadable = |zh: &str, en: &str| Why::new(codes::HEADER_UNREADABLE, zh, en);
        if self.fields.len() > MAX_COLUMNS {
            return Err(Why::new(
                codes::HEADER_UNREADABLE,
                format!("表头有 {} 栏，最多 {MAX_COLUMNS} 栏。", self.fields.len()),
                format!("The header has {} columns; at most {MAX_COLUMNS}.", self.fields.len()),
            ));
        }
        let view = head::decode(self.encoding, &self.fields, &mut self.scratch).ok_or_else(|| {
            unreadable(
                "表头不是有效的文字编码。请另存为“CSV UTF-8”，或在对照表里写明 encoding。",
                "The header is not valid text. Save as \"CSV UTF-8\", or state the encoding in the mapping.",
            )
        })?;
        Layout::find(&view, self.mapping)
    }

    fn row(&mut self, rows: &Rows<R>, line: u64) -> Result<ImportCase, Why> {
        if head::has_nul(&self.fields) {
            return Err(Why::new(
                codes::NUL,
                "这一行里有 NUL 字节，文件可能损坏。请重新导出。",
                "This line holds a NUL byte; the file may be damaged. Export it again.",
            ));
        }
        let (got, want) = (self.fields.len(), rows.layout.columns);
        if got != want {
            return Err(Why::new(
                codes::FIELD_COUNT,
                format!("这一行有 {got} 栏，表头有 {want} 栏。请补齐，或给含分隔符的字段加上双引号。"),
                format!(
                    "This line has {got} fields, the header {want}. Complete it, or put fields that hold the separator in quotation marks."
                ),
            ));
        }
        if let Some(index) = too_long_field(self.fields.ends()) {
            let (column, kib) = (index + 1, MAX_FIELD_BYTES / 1024);
            return Err(Why::new(
                codes::FIELD_TOO_LONG,
                format!("第 {column} 栏超过 {kib} KB。请缩短。"),
                format!("Field {column} is over {kib} KiB. Shorten it."),
            ));
        }
        let name = self.encoding.name();
        let view = head::decode(self.encoding, &self.fields, &mut self.scratch).ok_or_else(|| {
            Why::new(
                codes::ENCODING,
                format!("这一行含有不是 {name} 的字节。请把这一行改成 {name}，或在对照表里写明 encoding。"),
                format!(
                    "This line holds bytes that are not {name}. Convert the line, or state the encoding in the mapping."
                ),
            )
        })?;
        let mut case = rows.layout.read(line, &view, self.mapping, &rows.zone)?;
        let content = content_mark(&self.fields);
        match self.seen.get(case.external_id.as_str()) {
            None => {
                self.seen.insert(case.external_id.as_str().into(), Seen { content, line });
            }
            Some(first) if first.content == content => case.repeat_of_line = Some(first.line),
            Some(first) => {
                let (id, line) = (super::refusal::shown(&case.external_id), first.line);
                return Err(Why::new(
                    codes::ID_TWICE,
                    format!("编号 {id} 在第 {line} 行已有，内容不同。请只留正确的一行。"),
                    format!("Id {id} stands on line {line} with other content. Keep the right one."),
                ));
            }
        }
        self.newest_ms = self.newest_ms.max(Some(case.closed_ms.unwrap_or(case.opened_ms)));
        Ok(case)
    }
}

impl<R: Read> Iterator for CaseReader<'_, R> {
    type Item = Result<ImportCase, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rows = match std::mem::replace(&mut self.state, State::Done) {
            State::Done => return None,
            State::Rows(rows) => rows,
            State::Start(reader) => match self.start(reader) {
                Ok(rows) => rows,
                Err((line, why)) => {
                    self.counts.records += 1;
                    self.counts.refused += 1;
                    return Some(Err(Refusal::new(line, why)));
                }
            },
        };
        let step = rows.records.next(&mut self.fields, Some(rows.layout.columns));
        self.counts.blank_lines = rows.records.blank_lines;
        let (line, outcome, goes_on) = match step {
            Step::End => return None,
            Step::Record { line } | Step::Refused { line, .. } if self.counts.records >= self.max_rows => {
                (line, Err(too_many(self.max_rows)), false)
            }
            Step::Record { line } => (line, self.row(&rows, line), true),
            Step::Refused { line, why } => (line, Err(why), true),
            Step::Cut { line, why } => (line, Err(why), false),
        };
        if goes_on {
            self.state = State::Rows(rows);
        }
        self.counts.records += 1;
        match outcome {
            Ok(case) => {
                self.counts.accepted += 1;
                Some(Ok(case))
            }
            Err(why) => {
                self.counts.refused += 1;
                Some(Err(Refusal::new(line, why)))
            }
        }
    }
}

/// A mark of a record's content: only tells an exact repeat from a contradiction,
/// both of which write nothing, so 64 bits without a secret are enough.
fn content_mark(fields: &Fields) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(fields.text());
    for end in fields.ends() {
        hasher.write_usize(*end);
    }
    hasher.finish()
}

fn too_many(max: u64) -> Why {
    Why::new(
        codes::TOO_MANY_ROWS,
        format!("超过 {max} 行，只读到这里。请按年或按月分开导入。"),
        format!("More than {max} rows; reading stops here. Split the file by year or month."),
    )
}
