//! The chain finds what was changed; the store gives back what was hashed.

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::{
    Rng, args,
    engine::Command,
    statements,
    testing::{START, clock, inline_engine, postgres_engine},
};

/// A chain of entries as the store writes them.
fn chain(district: &str, count: i64, seed: u64) -> Vec<Entry> {
    let mut rng = Rng::seeded(seed);
    let mut prev = rules::GENESIS;
    (1..=count)
        .map(|seq| {
            let mut entry = Entry {
                seq,
                id: EntryId::new(START, &mut rng),
                subject_kind: "case".into(),
                subject_id: format!("c{}", rng.below(5)),
                version: seq,
                occurred_at: START.plus_ms(seq),
                at: START.plus_ms(seq),
                actor: "tester".into(),
                act: "case.dispatch".into(),
                data: format!("{{\"n\":{seq}}}"),
                prev,
                hash: rules::GENESIS,
            };
            entry.hash = rules::hash(district, &entry);
            prev = entry.hash;
            entry
        })
        .collect()
}

fn faults(entries: &[Entry]) -> Vec<Fault> {
    let mut faults = Vec::new();
    rules::check("linping", (0, rules::GENESIS), entries, &mut faults);
    faults
}

/// Changes one field of an entry; `bit` says which bit or letter.
fn flip(entry: &mut Entry, field: usize, bit: usize) {
    let flip_text = |text: &mut String| {
        let mut bytes = std::mem::take(text).into_bytes();
        let at = bit / 7 % bytes.len();
        bytes[at] ^= 1 << (bit % 7);
        *text = String::from_utf8(bytes).expect("seven bits are ASCII");
    };
    let moved = |moment: Timestamp| Timestamp::from_ms(moment.ms() ^ (1 << (bit % 40)));
    match field {
        0 => entry.seq ^= 1 << (bit % 62),
        1 => {
            let mut bytes = *entry.id.as_str().parse::<crate::id::Uuid>().expect("a UUID").as_bytes();
            bytes[bit / 8 % 16] ^= 1 << (bit % 8);
            entry.id = EntryId::of(crate::id::Uuid::from_bytes(bytes));
        }
        2 => flip_text(&mut entry.subject_kind),
        3 => flip_text(&mut entry.subject_id),
        4 => entry.version ^= 1 << (bit % 63),
        5 => entry.occurred_at = moved(entry.occurred_at),
        6 => entry.at = moved(entry.at),
        7 => flip_text(&mut entry.actor),
        8 => flip_text(&mut entry.act),
        9 => flip_text(&mut entry.data),
        10 => entry.prev[bit / 8 % 32] ^= 1 << (bit % 8),
        _ => entry.hash[bit / 8 % 32] ^= 1 << (bit % 8),
    }
}

#[test]
fn an_untouched_chain_has_no_fault_whole_or_in_pages() {
    let entries = chain("linping", 50, 1);
    assert_eq!(faults(&entries), []);
    let mut found = Vec::new();
    let end = entries.chunks(7).fold((0, rules::GENESIS), |from, page| rules::check("linping", from, page, &mut found));
    assert_eq!((found, end), (Vec::new(), (50, entries[49].hash)));
    let mut elsewhere = Vec::new();
    rules::check("fuyang", (0, rules::GENESIS), &entries, &mut elsewhere);
    assert_eq!(elsewhere.len(), 50, "an entry belongs to its district");
}

