//! Which name the words speak of. Pure.

use std::collections::BTreeMap;

/// Weight of the pieces found that a name needs to be proposed: one that no other name has.
const WEIGHT_LEAST: f64 = 1.0;
/// By how much the first must be ahead of the second.
const WEIGHT_AHEAD: f64 = 0.5;

/// The name that the words speak of, by its position, with the longest piece of it that stands in them.
///
/// A name that stands there whole is meant, the longest of several. Else names are weighed by the pairs
/// of characters that stand in the words; a pair counts the less, the more names have it.
pub fn best(names: &[&str], text: &str) -> Option<(usize, String)> {
    let whole = names.iter().enumerate().filter(|(_, name)| name.chars().count() > 1 && text.contains(**name));
    // The first of equally long ones: names stand in the order of their codes.
    if let Some((at, name)) = whole.rev().max_by_key(|(_, name)| name.chars().count()) {
        return Some((at, (*name).to_owned()));
    }
    let mut names_with: BTreeMap<String, f64> = BTreeMap::new();
    for name in names {
        let mut pairs = pairs(name);
        pairs.sort();
        pairs.dedup();
        for pair in pairs {
            *names_with.entry(pair).or_default() += 1.0;
        }
    }
    let weight = |name: &str| -> f64 {
        let mut found: Vec<String> = pairs(name).into_iter().filter(|pair| text.contains(pair.as_str())).collect();
        found.sort();
        found.dedup();
        found.iter().filter_map(|pair| names_with.get(pair)).map(|n| 1.0 / n).sum()
    };
    let mut weighed: Vec<(usize, f64)> = names.iter().enumerate().map(|(at, name)| (at, weight(name))).collect();
    weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (at, first) = *weighed.first()?;
    let second = weighed.get(1).map_or(0.0, |(_, weight)| *weight);
    if first < WEIGHT_LEAST || first - second < WEIGHT_AHEAD {
        return None;
    }
    Some((at, longest(names[at], text)))
}

fn pairs(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    chars.windows(2).filter(|pair| pair.iter().all(|c| c.is_alphanumeric())).map(|pair| pair.iter().collect()).collect()
}

/// The longest part of a name that stands in the words.
fn longest(name: &str, text: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    for length in (2..=chars.len()).rev() {
        for part in chars.windows(length) {
            let part: String = part.iter().collect();
            if text.contains(&part) {
                return part;
            }
        }
    }
    String::new()
}
