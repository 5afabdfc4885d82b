//! Packs: a district's configuration as a folder of files.
//!
//! A pack inherits from its base (`base = "zhejiang"`) and overrides: a row with the same key
//! replaces the base's row in its place, everything else is added. Packs stand in a folder or in
//! the binary ([`SHIPPED`]). Reading one either gives a [`Pack`] in which every reference holds,
//! or every [`Fault`] with its file and line. The format is described in `docs/packs.md`.
//!
//! What belongs here: reading, merging, checking. What does not: what flow tables mean (`cases`),
//! what import mappings mean (`protocols`), and what a district does with its pack (`directory`).
//!
//! | file | what |
//! |---|---|
//! | `types` | what a loaded pack holds |
//! | `files`, `shipped` | where its files come from |
//! | `read` | one folder → `layer`; `tables` reads TOML, `sheet` and `rows` CSV, `boundary` GeoJSON |
//! | `check`, `place_check` | what must hold over all layers |
//! | `fault` | everything that can be wrong |

mod boundary;
mod check;
mod fault;
mod files;
mod layer;
mod load;
mod place_check;
mod read;
mod rows;
mod sheet;
mod shipped;
mod tables;
mod types;

#[cfg(test)]
mod tests;

pub use fault::{FAULT_KINDS, FAULTS_MAX, Fault, FaultKind};
pub use files::{EmbeddedFiles, FolderFiles, PackFiles};
pub use load::{BASES_MAX, check, check_dir, load, names};
pub use place_check::OUTSIDE_PARENT_METRES_MAX;
pub use read::{FILE_BYTES_MAX, FILES_MAX};
pub use rows::{BODY_KINDS, EVIDENCE_KINDS};
pub use sheet::ROWS_MAX;
pub use shipped::SHIPPED;
pub use types::*;
