//! Names, places, points, duties and people of a district as it stands.

use kernel::{Lang, Timestamp, testing::START, time::HOUR_MS};
use proptest::prelude::*;

use super::*;
use crate::{fixture::*, people::rules::Via};

fn id(directory: &Directory, code: &str) -> PlaceId {
    directory.place_named(code).expect("a place").id
}

fn at(hour: i64) -> Timestamp {
    START.plus_ms((hour - 9) * HOUR_MS)
}

fn on_duty(directory: &Directory, place: &str, now: Timestamp) -> Option<(String, Via, String)> {
    let duty = directory.on_duty(&id(directory, place), now)?;
    Some((directory.holdings[&duty.holding].display.clone(), duty.via, directory.places[&duty.place].name.clone()))
}

fn duty(name: &str, via: Via, place: &str) -> Option<(String, Via, String)> {
    Some((name.to_owned(), via, place.to_owned()))
}

#[test]
fn a_place_is_found_by_code_id_name_and_other_names() {
    let mut pack = bare();
    pack.places[2].aliases = vec!["柳树村".into(), "330198555001".into()];
    let directory = directory(&pack);
    let community = id(&directory, "330198001001");
    for name in ["柳树社区", "柳树村", " 柳树村 ", "330198555001", community.as_str()] {
        assert_eq!(directory.place_named(name).unwrap().id, community, "{name}");
    }
    for nobody in ["", "柳", "柳树社区 ", "330198001009", "00000000-0000-0000-0000-000000000000", "🌳"] {
        let found = directory.place_named(nobody);
        if nobody.trim() == "柳树社区" {
            assert_eq!(found.unwrap().id, community);
        } else {
            assert_eq!(found.unwrap_err().kind.code, "404.1", "{nobody:?}");
        }
    }
}

#[test]
fn a_name_of_several_places_is_asked_back_unless_one_holds_the_others() {
    let mut pack = bare();
    let directory_of = |pack: &crate::pack::Pack| directory(pack);
    let problem = directory_of(&pack).place_named("一网格").unwrap_err();
    assert_eq!(problem.kind.code, "400.2");
    assert!(problem.detail(Lang::Zh).contains("社区 · 一网格"), "{problem}");
    pack.places[4].name = "柳树社区".into();
    let directory = directory_of(&pack);
    assert_eq!(directory.place_named("柳树社区").unwrap().level, "community");
}

#[test]
fn a_place_knows_what_stands_above_and_below_it() {
    let directory = directory(&bare());
    let names = |id: &PlaceId| directory.chain(id).iter().map(|p| p.name.clone()).collect::<Vec<_>>();
    let estate = id(&directory, "330198001001001-LY");
    assert_eq!(names(&estate), ["柳园", "一网格", "柳树社区", "河滨街道", "河西区"]);
    assert_eq!(directory.grid_of(&estate), id(&directory, "330198001001001"));
    assert_eq!(directory.grid_of(&id(&directory, "330198001001-HF")), id(&directory, "330198001001-HF"));
    assert_eq!(
        directory.below(&id(&directory, "330198001001")).map(|p| p.code.as_str()).collect::<Vec<_>>(),
        ["330198001001-HF", "330198001001001", "330198001001002"]
    );
    assert_eq!(directory.path_name(&estate), "一网格 · 柳园");
    assert_eq!(directory.path_name(&id(&directory, "330198001")), "河滨街道");
    assert_eq!(directory.path_name(directory.root()), "");
    assert!(directory.within(&estate, directory.root()) && !directory.within(directory.root(), &estate));
}

