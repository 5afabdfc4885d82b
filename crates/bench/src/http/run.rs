//! Clients that repeat an operation for some seconds, and what it cost the server meanwhile.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::ensure;
use serde_json::{Value, json};

use super::{child::Server, client::Client};
use crate::{
    Load, Setting,
    figures::{Tally, Used, object},
    machine::{self, rounded},
    world::World,
};

/// Seconds before measuring begins.
const WARM_UP_SECONDS: u64 = 2;
/// Clients at most.
const CLIENTS_MAX: usize = 4_096;
/// Consecutive failures after which a client gives up.
const FAILURES_MAX: u32 = 50;

/// One operation of one client: what it did is `Ok`, a refusal its words.
pub type Step<'c> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'c>>;

/// What is repeated. `n` counts operations over all clients.
pub trait Operation: Send + Sync + 'static {
    /// Does it once.
    fn step<'c>(&'c self, client: &'c mut Client, n: u64) -> Step<'c>;
}

struct Shared<O> {
    operation: O,
    next: AtomicU64,
    measuring: AtomicBool,
    ending: AtomicBool,
}

async fn repeat<O: Operation>(shared: Arc<Shared<O>>, mut client: Client) -> Tally {
    let mut tally = Tally::default();
    let mut failures = 0;
    while !shared.ending.load(Ordering::Relaxed) && failures < FAILURES_MAX {
        let n = shared.next.fetch_add(1, Ordering::Relaxed);
        let measured = shared.measuring.load(Ordering::Relaxed);
        let begin = Instant::now();
        match shared.operation.step(&mut client, n).await {
            Ok(()) => {
                failures = 0;
                if measured {
                    tally.took(begin.elapsed());
                }
            }
            Err(why) => {
                failures += 1;
                tally.failed(format!("{why:#}"));
            }
        }
    }
    tally
}

/// Puts load on a server and answers the common keys.
pub fn run<O: Operation>(
    setting: &Setting<'_>,
    name: &str,
    world: &World,
    server: &Server,
    load: Load,
    operation: O,
) -> anyhow::Result<Value> {
    ensure!(
        (1..=CLIENTS_MAX).contains(&load.clients) && load.seconds > 0,
        "1 to {CLIENTS_MAX} clients, at least one second"
    );
    (setting.say)(&format!("{} clients, {} s …", load.clients, load.seconds));
    let shared = Arc::new(Shared {
        operation,
        next: AtomicU64::new(0),
        measuring: AtomicBool::new(false),
        ending: AtomicBool::new(false),
    });
    // One thread for all clients: they must take as little of the machine as possible.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut tally, used, own_cpu, busy) = runtime.block_on(async {
        let mut clients = Vec::with_capacity(load.clients);
        for _ in 0..load.clients {
            clients.push(tokio::spawn(repeat(shared.clone(), Client::connect(server.address).await?)));
        }
        tokio::time::sleep(Duration::from_secs(WARM_UP_SECONDS)).await;
        let (pid, own) = (server.pid(), std::process::id());
        let before = (machine::cpu_seconds(pid), machine::cpu_seconds(own), machine::busy_seconds());
        let begin = Instant::now();
        shared.measuring.store(true, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(load.seconds)).await;
        shared.measuring.store(false, Ordering::Relaxed);
        let seconds = begin.elapsed().as_secs_f64();
        let cpu_seconds = machine::cpu_seconds(pid) - before.0;
        let (own_cpu, busy) = (machine::cpu_seconds(own) - before.1, machine::busy_seconds() - before.2);
        let rss_mib = machine::rss_mib(pid);
        shared.ending.store(true, Ordering::Relaxed);
        let mut tally = Tally::default();
        for client in clients {
            tally.add(client.await?);
        }
        anyhow::Ok((tally, Used { seconds, cpu_seconds, rss_mib }, own_cpu, busy))
    })?;
    let mut measured = object(name, world.engine(), &mut tally, used);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    #[allow(clippy::cast_precision_loss)]
    let capacity = used.seconds * cores as f64;
    let others = (busy - used.cpu_seconds - own_cpu).max(0.0);
    measured["clients"] = json!(load.clients);
    measured["records"] = json!(world.records);
    measured["ready_ms"] = json!(rounded(server.ready_ms, 1));
    measured["idle_mib"] = json!(rounded(server.idle_mib, 1));
    measured["server_cores"] = json!(rounded(used.cpu_seconds / used.seconds, 2));
    measured["client_cores"] = json!(rounded(own_cpu / used.seconds, 2));
    // Above about 0.15 the machine was not quiet, and only CPU per operation can be compared.
    measured["others_share"] = json!(rounded(others / capacity, 3));
    Ok(measured)
}
