//! Saying it: the form, the receipt, and the paper slip.

use serde::Serialize;

use super::form::sample_places;
use super::{FormError, Group, Site, View};
use crate::pages::render::Lang;

/// `/{district}/report`: the form.
#[derive(Debug, Clone, Serialize)]
pub struct ReportPage {
    /// Where we are.
    pub site: Site,
    /// Where the form posts.
    pub action: String,
    /// UUIDv7 made by the handler: sending the same form twice makes one case.
    pub id: String,
    /// What the person has typed so far.
    pub values: ReportValues,
    /// Communities and their grids.
    pub places: Vec<Group>,
    /// What is wrong, if this is not the first try.
    pub errors: Vec<FormError>,
    /// Longest text, characters.
    pub text_chars_max: u32,
    /// Most photos.
    pub photos_max: u32,
    /// Largest photo, MB.
    pub photo_mb_max: u32,
}

/// The typed values, kept when the form comes back.
#[derive(Debug, Clone, Serialize, Default)]
pub struct ReportValues {
    /// What happened.
    pub text: String,
    /// Chosen grid code.
    pub place: String,
    /// Free words for the spot: `三幢一单元门口`.
    pub landmark: String,
    /// Degrees, WGS-84, or empty.
    pub lon: String,
    /// Degrees, WGS-84, or empty.
    pub lat: String,
    /// How to address the person.
    pub name: String,
    /// Phone for the answer.
    pub phone: String,
}

/// After the form: the look-up code and what happens next.
#[derive(Debug, Clone, Serialize)]
pub struct ReceiptPage {
    /// Where we are.
    pub site: Site,
    /// `7K3M-2Q9D`.
    pub code: String,
    /// `LP-261120-7K3M`.
    pub number: String,
    /// The place the report went to: `龙腾社区 · 一网格`.
    pub place: String,
    /// Who looks at it first: `周网格员`; empty when the post is vacant and the street looks.
    pub who: String,
    /// What happens next, a sentence.
    pub next: String,
    /// By when: `今天 17:00 前`.
    pub by: String,
    /// Masked phone if one was left.
    pub phone: Option<String>,
    /// The public page of the case.
    pub case_href: String,
    /// The paper slip.
    pub slip_href: String,
    /// The journal entry's hash, for those who want to check later.
    pub seal: String,
    /// Entered by an officer for somebody: offers the slip first and the next entry.
    pub for_other: Option<String>,
}

/// The slip to print and hand over.
#[derive(Debug, Clone, Serialize)]
pub struct SlipPage {
    /// Where we are.
    pub site: Site,
    /// `7K3M-2Q9D`.
    pub code: String,
    /// `LP-261120-7K3M`.
    pub number: String,
    /// `龙腾社区 · 一网格`.
    pub place: String,
    /// When it was said.
    pub at: String,
    /// The first words of what was said.
    pub excerpt: String,
    /// What happens next, a sentence.
    pub next: String,
    /// By when.
    pub by: String,
    /// Full address of the case page, as people would type it.
    pub url: String,
    /// The same as a QR picture: inline `<svg>` without style attributes. Trusted markup.
    pub qr_svg: String,
    /// Phone of the station; empty when none is public.
    pub phone: String,
    /// Hours of the station.
    pub hours: String,
    /// Who wrote it down; empty when the person did.
    pub taken_by: String,
    /// Back to the receipt or the work list.
    pub back: String,
}

impl View for ReportPage {
    const TEMPLATE: &'static str = "report.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let blank = Self {
            site: Site::sample(lang, "/linping/report"),
            action: "/linping/report".into(),
            id: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a001".into(),
            values: ReportValues::default(),
            places: sample_places(),
            errors: Vec::new(),
            text_chars_max: 2000,
            photos_max: 3,
            photo_mb_max: 10,
        };
        let mut wrong = blank.clone();
        wrong.values = ReportValues {
            place: "330113006201001".into(),
            landmark: "三幢一单元".into(),
            name: "孙<b>".into(),
            phone: "186 1234".into(),
            ..ReportValues::default()
        };
        wrong.errors = vec![
            FormError::new(
                "text",
                lang.pick("还没有写是什么事。写一句就行。", "Please write what is the matter. One sentence is enough."),
            ),
            FormError::new(
                "phone",
                lang.pick(
                    "电话少了几位。手机号是 11 位；也可以不留。",
                    "The phone number is too short. You may also leave it out.",
                ),
            ),
        ];
        vec![("blank", blank), ("wrong", wrong)]
    }
}

impl View for ReceiptPage {
    const TEMPLATE: &'static str = "receipt.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let own = Self {
            site: Site::sample(lang, "/linping/c/7K3M-2Q9D/receipt"),
            code: "7K3M-2Q9D".into(),
            number: "LP-261120-7K3M".into(),
            place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
            who: lang.pick("周网格员", "Officer Zhou").into(),
            next: lang
                .pick(
                    "周网格员先看一看，归谁管就交给谁。",
                    "Officer Zhou looks at it first and hands it to whoever must act.",
                )
                .into(),
            by: lang.pick("今天 17:00 前", "today 17:00").into(),
            phone: Some("186****2210".into()),
            case_href: "/linping/c/7K3M-2Q9D".into(),
            slip_href: "/linping/c/7K3M-2Q9D/slip".into(),
            seal: "9f2c41aa07be".into(),
            for_other: None,
        };
        let mut other = own.clone();
        other.site = Site::sample_signed(lang, "/linping/c/7K3M-2Q9D/receipt");
        other.phone = None;
        other.for_other = Some("/linping/intake".into());
        vec![("own", own), ("other", other)]
    }
}

impl View for SlipPage {
    const TEMPLATE: &'static str = "slip.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let squares: String = (0..25 * 25)
            .filter(|n| (n * n + n / 3) % 7 < 3)
            .map(|n| format!("M{},{}h1v1h-1z", n % 25, n / 25))
            .collect();
        vec![(
            "slip",
            Self {
                site: Site::sample(lang, "/linping/c/7K3M-2Q9D/slip"),
                code: "7K3M-2Q9D".into(),
                number: "LP-261120-7K3M".into(),
                place: lang.pick("龙腾社区 · 一网格", "Longteng · grid 1").into(),
                at: lang.pick("11 月 20 日 9:12", "20 Nov 9:12").into(),
                excerpt: "三幢的单元门这两天关不上，风一吹砰砰响，我家老头子眼睛不好，差点夹到手。".into(),
                next: lang
                    .pick(
                        "周网格员先看一看，归谁管就交给谁。",
                        "Officer Zhou looks at it first and hands it to whoever must act.",
                    )
                    .into(),
                by: lang.pick("今天 17:00 前", "today 17:00").into(),
                url: "127.0.0.1:8311/linping/c/7K3M-2Q9D".into(),
                qr_svg: format!(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 25 25\"><path d=\"{squares}\"/></svg>"
                ),
                phone: "0571-0000 0000".into(),
                hours: "9:00–11:30, 14:00–17:00".into(),
                taken_by: lang.pick("周网格员", "Officer Zhou").into(),
                back: "/linping/c/7K3M-2Q9D".into(),
            },
        )]
    }
}