#[test]
fn a_point_is_found_near_boundaries_in_overlaps_and_in_gaps() {
    let directory = directory(&bare());
    let located = |lon: f64, lat: f64| {
        let found = directory.locate(lon, lat);
        let name = |id: &PlaceId| directory.path_name(id);
        (
            found.place.as_ref().map(name).unwrap_or_default(),
            found.near.iter().map(|(id, m)| (name(id), *m)).collect::<Vec<_>>(),
            found.gap,
        )
    };
    assert_eq!(located(120.01, 30.02), ("柳树社区 · 一网格".into(), vec![], false));
    let (place, near, gap) = located(120.0198, 30.02);
    assert_eq!((place.as_str(), near.len(), gap), ("柳树社区 · 一网格", 1, false));
    assert!((near[0].1 - 9.6).abs() < 0.5, "{near:?}");
    // Both claim it: the one with the smaller code, the other named at nought metres.
    assert_eq!(located(120.01995, 30.02), ("柳树社区 · 一网格".into(), vec![("柳树社区 · 二网格".into(), 0.0)], false));
    let (place, near, gap) = located(120.035, 30.02);
    assert_eq!((place.as_str(), gap), ("河滨街道 · 柳树社区", true));
    assert_eq!((near[0].0.as_str(), near[1].0.as_str()), ("柳树社区 · 二网格", "槐树社区 · 一网格"));
    assert!(near.windows(2).all(|pair| pair[0].1 <= pair[1].1));
    // The east of the district has no street at all, though there are streets: a gap of the district.
    assert_eq!((located(120.09, 30.02).0.as_str(), located(120.09, 30.02).2), ("", true));
    assert_eq!(located(121.0, 30.02), (String::new(), vec![], false));
    for (lon, lat) in [(f64::NAN, 30.0), (120.01, f64::NAN), (f64::INFINITY, 0.0), (1e300, -1e300)] {
        assert_eq!(directory.locate(lon, lat).place, None);
    }
}

proptest! {
    #[test]
    fn every_point_of_the_district_has_a_place_that_contains_it(lon in 119.99f64..120.11, lat in 29.99f64..30.05) {
        use std::sync::LazyLock;
        static HERE: LazyLock<Directory> = LazyLock::new(|| directory(&bare()));
        let found = HERE.locate(lon, lat);
        let inside = (120.0..120.1).contains(&lon) && (30.0..30.04).contains(&lat);
        prop_assert_eq!(found.place.is_some(), inside);
        if let Some(place) = found.place {
            let boundary = HERE.places[&place].boundary.as_deref().unwrap();
            let point = crate::geometry::Point { lon, lat };
            prop_assert!(crate::geometry::MultiPolygon::parse(boundary).unwrap().contains(point));
            prop_assert!(found.near.iter().all(|(id, m)| *id != place && *m >= 0.0));
        }
    }
}

#[test]
fn posts_take_a_matter_in_their_order_and_deputies_outside_hours() {
    let mut pack = bare();
    let grid = "330198001001001";
    for (name, post) in [
        ("孙兼职", "part_time_officer"),
        ("周网格员", "grid_officer"),
        ("郑网格长", "grid_head"),
        ("李楼道长", "stairwell_head"),
    ] {
        seat(&mut pack, name, post, grid);
    }
    assert_eq!(on_duty(&directory(&pack), grid, START), duty("周网格员", Via::Post, "一网格"));
    seat(&mut pack, "王点长", "point_chief", grid);
    assert_eq!(on_duty(&directory(&pack), grid, START), duty("王点长", Via::Post, "一网格"));
    pack.holdings.last_mut().unwrap().hours = Some("09:00-11:30,14:00-17:00".into());
    seat(&mut pack, "吴副点长", "point_chief", grid);
    pack.holdings.last_mut().unwrap().rank = 1;
    let directory = directory(&pack);
    for (hour, who, via) in [
        (9, "王点长", Via::Post),
        (12, "吴副点长", Via::Deputy),
        (14, "王点长", Via::Post),
        (20, "吴副点长", Via::Deputy),
        (9 - 24, "吴副点长", Via::Deputy),
    ] {
        assert_eq!(on_duty(&directory, grid, at(hour)), duty(who, via, "一网格"), "{hour}:00");
    }
}

