//! How a row becomes a case: its ids, codes, place and facts. Pure.

use std::collections::BTreeMap;

use commons::{directory::Directory, people::BodyId, place::PlaceId};
use data_encoding::HEXLOWER;
use kernel::{
    Rng, Timestamp,
    id::{ContentId, PersonId},
    vault,
};
use sha2::{Digest, Sha256};

use super::{ImportRow, NAME_CHARS_MAX, TEXT_CHARS_MAX};
use crate::case::{Case, CaseId, Origin};

/// State of an imported case that its source has closed.
pub const CLOSED: &str = "closed";
/// State of an imported case that is still open.
pub const OPEN: &str = "handling";
/// How an imported case came, and by what it came to rest.
pub const IMPORT: &str = "import";

/// SHA-256 over fields in order, each preceded by its length, an absent one told apart from an
/// empty one; the first half, 32 hexadecimal digits.
pub fn row_hash<'a>(fields: impl IntoIterator<Item = Option<&'a str>>) -> String {
    HEXLOWER.encode(&digest(fields)[..16])
}

fn digest<'a>(fields: impl IntoIterator<Item = Option<&'a str>>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for field in fields {
        let length = field.map_or(u64::MAX, |text| text.len() as u64);
        hasher.update(length.to_be_bytes());
        hasher.update(field.unwrap_or_default());
    }
    hasher.finalize().into()
}

/// The source's id as the district keeps it: two sources may count alike.
pub fn origin_id(source: &str, external_id: &str) -> String {
    format!("{source}:{external_id}")
}

/// The id of the case of a row: of the moment it was reported, so that lists by id go by time; the
/// same for the same row wherever it is imported.
pub fn case_id(district: &str, origin_id: &str, reported_at: Timestamp) -> CaseId {
    CaseId::new(reported_at, &mut Rng::from_fork(digest([Some("case"), Some(district), Some(origin_id)])))
}

/// Numbers to try for a case, as `BOS-110701-7K3M`: four characters, then eight, then others.
pub fn numbers(short: &str, iso_day: &str, origin_id: &str) -> impl Iterator<Item = String> {
    let day: String = iso_day.chars().filter(char::is_ascii_digit).skip(2).collect();
    let stem = format!("{short}-{day}");
    let origin = origin_id.to_owned();
    (0_u64..).map(move |attempt| {
        let code = vault::rules::code(&digest([Some("number"), Some(&origin), Some(&(attempt / 2).to_string())]))
            .replace('-', "");
        let length = if attempt == 0 { 4 } else { 8 };
        format!("{stem}-{}", &code[..length])
    })
}

/// A name without outer blanks and control characters, cut to [`NAME_CHARS_MAX`]; `None` when nothing is left.
pub fn name(text: Option<&str>) -> Option<String> {
    let clean: String = text?.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A text as it is kept: cut to [`TEXT_CHARS_MAX`], and the cut marked.
pub fn text(row: &ImportRow) -> String {
    match row.text.char_indices().nth(TEXT_CHARS_MAX) {
        None => row.text.clone(),
        Some((at, _)) => format!("{}…", &row.text[..at]),
    }
}

/// Codes to try for a kind of matter: its words in small letters, then the same with a hash.
pub fn item_codes(name: &str) -> [String; 2] {
    const WORDS_CHARS_MAX: usize = 48;
    let mut words = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            words.push(letter);
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        if words.len() == WORDS_CHARS_MAX {
            break;
        }
    }
    let words = words.trim_end_matches('-');
    let hash = &row_hash([Some(name)])[..8];
    if words.is_empty() {
        [format!("x-{hash}"), format!("x-{hash}")]
    } else {
        [words.to_owned(), format!("{words}-{hash}")]
    }
}

/// Where a row lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The lowest place that contains the point; else what the source names; else the whole district.
    pub place: PlaceId,
    /// Other places that it may belong to.
    pub near: Vec<PlaceId>,
    /// True when the point lies in a place of the district.
    pub located: bool,
    /// Whether the point's place is, or lies in, the one that the source names; none when it names none that is known.
    pub agrees: Option<bool>,
}

