//! A fault is planted in a pack that has none; exactly that fault is told, where it stands.

use std::{collections::BTreeSet, fs, path::Path};

use super::small::{MemoryFiles, small};
use crate::pack::{FAULT_KINDS, FAULTS_MAX, FILE_BYTES_MAX, FILES_MAX, Fault, PackFiles, check, check_dir, load};

/// A fault that must be told: code, file, line.
type Told = (&'static str, String, u32);

fn told(faults: &[Fault]) -> Vec<Told> {
    faults.iter().map(|f| (f.code, f.file.clone(), f.line)).collect()
}

/// What is planted in one file by replacing words: (code, file, line, old words, new words).
const PLANTED: &[(&str, &str, u32, &str, &str)] = &[
    ("pack.base_unknown", "pack.toml", 1, "id = \"small\"", "base = \"atlantis\"\nid = \"small\""),
    ("pack.field_missing", "pack.toml", 1, "ask_days = 7\n", ""),
    ("toml.unknown_key", "pack.toml", 12, "ask_days", "ask_dayz"),
    ("toml.syntax", "pack.toml", 13, "reopen_days = 30", "reopen_days = thirty"),
    ("toml.syntax", "pack.toml", 15, "5 work_days", "5 fortnights"),
    ("toml.syntax", "flows/case.toml", 1, "id = ", "id + "),
    ("value.bad", "pack.toml", 5, "Asia/Shanghai", "Asia/Lin'an"),
    ("value.bad", "pack.toml", 6, "\"china\"", "\"sometimes\""),
    ("value.bad", "pack.toml", 3, "\"SM\"", "\"Small\""),
    ("value.bad", "pack.toml", 4, "330199", "33019"),
    ("value.bad", "pack.toml", 9, "\"en\"]", "\"fr\"]"),
    ("value.bad", "pack.toml", 7, "[2026, 2026]", "[2026, 2025]"),
    ("value.bad", "pack.toml", 1, "id = \"small\"", "without = [\"everything\"]\nid = \"small\""),
    ("text.one_language", "pack.toml", 2, ", en = \"Small\"", ""),
    ("text.one_language", "posts.toml", 1, "en = \"officer\"\n", ""),
    ("text.one_language", "texts/pack.toml", 4, ", en = \"word\"", ""),
    ("text.one_language", "texts/pack.toml", 4, "en = \"word\"", "en = \" \""),
    ("text.bad", "texts/pack.toml", 4, "{ zh = \"字\", en = \"word\" }", "\"字\""),
    ("text.bad", "texts/pack.toml", 4, "en = \"word\"", "en = \"word\", fr = \"mot\""),
    ("level.unknown", "posts.toml", 1, "[\"township\"]", "[\"galaxy\"]"),
    ("level.unknown", "places.csv", 5, "西街道,township", "西街道,galaxy"),
    ("role.unknown", "posts.toml", 9, "role = \"officer\"\nin_body", "role = \"king\"\nin_body"),
    ("permission.unknown", "roles.toml", 11, "  \"case.read\",", "  \"case.reed\","),
    ("post.unknown", "teams.toml", 1, "{ post = \"officer\", min", "{ post = \"pilot\", min"),
    ("post.unknown", "holdings.csv", 3, "wu,handler", "wu,juggler"),
    ("value.bad", "teams.toml", 1, "min = 1, max = 1", "min = 2, max = 1"),
    ("value.bad", "teams.toml", 1, "\"households\"", "\"horses\""),
    ("value.bad", "teams.toml", 1, "low = 1, high = 9", "low = 9, high = 1"),
    ("value.empty", "levels.toml", 1, "zh = \"区\"", "zh = \"\""),
    ("item.no_closing", "catalogue.csv", 2, "灯亮|看过,It works|It was seen", ","),
    ("item.no_limit", "catalogue.csv", 2, "4 work_hours", ""),
    ("limit.bad", "catalogue.csv", 2, "3 个工作日", "很快"),
    ("limit.bad", "catalogue.csv", 2, "4 work_hours", "0 work_hours"),
    ("item.closing_languages", "catalogue.csv", 2, "|It was seen", ""),
    ("item.class_unnamed", "texts/pack.toml", 0, "facility =", "faculty ="),
    ("value.bad", "catalogue.csv", 2, ",after,", ",perhaps,"),
    ("value.bad", "catalogue.csv", 2, ",yes,", ",maybe,"),
    ("value.empty", "catalogue.csv", 2, "lamp,路灯不亮", "lamp,"),
    ("csv.column_missing", "catalogue.csv", 1, ",handle,", ",handel,"),
    ("csv.column_unknown", "bodies.csv", 1, "contact", "contacts"),
    ("csv.field_count", "accounts.csv", 2, "sm-zhou,zhou", "sm-zhou,zhou,zhou"),
    ("csv.field_count", "holdings.csv", 2, "\"09:00-11:30,14:00-17:00\"", "09:00-11:30,14:00-17:00"),
    ("item.unknown", "duties.csv", 3, "facility,", "faculty,"),
    ("body.unknown", "duties.csv", 4, "*,330199,works", "*,330199,workers"),
    ("body.unknown", "bodies.csv", 3, "party,works", "party,workers"),
    ("place.unknown", "duties.csv", 4, "*,330199,", "*,330198,"),
    ("place.unknown", "places.geojson", 2, "{\"code\":\"330199\"}", "{\"code\":\"330198\"}"),
    ("value.bad", "duties.csv", 2, "works,lead", "works,leed"),
    ("value.bad", "bodies.csv", 2, "照明队,department", "照明队,departement"),
    ("value.bad", "bodies.csv", 3, "330199001,yes", "330199001,no"),
    ("body.cycle", "bodies.csv", 3, "party,works", "party,party"),
    ("place.parent_missing", "places.csv", 5, "西街道,township,330199", "西街道,township,330198"),
    ("place.parent_level", "places.csv", 5, "西街道,township,330199", "西街道,township,330199001"),
    ("place.code_bad", "places.csv", 3, "330199-Z1,东片", "330199Z1,东片"),
    ("place.name_twice", "places.csv", 5, "西街道,township", "东片,township"),
    ("place.roots", "places.csv", 5, "西街道,township,330199", "西街道,township,"),
    ("value.bad", "places.csv", 4, "东街,9,", "东街,nine,"),
    ("value.bad", "places.csv", 4, "2020-01-01", "2020-13-01"),
    ("holding.term", "places.csv", 4, "2020-01-01,", "2020-01-01,2019-01-01"),
    ("place.boundary_bad", "places.geojson", 4, "[120.1,30.1],[120,30.1],[120,30]]", "[120.1,30.1],[120,30.1]]"),
    (
        "place.outside_parent",
        "places.geojson",
        4,
        "[120.1,30.1],[120,30.1],[120,30]]",
        "[120.1,30.1],[119,30.1],[120,30]]",
    ),
    ("geojson.syntax", "places.geojson", 3, "\"code\":\"330199001\"", "\"kode\":\"330199001\""),
    (
        "geojson.syntax",
        "places.geojson",
        4,
        "\"type\":\"Feature\",\"properties\":{\"code\":\"330199002\"}",
        "\"type\":\"Feature\",\"properties\":[}",
    ),
    ("person.unknown", "holdings.csv", 3, "wu,handler", "wo,handler"),
    ("person.unknown", "accounts.csv", 2, "sm-zhou,zhou", "sm-zhou,chou"),
    ("holding.where", "holdings.csv", 3, "handler,,works", "handler,330199,works"),
    ("holding.where", "holdings.csv", 3, "handler,,works", "handler,,"),
    ("holding.level", "holdings.csv", 2, "officer,330199001,", "officer,330199,"),
    ("holding.level", "holdings.csv", 3, "wu,handler", "wu,officer"),
    ("holding.term", "holdings.csv", 2, "2027-01-01", "2025-01-01"),
    ("value.bad", "holdings.csv", 2, "09:00-11:30", "09:00-08:30"),
    ("value.bad", "holdings.csv", 2, "330199001,,0", "330199001,,first"),
    ("person.real", "people.csv", 2, "199 0000 0001", "138 1234 5678"),
    ("value.bad", "accounts.csv", 2, "sm-zhou", "Sm Zhou"),
    ("calendar.bad", "calendar/2026.toml", 1, "year = 2026", "year = 2025"),
    ("calendar.bad", "calendar/2026.toml", 1, "2026-01-01", "2025-01-01"),
    ("toml.unknown_key", "calendar/2026.toml", 4, "work", "works"),
];

#[test]
fn the_small_pack_has_no_fault() {
    assert_eq!(told(&check(&small())), []);
}

#[test]
fn each_planted_fault_is_told_alone_and_where_it_stands() {
    let mut wrong = Vec::new();
    for (code, file, line, old, new) in PLANTED {
        let faults = check(&small().with(file, old, new));
        // A class without a name is told where the class is used.
        let (file, line) = if *line == 0 { ("catalogue.csv", 2) } else { (*file, *line) };
        let expected = [(*code, file.to_owned(), line)];
        let found = told(&faults);
        if !found.contains(&expected[0]) || found.iter().any(|f| f != &expected[0] && !allowed_beside(code, f.0)) {
            wrong.push(format!("{code} {file}:{line}: {old} → {new}: {faults:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A changed name is unknown in one place and missing in another.
fn allowed_beside(planted: &str, other: &str) -> bool {
    matches!(
        (planted, other),
        ("csv.column_missing", "csv.column_unknown")
            | ("level.unknown", "holding.level" | "place.outside_parent")
            | ("holding.where", "holding.level")
            | ("place.parent_level", "place.outside_parent")
            | ("place.code_bad", "place.parent_missing")
            | ("calendar.bad", "calendar.year_missing")
            | ("place.roots", "place.outside_parent")
    )
}

#[test]
fn lines_added_at_the_end_are_told_by_their_number() {
    let cases = [
        ("key.twice", "accounts.csv", "sm-zhou,wu"),
        ("key.twice", "bodies.csv", "works,照明二队,department,,330199,,"),
        ("key.twice", "bodies.csv", "works2,照明队,department,,330199,,"),
        ("key.twice", "duties.csv", "lamp,330199,works,lead"),
        ("key.twice", "holdings.csv", "wu,handler,,works,,,,,"),
        ("key.twice", "places.csv", "330199002,北街道,township,330199,,,,,,"),
        ("place.code_bad", "places.csv", "33019903,北街道,township,330199,,,,,,"),
        ("place.code_not_under_parent", "places.csv", "330198003,北街道,township,330199-Z1,,,,,,"),
        ("place.name_twice", "places.csv", "330199003,东街,township,330199-Z1,,,,,,"),
        ("team.level_twice", "teams.toml", ""),
        ("csv.field_count", "people.csv", "\nli,李"),
    ];
    for (code, file, line) in cases {
        let (files, number) = match code {
            "team.level_twice" => {
                let again = "[[teams]]\nid = \"two\"\nzh = \"二\"\nen = \"two\"\nlevel = \"township\"\nparts = []";
                small().line(file, again)
            }
            _ => small().line(file, line),
        };
        // A blank line before a row moves the row down by one.
        let number = number + u32::from(line.starts_with('\n'));
        assert_eq!(told(&check(&files)), [(code, file.to_owned(), number)], "{line}");
    }
}

#[test]
fn files_are_limited_and_named() {
    let alone = |files: &dyn PackFiles| told(&check(files));
    let text = |n: usize| format!("# {}\n", "x".repeat(n - 3));
    let fits = text(FILE_BYTES_MAX);
    assert_eq!(alone(&small().file("forms/long.toml", fits)), []);
    let long = text(FILE_BYTES_MAX + 1);
    assert_eq!(alone(&small().file("forms/long.toml", long)), [("file.too_large", "forms/long.toml".to_owned(), 1)]);
    let gbk = b"[class]\nfacility = { zh = \"\xb9\xab\", en = \"x\" }\n";
    assert_eq!(alone(&small().file("texts/pack.toml", gbk)), [("file.not_utf8", "texts/pack.toml".to_owned(), 2)]);
    assert_eq!(alone(&small().file("catalog.csv", "")), [("file.unknown", "catalog.csv".to_owned(), 1)]);
    assert_eq!(alone(&small().file("secrets/key.toml", "")), [("file.unknown", "secrets/key.toml".to_owned(), 1)]);
    let mut many = small();
    for n in 0..FILES_MAX {
        many.0.insert(format!("forms/f{n}.toml"), Vec::new());
    }
    let faults = alone(&many);
    assert_eq!((faults[0].0, faults.len()), ("file.too_many", 1));
    let mut rows = "account,person\n".to_owned();
    rows.extend((0..=crate::pack::ROWS_MAX).map(|n| format!("a{n},zhou\n")));
    let line = u32::try_from(crate::pack::ROWS_MAX).expect("small") + 2;
    assert_eq!(alone(&small().file("accounts.csv", rows)), [("csv.too_many_rows", "accounts.csv".to_owned(), line)]);
    let bad = "account,person\n".to_owned() + &"x\n".repeat(FAULTS_MAX + 10);
    assert_eq!(check(&small().file("accounts.csv", bad)).len(), FAULTS_MAX);
}

#[test]
fn a_byte_order_mark_from_a_spreadsheet_is_no_fault() {
    let mut text = "\u{feff}".as_bytes().to_vec();
    text.extend(&small().0["people.csv"]);
    assert_eq!(told(&check(&small().file("people.csv", text))), []);
}

#[test]
fn a_quoted_cell_over_two_lines_does_not_shift_what_comes_after() {
    let files = small().with("people.csv", "周小明", "\"周\n小明\"").with("people.csv", "wu,吴经办", "wu,");
    assert_eq!(told(&check(&files)), [("value.empty", "people.csv".to_owned(), 4)]);
}

#[test]
fn people_stand_only_in_demo_packs_and_years_must_be_there() {
    let real = small().with("pack.toml", "demo = true", "demo = false");
    let expected =
        vec![("person.not_demo", "accounts.csv".to_owned(), 2), ("person.not_demo", "people.csv".to_owned(), 2)];
    assert_eq!(told(&check(&real)), expected);
    let years = small().with("pack.toml", "[2026, 2026]", "[2025, 2027]");
    assert_eq!(told(&check(&years)), vec![("calendar.year_missing", "pack.toml".to_owned(), 1); 2]);
}

#[test]
fn bases_are_found_and_never_run_in_a_circle() {
    let missing = load("atlantis", None).expect_err("there is none");
    assert_eq!(told(&missing), [("pack.missing", "atlantis/pack.toml".to_owned(), 1)]);
    let none = check(&MemoryFiles::default());
    assert_eq!(told(&none), [("pack.missing", "pack.toml".to_owned(), 1)]);
    let circle = small().with("pack.toml", "id = \"small\"", "id = \"zhejiang\"\nbase = \"linping\"");
    assert_eq!(told(&check(&circle)), [("pack.base_cycle", "linping/pack.toml".to_owned(), 2)]);

    let shelf = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: String| {
        fs::create_dir_all(shelf.path().join(name)).expect("a folder");
        fs::write(shelf.path().join(name).join("pack.toml"), text).expect("a file");
    };
    for n in 0..=crate::pack::BASES_MAX {
        put(&format!("p{n}"), format!("id = \"p{n}\"\nbase = \"p{}\"\n", n + 1));
    }
    put(&format!("p{}", crate::pack::BASES_MAX + 1), "id = \"top\"\n".to_owned());
    let deep = check_dir(&shelf.path().join("p0"), None);
    assert_eq!(told(&deep), [("pack.base_deep", "p8/pack.toml".to_owned(), 2)]);
    put("other", "id = \"linping\"\nbase = \"zhejiang\"\n".to_owned());
    let named = load("other", Some(shelf.path())).expect_err("another id");
    assert_eq!(named[0].code, "pack.id_folder");
}

#[test]
fn every_kind_of_fault_is_planted_in_a_test() {
    let mut planted: BTreeSet<&str> = PLANTED.iter().map(|(code, ..)| *code).collect();
    // The rest is asserted by the other tests of this file, each as the head of what is told.
    let source: String = include_str!("faults.rs").split_whitespace().collect();
    for kind in FAULT_KINDS {
        let (head, alone) = (format!("(\"{}\",", kind.code), format!(".code,\"{}\"", kind.code));
        if source.contains(&head) || source.contains(&alone) {
            planted.insert(kind.code);
        }
    }
    let unplanted: Vec<&str> = FAULT_KINDS.iter().map(|k| k.code).filter(|code| !planted.contains(code)).collect();
    assert!(unplanted.is_empty(), "{unplanted:?}");
}

#[test]
fn the_page_on_packs_lists_every_kind_of_fault() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/packs.md")).expect("docs/packs.md");
    for kind in FAULT_KINDS {
        assert!(page.contains(&format!("`{}`", kind.code)), "docs/packs.md lacks {}", kind.code);
    }
}
