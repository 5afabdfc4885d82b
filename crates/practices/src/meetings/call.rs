//! Calls a meeting: who, where, when, what is on the table.

use cases::{
    Rulebook,
    case::{self, Case, CaseId, Inputs, rules::Mover},
    problems::{ID_TAKEN, STALE, UNKNOWN_BODY},
};
use commons::{people::BodyId, place::PlaceId};
use kernel::{
    Problem, Result, Tx,
    access::Actor,
    engine::Answer,
    id::ContentId,
    idempotency::Reference,
    journal::{self, Draft},
    problem::{NOT_FOUND, SIGN_IN},
    store::Db,
    vault::{self, PersonKey},
};
use serde_json::{Map, Value, json};

use super::{
    LINE_CHARS_MAX, Meeting, MeetingId, NewDecision, NewMeeting, NewTopic, Record, Status, TOPICS_MAX, Topic, TopicId,
    Who, act, decide, rules, store, view::kind_says,
};
use crate::{
    posts::post_at,
    problems::{BODY_ELSEWHERE, NO_MEETING, TOO_MANY},
    text::{tidy, tidy_field},
};

/// The key of a meeting for which no kind is given.
const OTHER_KIND: &str = "other";

/// A meeting as a command left it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    /// The meeting.
    pub id: MeetingId,
    /// Its version.
    pub version: i64,
    /// How far it is.
    pub status: Status,
}

impl Held {
    pub(super) fn of(meeting: &Meeting) -> Self {
        Self { id: meeting.id, version: meeting.version, status: meeting.status }
    }
}

impl Answer for Held {
    fn reference(&self) -> Reference {
        Reference { kind: "meeting".into(), id: self.id.to_string(), version: self.version }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NO_MEETING).with("what", &reference.id);
        let data =
            journal::state_at(db, district, "meeting", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let meeting: Meeting = serde_json::from_value(data["set"].clone()).map_err(|_| not_found())?;
        Ok(Self::of(&meeting))
    }
}

/// Calls a meeting. A topic that is a case is thereby put to the meeting, by the actor's own permission.
///
/// # Errors
/// 401.1 for somebody without an account; 404.1 for an unknown place or case; 403.1 where
/// `meeting.call` is not held (`meeting.record` will do when a body calls it); 422.4 and 422.35
/// for a body that is unknown or works elsewhere; 422.31 when the day does not fit; 409.4 when the
/// id is taken; whatever a case answers that cannot be put to a meeting.
pub fn call(tx: &mut Tx<'_>, rulebook: &Rulebook, actor: &Actor, new: &NewMeeting) -> Result<Held> {
    let directory = &rulebook.directory;
    let now = tx.now();
    let by = actor.person.ok_or_else(|| Problem::new(&SIGN_IN))?;
    let place = directory.place_named(&new.place)?.id;
    let kind = kind_key(rulebook, &tidy(&new.kind, LINE_CHARS_MAX)?.unwrap_or_else(|| OTHER_KIND.to_owned()));
    let caller = caller(rulebook, new, &kind, &place)?;
    may_call(rulebook, actor, &place, caller)?;
    let held_at = rules::moment(new.held_at, now)?;
    let chair = match tidy_field(&new.chair, LINE_CHARS_MAX)? {
        None => post_at(directory, by, &place, now),
        Some(name) => match Who::find(directory, &name, &place, now) {
            Some(Who::Holding(id)) => Some(id),
            _ => return Err(Problem::new(&UNKNOWN_BODY).with("body", name)),
        },
    };
    let id = free_id(tx, new.id)?;
    let keeper = vault::person_new(tx)?;
    let mut texts = Map::new();
    let title = seal(tx, &keeper, &id, "title", tidy_field(&new.title, LINE_CHARS_MAX)?.as_deref(), &mut texts)?;
    let room = seal(tx, &keeper, &id, "room", tidy_field(&new.room, LINE_CHARS_MAX)?.as_deref(), &mut texts)?;
    let meeting = Meeting {
        id,
        kind,
        place,
        caller,
        chair,
        by,
        keeper: keeper.person,
        status: Status::Called,
        version: 1,
        held_at,
        called_at: now,
        closed_at: None,
        title,
        room,
        names: None,
        minutes: None,
    };
    store::insert(tx, &meeting)?;
    let topics = add_topics(tx, rulebook, actor, &meeting, &new.topics)?;
    note(tx, &meeting, "call", json!({ "topics": topics }), texts);
    Ok(Held::of(&meeting))
}

