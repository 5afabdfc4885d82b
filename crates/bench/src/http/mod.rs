//! Benchmarks over HTTP: the program serves as a child process, clients here each hold one connection.

mod child;
mod client;
mod database;
mod lifecycle;
mod list;
mod report;
mod run;

pub use database::OwnDatabase;
pub use lifecycle::lifecycle;
pub use list::list;
pub use report::report;
