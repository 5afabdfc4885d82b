//! `due` against a count by minutes, and the laws that it keeps.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Limit, LimitUnit, MINUTE_MS, Pause, Timestamp, WorkCalendar, add_work_hours, due, work_ms_between};
use super::{new_york_day_and_night, utc, zhejiang_once};

/// A calendar and the time in which its starts lie: Zhejiang over the autumn holidays, New
/// York round the clock over both its changes of clocks.
fn place() -> impl Strategy<Value = (WorkCalendar, i64)> {
    let march = utc("2026-03-04T00:00:00Z").ms();
    let october = utc("2026-10-28T00:00:00Z").ms();
    prop_oneof![
        Just((zhejiang_once().clone(), utc("2026-09-16T00:00:00Z").ms())),
        Just((zhejiang_once().clone(), utc("2026-02-08T00:00:00Z").ms())),
        Just((new_york_day_and_night(), march)),
        Just((new_york_day_and_night(), october)),
    ]
}

const STARTS_MINUTES: i64 = 7 * 24 * 60;

fn small_limit() -> impl Strategy<Value = Limit> {
    (1_u32..6, select(&LimitUnit::ALL[..])).prop_map(|(amount, unit)| Limit { amount, unit })
}

/// Pauses in minutes after the first possible start: (begin, length).
fn some_pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    vec((-1_000..2 * STARTS_MINUTES, 0_i64..3_000), 0..5)
}

fn pauses(base: i64, minutes: &[(i64, i64)]) -> Vec<Pause> {
    let moment = |minute: i64| Timestamp::from_ms(base + minute * MINUTE_MS);
    minutes.iter().map(|&(from, length)| Pause { from: moment(from), to: Some(moment(from + length)) }).collect()
}

/// A start at a whole minute.
fn start_at(base: i64, minute: i64) -> Timestamp {
    Timestamp::from_ms(base + minute * MINUTE_MS)
}

/// Counts minute by minute, by nothing but `is_work_time` and the clock on the wall. Right
/// where every fact falls on a whole minute and no hour is repeated or skipped.
fn counted(cal: &WorkCalendar, start: Timestamp, takes: Limit, pauses: &[Pause]) -> Timestamp {
    let stands = |at: Timestamp| pauses.iter().any(|pause| pause.from <= at && pause.to.is_some_and(|to| at < to));
    let works = |at: Timestamp| cal.is_work_time(at).expect("a known year");
    let amount = i64::from(takes.amount);
    let mut at = start;
    let (mut left, counts): (i64, &dyn Fn(Timestamp) -> bool) = match takes.unit {
        LimitUnit::UrgentHours => (amount * 60, &|_| true),
        LimitUnit::CalendarDays => (amount * 24 * 60, &|_| true),
        LimitUnit::WorkHours => (amount * 60, &works),
        LimitUnit::WorkDays => {
            while cal.date(at) == cal.date(start) {
                at = at.plus_ms(MINUTE_MS);
            }
            (amount * cal.hours().ms_per_day() / MINUTE_MS, &works)
        }
    };
    while left > 0 {
        if counts(at) && !stands(at) {
            left -= 1;
        }
        at = at.plus_ms(MINUTE_MS);
    }
    at
}

