//! `pack check`: everything that is wrong with a pack, its flows and its import mappings.

use std::path::Path;

use cases::flow::{self, Flow};
use commons::pack::{self as packs, Pack};
use protocols::sheets::Mapping;
use serde_json::json;

use crate::{
    home::Home,
    out::{Exit, Failure, Out},
};

/// One fault, whichever floor found it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
struct Fault {
    file: String,
    line: u32,
    code: String,
    message: String,
}

/// Checks the pack in a folder, or a shipped one by its name.
pub fn check(home: &Home, dir: &str, out: &Out) -> Result<Exit, Failure> {
    let overrides = home.packs.as_deref();
    let folder = Path::new(dir);
    let shipped = !folder.is_dir() && packs::names(overrides).iter().any(|name| name == dir);
    if !shipped && !folder.is_dir() {
        return Err(Failure::file(folder, "no such folder"));
    }
    // A path makes `load` read that folder, whatever a shipped pack of its name says.
    let wanted = if shipped {
        dir.to_owned()
    } else {
        folder.canonicalize().map_err(|e| Failure::file(folder, e))?.display().to_string()
    };
    let mut faults: Vec<Fault> = match packs::load(&wanted, overrides) {
        Err(faults) => faults
            .into_iter()
            .map(|f| Fault { file: f.file, line: f.line, code: f.code.into(), message: f.message })
            .collect(),
        Ok(pack) => meanings(&pack),
    };
    faults.sort();
    let ok = faults.is_empty();
    out.result(&json!({ "ok": ok, "pack": dir, "faults": faults }), || {
        let mut lines: Vec<String> =
            faults.iter().map(|f| format!("{}:{} [{}] {}", f.file, f.line, f.code, f.message)).collect();
        lines.push(if ok {
            format!("{dir}：没有问题。No faults.")
        } else {
            format!("{dir}：{} 个问题。{} faults.", faults.len(), faults.len())
        });
        lines
    });
    Ok(if ok { Exit::Ok } else { Exit::Findings })
}

/// What the floors above find in the files that a pack only carries: flows and import mappings.
fn meanings(pack: &Pack) -> Vec<Fault> {
    let words: Vec<&str> = pack.permissions.iter().map(|p| p.word.as_str()).collect();
    let flows = pack.flows.values().flat_map(|(file, text)| match Flow::parse(text, file) {
        Ok(flow) => flow::check(&flow, &words),
        Err(faults) => faults,
    });
    let flows = flows.map(|f| Fault { file: f.file, line: f.line, code: f.code.into(), message: f.message });
    let mappings = pack.imports.values().filter_map(|(file, text)| {
        let fault = Mapping::from_toml(text).err()?;
        let line = u32::try_from(fault.line).unwrap_or(u32::MAX);
        Some(Fault {
            file: file.clone(),
            line,
            code: "import.mapping".into(),
            message: format!("{} {}", fault.zh, fault.en),
        })
    });
    flows.chain(mappings).collect()
}
