//! From the photo as sent to the photo as kept.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use sha2::{Digest, Sha256};

use super::{
    EvidenceFault,
    header::claimed_size,
    rules::{
        DECODE_MEMORY_MAX_BYTES, Kind, SIDE_MAX_PIXELS, STORED_JPEG_QUALITY, STORED_SIDE_MAX_PIXELS,
        THUMBNAIL_JPEG_QUALITY, THUMBNAIL_SIDE_MAX_PIXELS, check_size, fit, sniff,
    },
};

/// A photo ready to be kept: nothing in it but pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What it was sent as. It is kept as JPEG in any case.
    pub kind: Kind,
    /// The photo as JPEG, upright, its longest side at most [`STORED_SIDE_MAX_PIXELS`].
    pub jpeg: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// SHA-256 of [`Prepared::jpeg`], lower-case hexadecimal: its address.
    pub sha256: String,
    /// The small copy as JPEG, its longest side at most [`THUMBNAIL_SIDE_MAX_PIXELS`].
    pub thumbnail: Vec<u8>,
}

/// Checks, decodes, turns upright, shrinks and writes a photo anew, without any of its metadata.
///
/// The same bytes give the same result. Colours are kept as numbers: a colour profile is dropped
/// with the rest. What is transparent becomes white.
///
/// # Errors
/// Any [`EvidenceFault`]; those of size come before anything is decoded.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, EvidenceFault> {
    let kind = sniff(bytes)?;
    let (width, height) = claimed_size(kind, bytes)?;
    check_size(width, height)?;
    // Decoders are other people's code fed by strangers: should one panic, the photo is to blame.
    catch_unwind(AssertUnwindSafe(|| renew(kind, bytes, (width, height))))
        .unwrap_or_else(|_| Err(EvidenceFault::Damaged { why: "the decoder gave up".into() }))
}

fn renew(kind: Kind, bytes: &[u8], claimed: (u32, u32)) -> Result<Prepared, EvidenceFault> {
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format(kind));
    decoder.limits(limits());
    let mut decoder = decoder.into_decoder().map_err(fault)?;
    decoder.set_limits(limits()).map_err(fault)?;
    if decoder.dimensions() != claimed {
        return Err(EvidenceFault::Damaged { why: "its sizes contradict each other".into() });
    }
    if decoder.total_bytes() > DECODE_MEMORY_MAX_BYTES {
        return Err(EvidenceFault::TooMuchMemory);
    }
    let orientation = decoder.orientation().map_err(fault)?;
    let decoded = DynamicImage::from_decoder(decoder).map_err(fault)?;

    let mut photo = shrink(decoded, STORED_SIDE_MAX_PIXELS);
    photo.apply_orientation(orientation);
    let photo = opaque(photo);
    let jpeg = encode(&photo, STORED_JPEG_QUALITY)?;
    let (width, height) = photo.dimensions();
    let small = shrink(photo.into(), THUMBNAIL_SIDE_MAX_PIXELS).into_rgb8();
    let thumbnail = encode(&small, THUMBNAIL_JPEG_QUALITY)?;
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&jpeg));
    Ok(Prepared { kind, jpeg, width, height, sha256, thumbnail })
}

fn format(kind: Kind) -> ImageFormat {
    match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX_PIXELS);
    limits.max_image_height = Some(SIDE_MAX_PIXELS);
    limits.max_alloc = Some(DECODE_MEMORY_MAX_BYTES);
    limits
}

fn fault(error: ImageError) -> EvidenceFault {
    match error {
        ImageError::Limits(_) => EvidenceFault::TooMuchMemory,
        ImageError::IoError(why) if why.kind() == std::io::ErrorKind::UnexpectedEof => EvidenceFault::Truncated,
        other => EvidenceFault::Damaged { why: other.to_string() },
    }
}

/// Smaller in the same proportion; as it is when it fits already.
fn shrink(photo: DynamicImage, longest: u32) -> DynamicImage {
    let (width, height) = (photo.width(), photo.height());
    let (to_width, to_height) = fit(width, height, longest);
    if (to_width, to_height) == (width, height) {
        return photo;
    }
    // Averaging whole pixels down to twice the size is quick; the filter then does the fine part.
    let rough = fit(width, height, longest.saturating_mul(2));
    let photo = if rough == (width, height) { photo } else { photo.thumbnail_exact(rough.0, rough.1) };
    photo.resize_exact(to_width, to_height, FilterType::Triangle)
}

/// Laid on white, in 8-bit colour.
fn opaque(photo: DynamicImage) -> RgbImage {
    if !photo.color().has_alpha() {
        return photo.into_rgb8();
    }
    let photo = photo.into_rgba8();
    let mut laid = RgbImage::new(photo.width(), photo.height());
    for (to, from) in laid.pixels_mut().zip(photo.pixels()) {
        let [r, g, b, alpha] = from.0.map(u32::from);
        to.0 = [r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8);
    }
    laid
}

fn encode(photo: &RgbImage, quality: u8) -> Result<Vec<u8>, EvidenceFault> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode(photo.as_raw(), photo.width(), photo.height(), ExtendedColorType::Rgb8)
        .map_err(|why| EvidenceFault::Damaged { why: why.to_string() })?;
    Ok(jpeg)
}
