//! `import cases`: a city's export becomes cases with their own times, department and place.
//!
//! One thread reads, locates and hashes; another writes batches. The counts that compare the source
//! with what we compute (`place_agrees`, `on_time_agrees`) come from the whole file, also when
//! nothing of it is new.

use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::{Arc, mpsc},
    time::Instant,
};

use cases::{
    Rulebook,
    import::{self, BATCH_ROWS_MAX, BatchOutcome, ImportRow, rules},
};
use commons::{directory::Directory, pack::Pack};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Command, Engine, Problem, Timestamp};
use protocols::sheets::{ImportCase, Mapping, OnTimeAgreement, Refusal, read_cases};
use serde_json::json;

use crate::{
    home::Home,
    out::{Exit, Failure, Out},
};

/// Refusals that are listed; more are only counted.
const REFUSED_LISTED_MAX: usize = 1_000;
/// Batches that wait for the writer.
const BATCHES_WAITING_MAX: usize = 4;

/// A reader that moves a progress bar.
struct Watched<R> {
    inner: R,
    bar: ProgressBar,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.bar.inc(count as u64);
        Ok(count)
    }
}

/// What the reading found.
#[derive(Default)]
struct Found {
    located: u64,
    placed_of: u64,
    placed_agree: u64,
    refused: u64,
    listed: Vec<Refusal>,
}

/// Imports a file into a district, which is enabled first if it is not.
pub fn cases(home: &Home, district: &str, mapping: Option<&str>, path: &Path, out: &Out) -> Result<Exit, Failure> {
    let file = File::open(path).map_err(|e| Failure::file(path, e))?;
    let length = file.metadata().map_err(|e| Failure::file(path, e))?;
    if length.is_dir() {
        return Err(Failure::file(path, "is a folder"));
    }
    let begin = Instant::now();
    let engine = home.open()?;
    let pack = home.enable(&engine, district)?;
    let mapping = mapping_of(&pack, mapping)?;
    let directory = home.directory(&engine, district)?;
    let rulebook = home.rulebook(directory.clone())?;

    let bar = ProgressBar::new(length.len());
    bar.set_style(ProgressStyle::with_template("{bar:32} {bytes}/{total_bytes} {elapsed}").expect("a valid template"));
    let mut reader = read_cases(Watched { inner: file, bar: bar.clone() }, &mapping);
    let (queue, batches) = mpsc::sync_channel::<Vec<ImportRow>>(BATCHES_WAITING_MAX);
    let source = mapping.origin.clone();
    let writer = std::thread::spawn({
        let (engine, district) = (engine.clone(), district.to_owned());
        move || write(&engine, &district, &source, &rulebook, &batches)
    });
    let mut found = Found::default();
    let mut agreement = OnTimeAgreement::default();
    let mut batch = Vec::with_capacity(BATCH_ROWS_MAX);
    for case in reader.by_ref() {
        match case {
            Ok(case) => {
                agreement.add(&case);
                batch.push(found.row(&directory, &case));
                // The writer ends early only when it failed; then `join` says why.
                if batch.len() == BATCH_ROWS_MAX
                    && queue.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ROWS_MAX))).is_err()
                {
                    break;
                }
            }
            Err(refusal) => found.refuse(refusal),
        }
    }
    if !batch.is_empty() {
        drop(queue.send(batch));
    }
    drop(queue);
    let outcome = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    bar.finish_and_clear();

    let rows = reader.counts().records;
    let (of, agree) = agreement.finish(reader.as_of_ms().unwrap_or_else(|| engine.now().ms()));
    let seconds = begin.elapsed().as_secs_f64();
    report(out, district, rows, &found, outcome, (of, agree), seconds);
    Ok(if found.refused == 0 { Exit::Ok } else { Exit::Findings })
}

fn report(
    out: &Out,
    district: &str,
    rows: u64,
    found: &Found,
    outcome: BatchOutcome,
    (of, agree): (u64, u64),
    seconds: f64,
) {
    let refused: Vec<_> = found
        .listed
        .iter()
        .map(|r| json!({ "line": r.line, "code": r.code, "message": format!("{} {}", r.zh, r.en) }))
        .collect();
    let accepted = outcome.created + outcome.changed;
    #[allow(clippy::cast_precision_loss)]
    let rate = rows as f64 / seconds;
    let object = json!({
        "district": district,
        "rows": rows,
        "accepted": accepted,
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "refused": refused,
        "refused_count": found.refused,
        "located": found.located,
        "place_agrees": { "of": found.placed_of, "agree": found.placed_agree },
        "on_time_agrees": { "of": of, "agree": agree },
        "items": outcome.items,
        "bodies": outcome.bodies,
        "seconds": seconds,
        "rows_per_second": rate,
    });
    out.result(&object, || {
        let mut lines: Vec<String> =
            found.listed.iter().map(|r| format!("{} [{}] {} {}", r.line, r.code, r.zh, r.en)).collect();
        lines.push(format!(
            "{rows} 行：新增或更新 {accepted}，原来就有 {}，没收 {}。",
            outcome.unchanged, found.refused
        ));
        lines.push(format!(
            "{rows} rows: {accepted} taken, {} there already, {} refused.",
            outcome.unchanged, found.refused
        ));
        lines.push(format!(
            "按点定位 located {}；与来源地点一致 place agrees {}/{}；与来源是否按期一致 on time agrees {agree}/{of}",
            found.located, found.placed_agree, found.placed_of
        ));
        lines.push(format!("{seconds:.2} s, {rate:.0} rows/s"));
        lines
    });
}

