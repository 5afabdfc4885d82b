//! Irregular tilings for benchmarks and tests: no two tiles alike, no gap, no overlap.
//!
//! Rows of tiles with different cuts, so that corners meet edges (T-junctions) as real grids do.
//! A border line between two rows is a chain over the cuts of both; each border is made once,
//! from the seed and its own number, and copied point for point into the tiles on either side.

use super::{BBox, GeometryError, MultiPolygon, Point};

/// Most tiles of one tiling.
pub const TILING_MAX_POLYGONS: usize = 1_000_000;

/// How far a cut between two tiles of a row may move, in tile widths.
const CUT_JITTER: f64 = 0.12;
/// How far the line between two rows may bend, in row heights, over a whole tile width.
const LINE_BEND: f64 = 0.1;
/// How steeply a border may leave its straight course. Borders that meet stay in separate cones,
/// so that none can cross another.
const WIGGLE_SLOPE: f64 = 0.25;
/// How far it may stray at all, in tile widths or row heights.
const WIGGLE_MAX: f64 = 0.12;

/// Exactly `polygons` tiles that fill `bbox`, each of 48 to 200 vertices (the closing one not
/// counted), about 120 on average, row by row from the south-west. The same arguments give the
/// same tiles, bit for bit.
///
/// # Errors
/// [`GeometryError::SetTooLarge`] above [`TILING_MAX_POLYGONS`]; [`GeometryError::Empty`] for none
/// or for a box without extent; a tile that `bbox` is too small to express fails as a ring does.
pub fn tiling(polygons: usize, seed: u64, bbox: BBox) -> Result<Vec<MultiPolygon>, GeometryError> {
    if polygons > TILING_MAX_POLYGONS {
        return Err(GeometryError::SetTooLarge { what: "polygons", found: polygons, most: TILING_MAX_POLYGONS });
    }
    if polygons == 0 || !(bbox.max.lon > bbox.min.lon && bbox.max.lat > bbox.min.lat) {
        return Err(GeometryError::Empty);
    }
    Weaver::new(polygons, seed, bbox).weave()
}

struct Weaver {
    seed: u64,
    bbox: BBox,
    /// The cuts of each row: ascending, 0 and 1 included, in shares of the width.
    cuts: Vec<Vec<f64>>,
    /// Knots along a line: one for each tile width.
    knots: usize,
}

impl Weaver {
    fn new(polygons: usize, seed: u64, bbox: BBox) -> Self {
        let rows = ((polygons as f64).sqrt().round() as usize).clamp(1, polygons);
        let knots = polygons / rows;
        let mut weaver = Self { seed, bbox, cuts: Vec::new(), knots };
        weaver.cuts = (0..rows)
            .map(|row| {
                let tiles = polygons * (row + 1) / rows - polygons * row / rows;
                let cut = |i: usize| match i {
                    0 => 0.0,
                    i if i == tiles => 1.0,
                    i => (i as f64 + CUT_JITTER * weaver.signed([1, row as u64, i as u64])) / tiles as f64,
                };
                (0..=tiles).map(cut).collect()
            })
            .collect();
        weaver
    }

    fn rows(&self) -> usize {
        self.cuts.len()
    }

    fn weave(&self) -> Result<Vec<MultiPolygon>, GeometryError> {
        let mut tiles = Vec::with_capacity(self.cuts.iter().map(|c| c.len() - 1).sum());
        let mut south = self.line(0);
        for row in 0..self.rows() {
            let north = self.line(row + 1);
            let sides: Vec<Vec<Point>> = (0..self.cuts[row].len()).map(|i| self.side(row, i)).collect();
            for (i, cut) in self.cuts[row].windows(2).enumerate() {
                let mut ring = south.between(cut[0], cut[1]).to_vec();
                ring.extend(&sides[i + 1]);
                ring.extend(north.between(cut[0], cut[1]).iter().rev());
                ring.extend(sides[i].iter().rev());
                ring.push(ring[0]);
                tiles.push(MultiPolygon::from_ring(ring)?);
            }
            south = north;
        }
        Ok(tiles)
    }

