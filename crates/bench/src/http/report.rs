//! `bench report`: residents report over HTTP; each is durable before it is answered.

use anyhow::{bail, ensure};
use bytes::Bytes;
use kernel::{
    Rng,
    id::uuid_v7,
    time::{Clock as _, SystemClock},
};
use parking_lot::Mutex;
use serde::Serialize;

use super::{
    child::Server,
    client::Client,
    run::{Operation, Step, run},
};
use crate::{
    Load, Measured, Setting,
    world::{DISTRICT, Spot, World, phone, said},
};

#[derive(Serialize)]
struct Contact {
    phone: String,
}

#[derive(Serialize)]
struct Body<'a> {
    id: String,
    item: &'a str,
    text: String,
    lon: f64,
    lat: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
}

/// Makes the bodies of reports.
pub struct Reports {
    spots: Vec<Spot>,
    rng: Mutex<Rng>,
    /// Where they are sent.
    pub path: String,
}

impl Reports {
    /// Over the spots of a world.
    pub fn new(world: &World) -> Self {
        Self { spots: world.spots.clone(), rng: Mutex::new(Rng::system()), path: format!("/api/v1/{DISTRICT}/cases") }
    }

    /// The spot of report `n`.
    pub fn spot(&self, n: u64) -> &Spot {
        &self.spots[usize::try_from(n).unwrap_or_default() % self.spots.len()]
    }

    /// A fresh id.
    pub fn fresh_id(&self) -> String {
        uuid_v7(SystemClock.now(), &mut self.rng.lock()).to_string()
    }

    /// The body of report `n`.
    pub fn body(&self, n: u64) -> Bytes {
        let spot = self.spot(n);
        let body = Body {
            id: self.fresh_id(),
            item: &spot.item,
            text: said(n),
            lon: spot.point.0,
            lat: spot.point.1,
            contact: phone(n).map(|phone| Contact { phone }),
        };
        Bytes::from(serde_json::to_vec(&body).expect("a report is JSON"))
    }
}

impl Operation for Reports {
    fn step<'c>(&'c self, client: &'c mut Client, n: u64) -> Step<'c> {
        Box::pin(async move {
            let (status, answer) = client.post(&self.path, None, None, self.body(n)).await?;
            if status != 201 {
                bail!("{status} {}", String::from_utf8_lossy(&answer));
            }
            Ok(())
        })
    }
}

/// Measures reports.
///
/// # Errors
/// When the data can't be made, the server does not start, or nothing could be measured.
pub fn report(setting: &Setting<'_>, load: Load) -> Measured {
    let world = World::build(setting, 0)?;
    let server = Server::start(setting, &world)?;
    let measured = run(setting, "report", &world, &server, load, Reports::new(&world))?;
    ensure!(measured["operations"].as_u64() > Some(0), "no report went through: {}", measured["first_error"]);
    Ok(measured)
}
