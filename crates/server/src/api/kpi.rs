//! Figures over the API: numerator, denominator, and the cases behind them.

use axum::{Json, extract::Path};
use cases::{Rulebook, case::CaseId, kpi};
use commons::place::PlaceId;
use kernel::{
    Problem, Result, Timestamp,
    problem::{BAD_FIELD, NOT_YOURS},
    time::DAY_MS,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    acts::CaseJson,
    body::Asked,
    call::Call,
    limits::{LIST_ROWS_DEFAULT, LIST_ROWS_MAX},
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// What a figure is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FigureQuery {
    /// Code, id or name of a place; the caller's own without one.
    pub place: Option<String>,
    /// First day of the period of deadlines, `2026-03-01`.
    pub from: Option<String>,
    /// Last day of it.
    pub to: Option<String>,
    /// For the cases: `next` of the page before.
    pub cursor: Option<String>,
    /// For the cases: rows, at most 200.
    pub limit: Option<u32>,
}

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureJson {
    /// Its stable name.
    pub name: String,
    /// What it divides by what.
    pub formula: String,
    /// How many fulfil it.
    pub numerator: i64,
    /// Out of how many.
    pub denominator: i64,
    /// The quotient; none when there is nothing to divide by.
    pub value: Option<f64>,
    /// The position of the district's history to which it holds.
    pub as_of_seq: i64,
}

/// A case behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedJson {
    /// True when it counts in the numerator too.
    pub fulfilled: bool,
    /// The case.
    pub case: CaseJson,
}

/// A page of the cases behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedListJson {
    /// The cases, newest first.
    pub items: Vec<CountedJson>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Days as a span of moments in the district's time; the last day belongs to it.
///
/// # Errors
/// 400.2 when a day can't be read or only one is given.
pub fn period(rules: &Rulebook, from: Option<&str>, to: Option<&str>) -> Result<Option<(Timestamp, Timestamp)>> {
    let calendar = &rules.directory.calendar;
    let day = |field: &'static str, text: &str| {
        let bad = |e: String| Problem::new(&BAD_FIELD).with("field", field).with("what", e);
        let date = calendar.parse_day(text).map_err(|e| bad(e.to_string()))?;
        calendar.start_of_day(date).map_err(|e| bad(e.to_string()))
    };
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => Ok(Some((day("from", from)?, day("to", to)?.plus_ms(DAY_MS)))),
        _ => Err(Problem::new(&BAD_FIELD).with("field", "from, to").with("what", "from + to")),
    }
}

/// The place of a figure: the wished one, if it lies within what the caller may read, else the caller's own.
fn place(call: &Call, rules: &Rulebook, wished: Option<&str>) -> Result<PlaceId> {
    let directory = &rules.directory;
    let own = call.actor.places("kpi.read").iter().find_map(|id| id.parse::<PlaceId>().ok());
    match wished {
        Some(wished) => {
            let place = directory.place_named(wished)?.id;
            call.actor.must("kpi.read", &directory.chain_ids(&place), &[])?;
            Ok(place)
        }
        None => own.ok_or_else(|| Problem::new(&NOT_YOURS).with("permission", "kpi.read")),
    }
}

/// One figure.
#[utoipa::path(get, path = "/api/v1/{district}/kpi/{name}", operation_id = "kpi_figure", tag = "kpi",
    params(("district" = String, Path), ("name" = String, Path), FigureQuery), responses((status = 200, body = FigureJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn figure(call: Call, path: Path<(String, String)>, asked: Asked<FigureQuery>) -> Answer<Json<FigureJson>> {
    let Path((_, name)) = path;
    let rules = call.rules()?.clone();
    let place = place(&call, &rules, asked.0.place.as_deref())?;
    let period = period(&rules, asked.0.from.as_deref(), asked.0.to.as_deref())?;
    let now = call.app.engine.now();
    let figure = call.app.engine.read(move |db| kpi::figure(db, &rules, &name, Some(&place), period, now)).await?;
    Ok(Json(FigureJson {
        name: figure.name.to_owned(),
        formula: figure.formula,
        numerator: figure.numerator,
        denominator: figure.denominator,
        value: figure.value,
        as_of_seq: figure.as_of_seq,
    }))
}

/// The cases behind a figure.
#[utoipa::path(get, path = "/api/v1/{district}/kpi/{name}/cases", operation_id = "kpi_cases", tag = "kpi",
    params(("district" = String, Path), ("name" = String, Path), FigureQuery), responses((status = 200, body = CountedListJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn counted(call: Call, path: Path<(String, String)>, asked: Asked<FigureQuery>) -> Answer<Json<CountedListJson>> {
    let Path((_, name)) = path;
    let rules = call.rules()?.clone();
    let query = asked.0;
    let limit = query.limit.unwrap_or(LIST_ROWS_DEFAULT);
    if limit == 0 || limit > LIST_ROWS_MAX {
        return Err(Problem::new(&BAD_FIELD).with("field", "limit").with("what", format!("1–{LIST_ROWS_MAX}")).into());
    }
    let place = place(&call, &rules, query.place.as_deref())?;
    let period = period(&rules, query.from.as_deref(), query.to.as_deref())?;
    let before = query
        .cursor
        .as_deref()
        .map(|c| c.parse::<CaseId>().map_err(|e| Problem::new(&BAD_FIELD).with("field", "cursor").with("what", e)))
        .transpose()?;
    let (now, lang) = (call.app.engine.now(), call.lang());
    let page = call
        .app
        .engine
        .read(move |db| {
            let cases = kpi::cases(db, &rules, &name, Some(&place), period, now, before, limit as usize)?;
            let next = cases.last().filter(|_| cases.len() == limit as usize).map(|(c, _)| c.id.to_string());
            let items = cases
                .iter()
                .map(|(case, fulfilled)| CountedJson {
                    fulfilled: *fulfilled,
                    case: CaseJson::of(&rules, case, now, lang),
                })
                .collect();
            Ok(CountedListJson { items, next })
        })
        .await?;
    Ok(Json(page))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new()
        .api(Policy::Permission("kpi.read"), routes!(figure))
        .api(Policy::Permission("kpi.read"), routes!(counted))
}
