//! Figures for Prometheus. Labels are bounded: templates of the table, known methods, statuses.

use std::time::Duration;

use axum::http::Method;
use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// Bounds of the buckets of answer times, in seconds.
const SECONDS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// The counters and gauges of one application. Not the process-wide recorder: several applications
/// may live in one process, and in tests they do.
pub struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Default for Meters {
    fn default() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).expect("the bounds are not empty");
        let recorder = builder.build_recorder();
        Self { handle: recorder.handle(), recorder }
    }
}

fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

impl Meters {
    /// One answer; an address that no room has counts under an empty route.
    pub fn answered(&self, route: &str, method: &Method, status: u16, took: Duration) {
        let (route, method) = (route.to_owned(), known(method));
        with_local_recorder(&self.recorder, || {
            counter!("doorstep_http_requests_total", "route" => route.clone(), "method" => method, "status" => status.to_string()).increment(1);
            histogram!("doorstep_http_seconds", "route" => route, "method" => method).record(took.as_secs_f64());
        });
    }

    /// Adds to a counter with one label, such as a district or a kind of timer.
    pub fn count(&self, name: &'static str, label: &'static str, value: &str, n: u64) {
        with_local_recorder(&self.recorder, || counter!(name, label => value.to_owned()).increment(n));
    }

    /// Sets a gauge of a district.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a double; counts stay far below 2^53")]
    pub fn gauge(&self, name: &'static str, district: &str, value: i64) {
        with_local_recorder(&self.recorder, || gauge!(name, "district" => district.to_owned()).set(value as f64));
    }

    /// Everything, in Prometheus' text format.
    pub fn text(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// Moves recorded samples into their buckets, so that memory stays bounded when nobody asks.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}
