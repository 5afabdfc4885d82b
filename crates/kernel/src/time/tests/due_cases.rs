//! `due` by example: the cases that people check by hand.

use super::super::{
    HOUR_MS, Limit, LimitUnit, Pause, TimeError, Timestamp, add_work_days, add_work_hours, due, resumed_at,
    work_ms_between,
};
use super::{at, due_local, hours, limit, pause, zhejiang};

/// Checks `start + limit = due` for rows of local times.
fn check(rows: &[(&str, &str, &str)]) {
    let cal = zhejiang();
    for (start, takes, expected) in rows {
        let found = due_local(&cal, start, takes, &[], &[]);
        assert_eq!(found.as_deref(), Ok(*expected), "{start} + {takes}");
    }
}

#[test]
fn work_days_end_with_the_work_of_the_last_day() {
    check(&[
        ("2026-11-20 09:12", "3 work_days", "2026-11-25 17:00"),
        ("2026-11-20 00:00", "3 work_days", "2026-11-25 17:00"),
        ("2026-11-20 23:59", "3 work_days", "2026-11-25 17:00"),
        ("2026-11-21 10:00", "1 work_days", "2026-11-23 17:00"),
        ("2026-11-22 10:00", "1 work_days", "2026-11-23 17:00"),
        ("2026-11-23 00:00", "1 work_days", "2026-11-24 17:00"),
        // Make-up days and the long holidays.
        ("2026-02-13 10:00", "1 work_days", "2026-02-14 17:00"),
        ("2026-02-13 10:00", "2 work_days", "2026-02-24 17:00"),
        ("2026-09-30 16:00", "3 work_days", "2026-10-10 17:00"),
        ("2025-12-31 16:00", "1 work_days", "2026-01-04 17:00"),
        ("2024-02-28 10:00", "1 work_days", "2024-02-29 17:00"),
        ("2024-02-28 10:00", "2 work_days", "2024-03-01 17:00"),
        ("2023-02-28 10:00", "1 work_days", "2023-03-01 17:00"),
    ]);
}

#[test]
fn work_hours_run_only_inside_work_hours() {
    check(&[
        ("2026-11-20 07:00", "1 work_hours", "2026-11-20 10:00"),
        ("2026-11-20 11:00", "1 work_hours", "2026-11-20 12:00"),
        ("2026-11-20 11:30", "1 work_hours", "2026-11-20 14:00"),
        ("2026-11-20 12:15", "1 work_hours", "2026-11-20 14:30"),
        ("2026-11-20 16:00", "1 work_hours", "2026-11-20 17:00"),
        ("2026-11-20 17:00", "1 work_hours", "2026-11-23 10:00"),
        ("2026-11-20 16:30", "4 work_hours", "2026-11-23 14:00"),
        ("2026-11-20 09:00", "13 work_hours", "2026-11-23 17:00"),
        ("2026-11-21 15:00", "1 work_hours", "2026-11-23 10:00"),
        ("2026-09-30 16:30", "1 work_hours", "2026-10-08 09:30"),
    ]);
    let cal = zhejiang();
    let last_moment = at(&cal, "2026-11-20 17:00").plus_ms(-1);
    let found = due(&cal, last_moment, limit("1 work_hours"), &[], &[]);
    assert_eq!(found, Ok(at(&cal, "2026-11-23 10:00").plus_ms(-1)), "to the millisecond");
}

#[test]
fn urgent_hours_and_calendar_days_take_no_account_of_work() {
    check(&[
        ("2026-11-20 23:00", "2 urgent_hours", "2026-11-21 01:00"),
        ("2026-02-16 12:00", "24 urgent_hours", "2026-02-17 12:00"),
        ("2026-11-20 09:12", "3 calendar_days", "2026-11-23 09:12"),
        ("2026-01-31 08:00", "1 calendar_days", "2026-02-01 08:00"),
        ("2024-02-28 08:00", "1 calendar_days", "2024-02-29 08:00"),
        ("2024-02-29 08:00", "366 calendar_days", "2025-03-01 08:00"),
        ("2026-12-31 10:00", "1 calendar_days", "2027-01-01 10:00"),
        ("2026-12-31 23:30", "1 urgent_hours", "2027-01-01 00:30"),
    ]);
}

#[test]
fn a_limit_that_runs_into_a_year_without_data_is_refused_not_guessed() {
    let cal = zhejiang();
    let unknown = Err(TimeError::YearWithoutData { year: 2027 });
    assert_eq!(due_local(&cal, "2026-12-31 10:00", "1 work_days", &[], &[]), unknown);
    assert_eq!(due_local(&cal, "2026-12-31 16:30", "1 work_hours", &[], &[]), unknown);
    assert_eq!(add_work_days(&cal, at(&cal, "2026-12-31 10:00"), 1).map(|_| String::new()), unknown);
    let last = due_local(&cal, "2026-12-30 10:00", "1 work_days", &[], &[]);
    assert_eq!(last.as_deref(), Ok("2026-12-31 17:00"));
    let last = due_local(&cal, "2026-12-31 16:00", "1 work_hours", &[], &[]);
    assert_eq!(last.as_deref(), Ok("2026-12-31 17:00"));
    // A pause over the unknown days means that they need not be judged, but the day after.
    let over = [pause(&cal, "2026-12-31 09:00", "2027-02-01 00:00")];
    assert_eq!(due_local(&cal, "2026-12-30 10:00", "1 work_days", &over, &[]), unknown);
}

