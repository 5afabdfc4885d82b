//! Who hears what, once.

use std::collections::BTreeSet;

use crate::{
    case::{Inputs, Report},
    fixture::*,
};

#[test]
fn the_asker_hears_every_step_in_plain_words_with_names_and_days() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "filed");
    town.act(Who::Staff("王点长"), &id, "dispatch", to("市政公司")).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "acknowledge", Inputs::default()).unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("坑补平了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs { basis: text("踩过了"), ..Inputs::default() }).unwrap();
    town.act(Who::Asker, &id, "solved", rated(true, "满意")).unwrap();
    let number = town.case(&id).number;
    let heard = town.asker_heard(&id);
    let expected = [
        vec![number.as_str(), "3 月 2 日 14:30前告诉您归谁管", "回执码"],
        vec!["归我们管"],
        vec!["交给市政公司办理，答应", "3 月 11 日 17:00前办好"],
        vec!["市政公司签收接手了"],
        vec!["市政公司说办好了：坑补平了。"],
        vec!["核验过，是办好了：踩过了。"],
        vec!["您的话记下了：解决了，满意。"],
    ];
    assert_eq!(heard.len(), expected.len(), "{heard:#?}");
    for parts in expected {
        let saying = heard.iter().filter(|said| parts.iter().all(|part| said.contains(part))).count();
        assert_eq!(saying, 1, "{parts:?} in {heard:#?}");
    }
    let states = ["已收到", "已受理", "办理中", "核验中", "待您评价", "已办结"];
    for state in states {
        assert!(heard.iter().any(|said| said.contains(state)), "{state} in {heard:#?}");
    }
    for said in heard {
        assert!(said.contains(&number), "{said}");
        assert!(!said.contains(['{', '}', '[', ']']) && !said.contains("。。"), "{said}");
    }
}

#[test]
fn what_is_not_for_every_ear_is_not_named_in_a_message() {
    let town = Town::new();
    let heard = |item: &str| {
        let id = town.try_report(Who::Asker, Report { item: text(item), ..hole("桂花一网格") }).unwrap().id;
        town.act(Who::Staff("王点长"), &id, "file", Inputs::default()).unwrap();
        let number = town.case(&id).number;
        town.asker_heard(&id).into_iter().find(|m| m.contains(&number) && m.contains("归我们管")).unwrap()
    };
    assert!(heard("路灯不亮").starts_with("您说的“路灯不亮”（编号 "));
    assert!(!town.rules.directory.item_named("养犬扰民").unwrap().public);
    assert!(heard("养犬扰民").starts_with("您说的事（编号 "));
}

#[test]
fn who_has_it_in_hand_hears_what_somebody_else_did_and_what_came_of_it() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let heard = |name: &str, part: &str| town.staff_heard(name).iter().any(|m| m.contains(part));
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("坑补平了。")).unwrap();
    assert!(heard("王点长", "报办结：坑补平了，现在核验中，请安排没经手的人核验。"));
    town.act(Who::Staff("冯网格员"), &id, "fail", because("边上又陷了")).unwrap();
    assert!(heard("沈经办", "核验不通过：边上又陷了。交办给你们主办"));
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("重新压过")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "not_solved", because("我家门口还有")).unwrap();
    assert!(heard("沈经办", "没解决。交办给你们主办"));
    assert!(!heard("沈经办", "我家门口"), "an asker's own words stay with the matter");
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("都好了")).unwrap();
    town.act(Who::Staff("赵书记"), &id, "pass", Inputs::default()).unwrap();
    town.act(Who::Asker, &id, "solved", rated(true, "满意")).unwrap();
    assert!(heard("王点长", "评价：解决了，满意，现在已办结") && heard("沈经办", "评价：解决了，满意，现在已办结"));
}

