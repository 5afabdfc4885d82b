//! Wall clocks, gaps, folds, and the rule of being on time.

use super::*;

fn one(opened: &str, closed: &str) -> Result<ImportCase, Refusal> {
    let text = format!("{HEADER}a,{opened},,{closed},,{},,,,\n", if closed.is_empty() { "Open" } else { "Closed" });
    read_all(text.as_bytes(), &mapping()).remove(0)
}

fn ms(rfc3339: &str) -> i64 {
    rfc3339.parse::<jiff::Timestamp>().expect("a timestamp").as_millisecond()
}

#[test]
fn a_wall_clock_is_read_in_its_zone_summer_and_winter() {
    assert_eq!(one("2011-07-01 01:32:33", "").unwrap().opened_ms, ms("2011-07-01T01:32:33-04:00"));
    assert_eq!(one("2011-12-01 01:32:33", "").unwrap().opened_ms, ms("2011-12-01T01:32:33-05:00"));
}

#[test]
fn a_time_in_the_spring_gap_moves_forward_by_the_gap() {
    assert_eq!(one("2011-03-13 02:30:00", "").unwrap().opened_ms, ms("2011-03-13T03:30:00-04:00"));
}

#[test]
fn a_time_in_the_autumn_fold_is_the_first_unless_the_case_would_end_before_it_began() {
    let plain = one("2011-11-06 01:10:00", "2011-11-06 01:50:00").unwrap();
    assert_eq!(plain.opened_ms, ms("2011-11-06T01:10:00-04:00"));
    assert_eq!(plain.closed_ms, Some(ms("2011-11-06T01:50:00-04:00")));
    let across = one("2011-11-06 01:50:00", "2011-11-06 01:10:00").unwrap();
    assert_eq!(across.closed_ms, Some(ms("2011-11-06T01:10:00-05:00")));
}

#[test]
fn a_close_before_the_opening_is_refused_and_the_same_second_is_not() {
    assert_eq!(one("2011-07-01 01:00:01", "2011-07-01 01:00:00").unwrap_err().code, codes::CLOSED_BEFORE_OPENED);
    assert!(one("2011-07-01 01:00:00", "2011-07-01 01:00:00").is_ok());
}

#[test]
fn what_is_no_time_is_refused_by_the_column_it_stands_in() {
    for wrong in [
        "",
        "yesterday",
        "2011-13-01 00:00:00",
        "2011-02-29 00:00:00",
        "0001-01-01 00:00:00",
        "2011-07-01",
        "2011-07-01 01:00:00 x",
    ] {
        let refusal = one(wrong, "").unwrap_err();
        assert_eq!(refusal.code, codes::OPENED, "{wrong:?}");
        assert!(refusal.en.contains("opened"), "{refusal:?}");
    }
    assert_eq!(one("2011-07-01 01:00:00", "later").unwrap_err().code, codes::CLOSED);
    assert_eq!(outline_of("a,2011-07-01 01:00:00,soon,,,Open,,,,\n"), lines([(2, "!due")]));
}

#[test]
fn a_format_of_days_means_the_days_beginning() {
    let mapping =
        Mapping::from_toml(&MAPPING.replace("[\"%Y-%m-%d %H:%M:%S\"]", "[\"%Y-%m-%d %H:%M:%S\", \"%m/%d/%Y\"]"))
            .unwrap();
    let text = format!("{HEADER}a,07/01/2011,,,,Open,,,,\nb,2011-07-01 00:00:00,,,,Open,,,,\n");
    let all = read_all(text.as_bytes(), &mapping);
    let opened: Vec<i64> = all.into_iter().map(|r| r.unwrap().opened_ms).collect();
    assert_eq!(opened, [ms("2011-07-01T00:00:00-04:00"); 2]);
}

#[test]
fn no_target_is_on_time_and_past_the_target_is_overdue() {
    assert!(on_time(None, None, 100) && on_time(None, Some(50), 100));
    assert!(on_time(Some(10), Some(10), 100), "closed at the target itself");
    assert!(!on_time(Some(10), Some(11), 5), "when it is looked at does not matter once closed");
    assert!(on_time(Some(10), None, 10));
    assert!(!on_time(Some(10), None, 11));
}

#[test]
fn open_cases_are_judged_as_of_the_newest_moment_or_the_mappings_if_later() {
    let body = "a,2011-07-01 00:00:00,2011-07-05 00:00:00,,OVERDUE,Open,,,,\n\
                b,2011-07-01 00:00:00,2011-07-20 00:00:00,,ONTIME,Open,,,,\n\
                c,2011-07-01 00:00:00,,2011-07-10 00:00:00,ONTIME,Closed,,,,\n\
                d,2011-07-01 00:00:00,,,,Open,,,,\n";
    let text = format!("{HEADER}{body}");
    let judge = |mapping: &Mapping| {
        let mut cases = read_cases(text.as_bytes(), mapping);
        let mut agreement = OnTimeAgreement::default();
        cases.by_ref().for_each(|c| agreement.add(&c.unwrap()));
        let as_of = cases.as_of_ms().unwrap();
        (as_of, agreement.finish(as_of))
    };
    assert_eq!(judge(&mapping()), (ms("2011-07-10T00:00:00-04:00"), (3, 3)));
    let later = MAPPING.replace("[status]", "as_of = \"2011-08-01 00:00:00\"\n[status]");
    assert_eq!(judge(&Mapping::from_toml(&later).unwrap()), (ms("2011-08-01T00:00:00-04:00"), (3, 2)));
}
