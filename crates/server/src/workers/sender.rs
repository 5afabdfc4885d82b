//! How a message leaves the house.

use futures::future::{BoxFuture, FutureExt};
use kernel::{Result, outbox::Message};

use crate::app::App;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It reached where the person looks.
    Sent,
    /// No machine takes it further: somebody calls or writes, and says so.
    ByHand,
}

impl Outcome {
    /// Its word in the figures.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Sent => "sent",
            Outcome::ByHand => "by hand",
        }
    }
}

/// Takes messages out of the house. A gateway for SMS is one of these.
pub trait Sender: Send + Sync {
    /// Sends a message, or says that a person must. An error leaves it waiting for another try.
    fn send<'a>(&'a self, app: &'a App, district: &'a str, message: &'a Message) -> BoxFuture<'a, Result<Outcome>>;
}

/// The sender without any gateway: what is shown on a page is sent by being there; calls, SMS and
/// letters are put down for somebody to make.
pub struct PageSender {
    /// A demonstration pretends that text messages left; calls and slips are for people there too.
    pub texts_sent: bool,
}

impl Sender for PageSender {
    fn send<'a>(&'a self, _: &'a App, _: &'a str, message: &'a Message) -> BoxFuture<'a, Result<Outcome>> {
        let sent = match message.channel.as_str() {
            // Whoever wants no word still finds it by the code.
            "page" | "none" => true,
            "sms" => self.texts_sent,
            _ => false,
        };
        std::future::ready(Ok(if sent { Outcome::Sent } else { Outcome::ByHand })).boxed()
    }
}
