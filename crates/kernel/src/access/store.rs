//! SQL of accounts and sessions.

use super::{FAILURES_MAX, LOCKED_MINUTES, SESSION_HOURS};
use crate::{
    Result, Timestamp, Tx, args,
    id::{AccountId, PersonId},
    statements,
    store::{Db, Row, StoreError},
};

statements! {
    /// A new account.
    ACCOUNT_INSERT(Text, Text, Text, Text, Text, Int) -> () =
        "insert into account (district, id, name, person, password_hash, created_at, failures) values ($1, $2, $3, $4, $5, $6, 0)";
    /// An account by the name it signs in with; names are unique over all districts.
    ACCOUNT_BY_NAME(Text) -> (Text, Text, Text, Text, Text, Int, Int) =
        "select district, id, name, person, password_hash, disabled_at, locked_until from account where name = $1";
    /// The accounts of a district.
    ACCOUNT_LIST(Text, Int) -> (Text, Text, Text, Text, Text, Int, Int) =
        "select district, id, name, person, password_hash, disabled_at, locked_until from account where district = $1 order by name limit $2";
    /// Disables an account.
    ACCOUNT_DISABLE(Text, Text, Int) -> () = "update account set disabled_at = $3 where district = $1 and name = $2";
    /// Sets a new password and ends the count of wrong ones.
    ACCOUNT_PASSWORD(Text, Text, Text) -> () =
        "update account set password_hash = $3, failures = 0, locked_until = null where district = $1 and name = $2";
    /// Counts a wrong password; the fifth in a row locks.
    ACCOUNT_FAILED(Text, Text, Int, Int) -> () =
        "update account set failures = case when failures + 1 >= $4 then 0 else failures + 1 end,
           locked_until = case when failures + 1 >= $4 then $3 else locked_until end
         where district = $1 and id = $2";
    /// A right password ends the count.
    ACCOUNT_SUCCEEDED(Text, Text) -> () = "update account set failures = 0, locked_until = null where district = $1 and id = $2";
    /// A new session.
    SESSION_INSERT(Text, Text, Bytes, Int, Int) -> () =
        "insert into session (district, account, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)";
    /// The live account behind a token.
    SESSION_FETCH(Bytes, Int) -> (Text, Text, Text, Text, Text, Int, Int) =
        "select a.district, a.id, a.name, a.person, a.password_hash, a.disabled_at, a.locked_until
         from session s join account a on a.district = s.district and a.id = s.account
         where s.token_hash = $1 and s.expires_at > $2 and a.disabled_at is null";
    /// Ends a session.
    SESSION_DELETE(Bytes) -> () = "delete from session where token_hash = $1";
    /// Ends all sessions of an account.
    SESSION_DELETE_ALL(Text, Text) -> () =
        "delete from session where district = $1 and account in (select id from account where district = $1 and name = $2)";
}

/// Accounts that are listed at once.
const LISTED_ROWS_MAX: i64 = 5_000;

/// An account as it stands.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its district.
    pub district: String,
    /// Its id.
    pub id: AccountId,
    /// The name it signs in with.
    pub name: String,
    /// Whose it is.
    pub person: PersonId,
    /// PHC string of its password.
    pub password_hash: String,
    /// Since when it is disabled.
    pub disabled_at: Option<Timestamp>,
    /// Until when it is locked after wrong passwords.
    pub locked_until: Option<Timestamp>,
}

fn account(mut row: Row) -> Account {
    Account {
        district: row.next(),
        id: row.next(),
        name: row.next(),
        person: row.next(),
        password_hash: row.next(),
        disabled_at: row.next(),
        locked_until: row.next(),
    }
}

/// Makes an account.
///
/// # Errors
/// Unique when the name is taken in any district; any other [`StoreError`].
pub fn account_insert(
    tx: &mut Tx<'_>,
    name: &str,
    person: &PersonId,
    password_hash: &str,
) -> Result<AccountId, StoreError> {
    let id = tx.id(AccountId::new);
    let now = tx.now();
    tx.execute(&ACCOUNT_INSERT, args![tx.district(), &id, name, person, password_hash, now])?;
    Ok(id)
}

/// The account that signs in with this name.
///
/// # Errors
/// Any [`StoreError`].
pub fn account_by_name(db: &mut dyn Db, name: &str) -> Result<Option<Account>, StoreError> {
    Ok(db.row(&ACCOUNT_BY_NAME, args![name])?.map(account))
}

/// The accounts of a district, by name.
///
/// # Errors
/// Any [`StoreError`].
pub fn account_list(db: &mut dyn Db, district: &str) -> Result<Vec<Account>, StoreError> {
    Ok(db.rows(&ACCOUNT_LIST, args![district, LISTED_ROWS_MAX])?.into_iter().map(account).collect())
}

/// Disables an account and ends its sessions; its next request is refused. False when there is none.
///
/// # Errors
/// Any [`StoreError`].
pub fn account_disable(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    let now = tx.now();
    tx.execute(&SESSION_DELETE_ALL, args![tx.district(), name])?;
    Ok(tx.execute(&ACCOUNT_DISABLE, args![tx.district(), name, now])? == 1)
}

/// Sets a new password (its PHC string) and ends the account's sessions and lock. False when there is none.
///
/// # Errors
/// Any [`StoreError`].
pub fn account_password(tx: &mut Tx<'_>, name: &str, password_hash: &str) -> Result<bool, StoreError> {
    tx.execute(&SESSION_DELETE_ALL, args![tx.district(), name])?;
    Ok(tx.execute(&ACCOUNT_PASSWORD, args![tx.district(), name, password_hash])? == 1)
}

/// Counts a wrong password; the fifth in a row locks the account for a quarter of an hour.
///
/// # Errors
/// Any [`StoreError`].
pub fn login_failed(tx: &mut Tx<'_>, id: &AccountId) -> Result<(), StoreError> {
    let until = tx.now().plus_ms(LOCKED_MINUTES * 60_000);
    tx.execute(&ACCOUNT_FAILED, args![tx.district(), id, until, FAILURES_MAX]).map(|_| ())
}

/// A right password ends the count of wrong ones.
///
/// # Errors
/// Any [`StoreError`].
pub fn login_succeeded(tx: &mut Tx<'_>, id: &AccountId) -> Result<(), StoreError> {
    tx.execute(&ACCOUNT_SUCCEEDED, args![tx.district(), id]).map(|_| ())
}

/// Opens a session for a token's hash.
///
/// # Errors
/// Any [`StoreError`].
pub fn session_insert(tx: &mut Tx<'_>, account: &AccountId, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(&SESSION_INSERT, args![tx.district(), account, token_hash, now, now.plus_ms(SESSION_HOURS * 3_600_000)])
        .map(|_| ())
}

/// The live account behind a token's hash.
///
/// # Errors
/// Any [`StoreError`].
pub fn session_fetch(db: &mut dyn Db, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Account>, StoreError> {
    Ok(db.row(&SESSION_FETCH, args![token_hash, now])?.map(account))
}

/// Ends a session.
///
/// # Errors
/// Any [`StoreError`].
pub fn session_end(tx: &mut Tx<'_>, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    tx.execute(&SESSION_DELETE, args![token_hash]).map(|_| ())
}
