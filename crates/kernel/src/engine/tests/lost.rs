//! PostgreSQL ends a transaction, or goes away: what is run again, and what must not be.

use std::{
    sync::{Barrier, mpsc::channel},
    time::Duration,
};

use super::*;
use crate::{
    Problem,
    engine::{Answer, run::Keyed},
    idempotency::{Key, Reference},
    problem::NOT_FOUND,
    store::{Sql, StoreError, Ty},
};

/// Only the tests of PostgreSQL use these: they are in no registry.
static OWN_BACKEND: Sql = Sql::new("OWN_BACKEND", "select pg_backend_pid()::bigint", &[], &[Ty::Int]);
static BACKEND_END: Sql = Sql::new("BACKEND_END", "select pg_terminate_backend($1::int4)", &[Ty::Int], &[Ty::Bool]);
static OTHERS_END: Sql = Sql::new(
    "OTHERS_END",
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    &[],
    &[Ty::Bool],
);
static BACKENDS: Sql =
    Sql::new("BACKENDS", "select count(*) from pg_stat_activity where pid = $1", &[Ty::Int], &[Ty::Int]);

/// Ends a backend and waits until it is gone.
fn end(engine: &Engine, backend: i64) {
    engine.read_now(move |db| Ok(db.rows(&BACKEND_END, args![backend])?.len())).unwrap();
    loop {
        let left: i64 = engine.read_now(move |db| Ok(db.row(&BACKENDS, args![backend])?.unwrap().next())).unwrap();
        if left == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_deadlock_is_run_again() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    engine
        .write_now(command(), |tx| {
            make(tx, "a")?;
            make(tx, "b")
        })
        .unwrap();
    let runs = Runs::default();
    let both_locked = Arc::new(Barrier::new(2));
    let threads = [("a", "b"), ("b", "a")].map(|(first, second)| {
        let (engine, runs, both_locked) = (engine.clone(), runs.clone(), both_locked.clone());
        std::thread::spawn(move || {
            engine.write_now(command(), move |tx| {
                let run = runs.begin();
                tx.row(&COUNTER_ADD, args![D, first, 1])?;
                if run <= 2 {
                    both_locked.wait();
                }
                tx.row(&COUNTER_ADD, args![D, second, 1])?;
                let id = tx.id(crate::id::TimerId::new);
                tx.journal(draft(id.as_str(), 1));
                Ok(())
            })
        })
    });
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap().expect("both are carried out")));
    assert!(runs.count() >= 3, "one of them was the deadlock's victim");
    assert_eq!((value_now(&engine, "a"), value_now(&engine, "b")), (Some(3), Some(3)));
    assert_journal(&engine, 4);
}

#[test]
fn a_command_that_hides_why_it_failed_is_run_again_too() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    engine.write_now(command(), |tx| make(tx, "a").and_then(|()| make(tx, "b"))).unwrap();
    let both_locked = Arc::new(Barrier::new(2));
    let runs = Runs::default();
    let threads = [("a", "b"), ("b", "a")].map(|(first, second)| {
        let (engine, runs, both_locked) = (engine.clone(), runs.clone(), both_locked.clone());
        std::thread::spawn(move || {
            engine.write_now(command(), move |tx| {
                let run = runs.begin();
                tx.row(&COUNTER_ADD, args![D, first, 1])?;
                if run <= 2 {
                    both_locked.wait();
                }
                tx.row(&COUNTER_ADD, args![D, second, 1]).map_err(|_| Problem::new(&NOT_FOUND).with("what", second))?;
                Ok(())
            })
        })
    });
    threads.into_iter().for_each(|thread| drop(thread.join().unwrap().expect("both are carried out")));
    assert_eq!((value_now(&engine, "a"), value_now(&engine, "b")), (Some(3), Some(3)));
}

#[test]
fn a_command_is_run_again_only_so_often() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    let runs = Runs::default();
    let counted = runs.clone();
    let never = engine.write_now(command(), move |_| -> Result<()> {
        counted.begin();
        Err(StoreError::Retry("40001: could not serialize access".into()).into())
    });
    assert_eq!(never.unwrap_err().kind.code, "503.1");
    assert_eq!(runs.count(), 10);
}

#[test]
fn a_connection_lost_in_a_command_is_replaced() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    let runs = Runs::default();
    let (counted, other) = (runs.clone(), engine.clone());
    let done = engine.write_now(command(), move |tx| {
        if counted.begin() == 1 {
            let own: i64 = tx.row(&OWN_BACKEND, &[])?.unwrap().next();
            end(&other, own);
        }
        make(tx, "a")
    });
    assert_eq!(done.unwrap().receipts.len(), 1);
    assert_eq!(runs.count(), 2);
    assert_journal(&engine, 1);
}

#[test]
fn connections_that_died_in_the_pool_are_replaced() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    let Some(other) = postgres_engine(&schema()) else { return };
    let own: i64 = engine.read_now(|db| Ok(db.row(&OWN_BACKEND, &[])?.unwrap().next())).unwrap();
    end(&other, own);
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
    assert_eq!(value_now(&engine, "a"), Some(1));
}

