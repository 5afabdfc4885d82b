//! Staff move cases and tasks through the forms of the work list.

use serde_json::{Value, json};
use server::testing::TestApp;

use crate::{
    header, sent,
    staff::{GRID, HANDLER, OFFICER, SECRETARY, item, move_form, moves, option, page, reported},
};

const DOOR: &str = "三幢的单元门关不上，风一吹砰砰响。";

#[tokio::test]
async fn an_officer_takes_a_case_on_and_hands_it_over_through_the_forms() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let officer = app.session_for(OFFICER).await;
    let list = page(&app, "/linping/work?queue=to_file", &officer).await;
    assert!(list.contains("三幢的单元门关不上"), "the new case stands in the queue");
    let html = page(&app, &item(&case), &officer).await;
    assert!(html.contains("孙**") || html.contains("孙*"), "the asker is there, masked");
    assert!(!html.contains("孙秀英") && !html.contains("13800001234"), "and only masked");
    let form = move_form(&html, "file_dispatch");
    assert_eq!(form.fields["body"], option(&html, "悦贤里物业"), "the duty list's body is chosen beforehand");
    let after = form.done(&app, &officer).await;
    assert!(after.contains("受理并交办") && after.contains("办理中"), "the flash and the state say so");
    assert!(after.contains("悦贤里物业在办"), "whose turn it is");
    assert!(!moves(&after).contains(&"finish".to_owned()), "nobody ends what a body still works on");

    let handler = app.session_for(HANDLER).await;
    assert!(page(&app, "/linping/work?queue=mine", &handler).await.contains("三幢的单元门关不上"));
    let html = page(&app, &item(&case), &handler).await;
    let html = move_form(&html, "acknowledge").done(&app, &handler).await;
    let after = move_form(&html, "done").with("answer", "门换了合页，关得上了。").done(&app, &handler).await;
    assert!(after.contains("核验中"), "the last part done leads to the check");
    assert!(moves(&after).is_empty(), "whoever did it checks nothing: {:?}", moves(&after));

    let html = page(&app, &item(&case), &officer).await;
    let after = move_form(&html, "pass").with("basis", "到现场开关了十次。").done(&app, &officer).await;
    assert!(after.contains("待您评价"));
    let after = move_form(&after, "solved").with("solved", "yes").with("satisfied", "满意").done(&app, &officer).await;
    assert!(after.contains("已办结"), "the officer wrote the asker's word down");
}

#[tokio::test]
async fn a_stale_form_shows_what_changed_and_keeps_what_was_typed() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let (officer, secretary) = (app.session_for(OFFICER).await, app.session_for(SECRETARY).await);
    let opened = page(&app, &item(&case), &secretary).await;
    let early = page(&app, &item(&case), &officer).await;
    app.clock.as_ref().unwrap().advance_ms(60_000);
    move_form(&early, "file").done(&app, &officer).await;
    let typed = move_form(&opened, "decline").with("reason", "这是供电公司的线").with("answer", "请打 95598");
    let late = typed.send(&app, &secretary).await;
    assert_eq!(late.status(), 409);
    let html = late.text().await.unwrap();
    assert!(
        html.contains("这件事刚刚有变化") && html.contains(OFFICER) && html.contains("已经接下来了"),
        "who was faster with what"
    );
    let again = move_form(&html, "decline");
    assert_eq!(again.fields["reason"], "这是供电公司的线");
    assert_eq!(again.fields["answer"], "请打 95598");
    assert_eq!(again.fields["version"], "2", "on the version that stands");
    assert_ne!(again.fields["key"], typed.fields["key"]);
    assert!(again.done(&app, &secretary).await.contains("已告知去处"));
    let gone = typed.send(&app, &secretary).await;
    assert_eq!(gone.status(), 409);
    assert!(!moves(&gone.text().await.unwrap()).contains(&"decline".to_owned()), "what is done needs no second time");
}

#[tokio::test]
async fn what_was_taken_on_meanwhile_can_still_be_handed_over() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let (officer, secretary) = (app.session_for(OFFICER).await, app.session_for(SECRETARY).await);
    let both = move_form(&page(&app, &item(&case), &secretary).await, "file_dispatch");
    move_form(&page(&app, &item(&case), &officer).await, "file").done(&app, &officer).await;
    let late = both.send(&app, &secretary).await;
    assert_eq!(late.status(), 409);
    let html = late.text().await.unwrap();
    let rest = move_form(&html, "dispatch");
    assert_eq!(rest.fields["body"], both.fields["body"], "the chosen body stays chosen");
    assert!(rest.done(&app, &secretary).await.contains("办理中"));
}

