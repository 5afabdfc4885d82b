//! The vocabulary: every step with its form, what it does, and how it is matched.
//!
//! A form is written as in the documents: `“{人}” 在 “{地点}” 任 “{岗位}”`. From it the pattern is
//! made: `“{…}”` is a value, `{N}` a number in digits or Chinese numerals, `{…:a|b}` one of the
//! words, `[…]` may be left out, a blank may be there or not. The keyword (假如, 当, 那么) is the
//! writer's choice; what a step does is the same under each.

mod acts;
mod assume;
mod checks;
mod list;
mod practice;
mod teams;

use std::collections::BTreeSet;

use cucumber::{
    gherkin,
    step::{Collection, Context, Location},
};
use futures::future::LocalBoxFuture;
use regex::Regex;

use crate::{
    text,
    world::{PlannedStep, Story, Told},
};

pub use list::STEPS;

/// What kind of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 假如: makes what the story assumes.
    Assume,
    /// 当: somebody does something; it can be refused.
    Act,
    /// 那么: looks at how things stand.
    Check,
    /// 那么: expects that the act before was refused.
    Refusal,
}

/// One step of the vocabulary.
pub struct StepDef {
    /// Its form.
    pub says: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// True when the contract freezes it.
    pub frozen: bool,
    /// What it does, in Chinese.
    pub note: &'static str,
    /// Carries it out.
    pub run: for<'a> fn(&'a mut Story, Context) -> LocalBoxFuture<'a, ()>,
}

/// What a step was given: the values of its form, its table, its text block.
pub struct Given {
    values: Vec<String>,
    table: Option<Vec<Vec<String>>>,
    block: Option<String>,
}

impl Given {
    fn of(context: &Context) -> Self {
        Self {
            values: context.matches.iter().skip(1).map(|(_, value)| value.trim().to_owned()).collect(),
            table: context.step.table.as_ref().map(|t| t.rows.clone()),
            block: context.step.docstring.as_ref().map(|d| d.trim().to_owned()),
        }
    }

    /// The value at a position of the form, from 0.
    pub fn at(&self, index: usize) -> &str {
        self.values.get(index).map_or("", String::as_str)
    }

    /// The number at a position of the form.
    pub fn number(&self, index: usize) -> Told<u32> {
        text::number(self.at(index)).ok_or_else(|| format!("看不懂“{}”这个数", self.at(index)))
    }

    /// The table by field; empty without one.
    pub fn fields(&self) -> Told<std::collections::BTreeMap<String, String>> {
        self.table.as_deref().map_or_else(|| Ok(Default::default()), text::fields)
    }

    /// The text block below the step.
    pub fn block(&self) -> Option<&str> {
        self.block.as_deref()
    }
}

/// Pattern of a number: digits (grouped or not) or Chinese numerals.
const NUMBER: &str = "([0-9][0-9,.]*|[零〇一二两三四五六七八九十百千万半]+)";

/// The pattern of a form.
pub fn pattern(says: &str) -> String {
    let mut out = String::from("^");
    let mut rest = says;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("“{") {
            let (_, after) = after.split_once("}”").expect("a value of a form is closed");
            out.push_str("“([^”]*)”");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (inside, after) = after.split_once('}').expect("a slot of a form is closed");
            match inside.split_once(':') {
                Some((_, words)) => out.push_str(&format!("({words})")),
                None => out.push_str(NUMBER),
            }
            rest = after;
        } else {
            match c {
                ' ' | '，' => out.push_str(" *"),
                '/' => out.push_str(" */ *"),
                '[' => out.push_str("(?:"),
                ']' => out.push_str(")?"),
                c => out.push_str(&regex::escape(&c.to_string())),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    out.push('$');
    out
}

/// The whole vocabulary, under every keyword.
pub fn collection() -> Collection<Story> {
    let mut out = Collection::new();
    for (index, step) in STEPS.iter().enumerate() {
        let regex = Regex::new(&pattern(step.says)).expect("a form gives a pattern");
        let at = Some(Location { path: "docs/stories.md", line: u32::try_from(index).unwrap_or(0) + 1, column: 1 });
        out = out.given(at, regex.clone(), step.run).when(at, regex.clone(), step.run).then(at, regex, step.run);
    }
    out
}

/// The steps whose form a text has.
pub fn matching(value: &str) -> Vec<&'static StepDef> {
    thread_local! {
        static PATTERNS: Vec<Regex> = STEPS.iter().map(|s| Regex::new(&pattern(s.says)).expect("a form gives a pattern")).collect();
    }
    PATTERNS.with(|patterns| {
        patterns.iter().zip(STEPS).filter(|(regex, _)| regex.is_match(value)).map(|(_, step)| step).collect()
    })
}

/// Looks at all steps of a scenario before the first one runs.
pub fn plan(
    feature: &gherkin::Feature,
    rule: Option<&gherkin::Rule>,
    scenario: &gherkin::Scenario,
) -> Vec<PlannedStep> {
    let backgrounds = feature.background.iter().chain(rule.and_then(|r| r.background.as_ref()));
    let steps = backgrounds.flat_map(|b| &b.steps).chain(&scenario.steps);
    steps
        .map(|step| match matching(&step.value).first().map(|s| s.kind) {
            Some(Kind::Act) => PlannedStep::Act,
            Some(Kind::Refusal) => PlannedStep::ExpectsRefusal,
            _ => PlannedStep::Other,
        })
        .collect()
}

/// Who acts or is looked at in a scenario, and the bodies or places where it appoints somebody to act
/// for a body. A body that acts and has nobody gets somebody.
pub fn people(
    feature: &gherkin::Feature,
    rule: Option<&gherkin::Rule>,
    scenario: &gherkin::Scenario,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let backgrounds = feature.background.iter().chain(rule.and_then(|r| r.background.as_ref()));
    let (mut acting, mut manned) = (BTreeSet::new(), BTreeSet::new());
    for step in backgrounds.flat_map(|b| &b.steps).chain(&scenario.steps) {
        let Some(def) = matching(&step.value).first().copied() else { continue };
        let values: Vec<&str> =
            step.value.split('“').skip(1).filter_map(|v| Some(v.split_once('”')?.0.trim())).collect();
        match (def.says.starts_with("“{人}”"), def.kind, values.as_slice()) {
            (true, Kind::Assume, [_, at, ..]) => manned.insert((*at).to_owned()),
            (true, Kind::Act | Kind::Check, [who, ..]) => acting.insert((*who).to_owned()),
            _ => false,
        };
    }
    (acting, manned)
}

/// Ends a step: its sentence fails the scenario.
fn told(outcome: Told) {
    if let Err(why) = outcome {
        panic!("{why}");
    }
}

#[cfg(test)]
mod tests;
