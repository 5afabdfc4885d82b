//! SQL of items and duties.

use kernel::{
    Result, Tx, args, statements,
    store::{Db, StoreError},
};

use super::{Duty, Item, ROWS_MAX};

statements! {
    /// Adds or replaces an item.
    ITEM_PUT(Text, Text, Text, Text, Text, Text, Text, Text, Text, Bool) -> () =
        "insert into item (district, code, name, name_en, class, accept_limit, handle_limit, closing, evidence, public)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (district, code) do update set name = excluded.name, name_en = excluded.name_en, class = excluded.class,
           accept_limit = excluded.accept_limit, handle_limit = excluded.handle_limit, closing = excluded.closing,
           evidence = excluded.evidence, public = excluded.public";
    /// All items of a district.
    ITEM_LIST(Text, Int) -> (Text, Text, Text, Text, Text, Text, Text, Text, Bool) =
        "select code, name, name_en, class, accept_limit, handle_limit, closing, evidence, public
         from item where district = $1 order by code limit $2";
    /// Adds a duty.
    DUTY_INSERT(Text, Text, Text, Text, Text) -> () =
        "insert into duty (district, item, place, body, part) values ($1, $2, $3, $4, $5) on conflict do nothing";
    /// All duties of a district.
    DUTY_LIST(Text, Int) -> (Text, Text, Text, Text) =
        "select item, place, body, part from duty where district = $1 order by item, place, body, part limit $2";
}

/// Adds or replaces an item.
///
/// # Errors
/// Any [`StoreError`].
pub fn item_insert(tx: &mut Tx<'_>, item: &Item) -> Result<(), StoreError> {
    let closing = serde_json::to_string(&item.closing).expect("a list of texts is JSON");
    tx.execute(
        &ITEM_PUT,
        args![
            tx.district(),
            &item.code,
            &item.name,
            &item.name_en,
            &item.class,
            &item.accept.to_string(),
            &item.handle.to_string(),
            &closing,
            &item.evidence,
            item.public
        ],
    )
    .map(|_| ())
}

/// All items of a district.
///
/// # Errors
/// Any [`StoreError`]; a row whose limit can't be read.
pub fn items(db: &mut dyn Db, district: &str) -> Result<Vec<Item>, StoreError> {
    db.rows(&ITEM_LIST, args![district, ROWS_MAX])?
        .into_iter()
        .map(|mut row| {
            let (code, name, name_en, class): (String, String, String, String) =
                (row.next(), row.next(), row.next(), row.next());
            let mut limit = || row.next::<String>().parse().map_err(|e| StoreError::Other(format!("item {code}: {e}")));
            let (accept, handle) = (limit()?, limit()?);
            let closing = serde_json::from_str(&row.next::<String>())
                .map_err(|e| StoreError::Other(format!("item {code}: {e}")))?;
            Ok(Item { code, name, name_en, class, accept, handle, closing, evidence: row.next(), public: row.next() })
        })
        .collect()
}

/// Adds a duty; one that stands already stays.
///
/// # Errors
/// Any [`StoreError`].
pub fn duty_insert(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), StoreError> {
    duty_add(tx, duty).map(|_| ())
}

/// [`duty_insert`]; true when it is new.
///
/// # Errors
/// Any [`StoreError`].
pub fn duty_add(tx: &mut Tx<'_>, duty: &Duty) -> Result<bool, StoreError> {
    Ok(tx.execute(&DUTY_INSERT, args![tx.district(), &duty.item, &duty.place, &duty.body, &duty.part])? == 1)
}

/// All duties of a district.
///
/// # Errors
/// Any [`StoreError`].
pub fn duties(db: &mut dyn Db, district: &str) -> Result<Vec<Duty>, StoreError> {
    Ok(db
        .rows(&DUTY_LIST, args![district, ROWS_MAX])?
        .into_iter()
        .map(|mut row| Duty { item: row.next(), place: row.next(), body: row.next(), part: row.next() })
        .collect())
}
