//! SQLite's one writer: commands queue, many commit with one fsync, none harms its neighbours.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

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

/// Pause between two looks at the WAL. A page that changes often is copied once a pause, not once a commit.
const CHECKPOINT_EVERY_MS: u64 = 1_000;
/// Above this length the writer itself copies the WAL's end between two batches, so that it can be
/// written from its beginning again: while commands keep coming the checkpointer never sees its end.
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
            && let Err(error) = checkpoint(&lite, false)
        {
            tracing::warn!(%error, "the WAL could not be copied to its end");
        }
    }
}

/// Batches that are guarded apart after one was stained: whoever stains one batch often stains the next.
const APART_BATCHES: u32 = 64;

/// How a batch guards its commands against each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Not at all: when a command is refused after it wrote something, the whole batch is rolled back
    /// and run again. Rules refuse before they write, so this is rare, and every page that a savepoint
    /// would copy stays uncopied.
    Together,
    /// Each in a savepoint of its own.
    Apart,
}

/// What became of a batch's transaction.
enum Outcome {
    /// It is on the disk.
    Committed,
    /// A refused command had written something: all was rolled back.
    Stained,
}

/// Runs a batch in one transaction. When the engine rolls the whole of it back, each command is
/// run again on its own, so that one bad neighbour harms nobody.
fn run_batch(lite: &mut Lite, mut batch: Vec<Box<dyn Job>>, shared: &Shared) {
    let left = shared.apart.load(Ordering::Relaxed);
    shared.apart.store(left.saturating_sub(1), Ordering::Relaxed);
    let guard = if left > 0 { Guard::Apart } else { Guard::Together };
    let mut outcome = try_batch(lite, &mut batch, shared, guard);
    // A single refused command has its answer already; neighbours deserve another run.
    if matches!(outcome, Ok(Outcome::Stained)) && batch.len() > 1 {
        shared.apart.store(APART_BATCHES, Ordering::Relaxed);
        outcome = try_batch(lite, &mut batch, shared, Guard::Apart);
    }
    let result = outcome.map(|_| ());
    // Another process holds the file: none of them ran, and each alone would only wait as long again.
    if matches!(result, Err(StoreError::Busy)) {
        return answer_all(batch, &result);
    }
    if let Err(error) = result {
        tracing::warn!(%error, commands = batch.len(), "a batch was rolled back; running its commands one by one");
        for job in batch {
            let mut alone = vec![job];
            let result = try_batch(lite, &mut alone, shared, Guard::Apart).map(|_| ());
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

fn try_batch(
    lite: &mut Lite,
    batch: &mut [Box<dyn Job>],
    shared: &Shared,
    guard: Guard,
) -> Result<Outcome, StoreError> {
    let outcome = (|| {
        lite.control("begin immediate")?;
        for job in batch.iter_mut() {
            if guard == Guard::Apart {
                lite.control("savepoint command")?;
            }
            let before = lite.writes();
            if !job.run(lite, shared) {
                if lite.raw().is_autocommit() {
                    return Err(StoreError::Other("the engine ended the transaction".into()));
                }
                match guard {
                    Guard::Apart => lite.control("rollback to command")?,
                    Guard::Together if lite.writes() == before => {}
                    Guard::Together => return Ok(Outcome::Stained),
                }
            }
            if guard == Guard::Apart {
                lite.control("release command")?;
            }
        }
        lite.control("commit")?;
        Ok(Outcome::Committed)
    })();
    if !matches!(outcome, Ok(Outcome::Committed)) && !lite.raw().is_autocommit() {
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
