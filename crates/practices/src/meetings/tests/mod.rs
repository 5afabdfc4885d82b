//! Tests of meetings.

mod access;
mod decisions;
mod reading;
mod rules;
mod walk;

use super::*;
use crate::tests::House;

/// The branch of the grid.
const BRANCH: &str = "龙腾社区一网格党支部";
const PROPERTY: &str = "悦贤里物业";
const OWNERS: &str = "悦贤里业主委员会";

/// A meeting of the grid's branch, now.
fn branch_meeting(topics: Vec<NewTopic>) -> NewMeeting {
    NewMeeting {
        kind: "网格党支部扩大会议".into(),
        place: crate::tests::GRID.into(),
        room: Some("悦贤里活动室".into()),
        topics,
        ..NewMeeting::default()
    }
}

fn about(number: &str) -> NewTopic {
    NewTopic { case: Some(number.into()), title: Some("坡道要不要装雨棚".into()) }
}

fn free(title: &str) -> NewTopic {
    NewTopic { case: None, title: Some(title.into()) }
}

/// A decision that hands the work to the property company.
fn hand_over(text: &str) -> NewDecision {
    NewDecision {
        text: text.into(),
        lead: Some(BRANCH.into()),
        performers: vec![PROPERTY.into()],
        supervisor: Some(OWNERS.into()),
        until: Some("2026-03-20".into()),
        ..NewDecision::default()
    }
}

fn called(house: &House, who: &str, new: NewMeeting) -> kernel::Result<Held> {
    house.write(&house.actor(who), move |tx, rules, actor| call(tx, rules, actor, &new))
}

fn decided(house: &House, who: &str, id: MeetingId, new: NewDecision) -> kernel::Result<Decided> {
    house.write(&house.actor(who), move |tx, rules, actor| decide(tx, rules, actor, &id, None, &new))
}

fn noted(house: &House, who: &str, id: MeetingId, new: Record) -> kernel::Result<Held> {
    house.write(&house.actor(who), move |tx, rules, actor| record(tx, rules, actor, &id, None, &new))
}

fn closed(house: &House, who: &str, id: MeetingId) -> kernel::Result<Held> {
    house.write(&house.actor(who), move |tx, rules, actor| close(tx, rules, actor, &id, None))
}

fn public(house: &House, id: MeetingId) -> MeetingView {
    let (engine, now) = (house.engine.clone(), house.engine.now());
    house.read(move |db, rules| public_view(db, engine.keys(), rules, &id, kernel::Lang::Zh, now))
}

fn seen(house: &House, who: &str, id: MeetingId) -> kernel::Result<MeetingView> {
    let (engine, actor, rules) = (house.engine.clone(), house.actor(who), house.rules.clone());
    let now = engine.now();
    house.engine.read_now(move |db| view(db, engine.keys(), &rules, &actor, &id, kernel::Lang::Zh, now))
}
