//! The table of rooms, walked: nobody comes in whom the policy does not name.

use std::{fs, path::PathBuf, sync::Arc};

use kernel::{Command, vault};
use server::{
    policy::{Policy, Room, Table},
    testing::{DISTRICT, ELSEWHERE, Setup, TestApp},
};

use crate::{code, problem, sent};

fn table() -> Arc<Table> {
    server::rooms().build().unwrap_or_else(|faults| panic!("{faults}")).table
}

/// Compares with a checked-in file; `BLESS=1` writes it.
pub fn compare(name: &str, now: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, now).unwrap();
    }
    let then = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        then == now,
        "{name} is not what the code says; look at the change, then BLESS=1 cargo test -p server --test http\n{now}"
    );
}

#[test]
fn the_checked_in_list_of_routes_is_what_the_code_says() {
    compare("routes.txt", &table().text());
}

#[test]
fn every_permission_that_guards_a_room_is_a_word_of_the_base_pack() {
    let pack = commons::pack::load("zhejiang", None).expect("the base pack");
    for room in table().rooms() {
        if let Policy::Permission(word) = room.policy {
            assert!(
                pack.permissions.iter().any(|p| p.word == word),
                "{} {}: no role can hold “{word}”",
                room.method,
                room.path
            );
        }
    }
}

