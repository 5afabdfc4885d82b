//! What a loaded pack holds: plain owned data, checked, base and overrides already merged.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Lang,
    time::{Date, HolidayYear, Limit, TimeError, WorkCalendar, WorkHours},
};
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in a language.
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// A district's configuration: its own files over those of its base.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pack {
    /// Name, clock, limits.
    pub meta: Meta,
    /// Levels of the place tree, from the widest.
    pub levels: Vec<Level>,
    /// Posts that people hold.
    pub posts: Vec<Post>,
    /// Roles: named bundles of permissions.
    pub roles: Vec<Role>,
    /// Every permission word that roles may use.
    pub permissions: Vec<Permission>,
    /// How a place of a level is staffed; at most one template a level.
    pub teams: Vec<TeamTemplate>,
    /// The catalogue of everyday items.
    pub items: Vec<Item>,
    /// Bodies.
    pub bodies: Vec<BodyRow>,
    /// Places, parents before children; empty for a pack that is only a base.
    pub places: Vec<PlaceRow>,
    /// Which body acts on what, where.
    pub duties: Vec<DutyRow>,
    /// Invented people; demo packs only.
    pub people: Vec<PersonRow>,
    /// Who holds which post.
    pub holdings: Vec<HoldingRow>,
    /// Accounts of invented people; demo packs only. Passwords never stand in files.
    pub accounts: Vec<AccountRow>,
    /// Flow tables by file stem (`case`, `task`): (path, TOML text). `cases::flow` reads them.
    pub flows: BTreeMap<String, (String, String)>,
    /// Texts by dotted key.
    pub texts: BTreeMap<String, Text>,
    /// Holidays and make-up work-days by year.
    pub calendars: BTreeMap<i16, HolidayYear>,
    /// Column mappings of other systems' exports by file stem: (path, TOML text). `protocols::sheets` reads them.
    pub imports: BTreeMap<String, (String, String)>,
    /// Files of `forms/`, `rules/`, `standings/` by path, for the practices that read them.
    pub others: BTreeMap<String, String>,
}

/// What `pack.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meta {
    /// Folder name and first part of every address: `linping`.
    pub id: String,
    /// Name in Chinese: 临平区.
    pub name_zh: String,
    /// Name in English: Linping.
    pub name_en: String,
    /// Prefix of case numbers, 2-6 capital letters: `LP`.
    pub short: String,
    /// County code by GB/T 2260, six digits; empty outside China.
    pub code: String,
    /// The pack it inherits from.
    pub base: Option<String>,
    /// IANA time zone.
    pub timezone: String,
    /// `china`: holidays by year as data; `none`: Monday to Friday.
    pub holidays: String,
    /// Work hours where a body has none of its own.
    pub hours: WorkHours,
    /// Languages offered, the first is the default.
    pub languages: Vec<String>,
    /// True when people and events in it are invented.
    pub demo: bool,
    /// A point closer than this to another place's boundary is told so, in metres.
    pub near_boundary_metres: u32,
    /// Days after which silence closes a case as not rated.
    pub ask_days: u32,
    /// Days in which the asker may reopen a closed case.
    pub reopen_days: u32,
    /// Limit to take a matter up when its item says nothing.
    pub accept_default: Limit,
    /// Limit to do it when its item says nothing.
    pub handle_default: Limit,
    /// Limit to go and look.
    pub check_default: Limit,
    /// Limit to acknowledge a task; silence past it counts as acknowledged.
    pub acknowledge_default: Limit,
    /// Limit to verify what was reported done.
    pub verify_default: Limit,
    /// First and last year for which holidays must be there; `None` when `holidays` is `none`.
    pub calendar_years: Option<(i16, i16)>,
    /// What a reader should know, by word: `synthetic`, `retention` …
    pub notes: BTreeMap<String, Text>,
    /// Where data of the pack comes from.
    pub attribution: Vec<Attribution>,
}

/// Source and terms of data that a pack ships.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// Which data.
    pub what: String,
    /// Whose.
    pub source: String,
    /// Under which terms.
    pub licence: String,
}

/// A level of the place tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// `district`, `township`, `community`, `grid`, `micro_grid`, `site`.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Wider levels have smaller ranks; a child's rank is larger than its parent's.
    pub rank: u32,
    /// Digits of a code at this level (6, 9, 12 by the statistics code, 15, 17); 0: the parent's code, `-`, and a word.
    #[serde(default)]
    pub digits: u32,
}

/// A post that a person holds at a place or in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Identifier: `grid_head`.
    pub id: String,
    /// Title in Chinese: 网格长.
    pub zh: String,
    /// Title in English.
    pub en: String,
    /// The role whose permissions it gives.
    pub role: String,
    /// Levels of places at which it may be held.
    #[serde(default)]
    pub levels: Vec<String>,
    /// True when it may be held in a body.
    #[serde(default)]
    pub in_body: bool,
    /// Place in the order in which a place's posts own a case, 1 first; none: never owns.
    #[serde(default)]
    pub owns: Option<u32>,
    /// Usual length of a term in years.
    #[serde(default)]
    pub term_years: Option<u32>,
}

/// A named bundle of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Role {
    /// Identifier.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Permission words.
    pub permissions: BTreeSet<String>,
}

