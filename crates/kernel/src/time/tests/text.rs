//! Timestamps, limits, local times and clocks as text and values.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::{Clock, DAY_MS, Limit, LimitUnit, SystemClock, TimeError, Timestamp, VirtualClock};
use super::{at, utc, zhejiang};

#[test]
fn a_timestamp_is_rfc_3339_with_milliseconds() {
    for (text, written) in [
        ("2026-11-25T09:00:00Z", "2026-11-25T09:00:00.000Z"),
        ("2026-11-25T17:00:00+08:00", "2026-11-25T09:00:00.000Z"),
        ("2026-11-25t09:00:00.1239999z", "2026-11-25T09:00:00.123Z"),
        ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
        ("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(Timestamp::parse(text).map(|at| at.to_string()), Ok(written.to_owned()), "{text}");
    }
    assert_eq!(utc("1970-01-01T00:00:01.002Z").ms(), 1_002);
}

#[test]
fn what_is_not_rfc_3339_is_refused() {
    for bad in [
        "",
        "now",
        "2026-11-25",
        "2026-11-25T09:00:00",
        "2026-11-25 09:00:00Z",
        "2026-11-25T09:00Z",
        "20261125T090000Z",
        "2026-02-29T00:00:00Z",
        "2026-11-25T24:00:00Z",
        "2026-11-25T09:00:00+08",
        "2026-11-25T09:00:00+0800",
        "2026-11-25T09:00:00+08:00[Asia/Shanghai]",
        "2026-11-25T09:00:00.Z",
        "2026-11-25T09:00:00,5Z",
        "+2026-11-25T09:00:00Z",
        "2026-11-25T09:00:00.0000000001Z",
        "2026-W48-3T09:00:00Z",
        "二〇二六年",
        "2026-11-25T09:00:00ZZ",
    ] {
        let refused = Timestamp::parse(bad);
        assert!(matches!(refused, Err(TimeError::BadTimestamp { .. })), "{bad}: {refused:?}");
    }
    for far in ["9999-12-31T23:59:59Z", "9999-12-30T00:00:00.001Z", "0000-12-31T00:00:00Z"] {
        assert_eq!(Timestamp::parse(far), Err(TimeError::OutOfRange), "{far}");
    }
}

#[test]
fn a_timestamp_never_leaves_the_years_that_can_be_written() {
    assert_eq!(Timestamp::from_ms(i64::MIN), Timestamp::MIN);
    assert_eq!(Timestamp::from_ms(i64::MAX), Timestamp::MAX);
    assert_eq!(Timestamp::MAX.plus_ms(1), Timestamp::MAX);
    assert_eq!(Timestamp::MIN.plus_ms(i64::MIN), Timestamp::MIN);
    assert_eq!(Timestamp::MIN.to_string(), "0001-01-01T00:00:00.000Z");
    assert_eq!(Timestamp::MAX.to_string(), "9999-12-30T00:00:00.000Z");
    let cal = zhejiang();
    assert_eq!(cal.local(Timestamp::MAX).iso_minute(), "9999-12-30 08:00");
    assert_eq!(cal.local(Timestamp::MIN).date().year(), 1);
}

#[test]
fn a_timestamp_is_a_string_in_json() {
    let moment = utc("2026-11-25T09:00:00.250Z");
    let json = serde_json::to_string(&moment).expect("json");
    assert_eq!(json, "\"2026-11-25T09:00:00.250Z\"");
    assert_eq!(serde_json::from_str::<Timestamp>(&json).expect("a timestamp"), moment);
    assert!(serde_json::from_str::<Timestamp>("1764061200250").is_err());
    assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
}

proptest! {
    #[test]
    fn any_timestamp_survives_text(ms in Timestamp::MIN.ms()..=Timestamp::MAX.ms()) {
        let moment = Timestamp::from_ms(ms);
        prop_assert_eq!(moment.ms(), ms);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
    }

    #[test]
    fn order_of_text_is_order_of_time(a in any::<i64>(), b in any::<i64>()) {
        let (a, b) = (Timestamp::from_ms(a), Timestamp::from_ms(b));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,40}") {
        let cal = super::zhejiang_once();
        let _ = (Timestamp::parse(&text), Limit::parse(&text), cal.parse_local(&text));
    }
}

