//! What each kind of decision does to its case, and what is refused.

use kernel::time::{DAY_MS, HOUR_MS};

use super::*;
use crate::tests::refused;

fn decision(kind: DecisionKind, text: &str) -> NewDecision {
    NewDecision { kind, text: text.into(), ..NewDecision::default() }
}

fn with_case(house: &House) -> (MeetingId, cases::case::CaseId) {
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    (called(house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap().id, asked.id)
}

#[test]
fn an_answer_is_told_to_the_asker() {
    let house = House::new();
    let (id, case) = with_case(&house);
    decided(&house, "钱书记", id, decision(DecisionKind::Answer, "已经在装，下周好。")).unwrap();
    assert_eq!(house.case(case).state, "asking");
    assert_eq!(house.story(case).last().unwrap(), "给您答复：已经在装，下周好。解决了没有，请您说一声。");
}

#[test]
fn an_explanation_answers_what_is_not_in_hand_and_moves_nothing_that_is() {
    let house = House::new();
    let (id, case) = with_case(&house);
    decided(&house, "钱书记", id, hand_over("物业装雨棚")).unwrap();
    let done = decided(&house, "钱书记", id, decision(DecisionKind::Explain, "钱分两年出")).unwrap();
    assert_eq!((done.case, done.state.as_deref()), (Some(case), Some("handling")));
    let (id, case) = with_case(&house);
    decided(&house, "钱书记", id, decision(DecisionKind::Explain, "消防通道上不能装")).unwrap();
    assert_eq!(house.case(case).state, "asking");
}

#[test]
fn a_decline_says_why_and_where_to_go() {
    let house = House::new();
    let (id, case) = with_case(&house);
    let no_place = decision(DecisionKind::Decline, "要先办规划手续");
    assert_eq!(refused(decided(&house, "钱书记", id, no_place.clone())), "422.38");
    decided(&house, "钱书记", id, NewDecision { answer: Some("区规划窗口".into()), ..no_place }).unwrap();
    assert_eq!(house.case(case).state, "declined");
    assert!(house.story(case).last().unwrap().starts_with("这件事不归我们管：要先办规划手续。该找：区规划窗口。"));
}

#[test]
fn what_is_kept_is_talked_over_again() {
    let house = House::new();
    let (id, case) = with_case(&house);
    decided(&house, "钱书记", id, decision(DecisionKind::Keep, "先问问一楼住户")).unwrap();
    assert_eq!(house.case(case).state, "reported");
    assert_eq!(house.story(case).last().unwrap(), "这件事要上会商量：先问问一楼住户。");
}

#[test]
fn a_decision_about_nothing_is_only_noted() {
    let house = House::new();
    let (id, case) = with_case(&house);
    let before = house.case(case).version;
    let done = decided(
        &house,
        "钱书记",
        id,
        NewDecision { about: About::Nothing, ..decision(DecisionKind::Explain, "下月再开") },
    )
    .unwrap();
    assert_eq!((done.case, house.case(case).version), (None, before));
    let progress = public(&house, id).decisions.remove(0).progress;
    assert_eq!((progress.says.as_str(), progress.done), ("已说明", true));
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let house = House::new();
    let (id, case) = with_case(&house);
    let entries = house.journal().len();
    let wrong = |new: NewDecision| refused(decided(&house, "钱书记", id, new));
    assert_eq!(wrong(decision(DecisionKind::HandOver, " ")), "400.3");
    assert_eq!(wrong(decision(DecisionKind::HandOver, &"长".repeat(TEXT_CHARS_MAX + 1))), "400.3");
    assert_eq!(wrong(NewDecision { about: About::Topic("别的事".into()), ..hand_over("办") }), "422.34");
    assert_eq!(wrong(NewDecision { performers: vec!["没有这家".into()], ..hand_over("办") }), "422.4");
    assert_eq!(wrong(NewDecision { supervisor: Some("没有这家".into()), ..hand_over("办") }), "422.4");
    assert_eq!(wrong(NewDecision { until: Some("2026-02-01".into()), ..hand_over("办") }), "422.8");
    assert_eq!(
        wrong(NewDecision { performers: vec![PROPERTY.into(); cases::case::BODIES_MAX + 1], ..hand_over("办") }),
        "422.36"
    );
    assert_eq!(house.journal().len(), entries);
    assert_eq!(house.case(case).state, "reported");
    // In hand already: there is nothing left to answer on the spot.
    decided(&house, "钱书记", id, hand_over("办")).unwrap();
    assert_eq!(wrong(decision(DecisionKind::Answer, "好了")), "422.1");
}

#[test]
fn a_record_is_written_after_the_meeting_and_before_it_is_closed() {
    let house = House::new();
    let tomorrow =
        NewMeeting { held_at: Some(house.engine.now().plus_ms(DAY_MS)), ..branch_meeting(vec![free("停车")]) };
    let id = called(&house, "钱书记", tomorrow).unwrap().id;
    assert_eq!(refused(noted(&house, "钱书记", id, Record::default())), "422.32");
    assert_eq!(refused(decided(&house, "钱书记", id, hand_over("划线"))), "422.32");
    assert_eq!(refused(closed(&house, "钱书记", id)), "422.32");
    house.pass_ms(DAY_MS);
    assert_eq!(refused(closed(&house, "钱书记", id)), "422.32");
    noted(&house, "钱书记", id, Record { minutes: Some("大家都说要划线".into()), ..Record::default() }).unwrap();
    decided(&house, "钱书记", id, hand_over("划线")).unwrap();
    assert_eq!(closed(&house, "钱书记", id).unwrap().status, Status::Closed);
    house.pass_ms(HOUR_MS);
    assert_eq!(refused(decided(&house, "钱书记", id, hand_over("再划"))), "422.33");
    assert_eq!(refused(noted(&house, "钱书记", id, Record::default())), "422.33");
    assert_eq!(refused(closed(&house, "钱书记", id)), "422.33");
    // What was decided goes on by itself.
    assert_eq!(public(&house, id).decisions[0].progress.says, "办理中");
}

#[test]
fn whoever_saw_an_older_version_looks_first() {
    let house = House::new();
    let (id, _) = with_case(&house);
    noted(&house, "钱书记", id, Record::default()).unwrap();
    let stale = house.write(&house.actor("钱书记"), move |tx, rules, actor| {
        decide(tx, rules, actor, &id, Some(1), &hand_over("办"))
    });
    assert_eq!(refused(stale), "409.1");
    let fresh = house.write(&house.actor("钱书记"), move |tx, rules, actor| {
        decide(tx, rules, actor, &id, Some(2), &hand_over("办"))
    });
    assert_eq!(fresh.unwrap().version, 3);
}

#[test]
fn ids_are_unique_for_ever() {
    let house = House::new();
    let id: MeetingId = "01932d6e-7a10-7c3b-9f5e-2f60f4b0a004".parse().unwrap();
    let new = || NewMeeting { id: Some(id), ..branch_meeting(vec![free("停车")]) };
    called(&house, "钱书记", new()).unwrap();
    assert_eq!(refused(called(&house, "钱书记", new())), "409.4");
    let decision: DecisionId = "01932d6e-7a10-7c3b-9f5e-2f60f4b0a005".parse().unwrap();
    let new = || NewDecision { id: Some(decision), ..hand_over("划线") };
    decided(&house, "钱书记", id, new()).unwrap();
    assert_eq!(refused(decided(&house, "钱书记", id, new())), "409.4");
}

#[test]
fn a_case_is_on_the_table_once() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let id = called(&house, "钱书记", branch_meeting(vec![about(&asked.number), about(asked.id.as_str())])).unwrap().id;
    noted(&house, "钱书记", id, Record { topics: vec![about(&asked.number), free("停车")], ..Record::default() })
        .unwrap();
    let titles: Vec<String> = public(&house, id).topics.into_iter().map(|topic| topic.title).collect();
    assert_eq!(titles, ["坡道要不要装雨棚", "停车"]);
    let many = (0..TOPICS_MAX).map(|n| free(&format!("议题 {n}"))).collect();
    assert_eq!(refused(noted(&house, "钱书记", id, Record { topics: many, ..Record::default() })), "422.36");
}
