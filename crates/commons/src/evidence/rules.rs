//! What counts as a photo, how large it may be and how large it is kept.

use super::{EvidenceFault, Foreign};

/// Most bytes of a photo as sent: above what phones take at full size.
pub const EVIDENCE_MAX_BYTES: usize = 12 << 20;
/// Most pixels of a photo as sent.
pub const PIXELS_MAX_COUNT: u64 = 40_000_000;
/// Longest side of a photo as sent.
pub const SIDE_MAX_PIXELS: u32 = 12_000;
/// Most memory for one decoded photo.
pub const DECODE_MEMORY_MAX_BYTES: u64 = 256 << 20;
/// Longest side of a photo as kept.
pub const STORED_SIDE_MAX_PIXELS: u32 = 2_048;
/// Longest side of its small copy for lists.
pub const THUMBNAIL_SIDE_MAX_PIXELS: u32 = 320;
/// Quality of the JPEG that is kept, of 100.
pub const STORED_JPEG_QUALITY: u8 = 82;
/// Quality of the small copy.
pub const THUMBNAIL_JPEG_QUALITY: u8 = 75;

/// How far into a file without a signature its first words are looked for.
const TEXT_LOOK_MAX_BYTES: usize = 1_024;

/// The kinds of picture that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (ISO/IEC 15948); of a moving one the still picture.
    Png,
    /// WebP (RFC 9649), still.
    WebP,
}

/// Tells a photo from its first bytes, whatever it is called.
///
/// # Errors
/// [`EvidenceFault::Empty`], [`EvidenceFault::TooManyBytes`], or [`EvidenceFault::Foreign`] with
/// what it is instead.
pub fn sniff(bytes: &[u8]) -> Result<Kind, EvidenceFault> {
    if bytes.is_empty() {
        return Err(EvidenceFault::Empty);
    }
    if bytes.len() > EVIDENCE_MAX_BYTES {
        return Err(EvidenceFault::TooManyBytes { bytes: bytes.len() });
    }
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::WebP),
        _ => Err(EvidenceFault::Foreign(foreign(bytes))),
    }
}

/// Names what is not a photo, by the signatures of the formats that people do send.
fn foreign(bytes: &[u8]) -> Foreign {
    let signatures: [(&[u8], Foreign); 27] = [
        (b"GIF87a", Foreign::Gif),
        (b"GIF89a", Foreign::Gif),
        (b"%PDF", Foreign::Pdf),
        (b"BM", Foreign::Bmp),
        (b"II*\0", Foreign::Tiff),
        (b"MM\0*", Foreign::Tiff),
        (b"PK\x03\x04", Foreign::Archive),
        (b"PK\x05\x06", Foreign::Archive),
        (b"Rar!", Foreign::Archive),
        (b"7z\xbc\xaf\x27\x1c", Foreign::Archive),
        (b"\x1f\x8b", Foreign::Archive),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign::Office),
        (b"{\\rtf", Foreign::Office),
        (b"MZ", Foreign::Program),
        (b"\x7fELF", Foreign::Program),
        (b"\xcf\xfa\xed\xfe", Foreign::Program),
        (b"\xca\xfe\xba\xbe", Foreign::Program),
        (b"#!", Foreign::Program),
        (b"\x1a\x45\xdf\xa3", Foreign::Video),
        (b"\0\0\x01\xba", Foreign::Video),
        (b"FLV\x01", Foreign::Video),
        (b"ID3", Foreign::Audio),
        (b"\xff\xfb", Foreign::Audio),
        (b"\xff\xf1", Foreign::Audio),
        (b"OggS", Foreign::Audio),
        (b"fLaC", Foreign::Audio),
        (b"#!AMR", Foreign::Audio),
    ];
    if let Some(brand) = bytes.strip_prefix(b"RIFF").and_then(|rest| rest.get(4..8)) {
        return match brand {
            b"WAVE" => Foreign::Audio,
            b"AVI " => Foreign::Video,
            _ => Foreign::Unknown,
        };
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return media(bytes.get(8..12).unwrap_or_default());
    }
    // The longest signature decides: "#!AMR" is sound, "#!" alone a program.
    let known = signatures.iter().filter(|(signature, _)| bytes.starts_with(signature));
    if let Some((_, found)) = known.max_by_key(|(signature, _)| signature.len()) {
        return *found;
    }
    text(&bytes[..bytes.len().min(TEXT_LOOK_MAX_BYTES)])
}

/// A file of the ISO base media format by its major brand (ISO/IEC 14496-12 and 23008-12).
fn media(brand: &[u8]) -> Foreign {
    match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Foreign::Heic,
        b"avif" | b"avis" => Foreign::Avif,
        b"M4A " | b"M4B " => Foreign::Audio,
        _ => Foreign::Video,
    }
}

fn text(head: &[u8]) -> Foreign {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let words = head.trim_start();
    if words.starts_with('<') && words.contains("<svg") {
        Foreign::Svg
    } else if ["<!doctype html", "<html", "<head", "<body", "<script"].iter().any(|tag| words.contains(tag)) {
        Foreign::WebPage
    } else if words.chars().all(|c| !c.is_control() || c.is_whitespace()) && !words.contains('\u{fffd}') {
        Foreign::Text
    } else {
        Foreign::Unknown
    }
}

/// Refuses a size that a photo claims before a byte of it is decoded.
///
/// # Errors
/// [`EvidenceFault::Damaged`] without pixels, [`EvidenceFault::SideTooLong`] or
/// [`EvidenceFault::TooManyPixels`].
pub fn check_size(width: u32, height: u32) -> Result<(), EvidenceFault> {
    if width == 0 || height == 0 {
        return Err(EvidenceFault::Damaged { why: format!("claims {width} by {height} pixels") });
    }
    if width.max(height) > SIDE_MAX_PIXELS {
        return Err(EvidenceFault::SideTooLong { width, height });
    }
    if u64::from(width) * u64::from(height) > PIXELS_MAX_COUNT {
        return Err(EvidenceFault::TooManyPixels { width, height });
    }
    Ok(())
}

/// The width and height that fit a longest side, in the same proportion; never larger than given,
/// never nothing.
pub fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scaled = |length: u32| {
        let exact = (u64::from(length) * u64::from(longest) + u64::from(side) / 2) / u64::from(side);
        (exact as u32).max(1)
    };
    (scaled(width), scaled(height))
}