/// Places a row by its point. What the source names decides only where there is no point; where
/// both are there and differ, the source's place stands among the near ones, for a person to settle.
pub fn placed(directory: &Directory, point: Option<(f64, f64)>, named: Option<&str>) -> Placed {
    let named = named.and_then(|name| directory.place_named(name).ok()).map(|place| place.id);
    let found = point.map(|(lon, lat)| directory.locate(lon, lat));
    let mut near: Vec<PlaceId> = found.iter().flat_map(|found| found.near.iter().map(|(id, _)| *id)).collect();
    let located = found.and_then(|found| found.place);
    let agrees = named.map(|named| located.is_some_and(|place| directory.within(&place, &named)));
    let place = match (located, named, point) {
        (Some(place), _, _) => place,
        (None, Some(named), None) => named,
        _ => *directory.root(),
    };
    if let (Some(named), Some(false)) = (named, agrees)
        && named != place
        && !near.contains(&named)
    {
        near.push(named);
    }
    Placed { place, near, located: located.is_some(), agrees }
}

/// The facts of a row that are kept as its origin.
pub fn origin(source: &str, row: &ImportRow) -> Origin {
    Origin {
        id: origin_id(source, &row.external_id),
        department: name(row.department.as_deref()),
        queue: name(row.queue.as_deref()),
        due: row.due,
        on_time: row.on_time,
        row: row.hash.clone(),
    }
}

/// What a row's case rests on besides the row.
pub struct Facts {
    /// Its number.
    pub number: String,
    /// Code of its item.
    pub item: String,
    /// The body of its department.
    pub body: Option<BodyId>,
    /// Whose key seals its text.
    pub asker: PersonId,
    /// Its text.
    pub text: ContentId,
}

/// The case of a row, in its first version.
pub fn case(directory: &Directory, source: &str, row: &ImportRow, facts: Facts) -> Case {
    let id = case_id(&directory.district, &origin_id(source, &row.external_id), row.reported_at);
    let mut case = Case {
        id,
        number: facts.number,
        lookup_nonce: 0,
        place: row.place,
        grid: row.place,
        point: None,
        near: Vec::new(),
        item: facts.item,
        state: OPEN.into(),
        version: 1,
        round: 1,
        source: IMPORT.into(),
        asker: facts.asker,
        anonymous: true,
        entered_by: None,
        echo: "page".into(),
        text: facts.text,
        reported_at: row.reported_at,
        owner: None,
        owner_place: None,
        lead_body: facts.body,
        lead_task: None,
        merged_into: None,
        clocks: Vec::new(),
        promised_at: None,
        held_until: None,
        handlers: Vec::new(),
        handler_bodies: Vec::new(),
        judges: Vec::new(),
        barred: Vec::new(),
        made: BTreeMap::new(),
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
    take(directory, source, row, &mut case);
    case
}

/// Puts a row's facts into its case. What people here have moved since stays as they left it; the
/// source then only says what it says (`origin`).
pub fn take(directory: &Directory, source: &str, row: &ImportRow, case: &mut Case) {
    case.origin = Some(origin(source, row));
    if !untouched(case) {
        return;
    }
    case.place = row.place;
    case.grid = directory.grid_of(&row.place);
    case.point = row.point;
    case.near.clone_from(&row.near);
    case.reported_at = row.reported_at;
    // The source's due time is what its askers were promised.
    case.promised_at = row.due;
    case.closed_at = row.closed_at;
    case.closed_by = row.closed_at.map(|_| IMPORT.to_owned());
    case.state = if row.closed_at.is_some() { CLOSED.into() } else { OPEN.into() };
}

/// True while nobody here has moved an imported case.
pub fn untouched(case: &Case) -> bool {
    let stands = (case.state == OPEN && case.closed_at.is_none())
        || (case.state == CLOSED && case.closed_by.as_deref() == Some(IMPORT));
    stands
        && case.round == 1
        && case.clocks.is_empty()
        && case.made.is_empty()
        && case.lead_task.is_none()
        && case.merged_into.is_none()
}
