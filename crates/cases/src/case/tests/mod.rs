//! Cases from report to rating, on the real store; each test is a sentence about what people see.

mod clocks;
mod fold;
mod joined;
mod journey;
mod judges;
mod lists;
mod moves;
mod once;
mod posts;
mod reports;
mod secrets;
mod statements;
mod told;
