//! A question sees one moment and changes nothing.

use std::sync::mpsc::channel;

use super::*;

/// The question reads, waits until a command has committed, and reads again.
fn one_moment(engine: &Engine) {
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
    let (first_read, reads) = channel();
    let (committed, commits) = channel::<()>();
    let question = {
        let engine = engine.clone();
        std::thread::spawn(move || {
            engine.read_now(move |db| {
                let before = value(db, "a")?;
                first_read.send(()).unwrap();
                commits.recv().unwrap();
                Ok((before, value(db, "a")?, value(db, "b")?, journal::head(db, D)?.unwrap().0))
            })
        })
    };
    reads.recv().unwrap();
    engine
        .write_now(command(), |tx| {
            tx.row(&COUNTER_ADD, args![D, "a", 10])?;
            make(tx, "b")
        })
        .unwrap();
    committed.send(()).unwrap();
    assert_eq!(question.join().unwrap().unwrap(), (Some(1), Some(1), None, 1), "on {}", engine.name());
    assert_eq!((value_now(engine, "a"), value_now(engine, "b")), (Some(11), Some(1)), "the next question sees it");
}

#[test]
fn a_question_sees_one_moment() {
    let (group, _folder) = lite_engine(&schema());
    one_moment(&group);
    if let Some(postgres) = postgres_engine(&schema()) {
        one_moment(&postgres);
    }
}

#[test]
fn a_question_changes_nothing() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let refused = engine.read_now(|db| Ok(db.rows(&COUNTER_ADD, args![D, "a", 1])?.len()));
        assert_eq!(refused.unwrap_err().kind.code, "500.1", "on {}", engine.name());
        // Also when the question goes on after it.
        let shrugged = engine.read_now(|db| {
            drop(db.rows(&COUNTER_ADD, args![D, "a", 1]));
            Ok(())
        });
        drop(shrugged);
        assert_eq!(value_now(engine, "a"), Some(1), "on {}", engine.name());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_and_commands_run_beside_each_other() {
    let (engine, _folder) = lite_engine(&schema());
    engine.write(command(), |tx| make(tx, "a")).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let engine = engine.clone();
        tasks.spawn(async move {
            for _ in 0..5 {
                engine
                    .write(command(), |tx| {
                        tx.row(&COUNTER_ADD, args![D, "a", 1])?;
                        Ok(())
                    })
                    .await
                    .unwrap();
                let twice = engine.read(|db| Ok((value(db, "a")?, value(db, "a")?))).await.unwrap();
                assert_eq!(twice.0, twice.1);
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(engine.read(|db| value(db, "a")).await.unwrap(), Some(161));
}
