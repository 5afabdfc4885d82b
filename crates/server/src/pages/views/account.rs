//! Signing in, and the accounts of the demonstration.

use serde::Serialize;

use super::{Site, View};
use crate::pages::render::Lang;

/// `/login`.
#[derive(Debug, Clone, Serialize)]
pub struct LoginPage {
    /// Where we are.
    pub site: Site,
    /// Where the form posts (`account`, `password`, `next`).
    pub action: String,
    /// The page to open afterwards; a path on this server.
    pub next: String,
    /// What was typed; the password never comes back.
    pub account: String,
    /// Empty, or one of [`LOGIN_FAULTS`].
    pub wrong: String,
    /// The list of demonstration accounts; only in a demonstration.
    pub accounts_href: Option<String>,
}

/// What can be wrong at the login; the texts are `login.wrong.{fault}`.
pub const LOGIN_FAULTS: [&str; 2] = ["mismatch", "too_often"];

/// The accounts of a demonstration: one per role, one password.
#[derive(Debug, Clone, Serialize)]
pub struct AccountsPage {
    /// Where we are.
    pub site: Site,
    /// The one password.
    pub password: String,
    /// Where each button posts (`account`, `password`).
    pub action: String,
    /// Accounts by district.
    pub districts: Vec<AccountGroup>,
}

/// The accounts of one district.
#[derive(Debug, Clone, Serialize)]
pub struct AccountGroup {
    /// `临平区`.
    pub name: String,
    /// One per role.
    pub accounts: Vec<Account>,
}

/// Roles whose work is told in a sentence; the texts are `does.{role}`.
pub const DOES: [&str; 11] = [
    "grid_officer",
    "grid_head",
    "point_chief",
    "instructor",
    "stairwell_head",
    "secretary",
    "dispatcher",
    "handler",
    "auditor",
    "leader",
    "admin",
];

/// One demonstration account.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// What to type.
    pub account: String,
    /// `周网格员`.
    pub person: String,
    /// `专职网格员 · 龙腾社区一网格`.
    pub post: String,
    /// What he can do, a short sentence.
    pub does: String,
}

impl View for LoginPage {
    const TEMPLATE: &'static str = "login.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let page = |account: &str, wrong: &str, demo: Option<&str>| Self {
            site: Site {
                base: String::new(),
                district: String::new(),
                area: String::new(),
                ..Site::sample(lang, "/login")
            },
            action: "/login".into(),
            next: "/linping/work".into(),
            account: account.into(),
            wrong: wrong.into(),
            accounts_href: demo.map(Into::into),
        };
        vec![
            ("blank", page("", "", Some("/accounts"))),
            ("wrong", page("zhou", LOGIN_FAULTS[0], None)),
            ("often", page("zhou", LOGIN_FAULTS[1], None)),
        ]
    }
}

impl View for AccountsPage {
    const TEMPLATE: &'static str = "accounts.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let account = |account: &str, person: (&str, &str), post: (&str, &str), does: (&str, &str)| Account {
            account: account.into(),
            person: lang.pick(person.0, person.1).into(),
            post: lang.pick(post.0, post.1).into(),
            does: lang.pick(does.0, does.1).into(),
        };
        vec![(
            "demo",
            Self {
                site: Site {
                    base: String::new(),
                    district: String::new(),
                    area: String::new(),
                    ..Site::sample(lang, "/accounts")
                },
                password: "jiamenkou".into(),
                action: "/login".into(),
                districts: vec![AccountGroup {
                    name: lang.pick("临平区", "Linping").into(),
                    accounts: vec![
                        account(
                            "lp-officer",
                            ("周网格员", "Officer Zhou"),
                            ("专职网格员 · 龙腾社区一网格", "Grid officer, Longteng grid 1"),
                            ("代人记下、走访、核实、核验", "Writes down for people, visits, looks, checks"),
                        ),
                        account(
                            "lp-secretary",
                            ("钱书记", "Secretary Qian"),
                            ("社区书记 · 龙腾社区", "Community secretary, Longteng"),
                            ("受理、交办、开会商量", "Takes in, hands on, calls meetings"),
                        ),
                        account(
                            "lp-desk",
                            ("郑调度", "Dispatcher Zheng"),
                            ("街道调度员 · 崇贤街道", "Street desk, Chongxian"),
                            ("全街道的事：分派、提级、裁定", "The whole street: assigns, raises, rules"),
                        ),
                    ],
                }],
            },
        )]
    }
}
