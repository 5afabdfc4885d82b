//! SQL of cases.

use commons::{people::BodyId, place::PlaceId};
use kernel::{
    Problem, Result, Timestamp, Tx, args,
    id::PersonId,
    statements,
    store::{Db, Row, Sql, StoreError},
};

use super::{Case, CaseId};
use crate::problems::STALE;

/// What a list shows: the case's facts as stored.
pub type ListRow = Case;

statements! {
    /// A new case.
    CASE_INSERT(Text, Text, Text, Bytes, Text, Text, Text, Text, Text, Int, Bool, Text, Int, Int, Int, Text, Text) -> () =
        "insert into case_file (district, id, number, lookup_hash, asker, grid, item, state, lead_body, version, imported,
           external_id, reported_at, next_due, closed_at, merged_into, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    /// Moves a case from the version that was seen.
    CASE_UPDATE(Text, Text, Int, Text, Text, Text, Text, Int, Int, Text, Text, Int) -> () =
        "update case_file set grid = $4, item = $5, state = $6, lead_body = $7, next_due = $8, closed_at = $9, merged_into = $10,
           facts = $11, version = $12
         where district = $1 and id = $2 and version = $3";
    /// Moves a case that stays where it is and what it is: half the indexes need not be written.
    CASE_MOVE(Text, Text, Int, Text, Text, Int, Int, Text, Int) -> () =
        "update case_file set state = $4, lead_body = $5, next_due = $6, closed_at = $7, facts = $8, version = $9
         where district = $1 and id = $2 and version = $3";
    /// One case by its id.
    CASE_FETCH(Text, Text) -> (Text) = "select facts from case_file where district = $1 and id = $2";
    /// One case by its number.
    CASE_BY_NUMBER(Text, Text) -> (Text) = "select facts from case_file where district = $1 and number = $2";
    /// One case by the hash of its look-up code.
    CASE_BY_LOOKUP(Text, Bytes) -> (Text) = "select facts from case_file where district = $1 and lookup_hash = $2";
    /// An imported case by the source's id.
    CASE_EXTERNAL(Text, Text) -> (Text) = "select facts from case_file where district = $1 and external_id = $2";
    /// True when a look-up code's hash is taken.
    CASE_LOOKUP_TAKEN(Text, Bytes) -> (Int) = "select version from case_file where district = $1 and lookup_hash = $2";
    /// The cases that joined a case.
    CASE_MERGED(Text, Text, Int) -> (Text) =
        "select facts from case_file where district = $1 and merged_into = $2 order by id limit $3";
    /// The cases of an asker, newest first.
    CASE_OF_ASKER(Text, Text, Int) -> (Text) =
        "select facts from case_file where district = $1 and asker = $2 order by id desc limit $3";
    /// Newest first, whole district.
    LIST_ALL(Text, Text, Int) -> (Text) =
        "select facts from case_file where district = $1 and id < $2 order by id desc limit $3";
    /// Newest first, one state.
    LIST_STATE(Text, Text, Int, Text) -> (Text) =
        "select facts from case_file where district = $1 and id < $2 and state = $4 order by id desc limit $3";
    /// Newest first, one item.
    LIST_ITEM(Text, Text, Int, Text) -> (Text) =
        "select facts from case_file where district = $1 and id < $2 and item = $4 order by id desc limit $3";
    /// Newest first, one state and item.
    LIST_STATE_ITEM(Text, Text, Int, Text, Text) -> (Text) =
        "select facts from case_file where district = $1 and id < $2 and state = $4 and item = $5 order by id desc limit $3";
    /// Newest first, within a subtree. The ids are collected from an index alone; `state > ''` is
    /// always true and leads the planner to the one that begins with the grid.
    LIST_PLACE(Text, Text, Int, Text) -> (Text) =
        "select facts from case_file where district = $1 and id in (
           select c.id from place_within w cross join case_file c
           where w.district = $1 and w.ancestor = $4 and c.district = $1 and c.grid = w.place and c.state > '' and c.id < $2
           order by c.id desc limit $3) order by id desc";
    /// Newest first, within a subtree, one state.
    LIST_PLACE_STATE(Text, Text, Int, Text, Text) -> (Text) =
        "select facts from case_file where district = $1 and id in (
           select c.id from place_within w cross join case_file c
           where w.district = $1 and w.ancestor = $4 and c.district = $1 and c.grid = w.place and c.state = $5 and c.id < $2
           order by c.id desc limit $3) order by id desc";
    /// Newest first, within a subtree, one item: the item's cases are few, those elsewhere are passed over.
    LIST_PLACE_ITEM(Text, Text, Int, Text, Text) -> (Text) =
        "select c.facts from case_file c where c.district = $1 and c.item = $5 and c.id < $2
           and exists (select 1 from place_within w where w.district = $1 and w.place = c.grid and w.ancestor = $4)
         order by c.id desc limit $3";
    /// Newest first, within a subtree, one state and item.
    LIST_PLACE_STATE_ITEM(Text, Text, Int, Text, Text, Text) -> (Text) =
        "select c.facts from case_file c where c.district = $1 and c.item = $6 and c.id < $2 and c.state = $5
           and exists (select 1 from place_within w where w.district = $1 and w.place = c.grid and w.ancestor = $4)
         order by c.id desc limit $3";
    /// Due before a moment, earliest first, whole district.
    LIST_DUE(Text, Int, Int, Int) -> (Text) =
        "select facts from case_file where district = $1 and next_due >= $2 and next_due < $3 order by next_due, id limit $4";
    /// Due before a moment within a subtree, earliest first.
    LIST_DUE_PLACE(Text, Int, Int, Int, Text) -> (Text) =
        "select c.facts from case_file c join place_within w on w.district = c.district and w.place = c.grid
         where c.district = $1 and w.ancestor = $5 and c.next_due >= $2 and c.next_due < $3 order by c.next_due, c.id limit $4";
    /// Cases of a subtree by state: count.
    FIGURES(Text, Text) -> (Text, Int) =
        "select c.state, cast(count(*) as bigint) from place_within w cross join case_file c
         where w.district = $1 and w.ancestor = $2 and c.district = $1 and c.grid = w.place and c.state > '' group by c.state order by c.state";
}