#[test]
fn a_lock_that_is_kept_too_long_is_told() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
    let (locked, locks) = channel();
    let (release, released) = channel::<()>();
    let released = parking_lot::Mutex::new(released);
    let holder = {
        let engine = engine.clone();
        std::thread::spawn(move || {
            engine.write_now(command(), move |tx| {
                tx.row(&COUNTER_ADD, args![D, "a", 1])?;
                locked.send(()).unwrap();
                released.lock().recv().ok();
                Ok(())
            })
        })
    };
    locks.recv().unwrap();
    let waited = engine.write_now(command(), |tx| Ok(tx.row(&COUNTER_ADD, args![D, "a", 1])?.is_some()));
    assert_eq!(waited.unwrap_err().kind.code, "503.1");
    drop(release);
    holder.join().unwrap().unwrap();
    assert_eq!(value_now(&engine, "a"), Some(2), "the holder's addition and no other");
}

/// Ends the connection after the last statement of the first run, so that its commit is lost.
fn lose_commit(engine: &Engine, runs: &Runs) -> impl Fn(&mut Tx<'_>) -> Result<i64> + Send + 'static {
    let (counted, other) = (runs.clone(), engine.clone());
    move |tx| {
        let run = counted.begin();
        tx.execute(&COUNTER_INSERT, args![D, "a", 1])?;
        let own: i64 = tx.row(&OWN_BACKEND, &[])?.unwrap().next();
        if run == 1 {
            end(&other, own);
        }
        Ok(1)
    }
}

#[test]
fn a_lost_commit_without_a_key_is_not_run_again() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    let runs = Runs::default();
    let unsure = engine.write_now(command(), lose_commit(&engine, &runs));
    let problem = unsure.unwrap_err();
    assert_eq!(problem.kind.code, "503.2", "nobody knows whether it was carried out: {problem}");
    assert_eq!(runs.count(), 1);
    engine.write_now(command(), |tx| make(tx, "b")).expect("the engine goes on");
}

#[test]
fn while_connections_die_every_answer_is_true() {
    let Some(url) = crate::testing::postgres_database(&schema()) else { return };
    let open = |seed| Engine::open(&url, crate::testing::options(&schema(), clock(), seed)).unwrap();
    let (engine, other) = (open(1), open(2));
    let over = std::sync::atomic::AtomicBool::new(false);
    let answers: Vec<(String, Result<(), &'static str>)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (engine, over) = (&engine, &over);
                scope.spawn(move || {
                    let mut answers = Vec::new();
                    while !over.load(Ordering::SeqCst) {
                        let name = format!("{writer}-{}", answers.len());
                        let made = name.clone();
                        let done = engine.write_now(command(), move |tx| make(tx, &made));
                        answers.push((name, done.map(|_| ()).map_err(|problem| problem.kind.code)));
                    }
                    answers
                })
            })
            .collect();
        for _ in 0..40 {
            std::thread::sleep(Duration::from_millis(10));
            other.read_now(|db| Ok(db.rows(&OTHERS_END, &[])?.len())).expect("our own connection lives");
        }
        over.store(true, Ordering::SeqCst);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert!(answers.iter().filter(|(_, answer)| answer.is_ok()).count() > 10, "something was written meanwhile");
    for (name, answer) in &answers {
        match answer {
            Ok(()) => assert_eq!(value_now(&other, name), Some(1), "what was acknowledged is there"),
            Err("503.1") => assert_eq!(value_now(&other, name), None, "what is said to be unchanged is unchanged"),
            Err(code) => assert_eq!(*code, "503.2", "only a commit that was under way leaves anybody in doubt"),
        }
    }
    let stored: i64 = other.read_now(|db| Ok(db.row(&COUNTER_COUNT, args![D])?.unwrap().next())).unwrap();
    assert_journal(&other, usize::try_from(stored).unwrap());
}

struct Made(i64);

impl Answer for Made {
    fn reference(&self) -> Reference {
        Reference { kind: "counter".into(), id: "a".into(), version: self.0 }
    }
    fn again(_: &mut dyn Db, _: &str, reference: &Reference) -> Result<Self> {
        Ok(Self(reference.version))
    }
}

#[test]
fn a_command_with_a_key_is_run_again_after_a_lost_connection() {
    let Some(engine) = postgres_engine(&schema()) else { return };
    let runs = Runs::default();
    let lose = lose_commit(&engine, &runs);
    let done = engine.write_once_now(command(), Some(Key::new("k1", &[b"a"])), move |tx| Ok(Made(lose(tx)?)));
    assert!(!done.unwrap().again);
    assert_eq!((runs.count(), value_now(&engine, "a")), (2, Some(1)));
    // The type that carries keys is the one that says so.
    let work = Keyed::new(command(), None, |_: &mut Tx<'_>| Ok(Made(1)));
    assert!(!crate::engine::run::Work::has_key(&work), "without a key a lost commit stays unsure");
}

#[test]
fn a_write_whose_caller_went_away_is_still_carried_out() {
    on_each(|engine| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (begun, begins) = channel();
        let writing = engine.clone();
        let task = runtime.spawn(async move {
            writing
                .write(command(), move |tx| {
                    make(tx, "a")?;
                    begun.send(()).ok();
                    Ok(())
                })
                .await
        });
        begins.recv().unwrap();
        task.abort();
        // The next command stands behind it in every queue, or waits for its locks.
        engine.write_now(command(), |tx| make(tx, "b")).unwrap();
        for _ in 0..200 {
            if value_now(engine, "a") == Some(1) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(value_now(engine, "a"), Some(1), "on {}", engine.name());
        assert_journal(engine, 2);
    });
}
