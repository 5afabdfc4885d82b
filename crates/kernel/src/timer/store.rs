//! SQL of timers.

use super::{CLAIM_ROWS_MAX, LEASE_MS, Timer};
use crate::{
    Result, Timestamp, Tx, args,
    id::TimerId,
    statements,
    store::{Conn, Db, StoreError},
};

statements! {
    /// Sets or moves a timer.
    TIMER_SET(Text, Text, Text, Text, Text, Int) -> () =
        "insert into timer (district, id, kind, subject_kind, subject_id, due_at, lease_until, tries)
         values ($1, $2, $3, $4, $5, $6, null, 0)
         on conflict (district, subject_kind, subject_id, kind)
         do update set due_at = excluded.due_at, lease_until = null, tries = 0, id = excluded.id";
    /// Takes a timer back.
    TIMER_CANCEL(Text, Text, Text, Text) -> () =
        "delete from timer where district = $1 and subject_kind = $2 and subject_id = $3 and kind = $4";
    /// Claims what is due and free. Materialized: PostgreSQL may otherwise run the inner query again
    /// for each row, and each time it skips what it has locked and takes more than the limit.
    TIMER_CLAIM(Text, Int, Int, Int) -> (Text, Text, Text, Text, Int) =
        "with due as materialized (
           select id from timer where district = $1 and due_at <= $2 and (lease_until is null or lease_until <= $2)
           order by due_at, id limit $4 /*skip locked*/)
         update timer set lease_until = $3, tries = tries + 1
         where district = $1 and id in (select id from due)
         returning id, kind, subject_kind, subject_id, due_at";
    /// Removes a fired timer unless it was moved meanwhile.
    TIMER_FINISH(Text, Text) -> () = "delete from timer where district = $1 and id = $2";
    /// The next moment that falls due.
    TIMER_NEXT(Text) -> (Int) = "select due_at from timer where district = $1 order by due_at limit 1";
}

/// Sets a subject's timer of a kind, or moves it.
///
/// # Errors
/// Any [`StoreError`].
pub fn set(
    tx: &mut Tx<'_>,
    kind: &str,
    subject_kind: &str,
    subject_id: &str,
    due_at: Timestamp,
) -> Result<(), StoreError> {
    let id = tx.id(TimerId::new);
    tx.execute(&TIMER_SET, args![tx.district(), &id, kind, subject_kind, subject_id, due_at]).map(|_| ())
}

/// Takes a subject's timer of a kind back, if it is set.
///
/// # Errors
/// Any [`StoreError`].
pub fn cancel(tx: &mut Tx<'_>, kind: &str, subject_kind: &str, subject_id: &str) -> Result<(), StoreError> {
    tx.execute(&TIMER_CANCEL, args![tx.district(), subject_kind, subject_id, kind]).map(|_| ())
}

/// Claims timers that are due, earliest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn claim(tx: &mut Tx<'_>) -> Result<Vec<Timer>, StoreError> {
    let now = tx.now();
    let mut timers: Vec<Timer> = tx
        .rows(&TIMER_CLAIM, args![tx.district(), now, now.plus_ms(LEASE_MS), CLAIM_ROWS_MAX])?
        .into_iter()
        .map(|mut row| Timer {
            id: row.next(),
            kind: row.next(),
            subject_kind: row.next(),
            subject_id: row.next(),
            due_at: row.next(),
        })
        .collect();
    // RETURNING promises no order.
    timers.sort_by_key(|timer| (timer.due_at, timer.id));
    Ok(timers)
}

/// Removes a fired timer; one that was moved meanwhile has another id and stays.
///
/// # Errors
/// Any [`StoreError`].
pub fn finish(conn: &mut dyn Conn, district: &str, id: &TimerId) -> Result<(), StoreError> {
    conn.execute(&TIMER_FINISH, args![district, id]).map(|_| ())
}

/// The next moment that falls due in a district.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_due(db: &mut dyn Db, district: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(db.row(&TIMER_NEXT, args![district])?.map(|mut row| row.next()))
}
