//! What has served its time goes: keys of requests, ended sessions, messages sent long ago.
//!
//! How long each may stay stands beside its column in the schema.

use kernel::{Command, Result, Timestamp, idempotency, time::DAY_MS};

use super::{SYSTEM, store};
use crate::app::App;

/// How long a session is remembered after its end.
const SESSION_DAYS: i64 = 16;
/// How long a message is kept.
const MESSAGE_DAYS: i64 = 365;
/// Messages that one command removes; the rest goes with the next.
const MESSAGES_MAX: i64 = 1_000;
/// Commands of one round and district.
const ROUNDS_MAX: usize = 100;

/// What a round removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Keys of requests.
    pub keys: u64,
    /// Ended sessions.
    pub sessions: u64,
    /// Messages.
    pub messages: u64,
}

/// Removes what has served its time, in every district. `serve` does it once a day.
///
/// # Errors
/// When the database does not answer.
pub async fn tidy(app: &App) -> Result<Tidied> {
    let now = app.engine.now();
    let ago = |days: i64| now.plus_ms(-days * DAY_MS);
    let (old_keys, old_sessions, old_messages) = (ago(idempotency::KEPT_DAYS), ago(SESSION_DAYS), ago(MESSAGE_DAYS));
    let mut tidied = Tidied::default();
    for district in app.districts.ids() {
        let (keys, sessions) = app
            .engine
            .write(Command::new(&district, SYSTEM), move |tx| {
                let district = tx.district();
                let keys = idempotency::forget_before(tx, district, old_keys)?;
                Ok((keys, store::sessions_forget(tx, old_sessions)?))
            })
            .await?
            .value;
        tidied.keys += keys;
        tidied.sessions += sessions;
        tidied.messages += messages(app, &district, old_messages).await?;
    }
    Ok(tidied)
}

async fn messages(app: &App, district: &str, before: Timestamp) -> Result<u64> {
    let mut removed = 0;
    for _ in 0..ROUNDS_MAX {
        let gone = app
            .engine
            .write(Command::new(district, SYSTEM), move |tx| Ok(store::messages_forget(tx, before, MESSAGES_MAX)?))
            .await?
            .value;
        removed += gone;
        if gone == 0 {
            break;
        }
    }
    Ok(removed)
}
