//! Places over the API: where a point lies and who is on duty there.

use axum::Json;
use cases::Rulebook;
use kernel::{Problem, Timestamp, problem::BAD_FIELD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    acts::{PlaceJson, place_json},
    body::Asked,
    call::Call,
    policy::{Policy, Rooms},
    problems::{Answer, ProblemBody},
};

/// A point.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PointQuery {
    /// Longitude, degrees, WGS-84.
    pub lon: f64,
    /// Latitude, degrees, WGS-84.
    pub lat: f64,
}

/// Who is on duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnDutyJson {
    /// Title of the post.
    pub post: String,
    /// Service name of its holder.
    pub holder: String,
    /// `post`, `deputy`, or `climb` when nobody holds it there.
    pub via: String,
    /// Where the post is held.
    pub place: PlaceJson,
}

/// A place that is near.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearJson {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Metres to its boundary; 0 when the point lies in it too.
    pub metres: f64,
}

/// Where a point lies.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocatedJson {
    /// The places that contain it, the widest first.
    pub chain: Vec<PlaceJson>,
    /// Who is on duty there now.
    pub on_duty: Option<OnDutyJson>,
    /// Places whose boundary is near: a person decides whose it is.
    pub near: Vec<NearJson>,
    /// True when the point lies in the district but in a gap between its lowest places.
    pub gap: bool,
}

/// Who is on duty for a place now.
pub fn on_duty(
    rules: &Rulebook,
    place: &commons::place::PlaceId,
    now: Timestamp,
    lang: kernel::Lang,
) -> Option<OnDutyJson> {
    let duty = rules.directory.on_duty(place, now)?;
    let holding = rules.directory.holdings.get(&duty.holding)?;
    let via = serde_json::to_value(duty.via).ok()?.as_str()?.to_owned();
    Some(OnDutyJson {
        post: rules.directory.post_name(&holding.post, lang),
        holder: holding.display.clone(),
        via,
        place: place_json(rules, &duty.place),
    })
}

/// Where a point lies, for the API and the command line.
pub fn located(rules: &Rulebook, lon: f64, lat: f64, now: Timestamp, lang: kernel::Lang) -> LocatedJson {
    let found = rules.directory.locate(lon, lat);
    let mut chain: Vec<PlaceJson> =
        found.place.iter().flat_map(|id| rules.directory.chain(id)).map(|p| place_json(rules, &p.id)).collect();
    chain.reverse();
    let near = found
        .near
        .iter()
        .filter_map(|(id, metres)| {
            rules.directory.places.get(id).map(|p| NearJson {
                code: p.code.clone(),
                name: p.name.clone(),
                metres: (metres * 10.0).round() / 10.0,
            })
        })
        .collect();
    LocatedJson { chain, on_duty: found.place.and_then(|id| on_duty(rules, &id, now, lang)), near, gap: found.gap }
}

/// Where a point lies and who is on duty there.
#[utoipa::path(get, path = "/api/v1/{district}/locate", operation_id = "places_locate", tag = "places",
    params(("district" = String, Path), PointQuery), responses((status = 200, body = LocatedJson), (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn locate(call: Call, asked: Asked<PointQuery>) -> Answer<Json<LocatedJson>> {
    let PointQuery { lon, lat } = asked.0;
    if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
        return Err(Problem::new(&BAD_FIELD).with("field", "lon, lat").with("what", "-180…180, -90…90").into());
    }
    Ok(Json(located(call.rules()?, lon, lat, call.app.engine.now(), call.lang())))
}

/// The rooms of this floor.
pub fn rooms() -> Rooms {
    Rooms::new().api(Policy::Public, routes!(locate))
}
