//! SQL of messages that people carry, and of notices that the staff read.

use cases::case::CaseId;
use commons::place::PlaceId;
use kernel::{
    Timestamp, Tx, args,
    id::{MessageId, PersonId},
    statements,
    store::{Db, Row, StoreError},
};

use super::{Head, TOLD_ROWS_MAX};

statements! {
    /// Cases within a subtree whose askers wait to be told, by their oldest message, after a cursor. A case
    /// stands here once: it is left out at every message but its oldest, looked for among the person's own
    /// (`|| ''` keeps the planner from walking everybody's).
    CALLS_LIST(Text, Text, Int, Text, Int) -> (Text, Text, Int, Text) =
        "select o.subject_id, o.person, o.due_at, o.id from outbox o cross join case_file c
         where o.district = $1 and o.state = 'by_hand' and o.subject_kind = 'case' and (o.due_at, o.id) > ($3, $4)
           and c.district = $1 and c.id = o.subject_id
           and exists (select 1 from place_within w where w.district = $1 and w.place = c.grid and w.ancestor = $2)
           and not exists (select 1 from outbox e where e.district = $1 and e.person = o.person and e.state || '' = 'by_hand'
             and e.subject_kind = 'case' and e.subject_id = o.subject_id and (e.due_at, e.id) < (o.due_at, o.id))
         order by o.due_at, o.id limit $5";
    /// How many cases stand there, up to a number.
    CALLS_COUNT(Text, Text, Int) -> (Int) =
        "select count(*) from (select 1 as one from outbox o cross join case_file c
         where o.district = $1 and o.state = 'by_hand' and o.subject_kind = 'case'
           and c.district = $1 and c.id = o.subject_id
           and exists (select 1 from place_within w where w.district = $1 and w.place = c.grid and w.ancestor = $2)
           and not exists (select 1 from outbox e where e.district = $1 and e.person = o.person and e.state || '' = 'by_hand'
             and e.subject_kind = 'case' and e.subject_id = o.subject_id and (e.due_at, e.id) < (o.due_at, o.id))
         limit $3) as counted";
    /// What waits to be told to a person about a case, oldest first.
    SAYINGS(Text, Text, Text, Int) -> (Text, Text, Bytes, Int) =
        "select id, channel, sealed, created_at from outbox
         where district = $1 and person = $2 and state = 'by_hand' and subject_kind = 'case' and subject_id = $3
         order by created_at, id limit $4";
    /// Somebody told it.
    MESSAGE_TOLD(Text, Text, Int) -> () =
        "update outbox set state = 'sent', sent_at = $3 where district = $1 and id = $2 and state = 'by_hand'";
    /// Nobody was reached: it goes to the end of the list.
    MESSAGE_PUT_OFF(Text, Text, Int) -> () =
        "update outbox set due_at = $3 where district = $1 and id = $2 and state = 'by_hand'";
    /// A person's notices, newest first, before a cursor.
    NOTICES(Text, Text, Int, Text, Int) -> (Text, Text, Text, Bytes, Int, Int) =
        "select id, subject_kind, subject_id, sealed, created_at, read_at from outbox
         where district = $1 and person = $2 and channel = 'page' and (created_at, id) < ($3, $4)
         order by created_at desc, id desc limit $5";
    /// How many a person has not read, up to a number.
    NOTICES_UNREAD(Text, Text, Int) -> (Int) =
        "select count(*) from (select 1 as one from outbox
         where district = $1 and person = $2 and channel = 'page' and read_at is null limit $3) as counted";
    /// What a person's notice is about.
    NOTICE_ABOUT(Text, Text, Text) -> (Text, Text) =
        "select subject_kind, subject_id from outbox
         where district = $1 and person = $2 and id = $3 and channel = 'page'";
    /// A person read one.
    NOTICE_READ(Text, Text, Text, Int) -> () =
        "update outbox set read_at = $4
         where district = $1 and person = $2 and id = $3 and channel = 'page' and read_at is null";
    /// A person read everything up to a moment.
    NOTICES_READ(Text, Text, Int, Int) -> () =
        "update outbox set read_at = $4
         where district = $1 and person = $2 and channel = 'page' and read_at is null and created_at <= $3";
}

