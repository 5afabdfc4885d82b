//! Past visits, newest first, as those may read them who answer for the place.

use cases::{Rulebook, case, case::CaseId, view};
use commons::place::PlaceId;
use kernel::{
    Lang, Problem, Result, Timestamp,
    access::Actor,
    id::ContentId,
    problem::SIGN_IN,
    store::Db,
    vault::{self, ContactKind, Keys, rules::masked_name},
};

use super::{LISTED_ROWS_MAX, Visit, VisitId, store};

/// Which visits.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only within this place; without one, wherever the reader may read.
    pub place: Option<PlaceId>,
    /// Only the reader's own; needs no permission.
    pub own: bool,
    /// Older than this one: moment and id of the last row seen.
    pub before: Option<(Timestamp, VisitId)>,
}

/// One past visit.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct VisitRow {
    /// The visit.
    pub id: VisitId,
    /// When.
    pub at: Timestamp,
    /// `door`, `station`, `evening`, `phone`.
    pub kind: &'static str,
    /// The place.
    pub place: PlaceId,
    /// Its name with the one above.
    pub place_says: String,
    /// Who visited, by service name.
    pub by: String,
    /// Which door.
    pub room: Option<String>,
    /// The list name.
    pub whom: Option<String>,
    /// Who was visited, masked.
    pub visited: Option<String>,
    /// What was heard; `None` when nothing was noted or the person was erased.
    pub heard: Option<String>,
    /// The case that came of it.
    pub case: Option<VisitCase>,
}

/// The case that came of a visit, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct VisitCase {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// State of the flow.
    pub state: String,
    /// The state as people say it.
    pub state_says: String,
}

/// At most `limit` visits that somebody may read, newest first.
///
/// # Errors
/// 403.1 when a place is asked for that is not theirs; 401.1 for own visits without an account.
#[allow(clippy::too_many_arguments)]
pub fn list(
    db: &mut dyn Db,
    keys: &Keys,
    rules: &Rulebook,
    actor: &Actor,
    filter: &Filter,
    lang: Lang,
    limit: i64,
) -> Result<Vec<VisitRow>> {
    let directory = &rules.directory;
    let district = directory.district.as_str();
    let limit = limit.clamp(1, LISTED_ROWS_MAX);
    let mut visits = if filter.own {
        let person = actor.person.ok_or_else(|| Problem::new(&SIGN_IN))?;
        let mut own = store::of_person(db, district, &person, filter.before, limit)?;
        own.retain(|visit| filter.place.is_none_or(|place| directory.within(&visit.place, &place)));
        own
    } else if let Some(place) = filter.place {
        actor.must("visit.read", &directory.chain_ids(&place), &[])?;
        store::at_place(db, district, &place, filter.before, limit)?
    } else {
        let mut all = Vec::new();
        for root in actor.places("visit.read") {
            if let Ok(place) = root.parse() {
                all.extend(store::at_place(db, district, &place, filter.before, limit)?);
            }
        }
        all
    };
    visits.sort_by_key(|visit| std::cmp::Reverse((visit.at, visit.id)));
    visits.dedup_by_key(|visit| visit.id);
    visits.truncate(usize::try_from(limit).unwrap_or_default());
    visits.into_iter().map(|visit| row(db, keys, rules, visit, lang)).collect()
}

fn row(db: &mut dyn Db, keys: &Keys, rules: &Rulebook, visit: Visit, lang: Lang) -> Result<VisitRow> {
    let directory = &rules.directory;
    let district = directory.district.as_str();
    let mut text = |id: &Option<ContentId>| id.as_ref().map_or(Ok(None), |id| view::text(db, keys, district, id));
    let (room, whom, heard) = (text(&visit.room)?, text(&visit.whom)?, text(&visit.heard)?);
    let visited = match &visit.visited {
        Some(person) => vault::contact(db, keys, district, person, ContactKind::Name)?.map(|name| masked_name(&name)),
        None => None,
    };
    let case = match &visit.case {
        Some(id) => case::fetch(db, district, id)?.map(|case| VisitCase {
            id: case.id,
            number: case.number.clone(),
            state_says: rules
                .case_flow
                .state(&case.state)
                .map_or_else(|| case.state.clone(), |s| lang.pick(&s.zh, &s.en).to_owned()),
            state: case.state,
        }),
        None => None,
    };
    let by = visit.holding.and_then(|id| directory.holdings.get(&id)).map(|h| h.display.clone());
    Ok(VisitRow {
        id: visit.id,
        at: visit.at,
        kind: visit.kind.word(),
        place: visit.place,
        place_says: directory.path_name(&visit.place),
        by: by.or_else(|| directory.display(&visit.person).map(str::to_owned)).unwrap_or_default(),
        room,
        whom,
        visited,
        heard,
        case,
    })
}
