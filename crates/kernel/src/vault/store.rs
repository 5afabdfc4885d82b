//! SQL of persons, contacts and content.

use zeroize::Zeroizing;

use super::{ContactKind, ContentRef, Keys, PersonKey, Unsealing, rules};
use crate::{
    Problem, Result, Timestamp, Tx, args,
    id::{ContentId, PersonId},
    problem::NOT_FOUND,
    statements,
    store::{Db, StoreError},
    typed_id,
};

statements! {
    /// A new person with a wrapped key.
    PERSON_INSERT(Text, Text, Bytes, Int) -> () =
        "insert into person (district, id, wrapped_key, created_at) values ($1, $2, $3, $4)";
    /// A person's wrapped key; null when erased.
    PERSON_KEY(Text, Text) -> (Bytes) = "select wrapped_key from person where district = $1 and id = $2";
    /// Destroys a person's key.
    PERSON_ERASE(Text, Text, Int) -> () =
        "update person set wrapped_key = null, erased_at = $3 where district = $1 and id = $2 and erased_at is null";
    /// Removes a person's contacts.
    CONTACT_ERASE(Text, Text) -> () = "delete from contact where district = $1 and person = $2";
    /// Removes what a person supplied.
    CONTENT_ERASE(Text, Text) -> () = "delete from content where district = $1 and person = $2";
    /// Writes or replaces a contact.
    CONTACT_PUT(Text, Text, Text, Bytes, Bytes, Int) -> () =
        "insert into contact (district, person, kind, sealed, blind, at) values ($1, $2, $3, $4, $5, $6)
         on conflict (district, person, kind) do update set sealed = excluded.sealed, blind = excluded.blind, at = excluded.at";
    /// A contact.
    CONTACT_FETCH(Text, Text, Text) -> (Bytes) =
        "select sealed from contact where district = $1 and person = $2 and kind = $3";
    /// Who has this phone; the first one entered.
    CONTACT_BY_BLIND(Text, Bytes) -> (Text) =
        "select person from contact where district = $1 and blind = $2 order by at, person limit 1";
    /// A new content.
    CONTENT_INSERT(Text, Text, Text, Text, Text, Text, Bytes, Int) -> () =
        "insert into content (district, id, person, subject_kind, subject_id, kind, sealed, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// A content with the key of its person.
    CONTENT_FETCH(Text, Text) -> (Text, Bytes, Bytes) =
        "select c.person, c.sealed, p.wrapped_key from content c join person p on p.district = c.district and p.id = c.person
         where c.district = $1 and c.id = $2";
    /// What a content belongs to, and whose it is.
    CONTENT_SUBJECT(Text, Text) -> (Text, Text, Text) =
        "select subject_kind, subject_id, person from content where district = $1 and id = $2";
    /// The contents of a subject, oldest first.
    CONTENT_OF(Text, Text, Text, Int) -> (Text, Text, Int) =
        "select id, kind, at from content where district = $1 and subject_kind = $2 and subject_id = $3 order by at, id limit $4";
    /// Somebody looked.
    UNSEALING_INSERT(Text, Text, Text, Text, Text, Text, Text, Int) -> () =
        "insert into unsealing (district, id, person, actor, purpose, subject_kind, subject_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Who looked at a person's data, newest first.
    UNSEALING_OF(Text, Text, Int) -> (Text, Text, Text, Text, Int) =
        "select actor, purpose, subject_kind, subject_id, at from unsealing
         where district = $1 and person = $2 order by at desc, id desc limit $3";
}

typed_id!(/// One recorded look at personal data.
    UnsealingId);

/// Contents or looks that are listed at once.
const LISTED_ROWS_MAX: i64 = 500;

fn erased(what: &str) -> Problem {
    Problem::new(&NOT_FOUND).with("what", what)
}

/// Makes a person with a key of their own.
///
/// # Errors
/// Any store error.
pub fn person_new(tx: &mut Tx<'_>) -> Result<PersonKey> {
    let person = tx.id(PersonId::new);
    let key = Zeroizing::new(tx.rng().bytes::<32>());
    let nonce = tx.rng().bytes();
    let wrapped = rules::seal(&tx.keys().wrap, nonce, &[tx.district(), person.as_str(), "key"], key.as_slice());
    let now = tx.now();
    tx.execute(&PERSON_INSERT, args![tx.district(), &person, &wrapped, now])?;
    Ok(PersonKey { person, key })
}

fn unwrap_key(keys: &Keys, district: &str, person: &PersonId, wrapped: Option<Vec<u8>>) -> Option<Zeroizing<[u8; 32]>> {
    let key = Zeroizing::new(rules::open(&keys.wrap, &[district, person.as_str(), "key"], &wrapped?)?);
    Some(Zeroizing::new(key.as_slice().try_into().ok()?))
}