pub(super) fn heads(
    db: &mut dyn Db,
    district: &str,
    root: &PlaceId,
    after: Option<(Timestamp, MessageId)>,
    rows: i64,
) -> Result<Vec<Head>, StoreError> {
    let (at, id) = after.map_or((Timestamp::from_ms(0), String::new()), |(at, id)| (at, id.to_string()));
    let read = |mut row: Row| Head { case: row.next(), person: row.next(), due_at: row.next(), id: row.next() };
    Ok(db.rows(&CALLS_LIST, args![district, root, at, &id, rows])?.into_iter().map(read).collect())
}

pub(super) fn heads_count(db: &mut dyn Db, district: &str, root: &PlaceId, most: i64) -> Result<i64, StoreError> {
    Ok(db.row(&CALLS_COUNT, args![district, root, most])?.map_or(0, |mut row| row.next()))
}

/// A waiting message as it stands: id, channel, sealed text, since when.
pub(super) type Waiting = (MessageId, String, Vec<u8>, Timestamp);

pub(super) fn waiting(
    db: &mut dyn Db,
    district: &str,
    person: &PersonId,
    case: &CaseId,
) -> Result<Vec<Waiting>, StoreError> {
    let rows = db.rows(&SAYINGS, args![district, person, case, TOLD_ROWS_MAX])?;
    Ok(rows.into_iter().map(|mut row| (row.next(), row.next(), row.next(), row.next())).collect())
}

pub(super) fn told(tx: &mut Tx<'_>, id: &MessageId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.execute(&MESSAGE_TOLD, args![tx.district(), id, now])? == 1)
}

pub(super) fn put_off(tx: &mut Tx<'_>, id: &MessageId) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.execute(&MESSAGE_PUT_OFF, args![tx.district(), id, now])? == 1)
}

/// A notice as it stands: id, kind and id of its subject, sealed text, when it was written, when read.
pub(super) type Written = (MessageId, String, String, Vec<u8>, Timestamp, Option<Timestamp>);

pub(super) fn notices(
    db: &mut dyn Db,
    district: &str,
    person: &PersonId,
    before: Option<(Timestamp, MessageId)>,
    rows: i64,
) -> Result<Vec<Written>, StoreError> {
    let (at, id) = before.map_or((Timestamp::from_ms(i64::MAX), String::new()), |(at, id)| (at, id.to_string()));
    let rows = db.rows(&NOTICES, args![district, person, at, &id, rows])?;
    let read =
        |mut row: Row| (row.next(), row.next(), row.next(), row.next(), row.next(), row.next::<Option<Timestamp>>());
    Ok(rows.into_iter().map(read).collect())
}

pub(super) fn unread(db: &mut dyn Db, district: &str, person: &PersonId, most: i64) -> Result<i64, StoreError> {
    Ok(db.row(&NOTICES_UNREAD, args![district, person, most])?.map_or(0, |mut row| row.next()))
}

pub(super) fn about(
    db: &mut dyn Db,
    district: &str,
    person: &PersonId,
    id: &MessageId,
) -> Result<Option<(String, String)>, StoreError> {
    Ok(db.row(&NOTICE_ABOUT, args![district, person, id])?.map(|mut row| (row.next(), row.next())))
}

pub(super) fn read_one(tx: &mut Tx<'_>, person: &PersonId, id: &MessageId) -> Result<u64, StoreError> {
    let now = tx.now();
    tx.execute(&NOTICE_READ, args![tx.district(), person, id, now])
}

pub(super) fn read_until(tx: &mut Tx<'_>, person: &PersonId, until: Timestamp) -> Result<u64, StoreError> {
    let now = tx.now();
    tx.execute(&NOTICES_READ, args![tx.district(), person, until, now])
}
