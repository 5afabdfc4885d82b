//! The moment at which a limit runs out. Pure.

use serde::{Deserialize, Serialize};

use super::runs::{Always, DayRuns, HourRuns, Runs, Stretches, reach};
use super::zone::{midnight, tomorrow, wall_date};
use super::{DAY_MS, Date, HOUR_MS, LIMIT_AMOUNT_MAX, Limit, LimitUnit, TimeError, Timestamp, WorkCalendar};

/// The most pauses of one limit.
pub const DUE_PAUSES_MAX: usize = 1_000;
/// The most extensions of one limit.
pub const DUE_EXTENSIONS_MAX: usize = 100;

/// A stretch during which a limit's clock stands: from `from`, inclusive, to `to`,
/// exclusive; without `to` it stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pause {
    /// When the clock stopped.
    pub from: Timestamp,
    /// When it ran on; `None` while it stands.
    pub to: Option<Timestamp>,
}

/// When something that started at `start` and may take `limit` is due.
///
/// - `urgent_hours` run round the clock.
/// - `work_hours` run inside work hours only; used up at 17:00 means due at 17:00.
/// - `work_days`: the day of the start does not count, worked or not; due at the end of
///   work of the last. Friday 20 November 2026 09:12 and 3 work days is Wednesday
///   25 November 17:00.
/// - `calendar_days`: the same time on the wall that many days later, whatever kind of day
///   that is. A wall time that the zone skips that day is due when it skips it.
///
/// Extensions run one after the other, each from the moment at which the time before it
/// was used up, by the rules above: a limit of 3 work days with an extension of 2 is due
/// where 5 are.
///
/// A pause takes away the time that would have counted in it, and the due moment moves by
/// exactly that: of `work_days`, work time on days that count (so a pause of two work
/// hours moves the end of work on Wednesday to two work hours into Thursday); of
/// `calendar_days`, time on the wall. Pauses may come in any order; where they overlap
/// they count once; before the start and after the due moment they count nothing.
///
/// While a pause without an end holds, there is no due moment and none is guessed:
/// [`TimeError::Paused`] (`is_paused()`). If it began only after the limit had run out,
/// that moment stands. For "when, if resumed now" see [`resumed_at`].
///
/// A later start, a larger amount, a further pause or extension never make it earlier.
/// One exception: of `calendar_days` that start within an hour that the clocks repeat,
/// the wall decides, not the order.
///
/// # Errors
/// [`TimeError::Paused`]; [`TimeError::YearWithoutData`] as soon as a day of an unknown
/// year has to be judged; [`TimeError::AmountOutOfRange`], [`TimeError::BadPause`],
/// [`TimeError::TooManyPauses`], [`TimeError::TooManyExtensions`];
/// [`TimeError::OutOfRange`] past the year 9999.
pub fn due(
    cal: &WorkCalendar,
    start: Timestamp,
    limit: Limit,
    pauses: &[Pause],
    extensions: &[Limit],
) -> Result<Timestamp, TimeError> {
    if pauses.len() > DUE_PAUSES_MAX {
        return Err(TimeError::TooManyPauses { count: pauses.len() });
    }
    if extensions.len() > DUE_EXTENSIONS_MAX {
        return Err(TimeError::TooManyExtensions { count: extensions.len() });
    }
    let standing = Stretches::merge(pauses)?;
    let first = leg(cal, start, limit, &standing)?;
    extensions.iter().try_fold(first, |used_up, more| leg(cal, used_up, *more, &standing))
}

/// One limit without extensions.
fn leg(cal: &WorkCalendar, start: Timestamp, limit: Limit, standing: &Stretches) -> Result<Timestamp, TimeError> {
    let Limit { amount, unit } = Limit::new(limit.amount, limit.unit)?;
    let amount = i64::from(amount);
    let zone = cal.zone();
    match unit {
        LimitUnit::UrgentHours => Timestamp::in_range(reach(&Always, start.ms(), amount * HOUR_MS, standing)?),
        LimitUnit::WorkHours => Timestamp::in_range(reach(&HourRuns(cal), start.ms(), amount * HOUR_MS, standing)?),
        // Days are measured on the wall, so that every work day is worth the same and a
        // day is a day even when the clocks change in it.
        LimitUnit::WorkDays => {
            let from = midnight(tomorrow(wall_date(zone.wall(start))?)?)?;
            let budget = amount * cal.hours().ms_per_day();
            zone.instant(reach(&DayRuns(cal), from, budget, &standing.on_wall(zone, start))?)
        }
        LimitUnit::CalendarDays => {
            let from = zone.wall(start);
            zone.instant(reach(&Always, from, amount * DAY_MS, &standing.on_wall(zone, start))?)
        }
    }
}

/// The same pauses as if whoever stands still were resumed at `now` (or at its beginning,
/// if that lies ahead): for saying "due by … if we go on today".
pub fn resumed_at(pauses: &[Pause], now: Timestamp) -> Vec<Pause> {
    pauses.iter().map(|pause| Pause { to: pause.to.or(Some(now.max(pause.from))), ..*pause }).collect()
}

/// How much work time lies between two instants, in milliseconds; negative if `to` is the
/// earlier.
///
/// # Errors
/// [`TimeError::YearWithoutData`], [`TimeError::OutOfRange`].
pub fn work_ms_between(cal: &WorkCalendar, from: Timestamp, to: Timestamp) -> Result<i64, TimeError> {
    if to < from {
        return work_ms_between(cal, to, from).map(|ms| -ms);
    }
    let mut worked = 0;
    let mut at = from.ms();
    while let Some((begin, end)) = HourRuns(cal).next(at, to.ms())? {
        at = end.min(to.ms());
        worked += at - begin;
    }
    Ok(worked)
}

/// The same time on the wall `n` work days later; with `n` = 0 the instant itself. From a
/// Saturday, one work day later is Monday.
///
/// # Errors
/// [`TimeError::YearWithoutData`], [`TimeError::OutOfRange`];
/// [`TimeError::AmountOutOfRange`] above [`LIMIT_AMOUNT_MAX`].
pub fn add_work_days(cal: &WorkCalendar, at: Timestamp, n: u32) -> Result<Timestamp, TimeError> {
    if n > LIMIT_AMOUNT_MAX {
        return Err(TimeError::AmountOutOfRange { amount: n });
    }
    if n == 0 {
        return Ok(at);
    }
    let wall = cal.zone().wall(at);
    let today = wall_date(wall)?;
    let then = nth_work_day_after(cal, today, n)?;
    cal.zone().instant(midnight(then)? + (wall - midnight(today)?))
}

fn nth_work_day_after(cal: &WorkCalendar, date: Date, n: u32) -> Result<Date, TimeError> {
    let (mut day, mut left) = (date, n);
    while left > 0 {
        day = tomorrow(day)?;
        if cal.is_work_day(day)? {
            left -= 1;
        }
    }
    Ok(day)
}

/// The instant `n` work hours later: [`due`] of a limit of that many; with `n` = 0 the
/// instant itself.
///
/// # Errors
/// As [`add_work_days`].
pub fn add_work_hours(cal: &WorkCalendar, at: Timestamp, n: u32) -> Result<Timestamp, TimeError> {
    if n == 0 {
        return Ok(at);
    }
    due(cal, at, Limit::new(n, LimitUnit::WorkHours)?, &[], &[])
}
