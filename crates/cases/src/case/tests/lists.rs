//! Lists equal what a reader of all cases would pick.

use kernel::Timestamp;
use proptest::prelude::*;

use crate::{
    case::{Case, CaseId, Filter, Report},
    fixture::*,
};

const PLACES: [&str; 6] = ["桂花一网格", "桂花二网格", "银杏苑", "桂花社区", "松树一网格", "白云街道"];
const ITEMS: [&str; 3] = ["road_hole", "street_light", "roof_leak"];

fn filled() -> Town {
    let town = Town::new();
    for n in 0..90usize {
        town.clock.advance_ms(60_000);
        let report = Report { item: text(ITEMS[n % 3]), ..hole(PLACES[n % 6]) };
        let id = town.try_report(Who::Asker, report).unwrap().id;
        let (dispatcher, state) = (Who::Staff("何值班"), n % 5);
        if state >= 1 {
            town.act(dispatcher, &id, "file", Default::default()).unwrap();
        }
        if state >= 2 {
            let body = ["市政公司", "绿化所"][n % 2];
            town.act(dispatcher, &id, "dispatch", to(body)).unwrap();
        }
        if state == 4 {
            town.act(Who::Asker, &id, "explode", Default::default()).unwrap_err();
            town.act(
                dispatcher,
                &id,
                "merge",
                crate::case::Inputs {
                    into: Some(town.cases()[5 % town.cases().len()].number.clone()),
                    ..Default::default()
                },
            )
            .ok();
        }
    }
    town
}

fn within(town: &Town, case: &Case, filter: &Filter) -> bool {
    filter.place.as_ref().is_none_or(|place| town.rules.directory.within(&case.grid, place))
        && filter.state.as_ref().is_none_or(|state| case.state == *state)
        && filter.item.as_ref().is_none_or(|item| case.item == *item)
        && filter.body.is_none_or(|body| case.lead_body == Some(body))
        && filter.before.is_none_or(|before| case.id < before)
        && filter.due.is_none_or(|(from, to)| case.next_due().is_some_and(|due| from <= due && due < to))
}

fn page(town: &Town, filter: &Filter, limit: i64) -> Vec<CaseId> {
    let filter = filter.clone();
    town.engine
        .read_now(move |db| Ok(crate::case::list(db, DISTRICT, &filter, limit)?))
        .unwrap()
        .into_iter()
        .map(|c| c.id)
        .collect()
}

#[test]
fn every_combination_of_filters_gives_what_a_reader_of_all_would_pick() {
    let town = filled();
    let all = town.cases();
    assert_eq!(all.len(), 90);
    assert!(all.windows(2).all(|pair| pair[0].id > pair[1].id), "newest first");
    let places = [None, Some("桂花一网格"), Some("桂花社区"), Some("清泉街道"), Some("河东区"), Some("松树社区")];
    let mut checked = 0;
    for place in places {
        for state in [None, Some("reported"), Some("filed"), Some("handling"), Some("closed")] {
            for item in [None, Some("road_hole"), Some("roof_leak"), Some("nothing")] {
                for body in [None, Some("市政公司")] {
                    for before in [None, Some(all[30].id)] {
                        let filter = Filter {
                            place: place.map(|p| town.place(p)),
                            state: state.map(str::to_owned),
                            item: item.map(str::to_owned),
                            body: body.map(|b| town.body(b)),
                            before,
                            due: None,
                        };
                        let expected: Vec<CaseId> =
                            all.iter().filter(|c| within(&town, c, &filter)).map(|c| c.id).collect();
                        assert_eq!(page(&town, &filter, 1_000), expected, "{filter:?}");
                        assert_eq!(
                            page(&town, &filter, 3),
                            expected.iter().take(3).copied().collect::<Vec<_>>(),
                            "{filter:?}"
                        );
                        checked += expected.len();
                    }
                }
            }
        }
    }
    assert!(checked > 500);
}

#[test]
fn pages_follow_one_another_without_gap_or_repetition() {
    let town = filled();
    for limit in [1, 7, 90] {
        let mut filter = Filter { place: Some(town.place("清泉街道")), ..Filter::default() };
        let whole = page(&town, &filter, 1_000);
        let mut seen = Vec::new();
        loop {
            let ids = page(&town, &filter, limit);
            let Some(last) = ids.last() else { break };
            filter.before = Some(*last);
            seen.extend(ids);
        }
        assert_eq!(seen, whole);
    }
}

#[test]
fn what_falls_due_comes_earliest_first() {
    let town = filled();
    let all = town.cases();
    let (from, to) = (Timestamp::from_ms(0), town.after("3 work_days"));
    for place in [None, Some("桂花社区"), Some("清泉街道")] {
        for body in [None, Some("绿化所")] {
            let filter = Filter {
                place: place.map(|p| town.place(p)),
                body: body.map(|b| town.body(b)),
                due: Some((from, to)),
                ..Filter::default()
            };
            let mut expected: Vec<(Option<Timestamp>, CaseId)> =
                all.iter().filter(|c| within(&town, c, &filter)).map(|c| (c.next_due(), c.id)).collect();
            expected.sort_unstable();
            assert_eq!(page(&town, &filter, 1_000), expected.iter().map(|(_, id)| *id).collect::<Vec<_>>());
            assert!(body.is_some() || !expected.is_empty());
        }
    }
}

#[test]
fn counts_by_state_equal_the_lists() {
    let town = filled();
    let all = town.cases();
    for place in ["河东区", "桂花社区", "银杏苑", "松树一网格"] {
        let id = town.place(place);
        let counted = town.engine.read_now(move |db| Ok(crate::case::figures(db, DISTRICT, &id)?)).unwrap();
        let mut expected = std::collections::BTreeMap::new();
        for case in all.iter().filter(|c| town.rules.directory.within(&c.grid, &id)) {
            *expected.entry(case.state.clone()).or_insert(0i64) += 1;
        }
        assert_eq!(counted, expected.into_iter().collect::<Vec<_>>(), "{place}");
    }
}

#[test]
fn an_asker_finds_every_matter_of_theirs_and_nobody_elses() {
    let town = filled();
    let asker = town.cases()[0].asker;
    let other = town.try_report(Who::Asker, Report { phone: text("19900009999"), ..hole("桂花一网格") }).unwrap().id;
    let mine = town.engine.read_now(move |db| Ok(crate::case::of_asker(db, DISTRICT, &asker)?)).unwrap();
    assert_eq!(mine.len(), 90);
    assert!(mine.iter().all(|c| c.id != other));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_number_typed_by_anybody_breaks_the_search(number in "\\PC{0,40}") {
        let town = Town::new();
        town.reported();
        let found = town.engine.read_now(move |db| Ok(crate::case::fetch_by_number(db, DISTRICT, &number)?)).unwrap();
        prop_assert!(found.is_none());
    }
}
