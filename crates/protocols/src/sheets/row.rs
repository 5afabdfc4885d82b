//! One record's text to one typed case, or the reason why not.

use super::MAX_FIELD_BYTES;
use super::MAX_ID_BYTES;
use super::head::View;
use super::mapping::{Area, Mapping};
use super::refusal::{Why, codes, shown};
use super::times::Zone;

/// Degrees within which a point is the same as a placeholder: the sources write
/// four or more decimals.
const PLACEHOLDER_DEGREES: f64 = 1e-6;

/// One case as the source tells it. Texts are trimmed and never empty; moments
/// are Unix milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportCase {
    /// Physical line, from 1, on which the record starts.
    pub line: u64,
    /// The source's number.
    pub external_id: String,
    /// When it was reported.
    pub opened_ms: i64,
    /// When it should have been done by.
    pub due_ms: Option<i64>,
    /// When it was closed.
    pub closed_ms: Option<i64>,
    /// Open or closed; without a status column, closed means that a closing time stands.
    pub status: Status,
    /// The source's own word: `Some(true)` = on time.
    pub on_time_flag: Option<bool>,
    /// What kind of matter.
    pub item: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Queue within the department.
    pub queue: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// What was said on closing.
    pub closing_text: Option<String>,
    /// Name of the place in its one spelling, see [`super::PlaceRule`].
    pub place: Option<String>,
    /// Where.
    pub point: Option<Point>,
    /// By which way it came in.
    pub source: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
    /// Street and number, or the crossing.
    pub street: Option<String>,
    /// The line of an earlier record that is the same in every field, if there is
    /// one: written once more it changes nothing.
    pub repeat_of_line: Option<u64>,
}

/// Whether a case is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not yet closed.
    Open,
    /// Closed.
    Closed,
}

/// A point, WGS-84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// Whether it is one of the source's default points: not where the matter is.
    pub placeholder: bool,
}

/// Where each mapped column stands in this file's records.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) columns: usize,
    external_id: usize,
    opened: usize,
    due: Option<usize>,
    closed: Option<usize>,
    on_time: Option<usize>,
    status: Option<usize>,
    item: Option<usize>,
    department: Option<usize>,
    queue: Option<usize>,
    title: Option<usize>,
    closing_text: Option<usize>,
    place: Option<usize>,
    longitude: Option<usize>,
    latitude: Option<usize>,
    source: Option<usize>,
    zip: Option<usize>,
    street: Option<usize>,
}

impl Layout {
    /// Finds every mapped column in the header.
    pub(crate) fn find(header: &View<'_>, mapping: &Mapping) -> Result<Layout, Why> {
        let names: Vec<&str> = (0..header.len()).map(|i| header.get(i)).collect();
        let (mut missing, mut twice) = (Vec::new(), Vec::new());
        let mut need = |name: &str| {
            let mut at = (0..names.len()).filter(|i| names[*i].eq_ignore_ascii_case(name.trim()));
            let first = at.next();
            if first.is_none() {
                missing.push(name.to_owned());
            }
            if at.next().is_some() {
                twice.push(name.to_owned());
            }
            first.unwrap_or(0)
        };
        let c = &mapping.columns;
        let external_id = need(&c.external_id);
        let opened = need(&c.opened);
        let mut find = |name: &Option<String>| name.as_deref().map(&mut need);
        let layout = Layout {
            columns: header.len(),
            external_id,
            opened,
            due: find(&c.due),
            closed: find(&c.closed),
            on_time: find(&c.on_time),
            status: find(&c.status),
            item: find(&c.item),
            department: find(&c.department),
            queue: find(&c.queue),
            title: find(&c.title),
            closing_text: find(&c.closing_text),
            place: find(&c.place),
            longitude: find(&c.longitude),
            latitude: find(&c.latitude),
            source: find(&c.source),
            zip: find(&c.zip),
            street: find(&c.street),
        };
        if !missing.is_empty() {
            return Err(Why::new(
                codes::HEADER_MISSING,
                format!("表头缺这些栏：{}。请补上，或改对照表。", missing.join("、")),
                format!("The header lacks these columns: {}. Add them, or change the mapping.", missing.join(", ")),
            ));
        }
        if !twice.is_empty() {
            return Err(Why::new(
                codes::HEADER_TWICE,
                format!("表头里这些栏出现了两次：{}。请只留一栏。", twice.join("、")),
                format!("These columns stand twice in the header: {}. Keep one.", twice.join(", ")),
            ));
        }
        Ok(layout)
    }

