//! `kpi`: a figure with its formula, numerator and denominator.

use kernel::{Timestamp, time::DAY_MS};
use serde_json::json;

use crate::{
    args::Kpi,
    home::Home,
    out::{Exit, Failure, Out},
};

/// Counts a figure.
pub fn kpi(home: &Home, wanted: &Kpi, out: &Out) -> Result<Exit, Failure> {
    cases::kpi::definition(&wanted.name)?;
    let engine = home.open_existing()?;
    let directory = home.directory(&engine, &wanted.district)?;
    let place = match &wanted.place {
        Some(named) => Some(directory.place_named(named)?.id),
        None => None,
    };
    let day = |text: &str| -> Result<Timestamp, Failure> {
        let calendar = &directory.calendar;
        calendar.parse_day(text).and_then(|date| calendar.start_of_day(date)).map_err(|_| {
            Failure::usage(
                "day",
                format!("“{text}”不是日期，请写成 2026-03-01。"),
                format!("\"{text}\" is no day; write it as 2026-03-01."),
            )
        })
    };
    let period = match (&wanted.from, &wanted.to) {
        (Some(from), Some(to)) => {
            // The day after the last one begins within 25 hours, also when the clocks change.
            let last = day(to)?;
            let after = directory.calendar.date(last.plus_ms(DAY_MS + DAY_MS / 8));
            Some((day(from)?, directory.calendar.start_of_day(after).unwrap_or(last.plus_ms(DAY_MS))))
        }
        _ => None,
    };
    let rulebook = home.rulebook(directory.clone())?;
    let (name, now) = (wanted.name.clone(), engine.now());
    let figure = engine.read_now(move |db| cases::kpi::figure(db, &rulebook, &name, place.as_ref(), period, now))?;
    let mut object = json!(figure);
    object["district"] = json!(wanted.district);
    object["place"] = json!(place.and_then(|id| directory.places.get(&id)).map(|p| &p.code));
    out.result(&object, || {
        let value = figure.value.map_or("—".to_owned(), |value| format!("{:.2} %", value * 100.0));
        vec![
            format!("{}: {value} = {} / {}", figure.name, figure.numerator, figure.denominator),
            figure.formula.clone(),
            format!("截至第 {} 条记录 as of entry {}", figure.as_of_seq, figure.as_of_seq),
        ]
    });
    Ok(Exit::Ok)
}
