//! History comes in once, keeps its own times, and says what it changed.

use std::collections::BTreeMap;

use commons::{catalogue, people};
use kernel::{Command, Problem, Result, Timestamp, journal, problem::TOO_LARGE, time::HOUR_MS, vault};
use proptest::prelude::*;
use serde_json::Value;

use super::{BATCH_ROWS_MAX, BatchOutcome, ImportRow, import_batch, rules};
use crate::{
    case::{self, Case},
    fixture::{DISTRICT, Town, Who, answer, to},
};

const SOURCE: &str = "elsewhere311";

fn row(town: &Town, id: &str) -> ImportRow {
    let reported_at = town.wall("2011-07-01 09:30");
    let mut row = ImportRow {
        external_id: id.into(),
        hash: String::new(),
        item: Some("Street Light Outages".into()),
        department: Some("PWDx".into()),
        queue: Some("PWDx_Lights".into()),
        text: "Street Light Outages\nReplaced a fuse".into(),
        reported_at,
        due: Some(reported_at.plus_ms(48 * HOUR_MS)),
        closed_at: Some(reported_at.plus_ms(4 * HOUR_MS)),
        on_time: Some(true),
        point: Some((120.005, 30.02)),
        place: town.place("桂花一网格"),
        near: Vec::new(),
    };
    rehash(&mut row);
    row
}

fn rehash(row: &mut ImportRow) {
    let closed = row.closed_at.map(|at| at.ms().to_string());
    row.hash =
        rules::row_hash([Some(row.external_id.as_str()), row.item.as_deref(), Some(&row.text), closed.as_deref()]);
}

fn import(town: &Town, rows: Vec<ImportRow>) -> Result<BatchOutcome, Problem> {
    let book = town.rules.clone();
    town.engine
        .write_now(Command::new(DISTRICT, "import"), move |tx| import_batch(tx, &book, SOURCE, &rows))
        .map(|done| done.value)
}

fn imported(town: &Town, id: &str) -> Case {
    let wanted = rules::origin_id(SOURCE, id);
    town.engine.read_now(move |db| Ok(case::external(db, DISTRICT, &wanted)?)).expect("reads").expect("is there")
}

fn head(town: &Town) -> i64 {
    town.engine.read_now(|db| Ok(journal::head(db, DISTRICT)?)).expect("reads").map_or(0, |(seq, _)| seq)
}

/// The fold of a case's journal entries.
fn folded(town: &Town, case: &Case) -> Case {
    let mut state = serde_json::Map::new();
    for entry in town.history("case", case.id.as_str()) {
        let data: Value = serde_json::from_str(&entry.data).expect("JSON");
        for (key, value) in data["set"].as_object().expect("what changed") {
            if value.is_null() {
                state.remove(key)
            } else {
                state.insert(key.clone(), value.clone())
            };
        }
    }
    serde_json::from_value(Value::Object(state)).expect("a case")
}

