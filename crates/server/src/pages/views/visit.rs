//! A visit: a recorded contact, never an inspection. What was heard opens a case, or nothing.

use serde::Serialize;

use super::form::sample_places;
use super::{Chip, FormError, Group, Site, Tone, View};
use crate::pages::render::Lang;

/// `/{district}/visits`: record one, and the last ones.
#[derive(Debug, Clone, Serialize)]
pub struct VisitPage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// Where the form posts: fields `id, place, room, person, consent, heard, opens, text`.
    pub action: String,
    /// UUIDv7 made by the handler.
    pub id: String,
    /// What has been typed so far.
    pub values: VisitValues,
    /// The officer's grids.
    pub places: Vec<Group>,
    /// What is wrong.
    pub errors: Vec<FormError>,
    /// Longest text, characters.
    pub text_chars_max: u32,
    /// His last visits, newest first.
    pub recent: Vec<VisitRow>,
}

/// The typed values.
#[derive(Debug, Clone, Serialize, Default)]
pub struct VisitValues {
    /// Grid code.
    pub place: String,
    /// `三幢 401`.
    pub room: String,
    /// Who was visited; optional.
    pub person: String,
    /// The person agreed to be named.
    pub consent: bool,
    /// What was heard.
    pub heard: String,
    /// `case` opens a case from what was heard, `none` does not.
    pub opens: String,
}

/// One past visit.
#[derive(Debug, Clone, Serialize)]
pub struct VisitRow {
    /// When.
    pub at: String,
    /// Where.
    pub place: String,
    /// First words.
    pub heard: String,
    /// The case that came of it: link and state.
    pub case: Option<VisitCase>,
}

/// The case a visit opened.
#[derive(Debug, Clone, Serialize)]
pub struct VisitCase {
    /// Its item page.
    pub href: String,
    /// Its state now.
    pub state: Chip,
}

impl View for VisitPage {
    const TEMPLATE: &'static str = "visit.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let blank = Self {
            site: Site::sample_signed(lang, "/linping/visits"),
            action: "/linping/visits".into(),
            id: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a003".into(),
            values: VisitValues { opens: "none".into(), ..VisitValues::default() },
            places: sample_places(),
            errors: Vec::new(),
            text_chars_max: 2000,
            recent: Vec::new(),
        };
        let mut many = blank.clone();
        many.values = VisitValues {
            place: "330113006201001".into(),
            room: "三幢 401".into(),
            person: "李女士".into(),
            consent: true,
            heard: String::new(),
            opens: "case".into(),
        };
        many.errors = vec![FormError::new("heard", lang.pick("还没有写听到了什么。", "Please write what you heard."))];
        many.recent = vec![
            VisitRow {
                at: lang.pick("11 月 2 日 10:20", "2 Nov 10:20").into(),
                place: "龙腾社区 · 一网格".into(),
                heard: "车库坡道没有雨棚".into(),
                case: Some(VisitCase {
                    href: "/linping/work/1".into(),
                    state: Chip::new(lang.pick("已办结", "Closed"), Tone::Done),
                }),
            },
            VisitRow {
                at: lang.pick("11 月 1 日 15:00", "1 Nov 15:00").into(),
                place: "龙腾社区 · 一网格".into(),
                heard: "都好，聊了聊家常。".into(),
                case: None,
            },
        ];
        vec![("blank", blank), ("many", many)]
    }
}
