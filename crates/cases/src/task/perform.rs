//! Gives tasks and moves them.

use commons::people::{BodyId, HoldingId};
use kernel::{
    Problem, Result, Tx,
    engine::Answer,
    idempotency::Reference,
    journal::Draft,
    problem::{NOT_FOUND, NOT_YOURS},
    store::Db,
    timer,
    vault::{self, ContentRef},
};
use serde_json::{Map, Value, json};

use super::{Kind, Task, TaskId, store};
use crate::{
    Rulebook,
    case::{self, Case, Inputs, rules},
    clock,
    flow::{Clock, Move, Relation},
    problems::{HANDLER, NEED_MISSING, NOT_FROM_HERE, STALE, TOO_OFTEN},
};

/// A task's move as it was made.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TaskMoved {
    /// The task.
    #[serde(skip)]
    pub id: TaskId,
    /// Its state afterwards.
    pub state: String,
    /// Its version afterwards.
    pub version: i64,
}

impl Answer for TaskMoved {
    fn reference(&self) -> Reference {
        Reference { kind: "task".into(), id: self.id.to_string(), version: self.version }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NOT_FOUND).with("what", &reference.id);
        let id: TaskId = reference.id.parse().map_err(|_| not_found())?;
        let data = kernel::journal::state_at(db, district, "task", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let state = data["state"].as_str().ok_or_else(not_found)?.to_owned();
        Ok(Self { id, state, version: reference.version })
    }
}

/// Gives a task: its clocks start now, silence past the first counts as acknowledged.
///
/// # Errors
/// Any store error.
#[allow(clippy::too_many_arguments)]
pub fn insert_new(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, given_by: &str, kind: Kind, body: Option<BodyId>, assignee: Option<HoldingId>, settled: bool) -> Result<Task> {
    let now = tx.now();
    let directory = &rules.directory;
    let mut task = Task {
        id: tx.id(TaskId::new),
        case: case.id,
        kind,
        body,
        assignee,
        given_by: given_by.to_owned(),
        state: rules.task_flow.start.clone(),
        version: 1,
        round: case.round,
        sent_at: now,
        clocks: Vec::new(),
        acknowledged_at: None,
        ended_at: None,
        settled,
        asked_until: None,
        extensions: 0,
        answer: None,
    };
    let handle = directory.items.get(&case.item).map_or(directory.pack.meta.handle_default, |item| item.handle);
    for clock in &rules.task_flow.starts {
        let limit = if *clock == Clock::Accept { directory.pack.meta.acknowledge_default } else { handle };
        clock::rules::start(&mut task.clocks, *clock, case.round, limit, &directory.calendar, now);
    }
    store::insert(tx, &task)?;
    if let Some(by) = task.acknowledge_by() {
        timer::set(tx, case::ACKNOWLEDGE, "task", task.id.as_str(), by)?;
    }
    note(tx, &task, "task.send", json!({}), Map::new());
    Ok(task)
}

fn note(tx: &mut Tx<'_>, task: &Task, act: &str, args: Value, texts: Map<String, Value>) {
    tx.journal(Draft {
        subject_kind: "task",
        subject_id: task.id.to_string(),
        version: task.version,
        act: act.to_owned(),
        data: json!({ "state": task.state, "set": task, "args": args, "texts": texts }),
        occurred_at: None,
    });
}

/// Ends an open task because of a move of its case.
///
/// # Errors
/// 409.3 when it was moved meanwhile.
pub fn settle(tx: &mut Tx<'_>, rules: &Rulebook, task: &mut Task, state: &str, because: &str) -> Result<()> {
    let now = tx.now();
    let word = if state == "done" { "done" } else { "withdraw" };
    let changes = rules.task_flow.mv(word).map(|mv| mv.clocks.clone()).unwrap_or_default();
    clock::rules::apply(&mut task.clocks, &changes, task.round, &|_| rules.directory.pack.meta.handle_default, &rules.directory.calendar, now);
    let was_sent = task.state == "sent";
    task.state = state.to_owned();
    task.ended_at = Some(now);
    task.version += 1;
    store::update(tx, task)?;
    if was_sent {
        timer::cancel(tx, case::ACKNOWLEDGE, "task", task.id.as_str())?;
    }
    note(tx, task, &format!("task.{word}"), json!({ "because": because }), Map::new());
    Ok(())
}

/// Silence past the acknowledge limit counts as acknowledged; the clock never waits for a signature.
pub(crate) fn silent(tx: &mut Tx<'_>, rules: &Rulebook, id: &TaskId) -> Result<()> {
    let district = tx.district();
    let Some(mut task) = store::fetch(tx, district, id)?.filter(|t| t.state == "sent") else {
        return Ok(());
    };
    let Some(mv) = rules.task_flow.mv("acknowledge").cloned() else {
        return Ok(());
    };
    advance(tx, rules, &mv, &mut task);
    store::update(tx, &task)?;
    note(tx, &task, "task.acknowledge", json!({ "silence": true }), Map::new());
    Ok(())
}

fn advance(tx: &Tx<'_>, rules: &Rulebook, mv: &Move, task: &mut Task) {
    let now = tx.now();
    let from = task.state.clone();
    task.state = mv.target(&from).to_owned();
    task.version += 1;
    clock::rules::apply(&mut task.clocks, &mv.clocks, task.round, &|_| rules.directory.pack.meta.handle_default, &rules.directory.calendar, now);
    if task.state == "acknowledged" && task.acknowledged_at.is_none() {
        task.acknowledged_at = Some(now);
    }
    if !task.open() {
        task.ended_at = Some(now);
    }
}

