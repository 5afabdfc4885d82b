//! Tests of the time room; helpers that several of them share.

mod calendar;
mod due_cases;
mod due_properties;
mod text;
mod zones;

use std::path::PathBuf;

use super::{HolidayYear, Limit, Pause, TimeError, Timestamp, WorkCalendar, WorkHours, due};

/// The calendar files of the province pack, by file name.
fn pack_files() -> Vec<(String, HolidayYear)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/zhejiang/calendar");
    let mut files: Vec<(String, HolidayYear)> = std::fs::read_dir(folder)
        .expect("the pack has calendar files")
        .map(|entry| entry.expect("a readable folder").path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, HolidayYear::parse(&text).expect("a sound calendar file"))
        })
        .collect();
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files
}

/// Zhejiang: 09:00-12:00, 13:30-17:00, the shipped years that were announced.
fn zhejiang() -> WorkCalendar {
    let years = pack_files().into_iter().map(|(_, year)| year).filter(|year| !year.provisional);
    WorkCalendar::new("Asia/Shanghai", WorkHours::default(), years).expect("a sound pack")
}

/// The same, read once: property tests ask for it thousands of times.
fn zhejiang_once() -> &'static WorkCalendar {
    static ONCE: std::sync::LazyLock<WorkCalendar> = std::sync::LazyLock::new(zhejiang);
    &ONCE
}

fn hours(text: &str) -> WorkHours {
    text.parse().expect("work hours")
}

/// New York working round the clock, also on the two Sundays of 2026 on which its clocks
/// change (8 March forward, 1 November back).
fn new_york_day_and_night() -> WorkCalendar {
    let year =
        HolidayYear::parse("year = 2026\nsource = \"a test\"\noff = []\nwork = [\"2026-03-08\", \"2026-11-01\"]");
    WorkCalendar::new("America/New_York", hours("00:00-24:00"), year).expect("a calendar")
}

fn at(cal: &WorkCalendar, local: &str) -> Timestamp {
    cal.parse_local(local).expect("a local time")
}

fn utc(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a timestamp")
}

fn limit(text: &str) -> Limit {
    Limit::parse(text).expect("a limit")
}

fn pause(cal: &WorkCalendar, from: &str, to: &str) -> Pause {
    Pause { from: at(cal, from), to: Some(at(cal, to)) }
}

/// The due moment as local text, for plain examples.
fn due_local(
    cal: &WorkCalendar,
    start: &str,
    takes: &str,
    pauses: &[Pause],
    extensions: &[&str],
) -> Result<String, TimeError> {
    let extensions: Vec<Limit> = extensions.iter().map(|text| limit(text)).collect();
    due(cal, at(cal, start), limit(takes), pauses, &extensions).map(|moment| cal.local(moment).iso_minute())
}
