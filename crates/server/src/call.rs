//! One request as a handler sees it: who asks, for which district, in which language.
//!
//! [`Manner`] is known from the request's head alone and also serves refusals; [`Call`] is made by
//! the policy's middleware after it let the request in, and is what handlers take.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request},
    http::{HeaderMap, Method, header, request::Parts},
    response::Html,
};
use cases::Rulebook;
use kernel::{
    Command, Lang, Problem,
    access::Actor,
    id::AccountId,
    problem::{INTERNAL, NOT_FOUND},
};

use crate::{
    app::App,
    auth::Session,
    lang,
    messages::{UNREAD_MAX, counted},
    pages::views::{Signed, Site, View},
    problems::{Answer, Refused},
};

/// Name of the cookie that keeps the language.
pub const LANG_COOKIE: &str = "lang";
/// Name of the cookie that keeps the size of type.
pub const SIZE_COOKIE: &str = "size";
/// Characters of an address that a page leads back to.
const HERE_CHARS_MAX: usize = 500;

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// A person, in a browser.
    Page,
    /// A program.
    #[default]
    Machine,
}

/// What the request's head says about how to answer.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// The request's id.
    pub id: String,
    /// The route's template; never the address itself, which may hold a look-up code.
    pub route: String,
    /// Language.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
    /// Who reads.
    pub face: Face,
    /// GET or HEAD.
    pub safe: bool,
    /// Path and query without `lang` and `size`.
    pub here: String,
    /// The page of this site from which it came.
    pub back: Option<String>,
    /// What the address chose and the reader's browser shall remember: cookie name and value.
    pub remember: Vec<(&'static str, &'static str)>,
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// The host that the caller asked for, with its port.
pub fn host(headers: &HeaderMap) -> &str {
    header_text(headers, header::HOST)
}

fn query_value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

impl Manner {
    /// Reads a request's head.
    pub fn of(app: &App, request: &Request) -> Self {
        let (headers, uri) = (request.headers(), request.uri());
        let route = request.extensions().get::<MatchedPath>().map_or_else(String::new, |path| path.as_str().to_owned());
        let query = uri.query().unwrap_or_default();
        let asked_lang = query_value(query, "lang").and_then(lang::named);
        let asked_size = query_value(query, "size").filter(|size| matches!(*size, "large" | "normal"));
        let kept_lang = cookie(headers, LANG_COOKIE).and_then(lang::named);
        let large = asked_size.or_else(|| cookie(headers, SIZE_COOKIE)) == Some("large");
        let mut remember = Vec::new();
        if let Some(lang) = asked_lang {
            remember.push((LANG_COOKIE, lang::word(lang)));
        }
        if asked_size.is_some() {
            remember.push((SIZE_COOKIE, if large { "large" } else { "normal" }));
        }
        let rest: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with("size="))
            .collect();
        let here = if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), rest.join("&")) };
        Self {
            id: app.fresh_id(),
            face: face(uri.path(), &route, header_text(headers, header::ACCEPT)),
            route,
            lang: asked_lang
                .or(kept_lang)
                .unwrap_or_else(|| Lang::choose(header_text(headers, header::ACCEPT_LANGUAGE))),
            large,
            safe: matches!(*request.method(), Method::GET | Method::HEAD),
            here: here.chars().take(HERE_CHARS_MAX).collect(),
            back: back(headers),
            remember,
        }
    }
}

/// Programs ask below `/api/`; everything else is for people, unless somebody wants JSON there.
fn face(path: &str, route: &str, accept: &str) -> Face {
    let machine_path = ["/api/", "/open311/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/assets/"]
        .iter()
        .any(|p| path.starts_with(p));
    let html = accept.contains("text/html");
    let json = accept.contains("json");
    if machine_path || (json && !html) || (route.is_empty() && !html) { Face::Machine } else { Face::Page }
}

/// The path of the referring page, when it is one of this site.
fn back(headers: &HeaderMap) -> Option<String> {
    let referer = header_text(headers, header::REFERER);
    let rest = referer.strip_prefix("http://").or_else(|| referer.strip_prefix("https://"))?;
    let (authority, path) = rest.split_once('/')?;
    let same = !authority.is_empty() && authority == host(headers) && !path.starts_with(['/', '\\']);
    same.then(|| format!("/{path}").chars().take(HERE_CHARS_MAX).collect())
}

/// The caller's address; behind trusted proxies the one that the outermost of them saw.
pub fn address(app: &App, parts: &Parts) -> IpAddr {
    let peer =
        parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
    let hops = app.config.proxy_hops;
    if hops == 0 {
        return peer;
    }
    let chain: Vec<IpAddr> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    chain.len().checked_sub(hops).and_then(|at| chain.get(at)).copied().unwrap_or(peer)
}

