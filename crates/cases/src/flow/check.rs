//! The proof that a table is a flow people can be led through (invariant I14): every state can be
//! reached and left, every move is guarded and said, every clock is started once and stopped, and
//! nobody judges their own work. `docs/flows.md` lists every code.

use std::collections::BTreeSet;

use super::clocks::{Tick, after, follow};
use super::tell::slots;
use super::{
    Clock, EN_CHARS_MAX, Effect, Flow, FlowFault, Move, Need, Relation, Slot, State, Subject, Words,
    ZH_CHARS_MAX,
};

/// Words that say nothing to the one who asked. The words of city management are a pack's own affair.
const SYSTEM_WORDS_ZH: &[&str] = &["工单", "流程", "系统", "节点", "提交成功", "！", "!"];
const SYSTEM_WORDS_EN: &[&str] = &["ticket", "workflow", "system", "submitted", "!"];

/// Everything wrong with a flow, by line. `known_permissions`: the words the district's roles may
/// bundle (the standard ones are [`super::PERMISSIONS`]).
pub fn check(flow: &Flow, known_permissions: &[&str]) -> Vec<FlowFault> {
    let mut proof = Proof { flow, faults: BTreeSet::new() };
    proof.names(known_permissions);
    proof.duplicates();
    proof.ways();
    proof.clocks();
    for state in &flow.states {
        proof.state_words(state);
    }
    for mv in &flow.moves {
        proof.guard(mv);
        proof.independence(mv);
        proof.closing(mv);
        proof.limits(mv);
        proof.move_words(mv);
    }
    proof.faults.into_iter().collect()
}

struct Proof<'a> {
    flow: &'a Flow,
    faults: BTreeSet<FlowFault>,
}

impl<'a> Proof<'a> {
    fn fault(&mut self, line: u32, code: &'static str, zh: &str, en: &str) {
        let message = format!("{zh} {en}");
        self.faults.insert(FlowFault { file: self.flow.file.clone(), line, code, message });
    }

    fn open(&self, state: &str) -> bool {
        self.flow.state(state).is_some_and(|state| state.open)
    }

    fn runs(&self, state: &str, clock: Clock) -> bool {
        self.flow.state(state).is_some_and(|state| state.clocks.contains(&clock))
    }

    /// Names that point at nothing.
    fn names(&mut self, known_permissions: &[&str]) {
        if self.flow.state(&self.flow.start).is_none() {
            let start = &self.flow.start;
            self.fault(1, "unknown_name", &format!("起点“{start}”不在状态里。"), &format!("The start “{start}” is not a state."));
        }
        for mv in &self.flow.moves {
            let id = &mv.id;
            if mv.to != "=" && self.flow.state(&mv.to).is_none() {
                let to = &mv.to;
                self.fault(mv.line, "to_unknown", &format!("“{id}”走向“{to}”，没有这个状态。"), &format!("“{id}” leads to “{to}”, which is not a state."));
            }
            if mv.from.is_empty() {
                self.fault(mv.line, "unknown_name", &format!("“{id}”没写从哪个状态走（from）。"), &format!("“{id}” does not say which states it leaves (from)."));
            }
            for from in mv.from.iter().filter(|from| self.flow.state(from).is_none()) {
                self.fault(mv.line, "unknown_name", &format!("“{id}”从“{from}”走，没有这个状态。"), &format!("“{id}” leaves “{from}”, which is not a state."));
            }
            if let Some(word) = mv.permission.as_deref().filter(|word| !known_permissions.contains(word)) {
                self.fault(mv.line, "permission_unknown", &format!("没有“{word}”这个权限词，没人拿得到它。"), &format!("There is no permission “{word}”, so nobody can hold it."));
            }
            if let Some(next) = &mv.unsolved {
                let begins = mv.from.iter().map(|from| mv.target(from));
                let fits = self.flow.mv(next).is_some_and(|next| {
                    if mv.to == "=" { begins.clone().all(|at| next.leaves(at)) } else { mv.from.iter().all(|from| next.leaves(from)) }
                });
                if !fits || next == id {
                    self.fault(mv.line, "unknown_name", &format!("“没解决”要走的“{next}”从这里走不了。"), &format!("“{next}”, for “not solved”, cannot be made from here."));
                }
            }
        }
    }

