//! The officer's other doors: writing down for somebody, visits, meetings, figures, queues.

use std::collections::BTreeMap;

use server::testing::TestApp;

use crate::{
    header, sent,
    staff::{GRID, OFFICER, SECRETARY, form_to, forms, item, move_form, option, page, post, reported},
};

#[tokio::test]
async fn what_is_written_down_for_somebody_gives_a_receipt_with_a_code() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let form = form_to(&page(&app, "/linping/intake", &officer).await, "/linping/intake");
    assert_eq!(form.fields["place"], GRID, "the officer's own grid is chosen beforehand");
    let form = form
        .with("source", "phone")
        .with("text", "楼道灯坏了，老人下楼看不见。")
        .with("name", "赵秀兰")
        .with("phone", "138 0000 5678");
    let receipt = form.done(&app, &officer).await;
    let code =
        receipt.split("/linping/c/").nth(1).expect("a link to the case").split(['/', '"']).next().unwrap().to_owned();
    assert!(receipt.contains(&code) && receipt.contains("/slip"), "the code and the slip");
    assert!(receipt.contains("/linping/intake"), "and the way to the next one");
    assert!(!receipt.contains("5678") || receipt.contains("138****5678"), "the phone only masked");
    let public = sent(app.get(&format!("/linping/c/{code}")).header("accept", "text/html")).await.text().await.unwrap();
    assert!(
        public.contains("楼道灯坏了") && public.contains(OFFICER),
        "whoever holds the slip reads who wrote it down"
    );
    let again = form.send(&app, &officer).await;
    assert_eq!(again.status(), 303);
    assert!(header(&again, "location").contains(&code), "the same form twice is one case");
    let list = page(&app, "/linping/work?queue=to_file", &officer).await;
    assert_eq!(list.matches("楼道灯坏了").count(), 1);
}

#[tokio::test]
async fn a_form_with_faults_says_them_at_its_fields_and_keeps_the_rest() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let form = form_to(&page(&app, "/linping/intake", &officer).await, "/linping/intake");
    let refused = form
        .with("source", "paper")
        .with("echo", "call")
        .with("text", "")
        .with("name", "赵秀兰")
        .send(&app, &officer)
        .await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    for field in ["text", "phone"] {
        assert!(html.contains(&format!("id=\"f-{field}-fault\"")), "{field}");
    }
    let kept = form_to(&html, "/linping/intake");
    assert_eq!((kept.fields["name"].as_str(), kept.fields["source"].as_str()), ("赵秀兰", "paper"));
    let form = form_to(&page(&app, "/linping/visits", &officer).await, "/linping/visits");
    let refused = form.with("person", "李女士").with("heard", "").send(&app, &officer).await;
    assert_eq!(refused.status(), 422);
    let html = refused.text().await.unwrap();
    for field in ["consent", "heard"] {
        assert!(html.contains(&format!("id=\"f-{field}-fault\"")), "{field}");
    }
    assert_eq!(form_to(&html, "/linping/visits").fields["person"], "李女士");
}

#[tokio::test]
async fn whoever_cannot_say_where_is_heard_where_the_officer_is() {
    let app = TestApp::sqlite().await;
    let secretary = app.session_for(SECRETARY).await;
    let form = form_to(&page(&app, "/linping/intake", &secretary).await, "/linping/intake");
    assert_eq!(form.fields["place"], "", "a community has several grids");
    form.with("text", "路上有个坑，说不清在哪条路。").with("echo", "none").done(&app, &secretary).await;
    let list = page(&app, "/linping/work?queue=to_file", &secretary).await;
    assert!(list.contains("路上有个坑") && list.contains("龙腾社区"));
}

