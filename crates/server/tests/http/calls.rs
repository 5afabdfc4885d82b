//! Telling askers by phone or by hand: who waits, what is said, who looked at a number.

use server::testing::TestApp;

use crate::{
    code, header, sent,
    staff::{Form, GRID, HANDLER, OFFICER, SECRETARY, form_to, forms, move_form, page},
};

const LIST: &str = "/linping/work/calls";
/// The number as it was typed, and as it is shown once it is opened.
const NUMBER: (&str, &str) = ("13800005678", "138 0000 5678");

/// Writes a matter down for somebody who wants to hear in a way; gives its look-up code.
async fn written_down(app: &TestApp, officer: &str, text: &str, echo: &str) -> String {
    let form = form_to(&page(app, "/linping/intake", officer).await, "/linping/intake");
    let form =
        form.with("place", GRID).with("source", "phone").with("echo", echo).with("text", text).with("name", "赵秀兰");
    let receipt = form.with("phone", NUMBER.0).done(app, officer).await;
    app.tick().await;
    receipt.split("/linping/c/").nth(1).expect("a link to the case").split(['/', '"']).next().unwrap().to_owned()
}

/// The forms of the first row: opening the number, told, not reached.
fn first_row(html: &str) -> (Form, Form, Form) {
    let of = |form: &&Form| form.action.starts_with("/linping/work/calls/");
    let all = forms(html);
    let rows: Vec<&Form> = all.iter().filter(of).collect();
    let number = rows.iter().find(|form| form.action.ends_with("/number")).expect("a number to open");
    let told: Vec<&&Form> = rows.iter().filter(|form| form.fields.contains_key("message")).collect();
    ((*number).clone(), (*told[0]).clone(), (*told[1]).clone())
}

async fn public(app: &TestApp, code: &str) -> String {
    sent(app.get(&format!("/linping/c/{code}")).header("accept", "text/html")).await.text().await.unwrap()
}

#[tokio::test]
async fn who_wants_a_call_waits_in_the_list_with_what_to_say_until_somebody_told_them() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let empty = page(&app, LIST, &officer).await;
    assert!(empty.contains("现在没有等着告知的人") && empty.contains("0 件"));
    let code = written_down(&app, &officer, "楼道灯坏了，老人下楼看不见。", "call").await;
    written_down(&app, &officer, "网上看得到就行。", "none").await;
    assert!(page(&app, "/linping/work", &officer).await.contains("待告知 <b>1</b>"), "the tools say how many wait");
    let html = page(&app, LIST, &officer).await;
    assert!(html.contains("楼道灯坏了") && html.contains("1 件"), "{html}");
    assert!(!html.contains("网上看得到就行"), "whoever wants no word gets none");
    assert!(html.contains("您说的事已收到") && html.contains("打电话"), "what to say and how");
    assert!(html.contains("赵**（138****5678）") || html.contains("赵*（138****5678）"), "masked");
    assert!(!html.contains(NUMBER.0) && !html.contains(NUMBER.1) && !html.contains("赵秀兰"), "and only masked");
    let (_, told, _) = first_row(&html);
    let after = told.done(&app, &officer).await;
    assert!(after.contains("记下了：已经告诉本人") && after.contains("现在没有等着告知的人"));
    let again = told.done(&app, &officer).await;
    assert!(again.contains("刚才已经记过了"), "a second press changes nothing");
    assert!(!public(&app, &code).await.contains("谁看过您的电话"), "nobody looked at the number");
}

