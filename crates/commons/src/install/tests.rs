//! A pack comes into the database once, and its upgrades leave what stands.

use kernel::{
    Command,
    testing::{START, column_faults, lite_memory, postgres_pg, schema_equal, statement_faults},
};

use super::*;
use crate::fixture::*;

fn full() -> Pack {
    let mut pack = bare();
    pack.places[2].aliases = vec!["柳树村".into()];
    pack.bodies = vec![body("a", "甲局", "330198")];
    pack.duties = vec![duty("road_hole", "330198", "a", "lead")];
    seat(&mut pack, "周网格员", "grid_officer", "330198001001001");
    pack
}

fn entries(house: &House) -> usize {
    house.engine.read_now(|db| Ok(kernel::journal::page(db, DISTRICT, 0, 1_000)?.len())).unwrap()
}

#[test]
fn everything_in_the_pack_stands_afterwards() {
    let (house, pack) = (House::new(), full());
    let done = house.install(&pack);
    assert_eq!((done.places, done.bodies, done.duties, done.aliases, done.holdings), (10, 1, 1, 1, 1));
    assert_eq!((done.items, done.people.len()), (pack.items.len(), 1));
    let directory = house.directory_at(&pack, START);
    assert_eq!((directory.version, directory.places.len(), directory.items.len()), (1, 10, pack.items.len()));
    let item = &directory.items["road_hole"];
    let row = pack.item("road_hole").unwrap();
    assert_eq!(
        (item.accept, item.handle, &item.closing, &item.evidence),
        (row.accept, row.handle, &row.closing_standard, &row.evidence)
    );
    assert_eq!(house.engine.read_now(|db| Ok(districts(db)?)).unwrap(), [(DISTRICT.to_owned(), DISTRICT.to_owned())]);
}

#[test]
fn installing_again_adds_nothing() {
    let (house, pack) = (House::new(), full());
    house.install(&pack);
    let before = entries(&house);
    assert_eq!(house.install(&pack), Installed::default());
    assert_eq!(entries(&house), before, "nothing happened, so nothing is said");
    assert_eq!(house.directory_at(&pack, START).version, 1);
}

#[test]
fn an_upgrade_adds_what_is_new_and_leaves_what_the_district_changed() {
    let (house, mut pack) = (House::new(), full());
    house.install(&pack);
    let changed = {
        let mut item = house.directory_at(&pack, START).items["road_hole"].clone();
        item.handle = "3 work_days".parse().unwrap();
        item
    };
    house
        .engine
        .write_now(Command::new(DISTRICT, "test"), move |tx| Ok(catalogue::item_insert(tx, &changed)?))
        .unwrap();
    pack.places.push(place("330198001001003", "三网格", "grid", "330198001001", None));
    pack.bodies.push(body("b", "乙局", "330198"));
    pack.duties.push(duty("roof_leak", "330198", "b", "lead"));
    let mut item = pack.items[0].clone();
    item.code = "meteor".into();
    item.zh = "流星".into();
    pack.items.push(item);
    let done = house.install(&pack);
    assert_eq!(done, Installed { places: 1, bodies: 1, items: 1, duties: 1, ..Installed::default() });
    let directory = house.directory_at(&pack, START);
    assert_eq!(directory.version, 2);
    assert_eq!(directory.items["road_hole"].handle, "3 work_days".parse().unwrap());
    assert_eq!(directory.chain(&directory.place_named("三网格").unwrap().id).len(), 4);
    assert_eq!(directory.holdings.len(), 1, "people of the demonstration come once");
}

#[test]
fn the_tree_in_the_rows_is_the_tree_in_memory() {
    let (house, pack) = (House::new(), full());
    house.install(&pack);
    kernel::statements! {
        /// Every pair.
        WITHIN_ALL(Text) -> (Text, Text, Int) = "select place, ancestor, depth from place_within where district = $1 order by place, depth";
    }
    let rows = house.engine.read_now(|db| {
        let rows = kernel::store::Db::rows(db, &WITHIN_ALL, kernel::args![DISTRICT])?;
        Ok(rows
            .into_iter()
            .map(|mut row| (row.next::<PlaceId>(), row.next::<PlaceId>(), row.next::<i64>()))
            .collect::<Vec<_>>())
    });
    let directory = house.directory_at(&pack, START);
    let mut expected: Vec<(PlaceId, PlaceId, i64)> = Vec::new();
    for id in directory.places.keys() {
        expected.extend(
            directory.chain(id).iter().enumerate().map(|(depth, above)| (*id, above.id, i64::try_from(depth).unwrap())),
        );
    }
    assert_eq!(rows.unwrap(), expected);
}

#[test]
fn a_pack_that_names_what_it_does_not_have_changes_nothing() {
    let house = House::new();
    let breaks: [fn(&mut Pack); 4] = [
        |pack| pack.duties.push(duty("road_hole", "330198", "nobody", "lead")),
        |pack| pack.duties.push(duty("road_hole", "999", "a", "lead")),
        |pack| pack.holdings.push(holding("nobody", "grid_officer", Some("330198001001001"), None)),
        |pack| pack.places.swap(0, 9),
    ];
    for spoil in breaks {
        let mut pack = full();
        spoil(&mut pack);
        let outcome = house.engine.write_now(Command::new(DISTRICT, "test"), move |tx| install(tx, &pack));
        assert_eq!(outcome.unwrap_err().kind.code, "500.1");
        assert_eq!(entries(&house), 0);
        assert!(house.engine.read_now(|db| Ok(districts(db)?)).unwrap().is_empty());
    }
}

#[test]
fn what_identifies_people_is_sealed() {
    let (engine, folder) = kernel::testing::lite_engine(&schema());
    let pack = full();
    let again = pack.clone();
    engine.write_now(Command::new(DISTRICT, "test"), move |tx| install(tx, &pack)).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for person in &again.people {
            for secret in [person.name.as_str(), person.phone.as_deref().unwrap()] {
                assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret}");
            }
        }
    }
    drop(engine);
}

#[test]
fn statements_and_tables_are_right_on_both_engines() {
    assert_eq!(statement_faults(&schema(), &crate::statements(), &["DISTRICT_LIST"]), Vec::<String>::new());
    assert_eq!(column_faults(&schema()), Vec::<String>::new());
    let lite = lite_memory(&schema()).unwrap();
    if let Some(differences) = postgres_pg(&schema(), |pg| schema_equal(&lite, pg).unwrap()) {
        assert_eq!(differences, Vec::<String>::new());
    }
}

#[test]
fn every_shipped_district_can_be_installed_and_read() {
    let mut districts = 0;
    for name in pack::names(None) {
        let pack = pack::load(&name, None).unwrap();
        if !pack.is_district() {
            continue;
        }
        districts += 1;
        let engine = kernel::testing::inline_engine(&schema(), kernel::testing::clock(), 1);
        let id: &'static str = Box::leak(pack.meta.id.clone().into_boxed_str());
        let installing = pack.clone();
        engine.write_now(Command::new(id, "test"), move |tx| install(tx, &installing)).unwrap();
        let pack = std::sync::Arc::new(pack);
        let directory = engine.read_now(move |db| crate::directory::build(db, id, pack, START)).unwrap();
        let root = directory.root();
        assert_eq!(directory.places[root].level, directory.pack.levels[0].id, "{name}");
    }
    assert!(districts >= 4);
}
