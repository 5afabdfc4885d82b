//! The part of the proof that is about effects and limits: what a move does has what it needs, and
//! where it leads says what it must do.

use super::check::Proof;
use super::{Clock, Effect, Move, Need, Subject};

impl Proof<'_> {
    /// A day has a limit, and so has the number of times it can be set.
    pub(super) fn limits(&mut self, mv: &Move) {
        let sets_a_day = mv.requires.contains(&Need::Until);
        let limited = mv.times.is_some_and(|times| times > 0) && mv.longest_days.is_some_and(|days| days > 0);
        if sets_a_day && !limited {
            let id = &mv.id;
            self.fault(
                mv.line,
                "without_limit",
                &format!("“{id}”要定日子，就要写明最多几次（times）、最长几天（longest_days）。"),
                &format!("“{id}” sets a day, so it must say how often (times) and how far (longest_days)."),
            );
        }
    }

    /// Effects against needs, and effects against where the move leads.
    pub(super) fn effects(&mut self, mv: &Move) {
        let id = &mv.id;
        let does = |effect| mv.effects.contains(&effect);
        if mv.effects.is_empty() || (does(Effect::None) && mv.effects.len() > 1) {
            self.fault(
                mv.line,
                "effect_unclear",
                &format!("“{id}”的 effects 要么只写 none，要么写别的。"),
                &format!("The effects of “{id}” are either only none or others."),
            );
        }
        for effect in mv.effects.iter().copied() {
            if let Some(need) = need_of(effect).filter(|need| !mv.requires.contains(need)) {
                let (effect, need) = (effect.word(), need.word());
                self.fault(
                    mv.line,
                    "effect_unclear",
                    &format!("“{id}”要做 {effect}，就得要求 {need}。"),
                    &format!("“{id}” does {effect}, so it must require {need}."),
                );
            }
        }
        for (due, one_of) in self.due(mv) {
            if due && !one_of.iter().copied().any(does) {
                let words: Vec<_> = one_of.iter().map(|effect| effect.word()).collect();
                let words = words.join(" / ");
                self.fault(
                    mv.line,
                    "effect_missing",
                    &format!("“{id}”走到那里，effects 里要有 {words}。"),
                    &format!("Where “{id}” leads, its effects must have {words}."),
                );
            }
        }
    }

    /// What the ends of a move, or its needs, make due: one of the effects named.
    fn due(&self, mv: &Move) -> Vec<(bool, &'static [Effect])> {
        let demands = |need| mv.requires.contains(&need);
        let does = |effect| mv.effects.contains(&effect);
        let step = |from: &dyn Fn(&str) -> bool, to: &dyn Fn(&str) -> bool| {
            mv.from.iter().any(|at| mv.target(at) != at && from(at) && to(mv.target(at)))
        };
        let enters = |clock| step(&|at| !self.runs(at, clock), &|at| self.runs(at, clock));
        if self.flow.subject == Subject::Task {
            return vec![(does(Effect::Final), &[Effect::LeadTask])];
        }
        vec![
            // Whatever is to be done is in somebody's hands.
            (enters(Clock::Handle), &[Effect::LeadTask, Effect::WhistleTask, Effect::ReopenTask]),
            // Nobody goes on working on what is closed or is being checked.
            (step(&|at| self.runs(at, Clock::Handle), &|at| self.closed(at)), &[Effect::WithdrawTasks, Effect::Finish]),
            (enters(Clock::Verify), &[Effect::Finish]),
            // "Somebody else checks", "another office looks again": said to the asker, so done.
            (mv.round && enters(Clock::Handle), &[Effect::OtherChecker]),
            (mv.round && enters(Clock::Accept), &[Effect::OtherBody]),
            // A ruling on whose it is stands.
            (does(Effect::LeadTask) && demands(Need::Basis), &[Effect::Final]),
            (does(Effect::Final), &[Effect::LeadTask]),
            (demands(Need::Into), &[Effect::FollowAsker]),
        ]
    }
}

/// The need without which an effect has nothing to work on.
fn need_of(effect: Effect) -> Option<Need> {
    match effect {
        Effect::LeadTask | Effect::AssistTask | Effect::WhistleTask => Some(Need::Body),
        Effect::FollowAsker => Some(Need::Into),
        Effect::Climb => Some(Need::Reason),
        Effect::Finish => Some(Need::Answer),
        Effect::ExtendAsked => Some(Need::Until),
        _ => None,
    }
}
