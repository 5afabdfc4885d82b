//! The server: HTTP, pages, workers. Everything below it is synchronous and knows nothing of HTTP.
//!
//! | module | what |
//! |---|---|
//! | `app`, `districts` | what every handler shares; the districts as they stand today |
//! | `policy` | every address with its policy; the middleware that enforces the table |
//! | `auth` | sessions, signing in and out, requests from other sites |
//! | `call`, `body` | one request as a handler sees it; what callers send |
//! | `problems` | refusals, in the reader's language, for machines and people |
//! | `limits` | rates, rows, bytes, seconds |
//! | `acts` | what callers do with cases, whichever door they come through |
//! | `api`, `faces` | the rooms themselves: for programs, for people |
//! | `messages` | what people tell people; what the staff are told where they work |
//! | `pages` | how a page looks: views, templates, words |
//! | `demo` | the demonstration's districts, accounts and matters |
//! | `health`, `openapi`, `observe` | for those who run it |
//! | `workers`, `serve`, `listen` | what happens by itself; listening and ending |

pub mod acts;
pub mod api;
pub mod app;
pub mod auth;
pub mod body;
pub mod call;
pub mod cursor;
pub mod demo;
pub mod districts;
pub mod faces;
pub mod health;
pub mod lang;
pub mod limits;
pub mod listen;
pub mod messages;
pub mod observe;
pub mod openapi;
pub mod pages;
pub mod policy;
pub mod problems;
mod serve;
#[cfg(feature = "testing")]
pub mod testing;
pub mod workers;

pub use app::{App, Config, schema, statements};
pub use call::Call;
pub use serve::{rooms, router, router_of, serve, serve_until};
