//! For those who run it.

use server::testing::{DISTRICT, TestApp};

use crate::{code, header, policy::compare, sent};

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_is_ready() {
    let app = TestApp::anywhere().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(sent(app.get(path)).await.status(), 200, "{path}");
    }
    // Enabled by another process, not loaded here yet.
    let pack = app.app.districts.pack(DISTRICT).unwrap();
    let command = kernel::Command::new("new", "system");
    app.app.engine.write(command, move |tx| commons::install::install(tx, &pack)).await.unwrap();
    assert_eq!(code(app.get("/readyz")).await, "503.1");
    assert_eq!(sent(app.get("/healthz")).await.status(), 200);
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert_eq!(sent(app.get("/readyz")).await.status(), 200);
}

#[tokio::test]
async fn figures_name_templates_never_addresses() {
    let app = TestApp::anywhere().await;
    for path in ["/assets/tokens.css", "/assets/mark.svg", "/no/such/7K3M-2Q9D", "/linping/c/7K3M-2Q9D"] {
        sent(app.get(path)).await;
    }
    sent(app.request("BREW", "/healthz")).await;
    let text = sent(app.get("/metrics")).await.text().await.unwrap();
    assert!(
        text.contains("doorstep_http_requests_total{route=\"/assets/{name}\",method=\"GET\",status=\"200\"} 2"),
        "{text}"
    );
    assert!(text.contains("method=\"other\",status=\"405\"} 1"), "{text}");
    assert!(text.contains("doorstep_http_seconds_bucket"), "{text}");
    assert!(!text.contains("7K3M"), "{text}");
}

#[tokio::test]
async fn two_applications_in_one_process_do_not_count_for_each_other() {
    let (one, two) = (TestApp::anywhere().await, TestApp::anywhere().await);
    sent(one.get("/healthz")).await;
    let text = sent(two.get("/metrics")).await.text().await.unwrap();
    assert!(!text.contains("/healthz"), "{text}");
}

#[tokio::test]
async fn the_description_is_served_as_it_is_checked_in() {
    let app = TestApp::anywhere().await;
    let response = sent(app.get("/openapi.json")).await;
    assert_eq!(header(&response, "content-type"), "application/json");
    let text = response.text().await.unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"]["/api/v1/sessions"]["post"].is_object());
    compare("openapi.json", &text);
}

#[tokio::test]
async fn every_operation_has_a_name_a_summary_and_described_schemas() {
    let app = TestApp::anywhere().await;
    let document: serde_json::Value = sent(app.get("/openapi.json")).await.json().await.unwrap();
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_default();
            assert!(names.insert(name.to_owned()) && !name.is_empty(), "{method} {path}: “{name}”");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{method} {path}");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(
            document["components"]["schemas"][reference].is_object(),
            "{reference} is referred to and not described"
        );
    }
}

#[tokio::test]
async fn assets_are_kept_by_browsers_and_checked_by_their_tag() {
    let app = TestApp::anywhere().await;
    let plain = sent(app.get("/assets/tokens.css")).await;
    assert_eq!(plain.status(), 200);
    assert_eq!(header(&plain, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&plain, "cache-control"), "public, max-age=3600");
    let tag = header(&plain, "etag").to_owned();
    let marked = sent(app.get("/assets/tokens.css?v=01234567")).await;
    assert_eq!(header(&marked, "cache-control"), "public, max-age=31536000, immutable");
    let again = sent(app.get("/assets/tokens.css").header("if-none-match", format!("\"other\", W/{tag}"))).await;
    assert_eq!(again.status(), 304);
    assert_eq!(again.bytes().await.unwrap().len(), 0);
    for wrong in ["nothing.css", "..%2fCargo.toml", "%2e%2e%2fsrc%2flib.rs"] {
        assert_eq!(code(app.get(&format!("/assets/{wrong}"))).await, "404.1", "{wrong}");
    }
}

#[tokio::test]
async fn every_numbered_problem_is_listed_in_the_readers_language() {
    let app = TestApp::anywhere().await;
    let list: Vec<serde_json::Value> = sent(app.get("/api/v1/problems?lang=en")).await.json().await.unwrap();
    let found = list.iter().find(|p| p["code"] == "404.1").expect("listed");
    assert_eq!(found["title"], "Not found");
    assert!(list.len() > 30, "{}", list.len());
}

thread_local! {
    /// What was logged on this thread: a test's server runs on the test's own.
    static LOG: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

struct ThisThread;

impl std::io::Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_a_line_for_each_answer_and_names_no_code_person_address_or_token() {
    // For the whole process: one that is set for a thread is not asked while others run.
    let subscriber =
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::DEBUG).with_writer(|| ThisThread).finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test keeps a log");
    let app = TestApp::anywhere().await;
    let (display, person) = app.holder(DISTRICT, "grid_officer");
    let token = app.session_of(DISTRICT, person).await;
    sent(app.get("/linping/c/7K3M-2Q9D?why=CANARY-QUERY")).await;
    sent(app.get("/CANARY-PATH/7K3M-2Q9D")).await;
    sent(app.get("/api/v1/problems").bearer_auth(&token).header("cookie", "doorstep=CANARY-COOKIE")).await;
    sent(
        app.post("/api/v1/sessions")
            .json(&serde_json::json!({ "account": "CANARY-ACCOUNT", "password": "CANARY-PASSWORD" })),
    )
    .await;
    let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
    let ours: Vec<&str> = log.lines().filter(|line| line.contains("\"target\":\"server")).collect();
    let answers = ours
        .iter()
        .filter(|line| {
            line.contains("\"http.route\"") && line.contains("\"request.id\"") && line.contains("\"http.ms\"")
        })
        .count();
    assert_eq!(answers, 4, "{log}");
    assert!(log.contains("\"http.route\":\"/{district}/c/{code}\""), "{log}");
    for secret in ["7K3M", "CANARY", display.as_str(), person.as_str(), token.as_str(), "127.0.0.1"] {
        assert!(!ours.iter().any(|line| line.contains(secret)), "{secret} in {ours:?}");
    }
}
