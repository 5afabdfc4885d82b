//! Every statement of this floor, on both engines.

use kernel::testing::{column_faults, lite_memory, postgres_pg, schema_equal, statement_faults};

use crate::fixture::schema;

#[test]
fn every_statement_is_valid_on_both_engines_and_stays_in_its_district() {
    let statements = [commons::statements(), crate::statements()].concat();
    assert!(statements.len() > 40);
    // The list of enabled districts is asked before a district is known.
    assert_eq!(statement_faults(&schema(), &statements, &["DISTRICT_LIST"]), Vec::<String>::new());
}

#[test]
fn every_column_says_what_it_holds_and_how_long() {
    assert_eq!(column_faults(&schema()), Vec::<String>::new());
}

#[test]
fn both_engines_have_the_same_tables() {
    let lite = lite_memory(&schema()).unwrap();
    if let Some(differences) = postgres_pg(&schema(), |pg| schema_equal(&lite, pg).unwrap()) {
        assert_eq!(differences, Vec::<String>::new());
    }
}

#[test]
fn no_list_of_cases_or_tasks_reads_a_whole_table() {
    let lite = lite_memory(&schema()).unwrap();
    for sql in crate::statements().into_iter().filter(|sql| sql.text.trim_start().starts_with("select")) {
        let plan = lite.plan(sql).unwrap();
        assert!(!plan.contains("SCAN"), "{}: {plan}", sql.name);
        assert!(plan.contains("SEARCH"), "{}: {plan}", sql.name);
    }
}

#[test]
fn each_filter_of_the_list_has_the_index_that_was_made_for_it() {
    let lite = lite_memory(&schema()).unwrap();
    let expected = [
        ("LIST_ALL", "sqlite_autoindex_case_file_1 (district=? AND id<?)", false),
        ("LIST_STATE", "case_state (district=? AND state=? AND id<?)", false),
        ("LIST_ITEM", "case_item (district=? AND item=? AND id<?)", false),
        ("LIST_STATE_ITEM", "(district=? AND", false),
        ("LIST_PLACE", "COVERING INDEX case_grid (district=? AND grid=? AND state>?)", true),
        ("LIST_PLACE_STATE", "COVERING INDEX case_grid (district=? AND grid=? AND state=? AND id<?)", true),
        ("LIST_PLACE_ITEM", "case_item (district=? AND item=? AND id<?)", false),
        ("LIST_PLACE_STATE_ITEM", "case_", false),
        ("LIST_DUE_PLACE", "case_due (district=? AND next_due>? AND next_due<?)", false),
        ("FIGURES", "COVERING INDEX case_grid (district=? AND grid=? AND state>?)", true),
        ("LIST_DUE", "case_due (district=? AND next_due>? AND next_due<?)", false),
        ("CASE_MERGED", "case_merged (district=? AND merged_into=?)", false),
        ("CASE_OF_ASKER", "case_asker (district=? AND asker=?)", false),
        ("TASK_OF_CASE", "task_case (district=? AND case_id=?)", false),
        ("TASK_OF_BODY", "task_body (district=? AND body=? AND state=? AND id<?)", false),
    ];
    for (name, index, sorts) in expected {
        let sql =
            crate::statements().into_iter().find(|sql| sql.name == name).unwrap_or_else(|| panic!("{name} is gone"));
        let plan = lite.plan(sql).unwrap();
        assert!(plan.contains(index), "{name}: {plan}");
        assert_eq!(plan.contains("TEMP B-TREE"), sorts, "{name}: {plan}");
    }
}
