//! The statements of this floor, and the schema of the whole house.

use std::collections::BTreeSet;

use kernel::testing::{column_faults, statement_faults};

use crate::{schema, workers::STATEMENTS};

#[test]
fn every_statement_of_the_workers_means_the_same_on_both_engines_postgres_too() {
    assert_eq!(statement_faults(&schema(), STATEMENTS, &[]), Vec::<String>::new());
}

#[test]
fn the_schema_of_the_house_is_in_order_and_every_column_is_classed() {
    let ids: Vec<&str> = schema().iter().map(|step| step.id).collect();
    assert!(ids.is_sorted() && ids.iter().collect::<BTreeSet<_>>().len() == ids.len(), "{ids:?}");
    assert_eq!(column_faults(&schema()), Vec::<String>::new());
}

#[test]
fn every_statement_of_the_house_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for sql in crate::statements() {
        assert!(seen.insert(sql.name), "{} stands twice", sql.name);
    }
}
