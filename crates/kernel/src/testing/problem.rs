//! Checks of numbered problems.

use std::collections::BTreeSet;

use crate::problem::ProblemKind;

/// The `{names}` in a text.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// Numbers that are used twice or do not begin with their status, texts that are missing, and
/// placeholders that only one of the two languages has.
pub fn problem_faults(kinds: &[&'static ProblemKind]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for kind in kinds {
        let mut fault = |what: &str| faults.push(format!("{}: {what}", kind.code));
        if !seen.insert(kind.code) {
            fault("the number is used twice");
        }
        let serial = kind.code.strip_prefix(&format!("{}.", kind.status)).and_then(|rest| rest.parse::<u16>().ok());
        if serial.is_none() {
            fault("a number is the status, a point and a serial");
        }
        if !(400..600).contains(&kind.status) {
            fault("a problem has a status from 400 to 599");
        }
        let texts = [kind.title, kind.detail, kind.action];
        if texts.iter().any(|(zh, en)| zh.is_empty() || en.is_empty()) {
            fault("a text is missing");
        }
        if texts.iter().any(|(zh, en)| names(zh) != names(en)) {
            fault("the two languages have different placeholders");
        }
        if texts.iter().any(|(zh, _)| !zh.is_empty() && *zh != "{what}" && zh.is_ascii()) {
            fault("a Chinese text is not Chinese");
        }
    }
    faults
}
