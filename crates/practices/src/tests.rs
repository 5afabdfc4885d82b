//! What the tests of this floor stand on, and the checks of its statements and columns.

use std::sync::{Arc, OnceLock};

use cases::{
    Rulebook,
    case::{self, CaseId, Reported},
};
use commons::{directory, install, pack};
use kernel::{
    Command, Engine, Lang, Problem, Result, Timestamp, Tx,
    access::Actor,
    id::PersonId,
    journal, outbox,
    store::{Db, Migration},
    testing::{clock, column_faults, inline_engine, options, postgres_engine_with, statement_faults},
    time::VirtualClock,
    vault,
};

/// The district of these tests.
pub(crate) const DISTRICT: &str = "linping";
/// A grid of it.
pub(crate) const GRID: &str = "龙腾社区一网格";

fn schema() -> Vec<Migration> {
    [kernel::MIGRATIONS, commons::MIGRATIONS, cases::MIGRATIONS, crate::MIGRATIONS].concat()
}

fn the_pack() -> Arc<pack::Pack> {
    static PACK: OnceLock<Arc<pack::Pack>> = OnceLock::new();
    PACK.get_or_init(|| Arc::new(pack::load(DISTRICT, None).expect("the pack holds"))).clone()
}

/// A district with its pack installed, a clock that stands, and an engine.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) rules: Rulebook,
}

impl House {
    fn on(engine: Engine, clock: Arc<VirtualClock>) -> Self {
        let pack = the_pack();
        let installed = pack.clone();
        engine
            .write_now(Command::new(DISTRICT, "test"), move |tx| install::install(tx, &installed))
            .expect("the pack installs");
        let now = engine.now();
        let directory = engine.read_now(move |db| directory::build(db, DISTRICT, pack, now)).expect("a directory");
        let rules = Rulebook::new(Arc::new(directory)).expect("the flows can be read");
        Self { engine, clock, rules }
    }

    /// In memory.
    pub(crate) fn new() -> Self {
        let clock = clock();
        Self::on(inline_engine(&schema(), clock.clone(), 7), clock)
    }

    /// On PostgreSQL, where a server is named.
    pub(crate) fn postgres() -> Option<Self> {
        let clock = clock();
        Some(Self::on(postgres_engine_with(options(&schema(), clock.clone(), 7))?, clock))
    }

    /// Somebody on the staff, by service name.
    pub(crate) fn actor(&self, display: &str) -> Actor {
        let now = self.engine.now();
        let person =
            self.rules.directory.person_displayed(display, now).unwrap_or_else(|| panic!("nobody is called {display}"));
        self.rules.directory.actor(&person, None, now)
    }

    /// One command of an actor.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        actor: &Actor,
        f: impl Fn(&mut Tx<'_>, &Rulebook, &Actor) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (rules, actor) = (self.rules.clone(), actor.clone());
        let command = Command::new(DISTRICT, actor.name());
        self.engine.write_now(command, move |tx| f(tx, &rules, &actor)).map(|done| done.value)
    }

    /// One question.
    pub(crate) fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut dyn Db, &Rulebook) -> Result<T> + Send + 'static,
    ) -> T {
        let rules = self.rules.clone();
        self.engine.read_now(move |db| f(db, &rules)).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// A case reported by a resident with a phone.
    pub(crate) fn reported(&self, text: &str, item: Option<&str>) -> Reported {
        let report = case::Report {
            text: text.into(),
            item: item.map(Into::into),
            place: Some("悦贤里".into()),
            name: Some("李女士".into()),
            phone: Some("199 0000 9001".into()),
            source: "visit".into(),
            ..case::Report::default()
        };
        self.write(&Actor::anonymous(DISTRICT), move |tx, rules, actor| case::report(tx, rules, actor, &report))
            .expect("the report holds")
    }

    /// A case as it stands.
    pub(crate) fn case(&self, id: CaseId) -> case::Case {
        self.read(move |db, _| Ok(case::fetch(db, DISTRICT, &id)?)).expect("the case is there")
    }

    /// A case's story in Chinese: sentences, with reasons after a bar.
    pub(crate) fn story(&self, id: CaseId) -> Vec<String> {
        let (case, engine, now) = (self.case(id), self.engine.clone(), self.engine.now());
        let steps = self.read(move |db, rules| {
            let tasks = cases::task::of_case(db, DISTRICT, &id)?;
            cases::view::story(db, engine.keys(), rules, &case, &tasks, Lang::Zh, now)
        });
        steps
            .into_iter()
            .map(|step| step.reason.map_or(step.says.clone(), |reason| format!("{}|{reason}", step.says)))
            .collect()
    }

    /// What somebody was told, newest first.
    pub(crate) fn told(&self, person: PersonId) -> Vec<String> {
        let engine = self.engine.clone();
        self.read(move |db, _| {
            let messages = outbox::of_person(db, DISTRICT, &person)?;
            messages
                .iter()
                .map(|m| Ok(vault::open_message(db, engine.keys(), DISTRICT, &person, &m.sealed)?.unwrap_or_default()))
                .collect()
        })
    }

    /// Everything that the district's history says, as text.
    pub(crate) fn journal(&self) -> Vec<journal::Entry> {
        self.read(|db, _| Ok(journal::page(db, DISTRICT, 0, 10_000)?))
    }

    /// Lets time pass.
    pub(crate) fn pass_ms(&self, ms: i64) -> Timestamp {
        self.clock.advance_ms(ms);
        self.engine.now()
    }
}

/// Runs a test in memory, and on PostgreSQL where a server is named.
pub(crate) fn on_both(test: impl Fn(&House)) {
    test(&House::new());
    if let Some(house) = House::postgres() {
        test(&house);
    }
}

/// The number of the refusal.
pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T, Problem>) -> &'static str {
    outcome.expect_err("it is refused").kind.code
}

#[test]
fn every_statement_means_the_same_on_both_engines() {
    assert_eq!(statement_faults(&schema(), &crate::statements(), &[]), Vec::<String>::new());
}

#[test]
fn every_column_has_a_class_and_a_retention() {
    assert_eq!(column_faults(&schema()), Vec::<String>::new());
}

#[test]
fn problems_have_numbers_of_their_own() {
    let ours = crate::problems::PROBLEMS.iter().chain(cases::problems::PROBLEMS).chain(kernel::problem::PROBLEMS);
    let codes: Vec<&str> = ours.map(|kind| kind.code).collect();
    let unique: std::collections::BTreeSet<&&str> = codes.iter().collect();
    assert_eq!(unique.len(), codes.len(), "{codes:?}");
    for kind in crate::problems::PROBLEMS {
        assert_eq!(kind.code.split('.').next(), Some(kind.status.to_string().as_str()));
    }
}
