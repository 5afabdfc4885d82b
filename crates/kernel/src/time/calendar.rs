//! Which days and hours are worked, in which zone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use super::error::shown;
use super::zone::{Zone, midnight, wall_date, wall_datetime};
use super::{Date, LocalTime, MINUTE_MS, SECOND_MS, TimeError, Timestamp, WorkHours};

/// The most years that a calendar takes.
pub const WORK_YEARS_MAX: usize = 200;

/// How one year differs from "Monday to Friday are worked", as `calendar/YEAR.toml` of a
/// pack says it. In China the General Office of the State Council publishes it each
/// November for the year after (部分节假日安排的通知).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    /// The year; every date below lies in it.
    pub year: i16,
    /// Days off. Weekends may be left out.
    pub off: BTreeSet<Date>,
    /// Make-up work-days (调休): weekend days that are worked.
    #[serde(default)]
    pub work: BTreeSet<Date>,
    /// The notice is not out yet: these are the days that the law itself gives (全国年节及纪念日放假办法,
    /// State Council decree 795 of 2024), with the days off in lieu of its article 6 and no make-up work-days.
    #[serde(default)]
    pub provisional: bool,
    /// Where the data comes from: title, number and date of the notice.
    pub source: String,
}

/// How well a year's days off are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearData {
    /// The State Council's notice is in the data, or the place has no holidays.
    Announced,
    /// Only what the law gives: the notice may still move days.
    Provisional,
    /// Nothing: no limit that reaches into it has a due time.
    Missing,
}

impl HolidayYear {
    /// Reads a calendar file.
    ///
    /// # Errors
    /// [`TimeError::BadHolidays`] if it is not TOML of this shape, or contradicts itself.
    pub fn parse(toml_text: &str) -> Result<HolidayYear, TimeError> {
        let year: HolidayYear =
            toml::from_str(toml_text).map_err(|fault| TimeError::BadHolidays { fault: fault.to_string() })?;
        year.check()?;
        Ok(year)
    }

    /// Is the year free of contradictions?
    ///
    /// # Errors
    /// [`TimeError::BadHolidays`] for a date of another year, one under both lists, or a
    /// make-up work-day that is no weekend day and so most likely a slip.
    pub fn check(&self) -> Result<(), TimeError> {
        for (list, days) in [("off", &self.off), ("work", &self.work)] {
            if let Some(date) = days.iter().find(|date| date.year() != self.year) {
                return Err(TimeError::wrong_year(*date, self.year, list));
            }
        }
        if let Some(date) = self.off.intersection(&self.work).next() {
            let fault = format!("{date} is both under `off` and under `work`");
            return Err(TimeError::BadHolidays { fault });
        }
        if let Some(date) = self.work.iter().find(|date| !is_weekend(**date)) {
            let fault = format!("{date} under `work` is a weekday, worked anyway");
            return Err(TimeError::BadHolidays { fault });
        }
        Ok(())
    }

    fn is_work_day(&self, date: Date) -> bool {
        if is_weekend(date) { self.work.contains(&date) } else { !self.off.contains(&date) }
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Where the knowledge of days off comes from.
#[derive(Debug, Clone)]
enum Days {
    /// Data by year; no data, no answer.
    Years(Arc<BTreeMap<i16, HolidayYear>>),
    /// Monday to Friday in every year.
    Plain,
}

/// Which days and hours are worked, in which zone. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    zone: Arc<Zone>,
    hours: WorkHours,
    days: Days,
}

impl WorkCalendar {
    /// A calendar of the zone `tz` (an IANA name such as `Asia/Shanghai`) that knows the
    /// given years and refuses to guess about others.
    ///
    /// # Errors
    /// [`TimeError::UnknownZone`], [`TimeError::BadHolidays`], [`TimeError::YearTwice`],
    /// [`TimeError::TooManyYears`].
    pub fn new(
        tz: &str,
        hours: WorkHours,
        years: impl IntoIterator<Item = HolidayYear>,
    ) -> Result<WorkCalendar, TimeError> {
        let mut known = BTreeMap::new();
        for data in years {
            data.check()?;
            if known.len() == WORK_YEARS_MAX {
                return Err(TimeError::TooManyYears);
            }
            let year = data.year;
            if known.insert(year, data).is_some() {
                return Err(TimeError::YearTwice { year });
            }
        }
        Ok(WorkCalendar { zone: Arc::new(Zone::new(tz)?), hours, days: Days::Years(Arc::new(known)) })
    }

    /// A calendar without holidays, Monday to Friday in every year: only for a place whose
    /// pack declares `holidays = "none"`.
    ///
    /// # Errors
    /// [`TimeError::UnknownZone`].
    pub fn plain(tz: &str, hours: WorkHours) -> Result<WorkCalendar, TimeError> {
        Ok(WorkCalendar { zone: Arc::new(Zone::new(tz)?), hours, days: Days::Plain })
    }

