//! One folder of a pack into a layer.

use std::sync::Arc;

use super::{
    boundary,
    fault::{FILE_LARGE, FILE_MANY, FILE_UNKNOWN, FILE_UTF8, Faults, PACK_MISSING, Spot},
    files::PackFiles,
    layer::{Layer, Source},
    rows::{self, once},
    tables,
};

/// Longest file of a pack, in bytes.
pub const FILE_BYTES_MAX: usize = 16 << 20;

/// Most files of a pack.
pub const FILES_MAX: usize = 1_000;

const TABLES: &[&str] =
    &["catalogue.csv", "bodies.csv", "places.csv", "duties.csv", "people.csv", "holdings.csv", "accounts.csv"];

/// Reads the layer in `files`; `prefix` goes before its paths in faults. `None` when it is no pack at all.
pub(super) fn layer(files: &dyn PackFiles, prefix: &str, name: &str, faults: &mut Faults) -> Option<Layer> {
    let mut layer = Layer::default();
    let root = files.list("");
    if !root.iter().any(|n| n == "pack.toml") {
        faults.add(&PACK_MISSING, &Spot { file: format!("{prefix}pack.toml").into(), line: 1 }, &[("what", name)]);
        return None;
    }
    let mut count = 0;
    for path in paths(files, root) {
        count += 1;
        let file: Arc<str> = format!("{prefix}{path}").into();
        if count > FILES_MAX {
            faults.add(&FILE_MANY, &Spot { file, line: 1 }, &[("most", &FILES_MAX.to_string())]);
            break;
        }
        one(files, &path, file, &mut layer, faults);
    }
    twice(&layer, faults);
    Some(layer)
}

/// Every file of the pack; folders one deep.
fn paths(files: &dyn PackFiles, root: Vec<String>) -> Vec<String> {
    let inside = |name: String| match name.strip_suffix('/') {
        None => vec![name],
        Some(dir) => files.list(dir).into_iter().map(|n| format!("{dir}/{n}")).collect(),
    };
    root.into_iter().flat_map(inside).take(FILES_MAX + 1).collect()
}

fn one(files: &dyn PackFiles, path: &str, file: Arc<str>, layer: &mut Layer, faults: &mut Faults) {
    let spot = Spot { file: file.clone(), line: 1 };
    let (dir, name) = path.split_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let known = match (dir, extension) {
        ("", "md") => return,
        ("", "toml") => ["pack", "levels", "posts", "roles", "teams"].contains(&stem),
        ("", "csv") => TABLES.contains(&path),
        ("", "geojson") => stem == "places",
        ("texts" | "calendar" | "flows" | "imports" | "forms" | "rules" | "standings", "toml") => true,
        _ => false,
    };
    if !known {
        return faults.add(&FILE_UNKNOWN, &spot, &[("what", path)]);
    }
    let bytes = files.read(path).unwrap_or_default();
    if bytes.len() > FILE_BYTES_MAX {
        return faults.add(&FILE_LARGE, &spot, &[("most", &FILE_BYTES_MAX.to_string())]);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = u32::try_from(good.iter().filter(|b| **b == b'\n').count() + 1).unwrap_or(u32::MAX);
            return faults.add(&FILE_UTF8, &Spot { file, line }, &[("line", &line.to_string())]);
        }
    };
    // Spreadsheets begin UTF-8 with a byte order mark.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    let source = Source { file, path: path.to_owned(), text };
    let raw = |source: Source| (stem.to_owned(), (source.path, source.text));
    match (dir, path) {
        (_, "pack.toml") => layer.meta.extend(tables::meta(&source, faults)),
        (_, "levels.toml") => tables::levels(&source, layer, faults),
        (_, "posts.toml") => tables::posts(&source, layer, faults),
        (_, "roles.toml") => tables::roles(&source, layer, faults),
        (_, "teams.toml") => tables::teams(&source, layer, faults),
        (_, "places.geojson") => boundary::features(&source, layer, faults),
        ("", _) => rows::table(&source, layer, faults),
        ("texts", _) => tables::texts(&source, layer, faults),
        ("calendar", _) => tables::calendar(&source, stem, layer, faults),
        ("flows", _) if tables::raw(&source, faults) => layer.flows.extend([raw(source)]),
        ("imports", _) if tables::raw(&source, faults) => layer.imports.extend([raw(source)]),
        ("forms" | "rules" | "standings", _) if tables::raw(&source, faults) => {
            layer.others.insert(source.path, source.text);
        }
        _ => {}
    }
}

/// What must stand once in a layer.
fn twice(layer: &Layer, faults: &mut Faults) {
    once(layer.levels.iter().map(|x| (x.value.id.as_str(), &x.spot)), faults);
    once(layer.posts.iter().map(|x| (x.value.id.as_str(), &x.spot)), faults);
    once(layer.posts.iter().map(|x| (x.value.zh.as_str(), &x.spot)), faults);
    once(layer.roles.iter().map(|x| (x.value.role.id.as_str(), &x.spot)), faults);
    once(layer.permissions.iter().map(|x| (x.value.word.as_str(), &x.spot)), faults);
    once(layer.teams.iter().map(|x| (x.value.id.as_str(), &x.spot)), faults);
    once(layer.items.iter().map(|x| (x.value.code.as_str(), &x.spot)), faults);
    once(layer.items.iter().map(|x| (x.value.zh.as_str(), &x.spot)), faults);
    once(layer.bodies.iter().map(|x| (x.value.id.as_str(), &x.spot)), faults);
    once(layer.places.iter().map(|x| (x.value.code.as_str(), &x.spot)), faults);
    once(layer.boundaries.iter().map(|x| (x.value.code.as_str(), &x.spot)), faults);
    once(layer.people.iter().map(|x| (x.value.id.as_str(), &x.spot)), faults);
    once(layer.accounts.iter().map(|x| (x.value.account.as_str(), &x.spot)), faults);
    once(layer.texts.iter().map(|x| (x.value.0.as_str(), &x.spot)), faults);
    let duty = |d: &super::types::DutyRow| format!("{} {} {} {}", d.item, d.place, d.body, d.part);
    once(layer.duties.iter().map(|x| (duty(&x.value), &x.spot)), faults);
    let holding = |h: &super::types::HoldingRow| {
        let at = h.place.as_deref().or(h.body.as_deref()).unwrap_or_default();
        format!("{} {} {at}", h.person, h.post)
    };
    once(layer.holdings.iter().map(|x| (holding(&x.value), &x.spot)), faults);
}
