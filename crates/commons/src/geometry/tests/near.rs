//! Tests of nearness in metres.

use proptest::prelude::*;

use super::super::{BBox, LocateIndex, MultiPolygon, NEAR_MAX_METRES, Point, metres_per_degree, tiling};
use super::{brute, shape, square};

fn brute_near(shapes: &[(u32, MultiPolygon)], p: Point, metres: f64) -> Vec<(u32, f64)> {
    let owners = brute(shapes, p);
    let mut near: Vec<(u32, f64)> = shapes
        .iter()
        .filter(|(key, _)| !owners.contains(key))
        .map(|(key, s)| (*key, s.boundary_distance_m(p)))
        .filter(|(_, distance)| *distance <= metres)
        .collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    near
}

#[test]
fn a_degree_measures_what_the_tables_say() {
    // National Geospatial-Intelligence Agency, length of a degree on WGS-84.
    for (lat, lon_m, lat_m) in [(0.0, 111_319.5, 110_574.3), (30.0, 96_486.3, 110_852.4), (60.0, 55_800.0, 111_412.3)] {
        let (x, y) = metres_per_degree(lat);
        assert!((x - lon_m).abs() < 0.5 && (y - lat_m).abs() < 0.5, "{lat}: {x} {y}");
    }
}

#[test]
fn a_neighbour_within_thirty_metres_is_named_with_its_distance() {
    let (x, y) = metres_per_degree(30.0005);
    let tiles = vec![
        (1, shape(square(120.0, 30.0, 0.001), vec![])),
        (2, shape(square(120.001, 30.0, 0.001), vec![])),
        (3, shape(square(120.0, 30.001, 0.001), vec![])),
    ];
    let index = LocateIndex::build(tiles).unwrap();
    let lon = 120.001 - 20.0 / x;
    let near = index.near(lon, 30.0005, 30.0);
    assert_eq!(near.len(), 1, "{near:?}");
    assert_eq!(near[0].0, 2);
    assert!((near[0].1 - 20.0).abs() < 1e-3, "{near:?}");
    assert_eq!(index.near(lon, 30.0005, 19.9), vec![]);

    let gap = index.near(120.001 + 5.0 / x, 30.001 + 12.0 / y, 30.0);
    let rounded: Vec<_> = gap.iter().map(|(key, metres)| (*key, metres.round())).collect();
    assert_eq!(rounded, [(3, 5.0), (2, 12.0), (1, 13.0)]);
}

#[test]
fn how_far_near_looks_is_bounded() {
    let index = LocateIndex::build(vec![(1, shape(square(120.0, 30.0, 0.1), vec![]))]).unwrap();
    assert_eq!(index.near(121.0, 30.0, 1e9), vec![], "96 km away, beyond {NEAR_MAX_METRES} m");
    assert_eq!(index.near(120.5, 30.0, 1e9).len(), 1);
    assert_eq!(index.near(120.5, 30.0, f64::NAN), vec![]);
    assert_eq!(index.near(f64::NAN, 30.0, 10.0), vec![]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn near_agrees_with_brute_force(
        seed in any::<u64>(),
        tiles in 1_usize..60,
        spots in prop::collection::vec((-0.02..0.07, -0.02..0.07, 1.0_f64..9_000.0), 1..12),
    ) {
        let shapes: Vec<_> = (0..).zip(tiling(tiles, seed, BBox::new(120.0, 30.0, 120.05, 30.05)).unwrap()).collect();
        let index = LocateIndex::build(shapes.clone()).unwrap();
        for (dlon, dlat, metres) in spots {
            let p = Point::new(120.0 + dlon, 30.0 + dlat);
            for metres in [metres, metres / 100.0] {
                let (found, truth) = (index.near(p.lon, p.lat, metres), brute_near(&shapes, p, metres));
                let keys = |near: &[(u32, f64)]| near.iter().map(|n| n.0).collect::<std::collections::BTreeSet<_>>();
                prop_assert_eq!(keys(&found), keys(&truth));
                for (a, b) in found.iter().zip(&truth) {
                    prop_assert!((a.1 - b.1).abs() < 1e-6, "{:?} {:?}", a, b);
                }
            }
        }
    }
}
