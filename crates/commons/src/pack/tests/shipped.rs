//! The packs inside the binary.

use crate::pack::{load, names};

fn loaded(name: &str) -> crate::pack::Pack {
    load(name, None).unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_shipped_pack_loads() {
    for name in names(None) {
        let start = std::time::Instant::now();
        let pack = loaded(&name);
        eprintln!("{name}: {} places {} items {:?}", pack.places.len(), pack.items.len(), start.elapsed());
    }
}
