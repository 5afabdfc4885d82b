//! Meetings as people read them: publicly without anything personal, and with more for staff.

use cases::{
    Rulebook,
    case::{self, Case, CaseId, rules::Mover},
    task,
    view::text,
};
use commons::place::PlaceId;
use kernel::{Lang, Problem, Result, Timestamp, access::Actor, id::ContentId, store::Db, vault::Keys};

use super::{
    Decision, DecisionId, DecisionKind, LISTED_ROWS_MAX, Meeting, MeetingId, Present, Status, Topic, TopicId, store,
};
use crate::problems::NO_MEETING;

/// A meeting.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MeetingView {
    /// The meeting.
    pub id: MeetingId,
    /// Its version.
    pub version: i64,
    /// Key of a kind of the pack, or a word of its own.
    pub kind: String,
    /// The kind as people say it.
    pub kind_says: String,
    /// What it is about.
    pub title: String,
    /// Where it belongs.
    pub place: PlaceId,
    /// The place's name with the one above.
    pub place_says: String,
    /// Where people sit; may be empty.
    pub room: String,
    /// When it is or was held.
    pub held_at: Timestamp,
    /// How far it is.
    pub status: Status,
    /// How far it is, as people say it.
    pub status_says: String,
    /// Who called it: a body's name, or a service name.
    pub convener: String,
    /// True when a party organisation called it.
    pub called_by_party: bool,
    /// Bodies, posts and groups that were there, as `居民 6 人`.
    pub present: Vec<String>,
    /// Names of residents; only for staff.
    pub names: Option<String>,
    /// What was said; only for staff.
    pub minutes: Option<String>,
    /// What was on the table.
    pub topics: Vec<TopicView>,
    /// What was decided.
    pub decisions: Vec<DecisionView>,
    /// When its record was closed.
    pub closed_at: Option<Timestamp>,
}

/// One topic.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TopicView {
    /// The topic.
    pub id: TopicId,
    /// Its position from 1.
    pub ordinal: i64,
    /// Its title.
    pub title: String,
    /// How far its case is; none for a topic without one.
    pub progress: Option<Progress>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DecisionView {
    /// The decision.
    pub id: DecisionId,
    /// What it is about.
    pub topic: Option<TopicId>,
    /// What follows from it.
    pub kind: DecisionKind,
    /// What follows from it, as people say it.
    pub kind_says: String,
    /// What was decided.
    pub text: String,
    /// Who leads; may be empty.
    pub lead: String,
    /// Who does it, joined; may be empty.
    pub performers: String,
    /// Who watches over it; may be empty.
    pub supervisor: String,
    /// By when.
    pub due: Option<Timestamp>,
    /// When it was written down.
    pub at: Timestamp,
    /// How far it is.
    pub progress: Progress,
}

/// How far something is: what its case says, or that there is nothing to do.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Progress {
    /// The case; only for those who may see it.
    pub case: Option<CaseId>,
    /// The case's number; only for those who may see it.
    pub number: Option<String>,
    /// State of the flow; none without a case.
    pub state: Option<String>,
    /// How far it is, as people say it.
    pub says: String,
    /// True when nothing is left to do.
    pub done: bool,
    /// True when it is past its time.
    pub late: bool,
    /// The day promised to the asker, while it is open.
    pub promised: Option<Timestamp>,
}

/// One meeting in a list.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MeetingRow {
    /// The meeting.
    pub id: MeetingId,
    /// The kind as people say it.
    pub kind_says: String,
    /// What it is about.
    pub title: String,
    /// Where it belongs.
    pub place: PlaceId,
    /// The place's name with the one above.
    pub place_says: String,
    /// When it is or was held.
    pub held_at: Timestamp,
    /// How far it is.
    pub status: Status,
    /// How many topics it has.
    pub topics: usize,
    /// How many decisions it took.
    pub decisions: i64,
    /// How many of them are done.
    pub done: i64,
}

/// The kind of a meeting as people say it: the pack's name for a key, else the word itself.
pub fn kind_says(rulebook: &Rulebook, kind: &str, lang: Lang) -> String {
    rulebook.directory.pack.text(&format!("kind.{kind}"), lang).unwrap_or(kind).to_owned()
}

/// What one reading rests on.
struct Reader<'a> {
    db: &'a mut dyn Db,
    keys: &'a Keys,
    rulebook: &'a Rulebook,
    /// Somebody on the staff; none for the public.
    actor: Option<&'a Actor>,
    lang: Lang,
    now: Timestamp,
}

