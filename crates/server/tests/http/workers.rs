//! What happens by itself.

use cases::case::{self, Report, Reported};
use kernel::{
    Command,
    access::Actor,
    time::{DAY_MS, HOUR_MS},
};
use server::{
    messages,
    testing::{DISTRICT, Setup, TestApp},
    workers::{self, Tally, Tidied},
};

use crate::sent;

async fn report(app: &TestApp, echo: &str) -> Reported {
    let (rules, echo) = (app.rules(DISTRICT), echo.to_owned());
    let place = rules.directory.places.values().find(|p| p.level == "grid").expect("a grid").code.clone();
    let report = Report {
        text: "路灯不亮".into(),
        place: Some(place),
        name: Some("李女士".into()),
        phone: Some("199 0000 9999".into()),
        source: "web".into(),
        echo: Some(echo),
        ..Report::default()
    };
    let write = app.app.engine.write(Command::new(DISTRICT, "anonymous"), move |tx| {
        case::report(tx, &rules, &Actor::anonymous(DISTRICT), &report)
    });
    write.await.expect("taken in").value
}

/// The channels in which askers wait to be told by somebody who may tell everywhere.
async fn by_hand(app: &TestApp) -> Vec<String> {
    let rules = app.rules(DISTRICT);
    let (_, person) = app.holder(DISTRICT, "district_dispatcher");
    let (actor, engine) = (rules.directory.actor(&person, None, app.app.engine.now()), app.app.engine.clone());
    let page = app.app.engine.read(move |db| messages::page(db, engine.keys(), &rules, &actor, None)).await.unwrap();
    page.rows.into_iter().flat_map(|row| row.sayings).map(|saying| saying.channel).collect()
}

#[tokio::test]
async fn nothing_is_due_in_a_quiet_house() {
    let app = TestApp::anywhere().await;
    assert_eq!(app.tick().await, Tally::default());
    assert_eq!(workers::next_due(&app.app).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_shown_on_a_page_is_sent_by_being_there_and_calls_wait_for_somebody() {
    let app = TestApp::anywhere().await;
    report(&app, "page").await;
    let tally = app.tick().await;
    assert!(tally.messages >= 1 && tally.failed == 0, "{tally:?}");
    assert_eq!(by_hand(&app).await, Vec::<String>::new());
    report(&app, "call").await;
    app.tick().await;
    assert_eq!(by_hand(&app).await, ["call"]);
    assert_eq!(app.tick().await.messages, 0, "it is put down once");
    workers::upkeep(&app.app).await.unwrap();
    let text = sent(app.get("/metrics")).await.text().await.unwrap();
    assert!(text.contains("doorstep_messages_by_hand{district=\"linping\"} 1"), "{text}");
}

#[tokio::test]
async fn a_demonstration_pretends_that_texts_left_and_leaves_calls_to_people() {
    let mut setup = Setup::default();
    setup.config.demo = true;
    let app = setup.anywhere().await;
    report(&app, "sms").await;
    assert!(app.tick().await.messages >= 1);
    assert_eq!(by_hand(&app).await, Vec::<String>::new());
    report(&app, "call").await;
    app.tick().await;
    assert_eq!(by_hand(&app).await, ["call"]);
}

#[tokio::test]
async fn a_matter_that_nobody_takes_up_is_late_and_climbs_when_its_clock_runs_out() {
    let app = TestApp::anywhere().await;
    let reported = report(&app, "page").await;
    let id = reported.id;
    let now = async || {
        app.app.engine.read(move |db| Ok(case::fetch(db, DISTRICT, &id)?.expect("it is there"))).await.unwrap()
    };
    let before = now().await;
    let due = before.next_due().expect("a clock runs");
    app.pass_until(due.plus_ms(-HOUR_MS)).await;
    assert_eq!(now().await.version, before.version, "not before it is due");
    app.pass_until(due.plus_ms(DAY_MS)).await;
    let after = now().await;
    assert!(after.overdue, "{after:?}");
    assert_ne!(after.owner_place, before.owner_place, "somebody above has it now");
}

#[tokio::test]
async fn what_has_served_its_time_goes_and_nothing_else() {
    let app = TestApp::anywhere().await;
    app.session_of_post("grid_officer").await;
    report(&app, "page").await;
    report(&app, "call").await;
    let sent_now = app.tick().await.messages;
    let clock = app.clock.as_ref().unwrap();
    assert_eq!(workers::tidy(&app.app).await.unwrap(), Tidied::default());
    clock.advance_ms(30 * DAY_MS);
    let kept = app.session_of_post("grid_officer").await;
    assert_eq!(workers::tidy(&app.app).await.unwrap(), Tidied { sessions: 1, ..Tidied::default() });
    assert_eq!(sent(app.get("/api/v1/problems").bearer_auth(&kept)).await.status(), 200);
    clock.advance_ms(335 * DAY_MS);
    let tidied = workers::tidy(&app.app).await.unwrap();
    assert_eq!(tidied.messages, u64::try_from(sent_now).unwrap() - 1, "all but the call that nobody made");
    assert_eq!(by_hand(&app).await.len(), 1);
}

#[tokio::test]
async fn timers_fire_on_postgres_too() {
    let Some(app) = TestApp::postgres().await else { return };
    let due = report(&app, "call").await.due_at.expect("a clock runs");
    app.pass_until(due.plus_ms(HOUR_MS)).await;
    assert!(by_hand(&app).await.iter().all(|channel| channel == "call") && !by_hand(&app).await.is_empty());
    let id = workers::next_due(&app.app).await.unwrap();
    assert!(id.is_some_and(|next| next > due), "the clock was set again");
}

#[tokio::test]
async fn a_told_server_finishes_what_is_under_way_and_ends() {
    let app = TestApp::anywhere().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(server::serve_until(app.app.clone(), listener, async move {
        ended.await.ok();
    }));
    let answer = app.client.get(format!("{base}/healthz")).send().await.expect("it serves");
    assert_eq!(answer.status(), 200);
    drop(answer);
    end.send(()).unwrap();
    server.await.unwrap().expect("an orderly end");
    assert!(app.client.get(format!("{base}/healthz")).send().await.is_err(), "nobody listens any more");
}