#[test]
fn a_pause_moves_the_due_moment_by_what_it_takes_away() {
    let cal = zhejiang();
    let friday = "2026-11-20 09:12";
    let found = |takes: &str, pauses: &[Pause]| due_local(&cal, friday, takes, pauses, &[]).expect("a due moment");
    let monday_morning = pause(&cal, "2026-11-23 09:00", "2026-11-23 11:00");
    let across_lunch = pause(&cal, "2026-11-23 11:00", "2026-11-23 14:00");
    let all_monday = pause(&cal, "2026-11-23 00:00", "2026-11-24 00:00");
    let weekend = pause(&cal, "2026-11-20 17:00", "2026-11-23 09:00");
    let start_day = pause(&cal, "2026-11-20 10:00", "2026-11-20 17:00");

    assert_eq!(found("3 work_days", &[monday_morning]), "2026-11-26 11:00");
    assert_eq!(found("3 work_days", &[across_lunch]), "2026-11-26 10:30", "lunch is no work");
    assert_eq!(found("3 work_days", &[all_monday]), "2026-11-26 17:00");
    assert_eq!(found("3 work_days", &[weekend]), "2026-11-25 17:00");
    assert_eq!(found("3 work_days", &[start_day]), "2026-11-25 17:00", "it did not count");
    assert_eq!(found("3 work_days", &[across_lunch, monday_morning]), "2026-11-26 14:00");
    assert_eq!(found("3 work_days", &[monday_morning, all_monday]), "2026-11-26 17:00");

    assert_eq!(found("8 work_hours", &[start_day]), "2026-11-24 09:42");
    assert_eq!(found("8 work_hours", &[weekend]), "2026-11-23 10:42");
    assert_eq!(found("24 urgent_hours", &[start_day]), "2026-11-21 16:12");
    assert_eq!(found("3 calendar_days", &[all_monday]), "2026-11-24 09:12");
    assert_eq!(found("2 calendar_days", &[all_monday]), "2026-11-22 09:12");
}

#[test]
fn a_standing_clock_has_no_due_moment() {
    let cal = zhejiang();
    let start = at(&cal, "2026-11-20 09:12");
    let three = limit("3 work_days");
    let since = at(&cal, "2026-11-24 10:00");
    let stands = [Pause { from: since, to: None }];
    let answer = due(&cal, start, three, &stands, &[]);
    assert_eq!(answer, Err(TimeError::Paused { since }));
    assert!(answer.is_err_and(|fault| fault.is_paused()));

    let resumed = resumed_at(&stands, at(&cal, "2026-11-24 15:00"));
    let found = due(&cal, start, three, &resumed, &[]).expect("a due moment");
    assert_eq!(cal.local(found).iso_minute(), "2026-11-26 14:00", "3.5 hours of work later");

    // One that is to begin only later is closed at its beginning: it takes nothing.
    let resumed = resumed_at(&stands, start);
    assert_eq!(due(&cal, start, three, &resumed, &[]), Ok(at(&cal, "2026-11-25 17:00")));

    // A pause that begins when all is used up comes too late to stop anything.
    let moment = at(&cal, "2026-11-25 17:00");
    let late = [Pause { from: moment, to: None }];
    assert_eq!(due(&cal, start, three, &late, &[]), Ok(moment));
    let just_in_time = [Pause { from: moment.plus_ms(-1), to: None }];
    assert!(due(&cal, start, three, &just_in_time, &[]).is_err());

    // It stands although the days after it are unknown, and after a pause that did end.
    let year_end = Pause { from: at(&cal, "2026-12-31 12:00"), to: None };
    let before = pause(&cal, "2026-12-30 09:00", "2026-12-30 12:00");
    let start = at(&cal, "2026-12-29 10:00");
    let answer = due(&cal, start, limit("5 work_days"), &[year_end, before], &[]);
    assert_eq!(answer, Err(TimeError::Paused { since: year_end.from }));
}

#[test]
fn an_open_pause_that_began_before_the_start_stands_too() {
    let cal = zhejiang();
    let since = at(&cal, "2026-11-01 00:00");
    for unit in LimitUnit::ALL {
        let takes = Limit { amount: 1, unit };
        let answer = due(&cal, at(&cal, "2026-11-20 09:12"), takes, &[Pause { from: since, to: None }], &[]);
        assert_eq!(answer, Err(TimeError::Paused { since }), "{unit}");
    }
}

