//! cases

pub mod flow;
