//! Photos that lie, break off, hide something or were made to hurt.

use proptest::prelude::*;

use super::{
    super::{EvidenceFault, prepare},
    crafted::*,
};

#[test]
fn a_pixel_bomb_is_refused_by_its_header() {
    let bomb = png_claiming(30_000, 30_000);
    assert!(bomb.len() < 100);
    assert_eq!(prepare(&bomb), Err(EvidenceFault::SideTooLong { width: 30_000, height: 30_000 }));
    assert_eq!(prepare(&png_claiming(u32::MAX, u32::MAX)).unwrap_err().code(), "side_too_long");
    let many = EvidenceFault::TooManyPixels { width: 8_000, height: 8_000 };
    assert_eq!(prepare(&png_claiming(8_000, 8_000)), Err(many));
    assert_eq!(prepare(&png_claiming(0, 10)).unwrap_err().code(), "damaged");
    let empty_but_allowed = prepare(&png_claiming(6_000, 6_000)).unwrap_err();
    assert!(["damaged", "truncated"].contains(&empty_but_allowed.code()), "{empty_but_allowed:?}");
}

#[test]
fn a_jpeg_bomb_is_refused_by_its_frame() {
    let mut bomb = jpeg(two_halves(16, 16));
    let frame = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    assert_eq!(prepare(&bomb), Err(EvidenceFault::SideTooLong { width: 60_000, height: 60_000 }));
    bomb[frame + 5..frame + 9].copy_from_slice(&[0, 0, 0, 16]);
    assert_eq!(prepare(&bomb).unwrap_err().code(), "damaged");
}

#[test]
fn a_webp_whose_canvas_and_picture_disagree_is_refused() {
    let lie = extended_webp(&webp(two_halves(16, 16)), (8, 8), 0, &[]);
    assert_eq!(prepare(&lie).unwrap_err().code(), "damaged");
    let bomb = extended_webp(&webp(two_halves(16, 16)), (16_000_000, 16_000_000), 0, &[]);
    assert_eq!(prepare(&bomb).unwrap_err().code(), "damaged");
}

#[test]
fn a_photo_with_two_frames_or_endless_scans_is_refused() {
    let photo = jpeg(two_halves(16, 16));
    let at = |marker: u8| photo.windows(2).position(|pair| pair == [0xff, marker]).unwrap();
    let (frame, scan) = (at(0xc0), at(0xda));
    let length = 2 + usize::from(u16::from_be_bytes([photo[frame + 2], photo[frame + 3]]));
    let doubled = [&photo[..frame + length], &photo[frame..]].concat();
    assert_eq!(prepare(&doubled).unwrap_err().code(), "damaged");
    let one_scan = &photo[scan..photo.len() - 2];
    let many = [&photo[..scan], &one_scan.repeat(65), &photo[photo.len() - 2..]].concat();
    assert_eq!(prepare(&many), Err(EvidenceFault::Damaged { why: "too many scans".into() }));
}

#[test]
fn no_photo_that_breaks_off_is_taken() {
    for whole in [jpeg(busy(64, 48)), png(busy(64, 48)), webp(busy(64, 48)), phone_jpeg(busy(64, 48), 6)] {
        prepare(&whole).unwrap();
        for length in (0..whole.len()).step_by(7).chain(whole.len() - 30..whole.len()) {
            let fault = prepare(&whole[..length]).expect_err("a part is not the whole");
            assert!(["empty", "not_a_photo", "truncated", "damaged"].contains(&fault.code()), "{length}: {fault:?}");
            if length > 40 {
                assert_eq!(fault, EvidenceFault::Truncated, "at {length} of {}", whole.len());
            }
        }
    }
}

#[test]
fn what_hides_behind_or_inside_a_photo_is_not_kept() {
    let zip = b"PK\x03\x04 CANARY.exe PK\x05\x06".to_vec();
    let page = b"<html><script>CANARY()</script></html>".to_vec();
    for hidden in [zip, page] {
        for photo in [jpeg(busy(64, 48)), png(busy(64, 48)), webp(busy(64, 48))] {
            let kept = prepare(&[&photo[..], &hidden].concat()).unwrap();
            assert!(!holds(&kept.jpeg, b"CANARY") && !holds(&kept.thumbnail, b"CANARY"));
            assert_eq!(kept, prepare(&photo).unwrap());
        }
        let inside = with_segments(&jpeg(busy(64, 48)), &[(0xfe, hidden.clone()), (0xef, hidden.clone())]);
        assert!(!holds(&prepare(&inside).unwrap().jpeg, b"CANARY"));
        let before = [&hidden[..], &jpeg(busy(64, 48))].concat();
        assert_eq!(prepare(&before).unwrap_err().code(), "not_a_photo");
    }
}

#[test]
fn a_text_bomb_inside_a_png_does_not_hurt() {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut writer, &vec![b'x'; 64 << 20]).unwrap();
    let bomb = [b"Comment\0\0", &writer.finish().unwrap()[..]].concat();
    let sent = with_chunks(&png(two_halves(20, 10)), &[chunk(b"zTXt", &bomb)]);
    // Taken or refused, but the text is not in what is kept.
    if let Ok(kept) = prepare(&sent) {
        assert!(kept.jpeg.len() < 10_000);
    }
}

/// Small photos of each kind to spoil.
fn samples() -> Vec<Vec<u8>> {
    vec![
        phone_jpeg(busy(48, 32), 6),
        with_chunks(&png(busy(48, 32)), &[chunk(b"eXIf", &exif(3))]),
        webp(busy(48, 32)),
        extended_webp(&webp(busy(48, 32)), (48, 32), 0x08, &[(b"EXIF", exif(8))]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn spoilt_photos_are_refused_or_cleaned_and_never_panic(
        which in 0_usize..4,
        spoil in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut photo = samples().swap_remove(which);
        for (at, byte) in spoil {
            let at = at.index(photo.len());
            photo[at] = byte;
        }
        if let Some(cut) = cut {
            photo.truncate(cut.index(photo.len()));
        }
        match prepare(&photo) {
            Ok(kept) => prop_assert!(!holds(&kept.jpeg, b"CANARY") && kept.width.max(kept.height) <= 2_048),
            Err(fault) => prop_assert!(!fault.zh().is_empty() && !fault.en().is_empty()),
        }
    }

    #[test]
    fn noise_is_never_a_photo(noise in prop::collection::vec(any::<u8>(), 0..600), head in 0_usize..4) {
        let heads: [&[u8]; 4] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP"];
        prop_assert!(prepare(&[heads[head], &noise].concat()).is_err());
    }
}
