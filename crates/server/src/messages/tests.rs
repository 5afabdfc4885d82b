//! The statements of this room on both engines.

use kernel::testing::statement_faults;

use super::STATEMENTS;
use crate::schema;

#[test]
fn every_statement_of_the_messages_means_the_same_on_both_engines_postgres_too() {
    assert_eq!(statement_faults(&schema(), STATEMENTS, &[]), Vec::<String>::new());
}
