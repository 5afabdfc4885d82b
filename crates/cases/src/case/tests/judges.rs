//! I8: who did the work neither checks it, nor rates it, nor looks back on it, nor grants time for it.

use crate::{
    case::{Inputs, Report},
    fixture::*,
};

#[test]
fn the_owner_who_did_it_without_handing_over_does_not_check_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    let officer = Who::Staff("王点长");
    town.act(officer, &id, "dispatch", to("王点长")).unwrap();
    town.act(officer, &id, "finish", answer("自己补了")).unwrap();
    assert_eq!(code(town.act(officer, &id, "pass", Inputs::default())), "403.3");
    assert_eq!(code(town.act(officer, &id, "fail", because("再看"))), "403.3");
    assert_eq!(code(town.act(officer, &id, "ask", Inputs { basis: text("看过"), ..Inputs::default() })), "403.3");
    town.act(Who::Staff("周网格员"), &id, "pass", Inputs::default()).unwrap();
    assert_eq!(code(town.act(officer, &id, "solved", rated(true, "满意"))), "403.3");
}

#[test]
fn a_colleague_of_the_body_that_did_it_does_not_check_it_whichever_way_it_was_finished() {
    let town = Town::new();
    // The firm says on its task that it is done; or its people finish the whole case.
    for by_task in [true, false] {
        let id = town.reported();
        town.bring(&id, "handling");
        let (handler, colleague) = (Who::Staff("沈经办"), Who::Staff("许两栖"));
        if by_task {
            town.task(handler, &id, "市政公司", "done", answer("好了")).unwrap();
        } else {
            town.act(handler, &id, "finish", answer("好了")).unwrap();
        }
        let case = town.case(&id);
        assert_eq!(
            (case.state.as_str(), case.handlers.as_slice(), case.handler_bodies.as_slice()),
            ("verifying", &[town.person("沈经办")][..], &[town.body("市政公司")][..])
        );
        assert_eq!(code(town.act(colleague, &id, "pass", Inputs::default())), "403.3", "by task: {by_task}");
        town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    }
}

#[test]
fn who_assisted_does_not_check_either() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let officer = Who::Staff("王点长");
    town.act(officer, &id, "assist", to("冯网格员")).unwrap();
    town.task(Who::Staff("冯网格员"), &id, "冯网格员", "done", answer("围起来了")).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("补好了")).unwrap();
    assert_eq!(town.case(&id).state, "verifying");
    assert_eq!(code(town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default())), "403.3");
}

#[test]
fn an_officer_who_raised_it_and_did_it_does_not_rate_it_with_the_code() {
    let town = Town::new();
    let report = Report { asker: Some(town.person("王点长")), name: None, phone: None, ..hole("桂花一网格") };
    let id = town.try_report(Who::Staff("王点长"), report).unwrap().id;
    town.bring(&id, "filed");
    town.act(Who::Staff("王点长"), &id, "dispatch", to("王点长")).unwrap();
    town.act(Who::Staff("王点长"), &id, "finish", answer("自己补了")).unwrap();
    town.act(Who::Staff("周网格员"), &id, "pass", Inputs::default()).unwrap();
    assert_eq!(code(town.act(Who::Asker, &id, "solved", rated(true, "满意"))), "403.3");
    assert_eq!(code(town.act(Who::Staff("王点长"), &id, "solved", rated(true, "满意"))), "403.3");
    town.pass("7 calendar_days");
    assert_eq!(town.case(&id).solved, None);
}

#[test]
fn a_failed_check_goes_back_to_who_leads_and_counts_as_rework() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "verifying");
    town.act(Who::Staff("冯网格员"), &id, "核验不通过", because("还有坑")).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.round, case.rework), ("handling", 1, 1));
    assert!(town.task_of(&id, "市政公司").open());
    town.task(Who::Staff("韩经办"), &id, "市政公司", "done", answer("这回好了")).unwrap();
    let mut hands = vec![town.person("沈经办"), town.person("韩经办")];
    let mut handlers = town.case(&id).handlers;
    hands.sort_unstable();
    handlers.sort_unstable();
    assert_eq!(handlers, hands, "the first hands stay hands in this round");
    // In the same round the same checker may look again.
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
}

#[test]
fn who_handled_it_does_not_look_back_on_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    let dispatcher = Who::Staff("陈调度");
    town.act(dispatcher, &id, "dispatch", to("陈调度")).unwrap();
    town.task(dispatcher, &id, "陈调度", "done", answer("办了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "solved", rated(true, "满意")).unwrap();
    assert_eq!(code(town.act(dispatcher, &id, "look_back", rated(true, ""))), "403.3");
    town.act(Who::Staff("何值班"), &id, "look_back", rated(true, "")).unwrap();
}
