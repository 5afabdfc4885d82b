//! Parts of a matter: who leads, assists, is called; returned, taken back, done.

use crate::{
    case::{Inputs, Photo},
    fixture::*,
    flow::standard_task,
    task::{self, Kind, TaskId},
};

const STATES: [&str; 5] = ["sent", "acknowledged", "done", "returned", "withdrawn"];

fn ready(town: &Town) -> crate::case::CaseId {
    let id = town.reported();
    town.bring(&id, "handling");
    id
}

fn basis() -> Inputs {
    Inputs { basis: text("权责清单第 3 条"), ..because("不归我们") }
}

/// A task of the firm in a state, of a case that is still handled.
fn in_state(town: &Town, state: &str) -> (crate::case::CaseId, task::Task) {
    let id = ready(town);
    // Somebody else has a part too, so that the matter stays where it is.
    town.act(Who::Staff("陈调度"), &id, "assist", to("绿化所")).unwrap();
    let handler = Who::Staff("沈经办");
    match state {
        "acknowledged" => drop(town.task(handler, &id, "市政公司", "acknowledge", Inputs::default()).unwrap()),
        "done" => drop(town.task(handler, &id, "市政公司", "done", answer("好了")).unwrap()),
        "returned" => drop(town.task(handler, &id, "市政公司", "return", basis()).unwrap()),
        "withdrawn" => drop(town.task(Who::Staff("陈调度"), &id, "市政公司", "withdraw", because("弄错了")).unwrap()),
        _ => {}
    }
    let task = town.task_of(&id, "市政公司");
    assert_eq!(task.state, state);
    (id, task)
}

#[test]
fn every_move_from_every_state_is_made_as_the_table_says_or_refused() {
    let town = Town::new();
    for mv in &standard_task().moves {
        for state in STATES {
            let (id, mut task) = in_state(&town, state);
            if mv.leaves(state) && mv.id.ends_with("_extension") {
                town.task(
                    Who::Staff("韩经办"),
                    &id,
                    "市政公司",
                    "extend",
                    Inputs { until: text("2026-03-20"), ..because("料没到") },
                )
                .unwrap();
                task = town.task_of(&id, "市政公司");
            }
            let people = [Who::Staff("陈调度"), Who::Staff("沈经办")];
            let outcomes: Vec<_> = people
                .into_iter()
                .map(|who| town.task_at(who, &task, &mv.id, Some(task.version), everything(&town, &id)))
                .collect();
            let after = town.task_of(&id, "市政公司");
            if mv.leaves(state) {
                assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{} from {state}: {outcomes:?}", mv.id);
                assert_eq!(after.state, mv.target(state), "{}", mv.id);
                assert!(after.version > task.version);
            } else {
                // Who could never do it is told so first; the firm has nothing to do with what was taken back.
                let never = state == "withdrawn" || mv.id == "withdraw" || mv.id.ends_with("_extension");
                for (outcome, expected) in outcomes.into_iter().zip(["422.1", if never { "403.1" } else { "422.1" }]) {
                    assert_eq!(code(outcome), expected, "{} from {state}", mv.id);
                }
                assert_eq!(after, task);
            }
        }
    }
}

#[test]
fn what_a_move_needs_is_asked_for() {
    let town = Town::new();
    let id = ready(&town);
    let handler = |word: &str, inputs: Inputs| code(town.task(Who::Staff("沈经办"), &id, "市政公司", word, inputs));
    assert_eq!(handler("done", Inputs::default()), "422.2");
    assert_eq!(handler("return", because("不归我们")), "422.2");
    assert_eq!(handler("extend", because("料没到")), "422.2");
    assert_eq!(handler("done", answer(&"长".repeat(1_001))), "400.3");
    assert_eq!(handler("done", answer(&"长".repeat(5_000_000))), "400.3");
    assert_eq!(handler("explode", Inputs::default()), "422.1");
    assert_eq!(code(town.task(Who::Staff("陈调度"), &id, "市政公司", "withdraw", Inputs::default())), "422.2");
    // The duty it rests on says why it is not theirs.
    let cites = Inputs { basis: text("清单第 3 条"), ..Inputs::default() };
    town.task(Who::Staff("沈经办"), &id, "市政公司", "return", cites).unwrap();
    assert!(town.asker_heard(&id).iter().any(|m| m.contains("退回了，认为不归他们，依据是清单第 3 条")));
}

