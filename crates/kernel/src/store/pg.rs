//! PostgreSQL through unnamed typed statements: they pass a transaction-pooling proxy.
//!
//! The async world ends here: commands are plain synchronous Rust on a blocking thread, and each
//! statement waits for its answer through the runtime's handle.

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio::runtime::Handle;
use tokio_postgres::{
    NoTls,
    error::SqlState,
    types::{ToSql, Type},
};

use super::{Arg, Cell, Conn, Db, ROWS_MAX, Row, Sql, StoreError, Ty};

/// Connections of one process.
pub type PgPool = Pool;

/// One PostgreSQL connection, used from a blocking thread.
pub struct Pg {
    client: Object,
    handle: Handle,
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let text = || {
            error
                .as_db_error()
                .map_or_else(|| error.to_string(), |db| format!("{}: {}", db.code().code(), db.message()))
        };
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => {
                let name = error.as_db_error().and_then(|db| db.constraint().map(str::to_owned));
                StoreError::Unique(name.unwrap_or_default())
            }
            Some(&(SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED)) => StoreError::Retry(text()),
            Some(&(SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS | SqlState::CANNOT_CONNECT_NOW)) => {
                StoreError::Busy
            }
            // 08 connection, 57P01/57P02 shutdown: the server is going away and takes the transaction with it.
            Some(code) if code.code().starts_with("08") || matches!(code.code(), "57P01" | "57P02") => {
                StoreError::Lost(text())
            }
            Some(_) => StoreError::Other(text()),
            None if error.is_closed()
                || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>()) =>
            {
                StoreError::Lost(text())
            }
            None => StoreError::Mismatch(text()),
        }
    }
}

/// Opens a pool of at most `connections` to a `postgres://` address.
///
/// # Errors
/// When the address can't be parsed.
pub fn connect(url: &str, connections: usize) -> Result<PgPool, StoreError> {
    let config: tokio_postgres::Config =
        url.parse().map_err(|e| StoreError::Other(format!("postgres address: {e}")))?;
    let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(std::time::Duration::from_secs(5)))
        .build()
        .map_err(|e| StoreError::Other(e.to_string()))
}

impl Pg {
    /// Takes a connection from the pool. Call from a blocking thread only.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none is free in time or the server does not answer.
    pub fn take(pool: &PgPool, handle: &Handle) -> Result<Self, StoreError> {
        let client = handle.block_on(pool.get()).map_err(|error| {
            tracing::warn!(%error, "no PostgreSQL connection");
            StoreError::Busy
        })?;
        Ok(Self { client, handle: handle.clone() })
    }

    /// Runs text that is not a declared statement: transactions, migrations.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn batch(&self, text: &str) -> Result<(), StoreError> {
        Ok(self.handle.block_on(self.client.batch_execute(text))?)
    }

    /// Rows of an undeclared text, every column as text: for the migration runner.
    pub(crate) fn simple(&self, text: &str) -> Result<Vec<Vec<String>>, StoreError> {
        let messages = self.handle.block_on(self.client.simple_query(text))?;
        Ok(messages
            .into_iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => {
                    Some((0..row.len()).map(|i| row.get(i).unwrap_or_default().to_owned()).collect())
                }
                _ => None,
            })
            .collect())
    }

    /// Drops the connection instead of returning it: its transaction's state is unknown.
    pub fn discard(self) {
        drop(Object::take(self.client));
    }
}

fn pg_type(ty: Ty) -> Type {
    match ty {
        Ty::Text => Type::TEXT,
        Ty::Int => Type::INT8,
        Ty::Real => Type::FLOAT8,
        Ty::Bool => Type::BOOL,
        Ty::Bytes => Type::BYTEA,
    }
}

