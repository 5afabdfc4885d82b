//! Makes a move: loads, decides by the rules, writes rows, journal, tasks, timers and messages in one command.

use std::collections::BTreeMap;

use commons::catalogue::Item;
use kernel::{
    Problem, Result, Tx,
    engine::Answer,
    idempotency::Reference,
    journal::Draft,
    problem::{BAD_FIELD, NOT_FOUND},
    store::{Db, StoreError},
};
use serde_json::{Map, Value, json, value::RawValue};

use super::{Case, CaseId, Inputs, aftermath::RETURNS_BEFORE_RULING, effects, report, rules, store, tell, words};
use crate::{
    Rulebook,
    flow::{Effect, Move, Need},
    problems::{BAD_DAY, BAD_MERGE, EVIDENCE_MISSING, RULING_FIRST, STALE, TASKS_OPEN, TOO_LATE},
    task::{self, Task},
};
pub use rules::relations;

/// A move as it was made.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Moved {
    /// The case.
    #[serde(skip)]
    pub id: CaseId,
    /// Its state afterwards.
    pub state: String,
    /// Its version afterwards.
    pub version: i64,
}

impl Answer for Moved {
    fn reference(&self) -> Reference {
        Reference { kind: "case".into(), id: self.id.to_string(), version: self.version }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NOT_FOUND).with("what", &reference.id);
        let id: CaseId = reference.id.parse().map_err(|_| not_found())?;
        let data =
            kernel::journal::state_at(db, district, "case", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let state = data["state"].as_str().ok_or_else(not_found)?.to_owned();
        Ok(Self { id, state, version: reference.version })
    }
}

/// A case as a move sees it.
pub(crate) struct Loaded {
    pub(crate) case: Case,
    pub(crate) tasks: Vec<Task>,
    pub(crate) item: Item,
}

pub(crate) fn load(tx: &mut Tx<'_>, rules: &Rulebook, id: &CaseId) -> Result<Loaded> {
    let district = tx.district();
    let case = store::fetch(tx, district, id)?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", id))?;
    let tasks = task::of_case(tx, district, id)?;
    let item = rules.directory.items.get(&case.item).cloned().unwrap_or_else(|| report::general_item(rules));
    Ok(Loaded { case, tasks, item })
}

/// Makes a move on a case.
///
/// # Errors
/// 404.1 when it is unknown, or outside the reach of somebody without an account; 403.1 when it lies outside
/// what the mover may see or is never theirs to make; 409.1 when `version` is not the current one; 422.1 when
/// the move does not leave its state; 403.1 or 403.3 when it is not the mover's to make; 422.2 and following
/// when something is missing or does not fit.
pub fn perform(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    id: &CaseId,
    word: &str,
    version: Option<i64>,
    inputs: &Inputs,
) -> Result<Moved> {
    let loaded = load(tx, rulebook, id)?;
    rules::within_reach(rulebook, mover, &loaded.case, &loaded.tasks, id.as_str())?;
    rules::ever(rulebook, mover, &loaded.case, &loaded.tasks, word)?;
    if let Some(seen) = version.filter(|seen| *seen != loaded.case.version) {
        return Err(Problem::new(&STALE).with("seen", seen).with("now", loaded.case.version));
    }
    let mv = rules::find_move(rulebook, &loaded.case.state, word, inputs)?;
    rules::admit(rulebook, mover, mv, &loaded.case, &loaded.tasks)?;
    let inputs = &words::tidied(inputs)?;
    check_special(rulebook, mover, mv, &loaded, inputs, tx.now())?;
    let after = step(tx, rulebook, mover, mv, loaded, inputs)?;
    // A "not solved" on a move that stays leads on to another move, within the same command.
    if let (Some(next), Some(false), "=") = (&mv.unsolved, inputs.solved, mv.to.as_str())
        && let Some(next) = rulebook.case_flow.mv(next).filter(|mv| mv.leaves(&after.state))
    {
        let loaded = load(tx, rulebook, id)?;
        let inputs = Inputs { solved: inputs.solved, ..Inputs::default() };
        return step(tx, rulebook, mover, next, loaded, &inputs);
    }
    Ok(after)
}

