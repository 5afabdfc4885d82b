//! What is not known about the days off of a year, said to those whose days hang on it.

use cases::{Rulebook, case::Case};
use kernel::{
    Timestamp,
    time::{DAY_MS, YearData},
};

use crate::{call::Call, problems::Answer};

/// How far ahead the days that are promised today reach, for most items.
const REACH_DAYS: i64 = 60;

/// An open case whose day can't be computed yet: a clock runs into a year whose days off nobody has announced.
pub fn no_day(case: &Case) -> bool {
    let unknown = case.clocks.iter().any(|run| run.under_way() && !run.paused() && run.due.is_none());
    case.closed_at.is_none() && case.promised_at.is_none() && unknown
}

/// What an asker without a promised day is told; empty for everybody else.
///
/// # Errors
/// A missing text of the page.
pub fn told(call: &Call, case: &Case) -> Answer<String> {
    if !no_day(case) {
        return Ok(String::new());
    }
    Ok(call.app.districts.renderer(call.district()).say(call.lang().into(), "case.no_day", &[])?)
}

/// The years on which the days that are promised now may fall.
fn years(rules: &Rulebook, now: Timestamp) -> Vec<i16> {
    let calendar = &rules.directory.calendar;
    let mut years = vec![calendar.date(now).year(), calendar.date(now.plus_ms(REACH_DAYS * DAY_MS)).year()];
    years.dedup();
    years
}

/// Whom to ask about the calendar: whoever administers the district.
fn whom(rules: &Rulebook, now: Timestamp, call: &Call) -> String {
    let held = rules.directory.holdings.values().find(|h| h.post == "admin" && h.valid_at(now));
    held.map_or_else(|| call.lang().pick("系统管理员", "the administrator").to_owned(), |h| h.display.clone())
}

/// The notice on the staff's pages while a year in use is not known well enough; empty when all is.
///
/// # Errors
/// A missing text of the page.
pub fn notice(call: &Call, rules: &Rulebook) -> Answer<String> {
    let now = call.app.engine.now();
    let calendar = &rules.directory.calendar;
    let found: Vec<(i16, YearData)> =
        years(rules, now).into_iter().map(|year| (year, calendar.year_data(year))).collect();
    // What is missing weighs more than what may still move.
    let of = |wanted: YearData| found.iter().find(|(_, data)| *data == wanted).map(|(year, _)| *year);
    let (key, year) = match (of(YearData::Missing), of(YearData::Provisional)) {
        (Some(year), _) => ("work.year_missing", year),
        (None, Some(year)) => ("work.year_provisional", year),
        (None, None) => return Ok(String::new()),
    };
    let whom = whom(rules, now, call);
    let renderer = call.app.districts.renderer(call.district());
    Ok(renderer.say(call.lang().into(), key, &[("year", &year.to_string()), ("whom", &whom)])?)
}
