//! Gives tasks and moves them.

use commons::people::{BodyId, HoldingId};
use kernel::{
    Problem, Result, Tx, engine::Answer, idempotency::Reference, journal::Draft, problem::NOT_FOUND, store::Db, timer,
};
use serde_json::{Map, Value, json};

use super::{Kind, Task, TaskId, store};
use crate::{
    Rulebook,
    case::{self, Case, Inputs, rules},
    clock,
    flow::{Clock, Effect, Move, Need, Relation},
    problems::{BAD_DAY, HANDLER, NEED_MISSING, NOT_FROM_HERE, STALE, TOO_OFTEN},
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
        let data =
            kernel::journal::state_at(db, district, "task", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let state = data["state"].as_str().ok_or_else(not_found)?.to_owned();
        Ok(Self { id, state, version: reference.version })
    }
}

/// Gives a task: its clocks start now, silence past the first counts as acknowledged. `before` is the
/// number of tasks that its case has had so far.
///
/// # Errors
/// Any store error.
#[allow(clippy::too_many_arguments)]
pub fn insert_new(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    case: &Case,
    given_by: &str,
    kind: Kind,
    body: Option<BodyId>,
    assignee: Option<HoldingId>,
    settled: bool,
    before: usize,
) -> Result<Task> {
    let now = tx.now();
    let directory = &rules.directory;
    let mut task = Task {
        id: tx.id(TaskId::new),
        nth: i64::try_from(before).unwrap_or(i64::MAX).saturating_add(1),
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
        asked_why: None,
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
    clock::rules::apply(
        &mut task.clocks,
        &changes,
        task.round,
        &|_| rules.directory.pack.meta.handle_default,
        &rules.directory.calendar,
        now,
    );
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
    clock::rules::apply(
        &mut task.clocks,
        &mv.clocks,
        task.round,
        &|_| rules.directory.pack.meta.handle_default,
        &rules.directory.calendar,
        now,
    );
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
pub fn perform(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    id: &TaskId,
    word: &str,
    version: Option<i64>,
    inputs: &Inputs,
) -> Result<TaskMoved> {
    let district = tx.district();
    let unknown = || Problem::new(&NOT_FOUND).with("what", id);
    let mut task = store::fetch(tx, district, id)?.ok_or_else(unknown)?;
    let loaded = case::load(tx, rulebook, &task.case)?;
    let (case, tasks) = (&loaded.case, &loaded.tasks);
    rules::within_reach(rulebook, mover, case, tasks, id.as_str())?;
    let flow = &rulebook.task_flow;
    // Whoever may never do it is told so, and not that the moment is wrong.
    if let Some(permission) = flow.mv(word).and_then(|mv| mv.permission.as_deref())
        && !mover.system
        && !rules::holds(rulebook, mover.actor, case, tasks, permission)
    {
        return Err(rules::not_yours(rulebook, permission));
    }
    if let Some(seen) = version.filter(|seen| *seen != task.version) {
        return Err(Problem::new(&STALE).with("seen", seen).with("now", task.version));
    }
    let mv = flow.mv(word).filter(|mv| mv.leaves(&task.state)).or_else(|| flow.action_from(&task.state, word));
    let mv = mv.ok_or_else(|| {
        let state = flow.state(&task.state).map_or(task.state.as_str(), |s| s.zh.as_str());
        Problem::new(&NOT_FROM_HERE)
            .with("state", state)
            .with("action", flow.mv(word).map_or(word, |mv| mv.zh.as_str()))
    })?;
    admit(rulebook, mover, mv, case, tasks, &task)?;
    let inputs = &case::words::tidied(inputs)?;
    let given = rules::given(inputs);
    if let Some(need) = mv.missing(&given).first() {
        let (zh, en) = rules::need_says(*need);
        return Err(Problem::new(&NEED_MISSING).with("action", &mv.zh).with("need", format!("{zh} ({en})")));
    }
    let now = tx.now();
    let not_while = |state: &str| Problem::new(&NOT_FROM_HERE).with("state", state).with("action", &mv.zh);
    let mut until = None;
    let grants = mv.effects.contains(&Effect::ExtendGranted);
    // Somebody who may grant time may also give it without being asked: then they say until when and why.
    let unasked = grants && task.asked_until.is_none() && (inputs.until.is_some() || inputs.reason.is_some());
    match mv.id.as_str() {
        "extend" => {
            let wanted = more_time(rulebook, mv, mv, &task, inputs, now)?;
            until = Some(wanted);
            task.asked_until = mover.actor.person.map(|person| (wanted, person));
            task.extensions += 1;
        }
        _ if grants && (unasked || inputs.until.is_some()) => {
            let asking = flow.mv("extend").unwrap_or(mv);
            let missing = |need| {
                let (zh, en) = rules::need_says(need);
                Problem::new(&NEED_MISSING).with("action", &asking.zh).with("need", format!("{zh} ({en})"))
            };
            if unasked && inputs.reason.is_none() {
                return Err(missing(Need::Reason));
            }
            if inputs.until.is_none() {
                return Err(missing(Need::Until));
            }
            let limit = if unasked { asking } else { mv };
            let wanted = more_time(rulebook, asking, limit, &task, inputs, now)?;
            task.extensions += u32::from(unasked);
            task.asked_until = mover.actor.person.map(|person| (wanted, person));
        }
        "return" if task.settled => return Err(not_while("已裁定 (settled)")),
        // Who put it off decides when it goes on; until then nothing can be handed in.
        "done" if case.state == "held" => {
            return Err(not_while(rulebook.case_flow.state("held").map_or("held", |s| s.zh.as_str())));
        }
        _ if answers_a_wish(mv) && task.asked_until.is_none() => {
            return Err(not_while("没有申请延期 (no more time was asked for)"));
        }
        _ => {}
    }
    let was_sent = task.state == "sent";
    advance(tx, rulebook, mv, &mut task);
    let key = case::words::asker_key(tx, case)?;
    let notes = Inputs { photos: Vec::new(), evidence: Vec::new(), topic: None, ..inputs.clone() };
    let texts = case::words::sealed(tx, key.as_ref(), mover.actor, &case.id, &notes, "before")?;
    match mv.id.as_str() {
        "done" => task.answer = case::words::reference(&texts, "answer"),
        "extend" => task.asked_why = case::words::reference(&texts, "reason"),
        _ if unasked => task.asked_why = case::words::reference(&texts, "reason"),
        _ if mv.effects.contains(&Effect::ExtendRefused) => {
            task.asked_until = None;
            task.asked_why = None;
        }
        _ => {}
    }
    store::update(tx, &task)?;
    if was_sent && task.state != "sent" {
        timer::cancel(tx, case::ACKNOWLEDGE, "task", task.id.as_str())?;
    }
    let args = until.map_or_else(|| json!({}), |until| json!({ "until": until }));
    note(tx, &task, &format!("task.{}", mv.id), args, texts);
    let id = task.id;
    case::after_task(tx, rulebook, mover, mv, task, inputs, until)?;
    let district = tx.district();
    let task = store::fetch(tx, district, &id)?.ok_or_else(unknown)?;
    Ok(TaskMoved { id, state: task.state, version: task.version })
}

/// Until when more time is asked for or given: `asking` is the move that sets how far, `limit` the one
/// whose number of times counts.
///
/// # Errors
/// 422.7 too often, 422.1 past its day, 422.8 for a day that is not later or too far.
fn more_time(
    rulebook: &Rulebook,
    asking: &Move,
    limit: &Move,
    task: &Task,
    inputs: &Inputs,
    now: kernel::Timestamp,
) -> Result<kernel::Timestamp> {
    if let Some(times) = limit.times.filter(|times| task.extensions >= *times) {
        return Err(Problem::new(&TOO_OFTEN).with("action", &asking.zh).with("times", times));
    }
    let due = task.due();
    if due.is_some_and(|due| due < now) {
        return Err(Problem::new(&NOT_FROM_HERE).with("state", "已过期 (past its day)").with("action", &asking.zh));
    }
    let wanted = case::day(rulebook, inputs.until.as_deref().unwrap_or_default(), now, asking.longest_days)?;
    if due.is_some_and(|due| wanted <= due) {
        return Err(Problem::new(&BAD_DAY).with("days", asking.longest_days.unwrap_or(0)));
    }
    Ok(wanted)
}

/// True for a move that grants or refuses more time.
fn answers_a_wish(mv: &Move) -> bool {
    mv.effects.iter().any(|e| matches!(e, Effect::ExtendGranted | Effect::ExtendRefused))
}

/// True when somebody may make a move on a task now.
pub fn may(rulebook: &Rulebook, mover: rules::Mover<'_>, mv: &Move, case: &Case, tasks: &[Task], task: &Task) -> bool {
    (!answers_a_wish(mv) || task.asked_until.is_some()) && admit(rulebook, mover, mv, case, tasks, task).is_ok()
}

fn admit(
    rulebook: &Rulebook,
    mover: rules::Mover<'_>,
    mv: &Move,
    case: &Case,
    tasks: &[Task],
    task: &Task,
) -> Result<()> {
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
    if permitted && mv.who.contains(&Relation::NotHandler) && has_it {
        return Err(Problem::new(&HANDLER).with("action", &mv.zh));
    }
    Err(rules::not_yours(rulebook, mv.permission.as_deref().unwrap_or("task")))
}

/// Lets the clocks of open tasks stand still while their case is put off, and go on with it.
pub(crate) fn stand_with(tx: &mut Tx<'_>, rules: &Rulebook, tasks: &mut [Task], paused: bool) -> Result<()> {
    let now = tx.now();
    for task in tasks.iter_mut().filter(|t| t.open()) {
        let run = clock::rules::current(&mut task.clocks, Clock::Handle);
        if run.is_some_and(|run| clock::rules::follow(run, paused, &rules.directory.calendar, now)) {
            keep(tx, task)?;
        }
    }
    Ok(())
}

/// Writes a task whose clocks changed because of its case.
pub(crate) fn keep(tx: &mut Tx<'_>, task: &mut Task) -> Result<()> {
    task.version += 1;
    store::update(tx, task)?;
    note(tx, task, "task.clock", json!({}), Map::new());
    Ok(())
}