/// One admitted move with clean words, completely.
pub(crate) fn step(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    loaded: Loaded,
    inputs: &Inputs,
) -> Result<Moved> {
    let Loaded { case: before, mut tasks, item } = loaded;
    let now = tx.now();
    let mut case = before.clone();
    let refiled = matches!(mv.id.as_str(), "file" | "confirm");
    if let Some(wanted) = inputs.item.as_deref().filter(|i| !i.trim().is_empty() && (refiled || mv.id == "dispatch")) {
        let found =
            rulebook.directory.item_named(wanted).ok_or_else(|| Problem::new(&NOT_FOUND).with("what", wanted))?;
        case.item = found.code.clone();
    }
    if let Some(wanted) = inputs.place.as_deref().filter(|p| !p.trim().is_empty() && refiled) {
        replace(rulebook, &mut case, wanted, now)?;
    }
    let mut given = rules::given(inputs);
    if !given.contains(&Need::Body)
        && mv.requires.contains(&Need::Body)
        && !effects::doers(rulebook, mv, &case, inputs, now)?.is_empty()
    {
        given.insert(Need::Body);
    }
    if mover.system {
        given.insert(Need::Reason);
    }
    if mv.requires.contains(&Need::Body) && !given.contains(&Need::Body) && mv.id == "dispatch" {
        return Err(effects::no_body(rulebook, &case));
    }
    rules::complete(mv, &given, &before)?;
    let item = rulebook.directory.items.get(&case.item).cloned().unwrap_or(item);
    // A day that the move does not ask for moves nothing and is told to nobody.
    let until = match inputs.until.as_deref().filter(|_| mv.requires.contains(&Need::Until)) {
        Some(text) => Some(day(rulebook, text, now, mv.longest_days)?),
        None => None,
    };
    rules::advance(rulebook, mv, &mut case, &item, now);
    note_people(mover, mv, &mut case);
    match mv.id.as_str() {
        "hold" => case.held_until = until,
        "finish" => case.finished_at = Some(now),
        "fail" => case.rework += 1,
        "solved" | "not_solved" => {
            case.solved = inputs.solved.or(Some(mv.id == "solved"));
            case.satisfied = inputs.satisfied.as_deref().and_then(rules::rating).map(str::to_owned);
        }
        "merge" => case.merged_into = Some(merge_target(tx, rulebook, mover, &before, inputs)?.id),
        "unmerge" => case.merged_into = None,
        _ => {}
    }
    if case.state != "held" {
        case.held_until = None;
    }
    effects::apply(tx, rulebook, mover, mv, &mut case, &mut tasks, inputs)?;
    if (case.state == "held") != (before.state == "held") {
        task::stand_with(tx, rulebook, &mut tasks, case.state == "held")?;
    }
    case.promised_at = rules::promised(&case);

    let key = words::asker_key(tx, &case)?;
    let pictures =
        if matches!(mv.id.as_str(), "finish" | "pass" | "ask" | "fail" | "look_back") { "after" } else { "before" };
    let texts = words::sealed(tx, key.as_ref(), mover.actor, &case.id, inputs, pictures)?;
    case.answer = words::reference(&texts, "answer").or(case.answer.take());
    // Why it was settled whose it is says nothing about why it is done.
    if !mv.effects.contains(&Effect::Final) {
        case.basis = words::reference(&texts, "basis").or(case.basis.take());
    }
    case.version = before.version + 1;
    let told = tell::moved(tx, rulebook, mv, &before, &case, &tasks, &item, inputs, until)?;
    write(tx, &before, &case, &mv.id, texts, &told.args)?;
    tell::send(tx, rulebook, mover, mv, &before, &case, &tasks, &told, key.as_ref())?;
    Ok(Moved { id: case.id, state: case.state, version: case.version })
}

