//! The enabled districts as they stand today, in memory, swapped whole when something changes.
//!
//! A change counts the district's version up in the database; whoever made it refreshes at once,
//! other processes see it within a second. A new day builds anew too: places and bodies have terms.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use arc_swap::ArcSwap;
use cases::Rulebook;
use commons::{
    directory, install,
    pack::{self, Pack},
};
use kernel::{Engine, Problem, Result, Timestamp, problem::INTERNAL, time::Date};
use parking_lot::Mutex;

use crate::pages::render::{Renderer, Texts};

/// The pack whose texts speak where no district does.
const BASE_PACK: &str = "zhejiang";

/// One district, ready to serve.
#[derive(Clone)]
pub struct District {
    /// Its rules: places, people, catalogue, flows.
    pub rules: Arc<Rulebook>,
    /// Its pages, in its pack's words.
    pub renderer: Arc<Renderer>,
    day: Date,
}

type Packed = (Arc<Pack>, Arc<Renderer>);

/// All enabled districts by id.
pub struct Districts {
    map: ArcSwap<BTreeMap<String, District>>,
    /// In the order in which they were enabled.
    order: ArcSwap<Vec<String>>,
    base: Arc<Renderer>,
    overrides: Option<PathBuf>,
    packs: Mutex<BTreeMap<String, Packed>>,
    building: tokio::sync::Mutex<()>,
}

fn fault(what: impl ToString) -> Problem {
    Problem::new(&INTERNAL).caused_by(what.to_string())
}

fn renderer(pack: &Pack) -> Result<Renderer> {
    let texts: Texts = pack.texts.iter().map(|(key, text)| (key.clone(), (text.zh.clone(), text.en.clone()))).collect();
    Renderer::new(texts).map_err(fault)
}

impl Districts {
    /// Nothing enabled yet; reads the base pack.
    ///
    /// # Errors
    /// When the base pack is faulty.
    pub fn new(overrides: Option<PathBuf>) -> Result<Self> {
        let districts = Self {
            map: ArcSwap::default(),
            order: ArcSwap::default(),
            base: Arc::new(renderer(&load(BASE_PACK, overrides.as_deref())?)?),
            overrides,
            packs: Mutex::default(),
            building: tokio::sync::Mutex::default(),
        };
        Ok(districts)
    }

    /// The rules of a district; `None` when it is not enabled.
    pub fn get(&self, district: &str) -> Option<Arc<Rulebook>> {
        self.map.load().get(district).map(|d| d.rules.clone())
    }

    /// The pages of a district, or those of the base pack.
    pub fn renderer(&self, district: &str) -> Arc<Renderer> {
        self.map.load().get(district).map_or_else(|| self.base.clone(), |d| d.renderer.clone())
    }

    /// All of them, in the order in which they were enabled.
    pub fn list(&self) -> Vec<Arc<Rulebook>> {
        let map = self.map.load();
        self.order.load().iter().filter_map(|id| map.get(id)).map(|d| d.rules.clone()).collect()
    }

    /// The ids of all of them, in the order in which they were enabled.
    pub fn ids(&self) -> Vec<String> {
        self.order.load().to_vec()
    }

    /// Gives a pack that stands neither in the binary nor in a folder: tests and simulation.
    ///
    /// # Errors
    /// When a page's text can't be read.
    pub fn put_pack(&self, pack: Arc<Pack>) -> Result<()> {
        let renderer = Arc::new(renderer(&pack)?);
        self.packs.lock().insert(pack.meta.id.clone(), (pack, renderer));
        Ok(())
    }

    /// The pack by its name, read once.
    ///
    /// # Errors
    /// When it has faults.
    pub fn pack(&self, name: &str) -> Result<Arc<Pack>> {
        self.packed(name).map(|(pack, _)| pack)
    }

    fn packed(&self, name: &str) -> Result<Packed> {
        if let Some(packed) = self.packs.lock().get(name) {
            return Ok(packed.clone());
        }
        self.put_pack(Arc::new(load(name, self.overrides.as_deref())?))?;
        self.packs.lock().get(name).cloned().ok_or_else(|| fault(format!("pack {name} calls itself otherwise")))
    }

    /// Builds a district anew after a change of one's own, so that the next answer knows it.
    ///
    /// # Errors
    /// A store error; a faulty pack or flow.
    pub async fn refresh(&self, engine: &Engine, district: &str) -> Result<()> {
        self.update(engine, Some(district)).await
    }

    /// Builds every district that another process changed, and all on a new day.
    ///
    /// # Errors
    /// As `refresh`: the first fault, after all others were built.
    pub async fn poll(&self, engine: &Engine) -> Result<()> {
        self.update(engine, None).await
    }

    async fn update(&self, engine: &Engine, only: Option<&str>) -> Result<()> {
        let _one_at_a_time = self.building.lock().await;
        let seen = engine
            .read(|db| {
                let mut seen = Vec::new();
                for (district, pack) in install::districts(db)? {
                    let version = directory::version(db, &district)?.unwrap_or_default();
                    seen.push((district, pack, version));
                }
                Ok(seen)
            })
            .await?;
        let now = engine.now();
        let mut first_fault = Ok(());
        for (district, pack, version) in seen.iter().filter(|(district, ..)| only.is_none_or(|only| only == district)) {
            let stands = self.map.load().get(district).cloned();
            let fresh = match &stands {
                Some(stands) => {
                    stands.rules.directory.version == *version
                        && stands.rules.directory.calendar.local(now).date() == stands.day
                }
                None => false,
            };
            if fresh {
                continue;
            }
            match self.build(engine, district, pack, now).await {
                Ok(built) => self.map.rcu(|map| {
                    let mut map = BTreeMap::clone(map);
                    map.insert(district.clone(), built.clone());
                    map
                }),
                Err(problem) => {
                    tracing::error!(district = %district, problem.cause = %problem);
                    first_fault = first_fault.and(Err(problem));
                    continue;
                }
            };
        }
        self.order.store(Arc::new(seen.into_iter().map(|(district, ..)| district).collect()));
        first_fault
    }

    async fn build(&self, engine: &Engine, district: &str, pack: &str, now: Timestamp) -> Result<District> {
        let (pack, renderer) = self.packed(pack)?;
        let district = district.to_owned();
        let directory = engine.read(move |db| directory::build(db, &district, pack, now)).await?;
        let day = directory.calendar.local(now).date();
        let rules = Rulebook::new(Arc::new(directory)).map_err(|faults| fault(format!("{faults:?}")))?;
        Ok(District { rules: Arc::new(rules), renderer, day })
    }
}

fn load(name: &str, overrides: Option<&std::path::Path>) -> Result<Pack> {
    pack::load(name, overrides).map_err(|faults| {
        let told: Vec<String> = faults.iter().take(5).map(|f| format!("{f:?}")).collect();
        fault(format!("pack {name}: {} faults: {}", faults.len(), told.join("; ")))
    })
}
