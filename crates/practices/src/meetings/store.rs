//! SQL of meetings, who was present, topics and decisions.

use cases::case::CaseId;
use commons::place::PlaceId;
use kernel::{
    Problem, Result, Timestamp, Tx, args, statements,
    store::{Db, Row, StoreError},
};

use super::{DECISIONS_MAX, Decision, DecisionId, Meeting, MeetingId, PRESENT_MAX, Present, TOPICS_MAX, Topic, Who};

statements! {
    /// A new meeting.
    MEETING_INSERT(Text, Text, Text, Text, Text, Text, Int, Int, Text) -> () =
        "insert into meeting (district, id, place, kind, caller, status, version, held_at, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Changes a meeting from the version that was seen.
    MEETING_UPDATE(Text, Text, Int, Text, Int, Text, Int) -> () =
        "update meeting set status = $4, held_at = $5, facts = $6, version = $7 where district = $1 and id = $2 and version = $3";
    /// One meeting.
    MEETING_FETCH(Text, Text) -> (Text) = "select facts from meeting where district = $1 and id = $2";
    /// Newest first, whole district.
    MEETING_LIST(Text, Int, Text, Int) -> (Text) =
        "select facts from meeting where district = $1 and (held_at, id) < ($2, $3) order by held_at desc, id desc limit $4";
    /// Newest first, within a subtree.
    MEETING_LIST_PLACE(Text, Text, Int, Text, Int) -> (Text) =
        "select m.facts from place_within w join meeting m on m.district = w.district and m.place = w.place
         where w.district = $1 and w.ancestor = $2 and (m.held_at, m.id) < ($3, $4) order by m.held_at desc, m.id desc limit $5";
    /// Forgets who was noted as present.
    PRESENT_CLEAR(Text, Text) -> () = "delete from meeting_present where district = $1 and meeting = $2";
    /// Somebody was present.
    PRESENT_INSERT(Text, Text, Int, Text, Text, Int) -> () =
        "insert into meeting_present (district, meeting, ordinal, kind, who, count) values ($1, $2, $3, $4, $5, $6)";
    /// Who was present.
    PRESENT_LIST(Text, Text, Int) -> (Text, Text, Int) =
        "select kind, who, count from meeting_present where district = $1 and meeting = $2 order by ordinal limit $3";
    /// A new topic.
    TOPIC_INSERT(Text, Text, Text, Int, Text, Text) -> () =
        "insert into meeting_topic (district, id, meeting, ordinal, title, case_id) values ($1, $2, $3, $4, $5, $6)";
    /// The topics of a meeting.
    TOPIC_LIST(Text, Text, Int) -> (Text, Int, Text, Text) =
        "select id, ordinal, title, case_id from meeting_topic where district = $1 and meeting = $2 order by ordinal limit $3";
    /// A new decision.
    DECISION_INSERT(Text, Text, Text, Int, Text, Text, Text, Int, Text) -> () =
        "insert into meeting_decision (district, id, meeting, ordinal, topic, kind, case_id, due_at, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// One decision.
    DECISION_FETCH(Text, Text) -> (Text) = "select facts from meeting_decision where district = $1 and id = $2";
    /// The decisions of a meeting.
    DECISION_LIST(Text, Text, Int) -> (Text) =
        "select facts from meeting_decision where district = $1 and meeting = $2 order by ordinal limit $3";
    /// The decisions that moved or opened a case.
    DECISION_OF_CASE(Text, Text, Int) -> (Text) =
        "select facts from meeting_decision where district = $1 and case_id = $2 order by id limit $3";
    /// How many decisions a meeting took, and how many are done: their case is closed, or there was nothing to do.
    DECISION_PROGRESS(Text, Text) -> (Int, Int) =
        "select cast(count(*) as bigint),
           cast(coalesce(sum(case when c.closed_at is not null or (d.case_id is null and d.kind <> 'keep') then 1 else 0 end), 0) as bigint)
         from meeting_decision d left join case_file c on c.district = d.district and c.id = d.case_id
         where d.district = $1 and d.meeting = $2";
}

/// Sorts after every id.
const LAST: &str = "~";

fn facts<T: serde::de::DeserializeOwned>(mut row: Row) -> Result<T, StoreError> {
    serde_json::from_str(&row.next::<String>()).map_err(|e| StoreError::Other(format!("meeting facts: {e}")))
}

fn written<T: serde::Serialize>(facts: &T) -> String {
    serde_json::to_string(facts).expect("the facts are JSON")
}

fn limit(max: usize) -> i64 {
    i64::try_from(max).expect("a small constant")
}

/// Writes a new meeting.
pub(super) fn insert(tx: &mut Tx<'_>, meeting: &Meeting) -> Result<(), StoreError> {
    tx.execute(
        &MEETING_INSERT,
        args![
            tx.district(),
            &meeting.id,
            &meeting.place,
            &meeting.kind,
            &meeting.caller,
            meeting.status.word(),
            meeting.version,
            meeting.held_at,
            &written(meeting)
        ],
    )
    .map(|_| ())
}

