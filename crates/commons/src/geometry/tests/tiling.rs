//! Tests of the irregular tiling that benchmarks use.

use proptest::prelude::*;

use super::super::{BBox, LocateIndex, Point, TILING_MAX_POLYGONS, tiling};
use super::{brute, shape};

const BOX: BBox = BBox::new(119.9, 30.1, 120.5, 30.6);

#[test]
fn tiles_are_irregular_and_of_the_promised_detail() {
    let tiles = tiling(2_000, 7, BOX).unwrap();
    let vertices: Vec<usize> = tiles.iter().map(|t| t.vertices() - 1).collect();
    assert_eq!(tiles.len(), 2_000);
    assert!(vertices.iter().all(|v| (48..=200).contains(v)), "{:?} {:?}", vertices.iter().min(), vertices.iter().max());
    let mean = vertices.iter().sum::<usize>() as f64 / 2_000.0;
    assert!((110.0..135.0).contains(&mean), "{mean}");
}

#[test]
fn the_same_seed_gives_the_same_tiles_and_another_does_not() {
    assert_eq!(tiling(50, 3, BOX).unwrap(), tiling(50, 3, BOX).unwrap());
    assert_ne!(tiling(50, 3, BOX).unwrap(), tiling(50, 4, BOX).unwrap());
}

#[test]
fn a_tiling_without_tiles_or_room_or_beyond_the_limit_is_refused() {
    assert_eq!(tiling(0, 1, BOX).unwrap_err().code(), "empty");
    assert_eq!(tiling(9, 1, BBox::new(1.0, 1.0, 1.0, 2.0)).unwrap_err().code(), "empty");
    assert_eq!(tiling(TILING_MAX_POLYGONS + 1, 1, BOX).unwrap_err().code(), "set_too_large");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn tiles_fill_the_box_without_gap_or_overlap(
        count in 1_usize..90,
        seed in any::<u64>(),
        free in prop::collection::vec((0.0..1.0, 0.0..1.0), 60),
    ) {
        let tiles = tiling(count, seed, BOX).unwrap();
        prop_assert_eq!(tiles.len(), count);
        prop_assert!(tiles.iter().all(|t| (48..=200).contains(&(t.vertices() - 1))));

        let (min, max) = (BOX.min, BOX.max);
        let frame = super::ring(&[(min.lon, min.lat), (max.lon, min.lat), (max.lon, max.lat), (min.lon, max.lat)]);
        let whole = shape(frame, vec![]).area_m2();
        let sum: f64 = tiles.iter().map(|t| t.area_m2()).sum();
        prop_assert!((sum / whole - 1.0).abs() < 1e-9, "{} of {}", sum, whole);

        let mut points: Vec<Point> = tiles.iter().flat_map(|t| t.rings()).flat_map(|r| r.points()).step_by(5).copied().collect();
        let free = free.iter().map(|(x, y)| Point::new(min.lon + (max.lon - min.lon) * x, min.lat + (max.lat - min.lat) * y));
        points.extend(free);
        points.retain(|p| p.lon < max.lon && p.lat < max.lat);
        let shapes: Vec<_> = (0..).zip(tiles).collect();
        let index = LocateIndex::build(shapes.clone()).unwrap();
        for p in points {
            let owners = brute(&shapes, p);
            prop_assert_eq!(owners.len(), 1, "at {:?}", p);
            prop_assert_eq!(index.locate(p.lon, p.lat).keys().to_vec(), owners);
        }
    }
}
