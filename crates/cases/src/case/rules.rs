//! What a move needs, who may make it, and what it does to a case. Pure.

use std::collections::BTreeSet;

use commons::{catalogue::Item, people::BodyId, place::PlaceId};
use kernel::{
    Problem, Result, Timestamp,
    access::Actor,
    problem::{NOT_FOUND, NOT_YOURS},
};

use super::{Case, Inputs};
use crate::{
    Rulebook, clock,
    flow::{Move, Need, Relation},
    problems::{HANDLER, NEED_MISSING, NOT_FROM_HERE, TOO_OFTEN},
    task::Task,
};

/// Who moves: somebody with an account, the asker, or the clock.
#[derive(Clone, Copy)]
pub struct Mover<'a> {
    /// The account's holder; anonymous for an asker with a look-up code.
    pub actor: &'a Actor,
    /// True when they showed the look-up code, or are the asker by their account.
    pub asker: bool,
    /// True when no person moves but a moment that fell due.
    pub system: bool,
}

impl<'a> Mover<'a> {
    /// Somebody with an account.
    pub fn staff(actor: &'a Actor) -> Self {
        Self { actor, asker: false, system: false }
    }
    /// Somebody who showed the look-up code.
    pub fn asker(actor: &'a Actor) -> Self {
        Self { actor, asker: true, system: false }
    }
    /// The clock.
    pub fn system(actor: &'a Actor) -> Self {
        Self { actor, asker: false, system: true }
    }
}

/// The places over which a permission counts for a case: its place and those above it. To look
/// and to check, officers of the neighbouring grids count too: somebody else must be able to.
pub fn reach<'r>(rules: &'r Rulebook, case: &Case, permission: &str) -> Vec<&'r str> {
    let directory = &rules.directory;
    let mut places = directory.chain_ids(&case.place);
    places.extend(directory.chain_ids(&case.grid));
    let neighbours = matches!(permission, "case.verify" | "case.check")
        || (permission == "case.read" && matches!(case.state.as_str(), "verifying" | "checking"));
    if neighbours && let Some(parent) = directory.places.get(&case.grid).and_then(|grid| grid.parent) {
        places.extend(directory.below(&parent).map(|place| place.id.as_str()));
    }
    for near in &case.near {
        places.push(directory.places.get_key_value(near).map_or("", |(id, _)| id.as_str()));
    }
    places
}

