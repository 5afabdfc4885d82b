//! What is kept of a good photo, and what is not.

use image::ImageFormat;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    super::{Kind, Prepared, STORED_SIDE_MAX_PIXELS, THUMBNAIL_SIDE_MAX_PIXELS, prepare, rules::fit},
    crafted::*,
};

/// The markers of a JPEG in order, up to its scan.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    loop {
        let marker = jpeg[at + 1];
        found.push(marker);
        if marker == 0xda {
            return found;
        }
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
}

fn assert_clean(photo: &Prepared) {
    for jpeg in [&photo.jpeg, &photo.thumbnail] {
        assert!(!holds(jpeg, b"CANARY"), "the canary survived");
        assert!(!holds(jpeg, b"Exif") && !holds(jpeg, b"ICC_PROFILE") && !holds(jpeg, b"xap"));
        // JFIF, quantisation, frame, Huffman tables, scan; nothing that could carry a word.
        let strange: Vec<u8> =
            markers(jpeg).into_iter().filter(|m| ![0xe0, 0xdb, 0xc0, 0xc4, 0xda].contains(m)).collect();
        assert_eq!(strange, Vec::<u8>::new());
        assert!(jpeg.ends_with(&[0xff, 0xd9]));
    }
}

fn colour(photo: &[u8], x: u32, y: u32) -> &'static str {
    let photo = image::load_from_memory_with_format(photo, ImageFormat::Jpeg).unwrap().into_rgb8();
    match photo.get_pixel(x, y).0 {
        [r, g, b] if r > 150 && g < 90 && b < 90 => "red",
        [r, g, b] if b > 150 && g < 90 && r < 90 => "blue",
        [r, g, b] if r > 240 && g > 240 && b > 240 => "white",
        _ => "other",
    }
}

#[test]
fn a_phone_photo_keeps_its_pixels_and_nothing_else() {
    let sent = phone_jpeg(two_halves(400, 200), 1);
    assert!(holds(&sent, CANARY));
    let kept = prepare(&sent).unwrap();
    assert_clean(&kept);
    assert_eq!((kept.kind, kept.width, kept.height), (Kind::Jpeg, 400, 200));
    assert_eq!((colour(&kept.jpeg, 40, 100), colour(&kept.jpeg, 360, 100)), ("red", "blue"));
    assert_eq!(kept.sha256, data_encoding::HEXLOWER.encode(&Sha256::digest(&kept.jpeg)));
}

#[test]
fn a_photo_taken_sideways_is_turned_upright() {
    // 6: the camera was turned; the left of the sensor is the top of the scene. 3: upside down.
    let kept = prepare(&phone_jpeg(two_halves(400, 200), 6)).unwrap();
    assert_eq!((kept.width, kept.height), (200, 400));
    assert_eq!((colour(&kept.jpeg, 100, 40), colour(&kept.jpeg, 100, 360)), ("red", "blue"));
    assert_eq!(colour(&kept.thumbnail, 80, 32), "red");
    let kept = prepare(&phone_jpeg(two_halves(400, 200), 3)).unwrap();
    assert_eq!((colour(&kept.jpeg, 40, 100), colour(&kept.jpeg, 360, 100)), ("blue", "red"));
    let kept = prepare(&phone_jpeg(two_halves(400, 200), 77)).unwrap();
    assert_eq!((kept.width, kept.height), (400, 200), "a nonsense orientation is none");
}

#[test]
fn the_words_in_a_png_are_gone() {
    let mut compressed = b"Comment\0\0".to_vec();
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut writer, CANARY).unwrap();
    compressed.extend(writer.finish().unwrap());
    let sent = with_chunks(
        &png(two_halves(300, 100)),
        &[
            chunk(b"tEXt", &[b"Author\0", CANARY].concat()),
            chunk(b"zTXt", &compressed),
            chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", CANARY].concat()),
            chunk(b"eXIf", &exif(6)),
        ],
    );
    let kept = prepare(&sent).unwrap();
    assert_clean(&kept);
    assert_eq!((kept.kind, kept.width, kept.height), (Kind::Png, 100, 300), "its EXIF block turns it too");
}

