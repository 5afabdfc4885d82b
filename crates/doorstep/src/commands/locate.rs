//! `locate`: to which places a point belongs, and who is on duty there now.

use kernel::Lang;
use serde_json::json;

use crate::{
    args::Locate,
    home::Home,
    out::{Exit, Failure, Out},
};

/// Answers from the database, or from the district's pack alone when it is not enabled there.
pub fn locate(home: &Home, wanted: &Locate, out: &Out) -> Result<Exit, Failure> {
    if !((-180.0..=180.0).contains(&wanted.lon) && (-90.0..=90.0).contains(&wanted.lat)) {
        return Err(Failure::usage(
            "coordinates",
            "经度在 -180 到 180 之间，纬度在 -90 到 90 之间，请核对。",
            "Longitude lies between -180 and 180, latitude between -90 and 90. Check them.",
        ));
    }
    let standing = if home.exists() { Some(home.open()?) } else { None };
    let district = wanted.district.clone();
    let standing = match standing {
        Some(engine)
            if engine.read_now(move |db| {
                Ok(commons::install::districts(db)?.iter().any(|(name, _)| *name == district))
            })? =>
        {
            engine
        }
        _ => home.in_memory(&wanted.district)?,
    };
    let now = standing.now();
    let directory = home.directory(&standing, &wanted.district)?;
    let found = directory.locate(wanted.lon, wanted.lat);
    let chain = found.place.map(|id| directory.chain(&id)).unwrap_or_default();
    let duty = found.place.and_then(|id| directory.on_duty(&id, now));
    let on_duty = duty.and_then(|duty| {
        let holding = directory.holdings.get(&duty.holding)?;
        let at = directory.places.get(&duty.place).map(|p| p.code.as_str());
        Some(json!({
            "post": directory.post_name(&holding.post, Lang::Zh), "post_id": holding.post, "holder": holding.display,
            "via": duty.via, "place": at, "where": holding.station, "hours": holding.hours,
        }))
    });
    let near: Vec<_> = found
        .near
        .iter()
        .filter_map(|(id, metres)| Some(json!({ "code": directory.places.get(id)?.code, "name": directory.places.get(id)?.name, "metres": metres })))
        .collect();
    let places: Vec<_> = chain.iter().map(|p| json!({ "code": p.code, "level": p.level, "name": p.name })).collect();
    let object = json!({ "chain": places, "on_duty": on_duty, "near": near, "gap": found.gap });
    out.result(&object, || {
        if chain.is_empty() {
            return vec!["这个点不在本区范围内。The point is not in this district.".into()];
        }
        let mut lines: Vec<String> = chain.iter().rev().map(|p| format!("{}  {}", p.code, p.name)).collect();
        lines.push(match &on_duty {
            Some(duty) => format!(
                "今天谁在 on duty: {} {}",
                duty["post"].as_str().unwrap_or_default(),
                duty["holder"].as_str().unwrap_or_default()
            ),
            None => "没有登记岗位。Nobody holds a post there.".into(),
        });
        lines.extend(near.iter().map(|n| {
            format!(
                "附近还有 near: {} {} ({:.0} m)",
                n["code"].as_str().unwrap_or_default(),
                n["name"].as_str().unwrap_or_default(),
                n["metres"].as_f64().unwrap_or_default()
            )
        }));
        if found.gap {
            lines
                .push("这个点在网格之间的空档里，要由人来定。It lies in a gap between grids; a person decides.".into());
        }
        lines
    });
    Ok(Exit::Ok)
}
