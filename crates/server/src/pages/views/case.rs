//! The public page of a case, for whoever holds the look-up code, and the page that asks for the code.

use serde::Serialize;

use super::{Chip, Photo, Site, Tone, View};
use crate::pages::render::Lang;

/// `/{district}/lookup`: enter the code.
#[derive(Debug, Clone, Serialize)]
pub struct LookupPage {
    /// Where we are.
    pub site: Site,
    /// Where the form goes (GET, field `code`).
    pub action: String,
    /// What was typed.
    pub code: String,
    /// Empty, or one of [`LOOKUP_FAULTS`].
    pub wrong: String,
}

/// What can be wrong with a code; the texts are `lookup.wrong.{fault}`.
pub const LOOKUP_FAULTS: [&str; 3] = ["shape", "unknown", "too_often"];

/// `/{district}/c/{code}`: what happened, who is next, by when.
#[derive(Debug, Clone, Serialize)]
pub struct CasePage {
    /// Where we are.
    pub site: Site,
    /// `7K3M-2Q9D`.
    pub code: String,
    /// `LP-261120-7K3M`.
    pub number: String,
    /// The first words, or the item's name.
    pub title: String,
    /// What was said, in the asker's words; empty when erased.
    pub text: String,
    /// Photos the asker gave.
    pub photos: Vec<Photo>,
    /// Place, who said it (masked), how it came, day: `悦贤里小区 · 李女士在走访时说起，周网格员代录 · 11 月 2 日`.
    pub meta: String,
    /// The state's word and colour.
    pub state: Chip,
    /// What happens next, a sentence; empty when nothing follows.
    pub next: String,
    /// Who is on it.
    pub who: String,
    /// The promised day in words; empty when there is none.
    pub due: String,
    /// Why there is no promised day yet; empty when there is one, or none is needed.
    pub no_day: String,
    /// It is late, and the page says so.
    pub late: bool,
    /// The answer given, once there is one.
    pub answer: String,
    /// Why it was closed or declined, or where it belongs; empty while open.
    pub basis: String,
    /// What happened, oldest first; the last may be what is awaited.
    pub history: Vec<Step>,
    /// The one question to the asker.
    pub ask: Option<Ask>,
    /// The paper slip.
    pub slip_href: String,
    /// Who opened the asker's phone number for this case, when and why, a line each.
    pub looks: Vec<String>,
    /// Hash of the newest journal entry, short.
    pub seal: String,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// `11 月 2 日 10:20`, or `现在`.
    pub at: String,
    /// A plain sentence.
    pub text: String,
    /// How the dot looks.
    pub kind: StepKind,
    /// Why a promised day moved, or why it failed; empty otherwise.
    pub why: String,
    /// Before and after.
    pub photos: Vec<Photo>,
}

/// How a step is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// It happened.
    Done,
    /// A promised day moved, or it was put on hold.
    Moved,
    /// It went wrong: failed check, overdue.
    Late,
    /// Awaited now.
    Next,
}

/// What is asked of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AskKind {
    /// Solved or not, satisfied or not; posts `move=solved|not_solved`, `solved=yes|no`,
    /// `satisfied=满意|基本满意|不满意` (the words of the contract, in every language) and `reason`.
    Rate,
    /// Closed within the window; one tap posts `move=reopen`.
    Reopen,
    /// Declined; posts `move=appeal` with `reason`.
    Appeal,
}

/// The question pinned at the bottom.
#[derive(Debug, Clone, Serialize)]
pub struct Ask {
    /// Which question.
    pub kind: AskKind,
    /// Where the forms post.
    pub action: String,
    /// The version the page was made from.
    pub version: i64,
    /// Idempotency key.
    pub key: String,
    /// Until when the question stands: `12 月 5 日`.
    pub until: String,
}

impl View for LookupPage {
    const TEMPLATE: &'static str = "lookup.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let page = |code: &str, wrong: &str| Self {
            site: Site::sample(lang, "/linping/lookup"),
            action: "/linping/lookup".into(),
            code: code.into(),
            wrong: wrong.into(),
        };
        vec![
            ("blank", page("", "")),
            ("shape", page("7K3M", LOOKUP_FAULTS[0])),
            ("unknown", page("7K3M-2Q9E", LOOKUP_FAULTS[1])),
            ("often", page("7K3M-2Q9E", LOOKUP_FAULTS[2])),
        ]
    }
}