/// The bodies over which a permission counts for a case: those that lead or have a task.
pub fn bodies(case: &Case, tasks: &[Task]) -> Vec<BodyId> {
    tasks
        .iter()
        .filter(|t| t.state != "withdrawn")
        .filter_map(|t| t.body)
        .chain(case.lead_body)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// True when a permission is held over a case.
pub fn holds(rules: &Rulebook, actor: &Actor, case: &Case, tasks: &[Task], permission: &str) -> bool {
    let bodies = bodies(case, tasks);
    let bodies: Vec<&str> = bodies.iter().map(BodyId::as_str).collect();
    actor.may(permission, &reach(rules, case, permission), &bodies)
        || (actor.person.is_some() && actor.holds(permission) && assigned(rules, actor, tasks))
}

fn assigned(rules: &Rulebook, actor: &Actor, tasks: &[Task]) -> bool {
    tasks
        .iter()
        .filter(|t| t.open())
        .filter_map(|t| rules.directory.holdings.get(&t.assignee?))
        .any(|h| Some(h.person) == actor.person)
}

/// True when somebody may see a case at all.
pub fn visible(rules: &Rulebook, mover: Mover<'_>, case: &Case, tasks: &[Task]) -> bool {
    mover.asker
        || mover.system
        || Some(case.asker) == mover.actor.person
        || holds(rules, mover.actor, case, tasks, "case.read")
}

/// How somebody stands to a case.
pub fn relations(rules: &Rulebook, mover: Mover<'_>, case: &Case, tasks: &[Task]) -> Vec<Relation> {
    if mover.system {
        return vec![Relation::System];
    }
    let actor = mover.actor;
    let mut out = vec![Relation::Any];
    if mover.asker || (actor.person.is_some() && Some(case.asker) == actor.person) {
        out.push(Relation::Asker);
    }
    let owner = case.owner.and_then(|id| rules.directory.holdings.get(&id));
    if owner.is_some_and(|h| Some(h.person) == actor.person) {
        out.push(Relation::Owner);
    }
    let own_bodies: Vec<&str> = actor.grants.iter().filter_map(|g| g.body.as_deref()).collect();
    let open_bodies = tasks.iter().filter(|t| t.open()).filter_map(|t| t.body);
    if open_bodies.into_iter().any(|body| own_bodies.contains(&body.as_str())) || assigned(rules, actor, tasks) {
        out.push(Relation::TaskBody);
    }
    if actor.holds("case.dispatch") || actor.holds("case.whistle") {
        out.push(Relation::Dispatcher);
    }
    // An asker who shows a look-up code is somebody too: who raised a matter may have worked on it.
    let selves = actor.person.into_iter().chain(mover.asker.then_some(case.asker));
    let judged_before = selves.into_iter().any(|p| case.handlers.contains(&p) || case.barred.contains(&p));
    let of_a_handling_body = case.handler_bodies.iter().any(|body| own_bodies.contains(&body.as_str()));
    if !judged_before && !of_a_handling_body {
        out.push(Relation::NotHandler);
    }
    out
}

/// Refuses whoever a case lies outside the reach of. Somebody with an account is told that it is not
/// theirs; to everybody else it is not there.
///
/// # Errors
/// 403.1, 404.1.
pub fn within_reach(rules: &Rulebook, mover: Mover<'_>, case: &Case, tasks: &[Task], id: &str) -> Result<()> {
    if visible(rules, mover, case, tasks) {
        return Ok(());
    }
    match mover.actor.person {
        Some(_) => Err(not_yours(rules, "case.read")),
        None => Err(Problem::new(&NOT_FOUND).with("what", id)),
    }
}

/// Refuses a move that would not be the mover's from any state: who may never do it is told so, and
/// not that the moment is wrong.
///
/// # Errors
/// 403.1.
pub fn ever(rules: &Rulebook, mover: Mover<'_>, case: &Case, tasks: &[Task], word: &str) -> Result<()> {
    let theirs = |mv: &&Move| {
        let permitted = mv.permission.as_deref().is_some_and(|p| holds(rules, mover.actor, case, tasks, p));
        let asks = mv.who.contains(&Relation::Asker) && relations(rules, mover, case, tasks).contains(&Relation::Asker);
        permitted || asks || mover.system
    };
    let people = |mv: &&Move| !mv.system_only() && (mv.id == word || mv.zh == word);
    let named: Vec<&Move> = rules.case_flow.moves.iter().filter(people).collect();
    // A task's word where there is no task yet.
    let part = rules.task_flow.moves.iter().find(|mv| mv.id == word || mv.zh == word);
    let permission = |mv: &Move| mv.permission.clone().unwrap_or_else(|| "asker".to_owned());
    let refused = match (named.first(), part) {
        (Some(first), _) => (!named.iter().any(theirs)).then(|| permission(first)),
        (None, Some(part)) => (!theirs(&part)).then(|| permission(part)),
        (None, None) => None,
    };
    refused.map_or(Ok(()), |permission| Err(not_yours(rules, &permission)))
}

/// 403.1 with the permission as people call it.
pub fn not_yours(rules: &Rulebook, permission: &str) -> Problem {
    let known = rules.directory.pack.permissions.iter().find(|p| p.word == permission);
    let problem = Problem::new(&NOT_YOURS);
    match (known, permission) {
        (Some(known), _) => problem.saying("permission", known.zh.as_str(), known.en.as_str()),
        (None, "asker") => problem.saying("permission", "说这件事的人自己", "the one who asked"),
        (None, other) => problem.with("permission", other),
    }
}

/// Finds the move by its word, or the one that a "not solved" leads to instead, if it leaves the case's state.
///
/// # Errors
/// 422.1 when no such move leaves this state.
pub fn find_move<'f>(rules: &'f Rulebook, state: &str, word: &str, inputs: &Inputs) -> Result<&'f Move> {
    let flow = &rules.case_flow;
    let refuse = || {
        let says = flow.state(state).map_or(state, |s| s.zh.as_str());
        // A word of the task's flow: there is no task on which it could be made.
        let action = flow.mv(word).or_else(|| rules.task_flow.mv(word)).map_or(word, |mv| mv.zh.as_str());
        Problem::new(&NOT_FROM_HERE).with("state", says).with("action", action)
    };
    let by_word = flow.mv(word).filter(|mv| mv.leaves(state)).or_else(|| flow.action_from(state, word));
    let mv = by_word.ok_or_else(refuse)?;
    match (&mv.unsolved, inputs.solved) {
        (Some(other), Some(false)) if mv.to != "=" => flow.mv(other).filter(|mv| mv.leaves(state)).ok_or_else(refuse),
        _ => Ok(mv),
    }
}

/// Checks that somebody may make a move on a case.
///
/// # Errors
/// 403.3 when only a hand in the work stands in the way, 403.1 otherwise.
pub fn admit(rules: &Rulebook, mover: Mover<'_>, mv: &Move, case: &Case, tasks: &[Task]) -> Result<()> {
    let permitted = mv.permission.as_deref().is_some_and(|p| holds(rules, mover.actor, case, tasks, p));
    let mut relations = relations(rules, mover, case, tasks);
    if mv.admits(permitted, &relations) {
        return Ok(());
    }
    relations.push(Relation::NotHandler);
    if mv.admits(permitted, &relations) {
        return Err(Problem::new(&HANDLER).with("action", &mv.zh));
    }
    Err(not_yours(rules, mv.permission.as_deref().unwrap_or("asker")))
}

