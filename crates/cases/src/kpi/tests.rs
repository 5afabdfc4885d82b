//! Figures count as they are defined, and open to their cases.

use kernel::Timestamp;

use super::*;
use crate::{
    case::{Inputs, Origin},
    fixture::*,
};

fn count(town: &Town, name: &str, place: Option<&str>, period: Option<(Timestamp, Timestamp)>) -> (i64, i64) {
    let (rules, name, now, place) =
        (town.rules.clone(), name.to_owned(), town.clock_now(), place.map(|p| town.place(p)));
    let figure =
        town.engine.read_now(move |db| figure(db, &rules, &name, place.as_ref(), period, now)).expect("counts");
    assert_eq!(figure.value.is_some(), figure.denominator > 0);
    if let Some(value) = figure.value {
        assert!((value * figure.denominator as f64 - figure.numerator as f64).abs() < 1e-9);
    }
    (figure.numerator, figure.denominator)
}

/// One case in every state of the flow, and some with a past.
fn street() -> Town {
    let town = Town::new();
    for state in ["reported", "checking", "filed", "handling", "held", "verifying", "asking", "closed", "declined"] {
        let id = town.reported();
        town.bring(&id, state);
    }
    let twin = town.reported();
    let other = town.cases().iter().find(|c| c.state == "handling").unwrap().number.clone();
    town.act(Who::Staff("赵书记"), &twin, "merge", Inputs { into: Some(other), ..Inputs::default() }).unwrap();
    let taken_back = town.reported();
    town.act(Who::Asker, &taken_back, "retract", Inputs::default()).unwrap();
    // Not solved, done again, and rated as poor.
    let again = town.reported();
    town.bring(&again, "asking");
    town.act(Who::Asker, &again, "not_solved", Inputs::default()).unwrap();
    town.task(Who::Staff("沈经办"), &again, "市政公司", "done", answer("又办了")).unwrap();
    town.act(Who::Staff("冯网格员"), &again, "fail", because("还不行")).unwrap();
    town.task(Who::Staff("沈经办"), &again, "市政公司", "done", answer("办好了")).unwrap();
    town.act(Who::Staff("冯网格员"), &again, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &again, "solved", rated(true, "不满意")).unwrap();
    // In another grid, returned once and still in hand.
    let far = town.reported_at("松树一网格");
    town.act(Who::Staff("谢网格员"), &far, "file", Inputs::default()).unwrap();
    town.act(Who::Staff("谢网格员"), &far, "dispatch", to("市政公司")).unwrap();
    town.task(Who::Staff("沈经办"), &far, "市政公司", "return", Inputs { basis: text("清单"), ..because("不归我们") })
        .unwrap();
    town
}

#[test]
fn each_figure_counts_what_its_formula_says() {
    let town = street();
    assert_eq!(town.cases().len(), 13);
    let expected = [
        // All but the one that joined and the one taken back; taken on are all that got past reported, checking, declined.
        ("filing_rate", (8, 11)),
        // Those taken up at once; who is still looking, or not late yet, does not count.
        ("response_rate", (10, 10)),
        ("completion_rate", (2, 10)),
        ("on_time_rate", (10, 10)),
        ("rework_rate", (1, 4)),
        ("return_rate", (1, 7)),
        ("reopen_rate", (1, 10)),
        ("resolution_rate", (2, 2)),
        ("satisfaction_rate", (1, 2)),
        ("rating_rate", (2, 2)),
    ];
    for (name, figures) in expected {
        assert_eq!(count(&town, name, None, None), figures, "{name}");
        assert_eq!(count(&town, definition(name).unwrap().zh, None, None), figures, "{name} by its Chinese name");
    }
    assert_eq!(expected.len(), DEFINITIONS.len());
}

#[test]
fn a_place_counts_its_subtree_and_nothing_else() {
    let town = street();
    for (place, of) in
        [("河东区", 10), ("清泉街道", 10), ("桂花社区", 9), ("桂花一网格", 9), ("松树社区", 1), ("白云街道", 0)]
    {
        assert_eq!(count(&town, "completion_rate", Some(place), None).1, of, "{place}");
    }
    assert_eq!(count(&town, "return_rate", Some("松树一网格"), None), (1, 1));
}

