//! commons
pub mod geometry;
