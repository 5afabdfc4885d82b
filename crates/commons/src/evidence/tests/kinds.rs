//! What is a photo and what is something else.

use super::{
    super::{EVIDENCE_MAX_BYTES, EvidenceFault, Foreign, Kind, prepare, sniff},
    crafted::*,
};

#[test]
fn photos_are_told_by_their_bytes() {
    assert_eq!(sniff(&jpeg(two_halves(8, 8))), Ok(Kind::Jpeg));
    assert_eq!(sniff(&png(two_halves(8, 8))), Ok(Kind::Png));
    assert_eq!(sniff(&webp(two_halves(8, 8))), Ok(Kind::WebP));
}

#[test]
fn what_is_not_a_photo_is_named() {
    let cases: [(&[u8], Foreign); 31] = [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Foreign::Heic),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Foreign::Heic),
        (b"\0\0\0\x1cftypavif\0\0\0\0", Foreign::Avif),
        (b"\0\0\0\x20ftypisom\0\0\x02\0", Foreign::Video),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", Foreign::Video),
        (b"\0\0\0\x14ftypM4A \0\0\0\0", Foreign::Audio),
        (b"GIF89a\x01\0\x01\0", Foreign::Gif),
        (b"GIF87a\x01\0\x01\0", Foreign::Gif),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Foreign::Svg),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- x --><SVG onload='x()'/>", Foreign::Svg),
        (b"%PDF-1.7\n", Foreign::Pdf),
        (b"BM\x36\0\0\0", Foreign::Bmp),
        (b"II*\0\x08\0\0\0", Foreign::Tiff),
        (b"MM\0*\0\0\0\x08", Foreign::Tiff),
        (b"PK\x03\x04\x14\0", Foreign::Archive),
        (b"Rar!\x1a\x07\0", Foreign::Archive),
        (b"7z\xbc\xaf\x27\x1c\0\x04", Foreign::Archive),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", Foreign::Office),
        (b"MZ\x90\0", Foreign::Program),
        (b"\x7fELF\x02", Foreign::Program),
        (b"#!/bin/sh\n", Foreign::Program),
        (b"#!AMR\n", Foreign::Audio),
        (b"ID3\x04\0", Foreign::Audio),
        (b"RIFF\x24\0\0\0WAVEfmt ", Foreign::Audio),
        (b"RIFF\x24\0\0\0AVI LIST", Foreign::Video),
        (b"RIFF\x24\0\0\0EVIL", Foreign::Unknown),
        (b"<!DOCTYPE html><title>x</title>", Foreign::WebPage),
        (b"hello <script>alert(1)</script>", Foreign::WebPage),
        ("路灯坏了".as_bytes(), Foreign::Text),
        (b"\x00\x01\x02\x03", Foreign::Unknown),
        (b"\x89PNG\n\x1a\n", Foreign::Unknown),
    ];
    for (bytes, expected) in cases {
        assert_eq!(sniff(bytes), Err(EvidenceFault::Foreign(expected)), "{}", bytes.escape_ascii());
        assert_eq!(prepare(bytes).unwrap_err().code(), "not_a_photo");
    }
}

#[test]
fn nothing_and_too_much_are_refused() {
    assert_eq!(sniff(&[]), Err(EvidenceFault::Empty));
    let mut large = jpeg(two_halves(8, 8));
    large.resize(EVIDENCE_MAX_BYTES, 0);
    assert_eq!(sniff(&large), Ok(Kind::Jpeg));
    large.push(0);
    assert_eq!(sniff(&large), Err(EvidenceFault::TooManyBytes { bytes: EVIDENCE_MAX_BYTES + 1 }));
}

#[test]
fn a_moving_webp_is_not_a_photo() {
    let moving = extended_webp(&webp(two_halves(8, 8)), (8, 8), 0x02, &[]);
    assert_eq!(prepare(&moving), Err(EvidenceFault::Foreign(Foreign::Animation)));
}

#[test]
fn refusals_say_what_it_is_and_what_to_do() {
    let heic = EvidenceFault::Foreign(Foreign::Heic);
    assert_eq!(
        heic.zh(),
        "这是HEIC 照片，不是能收的照片。请在手机的「设置 - 相机 - 格式」里选「兼容性最佳」后重拍，或截一张图再传。"
    );
    assert!(heic.en().contains("Most Compatible"), "{heic}");
    let large = EvidenceFault::TooManyBytes { bytes: EVIDENCE_MAX_BYTES + 1 };
    assert_eq!(large.zh(), "照片有 13 MB，最多 12 MB。请截一张图，或选小一点的再传。");
    let long = EvidenceFault::SideTooLong { width: 30_000, height: 30_000 };
    assert_eq!(long.en(), "The photo is 30000 by 30000 pixels, at most 12000 a side. Send a screenshot of it.");
}
