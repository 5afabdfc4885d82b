//! The API, `/api/v1`: one room a noun. OpenAPI is generated from the handlers.

pub mod cases;
pub mod events;
pub mod evidence;
pub mod kpi;
pub mod meetings;
pub mod page;
pub mod places;
pub mod tasks;
pub mod visits;

use crate::policy::Rooms;

/// All rooms of the API.
pub fn rooms() -> Rooms {
    Rooms::new()
        .merge(cases::rooms())
        .merge(tasks::rooms())
        .merge(places::rooms())
        .merge(kpi::rooms())
        .merge(visits::rooms())
        .merge(meetings::rooms())
        .merge(events::rooms())
        .merge(evidence::rooms())
}
