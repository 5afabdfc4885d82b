//! Builds the directory from database and pack.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    Problem, Result, Timestamp,
    problem::NOT_FOUND,
    store::{Db, StoreError},
};

use super::{Directory, version};
use crate::{
    catalogue,
    geometry::{LocateIndex, MultiPolygon},
    pack::Pack,
    people, place,
    place::{Place, PlaceId},
};

/// Reads a district and builds its directory as it stands at a moment.
///
/// # Errors
/// 404.1 when the district is not enabled; a store error; a boundary or calendar that can't be read.
pub fn build(db: &mut dyn Db, district: &str, pack: Arc<Pack>, now: Timestamp) -> Result<Directory> {
    let version = version(db, district)?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", district))?;
    let fault = |what: String| Problem::from(StoreError::Other(what));
    let places: BTreeMap<PlaceId, Place> =
        place::list(db, district)?.into_iter().filter(|p| p.valid_at(now)).map(|p| (p.id, p)).collect();
    let bodies = people::bodies(db, district)?.into_iter().filter(|b| b.valid_at(now)).map(|b| (b.id, b)).collect();
    let holdings: BTreeMap<_, _> = people::holdings(db, district)?.into_iter().map(|h| (h.id, h)).collect();
    let items = catalogue::items(db, district)?.into_iter().map(|i| (i.code.clone(), i)).collect();
    let duties = catalogue::duties(db, district)?;

    let root = places
        .values()
        .find(|p| p.parent.is_none())
        .map(|p| p.id)
        .ok_or_else(|| fault(format!("{district} has no root place")))?;
    let mut names: BTreeMap<String, Vec<PlaceId>> = BTreeMap::new();
    for place in places.values() {
        names.entry(place.name.clone()).or_default().push(place.id);
    }
    for (alias, id) in place::aliases(db, district)? {
        let ids = names.entry(alias).or_default();
        if places.contains_key(&id) && !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut children: BTreeMap<PlaceId, Vec<PlaceId>> = BTreeMap::new();
    let mut by_code: Vec<&Place> = places.values().collect();
    by_code.sort_by(|a, b| a.code.cmp(&b.code));
    for place in by_code {
        if let Some(parent) = place.parent {
            children.entry(parent).or_default().push(place.id);
        }
    }
    let (mut at_place, mut of_person): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = Default::default();
    for holding in holdings.values() {
        if let Some(place) = holding.place {
            at_place.entry(place).or_default().push(holding.id);
        }
        of_person.entry(holding.person).or_default().push(holding.id);
    }
    Ok(Directory {
        district: district.to_owned(),
        version,
        calendar: pack.calendar().map_err(|e| fault(e.to_string()))?,
        posts: pack.posts.iter().map(|p| (p.id.clone(), p.clone())).collect(),
        roles: pack.roles.iter().map(|r| (r.id.clone(), Arc::new(r.permissions.clone()))).collect(),
        codes: places.values().map(|p| (p.code.clone(), p.id)).collect(),
        shapes: shapes(&places, &pack).map_err(fault)?,
        pack,
        places,
        bodies,
        holdings,
        items,
        duties,
        names,
        children,
        at_place,
        of_person,
        root,
    })
}

/// One index a level, deepest first.
fn shapes(places: &BTreeMap<PlaceId, Place>, pack: &Pack) -> Result<Vec<(LocateIndex, Vec<PlaceId>)>, String> {
    let mut ranks: Vec<(u32, &str)> = pack.levels.iter().map(|l| (l.rank, l.id.as_str())).collect();
    ranks.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    let mut out = Vec::new();
    for (_, level) in ranks {
        let mut keys = Vec::new();
        let mut polygons = Vec::new();
        // By code, so that the same point in an overlap gets the same answer in every installation.
        let mut of_level: Vec<&Place> = places.values().filter(|p| p.level == level && p.kind.is_empty()).collect();
        of_level.sort_by(|a, b| a.code.cmp(&b.code));
        for place in of_level {
            if let Some(boundary) = &place.boundary {
                let shape = MultiPolygon::parse(boundary).map_err(|e| format!("{}: {}", place.code, e.en()))?;
                polygons.push((u32::try_from(keys.len()).expect("places are limited"), shape));
                keys.push(place.id);
            }
        }
        if !keys.is_empty() {
            out.push((LocateIndex::build(polygons).map_err(|e| e.en())?, keys));
        }
    }
    Ok(out)
}
