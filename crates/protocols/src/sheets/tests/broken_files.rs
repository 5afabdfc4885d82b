//! Quotation marks, encodings, cut and damaged files, headers.

use super::*;

#[test]
fn a_quoted_field_may_span_lines_and_the_record_starts_on_its_first() {
    let body = format!("{}{}", row("a", "\"two\r\nlines\""), row("b", ""));
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(2, "a"), (4, "b")]));
    assert_eq!(all[0].as_ref().unwrap().title.as_deref(), Some("two\r\nlines"));
}

#[test]
fn a_quotation_mark_left_open_costs_its_own_line_only() {
    // The next mark stands rows later, so a lenient reader would eat b and c.
    let body =
        [row("a", "\"never closed"), row("b", ""), row("c", ""), row("d", "\"fine, really\""), row("e", "")].concat();
    assert_eq!(outline_of(body), lines([(2, "!quotes"), (3, "b"), (4, "c"), (5, "d"), (6, "e")]));
    // No other mark at all: reading reaches the end of the file first.
    let body = [row("a", "\"never closed"), row("b", ""), row("c", "")].concat();
    assert_eq!(outline_of(body), lines([(2, "!quotes"), (3, "b"), (4, "c")]));
}

#[test]
fn text_after_a_closing_mark_is_refused_and_a_mark_inside_plain_text_is_kept() {
    let body = [row("a", "\"x\"y"), row("b", "5\" pipe"), row("c", "")].concat();
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(2, "!quotes"), (3, "b"), (4, "c")]));
    assert_eq!(all[1].as_ref().unwrap().title.as_deref(), Some("5\" pipe"));
}

#[test]
fn an_open_mark_whose_record_does_not_add_up_is_refused_with_the_line_it_reached() {
    let body = format!("a,\"2011\n{}x\",1\n{}", row("b", ""), row("c", ""));
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(2, "!quotes"), (3, "b"), (4, "!field_count"), (5, "c")]));
    assert!(all[0].as_ref().unwrap_err().zh.contains("第 4 行"));
}

#[test]
fn an_open_mark_before_a_very_long_file_is_given_up_at_the_records_limit() {
    let mut body = row("a", "\"open");
    let rows = 2 * MAX_RECORD_BYTES / row("b1000", "").len();
    (0..rows).for_each(|i| body.push_str(&row(&format!("b{i}"), "")));
    let outline = outline_of(&body);
    assert_eq!(outline[0], (2, "!quotes".to_owned()));
    assert_eq!(outline.len(), rows + 1);
    assert!(outline[1..].iter().all(|(_, what)| !what.starts_with('!')));
}

#[test]
fn line_endings_of_either_kind_and_a_last_line_without_one_are_read() {
    let text = format!("{HEADER}{}{}", row("a", ""), row("b", "last"));
    let dos = text.replace('\n', "\r\n");
    let all = read_all(dos.trim_end().as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(2, "a"), (3, "b")]));
    assert_eq!(all[1].as_ref().unwrap().title.as_deref(), Some("last"));
}

#[test]
fn utf8_is_read_with_and_without_its_mark() {
    let text = format!("{HEADER}{}", row("a", "路灯不亮"));
    for bytes in [text.as_bytes().to_vec(), [b"\xEF\xBB\xBF", text.as_bytes()].concat()] {
        let all = read_all(&bytes, &mapping());
        assert_eq!(all[0].as_ref().unwrap().title.as_deref(), Some("路灯不亮"));
    }
}

#[test]
fn gb18030_is_recognised_and_read() {
    let text = format!("{HEADER}{}{}", row("a", "路灯不亮，楼道漆黑"), row("b", "𠀀字也认得"));
    let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
    let mapping = mapping();
    let mut cases = read_cases(&bytes[..], &mapping);
    let titles: Vec<_> = cases.by_ref().map(|c| c.unwrap().title.unwrap()).collect();
    assert_eq!(titles, ["路灯不亮，楼道漆黑", "𠀀字也认得"]);
    assert_eq!(cases.encoding(), Encoding::Gb18030);
}

