//! What must hold over a pack and its bases together: every name means something, every rule has
//! what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    fault::{
        BODY_CYCLE, BODY_UNKNOWN, CALENDAR_YEAR, CLASS_UNNAMED, Faults, HOLDING_LEVEL, ITEM_UNKNOWN, LEVEL_UNKNOWN,
        META_MISSING, NOT_DEMO, PERMISSION_UNKNOWN, PERSON_UNKNOWN, PLACE_UNKNOWN, POST_UNKNOWN, ROLE_UNKNOWN, Spot,
        TEAM_LEVEL,
    },
    layer::{At, Layer, MetaLayer},
    place_check,
    rows::once,
    types::{Meta, Pack, Post},
};

/// Checks a merged layer and makes the pack of it; `None` only after a fault.
pub(super) fn checked(mut layer: Layer, faults: &mut Faults) -> Option<Pack> {
    let meta = meta(&layer.meta, faults);
    let names = Names::of(&layer);
    names.posts_and_roles(&layer, faults);
    names.items(&layer, faults);
    names.bodies(&layer, faults);
    names.people(&layer, faults);
    place_check::places(&mut layer, faults);
    parents_first(&mut layer);
    if let Some(meta) = &meta {
        calendars(meta, &layer, faults);
        if !meta.demo {
            let people = layer.people.first().map(|p| &p.spot);
            for spot in people.into_iter().chain(layer.accounts.first().map(|a| &a.spot)) {
                faults.add(&NOT_DEMO, spot, &[]);
            }
        }
    }
    Some(Pack {
        meta: meta?,
        levels: plain(layer.levels),
        posts: plain(layer.posts),
        roles: layer.roles.into_iter().map(|r| r.value.role).collect(),
        permissions: plain(layer.permissions),
        teams: plain(layer.teams),
        items: plain(layer.items),
        bodies: plain(layer.bodies),
        places: plain(layer.places),
        duties: plain(layer.duties),
        people: plain(layer.people),
        holdings: plain(layer.holdings),
        accounts: plain(layer.accounts),
        flows: layer.flows,
        texts: plain(layer.texts).into_iter().collect(),
        calendars: plain(layer.calendars).into_iter().map(|year| (year.year, year)).collect(),
        imports: layer.imports,
        others: layer.others,
    })
}

fn plain<T>(list: Vec<At<T>>) -> Vec<T> {
    list.into_iter().map(|at| at.value).collect()
}

/// Puts each body after the one above it, else in the order of the file.
fn parents_first(layer: &mut Layer) {
    let above: BTreeMap<String, String> =
        layer.bodies.iter().filter_map(|b| Some((b.value.id.clone(), b.value.parent.clone()?))).collect();
    let most = layer.bodies.len();
    layer
        .bodies
        .sort_by_cached_key(|b| std::iter::successors(above.get(&b.value.id), |id| above.get(*id)).take(most).count());
}

