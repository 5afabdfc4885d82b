//! The demonstration: districts enabled from their packs, accounts for each role, and matters that
//! have been lived through.
//!
//! Seeds are stories as data (`seeds/*.toml`): who did what, how many days ago. They go through
//! the same commands as real life, on a clock that stands where the story stands. People are invented.

mod play;
mod seed;
#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use cases::case::CaseId;
use kernel::{
    Command, Engine, Timestamp, access,
    engine::Options,
    time::{Clock as _, VirtualClock},
    vault::Keys,
};

pub use seed::{SEEDS, Seeds};

/// Districts of the demonstration, the first one is the front door's.
pub const DISTRICTS: [&str; 4] = ["linping", "fuyang", "shangcheng", "qiantang"];

/// The one password of the demonstration's accounts. A demonstration listens on this machine only
/// unless somebody says otherwise, and says that its accounts are open.
pub const PASSWORD: &str = "jiamenkou-2026";

/// The id of the record that a card of the front door opens; the same in every demonstration.
pub fn card_case(district: &str, card: &str) -> CaseId {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(format!("doorstep card {district} {card}"));
    let seed = u64::from_be_bytes(hash[..8].try_into().expect("eight bytes"));
    // A fixed moment: the id must not depend on the day on which the demonstration is loaded.
    CaseId::new(Timestamp::from_ms(1_761_955_200_000), &mut kernel::Rng::seeded(seed))
}

/// Loads the demonstration into an empty database; does nothing when its districts stand already.
///
/// # Errors
/// When the database can't be opened, a pack has faults, or a seed's move is refused.
pub fn load(
    url: &str,
    keys_file: &Path,
    packs: Option<&Path>,
    now: Timestamp,
    say: &dyn Fn(&str),
) -> anyhow::Result<()> {
    let mut rng = kernel::Rng::system();
    let clock = Arc::new(VirtualClock::new(now));
    let keys = Keys::load_or_create(keys_file, &mut rng)?;
    let engine = Engine::open(url, Options { clock: clock.clone(), rng, keys, schema: crate::schema(), readers: 1 })
        .context("database")?;
    let standing: Vec<String> =
        engine.read_now(|db| Ok(commons::install::districts(db)?))?.into_iter().map(|(district, _)| district).collect();
    let hash = std::sync::OnceLock::new();
    for (order, district) in DISTRICTS.iter().enumerate().filter(|(_, d)| !standing.iter().any(|s| s == *d)) {
        say(district);
        let pack =
            commons::pack::load(district, packs).map_err(|faults| anyhow::anyhow!("pack {district}: {faults:?}"))?;
        let pack = Arc::new(pack);
        // One after the other: districts are shown in the order in which they were enabled.
        clock
            .set(now.plus_ms(-40 * kernel::time::DAY_MS + i64::try_from(order).unwrap_or(0) * kernel::time::MINUTE_MS));
        let installed = {
            let pack = pack.clone();
            engine.write_now(Command::new(*district, "demo"), move |tx| commons::install::install(tx, &pack))?.value
        };
        let password_hash: &String = hash.get_or_init(|| access::rules::password_hash(PASSWORD, &engine.rng().bytes()));
        for account in &pack.accounts {
            if let Some(person) = installed.people.get(&account.person).copied() {
                let (name, hash) = (account.account.clone(), password_hash.clone());
                engine.write_now(Command::new(*district, "demo"), move |tx| {
                    Ok(access::account_insert(tx, &name, &person, &hash)?)
                })?;
            }
        }
        if let Some((_, text)) = SEEDS.iter().find(|(name, _)| name == district) {
            let seeds: Seeds = toml::from_str(text).with_context(|| format!("seeds of {district}"))?;
            play::play(&engine, &clock, district, &pack, &seeds, now)?;
        }
    }
    clock.set(now.max(clock.now()));
    Ok(())
}
