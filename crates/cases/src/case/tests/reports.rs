//! Taking a report in: words, place, item, asker, number and receipt.

use kernel::id::{PersonId, Uuid};
use proptest::prelude::*;

use crate::{
    case::{CaseId, PHOTOS_MAX, Photo, Report, TEXT_CHARS_MAX},
    fixture::*,
};

fn said(words: &str) -> Report {
    Report { text: words.into(), ..hole("桂花一网格") }
}

fn read(town: &Town, id: &CaseId) -> String {
    let (engine, content) = (town.engine.clone(), town.case(id).text);
    town.engine.read_now(move |db| crate::view::text(db, engine.keys(), DISTRICT, &content)).unwrap().unwrap()
}

#[test]
fn a_report_gets_a_number_of_its_own_a_place_an_owner_and_a_day() {
    let town = Town::new();
    let first = town.try_report(Who::Asker, hole("桂花一网格")).unwrap();
    let second = town.try_report(Who::Asker, hole("桂花一网格")).unwrap();
    assert!(first.number.starts_with("HD-260302-") && first.number.len() == 14, "{}", first.number);
    assert_ne!(first.number, second.number);
    assert_eq!((first.state.as_str(), first.version, first.near_boundary), ("reported", 1, false));
    assert_eq!(first.grid, town.place("桂花一网格"));
    assert_eq!(first.due_at, town.case(&first.id).promised_at);
    assert_eq!(first.owner, town.case(&first.id).owner);
}

#[test]
fn the_words_are_kept_as_they_were_said() {
    let town = Town::new();
    for words in [
        "门口路上有个大坑",
        "坑 🕳️👨‍👩‍👧 很深",
        "第一行\n第二行",
        "a pot-hole <script>&amp;</script>",
        "ئۇيغۇرچە",
        "𠮷野家门口",
    ] {
        let id = town.try_report(Who::Asker, said(words)).unwrap().id;
        assert_eq!(read(&town, &id), words);
    }
    for (typed, kept) in [
        ("  坑  ", "坑"),
        ("坑\u{0}\u{7}\u{1b}[31m", "坑[31m"),
        ("a\tb\r\nc", "a b\nc"),
        ("x\u{202e}fdp", "xfdp"),
        ("\u{feff}坑", "坑"),
    ] {
        let id = town.try_report(Who::Asker, said(typed)).unwrap().id;
        assert_eq!(read(&town, &id), kept);
    }
}

#[test]
fn no_words_or_too_many_are_refused() {
    let town = Town::new();
    for nothing in ["", "   ", "\n\t", "\u{0}\u{7}", "\u{200b}\u{feff}"] {
        assert_eq!(code(town.try_report(Who::Asker, said(nothing))), "400.3", "{nothing:?}");
    }
    for one in ["坑", "🕳", "x"] {
        town.try_report(Who::Asker, said(&one.repeat(TEXT_CHARS_MAX))).unwrap();
        let problem = town.try_report(Who::Asker, said(&one.repeat(TEXT_CHARS_MAX + 1))).unwrap_err();
        assert_eq!(problem.kind.code, "400.3");
        assert!(problem.detail(kernel::Lang::Zh).contains("2000"));
    }
    assert_eq!(code(town.try_report(Who::Asker, said(&"x".repeat(50_000_000)))), "400.3");
}

#[test]
fn the_item_may_be_named_by_code_or_by_either_name() {
    let town = Town::new();
    for (named, code) in [
        ("road_hole", "road_hole"),
        ("路面破损", "road_hole"),
        (" 路灯不亮 ", "street_light"),
        ("Leaking roof", "roof_leak"),
    ] {
        let id = town.try_report(Who::Asker, Report { item: text(named), ..hole("桂花一网格") }).unwrap().id;
        assert_eq!(town.case(&id).item, code);
    }
    for none in [None, text(""), text("  ")] {
        let id = town.try_report(Who::Asker, Report { item: none, ..hole("桂花一网格") }).unwrap().id;
        assert_eq!(town.case(&id).item, "other");
        town.bring(&id, "handling");
    }
    assert_eq!(code(town.try_report(Who::Asker, Report { item: text("外星人"), ..hole("桂花一网格") })), "404.1");
}

