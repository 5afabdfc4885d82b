//! Signing in, staying in, being put out.

use kernel::{
    Command,
    access::{account_disable, rules::token_hash},
    time::{DAY_MS, MINUTE_MS},
};
use serde_json::json;
use server::testing::{DISTRICT, PASSWORD, Setup, TestApp};

use crate::{code, header, problem, sent};

async fn with_account() -> TestApp {
    let app = TestApp::anywhere().await;
    let (_, person) = app.holder(DISTRICT, "grid_officer");
    app.account_with_password(DISTRICT, person, "zhou").await;
    app
}

fn sign_in(app: &TestApp, account: &str, password: &str) -> reqwest::RequestBuilder {
    app.post("/api/v1/sessions").json(&json!({ "account": account, "password": password }))
}

async fn token(app: &TestApp) -> String {
    let response = sent(sign_in(app, "zhou", PASSWORD)).await;
    assert_eq!(response.status(), 200);
    let body: serde_json::Value = response.json().await.unwrap();
    body["token"].as_str().expect("a token").to_owned()
}

fn end(app: &TestApp) -> reqwest::RequestBuilder {
    app.request("DELETE", "/api/v1/sessions")
}

#[tokio::test]
async fn a_right_password_opens_a_session_that_ends_when_its_holder_says_so() {
    let app = with_account().await;
    let (first, second) = (token(&app).await, token(&app).await);
    assert_ne!(first, second, "every sign-in is a new session");
    assert_eq!(sent(end(&app).bearer_auth(&first)).await.status(), 204);
    assert_eq!(code(end(&app).bearer_auth(&first)).await, "401.1");
    assert_eq!(sent(end(&app).bearer_auth(&second)).await.status(), 204, "the other one is untouched");
}

#[tokio::test]
async fn a_token_is_stored_only_as_its_hash() {
    let app = with_account().await;
    let token = token(&app).await;
    let (now, hash) = (app.app.engine.now(), token_hash(&token));
    let account = app.app.engine.read(move |db| Ok(kernel::access::session_fetch(db, &hash, now)?)).await.unwrap();
    assert_eq!(account.expect("found by its hash").name, "zhou");
    let itself: [u8; 32] = token.as_bytes()[..32].try_into().unwrap();
    let account = app.app.engine.read(move |db| Ok(kernel::access::session_fetch(db, &itself, now)?)).await.unwrap();
    assert!(account.is_none(), "the token's own bytes are not there");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_the_same_answer_and_the_same_lock() {
    let app = with_account().await;
    for name in ["zhou", "nobody.at.all"] {
        let mut bodies = Vec::new();
        for _ in 0..5 {
            let (status, code, body) = problem(sent(sign_in(&app, name, "wrong password")).await).await;
            assert_eq!((status, code.as_str()), (401, "401.2"), "{name}");
            bodies.push(body);
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
        let locked = sent(sign_in(&app, name, PASSWORD)).await;
        assert_eq!(header(&locked, "retry-after"), "960", "{name}: a quarter of an hour, and a minute for rounding");
        assert_eq!(problem(locked).await.1, "429.2", "{name}: even with the right password");
    }
    app.clock.as_ref().unwrap().advance_ms(16 * MINUTE_MS);
    assert_eq!(sent(sign_in(&app, "zhou", PASSWORD)).await.status(), 200, "after the lock");
    assert_eq!(code(sign_in(&app, "nobody.at.all", PASSWORD)).await, "401.2");
}

#[tokio::test]
async fn a_right_password_ends_the_count_of_wrong_ones() {
    let app = with_account().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(code(sign_in(&app, "zhou", "wrong password")).await, "401.2");
        }
        token(&app).await;
    }
}

