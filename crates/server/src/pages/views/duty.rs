//! Who is downstairs today.

use serde::Serialize;

use super::form::sample_places;
use super::{Group, Site, View};
use crate::pages::render::Lang;

/// `/{district}/duty`: choose a grid, see who is there.
#[derive(Debug, Clone, Serialize)]
pub struct DutyPage {
    /// Where we are.
    pub site: Site,
    /// Where the choice goes (GET, field `place`).
    pub action: String,
    /// Communities and their grids.
    pub places: Vec<Group>,
    /// Chosen grid code; empty at first.
    pub chosen: String,
    /// The answer, once a place is chosen.
    pub answer: Option<Duty>,
}

/// Who is on duty at a place.
#[derive(Debug, Clone, Serialize)]
pub struct Duty {
    /// `龙腾社区 · 一网格`.
    pub place: String,
    /// Family name in the round mark; empty when nobody holds the post.
    pub initial: String,
    /// `周网格员`; empty when nobody at any level.
    pub person: String,
    /// `专职网格员`.
    pub post: String,
    /// Inside the hours now.
    pub here_now: bool,
    /// The next time somebody is there, when not now: `明天 9:00`.
    pub next_time: String,
    /// `悦贤里活动室`.
    pub room: String,
    /// `9:00–11:30，14:00–17:00`.
    pub hours: String,
    /// Who stands in; empty when nobody does.
    pub deputy: String,
    /// The post is vacant here and this is who answers instead: the place climbed to; empty otherwise.
    pub climbed_to: String,
    /// Public phone of the station; empty when none.
    pub phone: String,
    /// The party organisation that leads here: `一网格党支部`; empty when none.
    pub lead: String,
    /// The community office: name and address.
    pub office: String,
    /// Hours of the office.
    pub office_hours: String,
    /// Report at this place.
    pub report_href: String,
}

impl View for DutyPage {
    const TEMPLATE: &'static str = "duty.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let duty = Duty {
            place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
            initial: "周".into(),
            person: lang.pick("周网格员", "Officer Zhou").into(),
            post: lang.pick("专职网格员", "Grid officer").into(),
            here_now: true,
            next_time: String::new(),
            room: lang.pick("悦贤里活动室", "Yuexianli hall").into(),
            hours: "9:00–11:30, 14:00–17:00".into(),
            deputy: lang.pick("吴网格员", "Officer Wu").into(),
            climbed_to: String::new(),
            phone: "0571-0000 0000".into(),
            lead: lang.pick("一网格党支部", "Branch of grid 1").into(),
            office: lang.pick("龙腾社区居委会，崇贤街道", "Longteng community committee, Chongxian").into(),
            office_hours: "8:30–12:00, 13:30–17:00".into(),
            report_href: "/linping/report?place=330113006201001".into(),
        };
        let page = |chosen: &str, answer| Self {
            site: Site::sample(lang, "/linping/duty"),
            action: "/linping/duty".into(),
            places: sample_places(),
            chosen: chosen.into(),
            answer,
        };
        let vacant = Duty {
            initial: "钱".into(),
            person: lang.pick("钱书记", "Secretary Qian").into(),
            post: lang.pick("社区书记", "Community secretary").into(),
            here_now: false,
            next_time: lang.pick("明天 8:30", "tomorrow 8:30").into(),
            climbed_to: lang.pick("龙腾社区", "Longteng community").into(),
            deputy: String::new(),
            phone: String::new(),
            ..duty.clone()
        };
        vec![
            ("choose", page("", None)),
            ("here", page("330113006201001", Some(duty))),
            ("vacant", page("330113006201003", Some(vacant))),
        ]
    }
}
