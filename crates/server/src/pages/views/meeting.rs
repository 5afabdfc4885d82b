//! Meetings: what was put on the table, what was decided, who does it, by when. Public, nothing personal.

use serde::Serialize;

use super::form::sample_places;
use super::{Chip, Choice, FormError, Group, Site, Tone, View};
use crate::pages::render::Lang;

/// Kinds of meeting; the texts are `kind.{key}`.
pub const MEETING_KINDS: [&str; 4] = ["branch_enlarged", "grid_deliberation", "joint", "other"];

/// `/{district}/meetings`.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingsPage {
    /// Where we are.
    pub site: Site,
    /// Newest first.
    pub rows: Vec<MeetingRow>,
    /// The next page by cursor.
    pub more: Option<String>,
    /// Record one; only for those who may.
    pub new_href: Option<String>,
}

/// One meeting in the list.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingRow {
    /// The meeting.
    pub href: String,
    /// `网格党支部扩大会议`.
    pub kind: String,
    /// `龙腾社区 · 一网格`.
    pub place: String,
    /// When.
    pub at: String,
    /// First topic, and how many more in words.
    pub topics: String,
    /// How far its decisions are: `决议 3 项，办好 2 项`.
    pub done: Chip,
}

/// `/{district}/meetings/new`.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingFormPage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// Where the form posts: fields `id, kind, place, at_day, at_time, room, present, topic` (many), `note`.
    pub action: String,
    /// UUIDv7 made by the handler.
    pub id: String,
    /// What has been typed so far.
    pub values: MeetingValues,
    /// Places within reach.
    pub places: Vec<Group>,
    /// Cases that wait for a meeting: value = case id.
    pub topics: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FormError>,
}

/// The typed values.
#[derive(Debug, Clone, Serialize, Default)]
pub struct MeetingValues {
    /// One of [`MEETING_KINDS`].
    pub kind: String,
    /// Grid code.
    pub place: String,
    /// `2026-11-03`.
    pub at_day: String,
    /// `19:00`.
    pub at_time: String,
    /// `悦贤里活动室`.
    pub room: String,
    /// Who was there, by post or group.
    pub present: String,
    /// A topic without a case.
    pub note: String,
}

/// `/{district}/meetings/{id}`: public.
#[derive(Debug, Clone, Serialize)]
pub struct MeetingPage {
    /// Where we are.
    pub site: Site,
    /// `网格党支部扩大会议`.
    pub kind: String,
    /// Grid.
    pub place: String,
    /// Room; may be empty.
    pub room: String,
    /// When.
    pub at: String,
    /// Who called it: `一网格党支部`.
    pub convener: String,
    /// Posts and groups, never private persons.
    pub present: Vec<String>,
    /// What was on the table.
    pub topics: Vec<Topic>,
    /// What was decided.
    pub decisions: Vec<Decision>,
    /// Add a decision; only for those who may.
    pub add: Option<DecisionForm>,
}

/// One topic.
#[derive(Debug, Clone, Serialize)]
pub struct Topic {
    /// Its title, nothing personal.
    pub title: String,
    /// The case in the work list; only for those who may see it.
    pub href: Option<String>,
    /// State of the case; `None` for a topic without one.
    pub state: Option<Chip>,
}

/// One decision.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// What.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// Who leads or watches; may be empty.
    pub lead: String,
    /// By when.
    pub due: String,
    /// How far it is.
    pub state: Chip,
}

/// The form that adds a decision.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionForm {
    /// Where it posts: fields `id, text, topic, owner, lead, until`.
    pub action: String,
    /// UUIDv7 made by the handler.
    pub id: String,
    /// Version of the meeting.
    pub version: i64,
    /// Topics of this meeting.
    pub topics: Vec<Choice>,
    /// Bodies that can own or lead it.
    pub bodies: Vec<Group>,
    /// What was chosen: who does it.
    pub owner: String,
    /// What was chosen: who leads or watches.
    pub lead: String,
    /// What was typed: text.
    pub text: String,
    /// What was typed: day.
    pub until: String,
    /// What is wrong.
    pub errors: Vec<FormError>,
}

