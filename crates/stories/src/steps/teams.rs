//! 那么: teams, load, who holds which post. Bodies of people, never a ranking of persons.

use commons::{people::rules::Team, place::PlaceId};

use super::Given;
use crate::world::{Story, Told};

fn team(story: &mut Story, name: &str) -> Told<Team> {
    let place = story.place(name)?;
    let now = story.house()?.now();
    story.rules()?.directory.team(&place, now).ok_or_else(|| format!("“{name}”这一级没有班子模板"))
}

fn post_zh(story: &Story, id: &str) -> String {
    story.rules().map_or_else(|_| id.to_owned(), |rules| rules.directory.post_name(id, kernel::Lang::Zh))
}

fn vacant(story: &mut Story, name: &str) -> Told<Vec<String>> {
    let team = team(story, name)?;
    Ok(team.vacant.iter().map(|id| post_zh(story, id)).collect())
}

/// The posts of a place's template.
fn known_post(story: &mut Story, name: &str, post: &str) -> Told<String> {
    let wanted = story.post(post)?;
    let team = team(story, name)?;
    if team.parts.iter().any(|part| part.post == wanted.id) {
        return Ok(wanted.zh);
    }
    let all: Vec<String> = team.parts.iter().map(|part| post_zh(story, &part.post)).collect();
    Err(format!("“{name}”的班子模板 {} 里没有“{}”；有：{}", team.template, wanted.zh, all.join("、")))
}

fn said(vacant: &[String]) -> String {
    if vacant.is_empty() { "（什么都不缺）".to_owned() } else { vacant.join("、") }
}

pub(super) async fn lacks(story: &mut Story, given: Given) -> Told {
    let post = known_post(story, given.at(0), given.at(1))?;
    let vacant = vacant(story, given.at(0))?;
    if vacant.contains(&post) {
        Ok(())
    } else {
        Err(format!("“{}”不缺“{post}”；缺的是：{}", given.at(0), said(&vacant)))
    }
}

pub(super) async fn has(story: &mut Story, given: Given) -> Told {
    let post = known_post(story, given.at(0), given.at(1))?;
    let vacant = vacant(story, given.at(0))?;
    if vacant.contains(&post) { Err(format!("“{}”缺“{post}”", given.at(0))) } else { Ok(()) }
}

pub(super) async fn complete(story: &mut Story, given: Given) -> Told {
    let vacant = vacant(story, given.at(0))?;
    if vacant.is_empty() { Ok(()) } else { Err(format!("“{}”还缺：{}", given.at(0), vacant.join("、"))) }
}

/// The places below one (itself too) that have a team of their own with a load.
fn teams_below(story: &mut Story, name: &str) -> Told<Vec<Team>> {
    let top = story.place(name)?;
    let now = story.house()?.now();
    let rules = story.rules()?;
    let directory = &rules.directory;
    let inside = directory.places.values().filter(|p| directory.within(&p.id, &top));
    let lowest = |id: &PlaceId| {
        !directory.below(id).any(|child| child.households.is_some() && directory.team(&child.id, now).is_some())
    };
    Ok(inside.filter(|p| p.households.is_some() && lowest(&p.id)).filter_map(|p| directory.team(&p.id, now)).collect())
}

pub(super) async fn load(story: &mut Story, given: Given) -> Told {
    let wanted = given.number(1)?;
    let place = story.place(given.at(0))?;
    let (rules, now) = (story.rules()?, story.house()?.now());
    if let Some(load) = rules.directory.team(&place, now).and_then(|team| team.load) {
        return if load == wanted {
            Ok(())
        } else {
            Err(format!("“{}”人均 {load} 户，不是 {wanted} 户", given.at(0)))
        };
    }
    let teams = teams_below(story, given.at(0))?;
    let (households, officers) =
        teams.iter().fold((0u32, 0u32), |(h, o), team| (h + team.households.unwrap_or(0), o + team.officers));
    if officers == 0 {
        return Err(format!("“{}”下面没有管户的人", given.at(0)));
    }
    let load = (households + officers / 2) / officers;
    if load == wanted {
        Ok(())
    } else {
        Err(format!("“{}”人均 {load} 户（{households} 户、{officers} 人），不是 {wanted} 户", given.at(0)))
    }
}

fn flag_of(team: &Team) -> &'static str {
    match team.load_flag {
        Some("high") => "偏高",
        Some("low") => "偏低",
        _ => "正常",
    }
}

fn known_flag(said: &str) -> Told<&str> {
    if matches!(said, "偏高" | "偏低" | "正常") {
        Ok(said)
    } else {
        Err(format!("负荷写 偏高、偏低 或 正常，不是“{said}”"))
    }
}

pub(super) async fn flag(story: &mut Story, given: Given) -> Told {
    let wanted = known_flag(given.at(1))?.to_owned();
    let team = team(story, given.at(0))?;
    let load = team.load.ok_or_else(|| format!("“{}”没有登记户数，或没有管户的人，算不出负荷", given.at(0)))?;
    if flag_of(&team) == wanted {
        Ok(())
    } else {
        Err(format!("“{}”每人 {load} 户，负荷{}，不是{wanted}", given.at(0), flag_of(&team)))
    }
}

pub(super) async fn flagged(story: &mut Story, given: Given) -> Told {
    let wanted = known_flag(given.at(1))?.to_owned();
    let count = given.number(2)? as usize;
    let found = teams_below(story, given.at(0))?.iter().filter(|t| t.load.is_some() && flag_of(t) == wanted).count();
    if found == count {
        Ok(())
    } else {
        Err(format!("“{}”下负荷{wanted}的有 {found} 个，不是 {count} 个", given.at(0)))
    }
}

pub(super) async fn held(story: &mut Story, given: Given) -> Told {
    let (place, post, wanted) = (story.place(given.at(0))?, story.post(given.at(2))?, given.number(1)? as usize);
    let now = story.house()?.now();
    let rules = story.rules()?;
    let directory = &rules.directory;
    let people: std::collections::BTreeSet<_> = directory
        .holdings
        .values()
        .filter(|h| h.post == post.id && h.valid_at(now) && h.place.is_some_and(|at| directory.within(&at, &place)))
        .map(|h| h.person)
        .collect();
    if people.len() == wanted {
        Ok(())
    } else {
        Err(format!("“{}”有 {} 名“{}”，不是 {wanted} 名", given.at(0), people.len(), post.zh))
    }
}

pub(super) async fn households(story: &mut Story, given: Given) -> Told {
    let wanted = given.number(1)?;
    let place = story.place(given.at(0))?;
    let own = story.rules()?.directory.places.get(&place).and_then(|p| p.households);
    let found: u32 = match own {
        Some(own) => own,
        None => teams_below(story, given.at(0))?.iter().filter_map(|t| t.households).sum(),
    };
    if found == wanted {
        Ok(())
    } else {
        Err(format!("“{}”登记了 {found} 户，不是 {wanted} 户", given.at(0)))
    }
}
