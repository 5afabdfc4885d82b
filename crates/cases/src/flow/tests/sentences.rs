//! Sentences: filled in, left out, and never in the way of a value.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn said(template: &str, facts: &[(&'static str, &str)]) -> String {
    render(template, &facts.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

#[test]
fn a_part_is_left_out_when_its_fact_is_not_known() {
    let template = "交给{body}办理[，答应{until}前办好]。";
    assert_eq!(
        said(template, &[("body", "龙腾社区物业"), ("until", "11 月 20 日")]),
        "交给龙腾社区物业办理，答应11 月 20 日前办好。"
    );
    assert_eq!(said(template, &[("body", "龙腾社区物业")]), "交给龙腾社区物业办理。");
    assert_eq!(said(template, &[("body", "龙腾社区物业"), ("until", "  ")]), "交给龙腾社区物业办理。");
}

#[test]
fn a_part_with_two_facts_needs_both() {
    let template = "好[：{answer}（{date}）]。";
    assert_eq!(said(template, &[("answer", "修好了")]), "好。");
    assert_eq!(said(template, &[("answer", "修好了"), ("date", "3 月 2 日")]), "好：修好了（3 月 2 日）。");
}

#[test]
fn a_fact_that_ends_its_own_sentence_does_not_end_it_twice() {
    assert_eq!(
        said("不归我们管：{reason}。该找：{answer}。", &[("reason", "这是电力的线。"), ("answer", "供电所！")]),
        "不归我们管：这是电力的线。该找：供电所。"
    );
    assert_eq!(said("({reason}; later)", &[("reason", "no parts.")]), "(no parts; later)");
    assert_eq!(said("因为{reason}，", &[("reason", "。")]), "因为。，", "nothing else is left to say");
    assert_eq!(said("{reason}前", &[("reason", "3.")]), "3.前", "no mark follows");
}

#[test]
fn a_value_is_never_read_as_a_template() {
    assert_eq!(said("因为{reason}。", &[("reason", "{body}[x] <b>"), ("body", "城管")]), "因为{body}[x] <b>。");
}

#[test]
fn broken_templates_are_named_and_still_read() {
    for broken in ["a]b", "[a", "[[{until}]]", "[总在]", "{until", "until}"] {
        assert!(slots(broken).is_err(), "{broken}");
        let _ = said(broken, &[("until", "明天")]);
    }
    let good = slots("{body}[到{until}]").expect("pairs up");
    assert_eq!(
        good.iter().map(|slot| (slot.name.as_str(), slot.optional)).collect::<Vec<_>>(),
        [("body", false), ("until", true)]
    );
}

/// The sentences of the standard flows: (where, text).
fn sentences() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for flow in [standard_case(), standard_task()] {
        let states = flow.states.iter().flat_map(|state| [(&state.id, &state.says), (&state.id, &state.next)]);
        for (id, words) in states.chain(flow.moves.iter().map(|mv| (&mv.id, &mv.tell))) {
            found.extend([&words.zh, &words.en].map(|text| (format!("{} {id}", flow.id), text.clone())));
        }
    }
    found
}

#[test]
fn what_is_said_reads_well_with_all_facts_and_with_the_fewest() {
    let all: BTreeMap<&str, String> = Slot::ALL.iter().map(|slot| (slot.word(), "某".to_owned())).collect();
    for (at, template) in sentences() {
        let fewest: BTreeMap<&str, String> = slots(&template)
            .expect("checked")
            .into_iter()
            .filter(|slot| !slot.optional)
            .map(|slot| (Slot::from_word(&slot.name).expect("checked").word(), "某".to_owned()))
            .collect();
        for facts in [&all, &fewest] {
            let said = render(&template, facts);
            assert!(said.ends_with(['。', '.', '？', '?']), "{at}: {said}");
            let odd = ["{", "}", "[", "]", "。。", "，。", "，，", "：。", "  ", " .", "..", ",.", "： ", ":."];
            assert!(!odd.iter().any(|mark| said.contains(mark)), "{at}: {said}");
            let first = said.chars().next().expect("not empty");
            assert!(!first.is_lowercase() && !"，。：, .".contains(first), "{at}: {said}");
        }
    }
}

#[test]
fn the_words_of_city_management_stay_out() {
    for (at, text) in sentences() {
        for word in ["立案", "派遣", "案卷", "结案", "工单", "流程", "系统", "诉求人", "责任主体", "处置"]
        {
            assert!(!text.contains(word), "{at}: {text}");
        }
    }
}

proptest! {
    #[test]
    fn filling_in_never_fails_and_keeps_every_value(template in "[a{}\\[\\]。，]{0,24}", value in "\\PC{0,12}") {
        let facts = BTreeMap::from([("a", value.clone())]);
        let said = render(&template, &facts);
        let used = slots(&template).is_ok_and(|used| used.iter().any(|slot| slot.name == "a"));
        let core = value.trim().trim_end_matches(|c| "。．，；！.,;! \n".contains(c));
        prop_assert!(!used || said.contains(core) || core.is_empty(), "{said}");
    }
}
