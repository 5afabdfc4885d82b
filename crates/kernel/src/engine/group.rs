//! SQLite's one writer: commands queue, each runs in a savepoint, many commit with one fsync.

use std::{path::Path, sync::Arc, thread, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use crate::{
    Problem, Result,
    problem::BUSY,
    store::{Lite, LiteMode, StoreError, checkpoint},
};

use super::{
    BATCH_COMMANDS_MAX, QUEUE_COMMANDS_MAX, Shared,
    run::{Work, guarded},
};

/// Pause between two looks at the WAL.
const CHECKPOINT_EVERY_MS: u64 = 200;
/// Above this length the writer itself empties the WAL between two batches.
const WAL_PAGES_MAX: i64 = 64 * 1024;

/// A command on its way through the queue.
trait Job: Send {
    fn run(&mut self, conn: &mut Lite, shared: &Shared) -> bool;
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

struct Typed<W: Work> {
    work: W,
    out: Option<Result<W::Out>>,
    reply: oneshot::Sender<Result<W::Out>>,
}

impl<W: Work> Job for Typed<W> {
    fn run(&mut self, conn: &mut Lite, shared: &Shared) -> bool {
        let out = guarded(|| self.work.run(conn, shared));
        let good = out.is_ok();
        self.out = Some(out);
        good
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let out = match (self.out, commit) {
            (Some(Ok(out)), Ok(())) => Ok(out),
            (Some(Err(problem)), _) => Err(problem),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(super::gone()),
        };
        // The caller may have gone away; what is committed stays committed.
        drop(self.reply.send(out));
    }
}

/// The queue in front of the writer thread.
pub(super) struct Writer {
    queue: Sender<Box<dyn Job>>,
    /// Dropped with the writer: ends the checkpointer.
    _alive: Sender<()>,
}

impl Writer {
    /// Starts the writer and the checkpointer.
    pub(super) fn start(lite: Lite, path: &Path, shared: Arc<Shared>) -> Result<Self, StoreError> {
        let (queue, jobs) = bounded::<Box<dyn Job>>(QUEUE_COMMANDS_MAX);
        let (wal_long, wal_alarm) = bounded::<()>(1);
        let (alive, ended) = bounded::<()>(0);
        let checkpointer = Lite::open(path, LiteMode::Write)?;
        thread::Builder::new()
            .name("doorstep-writer".into())
            .spawn(move || write_loop(lite, &jobs, &wal_alarm, &shared))
            .map_err(|e| StoreError::Other(e.to_string()))?;
        thread::Builder::new()
            .name("doorstep-checkpoint".into())
            .spawn(move || checkpoint_loop(&checkpointer, &wal_long, &ended))
            .map_err(|e| StoreError::Other(e.to_string()))?;
        Ok(Self { queue, _alive: alive })
    }

    /// Queues a command.
    pub(super) fn submit<W: Work>(&self, work: W) -> Result<oneshot::Receiver<Result<W::Out>>> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Box::new(Typed { work, out: None, reply })).map_err(|error| match error {
            TrySendError::Full(_) => Problem::new(&BUSY),
            TrySendError::Disconnected(_) => super::gone(),
        })?;
        Ok(answer)
    }
}

fn write_loop(mut lite: Lite, jobs: &Receiver<Box<dyn Job>>, wal_alarm: &Receiver<()>, shared: &Shared) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(jobs.try_iter().take(BATCH_COMMANDS_MAX - 1)).collect();
        run_batch(&mut lite, batch, shared);
        if wal_alarm.try_recv().is_ok()
            && let Err(error) = checkpoint(&lite, true)
        {
            tracing::warn!(%error, "the WAL could not be emptied");
        }
    }
}

/// Runs a batch in one transaction. When the engine rolls the whole of it back, each command is
/// run again on its own, so that one bad neighbour harms nobody.
fn run_batch(lite: &mut Lite, mut batch: Vec<Box<dyn Job>>, shared: &Shared) {
    let outcome = try_batch(lite, &mut batch, shared);
    // Another process holds the file: none of them ran, and each alone would only wait as long again.
    if matches!(outcome, Err(StoreError::Busy)) {
        return answer_all(batch, &outcome);
    }
    if let Err(error) = outcome {
        tracing::warn!(%error, commands = batch.len(), "a batch was rolled back; running its commands one by one");
        for job in batch {
            let mut alone = vec![job];
            let result = try_batch(lite, &mut alone, shared);
            answer_all(alone, &result);
        }
        return;
    }
    answer_all(batch, &Ok(()));
}

fn answer_all(batch: Vec<Box<dyn Job>>, result: &Result<(), StoreError>) {
    for job in batch {
        job.answer(result.clone());
    }
}

fn try_batch(lite: &mut Lite, batch: &mut [Box<dyn Job>], shared: &Shared) -> Result<(), StoreError> {
    let outcome = (|| {
        lite.control("begin immediate")?;
        for job in batch.iter_mut() {
            lite.control("savepoint command")?;
            if !job.run(lite, shared) {
                if lite.raw().is_autocommit() {
                    return Err(StoreError::Other("the engine ended the transaction".into()));
                }
                lite.control("rollback to command")?;
            }
            lite.control("release command")?;
        }
        lite.control("commit")
    })();
    if outcome.is_err() && !lite.raw().is_autocommit() {
        lite.batch("rollback")?;
    }
    outcome
}

fn checkpoint_loop(lite: &Lite, wal_long: &Sender<()>, ended: &Receiver<()>) {
    while ended.recv_timeout(Duration::from_millis(CHECKPOINT_EVERY_MS)) == Err(RecvTimeoutError::Timeout) {
        match checkpoint(lite, false) {
            Ok(pages) if pages > WAL_PAGES_MAX => drop(wal_long.try_send(())),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "checkpoint"),
        }
    }
}
