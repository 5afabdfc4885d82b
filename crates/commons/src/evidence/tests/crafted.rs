//! Pictures made by hand, with whatever a phone or an attacker may put into them.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};

/// Stands in for a position, a name, a camera: nowhere in what is kept.
pub const CANARY: &[u8] = b"CANARY-30.2489N-120.2052E";

/// Left half red, right half blue.
pub fn two_halves(width: u32, height: u32) -> RgbImage {
    let colour = |x: u32| {
        if x < width / 2 { [220, 20, 20] } else { [20, 20, 220] }
    };
    RgbImage::from_fn(width, height, |x, _| image::Rgb(colour(x)))
}

/// Something with enough detail to weigh what a photo weighs.
pub fn busy(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |a: u32, b: u32| (((x * a) ^ (y * b)) / 7 % 256) as u8;
        image::Rgb([wave(3, 5), wave(2, 7), wave(1, 1)])
    })
}

pub fn as_format(photo: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    photo.into().write_to(&mut bytes, format).expect("an encoder");
    bytes.into_inner()
}

pub fn jpeg(photo: RgbImage) -> Vec<u8> {
    as_format(photo, ImageFormat::Jpeg)
}

pub fn png(photo: RgbImage) -> Vec<u8> {
    as_format(photo, ImageFormat::Png)
}

pub fn webp(photo: RgbImage) -> Vec<u8> {
    as_format(photo, ImageFormat::WebP)
}

pub fn see_through(width: u32, height: u32) -> Vec<u8> {
    as_format(RgbaImage::from_pixel(width, height, image::Rgba([0, 0, 0, 0])), ImageFormat::Png)
}

/// A TIFF block as in EXIF: an orientation, and a description and a GPS block with the canary.
pub fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = tag.to_le_bytes().to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    // Header 8, a directory of three entries 2 + 36 + 4, one of one entry 2 + 12 + 4, the text.
    let (directory, gps, text) = (8_u32, 50_u32, 68_u32);
    let length = CANARY.len() as u32;
    let mut bytes = b"II*\0".to_vec();
    bytes.extend(directory.to_le_bytes());
    bytes.extend(3_u16.to_le_bytes());
    bytes.extend(entry(0x010e, 2, length, text));
    bytes.extend(entry(0x0112, 3, 1, orientation.into()));
    bytes.extend(entry(0x8825, 4, 1, gps));
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(1_u16.to_le_bytes());
    bytes.extend(entry(0x001d, 2, length, text));
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(CANARY);
    bytes
}

/// Puts segments behind the start of a JPEG: (marker, content).
pub fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    for (marker, content) in segments {
        bytes.extend([0xff, *marker]);
        bytes.extend((content.len() as u16 + 2).to_be_bytes());
        bytes.extend(content);
    }
    bytes.extend(&jpeg[2..]);
    bytes
}

/// A JPEG as a phone writes it: EXIF with a position, XMP, a colour profile, IPTC, a comment.
pub fn phone_jpeg(photo: RgbImage, orientation: u8) -> Vec<u8> {
    let tagged = |tag: &[u8], content: &[u8]| [tag, content].concat();
    with_segments(
        &jpeg(photo),
        &[
            (0xe1, tagged(b"Exif\0\0", &exif(orientation))),
            (0xe1, tagged(b"http://ns.adobe.com/xap/1.0/\0", CANARY)),
            (0xe2, tagged(b"ICC_PROFILE\0\x01\x01", CANARY)),
            (0xed, tagged(b"Photoshop 3.0\0", CANARY)),
            (0xfe, CANARY.to_vec()),
        ],
    )
}

pub fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(content);
    [&(content.len() as u32).to_be_bytes()[..], name, content, &crc.sum().to_be_bytes()].concat()
}

/// Puts chunks behind the header of a PNG.
pub fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

/// A PNG with a header of any size and next to nothing in it.
pub fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let empty = [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
    [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], &chunk(b"IDAT", &empty), &chunk(b"IEND", &[])].concat()
}

fn riff_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = [name, &(content.len() as u32).to_le_bytes()[..], content].concat();
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// A WebP in the extended layout: canvas size, flags, and further chunks behind the picture.
pub fn extended_webp(simple: &[u8], canvas: (u32, u32), flags: u8, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let size = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let head = [vec![flags, 0, 0, 0], size(canvas.0), size(canvas.1)].concat();
    let mut body = [b"WEBP".to_vec(), riff_chunk(b"VP8X", &head), simple[12..].to_vec()].concat();
    for (name, content) in chunks {
        body.extend(riff_chunk(name, content));
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

pub fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
