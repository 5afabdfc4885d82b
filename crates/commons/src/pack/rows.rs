//! The CSV files of a pack, row by row: `catalogue.csv`, `bodies.csv`, `places.csv`, `duties.csv`,
//! `people.csv`, `holdings.csv`, `accounts.csv`.

use kernel::time::{Limit, WorkHours};

use super::{
    fault::{Faults, HOLDING_TERM, HOLDING_WHERE, ITEM_CLOSING, ITEM_LANGUAGE, ITEM_LIMIT, PERSON_REAL, Spot, TWICE},
    layer::{At, Layer, Source},
    sheet::{Column, Row, rows},
    tables::is_word,
    types::{AccountRow, BodyRow, DutyRow, HoldingRow, Item, PersonRow, PlaceRow, Text},
};

/// What a body may be.
pub const BODY_KINDS: &[&str] = &[
    "department",
    "street_office",
    "community_committee",
    "party",
    "owners_committee",
    "property",
    "association",
    "firm",
    "team",
];

/// Which photos closing an item may need.
pub const EVIDENCE_KINDS: &[&str] = &["none", "after", "before_after"];

/// How the numbers of invented people begin. No subscriber has a number with 0000 here.
const INVENTED_PHONE: &str = "199 0000 ";

const CATALOGUE: &[Column] = &[
    ("code", true),
    ("zh", true),
    ("en", true),
    ("class", true),
    ("place_class", false),
    ("accept", true),
    ("handle", true),
    ("filing_zh", false),
    ("filing_en", false),
    ("closing_zh", true),
    ("closing_en", true),
    ("evidence", false),
    ("public", true),
    ("duty_kind", false),
];
const BODIES: &[Column] = &[
    ("id", true),
    ("name", true),
    ("kind", true),
    ("parent", false),
    ("place", true),
    ("party", false),
    ("contact", false),
];
const PLACES: &[Column] = &[
    ("code", true),
    ("name", true),
    ("level", true),
    ("parent", true),
    ("kind", false),
    ("aliases", false),
    ("households", false),
    ("valid_from", false),
    ("valid_to", false),
    ("synthetic", false),
];
const DUTIES: &[Column] = &[("item", true), ("place", true), ("body", true), ("part", false)];
const PEOPLE: &[Column] = &[("id", true), ("display", true), ("name", true), ("phone", false)];
const HOLDINGS: &[Column] = &[
    ("person", true),
    ("post", true),
    ("place", false),
    ("body", false),
    ("rank", false),
    ("from", false),
    ("to", false),
    ("hours", false),
    ("where", false),
];
const ACCOUNTS: &[Column] = &[("account", true), ("person", true)];

/// Reads one of the tables by its file name.
pub(super) fn table(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    match source.path.as_str() {
        "catalogue.csv" => layer.items = each(source, CATALOGUE, item, faults),
        "bodies.csv" => layer.bodies = each(source, BODIES, body, faults),
        "places.csv" => layer.places = each(source, PLACES, place, faults),
        "duties.csv" => layer.duties = each(source, DUTIES, duty, faults),
        "people.csv" => layer.people = each(source, PEOPLE, person, faults),
        "holdings.csv" => layer.holdings = each(source, HOLDINGS, holding, faults),
        "accounts.csv" => layer.accounts = each(source, ACCOUNTS, account, faults),
        other => unreachable!("{other} is no table"),
    }
}

fn each<T>(
    source: &Source,
    columns: &[Column],
    read: fn(&Row, &mut Faults) -> Option<T>,
    faults: &mut Faults,
) -> Vec<At<T>> {
    let rows = rows(source, columns, faults);
    rows.into_iter().filter_map(|row| Some(At { value: read(&row, faults)?, spot: row.spot })).collect()
}

/// Adds a fault for every key that stands twice.
pub(super) fn once<'a, K: Ord + ToString>(keys: impl Iterator<Item = (K, &'a Spot)>, faults: &mut Faults) {
    let mut seen = std::collections::BTreeMap::new();
    for (key, spot) in keys {
        let what = key.to_string();
        if let Some(first) = seen.insert(key, spot) {
            faults.add(&TWICE, spot, &[("what", &what), ("line", &first.line.to_string())]);
        }
    }
}

