//! The world of one scenario: a house of its own with a virtual clock, the districts it enabled, the
//! people and matters that the story names.

mod cases;
mod door;
mod house;
mod names;
mod people;
mod setup;
mod time;

use std::{collections::BTreeMap, sync::Arc};

use ::cases::{Rulebook, case::CaseId};
use commons::{people::BodyId, place::PlaceId};
use kernel::id::PersonId;

pub use cases::{Sheet, Wanted};
pub use door::{MoveForm, Refusal, ReportForm};
pub use house::House;
pub use people::Session;
pub use setup::PLACES_MAX;

/// What a step answers: a sentence that fails the scenario.
pub type Told<T = ()> = Result<T, String>;

/// Somebody whom the story names.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Who it is in the vault, once the house knows them.
    pub id: Option<PersonId>,
    /// The number that was invented for them, or the story's own.
    pub phone: String,
    /// Left no name and no number.
    pub anonymous: bool,
    /// Holds a post.
    pub staff: bool,
    /// The live session of somebody with a post.
    pub session: Option<Session>,
}

/// One district as the story knows it.
pub struct Town {
    /// Its id, as in its path.
    pub district: String,
    /// Places that the story made, by the name it gave them.
    pub places: BTreeMap<String, PlaceId>,
    /// Places in the order in which the story spoke of them.
    pub spoken: Vec<PlaceId>,
    /// Items that the story set limits for, in order.
    pub items: Vec<String>,
    /// People by the name the story calls them.
    pub people: BTreeMap<String, Person>,
    /// Places whose post-holders of the pack have made way for the story's.
    pub cleared: std::collections::BTreeSet<PlaceId>,
    /// Bodies that the story made responsible, with the place.
    pub duties: Vec<(BodyId, PlaceId)>,
    /// People appointed to act for a body whose place was written for its name.
    pub placed: Vec<(String, PlaceId)>,
}

/// A matter that the story gave a name.
#[derive(Debug, Clone)]
pub struct Matter {
    /// In which district.
    pub district: String,
    /// The case.
    pub id: CaseId,
    /// What people call it.
    pub number: String,
    /// What its asker looks it up by.
    pub lookup_code: String,
    /// Who asked, by the story's name.
    pub asker: String,
    /// Who sent the report; whoever has no post keeps the receipt with its look-up code.
    pub reporter: String,
}

impl Matter {
    /// True for whoever has the look-up code in hand.
    pub fn is_of(&self, who: &str) -> bool {
        self.asker == who || self.reporter == who
    }
}

/// Everything that one scenario knows. Made anew for each.
#[derive(Default)]
pub struct Story {
    house: Option<House>,
    towns: BTreeMap<String, Town>,
    here: Option<String>,
    early: Option<String>,
    /// Matters by the name the story gave them.
    pub matters: BTreeMap<String, Matter>,
    /// Meetings by the name the story gave them.
    pub meetings: BTreeMap<String, practices::meetings::MeetingId>,
    /// The last thing that was refused.
    pub refused: Option<Refusal>,
    /// Where each step of this scenario stands in it.
    pub plan: Vec<PlannedStep>,
    /// How many steps were begun.
    pub begun: usize,
    /// Names that act or are looked at in this scenario as people would be.
    pub acting: std::collections::BTreeSet<String>,
    /// Bodies for which the scenario appoints somebody itself.
    pub manned: std::collections::BTreeSet<String>,
}

/// A step that will come, as far as others must know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedStep {
    /// Does something that can be refused.
    Act,
    /// Expects that something was refused.
    ExpectsRefusal,
    /// Anything else.
    Other,
}

impl std::fmt::Debug for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Story").field("here", &self.here).field("matters", &self.matters.keys()).finish_non_exhaustive()
    }
}

impl cucumber::World for Story {
    type Error = std::convert::Infallible;
    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl Story {
    /// The house, once a district is enabled.
    pub fn house(&self) -> Told<&House> {
        self.house.as_ref().ok_or_else(|| "还没有启用区县：先写一步 假如 区县 “…” 已启用".to_owned())
    }

    /// The district that the story is in.
    pub fn town(&self) -> Told<&Town> {
        self.here
            .as_ref()
            .and_then(|here| self.towns.get(here))
            .ok_or_else(|| "还没有启用区县：先写一步 假如 区县 “…” 已启用".to_owned())
    }

    /// [`Story::town`], to be changed.
    pub fn town_mut(&mut self) -> Told<&mut Town> {
        let here = self.here.clone().unwrap_or_default();
        self.towns.get_mut(&here).ok_or_else(|| "还没有启用区县：先写一步 假如 区县 “…” 已启用".to_owned())
    }

    /// Today's rules of the district that the story is in.
    pub fn rules(&self) -> Told<Arc<Rulebook>> {
        self.house()?.rules(&self.town()?.district)
    }

    /// A matter by the story's name for it.
    pub fn matter(&self, name: &str) -> Told<&Matter> {
        self.matters.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.matters.keys().map(String::as_str).collect();
            format!(
                "故事里没有“{name}”这件事；有：{}",
                if known.is_empty() { "（还没有）".to_owned() } else { known.join("、") }
            )
        })
    }

    /// True when a coming step, before the next act, expects the refusal of this one.
    pub fn refusal_is_expected(&self) -> bool {
        let coming = self.plan.iter().skip(self.begun);
        coming.take_while(|step| **step != PlannedStep::Act).any(|step| *step == PlannedStep::ExpectsRefusal)
    }

    /// Notes how an act ended. A refusal that no coming step expects fails the scenario here, in its own words.
    pub fn acted<T>(&mut self, outcome: Result<T, Refusal>) -> Told<Option<T>> {
        match outcome {
            Ok(value) => {
                self.refused = None;
                Ok(Some(value))
            }
            Err(refusal) if refusal.status < 500 && self.refusal_is_expected() => {
                self.refused = Some(refusal);
                Ok(None)
            }
            Err(refusal) => Err(format!("没有办成：{refusal}\n后面没有“操作被拒绝”这一步，所以算失败。")),
        }
    }
}
