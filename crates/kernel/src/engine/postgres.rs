//! PostgreSQL: a transaction a command, on a blocking thread, run again when the server asks for it.

use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::{
    Result,
    store::{Db, Migration, Pg, PgPool, StoreError, Target, migrate},
};

use super::{Shared, run::Work};

/// How often a command is run before its failure is answered.
const TRIES_MAX: u32 = 10;

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
    pub(super) fn open(connect: fn(&str, usize) -> Result<PgPool, StoreError>, url: &str, connections: usize, schema: &[Migration]) -> Result<Self, StoreError> {
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

    pub(super) fn write<W: Work>(&self, shared: &Shared, work: W) -> Result<W::Out> {
        let mut tries = 1;
        loop {
            let mut pg = self.take()?;
            pg.batch("begin")?;
            let out = work.run(&mut pg, shared);
            let again = match &out {
                Ok(_) => match pg.batch("commit") {
                    Ok(()) => return out,
                    Err(StoreError::Retry(cause)) => cause,
                    Err(error) => {
                        pg.discard();
                        return Err(error.into());
                    }
                },
                Err(problem) => {
                    if pg.batch("rollback").is_err() {
                        pg.discard();
                    }
                    if !problem.retry {
                        return out;
                    }
                    problem.cause.clone().unwrap_or_default()
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
        let mut pg = self.take()?;
        pg.batch("begin transaction isolation level repeatable read read only")?;
        let out = f(&mut pg);
        if pg.batch("commit").is_err() {
            pg.discard();
        }
        out
    }
}
