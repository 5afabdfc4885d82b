//! Latencies of many operations, and the object that every benchmark answers.

use serde_json::{Value, json};

use crate::machine::{self, rounded};

/// Latencies in nanoseconds and operations that failed.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    nanos: Vec<u64>,
    /// Operations that were refused or cut off.
    pub errors: u64,
    /// The first failure, for people.
    pub first_error: Option<String>,
}

impl Tally {
    /// One operation that went well.
    pub fn took(&mut self, time: std::time::Duration) {
        self.nanos.push(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// One that did not.
    pub fn failed(&mut self, why: impl std::fmt::Display) {
        self.errors += 1;
        self.first_error.get_or_insert_with(|| why.to_string());
    }

    /// Operations that went well.
    pub fn count(&self) -> usize {
        self.nanos.len()
    }

    /// Adds another client's.
    pub fn add(&mut self, other: Self) {
        self.nanos.extend(other.nanos);
        self.errors += other.errors;
        if self.first_error.is_none() {
            self.first_error = other.first_error;
        }
    }

    /// Milliseconds within which this share of operations was done (nearest rank).
    pub fn percentile_ms(&mut self, share: f64) -> f64 {
        self.nanos.sort_unstable();
        if self.nanos.is_empty() {
            return 0.0;
        }
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = (share * self.nanos.len() as f64).ceil() as usize;
        rounded(self.nanos[rank.clamp(1, self.nanos.len()) - 1] as f64 / 1e6, 4)
    }
}

/// What was measured beside latencies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Used {
    /// Wall time.
    pub seconds: f64,
    /// CPU seconds of the process that is measured.
    pub cpu_seconds: f64,
    /// Memory it holds at the end.
    pub rss_mib: f64,
}

/// The keys that every benchmark has.
pub fn object(name: &str, engine: &str, tally: &mut Tally, used: Used) -> Value {
    #[allow(clippy::cast_precision_loss)]
    let count = tally.count() as f64;
    json!({
        "name": name,
        "engine": engine,
        "throughput": rounded(count / used.seconds.max(f64::MIN_POSITIVE), 1),
        "p50_ms": tally.percentile_ms(0.50),
        "p95_ms": tally.percentile_ms(0.95),
        "p99_ms": tally.percentile_ms(0.99),
        "cpu_us_per_op": rounded(used.cpu_seconds * 1e6 / count.max(1.0), 1),
        "errors": tally.errors,
        "first_error": tally.first_error,
        "rss_mib": rounded(used.rss_mib, 1),
        "operations": tally.count(),
        "seconds": rounded(used.seconds, 2),
        "machine": machine::describe(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut tally = Tally::default();
        for millis in (1..=100).rev() {
            tally.took(Duration::from_millis(millis));
        }
        assert_eq!(tally.percentile_ms(0.50), 50.0);
        assert_eq!(tally.percentile_ms(0.99), 99.0);
        assert_eq!(tally.percentile_ms(1.0), 100.0);
        assert_eq!(Tally::default().percentile_ms(0.99), 0.0);
    }

    #[test]
    fn failures_are_counted_apart_and_the_first_is_kept() {
        let mut tally = Tally::default();
        tally.failed("first");
        let mut other = Tally::default();
        other.failed("second");
        other.took(Duration::from_millis(2));
        tally.add(other);
        assert_eq!((tally.errors, tally.count(), tally.first_error.as_deref()), (2, 1, Some("first")));
        let object = object("x", "sqlite", &mut tally, Used { seconds: 2.0, cpu_seconds: 0.001, rss_mib: 1.0 });
        assert_eq!(object["throughput"], 0.5);
        assert_eq!(object["cpu_us_per_op"], 1000.0);
    }
}
