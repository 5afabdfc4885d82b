//! Clocks alone: what moves do to runs, and when they are due.

use kernel::{
    Timestamp,
    testing::START,
    time::{HOUR_MS, Limit, WorkCalendar},
};
use proptest::prelude::*;

use super::{ClockRun, rules::*};
use crate::flow::{Clock, ClockChanges};

fn calendar() -> WorkCalendar {
    WorkCalendar::plain("Asia/Shanghai", "09:00-12:00,13:30-17:00".parse().unwrap()).unwrap()
}

fn limit(text: &str) -> Limit {
    text.parse().unwrap()
}

fn at(hours: i64) -> Timestamp {
    START.plus_ms(hours * HOUR_MS)
}

fn changes(what: &str, clock: Clock) -> ClockChanges {
    let mut changes = ClockChanges::default();
    match what {
        "start" => changes.start.push(clock),
        "stop" => changes.stop.push(clock),
        "pause" => changes.pause.push(clock),
        "resume" => changes.resume.push(clock),
        "run" => changes.run.push(clock),
        other => panic!("{other}"),
    }
    changes
}

fn go(clocks: &mut Vec<ClockRun>, what: &str, now: Timestamp) {
    apply(clocks, &changes(what, Clock::Handle), 1, &|_| limit("10 urgent_hours"), &calendar(), now);
}

#[test]
fn a_pause_moves_the_due_moment_by_as_long_as_it_lasted() {
    let mut clocks = Vec::new();
    go(&mut clocks, "start", at(0));
    assert_eq!(next_due(&clocks), Some(("handle", at(10))));
    go(&mut clocks, "pause", at(4));
    assert_eq!((next_due(&clocks), clocks[0].due, clocks[0].paused()), (None, None, true));
    go(&mut clocks, "pause", at(5));
    go(&mut clocks, "resume", at(9));
    assert_eq!(next_due(&clocks), Some(("handle", at(15))));
    go(&mut clocks, "stop", at(16));
    assert!(clocks[0].late(at(100)) && !clocks[0].under_way());
    assert_eq!(next_due(&clocks), None);
}

#[test]
fn what_was_late_before_a_pause_stays_late() {
    let mut clocks = Vec::new();
    go(&mut clocks, "start", at(0));
    go(&mut clocks, "pause", at(11));
    assert_eq!(clocks[0].due, Some(at(10)));
    assert!(clocks[0].late(at(11)));
    go(&mut clocks, "resume", at(50));
    assert_eq!(clocks[0].due, Some(at(10)));
}

#[test]
fn run_never_sets_a_clock_back() {
    let mut clocks = Vec::new();
    for hour in [0, 3, 7] {
        go(&mut clocks, "run", at(hour));
    }
    assert_eq!((clocks.len(), clocks[0].due), (1, Some(at(10))));
    go(&mut clocks, "stop", at(8));
    go(&mut clocks, "run", at(9));
    assert_eq!((clocks.len(), clocks[1].due), (2, Some(at(19))));
}

#[test]
fn an_ended_pause_ends_with_its_clock() {
    let mut clocks = Vec::new();
    go(&mut clocks, "start", at(0));
    go(&mut clocks, "pause", at(2));
    go(&mut clocks, "stop", at(6));
    assert_eq!((clocks[0].pauses[0].to, clocks[0].due), (Some(at(6)), Some(at(14))));
}

#[test]
fn the_first_due_of_what_runs_comes_first() {
    let mut clocks = Vec::new();
    let calendar = calendar();
    start(&mut clocks, Clock::Handle, 1, limit("10 urgent_hours"), &calendar, at(0));
    start(&mut clocks, Clock::Accept, 1, limit("3 urgent_hours"), &calendar, at(0));
    assert_eq!(next_due(&clocks), Some(("accept", at(3))));
}

#[test]
fn a_run_is_written_in_words_and_read_again() {
    let mut clocks = Vec::new();
    go(&mut clocks, "start", at(0));
    go(&mut clocks, "pause", at(1));
    go(&mut clocks, "resume", at(2));
    clocks[0].extensions.push(limit("2 work_days"));
    recompute(&mut clocks[0], &calendar());
    let text = serde_json::to_string(&clocks).unwrap();
    assert!(text.contains("10 urgent_hours") && text.contains("2 work_days"), "{text}");
    assert_eq!(serde_json::from_str::<Vec<ClockRun>>(&text).unwrap(), clocks);
}

proptest! {
    /// Whatever moves do: at most one run of a clock is under way, and each due comes from what is stored.
    #[test]
    fn any_order_of_changes_leaves_runs_that_can_be_computed_again(steps in proptest::collection::vec((0usize..5, 1i64..40), 0..40)) {
        let mut clocks = Vec::new();
        let mut now = 0;
        for (what, hours) in steps {
            now += hours;
            let what = ["start", "stop", "pause", "resume", "run"][what];
            // The checker of flows proves that nothing is started twice.
            if what == "start" && clocks.iter().any(ClockRun::under_way) {
                continue;
            }
            go(&mut clocks, what, at(now));
            prop_assert!(clocks.iter().filter(|run| run.under_way()).count() <= 1);
            for run in &clocks {
                let mut again = run.clone();
                recompute(&mut again, &calendar());
                prop_assert_eq!(&again, run);
                let stood: i64 = run.pauses.iter().filter_map(|p| Some(p.to?.ms() - p.from.ms())).sum();
                if let Some(due) = run.due {
                    prop_assert!(due >= run.start.plus_ms(10 * HOUR_MS) && due <= run.start.plus_ms(10 * HOUR_MS + stood));
                }
            }
        }
    }
}