#[test]
fn the_place_may_be_named_by_code_name_other_name_or_id() {
    let town = Town::new();
    let grid = town.place("桂花一网格");
    for named in ["330199001001001", "桂花一网格", " 桂花一网格 ", grid.as_str()] {
        let id = town.reported_at(named);
        assert_eq!((town.case(&id).place, town.case(&id).grid), (grid, grid));
    }
    for named in ["银杏苑", "银杏小区"] {
        let id = town.reported_at(named);
        assert_eq!(
            (town.case(&id).place, town.case(&id).grid),
            (town.place("银杏苑"), grid),
            "an estate counts in its grid"
        );
        assert_eq!(town.owner(&id), "王点长");
    }
    let whole = town.reported_at("松树社区");
    assert_eq!((town.case(&whole).grid, town.owner(&whole)), (town.place("松树社区"), "陈调度".to_owned()));
    assert_eq!(code(town.try_report(Who::Asker, hole("火星"))), "404.1");
    for nowhere in ["", "  "] {
        assert_eq!(code(town.try_report(Who::Asker, hole(nowhere))), "400.4");
    }
}

#[test]
fn a_point_finds_its_grid_its_neighbours_and_its_gaps() {
    let town = Town::new();
    let at =
        |lon: f64, lat: f64| town.try_report(Who::Asker, Report { place: None, point: Some((lon, lat)), ..hole("") });
    let case = |lon, lat| town.case(&at(lon, lat).unwrap().id);
    let inside = case(120.005, 30.02);
    assert_eq!((inside.grid, inside.near, inside.point), (town.place("桂花一网格"), vec![], Some((120.005, 30.02))));
    // 30 m is the limit: 0.0003° of longitude are 29 m here, 0.0004° are 39 m.
    assert_eq!(case(120.0097, 30.02).near, [town.place("桂花二网格")]);
    assert_eq!(case(120.0096, 30.02).near, []);
    // Where two grids overlap, a person decides.
    let both = case(120.0195, 30.02);
    assert_eq!((both.grid, both.near), (town.place("桂花二网格"), vec![town.place("桂花三网格")]));
    // In a gap the community has it, and the nearest grid is named.
    let gap = case(120.035, 30.02);
    assert_eq!((gap.grid, town.owner(&gap.id)), (town.place("桂花社区"), "赵书记".to_owned()));
    assert!(gap.near.contains(&town.place("桂花三网格")), "{:?}", gap.near);
    assert!(at(120.035, 30.02).unwrap().near_boundary);
    // A street without grids is no gap.
    let street = case(120.1, 30.02);
    assert_eq!((street.grid, street.near), (town.place("白云街道"), vec![]));
    assert_eq!(code(at(121.0, 30.02)), "422.11");
    for (lon, lat) in [(f64::NAN, 30.0), (120.0, f64::INFINITY), (500.0, 30.0), (120.0, -91.0), (30.02, 120.005)] {
        assert_eq!(code(at(lon, lat)), "422.11", "{lon} {lat}");
    }
}

#[test]
fn a_named_place_goes_before_a_point_but_a_point_must_still_be_one() {
    let town = Town::new();
    let named = Report { point: Some((120.1, 30.02)), ..hole("桂花一网格") };
    let case = town.case(&town.try_report(Who::Asker, named).unwrap().id);
    assert_eq!((case.grid, case.point), (town.place("桂花一网格"), Some((120.1, 30.02))));
    assert_eq!(
        code(town.try_report(Who::Asker, Report { point: Some((f64::NAN, 0.0)), ..hole("桂花一网格") })),
        "422.11"
    );
}