fn item(row: &Row, faults: &mut Faults) -> Option<Item> {
    let code = word(row, "code", faults);
    let (zh, en, class) = (row.must("zh", faults), row.must("en", faults), word(row, "class", faults));
    let mut limit = |field: &str| -> Option<Limit> {
        if row.get(field).is_empty() {
            faults.add(&ITEM_LIMIT, &row.spot, &[("what", row.get("code")), ("field", field)]);
        }
        row.limit(field, faults)
    };
    let (accept, handle) = (limit("accept"), limit("handle"));
    let (closing_standard, closing_standard_en) = (row.list("closing_zh"), row.list("closing_en"));
    if closing_standard.is_empty() {
        faults.add(&ITEM_CLOSING, &row.spot, &[("what", row.get("code"))]);
    } else if closing_standard.len() != closing_standard_en.len() {
        let (zh, en) = (closing_standard.len().to_string(), closing_standard_en.len().to_string());
        faults.add(&ITEM_LANGUAGE, &row.spot, &[("what", row.get("code")), ("zh", &zh), ("en", &en)]);
    }
    let evidence = row.word("evidence", EVIDENCE_KINDS, faults);
    let public = row.yes("public", faults);
    let duty_kind = row.word("duty_kind", BODY_KINDS, faults);
    let place_class = row.opt("place_class").unwrap_or_else(|| "any".to_owned());
    let filing = Text { zh: row.get("filing_zh").to_owned(), en: row.get("filing_en").to_owned() };
    Some(Item {
        code: code?,
        zh: zh?,
        en: en?,
        class: class?,
        place_class,
        accept: accept?,
        handle: handle?,
        filing,
        closing_standard,
        closing_standard_en,
        evidence,
        public,
        duty_kind,
    })
}

/// A cell that must hold an identifier.
fn word(row: &Row, name: &str, faults: &mut Faults) -> Option<String> {
    let value = row.must(name, faults)?;
    if !is_word(&value) {
        row.bad(name, "a-z 0-9 _ -", faults);
    }
    Some(value)
}

fn body(row: &Row, faults: &mut Faults) -> Option<BodyRow> {
    let (id, name) = (word(row, "id", faults), row.must("name", faults));
    let kind = row.must("kind", faults).map(|_| row.word("kind", BODY_KINDS, faults));
    let (place, party) = (row.must("place", faults), row.yes("party", faults));
    if kind.as_deref() == Some("party") && !party {
        row.bad("party", "yes", faults);
    }
    Some(BodyRow {
        id: id?,
        name: name?,
        kind: kind?,
        parent: row.opt("parent"),
        place: place?,
        party,
        contact: row.opt("contact"),
    })
}

fn place(row: &Row, faults: &mut Faults) -> Option<PlaceRow> {
    let (code, name, level) = (row.must("code", faults), row.must("name", faults), row.must("level", faults));
    let (valid_from, valid_to) = (row.day("valid_from", faults), row.day("valid_to", faults));
    backwards(row, "valid_from", "valid_to", valid_from, valid_to, faults);
    let households = row.parse("households", "0, 1, 2 …", faults);
    let synthetic = row.yes("synthetic", faults);
    Some(PlaceRow {
        code: code?,
        name: name?,
        level: level?,
        parent: row.opt("parent"),
        aliases: row.list("aliases"),
        valid_from,
        valid_to,
        households,
        boundary: None,
        synthetic,
        kind: row.get("kind").to_owned(),
    })
}

fn backwards<D: PartialOrd>(row: &Row, from: &str, to: &str, a: Option<D>, b: Option<D>, faults: &mut Faults) {
    if let (Some(a), Some(b)) = (a, b)
        && a >= b
    {
        faults.add(&HOLDING_TERM, &row.spot, &[("from", row.get(from)), ("to", row.get(to))]);
    }
}

fn duty(row: &Row, faults: &mut Faults) -> Option<DutyRow> {
    let (item, place, body) = (row.must("item", faults), row.must("place", faults), row.must("body", faults));
    let part = row.word("part", &["lead", "assist"], faults);
    Some(DutyRow { item: item?, place: place?, body: body?, part })
}

fn person(row: &Row, faults: &mut Faults) -> Option<PersonRow> {
    let (id, display, name) = (word(row, "id", faults), row.must("display", faults), row.must("name", faults));
    let phone = row.opt("phone");
    if let Some(phone) = &phone {
        let rest = phone.strip_prefix(INVENTED_PHONE).unwrap_or("");
        if rest.len() != 4 || !rest.bytes().all(|b| b.is_ascii_digit()) {
            faults.add(&PERSON_REAL, &row.spot, &[]);
        }
    }
    Some(PersonRow { id: id?, display: display?, name: name?, phone })
}

fn holding(row: &Row, faults: &mut Faults) -> Option<HoldingRow> {
    let (person, post) = (row.must("person", faults), row.must("post", faults));
    let (place, body) = (row.opt("place"), row.opt("body"));
    if place.is_some() == body.is_some() {
        faults.add(&HOLDING_WHERE, &row.spot, &[]);
    }
    let (from, to) = (row.day("from", faults), row.day("to", faults));
    backwards(row, "from", "to", from, to, faults);
    let hours = row.opt("hours");
    if hours.as_ref().is_some_and(|h| h.parse::<WorkHours>().is_err()) {
        row.bad("hours", "09:00-11:30,14:00-17:00", faults);
    }
    let rank = row.parse("rank", "0, 1, 2 …", faults).unwrap_or(0);
    Some(HoldingRow { person: person?, post: post?, place, body, rank, from, to, hours, station: row.opt("where") })
}

fn account(row: &Row, faults: &mut Faults) -> Option<AccountRow> {
    let (account, person) = (word(row, "account", faults), row.must("person", faults));
    Some(AccountRow { account: account?, person: person? })
}
