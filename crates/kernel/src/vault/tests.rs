//! What is sealed stays sealed; codes and numbers are read as people type them.

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::{
    Engine, Rng, Tx, args,
    engine::Command,
    outbox, statements,
    store::{Db, Lite, LiteMode, checkpoint},
    testing::{START, clock, inline_engine, lite_engine, postgres_engine},
};

const D: &str = "linping";

fn on_each(test: impl Fn(&Engine)) {
    test(&inline_engine(crate::MIGRATIONS, clock(), 1));
    if let Some(postgres) = postgres_engine(crate::MIGRATIONS) {
        test(&postgres);
    }
}

fn write<T: Send + 'static>(engine: &Engine, f: impl Fn(&mut Tx<'_>) -> crate::Result<T> + Send + 'static) -> T {
    engine.write_now(Command::new(D, "周网格员"), f).expect("the command is carried out").value
}

fn read<T: Send + 'static>(
    engine: &Engine,
    f: impl FnOnce(&mut dyn Db, &Keys) -> crate::Result<T> + Send + 'static,
) -> T {
    let other = engine.clone();
    engine.read_now(move |db| f(db, other.keys())).expect("the question is answered")
}

/// 李女士 with a phone and a home.
fn somebody(tx: &mut Tx<'_>) -> crate::Result<PersonKey> {
    let key = person_new(tx)?;
    contact_put(tx, &key, ContactKind::Name, "李小禾")?;
    contact_put(tx, &key, ContactKind::Phone, "138 1234 5678")?;
    contact_put(tx, &key, ContactKind::Home, "龙腾社区 3 幢 1 单元 502")?;
    Ok(key)
}

proptest! {
    #[test]
    fn what_is_sealed_opens_with_its_key_and_place(key: [u8; 32], nonce: [u8; 24], plain: Vec<u8>, a in "\\PC{0,20}", b in "\\PC{0,20}") {
        let sealed = rules::seal(&key, nonce, &[&a, &b], &plain);
        prop_assert_eq!(rules::open(&key, &[&a, &b], &sealed), Some(plain.clone()));
        prop_assert!(plain.len() < 8 || !sealed.windows(plain.len()).any(|part| part == plain), "the text is not to be seen");
    }

    #[test]
    fn another_key_place_or_bit_opens_nothing(key: [u8; 32], nonce: [u8; 24], plain: Vec<u8>, at: Index, bit in 0u8..8) {
        let bound = ["linping", "a person", "phone"];
        let sealed = rules::seal(&key, nonce, &bound, &plain);
        let mut other = key;
        other[at.index(32)] ^= 1 << bit;
        prop_assert_eq!(rules::open(&other, &bound, &sealed), None);
        for place in [["fuyang", "a person", "phone"], ["linping", "somebody", "phone"], ["linping", "a person", "name"]] {
            prop_assert_eq!(rules::open(&key, &place, &sealed), None);
        }
        let mut flipped = sealed.clone();
        flipped[at.index(sealed.len())] ^= 1 << bit;
        prop_assert_eq!(rules::open(&key, &bound, &flipped), None);
        prop_assert_eq!(rules::open(&key, &bound, &sealed[..at.index(sealed.len())]), None, "a part of it");
    }

    #[test]
    fn a_code_is_read_as_people_type_it(hash: [u8; 32], how in proptest::collection::vec(0usize..7, 8), gap in proptest::sample::select(vec!["", "-", " ", "－", "—", "–", "\u{3000}", " - ", "\t"])) {
        let code = rules::code(&hash);
        prop_assert_eq!(rules::normal_code(&code), Some(code.clone()));
        let mut typed = String::new();
        for (number, letter) in code.chars().filter(|letter| *letter != '-').enumerate() {
            if number % 4 == 0 {
                typed.push_str(gap);
            }
            let wide = |letter: char| char::from_u32(u32::from(letter) + 0xFEE0).expect("a full-width twin");
            let twin = |letter: char, upper: bool| match (letter, upper) {
                ('0', true) => 'O',
                ('0', false) => 'o',
                ('1', true) => 'I',
                ('1', false) => 'l',
                (letter, true) => letter,
                (letter, false) => letter.to_ascii_lowercase(),
            };
            typed.push(match how[number] {
                0 => letter,
                1 => letter.to_ascii_lowercase(),
                2 => wide(letter),
                3 => wide(letter.to_ascii_lowercase()),
                4 => twin(letter, true),
                5 => wide(twin(letter, false)),
                _ => wide(twin(letter, true)),
            });
        }
        prop_assert_eq!(rules::normal_code(&typed), Some(code), "{}", typed);
    }

    #[test]
    fn what_is_no_code_is_refused_without_a_panic(typed in "\\PC{0,24}") {
        if let Some(code) = rules::normal_code(&typed) {
            prop_assert_eq!(code.len(), 9);
            prop_assert_eq!(rules::normal_code(&code), Some(code));
        }
    }

    #[test]
    fn a_masked_value_gives_little_away(name in "\\PC{1,12}", phone in "1[3-9][0-9]{9}") {
        let masked = rules::masked_name(&name);
        prop_assert!(masked.ends_with('*'));
        prop_assert!(masked.trim_end_matches('*').chars().count() <= 2);
        let masked = rules::masked_phone(&phone);
        prop_assert_eq!(masked, format!("{}****{}", &phone[..3], &phone[7..]));
    }

    #[test]
    fn one_line_has_one_number(mobile in "1[3-9][0-9]{9}", area in "0(10|2[0-9]|[3-9][0-9]{2})", line in "[2-8][0-9]{7}") {
        for typed in [
            mobile.clone(), format!("+86{mobile}"), format!("+86 {mobile}"), format!("0086{mobile}"), format!("86{mobile}"), format!("0086-{mobile}"),
            format!("{} {} {}", &mobile[..3], &mobile[3..7], &mobile[7..]), format!("{}-{}-{}", &mobile[..3], &mobile[3..7], &mobile[7..]),
            format!("（+86）{mobile}"), mobile.chars().map(|d| char::from_u32(u32::from(d) + 0xFEE0).unwrap()).collect(),
        ] {
            prop_assert_eq!(rules::normal_phone(&typed), mobile.clone(), "{}", typed);
        }
        let landline = format!("{area}{line}");
        for typed in [format!("{area}-{line}"), format!("({area}){line}"), format!("+86 {}-{line}", &area[1..]), format!("+86 ({area}) {line}"), format!("0086{}{line}", &area[1..])] {
            prop_assert_eq!(rules::normal_phone(&typed), landline.clone(), "{}", typed);
        }
    }
}

