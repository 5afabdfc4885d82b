//! The first floor: places, people, catalogue, evidence, packs, and a district's directory.
//!
//! What belongs here is what every practice shares about a district: where things are, who is
//! who, what the everyday items are. What does not: what happens to a matter (cases).

pub mod catalogue;
pub mod directory;
pub mod evidence;
#[cfg(test)]
mod fixture;
pub mod geometry;
pub mod install;
pub mod pack;
pub mod people;
pub mod place;

use kernel::store::{Migration, Sql};

/// This floor's part of the schema.
pub static MIGRATIONS: &[Migration] =
    &[Migration { id: "0010_commons", ddl: include_str!("migrations/0010_commons.sql") }];

/// Every statement of this crate, for the registry's test.
pub fn statements() -> Vec<&'static Sql> {
    [place::STATEMENTS, people::STATEMENTS, catalogue::STATEMENTS, directory::STATEMENTS, install::STATEMENTS].concat()
}
