//! The rule whether an imported case was on time, and how far the source agrees.

use super::row::ImportCase;

/// No target = on time; closed after target, or open past it, = overdue.
/// Moments are Unix milliseconds; `as_of` is when an open case is looked at.
#[must_use]
pub fn on_time(due_ms: Option<i64>, closed_ms: Option<i64>, as_of_ms: i64) -> bool {
    due_ms.is_none_or(|due| closed_ms.unwrap_or(as_of_ms) <= due)
}

/// Compares the source's flags with [`on_time`] over a whole file. Open cases wait
/// until the end, when it is known how far the file reaches: 9 bytes each.
#[derive(Debug, Clone, Default)]
pub struct OnTimeAgreement {
    of: u64,
    agree: u64,
    open: Vec<(i64, bool)>,
}

impl OnTimeAgreement {
    /// Takes one case in; a case without a flag does not count.
    pub fn add(&mut self, case: &ImportCase) {
        let Some(flag) = case.on_time_flag else {
            return;
        };
        self.of += 1;
        match (case.due_ms, case.closed_ms) {
            (Some(due), None) => self.open.push((due, flag)),
            (due, closed) => {
                // The moment of looking does not matter here: closed, or no target.
                self.agree += u64::from(on_time(due, closed, i64::MAX) == flag);
            }
        }
    }

    /// `(of, agree)`: flagged cases, and those where the rule says the same, with
    /// open cases looked at `as_of_ms`.
    #[must_use]
    pub fn finish(&self, as_of_ms: i64) -> (u64, u64) {
        let open = self.open.iter().filter(|(due, flag)| on_time(Some(*due), None, as_of_ms) == *flag);
        (self.of, self.agree + open.count() as u64)
    }
}
