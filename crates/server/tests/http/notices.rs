//! The notices that the staff read where they work.

use std::collections::BTreeMap;

use kernel::Command;
use server::testing::{DISTRICT, TestApp};

use crate::{
    code, header, sent,
    staff::{SECRETARY, forms, item, page, post, reported},
};

const LIST: &str = "/linping/work/messages";
/// Who answers first for what is reported in the grid.
const CHIEF: &str = "李点长";

/// The addresses where single notices are read.
fn each(html: &str) -> Vec<String> {
    let ones = forms(html).into_iter().map(|form| form.action);
    ones.filter(|action| action.starts_with("/linping/work/messages/")).collect()
}

#[tokio::test]
async fn what_became_somebodys_stands_in_their_messages_with_a_count_in_the_head_of_every_page() {
    let app = TestApp::anywhere().await;
    let case = reported(&app, "三幢的门关不上。").await;
    let chief = app.session_for(CHIEF).await;
    for path in ["/linping/work", "/linping/visits", "/linping/"] {
        let html = page(&app, path, &chief).await;
        assert!(html.contains("<span class=\"unseen\">1 条没看</span>"), "{path}: {html}");
    }
    let html = page(&app, LIST, &chief).await;
    assert!(html.contains("有人反映") && html.contains(case["number"].as_str().unwrap()), "{html}");
    let one = each(&html).pop().expect("an unread notice");
    let opened = post(&app, &one, &chief, &BTreeMap::new()).await;
    assert_eq!((opened.status().as_u16(), header(&opened, "location")), (303, item(&case).as_str()), "it leads on");
    let html = page(&app, LIST, &chief).await;
    assert!(each(&html).is_empty() && html.contains("有人反映"), "read, and still there");
    assert!(!page(&app, "/linping/work", &chief).await.contains("条没看"));
}

#[tokio::test]
async fn everything_shown_is_read_at_once_and_what_came_since_is_not() {
    let app = TestApp::anywhere().await;
    let chief = app.session_for(CHIEF).await;
    reported(&app, "三幢的门关不上。").await;
    reported(&app, "四幢的门关不上。").await;
    let shown = forms(&page(&app, LIST, &chief).await);
    let all = shown.iter().find(|form| form.action == LIST).expect("all at once");
    app.clock.as_ref().unwrap().advance_ms(1_000);
    reported(&app, "五幢的门关不上。").await;
    let after = all.done(&app, &chief).await;
    assert_eq!(each(&after).len(), 1, "the third was not on the page");
    assert!(after.contains("<span class=\"unseen\">1 条没看</span>"));
    let nonsense = all.clone().with("until", "gestern").send(&app, &chief).await;
    assert_eq!(nonsense.status(), 400);
}

#[tokio::test]
async fn a_notice_is_read_by_whom_it_was_written_to_and_by_nobody_else() {
    let app = TestApp::anywhere().await;
    reported(&app, "三幢的门关不上。").await;
    let (chief, secretary) = (app.session_for(CHIEF).await, app.session_for(SECRETARY).await);
    let one = each(&page(&app, LIST, &chief).await).pop().expect("an unread notice");
    assert!(!page(&app, LIST, &secretary).await.contains("有人反映"));
    let request = app.post(&one).header("accept", "application/json").bearer_auth(&secretary);
    assert_eq!(code(request).await, "404.1");
    let unknown = app.post(&format!("{LIST}/nothing")).header("accept", "application/json").bearer_auth(&chief);
    assert_eq!(code(unknown).await, "404.1");
    assert_eq!(each(&page(&app, LIST, &chief).await), [one], "still unread");
    let nobody = sent(app.get(LIST).header("accept", "application/json")).await;
    assert_eq!(nobody.status(), 401);
}

#[tokio::test]
async fn many_messages_come_page_by_page_and_more_than_99_are_not_counted_out() {
    let app = TestApp::anywhere().await;
    let chief = app.session_for(CHIEF).await;
    let person = app.rules(DISTRICT).directory.person_displayed(CHIEF, app.app.engine.now()).unwrap();
    let written = app.app.engine.write(Command::new(DISTRICT, "system"), move |tx| {
        for n in 0..101 {
            let id = format!("0193{n:04}-0000-7000-8000-000000000000");
            cases::case::staff_message(tx, &person, ("case", &id), &format!("test.{n}"), &format!("第{n}条。"))?;
        }
        Ok(())
    });
    written.await.expect("written");
    let mut path = LIST.to_owned();
    let mut seen = Vec::new();
    for pages in 0.. {
        let html = page(&app, &path, &chief).await;
        assert!(html.contains("99+ 条没看"));
        seen.extend((0..101).filter(|n| html.contains(&format!(">第{n}条。</p>"))));
        assert!(pages < 5, "pages have an end");
        let more = html
            .split("href=\"")
            .map(|rest| rest.split('"').next().unwrap())
            .find(|h| h.contains("before=") && !h.contains("lang=") && !h.contains("size="));
        let Some(more) = more else { break };
        path = more.to_owned();
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..101).collect::<Vec<_>>(), "each once");
    let gone = each(&page(&app, LIST, &chief).await).pop().expect("an unread notice");
    let read = post(&app, &gone, &chief, &BTreeMap::new()).await;
    assert_eq!(header(&read, "location"), LIST, "a matter that is out of reach leads nowhere");
}