#[test]
fn a_line_in_another_encoding_is_refused_and_the_rest_is_kept() {
    let mut body = [row("a", "路灯"), row("b", "")].concat().into_bytes();
    let (gbk, _, _) = encoding_rs::GB18030.encode("井盖");
    body.extend(row("c", "X").bytes().flat_map(|b| if b == b'X' { gbk.to_vec() } else { vec![b] }));
    body.extend(row("d", "X").bytes().flat_map(|b| if b == b'X' { vec![0xFF, 0xFE] } else { vec![b] }));
    body.extend(row("e", "楼道").bytes());
    assert_eq!(outline_of(&body), lines([(2, "a"), (3, "b"), (4, "!encoding"), (5, "!encoding"), (6, "e")]));
}

#[test]
fn one_line_that_can_only_be_utf8_outweighs_any_number_of_gbk_lines() {
    let gbk_row = |id: &str| encoding_rs::GB18030.encode(&row(id, "井盖松动")).0.into_owned();
    let body = [row("a", "路灯不亮").into_bytes(), gbk_row("b"), gbk_row("c")].concat();
    assert_eq!(outline_of(&body), lines([(2, "a"), (3, "!encoding"), (4, "!encoding")]));
    // An ASCII file with one such line is read as what that line is.
    let body = [row("a", "").into_bytes(), gbk_row("b")].concat();
    assert_eq!(outline_of(&body), lines([(2, "a"), (3, "b")]));
}

#[test]
fn latin_1_is_never_guessed_but_read_when_the_mapping_says_so() {
    let body: Vec<u8> = row("a", "caf#").bytes().map(|b| if b == b'#' { 0xE9 } else { b }).collect();
    assert_eq!(outline_of(&body), lines([(2, "!encoding")]));
    let stated = Mapping::from_toml(&MAPPING.replace("\"auto\"", "\"windows-1252\"")).unwrap();
    let bytes = [HEADER.as_bytes(), &body, row("b", "#").replace('#', "\u{1}").as_bytes()].concat();
    let all = read_all(&bytes, &stated);
    assert_eq!(all[0].as_ref().unwrap().title.as_deref(), Some("café"));
    let undefined: Vec<u8> = row("c", "#").bytes().map(|b| if b == b'#' { 0x81 } else { b }).collect();
    let all = read_all(&[HEADER.as_bytes(), &undefined].concat(), &stated);
    assert_eq!(outline(&all), lines([(2, "!encoding")]));
}

#[test]
fn a_character_split_over_two_fields_is_two_broken_fields() {
    // "é" is C3 A9: its halves in two fields must not become text by being joined.
    let body: Vec<u8> = "a,2011-07-01 01:00:00,,,,Open,<,>,,\n"
        .bytes()
        .map(|b| match b {
            b'<' => 0xC3,
            b'>' => 0xA9,
            other => other,
        })
        .collect();
    assert_eq!(outline_of(&body), lines([(2, "!encoding")]));
}

#[test]
fn a_file_that_is_no_csv_is_refused_as_a_whole_with_what_to_do() {
    let text = format!("{HEADER}{}", row("a", ""));
    let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for (bytes, code, word) in [
        (Vec::new(), codes::FILE_EMPTY, "empty"),
        (b"\n\r\n".to_vec(), codes::FILE_EMPTY, "nothing"),
        ([b"\xFF\xFE".to_vec(), wide(u16::to_le_bytes)].concat(), codes::FILE_UTF16, "UTF-16"),
        ([b"\xFE\xFF".to_vec(), wide(u16::to_be_bytes)].concat(), codes::FILE_UTF16, "UTF-16"),
        (wide(u16::to_le_bytes), codes::FILE_UTF16, "UTF-16"),
        (wide(u16::to_be_bytes), codes::FILE_UTF16, "UTF-16"),
        (b"PK\x03\x04rest".to_vec(), codes::FILE_NOT_CSV, "spreadsheet"),
        (b"\xD0\xCF\x11\xE0rest".to_vec(), codes::FILE_NOT_CSV, "spreadsheet"),
    ] {
        let all = read_all(&bytes, &mapping());
        assert_eq!(outline(&all), lines([(1, &format!("!{code}"))]));
        let refusal = all[0].as_ref().unwrap_err();
        assert!(refusal.en.contains(word) && !refusal.zh.is_empty(), "{refusal:?}");
    }
}

