//! A message leaves at least once, is written once per key, and is nobody else's.

use super::*;
use crate::{
    Engine, Tx,
    engine::Command,
    testing::{START, clock, inline_engine, options, postgres_engine_with},
    time::VirtualClock,
    vault,
};

const D: &str = "linping";

fn on_each(test: impl Fn(&Engine, &VirtualClock, PersonId)) {
    let run = |engine: &Engine, clock: &VirtualClock| {
        let person = write(engine, |tx| Ok(vault::person_new(tx)?.person));
        test(engine, clock, person);
    };
    let virtual_clock = clock();
    run(&inline_engine(crate::MIGRATIONS, virtual_clock.clone(), 1), &virtual_clock);
    let virtual_clock = clock();
    if let Some(postgres) = postgres_engine_with(options(crate::MIGRATIONS, virtual_clock.clone(), 1)) {
        run(&postgres, &virtual_clock);
    }
}

fn write<T: Send + 'static>(engine: &Engine, f: impl Fn(&mut Tx<'_>) -> crate::Result<T> + Send + 'static) -> T {
    engine.write_now(Command::new(D, "system"), f).expect("the command is carried out").value
}

fn say(engine: &Engine, dedupe: &'static str, person: PersonId, text: &'static str) {
    write(engine, move |tx| Ok(post(tx, dedupe, &person, "sms", ("case", "c1"), text.as_bytes())?));
}

fn claimed(engine: &Engine) -> Vec<Message> {
    write(engine, |tx| Ok(claim(tx)?))
}

fn shown(engine: &Engine, person: PersonId) -> Vec<Message> {
    engine.read_now(move |db| Ok(of_person(db, D, &person)?)).unwrap()
}

#[test]
fn the_same_key_is_one_message() {
    on_each(|engine, _, person| {
        say(engine, "c1.filed", person, "first");
        say(engine, "c1.filed", person, "second");
        say(engine, "c1.closed", person, "third");
        let elsewhere = engine.write_now(Command::new("fuyang", "system"), move |tx| {
            Ok(post(tx, "c1.filed", &person, "sms", ("case", "c1"), b"there")?)
        });
        elsewhere.unwrap();
        let texts: Vec<_> = claimed(engine).into_iter().map(|message| message.sealed).collect();
        assert_eq!(texts, [b"first", b"third"]);
    });
}

#[test]
fn a_message_leaves_at_least_once_and_then_no_more() {
    on_each(|engine, clock, person| {
        say(engine, "m1", person, "one");
        clock.advance_ms(1);
        say(engine, "m2", person, "two");
        let first = claimed(engine);
        assert_eq!(
            first.iter().map(|m| (m.sealed.as_slice(), m.created_at)).collect::<Vec<_>>(),
            [(&b"one"[..], START), (b"two", START.plus_ms(1))]
        );
        assert_eq!(claimed(engine), [], "somebody has them");
        let sent_id = first[0].id;
        write(engine, move |tx| Ok(sent(tx, &sent_id)?));
        clock.advance_ms(LEASE_MS);
        assert_eq!(claimed(engine), first[1..], "what was not sent is tried again");
        let sent_id = first[1].id;
        write(engine, move |tx| Ok(sent(tx, &sent_id)?));
        clock.advance_ms(LEASE_MS);
        assert_eq!(claimed(engine), []);
        assert_eq!(shown(engine, person).len(), 2, "who it went to can still see it");
    });
}

#[test]
fn a_person_sees_their_own_messages_newest_first() {
    on_each(|engine, clock, person| {
        let other = write(engine, |tx| Ok(vault::person_new(tx)?.person));
        for (key, text) in [("m1", "one"), ("m2", "two"), ("m3", "three")] {
            say(engine, key, person, text);
            clock.advance_ms(1);
        }
        say(engine, "m4", other, "not theirs");
        let seen: Vec<_> =
            shown(engine, person).into_iter().map(|m| (m.sealed, m.channel, m.subject_kind, m.subject_id)).collect();
        let want = ["three", "two", "one"]
            .map(|text| (text.as_bytes().to_vec(), "sms".to_owned(), "case".to_owned(), "c1".to_owned()));
        assert_eq!(seen, want);
    });
}

#[test]
fn a_claim_has_a_size() {
    on_each(|engine, _, person| {
        write(engine, move |tx| {
            for number in 0..CLAIM_ROWS_MAX + 3 {
                post(tx, &number.to_string(), &person, "sms", ("case", "c1"), b"x")?;
            }
            Ok(())
        });
        assert_eq!(i64::try_from(claimed(engine).len()).unwrap(), CLAIM_ROWS_MAX);
        assert_eq!(claimed(engine).len(), 3);
        assert_eq!(i64::try_from(shown(engine, person).len()).unwrap(), SHOWN_ROWS_MAX);
    });
}