#[test]
fn extensions_run_one_after_the_other() {
    let cal = zhejiang();
    let friday = "2026-11-20 09:12";
    for (extensions, expected) in [
        (&["2 work_days"][..], "2026-11-27 17:00"),
        (&["1 work_days", "1 work_days"], "2026-11-27 17:00"),
        (&["4 work_hours"], "2026-11-26 14:30"),
        (&["1 calendar_days"], "2026-11-26 17:00"),
        (&["12 urgent_hours"], "2026-11-26 05:00"),
    ] {
        let found = due_local(&cal, friday, "3 work_days", &[], extensions);
        assert_eq!(found.as_deref(), Ok(expected), "{extensions:?}");
    }
    let in_extension = [pause(&cal, "2026-11-26 09:00", "2026-11-26 10:00")];
    let found = due_local(&cal, friday, "3 work_days", &in_extension, &["2 work_days"]);
    assert_eq!(found.as_deref(), Ok("2026-11-30 10:00"));
}

#[test]
fn impossible_facts_are_refused() {
    let cal = zhejiang();
    let start = at(&cal, "2026-11-20 09:12");
    let one = limit("1 work_hours");
    let backwards = Pause { from: start, to: Some(start.plus_ms(-1)) };
    assert_eq!(
        due(&cal, start, one, &[backwards], &[]),
        Err(TimeError::BadPause { from: start, to: start.plus_ms(-1) })
    );
    for amount in [0, 3661, u32::MAX] {
        let bad = Limit { amount, unit: LimitUnit::WorkDays };
        let refused = Err(TimeError::AmountOutOfRange { amount });
        assert_eq!(due(&cal, start, bad, &[], &[]), refused);
        assert_eq!(due(&cal, start, one, &[], &[bad]), refused);
    }
    let many = vec![Pause { from: start, to: Some(start) }; 1_001];
    let refused = due(&cal, start, one, &many, &[]);
    assert_eq!(refused, Err(TimeError::TooManyPauses { count: 1_001 }));
    assert!(due(&cal, start, one, &many[..1_000], &[]).is_ok());
    let refused = due(&cal, start, one, &[], &[one; 101]);
    assert_eq!(refused, Err(TimeError::TooManyExtensions { count: 101 }));
    let refused = due(&cal, Timestamp::MAX, limit("1 urgent_hours"), &[], &[]);
    assert_eq!(refused, Err(TimeError::OutOfRange));
}

#[test]
fn a_body_with_other_hours_has_other_due_moments() {
    let cal = zhejiang();
    let counter = cal.with_hours(hours("08:30-17:30"));
    let start = at(&cal, "2026-11-20 16:30");
    let found = |cal: &_| due(cal, start, limit("2 work_hours"), &[], &[]).expect("a due moment");
    assert_eq!(cal.local(found(&cal)).iso_minute(), "2026-11-23 10:30");
    assert_eq!(cal.local(found(&counter)).iso_minute(), "2026-11-23 09:30");
    let days = due(&counter, start, limit("1 work_days"), &[], &[]).expect("a due moment");
    assert_eq!(cal.local(days).iso_minute(), "2026-11-23 17:30");
}

#[test]
fn time_can_be_moved_by_work_days_and_work_hours() {
    let cal = zhejiang();
    let friday = at(&cal, "2026-11-20 09:12");
    let moved = |moment: Result<_, _>| cal.local(moment.expect("a moment")).iso_minute();
    assert_eq!(moved(add_work_days(&cal, friday, 3)), "2026-11-25 09:12");
    assert_eq!(moved(add_work_days(&cal, at(&cal, "2026-11-21 22:00"), 1)), "2026-11-23 22:00");
    assert_eq!(add_work_days(&cal, friday, 0), Ok(friday));
    assert_eq!(moved(add_work_hours(&cal, friday, 4)), "2026-11-20 14:42");
    let saturday = at(&cal, "2026-11-21 22:00");
    assert_eq!(add_work_hours(&cal, saturday, 0), Ok(saturday));
    let refused = Err(TimeError::AmountOutOfRange { amount: 3661 });
    assert_eq!(add_work_days(&cal, friday, 3661), refused);
    assert_eq!(add_work_hours(&cal, friday, 3661), refused);
}

#[test]
fn work_between_two_moments_is_counted() {
    let cal = zhejiang();
    let between = |from: &str, to: &str| work_ms_between(&cal, at(&cal, from), at(&cal, to));
    assert_eq!(between("2026-11-20 09:12", "2026-11-20 10:12"), Ok(HOUR_MS));
    assert_eq!(between("2026-11-20 11:00", "2026-11-20 14:30"), Ok(2 * HOUR_MS));
    assert_eq!(between("2026-11-20 16:00", "2026-11-23 10:00"), Ok(2 * HOUR_MS));
    assert_eq!(between("2026-11-23 10:00", "2026-11-20 16:00"), Ok(-2 * HOUR_MS));
    assert_eq!(between("2026-11-21 00:00", "2026-11-23 09:00"), Ok(0));
    assert_eq!(between("2026-11-23 09:00", "2026-11-23 09:00"), Ok(0));
    assert_eq!(between("2026-10-01 00:00", "2026-10-08 00:00"), Ok(0));
    let unknown = Err(TimeError::YearWithoutData { year: 2027 });
    assert_eq!(between("2026-12-31 09:00", "2027-01-04 10:00"), unknown);
    assert_eq!(between("2026-12-31 09:00", "2027-01-01 00:00"), Ok(390 * 60_000));
}
