//! Signing in and out. An unknown account is treated like a known one: same words, same work, same lock.

use kernel::{
    Command, Problem, Result, Timestamp,
    access::{Account, account_by_name, login_failed, login_succeeded, rules, session_end, session_insert},
    id::AccountId,
    problem::BAD_PASSWORD,
};

use super::Carried;
use crate::{
    app::App,
    call::Call,
    limits::{Gate, name_key},
    problems::LOCKED,
};

/// Characters an account's name may have.
const NAME_CHARS_MAX: usize = 64;

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token, told once.
    pub token: String,
    /// Whose it is.
    pub account: Account,
}

/// Opens a new session; one that the browser carried until now ends.
///
/// # Errors
/// 401.2 for a wrong account or password; 429.1 and 429.2 for too many tries; 503.1 when busy.
pub async fn sign_in(call: &Call, name: &str, password: &str) -> Result<SignedIn> {
    let app = &call.app;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(Problem::new(&BAD_PASSWORD));
    }
    let (key, now) = (name_key(name), app.engine.now());
    app.limits.take(Gate::Account, key, now)?;
    let wanted = name.to_owned();
    let account = app.engine.read(move |db| Ok(account_by_name(db, &wanted)?)).await?;
    let locked_until = account.as_ref().map_or_else(|| app.limits.stranger_locked(&key), |a| a.locked_until);
    if let Some(until) = locked_until.filter(|until| *until > now) {
        return Err(locked(until, now));
    }
    let fits = app.passwords.fits(password, account.as_ref().map(|a| a.password_hash.as_str())).await?;
    match account {
        Some(account) if fits && account.disabled_at.is_none() => open(call, account).await,
        Some(account) => wrong(app, &account.district, Some(account.id)).await,
        None => {
            app.limits.stranger_failed(key, now);
            let district = app.districts.ids().into_iter().next().unwrap_or_default();
            wrong(app, &district, None).await
        }
    }
}

fn locked(until: Timestamp, now: Timestamp) -> Problem {
    Problem::new(&LOCKED).with("minutes", until.ms_since(now) / 60_000 + 1)
}

async fn wrong(app: &App, district: &str, account: Option<AccountId>) -> Result<SignedIn> {
    // For an unknown account the same statement runs and touches no row: it takes as long.
    app.engine
        .write(Command::new(district, "anonymous"), move |tx| {
            let id = account.unwrap_or_else(|| tx.id(AccountId::new));
            Ok(login_failed(tx, &id)?)
        })
        .await?;
    Err(Problem::new(&BAD_PASSWORD))
}

async fn open(call: &Call, account: Account) -> Result<SignedIn> {
    let app = &call.app;
    let token = rules::token(&app.random());
    let hash = rules::token_hash(&token);
    let before = call.session.as_ref().filter(|s| s.carried == Carried::Cookie).map(|s| s.token_hash);
    let (name, id) = (account.name.clone(), account.id);
    app.engine
        .write(Command::new(&account.district, account.person.as_str()), move |tx| {
            // Disabled while the password was being measured.
            if account_by_name(tx, &name)?.is_none_or(|a| a.disabled_at.is_some()) {
                return Err(Problem::new(&BAD_PASSWORD));
            }
            if let Some(before) = &before {
                session_end(tx, before)?;
            }
            login_succeeded(tx, &id)?;
            Ok(session_insert(tx, &id, &hash)?)
        })
        .await?;
    Ok(SignedIn { token, account })
}

/// Ends the session of a call; nothing without one.
///
/// # Errors
/// A store error.
pub async fn sign_out(call: &Call) -> Result<()> {
    if let Some(session) = &call.session {
        let hash = session.token_hash;
        let command = Command::new(&session.account.district, session.account.person.as_str());
        call.app.engine.write(command, move |tx| Ok(session_end(tx, &hash)?)).await?;
    }
    Ok(())
}
