//! The engines are one engine: the same commands leave the same answers and the same rows, byte
//! for byte, whether they share commits or not, on SQLite and on PostgreSQL.

use std::collections::BTreeMap;

use super::*;
use crate::{
    Problem, Rng, access,
    engine::{Answer, Backend, Done, Once, run::Keyed},
    idempotency::{Key, Reference},
    outbox,
    problem::NOT_FOUND,
    store::{Lite, LiteMode, Pg, columns, pg_connect},
    testing::{lite_engine_with, options, postgres_database},
    time::VirtualClock,
    timer, vault,
};

/// Commands between two moves of the clock; on the group writer they wait together.
const COMMANDS_BETWEEN: usize = 500;

type Body = Box<dyn Fn(&mut Tx<'_>) -> Result<Told> + Send>;

/// What a command answers, in words.
#[derive(Debug, PartialEq, Eq)]
struct Told(String);

impl Answer for Told {
    fn reference(&self) -> Reference {
        Reference { kind: "told".into(), id: self.0.clone(), version: 0 }
    }
    fn again(_: &mut dyn Db, _: &str, reference: &Reference) -> Result<Self> {
        Ok(Self(reference.id.clone()))
    }
}

fn told(what: impl std::fmt::Debug) -> Result<Told> {
    Ok(Told(format!("{what:?}")))
}

fn phone(number: u64) -> String {
    format!("138{number:08}")
}

/// The person with this number; made when there is none.
fn person(tx: &mut Tx<'_>, number: u64) -> Result<vault::PersonKey> {
    let keys = tx.keys();
    match vault::find_by_phone(tx, keys, D, &phone(number))? {
        Some(person) => vault::key_of(tx, keys, D, &person),
        None => {
            let key = vault::person_new(tx)?;
            vault::contact_put(tx, &key, vault::ContactKind::Phone, &phone(number))?;
            Ok(key)
        }
    }
}

fn count(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let Some(mut row) = tx.row(&COUNTER_ADD, args![D, name, 1])? else {
        make(tx, name)?;
        return Ok(1);
    };
    let value = row.next();
    tx.journal(draft(name, value));
    Ok(value)
}

/// A command out of the things that commands do, with what goes wrong among them.
fn step(rng: &mut Rng) -> (Once, Body) {
    let (what, a, b) = (rng.below(17), rng.below(40), rng.below(7));
    let name = format!("c{a}");
    let mut once = None;
    let body: Body = match what {
        0 | 1 => Box::new(move |tx| told(count(tx, &name)?)),
        2 => {
            // The same few keys come again and again, now and then with another request.
            once = Some(Key::new(format!("key-{a}"), &[if b == 0 { b"other" } else { b"add" }]));
            Box::new(move |tx| told(count(tx, "keyed")?))
        }
        3 => Box::new(move |tx| {
            let key = person(tx, a)?;
            told(vault::content_put(tx, &key, ("case", &name), "letter", format!("楼道 {b}").as_bytes())?)
        }),
        4 => Box::new(move |tx| {
            let key = person(tx, a)?;
            vault::contact_put(tx, &key, vault::ContactKind::Name, &format!("李{b}"))?;
            told(vault::unseal(tx, &key.person, vault::ContactKind::Name, "回电话", ("case", &name))?)
        }),
        5 => Box::new(move |tx| {
            let key = person(tx, a)?;
            told(vault::erase(tx, &key.person)?)
        }),
        6 => Box::new(move |tx| {
            let due = tx.now().plus_ms(i64::try_from(b).expect("small") * 20_000);
            told(timer::set(tx, "case.accept", "case", &name, due)?)
        }),
        7 => Box::new(move |tx| told(timer::cancel(tx, "case.accept", "case", &name)?)),
        8 => Box::new(move |tx| {
            let due = timer::claim(tx)?;
            for timer in due.iter().step_by(2) {
                timer::finish(tx, D, &timer.id)?;
            }
            told(due)
        }),
        9 => Box::new(move |tx| {
            let key = person(tx, b)?;
            told(outbox::post(tx, &format!("m{a}-{b}"), &key.person, "sms", ("case", &name), b"sealed")?)
        }),
        10 => Box::new(move |tx| {
            let messages = outbox::claim(tx)?;
            for message in messages.iter().skip(1) {
                outbox::sent(tx, &message.id)?;
            }
            told(messages)
        }),
        11 => Box::new(move |tx| {
            let key = person(tx, a)?;
            told(access::account_insert(tx, &name, &key.person, "$argon2id$")?)
        }),
        12 => Box::new(move |tx| {
            let Some(account) = access::account_by_name(tx, &name)? else {
                return Err(Problem::new(&NOT_FOUND).with("what", &name));
            };
            match b {
                0 => told(access::account_disable(tx, &name)?),
                1 => told(access::login_succeeded(tx, &account.id)?),
                2 => {
                    let bytes = tx.rng().bytes();
                    told(access::session_insert(tx, &account.id, &bytes)?)
                }
                _ => told(access::login_failed(tx, &account.id)?),
            }
        }),
        13 => Box::new(move |tx| {
            count(tx, &name)?;
            person(tx, a + 100)?;
            Err(Problem::new(&NOT_FOUND).with("what", b))
        }),
        14 => Box::new(move |tx| {
            count(tx, &name)?;
            // Without the hook's lines for each of hundreds of panics.
            std::panic::resume_unwind(Box::new("a fault in a rule"))
        }),
        15 => Box::new(move |tx| {
            person(tx, a + 100)?;
            told(tx.execute(&COUNTER_INSERT, args![D, &name, 0])?)
        }),
        _ => Box::new(move |tx| {
            count(tx, "shrugged")?;
            told(tx.execute(&COUNTER_INSERT, args![D, &name, 0]).is_ok())
        }),
    };
    (once, body)
}

fn in_words(answer: Result<Done<Told>>) -> String {
    match answer {
        Ok(done) => format!("{} {:?} {}", done.value.0, done.receipts, done.again),
        Err(problem) => problem.kind.code.to_owned(),
    }
}

/// Carries `steps` commands of a seed out and gives what was answered.
fn carry_out(engine: &Engine, clock: &VirtualClock, steps: usize) -> Vec<String> {
    let mut rng = Rng::seeded(4);
    let mut answers = Vec::new();
    while answers.len() < steps {
        let some = (0..COMMANDS_BETWEEN.min(steps - answers.len())).map(|_| step(&mut rng));
        match &*engine.backend {
            Backend::Group { writer, .. } => {
                let waiting: Vec<_> = some
                    .map(|(once, body)| writer.submit(Keyed::new(command(), once, body)).expect("there is room"))
                    .collect();
                answers.extend(
                    waiting
                        .into_iter()
                        .map(|answer| in_words(answer.blocking_recv().expect("every command is answered"))),
                );
            }
            _ => answers.extend(some.map(|(once, body)| in_words(engine.write_once_now(command(), once, body)))),
        }
        clock.advance_ms(30_000);
    }
    answers
}

/// The tables and their columns.
fn tables() -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for column in columns(&schema()) {
        tables.entry(column.table).or_default().push(column.name);
    }
    tables
}

