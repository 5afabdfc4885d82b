//! Signing in and out, and the accounts of the demonstration.

use axum::{
    http::{Method, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use kernel::access;
use serde::Deserialize;

use super::{form::Form, shared};
use crate::{
    auth::{clear_cookie, set_cookie, sign_in, sign_out},
    body::Asked,
    call::Call,
    demo,
    limits::Gate,
    pages::views::{Account, AccountGroup, AccountsPage, DOES, LoginPage},
    policy::{Policy, Rooms},
    problems::Answer,
};

#[derive(Debug, Deserialize)]
struct NextQuery {
    #[serde(default)]
    next: String,
}

/// A path on this server, and nothing else: no scheme, no host, no backslash.
fn safe_next(next: &str) -> String {
    let good = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if good { next.to_owned() } else { String::new() }
}

fn login_page(call: &Call, next: String, account: String, wrong: &str) -> Answer<Html<String>> {
    let view = LoginPage {
        site: call.site(),
        action: "/login".into(),
        next,
        account,
        wrong: wrong.into(),
        accounts_href: Some("/accounts".to_owned()).filter(|_| call.app.config.demo),
    };
    call.page(&view)
}

async fn login(call: Call, asked: Asked<NextQuery>) -> Answer<Html<String>> {
    login_page(&call, safe_next(&asked.0.next), String::new(), "")
}

async fn enter(call: Call, form: Form) -> Answer<Response> {
    let next = safe_next(form.text("next"));
    let account = form.text("account").to_owned();
    match sign_in(&call, &account, form.text("password")).await {
        Ok(signed) => {
            let to = if next.is_empty() { format!("/{}/work", signed.account.district) } else { next };
            Ok(([(header::SET_COOKIE, set_cookie(&call.app.config, &signed.token))], Redirect::to(&to)).into_response())
        }
        Err(problem) if problem.kind.status == 401 => {
            Ok((StatusCode::UNAUTHORIZED, login_page(&call, next, account, "mismatch")?).into_response())
        }
        Err(problem) if problem.kind.status == 429 => {
            Ok((StatusCode::TOO_MANY_REQUESTS, login_page(&call, next, account, "too_often")?).into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn leave(call: Call) -> Answer<Response> {
    sign_out(&call).await?;
    let to = if call.district().is_empty() { "/".to_owned() } else { format!("/{}/", call.district()) };
    Ok(([(header::SET_COOKIE, clear_cookie(&call.app.config))], Redirect::to(&to)).into_response())
}

async fn accounts(call: Call) -> Answer<Html<String>> {
    let lang = call.lang();
    let now = call.app.engine.now();
    let renderer = call.app.renderer();
    let mut districts = Vec::new();
    for rules in call.app.districts.list() {
        let district = rules.directory.district.clone();
        let rows = call.app.engine.read(move |db| Ok(access::account_list(db, &district)?)).await?;
        let accounts = rows
            .into_iter()
            .filter(|row| row.disabled_at.is_none())
            .map(|row| {
                let actor = rules.directory.actor(&row.person, None, now);
                let grant = actor.grants.first();
                let place = grant
                    .and_then(|g| g.place.as_deref())
                    .and_then(|id| id.parse().ok())
                    .and_then(|id| rules.directory.places.get(&id))
                    .map(|p| p.name.clone());
                let body = grant
                    .and_then(|g| g.body.as_deref())
                    .and_then(|id| id.parse().ok())
                    .and_then(|id| rules.directory.bodies.get(&id))
                    .map(|b| b.name.clone());
                let post = grant.map(|g| rules.directory.post_name(&g.post, lang)).unwrap_or_default();
                let role = grant.and_then(|g| rules.directory.posts.get(&g.post)).map(|p| p.role.as_str());
                let does = role.filter(|role| DOES.contains(role)).map(|role| format!("does.{role}"));
                let does = does.and_then(|key| renderer.say(lang.into(), &key, &[]).ok());
                Account {
                    account: row.name,
                    person: actor.display,
                    post: [Some(post), place.or(body)]
                        .into_iter()
                        .flatten()
                        .filter(|t| !t.is_empty())
                        .collect::<Vec<_>>()
                        .join(" · "),
                    does: does.unwrap_or_default(),
                }
            })
            .collect();
        let meta = &rules.directory.pack.meta;
        districts.push(AccountGroup { name: lang.pick(&meta.name_zh, &meta.name_en).to_owned(), accounts });
    }
    let view = AccountsPage {
        site: shared::site(&call, None)?,
        password: demo::PASSWORD.into(),
        action: "/login".into(),
        districts,
    };
    call.page(&view)
}

/// The rooms of this face.
pub fn rooms() -> Rooms {
    Rooms::new()
        .room(Method::GET, "/login", Policy::Public, login)
        .room(Method::POST, "/login", Policy::Public, enter)
        .gate(Gate::SignIn)
        .room(Method::POST, "/logout", Policy::Session, leave)
        .room(Method::GET, "/accounts", Policy::Demo, accounts)
}
