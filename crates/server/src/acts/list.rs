//! Pages of the cases that somebody may see, in their own places and for their own bodies.

use std::collections::BTreeMap;

use cases::{
    Rulebook,
    case::{self, Case, CaseId, Filter, rules},
    task, view,
};
use commons::{people::BodyId, place::PlaceId};
use kernel::{Problem, Result, access::Actor, problem::NOT_YOURS, store::Db, vault::Keys};

/// What a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// A place and what lies in it.
    pub place: Option<PlaceId>,
    /// One state.
    pub state: Option<String>,
    /// One item.
    pub item: Option<String>,
    /// One lead body.
    pub body: Option<BodyId>,
    /// Cases with smaller ids than this one.
    pub before: Option<CaseId>,
    /// Words in what was said, or in the number.
    pub text: Option<String>,
    /// Rows.
    pub limit: usize,
}

/// A page.
#[derive(Debug, Default)]
pub struct Page {
    /// The cases, newest first.
    pub cases: Vec<Case>,
    /// Where the next page begins; none at the end.
    pub next: Option<CaseId>,
}

/// The roots over which somebody may read, narrowed to a wished place; `None` stands for the whole district.
///
/// # Errors
/// 403.1 when the wished place lies outside what they may read.
pub fn scope(rulebook: &Rulebook, actor: &Actor, wished: Option<PlaceId>) -> Result<Vec<Option<PlaceId>>> {
    let directory = &rulebook.directory;
    let roots: Vec<PlaceId> = actor.places("case.read").iter().filter_map(|id| id.parse().ok()).collect();
    let out = match wished {
        Some(place) if roots.iter().any(|root| directory.within(&place, root)) => vec![place],
        Some(place) => {
            // A wider place than one's own shows one's own part of it.
            let inside: Vec<PlaceId> = roots.into_iter().filter(|root| directory.within(root, &place)).collect();
            if inside.is_empty() && actor.bodies("case.read").is_empty() {
                return Err(Problem::new(&NOT_YOURS).with("permission", "case.read"));
            }
            inside
        }
        // A root within another root adds nothing.
        None => roots
            .iter()
            .filter(|root| !roots.iter().any(|other| other != *root && directory.within(root, other)))
            .copied()
            .collect(),
    };
    Ok(out.into_iter().map(|root| (root != *directory.root()).then_some(root)).collect())
}

/// One page of the cases that somebody may see.
///
/// A search looks through at most `searched` rows a page; then `next` says where to go on, also
/// when few were found.
///
/// # Errors
/// 403.1 outside what they may read; any store error.
pub fn page(
    db: &mut dyn Db,
    keys: &Keys,
    rulebook: &Rulebook,
    actor: &Actor,
    wish: &Wish,
    searched: usize,
) -> Result<Page> {
    let roots = scope(rulebook, actor, wish.place)?;
    let text = wish.text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_lowercase);
    let batch = if text.is_some() { searched.max(wish.limit) } else { wish.limit + 1 };
    let district = &rulebook.directory.district;
    let mut found: BTreeMap<CaseId, Case> = BTreeMap::new();
    for root in &roots {
        let filter = Filter {
            place: *root,
            state: wish.state.clone(),
            item: wish.item.clone(),
            due: None,
            body: None,
            before: wish.before,
        };
        found.extend(case::list(db, district, &filter, batch as i64)?.into_iter().map(|c| (c.id, c)));
    }
    let bodies: Vec<BodyId> = actor.bodies("case.read").iter().filter_map(|id| id.parse().ok()).collect();
    for case in of_bodies(db, rulebook, &bodies, wish, batch)? {
        found.insert(case.id, case);
    }
    let mut cases: Vec<Case> = found.into_values().rev().take(batch).collect();
    let full = cases.len() == batch;
    let mut next = cases.last().map(|c| c.id).filter(|_| full);
    if let Some(text) = text {
        let mut kept = Vec::new();
        for case in cases {
            let said = view::text(db, keys, district, &case.text)?.unwrap_or_default().to_lowercase();
            if said.contains(&text) || case.number.to_lowercase().contains(&text) {
                kept.push(case);
                if kept.len() == wish.limit {
                    next = kept.last().map(|c: &Case| c.id);
                    break;
                }
            }
        }
        return Ok(Page { cases: kept, next });
    }
    if cases.len() > wish.limit {
        cases.truncate(wish.limit);
        next = cases.last().map(|c| c.id);
    } else {
        next = None;
    }
    Ok(Page { cases, next })
}

/// Cases in which bodies have or had a task that was not taken back.
fn of_bodies(db: &mut dyn Db, rulebook: &Rulebook, bodies: &[BodyId], wish: &Wish, batch: usize) -> Result<Vec<Case>> {
    const LAST: &str = "~";
    let district = &rulebook.directory.district;
    let mut out = Vec::new();
    for state in ["sent", "acknowledged", "done"] {
        // Tasks are younger than their case: the newest of them, whatever the cursor on cases.
        for task in task::of_bodies(db, district, bodies, state, LAST, batch as i64)? {
            if let Some(case) = case::fetch(db, district, &task.case)?
                && wish.state.as_ref().is_none_or(|s| *s == case.state)
                && wish.item.as_ref().is_none_or(|i| *i == case.item)
                && wish.before.is_none_or(|before| case.id < before)
            {
                out.push(case);
            }
        }
    }
    Ok(out)
}

/// The case with a number, if somebody may see it.
///
/// # Errors
/// Any store error.
pub fn by_number(db: &mut dyn Db, rulebook: &Rulebook, actor: &Actor, number: &str) -> Result<Page> {
    let district = &rulebook.directory.district;
    let Some(case) = case::fetch_by_number(db, district, number.trim())? else {
        return Ok(Page::default());
    };
    let tasks = task::of_case(db, district, &case.id)?;
    let visible = rules::visible(rulebook, rules::Mover::staff(actor), &case, &tasks);
    Ok(Page { cases: if visible { vec![case] } else { Vec::new() }, next: None })
}