fn step(at: &str, text: &str, kind: StepKind, why: &str) -> Step {
    Step { at: at.into(), text: text.into(), kind, why: why.into(), photos: Vec::new() }
}

fn photos(lang: Lang) -> Vec<Photo> {
    [("before", "之前", "Before"), ("after", "之后", "After")]
        .iter()
        .map(|(file, zh, en)| Photo {
            href: format!("/assets/sample-{file}.svg"),
            thumb: format!("/assets/sample-{file}.svg"),
            caption: lang.pick(*zh, *en).into(),
        })
        .collect()
}

fn canopy(lang: Lang) -> CasePage {
    let s = |at: (&str, &str), text: (&str, &str), kind, why: (&str, &str)| {
        step(lang.pick(at.0, at.1), lang.pick(text.0, text.1), kind, lang.pick(why.0, why.1))
    };
    let mut history = vec![
        s(
            ("11 月 2 日 10:20", "2 Nov 10:20"),
            ("已收到。周网格员在走访时记下。", "Received. Officer Zhou wrote it down on a visit."),
            StepKind::Done,
            ("", ""),
        ),
        s(
            ("11 月 3 日 19:00", "3 Nov 19:00"),
            (
                "网格党支部扩大会议研判：由物业承办，业委会监督。",
                "The grid branch's enlarged meeting judged it: the property company builds, the owners' committee watches.",
            ),
            StepKind::Done,
            ("", ""),
        ),
        s(
            ("11 月 4 日 9:05", "4 Nov 9:05"),
            (
                "交办给悦贤里物业，答应 11 月 15 日前装好。",
                "Handed to the Yuexianli property company, promised by 15 Nov.",
            ),
            StepKind::Done,
            ("", ""),
        ),
        s(
            ("11 月 13 日 16:40", "13 Nov 16:40"),
            ("答应的日子改到 11 月 20 日。", "The promised day moved to 20 Nov."),
            StepKind::Moved,
            (
                "雨棚钢架要加工，厂家 17 日到货。由社区批准，这是第 1 次，最多 2 次。",
                "The steel frame has to be made and arrives on the 17th. Approved by the community; this is the first time, two at most.",
            ),
        ),
        s(
            ("11 月 18 日 15:30", "18 Nov 15:30"),
            ("装好了。隔壁网格的吴网格员到场核验。", "Built. Officer Wu of the next grid came and checked."),
            StepKind::Done,
            ("", ""),
        ),
        s(("现在", "Now"), ("等您评价。", "Waiting for your word."), StepKind::Next, ("", "")),
    ];
    history[4].photos = photos(lang);
    CasePage {
        site: Site::sample(lang, "/linping/c/7K3M-2Q9D"),
        code: "7K3M-2Q9D".into(),
        number: "LP-261102-7K3M".into(),
        title: "非机动车库坡道没有雨棚，下雨天停车不方便".into(),
        text: "车库那个坡道上头没有棚，一下雨推车进出都是水，地上滑，老人小孩容易摔。".into(),
        photos: Vec::new(),
        meta: lang
            .pick(
                "悦贤里小区 · 李女士在走访时说起，周网格员代录 · 11 月 2 日",
                "Yuexianli · told by Ms Li on a visit, written down by Officer Zhou · 2 Nov",
            )
            .into(),
        state: Chip::new(lang.pick("待您评价", "Waiting for your word"), Tone::Doing),
        next: lang.pick("您说一声：解决了没有、满不满意", "Tell us: is it solved, are you satisfied").into(),
        who: lang.pick("龙腾社区 钱书记牵头", "Secretary Qian, Longteng community, leads").into(),
        due: lang.pick("11 月 20 日前（提前 2 天做完）", "by 20 Nov (done 2 days early)").into(),
        late: false,
        answer: lang
            .pick("雨棚已经装好，坡道两侧加了防滑条。", "The canopy stands; the ramp has non-slip strips.")
            .into(),
        basis: String::new(),
        history,
        ask: Some(Ask {
            kind: AskKind::Rate,
            action: "/linping/c/7K3M-2Q9D/word".into(),
            version: 9,
            key: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a0aa".into(),
            until: lang.pick("11 月 25 日", "25 Nov").into(),
        }),
        slip_href: "/linping/c/7K3M-2Q9D/slip".into(),
        no_day: String::new(),
        looks: Vec::new(),
        seal: "9f2c41aa07be".into(),
    }
}

