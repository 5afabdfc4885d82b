//! Tests of visits.

use kernel::{
    Command, Lang,
    access::Actor,
    idempotency::Key,
    time::{DAY_MS, MINUTE_MS},
    vault::{self, ContactKind},
};

use super::*;
use crate::tests::{DISTRICT, GRID, House, on_both, refused};

fn at_door(words: Option<&str>) -> NewVisit {
    NewVisit {
        place: "悦贤里".into(),
        room: Some("三幢 401".into()),
        name: Some("李女士".into()),
        phone: Some("199 0000 9001".into()),
        consent: true,
        heard: words.map(Into::into),
        ..NewVisit::default()
    }
}

fn opening(words: &str) -> NewVisit {
    NewVisit {
        opens: Some(Opens { item: Some("非机动车雨棚缺失".into()), ..Opens::default() }),
        ..at_door(Some(words))
    }
}

fn recorded(house: &House, who: &str, visit: NewVisit) -> kernel::Result<Recorded> {
    house.write(&house.actor(who), move |tx, rules, actor| record(tx, rules, actor, &visit))
}

fn rows(house: &House, actor: &Actor, filter: Filter, limit: i64) -> kernel::Result<Vec<VisitRow>> {
    let (rules, actor, engine) = (house.rules.clone(), actor.clone(), house.engine.clone());
    house.engine.read_now(move |db| list(db, engine.keys(), &rules, &actor, &filter, Lang::Zh, limit))
}

#[test]
fn what_was_heard_opens_a_case_once_also_for_a_repeated_key() {
    on_both(|house| {
        let officer = house.actor("周网格员");
        let (rules, visit) = (house.rules.clone(), opening("车库坡道没有雨棚，下雨推车打滑。"));
        let send = || {
            let (rules, visit, actor) = (rules.clone(), visit.clone(), officer.clone());
            let key = Key::new("a-key-of-the-officer", &[b"visit"]);
            let command = Command::new(DISTRICT, actor.name());
            house
                .engine
                .write_once_now(command, Some(key), move |tx| record(tx, &rules, &actor, &visit))
                .expect("it is recorded")
        };
        let (first, again) = (send(), send());
        assert!(!first.again && again.again);
        assert_eq!(first.value, again.value);
        let acts: Vec<String> =
            house.journal().into_iter().map(|e| e.act).filter(|act| act != "district.install").collect();
        assert_eq!(acts, ["case.report", "visit.record"]);

        let opened = first.value.case.expect("a case");
        let case = house.case(opened.id);
        assert_eq!((case.source.as_str(), case.item.as_str(), case.anonymous), ("visit", "bike_canopy", false));
        assert_eq!((case.entered_by, Some(case.asker)), (officer.person, first.value.visited));
        assert_eq!(house.story(opened.id), ["已收到，周网格员代您记下。"]);
        assert!(house.told(case.asker)[0].contains(&opened.number));
        let mine = rows(house, &officer, Filter { own: true, ..Filter::default() }, 10).unwrap();
        let [row] = mine.as_slice() else { panic!("{mine:?}") };
        assert_eq!(row.case.as_ref().map(|c| (c.id, c.state_says.as_str())), Some((opened.id, "已收到")));
        assert_eq!(
            (row.by.as_str(), row.room.as_deref(), row.visited.as_deref()),
            ("周网格员", Some("三幢 401"), Some("李**"))
        );
        assert_eq!(row.heard.as_deref(), Some("车库坡道没有雨棚，下雨推车打滑。"));
    });
}

#[test]
fn a_visit_without_words_or_with_a_chat_opens_nothing() {
    let house = House::new();
    for words in [None, Some("  "), Some("都好，聊了聊家常。")] {
        assert_eq!(recorded(&house, "周网格员", at_door(words)).unwrap().case, None);
    }
    assert!(house.journal().iter().all(|entry| entry.subject_kind != "case"));
    // A case without words is refused, and the visit with it: nobody would know what to do.
    let before = house.journal().len();
    assert_eq!(refused(recorded(&house, "周网格员", opening(" \u{7} "))), "400.3");
    assert_eq!(house.journal().len(), before);
}

#[test]
fn an_id_is_unique_for_ever() {
    let house = House::new();
    let id: VisitId = "01932d6e-7a10-7c3b-9f5e-2f60f4b0a003".parse().unwrap();
    let visit = NewVisit { id: Some(id), ..at_door(None) };
    assert_eq!(recorded(&house, "周网格员", visit.clone()).unwrap().id, id);
    assert_eq!(refused(recorded(&house, "周网格员", visit)), "409.4");
}

