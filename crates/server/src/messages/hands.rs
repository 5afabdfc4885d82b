//! Telling askers by phone or by hand: what waits, opening a number, what became of it.

use std::collections::BTreeMap;

use cases::{
    Rulebook,
    case::{self, Case, CaseId, rules},
    flow::Relation,
    problems::HANDLER,
    task::{self, Task},
    view,
};
use commons::place::PlaceId;
use kernel::{
    Answer, Lang, Problem, Result, Timestamp, Tx,
    access::Actor,
    id::MessageId,
    idempotency::Reference,
    journal::{self, Draft},
    problem::{BAD_FIELD, NOT_FOUND},
    store::Db,
    vault::{self, ContactKind, Keys},
};
use serde_json::json;

use super::{
    CALLS_ROWS_MAX, COUNT_MAX, HINDRANCES, Head, Outcome, PERMISSION, PURPOSE, Page, Saying, Try, Untold, store,
};

/// Kind of the journal's subject.
const KIND: &str = "message";

/// The roots over which somebody tells askers; one within another adds nothing.
fn roots(rulebook: &Rulebook, actor: &Actor) -> Vec<PlaceId> {
    let all: Vec<PlaceId> = actor.places(PERMISSION).iter().filter_map(|id| id.parse().ok()).collect();
    let within = |root: &PlaceId| all.iter().any(|other| other != root && rulebook.directory.within(root, other));
    let mut out: Vec<PlaceId> = all.iter().filter(|root| !within(root)).copied().collect();
    out.dedup();
    out
}

/// How many cases wait to be told within somebody's reach; more than [`COUNT_MAX`] is one more than that.
///
/// # Errors
/// Any store error.
pub fn waiting(db: &mut dyn Db, rulebook: &Rulebook, actor: &Actor) -> Result<u64> {
    let most = i64::try_from(COUNT_MAX + 1).unwrap_or(i64::MAX);
    let mut count = 0;
    for root in roots(rulebook, actor) {
        count += store::heads_count(db, &rulebook.directory.district, &root, most)?;
    }
    Ok(u64::try_from(count).unwrap_or_default().min(COUNT_MAX + 1))
}

/// One page of what waits within somebody's reach, after a cursor.
///
/// # Errors
/// Any store error.
pub fn page(
    db: &mut dyn Db,
    keys: &Keys,
    rulebook: &Rulebook,
    actor: &Actor,
    after: Option<(Timestamp, MessageId)>,
) -> Result<Page> {
    let rows = CALLS_ROWS_MAX as usize;
    let mut heads: BTreeMap<(Timestamp, MessageId), Head> = BTreeMap::new();
    for root in roots(rulebook, actor) {
        let found = store::heads(db, &rulebook.directory.district, &root, after, i64::from(CALLS_ROWS_MAX) + 1)?;
        heads.extend(found.into_iter().map(|head| ((head.due_at, head.id), head)));
    }
    let more = heads.len() > rows;
    let shown: Vec<Head> = heads.into_values().take(rows).collect();
    let next = shown.last().filter(|_| more).map(|last| (last.due_at, last.id));
    let mut page = Page { rows: Vec::with_capacity(shown.len()), next };
    for head in shown {
        if let Some(case) = case::fetch(db, &rulebook.directory.district, &head.case)? {
            page.rows.push(untold(db, keys, rulebook, actor, case)?);
        }
    }
    Ok(page)
}

fn untold(db: &mut dyn Db, keys: &Keys, rulebook: &Rulebook, actor: &Actor, case: Case) -> Result<Untold> {
    let district = &rulebook.directory.district;
    let tasks = task::of_case(db, district, &case.id)?;
    let handled = handled(rulebook, actor, &case, &tasks);
    let mut sayings = Vec::new();
    let mut tries = Vec::new();
    for (id, channel, sealed, since) in store::waiting(db, district, &case.asker, &case.id)? {
        for entry in journal::history(db, district, KIND, id.as_str())? {
            let data: serde_json::Value = serde_json::from_str(&entry.data).unwrap_or_default();
            if let Some(hindrance) = data["hindrance"].as_str() {
                tries.push(Try { at: entry.at, actor: entry.actor, hindrance: hindrance.to_owned() });
            }
        }
        // The first sentence holds the look-up code: with it one speaks as the asker.
        if !handled {
            let text = vault::open_message(db, keys, district, &case.asker, &sealed)?;
            sayings.push(Saying { id, channel, text, since });
        }
    }
    tries.sort_by(|a, b| (a.at, &a.actor).cmp(&(b.at, &b.actor)));
    tries.dedup();
    let text = view::text(db, keys, district, &case.text)?;
    let asker = view::asker_masked(db, keys, district, &case)?;
    Ok(Untold { case, text, asker, handled, sayings, tries })
}