#[test]
fn a_virtual_clock_moves_only_when_moved() {
    let clock = Arc::new(VirtualClock::new(utc("2026-03-02T01:00:00Z")));
    let seen: Arc<dyn Clock> = clock.clone();
    assert_eq!(seen.now(), seen.now());
    clock.advance_ms(90_000);
    assert_eq!(seen.now().to_string(), "2026-03-02T01:01:30.000Z");
    clock.advance_ms(-DAY_MS);
    assert_eq!(Clock::now(&seen).to_string(), "2026-03-01T01:01:30.000Z");
    clock.set(utc("2024-02-29T00:00:00Z"));
    assert_eq!(seen.now().to_string(), "2024-02-29T00:00:00.000Z");
    assert!(SystemClock.now() > utc("2024-01-01T00:00:00Z"));
}

#[test]
fn units_are_read_by_identifier_and_by_chinese_word() {
    for (words, unit) in [
        (&["urgent_hours", "紧急小时", "紧急工作时"][..], LimitUnit::UrgentHours),
        (&["work_hours", "工作时", "个工作时", "工作小时"], LimitUnit::WorkHours),
        (&["work_days", "工作日", " 个工作日 "], LimitUnit::WorkDays),
        (&["calendar_days", "天", "自然日", "个自然日"], LimitUnit::CalendarDays),
    ] {
        for word in words {
            assert_eq!(word.parse(), Ok(unit), "{word}");
        }
        assert_eq!(unit.zh().parse(), Ok(unit));
        assert_eq!(unit.id().parse(), Ok(unit));
        let json = format!("\"{}\"", unit.id());
        assert_eq!(serde_json::to_string(&unit).expect("json"), json);
        assert_eq!(serde_json::from_str::<LimitUnit>(&json).expect("a unit"), unit);
    }
    for bad in ["", "hours", "小时", "work_day", "WorkDays", "工作"] {
        assert!(matches!(bad.parse::<LimitUnit>(), Err(TimeError::BadUnit { .. })), "{bad}");
    }
}

#[test]
fn a_limit_is_read_and_said() {
    for (text, written, zh, en) in [
        ("4 work_hours", "4 work_hours", "4 个工作时", "4 working hours"),
        ("3 个工作日", "3 work_days", "3 个工作日", "3 working days"),
        ("1工作日", "1 work_days", "1 个工作日", "1 working day"),
        ("2 紧急小时", "2 urgent_hours", "2 小时", "2 hours"),
        ("60天", "60 calendar_days", "60 天", "60 days"),
    ] {
        let limit = Limit::parse(text).expect("a limit");
        assert_eq!(limit.to_string(), written);
        assert_eq!(limit.words(true), zh);
        assert_eq!(limit.words(false), en);
        assert_eq!(Limit::parse(written), Ok(limit));
    }
    assert!(matches!(Limit::parse("work_days"), Err(TimeError::BadLimit { .. })));
    assert!(matches!(Limit::parse("-1 work_days"), Err(TimeError::BadLimit { .. })));
    assert!(matches!(Limit::parse("1.5 work_days"), Err(TimeError::BadUnit { .. })));
    for bad in ["0 work_days", "3661 work_days", "99999999999 work_days"] {
        let refused = Limit::parse(bad);
        assert!(matches!(refused, Err(TimeError::AmountOutOfRange { .. })), "{bad}");
    }
    assert!(Limit::parse("3660 work_days").is_ok());
}

