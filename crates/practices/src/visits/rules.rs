//! What a visit may be. Pure.

use kernel::{Lang, Problem, Result, Timestamp, time::DAY_MS};

use crate::problems::{UNKNOWN_KIND, VISIT_DAY};

/// How long after it a visit may still be written down.
pub const BACK_DAYS_MAX: i64 = 31;

/// How people met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 上门: at the door.
    #[default]
    Door,
    /// 驻格点: at the station in the grid.
    Station,
    /// 夜访: in the evening, when people are home.
    Evening,
    /// 电话: by phone.
    Phone,
}

impl Kind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [Kind; 4] = [Kind::Door, Kind::Station, Kind::Evening, Kind::Phone];

    /// Its word in rows and answers.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Door => "door",
            Kind::Station => "station",
            Kind::Evening => "evening",
            Kind::Phone => "phone",
        }
    }

    /// Its word for people.
    pub fn says(self, lang: Lang) -> &'static str {
        match self {
            Kind::Door => lang.pick("上门", "at the door"),
            Kind::Station => lang.pick("驻格点", "at the station"),
            Kind::Evening => lang.pick("夜访", "in the evening"),
            Kind::Phone => lang.pick("电话", "by phone"),
        }
    }

    /// A kind by its word, in either language.
    ///
    /// # Errors
    /// 422.37.
    pub fn read(word: &str) -> Result<Self> {
        let wanted = word.trim();
        let fits = |kind: &Kind| [kind.word(), kind.says(Lang::Zh), kind.says(Lang::En)].contains(&wanted);
        Self::ALL.into_iter().find(fits).ok_or_else(|| {
            let choices = Self::ALL.map(|kind| kind.says(Lang::Zh)).join("、");
            Problem::new(&UNKNOWN_KIND).with("kind", wanted).with("choices", choices)
        })
    }
}

/// When the visit was: now without a moment; never ahead, never too long ago.
///
/// # Errors
/// 422.30.
pub fn moment(at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp> {
    let at = at.unwrap_or(now);
    if at > now || at < now.plus_ms(-BACK_DAYS_MAX * DAY_MS) {
        return Err(Problem::new(&VISIT_DAY).with("days", BACK_DAYS_MAX));
    }
    Ok(at)
}
