//! In which post somebody acts at a place.

use commons::{directory::Directory, people::HoldingId, place::PlaceId};
use kernel::{Timestamp, id::PersonId};

/// The post in which somebody is at a place: held there, or else nearest above it.
pub(crate) fn post_at(directory: &Directory, person: PersonId, place: &PlaceId, now: Timestamp) -> Option<HoldingId> {
    let chain = directory.chain(place);
    chain.iter().find_map(|at| directory.holders(&at.id, now).into_iter().find(|h| h.person == person).map(|h| h.id))
}
