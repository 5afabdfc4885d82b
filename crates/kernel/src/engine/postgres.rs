//! PostgreSQL: a transaction a command, on a blocking thread, run again when the server asks for it.

use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::{
    Problem, Result,
    problem::UNSURE,
    store::{Db, Migration, Pg, PgPool, StoreError, Target, migrate},
};

use super::{
    Shared,
    run::{Work, guarded},
};

/// How often a command is run before its failure is answered.
const TRIES_MAX: u32 = 10;

/// Opens a command's transaction. A lock that somebody else keeps is waited for as long as SQLite
/// waits for another process; set here and not at connecting, so that a pooling proxy may stand between.
const BEGIN: &str = "begin; set local lock_timeout = 5000";

/// A pool and the runtime that drives its sockets.
#[derive(Clone)]
pub(super) struct Postgres {
    pool: PgPool,
    runtime: Arc<Guard>,
}

/// Ends the runtime without waiting, because an engine may be dropped inside another runtime.
struct Guard(Option<Runtime>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Postgres {
    pub(super) fn open(
        connect: fn(&str, usize) -> Result<PgPool, StoreError>,
        url: &str,
        connections: usize,
        schema: &[Migration],
    ) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("doorstep-postgres")
            .enable_all()
            .build()
            .map_err(|e| StoreError::Other(e.to_string()))?;
        let this = Self { pool: connect(url, connections.max(2))?, runtime: Arc::new(Guard(Some(runtime))) };
        let schema = schema.to_vec();
        // A thread of its own: opening may happen inside a caller's runtime, where blocking is not allowed.
        let opened = this.clone();
        std::thread::spawn(move || migrate(Target::Pg(&opened.take()?), &schema))
            .join()
            .map_err(|_| StoreError::Other("the migration panicked".into()))??;
        Ok(this)
    }

    fn take(&self) -> Result<Pg, StoreError> {
        let runtime = self.runtime.0.as_ref().expect("the runtime lives as long as the engine");
        Pg::take(&self.pool, runtime.handle())
    }

    /// A connection with an open transaction. A pooled one may have died meanwhile: that is found
    /// here, where nothing has run yet.
    fn begin(&self, text: &str) -> Result<Pg, StoreError> {
        let mut tries = 1;
        loop {
            let pg = self.take()?;
            match pg.batch(text) {
                Ok(()) => return Ok(pg),
                Err(error) => {
                    pg.discard();
                    if tries == TRIES_MAX || !matches!(error, StoreError::Lost(_)) {
                        return Err(error);
                    }
                }
            }
            tries += 1;
        }
    }

    fn key_is_used<W: Work>(&self, work: &W) -> Result<bool> {
        let mut pg = self.take()?;
        work.key_is_used(&mut pg)
    }

    pub(super) fn write<W: Work>(&self, shared: &Shared, work: W) -> Result<W::Out> {
        let mut tries = 1;
        let mut twin_sought = false;
        loop {
            let mut pg = self.begin(BEGIN)?;
            let out = guarded(|| work.run(&mut pg, shared));
            let again = match &out {
                Ok(_) => match pg.batch("commit") {
                    Ok(()) => return out,
                    Err(StoreError::Retry(cause)) => {
                        close(pg);
                        cause
                    }
                    Err(StoreError::Lost(cause)) => {
                        pg.discard();
                        // The commit may have reached the disk. With a key the next run finds it.
                        if !work.has_key() {
                            return Err(Problem::new(&UNSURE).caused_by(cause));
                        }
                        cause
                    }
                    Err(error) => {
                        pg.discard();
                        return Err(error.into());
                    }
                },
                Err(problem) => {
                    close(pg);
                    if problem.retry {
                        problem.cause.clone().unwrap_or_default()
                    } else if !twin_sought && work.has_key() && self.key_is_used(&work)? {
                        // The same key committed while this run waited; what it was refused for may
                        // be its twin's doing. The next run finds the key and answers from it.
                        twin_sought = true;
                        "idempotency key".to_owned()
                    } else {
                        return out;
                    }
                }
            };
            if tries == TRIES_MAX {
                return Err(StoreError::Retry(again).into());
            }
            tracing::debug!(tries, cause = again, "running a command again");
            tries += 1;
        }
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&mut dyn Db) -> Result<T>) -> Result<T> {
        let mut pg = self.begin("begin transaction isolation level repeatable read read only")?;
        let out = guarded(|| f(&mut pg));
        close(pg);
        out
    }
}

/// Ends a transaction that has nothing to keep, and returns the connection to the pool.
fn close(pg: Pg) {
    if pg.batch("rollback").is_err() {
        pg.discard();
    }
}
