//! The list of numbers holds together.

use std::collections::BTreeSet;

use kernel::Lang;

use super::{ProblemBody, Refused, all};

#[test]
fn every_number_stands_once_and_begins_with_its_status() {
    let mut seen = BTreeSet::new();
    for kind in all() {
        assert!(seen.insert(kind.code), "{} stands twice", kind.code);
        let (status, serial) = kind.code.split_once('.').expect("status.serial");
        assert_eq!(status, kind.status.to_string(), "{}", kind.code);
        assert!(serial.parse::<u32>().is_ok_and(|n| n > 0), "{}", kind.code);
        assert!((400..600).contains(&kind.status), "{}", kind.code);
    }
}

#[test]
fn every_problem_says_what_is_wrong_and_what_to_do_in_both_languages_with_the_same_values() {
    let values = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    for kind in all() {
        for (zh, en) in [kind.title, kind.detail, kind.action] {
            assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{}", kind.code);
            assert_eq!(values(zh), values(en), "{}: {zh} / {en}", kind.code);
        }
    }
}

#[test]
fn a_cause_is_never_told_to_the_caller() {
    let problem = kernel::Problem::new(&kernel::problem::INTERNAL).caused_by("table case has no column secret");
    let refused = Refused::from(problem);
    for lang in [Lang::Zh, Lang::En] {
        let body = serde_json::to_string(&ProblemBody::new(&refused.0, lang)).expect("plain data");
        assert!(!body.contains("secret"), "{body}");
        assert!(body.contains("\"code\":\"500.1\"") && body.contains("\"type\":\"/api/v1/problems#500.1\""), "{body}");
    }
}
