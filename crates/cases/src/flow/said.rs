//! The part of the proof that is about words: everything is said, in both languages, plainly, with
//! facts that are there.

use std::collections::BTreeSet;

use super::check::Proof;
use super::tell::slots;
use super::{EN_CHARS_MAX, Move, Need, Slot, State, Subject, Words, ZH_CHARS_MAX};

/// Words that say nothing to the one who asked. The words of city management are a pack's own affair.
const SYSTEM_WORDS_ZH: &[&str] = &["工单", "流程", "系统", "节点", "提交成功", "！", "!"];
const SYSTEM_WORDS_EN: &[&str] = &["ticket", "workflow", "system", "submitted", "!"];

impl Proof<'_> {
    /// A state has its words.
    pub(super) fn state_words(&mut self, state: &State) {
        let id = &state.id;
        if state.zh.trim().is_empty() || state.en.trim().is_empty() || state.says.lacks() || state.next.lacks() {
            self.fault(
                state.line,
                "unworded",
                &format!("“{id}”要有中英文的名字、说明（says）和下一步（next）。"),
                &format!("“{id}” needs its name, says and next in both languages."),
            );
        }
        let known = self.given(&[]);
        self.sentences(state.line, &state.says, &known);
        self.sentences(state.line, &state.next, &known);
    }

    /// A move has its words, and the asker is told.
    pub(super) fn move_words(&mut self, mv: &Move) {
        let id = &mv.id;
        if mv.tell.lacks() {
            self.fault(
                mv.line,
                "unsaid",
                &format!("“{id}”走了，没跟说事的人讲（tell 要有中英文）。"),
                &format!("“{id}” says nothing to the one who asked (tell, in both languages)."),
            );
        }
        if mv.zh.trim().is_empty() || mv.en.trim().is_empty() || (!mv.system_only() && mv.button.lacks()) {
            self.fault(
                mv.line,
                "unworded",
                &format!("“{id}”要有中英文的叫法，人点的还要有按钮上的字（button）。"),
                &format!("“{id}” needs its name and, for people, its button in both languages."),
            );
        }
        let known = self.given(&mv.requires);
        self.sentences(mv.line, &mv.tell, &known);
        self.sentences(mv.line, &mv.button, &BTreeSet::new());
    }

    /// The facts a sentence may lean on outside `[…]`.
    fn given(&self, requires: &[Need]) -> BTreeSet<&'static str> {
        let task = self.flow.subject == Subject::Task;
        let sure = |slot: &Slot| {
            slot.always_known()
                || (task && *slot == Slot::Body)
                || slot.brought_by().is_some_and(|need| requires.contains(&need))
        };
        Slot::ALL.iter().filter(|slot| sure(slot)).map(|slot| slot.word()).collect()
    }

    fn sentences(&mut self, line: u32, words: &Words, known: &BTreeSet<&'static str>) {
        self.sentence(line, &words.zh, ZH_CHARS_MAX, SYSTEM_WORDS_ZH, known);
        self.sentence(line, &words.en, EN_CHARS_MAX, SYSTEM_WORDS_EN, known);
    }

    fn sentence(&mut self, line: u32, text: &str, chars_max: usize, banned: &[&str], known: &BTreeSet<&'static str>) {
        if text.chars().count() > chars_max {
            self.fault(
                line,
                "too_long",
                &format!("这句话超过 {chars_max} 个字，说短些。"),
                &format!("This sentence is over {chars_max} characters; say it shorter."),
            );
        }
        let low = text.to_lowercase();
        for word in banned.iter().filter(|word| low.contains(**word)) {
            self.fault(
                line,
                "system_word",
                &format!("“{word}”不是跟人说话的字眼，换句家常话。"),
                &format!("“{word}” is not how one speaks to people; say it plainly."),
            );
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
                self.fault(
                    line,
                    "placeholder_unknown",
                    &format!("没有{{{name}}}这个占位。"),
                    &format!("There is no placeholder {{{name}}}."),
                );
            } else if !slot.optional && !known.contains(name.as_str()) {
                self.fault(
                    line,
                    "placeholder_unfilled",
                    &format!("{{{name}}}不一定有：放进[…]，或在 requires 里要求它。"),
                    &format!("{{{name}}} may be missing: put it in […] or require it."),
                );
            }
        }
    }
}