#[tokio::test]
async fn a_number_opens_for_one_call_and_the_person_sees_who_looked_and_why() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    written_down(&app, &officer, "第一件：楼道灯坏了。", "call").await;
    app.clock.as_ref().unwrap().advance_ms(60_000);
    let code = written_down(&app, &officer, "第二件：门关不上。", "call").await;
    let html = page(&app, LIST, &officer).await;
    let second = forms(&html).into_iter().filter(|form| form.action.ends_with("/number")).nth(1).expect("two wait");
    let response = second.send(&app, &officer).await;
    assert_eq!((response.status().as_u16(), header(&response, "cache-control")), (200, "no-store"));
    let opened = response.text().await.unwrap();
    assert!(opened.contains(NUMBER.1) && opened.contains(&format!("tel:{}", NUMBER.0)));
    assert_eq!(opened.matches(NUMBER.1).count(), 2, "one number, written and read aloud");
    assert!(opened.find("第二件").unwrap() < opened.find("第一件").unwrap(), "who is called stands on top");
    assert!(!page(&app, LIST, &officer).await.contains(NUMBER.1), "the next look at the list shows it no more");
    let shown = public(&app, &code).await;
    assert!(shown.contains("谁看过您的电话") && shown.contains(&format!("{OFFICER}，打电话告诉您进展")), "{shown}");
}

#[tokio::test]
async fn who_was_not_reached_goes_to_the_end_with_the_reason() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    written_down(&app, &officer, "第一件：楼道灯坏了。", "call").await;
    app.clock.as_ref().unwrap().advance_ms(60_000);
    written_down(&app, &officer, "第二件：门关不上。", "call").await;
    app.clock.as_ref().unwrap().advance_ms(60_000);
    let html = page(&app, LIST, &officer).await;
    assert!(html.find("第一件").unwrap() < html.find("第二件").unwrap(), "who waits longest comes first");
    let (_, _, not) = first_row(&html);
    let refused = not.clone().with("hindrance", "did_not_feel_like_it").send(&app, &officer).await;
    assert_eq!(refused.status(), 400);
    let after = not.with("hindrance", "no_answer").done(&app, &officer).await;
    assert!(after.contains("排到了最后") && after.contains(&format!("{OFFICER}：没人接")), "{after}");
    assert!(after.find("第二件").unwrap() < after.find("第一件").unwrap());
    let secretary = app.session_for(SECRETARY).await;
    let html = page(&app, LIST, &secretary).await;
    assert!(html.contains(&format!("{OFFICER}：没人接")), "colleagues see what was tried");
    let entries = app.app.engine.read(|db| Ok(kernel::journal::page(db, "linping", 0, 200)?)).await.unwrap();
    let tried: Vec<_> = entries.iter().filter(|entry| entry.act == "message.not_reached").collect();
    assert!(tried.len() == 1 && tried[0].data.contains("no_answer") && !tried[0].data.contains("138"), "{tried:?}");
}

#[tokio::test]
async fn everything_that_waits_about_a_matter_is_told_in_one_call_and_what_came_since_is_not() {
    let app = TestApp::anywhere().await;
    let (officer, secretary) = (app.session_for(OFFICER).await, app.session_for(SECRETARY).await);
    written_down(&app, &officer, "楼道灯坏了。", "call").await;
    let list = page(&app, "/linping/work?queue=to_file", &secretary).await;
    let item =
        list.split("href=\"/linping/work/0").nth(1).map(|rest| rest.split(['?', '"']).next().unwrap().to_owned());
    let item = format!("/linping/work/0{}", item.expect("the item"));
    let early = page(&app, LIST, &officer).await;
    move_form(&page(&app, &item, &secretary).await, "file").done(&app, &secretary).await;
    app.tick().await;
    let both = page(&app, LIST, &officer).await;
    assert!(both.contains("1 件"), "one matter, one call");
    let messages = |html: &str| html.matches("name=\"message\"").count() / 2;
    assert_eq!((messages(&early), messages(&both)), (1, 2));
    let (_, told, _) = first_row(&early);
    let after = told.done(&app, &officer).await;
    assert_eq!(messages(&after), 1, "what was written after the page was opened still waits");
}

