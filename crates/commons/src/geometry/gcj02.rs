//! GCJ-02, the shifted coordinates of maps published in China, to and from WGS-84.
//!
//! The shift is the well-known polynomial-and-sine offset over the Krasovsky 1940 ellipsoid that
//! map software has used since about 2010; it has no official publication. Outside a plain box
//! around China nothing is shifted. Only the edge of the platform (map taps, phones, imports)
//! handles GCJ-02; everything stored is WGS-84.

use std::f64::consts::PI;

use super::Point;

/// Semi-major axis of the Krasovsky 1940 ellipsoid, metres.
const AXIS_M: f64 = 6_378_245.0;
/// Its first eccentricity, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Rounds of the inverse; each shrinks the error at least thirty-fold, so eight reach the last bit.
const INVERSE_MAX_ROUNDS: usize = 8;

/// Whether a point lies outside the box in which coordinates are shifted.
pub fn outside_china(p: Point) -> bool {
    !((72.004..=137.8347).contains(&p.lon) && (0.8293..=55.8271).contains(&p.lat))
}

/// From true coordinates to those of a Chinese map.
pub fn wgs84_to_gcj02(p: Point) -> Point {
    if outside_china(p) { p } else { shifted(p) }
}

/// From those of a Chinese map to true coordinates, within 1e-9 degrees, about 0.1 mm.
///
/// A point within a few hundred metres of the box around China may come from either side of its
/// rim; it is read as shifted.
pub fn gcj02_to_wgs84(p: Point) -> Point {
    if outside_china(p) {
        return p;
    }
    let mut guess = p;
    for _ in 0..INVERSE_MAX_ROUNDS {
        let image = shifted(guess);
        let (dlon, dlat) = (image.lon - p.lon, image.lat - p.lat);
        guess = Point::new(guess.lon - dlon, guess.lat - dlat);
        if dlon.abs() < 1e-12 && dlat.abs() < 1e-12 {
            break;
        }
    }
    guess
}

fn shifted(p: Point) -> Point {
    // The polynomial is centred on 105° E, 35° N.
    let (x, y) = (p.lon - 105.0, p.lat - 35.0);
    // A weighted sum of sine waves: (amplitude in metres, half period in degrees).
    let waves = |at: f64, terms: &[(f64, f64)]| -> f64 {
        terms.iter().map(|(amplitude, half)| amplitude * (at * PI / half).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let common = waves(x, &[(20.0, 1.0 / 6.0), (20.0, 1.0 / 2.0)]);
    let root = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + waves(y, &[(20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + waves(x, &[(20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)]);

    let phi = p.lat.to_radians();
    let bulge = 1.0 - ECCENTRICITY_SQUARED * phi.sin() * phi.sin();
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY_SQUARED) / (bulge * bulge.sqrt());
    let parallel_m = AXIS_M / bulge.sqrt() * phi.cos();
    Point::new(p.lon + (east / parallel_m).to_degrees(), p.lat + (north / meridian_m).to_degrees())
}
