//! The packs inside the binary: they load, and the demonstration districts are staffed so that
//! every way of working has somebody to do it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use kernel::Lang;

use crate::{
    geometry::{MultiPolygon, Point},
    pack::{Pack, PlaceRow, check_dir, load, names},
};

fn loaded(name: &str) -> Pack {
    load(name, None).unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{name}\n{}", lines.join("\n"))
    })
}

fn packs_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

const DEMO: [&str; 4] = ["linping", "fuyang", "shangcheng", "qiantang"];

#[test]
fn the_folder_and_the_binary_hold_the_same_packs() {
    let names = names(None);
    for name in DEMO.iter().chain(&["zhejiang", "boston"]) {
        assert!(names.iter().any(|n| n == name), "{name} is shipped");
    }
    for name in names {
        let dir = packs_dir().join(&name);
        assert_eq!(check_dir(&dir, None), [], "{name}");
        let from_folder = load(&dir.display().to_string(), None).expect("has no fault");
        assert!(from_folder == loaded(&name), "{name} differs between folder and binary");
    }
}

#[test]
fn the_posts_that_stories_name_are_in_every_pack() {
    let titles =
        ["网格长", "专职网格员", "兼职网格员", "网格指导员", "点长", "楼道长", "社区书记", "街道调度员", "单位经办人"];
    for name in names(None) {
        let pack = loaded(&name);
        for title in titles {
            assert!(pack.post(title).is_some(), "{name} lacks {title}");
        }
        let owns = |title: &str| pack.post(title).expect("there").owns;
        assert_eq!(["点长", "专职网格员", "网格长", "兼职网格员", "网格指导员"].map(owns), [1, 2, 3, 4, 5].map(Some));
        assert_eq!([owns("社区书记"), owns("街道调度员"), owns("楼道长")], [Some(1), Some(1), None]);
    }
}

