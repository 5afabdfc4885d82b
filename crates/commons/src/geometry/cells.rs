//! The record of a boundary cell, laid out in one run of memory, and the exact test on it.
//!
//! **The test.** Who owns the cell's middle M is known. From the point P walk east or west to
//! M's longitude (the corner Q), then north or south to M: each edge that the walk crosses
//! toggles the polygons that it bounds. Only edges that touch the cell can be crossed. To be the
//! same as the half-open ray cast in every tie, P, Q and M stand for themselves shifted by an
//! infinitesimal δ east and δ² north: then no walk meets a vertex and no point lies on an edge.
//! With edges that run north (or, level, west):
//!
//! - the leg P Q crosses an edge whose ends lie on either side of P's latitude, when P and Q lie on
//!   different sides of it;
//! - the leg Q M crosses an edge whose ends lie on either side of M's longitude, when Q and M do.
//!
//! **The record**, in 64-bit words: a head, the keys two a word, the edges five words each (the
//! four coordinates' bits, then what it toggles and two flags). A cell with more than
//! [`GROUP_PARTS_MAX_COUNT`] polygons has several such groups, one after the other.

use super::{Hits, Point, land::Land, predicate::side};

/// Marks a cell word or a part of a cell as "this part owns the middle", for a cell word: all of it.
pub(super) const OWNED: u32 = 1 << 31;
/// Marks an empty cell.
pub(super) const EMPTY: u32 = u32::MAX;

/// One bit of a mask each.
const GROUP_PARTS_MAX_COUNT: usize = 16;
const EDGE_WORDS: usize = 5;

/// Flag of an edge: its ends lie on either side of the middle's longitude.
const SPANS_MIDDLE: u64 = 1 << 32;
/// Flag of an edge: the middle lies left of it.
const MIDDLE_LEFT: u64 = 1 << 33;
/// Flag of a head: another group follows.
const MORE: u64 = 1 << 63;

/// The fields of a head: edges (32 bits), parts (8), mask of those that own the middle (16), [`MORE`].
#[derive(Clone, Copy)]
struct Head(u64);

impl Head {
    fn new(edges: usize, parts: usize, owners: u64, more: bool) -> Self {
        Self(edges as u64 | (parts as u64) << 32 | owners << 40 | if more { MORE } else { 0 })
    }

    #[inline(always)]
    fn edges(self) -> usize {
        self.0 as u32 as usize
    }

    #[inline(always)]
    fn parts(self) -> usize {
        (self.0 >> 32) as u8 as usize
    }

    #[inline(always)]
    fn owners(self) -> u64 {
        (self.0 >> 40) as u16 as u64
    }

    #[inline(always)]
    fn more(self) -> bool {
        self.0 & MORE != 0
    }

    #[inline(always)]
    fn key_words(self) -> usize {
        self.parts().div_ceil(2)
    }
}

/// Writes the records of an index.
pub(super) struct CellWriter<'a> {
    land: &'a Land,
    part_of: Vec<u32>,
    records: Vec<u64>,
    rows: Vec<[u64; EDGE_WORDS]>,
}

impl<'a> CellWriter<'a> {
    pub fn new(land: &'a Land) -> Self {
        Self { land, part_of: land.part_of_edges(), records: Vec::new(), rows: Vec::new() }
    }

    pub fn finish(mut self) -> Vec<u64> {
        self.records.shrink_to_fit();
        self.records
    }

    /// Appends a cell's record and answers its place. `parts` ascend, each with [`OWNED`] when it
    /// owns `middle`; `edges` are all that may touch the cell, ascending.
    pub fn write(&mut self, parts: &[u32], mut edges: &[u32], middle: Point) -> u32 {
        let place = self.records.len();
        for (i, group) in parts.chunks(GROUP_PARTS_MAX_COUNT).enumerate() {
            // Parts and edges both stand in the order of the land.
            let last = group[group.len() - 1] & !OWNED;
            let (here, rest) = edges.split_at(edges.partition_point(|edge| self.part_of[*edge as usize] <= last));
            edges = rest;
            let more = (i + 1) * GROUP_PARTS_MAX_COUNT < parts.len();
            self.write_group(group, here, middle, more);
        }
        u32::try_from(place).expect("records are bounded by the limits on pairs")
    }

