//! Passwords, sessions and who may do what.

use proptest::prelude::*;

use super::*;
use crate::{
    Engine, Timestamp, Tx,
    engine::Command,
    store::{Db, Target},
    testing::{clock, inline_engine, options, postgres_engine_with},
    time::VirtualClock,
    vault,
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

fn write<T: Send + 'static>(engine: &Engine, f: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static) -> T {
    engine.write_now(Command::new(D, "tester"), f).expect("the command is carried out").value
}

fn read<T: Send + 'static>(engine: &Engine, f: impl FnOnce(&mut dyn Db) -> Result<T> + Send + 'static) -> T {
    engine.read_now(f).expect("the question is answered")
}

fn account(engine: &Engine, name: &'static str) -> AccountId {
    write(engine, move |tx| {
        let person = vault::person_new(tx)?.person;
        Ok(account_insert(tx, name, &person, "$argon2id$")?)
    })
}

fn locked(engine: &Engine, name: &'static str) -> Option<Timestamp> {
    read(engine, move |db| Ok(account_by_name(db, name)?.expect("the account").locked_until))
}

/// The account that a token opens now.
fn session(engine: &Engine, token: &str) -> Option<Account> {
    let (hash, now) = (rules::token_hash(token), engine.now());
    read(engine, move |db| Ok(session_fetch(db, &hash, now)?))
}

#[test]
fn a_password_fits_only_its_own_hash() {
    let hash = rules::password_hash("家门口的事 2026", &[1; rules::SALT_BYTES]);
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert!(rules::password_fits("家门口的事 2026", &hash));
    assert!(!rules::password_fits("家门口的事 2027", &hash));
    assert!(!rules::password_fits("", &hash));
    let salted = rules::password_hash("家门口的事 2026", &[2; rules::SALT_BYTES]);
    assert_ne!(hash, salted, "the same password does not give the same hash");
    assert!(rules::password_fits("家门口的事 2026", &salted));
    for damaged in ["", "plain", "$argon2id$", &hash[..hash.len() - 1]] {
        assert!(!rules::password_fits("家门口的事 2026", damaged), "{damaged}");
    }
}

#[test]
fn five_wrong_passwords_lock_for_a_quarter_of_an_hour() {
    on_each(|engine, clock| {
        let id = account(engine, "zhou");
        for _ in 1..FAILURES_MAX {
            write(engine, move |tx| Ok(login_failed(tx, &id)?));
            assert_eq!(locked(engine, "zhou"), None);
        }
        write(engine, move |tx| Ok(login_failed(tx, &id)?));
        let until = engine.now().plus_ms(LOCKED_MINUTES * 60_000);
        assert_eq!(locked(engine, "zhou"), Some(until));

        // The count begins anew; it takes five more to lock again, and the lock moves on.
        clock.advance_ms(LOCKED_MINUTES * 60_000);
        for _ in 1..FAILURES_MAX {
            write(engine, move |tx| Ok(login_failed(tx, &id)?));
        }
        assert_eq!(locked(engine, "zhou"), Some(until), "an old lock, over by now");
        assert!(until <= engine.now());
        write(engine, move |tx| Ok(login_failed(tx, &id)?));
        assert_eq!(locked(engine, "zhou"), Some(engine.now().plus_ms(LOCKED_MINUTES * 60_000)));
    });
}

#[test]
fn a_right_password_ends_the_count() {
    on_each(|engine, _| {
        let (id, other) = (account(engine, "zhou"), account(engine, "wu"));
        for _ in 0..3 {
            for _ in 1..FAILURES_MAX {
                write(engine, move |tx| Ok(login_failed(tx, &id)?));
            }
            write(engine, move |tx| Ok(login_succeeded(tx, &id)?));
        }
        assert_eq!((locked(engine, "zhou"), locked(engine, "wu")), (None, None));
        for _ in 0..FAILURES_MAX {
            write(engine, move |tx| Ok(login_failed(tx, &id)?));
        }
        assert!(locked(engine, "zhou").is_some());
        assert_eq!(locked(engine, "wu"), None, "only the one that was guessed at");
        write(engine, move |tx| Ok(login_succeeded(tx, &id)?));
        assert_eq!(locked(engine, "zhou"), None);
        assert!(read(engine, move |db| Ok(account_by_name(db, "wu")?)).is_some_and(|account| account.id == other));
    });
}

