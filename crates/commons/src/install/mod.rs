//! Brings a pack into the database: the district is enabled, its places, bodies, posts and catalogue stand.
//!
//! Done again it adds what is new and leaves what stands: a district's own changes are never
//! overwritten by an upgrade of its pack.

mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Problem, Result, Timestamp, Tx,
    id::PersonId,
    journal::Draft,
    store::StoreError,
    time::WorkCalendar,
    vault::{self, ContactKind},
};
use serde_json::json;

use crate::{
    catalogue::{self, Duty, Item},
    pack::{self, Pack},
    people::{self, Body, BodyId, Holding, HoldingId},
    place::{self, Place, PlaceId},
};

pub use store::{STATEMENTS, bump, districts};

/// What was added.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Installed {
    /// Places that are new.
    pub places: usize,
    /// Bodies that are new.
    pub bodies: usize,
    /// Items that are new.
    pub items: usize,
    /// Duties that are new.
    pub duties: usize,
    /// Other names of places that are new.
    pub aliases: usize,
    /// Holdings that are new.
    pub holdings: usize,
    /// People by their id in the pack, for accounts.
    pub people: BTreeMap<String, PersonId>,
}

/// Enables a district from its pack.
///
/// # Errors
/// A store error; a pack that names what it does not have (a checked pack does not).
pub fn install(tx: &mut Tx<'_>, pack: &Pack) -> Result<Installed> {
    let district = tx.district();
    let calendar = pack.calendar().map_err(|e| fault(e.to_string()))?;
    let first = store::enable(tx, &pack.meta.id)?;
    let mut done = Installed::default();

    let mut places: BTreeMap<String, PlaceId> =
        place::list(tx, district)?.into_iter().map(|p| (p.code, p.id)).collect();
    for row in &pack.places {
        if !places.contains_key(&row.code) {
            let id = add_place(tx, &calendar, &places, row)?;
            places.insert(row.code.clone(), id);
            done.places += 1;
        }
        for alias in &row.aliases {
            done.aliases += usize::from(place::alias_add(tx, &places[&row.code], alias)?);
        }
    }
    let at = |code: &str| places.get(code).copied().ok_or_else(|| fault(format!("place {code}")));

    let standing: BTreeMap<(PlaceId, String), BodyId> =
        people::bodies(tx, district)?.into_iter().map(|b| ((b.place, b.name), b.id)).collect();
    let mut bodies: BTreeMap<String, BodyId> = BTreeMap::new();
    for row in &pack.bodies {
        let place = at(&row.place)?;
        let id = match standing.get(&(place, row.name.clone())) {
            Some(id) => *id,
            None => {
                let id = tx.id(BodyId::new);
                let parent = row.parent.as_ref().and_then(|p| bodies.get(p)).copied();
                let (name, kind, contact) = (row.name.clone(), row.kind.clone(), row.contact.clone());
                people::body_insert(
                    tx,
                    &Body {
                        id,
                        name,
                        kind,
                        parent,
                        place,
                        party: row.party,
                        contact,
                        valid_from: BEGINNING,
                        valid_to: None,
                    },
                )?;
                done.bodies += 1;
                id
            }
        };
        bodies.insert(row.id.clone(), id);
    }
    let known: BTreeSet<String> = catalogue::items(tx, district)?.into_iter().map(|item| item.code).collect();
    for item in pack.items.iter().filter(|item| !known.contains(&item.code)) {
        catalogue::item_insert(tx, &item_of(item))?;
        done.items += 1;
    }
    for row in &pack.duties {
        let body = *bodies.get(&row.body).ok_or_else(|| fault(format!("body {}", row.body)))?;
        let duty = Duty { item: row.item.clone(), place: at(&row.place)?, body, part: row.part.clone() };
        done.duties += usize::from(catalogue::duty_add(tx, &duty)?);
    }
    if first {
        people_in(tx, pack, &calendar, &places, &bodies, &mut done)?;
    }
    if !first && done == Installed::default() {
        return Ok(done);
    }
    let version = bump(tx)?;
    tx.journal(Draft {
        subject_kind: "district",
        subject_id: district.to_owned(),
        version,
        act: "district.install".into(),
        data: json!({ "pack": pack.meta.id, "places": done.places, "bodies": done.bodies, "items": done.items, "duties": done.duties, "aliases": done.aliases, "holdings": done.holdings }),
        occurred_at: None,
    });
    Ok(done)
}

