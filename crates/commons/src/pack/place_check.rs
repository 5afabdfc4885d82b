//! The place tree of a pack: codes, parents, names, boundaries.

use std::collections::BTreeMap;

use super::{
    fault::{
        BOUNDARY_BAD, BOUNDARY_FAR, Faults, LEVEL_UNKNOWN, PLACE_CODE, PLACE_LEVEL, PLACE_NAME, PLACE_PARENT,
        PLACE_ROOT, PLACE_UNDER, PLACE_UNKNOWN,
    },
    layer::{At, Layer},
    types::{Level, PlaceRow},
};
use crate::geometry::MultiPolygon;

/// How far a boundary may run outside the one above it, in metres: surveys of two offices never
/// agree to the metre, but more than this is a wrong place or swapped coordinates.
pub const OUTSIDE_PARENT_METRES_MAX: f64 = 200.0;

/// Checks the tree, gives each place its boundary, and sorts parents before children.
pub(super) fn places(layer: &mut Layer, faults: &mut Faults) {
    let levels: BTreeMap<&str, &Level> = layer.levels.iter().map(|l| (l.value.id.as_str(), &l.value)).collect();
    let rank = |place: &PlaceRow| levels.get(place.level.as_str()).map_or(u32::MAX, |l| l.rank);
    layer.places.sort_by(|a, b| (rank(&a.value), &a.value.code).cmp(&(rank(&b.value), &b.value.code)));
    let tree = Tree { levels, places: layer.places.iter().map(|p| (p.value.code.as_str(), p)).collect() };
    tree.roots(&layer.places, faults);
    for place in &layer.places {
        tree.place(place, faults);
    }
    names(&layer.places, faults);
    let shapes = shapes(layer, faults);
    let tree =
        Tree { levels: BTreeMap::new(), places: layer.places.iter().map(|p| (p.value.code.as_str(), p)).collect() };
    for boundary in &layer.boundaries {
        let code = boundary.value.code.as_str();
        if !tree.places.contains_key(code) {
            faults.add(&PLACE_UNKNOWN, &boundary.spot, &[("what", code)]);
            continue;
        }
        let above = tree.above(code).into_iter().find_map(|code| shapes.get(code));
        if let (Some(shape), Some(parent)) = (shapes.get(code), above) {
            let metres = outside(shape, parent);
            if metres > OUTSIDE_PARENT_METRES_MAX {
                faults.add(&BOUNDARY_FAR, &boundary.spot, &[("what", code), ("metres", &format!("{metres:.0}"))]);
            }
        }
    }
    let mut boundaries: BTreeMap<String, String> =
        std::mem::take(&mut layer.boundaries).into_iter().map(|b| (b.value.code, b.value.geometry)).collect();
    for place in &mut layer.places {
        if let Some(boundary) = boundaries.remove(&place.value.code) {
            place.value.boundary = Some(boundary);
        }
    }
}

fn shapes(layer: &Layer, faults: &mut Faults) -> BTreeMap<String, MultiPolygon> {
    let mut shapes = BTreeMap::new();
    for boundary in &layer.boundaries {
        match MultiPolygon::parse(&boundary.value.geometry) {
            Ok(shape) => drop(shapes.insert(boundary.value.code.clone(), shape)),
            Err(error) => {
                let with = [("what", boundary.value.code.as_str()), ("why_zh", &error.zh()), ("why_en", &error.en())];
                faults.add(&BOUNDARY_BAD, &boundary.spot, &with);
            }
        }
    }
    shapes
}

/// How many metres the farthest vertex lies outside a shape.
fn outside(shape: &MultiPolygon, parent: &MultiPolygon) -> f64 {
    let points = shape.rings().flat_map(|ring| ring.points());
    points.filter(|p| !parent.contains(**p)).map(|p| parent.boundary_distance_m(*p)).fold(0.0, f64::max)
}

