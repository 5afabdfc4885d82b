//! How much one caller may ask: rates, rows of a list, bytes of a body, seconds of an answer.
//!
//! A rate is a token bucket per caller and gate. Buckets live in memory, bounded: a newer and an
//! older half; what was not asked for since the halves changed places is forgotten, which at worst
//! gives somebody a fresh burst. Time comes from the engine's clock.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, net::IpAddr};

use kernel::{
    Problem, Result, Timestamp,
    problem::{BAD_FIELD, TOO_MANY},
};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// Bytes of a JSON or form body.
pub const JSON_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of a multipart body: photos.
pub const MULTIPART_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Rows that a list answers at once.
pub const LIST_ROWS_MAX: u32 = 200;
/// Rows that a list answers when nobody says how many.
pub const LIST_ROWS_DEFAULT: u32 = 50;
/// Seconds until an answer must have begun.
pub const ANSWER_SECONDS_MAX: u64 = 30;
/// Callers that are remembered per half of the memory.
const CALLERS_MAX: usize = 50_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Reports without an account, per address.
    Report,
    /// Look-up codes that opened nothing, per address.
    Lookup,
    /// Sign-ins tried, per address.
    SignIn,
    /// Sign-ins tried, per account.
    Account,
}

impl Gate {
    /// Its word in the list of routes.
    pub fn word(self) -> &'static str {
        match self {
            Gate::Report => "report",
            Gate::Lookup => "lookup",
            Gate::SignIn => "sign-in",
            Gate::Account => "account",
        }
    }
}

/// A rate: so many a minute on average, so many at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Requests a minute.
    pub per_minute: u32,
    /// Requests at once.
    pub burst: u32,
}

/// The rates of an installation; `None` switches a gate off.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// Reports without an account, per address.
    pub report: Option<Rate>,
    /// Look-up codes that opened nothing, per address.
    pub lookup: Option<Rate>,
    /// Sign-ins tried, per address.
    pub sign_in: Option<Rate>,
    /// Sign-ins tried, per account.
    pub account: Option<Rate>,
}

impl Default for Rates {
    fn default() -> Self {
        let rate = |per_minute, burst| Some(Rate { per_minute, burst });
        Self { report: rate(30, 10), lookup: rate(60, 60), sign_in: rate(10, 10), account: rate(5, 5) }
    }
}

impl Rates {
    /// No limit at all: tests and benchmarks.
    pub fn off() -> Self {
        Self { report: None, lookup: None, sign_in: None, account: None }
    }

    fn of(&self, gate: Gate) -> Option<Rate> {
        match gate {
            Gate::Report => self.report,
            Gate::Lookup => self.lookup,
            Gate::SignIn => self.sign_in,
            Gate::Account => self.account,
        }
    }
}

/// A caller as the buckets know them: never the name or address itself.
pub type CallerKey = [u8; 16];

/// The key of an address; the last 64 bits of an IPv6 address are its owner's to choose.
pub fn address_key(ip: IpAddr) -> CallerKey {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            octets
        }
    }
}

/// The key of an account's name.
pub fn name_key(name: &str) -> CallerKey {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
    key
}

/// A bounded memory of callers.
struct Memory<K, V> {
    young: BTreeMap<K, V>,
    old: BTreeMap<K, V>,
    most: usize,
}

impl<K: Ord, V: Copy> Memory<K, V> {
    fn new(most: usize) -> Self {
        Self { young: BTreeMap::new(), old: BTreeMap::new(), most }
    }

    fn get(&self, key: &K) -> Option<V> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.most && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

/// Thousandths of a request, so that slow rates add up without rounding away.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    milli: i64,
    at: Timestamp,
}

/// All buckets of a process, and who tried wrong passwords for names that do not exist.
pub struct Limits {
    rates: Rates,
    buckets: Mutex<Memory<(Gate, CallerKey), Bucket>>,
    strangers: Mutex<Memory<CallerKey, (i64, Option<Timestamp>)>>,
}

impl Limits {
    /// Empty buckets.
    pub fn new(rates: Rates) -> Self {
        Self { rates, buckets: Mutex::new(Memory::new(CALLERS_MAX)), strangers: Mutex::new(Memory::new(CALLERS_MAX)) }
    }

    /// Takes one request out of a caller's bucket.
    ///
    /// # Errors
    /// 429.1 with the seconds to wait.
    pub fn take(&self, gate: Gate, key: CallerKey, now: Timestamp) -> Result<()> {
        let Some(rate) = self.rates.of(gate) else {
            return Ok(());
        };
        let (rate_milli, burst_milli) =
            (i64::from(rate.per_minute.max(1)) * 1_000, i64::from(rate.burst.max(1)) * 1_000);
        let mut buckets = self.buckets.lock();
        let last = buckets.get(&(gate, key)).unwrap_or(Bucket { milli: burst_milli, at: now });
        let passed = now.ms_since(last.at).clamp(0, 3_600_000);
        let milli = (last.milli + passed * rate_milli / 60_000).min(burst_milli);
        if milli < 1_000 {
            let wait_ms = (1_000 - milli) * 60_000 / rate_milli;
            return Err(Problem::new(&TOO_MANY).with("seconds", wait_ms / 1_000 + 1));
        }
        buckets.put((gate, key), Bucket { milli: milli - 1_000, at: now });
        Ok(())
    }

    /// Puts a request back that shall not count: a look-up code that opened something is no guess.
    pub fn give_back(&self, gate: Gate, key: CallerKey) {
        let Some(rate) = self.rates.of(gate) else {
            return;
        };
        let mut buckets = self.buckets.lock();
        if let Some(bucket) = buckets.get(&(gate, key)) {
            let milli = (bucket.milli + 1_000).min(i64::from(rate.burst.max(1)) * 1_000);
            buckets.put((gate, key), Bucket { milli, ..bucket });
        }
    }

    /// Until when a name that nobody has is locked; told like a real one, so that nobody learns which exist.
    pub(crate) fn stranger_locked(&self, key: &CallerKey) -> Option<Timestamp> {
        self.strangers.lock().get(key).and_then(|(_, until)| until)
    }

    /// Counts a wrong password for a name that nobody has.
    pub(crate) fn stranger_failed(&self, key: CallerKey, now: Timestamp) {
        let mut strangers = self.strangers.lock();
        let (failures, until) = strangers.get(&key).unwrap_or((0, None));
        let next = if failures + 1 >= kernel::access::FAILURES_MAX {
            (0, Some(now.plus_ms(kernel::access::LOCKED_MINUTES * 60_000)))
        } else {
            (failures + 1, until)
        };
        strangers.put(key, next);
    }
}

/// The rows of a list, from its `limit` parameter.
///
/// # Errors
/// 400.2 when it is not within 1 and [`LIST_ROWS_MAX`].
pub fn rows(limit: Option<u32>) -> Result<u32> {
    match limit.unwrap_or(LIST_ROWS_DEFAULT) {
        rows @ 1..=LIST_ROWS_MAX => Ok(rows),
        _ => Err(Problem::new(&BAD_FIELD).with("field", "limit").with("what", format!("1–{LIST_ROWS_MAX}"))),
    }
}
