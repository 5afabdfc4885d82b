//! A moment falls due once its time comes, for one worker at a time.

use super::*;
use crate::{
    Engine, Tx,
    engine::Command,
    testing::{START, clock, inline_engine, options, postgres_engine, postgres_engine_with},
    time::VirtualClock,
};

const D: &str = "linping";

fn on_each(test: impl Fn(&Engine, &VirtualClock)) {
    let virtual_clock = clock();
    test(&inline_engine(crate::MIGRATIONS, virtual_clock.clone(), 1), &virtual_clock);
    let virtual_clock = clock();
    if let Some(postgres) = postgres_engine_with(options(crate::MIGRATIONS, virtual_clock.clone(), 1)) {
        test(&postgres, &virtual_clock);
    }
}

fn write<T: Send + 'static>(engine: &Engine, f: impl Fn(&mut Tx<'_>) -> crate::Result<T> + Send + 'static) -> T {
    engine.write_now(Command::new(D, "system"), f).expect("the command is carried out").value
}

fn set_in(engine: &Engine, kind: &'static str, subject: &'static str, ms: i64) {
    write(engine, move |tx| Ok(set(tx, kind, "case", subject, START.plus_ms(ms))?));
}

fn claimed(engine: &Engine) -> Vec<Timer> {
    write(engine, |tx| Ok(claim(tx)?))
}

fn next(engine: &Engine) -> Option<i64> {
    engine.read_now(|db| Ok(next_due(db, D)?)).unwrap().map(|due| due.ms_since(START))
}

fn done(engine: &Engine, timer: &Timer) {
    let id = timer.id;
    write(engine, move |tx| Ok(finish(tx, D, &id)?));
}

#[test]
fn timers_fall_due_earliest_first() {
    on_each(|engine, clock| {
        set_in(engine, "case.accept", "c2", 20);
        set_in(engine, "case.accept", "c1", 10);
        set_in(engine, "case.finish", "c1", 30);
        assert_eq!(next(engine), Some(10));
        assert_eq!(claimed(engine), []);
        clock.advance_ms(9);
        assert_eq!(claimed(engine), [], "not a moment early");
        clock.advance_ms(11);
        let due = claimed(engine);
        assert_eq!(
            due.iter().map(|t| (t.kind.as_str(), t.subject_id.as_str(), t.due_at)).collect::<Vec<_>>(),
            [("case.accept", "c1", START.plus_ms(10)), ("case.accept", "c2", START.plus_ms(20))]
        );
        due.iter().for_each(|timer| done(engine, timer));
        assert_eq!(next(engine), Some(30));
    });
}

#[test]
fn setting_again_moves() {
    on_each(|engine, clock| {
        set_in(engine, "case.accept", "c1", 10);
        set_in(engine, "case.accept", "c1", 50);
        clock.advance_ms(49);
        assert_eq!(claimed(engine), []);
        clock.advance_ms(1);
        assert_eq!(claimed(engine).len(), 1, "there is one of each kind");
        set_in(engine, "case.accept", "c1", 5);
        assert_eq!(claimed(engine).len(), 1, "a moved timer is free to be claimed");
    });
}

#[test]
fn a_claim_holds_for_its_lease() {
    on_each(|engine, clock| {
        set_in(engine, "case.accept", "c1", 0);
        let first = claimed(engine);
        assert_eq!(first.len(), 1);
        assert_eq!(claimed(engine), []);
        clock.advance_ms(LEASE_MS - 1);
        assert_eq!(claimed(engine), []);
        clock.advance_ms(1);
        assert_eq!(claimed(engine), first, "a worker that died only delays it");
        done(engine, &first[0]);
        clock.advance_ms(LEASE_MS);
        assert_eq!((claimed(engine), next(engine)), (vec![], None));
    });
}

#[test]
fn finishing_after_a_move_keeps_the_new_one() {
    on_each(|engine, clock| {
        set_in(engine, "case.accept", "c1", 0);
        let old = claimed(engine).remove(0);
        set_in(engine, "case.accept", "c1", 100);
        done(engine, &old);
        assert_eq!(next(engine), Some(100));
        clock.advance_ms(100);
        let new = claimed(engine).remove(0);
        assert_ne!(new.id, old.id);
        done(engine, &new);
        assert_eq!(next(engine), None);
    });
}

#[test]
fn a_timer_can_be_taken_back() {
    on_each(|engine, _| {
        set_in(engine, "case.accept", "c1", 10);
        set_in(engine, "case.finish", "c1", 20);
        set_in(engine, "case.accept", "c2", 30);
        let take_back = |kind: &'static str| write(engine, move |tx| Ok(cancel(tx, kind, "case", "c1")?));
        take_back("case.accept");
        assert_eq!(next(engine), Some(20));
        take_back("case.finish");
        take_back("case.finish");
        assert_eq!(next(engine), Some(30));
        let elsewhere =
            engine.write_now(Command::new("fuyang", "system"), |tx| Ok(cancel(tx, "case.accept", "case", "c2")?));
        elsewhere.unwrap();
        assert_eq!(next(engine), Some(30), "another district's timers are not ours");
    });
}

#[test]
fn a_claim_has_a_size() {
    on_each(|engine, _| {
        write(engine, |tx| {
            for number in 0..CLAIM_ROWS_MAX + 5 {
                set(tx, "case.accept", "case", &number.to_string(), START)?;
            }
            Ok(())
        });
        assert_eq!(i64::try_from(claimed(engine).len()).unwrap(), CLAIM_ROWS_MAX);
        assert_eq!(claimed(engine).len(), 5);
        assert_eq!(claimed(engine).len(), 0);
    });
}

#[test]
fn workers_that_claim_at_once_share_the_timers() {
    let Some(engine) = postgres_engine(crate::MIGRATIONS) else { return };
    write(&engine, |tx| {
        for number in 0..600 {
            set(tx, "case.accept", "case", &number.to_string(), START)?;
        }
        Ok(())
    });
    let barrier = std::sync::Barrier::new(6);
    let mut all: Vec<TimerId> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let mut mine = Vec::new();
                    loop {
                        let batch = claimed(&engine);
                        if batch.is_empty() {
                            return mine;
                        }
                        mine.extend(batch.into_iter().map(|timer| timer.id));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    // A worker that found everything locked stops early; nobody may have got what another has.
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!((all.len(), count), (600, 600));
}
