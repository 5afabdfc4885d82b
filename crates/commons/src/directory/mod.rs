//! A district as it stands today, in memory: places, people, catalogue, calendar, boundaries.
//!
//! Built from the database and the pack, immutable, swapped whole when something changes. Rules
//! ask it; nothing here asks the database. What belongs in it is small and read all the time.

mod build;
mod locate;
mod store;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kernel::{
    Lang, Problem, Result, Timestamp,
    access::{Actor, Grant},
    id::{AccountId, PersonId},
    problem::NOT_FOUND,
    time::WorkCalendar,
};

use crate::{
    catalogue::{Duty, Item},
    geometry::LocateIndex,
    pack::{Pack, Post},
    people::{Body, BodyId, Holding, HoldingId, rules},
    place::{Place, PlaceId},
};

pub use build::build;
pub use locate::Located;
pub use store::{STATEMENTS, version};

/// One district, today.
pub struct Directory {
    /// The district's id, as in its path.
    pub district: String,
    /// Counts changes; a newer one replaces this.
    pub version: i64,
    /// Its pack.
    pub pack: Arc<Pack>,
    /// Its work calendar.
    pub calendar: WorkCalendar,
    /// Places that stand now.
    pub places: BTreeMap<PlaceId, Place>,
    /// Bodies that stand now.
    pub bodies: BTreeMap<BodyId, Body>,
    /// Holdings, past ones too: history names people by the service name of their time.
    pub holdings: BTreeMap<HoldingId, Holding>,
    /// Items by code.
    pub items: BTreeMap<String, Item>,
    /// Posts by id.
    pub posts: BTreeMap<String, Post>,
    duties: Vec<Duty>,
    names: BTreeMap<String, Vec<PlaceId>>,
    codes: BTreeMap<String, PlaceId>,
    children: BTreeMap<PlaceId, Vec<PlaceId>>,
    at_place: BTreeMap<PlaceId, Vec<HoldingId>>,
    of_person: BTreeMap<PersonId, Vec<HoldingId>>,
    roles: BTreeMap<String, Arc<BTreeSet<String>>>,
    root: PlaceId,
    shapes: Vec<(LocateIndex, Vec<PlaceId>)>,
}

/// Who is on duty for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDuty {
    /// The holding.
    pub holding: HoldingId,
    /// How it came to it.
    pub via: rules::Via,
    /// The place at which the post is held.
    pub place: PlaceId,
}

impl Directory {
    /// The place that is the whole district.
    pub fn root(&self) -> &PlaceId {
        &self.root
    }

    /// A place by its id.
    ///
    /// # Errors
    /// 404.1.
    pub fn place(&self, id: &PlaceId) -> Result<&Place> {
        self.places.get(id).ok_or_else(|| Problem::new(&NOT_FOUND).with("what", "place"))
    }

    /// A place by code, id, or a name in common use.
    ///
    /// # Errors
    /// 404.1 when unknown; 400.2 when the name stands for several.
    pub fn place_named(&self, wanted: &str) -> Result<&Place> {
        let wanted = wanted.trim();
        if let Some(id) = self.codes.get(wanted) {
            return self.place(id);
        }
        if let Ok(id) = wanted.parse::<PlaceId>() {
            return self.place(&id);
        }
        match self.names.get(wanted).map(Vec::as_slice) {
            Some([id]) => self.place(id),
            Some(several @ [first, ..]) => {
                // A community and its one grid may share a name: the upper one is meant.
                let top = several
                    .iter()
                    .find(|id| several.iter().all(|other| self.chain(other).iter().any(|p| p.id == **id)));
                top.map_or_else(
                    || {
                        let whole = self.path_name(first);
                        Err(Problem::new(&kernel::problem::BAD_FIELD)
                            .with("field", "place")
                            .with("what", format!("{wanted}: {whole} …")))
                    },
                    |id| self.place(id),
                )
            }
            _ => Err(Problem::new(&NOT_FOUND).with("what", wanted)),
        }
    }

    /// A place and those above it, from the place upward.
    pub fn chain(&self, id: &PlaceId) -> Vec<&Place> {
        std::iter::successors(self.places.get(id), |place| {
            place.parent.as_ref().and_then(|parent| self.places.get(parent))
        })
        .collect()
    }

    /// The ids of [`Directory::chain`], as access checks want them.
    pub fn chain_ids(&self, id: &PlaceId) -> Vec<&str> {
        self.chain(id).iter().map(|place| place.id.as_str()).collect()
    }

    /// The places right below a place, by code.
    pub fn below(&self, id: &PlaceId) -> impl Iterator<Item = &Place> {
        self.children.get(id).into_iter().flatten().filter_map(|id| self.places.get(id))
    }

    /// A name that says where: `龙腾社区 · 一网格`; without the district.
    pub fn path_name(&self, id: &PlaceId) -> String {
        let names: Vec<&str> =
            self.chain(id).into_iter().take(2).filter(|p| p.parent.is_some()).map(|p| p.name.as_str()).collect();
        match names.as_slice() {
            [own, above] if own.starts_with(above) => (*own).to_owned(),
            [own, above] => format!("{above} · {own}"),
            _ => names.concat(),
        }
    }

    /// The grid that a place belongs to: the place at the grid level on its chain, or itself when there is none.
    pub fn grid_of(&self, id: &PlaceId) -> PlaceId {
        self.chain(id).into_iter().find(|place| place.level == "grid").map_or(*id, |place| place.id)
    }

    /// True when `inner` is `outer` or stands within it.
    pub fn within(&self, inner: &PlaceId, outer: &PlaceId) -> bool {
        self.chain(inner).iter().any(|place| place.id == *outer)
    }