/// Makes a move on a task; when the last required part is done, the case goes on to be checked.
///
/// # Errors
/// As [`case::perform`].
pub fn perform(tx: &mut Tx<'_>, rulebook: &Rulebook, mover: rules::Mover<'_>, id: &TaskId, word: &str, version: Option<i64>, inputs: &Inputs) -> Result<TaskMoved> {
    let district = tx.district();
    let unknown = || Problem::new(&NOT_FOUND).with("what", id);
    let mut task = store::fetch(tx, district, id)?.ok_or_else(unknown)?;
    let loaded = case::load(tx, rulebook, &task.case)?;
    let (case, tasks) = (&loaded.case, &loaded.tasks);
    if !rules::visible(rulebook, mover, case, tasks) {
        return Err(unknown());
    }
    if let Some(seen) = version.filter(|seen| *seen != task.version) {
        return Err(Problem::new(&STALE).with("seen", seen).with("now", task.version));
    }
    let flow = &rulebook.task_flow;
    let mv = flow.mv(word).filter(|mv| mv.leaves(&task.state)).or_else(|| flow.action_from(&task.state, word));
    let mv = mv.cloned().ok_or_else(|| {
        let state = flow.state(&task.state).map_or(task.state.as_str(), |s| s.zh.as_str());
        Problem::new(&NOT_FROM_HERE).with("state", state).with("action", flow.mv(word).map_or(word, |mv| mv.zh.as_str()))
    })?;
    admit(rulebook, mover, &mv, case, tasks, &task)?;
    let given = rules::given(inputs);
    if let Some(need) = mv.missing(&given).first() {
        let (zh, en) = rules::need_says(*need);
        return Err(Problem::new(&NEED_MISSING).with("action", &mv.zh).with("need", format!("{zh} ({en})")));
    }
    let now = tx.now();
    match mv.id.as_str() {
        "extend" => {
            if mv.times.is_some_and(|times| task.extensions >= times) {
                return Err(Problem::new(&TOO_OFTEN).with("action", &mv.zh).with("times", mv.times.unwrap_or(0)));
            }
            let until = case::day(rulebook, inputs.until.as_deref().unwrap_or_default(), now, mv.longest_days)?;
            task.asked_until = mover.actor.person.map(|person| (until, person));
            task.extensions += 1;
        }
        "return" if task.settled => {
            return Err(Problem::new(&NOT_FROM_HERE).with("state", "已裁定").with("action", &mv.zh));
        }
        _ => {}
    }
    advance(tx, rulebook, &mv, &mut task);
    let key = vault::key_in(tx, &case.asker)?;
    let mut texts = Map::new();
    for (kind, text) in [("reason", &inputs.reason), ("basis", &inputs.basis), ("answer", &inputs.answer)] {
        if let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            let content: ContentRef = vault::content_put(tx, &key, ("case", case.id.as_str()), kind, text.as_bytes())?;
            texts.insert(kind.into(), json!(content));
            if kind == "answer" {
                task.answer = Some(content);
            }
        }
    }
    store::update(tx, &task)?;
    if mv.id != "extend" && mv.leaves("sent") {
        timer::cancel(tx, case::ACKNOWLEDGE, "task", task.id.as_str())?;
    }
    note(tx, &task, &format!("task.{}", mv.id), json!({ "until": inputs.until }), texts);
    let moved = TaskMoved { id: task.id, state: task.state.clone(), version: task.version };
    case::after_task(tx, rulebook, mover, &mv, task, inputs)?;
    Ok(moved)
}

fn admit(rulebook: &Rulebook, mover: rules::Mover<'_>, mv: &Move, case: &Case, tasks: &[Task], task: &Task) -> Result<()> {
    let actor = mover.actor;
    let own = |body: &BodyId| actor.grants.iter().any(|g| g.body.as_deref() == Some(body.as_str()));
    let holder = task.assignee.and_then(|id| rulebook.directory.holdings.get(&id));
    let has_it = task.body.as_ref().is_some_and(own) || holder.is_some_and(|h| Some(h.person) == actor.person);
    let mut relations = vec![Relation::Any];
    if mover.system {
        relations = vec![Relation::System];
    }
    if has_it {
        relations.push(Relation::TaskBody);
    } else {
        relations.push(Relation::NotHandler);
    }
    if actor.name() == task.given_by || rules::holds(rulebook, actor, case, tasks, "case.dispatch") {
        relations.push(Relation::Dispatcher);
    }
    let permitted = mv.permission.as_deref().is_some_and(|p| rules::holds(rulebook, actor, case, tasks, p));
    if mv.admits(permitted, &relations) {
        return Ok(());
    }
    let only_hand = permitted && mv.who.contains(&Relation::NotHandler) && has_it;
    let kind = if only_hand { &HANDLER } else { &NOT_YOURS };
    Err(Problem::new(kind).with("permission", mv.permission.as_deref().unwrap_or("task")).with("action", &mv.zh))
}

/// Writes a task whose clocks changed because of its case.
pub(crate) fn keep(tx: &mut Tx<'_>, task: &mut Task) -> Result<()> {
    task.version += 1;
    store::update(tx, task)?;
    note(tx, task, "task.clock", json!({}), Map::new());
    Ok(())
}
