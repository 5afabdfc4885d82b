//! The schema and every statement of the ground floor, on both engines; migrations.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::{
    MIGRATIONS, Timestamp, args, statements,
    testing::{
        START, column_faults, lint_statements, lite_memory, postgres_pg, schema_equal, schema_text, statement_faults,
    },
};

/// The schema as it stands; a change of it is a change of this file, made by running the tests
/// with `DOORSTEP_WRITE_SNAPSHOTS=1`.
const SNAPSHOT: &str = include_str!("../testdata/schema.txt");

/// Found by a secret or a name that is unique over all districts.
const WITHOUT_DISTRICT: &[&str] = &["ACCOUNT_BY_NAME", "SESSION_FETCH", "SESSION_DELETE"];

#[test]
fn every_statement_means_the_same_on_both_engines() {
    assert!(crate::statements().len() > 30, "the registry holds every room");
    assert_eq!(statement_faults(MIGRATIONS, &crate::statements(), WITHOUT_DISTRICT), Vec::<String>::new());
}

#[test]
fn every_column_has_a_class_and_a_retention() {
    assert_eq!(column_faults(MIGRATIONS), Vec::<String>::new());
}

#[test]
fn the_schema_is_the_snapshot_on_both_engines() {
    let lite = lite_memory(MIGRATIONS).unwrap();
    let text = schema_text(Target::Lite(&lite)).unwrap();
    if std::env::var_os("DOORSTEP_WRITE_SNAPSHOTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testdata/schema.txt"), &text).unwrap();
    } else {
        assert_eq!(text, SNAPSHOT);
    }
    postgres_pg(MIGRATIONS, |pg| {
        assert_eq!(schema_equal(&lite, pg).unwrap(), Vec::<String>::new());
        assert_eq!(schema_text(Target::Pg(pg)).unwrap(), text);
    });
}

const FIRST: Migration = Migration {
    id: "0001_a",
    ddl: "create table a (\n    district text not null, -- key; ever\n    primary key (district)\n);",
};
const SECOND: Migration = Migration { id: "0002_b", ddl: "alter table a add column b double precision; -- fact; ever" };

/// An empty database on each engine.
fn on_each(test: impl Fn(Target<'_>)) {
    let lite = Lite::open(Path::new(":memory:"), LiteMode::Write).unwrap();
    test(Target::Lite(&lite));
    postgres_pg(&[], |pg| test(Target::Pg(pg)));
}

fn again<'a>(target: &Target<'a>) -> Target<'a> {
    match target {
        Target::Lite(lite) => Target::Lite(lite),
        Target::Pg(pg) => Target::Pg(pg),
    }
}

#[test]
fn a_step_is_applied_once() {
    on_each(|target| {
        assert_eq!(migrate(again(&target), &[FIRST]).unwrap(), 1);
        assert_eq!(migrate(again(&target), &[FIRST]).unwrap(), 0);
        assert_eq!(migrate(again(&target), &[FIRST, SECOND]).unwrap(), 1);
        assert_eq!(migrate(again(&target), &[FIRST, SECOND]).unwrap(), 0);
        let text = schema_text(target).unwrap();
        assert_eq!(text, "a b real\na district text required primary 1\n");
    });
}

#[test]
fn a_changed_step_is_refused() {
    on_each(|target| {
        migrate(again(&target), &[FIRST]).unwrap();
        let changed = Migration { ddl: "create table a (\n    district text not null -- key; ever\n);", ..FIRST };
        let error = migrate(target, &[changed, SECOND]).unwrap_err().to_string();
        assert!(error.contains("0001_a was changed"), "{error}");
    });
}

#[test]
fn a_newer_database_is_refused() {
    on_each(|target| {
        migrate(again(&target), &[FIRST, SECOND]).unwrap();
        let error = migrate(target, &[FIRST]).unwrap_err().to_string();
        assert!(error.contains("0002_b") && error.contains("newer version"), "{error}");
    });
}