/// The address of a room with something in every place that a parameter leaves.
fn address(room: &Room, district: &str) -> String {
    let part = |part: &str| match part {
        "{district}" => district.to_owned(),
        part if part.starts_with('{') => "01932d6e-0000-7000-8000-000000000001".to_owned(),
        part => part.to_owned(),
    };
    room.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn walk(
    app: &TestApp,
    token: Option<&str>,
    district: &str,
    rooms: impl Iterator<Item = Room>,
    expected: &[u16],
    who: &str,
) {
    let mut walked = 0;
    for room in rooms {
        let path = address(&room, district);
        for media in ["application/json", "application/x-www-form-urlencoded"] {
            let mut request = app
                .request(room.method.as_str(), &path)
                .header("content-type", media)
                .header("accept", "application/json")
                .body("{}");
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let response = sent(request).await;
            let status = response.status().as_u16();
            assert!(expected.contains(&status), "{who}: {} {path} answered {status}", room.method);
            let _ = problem(response).await;
        }
        walked += 1;
    }
    assert!(walked > 0, "{who}: no room was walked");
}

fn staff_rooms() -> impl Iterator<Item = Room> {
    let rooms: Vec<Room> = table()
        .rooms()
        .filter(|room| matches!(room.policy, Policy::Session | Policy::Permission(_)))
        .cloned()
        .collect();
    rooms.into_iter()
}

async fn two_districts() -> TestApp {
    Setup { districts: vec![DISTRICT.into(), ELSEWHERE.into()], ..Setup::default() }.anywhere().await
}

#[tokio::test]
async fn without_a_session_no_staff_room_opens() {
    let app = two_districts().await;
    walk(&app, None, DISTRICT, staff_rooms(), &[401], "nobody").await;
    walk(&app, Some(&"A".repeat(43)), DISTRICT, staff_rooms(), &[401], "a made-up token").await;
}

#[tokio::test]
async fn a_session_of_another_district_opens_no_staff_room() {
    let app = two_districts().await;
    let tokens = [
        app.session_of_post("dispatcher").await,
        app.session_of_post("admin").await,
        app.session_of_post("leader").await,
    ];
    for token in &tokens {
        let rooms = staff_rooms().filter(|room| room.path.contains("{district}"));
        walk_if_any(&app, token, ELSEWHERE, rooms, &[403], "staff of the neighbours").await;
    }
}

#[tokio::test]
async fn a_session_without_the_permission_opens_no_room_that_asks_for_it() {
    let app = two_districts().await;
    let resident = app
        .app
        .engine
        .write(Command::new(DISTRICT, "system"), |tx| Ok(vault::person_new(tx)?.person))
        .await
        .expect("a person")
        .value;
    let resident = app.session_of(DISTRICT, resident).await;
    let asks = |room: &Room| matches!(room.policy, Policy::Permission(_));
    walk_if_any(&app, &resident, DISTRICT, staff_rooms().filter(asks), &[403], "a resident").await;
    let rules = app.rules(DISTRICT);
    let now = app.app.engine.now();
    for post in ["handler", "stairwell_head", "grid_officer", "secretary", "dispatcher", "auditor", "leader", "admin"] {
        let (_, person) = app.holder(DISTRICT, post);
        let token = app.session_of(DISTRICT, person).await;
        let actor = rules.directory.actor(&person, None, now);
        let closed = staff_rooms().filter(|room| matches!(room.policy, Policy::Permission(word) if !actor.holds(word)));
        walk_if_any(&app, &token, DISTRICT, closed, &[403], post).await;
    }
}

async fn walk_if_any(
    app: &TestApp,
    token: &str,
    district: &str,
    rooms: impl Iterator<Item = Room>,
    expected: &[u16],
    who: &str,
) {
    let mut rooms = rooms.peekable();
    if rooms.peek().is_some() {
        walk(app, Some(token), district, rooms, expected, who).await;
    }
}

#[tokio::test]
async fn a_demonstrations_rooms_do_not_exist_elsewhere() {
    let app = two_districts().await;
    let rooms: Vec<Room> = table().rooms().filter(|room| room.policy == Policy::Demo).cloned().collect();
    if !rooms.is_empty() {
        walk(&app, None, DISTRICT, rooms.into_iter(), &[404], "nobody").await;
    }
}

#[tokio::test]
async fn a_code_that_belongs_to_nothing_opens_nothing() {
    let app = two_districts().await;
    for code in ["7K3M-2Q9D", "00000000", "x", "%27%20or%201%3D1", "..%2f..%2flinping"] {
        for room in table().rooms().filter(|room| room.policy == Policy::LookupCode) {
            let path = address(room, DISTRICT).replacen("01932d6e-0000-7000-8000-000000000001", code, 1);
            let request = app
                .request(room.method.as_str(), &path)
                .header("accept", "application/json")
                .header("content-type", "application/x-www-form-urlencoded");
            let status = sent(request.body("")).await.status();
            assert!(status.is_client_error(), "{} {path} answered {status}", room.method);
        }
    }
}

#[tokio::test]
async fn a_district_that_is_not_enabled_does_not_exist() {
    let app = TestApp::anywhere().await;
    for room in table()
        .rooms()
        .filter(|room| room.path.contains("{district}") && matches!(room.policy, Policy::Public | Policy::LookupCode))
    {
        let path = address(room, "atlantis");
        let request = app
            .request(room.method.as_str(), &path)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .body("{}");
        assert_eq!(code(request).await, "404.1", "{} {path}", room.method);
    }
}

mod planted {
    //! Rooms of each kind, so that the rules hold whatever the house has today.

    use axum::http::Method;
    use server::{Call, policy::Rooms, problems::Answer};

    use super::*;

    async fn who(call: Call) -> Answer<String> {
        Ok(format!("{}|{}|{}", call.district(), call.actor.name() != "anonymous", call.rules()?.directory.district))
    }

    fn rooms() -> Rooms {
        server::rooms()
            .room(Method::GET, "/{district}/x/public", Policy::Public, who)
            .room(Method::GET, "/{district}/x/session", Policy::Session, who)
            .room(Method::GET, "/{district}/x/read", Policy::Permission("case.read"), who)
            .room(Method::POST, "/{district}/x/read", Policy::Permission("case.read"), who)
            .room(Method::GET, "/x/mine", Policy::Permission("case.read"), who)
            .room(Method::GET, "/x/demo", Policy::Demo, || async { "demo" })
    }

    async fn app() -> TestApp {
        Setup { districts: vec![DISTRICT.into(), ELSEWHERE.into()], rooms: Some(rooms()), ..Setup::default() }
            .anywhere()
            .await
    }

    async fn text(app: &TestApp, path: &str, token: Option<&str>) -> (u16, String) {
        let request = app.get(path).header("accept", "application/json");
        let response = sent(token.iter().fold(request, |request, token| request.bearer_auth(token))).await;
        (response.status().as_u16(), response.text().await.unwrap())
    }

    #[tokio::test]
    async fn each_policy_lets_in_whom_it_names_and_says_who_it_is() {
        let app = app().await;
        let officer = app.session_of_post("grid_officer").await;
        let admin = app.session_of_post("admin").await;
        let ok = |district: &str, known: bool| (200, format!("{district}|{known}|{district}"));
        assert_eq!(text(&app, "/linping/x/public", None).await, ok(DISTRICT, false));
        assert_eq!(text(&app, "/linping/x/public", Some(&officer)).await, ok(DISTRICT, true));
        assert_eq!(
            text(&app, "/elsewhere/x/public", Some(&officer)).await,
            ok(ELSEWHERE, false),
            "next door the officer is anybody"
        );
        assert_eq!(text(&app, "/linping/x/session", Some(&admin)).await, ok(DISTRICT, true));
        assert_eq!(text(&app, "/elsewhere/x/session", Some(&admin)).await.0, 403);
        assert_eq!(text(&app, "/linping/x/session", None).await.0, 401);
        assert_eq!(text(&app, "/linping/x/read", Some(&officer)).await, ok(DISTRICT, true));
        assert_eq!(text(&app, "/linping/x/read", Some(&admin)).await.0, 403, "an administrator does not read cases");
        assert_eq!(text(&app, "/elsewhere/x/read", Some(&officer)).await.0, 403);
        assert_eq!(
            text(&app, "/x/mine", Some(&officer)).await,
            ok(DISTRICT, true),
            "without a district in the address the session's counts"
        );
        assert_eq!(text(&app, "/x/demo", None).await.0, 404);
        assert_eq!(text(&app, "/atlantis/x/public", None).await.0, 404);
        assert_eq!(
            text(&app, "/atlantis/x/session", None).await.0,
            401,
            "who is not signed in does not learn which districts there are"
        );
    }

    #[tokio::test]
    async fn a_form_from_another_site_is_refused_in_every_room_that_changes_something() {
        let app = app().await;
        let token = app.session_of_post("grid_officer").await;
        let post = || {
            app.post("/linping/x/read")
                .header("accept", "application/json")
                .header("cookie", format!("doorstep={token}"))
        };
        assert_eq!(code(post().header("origin", "https://evil.example")).await, "403.2");
        assert_eq!(code(post()).await, "403.2");
        assert_eq!(sent(post().header("sec-fetch-site", "same-origin")).await.status(), 200);
        let bearer = app.post("/linping/x/read").bearer_auth(&token).header("origin", "https://program.example");
        assert_eq!(sent(bearer).await.status(), 200, "a program's token is not sent by browsers");
    }

    #[tokio::test]
    async fn staff_pages_ask_a_person_to_sign_in_and_lead_back() {
        let app = app().await;
        let response = sent(app.get("/linping/x/session?lang=en&a=1").header("accept", "text/html")).await;
        assert_eq!(response.status(), 401);
        assert!(crate::header(&response, "set-cookie").starts_with("lang=en;"));
        let html = response.text().await.unwrap();
        assert!(
            html.contains("name=\"password\"") && html.contains("value=\"/linping/x/session?a=1\"")
                || html.contains("value=\"/linping/x/session?a=1\""),
            "{html}"
        );
        assert!(html.contains("<html lang=\"en\""), "{html}");
    }

    #[tokio::test]
    async fn whoever_loses_a_post_is_refused_at_the_next_request() {
        let app = app().await;
        let (_, person) = app.holder(DISTRICT, "grid_officer");
        let token = app.session_of(DISTRICT, person).await;
        assert_eq!(text(&app, "/linping/x/read", Some(&token)).await.0, 200);
        let ids: Vec<_> =
            app.rules(DISTRICT).directory.holdings.values().filter(|h| h.person == person).map(|h| h.id).collect();
        let ended = app.app.engine.write(Command::new(DISTRICT, "system"), move |tx| {
            for id in &ids {
                commons::people::holding_end(tx, id, tx.now())?;
            }
            Ok(commons::install::bump(tx)?)
        });
        ended.await.expect("the term ends");
        app.app.districts.refresh(&app.app.engine, DISTRICT).await.expect("built anew");
        assert_eq!(text(&app, "/linping/x/read", Some(&token)).await.0, 403);
    }
}
