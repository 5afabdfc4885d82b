//! Takes a decision down and lets it act: on the case of its topic, or on one that it opens.

use cases::{
    Rulebook,
    case::{self, BODIES_MAX, Case, CaseId, Inputs, Report, rules::Mover},
    problems::{BAD_TEXT, ID_TAKEN, UNKNOWN_BODY},
};
use kernel::{
    Lang, Problem, Result, Timestamp, Tx,
    access::Actor,
    engine::Answer,
    idempotency::Reference,
    journal,
    problem::{NOT_FOUND, SIGN_IN},
    store::Db,
};
use serde_json::{Map, json};

use super::{
    About, DECISIONS_MAX, Decision, DecisionId, DecisionKind, LINE_CHARS_MAX, Meeting, MeetingId, NewDecision, Status,
    TEXT_CHARS_MAX, Topic, Who,
    call::{key_for, load, seal, write},
    rules, store,
    view::kind_says,
};
use crate::{
    problems::{DECISION_LACKS, NO_MEETING, TOO_MANY, WHICH_TOPIC},
    text::{tidy, tidy_field},
};

/// A decision as it was taken, with the case it acts on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Decided {
    /// The decision.
    pub id: DecisionId,
    /// The meeting.
    pub meeting: MeetingId,
    /// Version of the meeting afterwards.
    pub version: i64,
    /// The case it moved or opened.
    pub case: Option<CaseId>,
    /// The case's number.
    pub number: Option<String>,
    /// The case's state afterwards.
    pub state: Option<String>,
}

impl Answer for Decided {
    fn reference(&self) -> Reference {
        Reference { kind: "meeting".into(), id: self.meeting.to_string(), version: self.version }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NO_MEETING).with("what", &reference.id);
        let data =
            journal::state_at(db, district, "meeting", &reference.id, reference.version)?.ok_or_else(not_found)?;
        serde_json::from_value(data["decided"].clone()).map_err(|_| not_found())
    }
}

/// A decision, read and resolved.
struct Read {
    text: String,
    lead: Option<Who>,
    performers: Vec<Who>,
    supervisor: Option<Who>,
    due: Option<Timestamp>,
    answer: Option<String>,
    /// What the asker and those who act read as the reason.
    reason: String,
}

/// Takes a decision down. Handing over files and dispatches the case of the topic, or opens one;
/// the others answer, decline or put it to a meeting again. The moves are the actor's own.
///
/// # Errors
/// 404.30, 403.1, 409.1, 422.32, 422.33 as [`super::record`]; 400.3 without words; 422.34 for an
/// unknown topic; 422.4 for an unknown body; 422.8 for a day that does not fit; 422.36 for too
/// many; 422.38 for a decline without a place to go; 409.4 when the id is taken; whatever the
/// case answers to the move.
pub fn decide(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &MeetingId,
    version: Option<i64>,
    new: &NewDecision,
) -> Result<Decided> {
    let mut meeting = load(tx, rulebook, actor, id, version, "决议")?;
    let by = actor.person.ok_or_else(|| Problem::new(&SIGN_IN))?;
    let district = tx.district();
    let standing = store::decisions(tx, district, id)?;
    if standing.len() == DECISIONS_MAX {
        return Err(Problem::new(&TOO_MANY).with("what", "决议 (decisions)").with("max", DECISIONS_MAX));
    }
    let decision_id = free_id(tx, new.id)?;
    let topic = topic(tx, id, &new.about)?;
    let read = read(tx, rulebook, &meeting, new)?;
    let case = match topic.as_ref().and_then(|topic| topic.case) {
        Some(case) => {
            let handed_here = standing.iter().any(|d| d.case == Some(case) && d.kind == DecisionKind::HandOver);
            Some(act_on(tx, rulebook, actor, case, new, &read, handed_here)?)
        }
        None if new.kind == DecisionKind::HandOver => {
            let opened = open(tx, rulebook, actor, &meeting, topic.as_ref(), new, &read)?;
            Some(act_on(tx, rulebook, actor, opened, new, &read, false)?)
        }
        None => None,
    };
    let key = key_for(tx, &meeting, case.as_ref())?;
    let mut texts = Map::new();
    let text = seal(tx, &key, id, "decision", Some(&read.text), &mut texts)?
        .ok_or_else(|| Problem::new(&BAD_TEXT).with("max", TEXT_CHARS_MAX))?;
    let by_catalogue =
        case.as_ref().filter(|_| new.kind == DecisionKind::HandOver).and_then(|case| case.lead_body).map(Who::Body);
    let decision = Decision {
        id: decision_id,
        meeting: *id,
        ordinal: i64::try_from(standing.len()).unwrap_or(i64::MAX) + 1,
        topic: topic.map(|topic| topic.id),
        kind: new.kind,
        text,
        case: case.as_ref().map(|case| case.id),
        lead: read.lead,
        performers: if read.performers.is_empty() {
            by_catalogue.into_iter().collect()
        } else {
            read.performers.clone()
        },
        supervisor: read.supervisor,
        due: read.due,
        at: tx.now(),
        by,
    };
    store::decision_insert(tx, &decision)?;
    meeting.status = Status::Held;
    let decided = Decided {
        id: decision.id,
        meeting: *id,
        version: meeting.version + 1,
        case: decision.case,
        number: case.as_ref().map(|case| case.number.clone()),
        state: case.as_ref().map(|case| case.state.clone()),
    };
    write(tx, &mut meeting, "decide", json!({ "decision": decision, "decided": decided }), texts)?;
    tell(tx, rulebook, &decision, &read.reason)?;
    Ok(decided)
}

