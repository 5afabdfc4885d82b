use super::*;

#[test]
fn the_standard_flows_have_no_fault() {
    assert_eq!(check(standard_case(), PERMISSIONS), []);
    assert_eq!(check(standard_task(), PERMISSIONS), []);
}