    /// The same id, word or move twice, so that a name would not say which is meant.
    fn duplicates(&mut self) {
        let mut seen = BTreeSet::new();
        for state in &self.flow.states {
            for name in [("id", &state.id), ("zh", &state.zh)] {
                if !seen.insert(name) {
                    let name = name.1;
                    self.fault(state.line, "duplicate", &format!("状态“{name}”写了两次。"), &format!("The state “{name}” stands twice."));
                }
            }
        }
        let (mut ids, mut words, mut listed) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for mv in &self.flow.moves {
            if !ids.insert(&mv.id) {
                listed.push((mv.line, mv.id.as_str()));
            }
            for from in &mv.from {
                if !words.insert((from, &mv.zh)) {
                    listed.push((mv.line, mv.zh.as_str()));
                }
            }
        }
        for (line, name) in listed {
            self.fault(line, "duplicate", &format!("从同一个状态有两个“{name}”，分不清走哪个。"), &format!("“{name}” stands twice, so it is not clear which is meant."));
        }
    }

    /// Everything can be reached from the start; everything open leads to something closed;
    /// everything closed has a way back or says that it has none.
    fn ways(&mut self) {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut fresh = vec![self.flow.start.as_str()];
        while let Some(state) = fresh.pop() {
            if self.flow.state(state).is_some() && reached.insert(state) {
                fresh.extend(self.flow.allowed(state).into_iter().map(|mv| mv.target(state)));
            }
        }
        let mut ends: BTreeSet<&str> = self.flow.states.iter().filter(|state| !state.open).map(|state| state.id.as_str()).collect();
        let mut grows = true;
        while grows {
            let before = ends.len();
            for mv in &self.flow.moves {
                if ends.contains(mv.to.as_str()) {
                    ends.extend(mv.from.iter().map(String::as_str).filter(|from| self.flow.state(from).is_some()));
                }
            }
            grows = ends.len() > before;
        }
        for state in &self.flow.states {
            let (id, line) = (state.id.as_str(), state.line);
            if !reached.contains(id) {
                self.fault(line, "unreachable", &format!("没有哪一步走得到“{id}”。"), &format!("No move ever reaches “{id}”."));
            }
            if state.open && !ends.contains(id) {
                self.fault(line, "dead_end", &format!("到了“{id}”就再也办不完。"), &format!("From “{id}” nothing ever comes to a close."));
            }
            if state.open && state.last {
                self.fault(line, "final_left", &format!("“{id}”还开着，不能是终点。"), &format!("“{id}” is open and cannot be final."));
            }
            if state.open {
                continue;
            }
            let back = self.flow.allowed(id).into_iter().any(|mv| self.open(mv.target(id)));
            if back && state.last {
                self.fault(line, "final_left", &format!("“{id}”说是终点，却还有路出去。"), &format!("“{id}” is called final, yet a move leaves it."));
            }
            if !back && !state.last {
                self.fault(line, "no_way_back", &format!("“{id}”关上了就回不来；加一条回来的路，或写明 final = true。"), &format!("“{id}” cannot be opened again; add a way back or write final = true."));
            }
        }
    }

