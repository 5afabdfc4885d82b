//! Cases that are one matter: joined, told together, and parted again.

use crate::{
    case::{self, CaseId, Inputs, Report},
    fixture::*,
};

fn of(town: &Town, phone: &str) -> CaseId {
    town.try_report(Who::Asker, Report { phone: text(phone), ..hole("桂花一网格") }).unwrap().id
}

fn join(town: &Town, case: &CaseId, into: &str) -> Result<case::Moved, kernel::Problem> {
    town.act(Who::Staff("赵书记"), case, "合并", Inputs { into: text(into), ..Inputs::default() })
}

#[test]
fn everybody_who_asked_hears_what_becomes_of_the_one_that_goes_on() {
    let town = Town::new();
    let (one, two, three) = (of(&town, "19900000001"), of(&town, "19900000002"), of(&town, "19900000003"));
    // Three joins two, then two joins one: three is still told.
    join(&town, &three, &town.case(&two).number).unwrap();
    join(&town, &two, one.as_str()).unwrap();
    assert_eq!((town.case(&two).state.as_str(), town.case(&two).merged_into), ("merged", Some(one)));
    assert!(town.asker_heard(&two).iter().any(|m| m.contains(&town.case(&one).number)));
    town.bring(&one, "asking");
    for id in [&one, &two, &three] {
        let heard = town.asker_heard(id);
        assert_eq!(heard.iter().filter(|m| m.contains("补好了")).count(), 1, "{heard:?}");
        assert_eq!(heard.iter().filter(|m| m.contains("交给市政公司办理")).count(), 1, "{heard:?}");
    }
}

#[test]
fn a_matter_that_is_parted_again_goes_its_own_way() {
    let town = Town::new();
    let (one, two) = (of(&town, "19900000001"), of(&town, "19900000002"));
    town.bring(&two, "handling");
    join(&town, &two, one.as_str()).unwrap();
    let case = town.case(&two);
    assert_eq!((case.next_due(), case.lead_task), (None, None));
    assert!(town.tasks(&two).iter().all(|t| t.state == "withdrawn"));
    assert!(town.staff_heard("沈经办").iter().any(|m| m.contains("不用你们主办了")));
    town.act(Who::Staff("赵书记"), &two, "撤销合并", Inputs::default()).unwrap();
    let case = town.case(&two);
    assert_eq!((case.state.as_str(), case.merged_into, case.closed_at), ("filed", None, None));
    let heard = town.asker_heard(&two).len();
    town.bring(&one, "filed");
    assert_eq!(town.asker_heard(&two).len(), heard);
}

#[test]
fn it_joins_only_another_open_matter_that_one_may_see() {
    let town = Town::new();
    let (one, two) = (of(&town, "19900000001"), of(&town, "19900000002"));
    assert_eq!(code(join(&town, &one, one.as_str())), "422.10");
    assert_eq!(code(join(&town, &one, "HD-000000-XXXX")), "404.1");
    let far = town.reported_at("松树一网格");
    assert_eq!(
        code(join(&town, &one, &town.case(&far).number)),
        "404.1",
        "another community's matters are not the secretary's to know"
    );
    join(&town, &two, one.as_str()).unwrap();
    assert_eq!(code(join(&town, &one, two.as_str())), "422.10", "no circles");
    let closed = town.reported();
    town.bring(&closed, "closed");
    assert_eq!(code(join(&town, &one, closed.as_str())), "422.10");
}