#[test]
fn a_step_that_fails_leaves_nothing_and_can_be_repaired() {
    on_each(|target| {
        let broken = Migration {
            id: "0002_b",
            ddl: "create table b (\n    district text not null\n);\ncreate table a (\n    twice text\n);",
        };
        let error = migrate(again(&target), &[FIRST, broken]).unwrap_err().to_string();
        assert!(error.contains("already exists"), "the engine's own words: {error}");
        assert_eq!(
            schema_text(again(&target)).unwrap(),
            "a district text required primary 1\n",
            "the first step stands, the second left nothing"
        );
        assert_eq!(migrate(target, &[FIRST, SECOND]).unwrap(), 1, "and the lock was given back");
    });
}

#[test]
fn several_processes_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("start.db");
    let steps: usize = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| migrate(Target::Lite(&Lite::open(&path, LiteMode::Write)?), &[FIRST, SECOND])))
            .collect();
        starts.into_iter().map(|start| start.join().unwrap().expect("each of them starts")).sum()
    });
    assert_eq!(steps, 2, "each step was applied once");
}

#[test]
#[should_panic(expected = "order of their ids")]
fn steps_stand_in_order() {
    let lite = Lite::open(Path::new(":memory:"), LiteMode::Write).unwrap();
    drop(migrate(Target::Lite(&lite), &[SECOND, FIRST]));
}

#[test]
fn columns_are_read_with_their_class() {
    let ddl = "
create table a (
    district text not null, -- key; ever
    ratio double precision, -- fact; 1 year
    -- a remark
    b boolean, -- handle; until erased
    primary key (district),
    foreign key (district) references c (district)
);
create unique index a_b on a (b);
alter table a add column later bytea; -- sealed; 3 years
create table c (
    bare text
);";
    let read: Vec<_> = columns(&[Migration { id: "1", ddl }])
        .into_iter()
        .map(|c| (c.table + "." + &c.name, c.ty, c.class, c.retention))
        .collect();
    let want = [
        ("a.district", "text", "key", "ever"),
        ("a.ratio", "double precision", "fact", "1 year"),
        ("a.b", "boolean", "handle", "until erased"),
        ("a.later", "bytea", "sealed", "3 years"),
        ("c.bare", "text", "", ""),
    ];
    assert_eq!(read, want.map(|(a, b, c, d)| (a.into(), b.into(), c.into(), d.into())));
    let faults = column_faults(&[Migration { id: "1", ddl }]);
    assert_eq!(faults, ["c.bare: class “”", "c.bare: retention “”"]);
}

#[test]
fn a_column_without_a_class_is_found() {
    let hidden = Migration {
        id: "1",
        ddl: "create table a (district text not null, -- key; ever\n    b text, primary key (district)\n);",
    };
    assert!(column_faults(&[hidden]).iter().any(|fault| fault.starts_with("a.b")), "{:?}", column_faults(&[hidden]));
}

#[test]
fn a_schema_that_differs_is_found() {
    let other = [
        MIGRATIONS,
        &[Migration {
            id: "9",
            ddl: "create table more (\n    district text not null,\n    n bigint\n);\ncreate index more_n on more (n);",
        }],
    ]
    .concat();
    let lite = lite_memory(&other).unwrap();
    postgres_pg(MIGRATIONS, |pg| {
        let faults = schema_equal(&lite, pg).unwrap();
        assert_eq!(
            faults,
            ["SQLite: more district text required", "SQLite: more n integer", "SQLite: more more_n index (n)"]
        );
    });
    postgres_pg(&other, |pg| {
        pg.batch("alter table more alter column n type double precision; drop index more_n").unwrap();
        let faults = schema_equal(&lite, pg).unwrap();
        assert_eq!(faults, ["SQLite: more n integer", "SQLite: more more_n index (n)", "PostgreSQL: more n real"]);
    });
}

