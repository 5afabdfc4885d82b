//! What time does: lateness climbs, silence counts, pauses hold, promises move only when granted.

use crate::{case::Inputs, fixture::*, view};

fn acts(town: &Town, id: &crate::case::CaseId) -> Vec<String> {
    town.history("case", id.as_str()).into_iter().map(|e| format!("{} {}", town.read_wall(Some(e.at)), e.act)).collect()
}

#[test]
fn what_nobody_takes_up_climbs_grid_community_street_district_once_a_work_day() {
    let town = Town::new();
    let id = town.reported();
    town.until(town.wall("2026-03-10 12:00"));
    assert_eq!(
        acts(&town, &id),
        [
            "2026-03-02 09:00 case.report",
            // The limit of 4 work hours ran out; then once for every further work day.
            "2026-03-02 14:30 case.escalate",
            "2026-03-03 17:00 case.escalate",
            "2026-03-04 17:00 case.escalate",
        ]
    );
    let case = town.case(&id);
    assert!(case.overdue);
    assert_eq!(town.owner(&id), "何值班");
    assert_eq!(
        (case.state.as_str(), case.due_of("accept")),
        ("reported", Some(town.wall("2026-03-02 14:30"))),
        "no climb moves the clock"
    );
    for (name, times) in [("赵书记", 1), ("陈调度", 1), ("何值班", 1)] {
        let told = town
            .staff_heard(name)
            .into_iter()
            .filter(|m| m.contains(&case.number) && m.contains("提到您这一级"))
            .count();
        assert_eq!(told, times, "{name}");
    }
}

#[test]
fn a_case_without_an_officer_starts_where_somebody_is_and_still_climbs() {
    let town = Town::new();
    let id = town.reported_at("桂花三网格");
    assert_eq!(town.owner(&id), "赵书记");
    town.pass("4 work_hours");
    assert_eq!(town.owner(&id), "陈调度");
    // At the very top it can only be recorded, once.
    let top = town.reported_at("白云街道");
    assert_eq!(town.owner(&top), "何值班");
    town.pass("5 work_days");
    let acts: Vec<String> = town.history("case", top.as_str()).into_iter().map(|e| e.act).collect();
    assert_eq!(acts, ["case.report", "case.overdue"]);
    assert!(town.case(&top).overdue);
    assert_eq!(town.staff_heard("何值班").iter().filter(|m| m.contains("过了答应的时间")).count(), 1);
}

#[test]
fn taking_it_up_late_stops_the_climb_and_keeps_the_fact() {
    let town = Town::new();
    let id = town.reported();
    town.pass("4 work_hours");
    assert_eq!(town.owner(&id), "赵书记");
    town.clock.advance_ms(1);
    town.act(Who::Staff("赵书记"), &id, "file", Inputs::default()).unwrap();
    town.pass("3 work_days");
    assert_eq!(town.owner(&id), "赵书记");
    town.bring_from_filed(&id);
    let case = town.case(&id);
    assert!(case.overdue && case.late(town.clock_now()));
}

#[test]
fn no_edit_resets_a_climb() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let due = town.case(&id).promised_at.unwrap();
    town.until(due);
    assert_eq!(town.owner(&id), "赵书记");
    // Talked about, called for, handed to somebody else: the promise stays, and so does the climb.
    let officer = Who::Staff("陈调度");
    town.act(officer, &id, "deliberate", Inputs::default()).unwrap();
    town.act(officer, &id, "whistle", Inputs { to: vec!["清泉派出所".into()], ..because("挡路") }).unwrap();
    town.act(officer, &id, "dispatch", to("绿化所")).unwrap();
    assert_eq!(town.case(&id).promised_at, Some(due));
    town.pass("1 work_days");
    assert_eq!(town.owner(&id), "陈调度");
    town.pass("1 work_days");
    assert_eq!(town.owner(&id), "何值班");
}

#[test]
fn done_in_time_never_climbs() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "closed");
    let version = town.case(&id).version;
    town.pass("30 work_days");
    let case = town.case(&id);
    assert_eq!((case.version, case.overdue), (version, false));
}

#[test]
fn silence_past_the_limit_counts_as_acknowledged_and_the_clock_runs_from_the_dispatch() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let sent = town.task_of(&id, "市政公司");
    assert_eq!((sent.state.as_str(), town.read_wall(sent.acknowledge_by())), ("sent", "2026-03-02 14:30".to_owned()));
    town.until(sent.acknowledge_by().unwrap().plus_ms(-1));
    assert_eq!(town.task_of(&id, "市政公司").state, "sent");
    town.clock.advance_ms(1);
    town.until(town.clock_now());
    let task = town.task_of(&id, "市政公司");
    assert_eq!((task.state.as_str(), task.acknowledged_at), ("acknowledged", sent.acknowledge_by()));
    assert_eq!(task.due(), sent.due());
    let entry = town.history("task", task.id.as_str()).pop().unwrap();
    assert_eq!(entry.act, "task.acknowledge");
    assert!(entry.data.contains("silence"));
    assert!(!town.asker_heard(&id).iter().any(|m| m.contains("接手")), "nobody said so, so nobody is told so");
}

