//! The tasks of a case as a caller sees them, without the case's words and story.

use cases::{
    Rulebook,
    case::{self, Case, CaseId, rules},
    task::{self, Task},
};
use kernel::{Engine, Lang, Problem, Result, problem::NOT_FOUND};
use utoipa::ToSchema;

use super::{Caller, see::rfc};

/// A task in an answer.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct TaskJson {
    /// Its id.
    pub id: String,
    /// `lead`, `assist` or `whistle`.
    pub kind: String,
    /// Who has it.
    pub body: String,
    /// State of the task flow.
    pub state: String,
    /// The state as it is said.
    pub state_says: String,
    /// Counts its changes.
    pub version: i64,
    /// When it was sent.
    pub sent_at: String,
    /// Until when it must be taken up.
    pub acknowledge_by: Option<String>,
    /// When it is due.
    pub due_at: Option<String>,
    /// Moves that this caller may make now.
    pub moves: Vec<String>,
}

/// The tasks of a case, oldest first.
///
/// # Errors
/// 404.1 when there is no such case, or the caller may not know that there is one.
pub async fn tasks(
    engine: &Engine,
    rulebook: Rulebook,
    caller: Caller,
    id: CaseId,
    lang: Lang,
) -> Result<Vec<TaskJson>> {
    engine
        .read(move |db| {
            let district = &rulebook.directory.district;
            let unknown = || Problem::new(&NOT_FOUND).with("what", id);
            let case = case::fetch(db, district, &id)?.ok_or_else(unknown)?;
            let tasks = task::of_case(db, district, &id)?;
            if !rules::visible(&rulebook, caller.mover(), &case, &tasks) {
                return Err(unknown());
            }
            Ok(tasks.iter().map(|task| task_json(&rulebook, &caller, &case, &tasks, task, lang)).collect())
        })
        .await
}

fn task_json(rules: &Rulebook, caller: &Caller, case: &Case, tasks: &[Task], task: &Task, lang: Lang) -> TaskJson {
    let body = task.body.and_then(|b| rules.directory.bodies.get(&b)).map(|b| b.name.clone());
    let holder = task.assignee.and_then(|h| rules.directory.holdings.get(&h)).map(|h| h.display.clone());
    let state = rules.task_flow.state(&task.state);
    TaskJson {
        id: task.id.to_string(),
        kind: task.kind.word().to_owned(),
        body: body.or(holder).unwrap_or_default(),
        state: task.state.clone(),
        state_says: state.map_or_else(|| task.state.clone(), |s| lang.pick(&s.zh, &s.en).to_owned()),
        version: task.version,
        sent_at: task.sent_at.to_string(),
        acknowledge_by: rfc(task.acknowledge_by()),
        due_at: rfc(task.due()),
        moves: task_moves(rules, caller, case, tasks, task).iter().map(|mv| mv.id.clone()).collect(),
    }
}

/// The moves of a task that this caller may make now.
pub(super) fn task_moves<'r>(
    rules: &'r Rulebook,
    caller: &Caller,
    case: &Case,
    tasks: &[Task],
    task: &Task,
) -> Vec<&'r cases::flow::Move> {
    let moves = rules.task_flow.allowed(&task.state);
    moves
        .into_iter()
        .filter(|mv| !mv.system_only() && task::may(rules, caller.mover(), mv, case, tasks, task))
        .collect()
}