/// The matter turns out to lie elsewhere: it counts there, and whoever is on duty there has it.
fn replace(rulebook: &Rulebook, case: &mut Case, wanted: &str, now: kernel::Timestamp) -> Result<()> {
    let directory = &rulebook.directory;
    let grid = case.grid;
    case.place = directory.place_named(wanted)?.id;
    case.grid = directory.grid_of(&case.place);
    case.near.clear();
    if case.grid != grid
        && let Some(duty) = directory.on_duty(&case.place, now)
    {
        case.owner = Some(duty.holding);
        case.owner_place = Some(duty.place);
    }
    Ok(())
}

/// Writes a changed case with its journal entry and timers.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    before: &Case,
    case: &Case,
    mv: &str,
    texts: Map<String, Value>,
    told: &Value,
) -> Result<()> {
    let facts = store::written(case);
    store::update(tx, before, case, &facts)?;
    super::timers::set(tx, Some(before), case)?;
    let mut data = Map::new();
    data.insert("state".into(), json!(case.state));
    data.insert("set".into(), Value::Object(changed(&store::written(before), &facts)?));
    data.insert("args".into(), told.clone());
    if !texts.is_empty() {
        data.insert("texts".into(), Value::Object(texts));
    }
    tx.journal(Draft {
        subject_kind: "case",
        subject_id: case.id.to_string(),
        version: case.version,
        act: format!("case.{mv}"),
        data: Value::Object(data),
        occurred_at: None,
    });
    Ok(())
}

/// The fields that differ between two cases as they are stored; null for one that went away. Folding
/// these over the report gives the case (I5). Only what differs is read: a move changes few of a case's
/// many fields.
fn changed(before: &str, after: &str) -> Result<Map<String, Value>> {
    let fault = |error: serde_json::Error| Problem::from(StoreError::Other(format!("case facts: {error}")));
    let before: BTreeMap<&str, &RawValue> = serde_json::from_str(before).map_err(fault)?;
    let mut after: BTreeMap<&str, &RawValue> = serde_json::from_str(after).map_err(fault)?;
    let gone: Vec<&str> = before.keys().filter(|key| !after.contains_key(*key)).copied().collect();
    after.retain(|key, value| before.get(key).is_none_or(|before| before.get() != value.get()));
    let mut out = Map::new();
    for (key, value) in after {
        out.insert(key.to_owned(), serde_json::from_str(value.get()).map_err(fault)?);
    }
    out.extend(gone.into_iter().map(|key| (key.to_owned(), Value::Null)));
    Ok(out)
}

fn note_people(mover: rules::Mover<'_>, mv: &Move, case: &mut Case) {
    let Some(person) = mover.actor.person.filter(|_| !mover.asker) else {
        return;
    };
    let list = match mv.id.as_str() {
        // Whoever answers on the spot did the work, and so does not write down how it was rated.
        "finish" | "answer_now" => &mut case.handlers,
        "pass" | "fail" | "not_found" | "decline" | "ask" => &mut case.judges,
        _ => return,
    };
    if !list.contains(&person) {
        list.push(person);
    }
}

/// Photos that the item's closing standard asks for.
///
/// # Errors
/// 422.6.
pub(crate) fn photos_there(rulebook: &Rulebook, item: &Item, inputs: &Inputs) -> Result<()> {
    let asked = item.evidence != "none" && rulebook.directory.pack.meta.notes.contains_key("evidence_required");
    if asked && inputs.photos.len() + inputs.evidence.len() == 0 {
        return Err(Problem::new(&EVIDENCE_MISSING).with("item", &item.name).with("what", &item.evidence));
    }
    Ok(())
}

