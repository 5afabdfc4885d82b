//! Times and faults in plain words, for the handlers that fill the views.
//!
//! A date says the day, and for today the hour; a limit says when, never how many hours are left. Pure: now
//! and the zone are arguments.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::render::{Lang, RenderError, Renderer};
use super::views::{Chip, Flash, FormError, Tone};

/// English month names, short; Chinese months are numbers.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a form can find wrong; the texts are `error.{fault}`.
pub const FORM_FAULTS: &[&str] = &[
    "text_empty",
    "text_long",
    "line_long",
    "phone",
    "phone_needed",
    "place_unknown",
    "place_needed",
    "point",
    "photo_kind",
    "photo_big",
    "photo_many",
    "photo_broken",
    "choose",
    "day",
    "day_past",
    "time",
    "needed",
    "into_unknown",
    "heard_empty",
    "consent_needed",
];

/// What a page can say after something was done; the texts are `flash.{key}`.
pub const FLASHES: &[&str] = &[
    "moved",
    "same",
    "visit",
    "visit_case",
    "meeting",
    "decision",
    "word",
    "reopened",
    "appealed",
    "signed_out",
    "told",
    "not_reached",
];

/// Keys of the time words: `when.{key}`.
pub const WHEN: &[&str] = &[
    "today",
    "yesterday",
    "tomorrow",
    "day",
    "day_year",
    "day_time",
    "by_day",
    "by_time",
    "just_now",
    "minute",
    "minutes",
    "hour",
    "hours",
    "late_now",
    "late_hour",
    "late_hours",
    "late_day",
    "late_days",
];

/// Words times for one reader at one moment.
pub struct Words<'a> {
    renderer: &'a Renderer,
    lang: Lang,
    now: Zoned,
}

impl<'a> Words<'a> {
    /// `now_ms`: milliseconds UTC; `zone`: the district's.
    ///
    /// # Errors
    /// [`RenderError::Time`] outside the years that dates can say.
    pub fn new(renderer: &'a Renderer, lang: Lang, now_ms: i64, zone: &TimeZone) -> Result<Self, RenderError> {
        Ok(Self { renderer, lang, now: zoned(now_ms, zone)? })
    }

    fn say(&self, key: &str, values: &[(&str, &str)]) -> Result<String, RenderError> {
        self.renderer.say(self.lang, &format!("when.{key}"), values)
    }

    fn read(&self, ms: i64) -> Result<Zoned, RenderError> {
        zoned(ms, self.now.time_zone())
    }

    /// Whole days from today to that day; negative in the past.
    fn days_away(&self, then: &Zoned) -> i32 {
        then.date().since(self.now.date()).map(|span| span.get_days()).unwrap_or(i32::MAX)
    }

    /// The day: `11 月 20 日`, with the year when it is another one.
    ///
    /// # Errors
    /// As [`Words::new`], or a text is missing.
    pub fn day(&self, ms: i64) -> Result<String, RenderError> {
        self.day_of(&self.read(ms)?)
    }

    fn day_of(&self, then: &Zoned) -> Result<String, RenderError> {
        let number = then.month().to_string();
        let name = MONTHS[usize::from(then.month().unsigned_abs()) - 1];
        let month = self.lang.pick(number.as_str(), name);
        let (day, year) = (then.day().to_string(), then.year().to_string());
        if then.year() == self.now.year() {
            self.say("day", &[("month", month), ("day", &day)])
        } else {
            self.say("day_year", &[("year", &year), ("month", month), ("day", &day)])
        }
    }

    /// A moment: `今天 9:12`, `昨天 16:40`, `11 月 2 日 10:20`.
    ///
    /// # Errors
    /// As [`Words::day`].
    pub fn at(&self, ms: i64) -> Result<String, RenderError> {
        let then = self.read(ms)?;
        let time = format!("{}:{:02}", then.hour(), then.minute());
        match self.days_away(&then) {
            0 => self.say("today", &[("time", &time)]),
            -1 => self.say("yesterday", &[("time", &time)]),
            1 => self.say("tomorrow", &[("time", &time)]),
            _ => self.say("day_time", &[("day", &self.day_of(&then)?), ("time", &time)]),
        }
    }

