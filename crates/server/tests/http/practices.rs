//! Visits and meetings for programs: the same acts as on the pages.

use serde_json::{Value, json};
use server::testing::TestApp;

use crate::{
    code, problem, sent,
    staff::{GRID, OFFICER, SECRETARY, page, reported},
};

const VISITS: &str = "/api/v1/linping/visits";
const MEETINGS: &str = "/api/v1/linping/meetings";

async fn create(app: &TestApp, path: &str, token: &str, body: &Value) -> Value {
    let response = sent(app.post(path).bearer_auth(token).json(body)).await;
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(status, 201, "{answer}");
    answer
}

async fn read(app: &TestApp, path: &str, token: Option<&str>) -> Value {
    let request = app.get(path);
    let response = sent(token.iter().fold(request, |request, token| request.bearer_auth(token))).await;
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn a_program_notes_a_visit_whose_words_open_a_case_once() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let visit = json!({ "id": "01932d6e-7a10-7c3b-9f5e-2f60f4b0a003", "place": GRID, "kind": "evening", "room": "三幢 401",
        "name": "李女士", "phone": "13800002001", "consent": true, "heard": "坡道没有雨棚，下雨推车滑。", "opens": { "echo": "call" } });
    let noted = create(&app, VISITS, &officer, &visit).await;
    assert!(noted["receipt"].is_string() && noted["lookup_code"].is_string(), "{noted}");
    let again = create(&app, VISITS, &officer, &visit).await;
    assert_eq!((&again["id"], &again["case"], &again["receipt"]), (&noted["id"], &noted["case"], &Value::Null));
    let mut other = visit.clone();
    other["heard"] = json!("都好。");
    assert_eq!(code(app.post(VISITS).bearer_auth(&officer).json(&other)).await, "409.2", "an id has one meaning");
    let listed = read(&app, &format!("{VISITS}?own=true"), Some(&officer)).await;
    let row = &listed["items"][0];
    assert_eq!((row["kind"].as_str(), row["by"].as_str()), (Some("evening"), Some(OFFICER)));
    assert_eq!(row["case"]["number"], noted["number"]);
    assert!(row["visited"].as_str().is_some_and(|who| who.starts_with("李*")), "masked: {row}");
    assert!(page(&app, "/linping/visits", &officer).await.contains("坡道没有雨棚"), "the page shows the same visit");
}

