//! Holidays, work hours, and what a calendar refuses.

use super::super::{Date, HolidayYear, TimeError, WorkCalendar, WorkHours, YearData};
use super::{at, hours, pack_files, zhejiang};

/// Written by `scripts/calendar-oracle.py`.
const ORACLE: &str = include_str!("../testdata/chinesecalendar.csv");

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

#[test]
fn every_day_equals_chinesecalendar() {
    let cal = zhejiang();
    let mut lines = ORACLE.lines();
    assert_eq!(lines.next(), Some("date,is_workday"));
    let mut expected = date("2004-01-01");
    let mut days = 0;
    for line in lines {
        let (day, works) = line.split_once(',').expect("two fields");
        assert_eq!(date(day), expected, "the fixture leaves no day out");
        assert_eq!(cal.is_work_day(expected), Ok(works == "1"), "{day}");
        expected = expected.tomorrow().expect("a next day");
        days += 1;
    }
    assert_eq!(expected, date("2027-01-01"));
    assert_eq!(days, 23 * 365 + 6, "23 years, six of them leap years");
}

#[test]
fn the_pack_has_each_year_in_the_file_of_its_name() {
    let files = pack_files();
    for (name, year) in &files {
        assert_eq!(*name, year.year.to_string());
        assert!(!year.source.is_empty());
    }
    let make_up_days: usize = files.iter().map(|(_, year)| year.work.len()).sum();
    assert_eq!(make_up_days, 150, "make-up work-days 2004 to 2026");
    let named = |year: &i16| (2023..=2026).contains(year);
    for (_, year) in files.iter().filter(|(_, year)| named(&year.year)) {
        assert!(year.source.contains("国办发明电"), "{} names its notice", year.year);
    }
}

#[test]
fn the_notice_for_2026_is_followed() {
    let cal = zhejiang();
    for (first, last, work) in [
        ("2026-01-01", "2026-01-03", false),
        ("2026-01-04", "2026-01-04", true),
        ("2026-02-14", "2026-02-14", true),
        ("2026-02-15", "2026-02-23", false),
        ("2026-02-28", "2026-02-28", true),
        ("2026-04-04", "2026-04-06", false),
        ("2026-05-01", "2026-05-05", false),
        ("2026-05-09", "2026-05-09", true),
        ("2026-06-19", "2026-06-21", false),
        ("2026-09-20", "2026-09-20", true),
        ("2026-09-25", "2026-09-27", false),
        ("2026-10-01", "2026-10-07", false),
        ("2026-10-10", "2026-10-10", true),
    ] {
        let mut day = date(first);
        while day <= date(last) {
            assert_eq!(cal.is_work_day(day), Ok(work), "{day}");
            day = day.tomorrow().expect("a next day");
        }
    }
}

#[test]
fn a_year_without_data_is_an_error_on_every_day_of_the_week() {
    let cal = zhejiang();
    for day in ["2027-01-01", "2027-01-02", "2027-06-16", "2003-12-31"] {
        let year = date(day).year();
        assert_eq!(cal.is_work_day(date(day)), Err(TimeError::YearWithoutData { year }));
    }
    assert_eq!(cal.years().expect("not plain").last(), Some(&2026));
}

#[test]
fn a_provisional_year_has_the_law_s_thirteen_days_off_each_made_good_on_a_work_day() {
    let years: Vec<HolidayYear> =
        pack_files().into_iter().map(|(_, year)| year).filter(|year| year.provisional).collect();
    assert_eq!(years.iter().map(|year| year.year).collect::<Vec<_>>(), [2027, 2028]);
    let cal = WorkCalendar::new("Asia/Shanghai", WorkHours::default(), years.clone()).expect("sound years");
    for year in years {
        assert_eq!(cal.year_data(year.year), YearData::Provisional);
        assert!(year.work.is_empty(), "make-up days are never guessed");
        // Days on a weekend are made good by article 6, so that as many weekdays are off as the law has days;
        // in 2028 Mid-Autumn falls on the third day of the National holiday, and one day serves for both.
        let expected = if year.year == 2028 { 12 } else { 13 };
        assert_eq!(year.off.len(), expected, "{}", year.year);
        for fixed in ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"] {
            assert_eq!(cal.is_work_day(date(&format!("{}-{fixed}", year.year))), Ok(false), "{fixed}");
        }
    }
    for (eve, third) in [("2027-02-05", "2027-02-08"), ("2028-01-25", "2028-01-28")] {
        let (mut day, third) = (date(eve), date(third));
        while day <= third {
            assert_eq!(cal.is_work_day(day), Ok(false), "spring festival {day}");
            day = day.tomorrow().expect("a next day");
        }
    }
    assert_eq!(cal.year_data(2029), YearData::Missing);
    assert_eq!(zhejiang().year_data(2026), YearData::Announced);
}

