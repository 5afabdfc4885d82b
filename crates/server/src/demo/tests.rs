//! The seeds play without a refused step, whatever the day on which they are loaded.

use super::*;

#[test]
fn every_seed_file_reads_and_names_only_known_cards() {
    for (district, text) in SEEDS {
        let seeds: Seeds = toml::from_str(text).unwrap_or_else(|e| panic!("{district}: {e}"));
        assert!(!seeds.matter.is_empty(), "{district} has matters");
        for card in seeds.matter.iter().filter_map(|m| m.card.as_deref()) {
            assert!(crate::pages::views::CARD_IDS.contains(&card), "{card}");
        }
    }
}

#[test]
fn the_demonstration_loads_on_a_work_day_a_sunday_and_a_holiday_and_only_once() {
    for day in ["2026-11-20T02:00:00Z", "2026-11-22T15:30:00Z", "2026-10-03T00:10:00Z"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("demo.db").display());
        let keys = folder.path().join("keys").join("master.key");
        let now = Timestamp::parse(day).expect("a moment");
        load(&url, &keys, None, now, &|_| ()).unwrap_or_else(|e| panic!("{day}: {e:?}"));
        let count = || -> usize {
            let mut rng = kernel::Rng::system();
            let options = Options {
                clock: Arc::new(VirtualClock::new(now)),
                keys: Keys::load_or_create(&keys, &mut rng).expect("keys"),
                rng,
                schema: crate::schema(),
                readers: 1,
            };
            let engine = Engine::open(&url, options).expect("opens");
            DISTRICTS
                .iter()
                .map(|d| {
                    engine
                        .read_now(move |db| Ok(cases::case::list(db, d, &cases::case::Filter::default(), 200)?.len()))
                        .expect("lists")
                })
                .sum()
        };
        let first = count();
        assert!(first >= 14, "{first} matters");
        load(&url, &keys, None, now, &|_| ()).expect("loads again");
        assert_eq!(count(), first);
    }
}
