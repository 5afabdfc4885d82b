//! A report becomes a case: placed, numbered, owned, on its first clock, with a receipt.

use commons::{catalogue::Item, people::HoldingId, place::PlaceId};
use kernel::{
    Problem, Result, Timestamp, Tx,
    access::Actor,
    engine::Answer,
    id::PersonId,
    idempotency::Reference,
    journal::Draft,
    problem::{BAD_FIELD, NOT_FOUND},
    store::Db,
    vault::{self, ContactKind, PersonKey},
};
use serde_json::json;

use super::{
    Case, CaseId, ECHOES, NAME_CHARS_MAX, PHONE_CHARS_MAX, Report, SOURCES, TEXT_CHARS_MAX, WORD_CHARS_MAX, store,
    tell, words,
};
use crate::{
    Rulebook, clock,
    problems::{ID_TAKEN, NO_PLACE, OUTSIDE},
};

/// What the asker gets at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Makes its look-up code.
    pub lookup_nonce: i64,
    /// State of the flow.
    pub state: String,
    /// Version of the case.
    pub version: i64,
    /// The grid it counts in.
    pub grid: PlaceId,
    /// Until when somebody takes it up.
    pub due_at: Option<Timestamp>,
    /// Who has it in hand.
    pub owner: Option<HoldingId>,
    /// True when the place must be settled by a person: near a boundary, in a gap or overlap.
    pub near_boundary: bool,
}

impl Reported {
    fn of(case: &Case) -> Self {
        Self {
            id: case.id,
            number: case.number.clone(),
            lookup_nonce: case.lookup_nonce,
            state: case.state.clone(),
            version: case.version,
            grid: case.grid,
            due_at: case.promised_at,
            owner: case.owner,
            near_boundary: !case.near.is_empty(),
        }
    }
}

impl Answer for Reported {
    fn reference(&self) -> Reference {
        Reference { kind: "case".into(), id: self.id.to_string(), version: self.version }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let not_found = || Problem::new(&NOT_FOUND).with("what", &reference.id);
        let data =
            kernel::journal::state_at(db, district, "case", &reference.id, reference.version)?.ok_or_else(not_found)?;
        let case: Case = serde_json::from_value(data["set"].clone()).map_err(|_| not_found())?;
        Ok(Self::of(&case))
    }
}

/// The item of a report that names none; a pack may define its limits.
pub(super) const GENERAL_ITEM: &str = "其他";

/// The item that a report without one belongs to.
pub(crate) fn general_item(rules: &Rulebook) -> Item {
    let meta = &rules.directory.pack.meta;
    rules.directory.item_named(GENERAL_ITEM).cloned().unwrap_or_else(|| Item {
        code: "other".into(),
        name: GENERAL_ITEM.into(),
        name_en: "Other".into(),
        class: "other".into(),
        accept: meta.accept_default,
        handle: meta.handle_default,
        closing: vec!["说清楚怎么办的".into()],
        evidence: "none".into(),
        public: true,
    })
}

struct Where {
    place: PlaceId,
    grid: PlaceId,
    near: Vec<PlaceId>,
}

/// A point with seven decimals, about a centimetre: exact in every notation, and nobody stands closer.
fn point_checked(point: Option<(f64, f64)>) -> Result<Option<(f64, f64)>> {
    const STEPS: f64 = 1e7;
    let Some((lon, lat)) = point else { return Ok(None) };
    // False for what is not a number, too.
    if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
        return Err(Problem::new(&OUTSIDE));
    }
    let round = |degrees: f64| (degrees * STEPS).round() / STEPS;
    Ok(Some((round(lon), round(lat))))
}

fn placed(rules: &Rulebook, report: &Report, point: Option<(f64, f64)>) -> Result<Where> {
    let directory = &rules.directory;
    if let Some(wanted) = report.place.as_deref().filter(|p| !p.trim().is_empty()) {
        let place = directory.place_named(wanted)?.id;
        return Ok(Where { place, grid: directory.grid_of(&place), near: Vec::new() });
    }
    let (lon, lat) = point.ok_or_else(|| Problem::new(&NO_PLACE))?;
    let located = directory.locate(lon, lat);
    let place = located.place.ok_or_else(|| Problem::new(&OUTSIDE))?;
    Ok(Where { place, grid: directory.grid_of(&place), near: located.near.into_iter().map(|(id, _)| id).collect() })
}

