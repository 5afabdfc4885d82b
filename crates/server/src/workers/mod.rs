//! What happens by itself: moments that fall due and messages that leave.
//!
//! [`tick`] does what is due now, by the engine's clock, and returns; only `serve` loops over it.
//! Each timer fires in a write of its own. What fails stays leased and is tried again.

mod sender;
mod store;
#[cfg(test)]
mod tests;
mod tidy;

use kernel::{Command, Problem, Result, Timestamp, outbox, timer};

use crate::app::App;

pub use sender::{Outcome, PageSender, Sender};
pub use store::STATEMENTS;
pub use tidy::{Tidied, tidy};

/// Who acts when nobody does.
pub const SYSTEM: &str = "system";
/// Claims of one kind in one tick and district; the rest waits for the next tick.
const ROUNDS_MAX: usize = 50;

/// What a tick did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Timers that fired.
    pub timers: usize,
    /// Messages that left or were put down to be made by hand.
    pub messages: usize,
    /// What failed and will be tried again.
    pub failed: usize,
}

/// Fires what is due and sends what waits, in every district.
///
/// # Errors
/// When the database does not answer; a timer or message that fails is logged and counted.
pub async fn tick(app: &App) -> Result<Tally> {
    let mut tally = Tally::default();
    for district in app.districts.ids() {
        for _ in 0..ROUNDS_MAX {
            let claimed = app.engine.write(Command::new(&district, SYSTEM), |tx| Ok(timer::claim(tx)?)).await?.value;
            if claimed.is_empty() {
                break;
            }
            for due in claimed {
                match fire(app, &district, due).await {
                    Ok(()) => tally.timers += 1,
                    Err(problem) => failed(app, &mut tally, "timer", &district, &problem),
                }
            }
        }
        for _ in 0..ROUNDS_MAX {
            let claimed = app.engine.write(Command::new(&district, SYSTEM), |tx| Ok(outbox::claim(tx)?)).await?.value;
            if claimed.is_empty() {
                break;
            }
            for message in claimed {
                match send(app, &district, message).await {
                    Ok(()) => tally.messages += 1,
                    Err(problem) => failed(app, &mut tally, "message", &district, &problem),
                }
            }
        }
    }
    Ok(tally)
}

fn failed(app: &App, tally: &mut Tally, what: &'static str, district: &str, problem: &Problem) {
    tally.failed += 1;
    app.meters.count("doorstep_worker_failures_total", "what", what, 1);
    tracing::error!(worker.what = what, district = %district, problem.code = problem.kind.code, problem.cause = problem.cause.as_deref().unwrap_or("-"));
}

async fn fire(app: &App, district: &str, due: timer::Timer) -> Result<()> {
    let Some(rules) = app.districts.get(district) else {
        return Ok(());
    };
    let kind = due.kind.clone();
    app.engine.write(Command::new(district, SYSTEM), move |tx| cases::case::fire(tx, &rules, &due)).await?;
    app.meters.count("doorstep_timers_total", "kind", &kind, 1);
    Ok(())
}

async fn send(app: &App, district: &str, message: outbox::Message) -> Result<()> {
    let id = message.id;
    let outcome = app.sender.send(app, district, &message).await?;
    app.engine
        .write(Command::new(district, SYSTEM), move |tx| match outcome {
            Outcome::Sent => Ok(outbox::sent(tx, &id)?),
            Outcome::ByHand => Ok(store::put_down(tx, &id)?),
        })
        .await?;
    app.meters.count("doorstep_messages_total", "outcome", outcome.word(), 1);
    Ok(())
}

/// The next moment at which something falls due in any district, for callers that move a virtual clock.
///
/// # Errors
/// Any store error.
pub async fn next_due(app: &App) -> Result<Option<Timestamp>> {
    let districts = app.districts.ids();
    app.engine
        .read(move |db| {
            let mut next = None;
            for district in &districts {
                let due = timer::next_due(db, district)?;
                next = [next, due].into_iter().flatten().min();
            }
            Ok(next)
        })
        .await
}

/// What is done now and then rather than every second: gauges, other processes' changes.
///
/// # Errors
/// When the database does not answer or a district can't be built.
pub async fn upkeep(app: &App) -> Result<()> {
    app.meters.upkeep();
    app.districts.poll(&app.engine).await?;
    for district in app.districts.ids() {
        let name = district.clone();
        let waiting = app.engine.read(move |db| Ok(store::by_hand_count(db, &name)?)).await?;
        app.meters.gauge("doorstep_messages_by_hand", &district, waiting);
    }
    Ok(())
}