#[test]
fn somebody_without_name_and_phone_stays_anonymous() {
    let town = Town::new();
    for (name, phone) in [(None, None), (text(""), text(" "))] {
        let id = town.try_report(Who::Asker, Report { name, phone, ..hole("桂花一网格") }).unwrap().id;
        let case = town.case(&id);
        assert!(case.anonymous);
        assert_eq!((case.echo.as_str(), case.entered_by), ("page", None));
        town.bring(&id, "closed");
        assert_eq!(town.asker_heard(&id), Vec::<String>::new(), "nobody is there to be told");
    }
    let one = town.try_report(Who::Asker, Report { name: None, phone: None, ..hole("桂花一网格") }).unwrap().id;
    let two = town.try_report(Who::Asker, Report { name: None, phone: None, ..hole("桂花一网格") }).unwrap().id;
    assert_ne!(town.case(&one).asker, town.case(&two).asker, "two who say nothing of themselves are two");
}

#[test]
fn the_same_phone_is_the_same_person_however_it_is_typed() {
    let town = Town::new();
    let by = |phone: &str, name: Option<&str>| {
        let report = Report { phone: text(phone), name: name.map(str::to_owned), ..hole("桂花一网格") };
        town.case(&town.try_report(Who::Asker, report).unwrap().id).asker
    };
    let first = by(PHONE, None);
    for again in ["+86 199 0000 1234", "199-0000-1234", "１９９００００１２３４"] {
        assert_eq!(by(again, Some("李小雨")), first, "{again}");
    }
    assert_ne!(by("19900001235", None), first);
    let engine = town.engine.clone();
    let name = town.engine.read_now(move |db| {
        kernel::vault::contact(db, engine.keys(), DISTRICT, &first, kernel::vault::ContactKind::Name)
    });
    assert_eq!(name.unwrap().as_deref(), Some("李小雨"), "a name given later is kept");
}

#[test]
fn an_erased_person_who_comes_again_is_somebody_new() {
    let town = Town::new();
    let id = town.reported();
    let asker = town.case(&id).asker;
    town.engine
        .write_now(kernel::Command::new(DISTRICT, "test"), move |tx| Ok(kernel::vault::erase(tx, &asker)?))
        .unwrap();
    let again = town.case(&town.reported()).asker;
    assert_ne!(again, asker);
    let by_id = Report { asker: Some(asker), ..hole("桂花一网格") };
    assert_ne!(town.case(&town.try_report(Who::Asker, by_id).unwrap().id).asker, asker);
}

#[test]
fn contact_details_that_cannot_be_are_refused() {
    let town = Town::new();
    let with = |name: Option<String>, phone: Option<String>| {
        code(town.try_report(Who::Asker, Report { name, phone, ..hole("桂花一网格") }))
    };
    assert_eq!(with(None, text("没有")), "400.2");
    assert_eq!(with(None, text("12345")), "400.2");
    assert_eq!(with(None, Some("1".repeat(41))), "400.3");
    assert_eq!(with(Some("李".repeat(61)), None), "400.3");
}

#[test]
fn an_officer_writes_it_down_for_somebody() {
    let town = Town::new();
    let report = Report { source: "当面".into(), echo: text("call"), ..hole("银杏苑") };
    let id = town.try_report(Who::Staff("李楼道长"), report).unwrap().id;
    let case = town.case(&id);
    assert_eq!(
        (case.entered_by, case.source.as_str(), case.echo.as_str(), case.anonymous),
        (Some(town.person("李楼道长")), "in_person", "call", false)
    );
    assert_ne!(case.asker, town.person("李楼道长"));
}

#[test]
fn how_it_came_is_a_word_and_nothing_that_people_wrote() {
    let town = Town::new();
    let from = |source: &str, echo: Option<&str>| {
        town.try_report(
            Who::Asker,
            Report { source: source.into(), echo: echo.map(str::to_owned), ..hole("桂花一网格") },
        )
    };
    for (given, kept) in [("", "web"), ("电话", "phone"), ("open311", "open311"), ("paper", "paper")] {
        assert_eq!(town.case(&from(given, None).unwrap().id).source, kept);
    }
    for bad in ["李小雨 19900001234", "19900001234", "x19900001234", "Web", "a-b", &"a".repeat(25), "路边大爷说的"]
    {
        assert_eq!(code(from(bad, None)), "400.2", "{bad}");
        assert_eq!(code(from("web", Some(bad))), "400.2", "{bad}");
    }
}