    /// Reads one record that has as many fields as the header.
    pub(crate) fn read(&self, line: u64, record: &View<'_>, mapping: &Mapping, zone: &Zone) -> Result<ImportCase, Why> {
        let get = |index: Option<usize>| index.map_or("", |i| record.get(i));
        let text = |index: Option<usize>| Some(get(index)).filter(|t| !t.is_empty()).map(str::to_owned);

        let external_id = record.get(self.external_id);
        check_id(external_id, &mapping.columns.external_id)?;
        let opened_text = record.get(self.opened);
        let opened_ms =
            zone.at(opened_text, None).ok_or_else(|| bad_time(codes::OPENED, &mapping.columns.opened, opened_text))?;
        let due_ms = optional_time(get(self.due), zone, None)
            .map_err(|t| bad_time(codes::DUE, name(&mapping.columns.due), t))?;
        let closed_ms = optional_time(get(self.closed), zone, Some(opened_ms))
            .map_err(|t| bad_time(codes::CLOSED, name(&mapping.columns.closed), t))?;
        if closed_ms.is_some_and(|closed| closed < opened_ms) {
            return Err(Why::new(
                codes::CLOSED_BEFORE_OPENED,
                format!(
                    "办结时间（{}）早于受理时间（{}）。请核对两个时间。",
                    shown(get(self.closed)),
                    shown(opened_text)
                ),
                format!(
                    "Closed ({}) before it was opened ({}). Check both times.",
                    shown(get(self.closed)),
                    shown(opened_text)
                ),
            ));
        }
        let status = match self.status {
            None => derived_status(closed_ms),
            Some(i) => read_status(record.get(i), closed_ms, mapping)?,
        };
        let on_time_flag = read_flag(get(self.on_time), mapping)?;
        let point = read_point(get(self.longitude), get(self.latitude), mapping)?;
        Ok(ImportCase {
            line,
            external_id: external_id.to_owned(),
            opened_ms,
            due_ms,
            closed_ms,
            status,
            on_time_flag,
            item: text(self.item),
            department: text(self.department),
            queue: text(self.queue),
            title: text(self.title),
            closing_text: text(self.closing_text),
            place: mapping.place.normalise(get(self.place)).map(str::to_owned),
            point,
            source: text(self.source),
            zip: text(self.zip),
            street: text(self.street),
            repeat_of_line: None,
        })
    }
}

/// The index of the first field over the limit.
pub(crate) fn too_long_field(ends: &[usize]) -> Option<usize> {
    let mut start = 0;
    ends.iter().position(|end| {
        let long = end - start > MAX_FIELD_BYTES;
        start = end + 1;
        long
    })
}

fn name(column: &Option<String>) -> &str {
    column.as_deref().unwrap_or_default()
}

fn check_id(id: &str, column: &str) -> Result<(), Why> {
    if id.is_empty() {
        return Err(Why::new(
            codes::ID_EMPTY,
            format!("没有编号（{column} 栏是空的）。请补上编号。"),
            format!("No id: column {column} is empty. Fill it in."),
        ));
    }
    if id.len() > MAX_ID_BYTES {
        return Err(Why::new(
            codes::ID_TOO_LONG,
            format!("编号超过 {MAX_ID_BYTES} 字节。请核对 {column} 栏。"),
            format!("The id is over {MAX_ID_BYTES} bytes. Check column {column}."),
        ));
    }
    Ok(())
}

fn optional_time<'t>(text: &'t str, zone: &Zone, begin: Option<i64>) -> Result<Option<i64>, &'t str> {
    if text.is_empty() {
        return Ok(None);
    }
    zone.at(text, begin).map(Some).ok_or(text)
}

