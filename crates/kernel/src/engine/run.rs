//! One command on one connection, whichever engine carries it.

use std::{
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::{
    Problem, Result, Rng,
    idempotency::{self, KEY_CHARS_MAX},
    problem::{BAD_FIELD, INTERNAL, KEY_REUSED},
    store::{Conn, StoreError},
};

use super::{Answer, Command, Done, Once, Shared, Tx};

/// A command that can be run, and run again.
pub(crate) trait Work: Send + 'static {
    /// What it gives.
    type Out: Send + 'static;
    /// Runs it once; nothing outside the connection changes.
    fn run(&self, conn: &mut dyn Conn, shared: &Shared) -> Result<Self::Out>;

    /// True when the command carries a key: running it again can't do it twice.
    fn has_key(&self) -> bool {
        false
    }

    /// True when its key is used by now, so that a refusal may only mean that its twin came first.
    fn key_is_used(&self, _conn: &mut dyn Conn) -> Result<bool> {
        Ok(false)
    }
}

/// Runs somebody's closure so that a panic in it is answered as a fault of ours: it must neither
/// end a thread that serves everybody nor leave a transaction open behind it.
pub(crate) fn guarded<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a panic without text");
        tracing::error!(panic = text, "a command or question panicked");
        Err(Problem::new(&INTERNAL).caused_by(format!("panic: {text}")))
    })
}

/// A command without a key.
pub(crate) struct Plain<T, F> {
    command: Command,
    f: F,
    out: PhantomData<fn() -> T>,
}

impl<T, F> Plain<T, F> {
    pub(crate) fn new(command: Command, f: F) -> Self {
        Self { command, f, out: PhantomData }
    }
}

/// Runs a command and appends its entries. `before_head` runs between the two: the district's head is
/// the last row that a transaction locks.
fn perform<T>(
    conn: &mut dyn Conn,
    shared: &Shared,
    command: &Command,
    f: &dyn Fn(&mut Tx<'_>) -> Result<T>,
    before_head: &dyn Fn(&mut Tx<'_>, &T) -> Result<()>,
) -> Result<Done<T>> {
    // A fork for this run, not for this command: a run that is rolled back may leave its sealed
    // bytes in a log or a dead page, and the same nonce must never seal another text.
    let rng = Rng::from_fork(shared.rng.lock().fork());
    let mut tx = Tx::new(conn, command, shared.clock.now(), rng, &shared.keys);
    let value = match f(&mut tx) {
        Ok(value) => value,
        Err(problem) => return Err(tx.refusal(problem)),
    };
    tx.unharmed()?;
    before_head(&mut tx, &value)?;
    let receipts = tx.finish()?;
    Ok(Done { value, receipts, again: false })
}

impl<T, F> Work for Plain<T, F>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    type Out = Done<T>;
    fn run(&self, conn: &mut dyn Conn, shared: &Shared) -> Result<Done<T>> {
        perform(conn, shared, &self.command, &self.f, &|_, _| Ok(()))
    }
}

/// A command with a caller's key.
pub(crate) struct Keyed<T, F> {
    command: Command,
    key: Once,
    f: F,
    out: PhantomData<fn() -> T>,
}

impl<T, F> Keyed<T, F> {
    pub(crate) fn new(command: Command, key: Once, f: F) -> Self {
        Self { command, key, f, out: PhantomData }
    }
}

impl<T, F> Work for Keyed<T, F>
where
    T: Answer,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    type Out = Done<T>;
    fn run(&self, conn: &mut dyn Conn, shared: &Shared) -> Result<Done<T>> {
        let Some(key) = &self.key else {
            return perform(conn, shared, &self.command, &self.f, &|_, _| Ok(()));
        };
        if key.key.is_empty() || key.key.chars().count() > KEY_CHARS_MAX {
            let what = format!("1–{KEY_CHARS_MAX}");
            return Err(Problem::new(&BAD_FIELD).with("field", "Idempotency-Key").with("what", what));
        }
        let (district, actor) = (&self.command.district, &self.command.actor);
        if let Some((request, reference)) = idempotency::find(conn, district, actor, &key.key)? {
            if request != key.request {
                return Err(Problem::new(&KEY_REUSED).with("key", &key.key));
            }
            let value = T::again(conn, district, &reference)?;
            return Ok(Done { value, receipts: Vec::new(), again: true });
        }
        perform(conn, shared, &self.command, &self.f, &|tx, value| {
            let now = tx.now();
            idempotency::keep(tx, district, actor, key, &value.reference(), now).map_err(|error| match error {
                // The same key committed meanwhile on another connection: run again, find it, answer again.
                StoreError::Unique(_) => Problem::from(StoreError::Retry("idempotency key".into())),
                other => other.into(),
            })
        })
    }

    fn has_key(&self) -> bool {
        self.key.is_some()
    }

    fn key_is_used(&self, conn: &mut dyn Conn) -> Result<bool> {
        let Some(key) = &self.key else { return Ok(false) };
        Ok(idempotency::find(conn, &self.command.district, &self.command.actor, &key.key)?.is_some())
    }
}
