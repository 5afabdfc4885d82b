//! 那么: how things stand, what people heard, what was refused.

use serde_json::Value;

use super::Given;
use crate::{
    text::{self, folded},
    world::{Refusal, Sheet, Story, Told},
};

/// Fields of a matter that a story can ask for.
pub const FIELDS: &[&str] = &[
    "状态",
    "编号",
    "所在网格",
    "责任人",
    "主办单位",
    "承诺时限",
    "是否逾期",
    "轮次",
    "答复",
    "办结依据",
    "地点",
    "事项",
    "协办单位",
    "吹哨单位",
    "来源",
    "报事人",
    "是否解决",
    "满意",
    "并入",
    "照片数",
    "任务状态",
    "内容",
];

/// A field's value as the story would write it; empty for nothing.
async fn value(story: &mut Story, name: &str, field: &str) -> Told<(String, Sheet)> {
    let sheet = story.sheet(name).await?;
    let yes_no =
        |value: &Value| value.as_bool().map(|yes| if yes { "是" } else { "否" }.to_owned()).unwrap_or_default();
    let out = match field {
        "状态" => sheet.fact("state_says"),
        "编号" => sheet.fact("number"),
        "所在网格" | "网格" => sheet.place("grid"),
        "地点" => sheet.place("place"),
        "责任人" => sheet.fact("owner"),
        "主办单位" | "主办" => match sheet.fact("lead_body") {
            body if body.is_empty() => sheet.bodies(&["lead"]).pop().unwrap_or_default(),
            body => body,
        },
        "协办单位" | "协办" => sheet.bodies(&["assist"]).join("、"),
        "吹哨单位" => sheet.bodies(&["whistle"]).join("、"),
        "承诺时限" | "期限" => match sheet.moment("promised_at") {
            Some(at) => story.shown(at)?,
            None => String::new(),
        },
        "是否逾期" | "逾期" => yes_no(&sheet.case["late"]),
        "轮次" => sheet.fact("round"),
        "答复" => sheet.fact("answer"),
        "办结依据" | "依据" => sheet.fact("basis"),
        "事项" => sheet.fact("item_says"),
        "来源" => match sheet.fact("source").as_str() {
            "web" => "网页".into(),
            "in_person" | "counter" => "当面".into(),
            "phone" => "电话".into(),
            "paper" => "纸面".into(),
            "visit" => "走访".into(),
            "meeting" => "会议".into(),
            other => other.to_owned(),
        },
        "报事人" => sheet.fact("asker_name"),
        "是否解决" | "解决" => yes_no(&sheet.case["solved"]),
        "满意" | "满意度" => sheet.fact("satisfied"),
        "并入" => {
            let into = sheet.fact("merged_into");
            let known = story.matters.iter().find(|(_, m)| m.id.as_str() == into || m.number == into);
            known.map_or(into, |(name, _)| name.clone())
        }
        "照片数" => sheet.case["photos"].as_array().map_or(0, Vec::len).to_string(),
        "任务状态" => sheet
            .tasks
            .iter()
            .rev()
            .find(|t| t["kind"] == "lead")
            .map(|t| t["state_says"].as_str().unwrap_or_default().to_owned())
            .unwrap_or_default(),
        "内容" => sheet.fact("text"),
        other => return Err(format!("“{other}”不是可以问的栏目；有：{}", FIELDS.join("、"))),
    };
    if out.is_empty() && matches!(field, "办结依据" | "依据") {
        let way = rested_on(story, name, &sheet).await?;
        return Ok((way.unwrap_or_default(), sheet));
    }
    Ok((out, sheet))
}

/// By what a matter came to rest when nobody wrote down a ground: the word of that step.
async fn rested_on(story: &mut Story, name: &str, sheet: &Sheet) -> Told<Option<String>> {
    const WAYS: [&str; 6] = ["未评价", "评价", "核验通过", "请您评价", "当场答复", "撤回"];
    if !matches!(sheet.fact("state").as_str(), "closed" | "asking") {
        return Ok(None);
    }
    let steps = story.history(name).await?;
    let way =
        |step: &String| WAYS.iter().find(|way| step.split(' ').next() == Some(**way)).map(|way| (*way).to_owned());
    Ok(steps.iter().rev().find_map(way))
}

/// A moment as a story may write it, in the form in which fields show it.
fn moment_shown(story: &Story, wanted: &str) -> Told<String> {
    match kernel::Timestamp::parse(text::half_width(wanted.trim()).as_str()) {
        Ok(at) => story.shown(at),
        Err(_) => Ok(text::moment(wanted)),
    }
}

