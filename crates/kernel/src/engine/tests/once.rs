//! Same key, one effect (I13).

use super::*;
use crate::{
    Problem,
    engine::{Answer, Once},
    idempotency::{self, KEY_CHARS_MAX, Key, Reference},
    problem::{CONFLICT, NOT_FOUND},
    testing::{lite_engine_with, options},
};

/// A counter as it was after a command.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    name: String,
    value: i64,
}

impl Answer for Counted {
    fn reference(&self) -> Reference {
        Reference { kind: "counter".into(), id: self.name.clone(), version: self.value }
    }
    fn again(db: &mut dyn Db, district: &str, reference: &Reference) -> Result<Self> {
        let state = journal::state_at(db, district, &reference.kind, &reference.id, reference.version)?;
        let state = state.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", &reference.id))?;
        Ok(Self { name: state["name"].as_str().unwrap().to_owned(), value: state["value"].as_i64().unwrap() })
    }
}

fn key(name: &str, request: &str) -> Once {
    Some(Key::new(name, &[request.as_bytes()]))
}

/// Adds one to a counter that exists.
fn add(tx: &mut Tx<'_>, name: &str) -> Result<Counted> {
    let mut row =
        tx.row(&COUNTER_ADD, args![D, name, 1])?.ok_or_else(|| Problem::new(&NOT_FOUND).with("what", name))?;
    let value = row.next();
    tx.journal(draft(name, value));
    Ok(Counted { name: name.to_owned(), value })
}

#[test]
fn the_same_key_is_answered_again_and_done_once() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let first = engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap();
        assert_eq!((first.value.value, first.again, first.receipts.len()), (2, false, 1));
        // Others move on; the repeated request still gets the answer of its own moment.
        engine.write_now(command(), |tx| add(tx, "a")).unwrap();
        let second = engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap();
        assert_eq!((&second.value, second.again, second.receipts.len()), (&first.value, true, 0));
        assert_eq!(value_now(engine, "a"), Some(3));
        assert_journal(engine, 3);
    });
}

#[test]
fn the_same_key_with_another_request_is_refused() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap();
        let other = engine.write_once_now(command(), key("k1", "something else"), |tx| add(tx, "a"));
        assert_eq!(other.unwrap_err().kind.code, "409.2");
        assert_eq!(value_now(engine, "a"), Some(2));
    });
}

#[test]
fn a_key_belongs_to_its_actor_and_district() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        for (district, actor) in [(D, "tester"), (D, "somebody else"), ("fuyang", "tester")] {
            let done = engine.write_once_now(Command::new(district, actor), key("k1", "add"), |tx| {
                let value = tx.row(&COUNTER_ADD, args![D, "a", 1])?.expect("the counter").next();
                Ok(Counted { name: "a".into(), value })
            });
            assert!(!done.unwrap().again, "{district} {actor}");
        }
        assert_eq!(value_now(engine, "a"), Some(4));
    });
}

#[test]
fn a_refused_request_uses_no_key() {
    on_each(|engine| {
        let refused = engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a"));
        assert_eq!(refused.unwrap_err().kind.code, "404.1");
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let done = engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap();
        assert!(!done.again);
        assert_eq!(value_now(engine, "a"), Some(2));
    });
}

#[test]
fn a_key_has_a_length() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        for bad in [String::new(), "键".repeat(KEY_CHARS_MAX + 1)] {
            let refused = engine.write_once_now(command(), key(&bad, "add"), |tx| add(tx, "a"));
            assert_eq!(refused.unwrap_err().kind.code, "400.2");
        }
        let longest = "键".repeat(KEY_CHARS_MAX);
        assert!(!engine.write_once_now(command(), key(&longest, "add"), |tx| add(tx, "a")).unwrap().again);
        assert_eq!(value_now(engine, "a"), Some(2));
    });
}

