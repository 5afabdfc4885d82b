//! Geometry against plain brute force, exact integers, published figures and real cities.

mod coordinates;
mod index;
mod near;
mod predicate;
mod real;
mod shapes;
mod tiling;

use super::{MultiPolygon, Point, Polygon, Ring};

fn points(pairs: &[(f64, f64)]) -> Vec<Point> {
    pairs.iter().map(|&(lon, lat)| Point::new(lon, lat)).collect()
}

fn closed(pairs: &[(f64, f64)]) -> Vec<Point> {
    let mut ring = points(pairs);
    ring.extend(ring.first().copied());
    ring
}

fn ring(pairs: &[(f64, f64)]) -> Ring {
    Ring::new(closed(pairs)).expect("a ring")
}

fn square(west: f64, south: f64, side: f64) -> Ring {
    ring(&[(west, south), (west + side, south), (west + side, south + side), (west, south + side)])
}

fn shape(shell: Ring, holes: Vec<Ring>) -> MultiPolygon {
    MultiPolygon::new(vec![Polygon::new(shell, holes).expect("a polygon")]).expect("a shape")
}

/// The keys of all shapes that own a point, the plain way.
fn brute(shapes: &[(u32, MultiPolygon)], p: Point) -> Vec<u32> {
    let mut keys: Vec<u32> = shapes.iter().filter(|(_, s)| s.contains(p)).map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
