//! Callers who ask too often.

use axum::{extract::Path, http::Method};
use kernel::{Problem, problem::NOT_FOUND};
use serde_json::json;
use server::{
    limits::{Gate, Rate, Rates},
    policy::Policy,
    problems::Answer,
    testing::{Setup, TestApp},
};

use crate::{code, header, problem, sent};

async fn look(Path((_, code)): Path<(String, String)>) -> Answer<&'static str> {
    let wrong = || Problem::new(&NOT_FOUND).with("what", "code").into();
    if code == "right" { Ok("found") } else { Err(wrong()) }
}

async fn app(rates: Rates, proxy_hops: usize) -> TestApp {
    let mut setup = Setup::default();
    setup.config.rates = rates;
    setup.config.proxy_hops = proxy_hops;
    let rooms = server::rooms()
        .room(Method::GET, "/{district}/x/report", Policy::Public, || async { "taken" })
        .gate(Gate::Report)
        .room(Method::GET, "/{district}/x/look/{code}", Policy::LookupCode, look);
    Setup { rooms: Some(rooms), ..setup }.anywhere().await
}

fn report(app: &TestApp) -> reqwest::RequestBuilder {
    app.get("/linping/x/report").header("accept", "application/json")
}

#[tokio::test]
async fn the_eleventh_report_at_once_waits_and_staff_do_not() {
    let app = app(Rates::default(), 0).await;
    for n in 0..10 {
        assert_eq!(sent(report(&app)).await.status(), 200, "{n}");
    }
    let refused = sent(report(&app)).await;
    let wait: i64 = header(&refused, "retry-after").parse().expect("seconds");
    assert!((1..=3).contains(&wait));
    assert_eq!(problem(refused).await.1, "429.1");
    let token = app.session_of_post("grid_officer").await;
    for _ in 0..20 {
        assert_eq!(sent(report(&app).bearer_auth(&token)).await.status(), 200, "an officer writes down for many");
    }
    app.clock.as_ref().unwrap().advance_ms(wait * 1_000);
    assert_eq!(sent(report(&app)).await.status(), 200, "after the wait");
}

#[tokio::test]
async fn look_up_codes_cannot_be_tried_by_the_thousand_and_a_right_one_is_no_guess() {
    let app = app(Rates::default(), 0).await;
    let look = |code: &str| app.get(&format!("/linping/x/look/{code}")).header("accept", "application/json");
    for n in 0..100 {
        assert_eq!(sent(look("right")).await.status(), 200, "{n}");
    }
    for n in 0..60 {
        assert_eq!(code(look(&n.to_string())).await, "404.1", "{n}");
    }
    assert_eq!(code(look("60")).await, "429.1", "another code is the same caller");
    assert_eq!(code(look("right")).await, "429.1", "guessing is not told apart by its luck");
}

#[tokio::test]
async fn wherever_a_code_opens_something_guesses_are_counted() {
    let table = server::rooms().build().unwrap_or_else(|faults| panic!("{faults}")).table;
    let open = table.rooms().filter(|room| room.policy == Policy::LookupCode);
    let mut seen = 0;
    for room in open {
        assert_eq!(room.gate, Some(Gate::Lookup), "{} {}", room.method, room.path);
        seen += 1;
    }
    assert!(seen > 0);
}

#[tokio::test]
async fn an_account_is_tried_five_times_a_minute_from_wherever() {
    let rates = Rates { account: Some(Rate { per_minute: 5, burst: 5 }), ..Rates::off() };
    let app = app(rates, 1).await;
    let try_it = |n: u8, account: &str| {
        app.post("/api/v1/sessions")
            .header("x-forwarded-for", format!("192.0.2.{n}"))
            .json(&json!({ "account": account, "password": "wrong password" }))
    };
    // Another account's tries do not count for this one.
    for n in 0..5 {
        assert_eq!(code(try_it(n, &format!("other{n}"))).await, "401.2");
    }
    for n in 0..5 {
        assert_eq!(code(try_it(n, "zhou")).await, "401.2", "{n}");
    }
    assert_eq!(code(try_it(6, "zhou")).await, "429.1");
}

#[tokio::test]
async fn an_address_tries_ten_sign_ins_a_minute_whatever_the_accounts() {
    let rates = Rates { sign_in: Some(Rate { per_minute: 10, burst: 10 }), ..Rates::off() };
    let app = app(rates, 0).await;
    let try_it =
        |n: usize| app.post("/api/v1/sessions").json(&json!({ "account": format!("name{n}"), "password": "" }));
    for n in 0..10 {
        assert_eq!(code(try_it(n)).await, "401.2", "{n}");
    }
    assert_eq!(code(try_it(10)).await, "429.1");
}

#[tokio::test]
async fn a_forwarded_address_is_believed_only_behind_a_proxy_of_ours() {
    let rates = Rates { report: Some(Rate { per_minute: 1, burst: 1 }), ..Rates::off() };
    let open = app(rates.clone(), 0).await;
    assert_eq!(sent(report(&open).header("x-forwarded-for", "192.0.2.1")).await.status(), 200);
    assert_eq!(code(report(&open).header("x-forwarded-for", "192.0.2.2")).await, "429.1", "made up by the caller");
    let behind = app(rates, 1).await;
    assert_eq!(sent(report(&behind).header("x-forwarded-for", "192.0.2.1")).await.status(), 200);
    assert_eq!(sent(report(&behind).header("x-forwarded-for", "192.0.2.2")).await.status(), 200);
    assert_eq!(
        code(report(&behind).header("x-forwarded-for", "203.0.113.9, 192.0.2.1")).await,
        "429.1",
        "only the last hop is the proxy's own word"
    );
}
