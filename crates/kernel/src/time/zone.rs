//! One time zone: instants to wall time and back.
//!
//! A wall time is counted in milliseconds since 1970-01-01 00:00 *on the wall*. Where the
//! clocks go forward some wall times never come; where they go back some come twice.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use super::error::shown;
use super::{DAY_MS, Date, TimeError, Timestamp};

/// A time zone with the name it was asked for by.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    name: String,
    tz: TimeZone,
}

impl Zone {
    /// The zone with this IANA name, from the database inside the binary.
    pub fn new(name: &str) -> Result<Zone, TimeError> {
        let tz = TimeZoneDatabase::bundled().get(name).map_err(|_| TimeError::UnknownZone { name: shown(name) })?;
        let name = tz.iana_name().unwrap_or(name).to_owned();
        Ok(Zone { name, tz })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the clock on the wall shows at `at`.
    pub fn wall(&self, at: Timestamp) -> i64 {
        at.ms() + offset_ms(self.tz.to_offset(at.to_jiff()))
    }

    /// As [`Zone::wall`], but never falling: throughout the second pass of a repeated
    /// hour it stays at the end of the first. Stretches of time keep their order
    /// and never overlap when measured by it.
    pub fn steady_wall(&self, at: Timestamp) -> i64 {
        let wall = self.wall(at);
        let Ok(local) = wall_datetime(wall) else {
            return wall;
        };
        match self.tz.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Fold { before, after } if wall == at.ms() + offset_ms(after) => {
                let turned = self.last_switch_ms(at.ms());
                turned.map_or(wall, |turned| turned + offset_ms(before))
            }
            _ => wall,
        }
    }

    /// The instant at which the wall shows `wall`: the first if it does twice; if it never
    /// does, the instant at which the clocks skip it. Never falls as `wall` rises.
    pub fn instant(&self, wall: i64) -> Result<Timestamp, TimeError> {
        let ms = match self.tz.to_ambiguous_timestamp(wall_datetime(wall)?).offset() {
            AmbiguousOffset::Unambiguous { offset } => wall - offset_ms(offset),
            AmbiguousOffset::Fold { before, .. } => wall - offset_ms(before),
            AmbiguousOffset::Gap { before, .. } => {
                let after_switch = wall - offset_ms(before);
                self.last_switch_ms(after_switch).unwrap_or(after_switch)
            }
        };
        Timestamp::in_range(ms)
    }

    /// Does the zone skip this wall time?
    pub fn skips(&self, wall: i64) -> Result<bool, TimeError> {
        let offset = self.tz.to_ambiguous_timestamp(wall_datetime(wall)?).offset();
        Ok(matches!(offset, AmbiguousOffset::Gap { .. }))
    }

    /// The last instant, up to and including `ms`, at which the zone changed its offset.
    fn last_switch_ms(&self, ms: i64) -> Option<i64> {
        let just_after = Timestamp::from_ms(ms).plus_ms(1).to_jiff();
        self.tz.preceding(just_after).next().map(|switch| switch.timestamp().as_millisecond())
    }
}

fn offset_ms(offset: Offset) -> i64 {
    i64::from(offset.seconds()) * super::SECOND_MS
}

/// Wall time as date and time of day.
pub(super) fn wall_datetime(wall: i64) -> Result<DateTime, TimeError> {
    let as_if_utc = jiff::Timestamp::from_millisecond(wall).map_err(|_| TimeError::OutOfRange)?;
    Ok(Offset::UTC.to_datetime(as_if_utc))
}

/// The day of a wall time.
pub(super) fn wall_date(wall: i64) -> Result<Date, TimeError> {
    wall_datetime(wall).map(DateTime::date)
}

/// Midnight at the start of a day, as wall time.
pub(super) fn midnight(date: Date) -> Result<i64, TimeError> {
    let as_if_utc =
        Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).map_err(|_| TimeError::OutOfRange)?;
    Ok(as_if_utc.as_second().div_euclid(DAY_MS / 1_000) * DAY_MS)
}

/// The day after.
pub(super) fn tomorrow(date: Date) -> Result<Date, TimeError> {
    date.tomorrow().map_err(|_| TimeError::OutOfRange)
}