#[test]
fn names_and_numbers_are_shown_masked() {
    for (name, masked) in [
        ("李", "李*"),
        ("李禾", "李*"),
        ("李小禾", "李**"),
        ("欧阳", "欧*"),
        ("欧阳禾", "欧阳*"),
        ("欧阳小禾", "欧阳**"),
        ("阿依古丽·买买提", "阿**"),
        ("", ""),
    ] {
        assert_eq!(rules::masked_name(name), masked, "{name}");
    }
    for (phone, masked) in [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0571-86123456", "057*****3456"),
        ("86123456", "******56"),
        ("8612345", "*****45"),
        ("110", "***"),
        ("没有", "**"),
        ("", ""),
    ] {
        assert_eq!(rules::masked_phone(phone), masked, "{phone}");
    }
}

#[test]
fn codes_are_ten_in_a_million_million_apart() {
    // 40 bits, most significant first, and no letter that looks like a digit.
    let mut hash = [0u8; 32];
    assert_eq!(rules::code(&hash), "0000-0000");
    hash[..5].copy_from_slice(&[0xff; 5]);
    assert_eq!(rules::code(&hash), "ZZZZ-ZZZZ");
    hash[..5].copy_from_slice(&[0b0000_1000, 0b0110_0100, 0, 0, 31]);
    assert_eq!(rules::code(&hash), "11J0-000Z");
    for wrong in ["", "7K3M-2Q9", "7K3M-2Q9DX", "7K3M-2Q9U", "7K3M-2Q9!", "7K3M-2Q9家"] {
        assert_eq!(rules::normal_code(wrong), None, "{wrong}");
    }
}

#[test]
fn a_look_up_code_belongs_to_its_thing_and_its_installation() {
    let (ours, theirs) = (Keys::of(&[1; 32]), Keys::of(&[2; 32]));
    let code = ours.lookup_code(D, "case-1", 0);
    assert_eq!(code, ours.lookup_code(D, "case-1", 0));
    for other in [
        ours.lookup_code("fuyang", "case-1", 0),
        ours.lookup_code(D, "case-2", 0),
        ours.lookup_code(D, "case-1", 1),
        theirs.lookup_code(D, "case-1", 0),
    ] {
        assert_ne!(code, other);
    }
    assert_ne!(
        ours.lookup_hash(D, &code),
        theirs.lookup_hash(D, &code),
        "a copy of the database does not give the codes"
    );
    assert_ne!(ours.lookup_hash(D, &code), ours.lookup_hash("fuyang", &code));
}

