//! `verify`: walks each district's history and checks numbers, chain, hashes and head.

use std::{collections::BTreeMap, path::Path};

use indicatif::{ProgressBar, ProgressStyle};
use kernel::{
    Engine,
    journal::{self, Fault, rules},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    home::Home,
    out::{Exit, Failure, Out},
};

/// Entries read at once.
const PAGE_ROWS: i64 = 2_000;
/// Faults that are listed; more are only counted.
const FAULTS_LISTED_MAX: usize = 1_000;
/// Bytes of a checkpoint file.
const CHECKPOINT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Where a district's history stood, kept outside of the database.
#[derive(Debug, Clone, Deserialize)]
struct Head {
    district: String,
    seq: i64,
    hash: String,
}

/// What an earlier `verify --json` printed.
#[derive(Debug, Deserialize)]
struct Checkpoint {
    heads: Vec<Head>,
}

struct Walked {
    district: String,
    seq: i64,
    hash: String,
    entries: i64,
    sealed: i64,
}

/// Verifies every district; with a checkpoint, also that nothing up to it was changed.
pub fn verify(home: &Home, checkpoint: Option<&Path>, out: &Out) -> Result<Exit, Failure> {
    let kept = checkpoint.map(read).transpose()?.unwrap_or_default();
    let engine = home.open_existing()?;
    let mut districts: Vec<String> =
        engine.read_now(|db| Ok(commons::install::districts(db)?))?.into_iter().map(|(district, _)| district).collect();
    // A district that the checkpoint knows and the database does not is a fault, not an absence.
    districts.extend(kept.keys().cloned());
    districts.sort();
    districts.dedup();
    let mut faults = Vec::new();
    let mut walked = Vec::new();
    for district in districts {
        walked.push(walk(&engine, &district, kept.get(&district), &mut faults)?);
    }
    let entries: i64 = walked.iter().map(|w| w.entries).sum();
    let sealed: i64 = walked.iter().map(|w| w.sealed).sum();
    let ok = faults.is_empty();
    let count = faults.len();
    faults.truncate(FAULTS_LISTED_MAX);
    let heads: Vec<_> =
        walked.iter().map(|w| json!({ "district": w.district, "seq": w.seq, "hash": w.hash })).collect();
    let object = json!({ "ok": ok, "entries": entries, "sealed": sealed, "unsealed": entries - sealed, "faults": faults, "faults_count": count, "heads": heads });
    out.result(&object, || {
        let mut lines: Vec<String> = faults.iter().map(|f| format!("{} {} [{}]", f.district, f.seq, f.kind)).collect();
        lines.extend(walked.iter().map(|w| format!("{}: {} 条 entries, {}", w.district, w.entries, w.hash)));
        lines.push(if ok {
            "记录完整，没有被改过。The histories are whole and unchanged.".into()
        } else {
            format!("发现 {count} 处不对。{count} faults found.")
        });
        lines
    });
    Ok(if ok { Exit::Ok } else { Exit::Findings })
}

fn read(path: &Path) -> Result<BTreeMap<String, Head>, Failure> {
    let length = std::fs::metadata(path).map_err(|e| Failure::file(path, e))?.len();
    if length > CHECKPOINT_BYTES_MAX {
        return Err(Failure::file(path, format!("over {CHECKPOINT_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(|e| Failure::file(path, e))?;
    let checkpoint: Checkpoint = serde_json::from_str(&text).map_err(|e| {
        Failure::usage(
            "checkpoint",
            format!("{} 不是以前核对的结果：{e}。请用 doorstep verify --json 的输出。", path.display()),
            format!("{} is no earlier result: {e}. Use the output of doorstep verify --json.", path.display()),
        )
    })?;
    Ok(checkpoint.heads.into_iter().map(|head| (head.district.clone(), head)).collect())
}

fn walk(engine: &Engine, district: &str, kept: Option<&Head>, faults: &mut Vec<Fault>) -> Result<Walked, Failure> {
    let bar = ProgressBar::new(0);
    bar.set_style(ProgressStyle::with_template("{bar:32} {pos}/{len} {msg}").expect("a valid template"));
    bar.set_message(district.to_owned());
    let fault = |faults: &mut Vec<Fault>, seq, kind| faults.push(Fault { district: district.to_owned(), seq, kind });
    let mut at = (0, rules::GENESIS);
    let (mut entries, mut sealed) = (0, 0);
    let stands = loop {
        let (wanted, after) = (district.to_owned(), at.0);
        // Entries and head from one snapshot: while others write, the last look still fits together.
        let (page, head) = engine
            .read_now(move |db| Ok((journal::page(db, &wanted, after, PAGE_ROWS)?, journal::head(db, &wanted)?)))?;
        let head = head.unwrap_or((0, rules::GENESIS));
        if page.is_empty() {
            break head;
        }
        if let Some(kept) = kept
            && let Some(entry) = page.iter().find(|entry| entry.seq == kept.seq)
        {
            if rules::hash(district, entry) == entry.hash && hex(&entry.hash) == kept.hash {
                sealed = kept.seq
            } else {
                fault(faults, kept.seq, "checkpoint")
            }
        }
        at = rules::check(district, at, &page, faults);
        entries += i64::try_from(page.len()).expect("a page is small");
        bar.set_length(head.0.unsigned_abs());
        bar.inc(page.len() as u64);
    };
    bar.finish_and_clear();
    if stands != at {
        fault(faults, stands.0.max(at.0), "head");
    }
    if let Some(kept) = kept
        && at.0 < kept.seq
    {
        fault(faults, kept.seq, "checkpoint");
    }
    Ok(Walked { district: district.to_owned(), seq: at.0, hash: hex(&at.1), entries, sealed })
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
