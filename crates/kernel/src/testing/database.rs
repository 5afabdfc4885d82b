//! Throw-away databases on the PostgreSQL server that a developer or CI names.
//!
//! A schema is migrated once into a template (named by the schema's hash and kept for later
//! runs); each test gets a clone of it. A run holds an advisory lock as long as its process
//! lives; the next run drops the databases of runs whose lock is free.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::{
    Rng,
    store::{Migration, Pg, Target, migrate, pg_connect},
};

/// Names the server: `postgres://user@host:port/postgres`, or `postgres:///postgres?host=/folder&user=name`.
pub const POSTGRES_VARIABLE: &str = "DOORSTEP_TEST_POSTGRES";

/// Advisory lock under which templates are made.
const TEMPLATE_LOCK: i64 = 7_303_015;
/// First half of the advisory lock that says a run is alive.
const RUN_LOCK: i32 = 7_303_016;
/// How often a database that somebody is still leaving is tried, 50 ms apart.
const TRIES_MAX: u32 = 200;

/// One connection to the named server.
struct Server {
    runtime: Runtime,
    admin: Mutex<Client>,
}

struct Home {
    url: String,
    server: Server,
    run: i32,
    /// An advisory lock holds between processes only: all our threads share one session.
    template: Mutex<()>,
}

static HOME: OnceLock<Option<Home>> = OnceLock::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

impl Server {
    fn open(url: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (admin, connection) =
            runtime.block_on(tokio_postgres::connect(url, NoTls)).expect("the test server answers");
        runtime.spawn(connection);
        Self { runtime, admin: Mutex::new(admin) }
    }

    fn try_sql(&self, text: &str) -> Result<Vec<String>, tokio_postgres::Error> {
        let admin = self.admin.lock();
        let messages = self.runtime.block_on(admin.simple_query(text))?;
        let first = |message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        Ok(messages.into_iter().filter_map(first).collect())
    }

    fn sql(&self, text: &str) -> Vec<String> {
        self.try_sql(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    /// Repeats while the server says that somebody still uses the database.
    fn patiently(&self, text: &str) {
        for _ in 0..TRIES_MAX {
            match self.try_sql(text) {
                Ok(_) => return,
                Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::OBJECT_IN_USE) => {
                    thread::sleep(Duration::from_millis(50))
                }
                Err(error) => panic!("{text}: {error:?}"),
            }
        }
        panic!("{text}: still in use");
    }

    fn sweep(&self) {
        for name in self.sql("select datname from pg_database where datname like 'doorstep\\_run\\_%'") {
            let run = name.split('_').nth(2).and_then(|hex| i32::from_str_radix(hex, 16).ok());
            let Some(run) = run else { continue };
            if self.sql(&format!("select pg_try_advisory_lock({RUN_LOCK}, {run})")) == ["t"] {
                // Another run may sweep too: what it was quicker with is gone, which is all we want.
                drop(self.try_sql(&format!("drop database if exists {name} with (force)")));
                self.sql(&format!("select pg_advisory_unlock({RUN_LOCK}, {run})"));
            }
        }
    }
}

impl Home {
    fn open() -> Option<Self> {
        let Ok(url) = std::env::var(POSTGRES_VARIABLE) else {
            eprintln!("{POSTGRES_VARIABLE} is not set: what needs PostgreSQL is skipped");
            return None;
        };
        let server = Server::open(&url);
        let run = i32::from_be_bytes(Rng::system().bytes()) & i32::MAX;
        server.sql(&format!("select pg_advisory_lock({RUN_LOCK}, {run})"));
        // Beside the tests: dropping a run's databases may take longer than the tests themselves.
        let sweeper = url.clone();
        thread::spawn(move || Server::open(&sweeper).sweep());
        Some(Self { url, server, run, template: Mutex::new(()) })
    }

    fn address(&self, database: &str) -> String {
        let (address, query) = self.url.split_once('?').map_or((self.url.as_str(), None), |(a, q)| (a, Some(q)));
        let host = address.find("://").map_or(0, |at| at + 3);
        let end = address[host..].find('/').map_or(address.len(), |at| host + at);
        let query = query.map(|q| format!("?{q}")).unwrap_or_default();
        format!("{}/{database}{query}", &address[..end])
    }

    fn template(&self, schema: &[Migration]) -> String {
        let mut hasher = Sha256::new();
        for step in schema {
            for part in [step.id, step.ddl] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part);
            }
        }
        let name = format!("doorstep_template_{}", data_encoding::HEXLOWER.encode(&hasher.finalize()[..8]));
        let _alone = self.template.lock();
        self.server.sql(&format!("select pg_advisory_lock({TEMPLATE_LOCK})"));
        if self.server.sql(&format!("select 1 from pg_database where datname = '{name}'")).is_empty() {
            self.server.patiently(&format!("drop database if exists {name}_new with (force)"));
            self.server.patiently(&format!("create database {name}_new template template0 encoding 'UTF8' locale 'C'"));
            let pool = pg_connect(&self.address(&format!("{name}_new")), 1).expect("an address");
            let pg = Pg::take(&pool, self.server.runtime.handle()).expect("the new template answers");
            let outcome = migrate(Target::Pg(&pg), schema);
            pg.discard();
            pool.close();
            // Given back before a failure is told, or every later run would wait for it.
            if let Err(error) = outcome {
                self.server.sql(&format!("select pg_advisory_unlock({TEMPLATE_LOCK})"));
                panic!("the schema does not apply on PostgreSQL: {error}");
            }
            // Renamed when whole: a template under its name is always complete.
            self.server.patiently(&format!("alter database {name}_new rename to {name}"));
        }
        self.server.sql(&format!("select pg_advisory_unlock({TEMPLATE_LOCK})"));
        name
    }

    fn database(&self, schema: &[Migration]) -> String {
        let template = self.template(schema);
        let name = format!("doorstep_run_{:08x}_{}", self.run, COUNT.fetch_add(1, Ordering::SeqCst));
        self.server.patiently(&format!("create database {name} template {template}"));
        self.address(&name)
    }
}

/// Runs on a thread of its own: a test may stand inside a runtime, where blocking is not allowed.
fn aside<T: Send>(f: impl FnOnce(&Home) -> T + Send) -> Option<T> {
    thread::scope(|scope| scope.spawn(|| HOME.get_or_init(Home::open).as_ref().map(f)).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The address of a fresh database with this schema; `None` when no server is named.
///
/// # Panics
/// When a server is named but can't be used, or the schema does not apply.
pub fn postgres_database(schema: &[Migration]) -> Option<String> {
    aside(|home| home.database(schema))
}

/// Runs a check on a bare connection to a fresh database with this schema; `None` when no server is named.
///
/// # Panics
/// Inside a runtime; when a server is named but can't be used, or the schema does not apply.
pub fn postgres_pg<T>(schema: &[Migration], f: impl FnOnce(&mut Pg) -> T) -> Option<T> {
    let pool = pg_connect(&postgres_database(schema)?, 1).expect("an address");
    let home = HOME.get().and_then(Option::as_ref)?;
    let mut pg = Pg::take(&pool, home.server.runtime.handle()).expect("the new database answers");
    let out = f(&mut pg);
    pg.discard();
    Some(out)
}
