//! The front door: what this is, who is downstairs, and the twelve cards.

use axum::{http::Method, response::Html};
use cases::{Rulebook, case};
use kernel::{Result, store::Db};

use super::{duty, shared};
use crate::{
    acts,
    app::App,
    call::Call,
    demo,
    pages::views::{CARD_IDS, Card, CardLink, Chip, DistrictLink, FrontPage, Tone},
    policy::{Policy, Rooms},
    problems::Answer,
};

async fn root(call: Call) -> Answer<Html<String>> {
    let first = call.app.districts.ids().into_iter().next();
    match first.and_then(|id| call.app.districts.get(&id)) {
        Some(rules) => door(&call.in_district(&rules), &rules).await,
        None => Err(kernel::Problem::new(&kernel::problem::NOT_FOUND).with("what", "district").into()),
    }
}

async fn district(call: Call) -> Answer<Html<String>> {
    let rules = call.rules()?.clone();
    door(&call, &rules).await
}

async fn door(call: &Call, rules: &Rulebook) -> Answer<Html<String>> {
    let lang = call.lang();
    let own = &rules.directory.district;
    let districts = call
        .app
        .districts
        .list()
        .iter()
        .map(|r| DistrictLink {
            name: lang.pick(&r.directory.pack.meta.name_zh, &r.directory.pack.meta.name_en).to_owned(),
            href: format!("/{}/", r.directory.district),
            on: r.directory.district == *own,
        })
        .collect();
    let place = duty::showcase_place(rules);
    let duty = place.and_then(|place| duty::duty_box(call, rules, &place));
    let mut site = shared::site(call, None)?;
    site.area = place.map(|place| area(rules, &place)).unwrap_or_default();
    let view = FrontPage { site, districts, duty, cards: cards(call, rules).await? };
    call.page(&view)
}

/// The street and community a place belongs to.
fn area(rules: &Rulebook, place: &commons::place::PlaceId) -> String {
    rules.directory.chain(place).iter().find(|p| p.level == "township").map(|p| p.name.clone()).unwrap_or_default()
}

/// A card opens a record that stands in this database; without one it says that it is not built.
async fn cards(call: &Call, rules: &Rulebook) -> Answer<Vec<Card>> {
    let app: App = call.app.clone();
    // Each mechanism lives in its own district: the card leads there from every front door.
    let districts = call.app.districts.list();
    let lang = call.lang();
    let own = rules.directory.district.clone();
    let cards = call
        .app
        .engine
        .read(move |db| {
            CARD_IDS
                .iter()
                .map(|id| {
                    let mut ordered: Vec<_> = districts.iter().collect();
                    ordered.sort_by_key(|r| r.directory.district != own);
                    let link = ordered.into_iter().find_map(|r| link(db, &app, r, id, lang).transpose()).transpose()?;
                    Ok(Card { id: (*id).to_owned(), link })
                })
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    Ok(cards)
}

fn link(db: &mut dyn Db, app: &App, rules: &Rulebook, card: &str, lang: kernel::Lang) -> Result<Option<CardLink>> {
    // Outside a demonstration no card opens anybody's case.
    if !app.config.demo {
        return Ok(None);
    }
    let district = &rules.directory.district;
    let id = demo::card_case(district, card);
    let visit = id.as_str().parse().ok();
    let heard_on = visit.map(|visit| practices::visits::fetch(db, district, &visit)).transpose()?.flatten();
    let id = heard_on.and_then(|visit| visit.case).unwrap_or(id);
    Ok(case::fetch(db, district, &id)?.map(|case| {
        let state = shared::state_chip(rules, &case, lang);
        let place = rules.directory.places.get(&case.place).map(|p| p.name.clone()).unwrap_or_default();
        let code = acts::code_of(&app.engine, district, &case.id, case.lookup_nonce);
        CardLink {
            href: format!("/{district}/c/{code}"),
            chip: Chip::new(
                format!("{} · {place}", state.text),
                if case.closed_at.is_some() { Tone::Done } else { Tone::Doing },
            ),
        }
    }))
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new().room(Method::GET, "/", Policy::Public, root).room(
        Method::GET,
        "/{district}/",
        Policy::Public,
        district,
    )
}
