//! The API's rooms, one file a word: each gives `rooms()`, joined here.

use crate::policy::Rooms;

/// Every room of the API.
pub fn rooms() -> Rooms {
    crate::auth::rooms()
}
