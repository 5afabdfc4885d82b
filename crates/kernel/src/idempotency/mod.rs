//! Same key, one effect: a request that comes again is answered again, never done again.
//!
//! A key belongs to (district, actor or device) and is kept 400 days with a hash of the request.
//! The answer itself is never stored: it is rendered again from the subject's version.

mod store;
#[cfg(test)]
mod tests;

use sha2::{Digest, Sha256};

pub use store::{STATEMENTS, find, forget_before, keep};

/// Characters a key may have.
pub const KEY_CHARS_MAX: usize = 128;
/// How long keys are kept.
pub const KEPT_DAYS: i64 = 400;

/// A caller's key and a hash of what it asked for.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key.
    pub key: String,
    /// SHA-256 of the request.
    pub request: [u8; 32],
}

impl Key {
    /// A key for a request, hashed from its parts.
    pub fn new(key: impl Into<String>, parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self { key: key.into(), request: hasher.finalize().into() }
    }
}

/// The version of a subject from which an answer is rendered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Kind of subject.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
}
