//! `token`: a session token for an account, told once; the database keeps its hash.

use kernel::{
    Command,
    access::{self, SESSION_HOURS, rules},
    time::HOUR_MS,
};
use serde_json::json;

use super::user;
use crate::{
    home::Home,
    out::{Exit, Failure, Out},
};

/// Mints a token.
pub fn token(home: &Home, name: &str, out: &Out) -> Result<Exit, Failure> {
    let engine = home.open_existing()?;
    let account = user::account(&engine, name)?;
    if account.disabled_at.is_some() {
        return Err(Failure::usage(
            "disabled",
            format!("账号“{name}”已停用，不能发令牌。"),
            format!("The account \"{name}\" is disabled; it gets no token."),
        ));
    }
    let token = rules::token(&engine.rng().bytes());
    let (hash, id) = (rules::token_hash(&token), account.id);
    engine.write_now(Command::new(&account.district, "operator"), move |tx| {
        access::session_insert(tx, &id, &hash)?;
        user::noted(tx, &id, "account.token")
    })?;
    let expires = engine.now().plus_ms(SESSION_HOURS * HOUR_MS);
    out.result(
        &json!({ "token": token, "account": account.name, "district": account.district, "expires_at": expires }),
        || vec![token.clone()],
    );
    Ok(Exit::Ok)
}