    /// Each state's clocks run there on every path, no other does, and none is begun twice.
    fn clocks(&mut self) {
        for &clock in Clock::ALL {
            let word = clock.word();
            let found = follow(self.flow, clock);
            if let Some(start) = self.flow.state(&self.flow.start) {
                let begins = if self.flow.starts.contains(&clock) { Tick::Running } else { Tick::Idle };
                self.tick(start, clock, begins, start.line, "start");
            }
            for mv in &self.flow.moves {
                self.named_once(mv, clock);
                let ticks: BTreeSet<Tick> = mv.from.iter().filter_map(|from| found.get(from.as_str())).flatten().copied().collect();
                if mv.clocks.start.contains(&clock) && ticks.iter().any(|tick| *tick != Tick::Idle) {
                    self.fault(mv.line, "clock_started_twice", &format!("“{}”又起了一次“{word}”，它还没停；写 run，或先停。", mv.id), &format!("“{}” starts “{word}” while it is under way; write run, or stop it before.", mv.id));
                }
                let ends = [&mv.clocks.stop, &mv.clocks.pause, &mv.clocks.resume].iter().any(|list| list.contains(&clock));
                if ends && !ticks.is_empty() && ticks.iter().all(|tick| after(mv, clock, *tick) == *tick) {
                    self.fault(mv.line, "clock_idle", &format!("“{}”动了“{word}”，可它在这里从来不走。", mv.id), &format!("“{}” acts on “{word}”, which is never under way here.", mv.id));
                }
                for from in &mv.from {
                    let Some(target) = self.flow.state(mv.target(from)) else { continue };
                    for tick in found.get(from.as_str()).into_iter().flatten() {
                        self.tick(target, clock, after(mv, clock, *tick), mv.line, &mv.id);
                    }
                }
            }
        }
    }

    fn named_once(&mut self, mv: &Move, clock: Clock) {
        let changes = &mv.clocks;
        let lists = [&changes.start, &changes.stop, &changes.pause, &changes.resume, &changes.run];
        if lists.iter().flat_map(|list| list.iter()).filter(|named| **named == clock).count() > 1 {
            let (id, word) = (&mv.id, clock.word());
            self.fault(mv.line, "duplicate", &format!("“{id}”把“{word}”写了两次，分不清要它怎样。"), &format!("“{id}” names “{word}” twice, so it is not clear what it should do."));
        }
    }

    /// One way of coming into `state` with `clock` doing `tick`.
    fn tick(&mut self, state: &State, clock: Clock, tick: Tick, line: u32, by: &str) {
        let (id, word) = (&state.id, clock.word());
        if state.clocks.contains(&clock) {
            if tick != Tick::Running {
                self.fault(line, "clock_not_running", &format!("“{by}”走到“{id}”，“{word}”没在走，没人催得动。"), &format!("“{by}” leads to “{id}” without “{word}” running, so nothing would fall due."));
            }
        } else if tick == Tick::Running || (!state.open && tick == Tick::Paused) {
            self.fault(line, "clock_left_running", &format!("“{by}”走到“{id}”，“{word}”还没停。"), &format!("“{by}” leads to “{id}” and leaves “{word}” under way."));
        }
    }

    /// Who may make it.
    fn guard(&mut self, mv: &Move) {
        let lists = |relation| mv.who.contains(&relation);
        let id = &mv.id;
        if mv.who.is_empty() {
            self.fault(mv.line, "unguarded", &format!("“{id}”没写谁能走（who）。"), &format!("“{id}” does not say who may make it (who)."));
        }
        if mv.permission.is_none() && !lists(Relation::Asker) && !lists(Relation::System) {
            self.fault(mv.line, "unguarded", &format!("“{id}”谁都没被放行：写上权限，或写 asker、system。"), &format!("“{id}” admits nobody by name: give a permission, asker or system."));
        }
        let narrows = [Relation::Owner, Relation::TaskBody, Relation::Dispatcher].into_iter().any(lists);
        if lists(Relation::Any) && (narrows || lists(Relation::NotHandler)) {
            self.fault(mv.line, "unguarded", &format!("“{id}”写了 any，又写了限制，限制就落空了。"), &format!("“{id}” lists any beside a relation that should narrow it."));
        }
        if mv.permission.is_none() && (narrows || lists(Relation::Any)) {
            self.fault(mv.line, "unguarded", &format!("“{id}”按关系放行，还缺一个权限词。"), &format!("“{id}” goes by relation but lacks a permission."));
        }
    }