impl View for CasePage {
    const TEMPLATE: &'static str = "case.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let rate = canopy(lang);
        let ask = |kind| rate.ask.clone().map(|a| Ask { kind, ..a });

        let mut fresh = rate.clone();
        fresh.title = "三幢单元门关不上，老人进出危险，风一吹砰砰响，晚上整栋楼都听得见，前几天还差点夹到一个老人的手，物业说等配件，等了两个星期也没有人来，希望有人管一管这件事情".into();
        fresh.meta = lang
            .pick("龙腾社区 · 一网格 · 您在网上说的 · 今天", "Longteng · grid 1 · you wrote it here · today")
            .into();
        fresh.state = Chip::new(lang.pick("已收到", "Received"), Tone::Doing);
        fresh.next = lang
            .pick("周网格员先看一看，归谁管就交给谁", "Officer Zhou looks at it first and hands it to whoever must act")
            .into();
        fresh.who = lang.pick("周网格员", "Officer Zhou").into();
        fresh.due = lang.pick("今天 17:00 前告诉您谁来办", "today 17:00: we tell you who acts").into();
        fresh.answer.clear();
        let mut undated = fresh.clone();
        undated.due.clear();
        undated.no_day = lang
            .pick(
                "要跨过的那一年放假安排还没公布，公布后告诉您哪天答复。",
                "The days off of the year ahead are not announced yet; you will hear the day once they are.",
            )
            .into();
        undated.ask = None;
        fresh.history =
            vec![step(lang.pick("今天 9:12", "Today 9:12"), lang.pick("已收到。", "Received."), StepKind::Done, "")];
        fresh.ask = None;

        let mut late = fresh.clone();
        late.title = "坡道积水结冰 https://example.invalid/a-very-long-address-without-any-place-to-break-it".into();
        late.text = late.title.clone();
        late.state = Chip::new(lang.pick("办理中", "In hand"), Tone::Late);
        late.late = true;
        late.due = lang.pick("11 月 18 日前，已经过了 2 天", "by 18 Nov, 2 days late").into();
        late.history.push(step(
            lang.pick("11 月 18 日 17:00", "18 Nov 17:00"),
            lang.pick(
                "答应的日子过了，还没做完。已报给崇贤街道催办。",
                "The promised day has passed. The street has been told.",
            ),
            StepKind::Late,
            "",
        ));

        let mut closed = rate.clone();
        closed.state = Chip::new(lang.pick("已办结", "Closed"), Tone::Done);
        closed.next = String::new();
        if let Some(last) = closed.history.last_mut() {
            last.at = lang.pick("11 月 19 日 8:40", "19 Nov 8:40").into();
            last.text = lang.pick("您说解决了，满意。办结。", "You said it is solved; satisfied. Closed.").into();
            last.kind = StepKind::Done;
        }
        closed.looks = vec![
            lang.pick(
                "11 月 19 日 8:35 陈网格员，打电话告诉您进展",
                "19 Nov 8:35 陈网格员, to call and tell you how far it is",
            )
            .into(),
        ];
        closed.basis = lang.pick("您说解决了，评价：满意。", "You said it is solved; satisfied.").into();
        closed.ask = ask(AskKind::Reopen);

        let mut declined = fresh.clone();
        declined.title = "想给孩子办转学".into();
        declined.state = Chip::new(lang.pick("已告知去处", "Told where to go"), Tone::Plain);
        declined.next = String::new();
        declined.due = String::new();
        declined.basis = lang
            .pick(
                "转学归教育局办，请到临平区市民之家二楼，或打 12345。",
                "School transfer belongs to the education bureau: citizens' hall, 2nd floor, or call 12345.",
            )
            .into();
        declined.ask = ask(AskKind::Appeal);

        vec![
            ("rate", rate),
            ("fresh", fresh),
            ("undated", undated),
            ("late", late),
            ("closed", closed),
            ("declined", declined),
        ]
    }
}
