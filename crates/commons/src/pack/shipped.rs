//! The packs inside the binary.

use include_dir::{Dir, include_dir};

/// Every file below `packs/` as it was when the binary was built.
pub static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");
