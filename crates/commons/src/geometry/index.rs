//! The index: a point's owners in well under a microsecond, and the neighbours near a point.

use std::collections::BTreeMap;

use super::{
    BBox, GeometryError, MultiPolygon, Point,
    cells::{EMPTY, OWNED, edges_in, owners_in},
    measure::{metres_per_degree, segment_distance_m},
    raster::Raster,
};

/// The farthest that [`LocateIndex::near`] looks, metres.
pub const NEAR_MAX_METRES: f64 = 50_000.0;

/// Above this many cells in reach, looking at the boxes of all polygons is quicker.
const NEAR_CELLS_MAX_COUNT: u64 = 4_096;

/// Whom a point belongs to: the callers' keys, ascending, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hits {
    /// Nobody: outside, or in a gap.
    None,
    /// Exactly one, as in a proper tiling. Needs no allocation.
    One(u32),
    /// An overlap: two or more.
    Many(Vec<u32>),
}

impl Hits {
    /// The keys, ascending.
    pub fn keys(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(key) => std::slice::from_ref(key),
            Self::Many(keys) => keys,
        }
    }

    /// The key when there is exactly one.
    pub fn only(&self) -> Option<u32> {
        match self {
            Self::One(key) => Some(*key),
            _ => None,
        }
    }

    /// Whether a shape with this key owns the point.
    pub fn contains(&self, key: u32) -> bool {
        self.keys().binary_search(&key).is_ok()
    }

    #[inline(always)]
    pub(super) fn add(&mut self, key: u32) {
        match self {
            Self::None => *self = Self::One(key),
            _ => self.add_another(key),
        }
    }

    #[cold]
    #[inline(never)]
    fn add_another(&mut self, key: u32) {
        let mut keys = self.keys().to_vec();
        if let Err(at) = keys.binary_search(&key) {
            keys.insert(at, key);
            *self = Self::Many(keys);
        }
    }
}

/// An exact point-to-place index over shapes, in memory, immutable: build a new one when places
/// change and swap it in.
///
/// Space: 16 bytes a vertex, 4 a cell and 40 for each edge in each cell that it touches, within
/// [`super::GRID_CELLS_MAX_COUNT`] and [`super::GRID_PAIRS_MAX_COUNT`].
pub struct LocateIndex {
    raster: Option<Raster>,
}

impl LocateIndex {
    /// Builds the index. A key may come several times; its shapes then count as one place.
    ///
    /// # Errors
    /// [`GeometryError::SetTooLarge`] above [`super::PARTS_MAX_COUNT`] polygons or
    /// [`super::VERTICES_MAX_COUNT`] vertices.
    pub fn build(shapes: Vec<(u32, MultiPolygon)>) -> Result<Self, GeometryError> {
        Self::build_on(&shapes, None)
    }

    /// The same on a grid of a given fineness: the answers must not depend on it.
    pub(super) fn build_on(shapes: &[(u32, MultiPolygon)], cells: Option<usize>) -> Result<Self, GeometryError> {
        Ok(Self { raster: Raster::build(shapes, cells)? })
    }

    /// The box around all shapes; `None` when there are none.
    pub fn bbox(&self) -> Option<BBox> {
        self.raster.as_ref().map(|r| r.frame.bbox)
    }

    /// Columns and rows of the grid beneath; for figures only.
    pub fn grid(&self) -> (u32, u32) {
        self.raster.as_ref().map_or((0, 0), |r| (r.frame.cols, r.frame.rows))
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        self.raster.as_ref().map_or(0, |r| {
            size_of_val(&r.cells[..])
                + size_of_val(&r.records[..])
                + size_of_val(&r.keys[..])
                + size_of_val(&r.land.points[..])
                + size_of_val(&r.land.parts[..])
        })
    }

    /// The places that own the point, by the half-open rule of the module. Not a number or off
    /// the map gives [`Hits::None`].
    #[inline]
    pub fn locate(&self, lon: f64, lat: f64) -> Hits {
        let p = Point::new(lon, lat);
        let Some(raster) = &self.raster else {
            return Hits::None;
        };
        let frame = &raster.frame;
        if !frame.bbox.contains(p) {
            return Hits::None;
        }
        let (col, row) = (frame.col(lon), frame.row(lat));
        let word = raster.cells[(row * frame.cols + col) as usize];
        if word & OWNED == 0 {
            owners_in(&raster.records[word as usize..], p, frame.middle_lon(col))
        } else if word == EMPTY {
            Hits::None
        } else {
            Hits::One(raster.keys[(word & !OWNED) as usize])
        }
    }

    /// Places that do **not** own the point and whose boundary passes within `metres` of it
    /// (at most [`NEAR_MAX_METRES`]), with the distance in metres, nearest first. Around a point
    /// in a gap these are the candidates to own it.
    pub fn near(&self, lon: f64, lat: f64, metres: f64) -> Vec<(u32, f64)> {
        let p = Point::new(lon, lat);
        let Some(raster) = &self.raster else {
            return Vec::new();
        };
        if !p.is_on_earth() || metres.is_nan() || metres < 0.0 {
            return Vec::new();
        }
        let metres = metres.min(NEAR_MAX_METRES);
        let owners = self.locate(lon, lat);
        let mut nearest = raster.near(p, metres);
        nearest.retain(|key, distance| *distance <= metres && !owners.contains(*key));
        let mut nearest: Vec<_> = nearest.into_iter().collect();
        nearest.sort_by(|a, b| a.1.total_cmp(&b.1));
        nearest
    }
}

impl Raster {
    /// The distance to each key whose boundary may lie within reach.
    fn near(&self, p: Point, metres: f64) -> BTreeMap<u32, f64> {
        let scale = metres_per_degree(p.lat);
        // Degrees of longitude shrink polewards: take the far side of the reach, and a little more.
        let dlat = metres / scale.1 * 1.001;
        let polewards = metres_per_degree((p.lat.abs() + dlat).min(89.9)).0;
        let dlon = (metres / polewards * 1.001).min(360.0);
        let reach = BBox::new(p.lon - dlon, p.lat - dlat, p.lon + dlon, p.lat + dlat);
        let mut nearest = BTreeMap::new();
        if !reach.touches(&self.frame.bbox) {
            return nearest;
        }
        let frame = &self.frame;
        let (col0, col1) = (frame.col(reach.min.lon), frame.col(reach.max.lon));
        let (row0, row1) = (frame.row(reach.min.lat), frame.row(reach.max.lat));
        let mut measure = |key: u32, a: Point, b: Point| {
            let distance = segment_distance_m(p, a, b, scale);
            let known = nearest.entry(key).or_insert(f64::INFINITY);
            *known = known.min(distance);
        };
        if u64::from(col1 - col0 + 1) * u64::from(row1 - row0 + 1) > NEAR_CELLS_MAX_COUNT {
            for part in self.land.parts.iter().filter(|part| part.bbox.touches(&reach)) {
                for edge in self.land.edges(part) {
                    let (a, b) = self.land.edge(edge);
                    measure(part.key, a, b);
                }
            }
            return nearest;
        }
        for row in row0..=row1 {
            for col in col0..=col1 {
                let word = self.cells[(row * frame.cols + col) as usize];
                if word & OWNED == 0 {
                    edges_in(&self.records[word as usize..], &mut measure);
                }
            }
        }
        nearest
    }
}