    /// Who did the work neither verifies it nor collects the word on it (I8); nor grants itself time.
    fn independence(&mut self, mv: &Move) {
        let judged = mv.from.iter().any(|from| self.runs(from, Clock::Verify) || self.runs(from, Clock::Ask));
        let judges = judged && mv.from.iter().any(|from| mv.target(from) != from.as_str());
        let looks_back = mv.requires.contains(&Need::Solved);
        let grants = mv.effects.iter().any(|effect| matches!(effect, Effect::ExtendGranted | Effect::ExtendRefused));
        let by_people = mv.permission.is_some();
        if (judges || looks_back || grants) && by_people && !mv.who.contains(&Relation::NotHandler) {
            let id = &mv.id;
            self.fault(mv.line, "handler_judges", &format!("“{id}”要写 not_handler：谁办的谁不能自己判。"), &format!("“{id}” needs not_handler: nobody judges their own work."));
        }
    }

    /// Nothing closes by itself save after stated silence; nobody closes a case without a word the
    /// asker can read; a "no" never closes; what comes back begins a new round.
    fn closing(&mut self, mv: &Move) {
        let id = &mv.id;
        let demands = |need| mv.requires.contains(&need);
        let closes = mv.from.iter().any(|from| self.open(from) && self.flow.state(mv.target(from)).is_some_and(|to| !to.open));
        let case = self.flow.subject == Subject::Case;
        if closes && mv.who.contains(&Relation::System) {
            let silence = mv.from.iter().all(|from| self.runs(from, Clock::Ask));
            if !silence || !mv.effects.contains(&Effect::Unrated) {
                self.fault(mv.line, "closes_by_itself", &format!("“{id}”会自己关上；只有等过评价、记作未评价（unrated）的才可以。"), &format!("“{id}” closes by itself; only silence after asking may, noted as unrated."));
            }
        }
        let word = [Need::Reason, Need::Into, Need::Solved].into_iter().any(demands);
        if case && closes && mv.permission.is_some() && !word {
            self.fault(mv.line, "closes_without_word", &format!("“{id}”关上了却不说为什么：要有 reason、into 或 solved。"), &format!("“{id}” closes without saying why: require reason, into or solved."));
        }
        if demands(Need::Solved) != mv.unsolved.is_some() {
            self.fault(mv.line, "unsolved_nowhere", &format!("“{id}”问了解决没有，就要写明答“没有”走哪一步（unsolved）。"), &format!("“{id}” asks whether it is solved, so it must name the move for “no” (unsolved)."));
        }
        let comes_back = mv.from.iter().any(|from| {
            let to = mv.target(from);
            self.open(to) && to != from && (!self.open(from) || self.runs(from, Clock::Ask))
        });
        let due = case && comes_back && !mv.effects.contains(&Effect::UnfollowAsker);
        if due != mv.round {
            self.fault(mv.line, "round_wrong", &format!("“{id}”：答复过又回来的，才算新的一轮，也一定要算（round）。"), &format!("“{id}”: what comes back after an answer, and only that, begins a new round (round)."));
        }
    }

    /// Days have a limit; effects have what they need.
    fn limits(&mut self, mv: &Move) {
        let id = &mv.id;
        let demands = |need| mv.requires.contains(&need);
        let limited = mv.times.is_some_and(|times| times > 0) && mv.longest_days.is_some_and(|days| days > 0);
        if demands(Need::Until) != limited {
            self.fault(mv.line, "without_limit", &format!("“{id}”要给日子，就要写明最多几次（times）、最长几天（longest_days）。"), &format!("“{id}” sets a day, so it must say how often (times) and how far (longest_days)."));
        }
        if mv.effects.is_empty() || (mv.effects.contains(&Effect::None) && mv.effects.len() > 1) {
            self.fault(mv.line, "effect_unclear", &format!("“{id}”的 effects 要么写 none，要么写别的。"), &format!("The effects of “{id}” are either none or others."));
        }
        for effect in &mv.effects {
            let need = match effect {
                Effect::LeadTask | Effect::AssistTask | Effect::WhistleTask => Need::Body,
                Effect::FollowAsker => Need::Into,
                Effect::Climb => Need::Reason,
                Effect::Finish => Need::Answer,
                Effect::ExtendAsked => Need::Until,
                _ => continue,
            };
            if !demands(need) {
                let (effect, need) = (effect.word(), need.word());
                self.fault(mv.line, "effect_unclear", &format!("“{id}”要做 {effect}，就得要求 {need}。"), &format!("“{id}” does {effect}, so it must require {need}."));
            }
        }
        let ruled = mv.effects.contains(&Effect::Final) && !mv.effects.contains(&Effect::LeadTask);
        if ruled {
            self.fault(mv.line, "effect_unclear", &format!("“{id}”写了 final，却没有交给谁（lead_task）。"), &format!("“{id}” is final but gives the lead to nobody (lead_task)."));
        }
    }

