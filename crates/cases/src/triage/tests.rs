//! What the words propose, and when they propose nothing.

use crate::{
    case::Report,
    fixture::{Town, Who, hole, text},
};

use super::rules::best;

const NAMES: [&str; 7] = ["路灯不亮", "楼道灯不亮", "楼道堆物", "路面破损", "施工噪音扰民", "生活噪音扰民", "其他扰民"];

#[test]
fn a_name_that_stands_there_whole_is_meant_the_longest_of_several() {
    assert_eq!(best(&NAMES, "三幢东边路灯不亮，晚上看不见").map(|(at, _)| NAMES[at]), Some("路灯不亮"));
    let names = ["灯不亮", "楼道灯不亮"];
    assert_eq!(best(&names, "我们楼道灯不亮"), Some((1, "楼道灯不亮".into())));
}

#[test]
fn what_only_one_name_has_is_enough_and_says_why() {
    assert_eq!(best(&NAMES, "门口的路灯三天没亮了"), Some((0, "路灯".into())));
    assert_eq!(best(&NAMES, "半夜施工，吵得睡不着"), Some((4, "施工".into())));
}

#[test]
fn what_several_names_have_proposes_none_of_them() {
    for said in ["楼道里味道很大", "邻居扰民", "噪音扰民", "想装个凉亭", ""] {
        assert_eq!(best(&NAMES, said), None, "{said}");
    }
    assert_eq!(best(&[], "路灯不亮"), None);
}

#[test]
fn a_report_without_an_item_is_proposed_one_and_stays_as_it_is() {
    let town = Town::new();
    let said = "桥头的井盖不见了";
    let id = town.try_report(Who::Asker, Report { item: None, text: said.into(), ..hole("桂花一网格") }).unwrap().id;
    let case = town.case(&id);
    let proposed = super::item(&town.rules, &case, said).unwrap();
    assert_eq!((proposed.item.code.as_str(), proposed.because.as_str()), ("manhole", "井盖"));
    assert_eq!(town.case(&id), case);
    let named = town.try_report(Who::Asker, Report { item: text("路面破损"), text: said.into(), ..hole("桂花一网格") });
    assert_eq!(super::item(&town.rules, &town.case(&named.unwrap().id), said), None, "its asker said what it is");
}