#[test]
fn the_master_key_is_made_once_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("master.key");
    let made = Keys::load_or_create(&path, &mut Rng::seeded(1)).unwrap();
    let read = Keys::load_or_create(&path, &mut Rng::seeded(2)).unwrap();
    assert_eq!(made.lookup_code(D, "a", 0), read.lookup_code(D, "a", 0));
    assert_eq!((&*made.wrap, &*made.blind), (&*read.wrap, &*read.blind));
    assert_ne!(&*made.wrap, &*made.blind, "each use has a key of its own");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    for damaged in ["", "00", "not a key", &"g".repeat(64)] {
        std::fs::write(&path, damaged).unwrap();
        assert!(matches!(Keys::load_or_create(&path, &mut Rng::seeded(1)), Err(KeyFault::Damaged(_))), "{damaged}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged, "a damaged key is never replaced");
    }
}

#[test]
fn contacts_are_given_back_to_who_has_the_keys() {
    on_each(|engine| {
        let person = write(engine, |tx| Ok(somebody(tx)?.person));
        let seen = read(engine, move |db, keys| {
            [ContactKind::Name, ContactKind::Phone, ContactKind::Home]
                .map(|kind| contact(db, keys, D, &person, kind))
                .into_iter()
                .collect::<crate::Result<Vec<_>>>()
        });
        assert_eq!(
            seen,
            [Some("李小禾".into()), Some("138 1234 5678".into()), Some("龙腾社区 3 幢 1 单元 502".into())]
        );
        let elsewhere = read(engine, move |db, keys| contact(db, keys, "fuyang", &person, ContactKind::Name));
        assert_eq!(elsewhere, None);
        let stolen = read(engine, move |db, _| contact(db, &Keys::of(&[9; 32]), D, &person, ContactKind::Name));
        assert_eq!(stolen, None, "a copy of the database without the key file");

        write(engine, move |tx| {
            let keys = tx.keys();
            let key = key_of(tx, keys, D, &person)?;
            Ok(contact_put(tx, &key, ContactKind::Phone, "13900001111")?)
        });
        let phone = read(engine, move |db, keys| contact(db, keys, D, &person, ContactKind::Phone));
        assert_eq!(phone.as_deref(), Some("13900001111"));
        assert_eq!(
            read(engine, |db, keys| Ok(find_by_phone(db, keys, D, "13812345678")?)),
            None,
            "the old number finds nobody"
        );
    });
}

#[test]
fn a_person_is_found_by_any_form_of_their_number() {
    on_each(|engine| {
        let person = write(engine, |tx| Ok(somebody(tx)?.person));
        let forms = [
            "13812345678",
            "+86 138 1234 5678",
            "0086-13812345678",
            "86 13812345678",
            "１３８１２３４５６７８",
            "138-1234-5678",
        ];
        for form in forms {
            assert_eq!(read(engine, move |db, keys| Ok(find_by_phone(db, keys, D, form)?)), Some(person), "{form}");
        }
        for other in ["13812345679", "3812345678", "", "没有", "1"] {
            assert_eq!(read(engine, move |db, keys| Ok(find_by_phone(db, keys, D, other)?)), None, "{other}");
        }
        assert_eq!(read(engine, |db, keys| Ok(find_by_phone(db, keys, "fuyang", "13812345678")?)), None);
    });
}

#[test]
fn people_without_a_number_are_not_one_person() {
    on_each(|engine| {
        let person = write(engine, |tx| {
            let key = person_new(tx)?;
            contact_put(tx, &key, ContactKind::Phone, "没有")?;
            contact_put(tx, &key, ContactKind::Name, "王大爷")?;
            Ok(key.person)
        });
        assert_eq!(read(engine, |db, keys| Ok(find_by_phone(db, keys, D, "不方便")?)), None);
        let kept = read(engine, move |db, keys| contact(db, keys, D, &person, ContactKind::Phone));
        assert_eq!(kept.as_deref(), Some("没有"), "what they said is kept all the same");
    });
}

#[test]
fn content_is_committed_to_and_given_back() {
    on_each(|engine| {
        let text = "楼道里堆了旧家具".as_bytes();
        let (one, two) = write(engine, move |tx| {
            let key = somebody(tx)?;
            let one = content_put(tx, &key, ("case", "c1"), "letter", text)?;
            let two = content_put(tx, &key, ("case", "c1"), "letter", text)?;
            content_put(tx, &key, ("case", "c2"), "letter", b"")?;
            Ok((one, two))
        });
        assert_ne!(one.commitment, two.commitment, "the same words do not give the same commitment");
        let id = one.id;
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &id)?)).as_deref(), Some(text));
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, "fuyang", &id)?)), None);
        assert_eq!(read(engine, move |db, _| Ok(content(db, &Keys::of(&[9; 32]), D, &id)?)), None);
        let listed = read(engine, |db, _| Ok(contents_of(db, D, "case", "c1")?));
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|(_, kind, at)| kind == "letter" && *at == START));
        let (empty, ..) = read(engine, |db, _| Ok(contents_of(db, D, "case", "c2")?)).remove(0);
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &empty)?)).as_deref(), Some(&b""[..]));
    });
}