#[test]
fn the_words_in_a_webp_are_gone() {
    let sent =
        extended_webp(&webp(two_halves(300, 100)), (300, 100), 0x0c, &[(b"EXIF", exif(6)), (b"XMP ", CANARY.to_vec())]);
    let kept = prepare(&sent).unwrap();
    assert_clean(&kept);
    assert_eq!((kept.kind, kept.width, kept.height), (Kind::WebP, 100, 300));
    assert_eq!(prepare(&webp(two_halves(300, 100))).unwrap().width, 300);
}

#[test]
fn a_large_photo_is_shrunk_and_its_small_copy_is_small() {
    let kept = prepare(&jpeg(busy(4_000, 3_000))).unwrap();
    assert_eq!((kept.width, kept.height), (2_048, 1_536));
    let small = image::load_from_memory(&kept.thumbnail).unwrap();
    assert_eq!((small.width(), small.height()), (320, 240));
    let narrow = prepare(&png(two_halves(9_000, 3))).unwrap();
    assert_eq!((narrow.width, narrow.height), (2_048, 1));
}

#[test]
fn a_small_photo_is_never_blown_up() {
    let kept = prepare(&png(two_halves(2, 1))).unwrap();
    assert_eq!((kept.width, kept.height), (2, 1));
    let small = image::load_from_memory(&kept.thumbnail).unwrap();
    assert_eq!((small.width(), small.height()), (2, 1));
}

#[test]
fn what_is_transparent_becomes_white_and_grey_or_deep_pictures_are_taken() {
    assert_eq!(colour(&prepare(&see_through(50, 50)).unwrap().jpeg, 25, 25), "white");
    let grey = image::GrayImage::from_pixel(60, 40, image::Luma([255]));
    assert_eq!(colour(&prepare(&as_format(grey, ImageFormat::Jpeg)).unwrap().jpeg, 9, 9), "white");
    let deep = image::DynamicImage::ImageRgb16(image::ImageBuffer::from_pixel(60, 40, image::Rgb([u16::MAX, 0, 0])));
    assert_eq!(colour(&prepare(&as_format(deep, ImageFormat::Png)).unwrap().jpeg, 9, 9), "red");
}

#[test]
fn the_same_photo_has_the_same_address() {
    let sent = phone_jpeg(busy(600, 500), 1);
    assert_eq!(prepare(&sent).unwrap(), prepare(&sent).unwrap());
    let other_words = with_segments(&sent, &[(0xfe, b"another comment".to_vec())]);
    assert_eq!(prepare(&sent).unwrap().sha256, prepare(&other_words).unwrap().sha256);
}

#[test]
fn what_was_kept_can_be_prepared_again() {
    let once = prepare(&jpeg(busy(2_500, 1_200))).unwrap();
    let twice = prepare(&once.jpeg).unwrap();
    assert_eq!((once.width, once.height), (twice.width, twice.height));
}

proptest! {
    #[test]
    fn a_fitted_size_keeps_limit_and_proportion(
        width in 1_u32..12_000, height in 1_u32..12_000,
        longest in prop::sample::select(vec![STORED_SIDE_MAX_PIXELS, THUMBNAIL_SIDE_MAX_PIXELS]),
    ) {
        let (w, h) = fit(width, height, longest);
        prop_assert!(w >= 1 && h >= 1 && w.max(h) <= longest);
        prop_assert!(w <= width && h <= height);
        if width.max(height) > longest {
            prop_assert_eq!(w.max(h), longest);
            let (exact_w, exact_h) = (f64::from(width), f64::from(height));
            let scale = f64::from(longest) / exact_w.max(exact_h);
            prop_assert!((f64::from(w) - exact_w * scale).abs() <= 0.5 || w == 1);
            prop_assert!((f64::from(h) - exact_h * scale).abs() <= 0.5 || h == 1);
        }
    }
}
