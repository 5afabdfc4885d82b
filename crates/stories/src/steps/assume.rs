//! 假如: what a story makes for itself.

use super::Given;
use crate::{
    text,
    world::{Story, Told},
};

/// The pack's word for a level as people say it.
fn level(said: &str) -> &'static str {
    match said {
        "微网格" => "micro_grid",
        "片区" => "zone",
        "社区" | "村" => "community",
        "小区" | "场所" => "site",
        _ => "grid",
    }
}

pub(super) async fn district(story: &mut Story, given: Given) -> Told {
    story.enable(given.at(0)).await
}

pub(super) async fn now(story: &mut Story, given: Given) -> Told {
    story.now_is(given.at(0)).await
}

pub(super) async fn grid(story: &mut Story, given: Given) -> Told {
    story.add_place(given.at(0), given.at(1), "grid", None).await.map(|_| ())
}

pub(super) async fn grid_of(story: &mut Story, given: Given) -> Told {
    let households = given.number(2)?;
    story.add_place(given.at(0), given.at(1), "grid", Some(households)).await.map(|_| ())
}

pub(super) async fn place(story: &mut Story, given: Given) -> Told {
    story.add_place(given.at(0), given.at(2), level(given.at(1)), None).await.map(|_| ())
}

pub(super) async fn place_of(story: &mut Story, given: Given) -> Told {
    let households = given.number(3)?;
    story.add_place(given.at(0), given.at(2), level(given.at(1)), Some(households)).await.map(|_| ())
}

pub(super) async fn many(story: &mut Story, given: Given) -> Told {
    let (count, households) = (given.number(1)?, given.number(3)?);
    if count > crate::world::PLACES_MAX {
        return Err(format!("一次最多建 {} 个", crate::world::PLACES_MAX));
    }
    let (said, post) = (given.at(2), given.at(4));
    let wanted: Vec<(String, Option<u32>)> =
        (1..=count).map(|n| (format!("{}{n}号{said}", given.at(0)), Some(households))).collect();
    let ids = story.add_places(given.at(0), &wanted, level(said)).await?;
    let names: Vec<String> = wanted.iter().map(|(name, _)| format!("{name}{post}")).collect();
    story.appoint_many(post, &ids, &names).await
}

pub(super) async fn spread(story: &mut Story, given: Given) -> Told {
    let top = story.place(given.at(0))?;
    let count = given.number(1)? as usize;
    let rules = story.rules()?;
    let communities: Vec<_> = rules
        .directory
        .places
        .values()
        .filter(|p| p.level == "community" && rules.directory.within(&p.id, &top))
        .map(|p| (p.id, p.name.clone()))
        .collect();
    if communities.is_empty() {
        return Err(format!("“{}”下面没有村社", given.at(0)));
    }
    let places: Vec<_> = (0..count).map(|n| communities[n % communities.len()].0).collect();
    let names: Vec<String> = (0..count)
        .map(|n| format!("{}{}{}号", communities[n % communities.len()].1, given.at(2), n / communities.len() + 1))
        .collect();
    story.appoint_many(given.at(2), &places, &names).await
}

pub(super) async fn limits(story: &mut Story, given: Given) -> Told {
    let (accept, handle) = (format!("{}个{}", given.at(1), given.at(2)), format!("{}个{}", given.at(3), given.at(4)));
    story.item(given.at(0), Some(&accept), Some(&handle), None).await
}

pub(super) async fn accept_limit(story: &mut Story, given: Given) -> Told {
    let accept = format!("{}个{}", given.at(1), given.at(2));
    story.item(given.at(0), Some(&accept), None, None).await
}

pub(super) async fn handle_limit(story: &mut Story, given: Given) -> Told {
    let handle = format!("{}个{}", given.at(1), given.at(2));
    story.item(given.at(0), None, Some(&handle), None).await
}

pub(super) async fn post(story: &mut Story, given: Given) -> Told {
    story.appoint(given.at(0), given.at(1), given.at(2), 0, None).await
}

pub(super) async fn deputy(story: &mut Story, given: Given) -> Told {
    story.appoint(given.at(0), given.at(1), given.at(2), 1, None).await
}

pub(super) async fn hours(story: &mut Story, given: Given) -> Told {
    let hours = text::half_width(given.at(3)).replace(['，', '、', ' '], ",").replace(['－', '—', '~', '至'], "-");
    story.appoint(given.at(0), given.at(1), given.at(2), 0, Some(hours)).await
}

pub(super) async fn dismiss(story: &mut Story, given: Given) -> Told {
    story.dismiss(given.at(0), given.at(1)).await
}

pub(super) async fn duty(story: &mut Story, given: Given) -> Told {
    story.duty(given.at(0), given.at(1), given.at(2), "lead").await
}

pub(super) async fn assist(story: &mut Story, given: Given) -> Told {
    story.duty(given.at(0), given.at(1), given.at(2), "assist").await
}

pub(super) async fn body(story: &mut Story, given: Given) -> Told {
    let place = story.place(given.at(1))?;
    story.body(given.at(0), Some(place), "").await.map(|_| ())
}

pub(super) async fn phone(story: &mut Story, given: Given) -> Told {
    story.person(given.at(0))?.phone = given.at(1).to_owned();
    Ok(())
}
