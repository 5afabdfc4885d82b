//! What a move does beyond the case's own row: tasks are given and taken back, the owner climbs.

use commons::people::BodyId;
use kernel::{Problem, Result, Tx};

use super::{BODIES_MAX, Case, Inputs, rules::Mover};
use crate::{
    Rulebook,
    flow::{Effect, Move},
    problems::{NO_BODY, UNKNOWN_BODY},
    task::{self, Kind, Task},
};

/// Who is to act: bodies, or a post-holder by service name.
pub(super) enum Doer {
    /// An organisation.
    Body(BodyId),
    /// Somebody in a post.
    Holder(commons::people::HoldingId),
}

/// The bodies or people that a move names; those of the catalogue when it names none.
pub(super) fn doers(rules: &Rulebook, case: &Case, inputs: &Inputs, now: kernel::Timestamp) -> Result<Vec<Doer>> {
    let directory = &rules.directory;
    let named = inputs.to.iter().flat_map(|name| name.split(['、', ',', '，', ';', '；'])).map(str::trim).filter(|n| !n.is_empty());
    let mut out = Vec::new();
    for name in named.take(BODIES_MAX) {
        let by_id = name.parse::<BodyId>().ok().filter(|id| directory.bodies.contains_key(id));
        if let Some(id) = by_id.or_else(|| directory.body_named(name, Some(&case.place)).map(|b| b.id)) {
            out.push(Doer::Body(id));
        } else if let Some(holding) = directory.holdings.values().find(|h| h.display == name && h.valid_at(now)) {
            out.push(holding.body.map_or(Doer::Holder(holding.id), Doer::Body));
        } else {
            return Err(Problem::new(&UNKNOWN_BODY).with("body", name));
        }
    }
    if out.is_empty()
        && let Some(item) = directory.items.get(&case.item)
    {
        out.extend(directory.duty_bodies(item, &case.place, "lead").into_iter().take(1).map(Doer::Body));
    }
    Ok(out)
}

fn doer_of(task: &Task) -> Option<Doer> {
    task.body.map(Doer::Body).or(task.assignee.map(Doer::Holder))
}

/// Applies the effects of a move that need tasks or the directory.
pub(super) fn apply(tx: &mut Tx<'_>, rules: &Rulebook, mover: Mover<'_>, mv: &Move, case: &mut Case, tasks: &mut Vec<Task>, inputs: &Inputs) -> Result<()> {
    let now = tx.now();
    let settled = mv.effects.contains(&Effect::Final);
    for effect in &mv.effects {
        match effect {
            Effect::LeadTask => {
                let doers = doers(rules, case, inputs, now)?;
                let mut doers = doers.into_iter();
                let lead = doers.next().ok_or_else(|| no_body(rules, case))?;
                for old in tasks.iter_mut().filter(|t| t.open() && t.kind == Kind::Lead) {
                    task::settle(tx, rules, old, "withdrawn", "case.redispatch")?;
                }
                give(tx, rules, mover, case, tasks, Kind::Lead, &lead, settled)?;
                // A second body named with the first one assists.
                for doer in doers {
                    give(tx, rules, mover, case, tasks, Kind::Assist, &doer, settled)?;
                }
            }
            Effect::AssistTask | Effect::WhistleTask => {
                let kind = if *effect == Effect::AssistTask { Kind::Assist } else { Kind::Whistle };
                let doers = doers(rules, case, inputs, now)?;
                if doers.is_empty() {
                    return Err(no_body(rules, case));
                }
                for doer in doers {
                    give(tx, rules, mover, case, tasks, kind, &doer, false)?;
                }
            }
            Effect::WithdrawTasks => {
                for open in tasks.iter_mut().filter(|t| t.open()) {
                    task::settle(tx, rules, open, "withdrawn", &format!("case.{}", mv.id))?;
                }
            }
            Effect::Finish => {
                for open in tasks.iter_mut().filter(|t| t.open()) {
                    task::settle(tx, rules, open, "done", "case.finish")?;
                }
            }
            Effect::ReopenTask => {
                if !tasks.iter().any(|t| t.open() && t.kind == Kind::Lead) {
                    let last = tasks.iter().rev().find(|t| t.kind == Kind::Lead && t.state == "done");
                    let doer = last.and_then(doer_of).or(case.lead_body.map(Doer::Body)).or(case.owner.map(Doer::Holder));
                    if let Some(doer) = doer {
                        give(tx, rules, mover, case, tasks, Kind::Lead, &doer, false)?;
                    }
                }
            }
            Effect::Climb | Effect::OtherBody => climb(rules, case, now),
            Effect::FollowAsker
            | Effect::UnfollowAsker
            | Effect::Unrated
            | Effect::OtherChecker
            | Effect::Final
            | Effect::None
            | Effect::ExtendAsked
            | Effect::ExtendGranted
            | Effect::ExtendRefused => {}
        }
    }
    Ok(())
}

fn no_body(rules: &Rulebook, case: &Case) -> Problem {
    let item = rules.directory.items.get(&case.item).map_or(case.item.as_str(), |i| i.name.as_str());
    Problem::new(&NO_BODY).with("item", item).with("place", rules.directory.path_name(&case.place))
}

/// The owner becomes whoever is on duty at the next place above that has somebody.
pub(super) fn climb(rules: &Rulebook, case: &mut Case, now: kernel::Timestamp) {
    let from = case.owner_place.unwrap_or(case.grid);
    if let Some(above) = rules.directory.on_duty_above(&from, now) {
        case.owner = Some(above.holding);
        case.owner_place = Some(above.place);
    }
}

#[allow(clippy::too_many_arguments)]
fn give(tx: &mut Tx<'_>, rules: &Rulebook, mover: Mover<'_>, case: &mut Case, tasks: &mut Vec<Task>, kind: Kind, doer: &Doer, settled: bool) -> Result<()> {
    let (body, assignee) = match doer {
        Doer::Body(body) => (Some(*body), None),
        Doer::Holder(holding) => (None, Some(*holding)),
    };
    if tasks.iter().any(|t| t.open() && t.body == body && t.assignee == assignee) {
        return Ok(());
    }
    let task = task::insert_new(tx, rules, case, mover.actor.name(), kind, body, assignee, settled)?;
    if kind == Kind::Lead {
        case.lead_body = body;
        case.lead_task = Some(task.id);
    }
    tasks.push(task);
    Ok(())
}