/// 64 callers with one key at once: one effect, the same answer for all, whatever the command does.
async fn twins(engine: Engine, runs: fn(&mut Tx<'_>) -> Result<Counted>) {
    engine.write(command(), |tx| make(tx, "a")).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let engine = engine.clone();
        tasks.spawn(async move {
            engine.write_once(command(), key("k1", "once"), runs).await.expect("every twin is answered")
        });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|done| !done.again).count(), 1, "one did it");
    assert!(done.iter().all(|one| one.value == done[0].value), "all are told the same");
    tokio::task::spawn_blocking(move || {
        assert_eq!(value_now(&engine, "a"), Some(2));
        assert_journal(&engine, 2);
    })
    .await
    .expect("there was one effect");
}

/// A compare-and-swap, as moves of a case are: for a twin that waited it fails.
fn compare_and_add(tx: &mut Tx<'_>) -> Result<Counted> {
    if tx.execute(&COUNTER_MOVE, args![D, "a", 1])? == 0 {
        return Err(Problem::new(&CONFLICT).with("what", "a"));
    }
    tx.journal(draft("a", 2));
    Ok(Counted { name: "a".into(), value: 2 })
}

/// A row with an id of the caller's own: for a twin that waited it is taken.
fn insert_and_add(tx: &mut Tx<'_>) -> Result<Counted> {
    tx.execute(&COUNTER_INSERT, args![D, "b", 1])?;
    add(tx, "a")
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_twins_on_sqlite_have_one_effect() {
    for runs in [|tx: &mut Tx<'_>| add(tx, "a"), compare_and_add, insert_and_add] {
        let (engine, _folder) = lite_engine_with(options(&schema(), clock(), 1));
        twins(engine, runs).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_twins_on_postgres_have_one_effect() {
    for runs in [|tx: &mut Tx<'_>| add(tx, "a"), compare_and_add, insert_and_add] {
        if let Some(engine) = postgres_engine(&schema()) {
            twins(engine, runs).await;
        }
    }
}

/// Both twins have looked for the key and not found it before either goes on.
#[test]
fn a_twin_that_waited_is_answered_and_not_refused() {
    for act in [|tx: &mut Tx<'_>| add(tx, "a"), compare_and_add, insert_and_add] {
        let Some(engine) = postgres_engine(&schema()) else { return };
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let (runs, both) = (Runs::default(), Arc::new(std::sync::Barrier::new(2)));
        let twins = [(); 2].map(|()| {
            let (engine, runs, both) = (engine.clone(), runs.clone(), both.clone());
            std::thread::spawn(move || {
                engine.write_once_now(command(), key("k1", "once"), move |tx| {
                    if runs.begin() <= 2 {
                        both.wait();
                    }
                    act(tx)
                })
            })
        });
        let done = twins.map(|twin| twin.join().unwrap().expect("each twin is answered"));
        assert_eq!(done[0].value, done[1].value);
        assert!(done[0].again != done[1].again, "one of them did it");
        assert_eq!(value_now(&engine, "a"), Some(2));
        assert_journal(&engine, 2);
    }
}

#[test]
fn a_twin_with_another_request_is_refused_for_its_key() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
    let (runs, both) = (Runs::default(), Arc::new(std::sync::Barrier::new(2)));
    let twins = ["one", "other"].map(|request| {
        let (engine, runs, both) = (engine.clone(), runs.clone(), both.clone());
        std::thread::spawn(move || {
            engine.write_once_now(command(), key("k1", request), move |tx| {
                if runs.begin() <= 2 {
                    both.wait();
                }
                compare_and_add(tx)
            })
        })
    });
    let mut codes: Vec<_> = twins
        .into_iter()
        .map(|twin| twin.join().unwrap().map_or_else(|problem| problem.kind.code, |_| "done"))
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["409.2", "done"]);
}

#[test]
fn old_keys_are_forgotten() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap();
        let forgotten = |before| {
            engine.write_now(command(), move |tx| Ok(idempotency::forget_before(tx, D, before)?)).unwrap().value
        };
        assert_eq!(forgotten(crate::testing::START), 0);
        assert_eq!(forgotten(crate::testing::START.plus_ms(1)), 1);
        assert!(!engine.write_once_now(command(), key("k1", "add"), |tx| add(tx, "a")).unwrap().again);
    });
}