#[test]
fn a_limit_is_text_in_files_and_may_be_a_map() {
    let limit = Limit::new(3, LimitUnit::WorkDays).expect("a limit");
    assert_eq!(serde_json::to_string(&limit).expect("json"), "\"3 work_days\"");
    for json in ["\"3 work_days\"", "\"3 个工作日\"", r#"{"amount":3,"unit":"work_days"}"#] {
        assert_eq!(serde_json::from_str::<Limit>(json).expect("a limit"), limit);
    }
    for json in ["3", "\"3\"", r#"{"amount":0,"unit":"work_days"}"#, r#"{"amount":3}"#] {
        assert!(serde_json::from_str::<Limit>(json).is_err(), "{json}");
    }
}

#[test]
fn a_local_time_is_written_as_people_read_it() {
    let cal = zhejiang();
    let due = cal.local(utc("2026-11-25T09:00:00Z"));
    assert_eq!(due.day_zh(), "11 月 25 日");
    assert_eq!(due.day_time_zh(), "11 月 25 日 17:00");
    assert_eq!(due.day_en(), "25 Nov");
    assert_eq!(due.day_time_en(), "25 Nov 17:00");
    assert_eq!(due.iso_minute(), "2026-11-25 17:00");
    assert_eq!(due.iso_day(), "2026-11-25");
    assert_eq!(due.to_string(), "2026-11-25 17:00");
    assert_eq!(due.weekday_zh(), "星期三");
    assert_eq!(due.minute_of_day(), 17 * 60);

    let this_year = cal.local(utc("2026-01-01T00:00:00Z"));
    let next_year = cal.local(utc("2026-12-31T16:05:00Z"));
    assert_eq!(due.seen_from(this_year).day_time_zh(), "11 月 25 日 17:00");
    assert_eq!(next_year.seen_from(this_year).day_time_zh(), "2027 年 1 月 1 日 00:05");
    assert_eq!(next_year.seen_from(this_year).day_time_en(), "1 Jan 2027 00:05");
}

#[test]
fn a_local_time_is_read() {
    let cal = zhejiang();
    let moment = utc("2026-03-02T01:00:00Z");
    for text in ["2026-03-02 09:00", "2026-03-02T09:00", " 2026-03-02 09:00:00 "] {
        assert_eq!(cal.parse_local(text), Ok(moment), "{text}");
    }
    assert_eq!(cal.parse_local("2026-03-02 09:00:59"), Ok(moment.plus_ms(59_000)));
    for bad in [
        "",
        "2026-03-02",
        "09:00",
        "2026-03-02 9:00",
        "2026-03-02 24:00",
        "2026-03-02 09:60",
        "2026-03-02 09:00:60",
        "2026-02-29 09:00",
        "2026-3-2 09:00",
        "2026-03-02 09:00:00:00",
        "2026-03-02 09:00Z",
        "2026-03-02 09",
        "2026-03-02  09:00",
        "20260302 09:00",
    ] {
        let refused = cal.parse_local(bad);
        assert!(matches!(refused, Err(TimeError::BadLocalTime { .. })), "{bad}: {refused:?}");
    }
    assert_eq!(cal.parse_day("2026-03-02").map(|day| day.to_string()), Ok("2026-03-02".into()));
    assert!(cal.parse_day("2026-02-30").is_err());
    assert_eq!(cal.local(at(&cal, "2026-11-25 17:00")).iso_minute(), "2026-11-25 17:00");
}

#[test]
fn faults_say_what_is_wrong_and_stay_on_one_line() {
    let long = "x\n".repeat(100);
    let fault = Timestamp::parse(&long).expect_err("no time").to_string();
    assert!(fault.lines().count() == 1 && fault.chars().count() < 120, "{fault}");
    let fault = TimeError::YearWithoutData { year: 2027 };
    assert_eq!(fault.to_string(), "no holiday data for 2027; add calendar/2027.toml to the pack");
    assert_eq!(fault.missing_year(), Some(2027));
}
