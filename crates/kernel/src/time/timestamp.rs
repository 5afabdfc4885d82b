//! Instants, and the clocks that say which one is now.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::TimeError;
use super::error::shown;

/// The longest text that is read as a timestamp.
const TIMESTAMP_TEXT_MAX_BYTES: usize = 64;

/// An instant: whole milliseconds since 1970-01-01T00:00:00Z, in UTC.
///
/// Written and read as RFC 3339 with milliseconds, `2026-11-25T09:00:00.000Z`; stored as
/// [`Timestamp::ms`]. It always lies in the years 1 to 9999, so it can always be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant, 0001-01-01T00:00:00Z.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800_000);
    /// The last instant, 9999-12-30T00:00:00Z: early enough to be written in any zone.
    pub const MAX: Timestamp = Timestamp(253_402_128_000_000);

    /// The instant `ms` milliseconds after 1970-01-01T00:00:00Z, held within
    /// [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub const fn from_ms(ms: i64) -> Timestamp {
        if ms < Self::MIN.0 {
            Self::MIN
        } else if ms > Self::MAX.0 {
            Self::MAX
        } else {
            Timestamp(ms)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// This instant moved by `ms` milliseconds (backwards if negative), held within
    /// [`Timestamp::MIN`] and [`Timestamp::MAX`].
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Timestamp {
        Timestamp::from_ms(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative if it is the later one.
    pub const fn ms_since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }

    /// Reads an RFC 3339 time with any offset; what is finer than a millisecond is cut off,
    /// a leap second counts as the second before it.
    ///
    /// # Errors
    /// [`TimeError::BadTimestamp`] for other text, [`TimeError::OutOfRange`] outside
    /// [`Timestamp::MIN`] to [`Timestamp::MAX`].
    pub fn parse(text: &str) -> Result<Timestamp, TimeError> {
        let bad = || TimeError::BadTimestamp { text: shown(text) };
        if !is_rfc3339(text.as_bytes()) {
            return Err(bad());
        }
        let Ok(instant) = text.parse::<jiff::Timestamp>() else {
            // The library keeps a margin at the end of time, as we do.
            let last_days = text.starts_with("9999-12-3");
            return Err(if last_days { TimeError::OutOfRange } else { bad() });
        };
        let ms = instant.as_nanosecond().div_euclid(1_000_000);
        let ms = i64::try_from(ms).map_err(|_| TimeError::OutOfRange)?;
        Timestamp::in_range(ms)
    }

    /// As [`Timestamp::from_ms`], but refusing what it would hold back.
    pub(super) fn in_range(ms: i64) -> Result<Timestamp, TimeError> {
        if !(Self::MIN.0..=Self::MAX.0).contains(&ms) {
            return Err(TimeError::OutOfRange);
        }
        Ok(Timestamp(ms))
    }

    pub(super) fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// The shape of RFC 3339, section 5.6. The library below reads more than that (weeks,
/// zone names, missing seconds), which other programs would not.
fn is_rfc3339(text: &[u8]) -> bool {
    const SHAPE: &[u8; 19] = b"dddd-dd-ddTdd:dd:dd";
    const OFFSET: &[u8; 5] = b"dd:dd";
    let fits = |part: &[u8], shape: &[u8]| {
        part.len() == shape.len()
            && part.iter().zip(shape).all(|(byte, want)| match want {
                b'd' => byte.is_ascii_digit(),
                _ => byte.eq_ignore_ascii_case(want),
            })
    };
    if text.len() > TIMESTAMP_TEXT_MAX_BYTES || text.len() < SHAPE.len() {
        return false;
    }
    let (head, mut rest) = text.split_at(SHAPE.len());
    if !fits(head, SHAPE) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return false;
        }
        rest = &fraction[digits..];
    }
    match rest.split_first() {
        Some((b'Z' | b'z', [])) => true,
        Some((b'+' | b'-', offset)) => fits(offset, OFFSET),
        _ => false,
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Timestamp, TimeError> {
        Timestamp::parse(text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).map_err(de::Error::custom)
    }
}

/// Where "now" comes from. It may jump, backwards too: no code may rely on it rising.
pub trait Clock: Send + Sync {
    /// The instant it is now.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The clock of the machine. The only place in the product that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that stands until it is moved: for tests, stories and simulation. Share it as
/// `Arc<VirtualClock>`.
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock that stands at `now`.
    pub fn new(now: Timestamp) -> VirtualClock {
        VirtualClock(AtomicI64::new(now.ms()))
    }

    /// Moves the clock to `now`, forwards or backwards.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.ms(), Ordering::SeqCst);
    }

    /// Moves the clock by `ms` milliseconds, backwards if negative.
    pub fn advance_ms(&self, ms: i64) {
        // The closure never declines, so there is always a previous value.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| Some(Timestamp::from_ms(now).plus_ms(ms).ms()));
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(self.0.load(Ordering::SeqCst))
    }
}
