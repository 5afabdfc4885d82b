//! Tests of the index: it answers what looking at every shape answers.

use proptest::prelude::*;

use super::super::{Hits, LocateIndex, MultiPolygon, Point, Polygon, Ring};
use super::{brute, points, shape, square};

/// From a single cell to the fineness chosen for a city.
const GRIDS: [Option<usize>; 5] = [Some(0), Some(7), Some(300), Some(5_000), None];

fn agree(shapes: &[(u32, MultiPolygon)], points: &[Point]) -> Result<(), TestCaseError> {
    for cells in GRIDS {
        let index = LocateIndex::build_on(shapes, cells).expect("an index");
        for &p in points {
            prop_assert_eq!(index.locate(p.lon, p.lat).keys().to_vec(), brute(shapes, p), "at {:?} on {:?}", p, cells);
        }
    }
    Ok(())
}

/// Where ties happen: on vertices, on edges, level with vertices, a hair beside them.
fn ties(shapes: &[(u32, MultiPolygon)]) -> Vec<Point> {
    let mut ties = Vec::new();
    for ring in shapes.iter().flat_map(|(_, s)| s.rings()) {
        for edge in ring.points().windows(2) {
            let (a, b) = (edge[0], edge[1]);
            let middle = Point::new((a.lon + b.lon) / 2.0, (a.lat + b.lat) / 2.0);
            ties.extend([a, middle, Point::new(middle.lon, a.lat), Point::new(a.lon, b.lat)]);
            ties.push(Point::new(middle.lon.next_up(), middle.lat));
            ties.push(Point::new(middle.lon, middle.lat.next_down()));
        }
    }
    ties
}