/// What the policy's middleware found out.
pub struct CallParts {
    /// The application.
    pub app: App,
    /// Who asks; nobody in particular without a session.
    pub actor: Actor,
    /// The session, when there is one.
    pub session: Option<Session>,
    /// How to answer.
    pub manner: Arc<Manner>,
    /// From where.
    pub address: IpAddr,
    /// Notices that the signed-in person has not read, for the head of a page.
    pub unread: u64,
    pub(crate) rules: Option<Arc<Rulebook>>,
}

/// One request that was let in; taken by handlers as an argument.
#[derive(Clone)]
pub struct Call(pub(crate) Arc<CallParts>);

impl std::ops::Deref for Call {
    type Target = CallParts;
    fn deref(&self) -> &CallParts {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        parts
            .extensions
            .get::<Call>()
            .cloned()
            .ok_or_else(|| Problem::new(&INTERNAL).caused_by("a handler outside the list of rooms").into())
    }
}

impl Call {
    /// The district's rules.
    ///
    /// # Errors
    /// 404.1 on an address that names no district.
    pub fn rules(&self) -> Answer<&Arc<Rulebook>> {
        self.rules.as_ref().ok_or_else(|| Problem::new(&NOT_FOUND).with("what", "district").into())
    }

    /// The district: that of the address, else that of the session; empty for neither.
    pub fn district(&self) -> &str {
        &self.actor.district
    }

    /// The same request as if it named a district: the address `/` shows the first one's door.
    #[must_use]
    pub fn in_district(&self, rules: &Arc<Rulebook>) -> Self {
        let actor = if self.actor.district == rules.directory.district {
            self.actor.clone()
        } else {
            Actor::anonymous(&rules.directory.district)
        };
        Self(Arc::new(CallParts {
            app: self.app.clone(),
            actor,
            session: self.session.clone(),
            manner: self.manner.clone(),
            address: self.address,
            unread: self.unread,
            rules: Some(rules.clone()),
        }))
    }

    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.manner.lang
    }

    /// The account that is signed in.
    pub fn account(&self) -> Option<&AccountId> {
        self.actor.account.as_ref()
    }

    /// The head of a command of this caller in this district.
    pub fn command(&self) -> Command {
        Command::new(self.district(), self.actor.name())
    }

    /// What every page needs to know.
    pub fn site(&self) -> Site {
        let actor = Some(&self.actor).filter(|a| a.account.is_some());
        let mut site = site_of(&self.app, &self.manner, self.rules.as_deref(), actor);
        if let Some(person) = site.person.as_mut().filter(|_| self.unread > 0) {
            person.unread = counted(self.unread, UNREAD_MAX);
        }
        site
    }

    /// A page for this reader.
    ///
    /// # Errors
    /// 500.1 when it can't be made.
    pub fn page<V: View>(&self, view: &V) -> Answer<Html<String>> {
        let renderer = self.app.districts.renderer(self.district());
        Ok(Html(renderer.page(view, self.lang().into(), self.manner.large)?))
    }
}

/// What every page needs to know, also one that refuses. Without rules the address says the district.
pub fn site_of(app: &App, manner: &Manner, rules: Option<&Rulebook>, actor: Option<&Actor>) -> Site {
    let first = manner.here.split(['/', '?']).nth(1).unwrap_or_default();
    let found = if rules.is_some() { None } else { app.districts.get(first) };
    let rules = rules.or(found.as_deref());
    let lang = manner.lang;
    Site {
        base: rules.map(|r| format!("/{}", r.directory.district)).unwrap_or_default(),
        district: rules
            .map(|r| lang.pick(&r.directory.pack.meta.name_zh, &r.directory.pack.meta.name_en).to_owned())
            .unwrap_or_default(),
        area: String::new(),
        here: manner.here.clone(),
        demo: app.config.demo,
        person: rules.zip(actor).map(|(rules, actor)| signed(rules, actor, lang)),
        flash: None,
    }
}

fn signed(rules: &Rulebook, actor: &Actor, lang: Lang) -> Signed {
    let directory = &rules.directory;
    let post = actor.grants.first().map(|grant| {
        let place = grant
            .place
            .as_deref()
            .and_then(|id| id.parse().ok())
            .and_then(|id| directory.places.get(&id))
            .map(|p| p.name.as_str());
        let body = grant
            .body
            .as_deref()
            .and_then(|id| id.parse().ok())
            .and_then(|id| directory.bodies.get(&id))
            .map(|b| b.name.as_str());
        [Some(directory.post_name(&grant.post, lang)), place.or(body).map(str::to_owned)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    });
    Signed {
        name: actor.display.clone(),
        post: post.unwrap_or_default(),
        work: format!("/{}/work", directory.district),
        messages: format!("/{}/work/messages", directory.district),
        unread: String::new(),
        logout: "/logout".into(),
    }
}
