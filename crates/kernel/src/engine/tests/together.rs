//! Rows, entries, messages and timers of one command commit together (I1); many commands at once
//! leave a history without gaps.

use std::collections::BTreeSet;

use super::*;
use crate::{
    outbox,
    testing::{START, lite_engine_with, options, postgres_database},
    timer, vault,
};

const WRITERS: usize = 64;
const COMMANDS: usize = 10;

/// Writes from many tasks at once; then a second engine on the same database must see it all.
async fn many_writers(url: &str) {
    let engine = Engine::open(url, options(&schema(), clock(), 1)).expect("the engine opens");
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let engine = engine.clone();
        tasks.spawn(async move {
            let mut seqs = Vec::new();
            for number in 0..COMMANDS {
                let name = format!("{writer}-{number}");
                let done =
                    engine.write(command(), move |tx| make(tx, &name)).await.expect("the command is carried out");
                seqs.push(done.receipts[0].clone());
            }
            seqs
        });
    }
    let receipts: Vec<_> = tasks.join_all().await.concat();
    let seqs: BTreeSet<i64> = receipts.iter().map(|receipt| receipt.seq).collect();
    assert!(
        seqs.iter().copied().eq(1..=i64::try_from(WRITERS * COMMANDS).unwrap()),
        "each command has a place of its own"
    );

    let url = url.to_owned();
    let check = move || {
        let other = Engine::open(&url, options(&schema(), clock(), 2)).expect("a second engine opens");
        assert_journal(&other, WRITERS * COMMANDS);
        let count: i64 = other.read_now(|db| Ok(db.row(&COUNTER_COUNT, args![D])?.expect("a count").next())).unwrap();
        assert_eq!(usize::try_from(count).unwrap(), WRITERS * COMMANDS);
        let stored = entries(&other);
        for receipt in receipts {
            let entry = &stored[usize::try_from(receipt.seq - 1).unwrap()];
            assert_eq!(data_encoding::HEXLOWER.encode(&entry.hash), receipt.hash, "a receipt carries its entry's hash");
        }
    };
    tokio::task::spawn_blocking(check).await.expect("the check passes");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_on_sqlite_leave_a_gapless_history() {
    let folder = tempfile::tempdir().unwrap();
    many_writers(&format!("sqlite:{}", folder.path().join("many.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_on_postgres_leave_a_gapless_history() {
    if let Some(url) = postgres_database(&schema()) {
        many_writers(&url).await;
    }
}

#[test]
fn a_refused_command_leaves_nothing() {
    on_each(|engine| {
        let person = engine.write_now(command(), |tx| Ok(vault::person_new(tx)?.person)).unwrap().value;
        let all = move |tx: &mut Tx<'_>| -> Result<()> {
            make(tx, "a")?;
            outbox::post(tx, "once", &person, "page", ("counter", "a"), b"sealed")?;
            timer::set(tx, "counter.due", "counter", "a", START.plus_ms(1))?;
            Ok(())
        };
        let refused = engine.write_now(command(), move |tx| {
            all(tx)?;
            Err::<(), _>(crate::Problem::new(&crate::problem::NOT_FOUND).with("what", "it"))
        });
        assert_eq!(refused.unwrap_err().kind.code, "404.1");
        let traces = move |db: &mut dyn Db| {
            Ok((value(db, "a")?, timer::next_due(db, D)?, outbox::of_person(db, D, &person)?.len()))
        };
        assert_eq!(engine.read_now(traces).unwrap(), (None, None, 0));
        assert_journal(engine, 0);

        engine.write_now(command(), all).unwrap();
        assert_eq!(engine.read_now(traces).unwrap(), (Some(1), Some(START.plus_ms(1)), 1));
        assert_journal(engine, 1);
    });
}

#[test]
fn a_command_s_entries_stand_in_its_order() {
    on_each(|engine| {
        let done = engine
            .write_now(command(), |tx| {
                for version in 1..=5 {
                    tx.journal(draft("a", version));
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(done.receipts.iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let history = engine.read_now(|db| Ok(journal::history(db, D, "counter", "a")?)).unwrap();
        assert_eq!(
            history.iter().map(|e| (e.seq, e.version)).collect::<Vec<_>>(),
            [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
        );
        assert_journal(engine, 5);
    });
}

#[test]
fn a_version_of_a_subject_is_written_once() {
    on_each(|engine| {
        engine.write_now(command(), |tx| make(tx, "a")).unwrap();
        let stale = engine.write_now(command(), |tx| {
            tx.journal(draft("a", 1));
            Ok(())
        });
        assert_eq!(stale.unwrap_err().kind.code, "409.3");
        assert_journal(engine, 1);
    });
}

#[test]
fn districts_have_histories_of_their_own() {
    on_each(|engine| {
        for district in ["linping", "fuyang", "linping"] {
            let done = engine
                .write_now(Command::new(district, "tester"), |tx| {
                    let id = tx.id(crate::id::TimerId::new);
                    tx.journal(draft(id.as_str(), 1));
                    Ok(())
                })
                .unwrap();
            assert_eq!(done.receipts.len(), 1);
        }
        assert_journal(engine, 2);
        let other = engine.read_now(|db| Ok(journal::page(db, "fuyang", 0, 10)?)).unwrap();
        assert_eq!(other.iter().map(|entry| (entry.seq, entry.prev)).collect::<Vec<_>>(), [(1, rules::GENESIS)]);
    });
}

#[test]
fn the_same_seed_gives_the_same_hashes() {
    let run = |seed| {
        let engine = inline_engine(&schema(), clock(), seed);
        for number in 0..20 {
            engine.write_now(command(), move |tx| make(tx, &format!("c{number}"))).unwrap();
        }
        entries(&engine).into_iter().map(|entry| entry.hash).collect::<Vec<_>>()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn memory_serves_without_threads_only() {
    assert!(Engine::open("sqlite::memory:", options(&schema(), clock(), 1)).is_err());
    assert!(Engine::open("mysql://localhost/x", options(&schema(), clock(), 1)).is_err());
    assert!(Engine::inline("sqlite::memory:", options(&schema(), clock(), 1)).is_ok());
}

#[test]
fn a_group_engine_survives_being_closed_and_opened() {
    let (engine, folder) = lite_engine_with(options(&schema(), clock(), 1));
    engine.write_now(command(), |tx| make(tx, "a")).unwrap();
    drop(engine);
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let engine = Engine::open(&url, options(&schema(), clock(), 2)).unwrap();
    engine.write_now(command(), |tx| make(tx, "b")).unwrap();
    assert_journal(&engine, 2);
}