#[tokio::test]
async fn a_number_is_opened_only_where_one_tells_and_only_while_something_waits() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    written_down(&app, &officer, "楼道灯坏了。", "call").await;
    let (number, told, _) = first_row(&page(&app, LIST, &officer).await);
    let rules = app.rules("linping");
    let elsewhere = rules.directory.place_named("330113007007002").unwrap().id;
    let now = app.app.engine.now();
    let other = rules.directory.holders(&elsewhere, now).into_iter().find(|h| h.post == "grid_officer").unwrap().person;
    let other = app.session_of("linping", other).await;
    assert!(!page(&app, LIST, &other).await.contains("楼道灯坏了"), "another grid's matters are not theirs to tell");
    let request = |path: &str, token: &str| app.post(path).header("accept", "application/json").bearer_auth(token);
    assert_eq!(code(request(&number.action, &other)).await, "404.1");
    let pairs: Vec<_> = told.fields.iter().collect();
    assert_eq!(code(request(&told.action, &other).form(&pairs)).await, "404.1");
    let handler = app.session_for(HANDLER).await;
    assert_eq!(code(request(&number.action, &handler)).await, "403.1");
    told.done(&app, &officer).await;
    assert_eq!(code(request(&number.action, &officer)).await, "404.1", "nothing waits: no reason to call");
    assert_eq!(code(request(&told.action, &officer).form(&[("key", "k")])).await, "400.2", "told what?");
}

#[tokio::test]
async fn whoever_had_a_hand_in_the_work_leaves_the_telling_to_somebody_else() {
    let app = TestApp::anywhere().await;
    let (officer, secretary) = (app.session_for(OFFICER).await, app.session_for(SECRETARY).await);
    let lookup = written_down(&app, &secretary, "楼道灯坏了。", "call").await;
    let (number, told, _) = first_row(&page(&app, LIST, &officer).await);
    let list = page(&app, "/linping/work?queue=to_file", &officer).await;
    let item =
        list.split("href=\"/linping/work/0").nth(1).map(|rest| rest.split(['?', '"']).next().unwrap().to_owned());
    let item = format!("/linping/work/0{}", item.expect("the item"));
    let answered = move_form(&page(&app, &item, &officer).await, "answer_now").with("answer", "当场换了灯泡。");
    answered.done(&app, &officer).await;
    let html = page(&app, LIST, &officer).await;
    assert!(html.contains("请没有经手的同事来告知"), "the row says why");
    assert!(!html.contains(&lookup) && !html.contains("您说的事已收到"), "nor does it show the code in the words");
    let request = |path: &str| app.post(path).header("accept", "application/json").bearer_auth(&officer);
    assert_eq!(code(request(&number.action)).await, "403.3");
    let pairs: Vec<_> = told.fields.iter().collect();
    assert_eq!(code(request(&told.action).form(&pairs)).await, "403.3");
    assert!(page(&app, LIST, &secretary).await.contains("您说的事已收到"), "the secretary reads the words and calls");
}

#[tokio::test]
async fn a_long_list_of_people_to_tell_comes_page_by_page_and_leaves_nobody_out() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    for n in 0..33 {
        let body = serde_json::json!({ "text": format!("第{n}号灯坏了。"), "place": GRID, "echo": "call",
            "contact": { "name": "赵秀兰", "phone": format!("1380000{n:04}") } });
        assert_eq!(sent(app.post("/api/v1/linping/cases").json(&body)).await.status(), 201);
    }
    app.tick().await;
    let html = page(&app, LIST, &officer).await;
    assert!(html.contains("33 件"));
    let rows = |html: &str| html.matches("class=\"box call\"").count();
    assert_eq!(rows(&html), 30);
    let more = html
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|href| href.contains("after=") && !href.contains("lang=") && !href.contains("size="));
    let rest = page(&app, more.expect("a next page"), &officer).await;
    assert_eq!(rows(&rest), 3);
    let all = html + &rest;
    assert!((0..33).all(|n| all.contains(&format!("第{n}号灯坏了"))));
    let wrong = app.get("/linping/work/calls?after=x").header("accept", "application/json").bearer_auth(&officer);
    assert_eq!(code(wrong).await, "400.2");
}