/// Two places under one parent must not share a name or alias.
fn names(places: &[At<PlaceRow>], faults: &mut Faults) {
    let mut seen: BTreeMap<(Option<&str>, &str), &At<PlaceRow>> = BTreeMap::new();
    for place in places {
        for name in std::iter::once(&place.value.name).chain(&place.value.aliases) {
            let other = seen.insert((place.value.parent.as_deref(), name), place);
            if let Some(other) = other.filter(|other| other.value.code != place.value.code) {
                faults.add(&PLACE_NAME, &place.spot, &[("what", name), ("line", &other.spot.line.to_string())]);
            }
        }
    }
}

struct Tree<'a> {
    levels: BTreeMap<&'a str, &'a Level>,
    places: BTreeMap<&'a str, &'a At<PlaceRow>>,
}

impl<'a> Tree<'a> {
    fn roots(&self, places: &[At<PlaceRow>], faults: &mut Faults) {
        let roots: Vec<&At<PlaceRow>> = places.iter().filter(|p| p.value.parent.is_none()).collect();
        if let (Some(last), true) = (roots.last().or(places.first().as_ref()), roots.len() != 1) {
            faults.add(&PLACE_ROOT, &last.spot, &[("found", &roots.len().to_string())]);
        }
    }

    /// Codes above a place, nearest first; stops where the tree is broken or runs in a circle.
    fn above(&self, code: &str) -> Vec<&'a str> {
        let parent = |code: &str| self.places.get(code).and_then(|p| p.value.parent.as_deref());
        std::iter::successors(parent(code), |code| parent(code)).take(super::BASES_MAX * 4).collect()
    }

    fn place(&self, place: &At<PlaceRow>, faults: &mut Faults) {
        let At { value: place, spot } = place;
        let code = place.code.as_str();
        let Some(level) = self.levels.get(place.level.as_str()) else {
            let known: Vec<&str> = self.levels.keys().copied().collect();
            return faults.add(&LEVEL_UNKNOWN, spot, &[("what", &place.level), ("known", &known.join(", "))]);
        };
        let parent = match place.parent.as_deref().map(|p| (p, self.places.get(p))) {
            Some((named, None)) => {
                return faults.add(&PLACE_PARENT, spot, &[("what", code), ("parent", named)]);
            }
            Some((_, Some(parent))) => Some(&parent.value),
            None => None,
        };
        if let Some(upper) = parent.and_then(|p| self.levels.get(p.level.as_str()))
            && upper.rank >= level.rank
        {
            return faults.add(
                &PLACE_LEVEL,
                spot,
                &[("what", code), ("level", &level.id), ("parent_level", &upper.id)],
            );
        }
        if level.digits > 0 {
            if code.len() != usize::try_from(level.digits).expect("small") || !code.bytes().all(|b| b.is_ascii_digit())
            {
                let expected = format!("{} 位数字 / {} digits", level.digits, level.digits);
                return faults.add(&PLACE_CODE, spot, &[("what", code), ("level", &level.id), ("expected", &expected)]);
            }
            // Zones and the like have made-up codes: the statistics code continues that of the level above them.
            let coded = |code: &&&str| {
                self.places
                    .get(**code)
                    .and_then(|p| self.levels.get(p.value.level.as_str()))
                    .is_some_and(|l| l.digits > 0)
            };
            let above = self.above(code);
            if let Some(upper) = above.iter().find(coded).filter(|upper| !code.starts_with(**upper)) {
                faults.add(&PLACE_UNDER, spot, &[("what", code), ("parent", upper)]);
            }
            return;
        }
        let word = match parent {
            None => Some(code),
            Some(parent) => code.strip_prefix(parent.code.as_str()).and_then(|rest| rest.strip_prefix('-')),
        };
        let good = |word: &str| {
            (1..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        if !word.is_some_and(good) {
            let expected = parent.map_or("A-Z 0-9".to_owned(), |p| format!("{}-A…Z0…9", p.code));
            faults.add(&PLACE_CODE, spot, &[("what", code), ("level", &level.id), ("expected", &expected)]);
        }
    }
}
