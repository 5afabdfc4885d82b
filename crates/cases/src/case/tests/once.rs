//! I13: same key, one effect, on every engine.

use kernel::{Command, Once, Result, engine::Done, idempotency::Key};

use crate::{
    case::{self, CaseId, Inputs, Moved, Report, Reported, rules::Mover},
    fixture::*,
    task::{self, TaskMoved},
};

fn key(name: &str, body: &str) -> Once {
    Some(Key::new(name, &[body.as_bytes()]))
}

fn report(town: &Town, caller: &str, key: Once, report: Report) -> Result<Done<Reported>> {
    let (rules, actor) = (town.rules.clone(), town.actor(Who::Asker));
    town.engine.write_once_now(Command::new(DISTRICT, caller), key, move |tx| case::report(tx, &rules, &actor, &report))
}

fn act(
    town: &Town,
    name: &'static str,
    key: Once,
    id: CaseId,
    word: &'static str,
    inputs: Inputs,
) -> Result<Done<Moved>> {
    let (rules, actor) = (town.rules.clone(), town.actor(Who::Staff(name)));
    let command = Command::new(DISTRICT, actor.name());
    town.engine.write_once_now(command, key, move |tx| {
        case::perform(tx, &rules, Mover::staff(&actor), &id, word, None, &inputs)
    })
}

fn each(check: fn(&Town)) {
    check(&Town::new());
    check(&Town::in_file().0);
    if let Some(town) = Town::on_postgres() {
        check(&town);
    }
}

#[test]
fn a_report_that_comes_twice_is_one_case_with_one_receipt() {
    each(|town| {
        let first = report(town, "phone-1", key("k", "hole"), hole("桂花一网格")).unwrap();
        let officer = Who::Staff("王点长");
        town.act(officer, &first.value.id, "file", Inputs::default()).unwrap();
        let again = report(town, "phone-1", key("k", "hole"), hole("桂花一网格")).unwrap();
        assert!(again.again && again.receipts.is_empty());
        assert_eq!(again.value, first.value, "as it was said then, not as it stands now");
        assert_eq!(town.cases().len(), 1);
        assert_eq!(report(town, "phone-1", key("k", "other"), hole("桂花一网格")).unwrap_err().kind.code, "409.2");
        // Somebody else's key is another key.
        report(town, "phone-2", key("k", "hole"), hole("桂花一网格")).unwrap();
        assert_eq!(town.cases().len(), 2);
    });
}

#[test]
fn one_id_of_two_callers_is_refused_to_the_second() {
    each(|town| {
        let id = Some(CaseId::of(kernel::id::Uuid::from_u128(0x019c_0000_0000_7000_8000_0000_0000_0002)));
        let mine = || Report { id, ..hole("桂花一网格") };
        report(town, "phone-1", key("k", "a"), mine()).unwrap();
        assert!(report(town, "phone-1", key("k", "a"), mine()).unwrap().again);
        assert_eq!(report(town, "phone-2", key("k", "a"), mine()).unwrap_err().kind.code, "409.4");
        assert_eq!(town.cases().len(), 1);
    });
}

#[test]
fn a_move_that_comes_twice_is_made_once() {
    each(|town| {
        let id = town.reported();
        let file = |key| act(town, "王点长", key, id, "file", Inputs::default());
        let first = file(key("f", "1")).unwrap();
        let again = file(key("f", "1")).unwrap();
        assert!(again.again);
        assert_eq!((again.value, town.case(&id).version), (first.value, 2));
        assert_eq!(file(key("f", "2")).unwrap_err().kind.code, "409.2");
        assert_eq!(file(None).unwrap_err().kind.code, "422.1");
        // A refused move leaves its key free.
        let hold = |until: &str| {
            act(town, "赵书记", key("h", until), id, "hold", Inputs { until: text(until), ..because("等") })
        };
        assert_eq!(hold("2020-01-01").unwrap_err().kind.code, "422.8");
        hold("2026-04-01").unwrap();
    });
}

#[test]
fn a_look_back_that_leads_on_is_answered_again_with_where_it_led() {
    each(|town| {
        let id = town.reported();
        town.bring(&id, "closed");
        let inputs = || Inputs { solved: Some(false), ..Inputs::default() };
        let first = act(town, "陈调度", key("l", "1"), id, "look_back", inputs()).unwrap();
        assert_eq!(first.value.state, "handling");
        assert_eq!(act(town, "陈调度", key("l", "1"), id, "look_back", inputs()).unwrap().value, first.value);
    });
}

#[test]
fn a_task_that_is_done_twice_is_done_once() {
    each(|town| {
        let id = town.reported();
        town.bring(&id, "handling");
        let task = town.task_of(&id, "市政公司").id;
        let done = |name: &str| -> Result<Done<TaskMoved>> {
            let (rules, actor) = (town.rules.clone(), town.actor(Who::Staff("沈经办")));
            let (command, key) = (Command::new(DISTRICT, actor.name()), key(name, "done"));
            town.engine.write_once_now(command, key, move |tx| {
                task::perform(tx, &rules, Mover::staff(&actor), &task, "done", Some(1), &answer("好了"))
            })
        };
        let first = done("t").unwrap();
        assert_eq!((first.value.state.as_str(), first.value.version), ("done", 2));
        let again = done("t").unwrap();
        assert_eq!((again.value, again.again), (first.value, true));
        assert_eq!(done("u").unwrap_err().kind.code, "409.1");
        assert_eq!(town.case(&id).state, "verifying");
    });
}

#[test]
fn two_who_move_at_once_from_the_same_version_do_not_both_succeed() {
    let check = |town: &Town| {
        let id = town.reported();
        let outcomes: Vec<Result<Moved>> = std::thread::scope(|scope| {
            let movers: Vec<_> = ["王点长", "周网格员", "郑网格长", "孙兼职"]
                .into_iter()
                .map(|name| scope.spawn(move || town.act_at(Who::Staff(name), &id, "file", Some(1), Inputs::default())))
                .collect();
            movers.into_iter().map(|m| m.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
        for refused in outcomes.into_iter().filter_map(Result::err) {
            assert!(matches!(refused.kind.code, "409.1" | "409.3"), "{refused}");
        }
        assert_eq!(town.case(&id).version, 2);
        assert_eq!(town.history("case", id.as_str()).len(), 2);
    };
    check(&Town::in_file().0);
    if let Some(town) = Town::on_postgres() {
        check(&town);
    }
}
