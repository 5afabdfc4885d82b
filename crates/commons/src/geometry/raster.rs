//! The grid beneath the index: who owns each cell, or which edges pass through it.
//!
//! Built conservatively: a cell that an edge may touch, rounding included, is a boundary cell,
//! where the exact test decides; any other cell lies wholly inside or wholly outside, and one
//! exact test at its middle tells which. The grid is made coarser until it fits its limits, so
//! that memory is bounded whatever the shapes look like.

use super::{
    BBox, GeometryError, MultiPolygon, Point,
    cells::{CellWriter, EMPTY, OWNED},
    land::{Frame, Land, Part},
    predicate::crosses,
};

/// Most vertices of all shapes of one index, 16 bytes each.
pub const VERTICES_MAX_COUNT: usize = 20_000_000;
/// Most polygons of all shapes of one index.
pub const PARTS_MAX_COUNT: usize = 1_000_000;
/// Most cells of a grid, 4 bytes each.
pub const GRID_CELLS_MAX_COUNT: usize = 1 << 22;
/// Most (cell, polygon) pairs and most (cell, edge) pairs of a grid; the latter take 40 bytes
/// each. Only a grid that is already a single cell may hold more.
pub const GRID_PAIRS_MAX_COUNT: usize = 12_000_000;

const GRID_CELLS_MIN_COUNT: usize = 1 << 16;
/// Chosen by measuring 20,000 irregular tiles: about 12 × 12 cells a tile.
const CELLS_PER_PART: usize = 160;

/// What the index looks up.
pub(super) struct Raster {
    pub frame: Frame,
    /// One word a cell, row by row: [`EMPTY`], [`OWNED`] + part, or the place of its record.
    pub cells: Vec<u32>,
    /// The records of boundary cells, see [`super::cells`].
    pub records: Vec<u64>,
    /// The key of each part.
    pub keys: Vec<u32>,
    pub land: Land,
}

impl Raster {
    /// `None` without shapes. `cells` is how many to begin with, by itself according to the shapes.
    pub fn build(shapes: &[(u32, MultiPolygon)], cells: Option<usize>) -> Result<Option<Self>, GeometryError> {
        let found = shapes.iter().map(|(_, shape)| shape.polygons().len()).sum();
        check("polygons", found, PARTS_MAX_COUNT)?;
        let vertices = shapes.iter().map(|(_, shape)| shape.vertices()).sum();
        check("vertices", vertices, VERTICES_MAX_COUNT)?;
        let Some(bbox) = shapes.iter().map(|(_, shape)| shape.bbox()).reduce(BBox::union) else {
            return Ok(None);
        };
        let land = Land::new(shapes, found, vertices);
        let fitting = (found * CELLS_PER_PART).max(vertices).clamp(GRID_CELLS_MIN_COUNT, GRID_CELLS_MAX_COUNT);
        let mut cells = cells.unwrap_or(fitting);
        loop {
            if let Some(plan) = Plan::draw(Frame::new(bbox, cells), &land) {
                return Ok(Some(plan.finish(land)));
            }
            cells /= 4;
        }
    }
}

fn check(what: &'static str, found: usize, most: usize) -> Result<(), GeometryError> {
    if found > most { Err(GeometryError::SetTooLarge { what, found, most }) } else { Ok(()) }
}

/// The raster while it grows.
struct Plan {
    frame: Frame,
    /// (cell, part that touches or owns it; with [`OWNED`] when it owns the cell's middle)
    parts: Vec<(u32, u32)>,
    /// (cell, edge)
    edges: Vec<(u32, u32)>,
}

impl Plan {
    /// `None` when the frame is too fine for the limits.
    fn draw(frame: Frame, land: &Land) -> Option<Self> {
        let mut plan = Self { frame, parts: Vec::new(), edges: Vec::new() };
        let room = if frame.cols == 1 && frame.rows == 1 { usize::MAX } else { GRID_PAIRS_MAX_COUNT };
        let mut sketch = Sketch::default();
        for (at, part) in (0_u32..).zip(&land.parts) {
            plan.mark(part, land, &mut sketch, room)?;
            plan.fill(at, part, land, &sketch);
            if plan.parts.len() > room {
                return None;
            }
        }
        Some(plan)
    }

