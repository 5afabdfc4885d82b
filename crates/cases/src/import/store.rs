//! Writes rows: finds or makes kinds of matter, departments and the asker, then cases. SQL stands
//! with cases, catalogue and people; nothing of its own.

use std::collections::BTreeMap;

use commons::{
    catalogue::{self, Item},
    install,
    people::{self, Body, BodyId},
};
use kernel::{
    Problem, Result, Tx,
    id::PersonId,
    journal::{self, Draft},
    problem::TOO_LARGE,
    vault::{self, ContentRef, PersonKey},
};
use serde_json::{Map, json};

use super::{BODIES_MAX, BatchOutcome, ITEMS_MAX, ImportRow, rules};
use crate::{
    Rulebook,
    case::{self, Case},
};

/// Under which kind of subject the journal keeps who stands for a source's askers.
const ASKER_KIND: &str = "import";

/// The key under which a source's texts are sealed. The source does not say who asked: one person of
/// the vault stands for all of its askers, made once and found again in the journal.
pub(super) fn asker(tx: &mut Tx<'_>, source: &str) -> Result<PersonKey> {
    let district = tx.district();
    let history = journal::history(tx, district, ASKER_KIND, source)?;
    let last = history.last();
    let known = last.and_then(|entry| {
        serde_json::from_str::<serde_json::Value>(&entry.data).ok()?["person"].as_str()?.parse::<PersonId>().ok()
    });
    if let Some(person) = known
        && let Ok(key) = vault::key_in(tx, &person)
    {
        return Ok(key);
    }
    let key = vault::person_new(tx)?;
    tx.journal(Draft {
        subject_kind: ASKER_KIND,
        subject_id: source.to_owned(),
        version: last.map_or(0, |entry| entry.version) + 1,
        act: "import.begin".into(),
        data: json!({ "person": key.person }),
        occurred_at: None,
    });
    Ok(key)
}

/// Codes and bodies by the source's names.
pub(super) struct Names {
    items: BTreeMap<String, String>,
    bodies: BTreeMap<String, BodyId>,
}

impl Names {
    fn item(&self, rules: &Rulebook, row: &ImportRow) -> String {
        let named = rules::name(row.item.as_deref()).and_then(|name| self.items.get(&name).cloned());
        named.unwrap_or_else(|| case::general_item(rules).code)
    }

    fn body(&self, row: &ImportRow) -> Option<BodyId> {
        rules::name(row.department.as_deref()).and_then(|name| self.bodies.get(&name).copied())
    }
}

/// Finds every name of these rows, and makes those that are new.
pub(super) fn names<'r>(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    rows: impl Iterator<Item = &'r ImportRow>,
    outcome: &mut BatchOutcome,
) -> Result<Names> {
    let directory = &rulebook.directory;
    let mut names = Names { items: BTreeMap::new(), bodies: BTreeMap::new() };
    let (mut new_items, mut new_bodies) = (Vec::new(), Vec::new());
    for row in rows {
        if let Some(name) = rules::name(row.item.as_deref())
            && !names.items.contains_key(&name)
        {
            let code = directory.item_named(&name).map(|item| item.code.clone());
            if code.is_none() {
                new_items.push(name.clone());
            }
            names.items.insert(name, code.unwrap_or_default());
        }
        if let Some(name) = rules::name(row.department.as_deref())
            && !names.bodies.contains_key(&name)
            && !new_bodies.contains(&name)
        {
            match directory.body_named(&name, Some(directory.root())) {
                Some(body) => drop(names.bodies.insert(name, body.id)),
                None => new_bodies.push(name),
            }
        }
    }
    // The directory may be older than an earlier batch: the database has the last word.
    if !new_items.is_empty() {
        make_items(tx, rulebook, new_items, &mut names, outcome)?;
    }
    if !new_bodies.is_empty() {
        make_bodies(tx, rulebook, new_bodies, &mut names, outcome)?;
    }
    if outcome.items + outcome.bodies > 0 {
        let version = install::bump(tx)?;
        tx.journal(Draft {
            subject_kind: "district",
            subject_id: tx.district().to_owned(),
            version,
            act: "district.import".into(),
            data: json!({ "items": outcome.items, "bodies": outcome.bodies }),
            occurred_at: None,
        });
    }
    Ok(names)
}

