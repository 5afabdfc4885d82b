//! Servers on throw-away databases: tests, stories and benchmarks. Feature `testing`.
//!
//! ```no_run
//! # async fn example() {
//! let app = server::testing::TestApp::sqlite().await;
//! let token = app.session_for("周网格员").await;
//! let answer = app.get("/api/v1/linping/cases").bearer_auth(token).send().await.unwrap();
//! assert_eq!(answer.status(), 200);
//! # }
//! ```

use std::sync::{Arc, OnceLock};

use cases::Rulebook;
use commons::{
    install,
    pack::{self, Pack},
};
use kernel::{
    Command, Engine, Timestamp,
    access::{account_insert, rules, session_insert},
    id::{AccountId, PersonId},
    testing::{POSTGRES_VARIABLE, START, lite_engine_with, options, postgres_engine_with},
    time::{Clock, SystemClock, VirtualClock},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch};

use crate::{App, Config, limits::Rates, listen::listen, policy::Rooms, router_of, schema, workers};

/// The district of a test's server, from the shipped pack of the same name.
pub const DISTRICT: &str = "linping";
/// A second one, from the same pack: what must not be seen from the first.
pub const ELSEWHERE: &str = "elsewhere";
/// The password of accounts made with one.
pub const PASSWORD: &str = "correct horse battery";

/// The shipped pack, read once in a process.
fn shipped() -> Arc<Pack> {
    static PACK: OnceLock<Arc<Pack>> = OnceLock::new();
    PACK.get_or_init(|| {
        Arc::new(pack::load(DISTRICT, None).unwrap_or_else(|faults| panic!("the shipped pack: {faults:?}")))
    })
    .clone()
}

async fn enable(app: &App, district: &str, pack: Arc<Pack>) {
    app.districts.put_pack(pack.clone()).expect("the pack's texts are whole");
    let command = Command::new(district, workers::SYSTEM);
    app.engine.write(command, move |tx| install::install(tx, &pack)).await.expect("the pack installs");
    app.districts.refresh(&app.engine, district).await.expect("the district can be built");
}

/// How a test's server is set up.
pub struct Setup {
    /// A virtual clock that stands at this moment; `None` for the machine's.
    pub start: Option<Timestamp>,
    /// Everything drawn comes from it.
    pub seed: u64,
    /// Rates are off and it is no demonstration unless somebody says so.
    pub config: Config,
    /// Districts that are enabled, all from the shipped pack of [`DISTRICT`].
    pub districts: Vec<String>,
    /// The rooms; the house's own when `None`.
    pub rooms: Option<Rooms>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            start: Some(START),
            seed: 1,
            config: Config { rates: Rates::off(), ..Config::default() },
            districts: vec![DISTRICT.into()],
            rooms: None,
        }
    }
}

