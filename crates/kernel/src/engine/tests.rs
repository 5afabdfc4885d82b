//! Tests of what every engine promises, on each of them; the rooms below test one promise each.

mod lost;
mod neighbours;
mod once;
mod parity;
mod reading;
mod together;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use crate::{
    Engine, Result, args,
    engine::{Command, Tx},
    journal::{self, Draft, Entry, rules},
    statements,
    store::{Db, Migration},
    testing::{clock, inline_engine, lite_engine, postgres_engine},
};

statements! {
    /// A new counter.
    COUNTER_INSERT(Text, Text, Int) -> () = "insert into counter (district, name, value) values ($1, $2, $3)";
    /// Adds to a counter and locks it.
    COUNTER_ADD(Text, Text, Int) -> (Int) = "update counter set value = value + $3 where district = $1 and name = $2 returning value";
    /// A counter.
    COUNTER_FETCH(Text, Text) -> (Int) = "select value from counter where district = $1 and name = $2";
    /// Moves a counter on from a known value.
    COUNTER_MOVE(Text, Text, Int) -> () = "update counter set value = value + 1 where district = $1 and name = $2 and value = $3";
    /// How many counters there are.
    COUNTER_COUNT(Text) -> (Int) = "select count(*) from counter where district = $1";
    /// Something that hangs on a counter; whether that exists is asked at the commit.
    CHILD_INSERT(Text, Text, Text) -> () = "insert into child (district, name, parent) values ($1, $2, $3)";
}

const D: &str = "linping";

/// The ground floor's schema and two tables of the tests.
fn schema() -> Vec<Migration> {
    let ddl = "
create table counter (
    district text not null, -- key; ever
    name text not null, -- key; ever
    value bigint not null, -- fact; ever
    primary key (district, name)
);
create table child (
    district text not null, -- key; ever
    name text not null, -- key; ever
    parent text not null, -- key; ever
    primary key (district, name),
    foreign key (district, parent) references counter (district, name) deferrable initially deferred
);
";
    [crate::MIGRATIONS, &[Migration { id: "9000_test", ddl }]].concat()
}

/// Runs a test on the group writer, on the engine without threads, and on PostgreSQL where there is one.
fn on_each(test: impl Fn(&Engine)) {
    let (group, _folder) = lite_engine(&schema());
    test(&group);
    test(&inline_engine(&schema(), clock(), 1));
    if let Some(postgres) = postgres_engine(&schema()) {
        test(&postgres);
    }
}

fn command() -> Command {
    Command::new(D, "tester")
}

fn draft(subject: &str, version: i64) -> Draft {
    Draft {
        subject_kind: "counter",
        subject_id: subject.to_owned(),
        version,
        act: "counter.set".into(),
        data: serde_json::json!({ "name": subject, "value": version }),
        occurred_at: None,
    }
}

/// A counter and its entry in the journal.
fn make(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    tx.execute(&COUNTER_INSERT, args![D, name, 1])?;
    tx.journal(draft(name, 1));
    Ok(())
}

fn value(db: &mut dyn Db, name: &str) -> Result<Option<i64>> {
    Ok(db.row(&COUNTER_FETCH, args![D, name])?.map(|mut row| row.next()))
}

fn value_now(engine: &Engine, name: &str) -> Option<i64> {
    let name = name.to_owned();
    engine.read_now(move |db| value(db, &name)).expect("a counter can be read")
}

fn entries(engine: &Engine) -> Vec<Entry> {
    engine.read_now(|db| Ok(journal::page(db, D, 0, 100_000)?)).expect("the journal can be read")
}

/// The journal has exactly `count` entries, without a gap, in one chain that ends at the head.
fn assert_journal(engine: &Engine, count: usize) {
    let entries = entries(engine);
    let mut faults = Vec::new();
    let end = rules::check(D, (0, rules::GENESIS), &entries, &mut faults);
    assert_eq!(faults, [], "on {}", engine.name());
    assert_eq!(entries.len(), count, "on {}", engine.name());
    let head = engine.read_now(|db| Ok(journal::head(db, D)?)).expect("the head can be read");
    assert_eq!(head.unwrap_or((0, rules::GENESIS)), end, "on {}", engine.name());
}

/// Counts the runs of a command.
#[derive(Clone, Default)]
struct Runs(Arc<AtomicU32>);

impl Runs {
    /// Says that a run begins; answers which one it is, from 1.
    fn begin(&self) -> u32 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn the_statements_of_these_tests_fit_the_schema() {
    assert_eq!(crate::testing::statement_faults(&schema(), STATEMENTS, &[]), Vec::<String>::new());
    assert_eq!(crate::testing::column_faults(&schema()), Vec::<String>::new());
}