#[tokio::test]
async fn a_disabled_account_is_refused_at_its_next_request_and_cannot_sign_in() {
    let app = with_account().await;
    let token = token(&app).await;
    let done =
        app.app.engine.write(Command::new(DISTRICT, "system"), |tx| Ok(account_disable(tx, "zhou")?)).await.unwrap();
    assert!(done.value);
    assert_eq!(code(end(&app).bearer_auth(&token)).await, "401.1");
    assert_eq!(code(sign_in(&app, "zhou", PASSWORD)).await, "401.2");
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days() {
    let app = TestApp::anywhere().await;
    let token = app.session_of_post("grid_officer").await;
    let probe = || app.get("/api/v1/problems").bearer_auth(&token);
    app.clock.as_ref().unwrap().advance_ms(14 * DAY_MS - 1);
    assert_eq!(sent(probe()).await.status(), 200);
    app.clock.as_ref().unwrap().advance_ms(1);
    assert_eq!(code(probe()).await, "401.1");
}

#[tokio::test]
async fn made_up_tokens_open_nothing() {
    let app = TestApp::anywhere().await;
    let real = app.session_of_post("grid_officer").await;
    for wrong in ["", "x", &"A".repeat(43), &real.to_lowercase(), &format!("{real} "), "' or 1=1 --", &"长".repeat(20)]
    {
        let value = reqwest::header::HeaderValue::from_bytes(format!("Bearer {wrong}x").as_bytes()).unwrap();
        assert_eq!(code(end(&app).header("authorization", value)).await, "401.1", "{wrong}");
    }
    assert_eq!(code(end(&app).header("authorization", format!("Basic {real}"))).await, "401.1");
}

#[tokio::test]
async fn a_browsers_old_cookie_does_not_close_public_rooms() {
    let app = TestApp::anywhere().await;
    let cookie = format!("doorstep={}", "A".repeat(43));
    assert_eq!(sent(app.get("/api/v1/problems").header("cookie", &cookie)).await.status(), 200);
    assert_eq!(
        code(app.get("/api/v1/problems").bearer_auth("A".repeat(43))).await,
        "401.1",
        "a program is told that its token is no good"
    );
}

#[tokio::test]
async fn a_cookie_changes_something_only_from_a_page_of_ours() {
    let app = TestApp::anywhere().await;
    let token = app.session_of_post("grid_officer").await;
    let by_cookie = || end(&app).header("cookie", format!("a=b; doorstep={token}"));
    assert_eq!(code(by_cookie()).await, "403.2", "says nothing of its origin");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("referer", "https://evil.example/"),
    ] {
        assert_eq!(code(by_cookie().header(name, value)).await, "403.2", "{name}: {value}");
    }
    let response = sent(by_cookie().header("origin", &app.base)).await;
    assert_eq!(response.status(), 204);
    let gone = header(&response, "set-cookie");
    assert!(
        gone.starts_with("doorstep=;")
            && gone.contains("Max-Age=0")
            && gone.contains("HttpOnly")
            && gone.contains("SameSite=Lax"),
        "{gone}"
    );
    assert_eq!(code(by_cookie().header("origin", &app.base)).await, "401.1");
}

#[tokio::test]
async fn a_foreign_page_cannot_sign_a_browser_in() {
    let app = with_account().await;
    assert_eq!(code(sign_in(&app, "zhou", PASSWORD).header("origin", "https://evil.example")).await, "403.2");
}

#[tokio::test]
async fn cookies_are_secure_when_people_come_by_https() {
    let mut setup = Setup::default();
    setup.config.base_url = Some("https://city.example".into());
    let app = setup.anywhere().await;
    let cookie = server::auth::set_cookie(&app.app.config, "token");
    let text = cookie.to_str().unwrap();
    for part in ["doorstep=token", "Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=1209600", "Secure"] {
        assert!(text.split("; ").any(|p| p == part), "{part} in {text}");
    }
    let plain = TestApp::anywhere().await;
    assert!(!server::auth::set_cookie(&plain.app.config, "token").to_str().unwrap().contains("Secure"));
}

#[tokio::test]
async fn signing_in_works_on_postgres_too() {
    let Some(app) = TestApp::postgres().await else { return };
    let (_, person) = app.holder(DISTRICT, "grid_officer");
    app.account_with_password(DISTRICT, person, "zhou").await;
    let token = token(&app).await;
    assert_eq!(code(sign_in(&app, "zhou", "wrong password")).await, "401.2");
    assert_eq!(sent(end(&app).bearer_auth(&token)).await.status(), 204);
    assert_eq!(code(end(&app).bearer_auth(&token)).await, "401.1");
}
