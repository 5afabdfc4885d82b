//! Clocks of a case or task: which run, since when, how long, and the moment each is due.
//!
//! Every due time can be computed again from what is stored here (I6): start, limit, pauses and
//! extensions. No edit moves a clock; only the moves of the flow do.

pub mod rules;
#[cfg(test)]
mod tests;

use kernel::{
    Timestamp,
    time::{Limit, Pause},
};

/// One run of one clock.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ClockRun {
    /// The clock's word: `accept`, `check`, `handle`, `verify`, `ask`.
    pub name: String,
    /// In which round of the matter.
    pub round: i64,
    /// How long it may run.
    #[serde(with = "limit_text")]
    pub limit: Limit,
    /// Since when.
    pub start: Timestamp,
    /// When it stood still.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "pause_pairs")]
    pub pauses: Vec<Pause>,
    /// More time, as granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "limit_texts")]
    pub extensions: Vec<Limit>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Timestamp>,
    /// When it is due; none while it stands still before that, or when the calendar of that year is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl ClockRun {
    /// True while it has not ended.
    pub fn under_way(&self) -> bool {
        self.stop.is_none()
    }
    /// True while it stands still.
    pub fn paused(&self) -> bool {
        self.under_way() && self.pauses.last().is_some_and(|p| p.to.is_none())
    }
    /// True when it ended, or runs on, past its due time.
    pub fn late(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| self.stop.unwrap_or(now) > due)
    }
}

mod limit_text {
    use kernel::time::Limit;
    use serde::{Deserialize, Deserializer, Serializer};
    pub fn serialize<S: Serializer>(limit: &Limit, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(limit)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Limit, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

mod limit_texts {
    use kernel::time::Limit;
    use serde::{Deserialize, Deserializer, Serializer};
    pub fn serialize<S: Serializer>(limits: &[Limit], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(limits.iter().map(ToString::to_string))
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Limit>, D::Error> {
        Vec::<String>::deserialize(d)?.iter().map(|t| t.parse().map_err(serde::de::Error::custom)).collect()
    }
}

mod pause_pairs {
    use kernel::{Timestamp, time::Pause};
    use serde::{Deserialize, Deserializer, Serializer};
    pub fn serialize<S: Serializer>(pauses: &[Pause], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(pauses.iter().map(|p| (p.from, p.to)))
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Pause>, D::Error> {
        let pairs = Vec::<(Timestamp, Option<Timestamp>)>::deserialize(d)?;
        Ok(pairs.into_iter().map(|(from, to)| Pause { from, to }).collect())
    }
}