    /// Marks the cells that a part's edges may touch, and sorts its edges by row.
    fn mark(&mut self, part: &Part, land: &Land, sketch: &mut Sketch, room: usize) -> Option<()> {
        let (frame, span) = (&self.frame, self.frame.span(&part.bbox));
        sketch.clear(span.wide() * span.high(), span.high());
        for edge in land.edges(part) {
            let (low, top) = land.edge(edge);
            for row in frame.row(low.lat)..=frame.row(top.lat) {
                let r = (row - span.row0) as usize;
                sketch.by_row[r].push(edge);
                let (west, east) = frame.reach(low, top, row);
                let (west, east) = (west.max(span.col0), east.min(span.col1));
                let start = r * span.wide();
                sketch.marks[start + (west - span.col0) as usize..=start + (east - span.col0) as usize].fill(true);
                self.edges.extend((west..=east).map(|col| (row * frame.cols + col, edge)));
            }
            if self.edges.len() > room {
                return None;
            }
        }
        Some(())
    }

    /// Adds the cells that a part touches or owns.
    fn fill(&mut self, at: u32, part: &Part, land: &Land, sketch: &Sketch) {
        let (frame, span) = (self.frame, self.frame.span(&part.bbox));
        let rows = (span.row0..=span.row1).zip(&sketch.by_row).zip(sketch.marks.chunks_exact(span.wide()));
        for ((row, edges), marks) in rows {
            let lat = frame.middle_lat(row);
            let owns_middle = |col: u32| {
                let middle = Point::new(frame.middle_lon(col), lat);
                let cross = |edge: &u32| {
                    let (a, b) = land.edge(*edge);
                    crosses(a, b, middle)
                };
                edges.iter().fold(false, |odd, edge| odd ^ cross(edge))
            };
            // West of the first boundary cell nothing is owned; between two boundary cells one
            // test serves the whole stretch.
            let (mut inside, mut fresh) = (false, false);
            for (col, &marked) in (span.col0..).zip(marks) {
                if marked || fresh {
                    inside = owns_middle(col);
                }
                if marked || inside {
                    self.parts.push((row * frame.cols + col, if inside { OWNED | at } else { at }));
                }
                fresh = marked;
            }
        }
    }

    /// Gathers the pairs by cell and writes the cells.
    fn finish(self, land: Land) -> Raster {
        let count = self.frame.cols as usize * self.frame.rows as usize;
        let parts = ByCell::new(self.parts, count);
        let edges = ByCell::new(self.edges, count);
        let mut cells = vec![EMPTY; count];
        let mut writer = CellWriter::new(&land);
        for (at, word) in cells.iter_mut().enumerate() {
            *word = match (parts.of(at), edges.of(at)) {
                ([], _) => EMPTY,
                ([only], []) => *only,
                (parts, edges) => {
                    let (row, col) = (at as u32 / self.frame.cols, at as u32 % self.frame.cols);
                    let middle = Point::new(self.frame.middle_lon(col), self.frame.middle_lat(row));
                    writer.write(parts, edges, middle)
                }
            };
        }
        let records = writer.finish();
        let keys = land.parts.iter().map(|part| part.key).collect();
        Raster { frame: self.frame, cells, records, keys, land }
    }
}

/// Room for one part's cells, used again for the next.
#[derive(Default)]
struct Sketch {
    marks: Vec<bool>,
    by_row: Vec<Vec<u32>>,
}

impl Sketch {
    fn clear(&mut self, cells: usize, rows: usize) {
        self.marks.clear();
        self.marks.resize(cells, false);
        self.by_row.iter_mut().for_each(Vec::clear);
        self.by_row.resize(self.by_row.len().max(rows), Vec::new());
    }
}

/// Values sorted by cell, in their order within a cell.
struct ByCell {
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl ByCell {
    fn new(pairs: Vec<(u32, u32)>, cells: usize) -> Self {
        let mut ends = vec![0_u32; cells + 1];
        for (cell, _) in &pairs {
            ends[*cell as usize + 1] += 1;
        }
        for i in 1..ends.len() {
            ends[i] += ends[i - 1];
        }
        // Each start moves on to its end while the values are placed.
        let mut values = vec![0; pairs.len()];
        for (cell, value) in pairs {
            let place = &mut ends[cell as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        Self { ends, values }
    }

    fn of(&self, cell: usize) -> &[u32] {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.values[start as usize..self.ends[cell] as usize]
    }
}