#[test]
fn a_message_opens_for_its_receiver_only() {
    on_each(|engine| {
        let (person, other, sealed) = write(engine, |tx| {
            let (key, other) = (person_new(tx)?, person_new(tx)?);
            let nonce = tx.rng().bytes();
            let sealed = seal_message(tx, &key, nonce, "您反映的事已受理");
            Ok((key.person, other.person, sealed))
        });
        let open = |person: PersonId, sealed: Vec<u8>| {
            read(engine, move |db, keys| open_message(db, keys, D, &person, &sealed))
        };
        assert_eq!(open(person, sealed.clone()).as_deref(), Some("您反映的事已受理"));
        assert_eq!(open(other, sealed.clone()), None);
        write(engine, move |tx| Ok(erase(tx, &person)?));
        assert_eq!(open(person, sealed), None);
    });
}

#[test]
fn a_content_says_whose_it_is() {
    on_each(|engine| {
        let (person, id) = write(engine, |tx| {
            let key = person_new(tx)?;
            Ok((key.person, content_put(tx, &key, ("case", "c1"), "photo", b"x")?.id))
        });
        let subject = |district: &'static str| read(engine, move |db, _| Ok(subject_of(db, district, &id)?));
        assert_eq!(subject(D), Some((("case".into(), "c1".into()), person)));
        assert_eq!(subject("fuyang"), None);
    });
}

#[test]
fn a_commitment_binds_its_bytes() {
    let salt = [1; rules::SALT_BYTES];
    assert_eq!(rules::commitment(&salt, b"a"), rules::commitment(&salt, b"a"));
    assert_ne!(rules::commitment(&salt, b"a"), rules::commitment(&salt, b"b"));
    assert_ne!(rules::commitment(&salt, b"a"), rules::commitment(&[2; rules::SALT_BYTES], b"a"));
}

#[test]
fn too_large_a_content_is_a_fault_of_ours_and_harms_nobody() {
    on_each(|engine| {
        let large = vec![0u8; CONTENT_BYTES_MAX + 1];
        let refused = engine.write_now(Command::new(D, "tester"), move |tx| {
            let key = person_new(tx)?;
            Ok(content_put(tx, &key, ("case", "c1"), "photo", &large)?)
        });
        assert_eq!(refused.unwrap_err().kind.code, "500.1");
        let limit = write(engine, |tx| {
            let key = person_new(tx)?;
            Ok(content_put(tx, &key, ("case", "c1"), "photo", &vec![7; CONTENT_BYTES_MAX])?.id)
        });
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &limit)?)).unwrap().len(), CONTENT_BYTES_MAX);
    });
}

#[test]
fn every_look_is_recorded_and_shown() {
    on_each(|engine| {
        let person = write(engine, |tx| Ok(somebody(tx)?.person));
        for purpose in ["回电话", "上门核实"] {
            let phone = write(engine, move |tx| unseal(tx, &person, ContactKind::Phone, purpose, ("case", "c1")));
            assert_eq!(phone.as_deref(), Some("138 1234 5678"));
        }
        let refused = engine.write_now(Command::new(D, "周网格员"), move |tx| {
            let seen = unseal(tx, &person, ContactKind::Phone, "随便看看", ("case", "c1"))?;
            assert!(seen.is_some());
            Err::<(), _>(crate::Problem::new(&crate::problem::NOT_FOUND).with("what", "c1"))
        });
        assert!(refused.is_err(), "a look that is rolled back was answered to nobody");
        let looks = read(engine, move |db, _| Ok(unsealings(db, D, &person)?));
        assert_eq!(looks.len(), 2);
        assert!(looks.iter().all(|look| look.actor == "周网格员"
            && look.subject_kind == "case"
            && look.subject_id == "c1"
            && look.at == START));
        let purposes: std::collections::BTreeSet<_> = looks.iter().map(|look| look.purpose.as_str()).collect();
        assert_eq!(purposes, ["上门核实", "回电话"].into());
    });
}

