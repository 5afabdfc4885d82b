//! One figure with its formula, opening to the cases it counts.

use axum::{extract::Path, http::Method, response::Html};
use cases::{
    Rulebook,
    case::{Case, CaseId},
    kpi::{self, DEFINITIONS},
    view,
};
use commons::place::PlaceId;
use kernel::{
    Problem,
    problem::{BAD_FIELD, NOT_YOURS},
};
use serde::Deserialize;

use super::{shared, work::href};
use crate::{
    api::kpi::period,
    body::Asked,
    call::Call,
    pages::views::{Chip, KpiLink, KpiPage, KpiPart, KpiRow, Tone},
    policy::{Policy, Rooms},
    problems::Answer,
};

/// Rows of one page.
const ROWS_MAX: usize = 30;
/// Cases looked through for those that do not fulfil a figure.
const SEEN_MAX: usize = 500;

#[derive(Debug, Default, Deserialize)]
struct Query {
    #[serde(default)]
    place: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// `n`: those that fulfil it; `d`: all that count; empty: all, those that do not fulfil it first.
    #[serde(default)]
    list: String,
    #[serde(default)]
    cursor: String,
}

fn place(call: &Call, rules: &Rulebook, wished: &str) -> Answer<PlaceId> {
    let directory = &rules.directory;
    if wished.is_empty() {
        let own = call.actor.places("kpi.read").iter().find_map(|id| id.parse().ok());
        return own.ok_or_else(|| Problem::new(&NOT_YOURS).with("permission", "kpi.read").into());
    }
    let place = directory.place_named(wished)?.id;
    call.actor.must("kpi.read", &directory.chain_ids(&place), &[])?;
    Ok(place)
}

/// The two sides of a formula in words: what stands before and after the division sign.
fn sides(formula: &str) -> (String, String) {
    let (over, under) = formula.split_once('÷').unwrap_or((formula, ""));
    let under = under.split(['（', '(']).next().unwrap_or_default();
    (over.trim().to_owned(), under.trim().to_owned())
}

fn scope(call: &Call, rules: &Rulebook, place: &PlaceId, query: &Query) -> String {
    let directory = &rules.directory;
    let name = directory.places.get(place).map(|place| place.name.clone()).unwrap_or_default();
    if query.from.is_empty() {
        return name;
    }
    let calendar = &directory.calendar;
    let day = |text: &str| {
        calendar
            .parse_day(text)
            .ok()
            .and_then(|date| calendar.start_of_day(date).ok())
            .map(|at| shared::day(call, rules, at))
            .unwrap_or_default()
    };
    let (from, to) = (day(&query.from), day(&query.to));
    call.lang().pick(&format!("{name} · {from}至{to}"), &format!("{name} · {from} to {to}")).to_owned()
}

/// A counted case with its words.
type Counted = (Case, bool, Option<String>);

async fn page(call: Call, Path((_, name)): Path<(String, String)>, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let query = asked.0;
    let lang = call.lang();
    let definition = kpi::definition(&name)?;
    let place = place(&call, &rules, query.place.trim())?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let period = period(&rules, some(&query.from).as_deref(), some(&query.to).as_deref())?;
    let before = some(&query.cursor)
        .map(|text| {
            text.parse::<CaseId>().map_err(|e| Problem::new(&BAD_FIELD).with("field", "cursor").with("what", e))
        })
        .transpose()?;
    let (now, engine, rulebook, list) =
        (call.app.engine.now(), call.app.engine.clone(), rules.clone(), query.list.clone());
    let (figure, rows, next) = call
        .app
        .engine
        .read(move |db| {
            let figure = kpi::figure(db, &rulebook, definition.name, Some(&place), period, now)?;
            let wanted = if list == "d" { ROWS_MAX } else { SEEN_MAX };
            let mut counted = kpi::cases(db, &rulebook, definition.name, Some(&place), period, now, before, wanted)?;
            let full = counted.len() == wanted;
            if list == "n" {
                counted.retain(|(_, fulfilled)| *fulfilled);
            } else if list.is_empty() && before.is_none() {
                counted.sort_by_key(|(_, fulfilled)| *fulfilled);
            }
            let cut = counted.len() > ROWS_MAX;
            counted.truncate(ROWS_MAX);
            let next =
                counted.last().filter(|_| (cut || full) && !list.is_empty()).map(|(case, _)| case.id.to_string());
            let district = &rulebook.directory.district;
            let rows = counted.into_iter().map(|(case, fulfilled)| {
                let text = view::text(db, engine.keys(), district, &case.text)?;
                Ok((case, fulfilled, text))
            });
            let rows = rows.collect::<kernel::Result<Vec<Counted>>>()?;
            Ok((figure, rows, next))
        })
        .await?;
    let path = |name: &str| format!("/{}/kpi/{name}", call.district());
    let narrowed = [("place", query.place.as_str()), ("from", query.from.as_str()), ("to", query.to.as_str())];
    let with = |list: &str, cursor: &str| {
        href(&path(definition.name), &[narrowed[0], narrowed[1], narrowed[2], ("list", list), ("cursor", cursor)])
    };
    let (zh, en) = definition.formula;
    let formula = lang.pick(zh, en);
    let (over, under) = sides(formula);
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    let as_of = shared::at(&call, &rules, now);
    let (as_of_zh, as_of_en) =
        (format!("{as_of}，第 {} 条", figure.as_of_seq), format!("{as_of}, entry {}", figure.as_of_seq));
    let view = KpiPage {
        site: shared::site(&call, None)?,
        others: DEFINITIONS
            .iter()
            .map(|one| KpiLink {
                name: label(one, lang),
                href: href(&path(one.name), &narrowed),
                on: one.name == definition.name,
            })
            .collect(),
        name: label(definition, lang),
        formula: formula.to_owned(),
        numerator: KpiPart { label: over, count: count(figure.numerator), href: with("n", "") },
        denominator: KpiPart { label: under, count: count(figure.denominator), href: with("d", "") },
        value: figure.value.map(|value| format!("{:.1} %", value * 100.0)).unwrap_or_default(),
        scope: scope(&call, &rules, &place, &query),
        as_of: lang.pick(&as_of_zh, &as_of_en).to_owned(),
        rows: rows
            .iter()
            .map(|(case, fulfilled, text)| KpiRow {
                href: format!("/{}/work/{}", call.district(), case.id),
                title: shared::title(&rules, case, text.as_deref(), lang),
                place: rules.directory.path_name(&case.place),
                chip: chip(case, *fulfilled, lang),
            })
            .collect(),
        more: next.map(|next| with(&query.list, &next)),
    };
    call.page(&view)
}

fn label(definition: &kpi::Definition, lang: kernel::Lang) -> String {
    match lang {
        kernel::Lang::Zh => definition.zh.to_owned(),
        kernel::Lang::En => {
            let words = definition.name.replace('_', " ");
            words[..1].to_uppercase() + &words[1..]
        }
    }
}

/// Whether a case counts in the numerator too, in a word; nothing is called bad that may be good.
fn chip(case: &Case, fulfilled: bool, lang: kernel::Lang) -> Chip {
    let imported = case.origin.is_some();
    match fulfilled {
        true => Chip::new(lang.pick("算进去了", "counted"), if imported { Tone::Plain } else { Tone::Doing }),
        false => Chip::new(lang.pick("没算进去", "not counted"), Tone::Plain),
    }
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new().room(Method::GET, "/{district}/kpi/{name}", Policy::Permission("kpi.read"), page)
}
