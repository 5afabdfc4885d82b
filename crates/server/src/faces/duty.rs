//! Who is downstairs today: on duty, deputy, climb, hours, room.

use axum::{http::Method, response::Html};
use cases::Rulebook;
use commons::{
    people::{Holding, rules::Via},
    place::PlaceId,
};
use serde::Deserialize;

use super::shared;
use crate::{
    body::Asked,
    call::Call,
    pages::views::{Duty, DutyBox, DutyPage},
    policy::{Policy, Rooms},
    problems::Answer,
};

#[derive(Debug, Deserialize)]
struct Query {
    #[serde(default)]
    place: String,
}

async fn page(call: Call, asked: Asked<Query>) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    let wanted = asked.0.place.trim().to_owned();
    let chosen = if wanted.is_empty() { None } else { Some(rules.directory.place_named(&wanted)?.id) };
    let code = chosen.and_then(|id| rules.directory.places.get(&id)).map(|p| p.code.clone()).unwrap_or_default();
    let view = DutyPage {
        site: shared::site(&call, None)?,
        action: format!("/{}/duty", call.district()),
        places: shared::place_groups(&rules, &[], &code),
        chosen: code,
        answer: chosen.map(|place| duty(&call, &rules, &place)),
    };
    call.page(&view)
}

/// Hours with short hyphens as people read them: `9:00–11:30，14:00–17:00`.
pub fn hours_said(text: &str, lang: kernel::Lang) -> String {
    text.split(',')
        .map(|span| span.trim().replace('-', "–"))
        .map(|span| span.strip_prefix('0').map_or(span.clone(), str::to_owned))
        .collect::<Vec<_>>()
        .join(lang.pick("，", ", "))
}

/// The hours of a post-holder, else those of the district.
fn hours(rules: &Rulebook, holding: &Holding, lang: kernel::Lang) -> String {
    let own = holding.hours.clone();
    hours_said(&own.unwrap_or_else(|| rules.directory.calendar.hours().to_string()), lang)
}

fn here_now(call: &Call, rules: &Rulebook, holding: &Holding) -> bool {
    let calendar = &rules.directory.calendar;
    let own = holding
        .hours
        .as_deref()
        .and_then(|text| text.parse().ok())
        .map_or_else(|| calendar.clone(), |hours| calendar.with_hours(hours));
    own.is_work_time(call.app.engine.now()).unwrap_or(false)
}

fn initial(name: &str) -> String {
    name.chars().next().map(String::from).unwrap_or_default()
}

/// Who deputises for a holding at its place.
fn deputy(rules: &Rulebook, at: &PlaceId, holding: &Holding, now: kernel::Timestamp) -> String {
    let holders = rules.directory.holders(at, now);
    holders.iter().find(|h| h.post == holding.post && h.id != holding.id).map(|h| h.display.clone()).unwrap_or_default()
}

fn duty(call: &Call, rules: &Rulebook, place: &PlaceId) -> Duty {
    let directory = &rules.directory;
    let now = call.app.engine.now();
    let lang = call.lang();
    let on = directory.on_duty(place, now);
    let holding = on.as_ref().and_then(|d| directory.holdings.get(&d.holding));
    let lead = directory
        .bodies
        .values()
        .find(|b| b.party && directory.grid_of(place) == b.place)
        .map(|b| b.name.clone())
        .unwrap_or_default();
    let community = directory.chain(place).into_iter().find(|p| p.level == "community");
    let committee =
        community.and_then(|c| directory.bodies.values().find(|b| b.place == c.id && b.kind == "community_committee"));
    let code = directory.places.get(place).map(|p| p.code.clone()).unwrap_or_default();
    let here = holding.is_some_and(|h| here_now(call, rules, h));
    Duty {
        place: directory.path_name(place),
        initial: holding.map(|h| initial(&h.display)).unwrap_or_default(),
        person: holding.map(|h| h.display.clone()).unwrap_or_default(),
        post: holding.map(|h| directory.post_name(&h.post, lang)).unwrap_or_default(),
        here_now: here,
        next_time: if here { String::new() } else { next_time(call, rules, holding) },
        room: holding.and_then(|h| h.station.clone()).unwrap_or_default(),
        hours: holding.map(|h| hours(rules, h, lang)).unwrap_or_default(),
        deputy: holding.zip(on.as_ref()).map(|(h, d)| deputy(rules, &d.place, h, now)).unwrap_or_default(),
        climbed_to: on
            .as_ref()
            .filter(|d| d.via == Via::Climb)
            .and_then(|d| directory.places.get(&d.place))
            .map(|p| p.name.clone())
            .unwrap_or_default(),
        phone: String::new(),
        lead,
        office: committee.map(|b| b.name.clone()).unwrap_or_default(),
        office_hours: committee.map(|_| hours_said(&directory.calendar.hours().to_string(), lang)).unwrap_or_default(),
        report_href: format!("/{}/report?place={code}", directory.district),
    }
}

