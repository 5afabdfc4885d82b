//! Writes down what happened at a meeting, and closes its record.

use cases::Rulebook;
use kernel::{Problem, Result, Tx, access::Actor, vault};
use serde_json::{Map, json};

use super::{
    Held, MINUTES_CHARS_MAX, MeetingId, PRESENT_MAX, Record, Status, TEXT_CHARS_MAX,
    call::{add_topics, load, seal, write},
    rules, store,
};
use crate::{
    problems::{NOT_HELD, TOO_MANY},
    text::{tidy, tidy_field},
};

/// Writes down who was there, what came up and what was said. May be done again until the record is closed.
///
/// # Errors
/// 404.30 when it is unknown, 403.1 where `meeting.record` is not held, 409.1 when `version` is
/// not the current one, 422.32 before it was held, 422.33 after it was closed, 422.36 and 400.3
/// for too much of something.
pub fn record(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &MeetingId,
    version: Option<i64>,
    record: &Record,
) -> Result<Held> {
    let mut meeting = load(tx, rulebook, actor, id, version, "到会和议题")?;
    let mut texts = Map::new();
    let keeper = vault::key_in(tx, &meeting.keeper)?;
    let entries: Vec<String> =
        record.present.iter().filter_map(|entry| tidy(entry, TEXT_CHARS_MAX).transpose()).collect::<Result<_>>()?;
    if !entries.is_empty() {
        let (present, names) = rules::present(&rulebook.directory, &entries, &meeting.place, tx.now());
        if present.len() > PRESENT_MAX {
            return Err(Problem::new(&TOO_MANY).with("what", "到会名单 (present)").with("max", PRESENT_MAX));
        }
        store::present_put(tx, id, &present)?;
        let names = names.join("、");
        meeting.names = seal(tx, &keeper, id, "names", (!names.is_empty()).then_some(names.as_str()), &mut texts)?;
    }
    if let Some(minutes) = tidy_field(&record.minutes, MINUTES_CHARS_MAX)? {
        meeting.minutes = seal(tx, &keeper, id, "minutes", Some(&minutes), &mut texts)?;
    }
    let topics = add_topics(tx, rulebook, actor, &meeting, &record.topics)?;
    meeting.status = Status::Held;
    let district = tx.district();
    let present = store::present(tx, district, id)?;
    write(tx, &mut meeting, "record", json!({ "present": present, "topics": topics }), texts)?;
    Ok(Held::of(&meeting))
}

/// Closes the record of a meeting; what was decided goes on by itself.
///
/// # Errors
/// As [`record`].
pub fn close(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &MeetingId,
    version: Option<i64>,
) -> Result<Held> {
    let mut meeting = load(tx, rulebook, actor, id, version, "结束")?;
    if meeting.status == Status::Called {
        return Err(Problem::new(&NOT_HELD).with("action", "结束"));
    }
    meeting.status = Status::Closed;
    meeting.closed_at = Some(tx.now());
    write(tx, &mut meeting, "close", json!({}), Map::new())?;
    Ok(Held::of(&meeting))
}
