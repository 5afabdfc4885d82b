//! What others call: the names of the contract, look-ups, who may, what is missing.

use super::*;

/// The moves that other programs call, with the action word and the states they are called from.
const CONTRACT: &[(&str, &str, &[&str], &str)] = &[
    ("check", "核实", &["reported"], "checking"),
    ("confirm", "核实属实", &["checking"], "filed"),
    ("not_found", "查无此事", &["checking"], "declined"),
    ("file", "受理", &["reported", "checking"], "filed"),
    ("decline", "告知去处", &["reported", "checking", "filed"], "declined"),
    ("merge", "合并", &["reported", "checking", "filed", "handling"], "merged"),
    ("answer_now", "当场答复", &["reported", "filed"], "asking"),
    ("dispatch", "交办", &["filed", "handling"], "handling"),
    ("hold", "暂缓", &["filed", "handling"], "held"),
    ("resume", "恢复", &["held"], "handling"),
    ("escalate", "提级", &["reported", "checking", "filed", "handling"], "="),
    ("finish", "报办结", &["handling"], "verifying"),
    ("pass", "核验通过", &["verifying"], "asking"),
    ("fail", "核验不通过", &["verifying"], "handling"),
    ("ask", "请您评价", &["verifying"], "asking"),
    ("solved", "评价", &["asking"], "closed"),
    ("not_solved", "没解决", &["asking"], "handling"),
    ("close", "未评价", &["asking"], "closed"),
    ("reopen", "没解决", &["closed"], "handling"),
    ("look_back", "回头看", &["closed"], "="),
];

#[test]
fn the_standard_flows_have_no_fault() {
    assert_eq!(check(standard_case(), PERMISSIONS), []);
    assert_eq!(check(standard_task(), PERMISSIONS), []);
}

#[test]
fn every_move_of_the_contract_leaves_and_reaches_the_states_it_names() {
    for (id, zh, from, to) in CONTRACT {
        let mv = standard_case().mv(id).unwrap_or_else(|| panic!("no {id}"));
        assert_eq!((mv.zh.as_str(), mv.to.as_str()), (*zh, *to), "{id}");
        assert_eq!(mv.from, *from, "{id}");
    }
    for id in ["acknowledge", "return", "done", "withdraw", "extend"] {
        assert!(standard_task().mv(id).is_some(), "{id}");
    }
}

#[test]
fn every_action_word_of_the_stories_names_a_move() {
    let of_cases = "核实 受理 告知去处 合并 当场答复 交办 协办 吹哨 裁定 暂缓 恢复 提级 上会 报办结 核验通过 核验不通过 评价 没解决 回头看 撤回";
    for word in of_cases.split(' ') {
        assert!(!standard_case().by_action_zh(word).is_empty(), "{word}");
    }
    for word in ["签收", "退回", "延期", "报办结", "撤回"] {
        assert_eq!(standard_task().by_action_zh(word).len(), 1, "{word}");
    }
}

#[test]
fn the_states_carry_the_words_said_to_people() {
    let words = "已收到 核实中 已受理 办理中 暂缓办理 核验中 待您评价 已办结 已告知去处 已合并办理";
    let states: Vec<&str> = standard_case().states.iter().map(|state| state.zh.as_str()).collect();
    assert_eq!(states.join(" "), words);
    assert_eq!(standard_case().state_zh("办理中").map(|state| state.id.as_str()), Some("handling"));
    assert_eq!(standard_case().state_zh("立案"), None);
}

#[test]
fn one_action_word_is_told_apart_by_the_state_it_leaves() {
    let flow = standard_case();
    assert_eq!(flow.by_action_zh("没解决").len(), 2);
    assert_eq!(flow.action_from("asking", "没解决").map(|mv| mv.id.as_str()), Some("not_solved"));
    assert_eq!(flow.action_from("closed", "没解决").map(|mv| mv.id.as_str()), Some("reopen"));
    assert_eq!(flow.action_from("filed", "没解决"), None);
}

#[test]
fn what_may_follow_is_read_from_the_table() {
    let ids = |state| standard_case().allowed(state).into_iter().map(|mv| mv.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids("verifying"), ["pass", "fail", "ask"]);
    assert_eq!(ids("asking"), ["solved", "not_solved", "close"]);
    assert_eq!(ids("held"), ["resume"]);
    assert_eq!(ids("nowhere"), [""; 0]);
    let escalate = standard_case().mv("escalate").expect("in the table");
    assert_eq!(escalate.target("handling"), "handling");
    assert!(!escalate.leaves("closed"));
}

#[test]
fn permission_words_used_are_the_ones_listed() {
    let moves = standard_case().moves.iter().chain(&standard_task().moves);
    let used: BTreeSet<&str> = moves.filter_map(|mv| mv.permission.as_deref()).collect();
    let spare: Vec<&str> = PERMISSIONS.iter().copied().filter(|word| !used.contains(word)).collect();
    assert_eq!(spare, ["case.close"], "closing by silence is the system's alone");
}

#[test]
fn the_handler_may_neither_pass_nor_rate_their_own_work() {
    use Relation::{Asker, NotHandler, Owner, System, TaskBody};
    let may = |id: &str, holds, relations: &[Relation]| {
        standard_case().mv(id).expect("in the table").admits(holds, relations)
    };
    assert!(may("pass", true, &[NotHandler]));
    assert!(!may("pass", true, &[TaskBody]), "worked on it");
    assert!(!may("pass", false, &[NotHandler]), "no permission");
    assert!(may("solved", false, &[Asker, NotHandler]));
    assert!(!may("solved", false, &[Asker, TaskBody]), "raised it and did it");
    assert!(may("solved", true, &[NotHandler]), "writes down the asker's word");
    assert!(!may("solved", true, &[Owner]));
    assert!(!may("close", true, &[Owner, NotHandler]) && may("close", false, &[System]));
    assert!(may("finish", true, &[TaskBody]) && may("finish", true, &[Owner]));
    assert!(!may("finish", true, &[NotHandler]), "neither the body nor the owner");
    assert!(!may("finish", false, &[System]), "nothing is done by itself");
    assert!(may("retract", false, &[Asker]) && !may("retract", true, &[Owner]));
    assert!(may("dispatch", true, &[]) && !may("dispatch", false, &[Owner]));
}

#[test]
fn what_is_missing_comes_in_the_order_of_the_table() {
    let hold = standard_case().mv("hold").expect("in the table");
    assert_eq!(hold.missing(&BTreeSet::new()), [Need::Reason, Need::Until]);
    assert_eq!(hold.missing(&BTreeSet::from([Need::Reason])), [Need::Until]);
    assert_eq!(hold.missing(&BTreeSet::from([Need::Until, Need::Reason, Need::Body])), []);
}

#[test]
fn lists_read_back_what_they_write() {
    for relation in Relation::ALL {
        assert_eq!(Relation::from_word(relation.word()), Some(*relation));
    }
    for effect in Effect::ALL {
        assert_eq!(Effect::from_word(effect.word()), Some(*effect));
    }
    assert_eq!(Need::from_word("Reason"), None);
    let json = serde_json::to_value(standard_case().mv("hold").expect("in the table")).expect("plain data");
    assert_eq!(json["requires"], serde_json::json!(["reason", "until"]));
    assert_eq!(json["clocks"]["pause"], serde_json::json!(["handle"]));
    assert_eq!(json["tone"], "warn");
}
