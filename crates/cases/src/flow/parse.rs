//! Reading a flow table. What is not on a closed list is refused here; whether the table makes
//! sense as a flow is the business of [`super::check()`].

use serde::Deserialize;
use toml::Spanned;

use super::{
    Clock, ClockChanges, Effect, FLOW_BYTES_MAX, Flow, FlowFault, MOVES_MAX, Move, Need, Relation, STATES_MAX, State,
    Subject, Tone, Words,
};

type Word = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFlow {
    id: String,
    subject: Word,
    start: String,
    #[serde(default)]
    starts: Vec<Word>,
    #[serde(default)]
    states: Vec<RawState>,
    #[serde(default)]
    moves: Vec<RawMove>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawState {
    id: Word,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    open: Option<bool>,
    #[serde(default, rename = "final")]
    last: bool,
    clocks: Option<Vec<Word>>,
    #[serde(default)]
    says: RawWords,
    #[serde(default)]
    next: RawWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMove {
    id: Word,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    to: String,
    permission: Option<String>,
    #[serde(default)]
    who: Vec<Word>,
    requires: Option<Vec<Word>>,
    #[serde(default)]
    clocks: RawClocks,
    effects: Option<Vec<Word>>,
    #[serde(default)]
    round: bool,
    times: Option<u32>,
    longest_days: Option<u32>,
    unsolved: Option<String>,
    #[serde(default)]
    tell: RawWords,
    #[serde(default)]
    button: RawWords,
    tone: Option<Word>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClocks {
    #[serde(default)]
    start: Vec<Word>,
    #[serde(default)]
    stop: Vec<Word>,
    #[serde(default)]
    pause: Vec<Word>,
    #[serde(default)]
    resume: Vec<Word>,
    #[serde(default)]
    run: Vec<Word>,
}

impl From<RawWords> for Words {
    fn from(raw: RawWords) -> Self {
        Self { zh: raw.zh, en: raw.en }
    }
}

impl Flow {
    /// Reads a flow table. `file` is only named in faults.
    ///
    /// Errors: `too_large`, `syntax` (not TOML, an unknown key, a missing id: one fault), or every
    /// `unknown_name`, `missing` and `too_many` of the table.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<FlowFault>> {
        let mut reader = Reader { text, file, faults: Vec::new() };
        if text.len() > FLOW_BYTES_MAX {
            reader.fault_at(
                1,
                "too_large",
                format!(
                    "文件超过 {FLOW_BYTES_MAX} 字节，请拆小。 The file is over {FLOW_BYTES_MAX} bytes; make it smaller."
                ),
            );
            return Err(reader.faults);
        }
        let raw: RawFlow = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let line = reader.line(error.span().map_or(0, |span| span.start));
                let what = error.message();
                reader.fault_at(
                    line,
                    "syntax",
                    format!("这一行读不懂，请照 docs/flows.md 改：{what} This line does not read; see docs/flows.md."),
                );
                return Err(reader.faults);
            }
        };
        let flow = reader.flow(raw);
        match (flow, reader.faults.is_empty()) {
            (Some(flow), true) => Ok(flow),
            _ => {
                reader.faults.sort();
                Err(reader.faults)
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    faults: Vec<FlowFault>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        u32::try_from(breaks + 1).unwrap_or(u32::MAX)
    }

    fn fault_at(&mut self, line: u32, code: &'static str, message: String) {
        self.faults.push(FlowFault { file: self.file.to_owned(), line, code, message });
    }

    fn known<T>(&mut self, word: &Word, from_word: fn(&str) -> Option<T>, list: &str) -> Option<T> {
        let found = from_word(word.as_ref());
        if found.is_none() {
            let (line, name) = (self.line(word.span().start), word.as_ref());
            self.fault_at(
                line,
                "unknown_name",
                format!("没有“{name}”这个词，可用的是：{list}。 There is no “{name}”; the words are the ones listed."),
            );
        }
        found
    }

    fn list<T: Copy>(&mut self, words: &[Word], from_word: fn(&str) -> Option<T>, all: &[&str]) -> Vec<T> {
        let list = all.join(" ");
        words.iter().filter_map(|word| self.known(word, from_word, &list)).collect()
    }

    fn clocks(&mut self, words: &[Word]) -> Vec<Clock> {
        self.list(words, Clock::from_word, &words_of(Clock::ALL, Clock::word))
    }

    /// The value of a key that has to be written down even when it says "nothing".
    fn said<T>(&mut self, value: Option<T>, line: u32, key: &str) -> Option<T> {
        if value.is_none() {
            self.fault_at(
                line,
                "missing",
                format!("这里缺“{key}”，没有也要写明。 “{key}” is missing here; write it even when it is empty."),
            );
        }
        value
    }

    fn flow(&mut self, raw: RawFlow) -> Option<Flow> {
        if raw.states.len() > STATES_MAX || raw.moves.len() > MOVES_MAX {
            self.fault_at(
                1,
                "too_many",
                format!(
                    "最多 {STATES_MAX} 个状态、{MOVES_MAX} 个动作。 At most {STATES_MAX} states and {MOVES_MAX} moves."
                ),
            );
            return None;
        }
        let subject = self.known(&raw.subject, Subject::from_word, &words_of(Subject::ALL, Subject::word).join(" "));
        let starts = self.clocks(&raw.starts);
        let states = raw.states.into_iter().map(|state| self.state(state)).collect();
        let moves = raw.moves.into_iter().map(|mv| self.mv(mv)).collect();
        Some(Flow {
            id: raw.id,
            subject: subject?,
            start: raw.start,
            starts,
            states,
            moves,
            file: self.file.to_owned(),
        })
    }

    fn state(&mut self, raw: RawState) -> State {
        let line = self.line(raw.id.span().start);
        let clocks = self.said(raw.clocks, line, "clocks").unwrap_or_default();
        State {
            id: raw.id.into_inner(),
            zh: raw.zh,
            en: raw.en,
            open: self.said(raw.open, line, "open").unwrap_or_default(),
            last: raw.last,
            clocks: self.clocks(&clocks),
            says: raw.says.into(),
            next: raw.next.into(),
            line,
        }
    }

    fn mv(&mut self, raw: RawMove) -> Move {
        let line = self.line(raw.id.span().start);
        let requires = self.said(raw.requires, line, "requires").unwrap_or_default();
        let effects = self.said(raw.effects, line, "effects").unwrap_or_default();
        let tones = words_of(Tone::ALL, Tone::word).join(" ");
        let tone = raw.tone.and_then(|word| self.known(&word, Tone::from_word, &tones));
        Move {
            id: raw.id.into_inner(),
            zh: raw.zh,
            en: raw.en,
            from: raw.from,
            to: raw.to,
            permission: raw.permission,
            who: self.list(&raw.who, Relation::from_word, &words_of(Relation::ALL, Relation::word)),
            requires: self.list(&requires, Need::from_word, &words_of(Need::ALL, Need::word)),
            clocks: ClockChanges {
                start: self.clocks(&raw.clocks.start),
                stop: self.clocks(&raw.clocks.stop),
                pause: self.clocks(&raw.clocks.pause),
                resume: self.clocks(&raw.clocks.resume),
                run: self.clocks(&raw.clocks.run),
            },
            effects: self.list(&effects, Effect::from_word, &words_of(Effect::ALL, Effect::word)),
            round: raw.round,
            times: raw.times,
            longest_days: raw.longest_days,
            unsolved: raw.unsolved,
            tell: raw.tell.into(),
            button: raw.button.into(),
            tone: tone.unwrap_or(Tone::Plain),
            line,
        }
    }
}

fn words_of<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}
