//! Randomness: seeded where a run must replay, from the system's CSPRNG in production.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng};

/// A stream of random bytes (ChaCha20). Injected everywhere; nothing else draws randomness.
pub struct Rng(ChaCha20Rng);

impl Rng {
    /// A stream that repeats for the same seed: simulation, stories, tests.
    pub fn seeded(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A stream keyed by the operating system's CSPRNG.
    ///
    /// # Panics
    /// When the system has no randomness to give; nothing safe can be done then.
    pub fn system() -> Self {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).expect("the system's randomness must be readable");
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.fill_bytes(&mut out);
        out
    }

    /// A seed for a stream of its own: one run of a command, or work before it. Runs do not share a
    /// stream, so what one of them draws does not move the others.
    pub fn fork(&mut self) -> [u8; 32] {
        self.bytes::<32>()
    }

    /// The stream of a forked seed.
    pub fn from_fork(seed: [u8; 32]) -> Self {
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// A whole number in `0..below` without modulo bias worth speaking of (64-bit multiply-shift).
    ///
    /// # Panics
    /// When `below` is zero.
    pub fn below(&mut self, below: u64) -> u64 {
        assert!(below > 0, "a range must not be empty");
        let wide = u128::from(self.0.next_u64()) * u128::from(below);
        u64::try_from(wide >> 64).expect("the high half of a 128-bit product fits 64 bits")
    }
}
