//! The seam over two engines: SQLite and PostgreSQL speak ONE SQL text.
//!
//! What belongs here: values, rows, declared statements, migrations and the two connections.
//! What does not: any table. Statements are declared with [`statements!`](crate::statements) in
//! `store.rs` files only, and a test prepares every one of them on both engines.

mod arg;
mod lite;
mod migrate;
mod pg;
mod sql;
#[cfg(test)]
mod tests;

pub use arg::{Arg, AsText, Cell, FromCell, Row};
pub use lite::{Lite, LiteMode, checkpoint};
pub use migrate::{Column, Migration, Target, columns, ddl_for_lite, migrate, parse_columns};
pub use pg::{Pg, PgPool, connect as pg_connect, describe as pg_describe};
pub use sql::{Sql, TOKENS, Ty};

/// Rows that one statement may return; a store function that could meet more must page.
pub const ROWS_MAX: usize = 200_000;

/// What can go wrong between us and the database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused the row; names the index or columns.
    #[error("unique: {0}")]
    Unique(String),
    /// A lock was not to be had in time, or the queue is full.
    #[error("busy")]
    Busy,
    /// Serialization failure or deadlock: the server rolled back, the command may be run again.
    #[error("retry: {0}")]
    Retry(String),
    /// The connection was lost: nothing is committed, unless the commit itself was under way.
    #[error("connection lost: {0}")]
    Lost(String),
    /// The statement, its arguments or the answer do not fit: a programmer's error.
    #[error("mismatch: {0}")]
    Mismatch(String),
    /// Anything else the engine says.
    #[error("{0}")]
    Other(String),
}

/// Something that answers declared queries inside one consistent snapshot.
pub trait Db {
    /// All rows, at most [`ROWS_MAX`].
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError>;

    /// At most one row.
    ///
    /// # Errors
    /// Any [`StoreError`]; [`StoreError::Mismatch`] when there are several.
    fn row(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.rows(sql, args)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            n => Err(StoreError::Mismatch(format!("{}: one row expected, {n} came", sql.name))),
        }
    }
}

/// A connection inside a transaction.
pub trait Conn: Db {
    /// Runs a statement that returns nothing; gives the number of rows it touched.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError>;
}

/// Arguments of a statement, in the order of `$1 …`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Arg::from($value)),*] };
}
