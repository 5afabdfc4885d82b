//! The one middleware in front of every handler.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use cases::Rulebook;
use kernel::{
    Problem, Result,
    access::Actor,
    problem::{BUSY, FOREIGN_FORM, NOT_FOUND, NOT_YOURS, SIGN_IN},
};

use super::{Policy, Room, Table};
use crate::{
    app::App,
    auth::{self, Carried, Session},
    call::{Call, CallParts, Face, Manner, address},
    limits::{Gate, address_key},
    messages,
    problems::{Refused, WRONG_METHOD},
};

/// Name of the path parameter that says the district.
const DISTRICT: &str = "district";

/// What the middleware works with.
#[derive(Clone)]
pub struct Enforcer {
    /// The application.
    pub app: App,
    /// The table.
    pub table: Arc<Table>,
}

/// Lets a request in or refuses it: address, method, session, permission, origin, rate, in this order.
pub async fn enforce(State(enforcer): State<Enforcer>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let rooms = path.as_ref().map(|path| enforcer.table.at(path.as_str())).unwrap_or_default();
    if rooms.is_empty() {
        return refused(not_here(request.uri().path()));
    }
    let method = if *request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some(room) = rooms.iter().find(|room| room.method == *method) else {
        let allowed: Vec<&str> = rooms.iter().map(|room| room.method.as_str()).collect();
        let allowed = allowed.join(", ");
        let mut response = refused(Problem::new(&WRONG_METHOD).with("allowed", &allowed));
        if let Ok(value) = HeaderValue::from_str(&allowed) {
            response.headers_mut().insert(header::ALLOW, value);
        }
        return response;
    };
    let (mut parts, body) = request.into_parts();
    let district = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(params) => params.iter().find(|(name, _)| *name == DISTRICT).map(|(_, value)| value.to_owned()),
        Err(rejection) => return refused(not_here(&rejection.body_text())),
    };
    match let_in(&enforcer.app, room, district.as_deref(), &parts).await {
        Ok(call) => {
            parts.extensions.insert(call.clone());
            let from = call.address;
            let mut response = next.run(Request::from_parts(parts, body)).await;
            let status = response.status();
            if room.gate == Some(Gate::Lookup) && (status.is_success() || status.is_redirection()) {
                enforcer.app.limits.give_back(Gate::Lookup, address_key(from));
            }
            if response.extensions().get::<Refused>().is_some() {
                response.extensions_mut().insert(call);
            }
            response
        }
        Err(turned) => {
            let mut response = refused(turned.problem);
            if let Some(call) = turned.call {
                response.extensions_mut().insert(call);
            }
            response
        }
    }
}

/// Why somebody does not come in, and who it is when that is known: the page that says so keeps its head.
struct Turned {
    problem: Problem,
    call: Option<Call>,
}

impl From<Problem> for Turned {
    fn from(problem: Problem) -> Self {
        Self { problem, call: None }
    }
}

fn refused(problem: Problem) -> Response {
    Refused::from(problem).into_response()
}

fn not_here(path: &str) -> Problem {
    Problem::new(&NOT_FOUND).with("what", path.chars().take(80).collect::<String>())
}

async fn let_in(app: &App, room: &Room, district: Option<&str>, parts: &Parts) -> Result<Call, Turned> {
    let headers = &parts.headers;
    if room.policy == Policy::Demo && !app.config.demo {
        return Err(not_here(parts.uri.path()).into());
    }
    let session = match auth::carried(headers) {
        Some((carried, token)) => {
            auth::session(app, carried, token).await?.ok_or(carried).map_or_else(stale, |session| Ok(Some(session)))?
        }
        None => None,
    };
    let staff = matches!(room.policy, Policy::Session | Policy::Permission(_));
    if staff && session.is_none() {
        return Err(Problem::new(&SIGN_IN).into());
    }
    let rules = match district {
        Some(id) => Some(app.districts.get(id).ok_or_else(|| not_here(id))?),
        None => None,
    };
    let actor = actor(app, district, rules.as_deref(), session.as_ref())?;
    if staff && actor.account.is_none() {
        let permission = format!("district.{}", district.unwrap_or_default());
        return Err(Problem::new(&NOT_YOURS).with("permission", permission).into());
    }
    let manner = parts.extensions.get::<Arc<Manner>>().cloned().unwrap_or_default();
    let from = address(app, parts);
    let unread = unread(app, &actor, &manner).await?;
    let rules = rules.or_else(|| app.districts.get(&actor.district));
    let call = Call(Arc::new(CallParts { app: app.clone(), actor, session, manner, address: from, unread, rules }));
    let actor = &call.actor;
    if let Policy::Permission(word) = room.policy
        && !actor.holds(word)
    {
        let problem = Problem::new(&NOT_YOURS).with("permission", word);
        return Err(Turned { problem, call: Some(call) });
    }
    own_page(app, room, headers, call.session.as_ref())?;
    match room.gate {
        Some(Gate::Report) if actor.account.is_some() => {}
        Some(gate) => app.limits.take(gate, address_key(from), app.engine.now())?,
        None => {}
    }
    Ok(call)
}

/// What stands in the head of a page for whoever is signed in.
async fn unread(app: &App, actor: &Actor, manner: &Manner) -> Result<u64> {
    let signed_in = actor.person.filter(|_| actor.account.is_some() && manner.face == Face::Page);
    let Some(person) = signed_in else { return Ok(0) };
    let district = actor.district.clone();
    app.engine.read(move |db| Ok(messages::unread(db, &district, &person)?)).await
}

/// A token that opens nothing: a bearer is told so, a browser's old cookie is as if it were not there.
fn stale(carried: Carried) -> Result<Option<Session>> {
    match carried {
        Carried::Bearer => Err(Problem::new(&SIGN_IN)),
        Carried::Cookie => Ok(None),
    }
}

/// Who asks, as seen by the district of the address: a session of another district is nobody there.
fn actor(app: &App, district: Option<&str>, rules: Option<&Rulebook>, session: Option<&Session>) -> Result<Actor> {
    let here = session.filter(|s| district.is_none_or(|district| district == s.account.district));
    let Some(session) = here else {
        return Ok(Actor::anonymous(district.unwrap_or_default()));
    };
    let (account, now) = (&session.account, app.engine.now());
    let known = |rules: &Rulebook| rules.directory.actor(&account.person, Some(account.id), now);
    match rules {
        Some(rules) => Ok(known(rules)),
        None => app
            .districts
            .get(&account.district)
            .map(|rules| known(&rules))
            .ok_or_else(|| Problem::new(&BUSY).caused_by("the session's district is not loaded")),
    }
}

/// What changes something and could be sent by a browser without its user's will must come from a page of ours.
fn own_page(app: &App, room: &Room, headers: &HeaderMap, session: Option<&Session>) -> Result<()> {
    let bearer = session.is_some_and(|s| s.carried == Carried::Bearer);
    let signed_in = session.is_some_and(|s| s.carried == Carried::Cookie);
    let safe = room.method == Method::GET;
    if safe || bearer || auth::from_here(&app.config, headers, signed_in) {
        Ok(())
    } else {
        Err(Problem::new(&FOREIGN_FORM))
    }
}