fn bad_time(code: &'static str, column: &str, text: &str) -> Why {
    if text.is_empty() {
        return Why::new(
            code,
            format!("{column} 栏没有时间。请补上。"),
            format!("Column {column} has no time. Fill it in."),
        );
    }
    let text = shown(text);
    Why::new(
        code,
        format!("{column} 栏的“{text}”读不出时间。请按对照表写明的格式填写。"),
        format!("\"{text}\" in column {column} is no time. Write it in the format that the mapping gives."),
    )
}

fn derived_status(closed_ms: Option<i64>) -> Status {
    if closed_ms.is_some() { Status::Closed } else { Status::Open }
}

fn read_status(word: &str, closed_ms: Option<i64>, mapping: &Mapping) -> Result<Status, Why> {
    let status = if is_one_of(word, &mapping.status.closed) {
        Status::Closed
    } else if is_one_of(word, &mapping.status.open) {
        Status::Open
    } else {
        let word = shown(word);
        return Err(Why::new(
            codes::STATUS,
            format!("状态“{word}”不认识。请改成对照表里的词，或把它加进对照表。"),
            format!("Unknown status \"{word}\". Use a word of the mapping, or add this one to it."),
        ));
    };
    match (status, closed_ms) {
        (Status::Closed, None) => Err(Why::new(
            codes::STATUS_CONTRADICTS,
            "状态是已办结，却没有办结时间。请补上时间或改状态。",
            "The status says closed, but there is no closing time. Add the time or change the status.",
        )),
        (Status::Open, Some(_)) => Err(Why::new(
            codes::STATUS_CONTRADICTS,
            "状态是未办结，却有办结时间。请去掉时间或改状态。",
            "The status says open, but there is a closing time. Remove the time or change the status.",
        )),
        _ => Ok(status),
    }
}

fn read_flag(word: &str, mapping: &Mapping) -> Result<Option<bool>, Why> {
    if word.is_empty() {
        Ok(None)
    } else if is_one_of(word, &mapping.on_time.yes) {
        Ok(Some(true))
    } else if is_one_of(word, &mapping.on_time.no) {
        Ok(Some(false))
    } else {
        let word = shown(word);
        Err(Why::new(
            codes::ON_TIME,
            format!("是否按期一栏的“{word}”不认识。请改成对照表里的词，或留空。"),
            format!("Unknown on-time word \"{word}\". Use a word of the mapping, or leave it empty."),
        ))
    }
}

fn is_one_of(word: &str, words: &[String]) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

fn read_point(lon: &str, lat: &str, mapping: &Mapping) -> Result<Option<Point>, Why> {
    if lon.is_empty() && lat.is_empty() {
        return Ok(None);
    }
    let degrees = |text: &str| text.parse::<f64>().ok().filter(|d| d.is_finite());
    let (Some(x), Some(y)) = (degrees(lon), degrees(lat)) else {
        let (lon, lat) = (shown(lon), shown(lat));
        return Err(Why::new(
            codes::COORDINATES,
            format!("经度“{lon}”、纬度“{lat}”不全或不是数字。请补全，或两栏都留空。"),
            format!(
                "Longitude \"{lon}\" and latitude \"{lat}\" are not two numbers. Complete them, or leave both empty."
            ),
        ));
    };
    let area = mapping.area.unwrap_or(Area::WORLD);
    if !area.holds(x, y) {
        return Err(if area.holds(y, x) {
            Why::new(
                codes::COORDINATES_SWAPPED,
                format!("经度和纬度像是写反了（经度 {x}，纬度 {y}）。请对调。"),
                format!("The coordinates look swapped (longitude {x}, latitude {y}). Exchange them."),
            )
        } else {
            Why::new(
                codes::COORDINATES_OUTSIDE,
                format!("坐标（经度 {x}，纬度 {y}）不在本地范围内。请核对，或两栏都留空。"),
                format!(
                    "The coordinates (longitude {x}, latitude {y}) lie outside the area. Check them, or leave both empty."
                ),
            )
        });
    }
    let placeholder = mapping
        .placeholders
        .iter()
        .any(|p| (p.longitude - x).abs() < PLACEHOLDER_DEGREES && (p.latitude - y).abs() < PLACEHOLDER_DEGREES);
    Ok(Some(Point { lon: x, lat: y, placeholder }))
}
