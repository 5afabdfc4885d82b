//! An instant as people read it.

use std::fmt;

use jiff::civil::{DateTime, Weekday};

use super::Date;

const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date and time on the wall of one zone, from [`super::WorkCalendar::local`], with the
/// ways to write it. The year is left out unless [`LocalTime::seen_from`] asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    at: DateTime,
    year_shown: bool,
}

impl LocalTime {
    pub(super) fn new(at: DateTime) -> LocalTime {
        LocalTime { at, year_shown: false }
    }

    /// The same time, to be written with its year if that is another than that of `now`.
    #[must_use]
    pub fn seen_from(self, now: LocalTime) -> LocalTime {
        LocalTime { year_shown: self.at.year() != now.at.year(), ..self }
    }

    /// The day.
    pub fn date(self) -> Date {
        self.at.date()
    }

    /// Minutes since midnight, 0 to 1439.
    pub fn minute_of_day(self) -> u16 {
        self.at.hour().unsigned_abs() as u16 * 60 + self.at.minute().unsigned_abs() as u16
    }

    /// `11 月 25 日`, or with the year `2027 年 1 月 4 日`.
    pub fn day_zh(self) -> String {
        let day = format!("{} 月 {} 日", self.at.month(), self.at.day());
        if self.year_shown { format!("{} 年 {day}", self.at.year()) } else { day }
    }

    /// `11 月 25 日 17:00`.
    pub fn day_time_zh(self) -> String {
        format!("{} {}", self.day_zh(), self.clock())
    }

    /// `25 Nov`, or with the year `4 Jan 2027`.
    pub fn day_en(self) -> String {
        let month = MONTHS_EN[usize::from(self.at.month().unsigned_abs()).saturating_sub(1)];
        let day = format!("{} {month}", self.at.day());
        if self.year_shown { format!("{day} {}", self.at.year()) } else { day }
    }

    /// `25 Nov 17:00`.
    pub fn day_time_en(self) -> String {
        format!("{} {}", self.day_en(), self.clock())
    }

    /// `17:00`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.at.hour(), self.at.minute())
    }

    /// `2026-11-25`.
    pub fn iso_day(self) -> String {
        self.at.date().to_string()
    }

    /// `2026-11-25 17:00`: what [`super::WorkCalendar::parse_local`] reads.
    pub fn iso_minute(self) -> String {
        format!("{} {}", self.at.date(), self.clock())
    }

    /// `星期三`.
    pub fn weekday_zh(self) -> &'static str {
        match self.at.date().weekday() {
            Weekday::Monday => "星期一",
            Weekday::Tuesday => "星期二",
            Weekday::Wednesday => "星期三",
            Weekday::Thursday => "星期四",
            Weekday::Friday => "星期五",
            Weekday::Saturday => "星期六",
            Weekday::Sunday => "星期日",
        }
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_minute())
    }
}
