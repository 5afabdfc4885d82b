//! What residents read on the public pages: the door, the receipt, the slip.

use cases::case::{self, CaseId, Report};
use kernel::{Command, access::Actor, time::HOUR_MS};
use server::testing::{DISTRICT, TestApp};

use crate::{
    header, sent,
    staff::{Form, GRID, form_to, page},
};

async fn public(app: &TestApp, path: &str) -> String {
    let response = sent(app.get(path).header("accept", "text/html")).await;
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

async fn report(app: &TestApp, form: &Form) -> String {
    let pairs: Vec<_> = form.fields.iter().collect();
    let sent = sent(app.post("/linping/report").header("accept", "text/html").form(&pairs)).await;
    assert_eq!(sent.status(), 303, "{}", sent.text().await.unwrap());
    header(&sent, "location").to_owned()
}

#[tokio::test]
async fn the_door_says_whether_somebody_is_there_right_now_and_when_not_who_comes_next() {
    let app = TestApp::anywhere().await;
    let clock = app.clock.as_ref().unwrap();
    let calendar = app.rules(DISTRICT).directory.calendar.clone();
    let at = |text: &str| calendar.parse_local(text).unwrap();
    clock.set(at("2026-11-26 10:00"));
    let html = public(&app, "/linping/").await;
    assert!(html.contains("现在在") && html.contains("<a class=\"duty\""), "{html}");
    clock.set(at("2026-11-26 22:00"));
    let html = public(&app, "/linping/").await;
    assert!(html.contains("<a class=\"duty off\"") && html.contains("现在没有人值守"), "{html}");
    assert!(html.contains("下一班：明天 9:00，"), "who comes next, and when: {html}");
}

#[tokio::test]
async fn a_receipt_says_each_moment_once_and_a_slip_never_says_today() {
    let app = TestApp::anywhere().await;
    app.clock.as_ref().unwrap().set(app.rules(DISTRICT).directory.calendar.parse_local("2026-11-26 10:00").unwrap());
    let form = form_to(&public(&app, "/linping/report").await, "/linping/report");
    let form = form.with("text", "三幢的门关不上。").with("place", GRID).with("phone", "13800001234");
    let to = report(&app, &form).await;
    let receipt = public(&app, &to).await;
    assert_eq!(receipt.matches("明天 17:00 前").count(), 1, "{receipt}");
    let due = "11 月 27 日 17:00 前";
    assert!(!receipt.contains("11 月 27 日"), "{receipt}");
    let slip = public(&app, &to.replace("/receipt", "/slip")).await;
    let paper = slip.split("<article").nth(1).unwrap().split("</article>").next().unwrap();
    assert_eq!((paper.matches(due).count(), paper.contains("今天")), (1, false), "{paper}");
    assert!(paper.contains("11 月 26 日 10:00"));
}

#[tokio::test]
async fn an_id_that_carries_no_moment_or_a_later_one_gives_way_to_a_new_one() {
    let app = TestApp::anywhere().await;
    let form = form_to(&public(&app, "/linping/report").await, "/linping/report");
    let form = form.with("text", "三幢的门关不上。").with("place", GRID);
    let own: CaseId = form.fields["id"].parse().unwrap();
    let later = kernel::id::uuid_v7(app.app.engine.now().plus_ms(48 * HOUR_MS), &mut kernel::Rng::seeded(1));
    let fourth = "7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned();
    for id in [fourth, later.to_string(), String::new(), own.to_string()] {
        report(&app, &form.clone().with("id", &id)).await;
        let given: Option<CaseId> = id.parse().ok();
        let stored = app.app.engine.read(move |db| Ok(given.map(|id| case::fetch(db, DISTRICT, &id)).transpose()?));
        assert_eq!(stored.await.unwrap().flatten().is_some(), given == Some(own), "{id}");
    }
}

#[tokio::test]
async fn a_queue_that_was_not_counted_to_its_end_says_so() {
    let app = TestApp::anywhere().await;
    let rules = app.rules(DISTRICT);
    let many = |count: usize| {
        let rules = rules.clone();
        app.app.engine.write(Command::new(DISTRICT, "anonymous"), move |tx| {
            for n in 0..count {
                let text = format!("第{n}号门关不上。");
                let report = Report { text, place: Some(GRID.into()), source: "web".into(), ..Report::default() };
                case::report(tx, &rules, &Actor::anonymous(DISTRICT), &report)?;
            }
            Ok(())
        })
    };
    many(499).await.expect("taken in");
    let chief = app.session_for("李点长").await;
    let html = page(&app, "/linping/work?queue=mine", &chief).await;
    assert!(html.contains("499 件") && !html.contains("499+"), "the chief has all of them");
    many(2).await.expect("taken in");
    let html = page(&app, "/linping/work?queue=mine", &chief).await;
    assert!(html.contains("500+ 件"), "more than were looked through");
    let html = page(&app, "/linping/work?queue=to_file", &chief).await;
    assert!(html.contains("501 件"), "what an index counts is counted to its end");
}

#[tokio::test]
async fn a_matter_whose_day_nobody_can_know_yet_says_so_to_the_asker_and_to_the_staff() {
    let app = TestApp::anywhere().await;
    let calendar = app.rules(DISTRICT).directory.calendar.clone();
    let last = calendar.years().expect("a calendar of years").into_iter().max().expect("a year");
    app.clock.as_ref().unwrap().set(calendar.parse_local(&format!("{last}-12-31 16:00")).unwrap());
    let form = form_to(&public(&app, "/linping/report").await, "/linping/report");
    let form = form.with("text", "三幢的门关不上。").with("place", GRID);
    let to = report(&app, &form).await;
    let said = "放假安排还没公布，公布后告诉您哪天答复";
    for path in [to.as_str(), &to.replace("/receipt", "/slip"), &to.replace("/receipt", "")] {
        assert!(public(&app, path).await.contains(said), "{path}");
    }
    let chief = app.session_for("李点长").await;
    let html = page(&app, "/linping/work?queue=to_file", &chief).await;
    assert!(html.contains("等放假安排"), "{html}");
    assert!(
        html.contains(&format!("{} 年的放假安排", last + 1)) && html.contains("许管理员"),
        "and whom to tell: {html}"
    );
    app.clock.as_ref().unwrap().set(calendar.parse_local("2026-06-01 10:00").unwrap());
    let html = page(&app, "/linping/work?queue=to_file", &chief).await;
    assert!(!html.contains("年的放假安排"), "a year that is known needs no notice: {html}");
    app.clock.as_ref().unwrap().set(calendar.parse_local("2026-12-20 10:00").unwrap());
    let html = page(&app, "/linping/work?queue=to_file", &chief).await;
    let notice = "2027 年的放假安排还没公布，算到那一年的日子先按法定节假日定：已经答应的不变，公布以后新定的按安排算。有疑问找许管理员。";
    assert!(html.contains(notice), "a year that is not announced is named: {html}");
}
