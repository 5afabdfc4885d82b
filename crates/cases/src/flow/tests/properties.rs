//! Taking things away from the standard flows: either it is found, or another proof, written
//! independently of the checker, shows that nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// A concrete moment: the state and every clock (0 idle, 1 running, 2 paused).
type Moment = (String, BTreeMap<Clock, u8>);

fn moved(flow: &Flow, mv: &Move, (state, clocks): &Moment) -> Result<Moment, String> {
    let mut clocks = clocks.clone();
    for (list, ticks) in [
        (&mv.clocks.stop, [0, 0, 0]),
        (&mv.clocks.pause, [0, 2, 2]),
        (&mv.clocks.resume, [0, 1, 1]),
        (&mv.clocks.run, [1, 1, 1]),
    ] {
        for clock in list {
            let tick = clocks.entry(*clock).or_default();
            *tick = ticks[usize::from(*tick)];
        }
    }
    for clock in &mv.clocks.start {
        if clocks.insert(*clock, 1) != Some(0) {
            return Err(format!("{} starts {clock:?} again", mv.id));
        }
    }
    let to = if mv.to == "=" { state.clone() } else { mv.to.clone() };
    flow.state(&to).ok_or(format!("{} leads nowhere", mv.id))?;
    Ok((to, clocks))
}

/// Walks every moment there is and looks at each; `Err` says what is wrong with the flow.
fn walk(flow: &Flow) -> Result<(), String> {
    let idle = Clock::ALL.iter().map(|clock| (*clock, u8::from(flow.starts.contains(clock)))).collect();
    let mut seen: BTreeSet<Moment> = BTreeSet::new();
    let mut fresh: Vec<Moment> = vec![(flow.start.clone(), idle)];
    let mut steps: Vec<(Moment, Moment)> = Vec::new();
    while let Some(moment) = fresh.pop() {
        if !seen.insert(moment.clone()) {
            continue;
        }
        for mv in flow.moves.iter().filter(|mv| mv.from.contains(&moment.0)) {
            let next = moved(flow, mv, &moment)?;
            steps.push((moment.clone(), next.clone()));
            fresh.push(next);
        }
    }
    for state in &flow.states {
        if !seen.iter().any(|(at, _)| *at == state.id) {
            return Err(format!("{} is never reached", state.id));
        }
    }
    let open = |moment: &Moment| flow.states.iter().any(|state| state.id == moment.0 && state.open);
    let mut ends: BTreeSet<&Moment> = seen.iter().filter(|moment| !open(moment)).collect();
    loop {
        let more: Vec<&Moment> =
            steps.iter().filter(|(from, to)| ends.contains(to) && !ends.contains(from)).map(|(from, _)| from).collect();
        if more.is_empty() {
            break;
        }
        ends.extend(more);
    }
    for moment in &seen {
        let state = flow.state(&moment.0).ok_or("lost")?;
        if !ends.contains(moment) {
            return Err(format!("{moment:?} never ends"));
        }
        let running: BTreeSet<Clock> =
            moment.1.iter().filter(|(_, tick)| **tick == 1).map(|(clock, _)| *clock).collect();
        if running != state.clocks.iter().copied().collect()
            || (!state.open && moment.1.values().any(|tick| *tick != 0))
        {
            return Err(format!("{moment:?} has the wrong clocks"));
        }
        let back = steps.iter().any(|(from, to)| from == moment && open(to));
        if !state.open && back == state.last {
            return Err(format!("{} has no way back, or should have none", state.id));
        }
    }
    Ok(())
}

/// Everybody there is: every set of relations, with and without the permission.
fn everybody() -> impl Iterator<Item = (bool, Vec<Relation>)> {
    (0u32..1 << (Relation::ALL.len() + 1)).map(|bits| {
        let relations = Relation::ALL.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, one)| *one);
        (bits >> Relation::ALL.len() & 1 == 1, relations.collect())
    })
}

/// Nothing is lost from `whole` in `part`: it is still a flow, nobody new is let in, and as much is
/// asked, done and said at every move that is left.
fn harmless(whole: &Flow, part: &Flow) -> Result<(), String> {
    walk(part)?;
    if (&whole.subject, &whole.start, &whole.starts) != (&part.subject, &part.start, &part.starts) {
        return Err("another beginning".into());
    }
    for state in &part.states {
        let kept = whole
            .state(&state.id)
            .is_some_and(|old| State { line: 0, ..old.clone() } == State { line: 0, ..state.clone() });
        if !kept {
            return Err(format!("{} says something else", state.id));
        }
    }
    for mv in &part.moves {
        let old = whole.mv(&mv.id).ok_or("a move from nowhere")?;
        if (&old.permission, &old.who) != (&mv.permission, &mv.who) {
            admits_less(old, mv)?;
        }
        let keeps = old.requires.iter().all(|need| mv.requires.contains(need))
            && old.effects.iter().all(|effect| mv.effects.contains(effect))
            && (&old.tell, &old.button, &old.zh, &old.en) == (&mv.tell, &mv.button, &mv.zh, &mv.en)
            && (old.round, old.times, old.longest_days, &old.unsolved)
                == (mv.round, mv.times, mv.longest_days, &mv.unsolved);
        if !keeps {
            return Err(format!("{} asks, does or says less", mv.id));
        }
        if mv.unsolved.as_ref().is_some_and(|next| part.mv(next).is_none()) {
            return Err(format!("{} has no way for a no", mv.id));
        }
    }
    Ok(())
}

