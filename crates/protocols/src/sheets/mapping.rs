//! The mapping of one source's columns: data of a pack, checked when it is loaded.

use serde::Deserialize;

use super::head::Encoding;
use super::times::Zone;

/// Words of one list in a mapping.
const MAX_WORDS: usize = 64;
/// Time formats tried in order.
const MAX_FORMATS: usize = 8;
/// Default points of one source.
const MAX_PLACEHOLDERS: usize = 64;

/// Which column of a source's export is what, and how its words are read.
/// Written as TOML in a pack (`imports/*.toml`); load it with [`Mapping::from_toml`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Short name of the source; kept with each imported case as its origin.
    pub origin: String,
    /// `utf-8`, `gb18030`, `windows-1252`, or `auto` (default) to settle it from
    /// the head of the file: UTF-8, or GB 18030 when the text can only be that.
    #[serde(default)]
    pub encoding: Encoding,
    /// The character between fields: comma (default), semicolon, tab or bar.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// Names of the columns.
    pub columns: Columns,
    /// How times are written.
    pub time: TimeRule,
    /// Words of the status column; needed when that column is mapped.
    #[serde(default)]
    pub status: StatusWords,
    /// Words of the on-time column; needed when that column is mapped.
    #[serde(default)]
    pub on_time: OnTimeWords,
    /// How a place's name is brought to one spelling.
    #[serde(default)]
    pub place: PlaceRule,
    /// The box that holds every true point, in WGS-84 degrees. With it, swapped
    /// coordinates are recognised everywhere on earth.
    #[serde(default)]
    pub area: Option<Area>,
    /// Points where the source puts what it could not place.
    #[serde(default, rename = "placeholder")]
    pub placeholders: Vec<Placeholder>,
}

/// Column names as the header writes them (letter case and outer blanks do not
/// matter). What is named here must stand in the header.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The source's own number of the case: with the origin, what makes a second import change nothing.
    pub external_id: String,
    /// When it was reported.
    pub opened: String,
    /// When it should have been done by.
    pub due: Option<String>,
    /// When it was closed.
    pub closed: Option<String>,
    /// The source's own word whether it was on time: only compared, never believed.
    pub on_time: Option<String>,
    /// Open or closed.
    pub status: Option<String>,
    /// What kind of matter.
    pub item: Option<String>,
    /// Which department.
    pub department: Option<String>,
    /// Which queue within the department.
    pub queue: Option<String>,
    /// What the case is called.
    pub title: Option<String>,
    /// What was said on closing.
    pub closing_text: Option<String>,
    /// The place's name by the source.
    pub place: Option<String>,
    /// Longitude, WGS-84 degrees; mapped together with the latitude.
    pub longitude: Option<String>,
    /// Latitude, WGS-84 degrees.
    pub latitude: Option<String>,
    /// By which way it came in.
    pub source: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
    /// Street and number, or the crossing.
    pub street: Option<String>,
}

/// How the source writes times.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeRule {
    /// IANA name of the wall clock's zone, e.g. `America/New_York`.
    pub zone: String,
    /// strftime formats, tried in order.
    pub formats: Vec<String>,
    /// The earliest moment at which the export can have been taken, in the first
    /// format. Open cases are judged as of this or of the newest moment in the
    /// file, whichever is later.
    pub as_of: Option<String>,
}

/// Words of the status column.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// Words that mean open.
    #[serde(default)]
    pub open: Vec<String>,
    /// Words that mean closed.
    #[serde(default)]
    pub closed: Vec<String>,
}

/// Words of the on-time column; an empty field means the source does not say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnTimeWords {
    /// Words that mean on time.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Words that mean overdue.
    #[serde(default)]
    pub no: Vec<String>,
}

/// How a place's name is brought to one spelling.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRule {
    /// Words taken off the front (letter case does not matter), e.g. `Ward`.
    #[serde(default)]
    pub strip_prefixes: Vec<String>,
    /// Whether `03` becomes `3`.
    #[serde(default)]
    pub strip_leading_zeros: bool,
}

impl PlaceRule {
    /// The one spelling of `name`; `None` when it names nothing.
    #[must_use]
    pub fn normalise<'a>(&self, name: &'a str) -> Option<&'a str> {
        let mut rest = name.trim();
        for prefix in &self.strip_prefixes {
            if let Some(head) = rest.get(..prefix.len())
                && head.eq_ignore_ascii_case(prefix)
            {
                rest = rest[prefix.len()..].trim_start();
                break;
            }
        }
        if self.strip_leading_zeros && rest.bytes().all(|b| b.is_ascii_digit()) {
            let bare = rest.trim_start_matches('0');
            // "0" and "00" name place 0, not nothing.
            rest = if bare.is_empty() { &rest[rest.len().saturating_sub(1)..] } else { bare };
        }
        (!rest.is_empty()).then_some(rest)
    }
}

