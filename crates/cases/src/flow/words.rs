//! The closed lists a flow table may use: whoever adds a word here also gives it a meaning in code.

use serde::{Serialize, Serializer};

/// A word list: an enum, all its values, and the word that stands in the table for each.
macro_rules! closed_list {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The word that stands for it in a flow table and in JSON.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }

            /// The value of a word; `None` for a word that is not on the list.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$value),)+ _ => None }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }
    };
}

closed_list! {
    /// What goes through the states: the matter somebody raised, or one body's part of it.
    Subject {
        /// A case: what somebody raised, with an asker who is told of every move.
        Case = "case",
        /// A task: what one body has to do for a case.
        Task = "task",
    }
}

closed_list! {
    /// How the one who moves stands to the case or task. See [`super::Move::admits`] for how they combine.
    Relation {
        /// No relation is asked for; the permission alone decides.
        Any = "any",
        /// Raised the matter (signed in, or holding its look-up code): needs no permission.
        Asker = "asker",
        /// Holds the post that has the matter in hand now.
        Owner = "owner",
        /// Binds everybody but the system: did not work on the matter in this round.
        NotHandler = "not_handler",
        /// Belongs to the body that holds the task.
        TaskBody = "task_body",
        /// Belongs to the body that gave the task.
        Dispatcher = "dispatcher",
        /// No person: a moment fell due. Needs no permission.
        System = "system",
    }
}

closed_list! {
    /// What must come with a move.
    Need {
        /// Why, in words that the asker will read.
        Reason = "reason",
        /// What the asker is told in the matter itself.
        Answer = "answer",
        /// At least one photo or file.
        Evidence = "evidence",
        /// An item of the catalogue.
        Item = "item",
        /// The body that is to act.
        Body = "body",
        /// The case it joins.
        Into = "into",
        /// A day.
        Until = "until",
        /// The duty, rule or check it rests on.
        Basis = "basis",
        /// Whether it is solved: yes or no. "No" leads to [`super::Move::unsolved`].
        Solved = "solved",
        /// Whether the asker is satisfied, asked apart from `solved`.
        Satisfied = "satisfied",
        /// Where it is.
        Place = "place",
        /// What a meeting is to talk about.
        Topic = "topic",
    }
}

closed_list! {
    /// The clocks. Each runs at most once at a time; its length comes from the catalogue or the pack.
    Clock {
        /// From the report (or the hand-over of a task) until somebody takes it.
        Accept = "accept",
        /// While an officer looks whether it is so.
        Check = "check",
        /// While it is being done: the promised day.
        Handle = "handle",
        /// While somebody else looks whether it was done.
        Verify = "verify",
        /// While the asker's word is awaited.
        Ask = "ask",
    }
}

closed_list! {
    /// What code does with a move beyond changing the state, in the same write.
    Effect {
        /// Nothing.
        None = "none",
        /// Gives `body` the lead; whoever led before leads until the new one has taken it.
        LeadTask = "lead_task",
        /// Gives `body` a part beside the lead.
        AssistTask = "assist_task",
        /// Calls `body` to the spot; when it answered and whether it came is recorded.
        WhistleTask = "whistle_task",
        /// The task made by this move cannot be returned: it was ruled on.
        Final = "final",
        /// Takes back every open task of the case.
        WithdrawTasks = "withdraw_tasks",
        /// The lead's task is open again; where there is no lead, the owner gets the task. Nothing
        /// where it is open already.
        ReopenTask = "reopen_task",
        /// The owner becomes the holder one place, or one body, higher up.
        Climb = "climb",
        /// The asker is told what is said to the askers of the case it joined.
        FollowAsker = "follow_asker",
        /// Ends `follow_asker`.
        UnfollowAsker = "unfollow_asker",
        /// Records every open task as done.
        Finish = "finish",
        /// Records 未评价: no word on solved or satisfied, in every figure.
        Unrated = "unrated",
        /// Whoever verified or decided before may not do so in the new round.
        OtherChecker = "other_checker",
        /// The matter goes to another body than the one that decided.
        OtherBody = "other_body",
        /// Records that more time was asked for; the promised day stays.
        ExtendAsked = "extend_asked",
        /// Moves the promised day to the day asked for.
        ExtendGranted = "extend_granted",
        /// Ends the request; the promised day stays.
        ExtendRefused = "extend_refused",
    }
}

closed_list! {
    /// How a button looks; colour never speaks alone, so each also has its word.
    Tone {
        /// The one thing to press.
        Act = "act",
        /// Says no, or sends back.
        Warn = "warn",
        /// Everything else.
        Plain = "plain",
    }
}

