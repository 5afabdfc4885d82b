//! What every answer carries, and how refusals speak.

use axum::{Json, http::Method};
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde_json::json;
use server::{
    body::{Asked, Filled, Sent},
    policy::{Policy, Rooms},
    problems::Answer,
    testing::{Setup, TestApp},
};

use crate::{code, header, problem, sent};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    number: u32,
}

async fn json_in(sent: Sent<Wish>) -> Answer<Json<serde_json::Value>> {
    Ok(Json(json!({ "number": sent.value.number, "key": sent.once.map(|k| k.key) })))
}

async fn form_in(filled: Filled<Wish>) -> String {
    filled.0.number.to_string()
}

async fn query_in(asked: Asked<Wish>) -> String {
    asked.0.number.to_string()
}

async fn files_in(mut form: axum::extract::Multipart) -> Answer<String> {
    let mut bytes = 0;
    while let Some(field) = form.next_field().await? {
        bytes += field.bytes().await?.len();
    }
    Ok(bytes.to_string())
}

async fn panics() -> &'static str {
    panic!("the secret of the panic")
}

async fn long() -> String {
    "家门口的事，说一声就行。".repeat(500)
}

async fn raw() -> axum::http::StatusCode {
    axum::http::StatusCode::UNPROCESSABLE_ENTITY
}

fn rooms() -> Rooms {
    server::rooms()
        .room(Method::POST, "/x/json", Policy::Public, json_in)
        .room(Method::POST, "/x/form", Policy::Public, form_in)
        .room(Method::GET, "/x/query", Policy::Public, query_in)
        .room(Method::POST, "/x/files", Policy::Public, files_in)
        .room(Method::GET, "/x/panic", Policy::Public, panics)
        .room(Method::GET, "/x/long", Policy::Public, long)
        .room(Method::GET, "/x/raw", Policy::Public, raw)
        .room(Method::GET, "/x/slow", Policy::Public, std::future::pending::<&'static str>)
}

async fn app() -> TestApp {
    Setup { rooms: Some(rooms()), ..Setup::default() }.anywhere().await
}

#[tokio::test]
async fn an_unknown_address_is_404_for_programs_and_a_page_for_people() {
    let app = app().await;
    assert_eq!(code(app.get("/api/v1/nothing")).await, "404.1");
    assert_eq!(code(app.get("/nothing/at/all")).await, "404.1");
    let response = sent(app.get("/linping/nothing").header("accept", "text/html,*/*")).await;
    assert_eq!(response.status(), 404);
    assert!(header(&response, "content-type").starts_with("text/html"));
    let html = response.text().await.unwrap();
    assert!(html.contains("404.1") && html.contains("临平区") && html.contains("没有找到"), "{html}");
}

#[tokio::test]
async fn a_wrong_method_is_405_and_says_which_are_right() {
    let app = app().await;
    let response = sent(app.request("PUT", "/api/v1/sessions")).await;
    assert_eq!(header(&response, "allow"), "DELETE, POST");
    let (status, code, body) = problem(response).await;
    assert_eq!((status, code.as_str()), (405, "405.1"));
    assert!(body["detail"].as_str().unwrap().contains("DELETE, POST"));
    assert_eq!(sent(app.request("HEAD", "/healthz")).await.status(), 200, "HEAD is answered where GET is");
}

#[tokio::test]
async fn problems_speak_the_readers_language_and_chinese_otherwise() {
    let app = app().await;
    let title = async |request: reqwest::RequestBuilder| {
        let response = sent(request).await;
        let tag = header(&response, "content-language").to_owned();
        (problem(response).await.2["title"].as_str().unwrap().to_owned(), tag)
    };
    let (zh, en) = (("没有找到".to_owned(), "zh-CN".to_owned()), ("Not found".to_owned(), "en".to_owned()));
    assert_eq!(title(app.get("/api/v1/x")).await, zh);
    assert_eq!(title(app.get("/api/v1/x").header("accept-language", "fr, en;q=0.8")).await, en);
    assert_eq!(title(app.get("/api/v1/x").header("accept-language", "zh-CN,zh;q=0.9,en;q=0.8")).await, zh);
    assert_eq!(title(app.get("/api/v1/x").header("accept-language", "zh").header("cookie", "lang=en")).await, en);
    assert_eq!(title(app.get("/api/v1/x?lang=zh").header("cookie", "lang=en")).await, zh);
    assert_eq!(title(app.get("/api/v1/x?lang=klingon")).await, zh);
}

#[tokio::test]
async fn bad_json_is_told_apart_and_never_a_fault_of_ours() {
    let app = app().await;
    let post = |body: &str| {
        app.post("/x/json")
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .body(body.to_owned())
    };
    for (body, says) in [
        ("", "EOF"),
        ("{", "EOF"),
        ("[]", "invalid length"),
        ("{\"number\": \"seven\"}", "number: invalid type"),
        ("{\"number\": -1}", "number: invalid value"),
        ("{}", "missing field `number`"),
        ("{\"number\": 1, \"colour\": 2}", "unknown field `colour`"),
        ("{\"number\": 1} trailing", "trailing"),
        ("\u{feff}{}", "expected value"),
        (&"[".repeat(10_000), "recursion limit"),
    ] {
        let (status, code, problem) = problem(sent(post(body)).await).await;
        assert_eq!((status, code.as_str()), (400, "400.1"), "{body:.40}");
        assert!(
            problem["detail"].as_str().unwrap().contains(says) || says == "recursion limit",
            "{body:.40}: {problem}"
        );
    }
    assert_eq!(sent(post("{\"number\": 7}")).await.json::<serde_json::Value>().await.unwrap()["number"], 7);
    let plain = app
        .post("/x/json")
        .header("accept", "application/json")
        .header("content-type", "text/plain")
        .body("{\"number\": 7}");
    assert_eq!(code(plain).await, "415.1", "a form of another site could send text");
}

#[tokio::test]
async fn a_key_is_taken_with_its_request_and_refused_when_it_cannot_be_one() {
    let app = app().await;
    let post = |key: &str| {
        app.post("/x/json")
            .header("accept", "application/json")
            .header("idempotency-key", key)
            .json(&json!({ "number": 7 }))
    };
    let body: serde_json::Value = sent(post("visit-1")).await.json().await.unwrap();
    assert_eq!(body["key"], "visit-1");
    for wrong in ["", " ", &"x".repeat(129)] {
        assert_eq!(code(post(wrong)).await, "400.2", "{wrong:.20}");
    }
}

#[tokio::test]
async fn forms_and_queries_are_refused_with_what_is_wrong() {
    let app = app().await;
    let form = |body: &str| {
        app.post("/x/form")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned())
    };
    assert_eq!(sent(form("number=7")).await.text().await.unwrap(), "7");
    assert_eq!(code(form("number=x")).await, "400.1");
    assert_eq!(code(form("")).await, "400.1");
    let get = |query: &str| app.get(&format!("/x/query?{query}")).header("accept", "application/json");
    assert_eq!(sent(get("number=7&lang=en&size=large")).await.text().await.unwrap(), "7");
    let (_, code, body) = problem(sent(get("number=7&order=name%3B--")).await).await;
    assert_eq!(code, "400.1", "what no room knows is not ignored");
    assert!(body["detail"].as_str().unwrap().contains("order"), "{body}");
}

