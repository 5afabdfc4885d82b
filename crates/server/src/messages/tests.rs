//! The statements of this room on both engines.

use kernel::testing::statement_faults;

use super::{STATEMENTS, counted};
use crate::schema;

#[test]
fn every_statement_of_the_messages_means_the_same_on_both_engines_postgres_too() {
    assert_eq!(statement_faults(&schema(), STATEMENTS, &[]), Vec::<String>::new());
}

#[test]
fn a_count_that_was_not_made_to_its_end_says_so() {
    assert_eq!((counted(99, 99), counted(100, 99)), ("99".into(), "99+".into()));
}