#[test]
fn the_callers_own_id_is_used_once() {
    let town = Town::new();
    let id = CaseId::of(Uuid::from_u128(0x019c_0000_0000_7000_8000_0000_0000_0001));
    let report = || Report { id: Some(id), ..hole("桂花一网格") };
    assert_eq!(town.try_report(Who::Asker, report()).unwrap().id, id);
    let problem = town.try_report(Who::Staff("王点长"), report()).unwrap_err();
    assert_eq!(problem.kind.code, "409.4");
    assert_eq!(town.cases().len(), 1);
}

#[test]
fn more_photos_than_allowed_are_refused_not_dropped() {
    let town = Town::new();
    let photo = || Photo { image: vec![1, 2, 3], thumb: vec![1] };
    let with = |n: usize| {
        town.try_report(Who::Asker, Report { photos: (0..n).map(|_| photo()).collect(), ..hole("桂花一网格") })
    };
    let id = with(PHOTOS_MAX).unwrap().id;
    let kept = town.engine.read_now(move |db| crate::view::photos(db, DISTRICT, &id)).unwrap();
    assert_eq!(kept.len(), PHOTOS_MAX);
    assert!(kept.iter().all(|(_, kind)| kind == "before"));
    assert_eq!(code(with(PHOTOS_MAX + 1)), "413.1");
}

#[test]
fn a_report_from_the_past_keeps_its_moment_and_one_from_the_future_does_not() {
    let town = Town::new();
    let earlier = town.clock_now().plus_ms(-3_600_000);
    let later = town.clock_now().plus_ms(3_600_000);
    for (at, kept) in [(earlier, earlier), (later, town.clock_now())] {
        let id = town.try_report(Who::Asker, Report { occurred_at: Some(at), ..hole("桂花一网格") }).unwrap().id;
        assert_eq!(town.history("case", id.as_str())[0].occurred_at, kept);
        assert_eq!(town.case(&id).reported_at, town.clock_now(), "the clock starts when it arrives");
    }
}

#[test]
fn an_unknown_person_is_nobody() {
    let town = Town::new();
    let ghost = PersonId::of(Uuid::from_u128(99));
    let id = town.try_report(Who::Asker, Report { asker: Some(ghost), ..hole("桂花一网格") }).unwrap().id;
    assert_ne!(town.case(&id).asker, ghost);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed: refused, or kept within the limit and without control characters.
    #[test]
    fn any_text_is_refused_or_kept_clean(words in "\\PC*|[\\x00-\\x1f\u{202a}-\u{202e} 坑🕳]*") {
        let town = Town::new();
        match town.try_report(Who::Asker, said(&words)) {
            Ok(reported) => {
                let kept = read(&town, &reported.id);
                prop_assert!(!kept.trim().is_empty() && kept.chars().count() <= TEXT_CHARS_MAX);
                prop_assert!(kept.chars().all(|c| c == '\n' || !c.is_control()));
            }
            Err(problem) => prop_assert_eq!(problem.kind.code, "400.3"),
        }
    }

    /// A point comes back from the rows as it went in.
    #[test]
    fn a_point_survives_the_rows(lon in 120.0f64..120.12, lat in 30.0f64..30.04) {
        let town = Town::new();
        let reported = town.try_report(Who::Asker, Report { place: None, point: Some((lon, lat)), ..hole("") });
        if let Ok(reported) = reported {
            let id = reported.id;
            let (x, y) = town.case(&id).point.unwrap();
            prop_assert!((x - lon).abs() <= 5.1e-8 && (y - lat).abs() <= 5.1e-8);
            let journal = folded(&town.history("case", id.as_str()));
            prop_assert_eq!(&journal["point"], &serde_json::json!([x, y]));
        }
    }
}
