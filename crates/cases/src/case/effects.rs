//! What a move does beyond the case's own row: tasks are given and taken back, the owner climbs.

use commons::people::{BodyId, HoldingId};
use kernel::{Problem, Result, Tx, id::PersonId, problem::TOO_LARGE};

use super::{BODIES_MAX, Case, Inputs, TASKS_MAX, rules::Mover};
use crate::{
    Rulebook,
    flow::{Effect, Move},
    problems::{NO_BODY, UNKNOWN_BODY},
    task::{self, Kind, Task},
};

/// Who is to act: bodies, or a post-holder by service name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Doer {
    /// An organisation.
    Body(BodyId),
    /// Somebody in a post.
    Holder(HoldingId),
}

impl Doer {
    /// How people call it.
    pub(super) fn says(self, rules: &Rulebook) -> Option<String> {
        match self {
            Doer::Body(id) => rules.directory.bodies.get(&id).map(|b| b.name.clone()),
            Doer::Holder(id) => rules.directory.holdings.get(&id).map(|h| h.display.clone()),
        }
    }
}

/// The part of a task that a move gives, if it gives any.
fn part_given(mv: &Move) -> Option<Kind> {
    let has = |effect| mv.effects.contains(&effect);
    match () {
        () if has(Effect::LeadTask) => Some(Kind::Lead),
        () if has(Effect::AssistTask) => Some(Kind::Assist),
        () if has(Effect::WhistleTask) => Some(Kind::Whistle),
        () => None,
    }
}

/// The bodies or people that a move names, each once; those of the catalogue when it names none. A
/// whistle is always for somebody named. None for a move that gives no task.
///
/// # Errors
/// 422.4 for a name that nobody has; 413.1 for too many.
pub(super) fn doers(
    rules: &Rulebook,
    mv: &Move,
    case: &Case,
    inputs: &Inputs,
    now: kernel::Timestamp,
) -> Result<Vec<Doer>> {
    let Some(part) = part_given(mv) else {
        return Ok(Vec::new());
    };
    let directory = &rules.directory;
    let named: Vec<&str> = inputs
        .to
        .iter()
        .flat_map(|name| name.split(['、', ',', '，', ';', '；']))
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    if named.len() > BODIES_MAX {
        return Err(Problem::new(&TOO_LARGE).saying("what", "单位", "Bodies").with("limit", BODIES_MAX));
    }
    let mut out: Vec<Doer> = Vec::new();
    for name in named {
        let by_id = name.parse::<BodyId>().ok().filter(|id| directory.bodies.contains_key(id));
        let body = by_id.or_else(|| directory.body_named(name, Some(&case.place)).map(|b| b.id)).map(Doer::Body);
        let holder = || {
            directory
                .holdings
                .values()
                .find(|h| h.display == name && h.valid_at(now))
                .map(|h| h.body.map_or(Doer::Holder(h.id), Doer::Body))
        };
        let doer = body.or_else(holder).ok_or_else(|| Problem::new(&UNKNOWN_BODY).with("body", name))?;
        if !out.contains(&doer) {
            out.push(doer);
        }
    }
    if out.is_empty()
        && let Some(item) = directory.items.get(&case.item)
    {
        let of = |part| directory.duty_bodies(item, &case.place, part).into_iter().map(Doer::Body);
        match part {
            Kind::Lead => out.extend(of("lead").take(1)),
            Kind::Assist => out.extend(of("assist").take(BODIES_MAX)),
            Kind::Whistle => {}
        }
    }
    Ok(out)
}

fn doer_of(task: &Task) -> Option<Doer> {
    task.body.map(Doer::Body).or(task.assignee.map(Doer::Holder))
}