/// Before any history: what a pack says without a date has always been so.
pub const BEGINNING: Timestamp = Timestamp::from_ms(0);

fn fault(what: String) -> Problem {
    Problem::from(StoreError::Other(format!("pack: {what}")))
}

fn day(calendar: &WorkCalendar, date: Option<kernel::time::Date>) -> Result<Option<Timestamp>> {
    date.map(|date| calendar.start_of_day(date).map_err(|e| fault(e.to_string()))).transpose()
}

fn add_place(
    tx: &mut Tx<'_>,
    calendar: &WorkCalendar,
    places: &BTreeMap<String, PlaceId>,
    row: &pack::PlaceRow,
) -> Result<PlaceId> {
    let parent = match &row.parent {
        Some(code) => {
            Some(*places.get(code).ok_or_else(|| fault(format!("place {code} stands after its child {}", row.code)))?)
        }
        None => None,
    };
    let id = tx.id(PlaceId::new);
    let place = Place {
        id,
        parent,
        code: row.code.clone(),
        name: row.name.clone(),
        level: row.level.clone(),
        kind: row.kind.clone(),
        households: row.households,
        synthetic: row.synthetic,
        boundary: row.boundary.clone(),
        valid_from: day(calendar, row.valid_from)?.unwrap_or(BEGINNING),
        valid_to: day(calendar, row.valid_to)?,
    };
    place::insert(tx, &place)?;
    Ok(id)
}

fn item_of(item: &pack::Item) -> Item {
    Item {
        code: item.code.clone(),
        name: item.zh.clone(),
        name_en: item.en.clone(),
        class: item.class.clone(),
        accept: item.accept,
        handle: item.handle,
        closing: item.closing_standard.clone(),
        evidence: item.evidence.clone(),
        public: item.public,
    }
}

fn people_in(
    tx: &mut Tx<'_>,
    pack: &Pack,
    calendar: &WorkCalendar,
    places: &BTreeMap<String, PlaceId>,
    bodies: &BTreeMap<String, BodyId>,
    done: &mut Installed,
) -> Result<()> {
    for row in &pack.people {
        let key = vault::person_new(tx)?;
        vault::contact_put(tx, &key, ContactKind::Name, &row.name)?;
        if let Some(phone) = &row.phone {
            vault::contact_put(tx, &key, ContactKind::Phone, phone)?;
        }
        done.people.insert(row.id.clone(), key.person);
    }
    let display: BTreeMap<&str, &str> = pack.people.iter().map(|p| (p.id.as_str(), p.display.as_str())).collect();
    for row in &pack.holdings {
        let person = *done.people.get(&row.person).ok_or_else(|| fault(format!("person {}", row.person)))?;
        let id = tx.id(HoldingId::new);
        people::holding_insert(
            tx,
            &Holding {
                id,
                person,
                post: row.post.clone(),
                place: row.place.as_ref().and_then(|code| places.get(code)).copied(),
                body: row.body.as_ref().and_then(|id| bodies.get(id)).copied(),
                display: display.get(row.person.as_str()).copied().unwrap_or_default().to_owned(),
                rank: row.rank,
                hours: row.hours.clone(),
                station: row.station.clone(),
                valid_from: day(calendar, row.from)?.unwrap_or(BEGINNING),
                valid_to: day(calendar, row.to)?,
            },
        )?;
        done.holdings += 1;
    }
    Ok(())
}
