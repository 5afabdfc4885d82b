//! `bench locate`: from point to tile on one core; every point must have exactly one owner.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use commons::geometry::{BBox, LocateIndex, MultiPolygon, Point, tiling};
use kernel::Rng;
use serde_json::json;

use crate::{
    Measured, Setting,
    figures::{Tally, Used, object},
    machine::{self, rounded},
};

/// Where the tiles lie: Hangzhou and around.
const FRAME: BBox = BBox { min: Point { lon: 119.9, lat: 30.1 }, max: Point { lon: 120.5, lat: 30.6 } };
/// How often all points are located; the median round counts.
const ROUNDS: usize = 5;
/// Points that are located one at a time for the latencies.
const TIMED_POINTS: usize = 200_000;
/// Points whose owner is compared with a search through every tile.
const COMPARED_POINTS: usize = 500;

/// Measures [`LocateIndex::locate`] over an irregular tiling.
pub fn locate(setting: &Setting<'_>, polygons: usize, points: usize) -> Measured {
    ensure!(polygons > 0 && points > 0, "at least one polygon and one point");
    (setting.say)(&format!("{polygons} tiles …"));
    let tiles = tiling(polygons, 7, FRAME).map_err(|e| anyhow::anyhow!(e.en()))?;
    let vertices: usize = tiles.iter().map(MultiPolygon::vertices).sum();
    let begin = Instant::now();
    let index = LocateIndex::build((0..).zip(tiles.iter().cloned()).collect()).map_err(|e| anyhow::anyhow!(e.en()))?;
    let built = begin.elapsed().as_secs_f64();

    let mut rng = Rng::seeded(7);
    let points: Vec<(f64, f64)> = (0..points)
        .map(|_| (between(&mut rng, FRAME.min.lon, FRAME.max.lon), between(&mut rng, FRAME.min.lat, FRAME.max.lat)))
        .collect();
    // Outside the measured rounds: not one point without an owner or with two.
    let mut wrong = points.iter().filter(|(lon, lat)| index.locate(*lon, *lat).only().is_none()).count();
    for (lon, lat) in points.iter().take(COMPARED_POINTS) {
        let owners: Vec<u32> =
            (0..).zip(&tiles).filter(|(_, tile)| tile.contains(Point::new(*lon, *lat))).map(|(key, _)| key).collect();
        wrong += usize::from(index.locate(*lon, *lat).keys() != owners);
    }

    (setting.say)(&format!("{} points × {ROUNDS} …", points.len()));
    let pid = std::process::id();
    let mut rounds: Vec<(f64, f64)> = Vec::with_capacity(ROUNDS);
    let mut sums = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let (begin, cpu) = (Instant::now(), machine::cpu_seconds(pid));
        let mut sum = 0_u64;
        for (lon, lat) in &points {
            for key in index.locate(*lon, *lat).keys() {
                sum += u64::from(*key);
            }
        }
        rounds.push((begin.elapsed().as_secs_f64(), machine::cpu_seconds(pid) - cpu));
        sums.push(sum);
    }
    ensure!(sums.windows(2).all(|pair| pair[0] == pair[1]), "two rounds differ: {sums:?}");
    rounds.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, cpu_seconds) = rounds.get(ROUNDS / 2).copied().context("a round")?;

    let mut tally = Tally::default();
    for (lon, lat) in points.iter().cycle().take(TIMED_POINTS) {
        let begin = Instant::now();
        std::hint::black_box(index.locate(*lon, *lat));
        tally.took(begin.elapsed());
    }
    let used = Used { seconds, cpu_seconds, rss_mib: machine::rss_mib(pid) };
    let mut measured = object("locate", "memory", &mut tally, used);
    #[allow(clippy::cast_precision_loss)]
    let count = points.len() as f64;
    measured["throughput"] = json!((count / seconds).round());
    measured["cpu_us_per_op"] = json!(rounded(cpu_seconds * 1e6 / count, 4));
    measured["operations"] = json!(points.len());
    measured["errors"] = json!(wrong);
    measured["exact"] = json!(wrong == 0);
    measured["polygons"] = json!(polygons);
    measured["vertices"] = json!(vertices);
    measured["build_seconds"] = json!(rounded(built, 3));
    measured["index_mib"] = json!(index.bytes() >> 20);
    measured["best"] = json!((count / rounds[0].0).round());
    Ok(measured)
}

fn between(rng: &mut Rng, least: f64, most: f64) -> f64 {
    // 53 random bits: every double of the interval's scale can come up.
    #[allow(clippy::cast_precision_loss)]
    let share = rng.below(1 << 53) as f64 / (1_u64 << 53) as f64;
    least + (most - least) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_tiling_is_exact_and_says_so() {
        let say = |_: &str| {};
        let setting = Setting { postgres: None, program: std::path::PathBuf::new(), folder: None, say: &say };
        let measured = locate(&setting, 200, 5_000).expect("it measures");
        assert_eq!(measured["exact"], true);
        assert_eq!(measured["errors"], 0);
        assert_eq!(measured["polygons"], 200);
        assert!(measured["throughput"].as_f64().is_some_and(|n| n > 0.0));
        for key in ["name", "engine", "p50_ms", "p95_ms", "p99_ms", "cpu_us_per_op", "rss_mib", "machine"] {
            assert!(!measured[key].is_null(), "{key}");
        }
    }
}
