//! What each figure counts. Pure.

use kernel::Timestamp;

use crate::case::Case;

/// One figure's definition.
pub struct Definition {
    /// Stable English name.
    pub name: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// Other names in use.
    pub also: &'static [&'static str],
    /// Formula in words, Chinese and English.
    pub formula: (&'static str, &'static str),
    /// `None`: does not count; `Some(true)`: counts and fulfils.
    pub counts: fn(&Case, Timestamp) -> Option<bool>,
}

/// The deadline that decides in which period a case counts: the promise of its latest round, or the source's.
pub fn deadline(case: &Case) -> Option<Timestamp> {
    match &case.origin {
        Some(origin) => origin.due,
        None => case
            .clocks
            .iter()
            .rev()
            .find(|run| run.name == "handle")
            .or_else(|| case.clocks.first())
            .and_then(|run| run.due),
    }
}

/// True when a case's deadline falls in the period; a case without one counts by when it came.
pub fn in_period(case: &Case, period: Option<(Timestamp, Timestamp)>) -> bool {
    let at = deadline(case).unwrap_or(case.reported_at);
    period.is_none_or(|(from, to)| from <= at && at < to)
}

/// Cases that ought to be carried through: not joined with another, not told where else to go, not taken back.
fn ours(case: &Case) -> bool {
    !matches!(case.state.as_str(), "merged" | "declined") && case.closed_by.as_deref() != Some("retract")
}

fn filed(case: &Case) -> bool {
    case.origin.is_some() || !matches!(case.state.as_str(), "reported" | "checking" | "declined" | "merged")
}

/// Every figure there is.
pub static DEFINITIONS: &[Definition] = &[
    Definition {
        name: "filing_rate",
        zh: "受理率",
        also: &["立案率"],
        formula: ("受理的件数 ÷ 反映的件数（合并、撤回的不计）", "taken on ÷ reported (joined and taken back apart)"),
        counts: |case, _| (case.state != "merged" && case.closed_by.as_deref() != Some("retract")).then(|| filed(case)),
    },
    Definition {
        name: "response_rate",
        zh: "响应率",
        also: &["按时受理率"],
        formula: (
            "在受理时限内受理的件数 ÷ 应受理的件数（时限未到还没受理的、收回的不计）",
            "taken up within the limit ÷ taken up, or past the limit (taken back apart)",
        ),
        counts: |case, now| {
            let run = case
                .clocks
                .iter()
                .find(|run| run.name == "accept")
                .filter(|_| case.closed_by.as_deref() != Some("retract"))?;
            (run.stop.is_some() || run.late(now)).then(|| !run.late(now))
        },
    },
    Definition {
        name: "completion_rate",
        zh: "办结率",
        also: &["结案率"],
        formula: (
            "已办结的件数 ÷ 应办结的件数（告知去处、合并、撤回的不计）",
            "closed ÷ should be closed (declined, joined, taken back apart)",
        ),
        counts: |case, _| ours(case).then_some(case.state == "closed"),
    },
    Definition {
        name: "on_time_rate",
        zh: "按期办结率",
        also: &["按期处置率", "按时办结率", "按期率"],
        formula: ("没有超过答应日子的件数 ÷ 应办的件数", "not late ÷ should be handled"),
        counts: |case, now| ours(case).then(|| !late_handling(case, now)),
    },
    Definition {
        name: "rework_rate",
        zh: "返工率",
        also: &[],
        formula: ("核验没通过、重新办过的件数 ÷ 报过办结的件数", "sent back to be done again ÷ said to be done"),
        counts: |case, _| (case.finished_at.is_some()).then_some(case.rework > 0),
    },
    Definition {
        name: "return_rate",
        zh: "退回率",
        also: &["退单率"],
        formula: ("被退回过的件数 ÷ 交办过的件数", "returned by a body ÷ handed over"),
        counts: |case, _| case.clocks.iter().any(|run| run.name == "handle").then_some(case.returns > 0),
    },
    Definition {
        name: "reopen_rate",
        zh: "重办率",
        also: &["重开率"],
        formula: ("说没解决、重新办的件数 ÷ 应办结的件数", "begun again after an answer ÷ should be closed"),
        counts: |case, _| ours(case).then_some(case.round > 1),
    },
    Definition {
        name: "resolution_rate",
        zh: "解决率",
        also: &[],
        formula: ("说“解决了”的件数 ÷ 评价过的件数", "said to be solved ÷ rated"),
        counts: |case, _| case.solved,
    },
    Definition {
        name: "satisfaction_rate",
        zh: "满意率",
        also: &["满意度"],
        formula: ("满意和基本满意的件数 ÷ 评价过的件数", "satisfied or fairly satisfied ÷ rated"),
        counts: |case, _| case.satisfied.as_deref().map(|word| matches!(word, "满意" | "基本满意")),
    },
    Definition {
        name: "rating_rate",
        zh: "评价率",
        also: &["参评率"],
        formula: ("评价过的件数 ÷ 已办结的件数", "rated ÷ closed"),
        counts: |case, _| {
            (case.state == "closed" && case.closed_by.as_deref() != Some("retract")).then_some(case.solved.is_some())
        },
    },
];

fn late_handling(case: &Case, now: Timestamp) -> bool {
    match &case.origin {
        Some(_) => case.late(now),
        None => case.clocks.iter().any(|run| run.name == "handle" && run.late(now)),
    }
}