closed_list! {
    /// The facts a sentence may name, as `{word}`.
    Slot {
        /// The number of the case; always known.
        Number = "number",
        /// Today, said as a day; always known.
        Date = "date",
        /// The place by its name.
        Place = "place",
        /// The post or person who has it in hand.
        Owner = "owner",
        /// The body of the move, or the one that leads.
        Body = "body",
        /// The promised day (or hour, for today).
        Until = "until",
        /// The reason given.
        Reason = "reason",
        /// The answer given.
        Answer = "answer",
        /// The basis given.
        Basis = "basis",
        /// The number of the case it joined.
        Into = "into",
        /// The item of the catalogue.
        Item = "item",
        /// What a meeting is to talk about.
        Topic = "topic",
        /// How satisfied the asker is, in their word.
        Satisfied = "satisfied",
        /// How many times so far in this round, counting this one.
        Times = "times",
        /// How many times at most in one round.
        TimesMax = "times_max",
    }
}

impl Slot {
    /// Whether every case has this fact, so that a sentence may lean on it.
    pub const fn always_known(self) -> bool {
        matches!(self, Self::Number | Self::Date)
    }

    /// The need that brings this fact, if one does.
    pub const fn brought_by(self) -> Option<Need> {
        Some(match self {
            Self::Place => Need::Place,
            Self::Body => Need::Body,
            Self::Until => Need::Until,
            Self::Reason => Need::Reason,
            Self::Answer => Need::Answer,
            Self::Basis => Need::Basis,
            Self::Into => Need::Into,
            Self::Item => Need::Item,
            Self::Topic => Need::Topic,
            Self::Satisfied => Need::Satisfied,
            Self::Number | Self::Date | Self::Owner | Self::Times | Self::TimesMax => return None,
        })
    }
}

/// The permission words the standard flows use. A role of a pack bundles them; `asker` and `system`
/// are relations, not permissions.
pub const PERMISSIONS: &[&str] = &[
    "case.check",
    "case.file",
    "case.decline",
    "case.merge",
    "case.answer",
    "case.dispatch",
    "case.whistle",
    "case.deliberate",
    "case.hold",
    "case.resume",
    "case.escalate",
    "case.verify",
    "case.ask",
    "case.rate_for",
    "case.close",
    "case.reopen",
    "case.look_back",
    "case.adjudicate",
    "case.appeal",
    "task.acknowledge",
    "task.return",
    "task.done",
    "task.extend",
    "task.extend_approve",
    "task.withdraw",
];

/// Every fault code with its meaning, for `docs/flows.md`. A code keeps its meaning for ever.
pub const FAULT_CODES: &[(&str, &str)] = &[
    ("asker_unheard", "where the asker's word is awaited, or after it, the asker cannot say solved or not solved"),
    ("clock_idle", "a move stops, pauses or resumes a clock that is never under way there"),
    ("clock_left_running", "a move leads into a state with a clock under way that does not belong there"),
    ("clock_not_running", "a move leads into a state without the clock that runs there"),
    ("clock_started_twice", "a move starts a clock that may be under way already"),
    ("closes_by_itself", "the system closes something other than by stated silence after asking"),
    ("closes_without_word", "a case is closed without a reason, a case it joins, or the asker's two answers"),
    ("dead_end", "from an open state nothing closed can be reached"),
    ("duplicate", "an id, a word leaving the same state, or a clock within a move stands twice"),
    ("effect_missing", "where a move leads, something must be done that its effects do not name"),
    ("effect_unclear", "an effect lacks the need it works on, or stands beside `none`"),
    ("final_left", "a final state is open or is left by a move"),
    ("handler_judges", "whoever did the work could verify it, collect the word on it or grant itself time"),
    ("missing", "a key that has to be written down is not there"),
    ("never_asked", "from an open state of a case the asker's word cannot be reached"),
    ("no_way_back", "a closed state is neither left nor called final"),
    ("permission_unknown", "a permission no role can hold"),
    ("placeholder_unfilled", "a sentence leans on a fact that may not be there"),
    ("placeholder_unknown", "a sentence names a fact that does not exist"),
    ("round_wrong", "a matter comes back after an answer without a new round, or begins one otherwise"),
    ("syntax", "not TOML, a key that does not exist, or an id that is missing"),
    ("system_word", "a sentence speaks the language of a ticket system"),
    ("template_broken", "brackets or braces of a sentence do not pair up"),
    ("to_unknown", "a move leads to a state that does not exist"),
    ("too_large", "the file is over its limit"),
    ("too_long", "a sentence is over its limit"),
    ("too_many", "more states or moves than the limit"),
    ("unguarded", "a move does not say who may make it, or its guard does not hold"),
    ("unknown_name", "a word that is on no list, or a state or move that does not exist"),
    ("unreachable", "a state that no path from the start reaches"),
    ("unsaid", "a move tells the asker nothing, in one language or both"),
    ("unsolved_nowhere", "a move asks whether it is solved and does not name the move for “no”"),
    ("unworded", "a state or move lacks a word people would read"),
    ("waits_forever", "a state waits for a word or a day and nothing happens when it passes"),
    ("without_limit", "a day can be set without a limit to how far or how often"),
];
