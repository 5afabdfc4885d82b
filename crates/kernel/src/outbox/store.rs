//! SQL of messages.

use super::{CLAIM_ROWS_MAX, LEASE_MS, Message, SHOWN_ROWS_MAX};
use crate::{
    Result, Tx, args,
    id::{MessageId, PersonId},
    statements,
    store::{Db, Row, StoreError},
};

statements! {
    /// Writes a message once per key.
    MESSAGE_INSERT(Text, Text, Text, Text, Text, Text, Text, Bytes, Int) -> () =
        "insert into outbox (district, id, dedupe, person, channel, subject_kind, subject_id, sealed, state, due_at, tries, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, 0, $9) on conflict (district, dedupe) do nothing";
    /// Claims what is due and free. Materialized: PostgreSQL may otherwise run the inner query again
    /// for each row, and each time it skips what it has locked and takes more than the limit.
    MESSAGE_CLAIM(Text, Int, Int, Int) -> (Text, Text, Text, Text, Text, Bytes, Int) =
        "with due as materialized (
           select id from outbox where district = $1 and state = 'waiting' and due_at <= $2
             and (lease_until is null or lease_until <= $2)
           order by due_at, id limit $4 /*skip locked*/)
         update outbox set lease_until = $3, tries = tries + 1
         where district = $1 and id in (select id from due)
         returning id, person, channel, subject_kind, subject_id, sealed, created_at";
    /// Marks a message as sent.
    MESSAGE_SENT(Text, Text, Int) -> () =
        "update outbox set state = 'sent', sent_at = $3, lease_until = null where district = $1 and id = $2 and state = 'waiting'";
    /// Removes what was written to a person.
    MESSAGE_ERASE(Text, Text) -> () = "delete from outbox where district = $1 and person = $2";
    /// Removes what was written to others about matters to which a person supplied content: it may quote them.
    /// Walks all messages of the district: nobody is erased often enough to pay for an index at every message.
    MESSAGE_ERASE_ABOUT(Text, Text) -> () =
        "delete from outbox where district = $1 and exists (
           select 1 from content c where c.district = $1 and c.subject_kind = outbox.subject_kind
             and c.subject_id = outbox.subject_id and c.person = $2)";
    /// What was written to a person, newest first.
    MESSAGE_OF_PERSON(Text, Text, Int) -> (Text, Text, Text, Text, Text, Bytes, Int) =
        "select id, person, channel, subject_kind, subject_id, sealed, created_at from outbox
         where district = $1 and person = $2 order by created_at desc, id desc limit $3";
}

/// Removes the messages to a person who is erased, and what others were told of their matters. Comes
/// before the person's content goes.
pub(crate) fn erase(tx: &mut Tx<'_>, person: &PersonId) -> Result<(), StoreError> {
    let district = tx.district();
    tx.execute(&MESSAGE_ERASE, args![district, person])?;
    tx.execute(&MESSAGE_ERASE_ABOUT, args![district, person]).map(|_| ())
}

fn message(mut row: Row) -> Message {
    Message {
        id: row.next(),
        person: row.next(),
        channel: row.next(),
        subject_kind: row.next(),
        subject_id: row.next(),
        sealed: row.next(),
        created_at: row.next(),
    }
}

/// Writes a message; a second one with the same `dedupe` key has no effect.
///
/// # Errors
/// Any [`StoreError`].
pub fn post(
    tx: &mut Tx<'_>,
    dedupe: &str,
    person: &PersonId,
    channel: &str,
    subject: (&str, &str),
    sealed: &[u8],
) -> Result<(), StoreError> {
    let id = tx.id(MessageId::new);
    let now = tx.now();
    tx.execute(&MESSAGE_INSERT, args![tx.district(), &id, dedupe, person, channel, subject.0, subject.1, sealed, now])
        .map(|_| ())
}

/// Claims messages that are due.
///
/// # Errors
/// Any [`StoreError`].
pub fn claim(tx: &mut Tx<'_>) -> Result<Vec<Message>, StoreError> {
    let now = tx.now();
    let rows = tx.rows(&MESSAGE_CLAIM, args![tx.district(), now, now.plus_ms(LEASE_MS), CLAIM_ROWS_MAX])?;
    let mut messages: Vec<Message> = rows.into_iter().map(message).collect();
    messages.sort_by_key(|m| (m.created_at, m.id));
    Ok(messages)
}

/// Marks a message as sent.
///
/// # Errors
/// Any [`StoreError`].
pub fn sent(tx: &mut Tx<'_>, id: &MessageId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(&MESSAGE_SENT, args![tx.district(), id, now]).map(|_| ())
}

/// What was written to a person, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(db: &mut dyn Db, district: &str, person: &PersonId) -> Result<Vec<Message>, StoreError> {
    Ok(db.rows(&MESSAGE_OF_PERSON, args![district, person, SHOWN_ROWS_MAX])?.into_iter().map(message).collect())
}