/// Applies the effects of a move that need tasks or the directory.
pub(super) fn apply(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mover: Mover<'_>,
    mv: &Move,
    case: &mut Case,
    tasks: &mut Vec<Task>,
    inputs: &Inputs,
) -> Result<()> {
    let now = tx.now();
    let settled = mv.effects.contains(&Effect::Final);
    for effect in &mv.effects {
        match effect {
            Effect::LeadTask => {
                let mut doers = doers(rules, mv, case, inputs, now)?.into_iter();
                let lead = doers.next().ok_or_else(|| no_body(rules, case))?;
                for old in tasks.iter_mut().filter(|t| t.open() && t.kind == Kind::Lead) {
                    task::settle(tx, rules, old, "withdrawn", "case.redispatch")?;
                }
                give(tx, rules, mover, case, tasks, Kind::Lead, lead, settled)?;
                // A second body named with the first one assists.
                for doer in doers {
                    give(tx, rules, mover, case, tasks, Kind::Assist, doer, settled)?;
                }
            }
            Effect::AssistTask | Effect::WhistleTask => {
                let kind = if *effect == Effect::AssistTask { Kind::Assist } else { Kind::Whistle };
                let doers = doers(rules, mv, case, inputs, now)?;
                if doers.is_empty() {
                    return Err(no_body(rules, case));
                }
                for doer in doers {
                    give(tx, rules, mover, case, tasks, kind, doer, false)?;
                }
            }
            Effect::WithdrawTasks => {
                for open in tasks.iter_mut().filter(|t| t.open()) {
                    task::settle(tx, rules, open, "withdrawn", &format!("case.{}", mv.id))?;
                }
                case.lead_task = None;
            }
            Effect::Finish => {
                for open in tasks.iter_mut().filter(|t| t.open()) {
                    // Whoever was called and did not say that they were done has not done it.
                    let state = if open.kind == Kind::Whistle { "withdrawn" } else { "done" };
                    task::settle(tx, rules, open, state, "case.finish")?;
                }
                hands(rules, case, tasks);
            }
            Effect::ReopenTask => {
                if !tasks.iter().any(|t| t.open() && t.kind == Kind::Lead) {
                    let led = |t: &&Task| t.kind == Kind::Lead && t.state == "done";
                    let last = tasks
                        .iter()
                        .filter(|t| Some(t.id) == case.lead_task)
                        .find(led)
                        .or_else(|| tasks.iter().rev().find(led));
                    let doer =
                        last.and_then(doer_of).or(case.lead_body.map(Doer::Body)).or(case.owner.map(Doer::Holder));
                    if let Some(doer) = doer {
                        give(tx, rules, mover, case, tasks, Kind::Lead, doer, false)?;
                    }
                }
            }
            Effect::Climb | Effect::OtherBody => climb(rules, case, now),
            Effect::Unrated => {
                // A "no" of an earlier round is not the word on this one, and silence is none.
                case.solved = None;
                case.satisfied = None;
            }
            Effect::FollowAsker
            | Effect::UnfollowAsker
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

/// Everybody who had a part in the work of this round: they may not judge it.
fn hands(rules: &Rulebook, case: &mut Case, tasks: &[Task]) {
    for task in tasks.iter().filter(|t| t.round == case.round && t.state == "done") {
        if let Some(body) = task.body.filter(|b| !case.handler_bodies.contains(b)) {
            case.handler_bodies.push(body);
        }
        let person = task.assignee.and_then(|id| rules.directory.holdings.get(&id)).map(|h| h.person);
        if let Some(person) = person.filter(|p| !case.handlers.contains(p)) {
            case.handlers.push(person);
        }
    }
}

pub(super) fn no_body(rules: &Rulebook, case: &Case) -> Problem {
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

/// The owner becomes the nearest one above who may rule on whose it is; whoever is highest, if nobody may.
pub(super) fn climb_to_ruling(rules: &Rulebook, case: &mut Case, now: kernel::Timestamp) {
    climb_to(rules, case, now, |person| rules.directory.actor(person, None, now).holds("case.adjudicate"));
}

fn climb_to(rules: &Rulebook, case: &mut Case, now: kernel::Timestamp, may: impl Fn(&PersonId) -> bool) {
    while !case.owner.and_then(|id| rules.directory.holdings.get(&id)).is_some_and(|h| may(&h.person)) {
        let before = (case.owner, case.owner_place);
        climb(rules, case, now);
        if (case.owner, case.owner_place) == before {
            return;
        }
    }
}

/// The owner if they may, else the nearest one on duty above who may; nobody, if nobody may.
pub(super) fn nearest_who(
    rules: &Rulebook,
    case: &Case,
    now: kernel::Timestamp,
    may: impl Fn(&PersonId) -> bool,
) -> Option<PersonId> {
    let mut case = case.clone();
    climb_to(rules, &mut case, now, &may);
    case.owner.and_then(|id| rules.directory.holdings.get(&id)).map(|h| h.person).filter(may)
}

/// How much a task asks of its body.
fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::Whistle => 0,
        Kind::Assist => 1,
        Kind::Lead => 2,
    }
}

#[allow(clippy::too_many_arguments)]
fn give(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mover: Mover<'_>,
    case: &mut Case,
    tasks: &mut Vec<Task>,
    kind: Kind,
    doer: Doer,
    settled: bool,
) -> Result<()> {
    // Whoever has a larger part of it already keeps that; a smaller part becomes this one.
    for old in tasks.iter_mut().filter(|t| t.open() && doer_of(t) == Some(doer)) {
        if weight(old.kind) >= weight(kind) {
            return Ok(());
        }
        task::settle(tx, rules, old, "withdrawn", "case.other_part")?;
    }
    if tasks.len() >= TASKS_MAX {
        return Err(Problem::new(&TOO_LARGE).saying("what", "任务", "Tasks").with("limit", TASKS_MAX));
    }
    let (body, assignee) = match doer {
        Doer::Body(body) => (Some(body), None),
        Doer::Holder(holding) => (None, Some(holding)),
    };
    let task = task::insert_new(tx, rules, case, mover.actor.name(), kind, body, assignee, settled, tasks.len())?;
    if kind == Kind::Lead {
        case.lead_body = body;
        case.lead_task = Some(task.id);
    }
    tasks.push(task);
    Ok(())
}
