//! Who may do what, where. Code checks permission words; roles and posts are data of a pack.
//!
//! An [`Actor`] carries grants: a set of permissions over a place's subtree or a body's. A list is
//! filtered by the grants' roots in SQL, a single object is checked by the same rule.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    Problem, Result,
    id::{AccountId, PersonId},
    problem::NOT_YOURS,
};

pub use store::{
    Account, STATEMENTS, account_by_name, account_disable, account_insert, account_list, account_password,
    login_failed, login_succeeded, session_end, session_fetch, session_insert,
};

/// Grants that one person may hold at a time.
pub const GRANTS_MAX: usize = 8;
/// How long a session lasts.
pub const SESSION_HOURS: i64 = 14 * 24;
/// Wrong passwords in a row before an account is locked.
pub const FAILURES_MAX: i64 = 5;
/// How long it stays locked.
pub const LOCKED_MINUTES: i64 = 15;

/// Permissions over a place's subtree, or over what is given to a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Permission words.
    pub permissions: Arc<BTreeSet<String>>,
    /// Root of the places it covers.
    pub place: Option<String>,
    /// The body it covers.
    pub body: Option<String>,
    /// The post or role it comes from, for display.
    pub post: String,
}

/// Somebody who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// In which district.
    pub district: String,
    /// The account, for staff.
    pub account: Option<AccountId>,
    /// The person, for staff.
    pub person: Option<PersonId>,
    /// How others see them: a service name such as 周网格员.
    pub display: String,
    /// What they may do.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Somebody without an account.
    pub fn anonymous(district: &str) -> Self {
        Self { district: district.to_owned(), account: None, person: None, display: String::new(), grants: Vec::new() }
    }

    /// How the journal names them.
    pub fn name(&self) -> &str {
        match (&self.person, &self.account) {
            (Some(person), _) => person.as_str(),
            (None, Some(account)) => account.as_str(),
            (None, None) => "anonymous",
        }
    }

    /// True when any grant holds the permission, wherever it applies.
    pub fn holds(&self, permission: &str) -> bool {
        self.grants.iter().any(|grant| grant.permissions.contains(permission))
    }

    /// Roots of the places over which a permission is held.
    pub fn places(&self, permission: &str) -> Vec<&str> {
        self.grants.iter().filter(|g| g.permissions.contains(permission)).filter_map(|g| g.place.as_deref()).collect()
    }

    /// Bodies for which a permission is held.
    pub fn bodies(&self, permission: &str) -> Vec<&str> {
        self.grants.iter().filter(|g| g.permissions.contains(permission)).filter_map(|g| g.body.as_deref()).collect()
    }

    /// True when the permission is held over one of these places (a place and those above it) or bodies.
    pub fn may(&self, permission: &str, chain: &[&str], bodies: &[&str]) -> bool {
        self.places(permission).iter().any(|root| chain.contains(root))
            || self.bodies(permission).iter().any(|body| bodies.contains(body))
    }

    /// [`Actor::may`] or the problem that says what is missing.
    ///
    /// # Errors
    /// 403.1.
    pub fn must(&self, permission: &str, chain: &[&str], bodies: &[&str]) -> Result<()> {
        if self.may(permission, chain, bodies) {
            Ok(())
        } else {
            Err(Problem::new(&NOT_YOURS).with("permission", permission))
        }
    }
}
