//! The program as its callers see it, and the house as its builders should find it.

mod cli;
mod house;
