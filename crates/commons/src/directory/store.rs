//! SQL of the directory: which version of a district stands.

use kernel::{
    args, statements,
    store::{Db, StoreError},
};

statements! {
    /// The directory's version; it grows with every change of places, people and catalogue.
    DIRECTORY_VERSION(Text) -> (Int) = "select version from district where district = $1";
}

/// The version a directory would have if it were built now; `None` when the district is not enabled.
///
/// # Errors
/// Any [`StoreError`].
pub fn version(db: &mut dyn Db, district: &str) -> Result<Option<i64>, StoreError> {
    Ok(db.row(&DIRECTORY_VERSION, args![district])?.map(|mut row| row.next()))
}
