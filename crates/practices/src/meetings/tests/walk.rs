//! From the door to the branch's meeting and back: the walk of a rain canopy.

use cases::{
    case::{self, Inputs, rules::Mover},
    task,
};
use kernel::{Command, idempotency::Key};

use super::*;
use crate::tests::{DISTRICT, on_both};

fn moved(house: &House, who: &str, id: cases::case::CaseId, word: &'static str, inputs: Inputs) {
    house
        .write(&house.actor(who), move |tx, rules, actor| {
            case::perform(tx, rules, Mover::staff(actor), &id, word, None, &inputs)
        })
        .unwrap_or_else(|p| panic!("{word}: {p}"));
}

#[test]
fn a_canopy_is_judged_at_the_branch_handed_on_and_told() {
    on_both(|house| {
        let asked = house.reported("车库坡道没有雨棚，下雨打滑。", Some("bike_canopy"));
        let record = Record {
            present: vec!["钱书记、悦贤里物业、业委会、居民代表 6 人".into()], ..Record::default()
        };
        let decision = hand_over("物业装雨棚，钱从公共收益里出。");
        let new = branch_meeting(vec![about(&asked.number)]);
        let held = house
            .write(&house.actor("钱书记"), move |tx, rules, actor| {
                hold(tx, rules, actor, &new, &record, std::slice::from_ref(&decision))
            })
            .unwrap();
        assert_eq!((held.version, held.status), (3, Status::Held));

        let case = house.case(asked.id);
        assert_eq!(case.state, "handling");
        assert_eq!(case.lead_body.map(|id| house.rules.directory.bodies[&id].name.as_str()), Some(PROPERTY));
        let story = house.story(asked.id);
        assert_eq!(story[1], "这件事要上会商量：坡道要不要装雨棚。");
        assert_eq!(story[2], "这件事归我们管，已经接下来了。");
        let (says, reason) = story[3].split_once('|').expect("the decision is the reason");
        assert!(says.starts_with("交给悦贤里物业办理"), "{says}");
        assert_eq!(
            reason,
            "网格党支部扩大会议定下：物业装雨棚，钱从公共收益里出（龙腾社区一网格党支部牵头，悦贤里物业承办，悦贤里业主委员会监督，3 月 20 日 17:00前办好）"
        );
        assert!(house.told(case.asker).iter().any(|text| text.contains("交给悦贤里物业办理")));
        let watcher = house.actor("娄业委会主任").person.unwrap();
        assert!(house.told(watcher).iter().any(|text| text.ends_with("请你们监督。")), "{:?}", house.told(watcher));

        let view = public(house, held.id);
        assert_eq!(
            (view.convener.as_str(), view.called_by_party, view.kind.as_str()),
            (BRANCH, true, "branch_enlarged")
        );
        assert_eq!(view.present, ["钱书记", "悦贤里物业", "业委会", "居民代表 6 人"]);
        let [decision] = view.decisions.as_slice() else { panic!("{:?}", view.decisions) };
        assert_eq!((decision.progress.says.as_str(), decision.progress.done), ("办理中", false));
        assert_eq!(
            (decision.lead.as_str(), decision.performers.as_str(), decision.supervisor.as_str()),
            (BRANCH, PROPERTY, OWNERS)
        );

        // Done, checked by somebody else, rated: the decision is done when its case is.
        let said = |answer: &str| Inputs { answer: Some(answer.into()), ..Inputs::default() };
        moved(house, "王物业管家", asked.id, "finish", said("雨棚装好了"));
        moved(house, "吴网格员", asked.id, "pass", Inputs::default());
        assert_eq!(public(house, held.id).decisions[0].progress.says, "待您评价");
        let rated = Inputs { solved: Some(true), satisfied: Some("满意".into()), ..Inputs::default() };
        moved(house, "周网格员", asked.id, "solved", rated);
        let progress = public(house, held.id).decisions.remove(0).progress;
        assert_eq!((progress.says.as_str(), progress.done, progress.late), ("已办结", true, false));
    });
}