    /// The same zone and days with other hours, for a body that keeps its own.
    #[must_use]
    pub fn with_hours(&self, hours: WorkHours) -> WorkCalendar {
        WorkCalendar { hours, ..self.clone() }
    }

    /// The hours of a work day.
    pub fn hours(&self) -> &WorkHours {
        &self.hours
    }

    /// The IANA name of the zone.
    pub fn zone_name(&self) -> &str {
        self.zone.name()
    }

    /// The years with data, rising; `None` for a plain calendar, which needs none.
    pub fn years(&self) -> Option<Vec<i16>> {
        match &self.days {
            Days::Years(known) => Some(known.keys().copied().collect()),
            Days::Plain => None,
        }
    }

    /// How well the days off of a year are known.
    pub fn year_data(&self, year: i16) -> YearData {
        match &self.days {
            Days::Plain => YearData::Announced,
            Days::Years(known) => match known.get(&year) {
                None => YearData::Missing,
                Some(data) if data.provisional => YearData::Provisional,
                Some(_) => YearData::Announced,
            },
        }
    }

    /// Do people work on this day?
    ///
    /// # Errors
    /// [`TimeError::YearWithoutData`]: never a guess.
    pub fn is_work_day(&self, date: Date) -> Result<bool, TimeError> {
        match &self.days {
            Days::Plain => Ok(!is_weekend(date)),
            Days::Years(known) => known
                .get(&date.year())
                .map(|year| year.is_work_day(date))
                .ok_or(TimeError::YearWithoutData { year: date.year() }),
        }
    }

    /// Is somebody at work at this instant?
    ///
    /// # Errors
    /// [`TimeError::YearWithoutData`].
    pub fn is_work_time(&self, at: Timestamp) -> Result<bool, TimeError> {
        let wall = self.zone.wall(at);
        let date = wall_date(wall)?;
        let minute = (wall - midnight(date)?) / MINUTE_MS;
        let within = |&(from, to): &(u16, u16)| (i64::from(from)..i64::from(to)).contains(&minute);
        Ok(self.is_work_day(date)? && self.hours.spans().iter().any(within))
    }

    /// The instant as people in this zone read it.
    pub fn local(&self, at: Timestamp) -> LocalTime {
        // An instant always has a wall time: `Timestamp` keeps a margin at both ends.
        LocalTime::new(wall_datetime(self.zone.wall(at)).unwrap_or_default())
    }

    /// The day of the instant in this zone.
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The first instant of a day in this zone.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`].
    pub fn start_of_day(&self, date: Date) -> Result<Timestamp, TimeError> {
        self.zone.instant(midnight(date)?)
    }

    /// Reads a local time, `2026-03-02 09:00` or with seconds; a `T` may stand for the
    /// blank. Of an hour that the clocks repeat it is the first.
    ///
    /// # Errors
    /// [`TimeError::BadLocalTime`]; [`TimeError::SkippedLocalTime`] for an hour that the
    /// clocks skip; [`TimeError::OutOfRange`].
    pub fn parse_local(&self, text: &str) -> Result<Timestamp, TimeError> {
        let bad = || TimeError::BadLocalTime { text: shown(text) };
        let trimmed = text.trim();
        let (day, clock) = trimmed.split_once([' ', 'T']).ok_or_else(bad)?;
        let date = parse_date(day).ok_or_else(bad)?;
        let seconds = seconds_of_day(clock).ok_or_else(bad)?;
        let wall = midnight(date)? + seconds * SECOND_MS;
        if self.zone.skips(wall)? {
            return Err(TimeError::SkippedLocalTime { local: trimmed.to_owned(), zone: self.zone.name().to_owned() });
        }
        self.zone.instant(wall)
    }

    /// Reads a day, `2026-03-02`.
    ///
    /// # Errors
    /// [`TimeError::BadLocalTime`].
    pub fn parse_day(&self, text: &str) -> Result<Date, TimeError> {
        parse_date(text.trim()).ok_or_else(|| TimeError::BadLocalTime { text: shown(text) })
    }

    pub(super) fn zone(&self) -> &Zone {
        &self.zone
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

fn seconds_of_day(clock: &str) -> Option<i64> {
    let mut seconds = 0;
    let mut parts = 0;
    for (part, scale, below) in clock.split(':').zip([(3600, 24), (60, 60), (1, 60)]).map(|(p, (s, b))| (p, s, b)) {
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let value: i64 = part.parse().ok()?;
        if value >= below {
            return None;
        }
        seconds += value * scale;
        parts += 1;
    }
    let fits = parts >= 2 && clock.split(':').count() == parts;
    fits.then_some(seconds)
}
