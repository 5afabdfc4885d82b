//! Buckets fill with time, memory stays bounded, strangers are locked like acquaintances.

use std::net::IpAddr;

use kernel::{Problem, Timestamp, problem::TOO_MANY};
use proptest::prelude::*;

use super::{CallerKey, Gate, LIST_ROWS_MAX, Limits, Memory, Rate, Rates, address_key, name_key, rows};

const START: Timestamp = Timestamp::from_ms(1_772_413_200_000);
const SOMEBODY: CallerKey = [1; 16];

fn limits(per_minute: u32, burst: u32) -> Limits {
    Limits::new(Rates { report: Some(Rate { per_minute, burst }), ..Rates::off() })
}

fn seconds(problem: &Problem) -> i64 {
    problem
        .args
        .iter()
        .find(|(name, _)| *name == "seconds")
        .and_then(|(_, v)| v.parse().ok())
        .expect("it says how long")
}

#[test]
fn a_burst_is_let_through_and_the_next_one_waits_as_long_as_it_is_told() {
    let limits = limits(30, 10);
    for _ in 0..10 {
        limits.take(Gate::Report, SOMEBODY, START).expect("within the burst");
    }
    let refusal = limits.take(Gate::Report, SOMEBODY, START).expect_err("the eleventh");
    assert_eq!(refusal.kind, &TOO_MANY);
    let wait = seconds(&refusal);
    assert!((1..=3).contains(&wait), "{wait}");
    assert!(limits.take(Gate::Report, [2; 16], START).is_ok(), "somebody else is not held up");
    assert!(limits.take(Gate::Lookup, SOMEBODY, START).is_ok(), "a gate that is off counts nothing");
    assert!(limits.take(Gate::Report, SOMEBODY, START.plus_ms(wait * 1_000)).is_ok(), "after the wait it is told");
    assert!(limits.take(Gate::Report, SOMEBODY, START.plus_ms(wait * 1_000)).is_err());
}

proptest! {
    #[test]
    fn no_caller_gets_more_than_burst_and_rate_together(per_minute in 1u32..200, burst in 1u32..50, steps in prop::collection::vec(-500i64..5_000, 1..300)) {
        let limits = limits(per_minute, burst);
        let (mut now, mut furthest, mut taken) = (START, START, 0i64);
        for step in steps {
            now = now.plus_ms(step);
            // A clock may jump back and forth; what it repeats may be counted twice, but never more.
            furthest = furthest.plus_ms(step.max(0));
            taken += i64::from(limits.take(Gate::Report, SOMEBODY, now).is_ok());
        }
        let most = i64::from(burst) + furthest.ms_since(START) * i64::from(per_minute) / 60_000 + 1;
        prop_assert!(taken <= most, "{taken} of {most}");
    }

    #[test]
    fn what_is_remembered_stays_bounded_and_the_latest_is_never_forgotten(keys in prop::collection::vec(0u32..400, 1..1_000)) {
        let mut memory = Memory::new(50);
        for (n, key) in keys.iter().enumerate() {
            memory.put(*key, n);
            prop_assert_eq!(memory.get(key), Some(n));
            prop_assert!(memory.young.len() + memory.old.len() <= 100);
        }
    }
}

#[test]
fn an_ipv6_caller_cannot_choose_another_bucket_within_its_own_network() {
    let key = |text: &str| address_key(text.parse::<IpAddr>().expect("an address"));
    assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    assert_ne!(key("192.0.2.7"), key("192.0.2.8"));
}

#[test]
fn a_name_that_nobody_has_is_locked_after_as_many_tries_as_a_real_one() {
    let limits = Limits::new(Rates::off());
    let key = name_key("nobody");
    for _ in 0..kernel::access::FAILURES_MAX {
        assert_eq!(limits.stranger_locked(&key), None);
        limits.stranger_failed(key, START);
    }
    assert_eq!(limits.stranger_locked(&key), Some(START.plus_ms(kernel::access::LOCKED_MINUTES * 60_000)));
    assert_eq!(limits.stranger_locked(&name_key("another")), None);
}

#[test]
fn a_list_answers_between_one_and_two_hundred_rows() {
    assert_eq!(rows(None).unwrap(), 50);
    assert_eq!(rows(Some(LIST_ROWS_MAX)).unwrap(), 200);
    for wrong in [0, 201, u32::MAX] {
        assert_eq!(rows(Some(wrong)).expect_err("refused").kind.code, "400.2");
    }
}