#[tokio::test]
async fn a_visit_opens_a_case_or_is_just_noted() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    let blank = form_to(&page(&app, "/linping/visits", &officer).await, "/linping/visits");
    let noted = blank.clone().with("heard", "都好，聊了聊家常。").done(&app, &officer).await;
    assert!(noted.contains("这次走访记下了") && noted.contains("都好，聊了聊家常。"));
    assert!(!page(&app, "/linping/work?queue=all", &officer).await.contains("都好"), "a visit alone is no case");
    let form = form_to(&noted, "/linping/visits");
    assert_ne!(form.fields["id"], blank.fields["id"], "the next visit is another one");
    let form = form
        .with("room", "三幢 401")
        .with("person", "李女士")
        .with("consent", "yes")
        .with("heard", "坡道没有雨棚，下雨推车滑。")
        .with("opens", "case");
    let opened = form.done(&app, &officer).await;
    assert!(opened.contains("回执码"), "the officer hands the code over");
    assert!(page(&app, "/linping/work?queue=to_file", &officer).await.contains("坡道没有雨棚"));
    let again = form.done(&app, &officer).await;
    assert!(again.contains("刚才已经记过了"));
    let handler = app.session_for("王物业管家").await;
    assert_eq!(sent(app.get("/linping/visits").bearer_auth(handler)).await.status(), 403, "visits are not a handler's");
}

#[tokio::test]
async fn a_meeting_decides_and_its_decision_hands_the_case_over() {
    let app = TestApp::anywhere().await;
    let secretary = app.session_for(SECRETARY).await;
    let case = reported(&app, "坡道没有雨棚，下雨推车滑。").await;
    let html = page(&app, "/linping/meetings/new", &secretary).await;
    let form = form_to(&html, "/linping/meetings");
    let refused = form.clone().with("place", "").with("at_time", "").send(&app, &secretary).await;
    assert_eq!(refused.status(), 422);
    let faulty = refused.text().await.unwrap();
    for field in ["place", "at_time"] {
        assert!(faulty.contains(&format!("id=\"f-{field}-fault\"")), "{field}");
    }
    let id = case["id"].as_str().unwrap();
    assert!(html.contains(id), "the open case is offered as a topic");
    let form =
        form.with("place", GRID).with("at_time", "00:05").with("present", "业委会、物业、居民 6 人").with("topic", id);
    let meeting = form.done(&app, &secretary).await;
    assert!(meeting.contains("网格党支部扩大会议") && meeting.contains("居民 6 人"));
    let action = forms(&meeting)
        .iter()
        .find(|form| form.action.ends_with("/decisions"))
        .expect("the form for a decision")
        .action
        .clone();
    let form = form_to(&meeting, &action);
    assert!(!form.fields["topic"].is_empty(), "the only topic is chosen beforehand");
    let refused = form.clone().with("owner", "").with("text", "").send(&app, &secretary).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("id=\"f-text-fault\""));
    let day =
        app.rules("linping").directory.calendar.local(app.app.engine.now().plus_ms(20 * 24 * 3_600_000)).iso_day();
    let decided = form
        .with("text", "物业装雨棚，钱从公共收益里出。")
        .with("owner", &option(&meeting, "悦贤里物业"))
        .with("lead", &option(&meeting, "悦贤里业主委员会"))
        .with("until", &day)
        .done(&app, &secretary)
        .await;
    assert!(decided.contains("物业装雨棚") && decided.contains("悦贤里业主委员会监督") && decided.contains("办理中"));
    assert!(page(&app, &item(&case), &secretary).await.contains("悦贤里物业"), "the decision handed the case over");
    let path = action.trim_end_matches("/decisions");
    let public = sent(app.get(path).header("accept", "text/html")).await;
    assert_eq!(public.status(), 200, "everybody can read what was decided");
    let public = public.text().await.unwrap();
    assert!(public.contains("物业装雨棚") && !public.contains("/linping/work/"), "without a way into the work list");
    assert!(!public.contains("/decisions"), "and without the form");
    let list = sent(app.get("/linping/meetings").header("accept", "text/html")).await.text().await.unwrap();
    assert!(list.contains("决议 1 项，办好 0 项"));
}