impl Setup {
    /// On SQLite, in a folder of its own.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn sqlite(self) -> TestApp {
        let (clock, options) = self.clock();
        let (engine, folder) = lite_engine_with(options);
        self.start(engine, clock, Some(folder)).await
    }

    /// On PostgreSQL, in a database of its own; `None` when no server is named.
    ///
    /// # Panics
    /// When a server is named and anything fails.
    pub async fn postgres(self) -> Option<TestApp> {
        let (clock, options) = self.clock();
        let engine =
            tokio::task::spawn_blocking(move || postgres_engine_with(options)).await.expect("the engine opens")?;
        Some(self.start(engine, clock, None).await)
    }

    /// On PostgreSQL when a server is named, else on SQLite: the same tests pass over both.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn anywhere(self) -> TestApp {
        if std::env::var_os(POSTGRES_VARIABLE).is_some() {
            self.postgres().await.expect("the named server answers")
        } else {
            self.sqlite().await
        }
    }

    fn clock(&self) -> (Option<Arc<VirtualClock>>, kernel::engine::Options) {
        let virtual_clock = self.start.map(|start| Arc::new(VirtualClock::new(start)));
        let clock: Arc<dyn Clock> = match &virtual_clock {
            Some(clock) => clock.clone(),
            None => Arc::new(SystemClock),
        };
        (virtual_clock, options(&schema(), clock, self.seed))
    }

    async fn start(self, engine: Engine, clock: Option<Arc<VirtualClock>>, folder: Option<TempDir>) -> TestApp {
        let app = App::start(engine, self.config).await.expect("the application starts");
        for district in &self.districts {
            enable(&app, district, shipped()).await;
        }
        let rooms = self.rooms.unwrap_or_else(crate::rooms);
        let router = router_of(&app, rooms).unwrap_or_else(|faults| panic!("{faults}"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (end, ended) = watch::channel(false);
        tokio::spawn(listen(listener, router, app.config.head, ended));
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        TestApp { app, base, client, clock, _end: End(end), _folder: folder }
    }
}

/// Tells the server to end when it goes.
struct End(watch::Sender<bool>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// A running server of its own; ends when dropped.
pub struct TestApp {
    /// The application behind it.
    pub app: App,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// Follows no redirects and keeps no cookies.
    pub client: reqwest::Client,
    /// The clock, when it is virtual.
    pub clock: Option<Arc<VirtualClock>>,
    _end: End,
    _folder: Option<TempDir>,
}

impl TestApp {
    /// On SQLite with one district and a virtual clock.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn sqlite() -> Self {
        Setup::default().sqlite().await
    }

    /// On PostgreSQL when a server is named, else on SQLite, with one district and a virtual clock.
    ///
    /// # Panics
    /// When anything fails.
    pub async fn anywhere() -> Self {
        Setup::default().anywhere().await
    }

    /// On PostgreSQL with one district and a virtual clock; `None` when no server is named.
    ///
    /// # Panics
    /// When a server is named and anything fails.
    pub async fn postgres() -> Option<Self> {
        Setup::default().postgres().await
    }

    /// Enables a district from a pack.
    ///
    /// # Panics
    /// When the pack is faulty.
    pub async fn enable(&self, district: &str, pack: Arc<Pack>) {
        enable(&self.app, district, pack).await;
    }

    /// The rules of a district.
    ///
    /// # Panics
    /// When it is not enabled.
    pub fn rules(&self, district: &str) -> Arc<Rulebook> {
        self.app.districts.get(district).unwrap_or_else(|| panic!("{district} is not enabled"))
    }

    /// Whoever holds a post in a district now, in the order of the directory: service name and person.
    ///
    /// # Panics
    /// When nobody does.
    pub fn holder(&self, district: &str, post: &str) -> (String, PersonId) {
        let rules = self.rules(district);
        let now = self.app.engine.now();
        let held = rules.directory.holdings.values().find(|h| h.post == post && h.valid_at(now));
        held.map(|h| (h.display.clone(), h.person)).unwrap_or_else(|| panic!("nobody is {post} in {district}"))
    }

    /// A session of whoever is known by this service name in [`DISTRICT`]; no password is hashed.
    ///
    /// # Panics
    /// When nobody is.
    pub async fn session_for(&self, display: &str) -> String {
        self.session_in(DISTRICT, display).await
    }

    /// A session of whoever is known by this service name in a district.
    ///
    /// # Panics
    /// When nobody is.
    pub async fn session_in(&self, district: &str, display: &str) -> String {
        let person = self.rules(district).directory.person_displayed(display, self.app.engine.now());
        let person = person.unwrap_or_else(|| panic!("nobody is called {display} in {district}"));
        self.session_of(district, person).await
    }

    /// A session of whoever holds a post in [`DISTRICT`].
    ///
    /// # Panics
    /// When nobody does.
    pub async fn session_of_post(&self, post: &str) -> String {
        let (_, person) = self.holder(DISTRICT, post);
        self.session_of(DISTRICT, person).await
    }

    /// A session of a person, who may hold no post at all.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn session_of(&self, district: &str, person: PersonId) -> String {
        let account =
            self.account(district, person, &format!("test.{}", self.app.fresh_id()), "no password fits this").await;
        let token = rules::token(&self.app.random());
        let hash = rules::token_hash(&token);
        let command = Command::new(district, workers::SYSTEM);
        self.app.engine.write(command, move |tx| Ok(session_insert(tx, &account, &hash)?)).await.expect("a session");
        token
    }

    /// An account that signs in with [`PASSWORD`].
    ///
    /// # Panics
    /// When the name is taken.
    pub async fn account_with_password(&self, district: &str, person: PersonId, name: &str) -> AccountId {
        let hash = self.app.passwords.hash(PASSWORD, [7; rules::SALT_BYTES]).await.expect("a hash");
        self.account(district, person, name, &hash).await
    }

    async fn account(&self, district: &str, person: PersonId, name: &str, hash: &str) -> AccountId {
        let (name, hash) = (name.to_owned(), hash.to_owned());
        let command = Command::new(district, workers::SYSTEM);
        let done = self.app.engine.write(command, move |tx| Ok(account_insert(tx, &name, &person, &hash)?)).await;
        done.expect("an account").value
    }

    /// A request to this server.
    ///
    /// # Panics
    /// When the method is no method.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.request("GET", path)
    }

    /// A POST request.
    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.request("POST", path)
    }

    /// Does what is due now.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn tick(&self) -> workers::Tally {
        workers::tick(&self.app).await.expect("a tick")
    }

    /// Lets time pass up to a moment: the clock stops at everything that falls due on the way.
    ///
    /// # Panics
    /// With the machine's clock, or when the database does not answer.
    pub async fn pass_until(&self, then: Timestamp) {
        let clock = self.clock.as_ref().expect("a virtual clock");
        while let Some(due) = workers::next_due(&self.app).await.expect("the next moment").filter(|due| *due <= then) {
            let before = clock.now();
            clock.set(due.max(before));
            let tally = self.tick().await;
            // What failed is tried again after its lease; without moving on it would be due for ever.
            if tally.timers == 0 && clock.now() == before {
                break;
            }
        }
        clock.set(then);
        self.tick().await;
    }
}
