//! The proof that a table is a flow people can be led through (invariant I14): every state can be
//! reached and left, every move is guarded and said, every clock is started once and stopped, and
//! nobody judges their own work. Every code stands in [`super::FAULT_CODES`] and `docs/flows.md`.
//!
//! Here stands the part about names and ways; `clocks.rs`, `fair.rs`, `effects.rs` and `said.rs`
//! hold the others.

use std::collections::BTreeSet;

use super::{Clock, FAULT_CODES, Flow, FlowFault, Subject};

/// Everything wrong with a flow, by line; nothing for a flow that may be used.
/// `known_permissions`: the words that roles of the district may bundle (the standard ones are
/// [`super::PERMISSIONS`]).
pub fn check(flow: &Flow, known_permissions: &[&str]) -> Vec<FlowFault> {
    let mut proof = Proof { flow, faults: BTreeSet::new() };
    proof.names(known_permissions);
    proof.duplicates();
    proof.ways();
    proof.clocks();
    for state in &flow.states {
        proof.hears(state);
        proof.state_words(state);
    }
    for mv in &flow.moves {
        proof.guard(mv);
        proof.independence(mv);
        proof.closing(mv);
        proof.limits(mv);
        proof.effects(mv);
        proof.move_words(mv);
    }
    proof.faults.into_iter().collect()
}

/// The faults found so far in one flow.
pub(super) struct Proof<'a> {
    pub(super) flow: &'a Flow,
    faults: BTreeSet<FlowFault>,
}

impl<'a> Proof<'a> {
    pub(super) fn fault(&mut self, line: u32, code: &'static str, zh: &str, en: &str) {
        debug_assert!(FAULT_CODES.iter().any(|(known, _)| *known == code), "{code} is not listed");
        let message = format!("{zh} {en}");
        self.faults.insert(FlowFault { file: self.flow.file.clone(), line, code, message });
    }

    pub(super) fn open(&self, state: &str) -> bool {
        self.flow.state(state).is_some_and(|state| state.open)
    }

    pub(super) fn closed(&self, state: &str) -> bool {
        self.flow.state(state).is_some_and(|state| !state.open)
    }

    pub(super) fn runs(&self, state: &str, clock: Clock) -> bool {
        self.flow.state(state).is_some_and(|state| state.clocks.contains(&clock))
    }

    /// Names that point at nothing.
    fn names(&mut self, known_permissions: &[&str]) {
        let flow = self.flow;
        if flow.state(&flow.start).is_none() {
            let start = &flow.start;
            self.fault(
                1,
                "unknown_name",
                &format!("起点“{start}”不在状态里。"),
                &format!("The start “{start}” is not a state."),
            );
        }
        for mv in &flow.moves {
            let id = &mv.id;
            if mv.to != "=" && flow.state(&mv.to).is_none() {
                let to = &mv.to;
                self.fault(
                    mv.line,
                    "to_unknown",
                    &format!("“{id}”走向“{to}”，没有这个状态。"),
                    &format!("“{id}” leads to “{to}”, which is not a state."),
                );
            }
            if mv.from.is_empty() {
                self.fault(
                    mv.line,
                    "unknown_name",
                    &format!("“{id}”没写从哪个状态走（from）。"),
                    &format!("“{id}” does not say which states it leaves (from)."),
                );
            }
            for from in mv.from.iter().filter(|from| flow.state(from).is_none()) {
                self.fault(
                    mv.line,
                    "unknown_name",
                    &format!("“{id}”从“{from}”走，没有这个状态。"),
                    &format!("“{id}” leaves “{from}”, which is not a state."),
                );
            }
            let permission = mv.permission.as_deref();
            if let Some(word) = permission.filter(|word| !known_permissions.contains(word)) {
                self.fault(
                    mv.line,
                    "permission_unknown",
                    &format!("没有“{word}”这个权限词，没人拿得到它。"),
                    &format!("There is no permission “{word}”, so nobody can hold it."),
                );
            }
            self.unsolved(mv);
        }
    }

    /// The move for "not solved" can be made where it would be made.
    fn unsolved(&mut self, mv: &'a super::Move) {
        let Some(next) = &mv.unsolved else { return };
        let fits = self.flow.mv(next).is_some_and(|next| mv.from.iter().all(|from| next.leaves(from)));
        if !fits || *next == mv.id {
            self.fault(
                mv.line,
                "unknown_name",
                &format!("答“没解决”要走的“{next}”从这里走不了。"),
                &format!("“{next}”, for “not solved”, cannot be made from here."),
            );
        }
    }

