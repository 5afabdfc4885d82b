//! `bench list`: pages of work lists over HTTP, filtered as people filter them.

use anyhow::{bail, ensure};
use hyper::header::HeaderValue;
use serde_json::json;

use super::{
    child::Server,
    client::{Client, bearer},
    run::{Operation, Step, run},
};
use crate::{
    Load, Measured, Setting,
    world::{DISTRICT, World},
};

/// Rows of a page.
const PAGE_ROWS: u32 = 50;

struct Lists {
    paths: Vec<String>,
    token: HeaderValue,
}

impl Operation for Lists {
    fn step<'c>(&'c self, client: &'c mut Client, n: u64) -> Step<'c> {
        Box::pin(async move {
            let path = &self.paths[usize::try_from(n).unwrap_or_default() % self.paths.len()];
            let (status, answer) = client.get(path, Some(&self.token)).await?;
            if status != 200 {
                bail!("{path}: {status} {}", String::from_utf8_lossy(&answer));
            }
            Ok(())
        })
    }
}

/// Measures lists over a database that holds `records`: each filter alone, then all in turn.
///
/// # Errors
/// When the data can't be made, the server does not start, or nothing could be measured.
pub fn list(setting: &Setting<'_>, records: u64, load: Load) -> Measured {
    let world = World::build(setting, records)?;
    let server = Server::start(setting, &world)?;
    let base = format!("/api/v1/{DISTRICT}/cases?limit={PAGE_ROWS}");
    let item = world.spots.first().map(|spot| spot.item.clone()).unwrap_or_default();
    let filters = [
        ("all", String::new()),
        ("state", "&state=reported".into()),
        ("item", format!("&item={item}")),
        ("place", "&place=330113007007".into()),
        ("place_state", "&place=330113007&state=reported".into()),
        ("state_item", format!("&state=reported&item={item}")),
        ("no_rows", "&state=held".into()),
    ];
    let lists =
        |paths: Vec<String>| -> anyhow::Result<Lists> { Ok(Lists { paths, token: bearer(&world.dispatcher)? }) };
    let paths: Vec<String> = filters.iter().map(|(_, filter)| format!("{base}{filter}")).collect();
    let mut measured = run(setting, "list", &world, &server, load, lists(paths.clone())?)?;
    ensure!(measured["operations"].as_u64() > Some(0), "no list was answered: {}", measured["first_error"]);
    let mut each = serde_json::Map::new();
    for ((name, _), path) in filters.iter().zip(paths) {
        let alone = run(setting, name, &world, &server, Load { clients: 1, seconds: 1 }, lists(vec![path])?)?;
        each.insert((*name).into(), json!({ "p50_ms": alone["p50_ms"], "p99_ms": alone["p99_ms"] }));
    }
    measured["page_rows"] = json!(PAGE_ROWS);
    measured["alone"] = serde_json::Value::Object(each);
    Ok(measured)
}