#[test]
fn a_name_signs_in_to_one_account_of_all_districts() {
    on_each(|engine, _| {
        account(engine, "zhou");
        let twice = engine.write_now(Command::new("fuyang", "tester"), |tx| {
            let person = vault::person_new(tx)?.person;
            Ok(account_insert(tx, "zhou", &person, "$argon2id$")?)
        });
        assert_eq!(twice.unwrap_err().kind.code, "409.3");
        assert_eq!(read(engine, |db| Ok(account_list(db, "fuyang")?)).len(), 0);
        account(engine, "an");
        let names: Vec<_> =
            read(engine, |db| Ok(account_list(db, D)?)).into_iter().map(|account| account.name).collect();
        assert_eq!(names, ["an", "zhou"]);
        assert!(read(engine, |db| Ok(account_by_name(db, "Zhou")?)).is_none());
    });
}

#[test]
fn a_session_opens_its_account_until_it_ends() {
    on_each(|engine, clock| {
        let id = account(engine, "zhou");
        let token = rules::token(&[7; rules::TOKEN_BYTES]);
        let hash = rules::token_hash(&token);
        assert!(session(engine, &token).is_none());
        write(engine, move |tx| Ok(session_insert(tx, &id, &hash)?));
        assert_eq!(
            session(engine, &token).map(|account| (account.id, account.district, account.name)),
            Some((id, D.into(), "zhou".into()))
        );
        assert!(session(engine, &token[1..]).is_none());

        clock.advance_ms(SESSION_HOURS * 3_600_000 - 1);
        assert!(session(engine, &token).is_some());
        clock.advance_ms(1);
        assert!(session(engine, &token).is_none(), "the last moment is not part of it");

        clock.advance_ms(-1);
        write(engine, move |tx| Ok(session_end(tx, &hash)?));
        assert!(session(engine, &token).is_none());
    });
}

#[test]
fn a_disabled_account_is_refused_at_its_next_request() {
    on_each(|engine, _| {
        let (id, other) = (account(engine, "zhou"), account(engine, "wu"));
        let (token, others) = (rules::token(&[7; rules::TOKEN_BYTES]), rules::token(&[8; rules::TOKEN_BYTES]));
        let (hash, other_hash) = (rules::token_hash(&token), rules::token_hash(&others));
        write(engine, move |tx| {
            session_insert(tx, &id, &hash)?;
            Ok(session_insert(tx, &other, &other_hash)?)
        });
        assert!(!write(engine, |tx| Ok(account_disable(tx, "nobody")?)));
        let elsewhere = engine.write_now(Command::new("fuyang", "tester"), |tx| Ok(account_disable(tx, "zhou")?));
        assert!(!elsewhere.unwrap().value, "another district's account");
        assert!(session(engine, &token).is_some());

        assert!(write(engine, |tx| Ok(account_disable(tx, "zhou")?)));
        assert!(session(engine, &token).is_none());
        assert!(session(engine, &others).is_some());
        // A session that is opened after it, by a request that was under way.
        write(engine, move |tx| Ok(session_insert(tx, &id, &hash)?));
        assert!(session(engine, &token).is_none());
    });
}

#[test]
fn a_copy_of_the_database_signs_nobody_in() {
    let engine = inline_engine(crate::MIGRATIONS, clock(), 1);
    let id = account(&engine, "zhou");
    let token = rules::token(&[7; rules::TOKEN_BYTES]);
    let hash = rules::token_hash(&token);
    write(&engine, move |tx| Ok(session_insert(tx, &id, &hash)?));
    // What is stored does not open a session when it is sent as a token.
    for stolen in [data_encoding::HEXLOWER.encode(&hash), data_encoding::BASE64URL_NOPAD.encode(&hash)] {
        assert!(session(&engine, &stolen).is_none());
    }
    let lite = crate::testing::lite_memory(crate::MIGRATIONS).unwrap();
    let text = crate::testing::schema_text(Target::Lite(&lite)).unwrap();
    let columns: Vec<_> = text.lines().filter(|line| line.starts_with("session ") && line.contains("token")).collect();
    assert_eq!(columns, ["session token_hash blob required primary 1"]);
}

