//! SQLite's readers: threads with a connection each, a bounded queue in front.

use std::{path::Path, thread};

use crossbeam_channel::{Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use crate::{
    Problem, Result,
    problem::BUSY,
    store::{Db, Lite, LiteMode, StoreError},
};

use super::QUEUE_COMMANDS_MAX;

type Question = Box<dyn FnOnce(&mut Lite) + Send>;

/// The queue in front of the reader threads.
pub(super) struct Readers {
    queue: Sender<Question>,
}

/// One question inside one read transaction, so that all it sees is of one moment.
pub(super) fn snapshot<T>(lite: &mut Lite, f: impl FnOnce(&mut dyn Db) -> Result<T>) -> Result<T> {
    lite.control("begin")?;
    let out = f(lite);
    lite.control("commit")?;
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
