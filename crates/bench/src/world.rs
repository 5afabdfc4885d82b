//! What a benchmark over HTTP stands on: a database of its own with a district, accounts, records.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, anyhow, ensure};
use cases::{
    Rulebook,
    case::{self, Report},
};
use commons::{
    directory, install,
    pack::{self, Pack},
    people::BodyId,
};
use kernel::{
    Command, Engine, Rng,
    access::{self, Actor, rules},
    engine::Options,
    id::PersonId,
    time::SystemClock,
    vault::Keys,
};
use tempfile::TempDir;

use crate::Setting;

/// The district that benchmarks run in: a shipped pack as it is.
pub const DISTRICT: &str = "linping";
/// Points and items that reports draw from.
const SPOTS: usize = 20_000;
/// Points that are tried to find them.
const SPOT_TRIES_MAX: usize = 50 * SPOTS;
/// Records that one command brings while the database is filled.
const FILL_ROWS: u64 = 200;
/// Connections or threads for reading while it is filled.
const READERS: usize = 1;

/// What people say, in the words of the catalogue's matters; about 60 to 120 bytes each.
const SAID: [&str; 8] = [
    "楼下的路灯坏了好几天，晚上出门看不清路，老人走路不方便，麻烦来看看。",
    "小区门口的垃圾桶满出来了，天热有味道，希望早点来清。",
    "三单元楼道里堆了旧家具，挡住了消防通道，想请人来说一说。",
    "人行道上的地砖翘起来了，昨天有人绊了一下，请修一修。",
    "楼上漏水漏到我家天花板，和邻居说了几次没有结果，想请人调解。",
    "夜里十一点还有人在广场放音响，家里有小孩睡不着。",
    "有人把电动车推进楼道充电，线从窗户拉下来，怕出事。",
    "河边的护栏断了一截，孩子们放学从那里过，请先围一围。",
];

/// Somewhere in the district, an item, and who would act on it.
#[derive(Debug, Clone)]
pub struct Spot {
    /// Longitude and latitude.
    pub point: (f64, f64),
    /// Item code.
    pub item: String,
    /// The body that the catalogue names.
    pub body: BodyId,
}

/// Everything that a benchmark needs.
pub struct World {
    /// The temporary folder; gone when this is dropped.
    pub folder: TempDir,
    /// Address of the database.
    pub db: String,
    /// Where reports come from.
    pub spots: Vec<Spot>,
    /// Token of the district's dispatcher.
    pub dispatcher: String,
    /// Tokens of the bodies' handlers.
    pub handlers: BTreeMap<BodyId, String>,
    /// Records that stand there already.
    pub records: u64,
    own: Option<crate::http::OwnDatabase>,
}

impl World {
    /// `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        if self.own.is_some() { "postgres" } else { "sqlite" }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the database, enables the district, makes accounts, and fills in records.
    pub fn build(setting: &Setting<'_>, records: u64) -> anyhow::Result<Self> {
        let folder = match &setting.folder {
            Some(base) => TempDir::with_prefix_in("doorstep-bench-", base),
            None => TempDir::with_prefix("doorstep-bench-"),
        }
        .context("a temporary folder")?;
        let own = setting.postgres.as_deref().map(crate::http::OwnDatabase::create).transpose()?;
        let db = own
            .as_ref()
            .map_or_else(|| format!("sqlite:{}", folder.path().join("bench.db").display()), |own| own.url().to_owned());
        let mut rng = Rng::system();
        let key_file: PathBuf = folder.path().join("keys").join("master.key");
        let keys = Keys::load_or_create(&key_file, &mut rng)?;
        let engine = Engine::open(
            &db,
            Options { clock: Arc::new(SystemClock), rng, keys, schema: server::schema(), readers: READERS },
        )?;
        let pack = Arc::new(pack::load(DISTRICT, None).map_err(|faults| anyhow!("pack {DISTRICT}: {faults:?}"))?);
        let installed = pack.clone();
        engine.write_now(Command::new(DISTRICT, "bench"), move |tx| install::install(tx, &installed))?;
        let rulebook = Arc::new(rulebook(&engine, pack)?);
        let spots = spots(&rulebook)?;
        let (dispatcher, handlers) = accounts(&engine, &rulebook, &spots)?;
        fill(setting, &engine, &rulebook, &spots, records)?;
        Ok(Self { folder, db, spots, dispatcher, handlers, records, own })
    }
}

fn rulebook(engine: &Engine, pack: Arc<Pack>) -> anyhow::Result<Rulebook> {
    let now = engine.now();
    let directory = engine.read_now(move |db| directory::build(db, DISTRICT, pack, now))?;
    Rulebook::new(Arc::new(directory)).map_err(|faults| anyhow!("flow: {faults:?}"))
}

