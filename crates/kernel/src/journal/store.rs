//! SQL of the journal.

use super::{Draft, Entry, Receipt, rules};
use crate::{
    Result, Rng, Timestamp, args,
    id::EntryId,
    statements,
    store::{Conn, Db, Row, StoreError},
};

statements! {
    /// Opens a district's history.
    HEAD_OPEN(Text, Bytes) -> () =
        "insert into journal_head (district, seq, hash) values ($1, 0, $2) on conflict do nothing";
    /// Where a district's history stands.
    HEAD_FETCH(Text) -> (Int, Bytes) = "select seq, hash from journal_head where district = $1";
    /// Where a district's history stands, locked until the commit.
    HEAD_LOCK(Text) -> (Int, Bytes) = "select seq, hash from journal_head where district = $1 /*for update*/";
    /// Moves the head.
    HEAD_SET(Text, Int, Bytes) -> () = "update journal_head set seq = $2, hash = $3 where district = $1";
    /// Appends one entry.
    ENTRY_INSERT(Text, Int, Text, Text, Text, Int, Int, Int, Text, Text, Text, Bytes, Bytes) -> () =
        "insert into journal (district, seq, id, subject_kind, subject_id, version, occurred_at, at, actor, act, data, prev, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Entries after a position, in order.
    ENTRY_PAGE(Text, Int, Int) -> (Int, Text, Text, Text, Int, Int, Int, Text, Text, Text, Bytes, Bytes) =
        "select seq, id, subject_kind, subject_id, version, occurred_at, at, actor, act, data, prev, hash
         from journal where district = $1 and seq > $2 order by seq limit $3";
    /// The history of one subject, oldest first.
    ENTRY_HISTORY(Text, Text, Text, Int) -> (Int, Text, Text, Text, Int, Int, Int, Text, Text, Text, Bytes, Bytes) =
        "select seq, id, subject_kind, subject_id, version, occurred_at, at, actor, act, data, prev, hash
         from journal where district = $1 and subject_kind = $2 and subject_id = $3 order by version limit $4";
    /// What one version of a subject recorded.
    ENTRY_AT(Text, Text, Text, Int) -> (Text) =
        "select data from journal where district = $1 and subject_kind = $2 and subject_id = $3 and version = $4";
}

/// Entries of one subject that are read at once.
const HISTORY_ROWS_MAX: i64 = 5_000;

/// Opens a district's history if it is not open.
///
/// # Errors
/// Any [`StoreError`].
pub fn open(conn: &mut dyn Conn, district: &str) -> Result<(), StoreError> {
    conn.execute(&HEAD_OPEN, args![district, &rules::GENESIS]).map(|_| ())
}

/// The last position and hash of a district; `None` when it has no history.
///
/// # Errors
/// Any [`StoreError`].
pub fn head(db: &mut dyn Db, district: &str) -> Result<Option<(i64, [u8; 32])>, StoreError> {
    Ok(db.row(&HEAD_FETCH, args![district])?.map(|mut row| (row.next(), row.next())))
}

/// Appends a command's entries and gives their receipts.
///
/// # Errors
/// Any [`StoreError`]; unique when a subject's version was taken by somebody else.
pub fn append(
    conn: &mut dyn Conn,
    rng: &mut Rng,
    district: &str,
    actor: &str,
    at: Timestamp,
    drafts: Vec<Draft>,
) -> Result<Vec<Receipt>, StoreError> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let lock = |conn: &mut dyn Conn| conn.row(&HEAD_LOCK, args![district]);
    let mut row = match lock(conn)? {
        Some(row) => row,
        None => {
            open(conn, district)?;
            lock(conn)?.ok_or_else(|| StoreError::Retry("journal head".into()))?
        }
    };
    let (mut last, mut prev): (i64, [u8; 32]) = (row.next(), row.next());
    let mut receipts = Vec::with_capacity(drafts.len());
    for (seq, draft) in (last + 1..).zip(drafts) {
        let mut entry = Entry {
            seq,
            id: EntryId::new(at, rng),
            subject_kind: draft.subject_kind.to_owned(),
            subject_id: draft.subject_id,
            version: draft.version,
            occurred_at: draft.occurred_at.unwrap_or(at),
            at,
            actor: actor.to_owned(),
            act: draft.act,
            data: draft.data.to_string(),
            prev,
            hash: rules::GENESIS,
        };
        entry.hash = rules::hash(district, &entry);
        conn.execute(
            &ENTRY_INSERT,
            args![
                district,
                entry.seq,
                &entry.id,
                &entry.subject_kind,
                &entry.subject_id,
                entry.version,
                entry.occurred_at,
                entry.at,
                &entry.actor,
                &entry.act,
                &entry.data,
                &entry.prev,
                &entry.hash
            ],
        )?;
        (last, prev) = (seq, entry.hash);
        receipts.push(Receipt { seq, hash: data_encoding::HEXLOWER.encode(&entry.hash) });
    }
    conn.execute(&HEAD_SET, args![district, last, &prev])?;
    Ok(receipts)
}

fn entry(mut row: Row) -> Entry {
    Entry {
        seq: row.next(),
        id: row.next(),
        subject_kind: row.next(),
        subject_id: row.next(),
        version: row.next(),
        occurred_at: row.next(),
        at: row.next(),
        actor: row.next(),
        act: row.next(),
        data: row.next(),
        prev: row.next(),
        hash: row.next(),
    }
}

/// At most `limit` entries after a position, in order.
///
/// # Errors
/// Any [`StoreError`].
pub fn page(db: &mut dyn Db, district: &str, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    Ok(db.rows(&ENTRY_PAGE, args![district, after, limit])?.into_iter().map(entry).collect())
}

/// The history of one subject, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn history(db: &mut dyn Db, district: &str, kind: &str, id: &str) -> Result<Vec<Entry>, StoreError> {
    Ok(db.rows(&ENTRY_HISTORY, args![district, kind, id, HISTORY_ROWS_MAX])?.into_iter().map(entry).collect())
}

/// The facts that one version of a subject recorded, as JSON.
///
/// # Errors
/// Any [`StoreError`].
pub fn state_at(
    db: &mut dyn Db,
    district: &str,
    kind: &str,
    id: &str,
    version: i64,
) -> Result<Option<serde_json::Value>, StoreError> {
    Ok(db
        .row(&ENTRY_AT, args![district, kind, id, version])?
        .and_then(|mut row| serde_json::from_str(&row.next::<String>()).ok()))
}