#[test]
fn only_those_who_have_it_move_it_and_others_hear_that_it_is_not_theirs() {
    let town = Town::new();
    let id = ready(&town);
    let try_as = |who| code(town.task(who, &id, "市政公司", "done", answer("好了")));
    assert_eq!(try_as(Who::Staff("蒋园艺")), "403.1");
    assert_eq!(try_as(Who::Staff("谢网格员")), "403.1");
    assert_eq!(try_as(Who::Stranger), "403.1");
    assert_eq!(try_as(Who::Staff("王点长")), "403.1");
    assert_eq!(try_as(Who::Asker), "403.1");
    let unknown = task::Task { id: TaskId::of(kernel::id::Uuid::from_u128(1)), ..town.task_of(&id, "市政公司") };
    assert_eq!(code(town.task_at(Who::Staff("沈经办"), &unknown, "done", None, answer("好了"))), "404.1");
    assert_eq!(code(town.task(Who::Staff("沈经办"), &id, "市政公司", "withdraw", because("不想办"))), "403.1");
}

#[test]
fn the_matter_is_checked_only_when_everybody_who_has_a_part_is_done() {
    let town = Town::new();
    let id = ready(&town);
    let officer = Who::Staff("王点长");
    town.act(officer, &id, "协办", to("绿化所、清泉派出所")).unwrap();
    town.act(officer, &id, "吹哨", Inputs { to: vec!["银杏物业".into()], ..because("来认管线") }).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("路面好了")).unwrap();
    assert_eq!(town.case(&id).state, "handling");
    let problem = town.act(officer, &id, "finish", answer("都好了")).unwrap_err();
    assert_eq!(problem.kind.code, "422.5");
    let said = problem.detail(kernel::Lang::Zh);
    assert!(said.contains("绿化所") && said.contains("清泉派出所") && !said.contains("银杏物业"), "{said}");
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "done", answer("树根清了")).unwrap();
    assert_eq!(town.case(&id).state, "handling");
    town.task(Who::Staff("杨民警"), &id, "清泉派出所", "done", answer("疏导了")).unwrap();
    assert_eq!(town.case(&id).state, "verifying");
    assert_eq!(town.task_of(&id, "银杏物业").state, "withdrawn", "who did not come has not done it");
    assert_eq!(town.case(&id).handler_bodies.len(), 3);
}

#[test]
fn the_last_open_part_given_back_or_taken_back_leaves_nobody_waiting() {
    let town = Town::new();
    for give_back in [true, false] {
        let id = ready(&town);
        town.act(Who::Staff("陈调度"), &id, "assist", to("绿化所")).unwrap();
        town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("路面好了")).unwrap();
        if give_back {
            town.task(Who::Staff("蒋园艺"), &id, "绿化所", "return", basis()).unwrap();
        } else {
            town.task(Who::Staff("陈调度"), &id, "绿化所", "withdraw", because("用不着了")).unwrap();
        }
        assert_eq!(town.case(&id).state, "verifying");
        let heard = town.asker_heard(&id);
        assert!(heard.iter().any(|m| m.contains("路面好了") && m.contains("没经手的人去核")), "{heard:?}");
    }
}

#[test]
fn an_assistant_who_is_done_first_waits_for_who_leads() {
    let town = Town::new();
    let id = ready(&town);
    town.act(Who::Staff("陈调度"), &id, "assist", to("绿化所")).unwrap();
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "done", answer("树根清了")).unwrap();
    assert_eq!(town.case(&id).state, "handling");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("路面好了")).unwrap();
    assert_eq!(town.case(&id).state, "verifying");
}

#[test]
fn a_returned_matter_has_nobody_who_leads_and_its_clock_runs_on() {
    let town = Town::new();
    let id = ready(&town);
    let before = town.case(&id);
    town.task(Who::Staff("沈经办"), &id, "市政公司", "退回", basis()).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.lead_body, case.lead_task, case.returns), ("handling", None, None, 1));
    assert_eq!((case.promised_at, case.owner), (before.promised_at, before.owner));
    town.pass("8 work_days");
    assert!(town.case(&id).overdue, "while nobody leads the clock runs");
}

