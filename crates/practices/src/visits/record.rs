//! Writes a visit down; what was heard becomes a case in the same command.

use cases::{
    Rulebook,
    case::{self, Report, Reported},
    problems::{BAD_TEXT, ID_TAKEN},
};
use commons::place::PlaceId;
use kernel::{
    Problem, Result, Tx,
    access::Actor,
    engine::Answer,
    id::{ContentId, PersonId},
    idempotency::Reference,
    journal::{self, Draft},
    problem::{BAD_FIELD, NOT_FOUND, SIGN_IN},
    store::Db,
    vault::{self, ContactKind, PersonKey},
};
use serde_json::{Map, Value, json};

use super::{HEARD_CHARS_MAX, LINE_CHARS_MAX, NewVisit, Opens, Recorded, Visit, VisitId, rules, store};
use crate::{posts::post_at, text::tidy_field};

impl Answer for Recorded {
    fn reference(&self) -> Reference {
        Reference { kind: "visit".into(), id: self.id.to_string(), version: 1 }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NOT_FOUND).with("what", &reference.id);
        let data = journal::state_at(db, district, "visit", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let visit: Visit = serde_json::from_value(data["set"].clone()).map_err(|_| not_found())?;
        let case = match visit.case {
            Some(id) => {
                Some(Reported::again(db, district, &Reference { kind: "case".into(), id: id.to_string(), version: 1 })?)
            }
            None => None,
        };
        Ok(Self { id: visit.id, visited: visit.visited, case })
    }
}

/// What was typed, made fit to keep.
struct Words {
    room: Option<String>,
    whom: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    heard: Option<String>,
}

impl Words {
    fn of(visit: &NewVisit) -> Result<Self> {
        let line = |field: &Option<String>| tidy_field(field, LINE_CHARS_MAX);
        // Without consent nothing that names the person is kept.
        let named = |field: &Option<String>| if visit.consent { line(field) } else { Ok(None) };
        let phone = named(&visit.phone)?;
        if phone.as_deref().is_some_and(|p| vault::rules::normal_phone(p).len() < vault::rules::PHONE_DIGITS_MIN) {
            let what = "请写能打通的号码，或者留空 (a number that can be called, or leave it empty)";
            return Err(Problem::new(&BAD_FIELD).with("field", "phone").with("what", what));
        }
        Ok(Self {
            room: line(&visit.room)?,
            whom: line(&visit.whom)?,
            name: named(&visit.name)?,
            phone,
            heard: tidy_field(&visit.heard, HEARD_CHARS_MAX)?,
        })
    }
}

/// Records a visit. With [`NewVisit::opens`] what was heard becomes a case with source `visit`,
/// entered by the officer, in the same command.
///
/// # Errors
/// 401.1 for somebody without an account; 404.1 for an unknown place, item or person; 403.1 where
/// `visit.record` is not held; 400.2 for a phone that can't be called; 422.30 when the time does not fit; 400.3 for words too long, or a case without words;
/// 409.4 when the id is taken.
pub fn record(tx: &mut Tx<'_>, rules: &Rulebook, actor: &Actor, visit: &NewVisit) -> Result<Recorded> {
    let directory = &rules.directory;
    let place = directory.place_named(&visit.place)?.id;
    let officer = actor.person.ok_or_else(|| Problem::new(&SIGN_IN))?;
    actor.must("visit.record", &directory.chain_ids(&place), &[])?;
    let now = tx.now();
    let at = rules::moment(visit.at, now)?;
    let words = Words::of(visit)?;
    let id = free_id(tx, visit.id)?;
    let known = person(tx, visit, &words)?;
    let case = match &visit.opens {
        Some(opens) => Some(open(tx, rules, actor, visit, opens, &words, place, known.as_ref().map(|key| key.person))?),
        None => None,
    };
    let key = match (known, &case) {
        (Some(key), _) => key,
        // An asker without a name still has a key of their own: what they said goes when they go.
        (None, Some(case)) => asker_key(tx, case)?,
        (None, None) => vault::key_in(tx, &officer)?,
    };
    let visited = (key.person != officer).then_some(key.person);
    let mut texts = Map::new();
    let facts = Visit {
        id,
        person: officer,
        holding: post_at(&rules.directory, officer, &place, now),
        place,
        kind: visit.kind,
        at,
        visited,
        whom: seal(tx, &key, &id, "whom", words.whom.as_deref(), &mut texts)?,
        room: seal(tx, &key, &id, "room", words.room.as_deref(), &mut texts)?,
        heard: seal(tx, &key, &id, "heard", words.heard.as_deref(), &mut texts)?,
        case: case.as_ref().map(|case| case.id),
    };
    store::insert(tx, &facts)?;
    tx.journal(Draft {
        subject_kind: "visit",
        subject_id: id.to_string(),
        version: 1,
        act: "visit.record".into(),
        data: json!({ "set": facts, "texts": texts }),
        occurred_at: Some(at),
    });
    Ok(Recorded { id, visited, case })
}

