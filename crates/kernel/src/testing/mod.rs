//! What the tests of every floor stand on: engines over throw-away databases, and the checks of
//! statements, schema and columns. Compiled for tests and with the feature `testing` only.
//!
//! A fault is a sentence; a check answers the list of them, so that a test is one line:
//! `assert_eq!(statement_faults(&schema, &statements(), &[]), Vec::<String>::new())`.

mod database;
mod problem;
mod schema;
mod statement;

use std::sync::Arc;

use tempfile::TempDir;

use crate::{
    Engine, Rng, Timestamp,
    engine::Options,
    store::{Lite, LiteMode, Migration, StoreError, Target, migrate},
    time::{Clock, VirtualClock},
    vault::Keys,
};

pub use database::{POSTGRES_VARIABLE, postgres_database, postgres_pg};
pub use problem::problem_faults;
pub use schema::{CLASSES, RETENTIONS, column_faults, schema_equal, schema_text};
pub use statement::{check_statements, lint_statements, statement_faults};

/// Connections or reader threads of a test's engine.
const READERS: usize = 8;

/// The moment at which tests begin: 2026-03-02, a Monday, 09:00 in Hangzhou.
pub const START: Timestamp = Timestamp::from_ms(1_772_413_200_000);

/// A virtual clock that stands at [`START`].
pub fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::new(START))
}

/// Options of a test's engine: everything drawn comes from `seed`, also the keys of the vault.
pub fn options(schema: &[Migration], clock: Arc<dyn Clock>, seed: u64) -> Options {
    let mut rng = Rng::seeded(seed);
    let keys = Keys::of(&rng.bytes());
    Options { clock, rng, keys, schema: schema.to_vec(), readers: READERS }
}

/// SQLite as it serves: a file in a folder of its own, the group writer, reader threads. Keep the
/// folder as long as the engine.
///
/// # Panics
/// When it can't be opened or migrated.
pub fn lite_engine(schema: &[Migration]) -> (Engine, TempDir) {
    lite_engine_with(options(schema, clock(), 1))
}

/// [`lite_engine`] with options of one's own.
///
/// # Panics
/// When it can't be opened or migrated.
pub fn lite_engine_with(options: Options) -> (Engine, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let engine = Engine::open(&format!("sqlite:{}", folder.path().join("test.db").display()), options);
    (engine.expect("the engine opens"), folder)
}

/// SQLite in memory without threads; the same seed and clock give the same rows.
///
/// # Panics
/// When it can't be opened or migrated.
pub fn inline_engine(schema: &[Migration], clock: Arc<dyn Clock>, seed: u64) -> Engine {
    Engine::inline("sqlite::memory:", options(schema, clock, seed)).expect("the engine opens")
}

/// PostgreSQL on a database of its own; `None` when no server is named by [`POSTGRES_VARIABLE`].
///
/// # Panics
/// When a server is named but can't be used.
pub fn postgres_engine(schema: &[Migration]) -> Option<Engine> {
    postgres_engine_with(options(schema, clock(), 1))
}

/// [`postgres_engine`] with options of one's own.
///
/// # Panics
/// When a server is named but can't be used.
pub fn postgres_engine_with(options: Options) -> Option<Engine> {
    let url = postgres_database(&options.schema)?;
    Some(Engine::open(&url, options).expect("the engine opens"))
}

/// A bare SQLite connection in memory with this schema, for checks of statements and plans.
///
/// # Errors
/// When the schema can't be applied.
pub fn lite_memory(schema: &[Migration]) -> Result<Lite, StoreError> {
    let lite = Lite::open(std::path::Path::new(":memory:"), LiteMode::Write)?;
    migrate(Target::Lite(&lite), schema)?;
    Ok(lite)
}
