//! Tests of the registry of the whole house: every statement's plan, as SQLite chooses it.
//!
//! The house never runs `analyze`, and a plan does not depend on the values bound (QPSG): what is
//! planned on an empty database is planned on one of 200,000 rows.

use kernel::testing::lite_memory;

use super::{schema, statements};

const SNAPSHOT: &str = include_str!("../testdata/plans.txt");
/// What passes by a whole district: one row of it (heads, versions), what is small and wanted whole
/// (places, bodies, items, accounts), its beginning in an index's order, or what is seldom wanted and
/// would cost an index at every write (an erasure).
const WHOLE: &[&str] = &[
    "ACCOUNT_LIST",
    "ALIAS_LIST",
    "BODY_LIST",
    "CALLS_COUNT",
    "DIRECTORY_VERSION",
    "DISTRICT_BUMP",
    "DISTRICT_LIST",
    "DUTY_LIST",
    "HEAD_FETCH",
    "HEAD_LOCK",
    "HEAD_SET",
    "HOLDING_LIST",
    "ITEM_LIST",
    "MESSAGE_ERASE_ABOUT",
    "NOTICES_UNREAD",
    "PLACE_LIST",
    "SESSION_FORGET",
    "TIMER_NEXT",
];

fn plans() -> Vec<(&'static str, String)> {
    let lite = lite_memory(&schema()).expect("a database");
    let mut plans: Vec<(&'static str, String)> = statements()
        .into_iter()
        .map(|sql| (sql.name, lite.plan(sql).unwrap_or_else(|error| panic!("{}: {error}", sql.name))))
        .collect();
    plans.sort();
    plans
}

#[test]
fn every_statement_is_planned_as_before() {
    let text: String = plans()
        .iter()
        .map(|(name, plan)| {
            let steps: String = plan.lines().map(|step| format!("    {step}\n")).collect();
            format!("{name}\n{steps}")
        })
        .collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testdata/plans.txt"), &text).expect("writes");
    } else {
        assert_eq!(text, SNAPSHOT, "BLESS=1 accepts the new plans: read them first");
    }
}

#[test]
fn no_statement_walks_through_a_table_or_a_whole_district_unless_it_says_so() {
    let plans = plans();
    let walks = |plan: &str| {
        plan.lines().any(|step| {
            // A common table expression is read as a whole; it has a limit of its own.
            (step.starts_with("SCAN") && step != "SCAN due")
                // Only the district is looked up: all rows of it pass by.
                || (step.starts_with("SEARCH") && step.ends_with("(district=?)"))
        })
    };
    let found: Vec<&str> = plans.iter().filter(|(_, plan)| walks(plan)).map(|(name, _)| *name).collect();
    assert_eq!(found, WHOLE);
}
