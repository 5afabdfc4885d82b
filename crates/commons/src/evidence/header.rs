//! The size that a picture claims, and whether it is whole, read from its structure alone.
//!
//! Decoders forgive a broken end and draw grey; here a picture that breaks off is refused, so that
//! the sender can send it again while still at the spot. What stands behind the end is ignored:
//! it is not copied either.

use super::{EvidenceFault, Foreign, rules::Kind};

/// Most scans of a progressive JPEG: ordinary ones have about ten, and each costs a pass over all
/// pixels.
const JPEG_SCANS_MAX_COUNT: usize = 64;

/// Width and height in pixels.
///
/// # Errors
/// [`EvidenceFault::Truncated`] when it ends early, [`EvidenceFault::Damaged`] when its structure
/// is wrong, [`EvidenceFault::Foreign`] for a moving WebP.
pub(super) fn claimed_size(kind: Kind, bytes: &[u8]) -> Result<(u32, u32), EvidenceFault> {
    match kind {
        Kind::Jpeg => jpeg(bytes),
        Kind::Png => png(bytes),
        Kind::WebP => webp(bytes),
    }
}

fn damaged<T>(why: &str) -> Result<T, EvidenceFault> {
    Err(EvidenceFault::Damaged { why: why.into() })
}

/// The bytes from `at`, or the fault of a file that ends early.
fn take(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], EvidenceFault> {
    at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or(EvidenceFault::Truncated)
}

fn be(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |all, byte| all << 8 | u32::from(*byte))
}

fn le(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte))
}

/// ITU-T T.81, annex B: markers up to the end of the image.
fn jpeg(bytes: &[u8]) -> Result<(u32, u32), EvidenceFault> {
    let (mut at, mut size, mut scans) = (2, None, 0);
    loop {
        if take(bytes, at, 1)?[0] != 0xff {
            return damaged("no marker where one must stand");
        }
        while take(bytes, at, 1)?[0] == 0xff {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            0xd9 => {
                return size.filter(|_| scans > 0).map_or_else(|| damaged("ends without a picture"), Ok);
            }
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 => return damaged("a marker that cannot stand here"),
            _ => {}
        }
        let length = be(take(bytes, at, 2)?) as usize;
        if length < 2 {
            return damaged("a segment shorter than its own length");
        }
        let body = take(bytes, at, length)?;
        at += length;
        match marker {
            // Start of frame, all kinds but the tables among their numbers.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                if size.is_some() {
                    return damaged("two frames");
                }
                if body.len() < 8 {
                    return damaged("a frame without size");
                }
                size = Some((be(&body[5..7]), be(&body[3..5])));
            }
            0xda => {
                scans += 1;
                if scans > JPEG_SCANS_MAX_COUNT {
                    return damaged("too many scans");
                }
                at = scan_end(bytes, at)?;
            }
            _ => {}
        }
    }
}

/// Where the coded data of a scan ends: at a marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], start: usize) -> Result<usize, EvidenceFault> {
    let data = bytes.get(start..).unwrap_or_default();
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    data.windows(2).position(ends).map(|at| start + at).ok_or(EvidenceFault::Truncated)
}

/// ISO/IEC 15948, section 5: chunks up to IEND; the first must be IHDR.
fn png(bytes: &[u8]) -> Result<(u32, u32), EvidenceFault> {
    let mut at = 8;
    if take(bytes, at + 4, 4)? != b"IHDR" {
        return damaged("does not begin with its header");
    }
    let header = take(bytes, at + 8, 13)?;
    let size = (be(&header[..4]), be(&header[4..8]));
    loop {
        let head = take(bytes, at, 8)?;
        let whole = take(bytes, at, (be(&head[..4]) as usize).saturating_add(12))?;
        at += whole.len();
        if &head[4..] == b"IEND" {
            return Ok(size);
        }
    }
}

/// RFC 9649, section 2: the size of the canvas and of the still picture on it must agree.
fn webp(bytes: &[u8]) -> Result<(u32, u32), EvidenceFault> {
    let end = (le(take(bytes, 4, 4)?) as usize).saturating_add(8);
    let file = take(bytes, 0, end)?;
    let (mut at, mut sizes) = (12, Vec::new());
    while at < end {
        let head = take(file, at, 8)?;
        let length = le(&head[4..]) as usize;
        let body = take(file, at + 8, length)?;
        let size = match &head[..4] {
            b"VP8X" => match body {
                [flags, ..] if flags & 2 != 0 => {
                    return Err(EvidenceFault::Foreign(Foreign::Animation));
                }
                [_, _, _, _, size @ ..] if size.len() >= 6 => Some((le(&size[..3]) + 1, le(&size[3..6]) + 1)),
                _ => return damaged("a canvas without size"),
            },
            // A key frame: its tag, the start code, then two sizes of 14 bits.
            b"VP8 " => match body {
                [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] if tag & 1 == 0 => {
                    Some((le(&[*w0, *w1]) & 0x3fff, le(&[*h0, *h1]) & 0x3fff))
                }
                _ => return damaged("a picture without size"),
            },
            b"VP8L" => match body {
                [0x2f, size @ ..] if size.len() >= 4 => {
                    let bits = le(&size[..4]);
                    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
                }
                _ => return damaged("a picture without size"),
            },
            b"ANMF" | b"ANIM" => return Err(EvidenceFault::Foreign(Foreign::Animation)),
            _ => None,
        };
        sizes.extend(size);
        // Chunks stand at even places.
        at += 8 + length + length % 2;
    }
    match sizes[..] {
        [] => damaged("holds no picture"),
        [first, ..] if sizes.iter().all(|size| *size == first) => Ok(first),
        _ => damaged("its sizes contradict each other"),
    }
}