/// The pack's own name and nature, and the nearest base's word on everything else.
fn meta(layers: &[MetaLayer], faults: &mut Faults) -> Option<Meta> {
    let own = layers.last()?;
    let mut lacking = |what: &str| faults.add(&META_MISSING, &own.spot, &[("what", what)]);
    macro_rules! nearest {
        ($field:ident) => {{
            let found = layers.iter().rev().find_map(|l| l.$field.clone());
            if found.is_none() {
                lacking(stringify!($field));
            }
            found
        }};
    }
    let name = own.name.clone();
    if name.is_none() {
        lacking("name");
    }
    if own.short.is_none() {
        lacking("short");
    }
    let holidays = nearest!(holidays);
    let calendar_years = match holidays.as_deref() {
        Some("china") => Some(nearest!(calendar_years)?),
        _ => None,
    };
    let timezone = nearest!(timezone);
    let (hours, languages) = (nearest!(hours), nearest!(languages));
    let (near_boundary_metres, ask_days, reopen_days) =
        (nearest!(near_boundary_metres), nearest!(ask_days), nearest!(reopen_days));
    let (accept_default, handle_default) = (nearest!(accept_default), nearest!(handle_default));
    let (check_default, verify_default) = (nearest!(check_default), nearest!(verify_default));
    let acknowledge_default = nearest!(acknowledge_default);
    let name = name?;
    Some(Meta {
        id: own.id.value.clone(),
        name_zh: name.zh,
        name_en: name.en,
        short: own.short.clone()?,
        code: own.code.clone().unwrap_or_default(),
        base: own.base.as_ref().map(|b| b.value.clone()),
        timezone: timezone?.value,
        holidays: holidays?,
        hours: hours?,
        languages: languages?,
        demo: own.demo.unwrap_or(false),
        near_boundary_metres: near_boundary_metres?,
        ask_days: ask_days?,
        reopen_days: reopen_days?,
        accept_default: accept_default?,
        handle_default: handle_default?,
        check_default: check_default?,
        acknowledge_default: acknowledge_default?,
        verify_default: verify_default?,
        calendar_years,
        notes: layers.iter().flat_map(|l| l.notes.clone()).collect(),
        attribution: layers.iter().flat_map(|l| l.attribution.clone()).collect(),
    })
}

fn calendars(meta: &Meta, layer: &Layer, faults: &mut Faults) {
    let Some((first, last)) = meta.calendar_years else {
        return;
    };
    let years: BTreeSet<i16> = layer.calendars.iter().map(|c| c.value.year).collect();
    let spot = layer.meta.iter().rev().find(|m| m.calendar_years.is_some()).map(|m| &m.spot);
    for (year, spot) in (first..=last).filter(|y| !years.contains(y)).zip(spot.into_iter().cycle()) {
        faults.add(&CALENDAR_YEAR, spot, &[("what", &year.to_string())]);
    }
}

