//! SQL of idempotency keys.

use super::{Key, Reference};
use crate::{
    Result, Timestamp, args, statements,
    store::{Conn, Db, StoreError},
};

statements! {
    /// What a key was used for.
    KEY_FETCH(Text, Text, Text) -> (Bytes, Text, Text, Int) =
        "select request, subject_kind, subject_id, version from idempotency where district = $1 and actor = $2 and key = $3";
    /// Keeps a key with what it did.
    KEY_INSERT(Text, Text, Text, Bytes, Text, Text, Int, Int) -> () =
        "insert into idempotency (district, actor, key, request, subject_kind, subject_id, version, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Forgets old keys.
    KEY_FORGET(Text, Int) -> () = "delete from idempotency where district = $1 and at < $2";
}

/// What a key was used for: the hash of its request, and where its answer stands.
///
/// # Errors
/// Any [`StoreError`].
pub fn find(
    db: &mut dyn Db,
    district: &str,
    actor: &str,
    key: &str,
) -> Result<Option<([u8; 32], Reference)>, StoreError> {
    Ok(db
        .row(&KEY_FETCH, args![district, actor, key])?
        .map(|mut row| (row.next(), Reference { kind: row.next(), id: row.next(), version: row.next() })))
}

/// Keeps a key with what it did.
///
/// # Errors
/// Unique when the same key was kept meanwhile; any other [`StoreError`].
pub fn keep(
    conn: &mut dyn Conn,
    district: &str,
    actor: &str,
    key: &Key,
    reference: &Reference,
    at: Timestamp,
) -> Result<(), StoreError> {
    conn.execute(
        &KEY_INSERT,
        args![district, actor, &key.key, &key.request, &reference.kind, &reference.id, reference.version, at],
    )
    .map(|_| ())
}

/// Forgets keys older than a moment; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_before(conn: &mut dyn Conn, district: &str, before: Timestamp) -> Result<u64, StoreError> {
    conn.execute(&KEY_FORGET, args![district, before])
}
