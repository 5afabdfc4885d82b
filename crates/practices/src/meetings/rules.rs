//! What a meeting and its decisions may be, and what follows from a decision. Pure.

use commons::{
    directory::Directory,
    people::{Body, BodyId, HoldingId},
    place::PlaceId,
};
use kernel::{Lang, Problem, Result, Timestamp, time::DAY_MS};

use crate::problems::{CLOSED, MEETING_DAY, NOT_HELD, UNKNOWN_KIND};

/// How far from today a meeting may lie, ahead or back.
pub const AWAY_DAYS_MAX: i64 = 366;

/// How far a meeting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已召集: called, not held.
    Called,
    /// 已开会: held; its record is being written.
    Held,
    /// 已结束: its record is final.
    Closed,
}

impl Status {
    /// Its word in rows and answers.
    pub fn word(self) -> &'static str {
        match self {
            Status::Called => "called",
            Status::Held => "held",
            Status::Closed => "closed",
        }
    }

    /// Its word for people.
    pub fn says(self, lang: Lang) -> &'static str {
        match self {
            Status::Called => lang.pick("已召集", "called"),
            Status::Held => lang.pick("已开会", "held"),
            Status::Closed => lang.pick("已结束", "closed"),
        }
    }
}

/// What follows from a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// 交办: somebody does it; moves the case or opens one.
    #[default]
    HandOver,
    /// 当场答复: the asker is answered.
    Answer,
    /// 不办: the asker is told why and where to go.
    Decline,
    /// 说明: nothing is to be done, and here is why.
    Explain,
    /// 继续议: it is talked over again.
    Keep,
}

impl DecisionKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [DecisionKind; 5] = [Self::HandOver, Self::Answer, Self::Decline, Self::Explain, Self::Keep];

    /// Its word in rows and answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::Answer => "answer",
            Self::Decline => "decline",
            Self::Explain => "explain",
            Self::Keep => "keep",
        }
    }

    /// Its word for people.
    pub fn says(self, lang: Lang) -> &'static str {
        match self {
            Self::HandOver => lang.pick("交办", "hand over"),
            Self::Answer => lang.pick("当场答复", "answer now"),
            Self::Decline => lang.pick("不办", "decline"),
            Self::Explain => lang.pick("说明", "explain"),
            Self::Keep => lang.pick("继续议", "talk on"),
        }
    }

    /// A kind by its word, in either language.
    ///
    /// # Errors
    /// 422.37.
    pub fn read(word: &str) -> Result<Self> {
        let wanted = word.trim();
        let fits = |kind: &Self| [kind.word(), kind.says(Lang::Zh), kind.says(Lang::En)].contains(&wanted);
        Self::ALL.into_iter().find(fits).ok_or_else(|| {
            let choices = Self::ALL.map(|kind| kind.says(Lang::Zh)).join("、");
            Problem::new(&UNKNOWN_KIND).with("kind", wanted).with("choices", choices)
        })
    }
}

/// Who is to act: a body, or somebody in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// An organisation.
    Body(BodyId),
    /// Somebody in a post.
    Holding(HoldingId),
}

impl Who {
    /// The body with this id or name nearest to a place, or the holder of this service name.
    pub fn find(directory: &Directory, wanted: &str, place: &PlaceId, now: Timestamp) -> Option<Self> {
        let wanted = wanted.trim();
        let by_id = wanted.parse::<BodyId>().ok().filter(|id| directory.bodies.contains_key(id));
        let body = by_id.or_else(|| directory.body_named(wanted, Some(place)).map(|body| body.id));
        let holder =
            || directory.holdings.values().find(|h| h.display == wanted && h.valid_at(now)).map(|h| Who::Holding(h.id));
        body.map(Who::Body).or_else(holder)
    }

    /// Its name.
    pub fn name(self, directory: &Directory) -> String {
        match self {
            Who::Body(id) => directory.bodies.get(&id).map(|body| body.name.clone()),
            Who::Holding(id) => directory.holdings.get(&id).map(|holding| holding.display.clone()),
        }
        .unwrap_or_default()
    }
}

/// Who was there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Present {
    /// A body or post-holder.
    Known(Who),
    /// A group by a word that names nobody; 0 when nobody counted.
    Group(String, i64),
}

/// Words for groups and organisations that name nobody.
const GROUP_WORDS: &[&str] = &[
    "居民",
    "居民代表",
    "村民",
    "村民代表",
    "业主",
    "业主代表",
    "租户",
    "群众",
    "群众代表",
    "党员",
    "党员代表",
    "流动党员",
    "商户",
    "商户代表",
    "志愿者",
    "骨干",
    "楼道长",
    "网格员",
    "微网格员",
    "网格力量",
    "老人",
    "青年",
    "家长",
    "乡贤",
    "智囊团",
    "党支部",
    "支部",
    "网格党支部",
    "小区党支部",
    "党委",
    "党工委",
    "两委",
    "两委干部",
    "社区",
    "社区干部",
    "村干部",
    "居委会",
    "村委会",
    "业委会",
    "业主委员会",
    "物管会",
    "物业",
    "物业公司",
    "三方办",
    "街道",
    "部门",
    "派出所",
    "城管",
    "学校",
    "企业",
    "社会组织",
    "residents",
    "owners",
    "shops",
    "party members",
];

