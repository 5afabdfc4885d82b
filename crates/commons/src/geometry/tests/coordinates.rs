//! Tests of coordinate systems: the shift of Chinese maps, there and back.

use proptest::prelude::*;

use super::super::{Point, gcj02_to_wgs84, outside_china, wgs84_to_gcj02};

#[test]
fn the_shift_is_the_one_that_maps_use() {
    // Figures that several independent implementations print for this point of Beijing.
    let shifted = wgs84_to_gcj02(Point::new(116.404, 39.915));
    assert!((shifted.lon - 116.410_244_499_169_38).abs() < 1e-11, "{shifted:?}");
    assert!((shifted.lat - 39.916_404_281_501_64).abs() < 1e-11, "{shifted:?}");
}

#[test]
fn hangzhou_moves_by_some_hundred_metres_to_the_south_east() {
    let west_lake = Point::new(120.15, 30.25);
    let shifted = wgs84_to_gcj02(west_lake);
    let (x, y) = super::super::metres_per_degree(30.25);
    let (east, north) = ((shifted.lon - west_lake.lon) * x, (shifted.lat - west_lake.lat) * y);
    assert!((300.0..600.0).contains(&east) && (-400.0..0.0).contains(&north), "{east} {north}");
}

#[test]
fn nothing_moves_outside_china() {
    for p in [Point::new(-71.0587, 42.3594), Point::new(139.7, 35.7), Point::new(103.8, 0.5)] {
        assert!(outside_china(p));
        assert_eq!((wgs84_to_gcj02(p), gcj02_to_wgs84(p)), (p, p));
    }
    assert!(!outside_china(Point::new(120.15, 30.25)));
}

proptest! {
    #[test]
    fn the_way_back_leads_home(lon in 72.1_f64..137.7, lat in 0.9_f64..55.7) {
        let home = Point::new(lon, lat);
        let back = gcj02_to_wgs84(wgs84_to_gcj02(home));
        prop_assert!((back.lon - lon).abs() < 1e-9 && (back.lat - lat).abs() < 1e-9, "{:?} {:?}", home, back);
    }
}