#[test]
fn a_plain_calendar_works_monday_to_friday_in_any_year() {
    let cal = WorkCalendar::plain("America/New_York", WorkHours::default()).expect("a calendar");
    assert_eq!(cal.is_work_day(date("2011-07-04")), Ok(true), "a Monday, no holidays known");
    assert_eq!(cal.is_work_day(date("2011-07-03")), Ok(false));
    assert_eq!(cal.is_work_day(date("2199-01-01")), Ok(true));
    assert_eq!(cal.years(), None);
}

#[test]
fn a_calendar_file_that_contradicts_itself_is_refused() {
    let fault = |text: &str| match HolidayYear::parse(text) {
        Err(TimeError::BadHolidays { fault }) => fault,
        other => panic!("{text}: {other:?}"),
    };
    let file = |rest: &str| format!("year = 2026\nsource = \"x\"\n{rest}");
    assert!(fault(&file("off = [\"2025-12-31\"]")).contains("2025-12-31"));
    assert!(fault(&file("off = [\"2026-05-09\"]\nwork = [\"2026-05-09\"]")).contains("both"));
    assert!(fault(&file("off = []\nwork = [\"2026-05-08\"]")).contains("weekday"));
    assert!(fault(&file("off = [\"2026-02-30\"]")).contains("2026-02-30"));
    assert!(fault(&file("off = []\nweekends = true")).contains("weekends"));
    assert!(fault("year = 2026\noff = []").contains("source"));
}

#[test]
fn a_calendar_refuses_a_year_twice_and_an_unknown_zone() {
    let year = HolidayYear::parse("year = 2026\nsource = \"x\"\noff = []").expect("a year");
    let twice = WorkCalendar::new("Asia/Shanghai", WorkHours::default(), [year.clone(), year]);
    assert_eq!(twice.map(|_| ()), Err(TimeError::YearTwice { year: 2026 }));
    let nowhere = WorkCalendar::plain("Asia/Linping", WorkHours::default());
    assert_eq!(nowhere.map(|_| ()), Err(TimeError::UnknownZone { name: "Asia/Linping".into() }));
}

#[test]
fn work_hours_must_be_ordered_apart_and_within_a_day() {
    for bad in [
        "",
        "9:00-12:00",
        "09:00",
        "09:00-09:00",
        "12:00-09:00",
        "09:00-24:01",
        "09:60-10:00",
        "09:00-12:00, 11:59-17:00",
        "13:30-17:00, 09:00-12:00",
        "+9:00-12:00",
    ] {
        let read: Result<WorkHours, _> = bad.parse();
        assert!(matches!(read, Err(TimeError::BadWorkHours { .. })), "{bad}");
    }
    let many = vec![(0, 1); 13];
    assert!(WorkHours::new(many).is_err());
    assert_eq!(WorkHours::default().to_string(), "09:00-12:00, 13:30-17:00");
    assert_eq!(WorkHours::default().ms_per_day(), 390 * 60_000);
    assert_eq!(hours("00:00-24:00").spans(), [(0, 1440)]);
    assert_eq!(hours("09:00-12:00,12:00-17:00").ms_per_day(), 8 * 3_600_000);
}

#[test]
fn work_hours_are_a_list_of_spans_in_files() {
    #[derive(serde::Deserialize, serde::Serialize)]
    struct File {
        hours: WorkHours,
    }
    let text = "hours = [\"08:30-12:00\", \"14:00-17:30\"]\n";
    let file: File = toml::from_str(text).expect("a file");
    assert_eq!(file.hours, hours("08:30-12:00, 14:00-17:30"));
    assert_eq!(toml::to_string(&file).expect("text"), text);
    assert!(toml::from_str::<File>("hours = []").is_err());
}

#[test]
fn work_time_begins_and_ends_to_the_millisecond() {
    let cal = zhejiang();
    let opens = at(&cal, "2026-11-20 09:00");
    let lunch = at(&cal, "2026-11-20 12:00");
    for (moment, working) in [
        (opens.plus_ms(-1), false),
        (opens, true),
        (lunch.plus_ms(-1), true),
        (lunch, false),
        (at(&cal, "2026-11-21 10:00"), false),
        (at(&cal, "2026-10-10 10:00"), true),
    ] {
        assert_eq!(cal.is_work_time(moment), Ok(working), "{moment}");
    }
    let night = cal.with_hours(hours("20:00-24:00"));
    assert_eq!(night.is_work_time(at(&cal, "2026-11-20 23:59")), Ok(true));
    assert_eq!(night.is_work_time(opens), Ok(false));
}
