//! Proposes what a matter is about, from its own words and the catalogue's names. A person decides;
//! nothing is changed by a proposal, and where the words do not tell two items apart there is none.

mod rules;
#[cfg(test)]
mod tests;

use commons::catalogue::Item;

use crate::{
    Rulebook,
    case::{Case, general_item},
};

/// What a matter may be about, with the words that say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The item.
    pub item: Item,
    /// The words of the report that stand in the item's name.
    pub because: String,
}

/// The item that a report without one seems to be about; none when it has an item already.
pub fn item(rules: &Rulebook, case: &Case, text: &str) -> Option<Proposal> {
    let general = general_item(rules);
    if case.item != general.code {
        return None;
    }
    let items: Vec<&Item> = rules.directory.items.values().filter(|item| item.code != general.code).collect();
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let (at, because) = rules::best(&names, text)?;
    Some(Proposal { item: items[at].clone(), because })
}