#[test]
fn asking_for_time_before_taking_it_up_does_not_stop_the_silence() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    town.task(
        Who::Staff("沈经办"),
        &id,
        "市政公司",
        "extend",
        Inputs { until: text("2026-03-20"), ..because("料没到") },
    )
    .unwrap();
    town.task(Who::Staff("赵书记"), &id, "市政公司", "refuse_extension", Inputs::default()).unwrap();
    town.pass("4 work_hours");
    assert_eq!(town.task_of(&id, "市政公司").state, "acknowledged");
}

#[test]
fn a_pause_stops_the_clocks_of_case_and_task_and_it_goes_on_by_itself() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    town.until(town.wall("2026-03-03 09:00"));
    town.act(Who::Staff("赵书记"), &id, "hold", Inputs { until: text("2026-03-30 09:00"), ..because("等管线迁改") })
        .unwrap();
    let held = town.case(&id);
    assert_eq!(
        (held.state.as_str(), held.next_due(), held.promised_at),
        ("held", None, Some(town.wall("2026-03-30 09:00")))
    );
    assert_eq!(town.task_of(&id, "市政公司").due(), None);
    assert_eq!(code(town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("偷偷办了"))), "422.1");
    town.until(town.wall("2026-03-30 08:59"));
    assert_eq!(town.case(&id).state, "held");
    assert!(!town.case(&id).overdue);
    town.until(town.wall("2026-03-30 09:00"));
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.held_until), ("handling", None));
    // Seven work days less one: 2 March was the day of the dispatch, 3 March had not begun to count.
    assert_eq!(town.read_wall(case.promised_at), "2026-04-08 17:00");
    assert_eq!(town.task_of(&id, "市政公司").due(), case.promised_at);
    assert_eq!(town.tasks(&id).len(), 1, "who had it has it still");
    town.until(town.wall("2026-04-08 16:59"));
    assert!(!town.case(&id).late(town.clock_now()));
}

#[test]
fn a_pause_before_anybody_has_it_ends_with_somebody_having_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    town.act(Who::Staff("赵书记"), &id, "hold", Inputs { until: text("5 个工作日"), ..because("等立项") }).unwrap();
    assert_eq!(town.case(&id).promised_at, town.case(&id).held_until);
    town.pass("6 work_days");
    let case = town.case(&id);
    assert_eq!(case.state, "handling");
    assert!(case.lead_task.is_some() && case.next_due().is_some());
    assert!(town.task_of(&id, "王点长").open());
}

#[test]
fn more_time_moves_the_promise_once_when_somebody_else_grants_it_and_the_asker_hears_why() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let (handler, secretary) = (Who::Staff("沈经办"), Who::Staff("赵书记"));
    let before = town.case(&id);
    let ask = |until: &str| {
        town.task(handler, &id, "市政公司", "extend", Inputs { until: text(until), ..because("沥青没货") })
    };
    assert_eq!(code(town.task(secretary, &id, "市政公司", "approve_extension", Inputs::default())), "422.1");
    assert_eq!(code(ask("2026-03-11")), "422.8", "not later than promised already");
    ask("2026-03-13").unwrap();
    assert_eq!(town.case(&id), before, "a wish moves nothing");
    assert_eq!(code(town.task(handler, &id, "市政公司", "approve_extension", Inputs::default())), "403.1");
    town.task(secretary, &id, "市政公司", "approve_extension", Inputs::default()).unwrap();
    assert_eq!(code(town.task(secretary, &id, "市政公司", "approve_extension", Inputs::default())), "422.1");
    let case = town.case(&id);
    assert_eq!(town.read_wall(case.promised_at), "2026-03-13 17:00");
    assert_eq!((case.promised_at, case.version), (town.task_of(&id, "市政公司").due(), before.version + 1));
    let told: Vec<String> = town.asker_heard(&id).into_iter().filter(|m| m.contains("答应的日子延期")).collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("3 月 13 日") && told[0].contains("沥青没货") && told[0].contains("第1次，最多2次"),
        "{}",
        told[0]
    );

    // Refused once, asked for no third time.
    ask("2026-03-16").unwrap();
    town.task(secretary, &id, "市政公司", "refuse_extension", Inputs::default()).unwrap();
    assert_eq!(code(town.task(secretary, &id, "市政公司", "approve_extension", Inputs::default())), "422.1");
    assert_eq!(code(ask("2026-03-17")), "422.7");
    assert_eq!(town.case(&id).promised_at, case.promised_at);
    let story = {
        let (engine, rules, tasks, now) = (town.engine.clone(), town.rules.clone(), town.tasks(&id), town.clock_now());
        town.engine
            .read_now(move |db| view::story(db, engine.keys(), &rules, &case, &tasks, kernel::Lang::Zh, now))
            .unwrap()
    };
    let step = story.iter().find(|s| s.act == "case.extended").unwrap();
    assert!(step.says.contains("沥青没货") && step.says.contains("3 月 13 日"), "{}", step.says);
    assert_eq!(
        (town.read_wall(step.promised_before), town.read_wall(step.promised_after)),
        ("2026-03-11 17:00".into(), "2026-03-13 17:00".into())
    );
}

