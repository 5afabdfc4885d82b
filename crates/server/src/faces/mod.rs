//! The pages' handlers: they fill views from cases, places and people, and read forms.
//!
//! `pages` knows how a page looks; here stands what is on it. Public faces need no script and no
//! account; staff faces are one family of plain lists and forms.

pub mod account;
pub mod calendar;
pub mod calls;
pub mod case;
pub mod duty;
pub mod fields;
pub mod form;
pub mod front;
pub mod intake;
pub mod item;
pub mod kpi;
pub mod meetings;
pub mod messages;
pub mod moves;
pub mod queues;
pub mod report;
pub mod shared;
pub mod visits;
pub mod work;

use crate::policy::Rooms;

/// All rooms of the faces.
pub fn rooms() -> Rooms {
    Rooms::new()
        .merge(front::rooms())
        .merge(report::rooms())
        .merge(case::rooms())
        .merge(duty::rooms())
        .merge(account::rooms())
        .merge(work::rooms())
        .merge(item::rooms())
        .merge(moves::rooms())
        .merge(calls::rooms())
        .merge(messages::rooms())
        .merge(intake::rooms())
        .merge(visits::rooms())
        .merge(meetings::rooms())
        .merge(kpi::rooms())
}