#[test]
fn who_handles_never_verifies_and_a_resident_holds_nothing() {
    let pack = loaded("zhejiang");
    let may = |role: &str, word: &str| pack.role(role).expect("a role").permissions.contains(word);
    assert!(pack.role("resident").expect("a role").permissions.is_empty());
    for word in ["case.verify", "case.ask", "case.rate_for", "case.close", "case.look_back"] {
        assert!(!may("handler", word), "handler {word}");
    }
    for role in ["grid_officer", "grid_head", "point_chief", "instructor", "secretary", "dispatcher"] {
        assert!(may(role, "case.verify"), "{role}");
    }
    for word in ["case.decline", "case.dispatch", "case.verify", "case.file"] {
        assert!(!may("stairwell_head", word), "stairwell head {word}");
    }
    // Who instructs looks, checks and looks back; the grid decides.
    for word in ["case.file", "case.dispatch", "case.decline", "case.hold"] {
        assert!(!may("instructor", word), "instructor {word}");
    }
    // Putting off is for the grid's head and above, more time for the community and above.
    assert!(may("grid_head", "case.hold") && !may("grid_officer", "case.hold") && !may("point_chief", "case.hold"));
    assert!(may("secretary", "task.extend_approve") && !may("grid_head", "task.extend_approve"));
    assert!(may("dispatcher", "case.adjudicate") && !may("secretary", "case.adjudicate"));
    // Every permission word that a flow asks for is one that roles can give.
    let words: BTreeSet<&str> = pack.permissions.iter().map(|p| p.word.as_str()).collect();
    for (path, text) in pack.flows.values() {
        for line in text.lines().filter_map(|l| l.trim().strip_prefix("permission = \"")) {
            let word = line.trim_end_matches('"');
            assert!(word.is_empty() || words.contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn the_catalogue_has_an_urgent_and_a_slow_end() {
    let pack = loaded("zhejiang");
    assert!((55..=90).contains(&pack.items.len()), "about sixty: {}", pack.items.len());
    assert_eq!(pack.item("电梯困人").expect("an item").accept.to_string(), "1 urgent_hours");
    let canopy = pack.item("非机动车雨棚缺失").expect("an item");
    assert_eq!((canopy.code.as_str(), canopy.handle.to_string().as_str()), ("bike_canopy", "20 work_days"));
    assert_eq!(canopy.evidence, "before_after");
    assert!(!pack.item("独居老人求助").expect("an item").public, "whose elder it is, is nobody's business");
    assert_eq!(pack.text("class.building", Lang::En), Some("Stairs and buildings"));
    let units: BTreeSet<&str> = pack.items.iter().flat_map(|i| [i.accept.unit.id(), i.handle.unit.id()]).collect();
    assert_eq!(units.len(), 4, "every unit of a limit is used: {units:?}");
}

#[test]
fn places_of_the_pages_are_found_by_their_names_in_common_use() {
    let code = |pack: &str, name: &str| {
        let pack = loaded(pack);
        let found: Vec<&PlaceRow> =
            pack.places.iter().filter(|p| p.name == name || p.aliases.iter().any(|a| a == name)).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].code.clone()
    };
    assert_eq!(code("linping", "崇贤街道"), "330113007");
    assert_eq!(code("linping", "龙腾社区"), "330113007007");
    assert_eq!(code("linping", "悦贤里"), "330113007007001-YXL");
    assert_eq!(code("linping", "玉水官邸"), "330113007007002-YSGD");
    assert_eq!(code("fuyang", "大章村"), "330111109215");
    assert_eq!(code("fuyang", "大章村委会"), "330111109215");
    assert_eq!(code("fuyang", "芳村"), code("fuyang", "芳村村委会"));
    assert_eq!(code("shangcheng", "馒头山社区"), "330102008051");
    assert_eq!(code("qiantang", "邻里社区"), "330114002005");
    assert_eq!(
        loaded("fuyang").places.iter().filter(|p| p.level == "township").count(),
        24,
        "Fuyang has 24 towns and streets"
    );
}

#[test]
fn linli_has_53_micro_grids_with_65_households_on_average_and_an_officer_each() {
    let pack = loaded("qiantang");
    let micro: Vec<&PlaceRow> =
        pack.places.iter().filter(|p| p.level == "micro_grid" && p.code.starts_with("330114002005")).collect();
    assert_eq!(micro.len(), 53);
    let households: u32 = micro.iter().filter_map(|p| p.households).sum();
    assert_eq!((households, households / 53), (3_445, 65));
    let team = pack.teams.iter().find(|t| t.level == "micro_grid").and_then(|t| t.load.clone()).expect("a load");
    let outside = micro.iter().filter_map(|p| p.households).filter(|n| *n < team.low || *n > team.high).count();
    assert_eq!(outside, 2, "one carries too much and one too little");
    for place in &micro {
        let officers =
            pack.holdings.iter().filter(|h| h.place.as_ref() == Some(&place.code) && h.post == "micro_grid_officer");
        assert_eq!(officers.count(), 1, "{}", place.name);
    }
}

#[test]
fn every_demonstration_district_is_staffed_up_to_the_top_and_has_one_vacant_grid() {
    for name in DEMO {
        let pack = loaded(name);
        let held =
            |code: &str, post: &str| pack.holdings.iter().any(|h| h.post == post && h.place.as_deref() == Some(code));
        let at = |level: &'static str| pack.places.iter().filter(move |p| p.level == level);
        for street in at("township") {
            assert!(held(&street.code, "dispatcher"), "{}", street.name);
        }
        let staffed = |grid: &&PlaceRow| held(&grid.code, "grid_officer");
        let vacant: Vec<&PlaceRow> = at("grid").filter(|g| !staffed(g)).collect();
        assert_eq!(vacant.len(), 1, "{name}: {vacant:?}");
        for grid in at("grid") {
            assert!(held(grid.parent.as_deref().expect("a parent"), "secretary"), "{}", grid.name);
        }
        assert!(pack.holdings.iter().any(|h| h.rank == 1), "{name} has a deputy");
        let displays: BTreeSet<&str> = pack.people.iter().map(|p| p.display.as_str()).collect();
        assert_eq!(displays.len(), pack.people.len(), "{name}: service names tell people apart");

        let roles: BTreeSet<&str> = pack
            .accounts
            .iter()
            .flat_map(|a| pack.holdings.iter().filter(move |h| h.person == a.person))
            .filter_map(|h| Some(pack.post(&h.post)?.role.as_str()))
            .collect();
        let all: BTreeSet<&str> = pack.roles.iter().map(|r| r.id.as_str()).filter(|r| *r != "resident").collect();
        assert_eq!(roles, all, "{name} has an account for each role");
    }
}

#[test]
fn every_item_has_a_body_that_leads_in_every_grid_of_the_demonstration() {
    for name in DEMO {
        let pack = loaded(name);
        let parents: BTreeMap<&str, Option<&str>> =
            pack.places.iter().map(|p| (p.code.as_str(), p.parent.as_deref())).collect();
        for grid in pack.places.iter().filter(|p| p.level == "grid") {
            let chain: Vec<&str> = std::iter::successors(Some(grid.code.as_str()), |code| parents[code]).collect();
            for item in &pack.items {
                let leads = pack.duties.iter().any(|d| {
                    d.part == "lead"
                        && chain.contains(&d.place.as_str())
                        && [item.code.as_str(), &item.class, "*"].contains(&d.item.as_str())
                });
                assert!(leads, "{name}: nobody leads on {} in {}", item.zh, grid.name);
            }
        }
    }
}

#[test]
fn made_up_boundaries_say_so_and_fill_the_place_above_them_exactly() {
    for name in DEMO {
        let pack = loaded(name);
        assert!(pack.meta.notes.contains_key("synthetic") && !pack.meta.attribution.is_empty(), "{name}");
        let mut shapes: BTreeMap<&str, Vec<(&PlaceRow, MultiPolygon)>> = BTreeMap::new();
        for place in pack.places.iter().filter(|p| p.boundary.is_some()) {
            assert!(place.synthetic || place.parent.is_none(), "{}", place.name);
            let shape = MultiPolygon::parse(place.boundary.as_ref().expect("has one")).expect("a shape");
            shapes.entry(place.parent.as_deref().unwrap_or("")).or_default().push((place, shape));
        }
        for (parent, children) in shapes.iter().filter(|(parent, _)| !parent.is_empty()) {
            let whole = shapes.values().flatten().find(|(p, _)| p.code == **parent).expect("its parent has one");
            let parts: f64 = children.iter().map(|(_, shape)| shape.area_m2()).sum();
            assert!((parts / whole.1.area_m2() - 1.0).abs() < 1e-6, "{name} {parent}");
            for (place, shape) in children {
                let inside = shape.representative_point().expect("it has area");
                let owners = children.iter().filter(|(_, other)| other.contains(inside)).count();
                assert_eq!((owners, whole.1.contains(inside)), (1, true), "{name} {}", place.name);
            }
        }
    }
}

#[test]
fn bostons_wards_answer_as_its_own_records_do() {
    let pack = loaded("boston");
    assert_eq!((pack.meta.timezone.as_str(), pack.meta.demo, pack.items.len()), ("America/New_York", false, 0));
    let wards: Vec<(&PlaceRow, MultiPolygon)> = pack
        .places
        .iter()
        .filter_map(|p| Some((p, MultiPolygon::parse(p.boundary.as_ref()?).expect("a shape"))))
        .collect();
    assert_eq!(wards.len(), 22);
    let Some(data) = std::env::var_os("DOORSTEP_DATA") else {
        eprintln!("skipped: DOORSTEP_DATA names no folder with the city's records");
        return;
    };
    let file = fs::File::open(Path::new(&data).join("boston311/requests_2011_jul_oct.csv.gz")).expect("the records");
    let mut reader = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|h| h.eq_ignore_ascii_case(name)).expect("the column");
    let (ward, lon, lat) = (column("ward"), column("longitude"), column("latitude"));
    let (mut named, mut agree) = (0, 0);
    for record in reader.records() {
        let record = record.expect("a row");
        let number = record[ward].trim().trim_start_matches("Ward").trim().trim_start_matches('0');
        if number.is_empty() {
            continue;
        }
        named += 1;
        let (Ok(lon), Ok(lat)) = (record[lon].parse(), record[lat].parse()) else {
            continue;
        };
        let point = Point::new(lon, lat);
        let found = wards.iter().find(|(_, shape)| shape.contains(point));
        agree += u32::from(found.is_some_and(|(place, _)| place.aliases.iter().any(|a| a == number)));
    }
    assert_eq!((agree, named), (38_325, 39_834));
}

#[test]
fn a_folder_of_packs_overrides_row_by_row_and_adds() {
    let shelf = tempfile::tempdir().expect("a folder");
    let put = |path: &str, text: &str| {
        let path = shelf.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    let name = "name = { zh = \"测试区\", en = \"Test\" }\nshort = \"TS\"\n";
    put("test/pack.toml", &format!("id = \"test\"\nbase = \"zhejiang\"\n{name}ask_days = 9\n"));
    put("test/levels.toml", "[[levels]]\nid = \"grid\"\nzh = \"片\"\nen = \"cell\"\nrank = 40\ndigits = 15\n");
    let header = "code,zh,en,class,accept,handle,closing_zh,closing_en,public";
    put(
        "test/catalogue.csv",
        &format!(
            "{header}\nstreet_light,路灯坏了,Lamp out,facility,1 work_hours,1 work_days,亮了,It works,yes\nnew_one,新事,New,other,1 work_hours,1 work_days,好了,Done,no\n"
        ),
    );
    let base = loaded("zhejiang");
    let pack = load("test", Some(shelf.path())).expect("no fault");
    assert_eq!(pack.items.len(), base.items.len() + 1);
    let index = |pack: &Pack, code: &str| pack.items.iter().position(|i| i.code == code);
    assert_eq!(index(&pack, "street_light"), index(&base, "street_light"), "in its place");
    assert_eq!(pack.item("street_light").expect("there").zh, "路灯坏了");
    assert_eq!((pack.meta.ask_days, pack.meta.reopen_days), (9, base.meta.reopen_days));
    assert_eq!(pack.level("grid").expect("there").zh, "片");
    assert_eq!((pack.levels.len(), pack.texts.len(), pack.is_district()), (base.levels.len(), base.texts.len(), false));
    assert!(names(Some(shelf.path())).contains(&"test".to_owned()));

    // An own `zhejiang` stands under the shipped districts too; `without` leaves a part behind.
    put("zhejiang/pack.toml", &format!("id = \"zhejiang\"\n{name}"));
    let faults = load("linping", Some(shelf.path())).expect_err("the base lacks nearly everything");
    assert!(faults.iter().any(|f| f.code == "pack.field_missing"));
    fs::remove_dir_all(shelf.path().join("zhejiang")).expect("removed");
    put("test/pack.toml", &format!("id = \"test\"\nbase = \"zhejiang\"\nwithout = [\"items\"]\n{name}"));
    assert_eq!(load("test", Some(shelf.path())).expect("no fault").items.len(), 2);
}
