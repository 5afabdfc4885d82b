//! Where an installation stands: data folder, keys, database, packs.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use cases::Rulebook;
use commons::{
    directory::{self, Directory},
    install,
    pack::{self, Pack},
};
use kernel::{
    Command, Engine, Rng,
    engine::Options,
    time::SystemClock,
    vault::{KeyFault, Keys},
};

use crate::{args::Common, out::Failure};

/// Threads for reading a SQLite file: as many as the machines we measure on have cores.
const READER_THREADS: usize = 2;
/// Connections to PostgreSQL, for reading and writing.
const CONNECTIONS: usize = 16;

/// An installation.
#[derive(Debug, Clone)]
pub struct Home {
    /// Folder for keys and what is not in the database.
    pub data: PathBuf,
    /// Address of the database.
    pub db: String,
    /// The data folder as it was named, when it was.
    pub folder: Option<PathBuf>,
    /// Packs that add to or replace the shipped ones.
    pub packs: Option<PathBuf>,
}

impl Home {
    /// The installation that the arguments name; `folder` is the data folder when nothing says another.
    pub fn new(common: &Common, folder: &str) -> Self {
        let file = common.db.as_deref().and_then(|db| db.strip_prefix("sqlite:")).map(Path::new);
        let beside = file
            .and_then(Path::parent)
            .map(|dir| if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir.to_owned() });
        let data = common.data.clone().or(beside).unwrap_or_else(|| PathBuf::from(folder));
        let db = common.db.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("doorstep.db").display()));
        Self { data, db, folder: common.data.clone(), packs: common.packs.clone() }
    }

    /// The file of the master key.
    pub fn key_file(&self) -> PathBuf {
        self.data.join("keys").join("master.key")
    }

    /// The database file, when it is one.
    fn file(&self) -> Option<&Path> {
        self.db.strip_prefix("sqlite:").map(Path::new)
    }

    /// True when there is a database to open; one on a server is supposed to be.
    pub fn exists(&self) -> bool {
        self.file().is_none_or(Path::is_file)
    }

    /// Opens the database, and makes it when it is not there.
    pub fn open(&self) -> Result<Engine, Failure> {
        let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| self.db.starts_with(scheme));
        if !known {
            return Err(Failure::usage(
                "db",
                format!("--db 要写成 sqlite:路径 或 postgres://…，不认得“{}”。", self.db),
                format!("--db takes sqlite:PATH or postgres://…, not \"{}\".", self.db),
            ));
        }
        std::fs::create_dir_all(&self.data).map_err(|e| Failure::file(&self.data, e))?;
        let readers = if self.db.starts_with("postgres") { CONNECTIONS } else { READER_THREADS };
        let options = Options {
            clock: Arc::new(SystemClock),
            rng: Rng::system(),
            keys: self.keys()?,
            schema: server::schema(),
            readers,
        };
        Engine::open(&self.db, options).map_err(|e| Failure::database(&self.db, e))
    }

    /// Opens the database that must be there.
    pub fn open_existing(&self) -> Result<Engine, Failure> {
        if !self.exists() {
            let db = &self.db;
            return Err(Failure::environment(
                "database",
                format!("没有数据库 {db}。请用 --db 或 --data 指明，或先用 serve、demo、import 建一个。"),
                format!(
                    "There is no database {db}. Name it with --db or --data, or make one with serve, demo or import."
                ),
            ));
        }
        self.open()
    }

    /// The keys of the vault, made when there are none.
    pub fn keys(&self) -> Result<Keys, Failure> {
        let file = self.key_file();
        let load = || Keys::load_or_create(&file, &mut Rng::system());
        // Another process may make the file between our two looks: then it is there now.
        let keys = match load() {
            Err(KeyFault::Io(_, error)) if error.kind() == std::io::ErrorKind::AlreadyExists => load(),
            other => other,
        };
        keys.map_err(|fault| {
            Failure::environment(
                "keys",
                format!("密钥文件用不了：{fault}"),
                format!("The key file cannot be used: {fault}"),
            )
        })
    }

    /// The pack of a district, shipped or from `--packs`.
    pub fn pack(&self, district: &str) -> Result<Arc<Pack>, Failure> {
        let pack = pack::load(district, self.packs.as_deref()).map_err(|faults| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            let known = pack::names(self.packs.as_deref()).join(", ");
            Failure::usage(
                "pack",
                format!("区县包“{district}”用不了：{first}。现有：{known}。可以用 doorstep pack check 查看全部问题。"),
                format!("The pack \"{district}\" cannot be used: {first}. There are: {known}. See every fault with doorstep pack check."),
            )
        })?;
        Ok(Arc::new(pack))
    }

    /// Enables a district from its pack, if it is not enabled yet; gives the pack it runs on.
    pub fn enable(&self, engine: &Engine, district: &str) -> Result<Arc<Pack>, Failure> {
        let wanted = district.to_owned();
        let enabled =
            engine.read_now(move |db| Ok(install::districts(db)?.into_iter().find(|(name, _)| *name == wanted)))?;
        let pack = self.pack(enabled.as_ref().map_or(district, |(_, pack)| pack))?;
        if enabled.is_none() {
            if !pack.is_district() {
                return Err(Failure::usage(
                    "pack",
                    format!("“{district}”是底子包，没有地点，不能启用。"),
                    format!("\"{district}\" is a base without places; it cannot be enabled."),
                ));
            }
            let install_pack = pack.clone();
            engine.write_now(Command::new(district, "system"), move |tx| install::install(tx, &install_pack))?;
        }
        Ok(pack)
    }

    /// The directory of a district as it stands in a database.
    pub fn directory(&self, engine: &Engine, district: &str) -> Result<Arc<Directory>, Failure> {
        let wanted = district.to_owned();
        let enabled = engine.read_now(move |db| Ok(install::districts(db)?))?;
        let Some((_, pack)) = enabled.iter().find(|(name, _)| *name == wanted) else {
            let known: Vec<&str> = enabled.iter().map(|(name, _)| name.as_str()).collect();
            let known = if known.is_empty() { "—".to_owned() } else { known.join(", ") };
            return Err(Failure::usage(
                "district",
                format!("这个数据库里没有启用“{district}”。已启用：{known}。"),
                format!("\"{district}\" is not enabled in this database. Enabled: {known}."),
            ));
        };
        let (pack, now) = (self.pack(pack)?, engine.now());
        Ok(Arc::new(engine.read_now(move |db| directory::build(db, &wanted, pack, now))?))
    }

    /// The rules of a district's cases.
    pub fn rulebook(&self, directory: Arc<Directory>) -> Result<Arc<Rulebook>, Failure> {
        let rulebook = Rulebook::new(directory).map_err(|faults| {
            let first = faults.first().map(|fault| format!("{fault:?}")).unwrap_or_default();
            Failure::usage("flow", format!("流程表用不了：{first}"), format!("The flow cannot be used: {first}"))
        })?;
        Ok(Arc::new(rulebook))
    }

    /// An engine in memory in which a district is enabled: to answer from a pack alone.
    pub fn in_memory(&self, district: &str) -> Result<Engine, Failure> {
        let mut rng = Rng::system();
        let keys = Keys::of(&rng.bytes());
        let options = Options { clock: Arc::new(SystemClock), rng, keys, schema: server::schema(), readers: 1 };
        let engine = Engine::inline("sqlite::memory:", options).map_err(|e| Failure::database("sqlite::memory:", e))?;
        self.enable(&engine, district)?;
        Ok(engine)
    }
}
