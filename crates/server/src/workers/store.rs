//! SQL of messages that are put down for somebody to make (`messages` takes them from there), and of
//! what has served its time.

use kernel::{
    Result, Timestamp, Tx, args,
    id::MessageId,
    statements,
    store::{Db, StoreError},
};

statements! {
    /// Puts a message down for somebody to make.
    MESSAGE_PUT_DOWN(Text, Text) -> () =
        "update outbox set state = 'by_hand', lease_until = null where district = $1 and id = $2 and state = 'waiting'";
    /// How many are to be made by hand.
    MESSAGE_BY_HAND_COUNT(Text) -> (Int) = "select count(*) from outbox where district = $1 and state = 'by_hand'";
    /// Removes sessions that ended long ago.
    SESSION_FORGET(Text, Int) -> () = "delete from session where district = $1 and expires_at <= $2";
    /// Removes messages that were sent long ago, oldest first.
    MESSAGE_FORGET(Text, Int, Int) -> () =
        "delete from outbox where district = $1 and id in (
           select id from outbox where district = $1 and state = 'sent' and due_at <= $2 order by due_at limit $3)";
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

pub(super) fn by_hand_count(db: &mut dyn Db, district: &str) -> Result<i64, StoreError> {
    Ok(db.row(&MESSAGE_BY_HAND_COUNT, args![district])?.map_or(0, |mut row| row.next()))
}
