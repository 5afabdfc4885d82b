//! Against cities as they are. Reads the data folder named by `DOORSTEP_DATA` and says so when
//! there is none.

use std::{fs::File, path::PathBuf};

use flate2::read::GzDecoder;
use geojson::{Feature, GeoJson};

use super::super::{Hits, LocateIndex, MultiPolygon, Point, Polygon, Ring, gcj02_to_wgs84};

fn data(name: &str) -> Option<PathBuf> {
    match std::env::var_os("DOORSTEP_DATA") {
        Some(folder) => Some(PathBuf::from(folder).join(name)),
        None => {
            println!("skipped: DOORSTEP_DATA does not name the folder with {name}");
            None
        }
    }
}

fn features(path: PathBuf) -> Vec<Feature> {
    match std::fs::read_to_string(path).expect("the file").parse() {
        Ok(GeoJson::FeatureCollection(collection)) => collection.features,
        other => panic!("not a collection: {other:?}"),
    }
}

/// A ward as the city writes it, "Ward 17", "17" or "03"; `None` when the row names none.
fn ward_number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.strip_prefix("Ward ").unwrap_or(text).trim().parse().ok()
}

#[test]
fn boston_wards_agree_with_the_city_as_often_as_they_should() {
    let (Some(wards), Some(requests)) =
        (data("boston311/wards.geojson"), data("boston311/requests_2011_jul_oct.csv.gz"))
    else {
        return;
    };
    let shapes: Vec<(u32, MultiPolygon)> = features(wards)
        .iter()
        .map(|ward| {
            let number = ward.property("WARD").and_then(|n| n.as_u64()).expect("a ward number");
            (number as u32, MultiPolygon::from_feature(ward).expect("a boundary"))
        })
        .collect();
    assert_eq!(shapes.len(), 22);
    let index = LocateIndex::build(shapes.clone()).unwrap();

    let city_hall = Point::new(-71.0587, 42.3594);
    let mut rows = csv::Reader::from_reader(GzDecoder::new(File::open(requests).unwrap()));
    let heads = rows.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let (ward, lat, lon) = (column("ward"), column("latitude"), column("longitude"));
    let (mut all, mut nowhere, mut several) = (0, 0, 0);
    let (mut named, mut agree, mut named_off_default, mut agree_off_default) = (0, 0, 0, 0);
    for row in rows.records() {
        let row = row.unwrap();
        let p = Point::new(row[lon].parse().unwrap(), row[lat].parse().unwrap());
        let hits = index.locate(p.lon, p.lat);
        if all % 16 == 0 {
            assert_eq!(hits.keys(), &super::brute(&shapes, p)[..]);
        }
        all += 1;
        nowhere += usize::from(hits == Hits::None);
        several += usize::from(hits.keys().len() > 1);
        if let Some(number) = ward_number(&row[ward]) {
            let right = usize::from(hits.contains(number));
            named += 1;
            agree += right;
            if p != city_hall {
                named_off_default += 1;
                agree_off_default += right;
            }
        }
    }
    assert_eq!((all, nowhere, several), (41_827, 38, 0));
    assert_eq!((named, agree), (39_834, 38_325));
    assert_eq!((named_off_default, agree_off_default), (38_402, 38_191));
}

#[test]
fn hangzhou_districts_each_own_their_own_pin() {
    let Some(districts) = data("hangzhou/districts_gcj02.geojson") else {
        return;
    };
    let unshifted = |ring: &Ring| Ring::new(ring.points().iter().map(|p| gcj02_to_wgs84(*p)).collect()).unwrap();
    let shapes: Vec<(u32, MultiPolygon)> = (0..)
        .zip(&features(districts))
        .map(|(i, district)| {
            let shape = MultiPolygon::from_feature(district).expect("a boundary");
            let polygons = shape
                .polygons()
                .iter()
                .map(|p| Polygon::new(unshifted(p.shell()), p.holes().iter().map(unshifted).collect()).unwrap());
            (i, MultiPolygon::new(polygons.collect()).unwrap())
        })
        .collect();
    assert_eq!(shapes.len(), 13);
    // The statistical yearbook gives the city 16,850 km².
    let area_km2: f64 = shapes.iter().map(|(_, shape)| shape.area_m2() / 1e6).sum();
    assert!((area_km2 / 16_850.0 - 1.0).abs() < 0.02, "{area_km2}");
    let index = LocateIndex::build(shapes.clone()).unwrap();
    for (key, shape) in &shapes {
        let pin = shape.representative_point().unwrap();
        assert_eq!(index.locate(pin.lon, pin.lat), Hits::One(*key));
    }
}
