//! I5, I6, I7 after random sequences of everything that people and time can do.

use commons::people::BodyId;
use kernel::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    case::{Case, CaseId, Inputs},
    clock::{ClockRun, rules},
    fixture::*,
    task::{Kind, Task},
};

/// One thing that happens; the numbers choose who, what and how.
#[derive(Debug, Clone)]
enum Event {
    Report(u8),
    Move { who: u8, case: u8, mv: u8, how: u8 },
    Task { who: u8, case: u8, task: u8, mv: u8, how: u8 },
    Pass(u16),
    Erase(u8),
}

const PEOPLE: [Who; 12] = [
    Who::Staff("陈调度"),
    Who::Staff("赵书记"),
    Who::Staff("王点长"),
    Who::Staff("周网格员"),
    Who::Staff("冯网格员"),
    Who::Staff("沈经办"),
    Who::Staff("许两栖"),
    Who::Staff("蒋园艺"),
    Who::Staff("杨民警"),
    Who::Staff("何值班"),
    Who::Asker,
    Who::Asker,
];
const PLACES: [&str; 4] = ["桂花一网格", "银杏苑", "桂花三网格", "松树社区"];
const DOERS: [&str; 5] = ["市政公司", "绿化所", "清泉派出所", "冯网格员", "市政公司、绿化所"];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => any::<u8>().prop_map(Event::Report),
        14 => (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(who, case, mv, how)| Event::Move { who, case, mv, how }),
        9 => (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(who, case, task, mv, how)| Event::Task { who, case, task, mv, how }),
        3 => any::<u16>().prop_map(Event::Pass),
        1 => any::<u8>().prop_map(Event::Erase),
    ]
}

fn one<T: Copy>(of: &[T], n: u8) -> T {
    of[usize::from(n) % of.len()]
}

fn inputs(town: &Town, how: u8, into: &CaseId) -> Inputs {
    let until = town.clock_now().plus_ms(i64::from(how % 40 + 1) * kernel::time::DAY_MS);
    Inputs {
        to: vec![one(&DOERS, how).to_owned()],
        until: Some(until.to_string()),
        solved: Some(!how.is_multiple_of(3)),
        satisfied: text(one(&["满意", "基本满意", "不满意"], how)),
        place: how.is_multiple_of(7).then(|| one(&PLACES, how / 7).to_owned()),
        ..everything(town, into)
    }
}

/// The moves that leave where something stands, and now and then any.
fn word(flow: &crate::flow::Flow, state: &str, n: u8) -> String {
    let allowed = flow.allowed(state);
    match n % 16 {
        0 => flow.moves[usize::from(n) % flow.moves.len()].id.clone(),
        _ if allowed.is_empty() => flow.moves[0].id.clone(),
        _ => allowed[usize::from(n) % allowed.len()].id.clone(),
    }
}

fn happen(town: &Town, cases: &mut Vec<CaseId>, event: &Event) {
    // Time goes on between any two things that people do.
    town.until(town.clock_now().plus_ms(60_000));
    // Whoever is asked first, somebody who may does it: a walk of refusals would prove little.
    let by_somebody = |first: u8, act: &dyn Fn(Who) -> Result<(), kernel::Problem>| {
        for n in 0..PEOPLE.len() {
            match act(one(&PEOPLE, first.wrapping_add(u8::try_from(n).expect("few")))) {
                Err(problem) if matches!(problem.kind.status, 403 | 404) => {}
                Err(problem) => return assert!(problem.kind.status < 500, "{event:?}: {problem}"),
                Ok(()) => return,
            }
        }
    };
    match *event {
        Event::Report(place) => cases.push(town.reported_at(one(&PLACES, place))),
        Event::Pass(hours) => town.until(town.clock_now().plus_ms(i64::from(hours % 300) * kernel::time::HOUR_MS)),
        _ if cases.is_empty() => {}
        Event::Move { who, case, mv, how } => {
            let id = one(cases, case);
            let word = word(&town.rules.case_flow, &town.case(&id).state, mv);
            by_somebody(who, &|who| town.act(who, &id, &word, inputs(town, how, &one(cases, how))).map(|_| ()));
        }
        Event::Task { who, case, task, mv, how } => {
            let id = one(cases, case);
            let tasks = town.tasks(&id);
            if let Some(task) = tasks.get(usize::from(task) % tasks.len().max(1)) {
                let word = word(&town.rules.task_flow, &task.state, mv);
                by_somebody(who, &|who| town.task_at(who, task, &word, None, inputs(town, how, &id)).map(|_| ()));
            }
        }
        Event::Erase(case) => {
            let asker = town.case(&one(cases, case)).asker;
            let erase = town
                .engine
                .write_now(kernel::Command::new(DISTRICT, "test"), move |tx| Ok(kernel::vault::erase(tx, &asker)?));
            erase.expect("erases");
        }
    }
}

