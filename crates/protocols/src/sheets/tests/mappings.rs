//! What a mapping file may say.

use super::*;

fn fault(from: &str, to: &str) -> MappingFault {
    assert!(MAPPING.contains(from), "the test mapping says {from:?}");
    Mapping::from_toml(&MAPPING.replacen(from, to, 1)).expect_err("a faulty mapping is refused")
}

fn line_with(text: &str) -> usize {
    MAPPING.lines().position(|l| l.contains(text)).expect("a line") + 1
}

#[test]
fn a_misspelt_key_is_refused_with_its_line() {
    let fault = fault("closed = \"closed\"", "clozed = \"closed\"");
    assert_eq!(fault.line, line_with("closed = \"closed\""));
    assert!(fault.en.contains("clozed"), "{fault}");
}

#[test]
fn an_unknown_zone_and_a_format_without_a_day_are_refused_at_their_line() {
    let zone = fault("America/New_York", "America/Boston");
    assert_eq!(zone.line, line_with("zone ="));
    assert!(zone.zh.contains("America/Boston"), "{zone}");
    let format = fault("%Y-%m-%d %H:%M:%S", "%H:%M");
    assert_eq!(format.line, line_with("formats ="));
    assert_eq!(fault("[\"%Y-%m-%d %H:%M:%S\"]", "[]").line, line_with("formats ="));
    let as_of = fault("[status]", "as_of = \"2019-13-01 00:00:00\"\n[status]");
    assert!(as_of.en.contains("2019-13-01"), "{as_of}");
}

#[test]
fn half_a_point_a_box_inside_out_and_a_status_without_words_are_refused() {
    assert!(fault("latitude = \"lat\"\n", "").en.contains("both longitude and latitude"));
    assert!(fault("west = -72.0", "west = -69.0").en.contains("no box"));
    assert!(fault("open = [\"Open\"]", "open = []").en.contains("[status]"));
    assert!(fault("yes = [\"ONTIME\"]", "yes = []").en.contains("[on_time]"));
    assert!(fault("longitude = -71.0587", "longitude = -271.0587").en.contains("out of range"));
    assert!(fault("origin = \"test\"", "origin = \"test\"\ndelimiter = \"x\"").en.contains("delimiter"));
}

#[test]
fn a_place_has_one_spelling() {
    let rule = mapping().place;
    for (written, meant) in [
        ("Ward 17", "17"),
        ("17", "17"),
        (" ward 03 ", "3"),
        ("03", "3"),
        ("Ward3", "3"),
        ("00", "0"),
        ("Ward 10", "10"),
        ("01A", "01A"),
        ("龙腾社区", "龙腾社区"),
    ] {
        assert_eq!(rule.normalise(written), Some(meant), "{written:?}");
    }
    assert_eq!(rule.normalise(" "), None);
    assert_eq!(rule.normalise("Ward "), None);
    let plain = PlaceRule::default();
    assert_eq!(plain.normalise("Ward 03"), Some("Ward 03"));
}