/// Whether a field's value is the one that the story wants.
fn fits(field: &str, actual: &str, wanted: &str, sheet: &Sheet) -> bool {
    if text::nothing(wanted) {
        return actual.is_empty();
    }
    match field {
        "状态" => folded(actual) == folded(wanted) || sheet.fact("state") == wanted,
        "承诺时限" | "期限" => {
            // A day stands for any hour of it, and one without a year for this year's.
            let yearless = wanted.len() < 12 && wanted.as_bytes().get(2) == Some(&b'-');
            let actual = if yearless { actual.get(5..).unwrap_or_default() } else { actual };
            if wanted.contains(':') { actual == wanted } else { actual.starts_with(wanted) }
        }
        "轮次" | "照片数" => {
            let count = wanted.trim().trim_start_matches('第').trim_end_matches(['轮', '次', '张']);
            text::number(count).is_some_and(|n| n.to_string() == actual)
        }
        "是否逾期" | "逾期" | "是否解决" | "解决" => {
            text::yes(wanted).is_some_and(|yes| actual == if yes { "是" } else { "否" })
        }
        "协办单位" | "协办" | "吹哨单位" => {
            let sorted = |said: &str| {
                let mut names = text::names(said);
                names.sort();
                names
            };
            sorted(actual) == sorted(wanted)
        }
        "所在网格" | "网格" | "地点" => {
            let last = wanted.rsplit(['·', ' ', '/']).next().unwrap_or(wanted);
            folded(actual) == folded(wanted) || folded(actual) == folded(last)
        }
        "办结依据" | "依据" if actual == "评价" && wanted.ends_with("评价") => !wanted.starts_with('未'),
        "答复" | "办结依据" | "依据" | "内容" => {
            folded(actual).trim_end_matches(['。', '.']) == folded(wanted).trim_end_matches(['。', '.'])
        }
        _ => folded(actual) == folded(wanted),
    }
}

/// A wanted value in the form in which the field shows it.
fn said(story: &Story, field: &str, wanted: &str) -> Told<String> {
    let moment = matches!(field, "承诺时限" | "期限") && !text::nothing(wanted);
    if moment { moment_shown(story, wanted) } else { Ok(wanted.to_owned()) }
}

fn shown(actual: &str) -> &str {
    if actual.is_empty() { "（空）" } else { actual }
}

pub(super) async fn field_is(story: &mut Story, given: Given) -> Told {
    let (actual, sheet) = value(story, given.at(0), given.at(1)).await?;
    let wanted = said(story, given.at(1), given.at(2))?;
    if fits(given.at(1), &actual, &wanted, &sheet) {
        return Ok(());
    }
    Err(format!("“{}”的“{}”是“{}”，不是“{}”", given.at(0), given.at(1), shown(&actual), given.at(2)))
}

pub(super) async fn field_is_not(story: &mut Story, given: Given) -> Told {
    let (actual, sheet) = value(story, given.at(0), given.at(1)).await?;
    let wanted = said(story, given.at(1), given.at(2))?;
    if fits(given.at(1), &actual, &wanted, &sheet) {
        return Err(format!("“{}”的“{}”正是“{}”", given.at(0), given.at(1), shown(&actual)));
    }
    Ok(())
}

pub(super) async fn field_has(story: &mut Story, given: Given) -> Told {
    let (actual, _) = value(story, given.at(0), given.at(1)).await?;
    if folded(&actual).contains(&folded(given.at(2))) {
        return Ok(());
    }
    Err(format!("“{}”的“{}”是“{}”，里面没有“{}”", given.at(0), given.at(1), shown(&actual), given.at(2)))
}

async fn heard(story: &mut Story, who: &str, words: &str) -> Told<(bool, Vec<String>)> {
    let messages = story.messages(who).await?;
    let forms = text::forms(words);
    Ok((messages.iter().any(|m| forms.iter().any(|form| folded(m).contains(form))), messages))
}

pub(super) async fn told(story: &mut Story, given: Given) -> Told {
    let (found, messages) = heard(story, given.at(0), given.at(1)).await?;
    if found {
        return Ok(());
    }
    let all = if messages.is_empty() { "（一条也没有）".to_owned() } else { messages.join("\n  ") };
    Err(format!("“{}”没有收到含“{}”的消息；收到的有：\n  {all}", given.at(0), given.at(1)))
}

pub(super) async fn not_told(story: &mut Story, given: Given) -> Told {
    match heard(story, given.at(0), given.at(1)).await? {
        (false, _) => Ok(()),
        (true, _) => Err(format!("“{}”收到了含“{}”的消息", given.at(0), given.at(1))),
    }
}

pub(super) async fn sees(story: &mut Story, given: Given) -> Told {
    if story.sees(given.at(0), given.at(1)).await? {
        Ok(())
    } else {
        Err(format!("“{}”看不到“{}”", given.at(0), given.at(1)))
    }
}

pub(super) async fn sees_not(story: &mut Story, given: Given) -> Told {
    if story.sees(given.at(0), given.at(1)).await? {
        Err(format!("“{}”看得到“{}”", given.at(0), given.at(1)))
    } else {
        Ok(())
    }
}