fn field_map(value: impl serde::Serialize) -> std::collections::BTreeMap<String, Value> {
    serde_json::from_value(serde_json::to_value(value).expect("JSON")).expect("an object")
}

/// I6: every due moment comes from what is stored beside it.
fn recomputed(town: &Town, clocks: &[ClockRun]) {
    for run in clocks {
        let mut again = run.clone();
        rules::recompute(&mut again, &town.rules.directory.calendar);
        assert_eq!(again.due, run.due, "{run:?}");
        assert!(run.stop.is_none_or(|stop| stop >= run.start));
        assert!(run.stop.is_none() || run.pauses.iter().all(|p| p.to.is_some()), "{run:?} ended within a pause");
    }
    for name in ["accept", "check", "handle", "verify", "ask"] {
        assert!(
            clocks.iter().filter(|run| run.under_way() && run.name == name).count() <= 1,
            "two {name} clocks: {clocks:?}"
        );
    }
}

fn check_case(town: &Town, case: &Case, tasks: &[Task]) {
    let flow = &town.rules.case_flow;
    let history = town.history("case", case.id.as_str());
    // I5: the row is the fold of its entries, which count up without a gap.
    assert_eq!(folded(&history), field_map(case));
    assert!(history.iter().map(|e| e.version).eq(1..=case.version));
    recomputed(town, &case.clocks);
    let state = flow.state(&case.state).expect("a state of the flow");
    let running: Vec<&str> =
        case.clocks.iter().filter(|run| run.under_way() && !run.paused()).map(|run| run.name.as_str()).collect();
    let named: Vec<&str> = state.clocks.iter().map(|clock| clock.word()).collect();
    assert_eq!(running, named, "{}", case.state);
    assert_eq!(state.open, case.closed_at.is_none());
    assert_eq!(case.closed_at.is_some(), case.closed_by.is_some());
    assert_eq!(case.state == "merged", case.merged_into.is_some());
    assert_eq!(case.state == "held", case.held_until.is_some());
    if !state.open {
        assert!(tasks.iter().all(|t| !t.open()), "{} with an open task", case.state);
        return;
    }
    // I7: somebody has it, at a place that stands.
    let owner = case.owner.and_then(|id| town.rules.directory.holdings.get(&id)).expect("an owner");
    assert!(owner.valid_at(town.clock_now()));
    assert_eq!(case.owner_place, owner.place);
    if matches!(case.state.as_str(), "verifying" | "asking" | "reported" | "checking") {
        assert!(tasks.iter().all(|t| !t.open()), "{} with an open task", case.state);
    }
    let leads: Vec<&Task> = tasks.iter().filter(|t| t.open() && t.kind == Kind::Lead).collect();
    assert!(leads.len() <= 1, "two lead");
    if let Some(lead) = leads.first() {
        assert_eq!((case.lead_task, case.lead_body), (Some(lead.id), lead.body));
    }
    let mut busy: Vec<(Option<BodyId>, _)> = tasks.iter().filter(|t| t.open()).map(|t| (t.body, t.assignee)).collect();
    let count = busy.len();
    busy.sort_unstable();
    busy.dedup();
    assert_eq!(busy.len(), count, "a body has two open parts of one matter");
    // Everybody else is done: then it is not left lying in somebody's hands.
    if case.state == "handling"
        && case.lead_task.is_some_and(|id| tasks.iter().any(|t| t.id == id && t.state == "done" && t.answer.is_some()))
    {
        let parts = tasks.iter().any(|t| t.open() && t.kind != Kind::Whistle);
        let erased = town.asker_heard(&case.id).is_empty();
        assert!(parts || erased, "the last part is done and nobody checks");
    }
}

