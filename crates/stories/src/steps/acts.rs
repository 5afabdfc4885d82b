//! 当: somebody reports, somebody acts, time passes.

use std::collections::BTreeMap;

use serde_json::json;

use super::Given;
use crate::{
    text,
    world::{ReportForm, Story, Told, Wanted},
};

/// Fields that the table of a report may have.
pub const REPORT_FIELDS: &[&str] =
    &["地点", "内容", "事项", "来源", "诉求人", "姓名", "电话", "经度", "纬度", "照片", "回音"];

/// How a report came, as the house calls it. A way that it has no word for is the web's, or by word of
/// mouth where somebody wrote it down.
fn source(said: &str) -> &'static str {
    match said {
        "当面" | "口头" | "上门" | "窗口" | "前台" | "楼道长" | "网格员" | "点长" | "代录" | "in_person" => {
            "in_person"
        }
        "电话" | "来电" | "phone" => "phone",
        "纸面" | "纸条" | "信件" | "来信" | "paper" => "paper",
        "走访" | "入户" | "visit" => "visit",
        "会议" | "议事会" | "meeting" => "meeting",
        "巡查" | "巡逻" | "patrol" => "patrol",
        "热线" | "12345" | "12345热线" | "hotline" => "hotline",
        _ => "web",
    }
}

/// How the asker wants to hear.
fn echo(said: &str) -> Told<&'static str> {
    Ok(match said {
        "短信" | "sms" => "sms",
        "电话" | "call" => "call",
        "纸面" | "纸条" | "paper" => "paper",
        "网页" | "page" => "page",
        other => return Err(format!("“回音”没有“{other}”；有：短信、电话、纸面、网页")),
    })
}

pub(super) async fn report_line(story: &mut Story, given: Given) -> Told {
    let mut fields = given.fields()?;
    fields.insert("地点".into(), given.at(1).to_owned());
    fields.insert("内容".into(), given.at(2).to_owned());
    report(story, given.at(0), given.at(3), fields).await
}

pub(super) async fn report_table(story: &mut Story, given: Given) -> Told {
    let mut fields = given.fields()?;
    if let Some(block) = given.block() {
        fields.entry("内容".into()).or_insert_with(|| block.to_owned());
    }
    report(story, given.at(0), given.at(1), fields).await
}

async fn report(story: &mut Story, reporter: &str, name: &str, fields: BTreeMap<String, String>) -> Told {
    let mut form = ReportForm::default();
    let (mut asker, mut named, mut phone, mut photos) = (None, None, None, Vec::new());
    let (mut title, mut nameless) = (None, false);
    let degrees = |field: &str, value: &str| {
        text::half_width(value)
            .trim()
            .parse::<f64>()
            .map_err(|_| format!("“{field}”要写成 120.17 这样的度数，不是“{value}”"))
    };
    for (field, value) in &fields {
        if value.is_empty() {
            continue;
        }
        match field.as_str() {
            "地点" | "网格" | "所在网格" | "位置" | "地址" => match story.place(value) {
                Ok(id) => form.place = Some(id.to_string()),
                // An address in a place that the story made lies there; another unknown place is the
                // house's to refuse.
                Err(_) => {
                    form.place = Some(story.place_within(value).map_or_else(|| value.clone(), |id| id.to_string()))
                }
            },
            "内容" | "诉求" | "诉求内容" | "反映内容" | "情况" | "描述" | "问题" | "正文" => {
                form.text = value.clone()
            }
            "标题" => title = Some(value.clone()),
            "事项" => form.item = Some(value.clone()),
            // A sort is not an item; it is one where the district has an item of that name.
            "类别" | "类型" | "分类" if story.rules()?.directory.item_named(value).is_none() => {}
            "类别" | "类型" | "分类" => form.item = Some(value.clone()),
            "来源" | "渠道" => form.source = Some(source(value).to_owned()),
            "诉求人" | "代谁" | "报事人" | "反映人" | "当事人" | "居民" => asker = Some(value.clone()),
            "姓名" | "联系人" | "称呼" => named = Some(value.clone()),
            "电话" | "手机" | "手机号" | "联系电话" | "联系方式" => phone = Some(value.clone()),
            "匿名" | "是否匿名" => nameless = text::yes(value) == Some(true),
            "经度" => form.lon = Some(degrees(field, value)?),
            "纬度" => form.lat = Some(degrees(field, value)?),
            "照片" | "图片" => photos.extend(text::names(value)),
            "回音" | "怎么告诉" => form.echo = Some(echo(value)?.to_owned()),
            other => return Err(format!("“{other}”不是上报表的栏目；有：{}", REPORT_FIELDS.join("、"))),
        }
    }
    if form.text.is_empty() {
        form.text = title.clone().unwrap_or_default();
    }
    if form.item.is_none() {
        form.item = story.item_of(&[title.unwrap_or_default(), form.text.clone()].join(" "))?;
    }
    // Somebody with a post who writes a name down writes it for that person; a resident writes their own.
    let writes_for = story.person(reporter)?.staff;
    let asker = asker.or_else(|| named.clone().filter(|_| writes_for)).unwrap_or_else(|| reporter.to_owned());
    if let Some(phone) = phone {
        story.person(&asker)?.phone = phone;
    }
    let person = story.person(&asker)?.clone();
    if !person.anonymous && !nameless {
        let name = named.unwrap_or_else(|| asker.clone());
        form.contact = Some(json!({ "name": name, "phone": person.phone }));
    }
    story.report(reporter, name, form, &asker, &photos).await
}

pub(super) async fn act(story: &mut Story, given: Given) -> Told {
    let wanted = Wanted { action: given.at(2).to_owned(), fields: given.fields()? };
    story.act(given.at(0), given.at(1), &wanted).await
}

pub(super) async fn pass(story: &mut Story, given: Given) -> Told {
    story.pass(given.at(0), given.at(1)).await
}
