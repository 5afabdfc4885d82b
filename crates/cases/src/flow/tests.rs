//! Tests of flow tables: helpers that several of them share.

mod acceptance;
mod page;
mod planted;
mod properties;
mod sentences;

use super::standard::{CASE_TOML, TASK_TOML};
use super::*;

/// Reads a table that must read and gives its faults as (code, line).
fn faults(text: &str) -> Vec<(&'static str, u32)> {
    let flow = Flow::parse(text, "flow.toml").unwrap_or_else(|faults| panic!("does not read: {faults:#?}"));
    check(&flow, PERMISSIONS).into_iter().map(|fault| (fault.code, fault.line)).collect()
}

/// The 1-based line of the `id` of a state or move.
fn line_of(text: &str, id: &str) -> u32 {
    let wanted = format!("id = \"{id}\"");
    let at = text.lines().enumerate().filter(|(_, line)| *line == wanted).map(|(at, _)| at).last();
    at.unwrap_or_else(|| panic!("no {id}")) as u32 + 1
}

/// The table with `old` replaced by `new` once, within the state or move called `id`.
fn within(text: &str, id: &str, old: &str, new: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = line_of(text, id) as usize - 1;
    let length = lines[first..].iter().position(|line| line.starts_with("[[")).unwrap_or(lines.len() - first);
    let entry: String = lines[first..first + length].concat();
    assert_eq!(entry.matches(old).count(), 1, "“{old}” stands once in {id}: {entry}");
    [lines[..first].concat(), entry.replacen(old, new, 1), lines[first + length..].concat()].concat()
}

/// The table without the state or move called `id`.
fn without(text: &str, id: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = line_of(text, id) as usize - 2;
    let length =
        lines[first + 1..].iter().position(|line| line.starts_with("[[")).map_or(lines.len() - first, |at| at + 1);
    [lines[..first].concat(), lines[first + length..].concat()].concat()
}