/// A person's key.
///
/// # Errors
/// Not found when the person is unknown or erased.
pub fn key_of(db: &mut dyn Db, keys: &Keys, district: &str, person: &PersonId) -> Result<PersonKey> {
    let wrapped = db.row(&PERSON_KEY, args![district, person])?.and_then(|mut row| row.next::<Option<Vec<u8>>>());
    let key = unwrap_key(keys, district, person, wrapped).ok_or_else(|| erased("person"))?;
    Ok(PersonKey { person: *person, key })
}

/// [`key_of`] inside a command.
///
/// # Errors
/// As [`key_of`].
pub fn key_in(tx: &mut Tx<'_>, person: &PersonId) -> Result<PersonKey> {
    let (keys, district) = (tx.keys(), tx.district());
    key_of(tx, keys, district, person)
}

/// Writes or replaces a contact.
///
/// # Errors
/// Any store error.
pub fn contact_put(tx: &mut Tx<'_>, key: &PersonKey, kind: ContactKind, value: &str) -> Result<(), StoreError> {
    let district = tx.district();
    let nonce = tx.rng().bytes();
    let sealed = rules::seal(&key.key, nonce, &[district, key.person.as_str(), kind.word()], value.as_bytes());
    let blind = match kind {
        ContactKind::Phone => blind(tx.keys(), district, value).map(|blind| blind.to_vec()),
        ContactKind::Name | ContactKind::Home => None,
    };
    let now = tx.now();
    tx.execute(&CONTACT_PUT, args![district, &key.person, kind.word(), &sealed, &blind, now]).map(|_| ())
}

/// `None` for what is too short to be somebody's number: “没有” and “不方便” are not one person.
fn blind(keys: &Keys, district: &str, phone: &str) -> Option<[u8; 32]> {
    let phone = rules::normal_phone(phone);
    (phone.len() >= rules::PHONE_DIGITS_MIN)
        .then(|| rules::mac(&keys.blind, &[district.as_bytes(), b"phone", phone.as_bytes()]))
}