#[test]
fn a_vacancy_climbs_and_an_estate_inherits_its_grid() {
    let mut pack = bare();
    let grid = "330198001001001";
    assert_eq!(on_duty(&directory(&pack), grid, START), None);
    seat(&mut pack, "何值班", "district_dispatcher", "330198");
    assert_eq!(on_duty(&directory(&pack), grid, START), duty("何值班", Via::Climb, "河西区"));
    seat(&mut pack, "赵书记", "secretary", "330198001001");
    assert_eq!(on_duty(&directory(&pack), grid, START), duty("赵书记", Via::Climb, "柳树社区"));
    assert_eq!(on_duty(&directory(&pack), "330198001001-HF", START), duty("赵书记", Via::Climb, "柳树社区"));
    seat(&mut pack, "周网格员", "grid_officer", grid);
    seat(&mut pack, "马微格员", "micro_grid_officer", "33019800100100101");
    let directory = directory(&pack);
    for inner in [grid, "330198001001001-LY", "33019800100100101"] {
        assert_eq!(on_duty(&directory, inner, START), duty("周网格员", Via::Post, "一网格"), "{inner}");
    }
    let above = directory.on_duty_above(&id(&directory, grid), START).unwrap();
    assert_eq!((directory.holdings[&above.holding].display.as_str(), above.via), ("赵书记", Via::Climb));
    assert!(directory.on_duty_above(directory.root(), START).is_none());
}

#[test]
fn a_term_begins_and_ends() {
    let mut pack = bare();
    let grid = "330198001001001";
    seat(&mut pack, "旧网格员", "grid_officer", grid);
    pack.holdings[0].to = Some("2026-03-03".parse().unwrap());
    seat(&mut pack, "新网格员", "grid_officer", grid);
    pack.holdings[1].from = Some("2026-03-03".parse().unwrap());
    let directory = directory(&pack);
    let midnight = directory.calendar.start_of_day("2026-03-03".parse().unwrap()).unwrap();
    assert_eq!(on_duty(&directory, grid, midnight.plus_ms(-1)), duty("旧网格员", Via::Post, "一网格"));
    assert_eq!(on_duty(&directory, grid, midnight), duty("新网格员", Via::Post, "一网格"));
    let old = directory.person_displayed("旧网格员", START).unwrap();
    assert_eq!(directory.person_displayed("旧网格员", midnight), None);
    assert_eq!(directory.display(&old), Some("旧网格员"), "history still names them");
    assert!(directory.actor(&old, None, midnight).grants.is_empty());
    assert_eq!(directory.actor(&old, None, START).grants.len(), 1);
}

#[test]
fn duties_go_to_the_nearest_place_and_the_item_before_its_class_before_everything() {
    let mut pack = bare();
    pack.bodies = vec![
        body("a", "甲局", "330198"),
        body("b", "乙局", "330198"),
        body("c", "丙所", "330198001"),
        body("d", "丁所", "330198001"),
    ];
    let wanted = |pack: &crate::pack::Pack, place: &str, part: &str| {
        let directory = directory(pack);
        let item = directory.item_named("路面破损").unwrap().clone();
        let found = directory.duty_bodies(&item, &id(&directory, place), part);
        found.iter().map(|b| directory.bodies[b].name.clone()).collect::<Vec<_>>()
    };
    let grid = "330198001001001";
    let class = pack.item("road_hole").unwrap().class.clone();
    pack.duties = vec![super::super::fixture::duty("*", "330198", "a", "lead")];
    assert_eq!(wanted(&pack, grid, "lead"), ["甲局"]);
    pack.duties.push(super::super::fixture::duty(&class, "330198", "b", "lead"));
    assert_eq!(wanted(&pack, grid, "lead"), ["乙局"]);
    pack.duties.push(super::super::fixture::duty("*", "330198001", "c", "lead"));
    assert_eq!(wanted(&pack, grid, "lead"), ["丙所"], "nearer goes before closer in kind");
    assert_eq!(wanted(&pack, "330198", "lead"), ["乙局"]);
    pack.duties.push(super::super::fixture::duty("road_hole", "330198001", "d", "lead"));
    assert_eq!(wanted(&pack, grid, "lead"), ["丁所"]);
    assert_eq!(wanted(&pack, grid, "assist"), Vec::<String>::new());
}

#[test]
fn of_bodies_with_one_name_the_nearest_is_meant() {
    let mut pack = bare();
    pack.bodies = vec![body("a", "物业", "330198001001001-LY"), body("b", "物业", "330198001002")];
    let directory = directory(&pack);
    let near = |code: &str| directory.body_named(" 物业 ", Some(&id(&directory, code))).unwrap().place;
    assert_eq!(near("330198001001001-LY"), id(&directory, "330198001001001-LY"));
    assert_eq!(near("330198001002001"), id(&directory, "330198001002"));
    assert!(directory.body_named("物业", None).is_some());
    assert!(directory.body_named("没有", None).is_none());
}