/// Writes a changed meeting if nobody changed it meanwhile.
pub(super) fn update(tx: &mut Tx<'_>, meeting: &Meeting, seen: i64) -> Result<()> {
    let touched = tx.execute(
        &MEETING_UPDATE,
        args![
            tx.district(),
            &meeting.id,
            seen,
            meeting.status.word(),
            meeting.held_at,
            &written(meeting),
            meeting.version
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(Problem::new(&cases::problems::STALE).with("seen", seen).with("now", "?")) }
}

/// One meeting.
///
/// # Errors
/// Any [`StoreError`].
pub fn fetch(db: &mut dyn Db, district: &str, id: &MeetingId) -> Result<Option<Meeting>, StoreError> {
    db.row(&MEETING_FETCH, args![district, id])?.map(facts).transpose()
}

/// Which meetings.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only within this place.
    pub place: Option<PlaceId>,
    /// Held before this one: moment and id of the last row seen.
    pub before: Option<(Timestamp, MeetingId)>,
}

/// At most `limit` meetings, latest first.
pub(super) fn list(db: &mut dyn Db, district: &str, filter: &Filter, limit: i64) -> Result<Vec<Meeting>, StoreError> {
    let (at, id) =
        filter.before.map_or((Timestamp::from_ms(i64::MAX), LAST.to_owned()), |(at, id)| (at, id.to_string()));
    let rows = match &filter.place {
        None => db.rows(&MEETING_LIST, args![district, at, &id, limit])?,
        Some(place) => db.rows(&MEETING_LIST_PLACE, args![district, place, at, &id, limit])?,
    };
    rows.into_iter().map(facts).collect()
}

/// Writes who was present in place of what was noted before.
pub(super) fn present_put(tx: &mut Tx<'_>, meeting: &MeetingId, present: &[Present]) -> Result<(), StoreError> {
    let district = tx.district();
    tx.execute(&PRESENT_CLEAR, args![district, meeting])?;
    for (ordinal, one) in (1i64..).zip(present) {
        let (kind, who, count) = match one {
            Present::Known(Who::Body(id)) => ("body", id.as_str(), 0),
            Present::Known(Who::Holding(id)) => ("post", id.as_str(), 0),
            Present::Group(word, count) => ("group", word.as_str(), *count),
        };
        tx.execute(&PRESENT_INSERT, args![district, meeting, ordinal, kind, who, count])?;
    }
    Ok(())
}

/// Who was present.
pub(super) fn present(db: &mut dyn Db, district: &str, meeting: &MeetingId) -> Result<Vec<Present>, StoreError> {
    let rows = db.rows(&PRESENT_LIST, args![district, meeting, limit(PRESENT_MAX)])?;
    rows.into_iter()
        .map(|mut row| {
            let (kind, who, count): (String, String, i64) = (row.next(), row.next(), row.next());
            let bad = |_| StoreError::Other(format!("present {kind} {who}"));
            Ok(match kind.as_str() {
                "body" => Present::Known(Who::Body(who.parse().map_err(bad)?)),
                "post" => Present::Known(Who::Holding(who.parse().map_err(bad)?)),
                _ => Present::Group(who, count),
            })
        })
        .collect()
}

/// Writes a new topic.
pub(super) fn topic_insert(tx: &mut Tx<'_>, meeting: &MeetingId, topic: &Topic) -> Result<(), StoreError> {
    tx.execute(&TOPIC_INSERT, args![tx.district(), &topic.id, meeting, topic.ordinal, &topic.title, &topic.case])
        .map(|_| ())
}

/// The topics of a meeting, in order.
///
/// # Errors
/// Any [`StoreError`].
pub fn topics(db: &mut dyn Db, district: &str, meeting: &MeetingId) -> Result<Vec<Topic>, StoreError> {
    let rows = db.rows(&TOPIC_LIST, args![district, meeting, limit(TOPICS_MAX)])?;
    Ok(rows
        .into_iter()
        .map(|mut row| Topic { id: row.next(), ordinal: row.next(), title: row.next(), case: row.next() })
        .collect())
}

/// Writes a new decision.
pub(super) fn decision_insert(tx: &mut Tx<'_>, decision: &Decision) -> Result<(), StoreError> {
    tx.execute(
        &DECISION_INSERT,
        args![
            tx.district(),
            &decision.id,
            &decision.meeting,
            decision.ordinal,
            &decision.topic,
            decision.kind.word(),
            &decision.case,
            decision.due,
            &written(decision)
        ],
    )
    .map(|_| ())
}

/// One decision.
pub(super) fn decision(db: &mut dyn Db, district: &str, id: &DecisionId) -> Result<Option<Decision>, StoreError> {
    db.row(&DECISION_FETCH, args![district, id])?.map(facts).transpose()
}

/// The decisions of a meeting, in order.
///
/// # Errors
/// Any [`StoreError`].
pub fn decisions(db: &mut dyn Db, district: &str, meeting: &MeetingId) -> Result<Vec<Decision>, StoreError> {
    db.rows(&DECISION_LIST, args![district, meeting, limit(DECISIONS_MAX)])?.into_iter().map(facts).collect()
}

/// The decisions that moved or opened a case, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn decisions_of_case(db: &mut dyn Db, district: &str, case: &CaseId) -> Result<Vec<Decision>, StoreError> {
    db.rows(&DECISION_OF_CASE, args![district, case, limit(DECISIONS_MAX)])?.into_iter().map(facts).collect()
}

/// How many decisions a meeting took, and how many of them are done.
pub(super) fn progress(db: &mut dyn Db, district: &str, meeting: &MeetingId) -> Result<(i64, i64), StoreError> {
    Ok(db.row(&DECISION_PROGRESS, args![district, meeting])?.map_or((0, 0), |mut row| (row.next(), row.next())))
}