#[test]
fn tokens_are_long_and_fit_a_header() {
    let token = rules::token(&[0x5b; rules::TOKEN_BYTES]);
    assert_eq!(token.len(), 43);
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_ne!(rules::token_hash(&token), rules::token_hash(&token.to_lowercase()));
}

fn grant(permissions: &[&str], place: Option<&str>, body: Option<&str>) -> Grant {
    Grant {
        permissions: Arc::new(permissions.iter().map(|p| (*p).to_owned()).collect()),
        place: place.map(str::to_owned),
        body: body.map(str::to_owned),
        post: "网格长".into(),
    }
}

#[test]
fn a_permission_reaches_as_far_as_its_grant() {
    let mut actor = Actor::anonymous(D);
    assert!(!actor.holds("case.file") && !actor.may("case.file", &["d", "s", "c", "g"], &["b"]));
    actor.grants =
        vec![grant(&["case.file", "case.check"], Some("c"), None), grant(&["case.dispatch"], None, Some("b"))];
    // From the grid up to the district: the community that the grant names is among them.
    assert!(actor.may("case.file", &["g", "c", "s", "d"], &[]));
    assert!(!actor.may("case.file", &["g2", "c2", "s", "d"], &[]), "the community next door");
    assert!(!actor.may("case.file", &["s", "d"], &[]), "the street above it");
    assert!(!actor.may("case.dispatch", &["g", "c", "s", "d"], &[]), "a right over a body is none over a place");
    assert!(actor.may("case.dispatch", &[], &["a", "b"]));
    assert!(!actor.may("case.file", &[], &["b"]), "nor do two grants add up");
    assert_eq!((actor.places("case.check"), actor.bodies("case.check")), (vec!["c"], vec![]));
    let refused = actor.must("case.close", &["g", "c", "s", "d"], &["b"]).unwrap_err();
    assert_eq!((refused.kind.code, refused.args), ("403.1", vec![("permission", "case.close".to_owned())]));
}

proptest! {
    #[test]
    fn a_list_and_a_single_thing_follow_one_rule(
        grants in proptest::collection::vec((proptest::sample::subsequence(vec!["p", "q"], 0..=2), proptest::option::of(0usize..6), proptest::option::of(0usize..4)), 0..5),
        chain in proptest::sample::subsequence(vec!["a", "b", "c", "d", "e", "f"], 0..=4),
        bodies in proptest::sample::subsequence(vec!["w", "x", "y", "z"], 0..=3),
    ) {
        let place = |index: usize| ["a", "b", "c", "d", "e", "f"][index];
        let body = |index: usize| ["w", "x", "y", "z"][index];
        let mut actor = Actor::anonymous(D);
        actor.grants = grants.iter().map(|(words, p, b)| grant(words, p.map(place), b.map(body))).collect();
        // What a list shows by its roots is what the check of one thing lets through.
        let listed = actor.places("p").iter().any(|root| chain.contains(root)) || actor.bodies("p").iter().any(|b| bodies.contains(b));
        let by_hand = grants.iter().any(|(words, p, b)| {
            words.contains(&"p") && (p.is_some_and(|p| chain.contains(&place(p))) || b.is_some_and(|b| bodies.contains(&body(b))))
        });
        prop_assert_eq!(actor.may("p", &chain, &bodies), by_hand);
        prop_assert_eq!(listed, by_hand);
        prop_assert_eq!(actor.must("p", &chain, &bodies).is_ok(), by_hand);
        prop_assert!(!by_hand || actor.holds("p"));
    }
}