/// A meeting for those who may read it at its place, with names, minutes and links to cases they may see.
///
/// # Errors
/// 404.30 when it is unknown, 403.1 where `meeting.read` is not held.
pub fn view(
    db: &mut dyn Db,
    keys: &Keys,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &MeetingId,
    lang: Lang,
    now: Timestamp,
) -> Result<MeetingView> {
    let mut reader = Reader { db, keys, rulebook, actor: Some(actor), lang, now };
    let meeting = reader.fetch(id)?;
    actor.must("meeting.read", &rulebook.directory.chain_ids(&meeting.place), &[])?;
    reader.meeting(&meeting)
}

/// A meeting as everybody may read it: posts, bodies and groups; titles and decisions, but not
/// those about a matter that is nobody else's business.
///
/// # Errors
/// 404.30 when it is unknown.
pub fn public_view(
    db: &mut dyn Db,
    keys: &Keys,
    rulebook: &Rulebook,
    id: &MeetingId,
    lang: Lang,
    now: Timestamp,
) -> Result<MeetingView> {
    let mut reader = Reader { db, keys, rulebook, actor: None, lang, now };
    let meeting = reader.fetch(id)?;
    reader.meeting(&meeting)
}

/// At most `limit` meetings, latest first, as everybody may read them.
///
/// # Errors
/// Any store error.
pub fn list(
    db: &mut dyn Db,
    keys: &Keys,
    rulebook: &Rulebook,
    filter: &store::Filter,
    lang: Lang,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<MeetingRow>> {
    let district = rulebook.directory.district.as_str();
    let meetings = store::list(db, district, filter, limit.clamp(1, LISTED_ROWS_MAX))?;
    let mut reader = Reader { db, keys, rulebook, actor: None, lang, now };
    meetings.iter().map(|meeting| reader.row(meeting)).collect()
}

impl Reader<'_> {
    fn fetch(&mut self, id: &MeetingId) -> Result<Meeting> {
        store::fetch(self.db, &self.rulebook.directory.district, id)?
            .ok_or_else(|| Problem::new(&NO_MEETING).with("what", id))
    }

    /// Sealed words in clear; `None` when nobody wrote any.
    fn words(&mut self, id: Option<&ContentId>) -> Result<Option<String>> {
        let Some(id) = id else { return Ok(None) };
        let erased = || self.lang.pick("（内容已按要求删除）", "(erased on request)").to_owned();
        Ok(Some(text(self.db, self.keys, &self.rulebook.directory.district, id)?.unwrap_or_else(erased)))
    }

    /// Words about a case, unless it is nobody else's business.
    fn words_about(&mut self, id: &ContentId, case: Option<&Case>) -> Result<String> {
        let public = |case: &Case| self.rulebook.directory.items.get(&case.item).is_none_or(|item| item.public);
        if self.actor.is_none() && !case.is_none_or(public) {
            return Ok(self.lang.pick("不公开的一件事", "a matter that is not public").to_owned());
        }
        Ok(self.words(Some(id))?.unwrap_or_default())
    }

    fn case(&mut self, id: Option<&CaseId>) -> Result<Option<Case>> {
        let Some(id) = id else { return Ok(None) };
        Ok(case::fetch(self.db, &self.rulebook.directory.district, id)?)
    }

    fn progress(&mut self, case: &Case) -> Result<Progress> {
        let state = self.rulebook.case_flow.state(&case.state);
        let seen = match self.actor {
            Some(actor) => {
                let tasks = task::of_case(self.db, &self.rulebook.directory.district, &case.id)?;
                case::rules::visible(self.rulebook, Mover::staff(actor), case, &tasks)
            }
            None => false,
        };
        Ok(Progress {
            case: seen.then_some(case.id),
            number: seen.then(|| case.number.clone()),
            says: state.map_or_else(|| case.state.clone(), |state| self.lang.pick(&state.zh, &state.en).to_owned()),
            state: Some(case.state.clone()),
            done: case.closed_at.is_some(),
            late: case.late(self.now),
            promised: case.promised_at.filter(|_| case.closed_at.is_none()),
        })
    }

    fn topic(&mut self, topic: &Topic) -> Result<TopicView> {
        let case = self.case(topic.case.as_ref())?;
        Ok(TopicView {
            id: topic.id,
            ordinal: topic.ordinal,
            title: self.words_about(&topic.title, case.as_ref())?,
            progress: case.as_ref().map(|case| self.progress(case)).transpose()?,
        })
    }

    fn decision(&mut self, decision: &Decision) -> Result<DecisionView> {
        let directory = &self.rulebook.directory;
        let case = self.case(decision.case.as_ref())?;
        let progress = match &case {
            Some(case) => self.progress(case)?,
            None => Progress {
                case: None,
                number: None,
                state: None,
                says: without_case(decision.kind, self.lang).to_owned(),
                done: decision.kind != DecisionKind::Keep,
                late: false,
                promised: None,
            },
        };
        let performers: Vec<String> = decision.performers.iter().map(|who| who.name(directory)).collect();
        Ok(DecisionView {
            id: decision.id,
            topic: decision.topic,
            kind: decision.kind,
            kind_says: decision.kind.says(self.lang).to_owned(),
            text: self.words_about(&decision.text, case.as_ref())?,
            lead: decision.lead.map(|who| who.name(directory)).unwrap_or_default(),
            performers: performers.join("、"),
            supervisor: decision.supervisor.map(|who| who.name(directory)).unwrap_or_default(),
            due: decision.due,
            at: decision.at,
            progress,
        })
    }

    /// The meeting's own title, else that of its first topic, else its kind.
    fn title(&mut self, meeting: &Meeting, first: Option<&TopicView>) -> Result<String> {
        let own = self.words(meeting.title.as_ref())?;
        Ok(own
            .or_else(|| first.map(|topic| topic.title.clone()))
            .unwrap_or_else(|| kind_says(self.rulebook, &meeting.kind, self.lang)))
    }

    fn convener(&self, meeting: &Meeting) -> String {
        let directory = &self.rulebook.directory;
        let body = meeting.caller.and_then(|id| directory.bodies.get(&id)).map(|body| body.name.clone());
        let chair = || meeting.chair.and_then(|id| directory.holdings.get(&id)).map(|holding| holding.display.clone());
        body.or_else(chair).or_else(|| directory.display(&meeting.by).map(str::to_owned)).unwrap_or_default()
    }

    fn meeting(&mut self, meeting: &Meeting) -> Result<MeetingView> {
        let directory = &self.rulebook.directory;
        let district = directory.district.as_str();
        let topics = store::topics(self.db, district, &meeting.id)?;
        let topics: Vec<TopicView> = topics.iter().map(|topic| self.topic(topic)).collect::<Result<_>>()?;
        let decisions = store::decisions(self.db, district, &meeting.id)?;
        let decisions = decisions.iter().map(|decision| self.decision(decision)).collect::<Result<_>>()?;
        let present = store::present(self.db, district, &meeting.id)?;
        let staff = self.actor.is_some();
        Ok(MeetingView {
            id: meeting.id,
            version: meeting.version,
            kind: meeting.kind.clone(),
            kind_says: kind_says(self.rulebook, &meeting.kind, self.lang),
            title: self.title(meeting, topics.first())?,
            place: meeting.place,
            place_says: directory.path_name(&meeting.place),
            room: self.words(meeting.room.as_ref())?.unwrap_or_default(),
            held_at: meeting.held_at,
            status: meeting.status,
            status_says: meeting.status.says(self.lang).to_owned(),
            convener: self.convener(meeting),
            called_by_party: meeting.caller.and_then(|id| directory.bodies.get(&id)).is_some_and(|body| body.party),
            present: present.iter().map(|one| self.present(one)).collect(),
            names: if staff { self.words(meeting.names.as_ref())? } else { None },
            minutes: if staff { self.words(meeting.minutes.as_ref())? } else { None },
            topics,
            decisions,
            closed_at: meeting.closed_at,
        })
    }

    fn present(&self, one: &Present) -> String {
        match one {
            Present::Known(who) => who.name(&self.rulebook.directory),
            Present::Group(word, 0) => word.clone(),
            Present::Group(word, count) => {
                self.lang.pick(&format!("{word} {count} 人"), &format!("{word}: {count}")).to_owned()
            }
        }
    }

    fn row(&mut self, meeting: &Meeting) -> Result<MeetingRow> {
        let directory = &self.rulebook.directory;
        let topics = store::topics(self.db, &directory.district, &meeting.id)?;
        let first = topics.first().map(|topic| self.topic(topic)).transpose()?;
        let (decisions, done) = store::progress(self.db, &directory.district, &meeting.id)?;
        Ok(MeetingRow {
            id: meeting.id,
            kind_says: kind_says(self.rulebook, &meeting.kind, self.lang),
            title: self.title(meeting, first.as_ref())?,
            place: meeting.place,
            place_says: directory.path_name(&meeting.place),
            held_at: meeting.held_at,
            status: meeting.status,
            topics: topics.len(),
            decisions,
            done,
        })
    }
}

/// How far a decision without a case is.
fn without_case(kind: DecisionKind, lang: Lang) -> &'static str {
    match kind {
        DecisionKind::HandOver => lang.pick("已交办", "handed over"),
        DecisionKind::Answer => lang.pick("已答复", "answered"),
        DecisionKind::Decline => lang.pick("不办", "declined"),
        DecisionKind::Explain => lang.pick("已说明", "explained"),
        DecisionKind::Keep => lang.pick("继续议", "talked over again"),
    }
}