/// The next moment at which somebody is there: looked for in steps of half an hour, two weeks ahead.
fn next_time(call: &Call, rules: &Rulebook, holding: Option<&Holding>) -> String {
    const STEP_MS: i64 = 30 * kernel::time::MINUTE_MS;
    let Some(holding) = holding else {
        return String::new();
    };
    let calendar = &rules.directory.calendar;
    let own = holding
        .hours
        .as_deref()
        .and_then(|text| text.parse().ok())
        .map_or_else(|| calendar.clone(), |hours| calendar.with_hours(hours));
    let now = call.app.engine.now();
    let first = kernel::Timestamp::from_ms((now.ms() / STEP_MS + 1) * STEP_MS);
    (0..14 * 48)
        .map(|step| first.plus_ms(step * STEP_MS))
        .find(|at| own.is_work_time(*at).unwrap_or(false))
        .map(|at| shared::at(call, rules, at))
        .unwrap_or_default()
}

/// The grid that the front door shows: the first one with an estate and somebody on duty, else the first staffed one.
pub fn showcase_place(rules: &Rulebook) -> Option<PlaceId> {
    let directory = &rules.directory;
    let staffed = |id: &PlaceId| directory.holdings.values().any(|h| h.place == Some(*id) && h.station.is_some());
    let mut grids: Vec<_> = directory.places.values().filter(|p| p.level == "grid" && staffed(&p.id)).collect();
    grids.sort_by(|a, b| a.code.cmp(&b.code));
    let has_chief = |id: &PlaceId| directory.holdings.values().any(|h| h.place == Some(*id) && h.post == "point_chief");
    grids.iter().find(|p| has_chief(&p.id)).or(grids.first()).map(|p| p.id)
}

/// Who is downstairs, in two lines.
pub fn duty_box(call: &Call, rules: &Rulebook, place: &PlaceId) -> Option<DutyBox> {
    let duty = duty(call, rules, place);
    if duty.person.is_empty() {
        return None;
    }
    let lang = call.lang();
    let room = if duty.room.is_empty() { duty.place.clone() } else { duty.room.clone() };
    let deputy = match lang {
        _ if duty.deputy.is_empty() => String::new(),
        kernel::Lang::Zh => format!(" · 不在时由{}代班", duty.deputy),
        kernel::Lang::En => format!(" · {} stands in", duty.deputy),
    };
    let (line, detail) = match (lang, duty.here_now) {
        (kernel::Lang::Zh, true) => (format!("{} 现在在{room}", duty.person), format!("{}{deputy}", duty.hours)),
        (kernel::Lang::En, true) => (format!("{} is at {room} now", duty.person), format!("{}{deputy}", duty.hours)),
        (kernel::Lang::Zh, false) if duty.next_time.is_empty() => {
            ("现在没有人值守".into(), format!("{}值班的时间：{}", duty.person, duty.hours))
        }
        (kernel::Lang::En, false) if duty.next_time.is_empty() => {
            ("Nobody is there right now".into(), format!("{}: {}", duty.person, duty.hours))
        }
        (kernel::Lang::Zh, false) => {
            ("现在没有人值守".into(), format!("下一班：{}，{}在{room}", duty.next_time, duty.person))
        }
        (kernel::Lang::En, false) => {
            ("Nobody is there right now".into(), format!("Next: {}, {} at {room}", duty.next_time, duty.person))
        }
    };
    let code = rules.directory.places.get(place).map(|p| p.code.clone()).unwrap_or_default();
    Some(DutyBox {
        initial: duty.initial,
        here: duty.here_now,
        line,
        detail,
        href: format!("/{}/duty?place={code}", rules.directory.district),
    })
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new().room(Method::GET, "/{district}/duty", Policy::Public, page)
}
