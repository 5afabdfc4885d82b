//! Notices that the staff read where they work: something became theirs, is late, was taken back.

use kernel::{
    Result, Timestamp, Tx,
    id::{MessageId, PersonId},
    store::{Db, StoreError},
    vault::{self, Keys},
};

use super::{NOTICES_ROWS_MAX, UNREAD_MAX, store};

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The message.
    pub id: MessageId,
    /// `case` or `meeting`.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// The sentence, in Chinese.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
    /// It has been read.
    pub read: bool,
}

/// One page of notices.
#[derive(Debug, Default)]
pub struct Notices {
    /// Newest first.
    pub rows: Vec<Notice>,
    /// Where the next page begins.
    pub next: Option<(Timestamp, MessageId)>,
}

/// A person's notices before a cursor, newest first.
///
/// # Errors
/// Any store error.
pub fn notices(
    db: &mut dyn Db,
    keys: &Keys,
    district: &str,
    person: &PersonId,
    before: Option<(Timestamp, MessageId)>,
) -> Result<Notices> {
    let rows = NOTICES_ROWS_MAX as usize;
    let written = store::notices(db, district, person, before, i64::from(NOTICES_ROWS_MAX) + 1)?;
    let more = written.len() > rows;
    let mut out = Notices::default();
    for (id, subject_kind, subject_id, sealed, at, read) in written.into_iter().take(rows) {
        out.next = more.then_some((at, id));
        let text = vault::open_message(db, keys, district, person, &sealed)?.unwrap_or_default();
        out.rows.push(Notice { id, subject_kind, subject_id, text, at, read: read.is_some() });
    }
    Ok(out)
}

/// How many notices a person has not read; more than [`UNREAD_MAX`] is one more than that.
///
/// # Errors
/// Any store error.
pub fn unread(db: &mut dyn Db, district: &str, person: &PersonId) -> Result<u64, StoreError> {
    let most = i64::try_from(UNREAD_MAX + 1).unwrap_or(i64::MAX);
    Ok(u64::try_from(store::unread(db, district, person, most)?).unwrap_or_default())
}

/// A person read one of their notices; false when it was read already or is not theirs.
///
/// # Errors
/// Any store error.
pub fn read_one(tx: &mut Tx<'_>, person: &PersonId, id: &MessageId) -> Result<bool, StoreError> {
    Ok(store::read_one(tx, person, id)? == 1)
}

/// A person read everything that was written up to a moment; gives how many.
///
/// # Errors
/// Any store error.
pub fn read_until(tx: &mut Tx<'_>, person: &PersonId, until: Timestamp) -> Result<u64, StoreError> {
    store::read_until(tx, person, until)
}

/// What one of a person's notices is about, kind and id; none when it is not theirs.
///
/// # Errors
/// Any store error.
pub fn about(
    db: &mut dyn Db,
    district: &str,
    person: &PersonId,
    id: &MessageId,
) -> Result<Option<(String, String)>, StoreError> {
    store::about(db, district, person, id)
}