/// The group under which names of residents are counted.
pub const RESIDENTS: &str = "居民";

/// Reads who was present: entries that name nobody private, and the names of residents.
pub fn present(
    directory: &Directory,
    entries: &[String],
    place: &PlaceId,
    now: Timestamp,
) -> (Vec<Present>, Vec<String>) {
    let (mut out, mut names) = (Vec::new(), Vec::new());
    let parts = entries.iter().flat_map(|entry| entry.split(['、', ',', '，', ';', '；', '\n']));
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let (word, count) = counted(part);
        let is_group = |word: &str| {
            GROUP_WORDS.contains(&word) || directory.posts.values().any(|post| post.zh == word || post.en == word)
        };
        if let Some(who) = Who::find(directory, part, place, now) {
            out.push(Present::Known(who));
        } else if is_group(word) {
            out.push(Present::Group(word.to_owned(), count.unwrap_or(0)));
        } else {
            names.push(part.to_owned());
        }
    }
    if !names.is_empty() {
        out.push(Present::Group(RESIDENTS.to_owned(), i64::try_from(names.len()).unwrap_or(i64::MAX)));
    }
    (out, names)
}

/// `居民代表 6 人` as its word and number.
fn counted(part: &str) -> (&str, Option<i64>) {
    let bare = part.trim_end_matches(['人', '名', '位', '户', '家']).trim_end();
    let word = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    match bare[word.len()..].parse::<i64>() {
        Ok(count) => (word.trim_end(), Some(count)),
        Err(_) => (part, None),
    }
}

/// The party organisation that calls a meeting of this kind at a place when none is named: that of
/// the place itself, else the nearest above. None for a kind that is not a party organisation's.
pub fn party_caller<'d>(directory: &'d Directory, kind: &str, place: &PlaceId) -> Option<&'d Body> {
    if !["党支部", "支部", "党委"].iter().any(|word| kind.contains(word)) {
        return None;
    }
    directory
        .chain(place)
        .into_iter()
        .find_map(|at| directory.bodies.values().find(|body| body.party && body.place == at.id))
}

/// When a meeting is held.
///
/// # Errors
/// 422.31.
pub fn moment(at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp> {
    let at = at.unwrap_or(now);
    if (at.ms() - now.ms()).abs() > AWAY_DAYS_MAX * DAY_MS {
        return Err(Problem::new(&MEETING_DAY).with("days", AWAY_DAYS_MAX));
    }
    Ok(at)
}

/// Checks that a record can be written: the meeting has been held and is not closed.
///
/// # Errors
/// 422.32, 422.33.
pub fn writable(status: Status, held_at: Timestamp, now: Timestamp, action: &str) -> Result<()> {
    match status {
        Status::Closed => Err(Problem::new(&CLOSED)),
        Status::Called if held_at > now => Err(Problem::new(&NOT_HELD).with("action", action)),
        Status::Called | Status::Held => Ok(()),
    }
}

/// The moves of a case that a decision makes, in order. `handed_here`: this meeting handed the
/// case over already, so that whoever is named now helps and does not replace the first.
pub fn moves(kind: DecisionKind, state: &str, handed_here: bool) -> &'static [&'static str] {
    let fresh = matches!(state, "reported" | "checking");
    match kind {
        DecisionKind::HandOver if fresh => &["file", "dispatch"],
        DecisionKind::HandOver if handed_here && state == "handling" => &["assist"],
        DecisionKind::HandOver => &["dispatch"],
        DecisionKind::Answer | DecisionKind::Explain if state == "checking" => &["file", "answer_now"],
        DecisionKind::Answer => &["answer_now"],
        DecisionKind::Explain if matches!(state, "reported" | "filed") => &["answer_now"],
        // What is in hand already stays so; the explanation stands in the meeting's record.
        DecisionKind::Explain => &[],
        DecisionKind::Decline => &["decline"],
        DecisionKind::Keep => &["deliberate"],
    }
}

/// What the asker and those who do it read as the reason: the meeting, its words, who leads, does and watches, by when.
pub fn sentence(
    kind: &str,
    text: &str,
    lead: Option<&str>,
    performers: &str,
    supervisor: Option<&str>,
    until: Option<&str>,
) -> String {
    let roles: Vec<String> = [
        lead.map(|name| format!("{name}牵头")),
        (!performers.is_empty()).then(|| format!("{performers}承办")),
        supervisor.map(|name| format!("{name}监督")),
        until.map(|day| format!("{day}前办好")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let text = text.trim_end_matches(['。', '.', '；', '，']);
    if roles.is_empty() {
        format!("{kind}定下：{text}")
    } else {
        format!("{kind}定下：{text}（{}）", roles.join("，"))
    }
}