/// Calls a meeting that was held, with its record and decisions, in one command.
///
/// # Errors
/// As [`call`], [`super::record`] and [`super::decide`].
pub fn hold(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    new: &NewMeeting,
    record: &Record,
    decisions: &[NewDecision],
) -> Result<Held> {
    let called = call(tx, rulebook, actor, new)?;
    let mut held = act::record(tx, rulebook, actor, &called.id, None, record)?;
    for decision in decisions {
        held.version = decide::decide(tx, rulebook, actor, &called.id, None, decision)?.version;
    }
    Ok(held)
}

/// The pack's key for a kind given by key or name; any other word stays as it is.
fn kind_key(rulebook: &Rulebook, word: &str) -> String {
    let kinds = rulebook.directory.pack.texts.iter().filter_map(|(key, text)| Some((key.strip_prefix("kind.")?, text)));
    kinds
        .into_iter()
        .find(|(key, text)| *key == word || text.zh == word || text.en == word)
        .map_or_else(|| word.to_owned(), |(key, _)| key.to_owned())
}

fn caller(rulebook: &Rulebook, new: &NewMeeting, kind: &str, place: &PlaceId) -> Result<Option<BodyId>> {
    let directory = &rulebook.directory;
    let Some(wanted) = tidy_field(&new.caller, LINE_CHARS_MAX)? else {
        let kind = kind_says(rulebook, kind, kernel::Lang::Zh);
        return Ok(rules::party_caller(directory, &kind, place).map(|body| body.id));
    };
    let by_id = wanted.parse::<BodyId>().ok().and_then(|id| directory.bodies.get(&id));
    let body = by_id
        .or_else(|| directory.body_named(&wanted, Some(place)))
        .ok_or_else(|| Problem::new(&UNKNOWN_BODY).with("body", &wanted))?;
    if directory.within(place, &body.place) || directory.within(&body.place, place) {
        Ok(Some(body.id))
    } else {
        Err(Problem::new(&BODY_ELSEWHERE).with("body", &body.name).with("place", directory.path_name(place)))
    }
}

fn may_call(rulebook: &Rulebook, actor: &Actor, place: &PlaceId, caller: Option<BodyId>) -> Result<()> {
    let chain = rulebook.directory.chain_ids(place);
    // The body called it; whoever keeps its record writes that down.
    if caller.is_some() && actor.may("meeting.record", &chain, &[]) {
        return Ok(());
    }
    actor.must("meeting.call", &chain, &[])
}

fn free_id(tx: &mut Tx<'_>, wanted: Option<MeetingId>) -> Result<MeetingId> {
    let Some(id) = wanted else {
        return Ok(tx.id(MeetingId::new));
    };
    let district = tx.district();
    match store::fetch(tx, district, &id)? {
        Some(_) => Err(Problem::new(&ID_TAKEN).with("id", id)),
        None => Ok(id),
    }
}

/// A case by number or id.
pub(super) fn case_named(tx: &mut Tx<'_>, wanted: &str) -> Result<Case> {
    let district = tx.district();
    let found = match wanted.parse::<CaseId>() {
        Ok(id) => case::fetch(tx, district, &id)?,
        Err(_) => case::fetch_by_number(tx, district, wanted)?,
    };
    found.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", wanted))
}

/// The key that seals words of a meeting: the asker's for those about a case, so that they go when
/// the asker goes; the meeting's own for the rest, and for an asker who has gone.
pub(super) fn key_for(tx: &mut Tx<'_>, meeting: &Meeting, case: Option<&Case>) -> Result<PersonKey> {
    if let Some(case) = case {
        match vault::key_in(tx, &case.asker) {
            Err(problem) if problem.kind == &NOT_FOUND => {}
            key => return key,
        }
    }
    vault::key_in(tx, &meeting.keeper)
}