    /// The same id or word twice, so that a name would not say which is meant.
    fn duplicates(&mut self) {
        let flow = self.flow;
        let (mut ids, mut words) = (BTreeSet::new(), BTreeSet::new());
        for state in &flow.states {
            for (seen, name) in [(&mut ids, &state.id), (&mut words, &state.zh)] {
                if !seen.insert(name) {
                    self.fault(
                        state.line,
                        "duplicate",
                        &format!("状态“{name}”写了两次。"),
                        &format!("The state “{name}” stands twice."),
                    );
                }
            }
        }
        let (mut ids, mut words) = (BTreeSet::new(), BTreeSet::new());
        for mv in &flow.moves {
            let (id, zh) = (&mv.id, &mv.zh);
            if !ids.insert(id) {
                self.fault(
                    mv.line,
                    "duplicate",
                    &format!("动作“{id}”写了两次。"),
                    &format!("The move “{id}” stands twice."),
                );
            }
            for from in &mv.from {
                if !words.insert((from, zh)) {
                    self.fault(
                        mv.line,
                        "duplicate",
                        &format!("从“{from}”有两个“{zh}”，分不清走哪个。"),
                        &format!("“{zh}” leaves “{from}” twice, so it is not clear which is meant."),
                    );
                }
            }
        }
    }

    /// Everything can be reached from the start; everything open leads to something closed and, in
    /// a case, to the asker's word; everything closed has a way back or says that it has none.
    fn ways(&mut self) {
        let flow = self.flow;
        let reached = self.reached();
        let closing = self.leading_to(|state| !state.open);
        let asking = self.leading_to(|state| state.clocks.contains(&Clock::Ask));
        for state in &flow.states {
            let (id, line) = (state.id.as_str(), state.line);
            if !reached.contains(id) {
                self.fault(
                    line,
                    "unreachable",
                    &format!("没有哪一步走得到“{id}”。"),
                    &format!("No move ever reaches “{id}”."),
                );
            }
            if state.open && !closing.contains(id) {
                self.fault(
                    line,
                    "dead_end",
                    &format!("到了“{id}”就再也办不完。"),
                    &format!("From “{id}” nothing ever comes to a close."),
                );
            }
            if state.open && flow.subject == Subject::Case && !asking.contains(id) {
                self.fault(
                    line,
                    "never_asked",
                    &format!("从“{id}”走不到请人评价的那一步。"),
                    &format!("From “{id}” the asker is never asked for a word."),
                );
            }
            let back = flow.allowed(id).into_iter().any(|mv| self.open(mv.target(id)));
            if state.last && (state.open || back) {
                self.fault(
                    line,
                    "final_left",
                    &format!("“{id}”说是终点，却还开着，或还有路出去。"),
                    &format!("“{id}” is called final, yet it is open or a move leaves it."),
                );
            }
            if !state.open && !state.last && !back {
                self.fault(
                    line,
                    "no_way_back",
                    &format!("“{id}”关上了就回不来；加一条回来的路，或写明 final = true。"),
                    &format!("“{id}” cannot be opened again; add a way back or write final = true."),
                );
            }
        }
    }

    /// The states that some path from the start reaches.
    fn reached(&self) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut fresh = vec![self.flow.start.as_str()];
        while let Some(state) = fresh.pop() {
            if self.flow.state(state).is_some() && reached.insert(state) {
                fresh.extend(self.flow.allowed(state).into_iter().map(|mv| mv.target(state)));
            }
        }
        reached
    }

    /// The states from which one of the `ends` can be reached without being closed on the way.
    fn leading_to(&self, ends: impl Fn(&super::State) -> bool) -> BTreeSet<&'a str> {
        let states = self.flow.states.iter();
        let mut found: BTreeSet<&str> = states.filter(|state| ends(state)).map(|state| state.id.as_str()).collect();
        let mut grown = true;
        while grown {
            let before = found.len();
            for mv in &self.flow.moves {
                if found.contains(mv.to.as_str()) {
                    found.extend(mv.from.iter().map(String::as_str).filter(|from| self.open(from)));
                }
            }
            grown = found.len() > before;
        }
        found
    }
}