#[test]
fn an_erased_person_can_t_be_read_any_more() {
    on_each(|engine| {
        let (person, id) = write(engine, |tx| {
            let key = somebody(tx)?;
            let id = content_put(tx, &key, ("case", "c1"), "letter", "楼道".as_bytes())?.id;
            outbox::post(tx, "m1", &key.person, "page", ("case", "c1"), b"sealed")?;
            Ok((key.person, id))
        });
        let other = write(engine, |tx| Ok(somebody(tx)?.person));
        write(engine, move |tx| Ok(unseal(tx, &person, ContactKind::Phone, "回电话", ("case", "c1"))?.is_some()));
        assert!(write(engine, move |tx| Ok(erase(tx, &person)?)));
        assert!(!write(engine, move |tx| Ok(erase(tx, &person)?)), "once");

        assert_eq!(read(engine, move |db, keys| contact(db, keys, D, &person, ContactKind::Name)), None);
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &id)?)), None);
        assert_eq!(read(engine, move |db, _| Ok(outbox::of_person(db, D, &person)?)), []);
        let no_key = engine.read_now({
            let engine = engine.clone();
            move |db| key_of(db, engine.keys(), D, &person).map(|_| ())
        });
        assert_eq!(no_key.unwrap_err().kind.code, "404.1");
        assert_eq!(read(engine, move |db, _| Ok(unsealings(db, D, &person)?)).len(), 1, "who looked stays on record");
        assert_eq!(
            read(engine, |db, keys| Ok(find_by_phone(db, keys, D, "13812345678")?)),
            Some(other),
            "the number finds only the other one"
        );
        assert!(read(engine, move |db, keys| contact(db, keys, D, &other, ContactKind::Name)).is_some());
    });
}

statements! {
    /// Puts rows back, as an old copy of the database has them.
    CONTENT_RESTORE(Text, Text, Text, Bytes) -> () =
        "insert into content (district, id, person, subject_kind, subject_id, kind, sealed, at) values ($1, $2, $3, 'case', 'c1', 'letter', $4, 0)";
    /// The sealed bytes of a content.
    CONTENT_BYTES(Text, Text) -> (Bytes) = "select sealed from content where district = $1 and id = $2";
}

#[test]
fn an_erased_person_s_content_stays_sealed_even_if_its_rows_come_back() {
    assert_eq!(crate::testing::statement_faults(crate::MIGRATIONS, STATEMENTS, &[]), Vec::<String>::new());
    on_each(|engine| {
        let (person, id) = write(engine, |tx| {
            let key = somebody(tx)?;
            let id = content_put(tx, &key, ("case", "c1"), "letter", "楼道".as_bytes())?.id;
            Ok((key.person, id))
        });
        let sealed: Vec<u8> = read(engine, move |db, _| Ok(db.row(&CONTENT_BYTES, args![D, &id])?.unwrap().next()));
        write(engine, move |tx| Ok(erase(tx, &person)?));
        let back = sealed.clone();
        write(engine, move |tx| Ok(tx.execute(&CONTENT_RESTORE, args![D, &id, &person, &back])?));
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &id)?)), None);
        // Nor does it open as another person's.
        let thief = write(engine, |tx| Ok(person_new(tx)?.person));
        let moved = write(engine, |tx| Ok(tx.id(ContentId::new)));
        write(engine, move |tx| Ok(tx.execute(&CONTENT_RESTORE, args![D, &moved, &thief, &sealed])?));
        assert_eq!(read(engine, move |db, keys| Ok(content(db, keys, D, &moved)?)), None);
    });
}

#[test]
fn an_erased_person_s_bytes_are_nowhere_in_the_files() {
    let (engine, folder) = lite_engine(crate::MIGRATIONS);
    let (person, id) = write(&engine, |tx| {
        let key = somebody(tx)?;
        let id = content_put(tx, &key, ("case", "c1"), "letter", &[0xA5; 9_000])?.id;
        Ok((key.person, id))
    });
    let sealed: Vec<u8> = read(&engine, move |db, _| Ok(db.row(&CONTENT_BYTES, args![D, &id])?.unwrap().next()));
    let files = || {
        let bytes: Vec<u8> = std::fs::read_dir(folder.path())
            .unwrap()
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
        bytes
    };
    let part = &sealed[..64];
    let found = |bytes: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(found(&files()), "the test looks where the bytes are");
    write(&engine, move |tx| Ok(erase(tx, &person)?));
    drop(engine);
    checkpoint(&Lite::open(&folder.path().join("test.db"), LiteMode::Write).unwrap(), true).unwrap();
    assert!(!found(&files()));
}