    fn state_words(&mut self, state: &State) {
        let id = &state.id;
        if state.zh.trim().is_empty() || state.en.trim().is_empty() || state.says.lacks() || state.next.lacks() {
            self.fault(state.line, "unworded", &format!("“{id}”要有中英文的名字、说明（says）和下一步（next）。"), &format!("“{id}” needs its name, says and next in both languages."));
        }
        let known = self.given(&[]);
        self.sentences(state.line, &state.says, &known);
        self.sentences(state.line, &state.next, &known);
    }

    fn move_words(&mut self, mv: &Move) {
        let id = &mv.id;
        if mv.tell.lacks() {
            self.fault(mv.line, "unsaid", &format!("“{id}”走了，没跟说事的人讲（tell 要有中英文）。"), &format!("“{id}” says nothing to the one who asked (tell, in both languages)."));
        }
        if mv.zh.trim().is_empty() || mv.en.trim().is_empty() || (!mv.system_only() && mv.button.lacks()) {
            self.fault(mv.line, "unworded", &format!("“{id}”要有中英文的叫法，人点的还要有按钮上的字（button）。"), &format!("“{id}” needs its name and, for people, its button in both languages."));
        }
        let known = self.given(&mv.requires);
        self.sentences(mv.line, &mv.tell, &known);
        self.sentences(mv.line, &mv.button, &BTreeSet::new());
    }

    /// The facts a sentence may lean on outside `[…]`.
    fn given(&self, requires: &[Need]) -> BTreeSet<&'static str> {
        let task = self.flow.subject == Subject::Task;
        let sure = |slot: &Slot| {
            slot.always_known() || (task && *slot == Slot::Body) || slot.brought_by().is_some_and(|need| requires.contains(&need))
        };
        Slot::ALL.iter().filter(|slot| sure(slot)).map(|slot| slot.word()).collect()
    }

    fn sentences(&mut self, line: u32, words: &Words, known: &BTreeSet<&'static str>) {
        self.sentence(line, &words.zh, ZH_CHARS_MAX, SYSTEM_WORDS_ZH, known);
        self.sentence(line, &words.en, EN_CHARS_MAX, SYSTEM_WORDS_EN, known);
    }

    fn sentence(&mut self, line: u32, text: &str, chars_max: usize, banned: &[&str], known: &BTreeSet<&'static str>) {
        if text.chars().count() > chars_max {
            self.fault(line, "too_long", &format!("这句话超过 {chars_max} 个字，说短些。"), &format!("This sentence is over {chars_max} characters; say it shorter."));
        }
        let low = text.to_lowercase();
        for word in banned.iter().filter(|word| low.contains(**word)) {
            self.fault(line, "system_word", &format!("“{word}”不是跟人说话的字眼，换句家常话。"), &format!("“{word}” is not how one speaks to people; say it plainly."));
        }
        let used = match slots(text) {
            Ok(used) => used,
            Err((zh, en)) => {
                self.fault(line, "template_broken", &format!("“{text}”：{zh}。"), &format!("“{text}”: {en}."));
                return;
            }
        };
        for slot in used {
            let name = &slot.name;
            if Slot::from_word(name).is_none() {
                self.fault(line, "placeholder_unknown", &format!("没有{{{name}}}这个占位。"), &format!("There is no placeholder {{{name}}}."));
            } else if !slot.optional && !known.contains(name.as_str()) {
                self.fault(line, "placeholder_unfilled", &format!("{{{name}}}不一定有：放进[…]，或在 requires 里要求它。"), &format!("{{{name}}} may be missing: put it in […] or require it."));
            }
        }
    }
}