#[test]
fn a_header_without_a_mapped_column_is_refused_naming_every_one() {
    let text = format!("{}{}", HEADER.replace("due", "target").replace("lat", "y"), row("a", ""));
    let all = read_all(text.as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(1, "!header_missing")]));
    assert!(all[0].as_ref().unwrap_err().en.contains("due, lat"), "{all:?}");
    let twice = format!("{}{}", HEADER.replace("title", "due"), row("a", ""));
    let mapping = Mapping::from_toml(&MAPPING.replace("title = \"title\"\n", "")).unwrap();
    assert_eq!(outline(&read_all(twice.as_bytes(), &mapping)), lines([(1, "!header_twice")]));
    let quoted = format!("{}{}", HEADER.replace("title", "\"title"), row("a", ""));
    assert_eq!(outline(&read_all(quoted.as_bytes(), &self::mapping())), lines([(1, "!header_unreadable")]));
    let wide = format!("{}{}\n", HEADER.trim_end(), ",x".repeat(MAX_COLUMNS));
    assert_eq!(outline(&read_all(wide.as_bytes(), &self::mapping())), lines([(1, "!header_unreadable")]));
}

#[test]
fn columns_are_found_by_name_in_any_order_and_letter_case() {
    let text =
        " Title ,LAT,lon,WARD,status,flag,closed,due,opened,ID\nx,42.27,-71.07,03,Open,,,,2011-07-01 01:00:00,a\n";
    let case = read_all(text.as_bytes(), &mapping()).remove(0).unwrap();
    assert_eq!((case.external_id.as_str(), case.title.as_deref(), case.place.as_deref()), ("a", Some("x"), Some("3")));
}

#[test]
fn half_a_gzip_file_keeps_every_complete_row_and_says_that_it_is_cut_off() {
    let text: String = std::iter::once(HEADER.to_owned())
        .chain((0..4_000).map(|i| row(&format!("a{i}"), &format!("t{}", i * i))))
        .collect();
    let whole = gzip(text.as_bytes());
    assert_eq!(read_all(&whole, &mapping()).len(), 4_000);
    for keep in [2, 9, 12, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let all = read_all(&whole[..keep], &mapping());
        let (last, rows) = all.split_last().expect("at least the refusal");
        let refusal = last.as_ref().unwrap_err();
        assert_eq!(refusal.code, codes::FILE_CUT_OFF, "{keep}");
        assert!(rows.iter().all(Result::is_ok), "no half row is refused or taken on its own");
        if keep > 100 {
            assert!(rows.len() > 500 && refusal.line == rows.len() as u64 + 2, "{keep}: {}", rows.len());
        }
    }
}

#[test]
fn a_damaged_gzip_file_keeps_the_rows_before_the_damage() {
    let text: String =
        std::iter::once(HEADER.to_owned()).chain((0..4_000).map(|i| row(&format!("a{i}"), ""))).collect();
    let mut bytes = gzip(text.as_bytes());
    let crc = bytes.len() - 8;
    bytes[crc] ^= 0xFF;
    let all = read_all(&bytes, &mapping());
    assert_eq!(all.iter().filter(|r| r.is_ok()).count(), 4_000);
    assert_eq!(all.last().unwrap().as_ref().unwrap_err().code, codes::FILE_DAMAGED);
}

#[test]
fn gzip_in_several_members_is_one_file() {
    let bytes = [gzip(HEADER.as_bytes()), gzip(row("a", "").as_bytes()), gzip(row("b", "").as_bytes())].concat();
    assert_eq!(outline(&read_all(&bytes, &mapping())), lines([(2, "a"), (3, "b")]));
}

#[test]
fn a_source_that_fails_ends_with_one_refusal() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("the disk went away"));
            }
            self.0.read(into)
        }
    }
    let text = format!("{HEADER}{}b,half a li", row("a", ""));
    let all = read_from(Failing(text.as_bytes()), &mapping());
    assert_eq!(outline(&all), lines([(2, "a"), (3, "!file_unreadable")]));
    assert!(all[1].as_ref().unwrap_err().en.contains("the disk went away"));
    assert_eq!(outline(&read_from(Failing(b""), &mapping())), lines([(1, "!file_unreadable")]));
}

#[test]
fn past_the_greatest_number_of_rows_reading_ends_with_one_refusal() {
    let text: String = std::iter::once(HEADER.to_owned()).chain((0..5).map(|i| row(&i.to_string(), ""))).collect();
    let mapping = mapping();
    let mut cases = read_cases(text.as_bytes(), &mapping);
    cases.max_rows = 3;
    let all: Vec<_> = cases.by_ref().collect();
    assert_eq!(outline(&all), lines([(2, "0"), (3, "1"), (4, "2"), (5, "!too_many_rows")]));
    assert_eq!(cases.counts().records, 4);
}
