//! The loop: reported, filed, handed over, done, checked, rated; and round again.

use crate::{fixture::*, task::Kind};

#[test]
fn a_matter_goes_from_the_door_to_the_rating() {
    let town = Town::new();
    let id = town.reported();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.version, case.round), ("reported", 1, 1));
    assert_eq!(town.owner(&id), "王点长");
    // 4 work hours from Monday 09:00: three before lunch, one after 13:30.
    assert_eq!(town.read_wall(case.promised_at), "2026-03-02 14:30");

    town.act(Who::Staff("王点长"), &id, "受理", Default::default()).unwrap();
    assert_eq!(town.case(&id).state, "filed");
    town.act(Who::Staff("王点长"), &id, "交办", to("市政公司")).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.lead_body), ("handling", Some(town.body("市政公司"))));
    // 7 work days from Monday 2 March.
    assert_eq!(town.read_wall(case.promised_at), "2026-03-11 17:00");

    town.task(Who::Staff("沈经办"), &id, "市政公司", "签收", Default::default()).unwrap();
    town.pass("1 work_days");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "报办结", answer("坑补平了")).unwrap();
    let case = town.case(&id);
    assert_eq!(case.state, "verifying");
    assert_eq!(case.finished_at, Some(town.clock_now()));
    assert!(case.answer.is_some());
    assert!(town.tasks(&id).iter().all(|t| !t.open()));

    town.act(Who::Staff("冯网格员"), &id, "核验通过", Default::default()).unwrap();
    assert_eq!(town.case(&id).state, "asking");
    town.act(Who::Asker, &id, "评价", rated(true, "基本满意")).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.solved, case.satisfied.as_deref()), ("closed", Some(true), Some("基本满意")));
    assert_eq!((case.closed_by.as_deref(), case.overdue), (Some("solved"), false));
    assert_eq!(case.next_due(), None);
}

#[test]
fn without_a_named_body_the_catalogue_says_who_leads() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    town.act(Who::Staff("王点长"), &id, "dispatch", Default::default()).unwrap();
    assert_eq!(town.case(&id).lead_body, Some(town.body("市政公司")));
    town.act(Who::Staff("王点长"), &id, "assist", Default::default()).unwrap();
    assert_eq!((town.task_of(&id, "市政公司").kind, town.task_of(&id, "绿化所").kind), (Kind::Lead, Kind::Assist));
    assert_eq!(town.tasks(&id).len(), 2);
}

#[test]
fn where_the_catalogue_names_nobody_a_body_must_be_named() {
    let town = Town::new();
    let id =
        town.try_report(Who::Asker, crate::case::Report { item: text("僵尸车"), ..hole("桂花一网格") }).unwrap().id;
    town.bring(&id, "filed");
    let officer = Who::Staff("王点长");
    assert_eq!(code(town.act(officer, &id, "dispatch", Default::default())), "422.3");
    assert_eq!(code(town.act(officer, &id, "dispatch", to("月球公司"))), "422.4");
    assert_eq!(code(town.act(officer, &id, "whistle", because("要人到场"))), "422.2");
    town.act(officer, &id, "dispatch", to("周网格员")).unwrap();
    assert_eq!(town.task_of(&id, "周网格员").kind, Kind::Lead);
    assert_eq!(town.case(&id).lead_body, None);
}

#[test]
fn the_asker_who_says_no_starts_a_new_round() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "asking");
    // “评价” with 解决 = 否 is a “没解决”.
    town.act(Who::Asker, &id, "评价", rated(false, "不满意")).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.round, case.solved), ("handling", 2, Some(false)));
    assert_eq!((case.closed_at, case.closed_by), (None, None));
    let lead = town.task_of(&id, "市政公司");
    assert!(lead.open());
    assert_eq!((lead.round, lead.kind, Some(lead.id)), (2, Kind::Lead, case.lead_task));
    // A new promise, from now.
    assert_eq!(town.read_wall(case.promised_at), "2026-03-11 17:00");
    // Who checked the first time does not check again; somebody else does.
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("又补了")).unwrap();
    assert_eq!(code(town.act(Who::Staff("王点长"), &id, "pass", Default::default())), "403.3");
    town.act(Who::Staff("冯网格员"), &id, "pass", Default::default()).unwrap();
    town.act(Who::Asker, &id, "solved", rated(true, "满意")).unwrap();
    assert_eq!(town.case(&id).solved, Some(true));
}

#[test]
fn a_closed_matter_can_be_opened_again_within_the_window_only() {
    let town = Town::new();
    let (early, late) = (town.reported(), town.reported());
    town.bring(&early, "closed");
    town.bring(&late, "closed");
    let closed = town.case(&early).closed_at.unwrap();
    town.until(closed.plus_ms(30 * kernel::time::DAY_MS));
    town.act(Who::Asker, &early, "没解决", Default::default()).unwrap();
    let case = town.case(&early);
    assert_eq!((case.state.as_str(), case.round), ("handling", 2));
    assert!(town.task_of(&early, "市政公司").open());
    town.clock.advance_ms(1);
    assert_eq!(code(town.act(Who::Asker, &late, "没解决", Default::default())), "422.9");
    assert_eq!(code(town.act(Who::Staff("赵书记"), &late, "reopen", Default::default())), "422.9");
    assert_eq!(town.case(&late).state, "closed");
}

