//! Who waits to be told by phone or by hand, and what to say.

use serde::Serialize;

use super::{Chip, Choice, Site, Tone, View};
use crate::pages::render::Lang;

/// `/{district}/work/calls`.
#[derive(Debug, Clone, Serialize)]
pub struct CallsPage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// How many wait in all: `7`, `500+`.
    pub total: String,
    /// Who waits, longest first; the one whose number was just opened stands on top.
    pub rows: Vec<CallRow>,
    /// Why somebody was not reached.
    pub hindrances: Vec<Choice>,
    /// The next page.
    pub more: Option<String>,
    /// The first page, when this is not it.
    pub first: Option<String>,
}

/// One asker who waits, about one case.
#[derive(Debug, Clone, Serialize)]
pub struct CallRow {
    /// Ends the ids of its fields: the case's number.
    pub number: String,
    /// First words of what was said.
    pub title: String,
    /// The item.
    pub item_href: String,
    /// `龙腾社区 · 一网格`.
    pub place: String,
    /// `孙**（199****2210）`, or that nothing was left.
    pub who: String,
    /// How the asker wants to hear: `打电话`.
    pub wants: Chip,
    /// Since when: `11 月 20 日 9:12`.
    pub since: String,
    /// The sentences to say, in Chinese, oldest first.
    pub say: Vec<String>,
    /// Earlier tries: `昨天 16:40 周网格员：没人接`.
    pub tried: Vec<String>,
    /// The reader had a hand in the work: somebody else tells.
    pub handled: bool,
    /// Where the number is opened; none when none was left.
    pub open_action: Option<String>,
    /// The number, once it was opened, in groups to be read.
    pub phone: Option<String>,
    /// The number to be dialled.
    pub dial: String,
    /// The paper slip for whoever wants one; empty when none is to be had.
    pub slip_href: String,
    /// Where the outcome goes (fields `message` several times, `key`, `hindrance`).
    pub action: String,
    /// The messages that are told.
    pub messages: Vec<String>,
    /// Idempotency key.
    pub key: String,
}

impl View for CallsPage {
    const TEMPLATE: &'static str = "calls.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let hindrances = [
            ("no_answer", "没人接", "No answer"),
            ("off", "关机或停机", "Switched off"),
            ("wrong_number", "号码不对", "Wrong number"),
            ("not_home", "人不在", "Not at home"),
            ("later", "本人说改时间", "Asked for another time"),
        ];
        let empty = Self {
            site: Site::sample_signed(lang, "/linping/work/calls"),
            total: "0".into(),
            rows: Vec::new(),
            hindrances: hindrances.iter().map(|(v, zh, en)| Choice::new(*v, lang.pick(*zh, *en))).collect(),
            more: None,
            first: None,
        };
        let call = CallRow {
            number: "LP-261120-7K3M".into(),
            title: "三幢的单元门这两天关不上，风一吹砰砰响".into(),
            item_href: "/linping/work/1".into(),
            place: "龙腾社区 · 一网格 · 悦贤里".into(),
            who: lang.pick("孙**（199****2210）", "孙** (199****2210)").into(),
            wants: Chip::new(lang.pick("打电话", "Call"), Tone::Doing),
            since: lang.pick("今天 9:12", "today 9:12").into(),
            say: vec![
                "您说的事已收到，编号 LP-261120-7K3M，11 月 20 日 13:12 前告诉您归谁管。".into(),
                "已经交给悦贤里物业办，11 月 22 日前办好。".into(),
            ],
            tried: Vec::new(),
            handled: false,
            open_action: Some("/linping/work/calls/1/number".into()),
            phone: None,
            dial: String::new(),
            slip_href: String::new(),
            action: "/linping/work/calls/1".into(),
            messages: vec!["01932d6e-7a10-7c3b-9f5e-2f60f4b0a003".into()],
            key: "k1".into(),
        };
        let opened = CallRow {
            number: "LP-261120-8M2Q".into(),
            phone: Some("199 0000 2210".into()),
            dial: "19900002210".into(),
            tried: vec![lang.pick("昨天 16:40 周网格员：没人接", "yesterday 16:40 周网格员: No answer").into()],
            ..call.clone()
        };
        let paper = CallRow {
            number: "LP-261118-2Q9D".into(),
            who: lang.pick("没有留姓名电话", "No name or phone left").into(),
            wants: Chip::new(lang.pick("送纸条", "Paper slip"), Tone::Doing),
            open_action: None,
            slip_href: "/linping/c/7K3M-2Q9D/slip".into(),
            ..call.clone()
        };
        let handled = CallRow {
            number: "LP-261117-5T6V".into(),
            handled: true,
            say: Vec::new(),
            messages: Vec::new(),
            open_action: None,
            ..call.clone()
        };
        let many = Self {
            total: "500+".into(),
            rows: vec![opened, call, paper, handled],
            more: Some("/linping/work/calls?after=1.2".into()),
            first: Some("/linping/work/calls".into()),
            ..empty.clone()
        };
        vec![("empty", empty), ("many", many)]
    }
}
