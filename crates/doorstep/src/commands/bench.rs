//! `bench`: measures, in a folder of its own that is gone afterwards.

use serde_json::{Value, json};

use crate::{
    args::{Bench, BenchLoad},
    home::Home,
    out::{Exit, Failure, Out},
};

/// Runs a benchmark and says what it measured.
pub fn bench(home: &Home, wanted: &Bench, out: &Out) -> Result<Exit, Failure> {
    let say = |text: &str| out.note(text);
    let load = |load: &BenchLoad| bench::Load { clients: load.clients, seconds: load.seconds };
    let program = std::env::current_exe().map_err(|e| {
        Failure::environment("program", format!("找不到程序自己：{e}"), format!("The program cannot find itself: {e}"))
    })?;
    let postgres = Some(&home.db).filter(|db| db.starts_with("postgres")).cloned();
    let setting = bench::Setting { postgres, program, folder: home.folder.clone(), say: &say };
    let measured = match wanted {
        Bench::Report(wanted) => bench::report(&setting, load(wanted)),
        Bench::Loop { records, load: wanted } => bench::lifecycle(&setting, *records, load(wanted)),
        Bench::List { records, load: wanted } => bench::list(&setting, *records, load(wanted)),
        Bench::Locate { polygons, points } => bench::locate(&setting, *polygons, *points),
        Bench::Dashboard(_) | Bench::Search(_) | Bench::Ingest(_) | Bench::Endure(_) => {
            return Err(Failure::usage("not_built", "尚未建成。", "Not built yet."));
        }
    };
    let measured = measured
        .map_err(|e| Failure::environment("bench", format!("量不了：{e:#}"), format!("Cannot measure: {e:#}")))?;
    let errors = measured["errors"].as_u64().unwrap_or(0);
    out.result(&measured, || lines(&measured));
    Ok(if errors == 0 { Exit::Ok } else { Exit::Findings })
}

fn lines(measured: &Value) -> Vec<String> {
    let object = measured.as_object().cloned().unwrap_or_default();
    object.iter().filter(|(_, value)| **value != json!(null)).map(|(key, value)| format!("{key:16} {value}")).collect()
}
