//! The actions of a story: which move of the flow each word means, given how the matter stands. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{text, world::Sheet};

/// Fields that the table after an action may have.
pub const FIELDS: &[&str] = &[
    "单位", "理由", "依据", "答复", "期限", "照片", "解决", "满意", "事项", "地点", "并入", "议题", "结果", "属实",
    "同意", "版本",
];

/// An action's word with what it means.
pub struct Action {
    /// The word.
    pub word: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// What it does, for the list of actions.
    pub does: &'static str,
    /// What it needs, by field.
    pub needs: &'static str,
}

macro_rules! actions {
    ($($word:literal $also:expr, $needs:literal, $does:literal;)*) => {
        /// Every action, in the order in which a matter meets them.
        pub static ACTIONS: &[Action] = &[$(Action { word: $word, also: &$also, needs: $needs, does: $does }),*];
    };
}

actions! {
    "核实" [], "", "已收到：请人去看看；核实中：看过了、属实（结果 查无：没有这回事，要 理由）";
    "确认属实" ["核实属实", "属实"], "", "核实中：看过了，和说的一样";
    "查无" ["查无此事", "核实查无", "不属实"], "理由", "核实中：去看过，没有这回事";
    "受理" [], "", "接下来";
    "告知去处" ["不予受理"], "理由、答复", "不归这里管，告诉该找谁";
    "合并" [], "并入（只有两件事时可不写）", "和另一件是同一件事";
    "撤销合并" ["取消合并", "拆分"], "", "细看不是同一件，分开办";
    "当场答复" [], "答复", "不用交办，当场答了";
    "交办" ["派单", "改派"], "单位", "交给单位办；事项有人负责时可以不写单位";
    "协办" [], "单位", "请别的单位一起办";
    "吹哨" [], "单位、理由", "请部门到场一起办";
    "签收" [], "", "单位接手";
    "退回" ["退单"], "依据、理由（可不写）", "单位认为不归它管";
    "裁定" [], "单位、依据（或理由）", "定下来归谁办，不能再退";
    "延期" ["申请延期"], "理由、期限", "单位申请延期；能批的人执行就是同意（同意 否：不同意），没人申请也可以直接给，要写理由和期限";
    "同意延期" ["批准延期"], "", "另一个人同意延期";
    "不同意延期" ["不批准延期"], "", "另一个人不同意延期";
    "暂缓" ["挂起"], "理由、期限", "先放一放，到日子自己接着办";
    "恢复" [], "", "接着办";
    "提级" ["上报上级"], "理由", "请上一级来管";
    "上会" ["提交议事"], "议题（可不写）", "拿到会上商量";
    "报办结" ["办结"], "答复、照片（可不写）", "单位说办好了，等没经手的人去核";
    "核验通过" [], "依据（可不写）", "没经手的人核过，是办好了";
    "核验不通过" [], "理由", "没经手的人核过，还没办好";
    "请评价" ["请您评价"], "依据", "不去现场，按依据直接请当事人评价";
    "评价" [], "解决、满意", "当事人的话；解决 否 就是没解决";
    "没解决" ["未解决", "重办"], "", "当事人说没解决，换个人来核";
    "回头看" [], "解决（不写就是看过，没有问题）", "办结以后再看一次";
    "撤回" ["收回"], "理由（单位的任务）", "当事人收回自己的事；交办的人收回任务";
    "申诉" ["不同意", "异议"], "", "不同意上次的答复，换一家重新看";
}

/// Which move to make on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Word of the move in the flow.
    pub word: &'static str,
    /// On this task; on the case without one.
    pub task: Option<String>,
    /// The task's version.
    pub version: Option<i64>,
}

/// How whoever acts stands to a matter.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Names under which a task can be theirs: their own and their bodies'.
    pub names: Vec<String>,
    /// They asked.
    pub asker: bool,
}

fn open(task: &Value) -> bool {
    matches!(task["state"].as_str(), Some("sent" | "acknowledged"))
}

/// The task that is meant: an open one of the actor's, or else the newest open lead task.
fn task<'t>(sheet: &'t Sheet, standing: &Standing, own: bool, to: Option<&String>) -> Option<&'t Value> {
    let mine = |task: &&&Value| standing.names.iter().any(|name| task["body"].as_str() == Some(name));
    let all: Vec<&Value> = sheet.tasks.iter().filter(|t| open(t)).collect();
    let named = to.and_then(|to| all.iter().rev().find(|t| t["body"].as_str() == Some(to)));
    let ours = all.iter().rev().find(mine);
    let lead = all.iter().rev().find(|t| t["kind"] == "lead").or(all.last());
    if own { ours.copied() } else { named.or(lead).copied() }
}

fn on_task(word: &'static str, task: Option<&Value>) -> Aim {
    match task {
        Some(task) => Aim { word, task: task["id"].as_str().map(str::to_owned), version: task["version"].as_i64() },
        None => Aim { word, task: None, version: None },
    }
}

