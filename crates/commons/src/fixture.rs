//! A small district for tests of directory, people and install.

use std::sync::Arc;

use kernel::{Command, Engine, Timestamp, store::Migration, testing};

use crate::{
    directory::{self, Directory},
    install::{self, Installed},
    pack::{self, BodyRow, DutyRow, HoldingRow, Pack, PersonRow, PlaceRow},
};

/// The district's id.
pub const DISTRICT: &str = "hexi";

/// The schema of these floors.
pub fn schema() -> Vec<Migration> {
    [kernel::MIGRATIONS, crate::MIGRATIONS].concat()
}

/// A place.
pub fn place(code: &str, name: &str, level: &str, parent: &str, span: Option<(f64, f64)>) -> PlaceRow {
    let square = |(west, east): (f64, f64)| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},30.0],[{east},30.0],[{east},30.04],[{west},30.04],[{west},30.0]]]}}"#
        )
    };
    PlaceRow {
        code: code.into(),
        name: name.into(),
        level: level.into(),
        parent: (!parent.is_empty()).then(|| parent.into()),
        aliases: Vec::new(),
        valid_from: None,
        valid_to: None,
        households: None,
        boundary: span.map(square),
        synthetic: true,
        kind: if level == "site" { "estate".into() } else { String::new() },
    }
}

/// Somebody in a post at a place, or in a body.
pub fn holding(person: &str, post: &str, place: Option<&str>, body: Option<&str>) -> HoldingRow {
    HoldingRow {
        person: person.into(),
        post: post.into(),
        place: place.map(Into::into),
        body: body.map(Into::into),
        rank: 0,
        from: None,
        to: None,
        hours: None,
        station: None,
    }
}

/// A body.
pub fn body(id: &str, name: &str, place: &str) -> BodyRow {
    BodyRow {
        id: id.into(),
        name: name.into(),
        kind: "department".into(),
        parent: None,
        place: place.into(),
        party: false,
        contact: None,
    }
}

/// A duty.
pub fn duty(item: &str, place: &str, body: &str, part: &str) -> DutyRow {
    DutyRow { item: item.into(), place: place.into(), body: body.into(), part: part.into() }
}

/// 河西区: one street, two communities, grids, an estate; nobody in office yet.
pub fn bare() -> Pack {
    let mut pack = pack::load("zhejiang", None).expect("the base loads");
    pack.meta.id = DISTRICT.into();
    pack.places = vec![
        place("330198", "河西区", "district", "", Some((120.0, 120.1))),
        place("330198001", "河滨街道", "township", "330198", Some((120.0, 120.08))),
        place("330198001001", "柳树社区", "community", "330198001", Some((120.0, 120.04))),
        place("330198001002", "槐树社区", "community", "330198001", Some((120.04, 120.08))),
        place("330198001001001", "一网格", "grid", "330198001001", Some((120.0, 120.02))),
        place("330198001001002", "二网格", "grid", "330198001001", Some((120.0199, 120.03))),
        place("330198001002001", "一网格", "grid", "330198001002", Some((120.04, 120.08))),
        place("33019800100100101", "柳树微网格", "micro_grid", "330198001001001", None),
        place("330198001001001-LY", "柳园", "site", "330198001001001", None),
        place("330198001001-HF", "河坊", "site", "330198001001", None),
    ];
    pack
}

/// Adds somebody to a pack.
pub fn add_person(pack: &mut Pack, name: &str) {
    let n = pack.people.len();
    pack.people.push(PersonRow {
        id: name.into(),
        display: name.into(),
        name: format!("真名{n}"),
        phone: Some(format!("199222200{n:02}")),
    });
}

/// Adds somebody with a post at a place.
pub fn seat(pack: &mut Pack, name: &str, post: &str, place: &str) {
    if !pack.people.iter().any(|p| p.id == name) {
        add_person(pack, name);
    }
    pack.holdings.push(holding(name, post, Some(place), None));
}

/// A district in memory.
pub struct House {
    pub engine: Engine,
}

impl House {
    /// Empty.
    pub fn new() -> Self {
        Self { engine: testing::inline_engine(&schema(), testing::clock(), 1) }
    }

    /// Installs a pack.
    pub fn install(&self, pack: &Pack) -> Installed {
        let pack = pack.clone();
        self.engine
            .write_now(Command::new(DISTRICT, "test"), move |tx| install::install(tx, &pack))
            .expect("installs")
            .value
    }

    /// The directory at a moment.
    pub fn directory_at(&self, pack: &Pack, at: Timestamp) -> Directory {
        let pack = Arc::new(pack.clone());
        self.engine.read_now(move |db| directory::build(db, DISTRICT, pack, at)).expect("builds")
    }
}

/// A pack, installed, as it stands when tests begin.
pub fn directory(pack: &Pack) -> Directory {
    let house = House::new();
    house.install(pack);
    house.directory_at(pack, testing::START)
}