fn handled(rulebook: &Rulebook, actor: &Actor, case: &Case, tasks: &[Task]) -> bool {
    !rules::relations(rulebook, rules::Mover::staff(actor), case, tasks).contains(&Relation::NotHandler)
}

/// The case of a telling, if it is this person's to tell.
fn own(tx: &mut Tx<'_>, rulebook: &Rulebook, actor: &Actor, id: &CaseId) -> Result<Case> {
    let district = tx.district();
    let unknown = || Problem::new(&NOT_FOUND).with("what", id);
    let case = case::fetch(tx, district, id)?.ok_or_else(unknown)?;
    let tasks = task::of_case(tx, district, id)?;
    if !rules::holds(rulebook, actor, &case, &tasks, PERMISSION) {
        return Err(unknown());
    }
    if handled(rulebook, actor, &case, &tasks) {
        return Err(Problem::new(&HANDLER).with("action", "告知"));
    }
    Ok(case)
}

/// Opens the asker's phone number for a call about a case that waits to be told, and records that; none
/// when no number was left.
///
/// # Errors
/// 404.1 when nothing waits there, 403.3 for whoever had a hand in the work.
pub fn open_number(tx: &mut Tx<'_>, rulebook: &Rulebook, actor: &Actor, id: &CaseId) -> Result<Option<String>> {
    let case = own(tx, rulebook, actor, id)?;
    let district = tx.district();
    if store::waiting(tx, district, &case.asker, id)?.is_empty() {
        return Err(Problem::new(&NOT_FOUND).with("what", id));
    }
    vault::unseal(tx, &case.asker, ContactKind::Phone, PURPOSE.0, ("case", id.as_str()))
}

/// What [`tell`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The first message that was meant.
    pub message: MessageId,
    /// Its version in the journal; 0 when somebody else was faster.
    pub version: i64,
}

impl Answer for Done {
    fn reference(&self) -> Reference {
        Reference { kind: KIND.into(), id: self.message.to_string(), version: self.version }
    }

    fn again(_: &mut dyn Db, _: &str, reference: &Reference) -> Result<Self> {
        let message = reference.id.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", &reference.id))?;
        Ok(Self { message, version: reference.version })
    }
}

/// Notes what became of telling somebody the named messages about a case; those that are told already
/// stay told.
///
/// # Errors
/// 400.2 without a message or for an unknown hindrance, 404.1 and 403.3 as [`open_number`].
pub fn tell(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    actor: &Actor,
    id: &CaseId,
    messages: &[MessageId],
    outcome: &Outcome,
) -> Result<Done> {
    let first = *messages.first().ok_or_else(|| Problem::new(&BAD_FIELD).with("field", "message").with("what", "—"))?;
    let (act, hindrance) = match outcome {
        Outcome::Told => ("message.told", None),
        Outcome::NotReached(why) if HINDRANCES.contains(&why.as_str()) => ("message.not_reached", Some(why)),
        Outcome::NotReached(_) => {
            return Err(Problem::new(&BAD_FIELD).with("field", "hindrance").with("what", HINDRANCES.join(", ")));
        }
    };
    let case = own(tx, rulebook, actor, id)?;
    let district = tx.district();
    let mut done = Done { message: first, version: 0 };
    for (message, channel, ..) in store::waiting(tx, district, &case.asker, id)? {
        if !messages.contains(&message) {
            continue;
        }
        let written = match hindrance {
            None => store::told(tx, &message)?,
            Some(_) => store::put_off(tx, &message)?,
        };
        if !written {
            continue;
        }
        let version = 1 + i64::try_from(journal::history(tx, district, KIND, message.as_str())?.len()).unwrap_or(0);
        let mut data = json!({ "case": id, "channel": channel });
        if let Some(hindrance) = hindrance {
            data["hindrance"] = json!(hindrance);
        }
        tx.journal(Draft {
            subject_kind: KIND,
            subject_id: message.to_string(),
            version,
            act: act.to_owned(),
            data,
            occurred_at: None,
        });
        if done.version == 0 {
            done = Done { message, version };
        }
    }
    Ok(done)
}

/// Who looked at the asker's number for a case, and why, oldest first.
///
/// # Errors
/// Any store error.
pub fn looks(db: &mut dyn Db, district: &str, case: &Case, lang: Lang) -> Result<Vec<(Timestamp, String, String)>> {
    let all = vault::unsealings(db, district, &case.asker)?;
    let own = all.into_iter().filter(|look| look.subject_kind == "case" && look.subject_id == case.id.as_str());
    let why = |purpose: String| if purpose == PURPOSE.0 { lang.pick(PURPOSE.0, PURPOSE.1).to_owned() } else { purpose };
    let mut out: Vec<_> = own.map(|look| (look.at, look.actor, why(look.purpose))).collect();
    out.reverse();
    Ok(out)
}
