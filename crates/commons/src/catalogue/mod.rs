//! The catalogue: everyday items with their limits and closing standards, and who must act on them where.
//!
//! `item × place → (limits, closing condition, responsible body)` as data (GB/T 30428.8 in spirit:
//! filing condition, limit, closing condition per item).

mod store;

use kernel::time::Limit;

use crate::{people::BodyId, place::PlaceId};

pub use store::{STATEMENTS, duties, duty_add, duty_insert, item_insert, items};

/// Items or duties that one district may have.
pub const ROWS_MAX: i64 = 50_000;

/// What a matter may be about.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Stable code.
    pub code: String,
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Class it belongs to.
    pub class: String,
    /// Until when it must be taken up, from the report.
    pub accept: Limit,
    /// Until when it must be done, from the dispatch.
    pub handle: Limit,
    /// What must be true before it counts as done, in plain words.
    pub closing: Vec<String>,
    /// Which photos closing needs: `none`, `after`, `before_after`.
    pub evidence: String,
    /// False when its place and progress are nobody else's business.
    pub public: bool,
}

/// Who must act on an item at a place and below.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duty {
    /// Item code, class, or `*`.
    pub item: String,
    /// Root of the places it covers.
    pub place: PlaceId,
    /// The body.
    pub body: BodyId,
    /// `lead` 主办 or `assist` 协办.
    pub part: String,
}