/// Four characters a day are enough for a town; a busier day gets longer numbers.
fn number(tx: &mut Tx<'_>, rules: &Rulebook) -> Result<String> {
    let day = rules.directory.calendar.local(tx.now()).iso_day();
    let day: String = day.chars().filter(char::is_ascii_digit).skip(2).collect();
    let prefix = &rules.directory.pack.meta.short;
    let district = tx.district();
    let mut tries = 0;
    loop {
        let code = vault::rules::code(&tx.rng().bytes::<32>()).replace('-', "");
        let length = if tries == 0 { 4 } else { 8 };
        let number = format!("{prefix}-{day}-{}", &code[..length]);
        if store::fetch_by_number(tx, district, &number)?.is_none() {
            return Ok(number);
        }
        tries += 1;
    }
}

fn lookup(tx: &mut Tx<'_>, id: &CaseId) -> Result<(i64, [u8; 32], String)> {
    let district = tx.district();
    for nonce in 0.. {
        let code = tx.keys().lookup_code(district, id.as_str(), nonce);
        let hash = tx.keys().lookup_hash(district, &code);
        if !store::lookup_taken(tx, district, &hash)? {
            return Ok((nonce, hash, code));
        }
    }
    unreachable!("some nonce gives a free code")
}

/// What a report says about its asker, fit to keep.
struct Contact {
    name: Option<String>,
    phone: Option<String>,
}

fn contact_checked(report: &Report) -> Result<Contact> {
    let name = words::line(report.name.as_deref(), NAME_CHARS_MAX)?;
    let phone = words::line(report.phone.as_deref(), PHONE_CHARS_MAX)?;
    if phone.as_deref().is_some_and(|p| vault::rules::normal_phone(p).len() < vault::rules::PHONE_DIGITS_MIN) {
        let what = "请写能打通的号码，或者留空 (a number that can be called, or leave it empty)";
        return Err(Problem::new(&BAD_FIELD).with("field", "phone").with("what", what));
    }
    Ok(Contact { name, phone })
}

fn asker(tx: &mut Tx<'_>, report: &Report, contact: &Contact) -> Result<PersonKey> {
    let (district, keys) = (tx.district(), tx.keys());
    let known: Option<PersonId> = match (&report.asker, &contact.phone) {
        (Some(person), _) => Some(*person),
        (None, Some(phone)) => vault::find_by_phone(tx, keys, district, phone)?,
        (None, None) => None,
    };
    let known = match known {
        Some(person) => match vault::key_of(tx, keys, district, &person) {
            Ok(key) => Some(key),
            // Erased meanwhile: whoever asks now is somebody new.
            Err(problem) if problem.kind == &NOT_FOUND => None,
            Err(problem) => return Err(problem),
        },
        None => None,
    };
    let (key, new) = match known {
        Some(key) => (key, false),
        None => (vault::person_new(tx)?, true),
    };
    for (kind, value) in [(ContactKind::Name, &contact.name), (ContactKind::Phone, &contact.phone)] {
        let Some(value) = value else { continue };
        // What a person said of themselves earlier is not overwritten by a form.
        if new || vault::contact(tx, keys, district, &key.person, kind)?.is_none() {
            vault::contact_put(tx, &key, kind, value)?;
        }
    }
    Ok(key)
}

/// A word for how a report came or how its asker wants to hear. It stands among the facts, where
/// nothing that people wrote may stand: letters, and so few digits that no number fits in.
fn word(field: &'static str, given: &str, known: &[(&'static str, &str)]) -> Result<String> {
    const DIGITS_MAX: usize = 4;
    let given = given.trim();
    if let Some((word, _)) = known.iter().find(|(_, zh)| *zh == given) {
        return Ok((*word).to_owned());
    }
    let plain = given.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && given.starts_with(|c: char| c.is_ascii_lowercase());
    if plain && given.len() <= WORD_CHARS_MAX && given.chars().filter(char::is_ascii_digit).count() <= DIGITS_MAX {
        return Ok(given.to_owned());
    }
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    Err(Problem::new(&BAD_FIELD).with("field", field).with("what", words.join(", ")))
}

