//! SQL of tasks.

use commons::people::BodyId;
use kernel::{
    Problem, Result, Tx, args,
    problem::CONFLICT,
    statements,
    store::{Db, Row, StoreError},
};

use super::{Task, TaskId};
use crate::case::CaseId;

statements! {
    /// A new task.
    TASK_INSERT(Text, Text, Text, Text, Text, Text, Int, Int, Text) -> () =
        "insert into task (district, id, case_id, kind, body, state, version, next_due, facts) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Moves a task from the version that was seen.
    TASK_UPDATE(Text, Text, Int, Text, Int, Text) -> () =
        "update task set state = $4, version = version + 1, next_due = $5, facts = $6 where district = $1 and id = $2 and version = $3";
    /// One task.
    TASK_FETCH(Text, Text) -> (Text) = "select facts from task where district = $1 and id = $2";
    /// The tasks of a case, oldest first.
    TASK_OF_CASE(Text, Text, Int) -> (Text) = "select facts from task where district = $1 and case_id = $2 order by id limit $3";
    /// The tasks of a body in a state, newest first, after a cursor.
    TASK_OF_BODY(Text, Text, Text, Text, Int) -> (Text) =
        "select facts from task where district = $1 and body = $2 and state = $3 and id < $4 order by id desc limit $5";
}

/// Tasks that one case may have.
const TASKS_ROWS_MAX: i64 = 500;

fn read(mut row: Row) -> Result<Task, StoreError> {
    serde_json::from_str(&row.next::<String>()).map_err(|e| StoreError::Other(format!("task facts: {e}")))
}

fn written(task: &Task) -> String {
    serde_json::to_string(task).expect("a task is JSON")
}

fn next_due(task: &Task) -> Option<kernel::Timestamp> {
    crate::clock::rules::next_due(&task.clocks).map(|(_, due)| due)
}

/// Writes a new task.
pub(super) fn insert(tx: &mut Tx<'_>, task: &Task) -> Result<(), StoreError> {
    tx.execute(
        &TASK_INSERT,
        args![
            tx.district(),
            &task.id,
            &task.case,
            task.kind.word(),
            &task.body,
            &task.state,
            task.version,
            next_due(task),
            &written(task)
        ],
    )
    .map(|_| ())
}

/// Writes a moved task; its version is one above the one that was seen.
pub(super) fn update(tx: &mut Tx<'_>, task: &Task) -> Result<()> {
    let seen = task.version - 1;
    match tx.execute(&TASK_UPDATE, args![tx.district(), &task.id, seen, &task.state, next_due(task), &written(task)])? {
        1 => Ok(()),
        _ => Err(Problem::new(&CONFLICT).with("what", task.id)),
    }
}

/// One task.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch(db: &mut dyn Db, district: &str, id: &TaskId) -> Result<Option<Task>, StoreError> {
    db.row(&TASK_FETCH, args![district, id])?.map(read).transpose()
}

/// The tasks of a case in the order in which they were given.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_case(db: &mut dyn Db, district: &str, case: &CaseId) -> Result<Vec<Task>, StoreError> {
    let mut tasks: Vec<Task> = db
        .rows(&TASK_OF_CASE, args![district, case, TASKS_ROWS_MAX])?
        .into_iter()
        .map(read)
        .collect::<Result<_, _>>()?;
    tasks.sort_by_key(|task| task.nth);
    Ok(tasks)
}

/// The tasks of a body in a state, newest first, those with an id below the cursor.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_bodies(
    db: &mut dyn Db,
    district: &str,
    bodies: &[BodyId],
    state: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<Task>, StoreError> {
    let mut out = Vec::new();
    for body in bodies {
        let rows = db.rows(&TASK_OF_BODY, args![district, body, state, before, limit])?;
        out.extend(rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?);
    }
    out.sort_by_key(|task| std::cmp::Reverse(task.id));
    out.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(out)
}
