//! Who may call, write down and read a meeting.

use kernel::{access::Actor, time::DAY_MS};

use super::*;
use crate::tests::{DISTRICT, refused};

#[test]
fn a_meeting_is_called_by_those_of_the_place() {
    let house = House::new();
    let there =
        |place: &str| NewMeeting { kind: "网格议事会".into(), place: place.into(), ..NewMeeting::default() };
    called(&house, "李点长", there("龙腾社区一网格")).unwrap();
    called(&house, "钱书记", there("龙腾社区二网格")).unwrap();
    assert_eq!(refused(called(&house, "李点长", there("龙腾社区二网格"))), "403.1");
    assert_eq!(refused(called(&house, "王物业管家", there("龙腾社区一网格"))), "403.1");
    assert_eq!(refused(called(&house, "钱书记", there("没有这个地方"))), "404.1");
    let nobody = Actor::anonymous(DISTRICT);
    let new = there("龙腾社区一网格");
    assert_eq!(refused(house.write(&nobody, move |tx, rules, actor| call(tx, rules, actor, &new))), "401.1");
}

#[test]
fn an_officer_writes_down_what_the_branch_called_but_calls_nothing() {
    let house = House::new();
    let plain = NewMeeting { kind: "网格议事会".into(), ..branch_meeting(Vec::new()) };
    assert_eq!(refused(called(&house, "周网格员", plain.clone())), "403.1");
    let id = called(&house, "周网格员", branch_meeting(Vec::new())).unwrap().id;
    assert_eq!(public(&house, id).convener, BRANCH);
    called(&house, "周网格员", NewMeeting { caller: Some(OWNERS.into()), ..plain }).unwrap();
}

#[test]
fn the_calling_body_belongs_to_the_place() {
    let house = House::new();
    let by = |name: &str| NewMeeting { caller: Some(name.into()), ..branch_meeting(Vec::new()) };
    for name in [BRANCH, "龙腾社区党委", "悦贤里小区党支部", "临平区民政局"] {
        let id = called(&house, "钱书记", by(name)).unwrap().id;
        assert_eq!(public(&house, id).convener, name);
    }
    assert_eq!(refused(called(&house, "钱书记", by("玉水官邸物业"))), "422.35");
    assert_eq!(refused(called(&house, "钱书记", by("没有这家"))), "422.4");
}

#[test]
fn the_post_holder_who_called_is_named() {
    let house = House::new();
    let plain = NewMeeting { kind: "两委会议".into(), ..branch_meeting(Vec::new()) };
    let id = called(&house, "钱书记", plain.clone()).unwrap().id;
    let view = public(&house, id);
    assert_eq!((view.convener.as_str(), view.called_by_party, view.kind_says.as_str()), ("钱书记", false, "两委会议"));
    let chaired = NewMeeting { chair: Some("李点长".into()), ..plain.clone() };
    assert_eq!(public(&house, called(&house, "钱书记", chaired).unwrap().id).convener, "李点长");
    assert_eq!(refused(called(&house, "钱书记", NewMeeting { chair: Some("没有此人".into()), ..plain })), "422.4");
}

#[test]
fn a_meeting_lies_within_a_year() {
    let house = House::new();
    let now = house.engine.now();
    let days = |days| NewMeeting { held_at: Some(now.plus_ms(days * DAY_MS)), ..branch_meeting(Vec::new()) };
    let most = super::super::rules::AWAY_DAYS_MAX;
    for fits in [-most, 0, most] {
        called(&house, "钱书记", days(fits)).unwrap();
    }
    for far in [-most - 1, most + 1] {
        assert_eq!(refused(called(&house, "钱书记", days(far))), "422.31");
    }
}

#[test]
fn only_those_of_the_place_write_it_down_and_read_it_whole() {
    let house = House::new();
    let id = called(&house, "钱书记", branch_meeting(vec![free("停车")])).unwrap().id;
    for who in ["王物业管家", "冯楼道长"] {
        assert_eq!(refused(noted(&house, who, id, Record::default())), "403.1");
        assert_eq!(refused(decided(&house, who, id, hand_over("划线"))), "403.1");
        assert_eq!(refused(closed(&house, who, id)), "403.1");
        assert_eq!(refused(seen(&house, who, id)), "403.1");
    }
    seen(&house, "周网格员", id).unwrap();
    let unknown: MeetingId = "01932d6e-7a10-7c3b-9f5e-2f60f4b0a00f".parse().unwrap();
    assert_eq!(refused(seen(&house, "周网格员", unknown)), "404.30");
    assert_eq!(refused(closed(&house, "周网格员", unknown)), "404.30");
}

#[test]
fn the_moves_of_a_case_rest_on_the_recorders_own_permissions() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    // An instructor keeps the record and puts a case to the meeting, but hands nothing over.
    let id = called(&house, "侯网格指导员", branch_meeting(vec![about(&asked.number)])).unwrap().id;
    assert_eq!(refused(decided(&house, "侯网格指导员", id, hand_over("物业装"))), "403.1");
    assert_eq!(house.case(asked.id).state, "reported");
    assert_eq!(public(&house, id).decisions, []);
    // A case of another grid is not theirs to put to a meeting.
    let new = NewMeeting { place: "龙腾社区二网格".into(), ..branch_meeting(vec![about(&asked.number)]) };
    let officer = house
        .rules
        .directory
        .holders(&house.rules.directory.place_named("龙腾社区二网格").unwrap().id, house.engine.now());
    let officer = officer.iter().find(|h| h.post == "grid_officer").expect("grid 2 has an officer").display.clone();
    assert_eq!(refused(called(&house, &officer, new)), "403.1");
}
