//! Time: instants, clocks, work calendars, and the moment at which a limit runs out.
//!
//! | file | what |
//! |---|---|
//! | `timestamp` | [`Timestamp`], an instant; [`Clock`], where "now" comes from |
//! | `calendar` | [`WorkCalendar`]: which days and hours count, in which zone |
//! | `zone` | wall time to instant and back, with the hours that a zone skips or repeats |
//! | `local` | [`LocalTime`]: an instant as people read it |
//! | `limit` | [`Limit`]: "3 work days", "4 work hours" |
//! | `due` | [`due`]: start + limit + pauses + extensions → the moment it is due |
//! | `runs` | where time counts and where it stands; what `due` is reckoned from |
//! | `hours`, `error` | [`WorkHours`]; [`TimeError`] |
//!
//! Everything here but [`SystemClock`] is pure. Time zones come from the database
//! inside the binary, not from the machine, so that the same facts give the same
//! due time everywhere.

mod calendar;
mod due;
mod error;
mod hours;
mod limit;
mod local;
mod runs;
mod timestamp;
mod zone;

#[cfg(test)]
mod tests;

pub use calendar::{HolidayYear, WORK_YEARS_MAX, WorkCalendar, YearData};
pub use due::{
    DUE_EXTENSIONS_MAX, DUE_PAUSES_MAX, Pause, add_work_days, add_work_hours, due, resumed_at, work_ms_between,
};
pub use error::TimeError;
pub use hours::{WORK_SPANS_MAX, WorkHours};
/// A day of the civil calendar without time or zone; written `2026-11-25`.
pub use jiff::civil::Date;
pub use limit::{LIMIT_AMOUNT_MAX, Limit, LimitUnit};
pub use local::LocalTime;
pub use timestamp::{Clock, SystemClock, Timestamp, VirtualClock};

/// Milliseconds in a second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 24 * HOUR_MS;