/// A mesh of triangles and quadrangles over [0, wide] × [0, high] whose corners are dyadic, so that
/// middles of edges lie exactly on them. `shift` moves inner corners by up to 1/8, so that none folds over.
fn mesh(wide: usize, high: usize, shift: &[(i8, i8)], halve: &[bool]) -> Vec<(u32, MultiPolygon)> {
    let corner = |i: usize, j: usize| {
        let (dx, dy) = shift[(i * 31 + j * 17) % shift.len()];
        let free = |at: usize, end: usize, by: i8| {
            if at == 0 || at == end { 0.0 } else { f64::from(by) / 16.0 }
        };
        Point::new(i as f64 + free(i, wide, dx), j as f64 + free(j, high, dy))
    };
    let mut tiles = Vec::new();
    for i in 0..wide {
        for j in 0..high {
            let [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
            if halve[(i + j * wide) % halve.len()] {
                tiles.extend([vec![a, b, c, a], vec![a, c, d, a]]);
            } else {
                tiles.push(vec![a, b, c, d, a]);
            }
        }
    }
    (0..).zip(tiles.into_iter().map(|t| MultiPolygon::from_ring(t).expect("a tile"))).collect()
}

/// Any ring over a small lattice: level and upright edges, spikes, crossings and repeated points
/// abound.
fn wild_ring() -> impl Strategy<Value = Ring> {
    prop::collection::vec((0_u8..9, 0_u8..9), 3..9).prop_filter_map("encloses no area", |corners| {
        let mut ring: Vec<Point> = corners.iter().map(|&(x, y)| Point::new(f64::from(x), f64::from(y))).collect();
        ring.push(ring[0]);
        Ring::new(ring).ok()
    })
}

fn wild_shape() -> impl Strategy<Value = MultiPolygon> {
    let polygon = (wild_ring(), prop::collection::vec(wild_ring(), 0..3)).prop_map(|(shell, mut holes)| {
        holes.retain(|hole| shell.bbox().covers(&hole.bbox()));
        Polygon::new(shell, holes).expect("a polygon")
    });
    prop::collection::vec(polygon, 1..4).prop_map(|polygons| MultiPolygon::new(polygons).expect("a shape"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_point_of_a_tiling_has_exactly_one_owner(
        (wide, high) in (1_usize..7, 1_usize..6),
        shift in prop::collection::vec((-2_i8..3, -2_i8..3), 1..40),
        halve in prop::collection::vec(any::<bool>(), 1..9),
        free in prop::collection::vec((0.0..1.0, 0.0..1.0), 40),
    ) {
        let tiles = mesh(wide, high, &shift, &halve);
        let mut points = ties(&tiles);
        points.extend(free.iter().map(|(x, y)| Point::new(x * wide as f64, y * high as f64)));
        agree(&tiles, &points)?;
        let index = LocateIndex::build(tiles).unwrap();
        for p in points {
            let within = (0.0..wide as f64).contains(&p.lon) && (0.0..high as f64).contains(&p.lat);
            prop_assert_eq!(index.locate(p.lon, p.lat).keys().len(), usize::from(within), "at {:?}", p);
        }
    }

    #[test]
    fn overlaps_holes_and_islands_are_found_as_by_brute_force(
        shapes in prop::collection::vec(wild_shape(), 1..12),
        keys in 1_u32..12,
        free in prop::collection::vec((-1.0..10.0, -1.0..10.0), 30),
    ) {
        let shapes: Vec<_> = (0..).zip(shapes).map(|(i, s)| (i % keys, s)).collect();
        let mut points = ties(&shapes);
        points.extend(free.iter().map(|&(x, y)| Point::new(x, y)));
        points.extend((0..100).map(|i| Point::new(f64::from(i % 10), f64::from(i / 10))));
        agree(&shapes, &points)?;
    }
}

#[test]
fn a_cell_may_hold_more_polygons_than_one_group() {
    // Nested squares with one corner in common: up to fifty own a point, all edges meet there.
    let shapes: Vec<_> = (1..=50).map(|i| (1_000 - i, shape(square(0.0, 0.0, f64::from(i) / 50.0), vec![]))).collect();
    let points: Vec<Point> = (0..200).map(|i| Point::new(f64::from(i) / 200.0, f64::from(i % 7) / 100.0)).collect();
    agree(&shapes, &points).unwrap();
    let index = LocateIndex::build(shapes).unwrap();
    assert_eq!(index.locate(0.0, 0.0).keys().len(), 50);
    assert_eq!(index.locate(0.5, 0.1).keys().len(), 25);
}

#[test]
fn a_shared_border_belongs_to_the_east_and_to_the_north() {
    let index = LocateIndex::build(vec![
        (1, shape(square(0.0, 0.0, 1.0), vec![])),
        (2, shape(square(1.0, 0.0, 1.0), vec![])),
        (3, shape(square(0.0, 1.0, 1.0), vec![])),
    ])
    .unwrap();
    assert_eq!(index.locate(1.0, 0.5), Hits::One(2));
    assert_eq!(index.locate(0.5, 1.0), Hits::One(3));
    assert_eq!(index.locate(0.0, 0.0), Hits::One(1));
    assert_eq!(index.locate(2.0, 0.5), Hits::None);
    assert_eq!(index.locate(0.5, 2.0), Hits::None);
}

#[test]
fn a_hole_is_a_gap_and_the_island_in_it_is_found() {
    let lake = shape(square(0.0, 0.0, 9.0), vec![square(3.0, 3.0, 3.0)]);
    let island = shape(square(4.0, 4.0, 1.0), vec![]);
    let index = LocateIndex::build(vec![(7, lake), (8, island)]).unwrap();
    assert_eq!(index.locate(1.0, 1.0).only(), Some(7));
    assert_eq!(index.locate(3.5, 3.5), Hits::None);
    assert_eq!(index.locate(4.5, 4.5).only(), Some(8));
}

#[test]
fn an_overlap_names_both_and_one_key_only_once() {
    let two = MultiPolygon::new(vec![
        Polygon::new(square(0.0, 0.0, 2.0), vec![]).unwrap(),
        Polygon::new(square(1.0, 1.0, 2.0), vec![]).unwrap(),
    ])
    .unwrap();
    let index = LocateIndex::build(vec![(9, two), (4, shape(square(1.2, 1.2, 2.0), vec![]))]).unwrap();
    assert_eq!(index.locate(1.5, 1.5), Hits::Many(vec![4, 9]));
    assert_eq!(index.locate(1.1, 1.1), Hits::One(9));
    assert!(index.locate(1.5, 1.5).contains(4) && !index.locate(1.5, 1.5).contains(5));
}

#[test]
fn nothing_is_found_off_the_map_or_at_no_number() {
    let index = LocateIndex::build(vec![(1, shape(square(0.0, 0.0, 1.0), vec![]))]).unwrap();
    for p in points(&[(-0.1, 0.5), (0.5, 1.1), (400.0, 0.5), (f64::NAN, 0.5), (0.5, f64::NAN), (f64::INFINITY, 0.0)]) {
        assert_eq!(index.locate(p.lon, p.lat), Hits::None);
    }
    let empty = LocateIndex::build(Vec::new()).unwrap();
    assert_eq!(empty.locate(0.0, 0.0), Hits::None);
    assert_eq!((empty.bbox(), empty.near(0.0, 0.0, 1e9)), (None, vec![]));
}

#[test]
fn a_speck_and_a_hemisphere_stand_in_one_index() {
    let speck = square(10.0, 10.0, 1e-9);
    let shapes = vec![(1, shape(speck, vec![])), (2, shape(square(-80.0, -80.0, 160.0), vec![]))];
    let index = LocateIndex::build(shapes.clone()).unwrap();
    assert_eq!(index.locate(10.0 + 5e-10, 10.0 + 5e-10).keys(), [1, 2]);
    assert_eq!(index.locate(10.0 - 1e-10, 10.0).keys(), [2]);
    let alone = LocateIndex::build(shapes[..1].to_vec()).unwrap();
    assert_eq!(alone.grid(), (1, 1));
    assert_eq!(alone.locate(10.0 + 5e-10, 10.0 + 5e-10).keys(), [1]);
}

#[test]
fn many_large_overlaps_make_the_grid_coarser_instead_of_filling_memory() {
    let shapes: Vec<_> =
        (0..400).map(|i| (i, shape(square(f64::from(i) * 1e-4, f64::from(i) * 1e-4, 1.0), vec![]))).collect();
    let index = LocateIndex::build(shapes).unwrap();
    assert!(
        u64::from(index.grid().0) * u64::from(index.grid().1) * 400 < 2 * super::super::GRID_PAIRS_MAX_COUNT as u64
    );
    assert_eq!(index.locate(0.5, 0.5).keys().len(), 400);
    assert_eq!(index.locate(0.000_15, 0.5).keys(), [0, 1]);
}
