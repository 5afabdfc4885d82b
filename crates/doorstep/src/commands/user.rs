//! `user`: accounts, from the machine itself.

use std::io::BufRead as _;

use commons::{
    directory::Directory,
    install,
    people::{self, Holding, HoldingId},
};
use kernel::{
    Command, Engine, Problem,
    access::{self, Account, rules},
    journal::Draft,
    problem::{CONFLICT, NOT_FOUND},
    vault::{self, ContactKind},
};
use serde_json::json;

use crate::{
    args::{User, UserAdd},
    home::Home,
    out::{Exit, Failure, Out},
};

/// Characters an account's name may have.
const NAME_CHARS_MAX: usize = 64;
/// How the journal names whoever uses the command line.
const ACTOR: &str = "operator";

/// Adds, disables, lists accounts, or sets a password.
pub fn user(home: &Home, user: &User, out: &Out) -> Result<Exit, Failure> {
    let engine = home.open_existing()?;
    match user {
        User::Add(wanted) => add(home, &engine, wanted, out),
        User::Disable { account } => disable(&engine, account, out),
        User::List { district } => list(home, &engine, district, out),
        User::Password { account } => password(&engine, account, out),
    }
}

/// The account of a name.
pub fn account(engine: &Engine, name: &str) -> Result<Account, Failure> {
    let wanted = name.to_owned();
    let found = engine.read_now(move |db| Ok(access::account_by_name(db, &wanted)?))?;
    found.ok_or_else(|| Failure::from(Problem::new(&NOT_FOUND).with("what", name)))
}

fn read_password(out: &Out) -> Result<String, Failure> {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        out.note("请输入密码，然后回车（会显示出来）。Type the password and press Enter (it shows).");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| {
        Failure::environment("stdin", format!("标准输入读不了：{e}"), format!("stdin cannot be read: {e}"))
    })?;
    let password = line.trim_end_matches(['\r', '\n']);
    let (least, most) = (rules::PASSWORD_CHARS_MIN, rules::PASSWORD_CHARS_MAX);
    if !(least..=most).contains(&password.chars().count()) {
        return Err(Failure::usage(
            "password",
            format!("密码要 {least} 到 {most} 个字符，从标准输入读第一行。"),
            format!("The password needs {least} to {most} characters, on the first line of stdin."),
        ));
    }
    Ok(password.to_owned())
}

fn add(home: &Home, engine: &Engine, wanted: &UserAdd, out: &Out) -> Result<Exit, Failure> {
    let name = wanted.account.trim();
    if name.is_empty()
        || name.chars().count() > NAME_CHARS_MAX
        || name.chars().any(|c| c.is_control() || c.is_whitespace())
    {
        return Err(Failure::usage(
            "account",
            format!("账号要 1 到 {NAME_CHARS_MAX} 个字符，不能有空格。"),
            format!("An account's name has 1 to {NAME_CHARS_MAX} characters and no blanks."),
        ));
    }
    let directory = home.directory(engine, &wanted.district)?;
    let known = directory.person_displayed(wanted.display.trim(), engine.now());
    let holding = match known {
        Some(_) => None,
        None => Some(new_holding(&directory, wanted)?),
    };
    let hash = rules::password_hash(&read_password(out)?, &engine.rng().bytes());
    let (account, display) = (name.to_owned(), wanted.display.trim().to_owned());
    let done = engine.write_now(Command::new(&wanted.district, ACTOR), move |tx| {
        if access::account_by_name(tx, &account)?.is_some() {
            return Err(Problem::new(&CONFLICT).with("what", format!("账号“{account}”已经有了 (the account exists)")));
        }
        let person = match (known, &holding) {
            (Some(person), _) => person,
            (None, holding) => {
                let key = vault::person_new(tx)?;
                // In office somebody is known by the service name; a full name may be added later.
                vault::contact_put(tx, &key, ContactKind::Name, &display)?;
                if let Some(holding) = holding {
                    let (id, now) = (tx.id(HoldingId::new), tx.now());
                    people::holding_insert(tx, &Holding { id, person: key.person, valid_from: now, ..holding.clone() })?;
                    let version = install::bump(tx)?;
                    tx.journal(Draft {
                        subject_kind: "district",
                        subject_id: tx.district().to_owned(),
                        version,
                        act: "district.holding".into(),
                        data: json!({ "holding": id, "person": key.person, "post": holding.post, "place": holding.place, "body": holding.body }),
                        occurred_at: None,
                    });
                }
                key.person
            }
        };
        let id = access::account_insert(tx, &account, &person, &hash)?;
        tx.journal(Draft {
            subject_kind: "account",
            subject_id: id.to_string(),
            version: 1,
            act: "account.add".into(),
            data: json!({ "person": person }),
            occurred_at: None,
        });
        Ok((id, person))
    })?;
    let (id, person) = done.value;
    let object = json!({ "account": name, "district": wanted.district, "id": id, "person": person, "display": wanted.display.trim() });
    out.result(&object, || vec![format!("账号 {name} 已建好。The account {name} is there.")]);
    Ok(Exit::Ok)
}

