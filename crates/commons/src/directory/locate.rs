//! From a point to the places that contain it.

use super::Directory;
use crate::place::PlaceId;

/// Where a point lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The lowest place that contains it; none outside the district.
    pub place: Option<PlaceId>,
    /// Other places of the same level that are near or overlap (0 metres): a person decides.
    pub near: Vec<(PlaceId, f64)>,
    /// True when it lies inside the district but in a gap between its lowest places.
    pub gap: bool,
}

impl Directory {
    /// Finds the lowest place that contains a point (WGS-84, degrees), exactly; says when it lies
    /// near a boundary, in an overlap or in a gap.
    pub fn locate(&self, lon: f64, lat: f64) -> Located {
        let near_metres = f64::from(self.pack.meta.near_boundary_metres);
        for (depth, (index, keys)) in self.shapes.iter().enumerate() {
            let hits = index.locate(lon, lat);
            let Some(first) = hits.keys().iter().min().copied() else {
                continue;
            };
            let place = keys[first as usize];
            let mut near: Vec<(PlaceId, f64)> =
                hits.keys().iter().filter(|k| **k != first).map(|k| (keys[*k as usize], 0.0)).collect();
            near.extend(
                index
                    .near(lon, lat, near_metres)
                    .into_iter()
                    .filter(|(k, _)| !hits.keys().contains(k))
                    .map(|(k, m)| (keys[k as usize], m)),
            );
            // Below the level that answered there are shapes, but none holds the point: a gap, if
            // the place that holds it has been divided at all.
            let gap = self.shapes[..depth].iter().any(|(_, lower)| lower.iter().any(|id| self.within(id, &place)));
            if gap && near.is_empty() {
                near = self.nearest_below(depth, lon, lat);
            }
            return Located { place: Some(place), near, gap };
        }
        Located { place: None, near: Vec::new(), gap: false }
    }

    fn nearest_below(&self, depth: usize, lon: f64, lat: f64) -> Vec<(PlaceId, f64)> {
        const GAP_METRES: f64 = 2_000.0;
        const SHOWN_MAX: usize = 3;
        let mut found: Vec<(PlaceId, f64)> = self.shapes[..depth]
            .iter()
            .flat_map(|(index, keys)| index.near(lon, lat, GAP_METRES).into_iter().map(|(k, m)| (keys[k as usize], m)))
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found.truncate(SHOWN_MAX);
        found
    }
}