#[test]
fn a_team_shows_what_is_missing_and_what_each_carries() {
    let mut pack = bare();
    let grid = "330198001001001";
    pack.places[4].households = Some(1_200);
    let team = |pack: &crate::pack::Pack| {
        let directory = directory(pack);
        directory.team(&id(&directory, grid), START).expect("a template")
    };
    let empty = team(&pack);
    assert_eq!((empty.template.as_str(), empty.officers, empty.load, empty.load_flag), ("1+3+N", 0, None, None));
    assert_eq!(empty.vacant, ["grid_head", "grid_officer", "part_time_officer", "grid_instructor"]);
    seat(&mut pack, "周网格员", "grid_officer", grid);
    assert_eq!((team(&pack).load, team(&pack).load_flag), (Some(1_200), Some("high")));
    for n in 0..7 {
        seat(&mut pack, &format!("网格员{n}"), "grid_officer", grid);
    }
    seat(&mut pack, "楼道长", "stairwell_head", "330198001001001-LY");
    seat(&mut pack, "副手", "grid_head", grid);
    pack.holdings.last_mut().unwrap().rank = 1;
    let full = team(&pack);
    assert_eq!((full.officers, full.load, full.load_flag), (8, Some(150), Some("low")));
    assert_eq!(full.vacant, ["grid_head", "part_time_officer", "grid_instructor"], "a deputy does not fill a post");
    let held = |post: &str| full.parts.iter().find(|p| p.post == post).unwrap().held;
    assert_eq!((held("stairwell_head"), held("grid_officer")), (1, 8));
    let directory = directory(&pack);
    assert!(directory.team(directory.root(), START).is_none(), "a district has no template");
}

#[test]
fn a_place_that_does_not_stand_yet_or_any_more_is_not_there() {
    let mut pack = bare();
    pack.places[4].valid_to = Some("2026-03-02".parse().unwrap());
    pack.places[5].valid_from = Some("2027-01-01".parse().unwrap());
    let house = House::new();
    house.install(&pack);
    let now = house.directory_at(&pack, START);
    assert!(now.place_named("330198001001001").is_err() && now.place_named("二网格").is_err());
    let found = now.locate(120.01, 30.02);
    assert_eq!(found.place.map(|p| now.places[&p].level.clone()).as_deref(), Some("community"));
    let before = house.directory_at(&pack, START.plus_ms(-24 * HOUR_MS));
    assert!(before.place_named("330198001001001").is_ok());
}

#[test]
fn what_somebody_may_do_is_bound_to_their_place_or_body() {
    let mut pack = bare();
    pack.bodies = vec![body("a", "甲局", "330198")];
    seat(&mut pack, "许两栖", "grid_officer", "330198001001001");
    pack.holdings.push(holding("许两栖", "handler", None, Some("a")));
    let directory = directory(&pack);
    let person = directory.person_displayed("许两栖", START).unwrap();
    let actor = directory.actor(&person, None, START);
    let grid = id(&directory, "330198001001001");
    let (chain, body) = (directory.chain_ids(&grid), directory.bodies.keys().next().unwrap());
    assert!(actor.may("case.file", &chain, &[]));
    assert!(!actor.may("case.file", &directory.chain_ids(&id(&directory, "330198001001002")), &[]));
    assert!(actor.may("task.done", &[], &[body.as_str()]));
    assert!(!actor.may("case.file", &[], &[body.as_str()]));
    assert_eq!(directory.post_name("grid_officer", Lang::Zh), "专职网格员");
    assert_eq!(directory.handlers(body, START).len(), 1);
    let holders = directory.holders(&grid, START);
    assert_eq!(holders.len(), 1);
}

#[test]
fn a_district_that_is_not_enabled_has_no_directory() {
    let house = House::new();
    let pack = std::sync::Arc::new(bare());
    let outcome = house.engine.read_now(move |db| build(db, DISTRICT, pack, START));
    assert_eq!(outcome.err().unwrap().kind.code, "404.1");
    assert_eq!(house.engine.read_now(|db| Ok(version(db, DISTRICT)?)).unwrap(), None);
}