/// Cases that joined one case, or that one asker raised, listed at once.
const LISTED_ROWS_MAX: i64 = 200;

fn read(mut row: Row) -> Result<Case, StoreError> {
    serde_json::from_str(&row.next::<String>()).map_err(|e| StoreError::Other(format!("case facts: {e}")))
}

/// A case's facts as they are stored.
pub(super) fn written(case: &Case) -> String {
    serde_json::to_string(case).expect("a case is JSON")
}

/// True when a look-up code is taken already.
pub(super) fn lookup_taken(db: &mut dyn Db, district: &str, hash: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(db.row(&CASE_LOOKUP_TAKEN, args![district, hash])?.is_some())
}

/// Writes a new case.
pub(super) fn insert(tx: &mut Tx<'_>, case: &Case, lookup_hash: &[u8; 32]) -> Result<(), StoreError> {
    let external = case.origin.as_ref().map(|o| o.id.clone());
    tx.execute(
        &CASE_INSERT,
        args![
            tx.district(),
            &case.id,
            &case.number,
            lookup_hash,
            &case.asker,
            &case.grid,
            &case.item,
            &case.state,
            &case.lead_body,
            case.version,
            case.origin.is_some(),
            &external,
            case.reported_at,
            case.next_due(),
            case.closed_at,
            &case.merged_into,
            &written(case)
        ],
    )
    .map(|_| ())
}

/// Writes a new imported case; its look-up code is never given out.
///
/// # Errors
/// Any [`StoreError`].
pub fn import_insert(tx: &mut Tx<'_>, case: &Case) -> Result<(), StoreError> {
    let code = tx.keys().lookup_code(tx.district(), case.id.as_str(), case.lookup_nonce);
    let hash = tx.keys().lookup_hash(tx.district(), &format!("import {code} {}", case.id));
    insert(tx, case, &hash)
}

/// Writes a moved case, whose facts are `written` already, if nobody moved it meanwhile.
pub(super) fn update(tx: &mut Tx<'_>, before: &Case, case: &Case, facts: &str) -> Result<()> {
    let seen = before.version;
    let stays = (before.grid, &before.item, before.merged_into) == (case.grid, &case.item, case.merged_into);
    let (district, id) = (tx.district(), &case.id);
    let (state, lead, due, closed) = (&case.state, &case.lead_body, case.next_due(), case.closed_at);
    let touched = if stays {
        tx.execute(&CASE_MOVE, args![district, id, seen, state, lead, due, closed, facts, case.version])
    } else {
        let (grid, item, into) = (&case.grid, &case.item, &case.merged_into);
        tx.execute(
            &CASE_UPDATE,
            args![district, id, seen, grid, item, state, lead, due, closed, into, facts, case.version],
        )
    }?;
    if touched == 1 { Ok(()) } else { Err(Problem::new(&STALE).with("seen", seen).with("now", "?")) }
}

/// One case by its id.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch(db: &mut dyn Db, district: &str, id: &CaseId) -> Result<Option<Case>, StoreError> {
    db.row(&CASE_FETCH, args![district, id])?.map(read).transpose()
}

/// One case by its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch_by_number(db: &mut dyn Db, district: &str, number: &str) -> Result<Option<Case>, StoreError> {
    db.row(&CASE_BY_NUMBER, args![district, number])?.map(read).transpose()
}

/// One case by the hash of its look-up code.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch_by_lookup(db: &mut dyn Db, district: &str, hash: &[u8; 32]) -> Result<Option<Case>, StoreError> {
    db.row(&CASE_BY_LOOKUP, args![district, hash])?.map(read).transpose()
}