/// Points in the district's grids, each with an item on which one body with somebody in it acts.
fn spots(rulebook: &Rulebook) -> anyhow::Result<Vec<Spot>> {
    let directory = &rulebook.directory;
    let now = kernel::time::Clock::now(&SystemClock);
    let mut boxes = Vec::new();
    for place in directory.places.values().filter(|p| p.level == "grid") {
        if let Some(boundary) = &place.boundary {
            let shape = commons::geometry::MultiPolygon::parse(boundary).map_err(|e| anyhow!(e.en()))?;
            boxes.push(shape.bbox());
        }
    }
    ensure!(!boxes.is_empty(), "the district has no grids with boundaries");
    let items: Vec<_> = directory.items.values().collect();
    let mut rng = Rng::seeded(1);
    let mut spots = Vec::with_capacity(SPOTS);
    for _ in 0..SPOT_TRIES_MAX {
        let frame = boxes[pick(&mut rng, boxes.len())];
        let point = (between(&mut rng, frame.min.lon, frame.max.lon), between(&mut rng, frame.min.lat, frame.max.lat));
        let item = items[pick(&mut rng, items.len())];
        let Some(place) = directory.locate(point.0, point.1).place else { continue };
        let bodies = directory.duty_bodies(item, &place, "lead");
        if let [body] = bodies[..]
            && !directory.handlers(&body, now).is_empty()
        {
            spots.push(Spot { point, item: item.code.clone(), body });
            if spots.len() == SPOTS {
                return Ok(spots);
            }
        }
    }
    ensure!(!spots.is_empty(), "no item of the district has a body with somebody in it");
    Ok(spots)
}

pub(crate) fn pick(rng: &mut Rng, of: usize) -> usize {
    usize::try_from(rng.below(of as u64)).expect("an index")
}

fn between(rng: &mut Rng, least: f64, most: f64) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let share = rng.below(1_000_000) as f64 / 1e6;
    // Seven decimals, as a report keeps its point: a point that is moved across a boundary by rounding
    // would belong to another body than the one that is asked to act.
    ((least + (most - least) * share) * 1e7).round() / 1e7
}

/// An account and a session for the dispatcher of the district and for one handler of each body.
fn accounts(
    engine: &Engine,
    rulebook: &Rulebook,
    spots: &[Spot],
) -> anyhow::Result<(String, BTreeMap<BodyId, String>)> {
    let directory = &rulebook.directory;
    let now = engine.now();
    let able = |person: &PersonId| {
        ["case.file", "case.dispatch", "case.read"]
            .iter()
            .all(|word| directory.actor(person, None, now).may(word, &[directory.root().as_str()], &[]))
    };
    let dispatcher = directory
        .holders(directory.root(), now)
        .into_iter()
        .map(|h| h.person)
        .find(able)
        .context("nobody may dispatch in the whole district")?;
    let mut rng = engine.rng();
    let mut session = |name: String, person: PersonId| -> anyhow::Result<String> {
        let token = rules::token(&rng.bytes());
        let hash = rules::token_hash(&token);
        engine.write_now(Command::new(DISTRICT, "bench"), move |tx| {
            // The sessions are made here; nobody signs in with a password.
            let account = access::account_insert(tx, &name, &person, "$bench$")?;
            Ok(access::session_insert(tx, &account, &hash)?)
        })?;
        Ok(token)
    };
    let own = session("bench-dispatcher".into(), dispatcher)?;
    let mut handlers = BTreeMap::new();
    for spot in spots {
        if !handlers.contains_key(&spot.body) {
            let person = directory.handlers(&spot.body, now).first().context("a body with somebody in it")?.person;
            handlers.insert(spot.body, session(format!("bench-{}", handlers.len()), person)?);
        }
    }
    Ok((own, handlers))
}

/// What report number `n` says.
pub fn said(n: u64) -> String {
    format!("{}（{n}）", SAID[usize::try_from(n).unwrap_or_default() % SAID.len()])
}

/// Every second report leaves a phone.
pub fn phone(n: u64) -> Option<String> {
    n.is_multiple_of(2).then(|| format!("199{:08}", n % 100_000_000))
}

fn fill(
    setting: &Setting<'_>,
    engine: &Engine,
    rulebook: &Arc<Rulebook>,
    spots: &[Spot],
    records: u64,
) -> anyhow::Result<()> {
    let spots: Arc<[Spot]> = spots.into();
    let mut from = 0;
    while from < records {
        let to = records.min(from + FILL_ROWS);
        let (rulebook, spots) = (rulebook.clone(), spots.clone());
        engine.write_now(Command::new(DISTRICT, "bench"), move |tx| {
            let nobody = Actor::anonymous(DISTRICT);
            for n in from..to {
                let spot = &spots[usize::try_from(n).unwrap_or_default() % spots.len()];
                // Numbers of their own, so that no phone of the measured reports is known already.
                let phone = phone(n).map(|phone| phone.replacen("199", "198", 1));
                let report = Report {
                    item: Some(spot.item.clone()),
                    text: said(n),
                    point: Some(spot.point),
                    phone,
                    source: "web".into(),
                    ..Report::default()
                };
                case::report(tx, &rulebook, &nobody, &report)?;
            }
            Ok(())
        })?;
        from = to;
        if from.is_multiple_of(FILL_ROWS * 50) {
            (setting.say)(&format!("{from} / {records} …"));
        }
    }
    Ok(())
}
