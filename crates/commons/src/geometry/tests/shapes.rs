//! Tests of reading and writing GeoJSON.

use proptest::prelude::*;

use super::super::{BBox, GeometryError, MultiPolygon, Point, Polygon, Ring, VERTICES_PER_SHAPE_MAX_COUNT};
use super::{closed, points, ring, shape, square};

fn code(text: &str) -> &'static str {
    MultiPolygon::parse(text).expect_err("should be refused").code()
}

#[test]
fn geojson_polygons_and_multipolygons_are_read_and_written() {
    let text = r#"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[3,6],[6,6],[6,3],[3,3]]]}"#;
    let lake = MultiPolygon::parse(text).unwrap();
    assert_eq!((lake.polygons().len(), lake.polygons()[0].holes().len(), lake.vertices()), (1, 1, 10));
    assert_eq!(MultiPolygon::from_geometry(&lake.to_geometry()).unwrap(), lake);

    let text = r#"{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":
        [[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]],[[[5,5],[6,5],[6,6],[5,5]]]]}}"#;
    let islands = MultiPolygon::parse(text).unwrap();
    assert_eq!(islands.polygons().len(), 2);
    assert_eq!(MultiPolygon::from_geometry(&islands.to_geometry()).unwrap(), islands);
}

#[test]
fn what_is_no_boundary_is_refused_by_name() {
    assert_eq!(code("not json"), "not_geojson");
    assert_eq!(code(r#"{"type":"Square"}"#), "not_geojson");
    assert_eq!(code(r#"{"type":"Point","coordinates":[1,2]}"#), "wrong_type");
    assert_eq!(code(r#"{"type":"FeatureCollection","features":[]}"#), "wrong_type");
    assert_eq!(code(r#"{"type":"Feature","properties":null,"geometry":null}"#), "empty");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[]}"#), "empty");
    assert_eq!(code(r#"{"type":"MultiPolygon","coordinates":[]}"#), "empty");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#), "ring_not_closed");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#), "ring_too_short");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]}"#), "no_area");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[[[30,120],[31,120],[31,121],[30,120]]]}"#), "out_of_range");
    assert_eq!(code(r#"{"type":"Polygon","coordinates":[[[-100,0],[100,0],[100,9],[-100,0]]]}"#), "too_wide");
    let refused = Ring::new(closed(&[(0.0, 0.0), (1.0, f64::NAN), (1.0, 1.0)])).unwrap_err();
    assert_eq!(refused, GeometryError::NotFinite { at: 1 });
    let refused = Ring::new(closed(&[(0.0, 0.0), (f64::INFINITY, 0.0), (1.0, 1.0)])).unwrap_err();
    assert_eq!(refused, GeometryError::NotFinite { at: 1 });
    let refused = Polygon::new(square(0.0, 0.0, 1.0), vec![square(0.5, 0.5, 1.0)]).unwrap_err();
    assert_eq!(refused, GeometryError::HoleOutside { at: 0 });
}

#[test]
fn a_shape_with_too_many_vertices_or_rings_is_refused() {
    let most = VERTICES_PER_SHAPE_MAX_COUNT;
    let circle = |n: usize| {
        let turn = |i: usize| i as f64 / n as f64 * std::f64::consts::TAU;
        closed(&(0..n).map(|i| (turn(i).cos(), turn(i).sin())).collect::<Vec<_>>())
    };
    assert_eq!(Ring::new(circle(most)).unwrap_err(), GeometryError::TooManyVertices { found: most + 1, most });
    let half = Polygon::new(Ring::new(circle(most / 2)).unwrap(), vec![]).unwrap();
    let refused = MultiPolygon::new(vec![half.clone(), half]).unwrap_err();
    assert_eq!(refused.code(), "too_many_vertices");
    let islands = (0..5_001).map(|_| Polygon::new(square(0.0, 0.0, 1.0), vec![]).unwrap()).collect();
    assert_eq!(MultiPolygon::new(islands).unwrap_err().code(), "too_many_rings");
}

#[test]
fn a_refusal_speaks_both_languages() {
    let refused = MultiPolygon::parse(r#"{"type":"Polygon","coordinates":[[[30,120],[31,120],[31,121],[30,120]]]}"#);
    let refused = refused.unwrap_err();
    assert_eq!(refused.zh(), "第 1 个点(30, 120)不在地球上。先写经度，后写纬度，用 WGS-84 度数。");
    assert!(refused.en().contains("longitude first"), "{refused}");
}

#[test]
fn half_the_earth_measures_half_of_its_published_area() {
    let half = shape(ring(&[(0.0, -90.0), (180.0, -90.0), (180.0, 90.0), (0.0, 90.0)]), vec![]);
    // WGS-84 surface: 510 065 621.724 km².
    assert!((half.area_m2() / 1e6 * 2.0 - 510_065_621.724).abs() < 0.01, "{}", half.area_m2());
}

#[test]
fn a_small_plot_measures_as_on_paper_and_its_hole_is_taken_off() {
    let (x, y) = super::super::metres_per_degree(30.0);
    let plot = |at: f64, metres: f64| {
        let (lon, lat) = (120.0 + at / x, 30.0 + at / y);
        ring(&[(lon, lat), (lon + metres / x, lat), (lon + metres / x, lat + metres / y), (lon, lat + metres / y)])
    };
    assert!((plot(0.0, 100.0).area_m2() - 10_000.0).abs() < 0.2);
    assert!((shape(plot(0.0, 100.0), vec![plot(20.0, 10.0)]).area_m2() - 9_900.0).abs() < 0.2);
}

#[test]
fn the_centroid_weighs_holes_and_islands() {
    let near = |p: Point, lon: f64, lat: f64| (p.lon - lon).abs() < 1e-12 && (p.lat - lat).abs() < 1e-12;
    assert!(near(shape(square(0.0, 0.0, 2.0), vec![]).centroid(), 1.0, 1.0));
    // 4 × 4 about (2, 2) less 2 × 2 about (3, 2): (16·2 − 4·3) / 12.
    let holed = shape(square(0.0, 0.0, 4.0), vec![square(2.0, 1.0, 2.0)]);
    assert!(near(holed.centroid(), 20.0 / 12.0, 2.0), "{:?}", holed.centroid());
    let reversed = ring(&[(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0)]);
    assert!(near(shape(reversed, vec![square(2.0, 1.0, 2.0)]).centroid(), 20.0 / 12.0, 2.0));
}

#[test]
fn the_pin_of_a_crescent_or_a_ring_stands_inside_it() {
    let crescent = shape(
        ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 9.0), (9.0, 9.0), (9.0, 1.0), (0.0, 1.0)]),
        vec![],
    );
    let ring = shape(square(0.0, 0.0, 9.0), vec![square(1.0, 1.0, 7.0)]);
    for shape in [crescent, ring] {
        assert!(!shape.contains(shape.centroid()));
        assert!(shape.contains(shape.representative_point().unwrap()));
    }
    let plain = shape(square(0.0, 0.0, 2.0), vec![]);
    assert_eq!(plain.representative_point(), Some(Point::new(1.0, 1.0)));
}

#[test]
fn a_comb_of_slivers_still_has_a_point_inside() {
    // Teeth a billionth of a degree high, away from the even heights that are tried first.
    let mut outline = vec![(0.0, 0.0)];
    for i in 0..40 {
        let lat = 1.0 + f64::from(i) * 0.01;
        outline.extend([(0.5, lat), (0.0, lat + 1e-9)]);
    }
    outline.extend([(0.0, 2.0), (-1e-9, 2.0), (-1e-9, 0.0)]);
    let comb = shape(ring(&outline), vec![]);
    assert!(comb.contains(comb.inside_point().unwrap()));
}

proptest! {
    #[test]
    fn a_star_shaped_outline_owns_its_inside_point(
        spokes in prop::collection::vec(0.001_f64..1.0, 3..40),
        lon in -170.0_f64..170.0, lat in -80.0_f64..80.0, size in 1e-6_f64..1.0,
    ) {
        let turn = |i: usize| i as f64 / spokes.len() as f64 * std::f64::consts::TAU;
        let corner = |(i, r): (usize, &f64)| (lon + size * r * turn(i).cos(), lat + size * r * turn(i).sin());
        let star = shape(ring(&spokes.iter().enumerate().map(corner).collect::<Vec<_>>()), vec![]);
        prop_assert!(star.contains(star.inside_point().unwrap()));
        prop_assert!(star.contains(star.representative_point().unwrap()));
        prop_assert!(star.bbox().contains(star.centroid()));
    }

    #[test]
    fn a_box_around_points_holds_them_all(corners in prop::collection::vec((-180.0..180.0, -90.0..90.0), 1..20)) {
        let corners = points(&corners);
        let bbox = BBox::around(&corners).unwrap();
        prop_assert!(corners.iter().all(|p| bbox.contains(*p)));
    }
}