pub(super) async fn history(story: &mut Story, given: Given) -> Told {
    let steps = story.history(given.at(0)).await?;
    let forms = text::forms(given.at(1));
    if steps.iter().any(|step| forms.iter().any(|form| folded(step).contains(form))) {
        return Ok(());
    }
    Err(format!("“{}”的经过里没有“{}”；经过是：\n  {}", given.at(0), given.at(1), steps.join("\n  ")))
}

pub(super) async fn history_not(story: &mut Story, given: Given) -> Told {
    let steps = story.history(given.at(0)).await?;
    match steps.iter().find(|step| folded(step).contains(&folded(given.at(1)))) {
        Some(step) => Err(format!("“{}”的经过里有“{}”：{step}", given.at(0), given.at(1))),
        None => Ok(()),
    }
}

async fn may_now(story: &mut Story, given: &Given) -> Told<bool> {
    let (who, name) = (given.at(0), given.at(1));
    let offered = story.offered(who, name).await?;
    let aim = story.aim(who, name, given.at(2)).await?;
    Ok(offered.iter().any(|(task, word)| *task == aim.task && word == aim.word))
}

pub(super) async fn may(story: &mut Story, given: Given) -> Told {
    if may_now(story, &given).await? {
        Ok(())
    } else {
        Err(format!("“{}”不能对“{}”执行“{}”", given.at(0), given.at(1), given.at(2)))
    }
}

pub(super) async fn may_not(story: &mut Story, given: Given) -> Told {
    if may_now(story, &given).await? {
        Err(format!("“{}”可以对“{}”执行“{}”", given.at(0), given.at(1), given.at(2)))
    } else {
        Ok(())
    }
}

fn refusal(story: &Story) -> Told<&Refusal> {
    story.refused.as_ref().ok_or_else(|| "上一个动作没有被拒绝，办成了".to_owned())
}

fn has_code(refusal: &Refusal, wanted: &str) -> Told {
    let wanted = text::half_width(wanted.trim());
    let before_dot = refusal.code.split('.').next().unwrap_or_default();
    // What is not somebody's to do: without an account the house asks to sign in, and what they may
    // not even see it does not know. To a story each of these is “not yours”.
    if wanted == "403" && ((refusal.nobody && refusal.status == 401) || refusal.code == "404.1") {
        return Ok(());
    }
    if wanted == refusal.code || wanted == before_dot || wanted == refusal.status.to_string() {
        return Ok(());
    }
    Err(format!("被拒绝的编号是 {}（HTTP {}），不是 {wanted}：{}", refusal.code, refusal.status, refusal.zh))
}

fn has_why(refusal: &Refusal, wanted: &str) -> Told {
    if [&refusal.zh, &refusal.en].iter().any(|text| folded(text).contains(&folded(wanted))) {
        return Ok(());
    }
    Err(format!("被拒绝的说明里没有“{wanted}”：{refusal}"))
}

pub(super) async fn refused(story: &mut Story, _: Given) -> Told {
    refusal(story).map(|_| ())
}

pub(super) async fn refused_code(story: &mut Story, given: Given) -> Told {
    has_code(refusal(story)?, given.at(0))
}

pub(super) async fn refused_why(story: &mut Story, given: Given) -> Told {
    has_why(refusal(story)?, given.at(0))
}

pub(super) async fn refused_both(story: &mut Story, given: Given) -> Told {
    let refusal = refusal(story)?;
    has_code(refusal, given.at(0)).and_then(|()| has_why(refusal, given.at(1)))
}

pub(super) async fn figure(story: &mut Story, given: Given) -> Told {
    let (wanted_up, wanted_down) = (given.number(2)?, given.number(3)?);
    let (up, down, formula) = story.figure(given.at(0), given.at(1)).await?;
    if (up, down) == (i64::from(wanted_up), i64::from(wanted_down)) {
        return Ok(());
    }
    Err(format!("“{}”在“{}”是 {up}/{down}，不是 {wanted_up}/{wanted_down}（{formula}）", given.at(0), given.at(1)))
}

pub(super) async fn on_duty(story: &mut Story, given: Given) -> Told {
    let place = story.place(given.at(0))?;
    let (rules, now) = (story.rules()?, story.house()?.now());
    let duty = rules.directory.on_duty(&place, now);
    let name =
        duty.and_then(|d| rules.directory.holdings.get(&d.holding)).map(|h| h.display.clone()).unwrap_or_default();
    if name == given.at(1) || (text::nothing(given.at(1)) && name.is_empty()) {
        return Ok(());
    }
    Err(format!("“{}”现在值守的是“{}”，不是“{}”", given.at(0), shown(&name), given.at(1)))
}

pub(super) async fn verified(story: &mut Story, _: Given) -> Told {
    let faults = story.history_faults().await?;
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("流水有 {} 处不对：{}", faults.len(), faults.join("；")))
    }
}
