//! What the machine is, and what a process of it has used (Linux's `/proc`).

use std::{fs, path::Path};

/// Clock ticks a second in `/proc`: fixed at 100 on every Linux that we run on.
const TICKS_PER_SECOND: f64 = 100.0;
/// `/proc` gives memory in KiB.
const KIB_PER_MIB: f64 = 1_024.0;

fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn field(text: &str, name: &str) -> Option<String> {
    text.lines()
        .find(|line| line.starts_with(name))
        .and_then(|line| line.split_once(':'))
        .map(|(_, value)| value.trim().to_owned())
}

/// Processor, cores, memory and kernel, on one line.
pub fn describe() -> String {
    let processor = field(&text("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = field(&text("/proc/meminfo"), "MemTotal")
        .and_then(|kb| kb.split(' ').next()?.parse::<f64>().ok())
        .unwrap_or(0.0);
    let kernel = text("/proc/sys/kernel/osrelease");
    format!("{processor}, {cores} cores, {:.0} GiB, Linux {}", memory / KIB_PER_MIB / KIB_PER_MIB, kernel.trim())
}

/// CPU seconds that a process has used, all its threads, user and system.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = text(format!("/proc/{pid}/stat"));
    // The name in parentheses may hold blanks: count fields behind it.
    let ticks = |index: usize| {
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(index)?.parse::<f64>().ok())
    };
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / TICKS_PER_SECOND
}

/// MiB of memory that a process holds now.
pub fn rss_mib(pid: u32) -> f64 {
    let status = text(format!("/proc/{pid}/status"));
    field(&status, "VmRSS").and_then(|kb| kb.split(' ').next()?.parse::<f64>().ok()).unwrap_or(0.0) / KIB_PER_MIB
}

/// CPU seconds that the whole machine has been busy.
pub fn busy_seconds() -> f64 {
    let stat = text("/proc/stat");
    let numbers: Vec<f64> =
        stat.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0.0);
    // user, nice, system, irq, softirq, steal
    (at(0) + at(1) + at(2) + at(5) + at(6) + at(7)) / TICKS_PER_SECOND
}

/// A number with so many decimals, for reading.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