    /// A promise: `今天 17:00 前`, `11 月 20 日前`.
    ///
    /// # Errors
    /// As [`Words::day`].
    pub fn by(&self, due_ms: i64) -> Result<String, RenderError> {
        let then = self.read(due_ms)?;
        if (0..=1).contains(&self.days_away(&then)) {
            return self.say("by_time", &[("when", &self.at(due_ms)?)]);
        }
        self.say("by_day", &[("when", &self.day_of(&then)?)])
    }

    /// How long ago: `刚刚`, `10 分钟前`, `3 小时前`, then the day.
    ///
    /// # Errors
    /// As [`Words::day`].
    pub fn age(&self, ms: i64) -> Result<String, RenderError> {
        let minutes = (self.now.timestamp().as_millisecond() - ms) / 60_000;
        match minutes {
            i64::MIN..=0 => self.say("just_now", &[]),
            1 => self.say("minute", &[]),
            2..60 => self.say("minutes", &[("n", &minutes.to_string())]),
            60..120 => self.say("hour", &[]),
            120..720 => self.say("hours", &[("n", &(minutes / 60).to_string())]),
            _ => self.at(ms),
        }
    }

    /// How late a promise is: `已超期 2 天`; `None` while it holds.
    ///
    /// # Errors
    /// As [`Words::day`].
    pub fn late(&self, due_ms: i64) -> Result<Option<String>, RenderError> {
        let over_ms = self.now.timestamp().as_millisecond() - due_ms;
        if over_ms <= 0 {
            return Ok(None);
        }
        let (hours, days) = (over_ms / 3_600_000, over_ms / 86_400_000);
        Ok(Some(match (hours, days) {
            (0, _) => self.say("late_now", &[])?,
            (1, _) => self.say("late_hour", &[])?,
            (_, 0) => self.say("late_hours", &[("n", &hours.to_string())])?,
            (_, 1) => self.say("late_day", &[])?,
            _ => self.say("late_days", &[("n", &days.to_string())])?,
        }))
    }

    /// The chip of a running limit: late in maple, today in straw, later in river.
    ///
    /// # Errors
    /// As [`Words::day`].
    pub fn due_chip(&self, due_ms: i64) -> Result<Chip, RenderError> {
        if let Some(late) = self.late(due_ms)? {
            return Ok(Chip::new(late, Tone::Late));
        }
        let soon = self.days_away(&self.read(due_ms)?) <= 0;
        Ok(Chip::new(self.by(due_ms)?, if soon { Tone::Soon } else { Tone::Doing }))
    }
}

fn zoned(ms: i64, zone: &TimeZone) -> Result<Zoned, RenderError> {
    let at = Timestamp::from_millisecond(ms).map_err(|e| RenderError::Time(e.to_string()))?;
    Ok(at.to_zoned(zone.clone()))
}

/// A fault of a field, worded; `fault` is one of [`FORM_FAULTS`].
///
/// # Errors
/// A missing text or value.
pub fn form_fault(
    renderer: &Renderer,
    lang: Lang,
    field: &str,
    fault: &str,
    values: &[(&str, &str)],
) -> Result<FormError, RenderError> {
    Ok(FormError::new(field, renderer.say(lang, &format!("error.{fault}"), values)?))
}

