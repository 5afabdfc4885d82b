//! SQLite: WAL, synchronous=FULL, deleted data overwritten.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, config::DbConfig, types::ValueRef};

use super::{Arg, Cell, Conn, Db, ROWS_MAX, Row, Sql, StoreError, Ty};

/// Prepared statements kept per connection; more than the registry holds.
const STATEMENTS_CACHED_MAX: usize = 512;
/// Length at which the file of the WAL is kept when it begins anew: blocks that are there need not be found
/// again. A little more than the writer lets it grow to.
const WAL_KEPT_BYTES: u64 = 272 * 1024 * 1024;
/// How long a connection waits for another process's lock.
const BUSY_WAIT_MS: u64 = 5_000;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiteMode {
    /// The one writer.
    Write,
    /// A reader: refuses to change anything.
    Read,
}

/// One SQLite connection.
pub struct Lite {
    conn: Connection,
    /// Statements run that may have changed something.
    writes: u64,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(code, text) => match code.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
                ErrorCode::ConstraintViolation if code.extended_code == 2067 || code.extended_code == 1555 => {
                    StoreError::Unique(text.clone().unwrap_or_default())
                }
                _ => StoreError::Other(error.to_string()),
            },
            _ => StoreError::Other(error.to_string()),
        }
    }
}

impl Lite {
    /// Opens a file, or `:memory:`.
    ///
    /// # Errors
    /// When the file can't be opened or is no database.
    pub fn open(path: &Path, mode: LiteMode) -> Result<Self, StoreError> {
        let conn = Connection::open(path)?;
        conn.busy_timeout(std::time::Duration::from_millis(BUSY_WAIT_MS))?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
        // FULL: an acknowledged write survives a power cut. NORMAL would be 18 times faster for
        // single commits and loses them; one writer with group commit makes FULL cheap instead.
        conn.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma secure_delete = on; pragma temp_store = memory; pragma cache_size = -16384;
             pragma mmap_size = 268435456;",
        )?;
        // A plan depends on the statement alone, as the plan snapshots expect. Without this SQLite
        // prepares many statements anew each time another value is bound (built with STAT4).
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        match mode {
            // Checkpoints run on a connection of their own, off the commit path.
            LiteMode::Write => conn.execute_batch(&format!(
                "pragma wal_autocheckpoint = 0; pragma journal_size_limit = {WAL_KEPT_BYTES};"
            ))?,
            LiteMode::Read => conn.execute_batch("pragma query_only = on;")?,
        }
        Ok(Self { conn, writes: 0 })
    }

    /// Runs text that is not a declared statement: transactions, migrations, pragmas.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn batch(&self, text: &str) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(text)?)
    }

    /// A short fixed text that is run often (`savepoint`, `release` …), kept prepared.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn control(&self, text: &'static str) -> Result<(), StoreError> {
        self.conn.prepare_cached(text)?.raw_execute()?;
        Ok(())
    }

    /// Number of columns and parameters the engine sees in a statement, for the registry's test.
    ///
    /// # Errors
    /// When the statement can't be prepared.
    pub fn describe(&self, sql: &Sql) -> Result<(usize, usize), StoreError> {
        let statement = self.conn.prepare(sql.for_lite())?;
        Ok((statement.parameter_count(), statement.column_count()))
    }

    /// The engine's plan for a statement, one step a line.
    ///
    /// # Errors
    /// When the statement can't be prepared.
    pub fn plan(&self, sql: &Sql) -> Result<String, StoreError> {
        let mut statement = self.conn.prepare(&format!("explain query plan {}", sql.for_lite()))?;
        for index in 1..=sql.params.len() {
            statement.raw_bind_parameter(index, rusqlite::types::Null)?;
        }
        let mut rows = statement.raw_query();
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(row.get::<_, String>(3)?);
        }
        Ok(lines.join("\n"))
    }

    /// True when a statement changes nothing.
    pub(crate) fn reads_only(&self, sql: &Sql) -> Result<bool, StoreError> {
        Ok(self.conn.prepare_cached(sql.for_lite())?.readonly())
    }

    /// How many statements ran so far that may have changed something, failed ones included.
    pub(crate) fn writes(&self) -> u64 {
        self.writes
    }

    /// The bare connection, for the migration runner and checks inside this crate.
    pub(crate) fn raw(&self) -> &Connection {
        &self.conn
    }

    fn bind(statement: &mut rusqlite::Statement<'_>, sql: &Sql, args: &[Arg<'_>]) -> Result<(), StoreError> {
        sql.fits(args)?;
        for (index, arg) in args.iter().enumerate() {
            let at = index + 1;
            match arg {
                Arg::Null => statement.raw_bind_parameter(at, rusqlite::types::Null)?,
                Arg::Text(v) => statement.raw_bind_parameter(at, v)?,
                Arg::Int(v) => statement.raw_bind_parameter(at, v)?,
                Arg::Real(v) => statement.raw_bind_parameter(at, v)?,
                Arg::Bool(v) => statement.raw_bind_parameter(at, v)?,
                Arg::Bytes(v) => statement.raw_bind_parameter(at, v)?,
            }
        }
        Ok(())
    }
}

fn cell(value: ValueRef<'_>, ty: Ty, sql: &Sql) -> Result<Cell, StoreError> {
    Ok(match (value, ty) {
        (ValueRef::Null, _) => Cell::Null,
        (ValueRef::Text(v), Ty::Text) => Cell::Text(String::from_utf8_lossy(v).into_owned()),
        (ValueRef::Integer(v), Ty::Int) => Cell::Int(v),
        (ValueRef::Integer(v), Ty::Bool) => Cell::Bool(v != 0),
        (ValueRef::Real(v), Ty::Real) => Cell::Real(v),
        (ValueRef::Blob(v), Ty::Bytes) => Cell::Bytes(v.to_vec()),
        (value, ty) => {
            return Err(StoreError::Mismatch(format!("{}: {ty:?} declared, {:?} came", sql.name, value.data_type())));
        }
    })
}

impl Db for Lite {
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql.for_lite())?;
        if !statement.readonly() {
            self.writes += 1;
        }
        Self::bind(&mut statement, sql, args)?;
        let mut answer = statement.raw_query();
        let mut out = Vec::new();
        while let Some(row) = answer.next()? {
            if out.len() == ROWS_MAX {
                return Err(StoreError::Mismatch(format!("{}: more than {ROWS_MAX} rows", sql.name)));
            }
            let cells = sql
                .columns
                .iter()
                .enumerate()
                .map(|(i, ty)| cell(row.get_ref(i)?, *ty, sql))
                .collect::<Result<Vec<_>, StoreError>>()?;
            out.push(Row::new(cells));
        }
        Ok(out)
    }
}

impl Conn for Lite {
    fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        self.writes += 1;
        let mut statement = self.conn.prepare_cached(sql.for_lite())?;
        Self::bind(&mut statement, sql, args)?;
        Ok(statement.raw_execute()? as u64)
    }
}

/// Moves what is committed from the WAL into the database file without making a writer wait, and
/// gives the WAL's length in pages.
///
/// # Errors
/// Any [`StoreError`].
pub fn checkpoint(lite: &Lite, truncate: bool) -> Result<i64, StoreError> {
    let text = if truncate { "pragma wal_checkpoint(truncate)" } else { "pragma wal_checkpoint(passive)" };
    Ok(lite.raw().query_row(text, [], |row| row.get::<_, i64>(1))?)
}