/// The move that an action's word means.
///
/// # Errors
/// A word that is no action.
pub fn aim(action: &str, fields: &BTreeMap<String, String>, sheet: &Sheet, standing: &Standing) -> Result<Aim, String> {
    let wanted = action.trim();
    let found = ACTIONS.iter().find(|a| a.word == wanted || a.also.contains(&wanted));
    let state = sheet.fact("state");
    let word = found.map(|a| a.word).ok_or_else(|| {
        let all: Vec<&str> = ACTIONS.iter().map(|a| a.word).collect();
        format!("没有“{wanted}”这个动作；有：{}", all.join("、"))
    })?;
    let case = |word| Ok(Aim { word, task: None, version: None });
    // A task's move by somebody who has none goes to the newest open one: the house refuses it, not we.
    let own = |word| {
        Ok(on_task(
            word,
            task(sheet, standing, true, None).or(task(sheet, standing, false, None)).or(sheet.tasks.last()),
        ))
    };
    let given = |word| Ok(on_task(word, task(sheet, standing, false, fields.get("单位")).or(sheet.tasks.last())));
    let says_no = |field: &str| fields.get(field).and_then(|v| text::yes(v)) == Some(false);
    let found_nothing =
        fields.get("结果").is_some_and(|v| v.contains("查无") || v.contains("不属实") || v.contains("没有"))
            || says_no("属实");
    match word {
        "核实" if state == "checking" && found_nothing => case("not_found"),
        "核实" if state == "checking" => case("confirm"),
        "核实" => case("check"),
        "确认属实" => case("confirm"),
        "查无" => case("not_found"),
        "受理" => case("file"),
        "告知去处" => case("decline"),
        "合并" => case("merge"),
        "撤销合并" => case("unmerge"),
        "当场答复" => case("answer_now"),
        "交办" => case("dispatch"),
        "协办" => case("assist"),
        "吹哨" => case("whistle"),
        "裁定" => case("adjudicate"),
        "暂缓" => case("hold"),
        "恢复" => case("resume"),
        "提级" => case("escalate"),
        "上会" => case("deliberate"),
        "核验通过" => case("pass"),
        "核验不通过" => case("fail"),
        "请评价" => case("ask"),
        "评价" => case("solved"),
        "没解决" if state == "closed" => case("reopen"),
        "没解决" => case("not_solved"),
        "回头看" => case("look_back"),
        "申诉" => case("appeal"),
        "签收" => own("acknowledge"),
        "退回" => own("return"),
        "延期" if task(sheet, standing, true, None).is_none() && says_no("同意") => given("refuse_extension"),
        // Who has no part of it gives time, asked for or not; the asker has none to give.
        "延期" if task(sheet, standing, true, None).is_none() && !standing.asker => given("approve_extension"),
        "延期" => own("extend"),
        "同意延期" => given("approve_extension"),
        "不同意延期" => given("refuse_extension"),
        "报办结" => match task(sheet, standing, true, None) {
            Some(task) => Ok(on_task("done", Some(task))),
            None => case("finish"),
        },
        "撤回" if standing.asker => case("retract"),
        "撤回" => given("withdraw"),
        _ => unreachable!("every action has its move"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sheet(state: &str) -> Sheet {
        Sheet {
            case: json!({ "state": state, "version": 3 }),
            tasks: vec![
                json!({ "id": "t1", "kind": "lead", "body": "物业", "state": "sent", "version": 1 }),
                json!({ "id": "t2", "kind": "assist", "body": "城管", "state": "acknowledged", "version": 2 }),
                json!({ "id": "t3", "kind": "lead", "body": "市政", "state": "returned", "version": 4 }),
            ],
        }
    }

    fn meant(
        action: &str,
        state: &str,
        names: &[&str],
        asker: bool,
        fields: &[(&str, &str)],
    ) -> (String, Option<String>) {
        let standing = Standing { names: names.iter().map(|n| (*n).to_owned()).collect(), asker };
        let fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let aim = aim(action, &fields, &sheet(state), &standing).expect("an action");
        (aim.word.to_owned(), aim.task)
    }

    #[test]
    fn every_action_and_its_other_words_mean_a_move() {
        for action in ACTIONS {
            for word in std::iter::once(&action.word).chain(action.also) {
                assert!(aim(word, &BTreeMap::new(), &sheet("handling"), &Standing::default()).is_ok(), "{word}");
            }
        }
        assert!(aim("点赞", &BTreeMap::new(), &sheet("handling"), &Standing::default()).is_err());
    }

    #[test]
    fn the_same_word_means_another_move_in_another_state() {
        assert_eq!(meant("核实", "reported", &[], false, &[]).0, "check");
        assert_eq!(meant("核实", "checking", &[], false, &[]).0, "confirm");
        assert_eq!(meant("核实", "checking", &[], false, &[("结果", "查无")]).0, "not_found");
        assert_eq!(meant("没解决", "asking", &[], true, &[]).0, "not_solved");
        assert_eq!(meant("没解决", "closed", &[], true, &[]).0, "reopen");
    }

    #[test]
    fn a_task_is_the_actors_own_and_a_case_is_finished_without_one() {
        assert_eq!(
            meant("签收", "handling", &["钱师傅", "城管"], false, &[]),
            ("acknowledge".into(), Some("t2".into()))
        );
        assert_eq!(meant("签收", "handling", &["路人"], false, &[]), ("acknowledge".into(), Some("t1".into())));
        assert_eq!(meant("报办结", "handling", &["物业"], false, &[]), ("done".into(), Some("t1".into())));
        assert_eq!(meant("报办结", "handling", &["周网格员"], false, &[]), ("finish".into(), None));
        assert_eq!(meant("撤回", "handling", &["李女士"], true, &[]), ("retract".into(), None));
        assert_eq!(
            meant("撤回", "handling", &["孙书记"], false, &[("单位", "城管")]),
            ("withdraw".into(), Some("t2".into()))
        );
        assert_eq!(meant("延期", "handling", &["物业"], false, &[("期限", "3 工作日")]).0, "extend");
        assert_eq!(meant("延期", "handling", &["孙书记"], false, &[]).0, "approve_extension");
        assert_eq!(meant("延期", "handling", &["孙书记"], false, &[("期限", "3 工作日")]).0, "approve_extension");
        assert_eq!(meant("延期", "handling", &["李女士"], true, &[("期限", "3 工作日")]).0, "extend");
        assert_eq!(meant("延期", "handling", &["孙书记"], false, &[("同意", "否")]).0, "refuse_extension");
    }
}