fn free_id(tx: &mut Tx<'_>, wanted: Option<DecisionId>) -> Result<DecisionId> {
    let Some(id) = wanted else {
        return Ok(tx.id(DecisionId::new));
    };
    let district = tx.district();
    match store::decision(tx, district, &id)? {
        Some(_) => Err(Problem::new(&ID_TAKEN).with("id", id)),
        None => Ok(id),
    }
}

fn topic(tx: &mut Tx<'_>, meeting: &MeetingId, about: &About) -> Result<Option<Topic>> {
    let district = tx.district();
    let mut topics = store::topics(tx, district, meeting)?;
    let wanted = match about {
        About::Nothing => return Ok(None),
        About::Only => return Ok(if topics.len() == 1 { topics.pop() } else { None }),
        About::Topic(wanted) => wanted.trim(),
    };
    let keys = tx.keys();
    for topic in topics {
        let mut names = vec![topic.id.to_string(), topic.ordinal.to_string()];
        names.extend(cases::view::text(tx, keys, district, &topic.title)?);
        if let Some(id) = &topic.case {
            names.push(id.to_string());
            names.extend(case::fetch(tx, district, id)?.map(|case| case.number));
        }
        if names.iter().any(|name| name == wanted) {
            return Ok(Some(topic));
        }
    }
    Err(Problem::new(&WHICH_TOPIC).with("topic", wanted))
}

fn read(tx: &Tx<'_>, rulebook: &Rulebook, meeting: &Meeting, new: &NewDecision) -> Result<Read> {
    let directory = &rulebook.directory;
    let now = tx.now();
    let text = tidy(&new.text, TEXT_CHARS_MAX)?.ok_or_else(|| Problem::new(&BAD_TEXT).with("max", TEXT_CHARS_MAX))?;
    let find = |name: &str| {
        Who::find(directory, name, &meeting.place, now).ok_or_else(|| Problem::new(&UNKNOWN_BODY).with("body", name))
    };
    let one = |name: &Option<String>| tidy_field(name, LINE_CHARS_MAX)?.map(|name| find(&name)).transpose();
    let names = new
        .performers
        .iter()
        .flat_map(|names| names.split(['、', ',', '，', ';', '；']))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let performers: Vec<Who> = names.map(find).collect::<Result<_>>()?;
    if performers.len() > BODIES_MAX {
        return Err(Problem::new(&TOO_MANY).with("what", "承办单位 (performers)").with("max", BODIES_MAX));
    }
    let (lead, supervisor) = (one(&new.lead)?, one(&new.supervisor)?);
    let due = tidy_field(&new.until, LINE_CHARS_MAX)?.map(|text| case::day(rulebook, &text, now, None)).transpose()?;
    let answer = tidy_field(&new.answer, TEXT_CHARS_MAX)?;
    if new.kind == DecisionKind::Decline && answer.is_none() {
        return Err(Problem::new(&DECISION_LACKS)
            .with("kind", new.kind.says(Lang::Zh))
            .with("need", "该找谁 (where to go)"));
    }
    let name = |who: Who| who.name(directory);
    let reason = rules::sentence(
        &kind_says(rulebook, &meeting.kind, Lang::Zh),
        &text,
        lead.map(name).as_deref(),
        &performers.iter().map(|who| name(*who)).collect::<Vec<_>>().join("、"),
        supervisor.map(name).as_deref(),
        due.map(|due| cases::view::said(rulebook, due, now, Lang::Zh)).as_deref(),
    );
    Ok(Read { text, lead, performers, supervisor, due, answer, reason })
}