/// A box in WGS-84 degrees, edges included.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Area {
    /// Every point on earth.
    pub(crate) const WORLD: Area = Area { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// Whether the point lies in the box; a NaN lies nowhere.
    #[must_use]
    pub fn holds(&self, lon: f64, lat: f64) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }
}

/// A point that stands for "we do not know where".
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placeholder {
    /// What stands there.
    pub name: String,
    /// Degrees, WGS-84.
    pub longitude: f64,
    /// Degrees, WGS-84.
    pub latitude: f64,
}

/// What is wrong with a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {zh} {en}")]
pub struct MappingFault {
    /// Line of the file, from 1; the first line when the fault is an absence.
    pub line: usize,
    /// In Chinese, with what to do.
    pub zh: String,
    /// In English, with what to do.
    pub en: String,
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn from_toml(text: &str) -> Result<Mapping, MappingFault> {
        let mapping: Mapping = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start.min(text.len()));
            let line = 1 + text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
            MappingFault {
                line,
                zh: format!("这份对照表读不懂：{}", e.message()),
                en: format!("This mapping cannot be read: {}", e.message()),
            }
        })?;
        match mapping.check() {
            Ok(()) => Ok(mapping),
            Err((key, zh, en)) => Err(MappingFault { line: line_of(text, key), zh, en }),
        }
    }

    /// The first fault as (key, Chinese, English).
    pub(crate) fn check(&self) -> Result<(), (&'static str, String, String)> {
        let fault = |key, zh: &str, en: &str| Err((key, zh.to_owned(), en.to_owned()));
        if self.origin.trim().is_empty() {
            return fault("origin", "origin 不能为空。", "origin must not be empty.");
        }
        if !matches!(self.delimiter, ',' | ';' | '\t' | '|') {
            return fault(
                "delimiter",
                "delimiter 只能是逗号、分号、制表符或竖线。",
                "delimiter must be a comma, a semicolon, a tab or a bar.",
            );
        }
        if self.columns.longitude.is_some() != self.columns.latitude.is_some() {
            return fault(
                "[columns]",
                "longitude 和 latitude 要么都写，要么都不写。",
                "Map both longitude and latitude, or neither.",
            );
        }
        if self.columns.status.is_some() && (self.status.open.is_empty() || self.status.closed.is_empty()) {
            return fault(
                "status",
                "写了 status 栏，就要在 [status] 里写明 open 和 closed 各有哪些词。",
                "With a status column, [status] must list the words for open and for closed.",
            );
        }
        if self.columns.on_time.is_some() && (self.on_time.yes.is_empty() || self.on_time.no.is_empty()) {
            return fault(
                "on_time",
                "写了 on_time 栏，就要在 [on_time] 里写明 yes 和 no 各有哪些词。",
                "With an on_time column, [on_time] must list the words for yes and for no.",
            );
        }
        let lists =
            [&self.status.open, &self.status.closed, &self.on_time.yes, &self.on_time.no, &self.place.strip_prefixes];
        if lists.iter().any(|l| l.len() > MAX_WORDS)
            || self.time.formats.len() > MAX_FORMATS
            || self.placeholders.len() > MAX_PLACEHOLDERS
        {
            return Err((
                "origin",
                format!(
                    "一份词表最多 {MAX_WORDS} 个词，时间格式最多 {MAX_FORMATS} 种，默认点最多 {MAX_PLACEHOLDERS} 个。"
                ),
                format!(
                    "At most {MAX_WORDS} words in a list, {MAX_FORMATS} time formats, {MAX_PLACEHOLDERS} placeholders."
                ),
            ));
        }
        if let Some(a) = self.area
            && !(a.west < a.east
                && a.south < a.north
                && Area::WORLD.holds(a.west, a.south)
                && Area::WORLD.holds(a.east, a.north))
        {
            return fault(
                "[area]",
                "[area] 的四至不对：west 要小于 east，south 要小于 north，都用经纬度。",
                "[area] is no box: west must be below east and south below north, in degrees.",
            );
        }
        if self.placeholders.iter().any(|p| !Area::WORLD.holds(p.longitude, p.latitude)) {
            return fault(
                "[[placeholder]]",
                "默认点的经纬度超出范围。",
                "A placeholder's longitude or latitude is out of range.",
            );
        }
        Zone::new(&self.time).map(|_| ())
    }
}

fn comma() -> char {
    ','
}

/// The first line that begins with `key`, from 1; 1 when there is none.
fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |i| i + 1)
}
