//! SQL of enabled districts.

use kernel::{
    Result, Tx, args, statements,
    store::{Db, StoreError},
};

statements! {
    /// Enables a district once.
    DISTRICT_ENABLE(Text, Text, Int) -> () =
        "insert into district (district, pack, version, enabled_at) values ($1, $2, 0, $3) on conflict (district) do nothing";
    /// The directory changed.
    DISTRICT_BUMP(Text) -> (Int) = "update district set version = version + 1 where district = $1 returning version";
    /// Enabled districts with their packs.
    DISTRICT_LIST(Int) -> (Text, Text) = "select district, pack from district order by enabled_at, district limit $1";
}

/// Districts that one installation may carry.
const DISTRICTS_ROWS_MAX: i64 = 1_000;

/// Enables the command's district; true when it was not enabled before.
pub(super) fn enable(tx: &mut Tx<'_>, pack: &str) -> Result<bool, StoreError> {
    let now = tx.now();
    Ok(tx.execute(&DISTRICT_ENABLE, args![tx.district(), pack, now])? == 1)
}

/// Counts a change of the directory, so that every process builds it anew; gives the new version.
///
/// # Errors
/// Any [`StoreError`].
pub fn bump(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = tx.row(&DISTRICT_BUMP, args![tx.district()])?;
    row.map(|mut row| row.next()).ok_or_else(|| StoreError::Other("the district is not enabled".into()))
}

/// Enabled districts with their packs, in the order in which they were enabled.
///
/// # Errors
/// Any [`StoreError`].
pub fn districts(db: &mut dyn Db) -> Result<Vec<(String, String)>, StoreError> {
    Ok(db
        .rows(&DISTRICT_LIST, args![DISTRICTS_ROWS_MAX])?
        .into_iter()
        .map(|mut row| (row.next(), row.next()))
        .collect())
}