#[tokio::test]
async fn what_a_visit_lacks_is_refused_by_its_number() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let post = |body: Value| app.post(VISITS).bearer_auth(&officer).json(&body);
    assert_eq!(code(post(json!({ "place": "天上", "heard": "都好。" }))).await, "404.1");
    assert_eq!(code(post(json!({ "place": GRID, "heard": "都好。", "kind": "by_drone" }))).await, "422.37");
    assert_eq!(code(post(json!({ "place": GRID, "heard": "都好。", "at": "gestern" }))).await, "400.2");
    assert_eq!(code(post(json!({ "place": GRID, "heard": "都好。", "id": "7" }))).await, "400.2");
    assert_eq!(code(post(json!({ "place": GRID, "score": 5 }))).await, "400.1", "there is no such field");
    let handler = app.session_for("王物业管家").await;
    assert_eq!(code(app.post(VISITS).bearer_auth(&handler).json(&json!({ "place": GRID }))).await, "403.1");
    assert_eq!(code(app.get(&format!("{VISITS}?place={GRID}")).bearer_auth(&handler)).await, "403.1");
    let (status, ..) = problem(sent(app.get(VISITS)).await).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn past_visits_come_page_by_page() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    for n in 0..5 {
        create(&app, VISITS, &officer, &json!({ "place": GRID, "heard": format!("第{n}户都好。") })).await;
        app.clock.as_ref().unwrap().advance_ms(1_000);
    }
    let secretary = app.session_for(SECRETARY).await;
    let (mut path, mut heard) = (format!("{VISITS}?limit=2"), Vec::new());
    for _ in 0..4 {
        let page = read(&app, &path, Some(&secretary)).await;
        heard.extend(page["items"].as_array().unwrap().iter().map(|row| row["heard"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{VISITS}?limit=2&cursor={next}");
    }
    assert_eq!(heard, (0..5).rev().map(|n| format!("第{n}户都好。")).collect::<Vec<_>>(), "newest first, each once");
    assert_eq!(code(app.get(&format!("{VISITS}?cursor=x")).bearer_auth(&secretary)).await, "400.2");
    assert_eq!(code(app.get(&format!("{VISITS}?limit=201")).bearer_auth(&secretary)).await, "400.2");
}

#[tokio::test]
async fn a_program_writes_a_meeting_down_and_its_decision_hands_the_case_over() {
    let app = TestApp::anywhere().await;
    let secretary = app.session_for(SECRETARY).await;
    let case = reported(&app, "坡道没有雨棚，下雨推车滑。").await;
    let meeting = json!({ "kind": "branch_enlarged", "place": GRID, "room": "悦贤里活动室", "minutes": "都同意。",
        "topics": [{ "case": case["id"] }], "present": ["悦贤里物业", "居民代表 6 人", "孙秀英"] });
    let held = create(&app, MEETINGS, &secretary, &meeting).await;
    assert_eq!(held["status"], "held");
    let path = format!("{MEETINGS}/{}", held["id"].as_str().unwrap());
    let decision = json!({ "id": "01932d6e-7a10-7c3b-9f5e-2f60f4b0a004", "version": held["version"], "text": "物业装雨棚。",
        "performers": "悦贤里物业", "supervisor": "悦贤里业主委员会", "until": "20 work_days" });
    let decided = create(&app, &format!("{path}/decisions"), &secretary, &decision).await;
    assert_eq!((decided["case"].as_str(), decided["state"].as_str()), (case["id"].as_str(), Some("handling")));
    let again = create(&app, &format!("{path}/decisions"), &secretary, &decision).await;
    assert_eq!((&again["version"], &again["receipt"]), (&decided["version"], &Value::Null));
    let stale = json!({ "version": held["version"], "text": "再议一次。", "kind": "keep" });
    assert_eq!(code(app.post(&format!("{path}/decisions")).bearer_auth(&secretary).json(&stale)).await, "409.1");
    let full = read(&app, &path, Some(&secretary)).await;
    assert!(full["minutes"] == "都同意。" && full["names"].as_str().is_some_and(|names| names.contains("孙秀英")));
    assert_eq!(full["decisions"][0]["performers"], "悦贤里物业");
    assert!(full["decisions"][0]["due_at"].is_string() && full["decisions"][0]["progress"]["promised_at"].is_string());
    let public = read(&app, &path, None).await;
    assert!(public["minutes"].is_null() && public["names"].is_null(), "{public}");
    assert!(public["decisions"][0]["progress"]["case"].is_null(), "no way into the case: {public}");
    let listed = read(&app, MEETINGS, None).await;
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["decisions"]), (&held["id"], &json!(1)));
}

#[tokio::test]
async fn a_meeting_that_lies_ahead_is_called_and_one_without_a_place_is_refused() {
    let app = TestApp::anywhere().await;
    let secretary = app.session_for(SECRETARY).await;
    let ahead = app.app.engine.now().plus_ms(3 * 24 * 3_600_000).to_string();
    let new = json!({ "kind": "grid_deliberation", "place": GRID, "held_at": ahead, "topics": [{ "title": "停车怎么划线" }] });
    assert_eq!(create(&app, MEETINGS, &secretary, &new).await["status"], "called");
    let post = |body: Value| app.post(MEETINGS).bearer_auth(&secretary).json(&body);
    assert_eq!(code(post(json!({ "kind": "joint", "place": "天上" }))).await, "404.1");
    assert_eq!(code(app.get(&format!("{MEETINGS}/x"))).await, "404.1");
    let unknown = format!("{MEETINGS}/01932d6e-7a10-7c3b-9f5e-2f60f4b0a009");
    assert_eq!(code(app.get(&unknown)).await, "404.30");
    let handler = app.session_for("王物业管家").await;
    assert_eq!(code(app.post(MEETINGS).bearer_auth(&handler).json(&new)).await, "403.1");
}