#[test]
fn the_second_return_goes_to_somebody_who_may_rule_and_the_ruling_stands() {
    let town = Town::new();
    let id = ready(&town);
    town.task(Who::Staff("沈经办"), &id, "市政公司", "return", basis()).unwrap();
    assert_eq!(town.owner(&id), "王点长");
    town.act(Who::Staff("王点长"), &id, "dispatch", to("绿化所")).unwrap();
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "return", basis()).unwrap();
    assert_eq!(town.owner(&id), "陈调度", "past the secretary, who may not rule");
    assert!(town.staff_heard("陈调度").iter().any(|m| m.contains("绿化所退回")));
    town.act(Who::Staff("陈调度"), &id, "裁定", Inputs { basis: text("清单第 3 条"), ..to("市政公司") }).unwrap();
    let ruled = town.task_of(&id, "市政公司");
    assert!(ruled.settled && ruled.open());
    assert_eq!(code(town.task(Who::Staff("沈经办"), &id, "市政公司", "return", basis())), "422.1");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("办了")).unwrap();
}

#[test]
fn after_the_second_return_it_is_settled_whose_it_is_before_it_is_handed_over_again() {
    let town = Town::new();
    let id = ready(&town);
    let dispatcher = Who::Staff("陈调度");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "return", basis()).unwrap();
    town.act(dispatcher, &id, "dispatch", to("绿化所")).unwrap();
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "return", basis()).unwrap();
    let problem = town.act(dispatcher, &id, "dispatch", to("市政公司")).unwrap_err();
    assert_eq!(problem.kind.code, "422.12");
    assert!(problem.title(kernel::Lang::Zh).contains("裁定"));
    town.act(dispatcher, &id, "adjudicate", Inputs { basis: text("清单第 3 条"), ..to("市政公司") }).unwrap();
    assert!(town.staff_heard("沈经办").iter().any(|m| m.contains("裁定：清单第 3 条") && m.contains("不能再退")));
}

#[test]
fn where_nobody_leads_those_who_were_called_finish_it_together() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    let officer = Who::Staff("王点长");
    town.act(officer, &id, "whistle", Inputs { to: vec!["绿化所、清泉派出所".into()], ..because("超出网格") }).unwrap();
    assert!(town.staff_heard("蒋园艺")[0].contains("吹哨请你们到场一起办：超出网格"));
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "done", answer("树移走了")).unwrap();
    assert_eq!(town.case(&id).state, "handling", "somebody else was called too");
    town.task(Who::Staff("杨民警"), &id, "清泉派出所", "done", answer("疏导了")).unwrap();
    assert_eq!(town.case(&id).state, "verifying");
    assert_eq!(code(town.act(Who::Staff("杨民警"), &id, "pass", Inputs::default())), "403.1");
    town.act(officer, &id, "pass", Inputs::default()).unwrap();
}

#[test]
fn tasks_given_in_one_moment_keep_the_order_in_which_they_were_given() {
    let town = Town::new();
    for _ in 0..20 {
        let id = town.reported();
        town.bring(&id, "filed");
        town.act(Who::Staff("陈调度"), &id, "dispatch", to("绿化所、市政公司、清泉派出所、银杏物业")).unwrap();
        let given: Vec<_> = town.tasks(&id).iter().map(|t| (t.nth, t.body)).collect();
        let wanted = ["绿化所", "市政公司", "清泉派出所", "银杏物业"].map(|name| Some(town.body(name)));
        assert_eq!(given, (1..).zip(wanted).collect::<Vec<_>>());
    }
}

#[test]
fn an_assistant_who_returns_does_not_take_it_upstairs() {
    let town = Town::new();
    let id = ready(&town);
    for body in ["绿化所", "清泉派出所"] {
        town.act(Who::Staff("陈调度"), &id, "assist", to(body)).unwrap();
        let who = if body == "绿化所" { "蒋园艺" } else { "杨民警" };
        town.task(Who::Staff(who), &id, body, "return", basis()).unwrap();
    }
    let case = town.case(&id);
    assert_eq!((town.owner(&id).as_str(), case.returns, case.lead_body), ("王点长", 2, Some(town.body("市政公司"))));
}

#[test]
fn handing_over_anew_takes_it_back_from_who_led() {
    let town = Town::new();
    let id = ready(&town);
    let old = town.task_of(&id, "市政公司");
    town.act(Who::Staff("陈调度"), &id, "dispatch", to("绿化所")).unwrap();
    assert_eq!(town.task_of(&id, "市政公司").state, "withdrawn");
    assert_eq!(code(town.task_at(Who::Staff("沈经办"), &old, "done", None, answer("好了"))), "403.1");
    let case = town.case(&id);
    assert_eq!((case.lead_body, case.lead_task), (Some(town.body("绿化所")), Some(town.task_of(&id, "绿化所").id)));
}

