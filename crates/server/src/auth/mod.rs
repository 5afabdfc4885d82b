//! Who is asking: sessions by bearer token or cookie, signing in and out.
//!
//! A token is looked up at every request, so that a disabled account is refused at its next one;
//! what its holder may do comes from today's directory. Only the token's hash is stored.

mod api;
mod origin;
mod password;
mod sign_in;

use axum::http::{HeaderMap, HeaderValue, header};
use kernel::{
    Result,
    access::{Account, SESSION_HOURS, rules::token_hash, session_fetch},
};

use crate::{
    app::{App, Config},
    call::cookie,
};

pub use api::{Credentials, Token, rooms};
pub use origin::from_here;
pub use password::{PASSWORDS_AT_ONCE, PASSWORDS_WAITING_MAX, Passwords};
pub use sign_in::{SignedIn, sign_in, sign_out};

/// The cookie that carries a session.
pub const COOKIE: &str = "doorstep";
/// Characters of a token: 32 bytes in base 64 without padding.
const TOKEN_CHARS: usize = 43;

/// How a token came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// `Authorization: Bearer`: no browser sends it by itself.
    Bearer,
    /// The cookie: every browser sends it by itself.
    Cookie,
}

/// A live session.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub account: Account,
    /// How its token came.
    pub carried: Carried,
    /// What is stored of the token.
    pub token_hash: [u8; 32],
}

/// The token of a request; a bearer goes before a cookie.
pub fn carried(headers: &HeaderMap) -> Option<(Carried, &str)> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| {
        let (scheme, token) = v.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some((Carried::Bearer, token.trim()))
    });
    bearer.or_else(|| cookie(headers, COOKIE).map(|token| (Carried::Cookie, token)))
}

/// The live session behind a token.
///
/// # Errors
/// A store error: a database that does not answer is 503, never "not signed in".
pub async fn session(app: &App, carried: Carried, token: &str) -> Result<Option<Session>> {
    if token.len() != TOKEN_CHARS {
        return Ok(None);
    }
    let token_hash = token_hash(token);
    let now = app.engine.now();
    let account = app.engine.read(move |db| Ok(session_fetch(db, &token_hash, now)?)).await?;
    Ok(account.map(|account| Session { account, carried, token_hash }))
}

fn cookie_text(config: &Config, value: &str, seconds: i64) -> HeaderValue {
    let secure = if config.https() { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).expect("a token is made of letters and digits")
}

/// `Set-Cookie` of a new session.
pub fn set_cookie(config: &Config, token: &str) -> HeaderValue {
    cookie_text(config, token, SESSION_HOURS * 3_600)
}

/// `Set-Cookie` that ends it in the browser.
pub fn clear_cookie(config: &Config) -> HeaderValue {
    cookie_text(config, "", 0)
}
