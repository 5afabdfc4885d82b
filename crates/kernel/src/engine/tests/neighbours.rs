//! Commands that share a commit: what one of them does wrong harms no other.

use std::{
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::*;
use crate::{
    Problem,
    engine::{BATCH_COMMANDS_MAX, Backend, Done, QUEUE_COMMANDS_MAX, group::Writer, run::Plain},
    problem::NOT_FOUND,
    store::{Lite, LiteMode},
};

type Answer<T> = oneshot::Receiver<Result<Done<T>>>;

fn writer(engine: &Engine) -> &Writer {
    match &*engine.backend {
        Backend::Group { writer, .. } => writer,
        _ => panic!("the group engine has a writer"),
    }
}

/// Queues a command without waiting for its answer.
fn queue<T: Send + 'static>(
    engine: &Engine,
    f: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
) -> Result<Answer<T>> {
    writer(engine).submit(Plain::new(command(), f))
}

/// Keeps the writer busy with one command until the returned end is dropped, so that what is
/// queued meanwhile makes one batch.
fn hold(engine: &Engine) -> (Sender<()>, Answer<()>) {
    let (release, wait): (Sender<()>, Receiver<()>) = channel();
    let (begun, begins) = channel();
    let wait = Mutex::new(wait);
    let answer = queue(engine, move |_| {
        begun.send(()).expect("the test waits");
        // Ends with an error when the other end is dropped.
        wait.lock().recv().ok();
        Ok(())
    });
    begins.recv().expect("the writer takes the command up");
    (release, answer.unwrap())
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> &'static str {
    answer.blocking_recv().expect("every command is answered").expect_err("the command is refused").kind.code
}

fn good<T>(answer: Answer<T>) -> T {
    answer.blocking_recv().expect("every command is answered").expect("the command is carried out").value
}

#[test]
fn a_refused_or_panicking_command_harms_no_neighbour() {
    let (engine, _folder) = lite_engine(&schema());
    let (release, held) = hold(&engine);
    let runs = Runs::default();
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    let mut panicked = Vec::new();
    for number in 0..10 {
        let counted = runs.clone();
        kept.push(queue(&engine, move |tx| {
            counted.begin();
            make(tx, &format!("kept-{number}"))
        }));
        refused.push(queue(&engine, move |tx| {
            make(tx, &format!("refused-{number}"))?;
            Err::<(), _>(Problem::new(&NOT_FOUND).with("what", "it"))
        }));
        panicked.push(queue(&engine, move |tx| -> Result<()> {
            make(tx, &format!("panicked-{number}"))?;
            panic!("a fault in a rule")
        }));
    }
    drop(release);
    good(held);
    kept.into_iter().for_each(|answer| good(answer.unwrap()));
    refused.into_iter().for_each(|answer| assert_eq!(code(answer.unwrap()), "404.1"));
    panicked.into_iter().for_each(|answer| assert_eq!(code(answer.unwrap()), "500.1"));
    assert_eq!(runs.count(), 11, "only whoever ran before the first one that had written was run again");
    assert_journal(&engine, 10);
    let count: i64 = engine.read_now(|db| Ok(db.row(&COUNTER_COUNT, args![D])?.unwrap().next())).unwrap();
    assert_eq!(count, 10);
}

#[test]
fn a_command_refused_before_it_wrote_makes_nobody_run_again() {
    let (engine, _folder) = lite_engine(&schema());
    let (release, held) = hold(&engine);
    let runs = Runs::default();
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for number in 0..10 {
        let counted = runs.clone();
        kept.push(queue(&engine, move |tx| {
            counted.begin();
            make(tx, &format!("kept-{number}"))
        }));
        refused.push(queue(&engine, move |tx| {
            // A question is not a stain.
            value(tx, "kept-0")?;
            Err::<(), _>(Problem::new(&NOT_FOUND).with("what", "it"))
        }));
    }
    drop(release);
    good(held);
    kept.into_iter().for_each(|answer| good(answer.unwrap()));
    refused.into_iter().for_each(|answer| assert_eq!(code(answer.unwrap()), "404.1"));
    assert_eq!(runs.count(), 10);
    assert_journal(&engine, 10);
}

#[test]
fn a_refused_command_alone_leaves_nothing_of_what_it_wrote() {
    let (engine, _folder) = lite_engine(&schema());
    for _ in 0..3 {
        let refused = engine.write_now(command(), |tx| {
            make(tx, "a")?;
            Err::<(), _>(Problem::new(&NOT_FOUND).with("what", "it"))
        });
        assert_eq!(refused.unwrap_err().kind.code, "404.1");
        assert_eq!(value_now(&engine, "a"), None);
    }
    assert_journal(&engine, 0);
}

