//! server
pub mod pages;