/// Opens a case from a decision on a topic that has none. Nobody asked alone: it has no asker to be told.
fn open(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    meeting: &Meeting,
    topic: Option<&Topic>,
    new: &NewDecision,
    read: &Read,
) -> Result<CaseId> {
    let (district, keys) = (tx.district(), tx.keys());
    let title = match topic {
        Some(topic) => cases::view::text(tx, keys, district, &topic.title)?,
        None => None,
    };
    let report = Report {
        item: new.item.clone(),
        text: title.map_or_else(|| read.text.clone(), |title| format!("{title}：{}", read.text)),
        place: Some(meeting.place.to_string()),
        source: "meeting".into(),
        occurred_at: Some(meeting.held_at),
        ..Report::default()
    };
    Ok(case::report(tx, rulebook, actor, &report)?.id)
}

/// Makes the moves of a decision on a case; gives the case as it stands afterwards.
fn act_on(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: CaseId,
    new: &NewDecision,
    read: &Read,
    handed_here: bool,
) -> Result<Case> {
    let district = tx.district();
    let fetch =
        |tx: &mut Tx<'_>| case::fetch(tx, district, &id)?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", id));
    let state = fetch(tx)?.state;
    for word in rules::moves(new.kind, &state, handed_here) {
        let inputs = inputs(rulebook, word, new, read);
        case::perform(tx, rulebook, Mover::staff(actor), &id, word, None, &inputs)?;
    }
    fetch(tx)
}

fn inputs(rulebook: &Rulebook, word: &str, new: &NewDecision, read: &Read) -> Inputs {
    let said = || Some(read.text.trim_end_matches('。').to_owned());
    match word {
        "file" => Inputs { item: new.item.clone(), ..Inputs::default() },
        "dispatch" | "assist" => {
            let doers = if read.performers.is_empty() { read.lead.as_slice() } else { &read.performers };
            let to = doers.iter().map(|who| match who {
                Who::Body(id) => id.to_string(),
                Who::Holding(_) => who.name(&rulebook.directory),
            });
            Inputs { to: to.collect(), reason: Some(read.reason.clone()), ..Inputs::default() }
        }
        "answer_now" => Inputs { answer: said(), ..Inputs::default() },
        "decline" => Inputs { reason: said(), answer: read.answer.clone(), ..Inputs::default() },
        _ => Inputs { topic: said(), ..Inputs::default() },
    }
}

/// Tells those who lead or watch; whoever does it was told with the task.
fn tell(tx: &mut Tx<'_>, rulebook: &Rulebook, decision: &Decision, reason: &str) -> Result<()> {
    let directory = &rulebook.directory;
    let now = tx.now();
    for (who, part) in [(decision.lead, "牵头"), (decision.supervisor, "监督")] {
        let people = match who.filter(|who| !decision.performers.contains(who)) {
            Some(Who::Body(body)) => directory.handlers(&body, now).iter().map(|holding| holding.person).collect(),
            Some(Who::Holding(id)) => directory.holdings.get(&id).map(|holding| holding.person).into_iter().collect(),
            None => Vec::new(),
        };
        for person in people {
            let text = format!("{reason}。请你们{part}。");
            case::staff_message(
                tx,
                &person,
                ("meeting", decision.meeting.as_str()),
                &format!("decision.{}.{part}", decision.id),
                &text,
            )?;
        }
    }
    Ok(())
}