#[test]
fn a_panic_is_answered_and_leaves_nothing_on_any_engine() {
    on_each(|engine| {
        // More often than there are connections or threads, so that a lost one would be missed.
        for _ in 0..20 {
            let panicked = engine.write_now(command(), |tx| -> Result<()> {
                make(tx, "a")?;
                panic!("a fault in a rule")
            });
            let problem = panicked.unwrap_err();
            assert_eq!(problem.kind.code, "500.1");
            assert!(problem.cause.unwrap().contains("a fault in a rule"), "an operator sees what it was");
            let panicked = engine.read_now(|db| -> Result<()> {
                value(db, "a")?;
                panic!("a fault in a view")
            });
            assert_eq!(panicked.unwrap_err().kind.code, "500.1");
        }
        assert_eq!(value_now(engine, "a"), None, "on {}", engine.name());
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        assert_eq!(value_now(engine, "a"), Some(1));
        assert_journal(engine, 1);
    });
}

#[test]
fn after_a_failed_commit_each_command_is_run_again_alone() {
    let (engine, _folder) = lite_engine(&schema());
    let (release, held) = hold(&engine);
    let runs: Vec<Runs> = (0..8).map(|_| Runs::default()).collect();
    let drawn = Arc::new(Mutex::new(Vec::new()));
    let mut kept = Vec::new();
    let mut bad = None;
    for (number, runs) in runs.iter().cloned().enumerate() {
        if number == 4 {
            bad = Some(
                queue(&engine, |tx| Ok(tx.execute(&CHILD_INSERT, args![D, "orphan", "nobody"]).map(|_| ())?)).unwrap(),
            );
        }
        let drawn = drawn.clone();
        kept.push(queue(&engine, move |tx| {
            runs.begin();
            drawn.lock().push(tx.rng().bytes::<16>());
            make(tx, &format!("kept-{number}"))
        }));
    }
    drop(release);
    good(held);
    kept.into_iter().for_each(|answer| good(answer.unwrap()));
    assert_eq!(code(bad.unwrap()), "500.1");
    assert!(runs.iter().all(|runs| runs.count() == 2), "each was run in the batch and once more alone");
    assert_journal(&engine, 8);

    let mut drawn = drawn.lock().clone();
    drawn.sort_unstable();
    drawn.dedup();
    assert_eq!(
        drawn.len(),
        16,
        "a run that was rolled back may have sealed something: no run draws the bytes of another"
    );
}

#[test]
fn a_broken_deferred_rule_is_answered_on_every_engine() {
    on_each(|engine| {
        let bad = engine.write_now(command(), |tx| {
            make(tx, "a")?;
            Ok(tx.execute(&CHILD_INSERT, args![D, "orphan", "nobody"])?)
        });
        assert_eq!(bad.unwrap_err().kind.code, "500.1");
        assert_journal(engine, 0);
        engine
            .write_now(command(), |tx| {
                tx.execute(&CHILD_INSERT, args![D, "child", "a"])?;
                make(tx, "a")
            })
            .unwrap();
        assert_journal(engine, 1);
    });
}

#[test]
fn a_failed_statement_dooms_its_command_even_if_it_goes_on() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let carried_on = engine.write_now(command(), |tx| {
            tx.execute(&COUNTER_INSERT, args![D, "b", 1])?;
            // Taken already; a command that shrugs this off must not be told that b was written.
            drop(tx.execute(&COUNTER_INSERT, args![D, "a", 1]));
            Ok(())
        });
        assert_eq!(carried_on.unwrap_err().kind.code, "409.3", "on {}", engine.name());
        assert_eq!(value_now(engine, "b"), None, "on {}", engine.name());
    });
}

#[test]
fn a_full_queue_says_come_again() {
    let (engine, _folder) = lite_engine(&schema());
    let (release, held) = hold(&engine);
    let queued: Vec<_> =
        (0..QUEUE_COMMANDS_MAX).map(|_| queue(&engine, |tx| Ok(tx.now())).expect("there is room")).collect();
    let refused = queue(&engine, |tx| make(tx, "refused"));
    assert_eq!(refused.unwrap_err().kind.code, "503.1");
    drop(release);
    good(held);
    assert!(queued.len() > BATCH_COMMANDS_MAX, "more than one batch was waiting");
    queued.into_iter().for_each(|answer| assert_eq!(good(answer), crate::testing::START));
    assert_eq!(value_now(&engine, "refused"), None);
    engine.write_now(command(), |tx| make(tx, "later")).unwrap();
}

#[test]
fn while_another_process_writes_the_whole_batch_is_told_to_come_again() {
    let (engine, folder) = lite_engine(&schema());
    let other = Lite::open(&folder.path().join(Path::new("test.db")), LiteMode::Write).unwrap();
    other.batch("begin immediate").unwrap();
    let runs = Runs::default();
    let answers: Vec<_> = (0..10)
        .map(|_| {
            let runs = runs.clone();
            queue(&engine, move |_| Ok(runs.begin())).unwrap()
        })
        .collect();
    let answers: Vec<_> = answers.into_iter().map(code).collect();
    assert_eq!(answers, ["503.1"; 10]);
    assert_eq!(runs.count(), 0);
    other.batch("rollback").unwrap();
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
}
