//! The order of the house: what stands in which room, who may import whom, how long a file may be.
//!
//! These read the sources. A rule that the compiler or a lint can hold stands there instead: floors
//! that import upwards make a cycle of crates; hash maps are refused by `clippy.toml`.

use std::{
    fs,
    path::{Path, PathBuf},
};

struct Source {
    /// From the workspace's root, with `/`.
    name: String,
    text: String,
}

impl Source {
    fn lines(&self) -> usize {
        self.text.lines().count()
    }

    /// The code without comments and without what stands behind `#[cfg(test)]`.
    fn code(&self) -> String {
        let product = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }

    fn is_test(&self) -> bool {
        ["/tests/", "/tests.rs", "/testing/", "/testing.rs", "/fixture/", "/examples/"]
            .iter()
            .any(|part| self.name.contains(part))
    }

    fn file(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn walk(folder: &Path, endings: &[&str], out: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", ".git", "data"].contains(&name.as_str()) {
                walk(&path, endings, out);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let short = path.strip_prefix(root()).expect("inside the workspace").to_string_lossy().replace('\\', "/");
            out.push(Source { name: short, text: fs::read_to_string(&path).expect("a readable source") });
        }
    }
}

fn rust() -> Vec<Source> {
    let mut out = Vec::new();
    walk(&root().join("crates"), &[".rs"], &mut out);
    assert!(out.len() > 300, "the sources were found");
    out
}

/// Where one of the words stands as a word of its own in the code of a source.
fn found(source: &Source, words: &[&str]) -> Vec<String> {
    let code = source.code();
    words.iter().filter(|word| code.contains(*word)).map(|word| format!("{}: `{word}`", source.name)).collect()
}