/// A contact in clear. Callers show it masked; the full value leaves only through [`unseal`] or a message's sender.
///
/// # Errors
/// Any store error; `None` when there is none or the person is erased.
pub fn contact(
    db: &mut dyn Db,
    keys: &Keys,
    district: &str,
    person: &PersonId,
    kind: ContactKind,
) -> Result<Option<String>> {
    let Some(mut row) = db.row(&CONTACT_FETCH, args![district, person, kind.word()])? else {
        return Ok(None);
    };
    let key = match key_of(db, keys, district, person) {
        Ok(key) => key,
        Err(problem) if problem.kind == &NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    let sealed: Vec<u8> = row.next();
    Ok(rules::open(&key.key, &[district, person.as_str(), kind.word()], &sealed)
        .and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// The person with this phone, if the district knows one.
///
/// # Errors
/// Any store error.
pub fn find_by_phone(
    db: &mut dyn Db,
    keys: &Keys,
    district: &str,
    phone: &str,
) -> Result<Option<PersonId>, StoreError> {
    let Some(blind) = blind(keys, district, phone) else { return Ok(None) };
    Ok(db.row(&CONTACT_BY_BLIND, args![district, &blind])?.map(|mut row| row.next()))
}

/// Seals a content with its person's key.
///
/// # Errors
/// Any store error.
///
/// # Panics
/// When the bytes exceed [`super::CONTENT_BYTES_MAX`]: callers limit what they accept.
pub fn content_put(
    tx: &mut Tx<'_>,
    key: &PersonKey,
    subject: (&str, &str),
    kind: &str,
    bytes: &[u8],
) -> Result<ContentRef, StoreError> {
    assert!(bytes.len() <= super::CONTENT_BYTES_MAX, "callers limit what they accept");
    let id = tx.id(ContentId::new);
    let district = tx.district();
    let salt: [u8; rules::SALT_BYTES] = tx.rng().bytes();
    let nonce = tx.rng().bytes();
    let sealed = rules::seal(&key.key, nonce, &[district, id.as_str()], &[salt.as_slice(), bytes].concat());
    let now = tx.now();
    tx.execute(&CONTENT_INSERT, args![district, &id, &key.person, subject.0, subject.1, kind, &sealed, now])?;
    Ok(ContentRef { id, commitment: rules::commitment(&salt, bytes) })
}

/// A content in clear; `None` when it is unknown or its person is erased.
///
/// # Errors
/// Any store error.
pub fn content(db: &mut dyn Db, keys: &Keys, district: &str, id: &ContentId) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(mut row) = db.row(&CONTENT_FETCH, args![district, id])? else {
        return Ok(None);
    };
    let (person, sealed, wrapped): (PersonId, Vec<u8>, Option<Vec<u8>>) = (row.next(), row.next(), row.next());
    Ok(unwrap_key(keys, district, &person, wrapped)
        .and_then(|key| rules::open(&key, &[district, id.as_str()], &sealed))
        .map(|mut plain| plain.split_off(rules::SALT_BYTES.min(plain.len()))))
}

/// The contents of a subject: id, kind and moment, oldest first.
///
/// # Errors
/// Any store error.
pub fn contents_of(
    db: &mut dyn Db,
    district: &str,
    kind: &str,
    id: &str,
) -> Result<Vec<(ContentId, String, Timestamp)>, StoreError> {
    let rows = db.rows(&CONTENT_OF, args![district, kind, id, LISTED_ROWS_MAX])?;
    Ok(rows.into_iter().map(|mut row| (row.next(), row.next(), row.next())).collect())
}

/// Opens a contact for somebody, for a named purpose and a named case, and records that.
///
/// # Errors
/// Any store error.
pub fn unseal(
    tx: &mut Tx<'_>,
    person: &PersonId,
    kind: ContactKind,
    purpose: &str,
    subject: (&str, &str),
) -> Result<Option<String>> {
    let id = tx.id(UnsealingId::new);
    let (district, actor, now) = (tx.district(), tx.actor(), tx.now());
    tx.execute(&UNSEALING_INSERT, args![district, &id, person, actor, purpose, subject.0, subject.1, now])?;
    let keys = tx.keys();
    contact(tx, keys, district, person, kind)
}

/// Erases a person: the key, contacts, content, the messages to them and those to others about what they
/// supplied go; the id stays, so that what the journal says of it keeps its meaning. False when the person
/// is unknown or erased.
///
/// The bytes are overwritten in the file (`secure_delete`) once the WAL is emptied.
///
/// # Errors
/// Any store error.
pub fn erase(tx: &mut Tx<'_>, person: &PersonId) -> Result<bool, StoreError> {
    let (district, now) = (tx.district(), tx.now());
    if tx.execute(&PERSON_ERASE, args![district, person, now])? == 0 {
        return Ok(false);
    }
    tx.execute(&CONTACT_ERASE, args![district, person])?;
    // Messages to others are found by what the person supplied content to: before that goes.
    crate::outbox::erase(tx, person)?;
    tx.execute(&CONTENT_ERASE, args![district, person])?;
    Ok(true)
}

/// Who looked at a person's data, newest first.
///
/// # Errors
/// Any store error.
pub fn unsealings(db: &mut dyn Db, district: &str, person: &PersonId) -> Result<Vec<Unsealing>, StoreError> {
    let rows = db.rows(&UNSEALING_OF, args![district, person, LISTED_ROWS_MAX])?;
    Ok(rows
        .into_iter()
        .map(|mut row| Unsealing {
            actor: row.next(),
            purpose: row.next(),
            subject_kind: row.next(),
            subject_id: row.next(),
            at: row.next(),
        })
        .collect())
}

/// Seals a message's text with its receiver's key.
pub fn seal_message(tx: &Tx<'_>, key: &PersonKey, nonce: [u8; rules::NONCE_BYTES], text: &str) -> Vec<u8> {
    rules::seal(&key.key, nonce, &[tx.district(), key.person.as_str(), "message"], text.as_bytes())
}

/// A message's text in clear; `None` when its receiver is erased.
///
/// # Errors
/// Any store error.
pub fn open_message(
    db: &mut dyn Db,
    keys: &Keys,
    district: &str,
    person: &PersonId,
    sealed: &[u8],
) -> Result<Option<String>> {
    let key = match key_of(db, keys, district, person) {
        Ok(key) => key,
        Err(problem) if problem.kind == &NOT_FOUND => return Ok(None),
        Err(problem) => return Err(problem),
    };
    Ok(rules::open(&key.key, &[district, person.as_str(), "message"], sealed)
        .and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// Kind and id of what a content belongs to.
pub type Subject = (String, String);

/// What a content belongs to, and whose it is.
///
/// # Errors
/// Any store error.
pub fn subject_of(db: &mut dyn Db, district: &str, id: &ContentId) -> Result<Option<(Subject, PersonId)>, StoreError> {
    Ok(db.row(&CONTENT_SUBJECT, args![district, id])?.map(|mut row| ((row.next(), row.next()), row.next())))
}
