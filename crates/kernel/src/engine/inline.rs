//! No threads: a command runs on its caller's thread and its commit is done when it returns.

use parking_lot::Mutex;

use crate::{
    Result,
    store::{Db, Lite},
};

use super::{
    Shared,
    readers::snapshot,
    run::{Work, guarded},
};

/// One connection for everything.
pub(super) struct Inline {
    lite: Mutex<Lite>,
}

impl Inline {
    pub(super) fn new(lite: Lite) -> Self {
        Self { lite: Mutex::new(lite) }
    }

    /// The connection, for tests that look at what was stored.
    #[cfg(test)]
    pub(super) fn lite(&self) -> parking_lot::MutexGuard<'_, Lite> {
        self.lite.lock()
    }

    pub(super) fn write<W: Work>(&self, shared: &Shared, work: W) -> Result<W::Out> {
        let mut lite = self.lite.lock();
        lite.control("begin immediate")?;
        let out = guarded(|| work.run(&mut *lite, shared));
        let end = if out.is_ok() { lite.control("commit") } else { lite.control("rollback") };
        if end.is_err() && !lite.raw().is_autocommit() {
            lite.batch("rollback")?;
        }
        end?;
        out
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&mut dyn Db) -> Result<T>) -> Result<T> {
        snapshot(&mut self.lite.lock(), f)
    }
}
