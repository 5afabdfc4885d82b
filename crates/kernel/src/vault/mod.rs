//! Personal data and supplied text: sealed per person, erasable, nowhere else.
//!
//! Everything outside holds a [`PersonId`]. A person has a key of their own, wrapped by the
//! district's master key; contacts (name, phone, home) and content (letters, answers, photos) are
//! sealed with it. Destroying the key makes all of it unreadable, also in old copies.

mod keys;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

use crate::id::{ContentId, PersonId};

pub use keys::{KeyFault, Keys};
pub use store::{
    STATEMENTS, Subject, contact, contact_put, content, content_put, contents_of, erase, find_by_phone, key_in, key_of,
    open_message, person_new, seal_message, subject_of, unseal, unsealings,
};

/// Bytes that one sealed content may have.
pub const CONTENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A person's key, unwrapped, for as long as one command or question lasts.
pub struct PersonKey {
    /// Whose it is.
    pub person: PersonId,
    pub(crate) key: zeroize::Zeroizing<[u8; 32]>,
}

/// What the journal may know of a content: its id and a salted commitment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ContentRef {
    /// The content.
    pub id: ContentId,
    /// SHA-256 over salt and bytes, 64 hexadecimal digits; the salt is sealed with the content.
    pub commitment: String,
}

/// A contact's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactKind {
    /// Full name.
    Name,
    /// Phone number.
    Phone,
    /// Address of a home.
    Home,
}

impl ContactKind {
    /// Its word in the database.
    pub fn word(self) -> &'static str {
        match self {
            ContactKind::Name => "name",
            ContactKind::Phone => "phone",
            ContactKind::Home => "home",
        }
    }
}

/// One look at a person's data, as the person is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealing {
    /// Who looked.
    pub actor: String,
    /// Why.
    pub purpose: String,
    /// For what kind of thing.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: String,
    /// When.
    pub at: crate::Timestamp,
}
