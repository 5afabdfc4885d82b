//! Where time counts, where it stands, and where a budget of it is used up.
//!
//! All on one axis of milliseconds: instants, or time on the wall. Which of the two is the
//! caller's choice; [`Runs`] and [`Stretches`] must agree on it.

use super::zone::{Zone, midnight, tomorrow, wall_date};
use super::{MINUTE_MS, Pause, TimeError, Timestamp, WorkCalendar};

/// The stretches in which time counts, in order and apart.
pub(super) trait Runs {
    /// The part from `from` on of the first run that ends after `from`, unless it begins
    /// at or after `until`. Days from `until` on are not looked at: they may lie in a
    /// year without data.
    fn next(&self, from: i64, until: i64) -> Result<Option<(i64, i64)>, TimeError>;
}

/// Time that always counts.
pub(super) struct Always;

impl Runs for Always {
    fn next(&self, from: i64, until: i64) -> Result<Option<(i64, i64)>, TimeError> {
        Ok((from < until).then_some((from, i64::MAX)))
    }
}

/// Work hours, on the axis of time on the wall: every work day is worth the same.
pub(super) struct DayRuns<'a>(pub &'a WorkCalendar);

impl Runs for DayRuns<'_> {
    fn next(&self, from: i64, until: i64) -> Result<Option<(i64, i64)>, TimeError> {
        next_span(self.0, wall_date(from)?, from, until, Ok)
    }
}

/// Work hours, on the axis of instants: an hour is an hour, also when the clocks change.
pub(super) struct HourRuns<'a>(pub &'a WorkCalendar);

impl Runs for HourRuns<'_> {
    fn next(&self, from: i64, until: i64) -> Result<Option<(i64, i64)>, TimeError> {
        let zone = self.0.zone();
        let today = wall_date(zone.wall(Timestamp::in_range(from)?))?;
        next_span(self.0, today, from, until, |wall| zone.instant(wall).map(Timestamp::ms))
    }
}

/// Walks the spans of work days from `day` on; `place` puts a wall time on the axis.
fn next_span(
    cal: &WorkCalendar,
    mut day: super::Date,
    from: i64,
    until: i64,
    place: impl Fn(i64) -> Result<i64, TimeError>,
) -> Result<Option<(i64, i64)>, TimeError> {
    if from >= until {
        return Ok(None);
    }
    loop {
        let start = midnight(day)?;
        if place(start)? >= until {
            return Ok(None);
        }
        if cal.is_work_day(day)? {
            for &(begin, end) in cal.hours().spans() {
                let end = place(start + i64::from(end) * MINUTE_MS)?;
                if end <= from {
                    continue;
                }
                let begin = place(start + i64::from(begin) * MINUTE_MS)?.max(from);
                if begin >= until {
                    return Ok(None);
                }
                // A span that the clocks skip is empty.
                if begin < end {
                    return Ok(Some((begin, end)));
                }
            }
        }
        day = tomorrow(day)?;
    }
}

/// Pauses put together: in order, apart, the last one perhaps without end.
pub(super) struct Stretches {
    closed: Vec<(i64, i64)>,
    open: Option<(i64, Timestamp)>,
}

impl Stretches {
    /// Puts pauses together, on the axis of instants.
    pub fn merge(pauses: &[Pause]) -> Result<Stretches, TimeError> {
        let mut sorted = pauses.to_vec();
        sorted.sort_unstable_by_key(|pause| pause.from);
        let open_from = sorted.iter().find(|pause| pause.to.is_none()).map(|pause| pause.from);
        let mut closed: Vec<(i64, i64)> = Vec::with_capacity(sorted.len());
        for pause in &sorted {
            let Some(to) = pause.to else { continue };
            if to < pause.from {
                return Err(TimeError::BadPause { from: pause.from, to });
            }
            match closed.last_mut() {
                Some(last) if pause.from.ms() <= last.1 => last.1 = last.1.max(to.ms()),
                _ => closed.push((pause.from.ms(), to.ms())),
            }
        }
        Ok(Stretches { closed, open: open_from.map(|since| (since.ms(), since)) })
    }

    /// The same on the axis of time on the wall; what lies before `start` is emptied.
    pub fn on_wall(&self, zone: &Zone, start: Timestamp) -> Stretches {
        // The start keeps the time it shows, even in the second pass of a repeated hour;
        // so nothing before it may be placed after it.
        let wall = |ms| {
            let at = Timestamp::from_ms(ms);
            if at <= start { zone.wall(start) } else { zone.steady_wall(at) }
        };
        Stretches {
            closed: self.closed.iter().map(|&(from, to)| (wall(from), wall(to))).collect(),
            open: self.open.map(|(from, since)| (wall(from), since)),
        }
    }
}

/// The earliest moment at which `budget` (above zero) of counting time, not standing, has
/// gone by since `from`.
pub(super) fn reach(runs: &impl Runs, from: i64, budget: i64, standing: &Stretches) -> Result<i64, TimeError> {
    let (open_from, since) = standing.open.unzip();
    let open_from = open_from.unwrap_or(i64::MAX);
    let mut closed = standing.closed.iter().skip_while(|(_, to)| *to <= from).peekable();
    let (mut at, mut left) = (from, budget);
    loop {
        if let (true, Some(since)) = (at >= open_from, since) {
            return Err(TimeError::Paused { since });
        }
        let next_pause = match closed.peek() {
            Some(&&(_, to)) if to <= at => {
                closed.next();
                continue;
            }
            Some(&&(pause_from, to)) if pause_from <= at => {
                at = to;
                continue;
            }
            Some(&&(pause_from, _)) => pause_from,
            None => i64::MAX,
        };
        let until = next_pause.min(open_from);
        let Some((begin, end)) = runs.next(at, until)? else {
            at = until;
            continue;
        };
        let end = end.min(until);
        if end - begin >= left {
            return Ok(begin + left);
        }
        left -= end - begin;
        at = end;
    }
}