#[test]
fn only_the_staff_of_a_place_visit_there_and_read_it() {
    let house = House::new();
    let other_grid = NewVisit { place: "龙腾社区二网格".into(), ..at_door(None) };
    assert_eq!(refused(recorded(&house, "周网格员", other_grid)), "403.1");
    assert_eq!(refused(recorded(&house, "王物业管家", at_door(None))), "403.1");
    let nobody = Actor::anonymous(DISTRICT);
    assert_eq!(refused(house.write(&nobody, |tx, rules, actor| record(tx, rules, actor, &at_door(None)))), "401.1");

    // A stairwell head writes visits down and reads only their own.
    recorded(&house, "冯楼道长", at_door(None)).unwrap();
    recorded(&house, "周网格员", at_door(None)).unwrap();
    let grid = house.rules.directory.place_named(GRID).unwrap().id;
    let (head, officer, secretary) = (house.actor("冯楼道长"), house.actor("周网格员"), house.actor("钱书记"));
    let here = || Filter { place: Some(grid), ..Filter::default() };
    assert_eq!(refused(rows(&house, &head, here(), 10)), "403.1");
    assert_eq!(rows(&house, &head, Filter::default(), 10).unwrap(), []);
    assert_eq!(rows(&house, &head, Filter { own: true, ..Filter::default() }, 10).unwrap().len(), 1);
    assert_eq!(rows(&house, &officer, here(), 10).unwrap().len(), 2);
    assert_eq!(rows(&house, &secretary, Filter::default(), 10).unwrap().len(), 2);
    assert_eq!(rows(&house, &house.actor("封社工"), Filter::default(), 10).unwrap(), []);
}

#[test]
fn without_consent_nobody_is_named() {
    let house = House::new();
    let visit = NewVisit { consent: false, ..opening("车库坡道没有雨棚。") };
    let done = recorded(&house, "周网格员", visit).unwrap();
    let case = house.case(done.case.unwrap().id);
    assert!(case.anonymous);
    assert_eq!(house.told(case.asker), Vec::<String>::new());
    let engine = house.engine.clone();
    let found = house.read(move |db, _| {
        let name = vault::contact(db, engine.keys(), DISTRICT, &case.asker, ContactKind::Name)?;
        Ok((name, vault::find_by_phone(db, engine.keys(), DISTRICT, "199 0000 9001")?))
    });
    assert_eq!(found, (None, None));
    assert_eq!(
        recorded(&house, "周网格员", NewVisit { consent: false, ..at_door(Some("都好")) }).unwrap().visited,
        None
    );
}

#[test]
fn a_number_that_nobody_can_call_is_refused() {
    let house = House::new();
    assert_eq!(
        refused(recorded(&house, "周网格员", NewVisit { phone: Some("没有".into()), ..at_door(None) })),
        "400.2"
    );
}

#[test]
fn the_same_number_is_the_same_person() {
    let house = House::new();
    let first = recorded(&house, "周网格员", at_door(Some("都好"))).unwrap();
    let second = recorded(&house, "周网格员", opening("坡道要雨棚。")).unwrap();
    assert!(first.visited.is_some());
    assert_eq!(first.visited, second.visited);
    let by_id = NewVisit { person: first.visited, name: None, phone: None, ..at_door(None) };
    assert_eq!(recorded(&house, "周网格员", by_id).unwrap().visited, first.visited);
}

#[test]
fn nothing_personal_stands_outside_the_vault_and_words_go_with_their_person() {
    let house = House::new();
    let visit = NewVisit { whom: Some("老王面馆".into()), ..opening("车库坡道没有雨棚。") };
    let done = recorded(&house, "周网格员", visit).unwrap();
    let written: String = house.journal().into_iter().map(|entry| entry.data).collect();
    for word in ["李女士", "9001", "三幢", "老王", "雨棚"] {
        assert!(!written.contains(word), "{word}");
    }
    let officer = house.actor("周网格员");
    let person = done.visited.unwrap();
    house.write(&officer, move |tx, _, _| Ok(vault::erase(tx, &person)?)).unwrap();
    let after = rows(&house, &officer, Filter::default(), 10).unwrap();
    let [row] = after.as_slice() else { panic!("{after:?}") };
    assert_eq!((&row.heard, &row.room, &row.whom, &row.visited), (&None, &None, &None, &None));
    assert_eq!(row.place_says, "龙腾社区一网格 · 悦贤里");
}

#[test]
fn visits_are_listed_newest_first_page_by_page() {
    let house = House::new();
    let officer = house.actor("周网格员");
    for count in 0..5 {
        recorded(&house, "周网格员", at_door(Some(&format!("第 {count} 次")))).unwrap();
        // Two at the same moment: the id decides.
        house.pass_ms(if count == 2 { 0 } else { MINUTE_MS });
    }
    let all = rows(&house, &officer, Filter::default(), 10).unwrap();
    assert!(all.windows(2).all(|two| (two[0].at, two[0].id) > (two[1].at, two[1].id)));
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = rows(&house, &officer, Filter { before, ..Filter::default() }, 2).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.at, last.id));
        seen.extend(page);
    }
    assert_eq!(seen, all);
    assert_eq!(seen.len(), 5);
}

#[test]
fn a_visit_is_written_down_after_it_happened_and_not_too_late() {
    let house = House::new();
    let now = house.engine.now();
    let at = |ms| NewVisit { at: Some(now.plus_ms(ms)), ..at_door(None) };
    assert_eq!(refused(recorded(&house, "周网格员", at(1))), "422.30");
    assert_eq!(refused(recorded(&house, "周网格员", at(-rules::BACK_DAYS_MAX * DAY_MS - 1))), "422.30");
    recorded(&house, "周网格员", at(-rules::BACK_DAYS_MAX * DAY_MS)).unwrap();
    recorded(&house, "周网格员", at(0)).unwrap();
}

#[test]
fn kinds_are_read_by_word_and_by_name() {
    for kind in Kind::ALL {
        for word in [kind.word(), kind.says(Lang::Zh), kind.says(Lang::En)] {
            assert_eq!(Kind::read(word).unwrap(), kind);
        }
    }
    assert_eq!(refused(Kind::read("检查")), "422.37");
}