#[test]
fn a_period_counts_what_should_have_been_done_in_it() {
    let town = street();
    let march = |from: &str, to: &str| Some((town.wall(from), town.wall(to)));
    // Handed over on 2 March for 7 work days: the 11th.
    assert_eq!(count(&town, "completion_rate", None, march("2026-03-11 00:00", "2026-03-12 00:00")), (2, 6));
    assert_eq!(count(&town, "completion_rate", None, march("2026-03-12 00:00", "2026-04-01 00:00")), (0, 0));
    // Each case counts on one day only.
    let days: i64 = (1..=31)
        .map(|day| {
            count(
                &town,
                "completion_rate",
                None,
                march(&format!("2026-03-{day:02} 00:00"), &format!("2026-03-{day:02} 23:59")),
            )
            .1
        })
        .sum();
    assert_eq!(days, 10);
}

#[test]
fn lateness_shows_as_soon_as_it_is_there() {
    let town = street();
    town.until(town.wall("2026-03-11 17:00").plus_ms(1));
    // Two are still in hand past their day: the one in 桂花 and the one that was returned.
    assert_eq!(count(&town, "on_time_rate", None, None), (8, 10));
    assert_eq!(
        count(&town, "response_rate", None, None).1,
        11,
        "who never took it up is counted once the limit is over"
    );
    assert_eq!(count(&town, "response_rate", None, None).0, 10);
}

#[test]
fn silence_is_closed_but_neither_rated_nor_satisfied() {
    let town = Town::new();
    for _ in 0..3 {
        let id = town.reported();
        town.bring(&id, "asking");
    }
    town.pass("8 calendar_days");
    assert_eq!(count(&town, "completion_rate", None, None), (3, 3));
    assert_eq!(count(&town, "rating_rate", None, None), (0, 3));
    assert_eq!(count(&town, "satisfaction_rate", None, None), (0, 0));
    assert_eq!(count(&town, "resolution_rate", None, None), (0, 0));
}

#[test]
fn every_figure_opens_to_the_cases_behind_it() {
    let town = street();
    for definition in DEFINITIONS {
        let (numerator, denominator) = count(&town, definition.name, None, None);
        let (rules, now) = (town.rules.clone(), town.clock_now());
        let name = definition.name;
        let all = town.engine.read_now(move |db| cases(db, &rules, name, None, None, now, None, 1_000)).unwrap();
        assert_eq!(
            (all.iter().filter(|(_, ok)| *ok).count() as i64, all.len() as i64),
            (numerator, denominator),
            "{name}"
        );
        // Page by page it is the same.
        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let rules = town.rules.clone();
            let page = town.engine.read_now(move |db| cases(db, &rules, name, None, None, now, before, 3)).unwrap();
            let Some((last, _)) = page.last() else { break };
            before = Some(last.id);
            paged.extend(page);
        }
        assert_eq!(paged, all, "{name}");
    }
}

#[test]
fn a_figure_says_up_to_where_it_counted() {
    let town = street();
    let at = |town: &Town| {
        let (rules, now) = (town.rules.clone(), town.clock_now());
        let figure = town.engine.read_now(move |db| figure(db, &rules, "办结率", None, None, now)).unwrap();
        let head = town.engine.read_now(|db| Ok(kernel::journal::head(db, DISTRICT)?.unwrap().0)).unwrap();
        assert_eq!(figure.as_of_seq, head);
        figure.as_of_seq
    };
    let before = at(&town);
    town.reported();
    assert_eq!(at(&town), before + 1);
}

#[test]
fn an_unknown_figure_is_refused_with_those_there_are() {
    let problem = definition("happiness").err().unwrap();
    assert_eq!(problem.kind.code, "404.1");
    assert!(problem.detail(kernel::Lang::Zh).contains("on_time_rate"));
    assert_eq!(definition(" 立案率 ").unwrap().name, "filing_rate");
    assert_eq!(definition("满意度").unwrap().name, "satisfaction_rate");
}

#[test]
fn names_of_figures_are_told_apart() {
    let mut names: Vec<&str> =
        DEFINITIONS.iter().flat_map(|d| [d.name, d.zh].into_iter().chain(d.also.iter().copied())).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn imported_history_is_late_by_the_sources_own_day() {
    let town = Town::new();
    let id = town.reported();
    let mut case = town.case(&id);
    let due = town.wall("2026-03-05 12:00");
    case.origin = Some(Origin {
        id: "1".into(),
        department: None,
        queue: None,
        due: Some(due),
        on_time: None,
        row: String::new(),
    });
    case.state = "closed".into();
    for (closed, on_time) in [(due, true), (due.plus_ms(1), false)] {
        case.closed_at = Some(closed);
        assert_eq!((definition("on_time_rate").unwrap().counts)(&case, town.wall("2027-01-01 00:00")), Some(on_time));
    }
}
