//! The traps of time zones: hours that are skipped, repeated, or differ by year.

use proptest::prelude::*;

use super::super::zone::Zone;
use super::super::{
    DAY_MS, HOUR_MS, LimitUnit, Pause, TimeError, Timestamp, WorkCalendar, WorkHours, add_work_days, add_work_hours,
    due, work_ms_between,
};
use super::{at, due_local, hours, limit, new_york_day_and_night, utc};

/// Zones with a trap each: none; DST 1986-91; DST at midnight, until 2019; half an hour of
/// DST; the oldest DST; a calendar day that never was (30 December 2011); a zone without
/// any change.
const ZONES: [&str; 7] = [
    "America/New_York",
    "Asia/Shanghai",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "Etc/UTC",
];

fn plain(zone: &str, text: &str) -> WorkCalendar {
    WorkCalendar::plain(zone, hours(text)).expect("a calendar")
}

#[test]
fn shanghai_had_summer_time_from_1986_to_1991() {
    let cal = plain("Asia/Shanghai", "09:00-12:00, 13:30-17:00");
    assert_eq!(at(&cal, "1986-07-01 09:00"), utc("1986-07-01T00:00:00Z"));
    assert_eq!(at(&cal, "1992-07-01 09:00"), utc("1992-07-01T01:00:00Z"));
    assert_eq!(cal.local(utc("1988-06-01T00:00:00Z")).iso_minute(), "1988-06-01 09:00");
    // From Saturday 13 to Sunday 14 September 1986 the clocks went back.
    let saturday = "1986-09-13 12:00";
    let found = |takes| due_local(&cal, saturday, takes, &[], &[]).expect("a due moment");
    assert_eq!(found("24 urgent_hours"), "1986-09-14 11:00");
    assert_eq!(found("1 calendar_days"), "1986-09-14 12:00");
    assert_eq!(found("1 work_days"), "1986-09-15 17:00");
    assert_eq!(found("1 work_hours"), "1986-09-15 10:00");
    let monday = due(&cal, at(&cal, saturday), limit("1 work_days"), &[], &[]);
    assert_eq!(monday, Ok(utc("1986-09-15T09:00:00Z")));
}

#[test]
fn new_york_skips_an_hour_in_march() {
    let cal = plain("America/New_York", "09:00-17:00");
    let friday = "2026-03-06 16:00";
    assert_eq!(due_local(&cal, friday, "2 work_hours", &[], &[]).as_deref(), Ok("2026-03-09 10:00"));
    let monday = due(&cal, at(&cal, friday), limit("2 work_hours"), &[], &[]);
    assert_eq!(monday, Ok(utc("2026-03-09T14:00:00Z")), "an hour earlier in UTC than in winter");
    let saturday = "2026-03-07 12:00";
    let found = |takes| due_local(&cal, saturday, takes, &[], &[]).expect("a due moment");
    assert_eq!(found("24 urgent_hours"), "2026-03-08 13:00");
    assert_eq!(found("1 calendar_days"), "2026-03-08 12:00");
    // 02:30 does not come on the 8th: due when it is skipped.
    let skipped = due(&cal, at(&cal, "2026-03-07 02:30"), limit("1 calendar_days"), &[], &[]);
    assert_eq!(skipped, Ok(utc("2026-03-08T07:00:00Z")));
    assert_eq!(
        cal.parse_local("2026-03-08 02:30"),
        Err(TimeError::SkippedLocalTime { local: "2026-03-08 02:30".into(), zone: "America/New_York".into() })
    );
}

