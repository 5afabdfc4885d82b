//! Keys and requests; how the engine uses them is tested in `engine/tests/once.rs`.

use proptest::prelude::*;

use super::*;
use crate::{
    engine::Command,
    store::StoreError,
    testing::{START, clock, inline_engine, postgres_engine},
};

proptest! {
    #[test]
    fn another_request_has_another_hash(a in proptest::collection::vec(any::<Vec<u8>>(), 0..4), b in proptest::collection::vec(any::<Vec<u8>>(), 0..4)) {
        let hash = |parts: &[Vec<u8>]| Key::new("k", &parts.iter().map(Vec::as_slice).collect::<Vec<_>>()).request;
        prop_assert_eq!(hash(&a) == hash(&b), a == b);
    }

    #[test]
    fn parts_do_not_run_into_each_other(text: Vec<u8>, cut in any::<proptest::sample::Index>()) {
        let (head, tail) = text.split_at(cut.index(text.len() + 1));
        prop_assert_ne!(Key::new("k", &[head, tail]).request, Key::new("k", &[&text]).request);
    }
}

#[test]
fn a_key_is_kept_once_with_what_it_did() {
    let run = |engine: &crate::Engine| {
        let command = Command::new("linping", "tester");
        let reference = Reference { kind: "case".into(), id: "c1".into(), version: 3 };
        let keep_it = |reference: Reference| {
            engine.write_now(command.clone(), move |tx| {
                Ok(keep(tx, "linping", "tester", &Key::new("k", &[b"a"]), &reference, START)?)
            })
        };
        keep_it(reference.clone()).unwrap();
        assert_eq!(keep_it(Reference { version: 4, ..reference.clone() }).unwrap_err().kind.code, "409.3");
        let found = |actor: &'static str, key: &'static str| {
            engine.read_now(move |db| Ok(find(db, "linping", actor, key)?)).unwrap()
        };
        assert_eq!(found("tester", "k"), Some((Key::new("other", &[b"a"]).request, reference)));
        assert_eq!(found("tester", "K"), None);
        assert_eq!(found("somebody", "k"), None);
        let twice = engine.write_now(command.clone(), |tx| {
            let reference = Reference { kind: "case".into(), id: "c1".into(), version: 3 };
            let again = keep(tx, "linping", "tester", &Key::new("k", &[b"a"]), &reference, START);
            assert!(matches!(again, Err(StoreError::Unique(_))));
            Ok(())
        });
        assert!(twice.is_err());
    };
    run(&inline_engine(crate::MIGRATIONS, clock(), 1));
    if let Some(postgres) = postgres_engine(crate::MIGRATIONS) {
        run(&postgres);
    }
}
