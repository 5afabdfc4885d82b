//! The real file: Boston's requests of July to October 2011. Read from the folder
//! that `DOORSTEP_DATA` names; without it these tests say that they skip.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use super::*;

const BOSTON: &str = include_str!("../../../../../packs/boston/imports/311.toml");
const ROWS: u64 = 41_827;

fn export() -> Option<PathBuf> {
    let Some(data) = std::env::var_os("DOORSTEP_DATA") else {
        eprintln!("skipped: DOORSTEP_DATA is not set, so the real file is not read");
        return None;
    };
    Some(PathBuf::from(data).join("boston311/requests_2011_jul_oct.csv.gz"))
}

#[test]
fn the_shipped_mapping_of_boston_is_good() {
    let mapping = Mapping::from_toml(BOSTON).expect("a good mapping");
    assert_eq!(mapping.origin, "boston311");
}

#[test]
fn every_row_of_the_real_file_is_read_and_every_on_time_flag_reproduced() {
    let Some(path) = export() else { return };
    let mapping = Mapping::from_toml(BOSTON).unwrap();
    let begin = Instant::now();
    let mut cases = read_cases(File::open(path).expect("the real file"), &mapping);
    let mut agreement = OnTimeAgreement::default();
    let (mut wards, mut placed, mut placeholders, mut points, mut open) = (BTreeSet::new(), 0, 0, 0, 0);
    for case in cases.by_ref() {
        let case = case.expect("every row of the real file is good");
        agreement.add(&case);
        placed += u64::from(case.place.is_some());
        points += u64::from(case.point.is_some());
        placeholders += u64::from(case.point.is_some_and(|p| p.placeholder));
        open += u64::from(case.status == Status::Open);
        wards.extend(case.place);
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{ROWS} rows in {seconds:.3} s: {:.0} rows/s", ROWS as f64 / seconds);
    let counts = Counts { records: ROWS, accepted: ROWS, refused: 0, blank_lines: 0 };
    assert_eq!(cases.counts(), counts);
    assert_eq!(agreement.finish(cases.as_of_ms().expect("rows were read")), (41_713, 41_713));
    assert_eq!((placed, points, placeholders, open), (39_834, ROWS, 3_395, 2_459));
    let expected: BTreeSet<String> = (1..=22).map(|ward| ward.to_string()).collect();
    assert_eq!(wards, expected);
}

#[test]
fn the_mappings_moment_is_the_newest_that_the_real_file_knows() {
    let Some(path) = export() else { return };
    let unstated: String = BOSTON.lines().filter(|l| !l.starts_with("as_of")).map(|l| format!("{l}\n")).collect();
    let (stated, unstated) = (Mapping::from_toml(BOSTON).unwrap(), Mapping::from_toml(&unstated).unwrap());
    let mut cases = read_cases(File::open(path).expect("the real file"), &unstated);
    assert_eq!(cases.by_ref().count() as u64, ROWS);
    let mut empty = read_cases(&b""[..], &stated);
    assert!(empty.next().is_some_and(|r| r.is_err()));
    assert_eq!(cases.as_of_ms(), empty.as_of_ms());
}