proptest! {
    #[test]
    fn every_flipped_bit_is_found(at: Index, field in 0usize..12, bit in 0usize..1000) {
        let mut entries = chain("linping", 12, 1);
        let at = at.index(entries.len());
        let seq = entries[at].seq;
        flip(&mut entries[at], field, bit);
        let found = faults(&entries);
        prop_assert!(!found.is_empty());
        prop_assert!(found.iter().all(|fault| (seq..=seq + 1).contains(&fault.seq) || field == 0), "it is found where it is: {found:?}");
    }

    #[test]
    fn every_deletion_is_found(from in 0usize..11, count in 1usize..11) {
        let mut entries = chain("linping", 12, 1);
        let to = (from + count).min(11);
        entries.drain(from..to);
        prop_assert!(faults(&entries).iter().any(|fault| fault.kind == "gap"));
        prop_assert!(faults(&entries).iter().any(|fault| fault.kind == "prev"));
    }

    #[test]
    fn a_cut_tail_leaves_another_end(keep in 0usize..12) {
        let entries = chain("linping", 12, 1);
        let end = rules::check("linping", (0, rules::GENESIS), &entries, &mut Vec::new());
        let cut = rules::check("linping", (0, rules::GENESIS), &entries[..keep], &mut Vec::new());
        prop_assert_ne!(cut, end);
    }

    #[test]
    fn every_reordering_is_found(order in Just((0..12usize).collect::<Vec<_>>()).prop_shuffle()) {
        let entries = chain("linping", 12, 1);
        let moved: Vec<_> = order.iter().map(|index| entries[*index].clone()).collect();
        prop_assert_eq!(faults(&moved).is_empty(), order.is_sorted());
        // Also when the numbers are put right again.
        let renumbered: Vec<_> = (1..).zip(&moved).map(|(seq, entry)| Entry { seq, ..entry.clone() }).collect();
        prop_assert_eq!(faults(&renumbered).is_empty(), order.is_sorted());
    }

    #[test]
    fn every_insertion_is_found(at in 0usize..=12, from in 0usize..12, renumber: bool, forge: bool) {
        let mut entries = chain("linping", 12, 1);
        let mut new = entries[from].clone();
        new.act = "case.close".into();
        if forge {
            // The forger knows how entries are hashed and puts theirs into the chain properly.
            new.seq = i64::try_from(at).unwrap() + 1;
            new.prev = at.checked_sub(1).map_or(rules::GENESIS, |before| entries[before].hash);
            new.hash = rules::hash("linping", &new);
        }
        entries.insert(at, new);
        if renumber {
            for (seq, entry) in (1..).zip(&mut entries) {
                entry.seq = seq;
            }
        }
        // A forged last entry is a well-formed chain: only the head or a checkpoint tells.
        prop_assert_eq!(faults(&entries).is_empty(), forge && at == 12);
    }

    #[test]
    fn fields_do_not_run_into_each_other(text in "[a-z]{2,12}", cut: Index) {
        let base = &chain("linping", 1, 1)[0];
        let cut = 1 + cut.index(text.len() - 1);
        let split = |at: usize| Entry { actor: text[..at].into(), act: text[at..].into(), ..base.clone() };
        prop_assert_ne!(rules::hash("linping", &split(cut)), rules::hash("linping", &split(0)));
        prop_assert_ne!(
            rules::hash("lin", &Entry { seq: base.seq, ..base.clone() }),
            rules::hash("linping", base)
        );
    }
}

#[test]
fn the_hash_is_what_the_documents_say() {
    // Put together by hand from the description, not by the code under test.
    use sha2::{Digest, Sha256};
    let entry = &chain("linping", 1, 1)[0];
    let parts: [&[u8]; 13] = [
        b"doorstep-journal-1",
        b"linping",
        &1i64.to_be_bytes(),
        entry.id.as_str().as_bytes(),
        b"case",
        entry.subject_id.as_bytes(),
        &1i64.to_be_bytes(),
        &(START.ms() + 1).to_be_bytes(),
        &(START.ms() + 1).to_be_bytes(),
        b"tester",
        b"case.dispatch",
        b"{\"n\":1}",
        &[0; 32],
    ];
    let mut input = Vec::new();
    for part in parts {
        input.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        input.extend(part);
    }
    assert_eq!(entry.hash, <[u8; 32]>::from(Sha256::digest(&input)));
}

statements! {
    /// Changes history, as a hand in the database would.
    TAMPER(Text, Int, Text) -> () = "update journal set data = $3 where district = $1 and seq = $2";
}

#[test]
fn history_is_stored_as_it_was_hashed() {
    let run = |engine: &crate::Engine| {
        let command = Command::new("linping", "周网格员");
        let data = serde_json::json!({"z": 1, "a": "“家门口”\u{0}\n", "nested": {"b": [1.5, null, true]}});
        for version in 1..=3 {
            let data = data.clone();
            engine
                .write_now(command.clone(), move |tx| {
                    tx.journal(Draft {
                        subject_kind: "case",
                        subject_id: "c1".into(),
                        version,
                        act: "case.dispatch".into(),
                        data: data.clone(),
                        occurred_at: (version == 1).then(|| START.plus_ms(-1)),
                    });
                    Ok(())
                })
                .unwrap();
        }
        let (entries, state) = engine
            .read_now(|db| Ok((history(db, "linping", "case", "c1")?, state_at(db, "linping", "case", "c1", 2)?)))
            .unwrap();
        assert_eq!(faults(&entries), []);
        assert_eq!(state.unwrap(), data);
        assert_eq!(
            entries.iter().map(|e| (e.occurred_at, e.at)).collect::<Vec<_>>(),
            [(START.plus_ms(-1), START), (START, START), (START, START)]
        );
        assert_eq!(entries[0].actor, "周网格员");
        let page_two = engine.read_now(|db| Ok(page(db, "linping", 1, 1)?)).unwrap();
        assert_eq!(page_two, entries[1..2]);
        assert_eq!(engine.read_now(|db| Ok(state_at(db, "linping", "case", "c1", 4)?)).unwrap(), None);

        engine.write_now(command, |tx| Ok(tx.execute(&TAMPER, args!["linping", 2, "{}"])?)).unwrap();
        let entries = engine.read_now(|db| Ok(page(db, "linping", 0, 10)?)).unwrap();
        assert_eq!(faults(&entries), [Fault { district: "linping".into(), seq: 2, kind: "hash" }]);
    };
    assert_eq!(crate::testing::statement_faults(crate::MIGRATIONS, STATEMENTS, &[]), Vec::<String>::new());
    run(&inline_engine(crate::MIGRATIONS, clock(), 1));
    if let Some(postgres) = postgres_engine(crate::MIGRATIONS) {
        run(&postgres);
    }
}
