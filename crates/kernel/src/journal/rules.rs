//! How an entry is hashed and a chain checked. Pure.

use sha2::{Digest, Sha256};

use super::{Entry, Fault};

/// The hash before the first entry.
pub const GENESIS: [u8; 32] = [0; 32];

/// SHA-256 over the entry's fields, each preceded by its length (4 bytes, big-endian), so that no
/// two different entries give the same input. `docs/operating` describes the same for verifiers.
pub fn hash(district: &str, entry: &Entry) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(u32::try_from(bytes.len()).expect("a field is far below 4 GiB").to_be_bytes());
        hasher.update(bytes);
    };
    field(b"doorstep-journal-1");
    field(district.as_bytes());
    field(&entry.seq.to_be_bytes());
    field(entry.id.as_str().as_bytes());
    field(entry.subject_kind.as_bytes());
    field(entry.subject_id.as_bytes());
    field(&entry.version.to_be_bytes());
    field(&entry.occurred_at.ms().to_be_bytes());
    field(&entry.at.ms().to_be_bytes());
    field(entry.actor.as_bytes());
    field(entry.act.as_bytes());
    field(entry.data.as_bytes());
    field(&entry.prev);
    hasher.finalize().into()
}

/// Checks a run of entries that follows `(seq, hash)`; gives the last position and hash.
///
/// A damaged entry is reported once, and the check goes on from what is stored.
pub fn check(district: &str, from: (i64, [u8; 32]), entries: &[Entry], faults: &mut Vec<Fault>) -> (i64, [u8; 32]) {
    entries.iter().fold(from, |(seq, prev), entry| {
        let mut fault = |kind| faults.push(Fault { district: district.to_owned(), seq: entry.seq, kind });
        if entry.seq != seq + 1 {
            fault("gap");
        }
        if entry.prev != prev {
            fault("prev");
        }
        if entry.hash != hash(district, entry) {
            fault("hash");
        }
        (entry.seq, entry.hash)
    })
}