fn free_id(tx: &mut Tx<'_>, wanted: Option<VisitId>) -> Result<VisitId> {
    let Some(id) = wanted else {
        return Ok(tx.id(VisitId::new));
    };
    let district = tx.district();
    match store::fetch(tx, district, &id)? {
        Some(_) => Err(Problem::new(&ID_TAKEN).with("id", id)),
        None => Ok(id),
    }
}

/// The person visited: known by id or phone, or new with what they agreed to give.
fn person(tx: &mut Tx<'_>, visit: &NewVisit, words: &Words) -> Result<Option<PersonKey>> {
    if let Some(person) = visit.person.filter(|_| visit.consent) {
        return vault::key_in(tx, &person).map(Some);
    }
    let (district, keys) = (tx.district(), tx.keys());
    if let Some(phone) = &words.phone
        && let Some(known) = vault::find_by_phone(tx, keys, district, phone)?
    {
        return vault::key_in(tx, &known).map(Some);
    }
    if words.name.is_none() && words.phone.is_none() {
        return Ok(None);
    }
    let key = vault::person_new(tx)?;
    for (kind, value) in [(ContactKind::Name, &words.name), (ContactKind::Phone, &words.phone)] {
        if let Some(value) = value {
            vault::contact_put(tx, &key, kind, value)?;
        }
    }
    Ok(Some(key))
}

#[allow(clippy::too_many_arguments)]
fn open(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    actor: &Actor,
    visit: &NewVisit,
    opens: &Opens,
    words: &Words,
    place: PlaceId,
    asker: Option<PersonId>,
) -> Result<Reported> {
    let text = match tidy_field(&opens.text, HEARD_CHARS_MAX)? {
        Some(text) => Some(text),
        None => words.heard.clone(),
    };
    let report = Report {
        item: opens.item.clone(),
        text: text.ok_or_else(|| Problem::new(&BAD_TEXT).with("max", HEARD_CHARS_MAX))?,
        place: Some(place.to_string()),
        name: words.name.clone(),
        phone: words.phone.clone(),
        asker,
        source: "visit".into(),
        echo: opens.echo.clone(),
        photos: opens.photos.clone(),
        occurred_at: visit.at,
        ..Report::default()
    };
    case::report(tx, rules, actor, &report)
}

fn asker_key(tx: &mut Tx<'_>, case: &Reported) -> Result<PersonKey> {
    let district = tx.district();
    let case = case::fetch(tx, district, &case.id)?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", case.id))?;
    vault::key_in(tx, &case.asker)
}

fn seal(
    tx: &mut Tx<'_>,
    key: &PersonKey,
    id: &VisitId,
    kind: &'static str,
    text: Option<&str>,
    texts: &mut Map<String, Value>,
) -> Result<Option<ContentId>> {
    let Some(text) = text else { return Ok(None) };
    let content = vault::content_put(tx, key, ("visit", id.as_str()), kind, text.as_bytes())?;
    texts.insert(kind.into(), json!(content));
    Ok(Some(content.id))
}
