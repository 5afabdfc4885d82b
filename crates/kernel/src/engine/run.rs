//! One command on one connection, whichever engine carries it.

use std::marker::PhantomData;

use crate::{
    Problem, Result, Rng,
    idempotency,
    problem::KEY_REUSED,
    store::{Conn, StoreError},
};

use super::{Answer, Command, Done, Once, Shared, Tx};

/// A command that can be run, and run again.
pub(crate) trait Work: Send + 'static {
    /// What it gives.
    type Out: Send + 'static;
    /// Runs it once; nothing outside the connection changes.
    fn run(&self, conn: &mut dyn Conn, shared: &Shared) -> Result<Self::Out>;
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

fn perform<T>(conn: &mut dyn Conn, shared: &Shared, command: &Command, f: &dyn Fn(&mut Tx<'_>) -> Result<T>) -> Result<Done<T>> {
    let rng = Rng::from_fork(shared.rng.lock().fork());
    let mut tx = Tx::new(conn, command, shared.clock.now(), rng, &shared.keys);
    let value = f(&mut tx)?;
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
        perform(conn, shared, &self.command, &self.f)
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
            return perform(conn, shared, &self.command, &self.f);
        };
        let (district, actor) = (&self.command.district, &self.command.actor);
        if let Some((request, reference)) = idempotency::find(conn, district, actor, &key.key)? {
            if request != key.request {
                return Err(Problem::new(&KEY_REUSED).with("key", &key.key));
            }
            let value = T::again(conn, district, &reference)?;
            return Ok(Done { value, receipts: Vec::new(), again: true });
        }
        let done = perform(conn, shared, &self.command, &self.f)?;
        idempotency::keep(conn, district, actor, key, &done.value.reference(), shared.clock.now()).map_err(|error| match error {
            // The same key committed meanwhile on another connection: run again, find it, answer again.
            StoreError::Unique(_) => Problem::from(StoreError::Retry("idempotency key".into())),
            other => other.into(),
        })?;
        Ok(done)
    }
}