fn check_task(town: &Town, case: &Case, task: &Task) {
    let history = town.history("task", task.id.as_str());
    let data: Value = serde_json::from_str(&history.last().expect("an entry").data).expect("JSON");
    assert_eq!(data["set"], serde_json::to_value(task).expect("JSON"));
    assert!(history.iter().map(|e| e.version).eq(1..=task.version));
    recomputed(town, &task.clocks);
    assert_eq!(task.open(), task.ended_at.is_none());
    assert_eq!(town.rules.task_flow.state(&task.state).expect("a state").open, task.open());
    let handle = task.clocks.iter().find(|run| run.name == "handle").expect("a clock");
    assert_eq!(handle.under_way(), task.open());
    assert_eq!(handle.paused(), task.open() && case.state == "held", "{}", case.state);
}

/// Nothing is due that has not happened, and what will fall due is set to.
fn check_timers(town: &Town, cases: &[Case]) {
    let now = town.clock_now();
    let next = town.engine.read_now(|db| Ok(kernel::timer::next_due(db, DISTRICT)?)).expect("reads");
    assert!(next.is_none_or(|at| at > now), "something is due and did not happen");
    let soonest: Option<Timestamp> =
        cases.iter().flat_map(|c| [c.next_due(), c.held_until]).flatten().filter(|at| *at > now).min();
    assert!(
        soonest.is_none_or(|at| next.is_some_and(|next| next <= at)),
        "{soonest:?} is due and no timer is set: {next:?}"
    );
}

fn check(town: &Town) {
    // A matter that was late before it was put off is due again the moment it goes on.
    town.until(town.clock_now());
    let cases = town.cases();
    for case in &cases {
        let tasks = town.tasks(&case.id);
        check_case(town, case, &tasks);
        tasks.iter().for_each(|task| check_task(town, case, task));
    }
    check_timers(town, &cases);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_rows_follow_from_the_journal_and_nothing_is_left_lying(seed in any::<u64>(), events in proptest::collection::vec(event(), 1..60)) {
        let town = Town::seeded(seed);
        let mut cases = Vec::new();
        for event in &events {
            happen(&town, &mut cases, event);
            check(&town);
        }
        let sealed = town.engine.read_now(|db| {
            let mut faults = Vec::new();
            let entries = kernel::journal::page(db, DISTRICT, 0, 100_000)?;
            kernel::journal::rules::check(DISTRICT, (0, kernel::journal::rules::GENESIS), &entries, &mut faults);
            Ok((entries.len(), faults))
        }).expect("reads");
        prop_assert!(sealed.0 >= cases.len() && sealed.1.is_empty(), "{:?}", sealed.1);
    }
}

#[test]
fn the_random_walks_make_every_move_there_is() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let (mut runner, walk) = (TestRunner::deterministic(), proptest::collection::vec(event(), 60));
    let mut acts = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let town = Town::seeded(seed);
        let mut cases = Vec::new();
        walk.new_tree(&mut runner).expect("events").current().iter().for_each(|event| happen(&town, &mut cases, event));
        let entries = town.engine.read_now(|db| Ok(kernel::journal::page(db, DISTRICT, 0, 100_000)?)).expect("reads");
        acts.extend(entries.into_iter().map(|e| e.act));
    }
    let flows = [("case", crate::flow::standard_case()), ("task", crate::flow::standard_task())];
    // More time that is granted is told as the case's own entry.
    let wanted =
        flows.into_iter().flat_map(|(kind, flow)| flow.moves.iter().map(move |mv| format!("{kind}.{}", mv.id)));
    let missing: Vec<String> = wanted.filter(|act| !acts.contains(act)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn null_takes_a_field_away_and_leaves_the_others() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "held");
    assert!(folded(&town.history("case", id.as_str())).contains_key("held_until"));
    town.act(Who::Staff("赵书记"), &id, "resume", Inputs::default()).unwrap();
    let last = town.history("case", id.as_str()).pop().unwrap();
    let data: Value = serde_json::from_str(&last.data).unwrap();
    assert_eq!(data["set"]["held_until"], Value::Null);
    assert!(data["set"].as_object().unwrap().contains_key("held_until"));
    assert!(!data["set"].as_object().unwrap().contains_key("number"), "what did not change is not said again");
    assert_eq!(folded(&town.history("case", id.as_str())), field_map(town.case(&id)));
}
