//! SQL of bodies and holdings.

use kernel::{
    Result, Timestamp, Tx, args, statements,
    store::{Db, StoreError},
};

use super::{Body, Holding, HoldingId, ROWS_MAX};

statements! {
    /// A new body.
    BODY_INSERT(Text, Text, Text, Text, Text, Text, Bool, Text, Int, Int) -> () =
        "insert into body (district, id, name, kind, parent, place, party, contact, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// All bodies of a district.
    BODY_LIST(Text, Int) -> (Text, Text, Text, Text, Text, Bool, Text, Int, Int) =
        "select id, name, kind, parent, place, party, contact, valid_from, valid_to from body where district = $1 order by name, id limit $2";
    /// Somebody takes a post.
    HOLDING_INSERT(Text, Text, Text, Text, Text, Text, Text, Int, Text, Text, Int, Int) -> () =
        "insert into holding (district, id, person, post, place, body, display, rank, hours, station, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// A term ends.
    HOLDING_END(Text, Text, Int) -> () = "update holding set valid_to = $3 where district = $1 and id = $2 and valid_to is null";
    /// All holdings of a district, past ones too.
    HOLDING_LIST(Text, Int) -> (Text, Text, Text, Text, Text, Text, Int, Text, Text, Int, Int) =
        "select id, person, post, place, body, display, rank, hours, station, valid_from, valid_to
         from holding where district = $1 order by valid_from, id limit $2";
}

/// Adds a body.
///
/// # Errors
/// Unique when its place has one of that name; any other [`StoreError`].
pub fn body_insert(tx: &mut Tx<'_>, body: &Body) -> Result<(), StoreError> {
    tx.execute(
        &BODY_INSERT,
        args![
            tx.district(),
            &body.id,
            &body.name,
            &body.kind,
            &body.parent,
            &body.place,
            body.party,
            &body.contact,
            body.valid_from,
            body.valid_to
        ],
    )
    .map(|_| ())
}

/// All bodies of a district.
///
/// # Errors
/// Any [`StoreError`].
pub fn bodies(db: &mut dyn Db, district: &str) -> Result<Vec<Body>, StoreError> {
    Ok(db
        .rows(&BODY_LIST, args![district, ROWS_MAX])?
        .into_iter()
        .map(|mut row| Body {
            id: row.next(),
            name: row.next(),
            kind: row.next(),
            parent: row.next(),
            place: row.next(),
            party: row.next(),
            contact: row.next(),
            valid_from: row.next(),
            valid_to: row.next(),
        })
        .collect())
}

/// Somebody takes a post.
///
/// # Errors
/// Any [`StoreError`].
pub fn holding_insert(tx: &mut Tx<'_>, holding: &Holding) -> Result<(), StoreError> {
    tx.execute(
        &HOLDING_INSERT,
        args![
            tx.district(),
            &holding.id,
            &holding.person,
            &holding.post,
            &holding.place,
            &holding.body,
            &holding.display,
            holding.rank,
            &holding.hours,
            &holding.station,
            holding.valid_from,
            holding.valid_to
        ],
    )
    .map(|_| ())
}

/// Ends a term; false when it had ended.
///
/// # Errors
/// Any [`StoreError`].
pub fn holding_end(tx: &mut Tx<'_>, id: &HoldingId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(&HOLDING_END, args![tx.district(), id, at])? == 1)
}

/// All holdings of a district, past ones too.
///
/// # Errors
/// Any [`StoreError`].
pub fn holdings(db: &mut dyn Db, district: &str) -> Result<Vec<Holding>, StoreError> {
    Ok(db
        .rows(&HOLDING_LIST, args![district, ROWS_MAX])?
        .into_iter()
        .map(|mut row| Holding {
            id: row.next(),
            person: row.next(),
            post: row.next(),
            place: row.next(),
            body: row.next(),
            display: row.next(),
            rank: row.next(),
            hours: row.next(),
            station: row.next(),
            valid_from: row.next(),
            valid_to: row.next(),
        })
        .collect())
}
