//! Points located per second on one core: `cargo run -p commons --example locate [polygons] [points]`.

use std::time::Instant;

use commons::geometry::{BBox, LocateIndex, tiling};

fn main() {
    let mut args = std::env::args().skip(1).map(|a| a.parse::<usize>().expect("a whole number"));
    let polygons = args.next().unwrap_or(20_000);
    let points = args.next().unwrap_or(1_000_000);
    let bbox = BBox::new(119.9, 30.1, 120.5, 30.6);

    let start = Instant::now();
    let tiles = tiling(polygons, 7, bbox).expect("a tiling");
    let vertices: usize = tiles.iter().map(|t| t.vertices()).sum();
    println!("{polygons} tiles, {vertices} vertices, made in {:.2?}", start.elapsed());
    let start = Instant::now();
    let index = LocateIndex::build((0..).zip(tiles).collect()).expect("an index");
    println!("grid {:?}, {} MB, built in {:.2?}", index.grid(), index.bytes() >> 20, start.elapsed());

    let mut state = 1_u64;
    let mut share = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let points: Vec<(f64, f64)> = (0..points)
        .map(|_| {
            let lon = bbox.min.lon + (bbox.max.lon - bbox.min.lon) * share();
            (lon, bbox.min.lat + (bbox.max.lat - bbox.min.lat) * share())
        })
        .collect();
    for round in 0..5 {
        let start = Instant::now();
        let (mut owned, mut sum) = (0_usize, 0_u64);
        for &(lon, lat) in &points {
            for &key in index.locate(lon, lat).keys() {
                owned += 1;
                sum += u64::from(key);
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "round {round}: {owned} owners of {} points, key sum {sum}, {:.2} M/s",
            points.len(),
            points.len() as f64 / seconds / 1e6
        );
    }
}
