//! Benchmarks: each makes its own data in a temporary folder, measures, and removes it.
//!
//! Those over HTTP start the program itself as a child process (`serve`), so that server and client
//! are told apart: CPU and memory are the server's own. Latencies are those that a client sees.
//! What is measured and how stands in `docs/benchmarks.md`.

mod figures;
mod http;
mod locate;
mod machine;
mod world;

use std::path::PathBuf;

use serde_json::Value;

pub use http::{lifecycle, list, report};
pub use locate::locate;

/// How much load.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Clients at once, each on one connection of its own.
    pub clients: usize,
    /// Seconds that are measured, after a second of warming up.
    pub seconds: u64,
}

/// Where a benchmark runs.
pub struct Setting<'a> {
    /// A PostgreSQL server to use instead of SQLite: an address with a database that may be
    /// connected to; the benchmark makes a database of its own beside it.
    pub postgres: Option<String>,
    /// The program, for `serve`.
    pub program: PathBuf,
    /// The folder in which the temporary one is made; the system's own without one.
    pub folder: Option<PathBuf>,
    /// Progress, for people.
    pub say: &'a dyn Fn(&str),
}

/// What a benchmark gives: one JSON object.
pub type Measured = anyhow::Result<Value>;
