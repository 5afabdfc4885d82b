//! The ground floor: time, ids, store, journal, vault, access, outbox, timers, problems, engine.
//!
//! It knows nothing of governance. What belongs here is what every floor above needs and what
//! must be the same everywhere: how a write commits, how history is kept, how personal data is
//! sealed. What does not: places, people's offices, cases.

pub mod access;
pub mod engine;
pub mod id;
pub mod idempotency;
pub mod journal;
pub mod lang;
pub mod outbox;
pub mod problem;
pub mod rng;
pub mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod time;
pub mod timer;
pub mod vault;

pub use engine::{Answer, Command, Done, Engine, Once, Tx};
pub use lang::Lang;
pub use problem::{Problem, ProblemKind};
pub use rng::Rng;
pub use time::Timestamp;

/// Results whose failure is answered to a caller.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// The ground floor's part of the schema.
pub static MIGRATIONS: &[store::Migration] =
    &[store::Migration { id: "0001_kernel", ddl: include_str!("migrations/0001_kernel.sql") }];

/// Every statement of this crate, for the registry's test.
pub fn statements() -> Vec<&'static store::Sql> {
    [
        journal::STATEMENTS,
        idempotency::STATEMENTS,
        vault::STATEMENTS,
        access::STATEMENTS,
        outbox::STATEMENTS,
        timer::STATEMENTS,
    ]
    .concat()
}