#[test]
fn what_only_one_engine_understands_is_found() {
    static FAULTY: [Sql; 9] = [
        Sql::new("NOW", "select seq from journal where district = $1 and at < now()", &[Ty::Text], &[Ty::Int]),
        Sql::new("CAST", "select seq::bigint from journal where district = $1", &[Ty::Text], &[Ty::Int]),
        Sql::new("STAR", "select * from timer where district = $1", &[Ty::Text], &[]),
        Sql::new(
            "OPTIONAL",
            "select seq from journal where district = $1 and ($2 is null or seq = $2)",
            &[Ty::Text, Ty::Int],
            &[Ty::Int],
        ),
        Sql::new(
            "GAP",
            "select seq from journal where district = $1 and seq = $3",
            &[Ty::Text, Ty::Int, Ty::Int],
            &[Ty::Int],
        ),
        Sql::new("WIDE", "select seq, at from journal where district = $1", &[Ty::Text], &[Ty::Int]),
        Sql::new("TYPE", "select act from journal where district = $1", &[Ty::Text], &[Ty::Int]),
        Sql::new("SUM", "select sum(seq) from journal where district = $1", &[Ty::Text], &[Ty::Int]),
        Sql::new("EVERYWHERE", "select seq from journal where seq = $1", &[Ty::Int], &[Ty::Int]),
    ];
    for sql in &FAULTY {
        let faults = statement_faults(MIGRATIONS, &[sql], &[]);
        let needs_postgres =
            ["TYPE", "SUM"].contains(&sql.name) && std::env::var_os(crate::testing::POSTGRES_VARIABLE).is_none();
        assert!(needs_postgres || !faults.is_empty(), "{} passes", sql.name);
    }
    static GOOD: Sql =
        Sql::new("GOOD", "select seq from journal where district = $1 and act = 'now()?'", &[Ty::Text], &[Ty::Int]);
    assert_eq!(statement_faults(MIGRATIONS, &[&GOOD], &[]), Vec::<String>::new(), "quoted text is text");
    assert_eq!(lint_statements(&[&FAULTY[8]], &["EVERYWHERE"]), Vec::<String>::new());
    assert_eq!(lint_statements(&[&GOOD], &["GOOD", "GONE"]).len(), 2, "exceptions that nobody needs are faults");
}

#[test]
fn a_plan_shows_whether_an_index_serves() {
    let lite = lite_memory(MIGRATIONS).unwrap();
    for sql in crate::statements().iter().filter(|sql| !sql.text.starts_with("insert")) {
        let plan = lite.plan(sql).unwrap();
        // What a claim has picked out, at most its limit, is gone through.
        assert!(!plan.lines().any(|step| step.starts_with("SCAN") && step != "SCAN due"), "{}: {plan}", sql.name);
    }
}

statements! {
    /// One value of each type.
    VALUES_PUT(Text, Text, Int, Real, Bool, Bytes) -> () =
        "insert into five (district, t, i, r, b, y) values ($1, $2, $3, $4, $5, $6)";
    /// All of them.
    VALUES_FETCH(Text) -> (Text, Int, Real, Bool, Bytes) = "select t, i, r, b, y from five where district = $1";
    /// Removes them.
    VALUES_CLEAR(Text) -> () = "delete from five where district = $1";
}

const FIVE: Migration = Migration {
    id: "1",
    ddl: "create table five (\n    district text not null, -- key; ever\n    t text, -- fact; ever\n    i bigint, -- fact; ever\n    r double precision, -- fact; ever\n    b boolean, -- fact; ever\n    y bytea -- fact; ever\n);",
};

type Five = (Option<String>, Option<i64>, Option<f64>, Option<bool>, Option<Vec<u8>>);

fn round_trip(conn: &mut dyn Conn, five: &Five) -> Five {
    let (t, i, r, b, y) = five;
    assert_eq!(conn.execute(&VALUES_PUT, args!["d", t, *i, *r, *b, y]).unwrap(), 1);
    let mut row = conn.row(&VALUES_FETCH, args!["d"]).unwrap().unwrap();
    assert_eq!(conn.execute(&VALUES_CLEAR, args!["d"]).unwrap(), 1);
    (row.next(), row.next(), row.next(), row.next(), row.next())
}