#[test]
fn i2_rules_have_no_database_file_clock_or_randomness() {
    const FOREIGN: &[&str] = &[
        "std::fs",
        "std::io",
        "std::net",
        "std::env",
        "std::thread",
        "tokio",
        "SystemTime",
        "Instant",
        "SystemClock",
        "dyn Db",
        "dyn Conn",
        "Tx<",
        "Engine",
        "rng:",
        "Rng::system",
        "execute(",
        "args!",
    ];
    let rooms: Vec<Source> = rust().into_iter().filter(|s| s.file() == "rules.rs" && !s.is_test()).collect();
    assert!(rooms.len() >= 10, "the rooms were found");
    assert_eq!(rooms.iter().flat_map(|s| found(s, FOREIGN)).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn i3_practices_and_protocols_never_import_each_other() {
    for floor in ["practices", "protocols"] {
        let folder = root().join("crates").join(floor).join("src");
        let rooms: Vec<String> = fs::read_dir(&folder)
            .expect("a floor")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_dir())
            .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
            .filter(|name| name != "testing" && name != "fixture" && name != "migrations")
            .collect();
        assert!(!rooms.is_empty());
        for source in rust().iter().filter(|s| s.name.starts_with(&format!("crates/{floor}/src/")) && !s.is_test()) {
            let own = source.name.split('/').nth(3).unwrap_or_default();
            for other in rooms.iter().filter(|room| *room != own && rooms.iter().any(|r| r == own)) {
                let words = [format!("crate::{other}"), format!("super::super::{other}"), format!("{floor}::{other}")];
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                assert_eq!(found(source, &words), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn i3_a_floor_names_only_floors_below_it() {
    // The order of the floors; a crate may depend on what stands before it.
    let floors: [(&str, &[&str]); 9] = [
        ("kernel", &[]),
        ("commons", &["kernel"]),
        ("cases", &["kernel", "commons"]),
        ("practices", &["kernel", "commons", "cases"]),
        ("protocols", &[]),
        ("server", &["kernel", "commons", "cases", "practices", "protocols"]),
        ("bench", &["kernel", "commons", "cases", "server", "protocols"]),
        ("stories", &["kernel", "commons", "cases", "practices", "server"]),
        ("doorstep", &["kernel", "commons", "cases", "practices", "protocols", "server", "bench"]),
    ];
    for (name, below) in floors {
        let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).expect("a manifest");
        for (other, _) in floors {
            let depends = manifest
                .lines()
                .any(|line| line.starts_with(&format!("{other}.")) || line.starts_with(&format!("{other} =")));
            assert!(!depends || other == name || below.contains(&other), "{name} depends on {other}");
        }
    }
    assert_eq!(fs::read_dir(root().join("crates")).expect("crates").count(), floors.len(), "every crate has its floor");
}

#[test]
fn i4_sql_stands_in_store_files_only() {
    const SQL: &[&str] = &["\"select ", "\"insert into ", "\"update ", "\"delete from ", "statements! {"];
    // The seam itself: it runs migrations and declares the macro.
    let seam = ["crates/kernel/src/store/"];
    let faults: Vec<String> = rust()
        .iter()
        .filter(|s| s.file() != "store.rs" && !s.name.contains("/store/") && !s.is_test())
        .filter(|s| !seam.iter().any(|part| s.name.starts_with(part)))
        .flat_map(|s| found(s, SQL))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn i1_nobody_opens_a_connection_beside_the_engine() {
    // Makes and drops the database that a benchmark runs on; what is measured goes through the engine.
    const MAKES_A_DATABASE: &str = "crates/bench/src/http/database.rs";
    const DRIVERS: &[&str] = &["rusqlite", "tokio_postgres", "deadpool_postgres", "Lite::open", "pg_connect"];
    let faults: Vec<String> = rust()
        .iter()
        .filter(|s| !s.name.starts_with("crates/kernel/src/") && s.name != MAKES_A_DATABASE && !s.is_test())
        .flat_map(|s| found(s, DRIVERS))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_system_s_clock_and_randomness_are_read_in_the_kernel_only() {
    const SYSTEM: &[&str] =
        &["SystemTime::now", "Timestamp::now()", "Zoned::now", "getrandom", "rand::", "thread_rng", "OsRng"];
    let faults: Vec<String> = rust()
        .iter()
        .filter(|s| !s.name.starts_with("crates/kernel/src/") && !s.is_test())
        .flat_map(|s| found(s, SYSTEM))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn files_are_small_enough_to_be_read_in_one_go() {
    let mut sources = rust();
    walk(&root().join("web"), &[".ts"], &mut sources);
    // Generated from the API's description.
    sources.retain(|s| s.name != "web/client/schema.ts");
    let mut lines: Vec<(usize, String)> = sources.iter().map(|s| (s.lines(), s.name.clone())).collect();
    lines.sort();
    let over = |limit: usize| lines.iter().filter(|(count, _)| *count > limit).cloned().collect::<Vec<_>>();
    assert_eq!(over(800), [], "no file is over 800 lines");
    assert!(over(500).len() * 20 <= lines.len(), "one in twenty may be over 500 lines: {:?}", over(500));
    let median = lines[lines.len() / 2].0;
    assert!(median <= 180, "the median file has {median} lines");
}

#[test]
fn no_comment_is_left_as_a_promise() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X:"].concat(), ["unimpl", "emented!"].concat()];
    let faults: Vec<String> = rust()
        .iter()
        .flat_map(|s| marks.iter().filter(|m| s.text.contains(m.as_str())).map(|m| format!("{}: {m}", s.name)))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_room_says_what_it_is_for() {
    let silent: Vec<String> = rust().into_iter().filter(|s| !s.text.starts_with("//!")).map(|s| s.name).collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn no_lock_file_names_a_registry_s_host() {
    let mut files = Vec::new();
    walk(&root(), &["Cargo.lock", "package-lock.json", ".npmrc", "config.toml"], &mut files);
    assert!(files.len() >= 2, "the lock files were found");
    for file in files {
        let hosts: Vec<&str> = file
            .text
            .lines()
            // Cargo's own name for its default registry.
            .filter(|line| line.contains("://") && !line.contains("github.com/rust-lang/crates.io-index"))
            .filter(|line| line.contains("\"resolved\"") || line.contains("source =") || line.contains("registry"))
            .collect();
        assert_eq!(hosts, Vec::<&str>::new(), "{}", file.name);
    }
}