/// An imported case by the source's id.
///
/// # Errors
/// Any [`StoreError`].
pub fn external(db: &mut dyn Db, district: &str, id: &str) -> Result<Option<Case>, StoreError> {
    db.row(&CASE_EXTERNAL, args![district, id])?.map(read).transpose()
}

/// The cases that joined a case.
///
/// # Errors
/// Any [`StoreError`].
pub fn merged_children(db: &mut dyn Db, district: &str, parent: &CaseId) -> Result<Vec<Case>, StoreError> {
    db.rows(&CASE_MERGED, args![district, parent, LISTED_ROWS_MAX])?.into_iter().map(read).collect()
}

/// The cases of an asker, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_asker(db: &mut dyn Db, district: &str, asker: &PersonId) -> Result<Vec<Case>, StoreError> {
    db.rows(&CASE_OF_ASKER, args![district, asker, LISTED_ROWS_MAX])?.into_iter().map(read).collect()
}

/// Rows read at once while looking for a body's.
const SCAN_ROWS: i64 = 500;
/// Rows of one span of due times among which a body's are found.
const DUE_ROWS_MAX: i64 = 10_000;

/// What a list is filtered by; each combination is a statement of its own with its own plan.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Root of a subtree; none for the whole district.
    pub place: Option<PlaceId>,
    /// One state.
    pub state: Option<String>,
    /// One item.
    pub item: Option<String>,
    /// Due in this span, earliest first; excludes state and item.
    pub due: Option<(Timestamp, Timestamp)>,
    /// One lead body; found among the rows of the other filters, page by page.
    pub body: Option<BodyId>,
    /// Ids below this one; none from the newest.
    pub before: Option<CaseId>,
}

/// At most `limit` cases, newest first (by due time for `due`).
///
/// # Errors
/// Any [`StoreError`].
pub fn list(db: &mut dyn Db, district: &str, filter: &Filter, limit: i64) -> Result<Vec<Case>, StoreError> {
    let Some(body) = filter.body else {
        return page(db, district, filter, limit);
    };
    let of_body = |case: &Case| case.lead_body == Some(body);
    if filter.due.is_some() {
        // Few are due in one span: no paging by id there.
        return Ok(page(db, district, filter, DUE_ROWS_MAX)?
            .into_iter()
            .filter(of_body)
            .take(usize::try_from(limit).unwrap_or(0))
            .collect());
    }
    let (mut out, mut filter) = (Vec::new(), filter.clone());
    loop {
        let rows = page(db, district, &filter, SCAN_ROWS)?;
        let full = i64::try_from(rows.len()) == Ok(SCAN_ROWS);
        filter.before = rows.last().map(|case| case.id);
        for case in rows.into_iter().filter(of_body) {
            if i64::try_from(out.len()).is_ok_and(|n| n >= limit) {
                return Ok(out);
            }
            out.push(case);
        }
        if !full {
            return Ok(out);
        }
    }
}

fn page(db: &mut dyn Db, district: &str, filter: &Filter, limit: i64) -> Result<Vec<Case>, StoreError> {
    const LAST: &str = "~";
    let before = filter.before.as_ref().map_or(LAST, CaseId::as_str);
    let rows = if let Some((from, to)) = filter.due {
        match &filter.place {
            None => db.rows(&LIST_DUE, args![district, from, to, limit])?,
            Some(place) => db.rows(&LIST_DUE_PLACE, args![district, from, to, limit, place])?,
        }
    } else {
        let one = |sql: &'static Sql, db: &mut dyn Db, a: &str| db.rows(sql, args![district, before, limit, a]);
        let two =
            |sql: &'static Sql, db: &mut dyn Db, a: &str, b: &str| db.rows(sql, args![district, before, limit, a, b]);
        match (&filter.place, &filter.state, &filter.item) {
            (None, None, None) => db.rows(&LIST_ALL, args![district, before, limit])?,
            (None, Some(state), None) => one(&LIST_STATE, db, state)?,
            (None, None, Some(item)) => one(&LIST_ITEM, db, item)?,
            (None, Some(state), Some(item)) => two(&LIST_STATE_ITEM, db, state, item)?,
            (Some(place), None, None) => one(&LIST_PLACE, db, place.as_str())?,
            (Some(place), Some(state), None) => two(&LIST_PLACE_STATE, db, place.as_str(), state)?,
            (Some(place), None, Some(item)) => two(&LIST_PLACE_ITEM, db, place.as_str(), item)?,
            (Some(place), Some(state), Some(item)) => {
                db.rows(&LIST_PLACE_STATE_ITEM, args![district, before, limit, place, state, item])?
            }
        }
    };
    rows.into_iter().map(read).collect()
}

/// Cases of a subtree by state.
///
/// # Errors
/// Any [`StoreError`].
pub fn figures(db: &mut dyn Db, district: &str, place: &PlaceId) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(db.rows(&FIGURES, args![district, place])?.into_iter().map(|mut row| (row.next(), row.next())).collect())
}
