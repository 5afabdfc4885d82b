//! One bad row is refused by line and reason; its neighbours are kept.

use super::*;

#[test]
fn a_good_row_becomes_a_case_with_every_mapped_column() {
    let text = format!("{HEADER}{}", row("a", "\"Lamp, \"\"out\"\" again\""));
    let case = read_all(text.as_bytes(), &mapping()).remove(0).unwrap();
    assert_eq!((case.line, case.external_id.as_str()), (2, "a"));
    assert_eq!(case.title.as_deref(), Some("Lamp, \"out\" again"));
    assert_eq!(case.closed_ms.unwrap() - case.opened_ms, 4 * 3_600_000);
    assert_eq!(case.due_ms.unwrap() - case.opened_ms, 24 * 3_600_000);
    assert_eq!((case.status, case.on_time_flag), (Status::Closed, Some(true)));
    assert_eq!(case.place.as_deref(), Some("3"));
    assert_eq!(case.point, Some(Point { lon: -71.07, lat: 42.27, placeholder: false }));
    assert_eq!((case.item, case.zip, case.repeat_of_line), (None, None, None));
}

#[test]
fn a_row_with_too_few_or_too_many_fields_is_refused_alone() {
    let body = format!("{}x,y\n{}{},extra\n{}", row("a", ""), row("b", ""), row("c", "t").trim_end(), row("d", ""));
    assert_eq!(outline_of(body), lines([(2, "a"), (3, "!field_count"), (4, "b"), (5, "!field_count"), (6, "d")]));
}

#[test]
fn blank_lines_are_no_records_but_count_as_lines() {
    let text = format!("\n{HEADER}\r\n{}\n\n{}\n", row("a", ""), row("b", ""));
    let mapping = mapping();
    let mut cases = read_cases(text.as_bytes(), &mapping);
    let all: Vec<_> = cases.by_ref().collect();
    assert_eq!(outline(&all), lines([(4, "a"), (7, "b")]));
    assert_eq!(cases.counts(), Counts { records: 2, accepted: 2, refused: 0, blank_lines: 5 });
}

#[test]
fn an_id_is_needed_short_and_once() {
    let long = "9".repeat(MAX_ID_BYTES + 1);
    let body = format!("{}{}{}{}{}", row(" ", ""), row(&long, ""), row("a", "one"), row("a", "one"), row("a", "two"));
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    assert_eq!(outline(&all), lines([(2, "!id_empty"), (3, "!id_too_long"), (4, "a"), (5, "a"), (6, "!id_twice")]));
    assert_eq!(all[3].as_ref().unwrap().repeat_of_line, Some(4));
    assert!(all[4].as_ref().unwrap_err().zh.contains("第 4 行"));
}

#[test]
fn a_refused_row_does_not_take_its_id() {
    let body = format!("a,never,,,,Open,,,,\n{}", row("a", ""));
    assert_eq!(outline_of(body), lines([(2, "!opened"), (3, "a")]));
}

#[test]
fn moving_text_between_two_fields_is_other_content() {
    let with = |ward: &str, title: &str| format!("a,2011-07-01 01:00:00,,,,Open,{ward},,,{title}\n");
    let body = format!("{}{}", with("\"1,\"", "x"), with("1", "\",x\""));
    assert_eq!(outline_of(body), lines([(2, "a"), (3, "!id_twice")]));
}

#[test]
fn coordinates_are_refused_by_what_is_wrong_with_them() {
    let at = |id: &str, lon: &str, lat: &str| format!("{id},2011-07-01 01:00:00,,,,Open,,{lon},{lat},\n");
    let body = [
        at("none", "", " "),
        at("half", "-71.07", ""),
        at("word", "-71.07", "north"),
        at("nan", "nan", "42.27"),
        at("inf", "-71.07", "inf"),
        at("swap", "42.27", "-71.07"),
        at("sign", "71.07", "42.27"),
        at("zero", "0", "0"),
        at("hall", "-71.0587", "42.3594"),
        at("near", "-71.0588", "42.3594"),
    ]
    .concat();
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    assert_eq!(
        outline(&all),
        lines([
            (2, "none"),
            (3, "!coordinates"),
            (4, "!coordinates"),
            (5, "!coordinates"),
            (6, "!coordinates"),
            (7, "!coordinates_swapped"),
            (8, "!coordinates_outside"),
            (9, "!coordinates_outside"),
            (10, "hall"),
            (11, "near"),
        ])
    );
    let swapped = all[5].as_ref().unwrap_err();
    assert!(swapped.en.contains("look swapped") && swapped.zh.contains("写反"), "{swapped:?}");
    let placeholders: Vec<bool> = all.iter().flatten().filter_map(|c| c.point).map(|p| p.placeholder).collect();
    assert_eq!(placeholders, [true, false]);
}

#[test]
fn without_an_area_only_the_globe_tells_swapped_coordinates() {
    let toml = MAPPING.replace("[area]\nwest = -72.0\nsouth = 42.0\neast = -70.0\nnorth = 43.0\n", "");
    let body = "a,2011-07-01 01:00:00,,,,Open,,30.25,120.15,\nb,2011-07-01 01:00:00,,,,Open,,120.15,30.25,\nc,2011-07-01 01:00:00,,,,Open,,181,181,\n";
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &Mapping::from_toml(&toml).unwrap());
    assert_eq!(outline(&all), lines([(2, "!coordinates_swapped"), (3, "b"), (4, "!coordinates_outside")]));
}

#[test]
fn words_that_the_mapping_does_not_know_and_contradictions_are_refused() {
    let with =
        |closed: &str, flag: &str, status: &str| format!("x,2011-07-01 01:00:00,,{closed},{flag},{status},,,,\n");
    for (body, code) in [
        (with("", "", "Pending"), codes::STATUS),
        (with("", "", ""), codes::STATUS),
        (with("", "", "Closed"), codes::STATUS_CONTRADICTS),
        (with("2011-07-01 02:00:00", "", "Open"), codes::STATUS_CONTRADICTS),
        (with("", "MAYBE", "Open"), codes::ON_TIME),
    ] {
        assert_eq!(outline_of(&body), lines([(2, &format!("!{code}"))]), "{body}");
    }
}

#[test]
fn a_long_field_a_nul_and_a_long_line_are_refused_alone() {
    let long_field = "x".repeat(MAX_FIELD_BYTES + 1);
    let long_line = "y".repeat(MAX_RECORD_BYTES + 1);
    let body = format!(
        "{}{}{}{}{}{}{}",
        row("a", &long_field),
        row("b", &long_field[1..]),
        row("c", "nul\0here"),
        row("d", ""),
        row("e", &long_line),
        row("f", &format!("\"{long_line}\"")),
        row("g", "")
    );
    assert_eq!(
        outline_of(body),
        lines([
            (2, "!field_too_long"),
            (3, "b"),
            (4, "!nul"),
            (5, "d"),
            (6, "!record_too_long"),
            (7, "!record_too_long"),
            (8, "g"),
        ])
    );
}

#[test]
fn a_message_never_carries_a_long_or_broken_value() {
    let value = format!("{}\t{}", "甲".repeat(10), "z".repeat(500));
    let body = format!("a,{value},,,,Open,,,,\n");
    let all = read_all(format!("{HEADER}{body}").as_bytes(), &mapping());
    let refusal = all[0].as_ref().unwrap_err();
    assert!(refusal.en.chars().count() < 200 && !refusal.en.contains('\t'), "{refusal:?}");
}
