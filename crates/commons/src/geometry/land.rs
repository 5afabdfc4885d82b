//! Shapes laid out flat, and the frame of cells over them.

use super::{BBox, MultiPolygon, Point, Ring, metres_per_degree};

/// No cell is smaller, about a centimetre: below it rounding would blur the grid itself.
const CELL_MIN_DEGREES: f64 = 1e-7;

/// Where the cells lie.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub bbox: BBox,
    cells_per_lon: f64,
    cells_per_lat: f64,
    cell_lon: f64,
    cell_lat: f64,
    pub cols: u32,
    pub rows: u32,
}

impl Frame {
    /// At most `cells` cells, about square on the ground; one cell when `cells` is 0.
    pub fn new(bbox: BBox, cells: usize) -> Self {
        let (x, y) = metres_per_degree((bbox.min.lat + bbox.max.lat) / 2.0);
        let (wide, high) = (bbox.max.lon - bbox.min.lon, bbox.max.lat - bbox.min.lat);
        let aspect = (wide * x.max(1.0) / (high * y)).clamp(1e-3, 1e3);
        let count = |ideal: f64, degrees: f64| ideal.min(degrees / CELL_MIN_DEGREES).clamp(1.0, 65_536.0) as u32;
        let cols = count((cells as f64 * aspect).sqrt(), wide);
        let rows = count((cells as f64 / aspect).sqrt(), high);
        Self {
            bbox,
            cells_per_lon: f64::from(cols) / wide,
            cells_per_lat: f64::from(rows) / high,
            cell_lon: wide / f64::from(cols),
            cell_lat: high / f64::from(rows),
            cols,
            rows,
        }
    }

    /// Never decreases with longitude, which is all that exactness needs.
    #[inline(always)]
    pub fn col(&self, lon: f64) -> u32 {
        (((lon - self.bbox.min.lon) * self.cells_per_lon) as u32).min(self.cols - 1)
    }

    /// Never decreases with latitude.
    #[inline(always)]
    pub fn row(&self, lat: f64) -> u32 {
        (((lat - self.bbox.min.lat) * self.cells_per_lat) as u32).min(self.rows - 1)
    }

    /// The longitude of the middle of a column.
    #[inline(always)]
    pub fn middle_lon(&self, col: u32) -> f64 {
        self.bbox.min.lon + (f64::from(col) + 0.5) * self.cell_lon
    }

    /// The latitude of the middle of a row.
    #[inline(always)]
    pub fn middle_lat(&self, row: u32) -> f64 {
        self.bbox.min.lat + (f64::from(row) + 0.5) * self.cell_lat
    }

    /// The cells that a box touches.
    pub fn span(&self, bbox: &BBox) -> Span {
        let (col0, col1) = (self.col(bbox.min.lon), self.col(bbox.max.lon));
        Span { col0, col1, row0: self.row(bbox.min.lat), row1: self.row(bbox.max.lat) }
    }

    /// The columns that an edge from `low` up to `top` may touch within a row, padded for
    /// rounding: a thousandth of a cell is far above it (a cell is at least 1e-7 degrees wide).
    pub fn reach(&self, low: Point, top: Point, row: u32) -> (u32, u32) {
        let (pad_lon, pad_lat) = (1e-3 * self.cell_lon, 1e-3 * self.cell_lat);
        let (west, east) = (low.lon.min(top.lon) - pad_lon, low.lon.max(top.lon) + pad_lon);
        let floor = self.bbox.min.lat + f64::from(row) * self.cell_lat - pad_lat;
        let ceiling = floor + self.cell_lat + 2.0 * pad_lat;
        if floor <= low.lat && top.lat <= ceiling {
            return (self.col(west), self.col(east));
        }
        let at = |lat: f64| low.lon + (top.lon - low.lon) * ((lat - low.lat) / (top.lat - low.lat)).clamp(0.0, 1.0);
        let (south, north) = (at(floor), at(ceiling));
        (self.col(west.max(south.min(north) - pad_lon)), self.col(east.min(south.max(north) + pad_lon)))
    }
}

/// Columns and rows, both ends included.
pub(super) struct Span {
    pub col0: u32,
    pub col1: u32,
    pub row0: u32,
    pub row1: u32,
}

impl Span {
    pub fn wide(&self) -> usize {
        (self.col1 - self.col0) as usize + 1
    }

    pub fn high(&self) -> usize {
        (self.row1 - self.row0) as usize + 1
    }
}

/// All shapes of an index.
pub(super) struct Land {
    /// The points of all closed rings, one ring after the other.
    pub points: Vec<Point>,
    /// Where each ring begins, and the end of the last.
    rings: Vec<u32>,
    pub parts: Vec<Part>,
}

/// One polygon of a shape.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub key: u32,
    pub bbox: BBox,
    first_ring: u32,
    end_ring: u32,
}

impl Land {
    pub fn new(shapes: &[(u32, MultiPolygon)], parts: usize, vertices: usize) -> Self {
        let (points, parts) = (Vec::with_capacity(vertices), Vec::with_capacity(parts));
        let mut land = Self { points, rings: vec![0], parts };
        for (key, shape) in shapes {
            for polygon in shape.polygons() {
                let first_ring = land.rings.len() as u32 - 1;
                for ring in polygon.rings().map(Ring::points) {
                    land.points.extend_from_slice(ring);
                    land.rings.push(land.points.len() as u32);
                }
                let end_ring = land.rings.len() as u32 - 1;
                land.parts.push(Part { key: *key, bbox: polygon.shell().bbox(), first_ring, end_ring });
            }
        }
        land
    }

    /// The points of a part's rings, as places in [`Land::points`].
    pub fn rings(&self, part: &Part) -> impl Iterator<Item = std::ops::Range<usize>> {
        let (first, end) = (part.first_ring as usize, part.end_ring as usize);
        self.rings[first..=end].windows(2).map(|w| w[0] as usize..w[1] as usize)
    }

    /// A part's edges, each as the place of its first point.
    pub fn edges(&self, part: &Part) -> impl Iterator<Item = u32> {
        self.rings(part).flat_map(|ring| ring.start as u32..ring.end as u32 - 1)
    }

    /// The part that each edge bounds.
    pub fn part_of_edges(&self) -> Vec<u32> {
        let mut owners = vec![0; self.points.len()];
        for (at, part) in (0..).zip(&self.parts) {
            self.rings(part).for_each(|ring| owners[ring].fill(at));
        }
        owners
    }

    /// The two ends of an edge, the southern first; of a level edge the eastern first. So both
    /// neighbours of a shared edge see the same one.
    pub fn edge(&self, at: u32) -> (Point, Point) {
        let (a, b) = (self.points[at as usize], self.points[at as usize + 1]);
        if a.lat < b.lat || (a.lat == b.lat && a.lon > b.lon) { (a, b) } else { (b, a) }
    }
}
