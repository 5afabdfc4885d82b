//! The stream of what happens, read as a browser reads it.

use std::time::Duration;

use serde_json::{Value, json};
use server::testing::TestApp;

use crate::{
    code, sent,
    staff::{GRID, OFFICER, reported},
};

const LAMP: &str = "三幢门口的灯坏了。";

/// Reads a stream until it told `wanted` events: id, name and data of each.
async fn told(mut response: reqwest::Response, wanted: usize) -> Vec<(i64, String, Value)> {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    let mut out = Vec::new();
    while out.len() < wanted {
        let chunk = tokio::time::timeout(Duration::from_secs(20), response.chunk()).await.expect("an event comes");
        text += std::str::from_utf8(&chunk.unwrap().expect("the stream goes on")).unwrap();
        while let Some((block, rest)) = text.split_once("\n\n") {
            let field =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned);
            if let (Some(id), Some(event), Some(data)) = (field("id"), field("event"), field("data")) {
                out.push((id.parse().unwrap(), event, serde_json::from_str(&data).unwrap()));
            }
            text = rest.to_owned();
        }
    }
    out
}

async fn file(app: &TestApp, token: &str, id: &str) {
    let path = format!("/api/v1/linping/cases/{id}/moves");
    let wish = json!({ "move": "file", "version": 1 });
    assert_eq!(sent(app.post(&path).bearer_auth(token).json(&wish)).await.status(), 200);
}

#[tokio::test]
async fn a_stream_tells_what_happens_from_now_on_and_goes_on_where_it_stopped() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    reported(&app, "早就说过的事。").await;
    let open = sent(app.get("/api/v1/linping/events").bearer_auth(&officer)).await;
    let case = reported(&app, LAMP).await["id"].as_str().expect("an id").to_owned();
    file(&app, &officer, &case).await;
    let events = told(open, 2).await;
    assert_eq!(events.iter().map(|e| e.1.as_str()).collect::<Vec<_>>(), ["case.report", "case.file"]);
    assert!(events.iter().all(|e| e.2["case"] == case.as_str() && e.2["seq"] == e.0), "{events:?}");
    assert_eq!(events[1].0, events[0].0 + 1, "nothing was left out");
    assert!(!events[0].2.to_string().contains("灯"), "what people wrote is not told");

    let back = app.get("/api/v1/linping/events").bearer_auth(&officer).header("Last-Event-ID", events[0].0.to_string());
    assert_eq!(told(sent(back).await, 1).await[0], events[1], "nothing is told twice");
    let all = app.get("/api/v1/linping/events?after=0").bearer_auth(&officer);
    assert!(told(sent(all).await, 3).await[0].2["case"] != case.as_str(), "from the beginning");
}

#[tokio::test]
async fn a_stream_tells_nobody_of_cases_that_are_not_theirs_to_read() {
    let app = TestApp::anywhere().await;
    let elsewhere = app.rules("linping").directory.holdings.values().find_map(|h| {
        let officer = h.post == "grid_officer" && h.display != OFFICER;
        let directory = &app.rules("linping").directory;
        let actor = directory.actor(&h.person, None, app.app.engine.now());
        let grid = directory.place_named(GRID).ok()?.id;
        (officer && actor.must("case.read", &directory.chain_ids(&grid), &[]).is_err()).then(|| h.display.clone())
    });
    let other = app.session_for(&elsewhere.expect("an officer of another grid")).await;
    reported(&app, LAMP).await;
    let mut open = sent(app.get("/api/v1/linping/events?after=0").bearer_auth(&other)).await;
    let silent = tokio::time::timeout(Duration::from_secs(2), open.chunk()).await;
    assert!(silent.is_err(), "an officer of another grid hears nothing: {silent:?}");
}

#[tokio::test]
async fn a_stream_begins_at_a_position_or_not_at_all() {
    let app = TestApp::sqlite().await;
    let officer = app.session_for(OFFICER).await;
    let events = || app.get("/api/v1/linping/events").bearer_auth(&officer);
    assert_eq!(code(events().header("Last-Event-ID", "gestern")).await, "400.2");
    assert_eq!(code(app.get("/api/v1/linping/events?after=-1").bearer_auth(&officer)).await, "400.2");
    assert_eq!(code(app.get("/api/v1/linping/events")).await, "401.1");
}
