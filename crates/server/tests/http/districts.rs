//! Districts change while the server runs.

use kernel::{Command, time::DAY_MS};
use server::testing::{DISTRICT, ELSEWHERE, Setup, TestApp};

async fn bump(app: &TestApp, district: &str) {
    let command = Command::new(district, "system");
    app.app.engine.write(command, |tx| Ok(commons::install::bump(tx)?)).await.expect("counted");
}

#[tokio::test]
async fn a_change_is_seen_at_once_by_its_maker_and_after_a_poll_by_others() {
    let app = TestApp::anywhere().await;
    let version = || app.rules(DISTRICT).directory.version;
    let before = version();
    bump(&app, DISTRICT).await;
    assert_eq!(version(), before, "nobody told this process");
    app.app.districts.refresh(&app.app.engine, DISTRICT).await.unwrap();
    assert_eq!(version(), before + 1);
    bump(&app, DISTRICT).await;
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert_eq!(version(), before + 2);
}

#[tokio::test]
async fn what_did_not_change_is_not_built_again_and_a_new_day_builds_all() {
    let app = Setup { districts: vec![DISTRICT.into(), ELSEWHERE.into()], ..Setup::default() }.anywhere().await;
    let (here, there) = (app.rules(DISTRICT), app.rules(ELSEWHERE));
    bump(&app, DISTRICT).await;
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&here, &app.rules(DISTRICT)));
    assert!(std::sync::Arc::ptr_eq(&there, &app.rules(ELSEWHERE)), "the neighbour stands");
    app.clock.as_ref().unwrap().advance_ms(DAY_MS);
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&there, &app.rules(ELSEWHERE)), "terms begin and end with days");
}

#[tokio::test]
async fn districts_are_listed_in_the_order_in_which_they_were_enabled() {
    let app = Setup { districts: vec!["zebra".into(), "apple".into()], ..Setup::default() }.anywhere().await;
    assert_eq!(app.app.districts.ids(), ["apple", "zebra"], "the same moment: by name");
    let pack = app.app.districts.pack(DISTRICT).unwrap();
    app.clock.as_ref().unwrap().advance_ms(1);
    app.app
        .engine
        .write(Command::new("aardvark", "system"), move |tx| commons::install::install(tx, &pack))
        .await
        .unwrap();
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert_eq!(app.app.districts.ids(), ["apple", "zebra", "aardvark"]);
    assert_eq!(app.app.districts.list().len(), 3);
}

#[tokio::test]
async fn a_district_whose_pack_is_missing_does_not_keep_the_others_from_being_served() {
    let app = TestApp::anywhere().await;
    let mut pack = (*app.app.districts.pack(DISTRICT).unwrap()).clone();
    pack.meta.id = "lost".into();
    app.app.engine.write(Command::new("aaa", "system"), move |tx| commons::install::install(tx, &pack)).await.unwrap();
    bump(&app, DISTRICT).await;
    let before = app.rules(DISTRICT).directory.version;
    let refusal = app.app.districts.poll(&app.app.engine).await.expect_err("one has a fault");
    assert_eq!(refusal.kind.code, "500.1");
    assert_eq!(app.rules(DISTRICT).directory.version, before + 1);
    assert!(app.app.districts.get("aaa").is_none());
}

#[tokio::test]
async fn districts_are_built_on_postgres_too() {
    let Some(app) = TestApp::postgres().await else { return };
    let version = || app.rules(DISTRICT).directory.version;
    let before = version();
    bump(&app, DISTRICT).await;
    app.app.districts.poll(&app.app.engine).await.unwrap();
    assert_eq!(version(), before + 1);
}