#[tokio::test]
async fn a_body_over_its_limit_is_refused_whether_it_says_so_or_not() {
    let app = app().await;
    let post = |body: reqwest::Body| {
        app.post("/x/json").header("accept", "application/json").header("content-type", "application/json").body(body)
    };
    let megabyte = format!("{{\"number\": 7{}}}", " ".repeat(1024 * 1024 - 13));
    assert_eq!(megabyte.len(), 1024 * 1024);
    assert_eq!(sent(post(megabyte.clone().into())).await.status(), 200);
    assert_eq!(code(post((megabyte.clone() + " ").into())).await, "413.1");
    let photo = |bytes: usize| {
        app.post("/x/files")
            .header("accept", "application/json")
            .multipart(Form::new().part("photo", Part::bytes(vec![0; bytes])))
    };
    assert_eq!(sent(photo(15 * 1024 * 1024)).await.text().await.unwrap(), (15 * 1024 * 1024).to_string());
    assert_eq!(code(photo(16 * 1024 * 1024)).await, "413.1");
}

/// Without a length the server only learns while it reads.
#[tokio::test]
async fn a_body_that_hides_its_length_is_cut_at_the_limit() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let app = app().await;
    let mut socket = tokio::net::TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
    let head = "POST /x/json HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 256 * 1024, " ".repeat(256 * 1024));
    for _ in 0..5 {
        if socket.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 400];
    let n = socket.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..n]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_panic_is_500_says_nothing_of_itself_and_the_server_goes_on() {
    let app = app().await;
    let (status, code, body) = problem(sent(app.get("/x/panic").header("accept", "application/json")).await).await;
    assert_eq!((status, code.as_str()), (500, "500.1"));
    assert!(!body.to_string().contains("secret"));
    assert_eq!(sent(app.get("/healthz")).await.status(), 200);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_503_and_says_when_to_come_back() {
    let mut setup = Setup::default();
    setup.config.answer = std::time::Duration::from_millis(20);
    let app = Setup { rooms: Some(rooms()), ..setup }.anywhere().await;
    let response = sent(app.get("/x/slow").header("accept", "application/json")).await;
    assert_eq!(header(&response, "retry-after"), "3");
    assert_eq!(problem(response).await.1, "503.1");
    assert_eq!(server::Config::default().answer.as_secs(), 30);
}

#[tokio::test]
async fn a_refusal_of_the_framework_gets_our_number_too() {
    let app = app().await;
    let (status, code, _) = problem(sent(app.get("/x/raw").header("accept", "application/json")).await).await;
    assert_eq!((status, code.as_str()), (400, "400.1"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let app = app().await;
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/healthz", "/api/v1/nothing", "/x/panic", "/assets/tokens.css", "/linping/nothing", "/openapi.json"] {
        let response = sent(app.get(path)).await;
        let csp = header(&response, "content-security-policy");
        for part in [
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(csp.contains(part), "{path}: {csp}");
        }
        assert!(!csp.contains("unsafe"), "{csp}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header(&response, "permissions-policy"), "geolocation=(self)", "{path}");
        assert!(!response.headers().contains_key("strict-transport-security"), "{path}: not by http");
        let kept = header(&response, "cache-control");
        assert_eq!(kept == "no-store", !path.starts_with("/assets/"), "{path}: {kept}");
        assert!(ids.insert(header(&response, "x-request-id").to_owned()), "{path}");
    }
    assert!(ids.iter().all(|id| id.len() == 36), "{ids:?}");
}

#[tokio::test]
async fn long_answers_are_packed_for_whoever_unpacks_them() {
    let app = app().await;
    let packed = sent(app.get("/x/long").header("accept-encoding", "gzip")).await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    assert!(packed.bytes().await.unwrap().len() < 2_000);
    let plain = sent(app.get("/x/long")).await;
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(plain.text().await.unwrap().len(), "家门口的事，说一声就行。".len() * 500);
}

/// Writes bytes to the server and reads what it says until it closes the connection.
async fn conversation(app: &TestApp, bytes: &[u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut socket = tokio::net::TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut said = Vec::new();
    // A reset is an end too.
    socket.read_to_end(&mut said).await.ok();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_closes_the_connection() {
    let mut setup = Setup::default();
    setup.config.head = std::time::Duration::from_millis(50);
    let app = setup.anywhere().await;
    let said = conversation(&app, b"GET /healthz HTTP/1.1\r\nhost: x\r\n").await;
    assert!(!said.contains("200 OK"), "{said}");
    assert_eq!(sent(app.get("/healthz")).await.status(), 200);
}

#[tokio::test]
async fn a_head_over_its_limit_is_not_read() {
    let app = app().await;
    let head = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(64 * 1024));
    let said = conversation(&app, head.as_bytes()).await;
    assert!(!said.contains("200 OK"), "{said}");
    assert_eq!(sent(app.get("/healthz").header("x-long", "x".repeat(16 * 1024))).await.status(), 200);
}

#[tokio::test]
async fn addresses_stand_in_a_page_s_source_as_they_are_and_what_people_wrote_stays_harmless() {
    let app = TestApp::sqlite().await;
    let html = sent(app.get("/linping/")).await.text().await.expect("a page");
    assert!(html.contains("href=\"/linping/report\""), "a program that reads the source finds the address");
    assert!(!html.contains("&#x2f;"));
    let text = "<script>alert('门')</script> \"引号\" & 'x' a/b";
    let body = serde_json::json!({ "text": text, "place": "330113007007001" });
    let case: serde_json::Value =
        sent(app.post("/api/v1/linping/cases").json(&body)).await.json().await.expect("a receipt");
    let code = case["lookup_code"].as_str().expect("a code");
    let html = sent(app.get(&format!("/linping/c/{code}"))).await.text().await.expect("a page");
    assert!(!html.contains("<script>alert"), "nobody's words become code");
    let safe = "&lt;script&gt;alert(&#39;门&#39;)&lt;/script&gt; &quot;引号&quot; &amp; &#39;x&#39; a/b";
    assert!(html.contains(safe), "and they are shown as they were written");
}
