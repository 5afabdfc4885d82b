//! Every address with its policy, or no boot.
//!
//! [`Rooms`] is the only way to add a route, and takes none without a [`Policy`]. One middleware
//! enforces the table ([`enforce`]); the same table stands in the checked-in `routes.txt`, is
//! compared with the OpenAPI document at boot, and is walked by the tests.

mod enforce;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter},
};
use utoipa::openapi::{HttpMethod, OpenApi, path::Paths};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{app::App, limits::Gate, openapi};

pub use enforce::{Enforcer, enforce};

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody; with a session of this district the caller is known.
    Public,
    /// Anybody who holds the look-up code that the address carries; the handler compares it.
    LookupCode,
    /// Anybody who is signed in, in the district of the address.
    Session,
    /// Whoever holds this permission somewhere; the command checks the place.
    Permission(&'static str),
    /// Anybody, in a demonstration; elsewhere the address does not exist.
    Demo,
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Policy::Public => "public",
            Policy::LookupCode => "look-up code",
            Policy::Session => "session",
            Policy::Permission(word) => word,
            Policy::Demo => "demo",
        })
    }
}

/// One address and method.
#[derive(Debug, Clone)]
pub struct Room {
    /// Method; GET answers HEAD too.
    pub method: Method,
    /// Template such as `/api/v1/{district}/cases`.
    pub path: String,
    /// Who may come in.
    pub policy: Policy,
    /// At which rate.
    pub gate: Option<Gate>,
}

impl Room {
    fn new(method: Method, path: &str, policy: Policy) -> Self {
        // Wherever a code opens something, codes could be tried.
        let gate = (policy == Policy::LookupCode).then_some(Gate::Lookup);
        Self { method, path: path.to_owned(), policy, gate }
    }
}

/// Addresses under construction; floors make theirs and [`Rooms::merge`] joins them.
#[derive(Default)]
pub struct Rooms {
    rooms: Vec<(Room, MethodRouter<App>)>,
    paths: Paths,
    schemas: Schemas,
}

type Schemas = Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>;

impl Rooms {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a page or a technical address; what stands below `/api/` comes by [`Rooms::api`].
    ///
    /// # Panics
    /// For a method that routers do not know, such as CONNECT.
    #[must_use]
    pub fn room<H, T>(mut self, method: Method, path: &str, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a method that routers know");
        self.rooms.push((Room::new(method, path, policy), MethodRouter::new().on(filter, handler)));
        self
    }

    /// Adds an operation of the API: `routes!(handler)`, ONE handler, whose `#[utoipa::path]` says
    /// method and path and describes it.
    ///
    /// # Panics
    /// When the macro carries several handlers: each needs a policy of its own.
    #[must_use]
    pub fn api(mut self, policy: Policy, routes: UtoipaMethodRouter<App>) -> Self {
        let (schemas, paths, handler) = routes;
        let found = operations(&paths);
        let [(method, path)] = found.as_slice() else {
            panic!("one handler at a time: {found:?}");
        };
        self.rooms.push((Room::new(method.clone(), path, policy), handler));
        openapi::join(&mut self.paths, paths);
        self.schemas.extend(schemas);
        self
    }

    /// Counts the requests to the room added last, per caller's address; of look-ups only those
    /// that found nothing.
    ///
    /// # Panics
    /// Without a room before it.
    #[must_use]
    pub fn gate(mut self, gate: Gate) -> Self {
        self.rooms.last_mut().expect("a gate belongs to a room").0.gate = Some(gate);
        self
    }

    /// Joins the rooms of another floor.
    #[must_use]
    pub fn merge(mut self, other: Rooms) -> Self {
        self.rooms.extend(other.rooms);
        openapi::join(&mut self.paths, other.paths);
        self.schemas.extend(other.schemas);
        self
    }

