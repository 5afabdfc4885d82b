//! One folder's worth of a pack, every piece with the line it stands on, and how layers are laid
//! over each other.

use std::{collections::BTreeMap, sync::Arc};

use kernel::time::{HolidayYear, Limit, WorkHours};

use super::{
    fault::Spot,
    types::{
        AccountRow, Attribution, BodyRow, DutyRow, HoldingRow, Item, Level, Permission, PersonRow, PlaceRow, Post,
        Role, TeamTemplate, Text,
    },
};

/// A piece of a pack and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub value: T,
    pub spot: Spot,
}

/// `pack.toml` as written; what is not said is inherited.
#[derive(Debug, Clone)]
pub(super) struct MetaLayer {
    pub spot: Spot,
    pub id: At<String>,
    pub base: Option<At<String>>,
    pub name: Option<Text>,
    pub short: Option<String>,
    pub code: Option<String>,
    pub timezone: Option<At<String>>,
    pub holidays: Option<String>,
    pub hours: Option<WorkHours>,
    pub languages: Option<Vec<String>>,
    pub demo: Option<bool>,
    pub near_boundary_metres: Option<u32>,
    pub ask_days: Option<u32>,
    pub reopen_days: Option<u32>,
    pub accept_default: Option<Limit>,
    pub handle_default: Option<Limit>,
    pub check_default: Option<Limit>,
    pub acknowledge_default: Option<Limit>,
    pub verify_default: Option<Limit>,
    pub calendar_years: Option<(i16, i16)>,
    pub without: Vec<String>,
    pub notes: BTreeMap<String, Text>,
    pub attribution: Vec<Attribution>,
}

/// A place's row and boundary, each with its own spot.
#[derive(Debug, Clone)]
pub(super) struct Boundary {
    pub code: String,
    pub geometry: String,
}

/// A role with the line of each permission word.
#[derive(Debug, Clone)]
pub(super) struct RoleLayer {
    pub role: Role,
    pub words: Vec<At<String>>,
}

/// A raw file: its path and its text.
pub(super) type Raw = (String, String);

/// One folder, or several merged.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub meta: Vec<MetaLayer>,
    pub levels: Vec<At<Level>>,
    pub posts: Vec<At<Post>>,
    pub roles: Vec<At<RoleLayer>>,
    pub permissions: Vec<At<Permission>>,
    pub teams: Vec<At<TeamTemplate>>,
    pub items: Vec<At<Item>>,
    pub bodies: Vec<At<BodyRow>>,
    pub places: Vec<At<PlaceRow>>,
    pub boundaries: Vec<At<Boundary>>,
    pub duties: Vec<At<DutyRow>>,
    pub people: Vec<At<PersonRow>>,
    pub holdings: Vec<At<HoldingRow>>,
    pub accounts: Vec<At<AccountRow>>,
    pub texts: Vec<At<(String, Text)>>,
    pub calendars: Vec<At<HolidayYear>>,
    pub flows: BTreeMap<String, Raw>,
    pub imports: BTreeMap<String, Raw>,
    pub others: BTreeMap<String, String>,
}

/// Parts of a base that `without` may leave behind.
pub(super) const PARTS: &[&str] = &[
    "levels",
    "posts",
    "roles",
    "teams",
    "items",
    "bodies",
    "places",
    "duties",
    "people",
    "holdings",
    "accounts",
    "texts",
    "calendars",
    "flows",
    "imports",
];

impl Layer {
    /// Lays another layer over this one: what has the same key is replaced in its place, the rest added.
    pub fn put(&mut self, over: Layer) {
        for part in over.meta.iter().flat_map(|m| &m.without) {
            self.drop_part(part);
        }
        self.meta.extend(over.meta);
        lay(&mut self.levels, over.levels, |l| l.id.clone());
        lay(&mut self.posts, over.posts, |p| p.id.clone());
        lay(&mut self.roles, over.roles, |r| r.role.id.clone());
        lay(&mut self.permissions, over.permissions, |p| p.word.clone());
        // A level has one team: the district's own replaces the base's whatever it is called.
        lay(&mut self.teams, over.teams, |t| t.level.clone());
        lay(&mut self.items, over.items, |i| i.code.clone());
        lay(&mut self.bodies, over.bodies, |b| b.id.clone());
        lay(&mut self.places, over.places, |p| p.code.clone());
        lay(&mut self.boundaries, over.boundaries, |b| b.code.clone());
        lay(&mut self.duties, over.duties, Clone::clone);
        lay(&mut self.people, over.people, |p| p.id.clone());
        lay(&mut self.holdings, over.holdings, |h| (h.person.clone(), h.post.clone(), h.place.clone(), h.body.clone()));
        lay(&mut self.accounts, over.accounts, |a| a.account.clone());
        lay(&mut self.texts, over.texts, |(key, _)| key.clone());
        lay(&mut self.calendars, over.calendars, |c| c.year);
        self.flows.extend(over.flows);
        self.imports.extend(over.imports);
        self.others.extend(over.others);
    }

    fn drop_part(&mut self, part: &str) {
        match part {
            "levels" => self.levels.clear(),
            "posts" => self.posts.clear(),
            "roles" => self.roles.clear(),
            "teams" => self.teams.clear(),
            "items" => self.items.clear(),
            "bodies" => self.bodies.clear(),
            "places" => (self.places.clear(), self.boundaries.clear()).0,
            "duties" => self.duties.clear(),
            "people" => self.people.clear(),
            "holdings" => self.holdings.clear(),
            "accounts" => self.accounts.clear(),
            "texts" => self.texts.clear(),
            "calendars" => self.calendars.clear(),
            "flows" => self.flows.clear(),
            "imports" => self.imports.clear(),
            _ => unreachable!("words of `without` are checked when it is read"),
        }
    }
}

fn lay<T, K: Ord>(under: &mut Vec<At<T>>, over: Vec<At<T>>, key: impl Fn(&T) -> K) {
    if under.is_empty() {
        *under = over;
        return;
    }
    let places: BTreeMap<K, usize> = under.iter().enumerate().map(|(i, at)| (key(&at.value), i)).collect();
    for at in over {
        match places.get(&key(&at.value)) {
            Some(&i) => under[i] = at,
            None => under.push(at),
        }
    }
}

/// A file of a layer: its name for faults and its text.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub file: Arc<str>,
    pub path: String,
    pub text: String,
}

impl Source {
    /// The spot of a byte of the text.
    pub fn spot(&self, byte: usize) -> Spot {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        self.line(line)
    }

    /// The spot of a line.
    pub fn line(&self, line: usize) -> Spot {
        Spot { file: self.file.clone(), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }
}
