//! Every move of the flow from every state: it is made, or refused with 422.1.

use crate::{
    case::{CaseId, Inputs},
    fixture::*,
    flow::standard_case,
};

const STATES: [&str; 10] =
    ["reported", "checking", "filed", "handling", "held", "verifying", "asking", "closed", "declined", "merged"];

/// Who may make a move, whatever its state: several people, because nobody judges their own work.
const PEOPLE: [Who; 7] = [
    Who::Staff("陈调度"),
    Who::Staff("赵书记"),
    Who::Staff("王点长"),
    Who::Staff("冯网格员"),
    Who::Staff("沈经办"),
    Who::Staff("周网格员"),
    Who::Asker,
];

/// Tries everybody; the outcome of the first who is let in, else the last refusal.
fn tried(town: &Town, id: &CaseId, word: &str, inputs: &Inputs) -> Result<String, &'static str> {
    let mut last = "";
    for who in PEOPLE {
        match town.act(who, id, word, inputs.clone()) {
            Ok(moved) => return Ok(moved.state),
            Err(problem) => last = problem.kind.code,
        }
        // Somebody else's open task stands in the way of one person only.
        if !matches!(last, "403.1" | "403.3" | "404.1" | "422.5") {
            break;
        }
    }
    Err(last)
}

#[test]
fn the_states_are_those_of_the_flow() {
    let mut known: Vec<&str> = standard_case().states.iter().map(|s| s.id.as_str()).collect();
    let mut ours = STATES.to_vec();
    known.sort_unstable();
    ours.sort_unstable();
    assert_eq!(known, ours);
}

#[test]
fn every_move_from_every_state_is_made_as_the_table_says_or_refused() {
    let town = Town::new();
    let flow = standard_case();
    let other = town.reported();
    let mut made = 0;
    for mv in &flow.moves {
        for state in STATES {
            let id = town.reported();
            town.bring(&id, state);
            let before = town.case(&id);
            // The handler has to finish, and nobody else has to be waited for.
            let outcome = tried(&town, &id, &mv.id, &everything(&town, &other));
            let after = town.case(&id);
            if mv.system_only() || !mv.leaves(state) {
                let expected = if mv.leaves(state) { "403.1" } else { "422.1" };
                assert_eq!(outcome, Err(expected), "{} from {state}", mv.id);
                assert_eq!(after, before, "{} from {state} changed something", mv.id);
            } else {
                assert_eq!(outcome.as_deref(), Ok(mv.target(state)), "{} from {state}", mv.id);
                assert_eq!((after.state.as_str(), after.version), (mv.target(state), before.version + 1));
                let last = town.history("case", id.as_str()).pop().unwrap();
                assert_eq!((last.act, last.version), (format!("case.{}", mv.id), after.version));
                made += 1;
            }
        }
    }
    // From as many places as the table has them, less the one move that only time makes.
    let expected: usize = flow.moves.iter().filter(|mv| !mv.system_only()).map(|mv| mv.from.len()).sum();
    assert_eq!(made, expected);
}

#[test]
fn a_move_that_does_not_exist_is_refused_in_words() {
    let town = Town::new();
    let id = town.reported();
    let problem = town.act(Who::Staff("王点长"), &id, "explode", Inputs::default()).unwrap_err();
    assert_eq!(problem.kind.code, "422.1");
    assert!(problem.detail(kernel::Lang::Zh).contains("已收到"));
}

#[test]
fn what_a_move_needs_is_asked_for_and_nothing_happens_without_it() {
    let town = Town::new();
    let flow = standard_case();
    let other = town.reported();
    for mv in flow.moves.iter().filter(|mv| !mv.system_only()) {
        for need in &mv.requires {
            let state = mv.from[0].as_str();
            let id = town.reported();
            town.bring(&id, state);
            let before = town.case(&id);
            let mut inputs = everything(&town, &other);
            use crate::flow::Need;
            match need {
                Need::Reason => inputs.reason = text("  "),
                Need::Answer => inputs.answer = None,
                Need::Basis => inputs.basis = None,
                Need::Until => inputs.until = text(" "),
                Need::Into => inputs.into = None,
                Need::Solved => inputs.solved = None,
                Need::Satisfied => inputs.satisfied = None,
                // The catalogue knows who leads here, so an empty name is no gap for a hand-over.
                Need::Body if mv.id == "whistle" || mv.id == "adjudicate" => inputs.to = Vec::new(),
                Need::Body => continue,
                other => panic!("the standard flow asks for {other:?}: say how it is left out"),
            }
            if mv.id == "adjudicate" && inputs.to.is_empty() {
                continue;
            }
            assert_eq!(tried(&town, &id, &mv.id, &inputs), Err("422.2"), "{} without {need:?}", mv.id);
            assert_eq!(town.case(&id), before);
        }
    }
}

#[test]
fn only_the_version_that_was_seen_can_be_moved() {
    let town = Town::new();
    let id = town.reported();
    let officer = Who::Staff("王点长");
    let problem = town.act_at(officer, &id, "file", Some(2), Inputs::default()).unwrap_err();
    assert_eq!(problem.kind.code, "409.1");
    let said = problem.detail(kernel::Lang::Zh);
    assert!(said.contains("第 2 版") && said.contains("第 1 版"), "{said}");
    assert_eq!(town.act_at(officer, &id, "file", Some(1), Inputs::default()).unwrap().version, 2);
    assert_eq!(code(town.act_at(officer, &id, "dispatch", Some(1), Inputs::default())), "409.1");
}

#[test]
fn a_limited_move_is_made_so_often_in_a_round() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "held");
    let secretary = Who::Staff("赵书记");
    town.act(secretary, &id, "resume", Inputs::default()).unwrap();
    let again = Inputs { until: text("2026-05-01"), ..because("还等") };
    assert_eq!(code(town.act(secretary, &id, "hold", again.clone())), "422.7");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("好了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "not_solved", Inputs::default()).unwrap();
    town.act(secretary, &id, "hold", again).unwrap();
}

#[test]
fn a_day_must_lie_ahead_and_within_what_the_move_allows() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let hold =
        |until: &str| town.act(Who::Staff("赵书记"), &id, "hold", Inputs { until: text(until), ..because("等") });
    for bad in
        ["2026-03-01", "2026-03-02 08:59", "2027-03-03", "明天", "2026-02-30", "9999999 个工作日", "🕰", "-1 work_days"]
    {
        assert_eq!(code(hold(bad)), "422.8", "{bad}");
    }
    hold("2027-03-01").unwrap();
    assert_eq!(town.read_wall(town.case(&id).held_until), "2027-03-01 17:00");
}