fn text(town: &Town, case: &Case) -> String {
    let (engine, id) = (town.engine.clone(), case.text);
    let bytes = town
        .engine
        .read_now(move |db| Ok(vault::content(db, engine.keys(), DISTRICT, &id)?))
        .expect("reads")
        .expect("not erased");
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_row_becomes_a_case_with_the_times_place_and_department_of_its_source() {
    let town = Town::new();
    let row = row(&town, "101");
    let outcome = import(&town, vec![row.clone()]).expect("imports");
    assert_eq!(outcome, BatchOutcome { created: 1, items: 1, bodies: 1, ..BatchOutcome::default() });
    let case = imported(&town, "101");
    assert_eq!((case.state.as_str(), case.closed_at, case.reported_at), ("closed", row.closed_at, row.reported_at));
    assert_eq!((case.grid, case.promised_at, case.source.as_str()), (row.place, row.due, "import"));
    let origin = case.origin.clone().expect("an origin");
    assert_eq!(
        (origin.department.as_deref(), origin.queue.as_deref(), origin.on_time),
        (Some("PWDx"), Some("PWDx_Lights"), Some(true))
    );
    assert!(case.number.starts_with("HD-110701-"), "{}", case.number);
    assert!(!case.late(town.clock_now()));
    assert_eq!(text(&town, &case), row.text);
    assert_eq!(folded(&town, &case), case);
    let items = town.engine.read_now(|db| Ok(catalogue::items(db, DISTRICT)?)).expect("reads");
    assert!(items.iter().any(|item| item.code == case.item && item.name == "Street Light Outages"));
    let bodies = town.engine.read_now(|db| Ok(people::bodies(db, DISTRICT)?)).expect("reads");
    assert!(bodies.iter().any(|body| Some(body.id) == case.lead_body && body.name == "PWDx"));
    let entry = &town.history("case", case.id.as_str())[0];
    assert_eq!((entry.act.as_str(), entry.occurred_at), ("case.import", row.reported_at));
}

#[test]
fn an_open_row_is_being_handled_and_is_late_by_the_sources_due_time() {
    let town = Town::new();
    let mut row = row(&town, "7");
    row.closed_at = None;
    rehash(&mut row);
    import(&town, vec![row]).expect("imports");
    let case = imported(&town, "7");
    assert_eq!((case.state.as_str(), case.closed_at), ("handling", None));
    assert!(case.late(town.clock_now()));
    assert!(case.next_due().is_none(), "the rules of clocks bind native cases only");
}

#[test]
fn the_same_rows_again_change_nothing() {
    let town = Town::new();
    let rows: Vec<ImportRow> = (0..20).map(|n| row(&town, &n.to_string())).collect();
    import(&town, rows.clone()).expect("imports");
    let (before, cases) = (head(&town), town.cases());
    let outcome = import(&town, rows).expect("imports");
    assert_eq!(outcome, BatchOutcome { unchanged: 20, ..BatchOutcome::default() });
    assert_eq!((head(&town), town.cases()), (before, cases));
}

#[test]
fn a_changed_row_changes_its_case_by_one_journal_entry() {
    let town = Town::new();
    let mut row = row(&town, "5");
    row.closed_at = None;
    rehash(&mut row);
    import(&town, vec![row.clone()]).expect("imports");
    let first = imported(&town, "5");
    row.closed_at = Some(row.reported_at.plus_ms(72 * HOUR_MS));
    row.text = "done at last".into();
    rehash(&mut row);
    let before = head(&town);
    assert_eq!(import(&town, vec![row.clone()]).expect("imports").changed, 1);
    assert_eq!(head(&town), before + 1);
    let case = imported(&town, "5");
    assert_eq!((case.id, case.number.clone(), case.version), (first.id, first.number, 2));
    assert_eq!((case.state.as_str(), case.closed_at), ("closed", row.closed_at));
    assert!(case.late(town.clock_now()));
    assert_eq!(text(&town, &case), "done at last");
    assert_eq!(folded(&town, &case), case);
}

#[test]
fn what_people_here_moved_stays_when_the_source_says_something_new() {
    let town = Town::new();
    let mut row = row(&town, "9");
    row.closed_at = None;
    rehash(&mut row);
    import(&town, vec![row.clone()]).expect("imports");
    let id = imported(&town, "9").id;
    town.act(Who::Staff("何值班"), &id, "dispatch", to("市政公司")).expect("is handed over");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("修好了")).expect("is done");
    let moved = town.case(&id);
    row.closed_at = Some(row.reported_at.plus_ms(HOUR_MS));
    rehash(&mut row);
    assert_eq!(import(&town, vec![row]).expect("imports").changed, 1);
    let case = town.case(&id);
    assert_eq!((&case.state, case.lead_body, case.closed_at), (&moved.state, moved.lead_body, moved.closed_at));
    assert_ne!(case.origin, moved.origin);
    assert_eq!(folded(&town, &case), case);
}

#[test]
fn an_id_that_stands_twice_in_one_batch_is_one_case() {
    let town = Town::new();
    let first = row(&town, "1");
    let mut other = first.clone();
    other.text = "said again, otherwise".into();
    rehash(&mut other);
    let outcome = import(&town, vec![first.clone(), first, other]).expect("imports");
    assert_eq!((outcome.created, outcome.unchanged, outcome.changed), (1, 1, 1));
    assert_eq!(town.cases().len(), 1);
    assert_eq!(text(&town, &imported(&town, "1")), "said again, otherwise");
}

#[test]
fn a_second_batch_finds_items_departments_and_asker_of_the_first() {
    let town = Town::new();
    import(&town, vec![row(&town, "1")]).expect("imports");
    let outcome = import(&town, vec![row(&town, "2")]).expect("imports");
    assert_eq!(outcome, BatchOutcome { created: 1, ..BatchOutcome::default() });
    assert_eq!(imported(&town, "1").asker, imported(&town, "2").asker);
    assert_eq!(town.history("import", SOURCE).len(), 1);
}

#[test]
fn an_erased_source_gets_a_new_key_and_its_old_texts_stay_erased() {
    let town = Town::new();
    import(&town, vec![row(&town, "1")]).expect("imports");
    let first = imported(&town, "1");
    let asker = first.asker;
    town.engine.write_now(Command::new(DISTRICT, "test"), move |tx| Ok(vault::erase(tx, &asker)?)).expect("erases");
    import(&town, vec![row(&town, "2")]).expect("imports");
    let second = imported(&town, "2");
    assert_ne!(second.asker, first.asker);
    assert_eq!(text(&town, &second), "Street Light Outages\nReplaced a fuse");
    let engine = town.engine.clone();
    assert_eq!(
        town.engine.read_now(move |db| Ok(vault::content(db, engine.keys(), DISTRICT, &first.text)?)).expect("reads"),
        None
    );
}