/// Takes a report in.
///
/// # Errors
/// 400.3 without a text, 400.4 without a place, 400.2 for a phone, source or echo that can't be, 404.1
/// for an unknown place or item, 413.1 for too many photos, 422.11 outside the district, 409.4 when the caller's id is taken by something else.
pub fn report(tx: &mut Tx<'_>, rules: &Rulebook, actor: &Actor, report: &Report) -> Result<Reported> {
    let text = words::cleaned(&report.text, TEXT_CHARS_MAX)?;
    words::photos_counted(report.photos.len())?;
    let contact = contact_checked(report)?;
    let source =
        if report.source.trim().is_empty() { "web".to_owned() } else { word("source", &report.source, SOURCES)? };
    let echo = match report.echo.as_deref().filter(|e| !e.trim().is_empty()) {
        Some(echo) => word("echo", echo, ECHOES)?,
        None => if contact.phone.is_some() { "sms" } else { "page" }.to_owned(),
    };
    let point = point_checked(report.point)?;
    let Where { place, grid, near } = placed(rules, report, point)?;
    let item = match report.item.as_deref().filter(|i| !i.trim().is_empty()) {
        None => general_item(rules),
        Some(wanted) => {
            rules.directory.item_named(wanted).cloned().ok_or_else(|| Problem::new(&NOT_FOUND).with("what", wanted))?
        }
    };
    let id = match report.id {
        None => tx.id(CaseId::new),
        Some(id) => {
            let district = tx.district();
            if store::fetch(tx, district, &id)?.is_some() {
                return Err(Problem::new(&ID_TAKEN).with("id", id));
            }
            id
        }
    };
    let now = tx.now();
    let key = asker(tx, report, &contact)?;
    let number = number(tx, rules)?;
    let (lookup_nonce, lookup_hash, code) = lookup(tx, &id)?;
    let content = vault::content_put(tx, &key, ("case", id.as_str()), "text", text.as_bytes())?;
    let pictures = words::photos(tx, &key, &id, "before", &report.photos)?;
    let duty = rules.directory.on_duty(&place, now);

    let mut case = Case {
        id,
        number,
        lookup_nonce,
        place,
        grid,
        point,
        near,
        item: item.code.clone(),
        state: rules.case_flow.start.clone(),
        version: 1,
        round: 1,
        source,
        asker: key.person,
        anonymous: report.asker.is_none() && contact.phone.is_none() && contact.name.is_none(),
        entered_by: actor.person.filter(|person| *person != key.person),
        echo,
        text: content.id,
        reported_at: now,
        owner: duty.as_ref().map(|d| d.holding),
        owner_place: duty.as_ref().map(|d| d.place),
        lead_body: None,
        lead_task: None,
        merged_into: None,
        clocks: Vec::new(),
        promised_at: None,
        held_until: None,
        handlers: Vec::new(),
        handler_bodies: Vec::new(),
        judges: Vec::new(),
        barred: Vec::new(),
        made: std::collections::BTreeMap::new(),
        rework: 0,
        returns: 0,
        finished_at: None,
        closed_at: None,
        closed_by: None,
        solved: None,
        satisfied: None,
        answer: None,
        basis: None,
        overdue: false,
        origin: None,
    };
    for clock in &rules.case_flow.starts {
        clock::rules::start(&mut case.clocks, *clock, 1, rules.limit(*clock, &item), &rules.directory.calendar, now);
    }
    case.promised_at = super::rules::promised(&case);
    store::insert(tx, &case, &lookup_hash)?;
    super::timers::set(tx, None, &case)?;
    tx.journal(Draft {
        subject_kind: "case",
        subject_id: id.to_string(),
        version: 1,
        act: "case.report".into(),
        data: json!({ "set": case, "texts": { "text": content, "photos": pictures } }),
        occurred_at: report.occurred_at.filter(|at| *at <= now),
    });
    tell::reported(tx, rules, &case, &key, &code)?;
    Ok(Reported::of(&case))
}
