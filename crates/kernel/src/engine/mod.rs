//! The one way in and out: `write` runs a command in a transaction, `read` a query in a snapshot.
//!
//! A command is owned data and a closure that can be run again and has no effect outside its
//! [`Tx`]. Its rows, journal entries, messages and timers commit together (I1). On SQLite one
//! writer thread executes queued commands, each in a savepoint, and commits many with one fsync;
//! on PostgreSQL each command has its own transaction on a blocking thread, run again after a
//! serialization failure or deadlock. [`Engine::inline`] has no threads: simulation and stories.

mod group;
mod inline;
mod postgres;
mod readers;
mod run;
#[cfg(test)]
mod tests;
mod tx;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU32},
};

use parking_lot::Mutex;

use crate::{
    Problem, Result, Rng, Timestamp,
    idempotency::{Key, Reference},
    journal::Receipt,
    store::{Db, Lite, LiteMode, Migration, StoreError, Target, migrate, pg_connect},
    time::Clock,
    vault::Keys,
};

pub use tx::Tx;

/// Commands that one commit may hold.
pub const BATCH_COMMANDS_MAX: usize = 256;
/// Commands that may wait; the next one is told to come again.
pub const QUEUE_COMMANDS_MAX: usize = 4_096;

/// Who asks for what, before the command runs.
#[derive(Debug, Clone)]
pub struct Command {
    /// The district it writes to.
    pub district: String,
    /// Who: an account's id, `asker`, `anonymous`, `system`, `import`, `demo`.
    pub actor: String,
}

impl Command {
    /// A command of somebody in a district.
    pub fn new(district: impl Into<String>, actor: impl Into<String>) -> Self {
        Self { district: district.into(), actor: actor.into() }
    }
}

/// A committed command: its value and the receipts of its journal entries.
#[derive(Debug, Clone)]
pub struct Done<T> {
    /// What the command gave.
    pub value: T,
    /// Its entries in the journal; empty when the answer was rendered again.
    pub receipts: Vec<Receipt>,
    /// True when the key had been used and nothing was done now.
    pub again: bool,
}

/// An answer that can be rendered again for a repeated key.
pub trait Answer: Sized + Send + 'static {
    /// From which version of which subject.
    fn reference(&self) -> Reference;
    /// Renders it again.
    ///
    /// # Errors
    /// When the subject can't be read.
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self>;
}

/// A caller's key, where there is one.
pub type Once = Option<Key>;

/// How an engine is opened.
pub struct Options {
    /// The clock; a virtual one in tests, stories and simulation.
    pub clock: Arc<dyn Clock>,
    /// Seeded for replay; the system's CSPRNG otherwise.
    pub rng: Rng,
    /// The keys of the vault.
    pub keys: Keys,
    /// The schema, in order.
    pub schema: Vec<Migration>,
    /// Threads (SQLite) or connections (PostgreSQL) for reading.
    pub readers: usize,
}

pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Mutex<Rng>,
    pub(crate) keys: Keys,
    /// Batches of the group writer that are still to be guarded command by command.
    pub(crate) apart: AtomicU32,
}

enum Backend {
    Group { writer: group::Writer, readers: readers::Readers },
    Inline(inline::Inline),
    Postgres(postgres::Postgres),
}

/// The engine; clones share it.
#[derive(Clone)]
pub struct Engine {
    backend: Arc<Backend>,
    shared: Arc<Shared>,
}

fn lite_path(url: &str) -> Result<PathBuf, StoreError> {
    url.strip_prefix("sqlite:")
        .map(PathBuf::from)
        .ok_or_else(|| StoreError::Other(format!("a database is sqlite:PATH or postgres://…, not {url}")))
}

