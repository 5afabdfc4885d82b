//! What a command sees while it runs.

use crate::{
    Result, Rng, Timestamp,
    journal::{self, Draft, Receipt},
    store::{Arg, Conn, Db, Row, Sql, StoreError},
    vault::Keys,
};

use super::Command;

/// One command's transaction: time, ids and randomness come from here and from nowhere else.
pub struct Tx<'a> {
    conn: &'a mut dyn Conn,
    command: &'a Command,
    now: Timestamp,
    rng: Rng,
    keys: &'a Keys,
    drafts: Vec<Draft>,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut dyn Conn, command: &'a Command, now: Timestamp, rng: Rng, keys: &'a Keys) -> Self {
        Self { conn, command, now, rng, keys, drafts: Vec::new() }
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
    /// Randomness that repeats when the command is run again.
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
        self.conn.execute(sql, args)
    }

    /// States what happened; written with the command's rows, in order.
    pub fn journal(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    pub(super) fn finish(mut self) -> Result<Vec<Receipt>, StoreError> {
        let drafts = std::mem::take(&mut self.drafts);
        journal::append(self.conn, &mut self.rng, &self.command.district, &self.command.actor, self.now, drafts)
    }
}

impl Db for Tx<'_> {
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        self.conn.rows(sql, args)
    }
}

impl Conn for Tx<'_> {
    fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        self.conn.execute(sql, args)
    }
}