#[test]
fn new_york_repeats_an_hour_in_november() {
    let cal = plain("America/New_York", "09:00-17:00");
    let friday = at(&cal, "2026-10-30 16:00");
    let monday = due(&cal, friday, limit("2 work_hours"), &[], &[]);
    assert_eq!(monday, Ok(utc("2026-11-02T15:00:00Z")), "an hour later in UTC than in summer");
    let found = |takes| due_local(&cal, "2026-10-31 12:00", takes, &[], &[]).expect("a moment");
    assert_eq!(found("24 urgent_hours"), "2026-11-01 11:00");
    assert_eq!(found("1 calendar_days"), "2026-11-01 12:00");
    assert_eq!(at(&cal, "2026-11-01 01:30"), utc("2026-11-01T05:30:00Z"), "the first of the two");
    let second = utc("2026-11-01T06:30:00Z");
    assert_eq!(cal.local(second).iso_minute(), "2026-11-01 01:30");
    let next_day = due(&cal, second, limit("1 calendar_days"), &[], &[]);
    assert_eq!(next_day, Ok(utc("2026-11-02T06:30:00Z")));
}

#[test]
fn work_hours_through_a_change_of_the_clocks_are_real_hours() {
    let cal = new_york_day_and_night();
    for (day, real_hours) in [("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)] {
        let start = at(&cal, &format!("{day} 00:00"));
        let end = cal.start_of_day(cal.date(start).tomorrow().expect("a day")).expect("a moment");
        assert_eq!(work_ms_between(&cal, start, end), Ok(real_hours * HOUR_MS), "{day}");
        assert_eq!(add_work_hours(&cal, start, real_hours as u32), Ok(end), "{day}");
    }
    // Work days are days, however long.
    for (start, takes, expected) in [
        ("2026-03-07 12:00", "1 work_days", "2026-03-09 00:00"),
        ("2026-10-31 12:00", "1 work_days", "2026-11-02 00:00"),
        ("2026-10-31 12:00", "2 work_days", "2026-11-03 00:00"),
    ] {
        let found = due_local(&cal, start, takes, &[], &[]);
        assert_eq!(found.as_deref(), Ok(expected), "{start} + {takes}");
    }
    let night = cal.with_hours(hours("02:00-03:00"));
    let skipped = work_ms_between(&night, at(&cal, "2026-03-08 00:00"), at(&cal, "2026-03-09 00:00"));
    assert_eq!(skipped, Ok(0), "a span that the clocks skip holds no work");
    let moved = add_work_days(&cal, at(&cal, "2026-03-06 02:30"), 1);
    assert_eq!(moved, Ok(utc("2026-03-08T07:00:00Z")), "02:30 is skipped that day");
}

#[test]
fn a_day_may_begin_later_than_midnight() {
    let cal = plain("America/Sao_Paulo", "00:00-24:00");
    let day = |text: &str| cal.parse_day(text).expect("a day");
    assert_eq!(cal.start_of_day(day("2018-11-04")), Ok(utc("2018-11-04T03:00:00Z")));
    assert_eq!(cal.local(utc("2018-11-04T03:00:00Z")).iso_minute(), "2018-11-04 01:00");
    assert_eq!(cal.start_of_day(day("2018-02-18")), Ok(utc("2018-02-18T03:00:00Z")));
    assert!(cal.parse_local("2018-11-04 00:00").is_err());
    // The second 23:30 of Saturday is still Saturday.
    let second = utc("2018-02-18T02:30:00Z");
    assert_eq!(cal.local(second).iso_minute(), "2018-02-17 23:30");
    let found = due(&cal, second, limit("1 work_days"), &[], &[]).expect("a due moment");
    assert_eq!(cal.local(found).iso_minute(), "2018-02-20 00:00");
}

#[test]
fn pauses_across_a_change_of_the_clocks_move_days_by_days() {
    let cal = plain("America/New_York", "09:00-17:00");
    let weekend = [super::pause(&cal, "2026-03-07 12:00", "2026-03-08 12:00")];
    let found = |takes| due_local(&cal, "2026-03-06 10:00", takes, &weekend, &[]).expect("a moment");
    assert_eq!(found("3 calendar_days"), "2026-03-10 10:00", "a day on the wall");
    assert_eq!(found("48 urgent_hours"), "2026-03-09 10:00", "23 hours in truth");
}

#[test]
fn a_pause_that_ends_in_a_repeated_hour_counts_that_hour_as_over() {
    let cal = plain("America/New_York", "09:00-17:00");
    let start = at(&cal, "2026-10-31 10:00");
    let from = at(&cal, "2026-11-01 01:00");
    let until = |to: &str| {
        let pauses = [Pause { from, to: Some(utc(to)) }];
        let found = due(&cal, start, limit("2 calendar_days"), &pauses, &[]).expect("a moment");
        cal.local(found).iso_minute()
    };
    // 01:50 comes first, and 01:10 after it.
    assert_eq!(until("2026-11-01T05:50:00Z"), "2026-11-02 10:50");
    assert_eq!(until("2026-11-01T06:10:00Z"), "2026-11-02 11:00");
    assert_eq!(until("2026-11-01T07:30:00Z"), "2026-11-02 11:30");
    // A pause that was over before the start takes nothing, whatever the wall shows.
    let second = utc("2026-11-01T06:30:00Z");
    let before = [Pause { from, to: Some(second) }];
    let found = due(&cal, second, limit("1 calendar_days"), &before, &[]);
    assert_eq!(found, Ok(utc("2026-11-02T06:30:00Z")));
}

proptest! {
    #[test]
    fn wall_time_leads_back_to_the_first_instant_that_shows_it(
        zone in proptest::sample::select(&ZONES[..]),
        ms in utc("1950-01-01T00:00:00Z").ms()..utc("2060-01-01T00:00:00Z").ms(),
    ) {
        let zone = Zone::new(zone).expect("a zone");
        let moment = Timestamp::from_ms(ms);
        let back = zone.instant(zone.wall(moment)).expect("in range");
        prop_assert!(back <= moment && moment.ms_since(back) <= HOUR_MS);
        prop_assert_eq!(zone.wall(back), zone.wall(moment));
        let steady = zone.instant(zone.steady_wall(moment)).expect("in range");
        prop_assert!(steady >= moment);
        prop_assert_eq!(steady > moment, back < moment, "only a repeated hour moves");
    }

    #[test]
    fn neither_axis_ever_turns_back(
        zone in proptest::sample::select(&ZONES[..]),
        near in 0_usize..400,
        a in -3 * HOUR_MS..3 * HOUR_MS,
        b in -3 * HOUR_MS..3 * HOUR_MS,
    ) {
        let tz = jiff::tz::TimeZoneDatabase::bundled().get(zone).expect("a zone");
        let from = utc("1950-01-01T00:00:00Z").to_jiff();
        let Some(change) = tz.following(from).nth(near) else { return Ok(()) };
        let change = Timestamp::from_ms(change.timestamp().as_millisecond());
        let zone = Zone::new(zone).expect("a zone");
        let (a, b) = (change.plus_ms(a.min(b)), change.plus_ms(a.max(b)));
        prop_assert!(zone.steady_wall(a) <= zone.steady_wall(b));
        let (wall_a, wall_b) = (zone.wall(a).min(zone.wall(b)), zone.wall(a).max(zone.wall(b)));
        prop_assert!(zone.instant(wall_a).expect("in range") <= zone.instant(wall_b).expect("in range"));
    }

    #[test]
    fn days_on_the_wall_keep_the_time_of_day(
        zone in proptest::sample::select(&ZONES[..]),
        ms in utc("1984-01-01T00:00:00Z").ms()..utc("2040-01-01T00:00:00Z").ms(),
        amount in 1_u32..400,
    ) {
        let cal = WorkCalendar::plain(zone, WorkHours::default()).expect("a calendar");
        let start = Timestamp::from_ms(ms);
        let takes = super::Limit { amount, unit: LimitUnit::CalendarDays };
        let found = due(&cal, start, takes, &[], &[]).expect("a due moment");
        let wall = cal.zone().wall(start) + i64::from(amount) * DAY_MS;
        if !cal.zone().skips(wall).expect("in range") {
            prop_assert_eq!(cal.zone().wall(found), wall);
        }
        prop_assert!(found > start);
    }
}
