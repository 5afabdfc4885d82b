//! The story of a case in plain words, in both languages.

use kernel::Lang;

use super::*;
use crate::{
    case::{CaseId, Inputs, Photo, Report},
    fixture::{text, *},
    flow::standard_case,
};

fn told(town: &Town, id: &CaseId, lang: Lang) -> Vec<Step> {
    let (engine, rules, case, tasks, now) =
        (town.engine.clone(), town.rules.clone(), town.case(id), town.tasks(id), town.clock_now());
    town.engine.read_now(move |db| story(db, engine.keys(), &rules, &case, &tasks, lang, now)).expect("reads")
}

fn told_at_length(town: &Town) -> CaseId {
    let id = town.try_report(Who::Staff("李楼道长"), hole("银杏苑")).unwrap().id;
    let step = |who, word: &str, inputs: Inputs| {
        town.clock.advance_ms(60_000);
        town.act(Who::Staff(who), &id, word, inputs).unwrap();
    };
    let part = |who, body, word: &str, inputs: Inputs| {
        town.clock.advance_ms(60_000);
        town.task(Who::Staff(who), &id, body, word, inputs).unwrap();
    };
    step("王点长", "file", Inputs::default());
    step("王点长", "dispatch", to("市政公司"));
    part("沈经办", "市政公司", "return", Inputs { basis: text("清单第 3 条"), ..because("不归我们") });
    step("陈调度", "dispatch", to("市政公司、绿化所"));
    part("蒋园艺", "绿化所", "acknowledge", Inputs::default());
    part(
        "沈经办",
        "市政公司",
        "done",
        Inputs { photos: vec![Photo { image: vec![1], thumb: vec![1] }], ..answer("补平了") },
    );
    part("蒋园艺", "绿化所", "done", answer("树根清了"));
    step("冯网格员", "pass", Inputs { basis: text("踩过了"), ..Inputs::default() });
    id
}

#[test]
fn the_story_tells_who_did_what_in_order() {
    let town = Town::new();
    let id = told_at_length(&town);
    let story = told(&town, &id, Lang::Zh);
    let said: Vec<(&str, &str)> = story.iter().map(|s| (s.by.as_str(), s.says.as_str())).collect();
    let expected = [
        ("李楼道长", "已收到，李楼道长代您记下"),
        ("王点长", "归我们管"),
        ("王点长", "交给市政公司办理，答应"),
        ("沈经办", "市政公司退回了，认为不归他们：不归我们，依据是清单第 3 条"),
        ("沈经办", "市政公司说不归他们管"),
        ("陈调度", "交给市政公司、绿化所办理"),
        ("蒋园艺", "绿化所签收接手了"),
        ("沈经办", "市政公司说他们那一份办好了"),
        ("蒋园艺", "说办好了：树根清了"),
        ("冯网格员", "踩过了"),
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for ((by, says), (who, words)) in said.iter().zip(expected) {
        assert_eq!(*by, who, "{says}");
        assert!(says.contains(words), "“{says}” lacks “{words}”");
    }
    assert_eq!(story.iter().map(|s| s.photos.len()).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn no_sentence_in_any_language_shows_a_gap_or_a_bracket() {
    let town = Town::new();
    let id = told_at_length(&town);
    town.pass("8 calendar_days");
    town.act(Who::Asker, &id, "reopen", Inputs::default()).unwrap();
    town.pass("20 work_days");
    for lang in [Lang::Zh, Lang::En] {
        for step in told(&town, &id, lang) {
            assert!(!step.says.trim().is_empty(), "{step:?}");
            assert!(!step.says.contains(['{', '}', '[', ']']), "{}", step.says);
        }
    }
    assert!(told(&town, &id, Lang::En).iter().any(|s| s.says.contains("the promised time has passed")));
    assert!(told(&town, &id, Lang::Zh).iter().any(|s| s.says.contains("到了答应的时间还没有办好")));
}

#[test]
fn a_step_that_moves_the_promise_shows_both_days() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let story = told(&town, &id, Lang::Zh);
    let step = story.iter().find(|s| s.act == "case.dispatch").unwrap();
    assert_eq!(
        (town.read_wall(step.promised_before).as_str(), town.read_wall(step.promised_after).as_str()),
        ("2026-03-02 14:30", "2026-03-11 17:00")
    );
    assert!(story.iter().filter(|s| s.act != "case.dispatch").all(|s| s.promised_after.is_none()));
}

#[test]
fn in_every_state_it_says_what_is_and_who_is_next() {
    let town = Town::new();
    for state in &standard_case().states {
        let id = town.reported();
        town.bring(&id, &state.id);
        let case = town.case(&id);
        for lang in [Lang::Zh, Lang::En] {
            let (word, says, next) = now_and_next(&town.rules, &case, lang, town.clock_now());
            assert_eq!(word, lang.pick(&state.zh, &state.en));
            for text in [&says, &next] {
                assert!(!text.is_empty() && !text.contains(['{', '}', '[', ']']), "{}: {text}", state.id);
            }
        }
    }
}

#[test]
fn who_is_next_is_named_with_the_day() {
    let town = Town::new();
    let id = town.reported();
    let next = |town: &Town| now_and_next(&town.rules, &town.case(&id), Lang::Zh, town.clock_now()).2;
    assert!(next(&town).contains("王点长") && next(&town).contains("14:30"), "{}", next(&town));
    town.bring(&id, "handling");
    assert!(next(&town).contains("市政公司") && next(&town).contains("3 月 11 日"), "{}", next(&town));
    assert_eq!(in_hand(&town.rules, &town.case(&id)), (text("王点长"), text("市政公司")));
    town.act(Who::Staff("赵书记"), &id, "hold", Inputs { until: text("2026-04-01"), ..because("等") }).unwrap();
    let held = now_and_next(&town.rules, &town.case(&id), Lang::Zh, town.clock_now());
    assert!(held.1.contains("4 月 1 日") || held.2.contains("4 月 1 日"), "{held:?}");
}

#[test]
fn a_matter_told_last_year_says_its_year() {
    let town = Town::new();
    let id = town.reported();
    let at = town.case(&id).reported_at;
    assert!(!said(&town.rules, at, at, Lang::Zh).contains("2026"));
    assert!(said(&town.rules, at, town.wall("2027-01-05 09:00"), Lang::Zh).contains("2026"));
    assert!(said_day(&town.rules, at, town.wall("2027-01-05 09:00"), Lang::En).contains("2026"));
}

#[test]
fn what_the_asker_says_is_never_attributed_to_staff() {
    let town = Town::new();
    let id = town.try_report(Who::Asker, Report { name: None, phone: None, ..hole("桂花一网格") }).unwrap().id;
    town.bring(&id, "closed");
    let story = told(&town, &id, Lang::Zh);
    assert_eq!((story[0].by.as_str(), story[0].says.as_str()), ("", "已收到。"));
    assert_eq!(story.last().unwrap().by, "");
}
