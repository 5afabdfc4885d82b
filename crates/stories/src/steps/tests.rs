//! The vocabulary is unambiguous, and docs/stories.md lists exactly what is defined.

use std::path::PathBuf;

use super::*;
use crate::{
    actions::{self, ACTIONS},
    gather,
};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/stories.md");
const STORIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../stories");

/// A text of a form, its values filled in.
fn example(says: &str) -> String {
    let mut out = String::new();
    let mut rest = says;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("“{") {
            out.push_str("“值”");
            rest = after.split_once("}”").expect("closed").1;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (inside, after) = after.split_once('}').expect("closed");
            out.push_str(inside.split_once(':').map_or("3", |(_, words)| words.split('|').next().unwrap_or_default()));
            rest = after;
        } else {
            if !"[]".contains(c) {
                out.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    crate::text::one_form(&out)
}

#[test]
fn every_form_is_matched_by_its_own_step_and_by_no_other() {
    for step in STEPS {
        for text in [example(step.says), example(step.says).replace(' ', "")] {
            let found: Vec<&str> = matching(&text).iter().map(|s| s.says).collect();
            assert_eq!(found, [step.says], "{text}");
        }
    }
}

#[test]
fn a_pattern_takes_the_numerals_and_words_of_its_slots() {
    for text in ["过了 3 个工作日", "过了三个工作日", "过了 两 天", "过了30分钟", "过了 半 小时"]
    {
        assert_eq!(matching(text).len(), 1, "{text}");
    }
    assert_eq!(matching("过了 3 个世纪").len(), 0);
    assert_eq!(matching("“路灯” 的 “状态” 变成 “已办结”").len(), 0);
    assert_eq!(matching("指标 “办结率” 在 “龙腾社区” 为 19 / 20").len(), 1);
}

fn keyword(kind: Kind) -> &'static str {
    match kind {
        Kind::Assume => "假如",
        Kind::Act => "当",
        Kind::Check | Kind::Refusal => "那么",
    }
}

fn steps_section(frozen: bool) -> String {
    let line = |s: &StepDef| format!("- `{} {}` {}。\n", keyword(s.kind), s.says, s.note);
    STEPS.iter().filter(|s| s.frozen == frozen).map(line).collect()
}

fn actions_section() -> String {
    let mut out = String::from("| 动作 | 也写 | 做什么 | 要写 |\n|---|---|---|---|\n");
    for action in ACTIONS {
        out.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            action.word,
            action.also.join("、"),
            action.does,
            action.needs
        ));
    }
    out
}

fn list(fields: &[&str]) -> String {
    format!("{}\n", fields.join("、"))
}

/// The sections of the document that are written from the code.
fn sections() -> Vec<(&'static str, String)> {
    vec![
        ("steps frozen", steps_section(true)),
        ("steps more", steps_section(false)),
        ("actions", actions_section()),
        ("fields action", list(actions::FIELDS)),
        ("fields report", list(acts::REPORT_FIELDS)),
        ("fields decision", list(practice::DECISION_FIELDS)),
        ("fields meeting", list(practice::MEETING_FIELDS)),
        ("fields case", list(checks::FIELDS)),
    ]
}

#[test]
fn the_document_lists_every_step_action_and_field_and_nothing_else() {
    let before = std::fs::read_to_string(DOCUMENT).expect("the document is there");
    let mut after = before.clone();
    for (name, wanted) in sections() {
        let open = format!("<!-- {name} -->\n");
        let (head, rest) = after.split_once(&open).unwrap_or_else(|| panic!("docs/stories.md has no {open}"));
        let (_, tail) = rest.split_once("<!-- end -->").expect("a section ends");
        after = format!("{head}{open}\n{wanted}\n<!-- end -->{tail}");
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(DOCUMENT, &after).expect("the document can be written");
        return;
    }
    assert_eq!(before, after, "docs/stories.md is not what the code says: BLESS=1 cargo test -p stories");
}

#[test]
fn the_contract_s_actions_and_fields_are_there() {
    const WORDS: &str = "核实, 受理, 告知去处, 合并, 当场答复, 交办, 协办, 吹哨, 签收, 退回, 裁定, 延期, 暂缓, 恢复, 提级, 上会, 报办结, 核验通过, 核验不通过, 评价, 没解决, 回头看, 撤回";
    for word in WORDS.split(", ") {
        assert!(ACTIONS.iter().any(|a| a.word == word), "{word}");
    }
    for field in "状态, 编号, 所在网格, 责任人, 主办单位, 承诺时限, 是否逾期, 轮次, 答复, 办结依据".split(", ")
    {
        assert!(checks::FIELDS.contains(&field), "{field}");
    }
    for field in "单位, 理由, 依据, 答复, 期限, 照片, 解决, 满意".split(", ") {
        assert!(actions::FIELDS.contains(&field), "{field}");
    }
}

#[test]
fn the_worked_example_of_the_document_has_only_defined_steps() {
    let text = std::fs::read_to_string(DOCUMENT).expect("the document is there");
    let example = text.split_once("```gherkin\n").and_then(|(_, rest)| rest.split_once("```")).expect("an example").0;
    let feature = gather::parse(example).expect("the example is readable");
    for step in feature.scenarios.iter().flat_map(|s| &s.steps) {
        assert_eq!(matching(&step.value).len(), 1, "{}", step.value);
    }
}

#[test]
fn every_shipped_story_is_readable_and_has_only_defined_steps() {
    let gathered = gather::gather(&[PathBuf::from(STORIES)]);
    let unread: Vec<String> = gathered.unread.iter().map(|u| format!("{}: {}", u.path.display(), u.why)).collect();
    assert_eq!(unread, Vec::<String>::new());
    assert!(gathered.scenarios() > 0);
    for feature in &gathered.features {
        let scenarios = feature.scenarios.iter().chain(feature.rules.iter().flat_map(|r| &r.scenarios));
        let steps = feature.background.iter().flat_map(|b| &b.steps).chain(scenarios.flat_map(|s| &s.steps));
        for step in steps {
            let found: Vec<&str> = matching(&step.value).iter().map(|s| s.says).collect();
            assert_eq!(found.len(), 1, "{}: {} {found:?}", feature.name, step.value);
        }
    }
}

#[test]
fn a_refusal_is_expected_only_before_the_next_act() {
    let feature = gather::parse(
        "功能: 拒绝\n  场景: 一\n    当 “甲” 对 “事” 执行 “受理”\n    那么 “事” 的 “状态” 为 “已收到”\n    并且 操作被拒绝\n    当 “甲” 对 “事” 执行 “受理”\n    当 “甲” 对 “事” 执行 “交办”\n    那么 操作被拒绝 编号 “422.3”\n",
    )
    .expect("readable");
    let mut story = Story::default();
    story.plan = plan(&feature, None, &feature.scenarios[0]);
    let expected: Vec<bool> = (1..=6)
        .map(|begun| {
            story.begun = begun;
            story.refusal_is_expected()
        })
        .collect();
    assert_eq!(expected, [true, true, false, false, true, false]);
}
