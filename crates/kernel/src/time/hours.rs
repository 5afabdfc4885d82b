//! The hours of a work day.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::shown;
use super::{MINUTE_MS, TimeError};

/// The most spans that a work day may have.
pub const WORK_SPANS_MAX: usize = 12;

const DAY_MINUTES: u16 = 24 * 60;

/// The spans of a work day, in minutes of local time since midnight, in order, not
/// overlapping, at least one; 24:00 is a span's end only.
///
/// Text: `09:00-12:00, 13:30-17:00`; in files a list `["09:00-12:00", "13:30-17:00"]`.
/// The default is that text, the hours of the province pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkHours(Vec<(u16, u16)>);

impl WorkHours {
    /// Work hours from spans `(from, to)` in minutes since midnight.
    ///
    /// # Errors
    /// [`TimeError::BadWorkHours`] for no span, too many, an empty or backward one, one
    /// past 24:00, or one that begins before the last has ended.
    pub fn new(spans: Vec<(u16, u16)>) -> Result<WorkHours, TimeError> {
        let refuse = |fault: String| Err(TimeError::BadWorkHours { fault });
        if spans.is_empty() {
            return refuse("none given".into());
        }
        if spans.len() > WORK_SPANS_MAX {
            return refuse(format!("{} spans", spans.len()));
        }
        let mut last_end = 0;
        for &(from, to) in &spans {
            let span = SpanText(from, to);
            if from >= to {
                return refuse(format!("{span} is empty or runs backwards"));
            }
            if to > DAY_MINUTES {
                return refuse(format!("{span} runs past 24:00"));
            }
            if from < last_end {
                return refuse(format!("{span} begins before the span before it has ended"));
            }
            last_end = to;
        }
        Ok(WorkHours(spans))
    }

    /// The spans `(from, to)` in minutes since midnight.
    pub fn spans(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// How much work a day holds, in milliseconds.
    pub fn ms_per_day(&self) -> i64 {
        self.0.iter().map(|&(from, to)| i64::from(to - from) * MINUTE_MS).sum()
    }
}

impl Default for WorkHours {
    fn default() -> WorkHours {
        WorkHours(vec![(9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60)])
    }
}

struct SpanText(u16, u16);

impl fmt::Display for SpanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SpanText(from, to) = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl fmt::Display for WorkHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, &(from, to)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}", SpanText(from, to))?;
        }
        Ok(())
    }
}

fn span(text: &str) -> Result<(u16, u16), TimeError> {
    let minute = |clock: &str| -> Option<u16> {
        let (hour, minute) = clock.trim().split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return None;
        }
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60).then_some(hour * 60 + minute)
    };
    text.split_once('-')
        .and_then(|(from, to)| Some((minute(from)?, minute(to)?)))
        .ok_or_else(|| TimeError::BadWorkHours { fault: format!("\"{}\" is not a span", shown(text)) })
}

impl FromStr for WorkHours {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<WorkHours, TimeError> {
        WorkHours::new(text.split(',').map(span).collect::<Result<_, _>>()?)
    }
}

impl Serialize for WorkHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|&(from, to)| SpanText(from, to).to_string()))
    }
}

impl<'de> Deserialize<'de> for WorkHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WorkHours, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let spans = texts.iter().map(|text| span(text)).collect::<Result<_, _>>();
        spans.and_then(WorkHours::new).map_err(de::Error::custom)
    }
}
