//! What everybody reads of a meeting, and what only staff do.

use kernel::{Lang, time::HOUR_MS, vault};

use super::*;
use crate::tests::DISTRICT;

fn listed(house: &House, filter: Filter, limit: i64) -> Vec<MeetingRow> {
    let (engine, now) = (house.engine.clone(), house.engine.now());
    house.read(move |db, rules| list(db, engine.keys(), rules, &filter, Lang::Zh, now, limit))
}

#[test]
fn the_public_page_holds_nothing_personal() {
    let house = House::new();
    let id = called(&house, "钱书记", branch_meeting(vec![free("停车")])).unwrap().id;
    let present = vec!["周网格员、李女士、王大爷等 3 人、居民代表 6 人、网格党支部".to_owned()];
    noted(&house, "钱书记", id, Record { present, minutes: Some("李女士说车位不够".into()), ..Record::default() })
        .unwrap();
    let open = public(&house, id);
    assert_eq!(open.present, ["周网格员", "居民代表 6 人", "网格党支部", "居民 2 人"]);
    assert_eq!(
        (&open.names, &open.minutes, open.room.as_str(), open.title.as_str()),
        (&None, &None, "悦贤里活动室", "停车")
    );
    let whole = seen(&house, "周网格员", id).unwrap();
    assert_eq!(
        (whole.names.as_deref(), whole.minutes.as_deref()),
        (Some("李女士、王大爷等 3 人"), Some("李女士说车位不够"))
    );
    assert_eq!(whole.present, open.present);
    let written: String = house.journal().into_iter().map(|entry| entry.data).collect();
    for word in ["李女士", "王大爷", "停车", "车位", "活动室"] {
        assert!(!written.contains(word), "{word}");
    }
    // Written down again: the list is replaced, an empty one leaves it.
    noted(&house, "钱书记", id, Record { present: vec!["党员 4 名".into()], ..Record::default() }).unwrap();
    noted(&house, "钱书记", id, Record::default()).unwrap();
    let again = seen(&house, "周网格员", id).unwrap();
    assert_eq!((again.present, again.names), (vec!["党员 4 人".to_owned()], None));
}

#[test]
fn a_matter_that_is_nobody_elses_business_is_not_told() {
    let house = House::new();
    let asked = house.reported("家里困难，想问问补助。", Some("hardship"));
    let topic = NewTopic { case: Some(asked.number.clone()), title: Some("三幢的补助".into()) };
    let id = called(&house, "钱书记", branch_meeting(vec![topic])).unwrap().id;
    decided(&house, "钱书记", id, hand_over("社区上门办补助")).unwrap();
    let open = public(&house, id);
    for said in [&open.title, &open.topics[0].title, &open.decisions[0].text] {
        assert_eq!(said, "不公开的一件事");
    }
    assert_eq!(listed(&house, Filter::default(), 10)[0].title, "不公开的一件事");
    assert_eq!(open.decisions[0].progress.says, "办理中");
    let whole = seen(&house, "钱书记", id).unwrap();
    assert_eq!((whole.topics[0].title.as_str(), whole.decisions[0].text.as_str()), ("三幢的补助", "社区上门办补助"));
}

#[test]
fn a_case_is_named_only_to_those_who_may_see_it() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let id = called(&house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap().id;
    let progress = |view: MeetingView| view.topics[0].progress.clone().expect("a case");
    let open = progress(public(&house, id));
    assert_eq!((open.case, open.number, open.says.as_str()), (None, None, "已收到"));
    assert_eq!(progress(seen(&house, "周网格员", id).unwrap()).case, Some(asked.id));
}

#[test]
fn words_about_a_case_go_with_its_asker() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let id = called(&house, "钱书记", branch_meeting(vec![about(&asked.number), free("停车")])).unwrap().id;
    decided(&house, "钱书记", id, NewDecision { about: About::Topic("1".into()), ..hand_over("物业装雨棚") }).unwrap();
    let asker = house.case(asked.id).asker;
    house.write(&house.actor("钱书记"), move |tx, _, _| Ok(vault::erase(tx, &asker)?)).unwrap();
    let after = public(&house, id);
    assert_eq!(after.topics.iter().map(|t| t.title.as_str()).collect::<Vec<_>>(), ["（内容已按要求删除）", "停车"]);
    assert_eq!(
        (after.decisions[0].text.as_str(), after.decisions[0].performers.as_str()),
        ("（内容已按要求删除）", PROPERTY)
    );
}

#[test]
fn meetings_are_listed_latest_first_within_a_place_page_by_page() {
    let house = House::new();
    let now = house.engine.now();
    for (hours, place) in [(1, "龙腾社区一网格"), (3, "悦贤里"), (2, "龙腾社区二网格"), (3, "龙腾社区")]
    {
        let new = NewMeeting {
            held_at: Some(now.plus_ms(-hours * HOUR_MS)),
            place: place.into(),
            ..branch_meeting(vec![free(place)])
        };
        called(&house, "钱书记", new).unwrap();
    }
    let titles = |rows: &[MeetingRow]| rows.iter().map(|row| row.title.clone()).collect::<Vec<_>>();
    let all = listed(&house, Filter::default(), 10);
    assert_eq!(titles(&all)[..2], ["龙腾社区一网格", "龙腾社区二网格"]);
    assert_eq!(all.len(), 4);
    let grid = house.rules.directory.place_named("龙腾社区一网格").unwrap().id;
    assert_eq!(
        titles(&listed(&house, Filter { place: Some(grid), ..Filter::default() }, 10)),
        ["龙腾社区一网格", "悦贤里"]
    );
    let mut paged = Vec::new();
    let mut before = None;
    loop {
        let page = listed(&house, Filter { before, ..Filter::default() }, 1);
        let Some(last) = page.last() else { break };
        before = Some((last.held_at, last.id));
        paged.extend(page);
    }
    assert_eq!(paged, all);
}

#[test]
fn a_list_says_how_far_decisions_are() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let id = called(&house, "钱书记", branch_meeting(vec![about(&asked.number), free("停车")])).unwrap().id;
    let counts =
        |house: &House| listed(house, Filter::default(), 10).first().map(|row| (row.topics, row.decisions, row.done));
    assert_eq!(counts(&house), Some((2, 0, 0)));
    for (topic, kind) in [("1", DecisionKind::HandOver), ("2", DecisionKind::Explain), ("2", DecisionKind::Keep)] {
        decided(&house, "钱书记", id, NewDecision { about: About::Topic(topic.into()), kind, ..hand_over("照办") })
            .unwrap();
    }
    assert_eq!(counts(&house), Some((2, 3, 1)));
    let found = house.read(move |db, _| Ok(decisions_of_case(db, DISTRICT, &asked.id)?));
    assert_eq!(found.iter().map(|d| (d.meeting, d.kind)).collect::<Vec<_>>(), [(id, DecisionKind::HandOver)]);
}