/// Nobody comes in who did not before, and somebody still does.
fn admits_less(old: &Move, new: &Move) -> Result<(), String> {
    let wider = everybody().find(|(holds, relations)| new.admits(*holds, relations) && !old.admits(*holds, relations));
    match wider {
        Some(somebody) => Err(format!("{} lets in {somebody:?}", new.id)),
        None if everybody().any(|(holds, relations)| new.admits(holds, &relations)) => Ok(()),
        None => Err(format!("{} lets nobody in", new.id)),
    }
}

fn found_or_harmless(whole: &Flow, part: &Flow) -> Result<(), String> {
    if check(part, PERMISSIONS).is_empty() { harmless(whole, part) } else { Ok(()) }
}

#[test]
fn the_other_proof_finds_the_standard_flows_whole() {
    assert_eq!(harmless(standard_case(), standard_case()), Ok(()));
    assert_eq!(harmless(standard_task(), standard_task()), Ok(()));
}

#[test]
fn any_line_taken_out_is_found_or_harmless() {
    for (whole, text) in [(standard_case(), CASE_TOML), (standard_task(), TASK_TOML)] {
        let lines: Vec<&str> = text.lines().collect();
        let mut spared = BTreeSet::new();
        for gone in 0..lines.len() {
            let left: Vec<&str> =
                lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
            if let Ok(part) = Flow::parse(&left.join("\n"), "f") {
                found_or_harmless(whole, &part)
                    .unwrap_or_else(|lost| panic!("line {}: {}: {lost}", gone + 1, lines[gone]));
                if check(&part, PERMISSIONS).is_empty() {
                    spared.insert(lines[gone].split('=').next().unwrap_or_default().trim());
                }
            }
        }
        // A permission goes without loss where the asker moves alone.
        let nothing_lost = ["", "clocks", "permission", "tone"];
        let unexpected: Vec<&&str> =
            spared.iter().filter(|key| !key.starts_with('#') && !nothing_lost.contains(key)).collect();
        assert!(unexpected.is_empty(), "{unexpected:?}");
    }
}

#[test]
fn any_move_taken_out_is_found_or_harmless() {
    for whole in [standard_case(), standard_task()] {
        for gone in &whole.moves {
            let mut part = whole.clone();
            part.moves.retain(|mv| mv.id != gone.id);
            found_or_harmless(whole, &part).unwrap_or_else(|lost| panic!("without {}: {lost}", gone.id));
        }
    }
}

/// Takes one word out of one place of a move; which, says `pick`. Nothing where there is nothing.
fn take(mv: &mut Move, place: usize, pick: Index) {
    fn out<T>(list: &mut Vec<T>, pick: Index) {
        if !list.is_empty() {
            list.remove(pick.index(list.len()));
        }
    }
    match place {
        0 => mv.permission = None,
        1 => mv.tell.zh.clear(),
        2 => mv.tell.en.clear(),
        3 => out(&mut mv.who, pick),
        4 => out(&mut mv.requires, pick),
        5 => out(&mut mv.effects, pick),
        6 => out(&mut mv.from, pick),
        7 => out(&mut mv.clocks.start, pick),
        8 => out(&mut mv.clocks.stop, pick),
        9 => out(&mut mv.clocks.pause, pick),
        10 => out(&mut mv.clocks.run, pick),
        11 => mv.unsolved = None,
        12 => mv.round = false,
        13 => mv.times = None,
        _ => mv.longest_days = None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn whatever_is_taken_out_is_found_or_harmless(
        of_task in any::<bool>(),
        gone in proptest::collection::vec(any::<Index>(), 0..3),
        taken in proptest::collection::vec((any::<Index>(), 0usize..15, any::<Index>()), 0..4),
    ) {
        let whole = if of_task { standard_task() } else { standard_case() };
        let mut part = whole.clone();
        for one in gone {
            part.moves.remove(one.index(part.moves.len()));
        }
        for (mv, place, pick) in taken {
            let at = mv.index(part.moves.len());
            take(&mut part.moves[at], place, pick);
        }
        found_or_harmless(whole, &part).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn reading_and_checking_never_panic(at in any::<Index>(), length in 0usize..80, new in "\\PC{0,12}") {
        let from = CASE_TOML.floor_char_boundary(at.index(CASE_TOML.len()));
        let to = CASE_TOML.floor_char_boundary((from + length).min(CASE_TOML.len()));
        let text = [&CASE_TOML[..from], &new, &CASE_TOML[to..]].concat();
        match Flow::parse(&text, "f") {
            Ok(flow) => drop(check(&flow, PERMISSIONS)),
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }
}
