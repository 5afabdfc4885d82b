//! Typed identifiers: UUIDv7 as 36 characters of lower-case text, made by the application.
//!
//! Text, because one column type must serve two engines; typed, so that a place can never be
//! passed where a case is meant.

use crate::{rng::Rng, time::Timestamp};

/// Makes the text of a UUIDv7 (RFC 9562) from a moment and 10 random bytes.
pub fn uuid_v7(at: Timestamp, rng: &mut Rng) -> uuid::Uuid {
    let millis = u64::try_from(at.ms()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rng.bytes::<10>()).into_uuid()
}

/// An identifier that is not 36 characters of lower-case hyphenated UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 36 characters of lower-case UUID with hyphens")]
pub struct BadId;

/// Declares a typed identifier.
#[macro_export]
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 36]);

        impl $name {
            /// A new id for this moment.
            pub fn new(at: $crate::time::Timestamp, rng: &mut $crate::rng::Rng) -> Self {
                Self::of($crate::id::uuid_v7(at, rng))
            }
            /// The id of a given UUID.
            pub fn of(uuid: $crate::id::Uuid) -> Self {
                let mut text = [0u8; 36];
                uuid.hyphenated().encode_lower(&mut text);
                Self(text)
            }
            /// The 36 characters.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("an id is ASCII by construction")
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::id::BadId;
            fn from_str(text: &str) -> Result<Self, $crate::id::BadId> {
                if text.len() != 36 { return Err($crate::id::BadId); }
                $crate::id::Uuid::try_parse(text).map(Self::of).map_err(|_| $crate::id::BadId)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.as_str()) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?
                    .parse().map_err(serde::de::Error::custom)
            }
        }
        impl<'a> From<&'a $name> for $crate::store::Arg<'a> {
            fn from(id: &'a $name) -> Self { $crate::store::Arg::Text(id.as_str()) }
        }
        impl $crate::store::AsText for $name {
            fn as_text(&self) -> &str { self.as_str() }
        }
        impl $crate::store::FromCell for $name {
            fn from_cell(cell: $crate::store::Cell) -> Option<Self> {
                match cell { $crate::store::Cell::Text(text) => text.parse().ok(), _ => None }
            }
        }
    };
}

pub use uuid::Uuid;

typed_id!(/// A person: everything that identifies them stands in the vault under this id.
    PersonId);
typed_id!(/// An account that can sign in.
    AccountId);
typed_id!(/// One entry of the journal.
    EntryId);
typed_id!(/// One sealed text or file that somebody supplied.
    ContentId);
typed_id!(/// One message that must leave.
    MessageId);
typed_id!(/// One moment that falls due.
    TimerId);
