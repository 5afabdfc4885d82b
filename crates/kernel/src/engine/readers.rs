//! SQLite's readers: threads with a connection each, a bounded queue in front.

use std::{path::Path, thread};

use crossbeam_channel::{Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use crate::{
    Problem, Result,
    problem::BUSY,
    store::{Arg, Db, Lite, LiteMode, Row, Sql, StoreError},
};

use super::{QUEUE_COMMANDS_MAX, run::guarded};

type Question = Box<dyn FnOnce(&mut Lite) + Send>;

/// The queue in front of the reader threads.
pub(super) struct Readers {
    queue: Sender<Question>,
}

/// A connection that answers and changes nothing, whichever connection it is.
struct Reading<'a>(&'a mut Lite);

impl Db for Reading<'_> {
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        if !self.0.reads_only(sql)? {
            return Err(StoreError::Mismatch(format!("{}: a question must not change anything", sql.name)));
        }
        self.0.rows(sql, args)
    }
}

/// One question inside one read transaction, so that all it sees is of one moment.
pub(super) fn snapshot<T>(lite: &mut Lite, f: impl FnOnce(&mut dyn Db) -> Result<T>) -> Result<T> {
    lite.control("begin")?;
    let out = guarded(|| f(&mut Reading(&mut *lite)));
    if lite.control("commit").is_err() && !lite.raw().is_autocommit() {
        lite.batch("rollback")?;
    }
    out
}

impl Readers {
    /// Starts `count` reader threads.
    pub(super) fn start(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (queue, questions) = bounded::<Question>(QUEUE_COMMANDS_MAX);
        for number in 0..count.max(1) {
            let mut lite = Lite::open(path, LiteMode::Read)?;
            let questions = questions.clone();
            thread::Builder::new()
                .name(format!("doorstep-reader-{number}"))
                .spawn(move || {
                    while let Ok(question) = questions.recv() {
                        question(&mut lite);
                    }
                })
                .map_err(|e| StoreError::Other(e.to_string()))?;
        }
        Ok(Self { queue })
    }

    /// Queues a question.
    pub(super) fn submit<T, F>(&self, f: F) -> Result<oneshot::Receiver<Result<T>>>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn Db) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |lite| drop(reply.send(snapshot(lite, f))));
        self.queue.try_send(question).map_err(|error| match error {
            TrySendError::Full(_) => Problem::new(&BUSY),
            TrySendError::Disconnected(_) => super::gone(),
        })?;
        Ok(answer)
    }
}