fn make_items(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    wanted: Vec<String>,
    names: &mut Names,
    outcome: &mut BatchOutcome,
) -> Result<()> {
    let district = tx.district();
    let mut standing: BTreeMap<String, String> =
        catalogue::items(tx, district)?.into_iter().map(|item| (item.code, item.name)).collect();
    let meta = &rulebook.directory.pack.meta;
    for name in wanted {
        let code = match standing.iter().find(|(_, standing)| **standing == name) {
            Some((code, _)) => code.clone(),
            None => {
                if standing.len() >= ITEMS_MAX {
                    return Err(Problem::new(&TOO_LARGE)
                        .saying("what", "事项目录", "Kinds of matter")
                        .with("limit", ITEMS_MAX));
                }
                let [plain, hashed] = rules::item_codes(&name);
                let code = if standing.contains_key(&plain) { hashed } else { plain };
                let item = Item {
                    code: code.clone(),
                    name: name.clone(),
                    name_en: name.clone(),
                    class: rules::IMPORT.into(),
                    accept: meta.accept_default,
                    handle: meta.handle_default,
                    closing: vec!["说清楚怎么办的".into()],
                    evidence: "none".into(),
                    public: true,
                };
                catalogue::item_insert(tx, &item)?;
                standing.insert(code.clone(), name.clone());
                outcome.items += 1;
                code
            }
        };
        names.items.insert(name, code);
    }
    Ok(())
}

fn make_bodies(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    wanted: Vec<String>,
    names: &mut Names,
    outcome: &mut BatchOutcome,
) -> Result<()> {
    let district = tx.district();
    let mut standing: BTreeMap<String, BodyId> =
        people::bodies(tx, district)?.into_iter().map(|body| (body.name, body.id)).collect();
    for name in wanted {
        let id = match standing.get(&name) {
            Some(id) => *id,
            None => {
                if standing.len() >= BODIES_MAX {
                    return Err(Problem::new(&TOO_LARGE).saying("what", "单位", "Bodies").with("limit", BODIES_MAX));
                }
                let body = Body {
                    id: tx.id(BodyId::new),
                    name: name.clone(),
                    kind: "department".into(),
                    parent: None,
                    place: *rulebook.directory.root(),
                    party: false,
                    contact: None,
                    valid_from: install::BEGINNING,
                    valid_to: None,
                };
                people::body_insert(tx, &body)?;
                standing.insert(name.clone(), body.id);
                outcome.bodies += 1;
                body.id
            }
        };
        names.bodies.insert(name, id);
    }
    Ok(())
}

/// What became of a row that was not known when the batch began.
pub(super) enum Created {
    /// It is a new case.
    New,
    /// An earlier row of the batch was the same.
    Same,
    /// An earlier row of the batch had the same id and said something else.
    Changed,
}

/// Writes the case of a row.
pub(super) fn create(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    source: &str,
    row: &ImportRow,
    names: &Names,
    key: &PersonKey,
) -> Result<Created> {
    let district = tx.district();
    let origin_id = rules::origin_id(source, &row.external_id);
    if let Some(known) = case::external(tx, district, &origin_id)? {
        if known.origin.as_ref().is_some_and(|o| o.row == row.hash) {
            return Ok(Created::Same);
        }
        change(tx, rulebook, source, row, names, key, &known)?;
        return Ok(Created::Changed);
    }
    let directory = &rulebook.directory;
    let id = rules::case_id(district, &origin_id, row.reported_at);
    let day = directory.calendar.local(row.reported_at).iso_day();
    let mut number = String::new();
    for attempt in rules::numbers(&directory.pack.meta.short, &day, &origin_id) {
        number = attempt;
        if case::fetch_by_number(tx, district, &number)?.is_none() {
            break;
        }
    }
    let content = seal(tx, key, &id, row)?;
    let facts = rules::Facts {
        number,
        item: names.item(rulebook, row),
        body: names.body(row),
        asker: key.person,
        text: content.id,
    };
    let case = rules::case(directory, source, row, facts);
    case::import_insert(tx, &case)?;
    tx.journal(Draft {
        subject_kind: "case",
        subject_id: id.to_string(),
        version: 1,
        act: "case.import".into(),
        data: json!({ "set": case, "texts": { "text": content } }),
        occurred_at: Some(row.reported_at),
    });
    Ok(Created::New)
}

/// Changes the case of a row that says something else than before.
pub(super) fn change(
    tx: &mut Tx<'_>,
    rulebook: &Rulebook,
    source: &str,
    row: &ImportRow,
    names: &Names,
    key: &PersonKey,
    known: &Case,
) -> Result<()> {
    let (keys, district) = (tx.keys(), tx.district());
    let mut case = known.clone();
    let mut texts = Map::new();
    let said = vault::content(tx, keys, district, &known.text)?;
    if said.is_none_or(|said| said != rules::text(row).as_bytes()) {
        let content = seal(tx, key, &known.id, row)?;
        case.text = content.id;
        texts.insert("text".into(), json!(content));
    }
    if rules::untouched(known) {
        case.item = names.item(rulebook, row);
        case.lead_body = names.body(row);
    }
    rules::take(&rulebook.directory, source, row, &mut case);
    case.version = known.version + 1;
    case::write(tx, known, &case, rules::IMPORT, texts, &json!({}))
}

fn seal(tx: &mut Tx<'_>, key: &PersonKey, case: &case::CaseId, row: &ImportRow) -> Result<ContentRef> {
    Ok(vault::content_put(tx, key, ("case", case.as_str()), "text", rules::text(row).as_bytes())?)
}
