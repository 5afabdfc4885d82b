//! How long something may take: an amount and a unit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::TimeError;
use super::error::shown;

/// The largest amount of a limit: about ten years of days.
pub const LIMIT_AMOUNT_MAX: u32 = 3660;

/// What a limit counts. The first three are the units of city management in China
/// (紧急工作时, 工作时, 工作日; GB/T 30428.8, filing, handling and closing); how each runs is said at [`super::due`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Hours round the clock, every day.
    UrgentHours,
    /// Hours inside work hours.
    WorkHours,
    /// Work days, to the end of work on the last.
    WorkDays,
    /// Days of the calendar, to the same time of day.
    CalendarDays,
}

impl LimitUnit {
    /// All units, in a fixed order.
    pub const ALL: [LimitUnit; 4] =
        [LimitUnit::UrgentHours, LimitUnit::WorkHours, LimitUnit::WorkDays, LimitUnit::CalendarDays];

    /// The identifier, as in files and on the wire: `work_days`.
    pub const fn id(self) -> &'static str {
        match self {
            LimitUnit::UrgentHours => "urgent_hours",
            LimitUnit::WorkHours => "work_hours",
            LimitUnit::WorkDays => "work_days",
            LimitUnit::CalendarDays => "calendar_days",
        }
    }

    /// The unit's name in Chinese: 工作日.
    pub const fn zh(self) -> &'static str {
        match self {
            LimitUnit::UrgentHours => "紧急工作时",
            LimitUnit::WorkHours => "工作时",
            LimitUnit::WorkDays => "工作日",
            LimitUnit::CalendarDays => "自然日",
        }
    }

    /// The unit's name in English, plural: working days.
    pub const fn en(self) -> &'static str {
        match self {
            LimitUnit::UrgentHours => "hours",
            LimitUnit::WorkHours => "working hours",
            LimitUnit::WorkDays => "working days",
            LimitUnit::CalendarDays => "days",
        }
    }
}

impl fmt::Display for LimitUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for LimitUnit {
    type Err = TimeError;

    /// Reads an identifier or a Chinese word. A bare 小时 is refused: sources mean now
    /// hours round the clock, now work hours by it.
    fn from_str(text: &str) -> Result<LimitUnit, TimeError> {
        let word = text.trim();
        match word.strip_prefix('个').unwrap_or(word) {
            "urgent_hours" | "紧急工作时" | "紧急工作小时" | "紧急小时" => Ok(LimitUnit::UrgentHours),
            "work_hours" | "工作时" | "工作小时" => Ok(LimitUnit::WorkHours),
            "work_days" | "工作日" => Ok(LimitUnit::WorkDays),
            "calendar_days" | "自然日" | "天" | "日" => Ok(LimitUnit::CalendarDays),
            _ => Err(TimeError::BadUnit { text: shown(text) }),
        }
    }
}

/// How long something may take, such as 3 work days.
///
/// Text and JSON: `"3 work_days"`. Reading also takes Chinese (`"3 个工作日"`) and the map
/// `{ amount = 3, unit = "work_days" }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Limit {
    /// How many, 1 to [`LIMIT_AMOUNT_MAX`].
    pub amount: u32,
    /// Of what.
    pub unit: LimitUnit,
}

impl Limit {
    /// A limit of `amount` times `unit`.
    ///
    /// # Errors
    /// [`TimeError::AmountOutOfRange`] unless `amount` is 1 to [`LIMIT_AMOUNT_MAX`].
    pub fn new(amount: u32, unit: LimitUnit) -> Result<Limit, TimeError> {
        if amount == 0 || amount > LIMIT_AMOUNT_MAX {
            return Err(TimeError::AmountOutOfRange { amount });
        }
        Ok(Limit { amount, unit })
    }

    /// Reads `"4 work_hours"` or `"4 个工作时"`.
    ///
    /// # Errors
    /// [`TimeError::BadLimit`] without a number in front, [`TimeError::BadUnit`],
    /// [`TimeError::AmountOutOfRange`].
    pub fn parse(text: &str) -> Result<Limit, TimeError> {
        let trimmed = text.trim();
        let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
        let (amount, unit) = trimmed.split_at(digits);
        if amount.is_empty() {
            return Err(TimeError::BadLimit { text: shown(text) });
        }
        let unit = unit.parse()?;
        let amount = amount.parse().map_err(|_| TimeError::AmountOutOfRange { amount: u32::MAX })?;
        Limit::new(amount, unit)
    }

    /// The limit as people say it: "3 个工作日" or "3 working days".
    pub fn words(&self, lang_zh: bool) -> String {
        let amount = self.amount;
        if lang_zh {
            match self.unit {
                LimitUnit::UrgentHours => format!("{amount} 小时"),
                LimitUnit::CalendarDays => format!("{amount} 天"),
                unit => format!("{amount} 个{}", unit.zh()),
            }
        } else {
            let many = self.unit.en();
            let name = if amount == 1 { many.trim_end_matches('s') } else { many };
            format!("{amount} {name}")
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit)
    }
}

impl FromStr for Limit {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Limit, TimeError> {
        Limit::parse(text)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Limit, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitFields {
    amount: u32,
    unit: LimitUnit,
}

struct LimitVisitor;

impl<'de> de::Visitor<'de> for LimitVisitor {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a limit such as \"4 work_hours\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
        Limit::parse(text).map_err(E::custom)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Limit, A::Error> {
        let fields = LimitFields::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Limit::new(fields.amount, fields.unit).map_err(de::Error::custom)
    }
}
