//! The two flows every district starts from, as they stand in the base pack.

use std::sync::LazyLock;

use super::Flow;

pub(super) const CASE_TOML: &str = include_str!("../../../../packs/zhejiang/flows/case.toml");
pub(super) const TASK_TOML: &str = include_str!("../../../../packs/zhejiang/flows/task.toml");

/// The standard flow of a case.
pub fn standard_case() -> &'static Flow {
    static FLOW: LazyLock<Flow> = LazyLock::new(|| embedded(CASE_TOML, "packs/zhejiang/flows/case.toml"));
    &FLOW
}

/// The standard flow of a task.
pub fn standard_task() -> &'static Flow {
    static FLOW: LazyLock<Flow> = LazyLock::new(|| embedded(TASK_TOML, "packs/zhejiang/flows/task.toml"));
    &FLOW
}

/// A fault here is a programmer's: the text is part of the binary and a test reads it.
fn embedded(text: &str, file: &str) -> Flow {
    Flow::parse(text, file).unwrap_or_else(|faults| panic!("the embedded flow does not read: {faults:?}"))
}