#[tokio::test]
async fn a_figure_opens_to_its_cases() {
    let app = TestApp::anywhere().await;
    let secretary = app.session_for(SECRETARY).await;
    let case = reported(&app, "三幢的门关不上。").await;
    move_form(&page(&app, &item(&case), &secretary).await, "file").done(&app, &secretary).await;
    reported(&app, "五幢的门关不上。").await;
    let html = page(&app, "/linping/kpi/filing_rate", &secretary).await;
    assert!(html.contains("50.0 %"), "one of two was taken on");
    assert!(html.find("五幢的门").unwrap() < html.find("三幢的门").unwrap(), "what is not fulfilled comes first");
    let fulfilled = page(&app, "/linping/kpi/filing_rate?list=n", &secretary).await;
    assert!(fulfilled.contains("三幢的门") && !fulfilled.contains("五幢的门"));
    let officer = app.session_for(OFFICER).await;
    let refused = sent(app.get("/linping/kpi/filing_rate").header("accept", "text/html").bearer_auth(officer)).await;
    assert_eq!(refused.status(), 403, "figures are read by those who may");
    let html = refused.text().await.unwrap();
    assert!(html.contains("看指标") && !html.contains("kpi.read"), "what is missing, in words: {html}");
    assert!(html.contains(OFFICER), "and still signed in");
}

#[tokio::test]
async fn queues_count_what_they_show_and_are_searched() {
    let app = TestApp::anywhere().await;
    let secretary = app.session_for(SECRETARY).await;
    for n in 0..35 {
        reported(&app, &format!("第{n}号单元门关不上。")).await;
    }
    let html = page(&app, "/linping/work?queue=to_file", &secretary).await;
    assert!(html.contains("35 件"), "the queue says how many");
    assert_eq!(html.matches("号单元门关不上").count(), 30, "a page has a limit");
    let more = html
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .find(|href| href.contains("cursor="))
        .expect("a next page")
        .replace("&amp;", "&");
    let rest = page(&app, &more, &secretary).await;
    assert_eq!(rest.matches("号单元门关不上").count(), 5);
    let found = page(&app, "/linping/work?queue=to_file&q=第7号", &secretary).await;
    assert_eq!(found.matches("号单元门关不上").count(), 1);
    let none = page(&app, "/linping/work?queue=to_file&q=没有这样的话", &secretary).await;
    assert!(none.contains("没有找到"));
    let outside =
        sent(app.get("/linping/work?place=330113001").header("accept", "text/html").bearer_auth(&secretary)).await;
    assert_eq!(outside.status(), 403, "another street is not theirs");
}

#[tokio::test]
async fn an_officer_checks_in_the_neighbouring_grid_what_others_did() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, "三幢的门关不上。").await;
    let (officer, handler) = (app.session_for(OFFICER).await, app.session_for("王物业管家").await);
    move_form(&page(&app, &item(&case), &officer).await, "file_dispatch").done(&app, &officer).await;
    move_form(&page(&app, &item(&case), &handler).await, "done").with("answer", "换好了").done(&app, &handler).await;
    let rules = app.rules("linping");
    let neighbour = rules.directory.place_named("330113007007002").unwrap().id;
    let now = app.app.engine.now();
    let person = rules
        .directory
        .holders(&neighbour, now)
        .into_iter()
        .find(|h| h.post == "grid_officer")
        .expect("an officer next door")
        .person;
    let next_door = app.session_of("linping", person).await;
    let queue = page(&app, "/linping/work?queue=to_verify", &next_door).await;
    assert!(queue.contains("三幢的门关不上"));
    let left = move_form(&page(&app, &item(&case), &next_door).await, "pass").done(&app, &next_door).await;
    assert!(left.contains("记下了：核验通过"), "the list says what was done, the case is out of sight again");
    assert_eq!(sent(app.get(&item(&case)).header("accept", "text/html").bearer_auth(&next_door)).await.status(), 404);
}

#[tokio::test]
async fn the_short_addresses_lead_to_ones_own_list() {
    let app = TestApp::anywhere().await;
    let officer = app.session_for(OFFICER).await;
    for path in ["/officer/", "/desk/", "/screen/", "/linping/officer/", "/linping/desk/"] {
        let signed = sent(app.get(path).header("accept", "text/html").bearer_auth(&officer)).await;
        assert_eq!((signed.status().as_u16(), header(&signed, "location")), (303, "/linping/work"), "{path}");
    }
    let nobody = sent(app.get("/desk/").header("accept", "text/html")).await;
    assert_eq!(header(&nobody, "location"), "/login");
    let refused = post(&app, "/linping/intake", "no-such-token", &BTreeMap::new()).await;
    assert_eq!(refused.status(), 401);
}
