//! The part of the proof that is about people: who may, who judges, who is heard, and that nothing
//! closes over the head of the one who asked.

use super::check::Proof;
use super::{Clock, Effect, Move, Need, Relation, State, Subject};

impl Proof<'_> {
    /// Who may make it.
    pub(super) fn guard(&mut self, mv: &Move) {
        let lists = |relation| mv.who.contains(&relation);
        let narrows = [Relation::Owner, Relation::TaskBody, Relation::Dispatcher].into_iter().any(lists);
        let by_itself = lists(Relation::Asker) || lists(Relation::System);
        let (zh, en) = if mv.who.is_empty() {
            ("没写谁能走（who）。", "does not say who may make it (who).")
        } else if mv.permission.is_none() && !by_itself {
            ("谁都没放行：写上权限，或写 asker、system。", "admits nobody: give a permission, asker or system.")
        } else if lists(Relation::Any) && (narrows || lists(Relation::NotHandler)) {
            ("写了 any 又写限制，限制就落空了。", "lists any beside a relation that should narrow it.")
        } else if mv.permission.is_none() && (narrows || lists(Relation::Any)) {
            ("按关系放行，还缺一个权限词。", "goes by relation but lacks a permission.")
        } else if mv.permission.is_some() && !narrows && !lists(Relation::Any) && !lists(Relation::NotHandler) {
            ("写了权限，却没写凭什么关系用它（any 等）。", "has a permission but no relation for it (such as any).")
        } else {
            return;
        };
        let id = &mv.id;
        self.fault(mv.line, "unguarded", &format!("“{id}”{zh}"), &format!("“{id}” {en}"));
    }

    /// Who did the work neither verifies it nor collects the word on it (I8), nor grants itself time.
    pub(super) fn independence(&mut self, mv: &Move) {
        let judges = mv
            .from
            .iter()
            .any(|from| mv.target(from) != from && (self.runs(from, Clock::Verify) || self.runs(from, Clock::Ask)));
        let looks_back = mv.requires.contains(&Need::Solved);
        let grants = [Effect::ExtendGranted, Effect::ExtendRefused].iter().any(|one| mv.effects.contains(one));
        let by_people = mv.permission.is_some() || mv.who.contains(&Relation::Asker);
        if (judges || looks_back || grants) && by_people && !mv.who.contains(&Relation::NotHandler) {
            let id = &mv.id;
            self.fault(
                mv.line,
                "handler_judges",
                &format!("“{id}”要写 not_handler：谁办的谁不能自己判。"),
                &format!("“{id}” needs not_handler: nobody judges their own work."),
            );
        }
    }

    /// Nothing closes by itself save after stated silence; nobody closes a case without a word the
    /// asker can read; a "no" never closes; what comes back begins a new round.
    pub(super) fn closing(&mut self, mv: &Move) {
        let id = &mv.id;
        let demands = |need| mv.requires.contains(&need);
        let case = self.flow.subject == Subject::Case;
        let closes = mv.from.iter().any(|from| self.open(from) && self.closed(mv.target(from)));
        if closes && mv.who.contains(&Relation::System) {
            let silence = mv.from.iter().all(|from| self.runs(from, Clock::Ask));
            if !silence || !mv.effects.contains(&Effect::Unrated) {
                self.fault(
                    mv.line,
                    "closes_by_itself",
                    &format!("“{id}”会自己关上；只有等过评价、记作未评价（unrated）的才可以。"),
                    &format!("“{id}” closes by itself; only silence after asking may, noted as unrated."),
                );
            }
        }
        let word = [Need::Reason, Need::Into, Need::Solved].into_iter().any(demands);
        if case && closes && mv.permission.is_some() && !word {
            self.fault(
                mv.line,
                "closes_without_word",
                &format!("“{id}”关上了却不说为什么：要有 reason、into 或 solved。"),
                &format!("“{id}” closes without saying why: require reason, into or solved."),
            );
        }
        if closes && demands(Need::Solved) != demands(Need::Satisfied) {
            self.fault(
                mv.line,
                "closes_without_word",
                &format!("“{id}”：解决没有、满不满意，要分开都问（solved、satisfied）。"),
                &format!("“{id}”: solved and satisfied are asked apart, and both."),
            );
        }
        if demands(Need::Solved) != mv.unsolved.is_some() {
            self.fault(
                mv.line,
                "unsolved_nowhere",
                &format!("“{id}”问了解决没有，就要写明答“没有”走哪一步（unsolved）。"),
                &format!("“{id}” asks whether it is solved, so it must name the move for “no” (unsolved)."),
            );
        }
        let comes_back = mv.from.iter().any(|from| {
            let to = mv.target(from);
            self.open(to) && to != from && (self.closed(from) || self.runs(from, Clock::Ask))
        });
        let begins = case && comes_back && !mv.effects.contains(&Effect::UnfollowAsker);
        if begins != mv.round {
            self.fault(
                mv.line,
                "round_wrong",
                &format!("“{id}”：答复过又回来的，才算新的一轮，也一定要算（round）。"),
                &format!("“{id}”: what comes back after an answer, and only that, begins a new round (round)."),
            );
        }
    }

    /// The asker can say yes and no, and nothing waits for ever on somebody's word or on a day.
    pub(super) fn hears(&mut self, state: &State) {
        let (flow, id) = (self.flow, state.id.as_str());
        let led = |relation, closing: bool| {
            flow.allowed(id).into_iter().any(|mv| {
                let to = mv.target(id);
                mv.who.contains(&relation) && to != id && if closing { self.closed(to) } else { self.open(to) }
            })
        };
        let (says_yes, says_no) = (led(Relation::Asker, true), led(Relation::Asker, false));
        let (ends_alone, goes_on_alone) = (led(Relation::System, true), led(Relation::System, false));
        let case = flow.subject == Subject::Case;
        let asks = case && state.clocks.contains(&Clock::Ask);
        let entered = || flow.moves.iter().filter(|mv| mv.to == id);
        let after_asking =
            case && !state.open && entered().any(|mv| mv.from.iter().any(|from| self.runs(from, Clock::Ask)));
        let until_a_day = case && state.open && entered().any(|mv| mv.requires.contains(&Need::Until));
        if (asks && !(says_yes && says_no)) || (after_asking && !says_no) {
            self.fault(
                state.line,
                "asker_unheard",
                &format!("在“{id}”，说事的人要能自己说解决了、没解决（asker）。"),
                &format!("In “{id}” the asker must be able to say solved and not solved (asker)."),
            );
        }
        if (asks && !ends_alone) || (until_a_day && !goes_on_alone) {
            self.fault(
                state.line,
                "waits_forever",
                &format!("“{id}”到了日子没人动就一直等着：加一步由 system 走。"),
                &format!("“{id}” waits for ever when its day comes: add a move by system."),
            );
        }
    }
}
