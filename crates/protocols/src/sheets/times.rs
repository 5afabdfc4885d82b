//! The source's wall clock to moments of the world.
//!
//! A wall clock without an offset is unclear twice a year. The rule, fixed here:
//! a time in the spring **gap**, which the clock never showed, moves forward by
//! the gap (02:30 becomes 03:30); a time in the autumn **fold**, which it showed
//! twice, is the first of the two, unless the case would then end before it
//! began: then the end is the second.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::mapping::TimeRule;

/// Years outside are typing errors ("0001-01-01", "20111-07-01"), not history.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;
/// Bytes of a time; no format of use is longer.
const MAX_TIME_BYTES: usize = 64;

/// A checked [`TimeRule`]: zone rules at hand, formats known to be good.
#[derive(Debug, Clone)]
pub(crate) struct Zone {
    tz: TimeZone,
    formats: Vec<String>,
    /// Earliest moment of the export, Unix milliseconds.
    pub(crate) as_of_ms: Option<i64>,
}

impl Zone {
    /// Checks the rule; the zone's rules come from the database inside the binary.
    pub(crate) fn new(rule: &TimeRule) -> Result<Zone, (&'static str, String, String)> {
        let tz = TimeZoneDatabase::bundled().get(&rule.zone).map_err(|_| {
            (
                "zone",
                format!("没有叫“{}”的时区，请写 IANA 名称，如 Asia/Shanghai。", rule.zone),
                format!("There is no zone \"{}\"; use an IANA name such as Asia/Shanghai.", rule.zone),
            )
        })?;
        let mut zone = Zone { tz, formats: rule.formats.clone(), as_of_ms: None };
        let probe = DateTime::constant(2011, 7, 31, 23, 58, 59, 0);
        let round_trip = |f: &String| {
            jiff::fmt::strtime::format(f, probe)
                .ok()
                .and_then(|text| zone.wall(&text))
                .is_some_and(|back| back.date() == probe.date())
        };
        if zone.formats.is_empty() || !zone.formats.iter().all(round_trip) {
            return Err((
                "formats",
                "时间格式不对：至少写一种，每种都要含年月日，如 \"%Y-%m-%d %H:%M:%S\"。".to_owned(),
                "Give at least one time format, each with year, month and day, e.g. \"%Y-%m-%d %H:%M:%S\".".to_owned(),
            ));
        }
        if let Some(text) = &rule.as_of {
            let ms = zone.at(text, None).ok_or_else(|| {
                (
                    "as_of",
                    format!("as_of“{text}”读不出时间，请按第一种格式写。"),
                    format!("as_of \"{text}\" is no time; write it in the first format."),
                )
            })?;
            zone.as_of_ms = Some(ms);
        }
        Ok(zone)
    }

    /// The moment of a wall-clock time, Unix milliseconds; `None` when unreadable.
    /// `not_before`: the case's beginning, which settles a fold for its end.
    pub(crate) fn at(&self, text: &str, not_before: Option<i64>) -> Option<i64> {
        let wall = self.wall(text)?;
        let unclear = self.tz.to_ambiguous_timestamp(wall);
        let first = unclear.compatible().ok()?.as_millisecond();
        match not_before {
            Some(begin) if first < begin && unclear.is_ambiguous() => Some(unclear.later().ok()?.as_millisecond()),
            _ => Some(first),
        }
    }

    fn wall(&self, text: &str) -> Option<DateTime> {
        if text.len() > MAX_TIME_BYTES {
            return None;
        }
        self.formats
            .iter()
            .find_map(|f| {
                let parts = jiff::fmt::strtime::parse(f, text).ok()?;
                // A format of days only means the day's beginning.
                parts.to_datetime().ok().or_else(|| Some(parts.to_date().ok()?.at(0, 0, 0, 0)))
            })
            .filter(|wall| YEARS.contains(&wall.year()))
    }
}
