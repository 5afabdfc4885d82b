//! SQL of visits.

use commons::place::PlaceId;
use kernel::{
    Result, Timestamp, Tx, args,
    id::PersonId,
    statements,
    store::{Db, Row, StoreError},
};

use super::{Kind, Visit, VisitId};

statements! {
    /// A new visit.
    VISIT_INSERT(Text, Text, Text, Text, Text, Text, Int, Text, Text, Text, Text, Text) -> () =
        "insert into visit (district, id, person, holding, place, kind, at, visited, whom, room, heard, case_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// One visit.
    VISIT_FETCH(Text, Text) -> (Text, Text, Text, Text, Text, Int, Text, Text, Text, Text, Text) =
        "select id, person, holding, place, kind, at, visited, whom, room, heard, case_id from visit where district = $1 and id = $2";
    /// Visits within a subtree, newest first.
    VISIT_LIST_PLACE(Text, Text, Int, Text, Int) -> (Text, Text, Text, Text, Text, Int, Text, Text, Text, Text, Text) =
        "select id, person, holding, place, kind, at, visited, whom, room, heard, case_id from visit
         where district = $1 and id in (
           select v.id from place_within w cross join visit v
           where w.district = $1 and w.ancestor = $2 and v.district = $1 and v.place = w.place and (v.at, v.id) < ($3, $4)
           order by v.at desc, v.id desc limit $5) order by at desc, id desc";
    /// Visits of one officer, newest first.
    VISIT_LIST_PERSON(Text, Text, Int, Text, Int) -> (Text, Text, Text, Text, Text, Int, Text, Text, Text, Text, Text) =
        "select id, person, holding, place, kind, at, visited, whom, room, heard, case_id from visit
         where district = $1 and person = $2 and (at, id) < ($3, $4) order by at desc, id desc limit $5";
}

/// Sorts after every id.
const LAST: &str = "~";

fn read(mut row: Row) -> Result<Visit, StoreError> {
    let (id, person, holding, place) = (row.next(), row.next(), row.next(), row.next());
    let kind: String = row.next();
    let kind = Kind::ALL
        .into_iter()
        .find(|k| k.word() == kind)
        .ok_or_else(|| StoreError::Other(format!("visit kind {kind}")))?;
    Ok(Visit {
        id,
        person,
        holding,
        place,
        kind,
        at: row.next(),
        visited: row.next(),
        whom: row.next(),
        room: row.next(),
        heard: row.next(),
        case: row.next(),
    })
}

/// Writes a new visit.
pub(super) fn insert(tx: &mut Tx<'_>, visit: &Visit) -> Result<(), StoreError> {
    tx.execute(
        &VISIT_INSERT,
        args![
            tx.district(),
            &visit.id,
            &visit.person,
            &visit.holding,
            &visit.place,
            visit.kind.word(),
            visit.at,
            &visit.visited,
            &visit.whom,
            &visit.room,
            &visit.heard,
            &visit.case
        ],
    )
    .map(|_| ())
}

/// One visit.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch(db: &mut dyn Db, district: &str, id: &VisitId) -> Result<Option<Visit>, StoreError> {
    db.row(&VISIT_FETCH, args![district, id])?.map(read).transpose()
}

fn after(before: Option<(Timestamp, VisitId)>) -> (Timestamp, String) {
    before.map_or((Timestamp::from_ms(i64::MAX), LAST.to_owned()), |(at, id)| (at, id.to_string()))
}

/// At most `limit` visits within a place, newest first, older than `before`.
pub(super) fn at_place(
    db: &mut dyn Db,
    district: &str,
    place: &PlaceId,
    before: Option<(Timestamp, VisitId)>,
    limit: i64,
) -> Result<Vec<Visit>, StoreError> {
    let (at, id) = after(before);
    db.rows(&VISIT_LIST_PLACE, args![district, place, at, &id, limit])?.into_iter().map(read).collect()
}

/// At most `limit` visits of one officer, newest first, older than `before`.
pub(super) fn of_person(
    db: &mut dyn Db,
    district: &str,
    person: &PersonId,
    before: Option<(Timestamp, VisitId)>,
    limit: i64,
) -> Result<Vec<Visit>, StoreError> {
    let (at, id) = after(before);
    db.rows(&VISIT_LIST_PERSON, args![district, person, at, &id, limit])?.into_iter().map(read).collect()
}
