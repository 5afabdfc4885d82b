//! `bench loop`: one matter's whole way over HTTP: report, file, dispatch, done, and a look by its number.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use commons::people::BodyId;
use hyper::header::HeaderValue;
use serde::Deserialize;
use serde_json::json;

use super::{
    child::Server,
    client::{Client, bearer},
    report::Reports,
    run::{Operation, Step, run},
};
use crate::{
    Load, Measured, Setting,
    world::{DISTRICT, World},
};

/// What one lifecycle asks of the server.
const REQUESTS: &str = "POST report (resident) · POST file (dispatcher) · POST dispatch (dispatcher) · GET tasks (handler) · POST task done (handler) · GET by number (dispatcher)";
/// What the handler answers.
const ANSWER: &str = "已经派人修好，现场清理干净，请您看看。";

struct Loop {
    reports: Reports,
    dispatcher: HeaderValue,
    handlers: BTreeMap<BodyId, HeaderValue>,
}

#[derive(Deserialize)]
struct Reported {
    id: String,
    number: String,
    version: i64,
}

#[derive(Deserialize)]
struct Moved {
    version: i64,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    version: i64,
}

#[derive(Deserialize)]
struct Listed {
    items: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    id: String,
    state: String,
}

fn read<'a, T: Deserialize<'a>>(what: &str, wanted: u16, (status, answer): &'a (u16, Bytes)) -> anyhow::Result<T> {
    if *status != wanted {
        bail!("{what}: {status} {}", String::from_utf8_lossy(answer));
    }
    serde_json::from_slice(answer).with_context(|| format!("{what}: {}", String::from_utf8_lossy(answer)))
}

impl Loop {
    async fn mv(
        &self,
        client: &mut Client,
        path: &str,
        token: &HeaderValue,
        body: serde_json::Value,
    ) -> anyhow::Result<i64> {
        let key = HeaderValue::from_str(&self.reports.fresh_id())?;
        let answer = client.post(path, Some(token), Some(key), Bytes::from(body.to_string())).await?;
        read::<Moved>(path, 200, &answer).map(|moved| moved.version)
    }

    async fn once(&self, client: &mut Client, n: u64) -> anyhow::Result<()> {
        let answer = client.post(&self.reports.path, None, None, self.reports.body(n)).await?;
        let case: Reported = read("report", 201, &answer)?;
        let moves = format!("{}/{}/moves", self.reports.path, case.id);
        let version =
            self.mv(client, &moves, &self.dispatcher, json!({ "move": "file", "version": case.version })).await?;
        self.mv(client, &moves, &self.dispatcher, json!({ "move": "dispatch", "version": version })).await?;
        let handler = self.handlers.get(&self.reports.spot(n).body).context("a handler")?;
        let answer = client.get(&format!("{}/{}/tasks", self.reports.path, case.id), Some(handler)).await?;
        let tasks: Vec<Task> = read("tasks", 200, &answer)?;
        let task = tasks.first().context("dispatch made no task")?;
        let path = format!("/api/v1/{DISTRICT}/tasks/{}/moves", task.id);
        self.mv(client, &path, handler, json!({ "move": "done", "version": task.version, "answer": ANSWER })).await?;
        let answer =
            client.get(&format!("{}?number={}", self.reports.path, case.number), Some(&self.dispatcher)).await?;
        let found: Listed = read("by number", 200, &answer)?;
        match found.items.as_slice() {
            [one] if one.id == case.id && one.state == "verifying" => Ok(()),
            _ => bail!("by number: {}", String::from_utf8_lossy(&answer.1)),
        }
    }
}

impl Operation for Loop {
    fn step<'c>(&'c self, client: &'c mut Client, n: u64) -> Step<'c> {
        Box::pin(self.once(client, n))
    }
}

/// Measures lifecycles over a database that holds `records` already.
///
/// # Errors
/// When the data can't be made, the server does not start, or nothing could be measured.
pub fn lifecycle(setting: &Setting<'_>, records: u64, load: Load) -> Measured {
    let world = World::build(setting, records)?;
    let server = Server::start(setting, &world)?;
    let handlers =
        world.handlers.iter().map(|(body, token)| Ok((*body, bearer(token)?))).collect::<anyhow::Result<_>>()?;
    let operation = Loop { reports: Reports::new(&world), dispatcher: bearer(&world.dispatcher)?, handlers };
    let mut measured = run(setting, "loop", &world, &server, load, operation)?;
    ensure!(measured["operations"].as_u64() > Some(0), "no lifecycle went through: {}", measured["first_error"]);
    measured["lifecycle"] = json!(REQUESTS);
    measured["requests_per_operation"] = json!(6);
    Ok(measured)
}
