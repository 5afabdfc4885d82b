//! What callers do with cases, whichever door they come through: JSON and pages share these.
//!
//! Here a caller's wish becomes a command or a question of the engine. Parsing a request and
//! rendering an answer stay with `api` and `faces`.

pub mod evidence;
mod list;
pub mod meetings;
mod see;
mod tasks;

use std::sync::Arc;

use cases::{
    Rulebook,
    case::{self, Case, CaseId, Inputs, Moved, Photo, Report, Reported, rules::Mover},
    task::{self, TaskId, TaskMoved},
};
use kernel::{
    Command, Done, Engine, Lang, Once, Problem, Result, Tx,
    access::Actor,
    id::ContentId,
    problem::{BAD_FIELD, NOT_FOUND},
    vault::rules::normal_code,
};

pub use list::{Page, Wish, by_number, page, scope};
pub use see::{CaseJson, PlaceJson, ProposalJson, Seen, StepJson, place_json, see, see_by_code};
pub use tasks::{TaskJson, tasks};

/// Who comes through a door: somebody with an account, or an asker who showed a look-up code.
#[derive(Clone)]
pub struct Caller {
    /// The account's holder, or anonymous.
    pub actor: Actor,
    /// True for an asker who showed the look-up code of the case in question.
    pub asker: bool,
}

impl Caller {
    /// Somebody with an account, or nobody known.
    pub fn of(actor: Actor) -> Self {
        Self { actor, asker: false }
    }
    /// Whoever holds the look-up code.
    pub fn asker(district: &str) -> Self {
        Self { actor: Actor::anonymous(district), asker: true }
    }
    /// As the rules see it.
    pub fn mover(&self) -> Mover<'_> {
        if self.asker { Mover::asker(&self.actor) } else { Mover::staff(&self.actor) }
    }
    /// As the journal names them.
    pub fn name(&self) -> &str {
        if self.asker { "asker" } else { self.actor.name() }
    }
}

/// Takes a report in; `kept` are photos that were sent before.
///
/// # Errors
/// As [`case::report`].
pub async fn report(
    engine: &Engine,
    rules: Rulebook,
    caller: &Caller,
    report: Report,
    kept: Vec<ContentId>,
    key: Once,
) -> Result<Done<Reported>> {
    let command = Command::new(&rules.directory.district, caller.name());
    let actor = caller.actor.clone();
    engine
        .write_once(command, key, move |tx| {
            let mut report = report.clone();
            report.photos.extend(evidence::take(tx, &kept)?);
            case::report(tx, &rules, &actor, &report)
        })
        .await
}

/// Moves a case.
///
/// # Errors
/// As [`case::perform`].
pub async fn move_case(
    engine: &Engine,
    rules: Rulebook,
    caller: &Caller,
    id: CaseId,
    word: &str,
    version: Option<i64>,
    inputs: Inputs,
    key: Once,
) -> Result<Done<Moved>> {
    let command = Command::new(&rules.directory.district, caller.name());
    let (caller, word) = (caller.clone(), word.to_owned());
    engine
        .write_once(command, key, move |tx| {
            let inputs = with_kept(tx, &inputs)?;
            case::perform(tx, &rules, caller.mover(), &id, &word, version, &inputs)
        })
        .await
}

/// Moves a task.
///
/// # Errors
/// As [`task::perform`].
pub async fn move_task(
    engine: &Engine,
    rules: Rulebook,
    caller: &Caller,
    id: TaskId,
    word: &str,
    version: Option<i64>,
    inputs: Inputs,
    key: Once,
) -> Result<Done<TaskMoved>> {
    let command = Command::new(&rules.directory.district, caller.name());
    let (caller, word) = (caller.clone(), word.to_owned());
    engine
        .write_once(command, key, move |tx| {
            let inputs = with_kept(tx, &inputs)?;
            task::perform(tx, &rules, caller.mover(), &id, &word, version, &inputs)
        })
        .await
}

fn with_kept(tx: &mut Tx<'_>, inputs: &Inputs) -> Result<Inputs> {
    let mut inputs = inputs.clone();
    let kept = std::mem::take(&mut inputs.evidence);
    inputs.photos.extend(evidence::take(tx, &kept)?);
    Ok(inputs)
}

/// Finds a case by what people type: its look-up code.
///
/// # Errors
/// 400.2 when it can't be a code, 404.1 when there is none.
pub async fn by_code(engine: &Engine, district: &str, typed: &str) -> Result<Case> {
    let code =
        normal_code(typed).ok_or_else(|| Problem::new(&BAD_FIELD).with("field", "code").with("what", "7K3M-2Q9D"))?;
    let hash = engine.keys().lookup_hash(district, &code);
    let district = district.to_owned();
    engine
        .read(move |db| {
            case::fetch_by_lookup(db, &district, &hash)?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", code))
        })
        .await
}

/// The look-up code of a case.
pub fn code_of(engine: &Engine, district: &str, id: &CaseId, nonce: i64) -> String {
    engine.keys().lookup_code(district, id.as_str(), nonce)
}

/// Photos as they came, made ready to be sealed: checked, shrunk, without metadata.
///
/// Decoding costs hundreds of milliseconds and much memory: it runs on blocking threads, two at a time.
///
/// # Errors
/// 400.2 with what is wrong with the photo.
pub async fn photos(gate: &Arc<tokio::sync::Semaphore>, raw: Vec<Vec<u8>>, lang: Lang) -> Result<Vec<Photo>> {
    let mut out = Vec::with_capacity(raw.len());
    for bytes in raw {
        let _permit = gate.acquire().await.map_err(|e| Problem::new(&kernel::problem::INTERNAL).caused_by(e))?;
        let prepared = tokio::task::spawn_blocking(move || commons::evidence::prepare(&bytes))
            .await
            .map_err(|e| Problem::new(&kernel::problem::INTERNAL).caused_by(e))?;
        let photo = prepared.map_err(|fault| {
            let what = lang.pick(&fault.zh(), &fault.en()).to_owned();
            Problem::new(&BAD_FIELD).with("field", "photo").with("what", what)
        })?;
        out.push(Photo { image: photo.jpeg, thumb: photo.thumbnail });
    }
    Ok(out)
}