fn five() -> impl Strategy<Value = Five> {
    // PostgreSQL's text holds no NUL; neither engine gives a NaN back as it came.
    let text = proptest::collection::vec(any::<char>().prop_filter("no NUL", |c| *c != '\0'), 0..20)
        .prop_map(|c| c.into_iter().collect());
    let real = any::<f64>().prop_filter("a number", |r| !r.is_nan());
    (
        proptest::option::of(text),
        any::<Option<i64>>(),
        proptest::option::of(real),
        any::<Option<bool>>(),
        any::<Option<Vec<u8>>>(),
    )
}

#[test]
fn values_come_back_as_they_went() {
    assert_eq!(statement_faults(&[FIVE], STATEMENTS, &[]), Vec::<String>::new());
    let cases = |conn: &mut dyn Conn, count| {
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(count));
        let conn = parking_lot::Mutex::new(conn);
        runner
            .run(&five(), |value| {
                prop_assert_eq!(&round_trip(&mut **conn.lock(), &value), &value);
                Ok(())
            })
            .unwrap();
    };
    cases(&mut lite_memory(&[FIVE]).unwrap(), 256);
    postgres_pg(&[FIVE], |pg| cases(pg, 128));
}

#[test]
fn wrong_use_is_told_not_guessed() {
    let mut lite = lite_memory(&[FIVE]).unwrap();
    let wrong = |conn: &mut dyn Conn| {
        assert!(matches!(conn.rows(&VALUES_FETCH, args![]), Err(StoreError::Mismatch(_))));
        assert!(matches!(conn.execute(&VALUES_CLEAR, args!["d", "e"]), Err(StoreError::Mismatch(_))));
        assert!(matches!(conn.execute(&VALUES_CLEAR, args!["d\0"]), Err(StoreError::Mismatch(_))), "a NUL");
        for wrong in [Arg::Int(1), Arg::Real(1.0), Arg::Bool(true), Arg::Bytes(b"d")] {
            assert!(matches!(conn.execute(&VALUES_CLEAR, &[wrong]), Err(StoreError::Mismatch(_))), "{wrong:?}");
        }
        let none = args!["d", None::<&str>, None::<i64>, None::<f64>, None::<bool>, &None::<Vec<u8>>];
        conn.execute(&VALUES_PUT, none).unwrap();
        conn.execute(&VALUES_PUT, none).unwrap();
        assert!(matches!(conn.row(&VALUES_FETCH, args!["d"]), Err(StoreError::Mismatch(_))), "two rows are not one");
    };
    wrong(&mut lite);
    postgres_pg(&[FIVE], |pg| wrong(pg));
}

#[test]
#[should_panic(expected = "is not a")]
fn a_cell_of_another_type_is_not_read() {
    let mut row = Row::new(vec![Cell::Text("9".into())]);
    let _: i64 = row.next();
}

#[test]
fn cells_become_values_only_if_they_fit() {
    assert_eq!(u32::from_cell(Cell::Int(-1)), None);
    assert_eq!(u32::from_cell(Cell::Int(i64::from(u32::MAX))), Some(u32::MAX));
    assert_eq!(<[u8; 32]>::from_cell(Cell::Bytes(vec![0; 31])), None);
    assert_eq!(Option::<i64>::from_cell(Cell::Null), Some(None));
    assert_eq!(i64::from_cell(Cell::Null), None);
    assert_eq!(Timestamp::from_cell(Cell::Int(START.ms())), Some(START));
}

#[test]
fn a_checkpoint_empties_the_wal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wal.db");
    let lite = Lite::open(&path, LiteMode::Write).unwrap();
    migrate(Target::Lite(&lite), &[FIRST]).unwrap();
    let wal = || std::fs::metadata(folder.path().join("wal.db-wal")).unwrap().len();
    assert!(wal() > 0);
    checkpoint(&lite, true).unwrap();
    assert_eq!(wal(), 0);
}
