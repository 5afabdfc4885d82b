//! What a command sees while it runs.

use crate::{
    Problem, Result, Rng, Timestamp,
    journal::{self, Draft, Receipt},
    store::{Arg, Conn, Db, Row, Sql, StoreError},
    vault::Keys,
};

use super::Command;

/// One command's transaction: time, ids and randomness come from here and from nowhere else.
///
/// A statement that fails dooms the command, also when the command goes on: PostgreSQL has ended
/// the transaction by then and answers a commit with a silent roll-back. Who expects a row to be
/// there already says `on conflict do nothing` and looks at the count.
pub struct Tx<'a> {
    conn: &'a mut dyn Conn,
    command: &'a Command,
    now: Timestamp,
    rng: Rng,
    keys: &'a Keys,
    drafts: Vec<Draft>,
    failed: Option<StoreError>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut dyn Conn, command: &'a Command, now: Timestamp, rng: Rng, keys: &'a Keys) -> Self {
        Self { conn, command, now, rng, keys, drafts: Vec::new(), failed: None }
    }

    /// The moment of this command.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    /// The district it writes to.
    pub fn district(&self) -> &'a str {
        &self.command.district
    }
    /// Who acts.
    pub fn actor(&self) -> &'a str {
        &self.command.actor
    }
    /// Randomness of this run. A command that is run again draws other bytes: what it sealed the
    /// first time may still stand in a log, and a nonce is used once.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }
    /// The keys of the vault.
    pub fn keys(&self) -> &'a Keys {
        self.keys
    }
    /// A new typed id: `tx.id(CaseId::new)`.
    pub fn id<I>(&mut self, new: fn(Timestamp, &mut Rng) -> I) -> I {
        new(self.now, &mut self.rng)
    }

    /// Runs a statement that returns nothing; gives the number of rows it touched.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        let out = self.conn.execute(sql, args);
        self.note(out)
    }

    fn note<T>(&mut self, out: Result<T, StoreError>) -> Result<T, StoreError> {
        if let (Err(error), None) = (&out, &self.failed) {
            self.failed = Some(error.clone());
        }
        out
    }

    /// What a refused command answers: the command's own words, unless the engine wants it run again.
    pub(super) fn refusal(&mut self, problem: Problem) -> Problem {
        match self.failed.take() {
            Some(error @ (StoreError::Retry(_) | StoreError::Lost(_))) => error.into(),
            _ => problem,
        }
    }

    /// States what happened; written with the command's rows, in order.
    pub fn journal(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    /// # Errors
    /// The first statement that failed, if one did: nothing may be committed after it.
    pub(super) fn unharmed(&mut self) -> Result<(), StoreError> {
        self.failed.take().map_or(Ok(()), Err)
    }

    pub(super) fn finish(mut self) -> Result<Vec<Receipt>, StoreError> {
        self.unharmed()?;
        let drafts = std::mem::take(&mut self.drafts);
        journal::append(self.conn, &mut self.rng, &self.command.district, &self.command.actor, self.now, drafts)
    }
}

impl Db for Tx<'_> {
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        let out = self.conn.rows(sql, args);
        self.note(out)
    }
}

impl Conn for Tx<'_> {
    fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        Tx::execute(self, sql, args)
    }
}
