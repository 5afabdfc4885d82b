//! The front door: what this is, the three things to press, who is downstairs, and the twelve cards.

use serde::Serialize;

use super::{Chip, Site, Tone, View};
use crate::pages::render::Lang;

/// The twelve mechanisms of the front door, in their order. Title and sentence of each are the texts
/// `card.{id}.title` and `card.{id}.text`.
pub const CARD_IDS: [&str; 12] = ["A01", "A03", "A06", "C01", "C03", "C04", "D01", "E02", "G02", "H03", "L02", "M01"];

/// `/` and `/{district}/`.
#[derive(Debug, Clone, Serialize)]
pub struct FrontPage {
    /// Where we are.
    pub site: Site,
    /// Other districts on this server; fewer than two are not shown.
    pub districts: Vec<DistrictLink>,
    /// Who is downstairs now; `None` when nobody is, which the page says.
    pub duty: Option<DutyBox>,
    /// The cards of this district, in the order of [`CARD_IDS`].
    pub cards: Vec<Card>,
}

/// A district on this server.
#[derive(Debug, Clone, Serialize)]
pub struct DistrictLink {
    /// `临平区`.
    pub name: String,
    /// `/linping/`.
    pub href: String,
    /// The one shown.
    pub on: bool,
}

/// Who is downstairs, in two lines.
#[derive(Debug, Clone, Serialize)]
pub struct DutyBox {
    /// Family name in the round mark: `周`.
    pub initial: String,
    /// Somebody is there at this moment.
    pub here: bool,
    /// `周网格员 现在在悦贤里活动室`, or that nobody is there right now.
    pub line: String,
    /// `9:00–11:30，14:00–17:00 · 不在时由吴网格员代班`, or who comes next and when.
    pub detail: String,
    /// The duty page at this place.
    pub href: String,
}

/// One card. Without a link it says 尚未建成.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    /// One of [`CARD_IDS`].
    pub id: String,
    /// Opens seeded records; `None` while the mechanism is not built.
    pub link: Option<CardLink>,
}

/// Where a card leads and what stands there now.
#[derive(Debug, Clone, Serialize)]
pub struct CardLink {
    /// The record.
    pub href: String,
    /// Its true status, read from the record: `已办结 · 悦贤里`.
    pub chip: Chip,
}

impl Card {
    /// A card whose mechanism is not built yet.
    pub fn unbuilt(id: &str) -> Self {
        Self { id: id.into(), link: None }
    }

    /// A card that opens something.
    pub fn open(id: &str, href: &str, chip: Chip) -> Self {
        Self { id: id.into(), link: Some(CardLink { href: href.into(), chip }) }
    }
}

impl View for FrontPage {
    const TEMPLATE: &'static str = "front.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let district = |name: &str, href: &str, on| DistrictLink { name: name.into(), href: href.into(), on };
        let cards = CARD_IDS
            .iter()
            .map(|id| match *id {
                "A01" => Card::open(
                    id,
                    "/linping/c/7K3M-2Q9D",
                    Chip::new(lang.pick("已办结 · 悦贤里", "Closed · Yuexianli"), Tone::Done),
                ),
                "A03" => Card::open(
                    id,
                    "/fuyang/c/4H7N-8PXC",
                    Chip::new(lang.pick("办理中 · 大章村", "In hand · Dazhang village"), Tone::Doing),
                ),
                _ => Card::unbuilt(id),
            })
            .collect::<Vec<_>>();
        let full = Self {
            site: Site::sample(lang, "/linping/"),
            districts: vec![
                district(lang.pick("临平区", "Linping"), "/linping/", true),
                district(lang.pick("富阳区", "Fuyang"), "/fuyang/", false),
                district(lang.pick("上城区", "Shangcheng"), "/shangcheng/", false),
                district(lang.pick("钱塘区", "Qiantang"), "/qiantang/", false),
            ],
            duty: Some(DutyBox {
                initial: "周".into(),
                here: true,
                line: lang.pick("周网格员 现在在悦贤里活动室", "Officer Zhou is at the Yuexianli hall now").into(),
                detail: lang
                    .pick(
                        "9:00–11:30，14:00–17:00 · 不在时由吴网格员代班",
                        "9:00–11:30, 14:00–17:00 · when away, Officer Wu stands in",
                    )
                    .into(),
                href: "/linping/duty?place=330113006201001".into(),
            }),
            cards,
        };
        let mut away = full.clone();
        away.duty = away.duty.map(|duty| DutyBox {
            here: false,
            line: lang.pick("现在没有人值守", "Nobody is there right now").into(),
            detail: lang
                .pick(
                    "下一班：11 月 23 日 9:00，李点长在悦贤里活动室",
                    "Next: 23 Nov 9:00, Chief Li at the Yuexianli hall",
                )
                .into(),
            ..duty
        });
        let mut alone = full.clone();
        alone.districts.clear();
        alone.duty = None;
        alone.site.demo = false;
        alone.site.area.clear();
        vec![("full", full), ("away", away), ("alone", alone)]
    }
}