/// Puts topics on the table; those that are cases are put to the meeting.
pub(super) fn add_topics(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    meeting: &Meeting,
    new: &[NewTopic],
) -> Result<Vec<Topic>> {
    let district = tx.district();
    let standing = store::topics(tx, district, &meeting.id)?;
    let mut out: Vec<Topic> = Vec::new();
    for topic in new {
        let title = tidy_field(&topic.title, LINE_CHARS_MAX)?;
        let (key, case, title) = match tidy_field(&topic.case, LINE_CHARS_MAX)? {
            Some(wanted) => {
                let case = case_named(tx, &wanted)?;
                if standing.iter().chain(&out).any(|topic| topic.case == Some(case.id)) {
                    continue;
                }
                let item = rulebook
                    .directory
                    .items
                    .get(&case.item)
                    .map_or_else(|| case.item.clone(), |item| item.name.clone());
                let title = title.unwrap_or(item);
                let inputs = Inputs { topic: Some(title.clone()), ..Inputs::default() };
                case::perform(tx, rulebook, Mover::staff(actor), &case.id, "deliberate", None, &inputs)?;
                (key_for(tx, meeting, Some(&case))?, Some(case.id), title)
            }
            None => match title {
                Some(title) => (key_for(tx, meeting, None)?, None, title),
                None => continue,
            },
        };
        let count = standing.len() + out.len();
        if count == TOPICS_MAX {
            return Err(Problem::new(&TOO_MANY).with("what", "议题 (topics)").with("max", TOPICS_MAX));
        }
        let content = vault::content_put(tx, &key, ("meeting", meeting.id.as_str()), "topic", title.as_bytes())?;
        let ordinal = i64::try_from(count).unwrap_or(i64::MAX) + 1;
        let topic = Topic { id: tx.id(TopicId::new), ordinal, title: content.id, case };
        store::topic_insert(tx, &meeting.id, &topic)?;
        out.push(topic);
    }
    Ok(out)
}

/// Loads a meeting for a change by somebody who keeps its record.
pub(super) fn load(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &MeetingId,
    version: Option<i64>,
    action: &str,
) -> Result<Meeting> {
    let district = tx.district();
    let meeting = store::fetch(tx, district, id)?.ok_or_else(|| Problem::new(&NO_MEETING).with("what", id))?;
    actor.must("meeting.record", &rulebook.directory.chain_ids(&meeting.place), &[])?;
    if let Some(seen) = version.filter(|seen| *seen != meeting.version) {
        return Err(Problem::new(&STALE).with("seen", seen).with("now", meeting.version));
    }
    rules::writable(meeting.status, meeting.held_at, tx.now(), action)?;
    Ok(meeting)
}

/// Writes a changed meeting with its journal entry.
pub(super) fn write(
    tx: &mut Tx<'_>,
    meeting: &mut Meeting,
    act: &str,
    more: Value,
    texts: Map<String, Value>,
) -> Result<()> {
    let seen = meeting.version;
    meeting.version += 1;
    store::update(tx, meeting, seen)?;
    note(tx, meeting, act, more, texts);
    Ok(())
}

fn note(tx: &mut Tx<'_>, meeting: &Meeting, act: &str, more: Value, texts: Map<String, Value>) {
    let mut data = json!({ "set": meeting, "texts": texts });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    tx.journal(Draft {
        subject_kind: "meeting",
        subject_id: meeting.id.to_string(),
        version: meeting.version,
        act: format!("meeting.{act}"),
        data,
        occurred_at: None,
    });
}

/// Seals words of a meeting.
pub(super) fn seal(
    tx: &mut Tx<'_>,
    key: &PersonKey,
    id: &MeetingId,
    kind: &'static str,
    text: Option<&str>,
    texts: &mut Map<String, Value>,
) -> Result<Option<ContentId>> {
    let Some(text) = text else { return Ok(None) };
    let content = vault::content_put(tx, key, ("meeting", id.as_str()), kind, text.as_bytes())?;
    texts.insert(kind.into(), json!(content));
    Ok(Some(content.id))
}