proptest! {
    #[test]
    fn due_is_what_counting_minutes_gives(
        spring in any::<bool>(),
        minute in 0..STARTS_MINUTES,
        takes in small_limit(),
        stretches in some_pauses(),
    ) {
        let cal = zhejiang_once();
        let base = utc(if spring { "2026-02-08T00:00:00Z" } else { "2026-09-16T00:00:00Z" }).ms();
        let start = start_at(base, minute);
        let pauses = pauses(base, &stretches);
        let found = due(cal, start, takes, &pauses, &[]);
        prop_assert_eq!(found, Ok(counted(cal, start, takes, &pauses)));
    }

    #[test]
    fn hours_are_what_counting_minutes_gives_also_when_the_clocks_change(
        autumn in any::<bool>(),
        minute in 0..STARTS_MINUTES,
        amount in 1_u32..80,
        unit in select(&[LimitUnit::UrgentHours, LimitUnit::WorkHours][..]),
        stretches in some_pauses(),
    ) {
        let cal = new_york_day_and_night();
        let base = utc(if autumn { "2026-10-28T00:00:00Z" } else { "2026-03-04T00:00:00Z" }).ms();
        let (start, takes) = (start_at(base, minute), Limit { amount, unit });
        let pauses = pauses(base, &stretches);
        let found = due(&cal, start, takes, &pauses, &[]);
        prop_assert_eq!(found, Ok(counted(&cal, start, takes, &pauses)));
    }

    #[test]
    fn more_of_anything_is_never_due_earlier(
        (cal, base) in place(),
        minute in 0..STARTS_MINUTES,
        later in 0_i64..3_000,
        takes in small_limit(),
        stretches in some_pauses(),
        further in (-1_000..2 * STARTS_MINUTES, 0_i64..3_000),
        extension in small_limit(),
    ) {
        let start = start_at(base, minute);
        let some = pauses(base, &stretches);
        let plain = due(&cal, start, takes, &some, &[]).expect("a due moment");
        prop_assert!(plain > start);

        let more = Limit { amount: takes.amount + 1, ..takes };
        prop_assert!(due(&cal, start, more, &some, &[]).expect("a due moment") > plain);

        let mut longer = some.clone();
        longer.extend(pauses(base, &[further]));
        prop_assert!(due(&cal, start, takes, &longer, &[]).expect("a due moment") >= plain);

        let extended = due(&cal, start, takes, &some, &[extension]).expect("a due moment");
        prop_assert!(extended > plain);

        // The exception that `due` states: days on the wall from a repeated hour.
        let repeats = |at: Timestamp| cal.zone().steady_wall(at) != cal.zone().wall(at);
        let after = start_at(base, minute + later);
        if takes.unit != LimitUnit::CalendarDays || !repeats(after) {
            prop_assert!(due(&cal, after, takes, &some, &[]).expect("a due moment") >= plain);
        }
    }

    #[test]
    fn a_pause_outside_the_running_time_changes_nothing(
        (cal, base) in place(),
        minute in 0..STARTS_MINUTES,
        takes in small_limit(),
        stretches in some_pauses(),
        gap in 0_i64..2_000,
        length in 0_i64..50_000,
    ) {
        let start = start_at(base, minute);
        let some = pauses(base, &stretches);
        let plain = due(&cal, start, takes, &some, &[]).expect("a due moment");
        let before_end = start.plus_ms(-gap * MINUTE_MS);
        let after_begin = plain.plus_ms(gap * MINUTE_MS);
        for outside in [
            Pause { from: before_end.plus_ms(-length * MINUTE_MS), to: Some(before_end) },
            Pause { from: after_begin, to: Some(after_begin.plus_ms(length * MINUTE_MS)) },
            Pause { from: after_begin, to: None },
        ] {
            let mut more = some.clone();
            more.push(outside);
            prop_assert_eq!(due(&cal, start, takes, &more, &[]), Ok(plain));
        }
    }

    #[test]
    fn order_overlap_and_splitting_of_pauses_change_nothing(
        (cal, base) in place(),
        minute in 0..STARTS_MINUTES,
        takes in small_limit(),
        (stretches, shuffled) in some_pauses()
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        cut in 0_i64..3_000 * MINUTE_MS,
    ) {
        let start = start_at(base, minute);
        let some = pauses(base, &stretches);
        let plain = due(&cal, start, takes, &some, &[]);
        prop_assert_eq!(&due(&cal, start, takes, &pauses(base, &shuffled), &[]), &plain);

        let twice: Vec<Pause> = some.iter().chain(&some).copied().collect();
        prop_assert_eq!(&due(&cal, start, takes, &twice, &[]), &plain);

        let halves: Vec<Pause> = some
            .iter()
            .flat_map(|pause| {
                let middle = pause.to.map(|to| pause.from.plus_ms(cut).min(to));
                [Pause { to: middle, ..*pause }, Pause { from: middle.unwrap_or(pause.from), ..*pause }]
            })
            .collect();
        prop_assert_eq!(&due(&cal, start, takes, &halves, &[]), &plain);
    }

    #[test]
    fn extensions_fold(
        (cal, base) in place(),
        minute in 0..STARTS_MINUTES,
        takes in small_limit(),
        extensions in vec(small_limit(), 0..4),
        stretches in some_pauses(),
    ) {
        let start = start_at(base, minute);
        let some = pauses(base, &stretches);
        let at_once = due(&cal, start, takes, &some, &extensions);
        let first = due(&cal, start, takes, &some, &[]);
        let folded = extensions
            .iter()
            .fold(first, |used_up, more| due(&cal, used_up?, *more, &some, &[]));
        prop_assert_eq!(at_once, folded);
    }

    #[test]
    fn extending_by_the_same_unit_is_a_longer_limit(
        (cal, base) in place(),
        minute in 0..STARTS_MINUTES,
        unit in select(&[LimitUnit::UrgentHours, LimitUnit::WorkHours][..]),
        first in 1_u32..6,
        more in 1_u32..6,
        stretches in some_pauses(),
    ) {
        let start = start_at(base, minute);
        let some = pauses(base, &stretches);
        let limit = |amount| Limit { amount, unit };
        let extended = due(&cal, start, limit(first), &some, &[limit(more)]);
        prop_assert_eq!(extended, due(&cal, start, limit(first + more), &some, &[]));
        // Work days as well, where no pause makes one end in the middle of a day.
        let days = |amount| Limit { amount, unit: LimitUnit::WorkDays };
        let extended = due(zhejiang_once(), start, days(first), &[], &[days(more)]);
        prop_assert_eq!(extended, due(zhejiang_once(), start, days(first + more), &[], &[]));
    }

    #[test]
    fn work_between_adds_up(
        (cal, base) in place(),
        mut minutes in [0..STARTS_MINUTES, 0..STARTS_MINUTES, 0..STARTS_MINUTES],
        amount in 1_u32..40,
    ) {
        minutes.sort_unstable();
        let [a, b, c] = minutes.map(|minute| start_at(base, minute));
        let worked = |from, to| work_ms_between(&cal, from, to).expect("a known year");
        prop_assert_eq!(worked(a, b) + worked(b, c), worked(a, c));
        prop_assert_eq!(worked(c, a), -worked(a, c));
        let then = add_work_hours(&cal, a, amount).expect("a known year");
        prop_assert_eq!(worked(a, then), i64::from(amount) * super::super::HOUR_MS);
    }
}