#[test]
fn the_receipt_carries_the_code_that_opens_the_case() {
    let town = Town::new();
    let id = town.reported();
    let said = town.asker_heard(&id).remove(0);
    let code = said.split("回执码 ").nth(1).unwrap().trim_end_matches('。').to_owned();
    let engine = town.engine.clone();
    let hash = engine.keys().lookup_hash(DISTRICT, &code);
    let found =
        town.engine.read_now(move |db| Ok(crate::case::fetch_by_lookup(db, DISTRICT, &hash)?)).unwrap().unwrap();
    assert_eq!(found.id, id);
}

#[test]
fn who_has_something_to_do_hears_it_and_nobody_else_does() {
    let town = Town::new();
    let id = town.reported();
    let number = town.case(&id).number;
    let heard = |name: &str| town.staff_heard(name).iter().filter(|m| m.contains(&number)).count();
    assert_eq!((heard("王点长"), heard("周网格员"), heard("赵书记")), (1, 0, 0));
    town.bring(&id, "handling");
    for (name, times) in [("沈经办", 1), ("韩经办", 1), ("许两栖", 1), ("蒋园艺", 0), ("王点长", 1)] {
        assert_eq!(heard(name), times, "{name}");
    }
    town.act(Who::Staff("陈调度"), &id, "dispatch", to("绿化所、清泉派出所")).unwrap();
    for (name, times) in [("沈经办", 2), ("蒋园艺", 1), ("杨民警", 1)] {
        assert_eq!(heard(name), times, "{name}");
    }
    assert!(town.staff_heard("沈经办").iter().any(|m| m.contains("不用你们主办了")));
    assert!(town.staff_heard("蒋园艺")[0].contains("交办给你们主办"));
    assert!(town.staff_heard("杨民警")[0].contains("交办给你们协办"));
    // A body returns it: whoever owns the case has to find another.
    town.task(
        Who::Staff("蒋园艺"),
        &id,
        "绿化所",
        "return",
        Inputs { basis: text("清单第 9 条"), ..because("没有树") },
    )
    .unwrap();
    assert!(town.staff_heard("王点长").iter().any(|m| m.contains("绿化所退回")));
    assert!(town.asker_heard(&id).iter().any(|m| m.contains("没有树")));
}

#[test]
fn staff_hear_no_names_and_no_words_of_the_asker() {
    let town = Town::new();
    let id = town.try_report(Who::Asker, Report { text: "我家在三楼".into(), ..hole("桂花一网格") }).unwrap().id;
    town.bring(&id, "closed");
    for name in ["王点长", "沈经办", "赵书记", "冯网格员"] {
        for said in town.staff_heard(name) {
            assert!(!said.contains("李小雨") && !said.contains(PHONE) && !said.contains("三楼"), "{said}");
        }
    }
}

#[test]
fn nothing_is_said_twice_and_a_refused_move_says_nothing() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let heard = town.asker_heard(&id);
    assert_eq!(heard.iter().collect::<BTreeSet<_>>().len(), heard.len());
    town.act(Who::Staff("王点长"), &id, "file", Inputs::default()).unwrap_err();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", Inputs::default()).unwrap_err();
    assert_eq!(town.asker_heard(&id), heard);
}

#[test]
fn after_erasure_the_matter_goes_on_without_words_to_anybody() {
    let town = Town::new();
    let id = town.reported();
    town.bring(&id, "handling");
    let asker = town.case(&id).asker;
    town.engine
        .write_now(kernel::Command::new(DISTRICT, "test"), move |tx| Ok(kernel::vault::erase(tx, &asker)?))
        .unwrap();
    town.task(Who::Staff("沈经办"), &id, "市政公司", "done", answer("补好了")).unwrap();
    town.act(Who::Staff("冯网格员"), &id, "pass", Inputs::default()).unwrap();
    town.pass("8 calendar_days");
    assert_eq!(town.case(&id).closed_by.as_deref(), Some("close"));
    assert_eq!(town.heard(asker), Vec::<String>::new());
}