    /// Bodies with a name, those at or above a place first.
    pub fn body_named(&self, name: &str, near: Option<&PlaceId>) -> Option<&Body> {
        let distance = |body: &Body| {
            near.and_then(|near| self.chain(near).iter().position(|place| place.id == body.place)).unwrap_or(usize::MAX)
        };
        self.bodies.values().filter(|body| body.name == name.trim()).min_by_key(|body| (distance(body), body.id))
    }

    /// An item by code or name.
    pub fn item_named(&self, wanted: &str) -> Option<&Item> {
        self.items
            .get(wanted.trim())
            .or_else(|| self.items.values().find(|item| item.name == wanted.trim() || item.name_en == wanted.trim()))
    }

    /// The bodies that must act on an item at a place: the nearest place that names any, the item
    /// before its class before `*`.
    pub fn duty_bodies(&self, item: &Item, place: &PlaceId, part: &str) -> Vec<BodyId> {
        for at in self.chain(place) {
            for wanted in [item.code.as_str(), item.class.as_str(), "*"] {
                let found: Vec<BodyId> = self
                    .duties
                    .iter()
                    .filter(|duty| {
                        duty.place == at.id
                            && duty.item == wanted
                            && duty.part == part
                            && self.bodies.contains_key(&duty.body)
                    })
                    .map(|duty| duty.body)
                    .collect();
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// Who is on duty for a place now; climbs to the places above while nobody is.
    pub fn on_duty(&self, place: &PlaceId, now: Timestamp) -> Option<OnDuty> {
        self.chain(place).into_iter().enumerate().find_map(|(steps, at)| {
            let holdings = self.at_place.get(&at.id).into_iter().flatten().filter_map(|id| self.holdings.get(id));
            let (holding, via) = rules::on_duty(holdings, &self.posts, &self.calendar, now)?;
            let via = if steps > 0 && (at.level != "grid" || !self.is_inner(place)) { rules::Via::Climb } else { via };
            Some(OnDuty { holding, via, place: at.id })
        })
    }

    /// Micro-grids, estates and stairwells: served by their grid as a matter of course.
    fn is_inner(&self, place: &PlaceId) -> bool {
        self.grid_of(place) != *place
    }

    /// Who is on duty at the next place above that has somebody.
    pub fn on_duty_above(&self, place: &PlaceId, now: Timestamp) -> Option<OnDuty> {
        let parent = self.places.get(place)?.parent?;
        self.on_duty(&parent, now).map(|duty| OnDuty { via: rules::Via::Climb, ..duty })
    }

    /// The holdings at a place that are valid now, holders before deputies.
    pub fn holders(&self, place: &PlaceId, now: Timestamp) -> Vec<&Holding> {
        let mut held: Vec<&Holding> = self
            .at_place
            .get(place)
            .into_iter()
            .flatten()
            .filter_map(|id| self.holdings.get(id))
            .filter(|h| h.valid_at(now))
            .collect();
        held.sort_by_key(|h| (self.posts.get(&h.post).and_then(|p| p.owns).unwrap_or(u32::MAX), h.rank, h.id));
        held
    }

    /// The holdings in a body that are valid now.
    pub fn handlers(&self, body: &BodyId, now: Timestamp) -> Vec<&Holding> {
        self.holdings.values().filter(|h| h.body == Some(*body) && h.valid_at(now)).collect()
    }

    /// The service name by which a person is known; the latest term counts.
    pub fn display(&self, person: &PersonId) -> Option<&str> {
        let holdings = self.of_person.get(person)?;
        holdings
            .iter()
            .filter_map(|id| self.holdings.get(id))
            .max_by_key(|h| (h.valid_from, h.id))
            .map(|h| h.display.as_str())
    }

    /// The staff person known by a service name.
    pub fn person_displayed(&self, display: &str, now: Timestamp) -> Option<PersonId> {
        self.holdings.values().find(|h| h.display == display && h.valid_at(now)).map(|h| h.person)
    }

    /// What somebody may do today: one grant for each post held.
    pub fn actor(&self, person: &PersonId, account: Option<AccountId>, now: Timestamp) -> Actor {
        let grants = self
            .of_person
            .get(person)
            .into_iter()
            .flatten()
            .filter_map(|id| self.holdings.get(id))
            .filter(|h| h.valid_at(now))
            .filter_map(|h| {
                let post = self.posts.get(&h.post)?;
                Some(Grant {
                    permissions: self.roles.get(&post.role)?.clone(),
                    place: h.place.map(|p| p.to_string()),
                    body: h.body.map(|b| b.to_string()),
                    post: post.id.clone(),
                })
            })
            .take(kernel::access::GRANTS_MAX)
            .collect();
        Actor {
            district: self.district.clone(),
            account,
            person: Some(*person),
            display: self.display(person).unwrap_or_default().to_owned(),
            grants,
        }
    }

    /// The team of a place, measured against its level's template.
    pub fn team(&self, place: &PlaceId, now: Timestamp) -> Option<rules::Team> {
        let at = self.places.get(place)?;
        let template = self.pack.teams.iter().find(|t| t.level == at.level)?;
        let mut held: BTreeMap<String, u32> = BTreeMap::new();
        let inside = self.places.keys().filter(|id| self.within(id, place));
        for holding in inside.flat_map(|id| self.holders(id, now)).filter(|h| h.rank == 0) {
            *held.entry(holding.post.clone()).or_default() += 1;
        }
        Some(rules::team(template, &held, at.households))
    }

    /// A post's title in a language.
    pub fn post_name(&self, post: &str, lang: Lang) -> String {
        self.posts.get(post).map_or_else(|| post.to_owned(), |p| lang.pick(&p.zh, &p.en).to_owned())
    }
}
