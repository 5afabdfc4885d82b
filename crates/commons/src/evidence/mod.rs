//! Evidence: the photos that people send and officers take.
//!
//! What arrives is trusted in nothing. Its kind is read from its bytes, never from a file name or
//! a header; its size is read from its own structure and limited before anything is decoded; then
//! it is decoded, turned upright, shrunk and written anew. Only pixels survive: no position, no
//! camera, no names, no comments, no file hidden behind the picture.
//!
//! Pure: bytes in, bytes out. It is slow (a phone's photo takes a good part of a second): do it
//! before the write, off the writer thread, and few at a time, for a decoder may take up to
//! [`DECODE_MEMORY_MAX_BYTES`] and as much again of its own.

mod fault;
mod header;
mod image;
pub mod rules;
#[cfg(test)]
mod tests;

pub use fault::{EvidenceFault, Foreign};
pub use image::{Prepared, prepare};
pub use rules::{
    DECODE_MEMORY_MAX_BYTES, EVIDENCE_MAX_BYTES, Kind, PIXELS_MAX_COUNT, SIDE_MAX_PIXELS, STORED_SIDE_MAX_PIXELS,
    THUMBNAIL_SIDE_MAX_PIXELS, sniff,
};
