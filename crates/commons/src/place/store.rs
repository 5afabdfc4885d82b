//! SQL of places.

use kernel::{
    Result, Tx, args, statements,
    store::{Db, StoreError},
};

use super::{PLACES_MAX, Place, PlaceId};

statements! {
    /// A new place.
    PLACE_INSERT(Text, Text, Text, Text, Text, Text, Text, Int, Bool, Text, Int, Int) -> () =
        "insert into place (district, id, parent, code, name, level, kind, households, synthetic, boundary, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// A place stands within itself.
    WITHIN_SELF(Text, Text) -> () =
        "insert into place_within (district, place, ancestor, depth) values ($1, $2, $2, 0)";
    /// A place stands within whatever its parent stands within.
    WITHIN_PARENT(Text, Text, Text) -> () =
        "insert into place_within (district, place, ancestor, depth)
         select district, $2, ancestor, depth + 1 from place_within where district = $1 and place = $3";
    /// All places of a district.
    PLACE_LIST(Text, Int) -> (Text, Text, Text, Text, Text, Text, Int, Bool, Text, Int, Int) =
        "select id, parent, code, name, level, kind, households, synthetic, boundary, valid_from, valid_to
         from place where district = $1 order by code limit $2";
    /// Another name for a place.
    ALIAS_INSERT(Text, Text, Text) -> () =
        "insert into place_alias (district, alias, place) values ($1, $2, $3) on conflict do nothing";
    /// All other names of a district's places.
    ALIAS_LIST(Text, Int) -> (Text, Text) = "select alias, place from place_alias where district = $1 order by alias, place limit $2";
}

fn limit() -> i64 {
    i64::try_from(PLACES_MAX).expect("a small constant")
}

/// Adds a place below its parent, which must stand already.
///
/// # Errors
/// Unique when the code is taken; any other [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, place: &Place) -> Result<(), StoreError> {
    let district = tx.district();
    tx.execute(
        &PLACE_INSERT,
        args![
            district,
            &place.id,
            &place.parent,
            &place.code,
            &place.name,
            &place.level,
            &place.kind,
            place.households.map(i64::from),
            place.synthetic,
            &place.boundary,
            place.valid_from,
            place.valid_to
        ],
    )?;
    tx.execute(&WITHIN_SELF, args![district, &place.id])?;
    if let Some(parent) = &place.parent {
        tx.execute(&WITHIN_PARENT, args![district, &place.id, parent])?;
    }
    Ok(())
}

/// All places of a district, by code.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(db: &mut dyn Db, district: &str) -> Result<Vec<Place>, StoreError> {
    Ok(db
        .rows(&PLACE_LIST, args![district, limit()])?
        .into_iter()
        .map(|mut row| Place {
            id: row.next(),
            parent: row.next(),
            code: row.next(),
            name: row.next(),
            level: row.next(),
            kind: row.next(),
            households: row.next(),
            synthetic: row.next(),
            boundary: row.next(),
            valid_from: row.next(),
            valid_to: row.next(),
        })
        .collect())
}

/// Gives a place another name. True when it is new.
///
/// # Errors
/// Any [`StoreError`].
pub fn alias_add(tx: &mut Tx<'_>, place: &PlaceId, alias: &str) -> Result<bool, StoreError> {
    Ok(tx.execute(&ALIAS_INSERT, args![tx.district(), alias, place])? == 1)
}

/// All other names of a district's places.
///
/// # Errors
/// Any [`StoreError`].
pub fn aliases(db: &mut dyn Db, district: &str) -> Result<Vec<(String, PlaceId)>, StoreError> {
    Ok(db.rows(&ALIAS_LIST, args![district, limit()])?.into_iter().map(|mut row| (row.next(), row.next())).collect())
}