/// The post of somebody whom the district does not know yet.
fn new_holding(directory: &Directory, wanted: &UserAdd) -> Result<Holding, Failure> {
    let Some(post) = &wanted.post else {
        return Err(Failure::usage(
            "post",
            format!("“{}”还没有人用这个称呼，请用 --post 和 --place（或 --body）写明岗位。", wanted.display),
            format!(
                "Nobody is known as \"{}\" yet; say which post with --post and --place (or --body).",
                wanted.display
            ),
        ));
    };
    let found = directory.pack.post(post).ok_or_else(|| {
        let known: Vec<&str> = directory.pack.posts.iter().map(|p| p.zh.as_str()).collect();
        Failure::usage(
            "post",
            format!("没有岗位“{post}”，可选：{}。", known.join("、")),
            format!("There is no post \"{post}\"; choose one of: {}.", known.join(", ")),
        )
    })?;
    let (place, body) = match (&wanted.place, &wanted.body) {
        (Some(named), _) => (Some(directory.place_named(named)?), None),
        (None, Some(named)) => {
            let body = directory
                .body_named(named, None)
                .ok_or_else(|| Failure::from(Problem::new(&NOT_FOUND).with("what", named)))?;
            (None, Some(body.id))
        }
        (None, None) => (Some(directory.place(directory.root())?), None),
    };
    let fits = place.is_none_or(|place| found.levels.contains(&place.level)) && (body.is_none() || found.in_body);
    if !fits {
        return Err(Failure::usage(
            "post",
            format!("岗位“{}”不设在那里，请换一个地点或单位。", found.zh),
            format!("The post \"{}\" is not held there; name another place or body.", found.en),
        ));
    }
    let nobody = kernel::id::Uuid::nil();
    Ok(Holding {
        // Both ids are made inside the command.
        id: HoldingId::of(nobody),
        person: kernel::id::PersonId::of(nobody),
        post: found.id.clone(),
        place: place.map(|place| place.id),
        body,
        display: wanted.display.trim().to_owned(),
        rank: 0,
        hours: None,
        station: None,
        valid_from: install::BEGINNING,
        valid_to: None,
    })
}

fn disable(engine: &Engine, name: &str, out: &Out) -> Result<Exit, Failure> {
    let account = account(engine, name)?;
    let (wanted, id) = (account.name.clone(), account.id);
    engine.write_now(Command::new(&account.district, ACTOR), move |tx| {
        access::account_disable(tx, &wanted)?;
        noted(tx, &id, "account.disable")
    })?;
    let object = json!({ "account": account.name, "district": account.district, "disabled": true });
    out.result(&object, || vec![format!("账号 {name} 已停用。The account {name} is disabled.")]);
    Ok(Exit::Ok)
}

fn password(engine: &Engine, name: &str, out: &Out) -> Result<Exit, Failure> {
    let account = account(engine, name)?;
    let hash = rules::password_hash(&read_password(out)?, &engine.rng().bytes());
    let (wanted, id) = (account.name.clone(), account.id);
    engine.write_now(Command::new(&account.district, ACTOR), move |tx| {
        access::account_password(tx, &wanted, &hash)?;
        noted(tx, &id, "account.password")
    })?;
    let object = json!({ "account": account.name, "district": account.district });
    out.result(&object, || {
        vec![format!(
            "账号 {name} 的密码已换，原来的登录都已失效。The password of {name} is changed; its sessions ended."
        )]
    });
    Ok(Exit::Ok)
}

/// Writes what was done to an account into the history.
pub fn noted(tx: &mut kernel::Tx<'_>, id: &kernel::id::AccountId, act: &str) -> kernel::Result<()> {
    let district = tx.district();
    let version =
        kernel::journal::history(tx, district, "account", id.as_str())?.last().map_or(1, |entry| entry.version + 1);
    tx.journal(Draft {
        subject_kind: "account",
        subject_id: id.to_string(),
        version,
        act: act.into(),
        data: json!({}),
        occurred_at: None,
    });
    Ok(())
}

fn list(home: &Home, engine: &Engine, district: &str, out: &Out) -> Result<Exit, Failure> {
    let directory = home.directory(engine, district)?;
    let wanted = district.to_owned();
    let accounts = engine.read_now(move |db| Ok(access::account_list(db, &wanted)?))?;
    let now = engine.now();
    let rows: Vec<_> = accounts
        .iter()
        .map(|a| {
            let actor = directory.actor(&a.person, Some(a.id), now);
            let posts: Vec<String> = actor.grants.iter().map(|g| directory.post_name(&g.post, kernel::Lang::Zh)).collect();
            let locked = a.locked_until.is_some_and(|until| until > now);
            json!({ "account": a.name, "display": actor.display, "posts": posts, "disabled": a.disabled_at.is_some(), "locked": locked })
        })
        .collect();
    out.result(&json!({ "district": district, "accounts": rows }), || {
        let line = |row: &serde_json::Value| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let posts: Vec<&str> = row["posts"].as_array().into_iter().flatten().filter_map(|p| p.as_str()).collect();
            let flag = if row["disabled"] == true { "  停用 disabled" } else { "" };
            format!("{}  {}  {}{flag}", text("account"), text("display"), posts.join("、"))
        };
        rows.iter().map(line).collect()
    });
    Ok(Exit::Ok)
}