#[test]
fn a_free_topic_opens_a_case_and_hands_it_on() {
    on_both(|house| {
        let held = called(house, "李点长", branch_meeting(vec![free("闲置的地怎么用")])).unwrap();
        let done = decided(
            house,
            "李点长",
            held.id,
            NewDecision { item: Some("bike_canopy".into()), ..hand_over("先种小番薯") },
        )
        .unwrap();
        let case = house.case(done.case.expect("a case"));
        assert_eq!(
            (case.source.as_str(), case.state.as_str(), case.item.as_str(), case.anonymous),
            ("meeting", "handling", "bike_canopy", true)
        );
        assert_eq!((done.number.as_deref(), done.state.as_deref()), (Some(case.number.as_str()), Some("handling")));
        let (engine, text) = (house.engine.clone(), case.text);
        let words = house.read(move |db, _| cases::view::text(db, engine.keys(), DISTRICT, &text));
        assert_eq!(words.as_deref(), Some("闲置的地怎么用：先种小番薯"));
        // The topic stays free: another decision on it is another matter.
        let again = decided(
            house,
            "李点长",
            held.id,
            NewDecision { about: About::Topic("1".into()), ..hand_over("边上修条路") },
        )
        .unwrap();
        assert!(again.case.is_some() && again.case != done.case);
        let id = held.id;
        let progress = house.read(move |db, _| Ok(super::super::store::progress(db, DISTRICT, &id)?));
        assert_eq!(progress, (2, 0));
    });
}

#[test]
fn the_catalogue_says_who_does_it_when_nobody_is_named() {
    let house = House::new();
    let asked = house.reported("垃圾没有分类。", Some("garbage_sort"));
    let held = called(&house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap();
    let plain = NewDecision { text: "照清单办".into(), ..NewDecision::default() };
    decided(&house, "钱书记", held.id, plain).unwrap();
    assert_eq!(public(&house, held.id).decisions[0].performers, PROPERTY);
    // With a lead only, the lead does it.
    let other = house.reported("楼道灯坏了。", None);
    let lead_only =
        NewDecision {
            about: About::Topic(other.number.clone()), performers: Vec::new(), ..hand_over("支部自己办")
        };
    noted(&house, "钱书记", held.id, Record { topics: vec![about(&other.number)], ..Record::default() }).unwrap();
    decided(&house, "钱书记", held.id, lead_only).unwrap();
    assert_eq!(public(&house, held.id).decisions[1].performers, BRANCH);
}

#[test]
fn a_second_body_of_the_same_meeting_helps_and_does_not_replace_the_first() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let held = called(&house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap();
    decided(&house, "钱书记", held.id, hand_over("物业装")).unwrap();
    let second = NewDecision { performers: vec!["龙腾社区居民委员会".into()], ..hand_over("社区来验") };
    // Tasks stand in the order of their moments.
    house.pass_ms(1);
    decided(&house, "钱书记", held.id, second.clone()).unwrap();
    let tasks = |house: &House| {
        let id = asked.id;
        let tasks = house.read(move |db, _| Ok(task::of_case(db, DISTRICT, &id)?));
        tasks.iter().map(|t| (t.kind.word(), t.state.clone())).collect::<Vec<_>>()
    };
    assert_eq!(tasks(&house), [("lead", "sent".to_owned()), ("assist", "sent".to_owned())]);
    house.pass_ms(1);
    // Another meeting starts anew: whoever it names takes over.
    let next = called(&house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap();
    decided(&house, "钱书记", next.id, NewDecision { performers: vec![OWNERS.into()], ..second }).unwrap();
    assert_eq!(tasks(&house)[0], ("lead", "withdrawn".to_owned()));
    assert_eq!(house.case(asked.id).lead_body.map(|id| house.rules.directory.bodies[&id].name.as_str()), Some(OWNERS));
}

#[test]
fn a_repeated_key_decides_once() {
    let house = House::new();
    let asked = house.reported("车库坡道没有雨棚。", Some("bike_canopy"));
    let (actor, rules) = (house.actor("钱书记"), house.rules.clone());
    let held = called(&house, "钱书记", branch_meeting(vec![about(&asked.number)])).unwrap();
    let send = || {
        let (rules, by, id) = (rules.clone(), actor.clone(), held.id);
        let key = Key::new("k", &[b"decision"]);
        house
            .engine
            .write_once_now(Command::new(DISTRICT, actor.name()), Some(key), move |tx| {
                decide(tx, &rules, &by, &id, None, &hand_over("物业装雨棚"))
            })
            .unwrap()
    };
    let (first, again) = (send(), send());
    assert!(again.again);
    assert_eq!(first.value, again.value);
    assert_eq!(public(&house, held.id).decisions.len(), 1);
}
