//! The program as a child process that serves.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use super::client::Client;
use crate::{Setting, machine, world::World};

/// How long it may take to listen and be ready.
const START_SECONDS_MAX: u64 = 60;
/// How long it rests before its idle memory is read.
const IDLE_MS: u64 = 1_500;

/// A server of its own; ended when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Milliseconds from its start until `/readyz` said so.
    pub ready_ms: f64,
    /// MiB it held while nothing was asked.
    pub idle_mib: f64,
}

impl Server {
    /// Starts it over a world and waits until it is ready.
    pub fn start(setting: &Setting<'_>, world: &World) -> anyhow::Result<Self> {
        let log = world.path().join("serve.log");
        let began = Instant::now();
        let mut child = Command::new(&setting.program)
            .args(["serve", "--unlimited", "--listen", "127.0.0.1:0", "--db", &world.db, "--data"])
            .arg(world.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", setting.program.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its output")?).read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("listening http://").and_then(|address| address.parse().ok())
        else {
            drop(child.kill());
            drop(child.wait());
            bail!("it does not serve: {}{}", line, std::fs::read_to_string(&log).unwrap_or_default());
        };
        let mut server = Self { child, address, ready_ms: 0.0, idle_mib: 0.0 };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut client = Client::connect(address).await?;
            while client.get("/readyz", None).await?.0 != 200 {
                if began.elapsed() > Duration::from_secs(START_SECONDS_MAX) {
                    bail!("it is not ready after {START_SECONDS_MAX} s");
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(())
        })?;
        server.ready_ms = began.elapsed().as_secs_f64() * 1_000.0;
        std::thread::sleep(Duration::from_millis(IDLE_MS));
        server.idle_mib = machine::rss_mib(server.pid());
        Ok(server)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