fn write(
    engine: &Engine,
    district: &str,
    source: &str,
    rulebook: &Arc<Rulebook>,
    batches: &mpsc::Receiver<Vec<ImportRow>>,
) -> Result<BatchOutcome, Problem> {
    let mut sum = BatchOutcome::default();
    for rows in batches {
        let (source, rulebook) = (source.to_owned(), rulebook.clone());
        let done = engine
            .write_now(Command::new(district, "import"), move |tx| import::import_batch(tx, &rulebook, &source, &rows))?
            .value;
        sum.created += done.created;
        sum.changed += done.changed;
        sum.unchanged += done.unchanged;
        sum.items += done.items;
        sum.bodies += done.bodies;
    }
    Ok(sum)
}

/// The pack's mapping: the one that is named, or the only one.
fn mapping_of(pack: &Pack, wanted: Option<&str>) -> Result<Mapping, Failure> {
    let known = || pack.imports.keys().cloned().collect::<Vec<_>>().join(", ");
    let (file, text) = match (wanted, pack.imports.len()) {
        (Some(name), _) => pack.imports.get(name),
        (None, 1) => pack.imports.values().next(),
        (None, _) => None,
    }
    .ok_or_else(|| {
        Failure::usage(
            "mapping",
            format!("请用 --mapping 写明用哪份对照表；包里有：{}。", known()),
            format!("Say with --mapping which mapping to use; the pack has: {}.", known()),
        )
    })?;
    Mapping::from_toml(text).map_err(|fault| {
        Failure::usage(
            "mapping",
            format!("{file}:{} {}", fault.line, fault.zh),
            format!("{file}:{} {}", fault.line, fault.en),
        )
    })
}

impl Found {
    fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.listed.len() < REFUSED_LISTED_MAX {
            self.listed.push(refusal);
        }
    }

    fn row(&mut self, directory: &Directory, case: &ImportCase) -> ImportRow {
        let point = case.point.map(|p| (p.lon, p.lat));
        let placed = rules::placed(directory, point, case.place.as_deref());
        self.located += u64::from(placed.located);
        self.placed_of += u64::from(case.place.is_some());
        self.placed_agree += u64::from(placed.agrees == Some(true));
        let street = [case.street.as_deref(), case.zip.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let text =
            [case.title.as_deref(), Some(street.as_str()).filter(|s| !s.is_empty()), case.closing_text.as_deref()];
        ImportRow {
            external_id: case.external_id.clone(),
            hash: hash(case),
            item: case.item.clone(),
            department: case.department.clone(),
            queue: case.queue.clone(),
            text: text.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            reported_at: Timestamp::from_ms(case.opened_ms),
            due: case.due_ms.map(Timestamp::from_ms),
            closed_at: case.closed_ms.map(Timestamp::from_ms),
            on_time: case.on_time_flag,
            point,
            place: placed.place,
            near: placed.near,
        }
    }
}

/// A hash over all that the source says in a row.
fn hash(case: &ImportCase) -> String {
    let number = |n: Option<i64>| n.map(|n| n.to_string());
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:?}"));
    let numbers = [
        Some(case.opened_ms.to_string()),
        number(case.due_ms),
        number(case.closed_ms),
        case.on_time_flag.map(|flag| flag.to_string()),
        degrees(case.point.map(|p| p.lon)),
        degrees(case.point.map(|p| p.lat)),
    ];
    let texts = [
        &case.item,
        &case.department,
        &case.queue,
        &case.title,
        &case.closing_text,
        &case.place,
        &case.source,
        &case.zip,
        &case.street,
    ];
    let id = std::iter::once(Some(case.external_id.as_str()));
    rules::row_hash(id.chain(numbers.iter().map(Option::as_deref)).chain(texts.into_iter().map(Option::as_deref)))
}
