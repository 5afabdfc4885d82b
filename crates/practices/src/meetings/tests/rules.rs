//! Tests of the rules.

use kernel::Lang;
use proptest::prelude::*;

use super::super::rules::{DecisionKind, Present, RESIDENTS, moves, present, sentence};
use crate::tests::{GRID, House, refused};

#[test]
fn the_moves_of_a_decision_are_moves_of_the_flow() {
    let flow = House::new().rules.case_flow;
    let open = ["reported", "checking", "filed", "handling"];
    for kind in DecisionKind::ALL {
        for handed_here in [false, true] {
            for start in open {
                // In hand, an answer or a refusal comes too late: the flow says so.
                let too_late = start == "handling" && matches!(kind, DecisionKind::Answer | DecisionKind::Decline);
                let mut state = start.to_owned();
                let mut legal = true;
                for word in moves(kind, start, handed_here) {
                    let mv = flow.mv(word).unwrap_or_else(|| panic!("no move {word}"));
                    legal &= mv.leaves(&state);
                    state = mv.target(&state).to_owned();
                }
                assert_eq!(legal, !too_late, "{kind:?} from {start}");
                if legal && kind == DecisionKind::HandOver {
                    assert_eq!(state, "handling");
                }
            }
        }
    }
}

#[test]
fn who_was_there_is_read_without_naming_anybody_private() {
    let house = House::new();
    let directory = &house.rules.directory;
    let place = directory.place_named(GRID).unwrap().id;
    let read = |text: &str| present(directory, &[text.to_owned()], &place, house.engine.now());
    let group = |word: &str, count| Present::Group(word.into(), count);
    assert_eq!(read("居民代表 6 人，业主12户；党员3名").0, [group("居民代表", 6), group("业主", 12), group("党员", 3)]);
    assert_eq!(read("网格党支部、物业").0, [group("网格党支部", 0), group("物业", 0)]);
    assert_eq!(read("专职网格员 2 人").0, [group("专职网格员", 2)]);
    assert_eq!(read("周网格员").0.len(), 1);
    assert!(matches!(read("悦贤里物业").0[0], Present::Known(_)));
    assert_eq!(read("李女士等 3 人"), (vec![group(RESIDENTS, 1)], vec!["李女士等 3 人".to_owned()]));
    assert_eq!(read(" 、 ，"), (vec![], vec![]));
}

proptest! {
    #[test]
    fn what_is_not_known_is_sealed(text in "\\PC{0,40}") {
        let house = HOUSE.with(|house| house.rules.directory.clone());
        let place = house.place_named(GRID).unwrap().id;
        let (out, names) = present(&house, std::slice::from_ref(&text), &place, kernel::testing::START);
        for one in &out {
            if let Present::Group(word, count) = one {
                prop_assert!(*count >= 0);
                prop_assert!(word == RESIDENTS || !names.contains(word));
            }
        }
        prop_assert_eq!(names.is_empty(), !out.contains(&Present::Group(RESIDENTS.into(), i64::try_from(names.len()).unwrap())));
    }
}

thread_local! {
    static HOUSE: House = House::new();
}

#[test]
fn a_sentence_says_who_leads_does_and_watches() {
    assert_eq!(sentence("议事会", "划线。", None, "", None, None), "议事会定下：划线");
    assert_eq!(
        sentence("议事会", "划线", Some("支部"), "物业", Some("业委会"), Some("3 月 1 日")),
        "议事会定下：划线（支部牵头，物业承办，业委会监督，3 月 1 日前办好）"
    );
}

#[test]
fn kinds_are_read_by_word_and_by_name() {
    for kind in DecisionKind::ALL {
        for word in [kind.word(), kind.says(Lang::Zh), kind.says(Lang::En)] {
            assert_eq!(DecisionKind::read(word).unwrap(), kind);
        }
    }
    assert_eq!(refused(DecisionKind::read("表决")), "422.37");
}