    /// Checks the table and makes the router and its description.
    ///
    /// # Errors
    /// Every fault: an address twice, an API address without a description or the other way round.
    pub fn build(self) -> Result<Built, RoomFaults> {
        let openapi = openapi::document(self.paths, self.schemas);
        let rooms: Vec<Room> = self.rooms.iter().map(|(room, _)| room.clone()).collect();
        let faults = faults(&rooms, &operations(&openapi.paths));
        if !faults.is_empty() {
            return Err(RoomFaults(faults));
        }
        let mut by_path: BTreeMap<String, MethodRouter<App>> = BTreeMap::new();
        for (room, handler) in self.rooms {
            let merged = by_path.remove(&room.path).unwrap_or_default().merge(handler);
            by_path.insert(room.path, merged);
        }
        let router = by_path.into_iter().fold(Router::new(), |router, (path, handler)| router.route(&path, handler));
        Ok(Built { router, table: Arc::new(Table::new(rooms)), openapi })
    }
}

/// What [`Rooms::build`] gives.
pub struct Built {
    /// Handlers; nothing is enforced yet.
    pub router: Router<App>,
    /// The table that is enforced.
    pub table: Arc<Table>,
    /// The description.
    pub openapi: OpenApi,
}

/// Why the server does not boot.
#[derive(Debug, thiserror::Error)]
#[error("routes: {}", .0.join("; "))]
pub struct RoomFaults(pub Vec<String>);

/// All addresses with their policies.
#[derive(Debug)]
pub struct Table(BTreeMap<String, Vec<Room>>);

impl Table {
    fn new(rooms: Vec<Room>) -> Self {
        let mut table: BTreeMap<String, Vec<Room>> = BTreeMap::new();
        for room in rooms {
            table.entry(room.path.clone()).or_default().push(room);
        }
        table.values_mut().for_each(|rooms| rooms.sort_by(|a, b| a.method.as_str().cmp(b.method.as_str())));
        Self(table)
    }

    /// The rooms at a template.
    pub fn at(&self, path: &str) -> &[Room] {
        self.0.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every room, by path and method.
    pub fn rooms(&self) -> impl Iterator<Item = &Room> {
        self.0.values().flatten()
    }

    /// The table as text, a line each, as it stands in `routes.txt`.
    pub fn text(&self) -> String {
        let line = |room: &Room| {
            let gate = room.gate.map(|g| format!("  [{}]", g.word())).unwrap_or_default();
            format!("{:<6} {:<52} {}{gate}", room.method.as_str(), room.path, room.policy)
        };
        self.rooms().map(|room| line(room).trim_end().to_owned() + "\n").collect()
    }
}

/// Methods and paths of a description.
fn operations(paths: &Paths) -> Vec<(Method, String)> {
    openapi::METHODS
        .iter()
        .flat_map(|method| paths.paths.iter().map(move |(path, item)| (method, path, item)))
        .filter_map(|(method, path, item)| openapi::operation(item, method).map(|_| (plain(method), path.clone())))
        .collect()
}

fn plain(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Trace => Method::TRACE,
    }
}

/// A template with its parameters' names left out: what the router tells apart.
fn shape(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn faults(rooms: &[Room], operations: &[(Method, String)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (n, room) in rooms.iter().enumerate() {
        let api = room.path.starts_with("/api/");
        let described = operations.iter().any(|(method, path)| *method == room.method && *path == room.path);
        if api != described {
            faults.push(format!(
                "{} {} is {}",
                room.method,
                room.path,
                if api { "not described: add it by `api`" } else { "described but not below /api/" }
            ));
        }
        for other in &rooms[..n] {
            if shape(&other.path) != shape(&room.path) {
                continue;
            }
            if other.path != room.path {
                faults.push(format!("{} and {} are one address with two names", other.path, room.path));
            } else if other.method == room.method {
                faults.push(format!("{} {} stands twice", room.method, room.path));
            }
        }
    }
    for (method, path) in operations {
        if !rooms.iter().any(|room| room.method == *method && room.path == *path) {
            faults.push(format!("{method} {path} is described but has no room"));
        }
    }
    faults
}