    fn write_group(&mut self, parts: &[u32], edges: &[u32], middle: Point, more: bool) {
        let Self { land, part_of, records, rows } = self;
        rows.clear();
        rows.extend(edges.iter().map(|&edge| {
            let (a, b) = land.edge(edge);
            let [alon, alat, blon, blat] = [a.lon, a.lat, b.lon, b.lat].map(f64::to_bits);
            let part = part_of[edge as usize];
            [alon, alat, blon, blat, 1 << parts.partition_point(|p| p & !OWNED < part)]
        }));
        // An edge that several parts share is kept once.
        rows.sort_unstable();
        rows.dedup_by(|later, first| {
            let same = later[..4] == first[..4];
            if same {
                first[4] ^= later[4];
            }
            same
        });
        let owners = (0..).zip(parts).map(|(i, part)| u64::from(part & OWNED != 0) << i).sum();
        records.push(Head::new(rows.len(), parts.len(), owners, more).0);
        let key = |part: &u32| u64::from(land.parts[(part & !OWNED) as usize].key);
        records.extend(parts.chunks(2).map(|pair| key(&pair[0]) | pair.get(1).map_or(0, key) << 32));
        for row in rows {
            let (a, b) = ends(row);
            if (a.lon > middle.lon) != (b.lon > middle.lon) {
                row[4] |= SPANS_MIDDLE;
            }
            if side(a, b, middle) > 0.0 {
                row[4] |= MIDDLE_LEFT;
            }
            records.extend_from_slice(&*row);
        }
    }
}

#[inline(always)]
fn ends(row: &[u64; EDGE_WORDS]) -> (Point, Point) {
    let [alon, alat, blon, blat, _] = *row;
    (Point::new(f64::from_bits(alon), f64::from_bits(alat)), Point::new(f64::from_bits(blon), f64::from_bits(blat)))
}

/// Who owns `p` by the record that starts `record`; `middle_lon` is the one it was written with.
#[inline(always)]
pub(super) fn owners_in(mut record: &[u64], p: Point, middle_lon: f64) -> Hits {
    let corner = Point::new(middle_lon, p.lat);
    let mut hits = Hits::None;
    loop {
        let head = Head(record[0]);
        let keys_end = 1 + head.key_words();
        let end = keys_end + head.edges() * EDGE_WORDS;
        let mut owners = head.owners();
        let (rows, _) = record[keys_end..end].as_chunks::<EDGE_WORDS>();
        for row in rows {
            let (a, b) = ends(row);
            let spans_lat = (a.lat > p.lat) != (b.lat > p.lat);
            let spans_middle = row[4] & SPANS_MIDDLE != 0;
            if spans_lat | spans_middle {
                let corner_left = side(a, b, corner) > 0.0;
                let middle_left = row[4] & MIDDLE_LEFT != 0;
                let mut crossed = spans_middle & (corner_left != middle_left);
                if spans_lat {
                    crossed ^= (side(a, b, p) > 0.0) != corner_left;
                }
                if crossed {
                    owners ^= row[4] & 0xffff;
                }
            }
        }
        while owners != 0 {
            let i = owners.trailing_zeros() as usize;
            hits.add((record[1 + i / 2] >> (32 * (i % 2))) as u32);
            owners &= owners - 1;
        }
        if !head.more() {
            return hits;
        }
        record = &record[end..];
    }
}

/// Calls `each` with every (key, edge) of a record.
pub(super) fn edges_in(mut record: &[u64], mut each: impl FnMut(u32, Point, Point)) {
    loop {
        let head = Head(record[0]);
        let keys_end = 1 + head.key_words();
        let end = keys_end + head.edges() * EDGE_WORDS;
        for row in record[keys_end..end].as_chunks::<EDGE_WORDS>().0 {
            let (a, b) = ends(row);
            let mut bounds = row[4] & 0xffff;
            while bounds != 0 {
                let i = bounds.trailing_zeros() as usize;
                each((record[1 + i / 2] >> (32 * (i % 2))) as u32, a, b);
                bounds &= bounds - 1;
            }
        }
        if !head.more() {
            return;
        }
        record = &record[end..];
    }
}