/// Parameter and column types as the server sees them, for the registry's test.
///
/// # Errors
/// When the server refuses the statement, or a type is none of the five.
pub fn describe(pg: &Pg, sql: &Sql) -> Result<(Vec<Ty>, Vec<Ty>), StoreError> {
    let ours = |ty: &Type| match *ty {
        Type::TEXT => Ok(Ty::Text),
        Type::INT8 => Ok(Ty::Int),
        Type::FLOAT8 => Ok(Ty::Real),
        Type::BOOL => Ok(Ty::Bool),
        Type::BYTEA => Ok(Ty::Bytes),
        ref other => Err(StoreError::Mismatch(format!("{}: type {other}", sql.name))),
    };
    let statement = pg.handle.block_on(
        pg.client.prepare_typed(sql.for_pg(), &sql.params.iter().map(|ty| pg_type(*ty)).collect::<Vec<_>>()),
    )?;
    Ok((
        statement.params().iter().map(ours).collect::<Result<_, _>>()?,
        statement.columns().iter().map(|c| ours(c.type_())).collect::<Result<_, _>>()?,
    ))
}

type Bound<'a> = (Box<dyn ToSql + Sync + Send + 'a>, Type);

fn bound<'a>(sql: &Sql, args: &'a [Arg<'a>]) -> Result<Vec<Bound<'a>>, StoreError> {
    sql.fits(args)?;
    Ok(args
        .iter()
        .zip(sql.params)
        .map(|(arg, ty)| {
            let value: Box<dyn ToSql + Sync + Send> = match arg {
                Arg::Null => match ty {
                    Ty::Text => Box::new(None::<&str>),
                    Ty::Int => Box::new(None::<i64>),
                    Ty::Real => Box::new(None::<f64>),
                    Ty::Bool => Box::new(None::<bool>),
                    Ty::Bytes => Box::new(None::<&[u8]>),
                },
                Arg::Text(v) => Box::new(*v),
                Arg::Int(v) => Box::new(*v),
                Arg::Real(v) => Box::new(*v),
                Arg::Bool(v) => Box::new(*v),
                Arg::Bytes(v) => Box::new(*v),
            };
            (value, pg_type(*ty))
        })
        .collect())
}

fn cell(row: &tokio_postgres::Row, index: usize, ty: Ty) -> Result<Cell, StoreError> {
    fn or_null<T>(value: Option<T>, make: fn(T) -> Cell) -> Cell {
        value.map_or(Cell::Null, make)
    }
    Ok(match ty {
        Ty::Text => or_null(row.try_get(index)?, Cell::Text),
        Ty::Int => or_null(row.try_get(index)?, Cell::Int),
        Ty::Real => or_null(row.try_get(index)?, Cell::Real),
        Ty::Bool => or_null(row.try_get(index)?, Cell::Bool),
        Ty::Bytes => or_null(row.try_get(index)?, Cell::Bytes),
    })
}

impl Db for Pg {
    fn rows(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<Vec<Row>, StoreError> {
        let bound = bound(sql, args)?;
        let params: Vec<(&(dyn ToSql + Sync), Type)> =
            bound.iter().map(|(v, ty)| (&**v as &(dyn ToSql + Sync), ty.clone())).collect();
        let rows = self.handle.block_on(self.client.query_typed(sql.for_pg(), &params))?;
        if rows.len() > ROWS_MAX {
            return Err(StoreError::Mismatch(format!("{}: more than {ROWS_MAX} rows", sql.name)));
        }
        rows.iter()
            .map(|row| {
                sql.columns
                    .iter()
                    .enumerate()
                    .map(|(i, ty)| cell(row, i, *ty))
                    .collect::<Result<Vec<_>, _>>()
                    .map(Row::new)
            })
            .collect()
    }
}

impl Conn for Pg {
    fn execute(&mut self, sql: &'static Sql, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        let bound = bound(sql, args)?;
        let params: Vec<(&(dyn ToSql + Sync), Type)> =
            bound.iter().map(|(v, ty)| (&**v as &(dyn ToSql + Sync), ty.clone())).collect();
        Ok(self.handle.block_on(self.client.execute_typed(sql.for_pg(), &params))?)
    }
}
