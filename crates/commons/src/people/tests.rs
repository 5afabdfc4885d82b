//! Who is on duty and whether a team is whole, as rules alone; terms in the rows.

use std::collections::BTreeMap;

use kernel::{
    Command,
    id::{PersonId, Uuid},
    testing::START,
    time::{HOUR_MS, WorkCalendar},
};
use proptest::prelude::*;

use super::{rules::*, *};
use crate::{
    fixture::*,
    pack::{Post, TeamLoad, TeamPart, TeamTemplate},
};

fn template(load: Option<(u32, u32)>) -> TeamTemplate {
    let part = |post: &str, min| TeamPart { post: post.into(), min, max: None };
    TeamTemplate {
        id: "1+3+N".into(),
        zh: "1+3+N".into(),
        en: "1+3+N".into(),
        level: "grid".into(),
        parts: vec![part("head", 1), part("officer", 2), part("helper", 0)],
        load: load.map(|(low, high)| TeamLoad { unit: "households".into(), post: "officer".into(), low, high }),
    }
}

fn measured(held: &[(&str, u32)], households: Option<u32>, load: Option<(u32, u32)>) -> Team {
    let held: BTreeMap<String, u32> = held.iter().map(|(post, n)| ((*post).to_owned(), *n)).collect();
    team(&template(load), &held, households)
}

#[test]
fn too_few_is_a_vacancy_and_more_is_not() {
    assert_eq!(measured(&[], None, None).vacant, ["head", "officer"]);
    assert_eq!(measured(&[("head", 1), ("officer", 1)], None, None).vacant, ["officer"]);
    assert!(measured(&[("head", 2), ("officer", 5), ("helper", 9)], None, None).vacant.is_empty());
}

#[test]
fn fifty_three_officers_share_three_thousand_four_hundred_and_forty_five_households_by_sixty_five() {
    let team = measured(&[("officer", 53)], Some(3_445), Some((30, 80)));
    assert_eq!((team.load, team.load_flag), (Some(65), None));
}

#[test]
fn load_is_flagged_beyond_its_limits_only() {
    let flag = |households| measured(&[("officer", 1)], Some(households), Some((30, 80))).load_flag;
    assert_eq!([flag(29), flag(30), flag(80), flag(81)], [Some("low"), None, None, Some("high")]);
    assert_eq!(measured(&[("officer", 2)], Some(3), Some((1, 9))).load, Some(2), "rounded to the nearest whole");
    let unknown = measured(&[("officer", 1)], None, Some((30, 80)));
    assert_eq!((unknown.load, unknown.load_flag), (None, None), "blank stays blank");
    assert_eq!(measured(&[], Some(500), Some((30, 80))).load, None);
    assert_eq!(measured(&[("officer", 1)], Some(500), None).load, None);
    assert_eq!(measured(&[("officer", 3)], Some(u32::MAX), Some((30, 80))).load_flag, Some("high"));
}

fn posts() -> BTreeMap<String, Post> {
    let post = |id: &str, owns| {
        let post = Post {
            id: id.into(),
            zh: id.into(),
            en: id.into(),
            role: "r".into(),
            levels: Vec::new(),
            in_body: false,
            owns,
            term_years: None,
        };
        (id.to_owned(), post)
    };
    BTreeMap::from([post("first", Some(1)), post("second", Some(2)), post("helper", None)])
}

fn held(n: u128, post: &str, rank: u32, hours: Option<&str>) -> Holding {
    Holding {
        id: HoldingId::of(Uuid::from_u128(n)),
        person: PersonId::of(Uuid::from_u128(n)),
        post: post.into(),
        place: None,
        body: None,
        display: n.to_string(),
        rank,
        hours: hours.map(Into::into),
        station: None,
        valid_from: Timestamp::from_ms(0),
        valid_to: None,
    }
}

fn calendar() -> WorkCalendar {
    WorkCalendar::plain("Asia/Shanghai", "09:00-17:00".parse().unwrap()).unwrap()
}

fn chosen(holdings: &[Holding], at: Timestamp) -> Option<(String, Via)> {
    let (id, via) = on_duty(holdings.iter(), &posts(), &calendar(), at)?;
    Some((holdings.iter().find(|h| h.id == id)?.display.clone(), via))
}

#[test]
fn a_post_that_never_owns_and_one_that_nobody_knows_are_passed_over() {
    assert_eq!(chosen(&[held(1, "helper", 0, None), held(2, "unheard_of", 0, None)], START), None);
    assert_eq!(chosen(&[], START), None);
}

#[test]
fn hours_that_cannot_be_read_count_as_present() {
    let people = [held(1, "first", 0, Some("whenever")), held(2, "first", 1, None)];
    assert_eq!(chosen(&people, START.plus_ms(15 * HOUR_MS)), Some(("1".into(), Via::Post)));
}

#[test]
fn when_everybody_is_away_the_holder_has_it() {
    let people = [held(1, "first", 1, Some("10:00-11:00")), held(2, "first", 0, Some("09:00-10:00"))];
    assert_eq!(chosen(&people, START.plus_ms(12 * HOUR_MS)), Some(("2".into(), Via::Post)));
    assert_eq!(chosen(&people, START.plus_ms(HOUR_MS)), Some(("1".into(), Via::Deputy)));
}

proptest! {
    /// In whatever order people are listed, the same one is on duty, and never one of a lower post.
    #[test]
    fn the_order_of_the_list_does_not_matter(rows in proptest::collection::vec((0usize..3, 0u32..3, 0usize..3), 0..8), hour in 0i64..48, seed in any::<u64>()) {
        let hours = [None, Some("09:00-12:00"), Some("12:00-17:00")];
        let mut people: Vec<Holding> = rows.iter().enumerate().map(|(n, (post, rank, when))| held(n as u128 + 1, ["first", "second", "helper"][*post], *rank, hours[*when])).collect();
        let at = START.plus_ms(hour * HOUR_MS);
        let before = chosen(&people, at);
        let turn = usize::try_from(seed % 7).unwrap() % people.len().max(1);
        people.rotate_left(turn);
        people.reverse();
        prop_assert_eq!(&chosen(&people, at), &before);
        let best = people.iter().filter_map(|h| posts()[&h.post].owns).min();
        prop_assert_eq!(before.is_some(), best.is_some());
        if let Some((name, via)) = before {
            let holder = people.iter().find(|h| h.display == name).unwrap();
            prop_assert_eq!(posts()[&holder.post].owns, best);
            prop_assert_eq!(via == Via::Post, holder.rank == 0);
        }
    }
}

#[test]
fn a_term_is_ended_once() {
    let mut pack = bare();
    seat(&mut pack, "周网格员", "grid_officer", "330198001001001");
    let house = House::new();
    house.install(&pack);
    let holding = house.engine.read_now(|db| Ok(holdings(db, DISTRICT)?)).unwrap().remove(0);
    let end = |at| {
        house
            .engine
            .write_now(Command::new(DISTRICT, "test"), move |tx| Ok(holding_end(tx, &holding.id, at)?))
            .unwrap()
            .value
    };
    assert!(end(START));
    assert!(!end(START.plus_ms(1)));
    let after = house.engine.read_now(|db| Ok(holdings(db, DISTRICT)?)).unwrap().remove(0);
    assert_eq!((after.valid_to, after.valid_at(START), after.valid_at(START.plus_ms(-1))), (Some(START), false, true));
}
