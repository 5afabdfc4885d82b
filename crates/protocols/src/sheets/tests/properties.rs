//! What holds for every input.

use std::io::Read;

use proptest::prelude::*;

use super::super::records::{Fields, Split, split};
use super::*;

/// Hands out one to a few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let most = into.len().min(self.1);
        self.0.read(&mut into[..most])
    }
}

/// Bytes that look like our files more often than chance would have it.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b"\0".to_vec()),
        Just("灯".as_bytes().to_vec()),
        Just(b"2011-07-01 01:00:00".to_vec()),
        Just(row("a", "t").into_bytes()),
        Just(row("b", "\"q\"").into_bytes()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_are_accounted_for_and_never_panic(body in bytes(), with_header: bool, packed: bool) {
        let mut file = if with_header { HEADER.as_bytes().to_vec() } else { Vec::new() };
        file.extend_from_slice(&body);
        let file = if packed { gzip(&file) } else { file };
        let mapping = mapping();
        let at_once = read_all(&file, &mapping);
        prop_assert_eq!(&at_once, &read_from(Trickle(&file, 0), &mapping), "how the bytes arrive does not matter");
        let lines: Vec<u64> = at_once.iter().map(|r| r.as_ref().map_or_else(|e| e.line, |c| c.line)).collect();
        prop_assert!(lines.windows(2).all(|w| w[0] < w[1]), "each line starts at most one record: {:?}", lines);
    }

    #[test]
    fn without_quotation_marks_every_line_is_the_header_blank_or_one_record(
        body in prop::collection::vec("[a-z0-9,\r \0]{0,30}", 0..40),
    ) {
        let text = format!("{HEADER}{}", body.join("\n"));
        let mapping = mapping();
        let mut cases = read_cases(text.as_bytes(), &mapping);
        let all = cases.by_ref().count() as u64;
        let lines = text.split_terminator('\n').count() as u64;
        prop_assert_eq!(1 + all + cases.counts().blank_lines, lines);
    }

    #[test]
    fn a_cut_anywhere_keeps_the_rows_before_it(cut in 0.0..1.0_f64, rows in 1..60_usize) {
        let text: String = std::iter::once(HEADER.to_owned())
            .chain((0..rows).map(|i| row(&i.to_string(), "t"))).collect();
        let packed = gzip(text.as_bytes());
        let keep = (cut * packed.len() as f64) as usize;
        let all = read_all(&packed[..keep], &mapping());
        let whole = read_all(text.as_bytes(), &mapping());
        let (last, before) = all.split_last().expect("a refusal at least");
        prop_assert!(last.is_err());
        prop_assert_eq!(before, &whole[..before.len()]);
    }

    #[test]
    fn well_formed_records_split_as_the_csv_library_splits_them(
        table in prop::collection::vec(prop::collection::vec("[a-c,\"\r\n 灯]{0,6}", 3), 1..8),
    ) {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        for record in &table {
            writer.write_record(record).expect("memory");
        }
        let bytes = writer.into_inner().expect("memory");
        let (mut rest, mut fields, mut got) = (&bytes[..], Fields::default(), Vec::new());
        while !rest.is_empty() {
            let Split::Record { used } = split(rest, b',', true, &mut fields) else {
                return Err(TestCaseError::fail(format!("{rest:?}")));
            };
            rest = &rest[used..];
            got.push(fields.iter().map(|f| String::from_utf8(f.to_vec()).expect("text")).collect::<Vec<_>>());
        }
        prop_assert_eq!(got, table);
    }
}