/// What came with a move.
pub fn given(inputs: &Inputs) -> BTreeSet<Need> {
    let some = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let pairs = [
        (Need::Reason, some(&inputs.reason)),
        (Need::Answer, some(&inputs.answer)),
        (Need::Basis, some(&inputs.basis)),
        (Need::Topic, some(&inputs.topic)),
        (Need::Item, some(&inputs.item)),
        (Need::Place, some(&inputs.place)),
        (Need::Body, !inputs.to.is_empty()),
        (Need::Until, some(&inputs.until)),
        (Need::Into, some(&inputs.into)),
        (Need::Evidence, !inputs.photos.is_empty() || !inputs.evidence.is_empty()),
        (Need::Solved, inputs.solved.is_some()),
        (Need::Satisfied, inputs.satisfied.as_deref().is_some_and(|w| rating(w).is_some())),
    ];
    pairs.into_iter().filter(|(_, there)| *there).map(|(need, _)| need).collect()
}

/// A need's name for people.
pub fn need_says(need: Need) -> (&'static str, &'static str) {
    match need {
        Need::Reason => ("理由", "a reason"),
        Need::Answer => ("答复", "an answer"),
        Need::Evidence => ("照片", "a photo"),
        Need::Item => ("事项", "an item"),
        Need::Body => ("单位", "a body"),
        Need::Into => ("并入哪一件", "the case it joins"),
        Need::Until => ("期限", "a day"),
        Need::Basis => ("依据", "the basis"),
        Need::Solved => ("是否解决", "solved or not"),
        Need::Satisfied => ("是否满意", "satisfied or not"),
        Need::Place => ("地点", "a place"),
        Need::Topic => ("议题", "a topic"),
    }
}

/// Checks that a move has what it needs and was not made too often in this round.
///
/// # Errors
/// 422.2, 422.7.
pub fn complete(mv: &Move, given: &BTreeSet<Need>, case: &Case) -> Result<()> {
    if let Some(need) = mv.missing(given).first() {
        let (zh, en) = need_says(*need);
        return Err(Problem::new(&NEED_MISSING).with("action", &mv.zh).with("need", format!("{zh} ({en})")));
    }
    let made = case.made.get(&mv.id).copied().unwrap_or(0);
    match mv.times {
        Some(times) if made >= times => Err(Problem::new(&TOO_OFTEN).with("action", &mv.zh).with("times", times)),
        _ => Ok(()),
    }
}

/// Advances a case by a move: state, round, clocks and counters. Effects that need other rows come after.
pub fn advance(rules: &Rulebook, mv: &Move, case: &mut Case, item: &Item, now: Timestamp) {
    let from = case.state.clone();
    case.state = mv.target(&from).to_owned();
    if mv.round {
        case.round += 1;
        case.barred = case.barred.iter().chain(&case.judges).copied().collect::<BTreeSet<_>>().into_iter().collect();
        case.judges.clear();
        case.handlers.clear();
        case.handler_bodies.clear();
        case.made.clear();
        case.solved = None;
        case.satisfied = None;
        case.closed_at = None;
        case.closed_by = None;
    }
    if mv.times.is_some() {
        *case.made.entry(mv.id.clone()).or_default() += 1;
    }
    case.overdue = case.late(now);
    let limit_of = |clock| rules.limit(clock, item);
    clock::rules::apply(&mut case.clocks, &mv.clocks, case.round, &limit_of, &rules.directory.calendar, now);
    let open = rules.case_flow.state(&case.state).is_none_or(|s| s.open);
    if !open && case.closed_at.is_none() {
        case.closed_at = Some(now);
        case.closed_by = Some(mv.id.clone());
    }
    if open {
        case.closed_at = None;
        case.closed_by = None;
    }
    case.promised_at = promised(case);
}

/// The day promised to the asker: the handling clock's while there is one in this round, else the first clock's.
pub fn promised(case: &Case) -> Option<Timestamp> {
    let of = |name: &str| case.clocks.iter().rev().find(|run| run.name == name && run.round == case.round);
    match of("handle") {
        // While it is put off, the day on which it goes on is all that is promised.
        Some(run) if run.paused() => case.held_until.or(run.due),
        Some(run) => run.due,
        None => case.held_until.or_else(|| of("accept").and_then(|run| run.due)),
    }
}

/// The words in which an asker is satisfied or not; anything else is no answer.
pub fn rating(word: &str) -> Option<&'static str> {
    match word.trim() {
        "满意" | "satisfied" => Some("满意"),
        "基本满意" | "fairly_satisfied" | "fairly" => Some("基本满意"),
        "不满意" | "not_satisfied" | "unsatisfied" | "dissatisfied" => Some("不满意"),
        _ => None,
    }
}

/// What a case's places say for people: grid first, then the place itself when it is another.
pub fn place_says(rules: &Rulebook, place: &PlaceId) -> String {
    rules.directory.path_name(place)
}
