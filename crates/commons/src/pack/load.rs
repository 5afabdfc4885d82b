//! A pack and its bases: found, read, merged, checked.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    check as checks,
    fault::{BASE_CYCLE, BASE_DEEP, BASE_UNKNOWN, Fault, Faults, ID_FOLDER, PACK_MISSING, Spot},
    files::{EmbeddedFiles, FolderFiles, PackFiles},
    layer::Layer,
    read,
    shipped::SHIPPED,
    types::Pack,
};

/// Most bases that stand on each other.
pub const BASES_MAX: usize = 8;

/// Loads a pack by name (from `overrides`, else from the binary) or, given a path with a `/` or
/// `.` in it, from that folder. `overrides` is a folder of packs (`--packs DIR`): each replaces or
/// adds one, for bases too.
///
/// # Errors
/// Everything that is wrong with it, with file and line.
pub fn load(name_or_dir: &str, overrides: Option<&Path>) -> Result<Pack, Vec<Fault>> {
    if name_or_dir.contains(['/', '.', std::path::MAIN_SEPARATOR]) {
        let dir = Path::new(name_or_dir);
        return assemble(&FolderFiles(dir.to_owned()), name_or_dir, None, &Shelves::around(dir, overrides));
    }
    let shelves = Shelves(overrides.map(Path::to_owned).into_iter().collect());
    match shelves.open(name_or_dir) {
        Some(files) => assemble(files.as_ref(), name_or_dir, Some(name_or_dir), &shelves),
        None => {
            let mut faults = Faults::default();
            faults.add(
                &PACK_MISSING,
                &Spot { file: format!("{name_or_dir}/pack.toml").into(), line: 1 },
                &[("what", name_or_dir)],
            );
            Err(faults.sorted())
        }
    }
}

/// Everything that is wrong with a pack; its bases are sought in the binary.
pub fn check(files: &dyn PackFiles) -> Vec<Fault> {
    assemble(files, "", None, &Shelves(Vec::new())).err().unwrap_or_default()
}

/// Everything that is wrong with the pack in a folder; its bases are sought in `overrides`, beside
/// the folder, and in the binary.
pub fn check_dir(dir: &Path, overrides: Option<&Path>) -> Vec<Fault> {
    let name = dir.display().to_string();
    assemble(&FolderFiles(dir.to_owned()), &name, None, &Shelves::around(dir, overrides)).err().unwrap_or_default()
}

/// Names of all packs there are, sorted.
pub fn names(overrides: Option<&Path>) -> Vec<String> {
    let shelves = Shelves(overrides.map(Path::to_owned).into_iter().collect());
    let shipped = SHIPPED.dirs().filter_map(|dir| Some(dir.path().to_str()?.to_owned()));
    let folders = shelves.0.iter().flat_map(|dir| FolderFiles(dir.clone()).list(""));
    let all: BTreeSet<String> = shipped.chain(folders.filter_map(|n| Some(n.strip_suffix('/')?.to_owned()))).collect();
    all.into_iter()
        .filter(|name| shelves.open(name).is_some_and(|files| files.list("").iter().any(|n| n == "pack.toml")))
        .collect()
}

/// Where named packs are sought: folders in order, then the binary.
struct Shelves(Vec<PathBuf>);

impl Shelves {
    fn around(dir: &Path, overrides: Option<&Path>) -> Self {
        let beside = dir.canonicalize().ok().and_then(|dir| Some(dir.parent()?.to_owned()));
        Self(overrides.map(Path::to_owned).into_iter().chain(beside).collect())
    }

    fn open(&self, name: &str) -> Option<Box<dyn PackFiles>> {
        if !super::tables::is_word(name) {
            return None;
        }
        let folder = self.0.iter().map(|shelf| shelf.join(name)).find(|dir| dir.join("pack.toml").is_file());
        match folder {
            Some(dir) => Some(Box::new(FolderFiles(dir))),
            None => Some(Box::new(EmbeddedFiles::find(&SHIPPED, name)?)),
        }
    }
}

/// Reads a pack and its bases; `name` is set when it was asked for by name, and then leads its paths.
fn assemble(files: &dyn PackFiles, called: &str, name: Option<&str>, shelves: &Shelves) -> Result<Pack, Vec<Fault>> {
    let mut faults = Faults::default();
    let prefix = name.map(|n| format!("{n}/")).unwrap_or_default();
    let Some(own) = read::layer(files, &prefix, called, &mut faults) else {
        return Err(faults.sorted());
    };
    let mut layers = vec![own];
    let mut seen: Vec<String> = Vec::new();
    while let Some(meta) = layers.last().and_then(|l| l.meta.first()) {
        let folder = seen.last().map(String::as_str).or(name);
        if let Some(folder) = folder.filter(|folder| *folder != meta.id.value) {
            faults.add(&ID_FOLDER, &meta.id.spot, &[("what", &meta.id.value), ("folder", folder)]);
        }
        let Some(base) = meta.base.clone() else { break };
        let id = &layers[0].meta[0].id.value;
        if base.value == *id || seen.contains(&base.value) {
            faults.add(&BASE_CYCLE, &base.spot, &[("what", &base.value)]);
            break;
        }
        if seen.len() == BASES_MAX {
            faults.add(&BASE_DEEP, &base.spot, &[("most", &BASES_MAX.to_string())]);
            break;
        }
        let Some(files) = shelves.open(&base.value) else {
            faults.add(&BASE_UNKNOWN, &base.spot, &[("what", &base.value)]);
            break;
        };
        let Some(layer) = read::layer(files.as_ref(), &format!("{}/", base.value), &base.value, &mut faults) else {
            break;
        };
        seen.push(base.value);
        layers.push(layer);
    }
    // What can't be read would only be told again as "unknown" by everything that names it.
    if !faults.is_empty() {
        return Err(faults.sorted());
    }
    let mut merged = Layer::default();
    for layer in layers.into_iter().rev() {
        merged.put(layer);
    }
    let pack = checks::checked(merged, &mut faults);
    match pack {
        Some(pack) if faults.is_empty() => Ok(pack),
        _ => Err(faults.sorted()),
    }
}
