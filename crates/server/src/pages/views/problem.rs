//! What went wrong and what to press.

use serde::Serialize;

use super::{Site, View};
use crate::pages::render::Lang;

/// Any answer that is not the page asked for, 404 included. Its texts come from the numbered problem.
#[derive(Debug, Clone, Serialize)]
pub struct ProblemPage {
    /// Where we are.
    pub site: Site,
    /// HTTP status.
    pub status: u16,
    /// Stable code: `404.1`.
    pub code: String,
    /// What happened, a short sentence.
    pub title: String,
    /// More about it; may be empty.
    pub detail: String,
    /// What to do next, a sentence.
    pub action: String,
    /// The way back.
    pub back: String,
    /// The request's id, to tell somebody on the phone; may be empty.
    pub request: String,
}

impl View for ProblemPage {
    const TEMPLATE: &'static str = "problem.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let missing = Self {
            site: Site::sample(lang, "/linping/nothing"),
            status: 404,
            code: "404.1".into(),
            title: lang.pick("没有找到这一页。", "This page is not here.").into(),
            detail: String::new(),
            action: lang
                .pick("看看地址有没有抄错，或者回到家门口。", "Check the address, or go back to the front door.")
                .into(),
            back: "/linping/".into(),
            request: String::new(),
        };
        let refused = Self {
            site: Site::sample_signed(lang, "/linping/work/9"),
            status: 403,
            code: "403.2".into(),
            title: lang.pick("这件事不归您管。", "This matter is not yours.").into(),
            detail: lang
                .pick("它在前村社区，您的岗位在龙腾社区一网格。", "It is in Qiancun; your post is in Longteng grid 1.")
                .into(),
            action: lang.pick("要转给那边，请打街道值班电话。", "To pass something on, call the street desk.").into(),
            back: "/linping/work".into(),
            request: "01932d6e".into(),
        };
        vec![("missing", missing), ("refused", refused)]
    }
}
