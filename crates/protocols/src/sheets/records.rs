//! Bytes to records (RFC 4180), bounded and without contagion.
//!
//! Why not a CSV library: a lenient reader lets one forgotten quotation mark
//! swallow the rows behind it, and a rejected record is only known by what was
//! left of it. Here a record that is broken, or that spans lines without having
//! the header's number of fields, gives up its first line only, and reading
//! goes on with the next.

use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;
use memchr::{memchr, memchr_iter, memchr2};

use super::refusal::{Why, codes};
use super::{MAX_FILE_BYTES, MAX_RECORD_BYTES};

/// Bytes asked of the source at a time, at least.
const CHUNK_BYTES: usize = 128 * 1024;

/// One record's fields, quotation marks taken off, one separator byte between two.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// End of each field in [`Fields::text`]; the next begins one byte later.
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.text.len());
        self.text.push(b',');
    }
}

/// What [`split`] found at the front of its input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// The record goes on behind the input.
    More,
    /// A whole record of so many bytes, its line ending included.
    Record { used: usize },
    /// A quotation mark is never closed, or something follows the closing one.
    Broken,
}

/// Splits the first record off `input`. `at_end`: nothing follows the input.
pub(crate) fn split(input: &[u8], delimiter: u8, at_end: bool, fields: &mut Fields) -> Split {
    fields.clear();
    let mut at = 0;
    loop {
        if input.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let Some(run) = memchr(b'"', &input[at..]) else {
                    return if at_end { Split::Broken } else { Split::More };
                };
                fields.text.extend_from_slice(&input[at..at + run]);
                at += run + 1;
                if input.get(at) != Some(&b'"') {
                    break;
                }
                fields.text.push(b'"');
                at += 1;
            }
            fields.end_field();
            match (input.get(at), input.get(at + 1)) {
                (Some(b), _) if *b == delimiter => at += 1,
                (Some(b'\n'), _) => return Split::Record { used: at + 1 },
                (Some(b'\r'), Some(b'\n')) => return Split::Record { used: at + 2 },
                (None, _) | (Some(b'\r'), None) => {
                    return if at_end { Split::Record { used: input.len() } } else { Split::More };
                }
                _ => return Split::Broken,
            }
            continue;
        }
        let rest = &input[at..];
        let stop = memchr2(delimiter, b'\n', rest);
        let mut field = &rest[..stop.unwrap_or(rest.len())];
        match stop.map(|i| rest[i]) {
            None if !at_end => return Split::More,
            Some(b) if b == delimiter => {
                fields.text.extend_from_slice(field);
                fields.end_field();
                at += field.len() + 1;
            }
            end => {
                let used = at + field.len() + usize::from(end.is_some());
                field = field.strip_suffix(b"\r").unwrap_or(field);
                fields.text.extend_from_slice(field);
                fields.end_field();
                return Split::Record { used };
            }
        }
    }
}

/// Plain or gzip, told apart by the first two bytes.
enum Source<R: Read> {
    Plain(Chain<Cursor<Vec<u8>>, R>),
    Gzip(Box<MultiGzDecoder<Chain<Cursor<Vec<u8>>, R>>>),
}

