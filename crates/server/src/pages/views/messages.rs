//! What the staff are told: something became theirs, is late, was taken back.

use serde::Serialize;

use super::{Site, View};
use crate::pages::render::Lang;

/// `/{district}/work/messages`.
#[derive(Debug, Clone, Serialize)]
pub struct MessagesPage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// The notices, newest first.
    pub rows: Vec<MessageRow>,
    /// Where the buttons post (all up to `until`).
    pub action: String,
    /// The moment of the newest shown; empty when nothing is unread here.
    pub until: String,
    /// The next page.
    pub more: Option<String>,
    /// The first page, when this is not it.
    pub first: Option<String>,
}

/// One notice.
#[derive(Debug, Clone, Serialize)]
pub struct MessageRow {
    /// The sentence, in Chinese.
    pub text: String,
    /// When.
    pub at: String,
    /// Not read yet.
    pub unread: bool,
    /// Where reading it posts, which leads on to what it is about.
    pub action: String,
    /// What it is about; empty when it is out of reach now.
    pub href: String,
}

impl View for MessagesPage {
    const TEMPLATE: &'static str = "messages.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let empty = Self {
            site: Site::sample_signed(lang, "/linping/work/messages"),
            rows: Vec::new(),
            action: "/linping/work/messages".into(),
            until: String::new(),
            more: None,
            first: None,
        };
        let row = |text: &str, at: (&str, &str), unread: bool, href: &str| MessageRow {
            text: text.into(),
            at: lang.pick(at.0, at.1).into(),
            unread,
            action: "/linping/work/messages/1".into(),
            href: href.into(),
        };
        let many = Self {
            rows: vec![
                row(
                    "LP-261120-7K3M：单元门损坏（龙腾社区一网格 · 悦贤里）提到您这一级，请您接着办。",
                    ("今天 9:12", "today 9:12"),
                    true,
                    "/linping/work/1",
                ),
                row(
                    "LP-261118-2Q9D：路灯不亮（玉水官邸）不用你们主办了。",
                    ("昨天 16:40", "yesterday 16:40"),
                    true,
                    "",
                ),
                row(
                    "LP-261102-5T6V：楼道堆物（悦贤里）归您管，请您接着办。",
                    ("11 月 2 日 10:20", "2 Nov 10:20"),
                    false,
                    "/linping/work/2",
                ),
            ],
            until: "1763600000000".into(),
            more: Some("/linping/work/messages?before=1.2".into()),
            first: Some("/linping/work/messages".into()),
            ..empty.clone()
        };
        vec![("empty", empty), ("many", many)]
    }
}
