//! What the rules of a district's cases rest on: its directory and its two flows.

use std::sync::Arc;

use commons::directory::Directory;
use kernel::time::{Limit, LimitUnit};

use crate::flow::{Clock, Flow, FlowFault};

/// A district's directory with its flows, immutable, swapped whole.
#[derive(Clone)]
pub struct Rulebook {
    /// Places, people, catalogue, calendar.
    pub directory: Arc<Directory>,
    /// The flow of a case.
    pub case_flow: Arc<Flow>,
    /// The flow of a task.
    pub task_flow: Arc<Flow>,
}

impl Rulebook {
    /// Reads the flows of the directory's pack.
    ///
    /// # Errors
    /// The faults of a flow that can't be read.
    pub fn new(directory: Arc<Directory>) -> Result<Self, Vec<FlowFault>> {
        let read = |name: &str| {
            let (file, text) = directory.pack.flows.get(name).cloned().unwrap_or_default();
            Flow::parse(&text, &file).map(Arc::new)
        };
        Ok(Self { case_flow: read("case")?, task_flow: read("task")?, directory })
    }

    /// How long a clock of a case runs, given its item.
    pub fn limit(&self, clock: Clock, item: &commons::catalogue::Item) -> Limit {
        let meta = &self.directory.pack.meta;
        let days = |n: u32, unit| Limit::new(n.max(1), unit).expect("a small amount");
        match clock {
            Clock::Accept => item.accept,
            Clock::Handle => item.handle,
            Clock::Check => meta.check_default,
            Clock::Verify => meta.verify_default,
            Clock::Ask => days(meta.ask_days, LimitUnit::CalendarDays),
        }
    }
}
