//! What every handler shares: engine, districts, pages, limits, configuration.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use kernel::{
    Engine, Rng,
    id::uuid_v7,
    store::{Migration, Sql},
};
use parking_lot::Mutex;

use crate::{
    api::events::STREAMS_MAX,
    auth::Passwords,
    districts::Districts,
    health::Meters,
    limits::{ANSWER_SECONDS_MAX, Limits, Rates},
    listen::HEAD_SECONDS_MAX,
    pages::render::Renderer,
    workers::{PageSender, Sender},
};

/// Photos that are decoded at once.
const PHOTOS_AT_ONCE: usize = 2;

/// How an installation is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// A demonstration: invented people, accounts shown, text messages marked as sent.
    pub demo: bool,
    /// Where people reach it, such as `https://jiamenkou.example`; makes cookies `Secure` when https.
    pub base_url: Option<String>,
    /// Folder for what is not in the database.
    pub data: PathBuf,
    /// A folder of packs that add to or replace the shipped ones.
    pub packs: Option<PathBuf>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Reverse proxies in front whose `X-Forwarded-For` is believed.
    pub proxy_hops: usize,
    /// Rates of anonymous calls and sign-ins.
    pub rates: Rates,
    /// How long until an answer must have begun.
    pub answer: Duration,
    /// How long a request's head may take to come.
    pub head: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            demo: false,
            base_url: None,
            data: PathBuf::from("data"),
            packs: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8311)),
            proxy_hops: 0,
            rates: Rates::default(),
            answer: Duration::from_secs(ANSWER_SECONDS_MAX),
            head: Duration::from_secs(HEAD_SECONDS_MAX),
        }
    }
}

impl Config {
    /// True when people reach it by https.
    pub fn https(&self) -> bool {
        self.base_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The address people know, without a slash at its end.
    pub fn address(&self) -> String {
        self.base_url
            .as_deref()
            .map_or_else(|| format!("http://{}", self.listen), |url| url.trim_end_matches('/').to_owned())
    }
}

/// The parts of an [`App`].
pub struct Parts {
    /// The way to the database.
    pub engine: Engine,
    /// The districts as they stand today.
    pub districts: Districts,
    /// How it is set up.
    pub config: Config,
    /// Rates.
    pub limits: Limits,
    /// Password work, bounded.
    pub passwords: Passwords,
    /// Photos that may be decoded at once: each may take hundreds of megabytes for a moment.
    pub photos: Arc<tokio::sync::Semaphore>,
    /// Streams of events that may be open at once.
    pub streams: Arc<tokio::sync::Semaphore>,
    /// Counters and gauges.
    pub meters: Meters,
    /// Takes messages out of the house.
    pub sender: Box<dyn Sender>,
    /// True once the server was told to end: it is alive, but not ready.
    pub ending: AtomicBool,
    rng: Mutex<Rng>,
}

/// The application; clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Loads the enabled districts and sets everything up; nothing runs or listens yet.
    ///
    /// # Errors
    /// When the shipped texts, a district's pack or the database can't be read.
    pub async fn start(engine: Engine, config: Config) -> anyhow::Result<Self> {
        let districts = Districts::new(config.packs.clone())?;
        districts.poll(&engine).await?;
        let app = Self(Arc::new(Parts {
            rng: Mutex::new(engine.rng()),
            limits: Limits::new(config.rates.clone()),
            passwords: Passwords::default(),
            photos: Arc::new(tokio::sync::Semaphore::new(PHOTOS_AT_ONCE)),
            streams: Arc::new(tokio::sync::Semaphore::new(STREAMS_MAX)),
            meters: Meters::default(),
            ending: AtomicBool::new(false),
            sender: Box::new(PageSender { texts_sent: config.demo }),
            engine,
            districts,
            config,
        }));
        Ok(app)
    }

    /// Pages in the words of the base pack, for what belongs to no district.
    pub fn renderer(&self) -> Arc<Renderer> {
        self.districts.renderer("")
    }

    /// `N` random bytes for tokens; a stream of its own, so that requests do not move the engine's.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.rng.lock().bytes()
    }

    /// A new id for something that is not stored, such as a request.
    pub fn fresh_id(&self) -> String {
        uuid_v7(self.engine.now(), &mut self.rng.lock()).to_string()
    }
}

/// The schema of the whole house, in order.
pub fn schema() -> Vec<Migration> {
    let floors = [
        kernel::MIGRATIONS,
        commons::MIGRATIONS,
        cases::MIGRATIONS,
        practices::MIGRATIONS,
        crate::messages::MIGRATIONS,
    ];
    let mut schema = floors.concat();
    schema.sort_by_key(|step| step.id);
    schema
}

/// Every statement of the house, for the registry's test.
pub fn statements() -> Vec<&'static Sql> {
    [
        kernel::statements(),
        commons::statements(),
        cases::statements(),
        practices::statements(),
        crate::messages::STATEMENTS.to_vec(),
        crate::workers::STATEMENTS.to_vec(),
    ]
    .concat()
}

#[cfg(test)]
mod tests;