/// A permission word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The word: `case.dispatch`.
    pub word: String,
    /// What it lets somebody do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// How a place of a level is staffed, such as 1+3+N.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamTemplate {
    /// Identifier: `1+3+N`.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The level of the places it is for.
    pub level: String,
    /// Which posts, how many.
    pub parts: Vec<TeamPart>,
    /// How much one officer carries.
    #[serde(default)]
    pub load: Option<TeamLoad>,
}

/// One post of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamPart {
    /// The post.
    pub post: String,
    /// Fewer is a vacancy.
    pub min: u32,
    /// More is a mistake; none: no upper end (the N).
    #[serde(default)]
    pub max: Option<u32>,
}

/// How much one holder of a post should carry; outside it is flagged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamLoad {
    /// What is counted: `households`.
    pub unit: String,
    /// Among whose holders it is shared.
    pub post: String,
    /// Below it the load is low.
    pub low: u32,
    /// Above it the load is high.
    pub high: u32,
}

/// What a matter may be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Stable code.
    pub code: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Class; its name is the text `class.{class}`.
    pub class: String,
    /// Where it applies: `any`, `estate`, `street`, `village` …
    pub place_class: String,
    /// Until when it must be taken up, from the report.
    pub accept: Limit,
    /// Until when it must be done, from the dispatch.
    pub handle: Limit,
    /// When it is taken on, in plain words.
    pub filing: Text,
    /// What must be true before it counts as done, in plain Chinese words; at least one.
    pub closing_standard: Vec<String>,
    /// The same in English, as many.
    pub closing_standard_en: Vec<String>,
    /// Photos that closing needs: `none`, `after`, `before_after`.
    pub evidence: String,
    /// False when place and progress are nobody else's business.
    pub public: bool,
    /// Kind of body that usually acts.
    pub duty_kind: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BodyRow {
    /// Identifier within the pack.
    pub id: String,
    /// Name.
    pub name: String,
    /// One of [`super::BODY_KINDS`].
    pub kind: String,
    /// The body above it.
    pub parent: Option<String>,
    /// Code of the place where it works.
    pub place: String,
    /// True for a party organisation: may call meetings, take the lead, hand over.
    pub party: bool,
    /// How to reach it, as published.
    pub contact: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceRow {
    /// Statistics code with its extension, or a made-up one at levels without digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level.
    pub level: String,
    /// Code of the place above; none for the root.
    pub parent: Option<String>,
    /// Other names in use, and former codes.
    pub aliases: Vec<String>,
    /// Since when; none: always.
    pub valid_from: Option<Date>,
    /// Until when; none: still.
    pub valid_to: Option<Date>,
    /// Households, where known.
    pub households: Option<u32>,
    /// A GeoJSON geometry in WGS-84.
    pub boundary: Option<String>,
    /// True when its boundary is invented for demonstration.
    pub synthetic: bool,
    /// Empty, or what it is at its level: `estate`, `site`, `market` …
    pub kind: String,
}

/// Which body acts on what, where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DutyRow {
    /// Item code, class, or `*`.
    pub item: String,
    /// Code of the root of the places it covers.
    pub place: String,
    /// Body id.
    pub body: String,
    /// `lead` or `assist`.
    pub part: String,
}

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRow {
    /// Identifier within the pack.
    pub id: String,
    /// The public name in service: 周网格员.
    pub display: String,
    /// An invented full name.
    pub name: String,
    /// An obviously invented number, 199 0000 xxxx.
    pub phone: Option<String>,
}

/// A person in a post at a place or in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldingRow {
    /// Person id.
    pub person: String,
    /// Post id.
    pub post: String,
    /// Place code; or
    pub place: Option<String>,
    /// body id.
    pub body: Option<String>,
    /// 0 for the holder, 1 and up for deputies in order.
    pub rank: u32,
    /// Since when; none: always.
    pub from: Option<Date>,
    /// Until when; none: still.
    pub to: Option<Date>,
    /// Hours of presence on work days: `09:00-11:30,14:00-17:00`.
    pub hours: Option<String>,
    /// Where to find them: 悦贤里活动室.
    #[serde(rename = "where")]
    pub station: Option<String>,
}

/// An account of an invented person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// What is typed at sign-in.
    pub account: String,
    /// Person id.
    pub person: String,
}

impl Pack {
    /// The work calendar of the district.
    ///
    /// # Errors
    /// An unknown zone or years that contradict themselves; a loaded pack has neither.
    pub fn calendar(&self) -> Result<WorkCalendar, TimeError> {
        let Meta { timezone, hours, holidays, .. } = &self.meta;
        match holidays.as_str() {
            "none" => WorkCalendar::plain(timezone, hours.clone()),
            _ => WorkCalendar::new(timezone, hours.clone(), self.calendars.values().cloned()),
        }
    }

    /// True when it has places and can be enabled; a base has none.
    pub fn is_district(&self) -> bool {
        !self.places.is_empty()
    }

    /// A post by id or by its Chinese title.
    pub fn post(&self, wanted: &str) -> Option<&Post> {
        self.posts.iter().find(|p| p.id == wanted || p.zh == wanted)
    }

    /// A role by id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|r| r.id == id)
    }

    /// A level by id.
    pub fn level(&self, id: &str) -> Option<&Level> {
        self.levels.iter().find(|l| l.id == id)
    }

    /// An item by code or name.
    pub fn item(&self, wanted: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.code == wanted || i.zh == wanted || i.en == wanted)
    }

    /// A text by its dotted key.
    pub fn text(&self, key: &str, lang: Lang) -> Option<&str> {
        self.texts.get(key).map(|text| text.pick(lang))
    }
}
