//! Who may do what: posts, places and bodies; who has no part in a matter is told that it is not theirs.

use crate::{case::Inputs, fixture::*};

const YES: &str = "ok";

/// The outcome of a move of somebody on a fresh case at a state.
fn outcome(town: &Town, who: Who, state: &str, word: &str, inputs: Inputs) -> &'static str {
    let id = town.reported();
    town.bring(&id, state);
    town.act(who, &id, word, inputs).map_or_else(|p| p.kind.code, |_| YES)
}

fn table(state: &str, word: &str, inputs: &Inputs, expected: &[(&'static str, &str)]) {
    let town = Town::new();
    for (name, expected) in expected {
        let who = match *name {
            "居民" => Who::Stranger,
            "反映人" => Who::Asker,
            staff => Who::Staff(staff),
        };
        assert_eq!(outcome(&town, who, state, word, inputs.clone()), *expected, "{name} {word} from {state}");
    }
}

#[test]
fn taking_on_is_for_officers_of_the_grid_and_those_above() {
    table(
        "reported",
        "file",
        &Inputs::default(),
        &[
            ("周网格员", YES),
            ("吴副点长", YES),
            ("郑网格长", YES),
            ("孙兼职", YES),
            ("赵书记", YES),
            ("陈调度", YES),
            ("何值班", YES),
            // Sees it, but only watches and helps.
            ("钱指导员", "403.1"),
            ("反映人", "403.1"),
            // Heads of stairwells of an estate see their estate only; this case is the grid's.
            ("李楼道长", "403.1"),
            // Another grid, another community, a body without a task, anybody else.
            ("冯网格员", "403.1"),
            ("谢网格员", "403.1"),
            ("沈经办", "403.1"),
            ("居民", "403.1"),
        ],
    );
}

#[test]
fn telling_where_else_to_go_is_for_officers_of_the_grid_and_those_above() {
    let inputs = Inputs { answer: text("邻区"), ..because("不在区里") };
    table(
        "reported",
        "decline",
        &inputs,
        &[
            ("赵书记", YES),
            ("陈调度", YES),
            ("何值班", YES),
            ("王点长", YES),
            ("周网格员", YES),
            ("钱指导员", "403.1"),
            ("冯网格员", "403.1"),
            ("居民", "403.1"),
        ],
    );
}

#[test]
fn handing_over_is_for_the_grid_and_above_never_for_who_has_it() {
    table(
        "handling",
        "dispatch",
        &to("绿化所"),
        &[
            ("周网格员", YES),
            ("赵书记", YES),
            ("陈调度", YES),
            ("沈经办", "403.1"),
            ("蒋园艺", "403.1"),
            ("钱指导员", "403.1"),
            ("冯网格员", "403.1"),
            ("反映人", "403.1"),
        ],
    );
}

#[test]
fn ruling_is_for_the_street_and_the_district() {
    let inputs = Inputs { basis: text("权责清单第 3 条"), ..to("绿化所") };
    table(
        "handling",
        "adjudicate",
        &inputs,
        &[("陈调度", YES), ("何值班", YES), ("赵书记", "403.1"), ("王点长", "403.1"), ("沈经办", "403.1")],
    );
}

#[test]
fn going_to_look_is_open_to_the_neighbours_once_somebody_is_asked_to() {
    table(
        "checking",
        "confirm",
        &Inputs::default(),
        &[
            ("王点长", YES),
            ("钱指导员", YES),
            ("冯网格员", YES),
            ("赵书记", YES),
            ("谢网格员", "403.1"),
            ("反映人", "403.1"),
        ],
    );
}

#[test]
fn checking_what_was_done_is_open_to_the_neighbours_and_closed_to_the_hands() {
    table(
        "verifying",
        "pass",
        &Inputs::default(),
        &[
            ("王点长", YES),
            ("冯网格员", YES),
            ("赵书记", YES),
            ("陈调度", YES),
            ("谢网格员", "403.1"),
            ("杨民警", "403.1"),
            ("沈经办", "403.1"),
            ("钱指导员", YES),
            ("反映人", "403.1"),
            // Works for the firm that did it, and would be an officer of the next grid.
            ("许两栖", "403.3"),
        ],
    );
}

#[test]
fn an_account_without_a_post_sees_its_own_matter_and_only_that() {
    let town = Town::new();
    let stranger = town.actor(Who::Stranger).person.unwrap();
    let person = {
        let made = town
            .engine
            .write_now(kernel::Command::new(DISTRICT, "test"), |tx| Ok(kernel::vault::person_new(tx)?.person));
        made.unwrap().value
    };
    assert_ne!(person, stranger);
    let report = crate::case::Report { asker: Some(person), name: None, phone: None, ..hole("桂花一网格") };
    let mine = town.try_report(Who::Stranger, report).unwrap().id;
    let case = town.case(&mine);
    assert_eq!((case.asker, case.anonymous), (person, false));
    let actor = kernel::access::Actor { person: Some(person), ..town.actor(Who::Stranger) };
    let seen = |actor: &kernel::access::Actor| {
        let mover = crate::case::rules::Mover::staff(actor);
        crate::case::rules::visible(&town.rules, mover, &case, &[])
    };
    assert!(seen(&actor));
    assert!(!seen(&town.actor(Who::Stranger)));
    assert!(!seen(&kernel::access::Actor::anonymous(DISTRICT)));
}

#[test]
fn a_body_sees_a_matter_from_the_task_on_and_after_returning_it_but_not_once_it_is_taken_back() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    let dispatcher = Who::Staff("陈调度");
    let sees = |name| town.act(Who::Staff(name), &id, "explode", Inputs::default()).unwrap_err().kind.code == "422.1";
    assert!(!sees("蒋园艺"));
    town.act(dispatcher, &id, "dispatch", to("绿化所")).unwrap();
    assert!(sees("蒋园艺"));
    assert!(!sees("杨民警"));
    let back = Inputs { basis: text("清单"), ..because("不归我们") };
    town.task(Who::Staff("蒋园艺"), &id, "绿化所", "return", back).unwrap();
    assert!(sees("蒋园艺"), "who said that it is not theirs can follow what became of it");
    town.act(dispatcher, &id, "dispatch", to("清泉派出所")).unwrap();
    town.task(dispatcher, &id, "清泉派出所", "withdraw", because("弄错了")).unwrap();
    assert!(!sees("杨民警"));
}

#[test]
fn an_officer_who_is_given_the_matter_acts_on_it_and_then_does_not_judge_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    town.act(Who::Staff("王点长"), &id, "dispatch", to("冯网格员")).unwrap();
    assert_eq!(code(town.task(Who::Staff("周网格员"), &id, "冯网格员", "done", answer("好了"))), "403.1");
    town.task(Who::Staff("冯网格员"), &id, "冯网格员", "done", answer("好了")).unwrap();
    assert_eq!(code(town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default())), "403.3");
    town.act(Who::Staff("周网格员"), &id, "pass", Inputs::default()).unwrap();
}

#[test]
fn near_a_boundary_both_grids_may_take_it_on() {
    let town = Town::new();
    let report = crate::case::Report { place: None, point: Some((120.0101, 30.02)), ..hole("") };
    let id = town.try_report(Who::Asker, report).unwrap().id;
    let case = town.case(&id);
    assert_eq!((case.grid, case.near), (town.place("桂花二网格"), vec![town.place("桂花一网格")]));
    town.act(Who::Staff("周网格员"), &id, "file", Inputs::default()).unwrap();
}