impl<R: Read> Source<R> {
    fn open(mut reader: R) -> io::Result<Source<R>> {
        let mut magic = Vec::with_capacity(2);
        reader.by_ref().take(2).read_to_end(&mut magic)?;
        let gzip = magic == [0x1F, 0x8B];
        let whole = Cursor::new(magic).chain(reader);
        Ok(if gzip { Source::Gzip(Box::new(MultiGzDecoder::new(whole))) } else { Source::Plain(whole) })
    }

    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Source::Plain(r) => r.read(into),
            Source::Gzip(r) => r.read(into),
        }
    }

    fn explain(&self, error: &io::Error) -> Why {
        match (self, error.kind()) {
            (Source::Gzip(_), io::ErrorKind::UnexpectedEof) => Why::new(
                codes::FILE_CUT_OFF,
                "压缩文件不完整，到这里就断了；前面完整的各行已经读完。请重新下载整个文件，再导入一次。",
                "The gzip file ends in the middle; every complete row before this was read. Fetch the whole file and import it again.",
            ),
            (Source::Gzip(_), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => Why::new(
                codes::FILE_DAMAGED,
                "压缩文件从这里起损坏；前面完整的各行已经读完。请重新下载，再导入一次。",
                "The gzip file is damaged from here on; every complete row before this was read. Fetch it again and import it again.",
            ),
            _ => Why::new(
                codes::FILE_UNREADABLE,
                format!("读到这里出错：{error}。请检查文件后再导入一次。"),
                format!("Reading failed here: {error}. Check the file and import it again."),
            ),
        }
    }
}

/// One step of the reading.
#[derive(Debug)]
pub(crate) enum Step {
    /// A record that starts on this line; its fields were written out.
    Record { line: u64 },
    /// The line gave no record; reading goes on.
    Refused { line: u64, why: Why },
    /// Nothing more can be read, for this reason.
    Cut { line: u64, why: Why },
    /// The end.
    End,
}

/// The records of one source.
pub(crate) struct Records<R: Read> {
    source: Option<Source<R>>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    fault: Option<Why>,
    /// Bytes read so far, after decompression.
    bytes: u64,
    /// Line of the next record.
    line: u64,
    pub(crate) blank_lines: u64,
    pub(crate) delimiter: u8,
}

impl<R: Read> Records<R> {
    pub(crate) fn open(reader: R, delimiter: u8) -> Records<R> {
        let (source, fault) = match Source::open(reader) {
            Ok(source) => (Some(source), None),
            Err(error) => (None, Some(unreadable(&error))),
        };
        Records {
            ended: fault.is_some(),
            source,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            fault,
            bytes: 0,
            line: 1,
            blank_lines: 0,
            delimiter,
        }
    }

    /// The first bytes, up to `want`; fewer when the source is shorter.
    pub(crate) fn head(&mut self, want: usize) -> &[u8] {
        self.fill(want);
        &self.buffer[self.start..self.end.min(self.start + want)]
    }

    /// Skips bytes of the head (a byte order mark).
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// What stopped the source, if it was not its end.
    pub(crate) fn fault(&self) -> Option<&Why> {
        self.fault.as_ref()
    }

