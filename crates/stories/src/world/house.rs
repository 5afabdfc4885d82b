//! The house of one scenario: the real server in this process, on a fresh database and a virtual clock.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use cases::Rulebook;
use commons::{
    install,
    pack::{self, Pack},
};
use kernel::{Command, Result, Timestamp, Tx, store::Db, time::VirtualClock};
use parking_lot::Mutex;
use server::testing::{Setup, TestApp};

use super::Told;

/// Who makes what a story assumes.
const MAKER: &str = "story";
/// Levels whose post-holders stay: somebody is there at the very top, as in every district.
const STAYING_LEVEL: &str = "district";

/// A running server of its own; ends when dropped.
pub struct House {
    /// The server.
    pub server: TestApp,
    /// Its clock.
    pub clock: Arc<VirtualClock>,
}

/// The sentence for a problem, in Chinese, with its number.
pub fn in_words(problem: &kernel::Problem) -> String {
    let cause = problem.cause.as_ref().map(|cause| format!(" [{cause}]")).unwrap_or_default();
    let zh = kernel::Lang::Zh;
    format!("{} {}：{} {}{cause}", problem.kind.code, problem.title(zh), problem.detail(zh), problem.action(zh))
}

impl House {
    /// Opens a house without any district.
    pub async fn open() -> Told<Self> {
        let server = Setup { districts: Vec::new(), ..Setup::default() }.sqlite().await;
        let clock = server.clock.clone().ok_or("the clock is not virtual")?;
        Ok(Self { server, clock })
    }

    /// The moment now.
    pub fn now(&self) -> Timestamp {
        self.server.app.engine.now()
    }

    /// Between two acts at least a moment passes: what came later has the later id.
    pub fn moment_passes(&self) {
        self.clock.advance_ms(1);
    }

    /// The rules of a district as they stand today.
    pub fn rules(&self, district: &str) -> Told<Arc<Rulebook>> {
        self.server.app.districts.get(district).ok_or_else(|| format!("区县 {district} 没有启用"))
    }

    /// Enables a district from its pack, without the people and duties of the demonstration.
    pub async fn enable(&self, named: &str) -> Told<String> {
        let pack = pack_named(named)?;
        let district = pack.meta.id.clone();
        if self.server.app.districts.get(&district).is_some() {
            return Ok(district);
        }
        self.server.app.districts.put_pack(pack.clone()).map_err(|p| in_words(&p))?;
        self.make(&district, move |tx| install::install(tx, &pack).map(|_| ())).await?;
        self.refresh(&district).await?;
        Ok(district)
    }

    /// Runs a set-up command in a district.
    pub async fn make<T: Send + 'static>(
        &self,
        district: &str,
        command: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Told<T> {
        let done = self.server.app.engine.write(Command::new(district, MAKER), command).await;
        done.map(|done| done.value).map_err(|problem| in_words(&problem))
    }

    /// Runs a set-up command that changes the directory, and lets the server know.
    pub async fn change<T: Send + 'static>(
        &self,
        district: &str,
        command: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Told<T> {
        let value = self
            .make(district, move |tx| {
                let value = command(tx)?;
                install::bump(tx)?;
                Ok(value)
            })
            .await?;
        self.refresh(district).await?;
        Ok(value)
    }

    /// Asks the database.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut dyn Db) -> Result<T> + Send + 'static,
    ) -> Told<T> {
        self.server.app.engine.read(question).await.map_err(|problem| in_words(&problem))
    }

    /// Builds the server's picture of a district anew.
    pub async fn refresh(&self, district: &str) -> Told {
        self.server.app.districts.refresh(&self.server.app.engine, district).await.map_err(|problem| in_words(&problem))
    }

    /// Builds what a new day changes.
    pub async fn poll(&self) -> Told {
        self.server.app.districts.poll(&self.server.app.engine).await.map_err(|problem| in_words(&problem))
    }

    /// Does what is due now.
    pub async fn tick(&self) -> Told {
        self.poll().await?;
        let tally = server::workers::tick(&self.server.app).await.map_err(|problem| in_words(&problem))?;
        if tally.failed > 0 {
            return Err(format!("{} 件到期的事没有走成（看上面服务器的记录）", tally.failed));
        }
        Ok(())
    }

    /// The next moment that falls due.
    pub async fn next_due(&self) -> Told<Option<Timestamp>> {
        server::workers::next_due(&self.server.app).await.map_err(|problem| in_words(&problem))
    }
}

/// A pack by its id or Chinese name, with or without 区, 县 or 市.
fn pack_named(named: &str) -> Told<Arc<Pack>> {
    static PACKS: OnceLock<Mutex<BTreeMap<String, Arc<Pack>>>> = OnceLock::new();
    let cell = PACKS.get_or_init(Mutex::default);
    let mut packs = cell.lock();
    // 杭州市临平区 is 临平区.
    let wanted = named.trim();
    let wanted = wanted.strip_prefix("浙江省").unwrap_or(wanted);
    let wanted = wanted.split_once('市').map_or(wanted, |(_, rest)| if rest.is_empty() { wanted } else { rest });
    let short = |name: &str| name.strip_suffix(['区', '县', '市']).unwrap_or(name).to_owned();
    let fits = |pack: &Pack| {
        pack.meta.id.eq_ignore_ascii_case(wanted)
            || pack.meta.name_zh == wanted
            || short(&pack.meta.name_zh) == short(wanted)
            || pack.meta.name_en.eq_ignore_ascii_case(wanted)
    };
    if let Some(pack) = packs.values().find(|pack| fits(pack)) {
        return Ok(pack.clone());
    }
    let mut known = Vec::new();
    for id in pack::names(None) {
        if !packs.contains_key(&id) {
            match pack::load(&id, None) {
                Ok(pack) => packs.insert(id.clone(), Arc::new(bare(pack))),
                Err(faults) if id.eq_ignore_ascii_case(wanted) => {
                    return Err(format!("区县包 {id} 有 {} 处错：{:?}", faults.len(), faults.first()));
                }
                Err(_) => continue,
            };
        }
        let pack = &packs[&id];
        if fits(pack) && !pack.places.is_empty() {
            return Ok(pack.clone());
        }
        if !pack.places.is_empty() {
            known.push(pack.meta.name_zh.clone());
        }
    }
    Err(format!("没有“{wanted}”这个区县；有：{}", known.join("、")))
}

/// A pack without the people and duties of its demonstration: a story makes its own. Places, bodies,
/// posts, items, flows and whoever is on duty for the whole district stay.
fn bare(mut pack: Pack) -> Pack {
    let top: Vec<String> = pack.places.iter().filter(|p| p.level == STAYING_LEVEL).map(|p| p.code.clone()).collect();
    pack.holdings.retain(|h| h.place.as_ref().is_some_and(|place| top.contains(place)));
    pack.duties.clear();
    pack.accounts.clear();
    let people: Vec<String> = pack.holdings.iter().map(|h| h.person.clone()).collect();
    pack.people.retain(|p| people.contains(&p.id));
    pack
}
