//! Tests of the room, by what they look at.

use std::io::{Read, Write};

use super::*;

mod boston;
mod broken_files;
mod mappings;
mod moments;
mod properties;
mod rows;

/// A small source, told apart from Boston's by its words and its semicolonless plainness.
pub(super) const MAPPING: &str = r#"
origin = "test"
encoding = "auto"
[columns]
external_id = "id"
opened = "opened"
due = "due"
closed = "closed"
on_time = "flag"
status = "status"
place = "ward"
longitude = "lon"
latitude = "lat"
title = "title"
[time]
zone = "America/New_York"
formats = ["%Y-%m-%d %H:%M:%S"]
[status]
open = ["Open"]
closed = ["Closed"]
[on_time]
yes = ["ONTIME"]
no = ["OVERDUE"]
[place]
strip_prefixes = ["Ward"]
strip_leading_zeros = true
[area]
west = -72.0
south = 42.0
east = -70.0
north = 43.0
[[placeholder]]
name = "City Hall"
longitude = -71.0587
latitude = 42.3594
"#;

pub(super) const HEADER: &str = "id,opened,due,closed,flag,status,ward,lon,lat,title\n";

pub(super) fn mapping() -> Mapping {
    Mapping::from_toml(MAPPING).expect("the test mapping is good")
}

/// A good row with this id and title.
pub(super) fn row(id: &str, title: &str) -> String {
    format!(
        "{id},2011-07-01 01:00:00,2011-07-02 01:00:00,2011-07-01 05:00:00,ONTIME,Closed,Ward 3,-71.07,42.27,{title}\n"
    )
}

/// Everything that comes out, in order; checks the counts on the way.
pub(super) fn read_all(bytes: &[u8], mapping: &Mapping) -> Vec<Result<ImportCase, Refusal>> {
    read_from(bytes, mapping)
}

pub(super) fn read_from(reader: impl Read, mapping: &Mapping) -> Vec<Result<ImportCase, Refusal>> {
    let mut cases = read_cases(reader, mapping);
    let all: Vec<_> = cases.by_ref().collect();
    let counts = cases.counts();
    assert_eq!(counts.records, all.len() as u64);
    assert_eq!(counts.accepted, all.iter().filter(|r| r.is_ok()).count() as u64);
    assert_eq!(counts.accepted + counts.refused, counts.records);
    assert!(cases.next().is_none(), "the end stays the end");
    all
}

/// `(line, id)` of the accepted, `(line, code)` of the refused.
pub(super) fn outline(all: &[Result<ImportCase, Refusal>]) -> Vec<(u64, String)> {
    all.iter()
        .map(|r| match r {
            Ok(case) => (case.line, case.external_id.clone()),
            Err(refusal) => (refusal.line, format!("!{}", refusal.code)),
        })
        .collect()
}

/// Outline of a file made of the header and these lines.
pub(super) fn outline_of(body: impl AsRef<[u8]>) -> Vec<(u64, String)> {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend_from_slice(body.as_ref());
    outline(&read_all(&bytes, &mapping()))
}

/// Short spelling of an expected outline.
pub(super) fn lines<const N: usize>(expected: [(u64, &str); N]) -> Vec<(u64, String)> {
    expected.iter().map(|(line, what)| (*line, (*what).to_owned())).collect()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).expect("memory");
    writer.finish().expect("memory")
}