fn check_special(
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    loaded: &Loaded,
    inputs: &Inputs,
    now: kernel::Timestamp,
) -> Result<()> {
    let Loaded { case, tasks, item } = loaded;
    let leads_on = mv.effects.contains(&Effect::LeadTask) && !mv.effects.contains(&Effect::Final);
    if leads_on && super::aftermath::returned(case, tasks) >= RETURNS_BEFORE_RULING {
        return Err(Problem::new(&RULING_FIRST).with("times", RETURNS_BEFORE_RULING));
    }
    if mv.effects.contains(&Effect::Finish) && !mover.system {
        let directory = &rulebook.directory;
        let own = |task: &Task| {
            let body = task
                .body
                .is_some_and(|body| mover.actor.grants.iter().any(|g| g.body.as_deref() == Some(body.as_str())));
            body || task
                .assignee
                .and_then(|id| directory.holdings.get(&id))
                .is_some_and(|h| Some(h.person) == mover.actor.person)
        };
        let waiting: Vec<String> = tasks
            .iter()
            .filter(|t| t.open() && t.kind != task::Kind::Whistle && !own(t))
            .filter_map(|t| {
                let body = t.body.and_then(|body| directory.bodies.get(&body)).map(|b| b.name.clone());
                body.or_else(|| tell::holder(rulebook, t.assignee))
            })
            .collect();
        if !waiting.is_empty() {
            return Err(Problem::new(&TASKS_OPEN).with("bodies", waiting.join("、")));
        }
        photos_there(rulebook, item, inputs)?;
    }
    if mv.id == "reopen" {
        let days = i64::from(rulebook.directory.pack.meta.reopen_days);
        if case.closed_at.is_some_and(|at| now > at.plus_ms(days * kernel::time::DAY_MS)) {
            return Err(Problem::new(&TOO_LATE).with("days", days));
        }
    }
    if let Some(word) = inputs.satisfied.as_deref().filter(|w| !w.trim().is_empty() && rules::rating(w).is_none()) {
        let what = format!("{word}: 满意, 基本满意, 不满意");
        return Err(Problem::new(&BAD_FIELD).with("field", "satisfied").with("what", what));
    }
    Ok(())
}

fn merge_target(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    case: &Case,
    inputs: &Inputs,
) -> Result<Case> {
    let wanted = inputs.into.as_deref().unwrap_or_default().trim();
    let district = tx.district();
    let found = match wanted.parse::<CaseId>() {
        Ok(id) => store::fetch(tx, district, &id)?,
        Err(_) => store::fetch_by_number(tx, district, wanted)?,
    };
    let unknown = || Problem::new(&NOT_FOUND).with("what", wanted);
    let target = found.ok_or_else(unknown)?;
    let tasks = task::of_case(tx, district, &target.id)?;
    if !rules::visible(rulebook, mover, &target, &tasks) {
        return Err(unknown());
    }
    let refuse = |zh: &str| Err(Problem::new(&BAD_MERGE).with("what", zh));
    if target.id == case.id {
        return refuse("不能并入自己 (a case cannot join itself)");
    }
    if target.closed_at.is_some() {
        return refuse("那一件已经不在办了 (that one is not open)");
    }
    Ok(target)
}

/// A day or moment as people write it: `2026-03-05` (end of work that day), `2026-03-05 17:00`, RFC 3339, or a limit from now.
///
/// # Errors
/// 422.8 when it can't be read, lies behind, or further ahead than `longest_days`.
pub fn day(
    rulebook: &Rulebook,
    text: &str,
    now: kernel::Timestamp,
    longest_days: Option<u32>,
) -> Result<kernel::Timestamp> {
    let calendar = &rulebook.directory.calendar;
    let days = longest_days.unwrap_or(3_660);
    let refuse = || Problem::new(&BAD_DAY).with("days", days);
    let text = text.trim();
    let at = if let Ok(limit) = text.parse::<kernel::time::Limit>() {
        kernel::time::due(calendar, now, limit, &[], &[]).map_err(|_| refuse())?
    } else if let Ok(at) = kernel::Timestamp::parse(text) {
        at
    } else if let Ok(at) = calendar.parse_local(text) {
        at
    } else {
        let date = calendar.parse_day(text).map_err(|_| refuse())?;
        let close = calendar.hours().spans().last().map_or(24 * 60, |span| i64::from(span.1));
        calendar.start_of_day(date).map_err(|_| refuse())?.plus_ms(close * kernel::time::MINUTE_MS)
    };
    if at <= now || at > now.plus_ms(i64::from(days) * kernel::time::DAY_MS) {
        return Err(refuse());
    }
    Ok(at)
}