#[tokio::test]
async fn a_repeated_post_changes_nothing() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let officer = app.session_for(OFFICER).await;
    let form = move_form(&page(&app, &item(&case), &officer).await, "file_dispatch");
    form.done(&app, &officer).await;
    let version = |html: &str| move_form(html, "escalate").fields["version"].clone();
    let before = version(&page(&app, &item(&case), &officer).await);
    let again = form.send(&app, &officer).await;
    assert_eq!(again.status(), 303);
    let html = page(&app, header(&again, "location"), &officer).await;
    assert!(html.contains("刚才已经记过了"), "it is said that nothing happened twice");
    assert_eq!(version(&html), before);
    let other = form.with("body", "周网格员").send(&app, &officer).await;
    assert_eq!(other.status(), 409, "the same key with other content is refused");
}

#[tokio::test]
async fn a_handler_only_sees_the_tasks_of_the_own_body() {
    let app = TestApp::anywhere().await;
    let (mine, other) = (reported(&app, DOOR).await, reported(&app, "五幢的灯不亮。").await);
    let officer = app.session_for(OFFICER).await;
    move_form(&page(&app, &item(&mine), &officer).await, "file_dispatch").done(&app, &officer).await;
    let handler = app.session_for(HANDLER).await;
    for queue in ["mine", "all", "to_file"] {
        let html = page(&app, &format!("/linping/work?queue={queue}"), &handler).await;
        assert!(!html.contains("五幢的灯"), "{queue}");
    }
    let unseen = sent(app.get(&item(&other)).header("accept", "text/html").bearer_auth(&handler)).await;
    assert_eq!(unseen.status(), 404, "what is not theirs is not there");
    let own = page(&app, &item(&mine), &handler).await;
    assert!(!own.contains("/linping/c/"), "a handler never gets the look-up code: with it one speaks as the asker");
    let stranger = app.session_for("尹物业管家").await;
    let unseen = sent(app.get(&item(&mine)).header("accept", "text/html").bearer_auth(&stranger)).await;
    assert_eq!(unseen.status(), 404, "another body's handler sees nothing of it");
    let form = move_form(&own, "acknowledge");
    assert_eq!(form.send(&app, &stranger).await.status(), 404, "and can't move it either");
}

#[tokio::test]
async fn a_move_that_lacks_something_comes_back_with_the_fault_at_its_field() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let secretary = app.session_for(SECRETARY).await;
    let html = page(&app, &item(&case), &secretary).await;
    let refused =
        move_form(&html, "decline").with("reason", "").with("answer", "请打 95598").send(&app, &secretary).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    assert!(html.contains("-reason-fault\"") && html.contains("这里要写。"), "the fault stands at its field");
    assert!(html.contains("还没有记下“告知去处”"), "and the top of the page says so");
    assert_eq!(move_form(&html, "decline").fields["answer"], "请打 95598", "what was typed stays");
    let refused = move_form(&html, "merge").with("into", "LP-000000-XXXX").send(&app, &secretary).await;
    assert_eq!(refused.status(), 404);
    let html = refused.text().await.unwrap();
    assert!(html.contains("没有找到这个编号"));
    assert_eq!(move_form(&html, "merge").fields["into"], "LP-000000-XXXX");
    move_form(&html, "file").done(&app, &secretary).await;
    let html = page(&app, &item(&case), &secretary).await;
    let refused =
        move_form(&html, "hold").with("reason", "等雨停").with("until", "2020-01-01").send(&app, &secretary).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("-until-fault\""));
}

#[tokio::test]
async fn a_move_that_is_not_theirs_is_neither_offered_nor_made() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let head = app.session_for("冯楼道长").await;
    let html = page(&app, &item(&case), &head).await;
    assert!(moves(&html).is_empty(), "a stairwell head looks and does not decide: {:?}", moves(&html));
    let officer = app.session_for(OFFICER).await;
    let form = move_form(&page(&app, &item(&case), &officer).await, "file");
    assert_eq!(form.send(&app, &head).await.status(), 403);
    let elsewhere = app.session_for("沈网格员").await;
    assert_eq!(form.send(&app, &elsewhere).await.status(), 403, "nor is it another community's officer's");
}

