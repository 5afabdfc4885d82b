//! Who is on duty, and whether a team is complete. Pure.

use std::{collections::BTreeMap, str::FromStr};

use kernel::{
    Timestamp,
    time::{WorkCalendar, WorkHours},
};

use super::{Holding, HoldingId};
use crate::pack::{Post, TeamTemplate};

/// How the person on duty came to be it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Holds the post here.
    Post,
    /// Deputises here.
    Deputy,
    /// Holds it at a place above, because nobody does here.
    Climb,
}

/// Among a place's holdings, the one on duty now: posts in the order in which they own a matter,
/// then holder before deputy; somebody outside their own hours of presence gives way to one inside theirs.
pub fn on_duty<'h>(
    holdings: impl Iterator<Item = &'h Holding>,
    posts: &BTreeMap<String, Post>,
    calendar: &WorkCalendar,
    now: Timestamp,
) -> Option<(HoldingId, Via)> {
    let mut candidates: Vec<(bool, u32, u32, &Holding)> = holdings
        .filter(|h| h.valid_at(now))
        .filter_map(|h| Some((!present(h, calendar, now), posts.get(&h.post)?.owns?, h.rank, h)))
        .collect();
    candidates.sort_by_key(|a| (a.1, a.0, a.2, a.3.id));
    candidates.first().map(|(_, _, rank, holding)| (holding.id, if *rank == 0 { Via::Post } else { Via::Deputy }))
}

/// True inside the holder's hours of presence on a work day; a calendar without this year's data counts as present.
fn present(holding: &Holding, calendar: &WorkCalendar, now: Timestamp) -> bool {
    let Some(hours) = holding.hours.as_deref().and_then(|text| WorkHours::from_str(text).ok()) else {
        return true;
    };
    calendar.with_hours(hours).is_work_time(now).unwrap_or(true)
}

/// One part of a team as it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Part {
    /// The post.
    pub post: String,
    /// How many it needs.
    pub min: u32,
    /// How many hold it.
    pub held: u32,
}

/// A team measured against its template.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Team {
    /// The template, such as 1+3+N.
    pub template: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Posts that nobody or too few hold.
    pub vacant: Vec<String>,
    /// Households of the place, where known.
    pub households: Option<u32>,
    /// Officers among whom the households are shared.
    pub officers: u32,
    /// Households for each officer, rounded to the nearest whole.
    pub load: Option<u32>,
    /// `high` or `low` beyond the template's limits.
    pub load_flag: Option<&'static str>,
}

/// Measures a place's team: vacancies and load. Never a ranking of persons.
pub fn team(template: &TeamTemplate, held: &BTreeMap<String, u32>, households: Option<u32>) -> Team {
    let parts: Vec<Part> = template
        .parts
        .iter()
        .map(|part| Part { post: part.post.clone(), min: part.min, held: held.get(&part.post).copied().unwrap_or(0) })
        .collect();
    let vacant = parts.iter().filter(|p| p.held < p.min).map(|p| p.post.clone()).collect();
    let limits = template.load.as_ref();
    let officers = limits.map_or(0, |load| held.get(&load.post).copied().unwrap_or(0));
    let shared = |n: u32| (u64::from(n) + u64::from(officers) / 2) / u64::from(officers);
    let load = households.filter(|_| officers > 0).and_then(|n| u32::try_from(shared(n)).ok());
    let load_flag = match (load, limits) {
        (Some(load), Some(limits)) if load > limits.high => Some("high"),
        (Some(load), Some(limits)) if load < limits.low => Some("low"),
        _ => None,
    };
    Team { template: template.id.clone(), parts, vacant, households, officers, load, load_flag }
}