impl Engine {
    /// Opens a database by its address, `sqlite:PATH` or `postgres://…`, and brings its schema up to date.
    ///
    /// # Errors
    /// When it can't be opened or migrated.
    pub fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let Options { clock, rng, keys, schema, readers } = options;
        let shared = Arc::new(Shared { clock, rng: Mutex::new(rng), keys, apart: AtomicU32::new(0) });
        let backend = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Backend::Postgres(postgres::Postgres::open(pg_connect, url, readers, &schema)?)
        } else {
            let path = lite_path(url)?;
            if path.as_os_str() == ":memory:" {
                return Err(StoreError::Other("a database in memory has one connection: it serves without threads only, not to a writer and its readers".into()));
            }
            let writer = Lite::open(&path, LiteMode::Write)?;
            migrate(Target::Lite(&writer), &schema)?;
            Backend::Group {
                writer: group::Writer::start(writer, &path, shared.clone())?,
                readers: readers::Readers::start(&path, readers)?,
            }
        };
        Ok(Self { backend: Arc::new(backend), shared })
    }

    /// An engine without threads on SQLite: what runs, runs on the caller's thread. `sqlite::memory:` is allowed.
    ///
    /// # Errors
    /// When it can't be opened or migrated.
    pub fn inline(url: &str, options: Options) -> Result<Self, StoreError> {
        let lite = Lite::open(&lite_path(url)?, LiteMode::Write)?;
        migrate(Target::Lite(&lite), &options.schema)?;
        let shared = Arc::new(Shared {
            clock: options.clock,
            rng: Mutex::new(options.rng),
            keys: options.keys,
            apart: AtomicU32::new(0),
        });
        Ok(Self { backend: Arc::new(Backend::Inline(inline::Inline::new(lite))), shared })
    }

    /// The moment now, by the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// A stream of randomness for work before a command (keys, ids).
    pub fn rng(&self) -> Rng {
        Rng::from_fork(self.shared.rng.lock().fork())
    }

    /// The keys of the vault.
    pub fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// `sqlite` or `postgres`.
    pub fn name(&self) -> &'static str {
        match *self.backend {
            Backend::Postgres(_) => "postgres",
            _ => "sqlite",
        }
    }

    /// Runs a command in a transaction and answers after its commit is durable.
    ///
    /// # Errors
    /// What the command refuses; 503 when the queue is full.
    pub async fn write<T, F>(&self, command: Command, f: F) -> Result<Done<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.submit(run::Plain::new(command, f)).await
    }

    /// Like [`Engine::write`], once per key: a repeated key is answered again, never done again.
    ///
    /// # Errors
    /// As `write`; 409 when the key came with another request.
    pub async fn write_once<T, F>(&self, command: Command, key: Once, f: F) -> Result<Done<T>>
    where
        T: Answer,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.submit(run::Keyed::new(command, key, f)).await
    }

    /// [`Engine::write`] for callers without a runtime: command line, import, simulation.
    ///
    /// # Errors
    /// As `write`.
    ///
    /// # Panics
    /// Inside a runtime, which must not be blocked.
    pub fn write_now<T, F>(&self, command: Command, f: F) -> Result<Done<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.submit_now(run::Plain::new(command, f))
    }

    /// [`Engine::write_once`] for callers without a runtime.
    ///
    /// # Errors
    /// As `write_once`.
    pub fn write_once_now<T, F>(&self, command: Command, key: Once, f: F) -> Result<Done<T>>
    where
        T: Answer,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.submit_now(run::Keyed::new(command, key, f))
    }

    async fn submit<W: run::Work>(&self, work: W) -> Result<W::Out> {
        match &*self.backend {
            Backend::Group { writer, .. } => writer.submit(work)?.await.map_err(|_| gone())?,
            Backend::Inline(inline) => inline.write(&self.shared, work),
            Backend::Postgres(postgres) => {
                let (postgres, shared) = (postgres.clone(), self.shared.clone());
                tokio::task::spawn_blocking(move || postgres.write(&shared, work)).await.map_err(|_| gone())?
            }
        }
    }

    fn submit_now<W: run::Work>(&self, work: W) -> Result<W::Out> {
        match &*self.backend {
            Backend::Group { writer, .. } => writer.submit(work)?.blocking_recv().map_err(|_| gone())?,
            Backend::Inline(inline) => inline.write(&self.shared, work),
            Backend::Postgres(postgres) => postgres.write(&self.shared, work),
        }
    }

    /// Answers a question from one consistent snapshot.
    ///
    /// # Errors
    /// What the question refuses; 503 when too many wait.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Db) -> Result<T> + Send + 'static,
    {
        match &*self.backend {
            Backend::Group { readers, .. } => readers.submit(f)?.await.map_err(|_| gone())?,
            Backend::Inline(inline) => inline.read(f),
            Backend::Postgres(postgres) => {
                let postgres = postgres.clone();
                tokio::task::spawn_blocking(move || postgres.read(f)).await.map_err(|_| gone())?
            }
        }
    }

    /// [`Engine::read`] for callers without a runtime.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_now<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Db) -> Result<T> + Send + 'static,
    {
        match &*self.backend {
            Backend::Group { readers, .. } => readers.submit(f)?.blocking_recv().map_err(|_| gone())?,
            Backend::Inline(inline) => inline.read(f),
            Backend::Postgres(postgres) => postgres.read(f),
        }
    }
}

fn gone() -> Problem {
    Problem::new(&crate::problem::INTERNAL).caused_by("the engine dropped the command")
}