#[tokio::test]
async fn a_case_back_from_its_body_waits_for_a_ruling_at_the_desk() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let (officer, handler, desk) =
        (app.session_for(OFFICER).await, app.session_for(HANDLER).await, app.session_for("孙调度").await);
    move_form(&page(&app, &item(&case), &officer).await, "file_dispatch").done(&app, &officer).await;
    let html = page(&app, &item(&case), &handler).await;
    move_form(&html, "return")
        .with("reason", "门是业主自己装的")
        .with("basis", "物业合同第 7 条")
        .send(&app, &handler)
        .await;
    let queue = page(&app, "/linping/work?queue=to_rule", &desk).await;
    assert!(queue.contains("三幢的单元门关不上"), "it stands among what is to be ruled on");
    let html = page(&app, &item(&case), &desk).await;
    assert!(html.contains("物业合同第 7 条"), "with the basis of the return");
    let after = move_form(&html, "adjudicate")
        .with("body", &option(&html, "悦贤里业主委员会"))
        .with("basis", "权责清单：业主共有部分")
        .done(&app, &desk)
        .await;
    assert!(after.contains("悦贤里业主委员会"));
    assert!(!page(&app, "/linping/work?queue=to_rule", &desk).await.contains("三幢的单元门关不上"));
}

#[tokio::test]
async fn a_photo_of_the_work_is_shown_to_those_who_may_see_the_case_only() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, DOOR).await;
    let (officer, handler) = (app.session_for(OFFICER).await, app.session_for(HANDLER).await);
    move_form(&page(&app, &item(&case), &officer).await, "file_dispatch").done(&app, &officer).await;
    let form = move_form(&page(&app, &item(&case), &handler).await, "done");
    let mut parts = reqwest::multipart::Form::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| *name != "answer") {
        parts = parts.text(name.clone(), value.clone());
    }
    let file =
        |bytes: Vec<u8>| reqwest::multipart::Part::bytes(bytes).file_name("a.png").mime_str("image/png").unwrap();
    let broken = parts.text("answer", "换好了").part("evidence", file(b"no picture".to_vec()));
    let refused =
        sent(app.post(&form.action).header("accept", "text/html").bearer_auth(&handler).multipart(broken)).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    assert!(html.contains("-evidence-fault\""), "a file that is no photo is a fault of its field");
    let form = move_form(&html, "done");
    assert_eq!(form.fields["answer"], "换好了", "what was typed stays");
    let mut parts = reqwest::multipart::Form::new();
    for (name, value) in &form.fields {
        parts = parts.text(name.clone(), value.clone());
    }
    let sent_in = sent(
        app.post(&form.action)
            .header("accept", "text/html")
            .bearer_auth(&handler)
            .multipart(parts.part("evidence", file(png()))),
    )
    .await;
    assert_eq!(sent_in.status(), 303, "{}", sent_in.text().await.unwrap());
    let html = page(&app, &item(&case), &officer).await;
    let start = html.find(&format!("{}/photos/", item(&case))).expect("the photo is linked");
    let path = html[start..].split(['"', '?']).next().unwrap().to_owned();
    let photo = sent(app.get(&path).bearer_auth(&officer)).await;
    assert_eq!((photo.status().as_u16(), header(&photo, "content-type")), (200, "image/jpeg"));
    let stranger = app.session_for("尹物业管家").await;
    assert_eq!(sent(app.get(&path).bearer_auth(&stranger)).await.status(), 404);
    assert_eq!(sent(app.get(&path)).await.status(), 401);
}

/// A picture of 8 × 8 points.
fn png() -> Vec<u8> {
    data_encoding::BASE64
        .decode(b"iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGO44GCAFTEMLQkAaplQARqfGIQAAAAASUVORK5CYII=")
        .expect("a picture")
}

#[tokio::test]
async fn a_report_without_an_item_is_proposed_one_with_its_words_and_a_person_chooses() {
    let app = TestApp::anywhere().await;
    let body =
        json!({ "text": "桥头的井盖不见了", "place": GRID, "contact": { "name": "孙秀英", "phone": "13800001234" } });
    let case: Value = sent(app.post("/api/v1/linping/cases").json(&body)).await.json().await.unwrap();
    let officer = app.session_for(OFFICER).await;
    let html = page(&app, &item(&case), &officer).await;
    assert!(html.contains("建议（话里有“井盖”）"), "the proposal stands first, with its words");
    let form = move_form(&html, "file");
    let path = format!("/api/v1/linping/cases/{}", case["id"].as_str().unwrap());
    let seen = || async { sent(app.get(&path).bearer_auth(&officer)).await.json::<Value>().await.unwrap() };
    let before = seen().await;
    assert_eq!((&before["item_says"], &before["proposed_item"]["item"]), (&json!("其他"), &json!("manhole")));
    assert_eq!(before["proposed_item"]["because"], "井盖");
    // Nothing is taken over that nobody chose.
    form.done(&app, &officer).await;
    assert_eq!(seen().await["item_says"], "其他");
    let html = page(&app, &item(&case), &officer).await;
    move_form(&html, "dispatch").with("item", "manhole").done(&app, &officer).await;
    let after = seen().await;
    assert_eq!((&after["item_says"], &after["proposed_item"]), (&json!("井盖缺损"), &Value::Null));
}
