//! A table with a fault does not build.

use axum::{Json, http::Method};
use utoipa_axum::routes;

use super::{Policy, Rooms};
use crate::limits::Gate;

#[utoipa::path(get, path = "/api/v1/things", responses((status = 200)))]
async fn things() -> Json<i64> {
    Json(1)
}

#[utoipa::path(post, path = "/api/v1/things", responses((status = 200)))]
async fn thing() -> Json<i64> {
    Json(2)
}

#[utoipa::path(get, path = "/things", responses((status = 200)))]
async fn outside() -> Json<i64> {
    Json(3)
}

async fn page() -> &'static str {
    "page"
}

fn faults(rooms: Rooms) -> Vec<String> {
    rooms.build().err().map(|faults| faults.0).unwrap_or_default()
}

#[test]
fn a_sound_table_builds_and_reads_as_text() {
    let rooms = Rooms::new()
        .api(Policy::Permission("case.read"), routes!(things))
        .api(Policy::Public, routes!(thing))
        .gate(Gate::Report)
        .room(Method::GET, "/{district}/c/{code}", Policy::LookupCode, page);
    let built = rooms.build().expect("nothing is wrong");
    let lines: Vec<String> =
        built.table.text().lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "GET /api/v1/things case.read",
            "POST /api/v1/things public [report]",
            "GET /{district}/c/{code} look-up code [lookup]"
        ]
    );
}

#[test]
fn an_address_that_stands_twice_does_not_boot() {
    let rooms =
        Rooms::new().room(Method::GET, "/a", Policy::Public, page).room(Method::GET, "/a", Policy::Session, page);
    assert_eq!(faults(rooms), ["GET /a stands twice"]);
    let rooms = Rooms::new().room(Method::GET, "/{district}/c/{code}", Policy::Public, page).room(
        Method::POST,
        "/{district}/c/{lookup}",
        Policy::Public,
        page,
    );
    assert_eq!(faults(rooms), ["/{district}/c/{code} and /{district}/c/{lookup} are one address with two names"]);
}

#[test]
fn an_api_address_without_a_description_does_not_boot() {
    let rooms = Rooms::new().room(Method::GET, "/api/v1/secret", Policy::Public, page);
    assert_eq!(faults(rooms), ["GET /api/v1/secret is not described: add it by `api`"]);
}

#[test]
fn a_description_without_a_room_or_outside_the_api_does_not_boot() {
    let mut rooms = Rooms::new().api(Policy::Public, routes!(things)).api(Policy::Public, routes!(thing));
    rooms.rooms.pop();
    assert_eq!(faults(rooms), ["POST /api/v1/things is described but has no room"]);
    let rooms = Rooms::new().api(Policy::Public, routes!(outside));
    assert_eq!(faults(rooms), ["GET /things is described but not below /api/"]);
}

#[test]
#[should_panic(expected = "one handler at a time")]
fn several_handlers_cannot_share_a_policy_unseen() {
    let _ = Rooms::new().api(Policy::Public, routes!(things, thing));
}
