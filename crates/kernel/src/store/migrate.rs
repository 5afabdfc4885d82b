//! Forward-only migrations, embedded and checksummed, the same text on both engines.

use sha2::{Digest, Sha256};

use super::{Lite, Pg, StoreError};

/// One step of the schema. Ids grow; a step that was released never changes.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Order and name such as `0001_kernel`.
    pub id: &'static str,
    /// DDL in PostgreSQL's words with the five column types.
    pub ddl: &'static str,
}

/// A column as its migration declares it: the class and retention after `--` are required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Table.
    pub table: String,
    /// Column.
    pub name: String,
    /// One of the five types.
    pub ty: String,
    /// What kind of data it is: `key`, `fact`, `handle`, `sealed`, `secret`.
    pub class: String,
    /// How long it is kept.
    pub retention: String,
}

const LEDGER: &str = "create table if not exists schema_step (id text primary key, checksum text not null)";

fn checksum(migration: &Migration) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(migration.ddl.as_bytes()))
}

/// The DDL in SQLite's words: its types, and STRICT tables. One that ends with `); -- without rowid` is
/// kept in its primary key's own tree: one page less to write for small rows that are found by their key.
pub fn ddl_for_lite(ddl: &str) -> String {
    ddl.replace(" bigint", " integer")
        .replace(" double precision", " real")
        .replace(" boolean", " integer")
        .replace(" bytea", " blob")
        .replace("\n); -- without rowid", "\n) strict, without rowid;")
        .replace("\n);", "\n) strict;")
}

/// Lines inside a table that declare something else than a column.
const NOT_COLUMNS: [&str; 6] = ["primary key", "unique", "foreign key", "check", "constraint", "--"];

/// Reads the columns and their classes from a migration's text.
pub fn parse_columns(migration: &Migration) -> Vec<Column> {
    let mut table = String::new();
    let mut out = Vec::new();
    for line in migration.ddl.lines() {
        // A column that a later step adds is read as if it stood in its table.
        let added = line.trim().strip_prefix("alter table ").and_then(|rest| rest.split_once(" add column "));
        if let Some((name, _)) = added {
            table = name.trim().to_owned();
        }
        let line = added.map_or(line.trim(), |(_, column)| column.trim());
        if let Some(rest) = line.strip_prefix("create table ") {
            table = rest.trim_end_matches('(').trim().to_owned();
        } else if line.starts_with(")") || line.starts_with("create ") {
            table.clear();
        } else if !table.is_empty() && !line.is_empty() && !NOT_COLUMNS.iter().any(|word| line.starts_with(word)) {
            let (code, note) = line.split_once("--").unwrap_or((line, ""));
            let (class, retention) = note.split_once(';').unwrap_or((note, ""));
            let mut words = code.split_whitespace();
            let name = words.next().unwrap_or_default().to_owned();
            let ty = match words.next().unwrap_or_default().trim_end_matches(',') {
                "double" => "double precision".to_owned(),
                ty => ty.to_owned(),
            };
            let ty = ty.trim_end_matches(';').to_owned();
            out.push(Column {
                table: table.clone(),
                name,
                ty,
                class: class.trim().to_owned(),
                retention: retention.trim().to_owned(),
            });
            if added.is_some() {
                table.clear();
            }
        }
    }
    out
}

/// All columns of a list of migrations.
pub fn columns(migrations: &[Migration]) -> Vec<Column> {
    migrations.iter().flat_map(parse_columns).collect()
}

fn pending<'m>(done: &[(String, String)], migrations: &'m [Migration]) -> Result<Vec<&'m Migration>, StoreError> {
    for (id, sum) in done {
        match migrations.iter().find(|m| m.id == id) {
            None => {
                return Err(StoreError::Other(format!(
                    "this database knows step {id}, which this program does not: it was written by a newer version; use that version"
                )));
            }
            Some(m) if checksum(m) != *sum => {
                return Err(StoreError::Other(format!("step {id} was changed after it was applied")));
            }
            Some(_) => {}
        }
    }
    Ok(migrations.iter().filter(|m| !done.iter().any(|(id, _)| id == m.id)).collect())
}

/// Applies the next step that is missing; false when there is none.
fn lite_step(lite: &Lite, migrations: &[Migration]) -> Result<bool, StoreError> {
    let done = {
        let mut statement = lite.raw().prepare("select id, checksum from schema_step order by id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<Vec<(String, String)>, _>>()?
    };
    let Some(step) = pending(&done, migrations)?.first().copied() else { return Ok(false) };
    lite.batch(&ddl_for_lite(step.ddl))?;
    lite.batch(&format!("insert into schema_step (id, checksum) values ('{}', '{}')", step.id, checksum(step)))?;
    Ok(true)
}

/// Brings the schema up to date; each step in a transaction of its own.
///
/// # Errors
/// When a step fails, was changed after release, or the database is newer than the program.
///
/// # Panics
/// When the list is not in order of its ids: a programmer's error.
pub fn migrate(target: Target<'_>, migrations: &[Migration]) -> Result<usize, StoreError> {
    assert!(migrations.windows(2).all(|w| w[0].id < w[1].id), "migrations stand in order of their ids");
    match target {
        Target::Lite(lite) => {
            lite.batch(LEDGER)?;
            let mut steps = 0;
            loop {
                // Looked up under the lock: two processes may start at once.
                lite.batch("begin exclusive")?;
                let step = lite_step(lite, migrations);
                if !matches!(step, Ok(true)) {
                    lite.batch("rollback")?;
                    return step.map(|_| steps);
                }
                lite.batch("commit")?;
                steps += 1;
            }
        }
        Target::Pg(pg) => {
            // One advisory lock: several processes may start at once.
            pg.batch("select pg_advisory_lock(7303014)")?;
            let result = (|| {
                pg.batch(LEDGER)?;
                let done: Vec<(String, String)> = pg
                    .simple("select id, checksum from schema_step order by id")?
                    .into_iter()
                    .map(|mut row| (std::mem::take(&mut row[0]), std::mem::take(&mut row[1])))
                    .collect();
                let todo = pending(&done, migrations)?;
                for step in &todo {
                    pg.batch(&format!(
                        "begin; {}\n insert into schema_step (id, checksum) values ('{}', '{}'); commit;",
                        step.ddl,
                        step.id,
                        checksum(step)
                    ))?;
                }
                Ok(todo.len())
            })();
            // A failed step leaves its transaction open, and in it the lock could not be given back.
            let unlocked = pg.batch("rollback").and_then(|()| pg.batch("select pg_advisory_unlock(7303014)"));
            result.and_then(|steps| unlocked.map(|()| steps))
        }
    }
}

/// Where a migration runs.
pub enum Target<'a> {
    /// SQLite.
    Lite(&'a Lite),
    /// PostgreSQL.
    Pg(&'a Pg),
}