#[test]
fn who_may_grant_time_may_give_it_unasked_with_a_day_and_a_reason_and_it_counts() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let give = |until: &str| {
        let inputs = Inputs { until: text(until), ..because("先去抢险了") };
        town.task(Who::Staff("赵书记"), &id, "市政公司", "approve_extension", inputs)
    };
    let only = |inputs: Inputs| town.task(Who::Staff("赵书记"), &id, "市政公司", "approve_extension", inputs);
    let missing = |inputs: Inputs, need: &str| {
        let problem = only(inputs).unwrap_err();
        assert!(problem.kind.code == "422.2" && problem.detail(kernel::Lang::Zh).contains(need));
    };
    missing(because("先去抢险了"), "期限");
    missing(Inputs { until: text("2026-03-13"), ..Inputs::default() }, "理由");
    assert_eq!(code(give("2026-03-11")), "422.8", "not later than promised already");
    give("2026-03-13").unwrap();
    assert_eq!(town.read_wall(town.case(&id).promised_at), "2026-03-13 17:00");
    let heard = town.asker_heard(&id);
    assert_eq!(heard.iter().filter(|m| m.contains("延期") && m.contains("先去抢险了")).count(), 1, "{heard:?}");
    assert!(town.staff_heard("沈经办").iter().any(|m| m.contains("延期") && m.contains("3 月 13 日")));
    // The body cannot give it to itself, and what was given counts among the times.
    let handler = Who::Staff("沈经办");
    let wish = || Inputs { until: text("2026-03-20"), ..because("料没到") };
    assert_eq!(code(town.task(handler, &id, "市政公司", "approve_extension", wish())), "403.1");
    town.task(handler, &id, "市政公司", "extend", wish()).unwrap();
    assert!(town.staff_heard("赵书记").iter().any(|m| m.contains("料没到")), "who may grant it is told");
    // Granted for another day than the one asked for; why is what the body said.
    only(Inputs { until: text("2026-03-18"), ..Inputs::default() }).unwrap();
    assert_eq!(town.read_wall(town.case(&id).promised_at), "2026-03-18 17:00");
    assert!(town.asker_heard(&id).iter().any(|m| m.contains("3 月 18 日") && m.contains("料没到")));
    assert_eq!(code(give("2026-03-25")), "422.7");
}

#[test]
fn time_is_asked_for_before_it_has_run_out() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    town.pass("8 work_days");
    let late = town.task(
        Who::Staff("沈经办"),
        &id,
        "市政公司",
        "extend",
        Inputs { until: text("2026-04-01"), ..because("忘了") },
    );
    assert_eq!(code(late), "422.1");
}

#[test]
fn going_to_look_pauses_the_filing_and_has_a_clock_of_its_own() {
    let town = Town::new();
    let id = town.reported();
    town.until(town.wall("2026-03-02 10:00"));
    town.act(Who::Staff("王点长"), &id, "check", Inputs::default()).unwrap();
    let case = town.case(&id);
    assert_eq!((case.due_of("accept"), case.due_of("check")), (None, Some(town.wall("2026-03-03 17:00"))));
    town.until(town.wall("2026-03-03 09:00"));
    town.act(Who::Staff("冯网格员"), &id, "confirm", Inputs::default()).unwrap();
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.next_due(), case.overdue), ("filed", None, false));
}

#[test]
fn a_check_that_nobody_makes_climbs_too() {
    let town = Town::new();
    let id = town.reported();
    town.act(Who::Staff("王点长"), &id, "check", Inputs::default()).unwrap();
    town.pass("1 work_days");
    assert_eq!((town.owner(&id).as_str(), town.case(&id).state.as_str()), ("赵书记", "checking"));
    town.clock.advance_ms(1);
    assert!(town.case(&id).late(town.clock_now()));
}

#[test]
fn a_verification_that_nobody_makes_is_late_and_the_owner_hears_of_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "verifying");
    town.pass("3 work_days");
    let case = town.case(&id);
    assert_eq!((case.state.as_str(), case.overdue), ("verifying", true));
    assert_eq!(town.staff_heard("王点长").iter().filter(|m| m.contains("过了答应的时间")).count(), 1);
    town.pass("3 work_days");
    assert_eq!(town.case(&id).version, case.version);
}

#[test]
fn a_fact_of_lateness_outlives_every_later_move() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    town.pass("8 work_days");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("晚了，好了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "not_solved", Inputs::default()).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("又好了")).unwrap();
    town.act(Who::Staff("周网格员"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "solved", rated(true, "满意")).unwrap();
    assert!(town.case(&id).overdue);
}