    /// Reads until `want` bytes are pending or the source ends.
    fn fill(&mut self, want: usize) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < want {
            self.buffer.resize(want, 0);
        }
        while self.end < want && !self.ended {
            let Some(source) = self.source.as_mut() else {
                break;
            };
            match source.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(n) => {
                    self.end += n;
                    self.bytes += n as u64;
                    if self.bytes > MAX_FILE_BYTES {
                        self.fault = Some(too_big());
                        self.ended = true;
                    }
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.fault = Some(source.explain(&e));
                    self.ended = true;
                }
            }
        }
    }

    /// The next record into `fields`. `columns`: how many fields the header has.
    pub(crate) fn next(&mut self, fields: &mut Fields, columns: Option<usize>) -> Step {
        loop {
            self.skip_blank_lines();
            let pending = self.end - self.start;
            let window = pending.min(MAX_RECORD_BYTES);
            let input = &self.buffer[self.start..self.start + window];
            let whole = self.ended && window == pending;
            if pending == 0 && self.ended {
                return match self.fault.take() {
                    Some(why) => Step::Cut { line: self.line, why },
                    None => Step::End,
                };
            }
            match split(input, self.delimiter, whole && self.fault.is_none(), fields) {
                Split::Record { used } => {
                    let lines = memchr_iter(b'\n', &input[..used]).count() as u64;
                    let line = self.line;
                    if lines > 1 && columns.is_some_and(|n| n != fields.len()) {
                        return self.give_up_line(quotes_run_on(line + lines - 1));
                    }
                    self.start += used;
                    self.line += lines;
                    return Step::Record { line };
                }
                Split::Broken => return self.give_up_line(quotes_broken()),
                Split::More if window < MAX_RECORD_BYTES && !self.ended => {
                    self.fill(CHUNK_BYTES.max(2 * pending));
                }
                // The record reaches beyond what there is, or what it may have.
                Split::More => {
                    let spans = memchr(b'\n', input).is_some();
                    if spans {
                        return self.give_up_line(quotes_broken());
                    }
                    if window == MAX_RECORD_BYTES {
                        return self.skip_long_line();
                    }
                    // The source broke off inside this line: it is part of the last refusal.
                    self.start = self.end;
                }
            }
        }
    }

    fn skip_blank_lines(&mut self) {
        loop {
            if self.end - self.start < 2 && !self.ended {
                self.fill(CHUNK_BYTES);
            }
            let rest = &self.buffer[self.start..self.end];
            let used = match rest {
                [b'\n', ..] => 1,
                [b'\r', b'\n', ..] => 2,
                _ => return,
            };
            self.start += used;
            self.line += 1;
            self.blank_lines += 1;
        }
    }

    /// Refuses the line that the record starts on; the next begins behind it.
    fn give_up_line(&mut self, why: Why) -> Step {
        let line = self.line;
        match memchr(b'\n', &self.buffer[self.start..self.end]) {
            Some(i) => {
                self.start += i + 1;
                self.line += 1;
                Step::Refused { line, why }
            }
            // Only the last line can be without an end here: whatever is longer
            // than the buffer was taken by `skip_long_line`.
            None if self.ended => {
                self.start = self.end;
                Step::Refused { line, why }
            }
            None => self.skip_rest(line, why),
        }
    }

    fn skip_long_line(&mut self) -> Step {
        let why = Why::new(
            codes::RECORD_TOO_LONG,
            format!("这一行超过 {} KB。请检查是否缺了换行。", MAX_RECORD_BYTES / 1024),
            format!("This line is over {} KiB. See whether a line break is missing.", MAX_RECORD_BYTES / 1024),
        );
        self.skip_rest(self.line, why)
    }

    /// Drops bytes up to the line's end, however far, without keeping them.
    fn skip_rest(&mut self, line: u64, why: Why) -> Step {
        loop {
            match memchr(b'\n', &self.buffer[self.start..self.end]) {
                Some(i) => {
                    self.start += i + 1;
                    self.line += 1;
                    break;
                }
                None if self.ended => {
                    self.start = self.end;
                    break;
                }
                None => {
                    self.start = self.end;
                    self.fill(CHUNK_BYTES);
                }
            }
        }
        Step::Refused { line, why }
    }
}

fn quotes_broken() -> Why {
    Why::new(
        codes::QUOTES,
        "这一行的双引号没有成对，或引号后面还有字。字段里的双引号要写成两个（\"\"）。",
        "The quotation marks of this line do not match, or text follows a closing one. Inside a field write them twice (\"\").",
    )
}

fn quotes_run_on(last: u64) -> Why {
    Why::new(
        codes::QUOTES,
        format!("这一行有一个双引号一直到第 {last} 行才合上，栏数也对不上。请补上引号。"),
        format!(
            "A quotation mark opened on this line closes only on line {last}, and the fields do not add up. Close it."
        ),
    )
}

fn unreadable(error: &io::Error) -> Why {
    Why::new(codes::FILE_UNREADABLE, format!("文件读不出来：{error}。"), format!("The file cannot be read: {error}."))
}

fn too_big() -> Why {
    let gib = MAX_FILE_BYTES >> 30;
    Why::new(
        codes::FILE_TOO_BIG,
        format!("文件解压后超过 {gib} GB，只读到这里。请按年或按月分开导入。"),
        format!("The file is over {gib} GiB after decompression; reading stops here. Split it by year or month."),
    )
}