#[test]
fn a_look_back_that_finds_it_unsolved_opens_it_again_at_any_time() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "closed");
    let before = town.case(&id).version;
    town.clock.advance_ms(90 * kernel::time::DAY_MS);
    let dispatcher = Who::Staff("陈调度");
    town.act(dispatcher, &id, "回头看", rated(true, "")).unwrap();
    assert_eq!((town.case(&id).state.as_str(), town.case(&id).version), ("closed", before + 1));
    town.act(dispatcher, &id, "回头看", crate::case::Inputs { solved: Some(false), ..Default::default() }).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.version, case.round), ("handling", before + 3, 2));
    assert_eq!(code(town.act(dispatcher, &id, "回头看", Default::default())), "422.1");
}

#[test]
fn silence_closes_as_not_rated_and_never_as_satisfied() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "asking");
    town.act(Who::Asker, &id, "not_solved", Default::default()).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("又补了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Default::default()).unwrap();
    let asked = town.clock_now();
    town.until(asked.plus_ms(7 * kernel::time::DAY_MS - 1));
    assert_eq!(town.case(&id).state, "asking");
    town.pass("1 urgent_hours");
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.closed_by.as_deref()), ("closed", Some("close")));
    assert_eq!((case.solved, case.satisfied.as_deref()), (None, None));
    assert!(!case.overdue, "an asker who says nothing makes nobody late");
    assert_eq!(code(town.act(Who::Staff("赵书记"), &id, "close", Default::default())), "422.1");
}

#[test]
fn nobody_closes_for_the_asker_by_hand() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "asking");
    assert_eq!(code(town.act(Who::Staff("何值班"), &id, "close", Default::default())), "403.1");
    assert_eq!(code(town.act(Who::Asker, &id, "close", Default::default())), "403.1");
    // An officer writes down what the asker says by phone; who did the work does not.
    town.act(Who::Staff("冯网格员"), &id, "solved", rated(true, "满意")).map_err(|p| p.kind.code).unwrap_err();
    town.act(Who::Staff("周网格员"), &id, "solved", rated(true, "满意")).unwrap();
}

#[test]
fn what_is_not_ours_is_told_with_the_right_address_and_can_be_appealed() {
    let town = Town::new();
    let id = town.reported();
    let secretary = Who::Staff("赵书记");
    assert_eq!(code(town.act(secretary, &id, "告知去处", because("不在区里"))), "422.2");
    town.act(secretary, &id, "告知去处", crate::case::Inputs { answer: text("找邻区"), ..because("不在区里") })
        .unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.closed_by.as_deref()), ("declined", Some("decline")));
    assert_eq!(code(town.act(Who::Asker, &id, "retract", Default::default())), "422.1");
    let owner = town.owner(&id);
    town.act(Who::Asker, &id, "申诉", Default::default()).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.round, case.closed_at), ("reported", 2, None));
    assert_eq!((owner.as_str(), town.owner(&id).as_str()), ("王点长", "赵书记"), "somebody else looks at it");
    assert!(case.next_due().is_some());
}

#[test]
fn the_asker_can_take_it_back_until_it_is_handed_over() {
    let town = Town::new();
    for state in ["reported", "checking", "filed"] {
        let id = town.reported();
        town.bring(&id, state);
        town.act(Who::Asker, &id, "撤回", Default::default()).unwrap();
        let case = town.case(&id);
        assert_eq!((case.state.as_str(), case.closed_by.as_deref()), ("closed", Some("retract")));
        assert_eq!(case.next_due(), None);
    }
}

#[test]
fn an_answer_on_the_spot_is_rated_but_not_by_who_gave_it() {
    let town = Town::new();
    let id = town.reported();
    town.act(Who::Staff("周网格员"), &id, "当场答复", answer("明天补")).unwrap();
    assert_eq!(town.case(&id).state, "asking");
    assert_eq!(code(town.act(Who::Staff("周网格员"), &id, "solved", rated(true, "满意"))), "403.3");
    town.act(Who::Staff("郑网格长"), &id, "solved", rated(true, "满意")).unwrap();
}

#[test]
fn filing_elsewhere_moves_the_matter_to_the_grid_and_officer_it_belongs_to() {
    let town = Town::new();
    let id = town.reported();
    let elsewhere =
        crate::case::Inputs { place: text("松树一网格"), item: text("路灯不亮"), ..Default::default() };
    town.act(Who::Staff("王点长"), &id, "file", elsewhere).unwrap();
    let case = town.case(&id);
    assert_eq!(
        (case.grid, case.place, case.item.as_str()),
        (town.place("松树一网格"), town.place("松树一网格"), "street_light")
    );
    assert_eq!(town.owner(&id), "谢网格员");
    assert!(town.staff_heard("谢网格员").iter().any(|m| m.contains(&case.number)), "who has it now is told");
    assert_eq!(code(town.act(Who::Staff("王点长"), &id, "dispatch", Default::default())), "403.1");
    let nowhere = town.reported();
    assert_eq!(
        code(town.act(
            Who::Staff("王点长"),
            &nowhere,
            "file",
            crate::case::Inputs { place: text("月球"), ..Default::default() }
        )),
        "404.1"
    );
    assert_eq!(
        code(town.act(
            Who::Staff("王点长"),
            &nowhere,
            "file",
            crate::case::Inputs { item: text("月食"), ..Default::default() }
        )),
        "404.1"
    );
}