/// What is known by name.
struct Names<'a> {
    levels: BTreeSet<&'a str>,
    posts: BTreeMap<&'a str, &'a Post>,
    bodies: BTreeMap<&'a str, Option<&'a str>>,
    places: BTreeMap<&'a str, &'a str>,
    people: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(layer: &'a Layer) -> Names<'a> {
        Names {
            levels: layer.levels.iter().map(|l| l.value.id.as_str()).collect(),
            posts: layer.posts.iter().map(|p| (p.value.id.as_str(), &p.value)).collect(),
            bodies: layer.bodies.iter().map(|b| (b.value.id.as_str(), b.value.parent.as_deref())).collect(),
            places: layer.places.iter().map(|p| (p.value.code.as_str(), p.value.level.as_str())).collect(),
            people: layer.people.iter().map(|p| p.value.id.as_str()).collect(),
        }
    }

    fn level(&self, level: &str, spot: &Spot, faults: &mut Faults) {
        if !self.levels.contains(level) {
            let known: Vec<&str> = self.levels.iter().copied().collect();
            faults.add(&LEVEL_UNKNOWN, spot, &[("what", level), ("known", &known.join(", "))]);
        }
    }

    fn post(&self, post: &str, spot: &Spot, faults: &mut Faults) -> Option<&'a Post> {
        let found = self.posts.get(post).copied();
        if found.is_none() {
            faults.add(&POST_UNKNOWN, spot, &[("what", post)]);
        }
        found
    }

    fn place(&self, code: &str, spot: &Spot, faults: &mut Faults) -> Option<&'a str> {
        let found = self.places.get(code).copied();
        if found.is_none() {
            faults.add(&PLACE_UNKNOWN, spot, &[("what", code)]);
        }
        found
    }

    fn body(&self, id: &str, spot: &Spot, faults: &mut Faults) {
        if !self.bodies.contains_key(id) {
            faults.add(&BODY_UNKNOWN, spot, &[("what", id)]);
        }
    }

    fn posts_and_roles(&self, layer: &Layer, faults: &mut Faults) {
        let roles: BTreeSet<&str> = layer.roles.iter().map(|r| r.value.role.id.as_str()).collect();
        let words: BTreeSet<&str> = layer.permissions.iter().map(|p| p.value.word.as_str()).collect();
        for word in layer.roles.iter().flat_map(|r| &r.value.words).filter(|w| !words.contains(w.value.as_str())) {
            faults.add(&PERMISSION_UNKNOWN, &word.spot, &[("what", &word.value)]);
        }
        for At { value: post, spot } in &layer.posts {
            if !roles.contains(post.role.as_str()) {
                faults.add(&ROLE_UNKNOWN, spot, &[("what", &post.role)]);
            }
            for level in &post.levels {
                self.level(level, spot, faults);
            }
        }
        let mut staffed = BTreeSet::new();
        for At { value: team, spot } in &layer.teams {
            self.level(&team.level, spot, faults);
            if !staffed.insert(&team.level) {
                faults.add(&TEAM_LEVEL, spot, &[("what", &team.level)]);
            }
            for post in team.parts.iter().map(|p| &p.post).chain(team.load.iter().map(|l| &l.post)) {
                self.post(post, spot, faults);
            }
        }
    }

    fn items(&self, layer: &Layer, faults: &mut Faults) {
        let texts: BTreeSet<&str> = layer.texts.iter().map(|t| t.value.0.as_str()).collect();
        let mut classes = BTreeMap::new();
        for item in &layer.items {
            classes.entry(item.value.class.as_str()).or_insert(&item.spot);
        }
        for (class, spot) in &classes {
            if !texts.contains(format!("class.{class}").as_str()) {
                faults.add(&CLASS_UNNAMED, spot, &[("what", class)]);
            }
        }
        let codes: BTreeSet<&str> = layer.items.iter().map(|i| i.value.code.as_str()).collect();
        for At { value: duty, spot } in &layer.duties {
            let item = duty.item.as_str();
            if item != "*" && !codes.contains(item) && !classes.contains_key(item) {
                faults.add(&ITEM_UNKNOWN, spot, &[("what", item)]);
            }
            self.body(&duty.body, spot, faults);
            self.place(&duty.place, spot, faults);
        }
    }

    fn bodies(&self, layer: &Layer, faults: &mut Faults) {
        for At { value: body, spot } in &layer.bodies {
            self.place(&body.place, spot, faults);
            if let Some(parent) = &body.parent {
                self.body(parent, spot, faults);
            }
            let above = |id: &&str| self.bodies.get(*id).copied().flatten();
            let mut chain = std::iter::successors(above(&body.id.as_str()), above).take(self.bodies.len() + 1);
            if chain.any(|id| id == body.id) {
                faults.add(&BODY_CYCLE, spot, &[("what", &body.id)]);
            }
        }
        // A case names its bodies by name: two of a name at one place could not be told apart.
        once(layer.bodies.iter().map(|b| (format!("{} {}", b.value.place, b.value.name), &b.spot)), faults);
    }

    fn people(&self, layer: &Layer, faults: &mut Faults) {
        let person = |id: &str, spot: &Spot, faults: &mut Faults| {
            if !self.people.contains(id) {
                faults.add(&PERSON_UNKNOWN, spot, &[("what", id)]);
            }
        };
        for At { value: holding, spot } in &layer.holdings {
            person(&holding.person, spot, faults);
            let post = self.post(&holding.post, spot, faults);
            if let Some(body) = &holding.body {
                self.body(body, spot, faults);
                if let Some(post) = post.filter(|post| !post.in_body) {
                    faults.add(&HOLDING_LEVEL, spot, &[("post", &post.id), ("what", body)]);
                }
            }
            if let Some(code) = &holding.place
                && let Some(level) = self.place(code, spot, faults)
                && let Some(post) = post.filter(|post| !post.levels.iter().any(|l| l == level))
            {
                faults.add(&HOLDING_LEVEL, spot, &[("post", &post.id), ("what", code)]);
            }
        }
        for At { value: account, spot } in &layer.accounts {
            person(&account.person, spot, faults);
        }
    }
}