impl View for MeetingsPage {
    const TEMPLATE: &'static str = "meetings.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let empty = Self { site: Site::sample(lang, "/linping/meetings"), rows: vec![], more: None, new_href: None };
        let row = |kind: (&str, &str), topics: (&str, &str), done| MeetingRow {
            href: "/linping/meetings/1".into(),
            kind: lang.pick(kind.0, kind.1).into(),
            place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
            at: lang.pick("11 月 3 日 19:00", "3 Nov 19:00").into(),
            topics: lang.pick(topics.0, topics.1).into(),
            done,
        };
        let many = Self {
            site: Site::sample_signed(lang, "/linping/meetings"),
            rows: vec![
                row(
                    ("网格党支部扩大会议", "Enlarged branch meeting"),
                    ("坡道雨棚", "Canopy over the ramp"),
                    Chip::new(lang.pick("决议 1 项，办好 1 项", "1 decision, 1 done"), Tone::Done),
                ),
                row(
                    ("网格议事会", "Grid deliberation"),
                    ("闲置土地怎么用，等 3 件", "What to do with idle land, and 2 more"),
                    Chip::new(lang.pick("决议 3 项，办好 1 项", "3 decisions, 1 done"), Tone::Doing),
                ),
            ],
            more: Some("/linping/meetings?cursor=abc".into()),
            new_href: Some("/linping/meetings/new".into()),
        };
        vec![("empty", empty), ("many", many)]
    }
}

impl View for MeetingFormPage {
    const TEMPLATE: &'static str = "meeting_new.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let blank = Self {
            site: Site::sample_signed(lang, "/linping/meetings/new"),
            action: "/linping/meetings".into(),
            id: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a004".into(),
            values: MeetingValues { kind: MEETING_KINDS[0].into(), ..MeetingValues::default() },
            places: sample_places(),
            topics: vec![],
            errors: vec![],
        };
        let mut wrong = blank.clone();
        wrong.topics = vec![
            Choice::new("c1", "非机动车库坡道没有雨棚"),
            Choice { on: true, ..Choice::new("c2", "楼道堆物，消防栓打不开") },
        ];
        wrong.errors =
            vec![FormError::new("at_day", lang.pick("请写开会的日子。", "Please give the day of the meeting."))];
        vec![("blank", blank), ("wrong", wrong)]
    }
}

impl View for MeetingPage {
    const TEMPLATE: &'static str = "meeting.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let public = Self {
            site: Site::sample(lang, "/linping/meetings/1"),
            kind: lang.pick("网格党支部扩大会议", "Enlarged branch meeting").into(),
            place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
            room: lang.pick("悦贤里活动室", "Yuexianli hall").into(),
            at: lang.pick("11 月 3 日 19:00", "3 Nov 19:00").into(),
            convener: lang.pick("一网格党支部", "Branch of grid 1").into(),
            present: vec![
                lang.pick("网格党支部", "Grid branch").into(),
                lang.pick("业委会", "Owners' committee").into(),
                lang.pick("物业", "Property company").into(),
                lang.pick("居民 6 人", "6 residents").into(),
            ],
            topics: vec![Topic {
                title: lang.pick("坡道要不要装雨棚", "A canopy over the ramp").into(),
                href: None,
                state: Some(Chip::new(lang.pick("已办结", "Closed"), Tone::Done)),
            }],
            decisions: vec![Decision {
                text: lang
                    .pick("物业装雨棚，钱从公共收益里出。", "The property company builds it, paid from common income.")
                    .into(),
                owner: lang.pick("悦贤里物业", "Yuexianli property").into(),
                lead: lang.pick("业委会监督", "Owners' committee watches").into(),
                due: lang.pick("11 月 20 日前", "by 20 Nov").into(),
                state: Chip::new(lang.pick("办好了", "Done"), Tone::Done),
            }],
            add: None,
        };
        let mut staff = public.clone();
        staff.site = Site::sample_signed(lang, "/linping/meetings/1");
        staff.decisions.clear();
        staff.topics[0].href = Some("/linping/work/1".into());
        staff.add = Some(DecisionForm {
            action: "/linping/meetings/1/decisions".into(),
            id: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a005".into(),
            version: 2,
            topics: vec![Choice::new("c1", "坡道要不要装雨棚")],
            bodies: vec![Group::of("", &[("b1", "悦贤里物业"), ("b2", "悦贤里业委会")])],
            owner: String::new(),
            lead: String::new(),
            text: String::new(),
            until: String::new(),
            errors: vec![],
        });
        vec![("public", public), ("staff", staff)]
    }
}