fn in_order(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

fn lite_rows(lite: &Lite) -> BTreeMap<String, Vec<String>> {
    use rusqlite::types::Value;
    let cell = |value: Value| match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text,
        Value::Blob(bytes) => format!("\\x{}", data_encoding::HEXLOWER.encode(&bytes)),
    };
    let rows = |(table, columns): (String, Vec<String>)| {
        let mut statement = lite.raw().prepare(&format!("select {} from {table}", columns.join(", "))).unwrap();
        let width = columns.len();
        let lines = statement
            .query_map([], |row| (0..width).map(|i| row.get(i).map(cell)).collect::<Result<Vec<_>, _>>())
            .unwrap();
        (table, in_order(lines.map(|line| line.unwrap().join(" | ")).collect()))
    };
    tables().into_iter().map(rows).collect()
}

fn postgres_rows(url: &str) -> BTreeMap<String, Vec<String>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let pool = pg_connect(url, 1).unwrap();
    let pg = Pg::take(&pool, runtime.handle()).unwrap();
    let rows = |(table, columns): (String, Vec<String>)| {
        let lines = pg.simple(&format!("select {} from {table}", columns.join(", "))).unwrap();
        (table, in_order(lines.into_iter().map(|line| line.join(" | ")).collect()))
    };
    let all = tables().into_iter().map(rows).collect();
    pg.discard();
    all
}

type Left = (Vec<String>, BTreeMap<String, Vec<String>>);

fn on_inline(steps: usize) -> Left {
    let clock = clock();
    let engine = inline_engine(&schema(), clock.clone(), 1);
    let answers = carry_out(&engine, &clock, steps);
    let Backend::Inline(inline) = &*engine.backend else { panic!("an engine without threads") };
    (answers, lite_rows(&inline.lite()))
}

fn on_group(steps: usize) -> Left {
    let clock = clock();
    let (engine, folder) = lite_engine_with(options(&schema(), clock.clone(), 1));
    // A command that is run again draws other bytes, and here bytes are compared: nobody's fault shall
    // make a neighbour run twice.
    engine.shared.apart.store(u32::MAX, std::sync::atomic::Ordering::Relaxed);
    let answers = carry_out(&engine, &clock, steps);
    (answers, lite_rows(&Lite::open(&folder.path().join("test.db"), LiteMode::Read).unwrap()))
}

fn assert_same(one: &Left, other: &Left) {
    let first = one.0.iter().zip(&other.0).position(|(a, b)| a != b);
    assert_eq!(first.map(|at| (at, &one.0[at], &other.0[at])), None, "the first answer that differs");
    assert_eq!(one.0.len(), other.0.len());
    for (table, rows) in &one.1 {
        assert_eq!(rows, &other.1[table], "{table}");
    }
    assert_eq!(one.1.len(), other.1.len());
}

#[test]
fn five_thousand_commands_leave_the_same_with_and_without_shared_commits() {
    let inline = on_inline(5_000);
    assert_same(&inline, &on_group(5_000));
    // The run is worth its name: every kind of end was met, and every table was written to.
    for end in ["404.1", "409.2", "409.3", "500.1"] {
        assert!(inline.0.iter().filter(|answer| *answer == end).count() > 10, "{end}");
    }
    assert!(inline.0.iter().filter(|answer| answer.ends_with("true")).count() > 10, "keys that came again");
    let empty: Vec<_> = inline.1.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    assert_eq!(empty, ["child", "follower"], "of the tables these alone have no user yet");
}

#[test]
fn postgres_leaves_the_same_as_sqlite() {
    let Some(url) = postgres_database(&schema()) else { return };
    let clock = clock();
    let engine = Engine::open(&url, options(&schema(), clock.clone(), 1)).unwrap();
    let answers = carry_out(&engine, &clock, 2_000);
    assert_same(&on_inline(2_000), &(answers, postgres_rows(&url)));
}
