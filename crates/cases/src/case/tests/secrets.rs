//! I11: what people say and who they are stands sealed, and nowhere else.

use crate::{
    case::{Inputs, Photo, Report},
    fixture::*,
    view,
};

/// A word that nothing else contains.
fn canary(what: &str) -> String {
    format!("zqx{what}zqx坑")
}

fn with_words() -> Inputs {
    Inputs {
        reason: Some(canary("reason")),
        answer: Some(canary("answer")),
        basis: Some(canary("basis")),
        topic: Some(canary("topic")),
        ..Inputs::default()
    }
}

/// The whole loop with words everywhere that words can be put.
fn lived_through(town: &Town) -> crate::case::CaseId {
    let photo = || Photo { image: canary("image").into_bytes(), thumb: canary("thumb").into_bytes() };
    let report = Report {
        text: canary("text"),
        name: Some(canary("name")),
        phone: text("19977788899"),
        photos: vec![photo()],
        ..hole("桂花一网格")
    };
    let id = town.try_report(Who::Asker, report).unwrap().id;
    let staff = Who::Staff;
    town.act(staff("王点长"), &id, "check", with_words()).unwrap();
    town.act(staff("冯网格员"), &id, "confirm", with_words()).unwrap();
    town.act(staff("赵书记"), &id, "deliberate", with_words()).unwrap();
    // A day that nobody asks for is not kept either.
    let until = Some(canary("until"));
    town.act(
        staff("王点长"),
        &id,
        "dispatch",
        Inputs { to: vec!["市政公司".into()], until: until.clone(), ..with_words() },
    )
    .unwrap();
    town.task(
        staff("沈经办"),
        &id,
        "市政公司",
        "acknowledge",
        Inputs { until, satisfied: Some(canary("word")), ..with_words() },
    )
    .unwrap();
    town.task(staff("沈经办"), &id, "市政公司", "extend", Inputs { until: text("2026-03-20"), ..with_words() })
        .unwrap();
    town.task(staff("赵书记"), &id, "市政公司", "approve_extension", with_words()).unwrap();
    town.task(staff("沈经办"), &id, "市政公司", "return", with_words()).unwrap();
    town.act(staff("陈调度"), &id, "adjudicate", Inputs { to: vec!["市政公司".into()], ..with_words() }).unwrap();
    town.act(staff("赵书记"), &id, "hold", Inputs { until: text("2026-03-10"), ..with_words() }).unwrap();
    town.act(staff("赵书记"), &id, "resume", with_words()).unwrap();
    town.task(staff("沈经办"), &id, "市政公司", "done", Inputs { photos: vec![photo()], ..with_words() }).unwrap();
    town.act(staff("冯网格员"), &id, "fail", with_words()).unwrap();
    town.task(staff("沈经办"), &id, "市政公司", "done", with_words()).unwrap();
    town.act(staff("冯网格员"), &id, "pass", with_words()).unwrap();
    assert_eq!(
        code(town.act(
            Who::Asker,
            &id,
            "solved",
            Inputs { satisfied: Some(canary("word")), solved: Some(true), ..with_words() }
        )),
        "400.2"
    );
    town.act(Who::Asker, &id, "solved", Inputs { satisfied: text("满意"), solved: Some(true), ..with_words() })
        .unwrap();
    id
}

fn found(folder: &std::path::Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                found.push(format!("{word} in {}", path.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    found
}

#[test]
fn no_word_name_number_or_picture_stands_in_clear_in_any_table_index_or_log() {
    let (town, folder) = Town::in_file();
    let id = lived_through(&town);
    assert_eq!(town.case(&id).state, "closed");
    assert_eq!(found(&folder, &["zqx", "19977788899", "真名", "199111100"]), Vec::<String>::new());
    // The search itself finds what is there in clear.
    assert!(!found(&folder, &["市政公司"]).is_empty());
}

#[test]
fn the_journal_names_people_by_id_and_words_by_commitment() {
    let town = Town::new();
    let id = lived_through(&town);
    let entries = town.history("case", id.as_str());
    assert!(entries.len() > 12);
    for entry in &entries {
        assert!(
            !entry.data.contains("zqx") && !entry.data.contains("王点长")
                || entry.data.contains("\"owner\":\"王点长\""),
            "{}",
            entry.data
        );
    }
    let report: serde_json::Value = serde_json::from_str(&entries[0].data).unwrap();
    assert_eq!(report["texts"]["text"]["commitment"].as_str().unwrap().len(), 64);
    assert_eq!(report["texts"]["text"]["id"], report["set"]["text"]);
}

#[test]
fn an_erased_persons_words_are_gone_and_their_story_can_still_be_read() {
    let town = Town::new();
    let id = lived_through(&town);
    let story = |town: &Town| {
        let (engine, rules, case, tasks, now) =
            (town.engine.clone(), town.rules.clone(), town.case(&id), town.tasks(&id), town.clock_now());
        town.engine
            .read_now(move |db| view::story(db, engine.keys(), &rules, &case, &tasks, kernel::Lang::Zh, now))
            .unwrap()
    };
    let before = story(&town);
    assert!(before.iter().any(|s| s.says.contains(&canary("answer"))));
    let asker = town.case(&id).asker;
    let staff: Vec<_> = town.rules.directory.holdings.values().map(|h| h.person).collect();
    let quoted =
        |town: &Town| staff.iter().flat_map(|person| town.heard(*person)).filter(|text| text.contains("zqx")).count();
    assert!(quoted(&town) > 0, "staff are told with the words of whoever moved it");
    let other = town.reported();
    let told_of_other = |town: &Town| {
        let number = town.case(&other).number;
        staff.iter().flat_map(|person| town.heard(*person)).filter(|text| text.contains(&number)).count()
    };
    let before_of_other = told_of_other(&town);
    town.engine
        .write_now(kernel::Command::new(DISTRICT, "test"), move |tx| Ok(kernel::vault::erase(tx, &asker)?))
        .unwrap();
    assert_eq!(quoted(&town), 0, "and those words go with the asker too");
    assert_eq!(told_of_other(&town), before_of_other, "what was said of somebody else's matter stays");
    let after = story(&town);
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|s| !s.says.contains("zqx") && !s.says.is_empty()));
    assert!(after.iter().any(|s| s.says.contains("内容已按要求删除")));
    let (engine, content) = (town.engine.clone(), town.case(&id).text);
    assert_eq!(town.engine.read_now(move |db| view::text(db, engine.keys(), DISTRICT, &content)).unwrap(), None);
    let (engine, case) = (town.engine.clone(), town.case(&id));
    assert_eq!(
        town.engine.read_now(move |db| view::asker_masked(db, engine.keys(), DISTRICT, &case)).unwrap(),
        (None, None)
    );
}

#[test]
fn staff_see_a_name_and_a_number_masked_and_nothing_of_who_stays_anonymous() {
    let town = Town::new();
    let masked = |id| {
        let (engine, case) = (town.engine.clone(), town.case(&id));
        town.engine.read_now(move |db| view::asker_masked(db, engine.keys(), DISTRICT, &case)).unwrap()
    };
    assert_eq!(masked(town.reported()), (text("李**"), text("199****1234")));
    let nobody = town.try_report(Who::Asker, Report { name: None, phone: None, ..hole("桂花一网格") }).unwrap().id;
    assert_eq!(masked(nobody), (None, None));
}
