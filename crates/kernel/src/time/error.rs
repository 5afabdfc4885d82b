//! What can be wrong with a time, a limit or a calendar.

use super::{DUE_EXTENSIONS_MAX, DUE_PAUSES_MAX, Date, LIMIT_AMOUNT_MAX, Timestamp, WORK_SPANS_MAX, WORK_YEARS_MAX};

/// Why a time could not be read or reckoned. The text says what is wrong and, where
/// somebody can act on it, what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Text that is not an RFC 3339 date and time.
    #[error("not an RFC 3339 time such as 2026-03-02T09:00:00Z: \"{text}\"")]
    BadTimestamp {
        /// The text, cut to a printable length.
        text: String,
    },
    /// Text that is not a local time `2026-03-02 09:00`.
    #[error("not a local time such as 2026-03-02 09:00: \"{text}\"")]
    BadLocalTime {
        /// The text, cut to a printable length.
        text: String,
    },
    /// A wall time that the zone skips, when the clocks go forward.
    #[error("{local} does not exist in {zone}: the clocks skip it; give a later time")]
    SkippedLocalTime {
        /// The wall time asked for.
        local: String,
        /// The IANA name of the zone.
        zone: String,
    },
    /// A zone that the time-zone database does not have.
    #[error("no such time zone: \"{name}\"; use an IANA name such as Asia/Shanghai")]
    UnknownZone {
        /// The name asked for.
        name: String,
    },
    /// Work hours that do not make sense.
    #[error("work hours: {fault} (at most {WORK_SPANS_MAX} spans such as 09:00-12:00)")]
    BadWorkHours {
        /// What is wrong with them.
        fault: String,
    },
    /// A calendar file that cannot be read, or that contradicts itself.
    #[error("holiday data: {fault}")]
    BadHolidays {
        /// What is wrong with it.
        fault: String,
    },
    /// The same year twice in one calendar.
    #[error("holiday data for {year} is given twice; keep one")]
    YearTwice {
        /// The year.
        year: i16,
    },
    /// More years than a calendar takes.
    #[error("a calendar takes at most {WORK_YEARS_MAX} years")]
    TooManyYears,
    /// A question about a year of which the holidays are not known. Never guessed.
    #[error("no holiday data for {year}; add calendar/{year}.toml to the pack")]
    YearWithoutData {
        /// The year.
        year: i16,
    },
    /// Text that is not a limit `4 work_hours`.
    #[error("not a limit such as \"4 work_hours\" or \"3 个工作日\": \"{text}\"")]
    BadLimit {
        /// The text, cut to a printable length.
        text: String,
    },
    /// A word that is not a unit of a limit.
    #[error(
        "not a unit of a limit: \"{text}\"; use urgent_hours 紧急工作时, work_hours 工作时, \
         work_days 工作日 or calendar_days 自然日"
    )]
    BadUnit {
        /// The text, cut to a printable length.
        text: String,
    },
    /// An amount outside 1 to [`LIMIT_AMOUNT_MAX`].
    #[error("the amount of a limit is 1 to {LIMIT_AMOUNT_MAX}, not {amount}")]
    AmountOutOfRange {
        /// The amount given.
        amount: u32,
    },
    /// The clock stands: a pause has begun and nobody has resumed. There is no due time
    /// until then; say "暂停计时" instead of a date.
    #[error("the clock has stood since {since}; it is due again once resumed")]
    Paused {
        /// When the pause began.
        since: Timestamp,
    },
    /// A pause that ends before it begins.
    #[error("a pause from {from} cannot end at {to}")]
    BadPause {
        /// Its beginning.
        from: Timestamp,
        /// Its end.
        to: Timestamp,
    },
    /// More pauses than one limit takes.
    #[error("{count} pauses on one limit; at most {DUE_PAUSES_MAX}")]
    TooManyPauses {
        /// How many were given.
        count: usize,
    },
    /// More extensions than one limit takes.
    #[error("{count} extensions of one limit; at most {DUE_EXTENSIONS_MAX}")]
    TooManyExtensions {
        /// How many were given.
        count: usize,
    },
    /// The answer would lie outside the years that can be written.
    #[error("the time lies outside the years 1 to 9999")]
    OutOfRange,
}

impl TimeError {
    /// Is this no fault, but a clock that stands?
    pub fn is_paused(&self) -> bool {
        matches!(self, TimeError::Paused { .. })
    }

    /// The year whose holidays are missing, if that is what is wrong.
    pub fn missing_year(&self) -> Option<i16> {
        match self {
            TimeError::YearWithoutData { year } => Some(*year),
            _ => None,
        }
    }

    pub(super) fn wrong_year(date: Date, year: i16, list: &str) -> TimeError {
        TimeError::BadHolidays { fault: format!("{date} under `{list}` is not in {year}") }
    }
}

/// Text from outside, shortened so that an error message stays one line.
pub(super) fn shown(text: &str) -> String {
    const SHOWN_CHARS: usize = 40;
    let mut short: String = text.chars().take(SHOWN_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        short.push('…');
    }
    short
}