#[test]
fn an_assistant_or_somebody_called_can_be_made_to_lead() {
    let town = Town::new();
    for word in ["assist", "whistle"] {
        let id = ready(&town);
        let dispatcher = Who::Staff("陈调度");
        town.act(dispatcher, &id, word, Inputs { to: vec!["绿化所".into()], ..because("帮忙") }).unwrap();
        town.act(dispatcher, &id, "dispatch", to("绿化所")).unwrap();
        let lead = town.task_of(&id, "绿化所");
        assert!(lead.open());
        assert_eq!((lead.kind, town.case(&id).lead_task), (Kind::Lead, Some(lead.id)));
        assert_eq!(town.tasks(&id).iter().filter(|t| t.open()).count(), 1);
        town.task(Who::Staff("蒋园艺"), &id, "绿化所", "done", answer("办了")).unwrap();
        assert_eq!(town.case(&id).state, "verifying");
    }
}

#[test]
fn nobody_gets_two_parts_of_one_matter() {
    let town = Town::new();
    let id = ready(&town);
    let dispatcher = Who::Staff("陈调度");
    for (word, body) in [
        ("assist", "市政公司"),
        ("whistle", "市政公司"),
        ("assist", "绿化所"),
        ("assist", "绿化所、绿化所"),
        ("whistle", "绿化所"),
    ] {
        town.act(dispatcher, &id, word, Inputs { to: vec![body.into()], ..because("一起") }).unwrap();
    }
    let kinds: Vec<Kind> = ["市政公司", "绿化所"].into_iter().map(|b| town.task_of(&id, b).kind).collect();
    assert_eq!((town.tasks(&id).len(), kinds), (2, vec![Kind::Lead, Kind::Assist]));
}

#[test]
fn pictures_of_a_part_are_kept_with_the_matter() {
    let town = Town::new();
    let id = ready(&town);
    town.act(Who::Staff("陈调度"), &id, "assist", to("绿化所")).unwrap();
    let photos = || vec![Photo { image: vec![1, 2, 3], thumb: vec![1] }];
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", Inputs { photos: photos(), ..answer("路面好了") })
        .unwrap();
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "done", Inputs { photos: photos(), ..answer("树根清了") }).unwrap();
    let kept = town.engine.read_now(move |db| crate::view::photos(db, DISTRICT, &id)).unwrap();
    assert_eq!(kept.iter().map(|(_, kind)| kind.as_str()).collect::<Vec<_>>(), ["after", "after"]);
    let (engine, rules, case, tasks, now) =
        (town.engine.clone(), town.rules.clone(), town.case(&id), town.tasks(&id), town.clock_now());
    let story = town
        .engine
        .read_now(move |db| crate::view::story(db, engine.keys(), &rules, &case, &tasks, kernel::Lang::Zh, now))
        .unwrap();
    assert_eq!(story.iter().map(|s| s.photos.len()).sum::<usize>(), 2);
}

#[test]
fn a_photo_that_was_stored_before_must_be_there() {
    let town = Town::new();
    let id = ready(&town);
    let ghost = kernel::id::ContentId::of(kernel::id::Uuid::from_u128(5));
    assert_eq!(
        code(town.task(
            Who::Staff("沈经办"),
            &id,
            "市政公司",
            "done",
            Inputs { evidence: vec![ghost], ..answer("好了") }
        )),
        "404.1"
    );
    let real = town.case(&id).text;
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", Inputs { evidence: vec![real], ..answer("好了") })
        .unwrap();
    let last = town.history("case", id.as_str()).pop().unwrap();
    assert!(last.data.contains(&format!("\"photos\":[{{\"id\":\"{real}\"}}]")), "{}", last.data);
}

#[test]
fn a_bodys_list_is_its_tasks_newest_first() {
    let town = Town::new();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(ready(&town));
        town.clock.advance_ms(1_000);
    }
    town.act(Who::Staff("陈调度"), &ids[0], "dispatch", to("绿化所")).unwrap();
    let (roads, trees) = (town.body("市政公司"), town.body("绿化所"));
    let list = |bodies: Vec<_>, before: &'static str, limit| {
        town.engine
            .read_now(move |db| Ok(task::of_bodies(db, DISTRICT, &bodies, "sent", before, limit)?))
            .unwrap()
            .into_iter()
            .map(|t| t.case)
            .collect::<Vec<_>>()
    };
    assert_eq!(list(vec![roads], "~", 10), [ids[4], ids[3], ids[2], ids[1]]);
    assert_eq!(list(vec![roads, trees], "~", 2), [ids[0], ids[4]]);
    assert_eq!(list(vec![], "~", 10), []);
}
