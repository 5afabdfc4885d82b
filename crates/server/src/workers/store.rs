//! SQL of messages that somebody makes by hand (calls, SMS and letters without a gateway), and of
//! what has served its time.

use kernel::{
    Result, Timestamp, Tx, args,
    id::{MessageId, PersonId},
    statements,
    store::{Db, StoreError},
};

statements! {
    /// Puts a message down for somebody to make.
    MESSAGE_PUT_DOWN(Text, Text) -> () =
        "update outbox set state = 'by_hand', lease_until = null where district = $1 and id = $2 and state = 'waiting'";
    /// What is to be made by hand, oldest first.
    MESSAGE_BY_HAND(Text, Int) -> (Text, Text, Text, Text, Text, Bytes, Int) =
        "select id, person, channel, subject_kind, subject_id, sealed, created_at from outbox
         where district = $1 and state = 'by_hand' order by due_at, id limit $2";
    /// How many are to be made by hand.
    MESSAGE_BY_HAND_COUNT(Text) -> (Int) = "select count(*) from outbox where district = $1 and state = 'by_hand'";
    /// Removes sessions that ended long ago.
    SESSION_FORGET(Text, Int) -> () = "delete from session where district = $1 and expires_at <= $2";
    /// Removes messages that were sent long ago, oldest first.
    MESSAGE_FORGET(Text, Int, Int) -> () =
        "delete from outbox where district = $1 and id in (
           select id from outbox where district = $1 and state = 'sent' and due_at <= $2 order by due_at limit $3)";
    /// Somebody made it.
    MESSAGE_MADE(Text, Text, Int) -> () =
        "update outbox set state = 'sent', sent_at = $3 where district = $1 and id = $2 and state = 'by_hand'";
}

/// A message that somebody has to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The message.
    pub id: MessageId,
    /// To whom.
    pub person: PersonId,
    /// `sms`, `call`, `paper`.
    pub channel: String,
    /// Kind of what it is about.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// The text, sealed with the person's key.
    pub sealed: Vec<u8>,
    /// Since when.
    pub created_at: Timestamp,
}

/// Removes sessions that ended before a moment; gives how many.
pub(super) fn sessions_forget(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(&SESSION_FORGET, args![tx.district(), before])
}

/// Removes at most so many messages that were written before a moment and sent; gives how many.
pub(super) fn messages_forget(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, StoreError> {
    tx.execute(&MESSAGE_FORGET, args![tx.district(), before, most])
}

pub(super) fn put_down(tx: &mut Tx<'_>, id: &MessageId) -> Result<(), StoreError> {
    tx.execute(&MESSAGE_PUT_DOWN, args![tx.district(), id]).map(|_| ())
}

/// What is to be made by hand in a district, oldest first. The caller checks each one's place.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_hand(db: &mut dyn Db, district: &str, rows: u32) -> Result<Vec<ByHand>, StoreError> {
    let rows = db.rows(&MESSAGE_BY_HAND, args![district, rows])?;
    let read = |mut row: kernel::store::Row| ByHand {
        id: row.next(),
        person: row.next(),
        channel: row.next(),
        subject_kind: row.next(),
        subject_id: row.next(),
        sealed: row.next(),
        created_at: row.next(),
    };
    Ok(rows.into_iter().map(read).collect())
}

pub(super) fn by_hand_count(db: &mut dyn Db, district: &str) -> Result<i64, StoreError> {
    Ok(db.row(&MESSAGE_BY_HAND_COUNT, args![district])?.map_or(0, |mut row| row.next()))
}

/// Somebody made the call or wrote; false when it was not waiting for that any more.
///
/// # Errors
/// Any [`StoreError`].
pub fn made_by_hand(tx: &mut Tx<'_>, id: &MessageId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.execute(&MESSAGE_MADE, args![tx.district(), id, now])? == 1)
}