    /// The border below row `line`, from west to east.
    fn line(&self, line: usize) -> Line {
        let mut cuts: Vec<f64> = match line {
            0 => self.cuts[0].clone(),
            n if n == self.rows() => self.cuts[n - 1].clone(),
            n => [&self.cuts[n - 1][..], &self.cuts[n][..]].concat(),
        };
        cuts.sort_by(f64::total_cmp);
        cuts.dedup();
        let edge_of_map = line == 0 || line == self.rows();
        let (mut points, mut marks) = (Vec::new(), Vec::new());
        for (piece, cut) in cuts.windows(2).enumerate() {
            let id = [2, line as u64, piece as u64];
            // Lengths in tile widths, so that slopes and counts mean the same everywhere.
            let length = (cut[1] - cut[0]) * self.knots as f64;
            let steps = ((length * self.between(id, 18, 38)).round() as usize).max(1);
            marks.push((cut[0], points.len()));
            for step in 0..steps {
                let share = step as f64 / steps as f64;
                let x = cut[0] + (cut[1] - cut[0]) * share;
                let wiggle = self.wiggle(id, step, length * share.min(1.0 - share));
                let y = self.bend(line, x) + if edge_of_map { 0.0 } else { wiggle };
                points.push(self.point(x, y));
            }
        }
        marks.push((1.0, points.len()));
        points.push(self.point(1.0, self.bend(line, 1.0)));
        Line { points, marks }
    }

    /// The border at cut `i` of a row from south to north, without its two ends.
    fn side(&self, row: usize, i: usize) -> Vec<Point> {
        let cut = self.cuts[row][i];
        let id = [3, row as u64, i as u64];
        let steps = self.between(id, 18, 46) as usize;
        let (south, north) = (self.bend(row, cut), self.bend(row + 1, cut));
        let edge_of_map = i == 0 || i + 1 == self.cuts[row].len();
        let step = |step: usize| {
            let share = step as f64 / steps as f64;
            let wiggle = self.wiggle(id, step, (north - south) * share.min(1.0 - share));
            let x = cut + if edge_of_map { 0.0 } else { wiggle / self.knots as f64 };
            self.point(x, south + (north - south) * share)
        };
        (1..steps).map(step).collect()
    }

    /// The course of a border line, in row heights: straight between knots a tile width apart.
    fn bend(&self, line: usize, x: f64) -> f64 {
        if line == 0 || line == self.rows() {
            return line as f64;
        }
        let along = x * self.knots as f64;
        let knot = along.floor();
        let at = |knot: f64| LINE_BEND * self.signed([4, line as u64, knot as u64]);
        line as f64 + at(knot) + (at(knot + 1.0) - at(knot)) * (along - knot)
    }

    /// How far a point strays, given its distance from the nearer end of its border.
    fn wiggle(&self, id: [u64; 3], step: usize, from_end: f64) -> f64 {
        let most = (WIGGLE_SLOPE * from_end).min(WIGGLE_MAX);
        most * self.signed([id[0] + 8 * (1 + step as u64), id[1], id[2]])
    }

    /// From shares of the width and row heights to degrees; the rim of the map exactly.
    fn point(&self, x: f64, y: f64) -> Point {
        let BBox { min, max } = self.bbox;
        let share = y / self.rows() as f64;
        let mix = |a: f64, b: f64, t: f64| if t >= 1.0 { b } else { a + (b - a) * t };
        Point::new(mix(min.lon, max.lon, x), mix(min.lat, max.lat, share))
    }

    /// A whole number from `least` to `most`, always the same for the same id.
    fn between(&self, id: [u64; 3], least: u64, most: u64) -> f64 {
        (least + self.hash(id) % (most - least + 1)) as f64
    }

    /// A number from −1 to 1, always the same for the same id.
    fn signed(&self, id: [u64; 3]) -> f64 {
        (self.hash(id) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014) folded over the seed and the id.
    fn hash(&self, id: [u64; 3]) -> u64 {
        id.into_iter().fold(self.seed, |state, word| {
            let mut z = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
    }
}

/// A border line and where its cuts stand in it.
struct Line {
    points: Vec<Point>,
    /// (cut, index of its point), ascending.
    marks: Vec<(f64, usize)>,
}

impl Line {
    /// The points from one cut to another, both included.
    fn between(&self, west: f64, east: f64) -> &[Point] {
        let at = |cut: f64| {
            let mark = self.marks.binary_search_by(|(c, _)| c.total_cmp(&cut)).expect("a cut of an adjoining row");
            self.marks[mark].1
        };
        &self.points[at(west)..=at(east)]
    }
}