#[test]
fn a_batch_has_a_limit() {
    let town = Town::new();
    let rows = (0..=BATCH_ROWS_MAX).map(|n| row(&town, &n.to_string())).collect();
    assert_eq!(import(&town, rows).expect_err("too many").kind, &TOO_LARGE);
    assert!(town.cases().is_empty());
}

#[test]
fn a_point_decides_the_place_and_the_sources_other_word_stays_near() {
    let town = Town::new();
    let directory = &town.rules.directory;
    let one = town.place("桂花一网格");
    let placed = rules::placed(directory, Some((120.005, 30.02)), Some("桂花一网格"));
    assert_eq!((placed.place, placed.agrees, placed.located), (one, Some(true), true));
    let within = rules::placed(directory, Some((120.005, 30.02)), Some("桂花社区"));
    assert_eq!(within.agrees, Some(true), "a place above agrees too");
    let other = rules::placed(directory, Some((120.005, 30.02)), Some("松树一网格"));
    assert_eq!((other.place, other.agrees), (one, Some(false)));
    assert!(other.near.contains(&town.place("松树一网格")));
    let named = rules::placed(directory, None, Some("松树一网格"));
    assert_eq!((named.place, named.located, named.agrees), (town.place("松树一网格"), false, Some(false)));
    let nowhere = rules::placed(directory, Some((10.0, 10.0)), Some("Ward 99"));
    assert_eq!((nowhere.place, nowhere.located, nowhere.agrees), (*directory.root(), false, None));
}

#[test]
fn codes_of_items_are_plain_words_or_words_with_a_hash() {
    assert_eq!(rules::item_codes("Street Light Outages")[0], "street-light-outages");
    assert_ne!(rules::item_codes("A & B")[1], rules::item_codes("A B")[1]);
    let chinese = rules::item_codes("路灯不亮");
    assert!(chinese[0].starts_with("x-") && chinese[0].is_ascii());
    assert!(rules::item_codes(&"long ".repeat(100))[0].len() <= 48);
}

#[test]
fn numbers_go_on_when_one_is_taken_and_hashes_tell_absent_from_empty() {
    let numbers: Vec<String> = rules::numbers("BOS", "2011-07-01", "boston311:1").take(4).collect();
    assert!(numbers[0].starts_with("BOS-110701-") && numbers[0].len() == "BOS-110701-0000".len());
    assert!(numbers[1].starts_with(&numbers[0]) && numbers[1].len() == numbers[0].len() + 4);
    assert_ne!(numbers[1], numbers[2]);
    assert_ne!(rules::row_hash([None, Some("a")]), rules::row_hash([Some(""), Some("a")]));
    assert_ne!(rules::row_hash([Some("ab"), Some("c")]), rules::row_hash([Some("a"), Some("bc")]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the order, the repeats and the batches: the same cases under the same ids and numbers,
    /// each the fold of its journal.
    #[test]
    fn order_repeats_and_batches_do_not_matter(picks in prop::collection::vec(0_u8..12, 1..40), split in 1_usize..9) {
        let town = Town::new();
        let made = |n: u8| {
            let mut row = row(&town, &n.to_string());
            row.reported_at = Timestamp::from_ms(row.reported_at.ms() + i64::from(n) * HOUR_MS);
            row.item = (!n.is_multiple_of(3)).then(|| format!("Kind {}", n % 4));
            rehash(&mut row);
            row
        };
        for batch in picks.chunks(split) {
            import(&town, batch.iter().map(|n| made(*n)).collect()).expect("imports");
        }
        let distinct: BTreeMap<u8, ()> = picks.iter().map(|n| (*n, ())).collect();
        let cases = town.cases();
        prop_assert_eq!(cases.len(), distinct.len());
        let other = Town::seeded(2);
        import(&other, distinct.keys().rev().map(|n| made(*n)).map(|r| ImportRow { place: other.place("桂花一网格"), ..r }).collect()).expect("imports");
        for n in distinct.keys() {
            let (here, there) = (imported(&town, &n.to_string()), imported(&other, &n.to_string()));
            prop_assert_eq!((here.id, &here.number, &here.item), (there.id, &there.number, &there.item));
            prop_assert_eq!(&folded(&town, &here), &here);
        }
        // By id is by time.
        let newest_first: Vec<Timestamp> = cases.iter().map(|case| case.reported_at).collect();
        prop_assert!(newest_first.windows(2).all(|pair| pair[0] >= pair[1]));
    }
}
