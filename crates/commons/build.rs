//! The packs are part of this crate: a change below `packs/` builds it again.

fn main() {
    println!("cargo::rerun-if-changed=../../packs");
}
