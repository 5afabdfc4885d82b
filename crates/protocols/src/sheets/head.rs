//! What the first bytes tell: gzip or plain, which encoding, or not CSV at all.

use encoding_rs::{GB18030, WINDOWS_1252};
use memchr::memchr;
use serde::Deserialize;

use super::records::Fields;
use super::refusal::{Why, codes};

/// Bytes looked at to settle the encoding.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// The encoding of a file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Encoding {
    /// Settle it from the head: UTF-8, or GB 18030 when no line can be UTF-8
    /// and most lines with Chinese read well as GB 18030. Never a single-byte
    /// encoding: in those every byte is "valid", so a guess would hide damage.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB 18030, which holds GBK and GB 2312.
    #[serde(rename = "gb18030")]
    Gb18030,
    /// Windows-1252, which holds Latin-1's letters.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The name as people know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Auto => "auto",
            Encoding::Utf8 => "UTF-8",
            Encoding::Gb18030 => "GB 18030",
            Encoding::Windows1252 => "Windows-1252",
        }
    }
}

/// Settles the encoding and how many bytes of byte order mark to skip, or says
/// why these bytes are no CSV text.
pub(crate) fn settle(head: &[u8], stated: Encoding) -> Result<(Encoding, usize), Why> {
    if head.is_empty() {
        return Err(Why::new(
            codes::FILE_EMPTY,
            "文件是空的。请重新导出后再导入。",
            "The file is empty. Export it again.",
        ));
    }
    let zip = head.starts_with(b"PK\x03\x04");
    let ole = head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    if zip || ole {
        return Err(Why::new(
            codes::FILE_NOT_CSV,
            "这是电子表格或压缩包，不是 CSV。请在表格软件里另存为“CSV UTF-8”再导入。",
            "This is a spreadsheet or an archive, not CSV. Save it as \"CSV UTF-8\" and import that.",
        ));
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) || alternates_nul(head) {
        return Err(Why::new(
            codes::FILE_UTF16,
            "文件是 UTF-16 编码（“Unicode 文本”）。请另存为“CSV UTF-8”再导入。",
            "The file is UTF-16 (\"Unicode text\"). Save it as \"CSV UTF-8\" and import that.",
        ));
    }
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Ok((Encoding::Utf8, 3));
    }
    if head.starts_with(&[0x84, 0x31, 0x95, 0x33]) {
        return Ok((Encoding::Gb18030, 4));
    }
    match stated {
        Encoding::Auto => Ok((guess(head), 0)),
        known => Ok((known, 0)),
    }
}

/// UTF-16 without a mark: nearly every other byte of the first hundreds is NUL.
fn alternates_nul(head: &[u8]) -> bool {
    const LOOK_BYTES: usize = 512;
    let look = &head[..head.len().min(LOOK_BYTES)];
    let count = |from: usize| look.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let half = look.len() / 2;
    half >= 4 && (count(0) * 10 >= half * 8 || count(1) * 10 >= half * 8)
}

fn guess(head: &[u8]) -> Encoding {
    let (mut strange, mut utf8, mut gb) = (0_u32, 0_u32, 0_u32);
    for line in head.split(|b| *b == b'\n').filter(|l| !l.is_ascii()) {
        strange += 1;
        match std::str::from_utf8(line) {
            Ok(_) => utf8 += 1,
            // The last line of the head may be cut inside a character.
            Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 => {}
            Err(_) => gb += u32::from(reads_as_chinese(line)),
        }
    }
    if utf8 == 0 && gb > 0 && gb * 2 > strange { Encoding::Gb18030 } else { Encoding::Utf8 }
}

/// Valid GB 18030 whose double bytes lie mostly in the area of GB 2312, where
/// everyday Chinese stands. Latin-1 letters rarely come two together.
fn reads_as_chinese(line: &[u8]) -> bool {
    if GB18030.decode_without_bom_handling_and_without_replacement(line).is_none() {
        return false;
    }
    let (mut pairs, mut everyday, mut at) = (0_u32, 0_u32, 0);
    while at < line.len() {
        if line[at] < 0x80 {
            at += 1;
            continue;
        }
        pairs += 1;
        everyday += u32::from(line[at] >= 0xA1 && line.get(at + 1).is_some_and(|b| *b >= 0xA1));
        at += 2;
    }
    everyday * 2 > pairs
}

/// The text of one record and where its fields end; see [`Fields`].
pub(crate) struct View<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> View<'a> {
    /// The field without its outer blanks; empty when there is no such field.
    pub(crate) fn get(&self, index: usize) -> &'a str {
        let Some(end) = self.ends.get(index) else {
            return "";
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] + 1 };
        self.text[start..*end].trim()
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Room for a record that must be converted; reused from record to record.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    text: String,
    ends: Vec<usize>,
}

/// Reads a record's bytes as text; `None` when they are none in this encoding.
pub(crate) fn decode<'a>(encoding: Encoding, fields: &'a Fields, scratch: &'a mut Scratch) -> Option<View<'a>> {
    let table = match encoding {
        Encoding::Gb18030 => GB18030,
        Encoding::Windows1252 => WINDOWS_1252,
        Encoding::Auto | Encoding::Utf8 => {
            // The separators between fields are ASCII, so no character spans two
            // fields and every end is a character's end.
            let text = std::str::from_utf8(fields.text()).ok()?;
            return Some(View { text, ends: fields.ends() });
        }
    };
    scratch.text.clear();
    scratch.ends.clear();
    for field in fields.iter() {
        let text = table.decode_without_bom_handling_and_without_replacement(field)?;
        // Windows-1252 leaves five bytes undefined; decoders show them as controls.
        if text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
            return None;
        }
        scratch.text.push_str(&text);
        scratch.ends.push(scratch.text.len());
        scratch.text.push(',');
    }
    Some(View { text: &scratch.text, ends: &scratch.ends })
}

/// Whether a record holds a NUL byte.
pub(crate) fn has_nul(fields: &Fields) -> bool {
    memchr(0, fields.text()).is_some()
}