/// What was just done, worded; `key` is one of [`FLASHES`].
///
/// # Errors
/// A missing text or value.
pub fn flash(renderer: &Renderer, lang: Lang, key: &str, values: &[(&str, &str)]) -> Result<Flash, RenderError> {
    Ok(Flash {
        tone: if key == "same" { Tone::Soon } else { Tone::Done },
        text: renderer.say(lang, &format!("flash.{key}"), values)?,
        clears: if key.starts_with("visit") { "visit".into() } else { String::new() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::render::texts_from_toml;

    fn renderer() -> Renderer {
        let texts = include_str!("../../../../packs/zhejiang/texts/pages.toml");
        Renderer::new(texts_from_toml(texts).expect("texts")).expect("templates")
    }

    /// Milliseconds of a civil time in Hangzhou.
    fn ms(text: &str) -> i64 {
        text.parse::<jiff::civil::DateTime>()
            .expect("a time")
            .to_zoned(TimeZone::fixed(jiff::tz::offset(8)))
            .expect("a zone")
            .timestamp()
            .as_millisecond()
    }

    fn words(renderer: &Renderer, lang: Lang) -> Words<'_> {
        Words::new(renderer, lang, ms("2026-11-20T09:30"), &TimeZone::fixed(jiff::tz::offset(8))).expect("now")
    }

    #[test]
    fn a_date_says_the_day_and_for_today_the_hour() {
        let renderer = renderer();
        let w = words(&renderer, Lang::Zh);
        assert_eq!(w.at(ms("2026-11-20T09:12")).expect("said"), "今天 9:12");
        assert_eq!(w.at(ms("2026-11-19T16:40")).expect("said"), "昨天 16:40");
        assert_eq!(w.at(ms("2026-11-02T10:05")).expect("said"), "11 月 2 日 10:05");
        assert_eq!(w.day(ms("2025-12-31T10:05")).expect("said"), "2025 年 12 月 31 日");
        let w = words(&renderer, Lang::En);
        assert_eq!(w.at(ms("2026-11-02T10:05")).expect("said"), "2 Nov 10:05");
        assert_eq!(w.by(ms("2026-11-21T17:00")).expect("said"), "by tomorrow 17:00");
    }

    #[test]
    fn a_limit_says_when_and_its_colour_what_it_means() {
        let renderer = renderer();
        let w = words(&renderer, Lang::Zh);
        for (due, text, tone) in [
            ("2026-11-20T17:00", "今天 17:00 前", Tone::Soon),
            ("2026-11-21T17:00", "明天 17:00 前", Tone::Doing),
            ("2026-11-25T17:00", "11 月 25 日前", Tone::Doing),
            ("2026-11-20T09:00", "刚过期", Tone::Late),
            ("2026-11-20T05:00", "已超期 4 小时", Tone::Late),
            ("2026-11-18T09:30", "已超期 2 天", Tone::Late),
        ] {
            let chip = w.due_chip(ms(due)).expect("said");
            assert_eq!((chip.text.as_str(), chip.tone), (text, tone), "{due}");
        }
        assert_eq!(w.late(ms("2026-11-20T09:30")).expect("said"), None, "due now is not late");
    }

    #[test]
    fn an_age_is_rounded_down_and_becomes_a_day() {
        let renderer = renderer();
        let w = words(&renderer, Lang::Zh);
        for (at, text) in [
            ("2026-11-20T09:30", "刚刚"),
            ("2026-11-20T09:20", "10 分钟前"),
            ("2026-11-20T06:00", "3 小时前"),
            ("2026-11-19T06:00", "昨天 6:00"),
        ] {
            assert_eq!(w.age(ms(at)).expect("said"), text);
        }
    }

    #[test]
    fn every_fault_and_flash_has_its_words() {
        let renderer = renderer();
        let all = [("max", "2000"), ("count", "3"), ("mb", "10"), ("move", "交办"), ("code", "7K3M-2Q9D")];
        for lang in [Lang::Zh, Lang::En] {
            for fault in FORM_FAULTS {
                assert!(!form_fault(&renderer, lang, "text", fault, &all).expect("worded").text.is_empty());
            }
            for key in FLASHES {
                assert!(!flash(&renderer, lang, key, &all).expect("worded").text.is_empty());
            }
        }
    }
}
