//! A case as people read it: what happened in plain words, who is next, by when.
//!
//! Sentences come from the flow, facts from the journal, words that people wrote from sealed
//! content. The asker and the public page get the same story; staff also see who did it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use commons::people::HoldingId;
use kernel::{
    Lang, Result, Timestamp,
    id::{ContentId, PersonId},
    journal::{self, Entry},
    store::Db,
    vault::{
        self, ContactKind, Keys,
        rules::{masked_name, masked_phone},
    },
};
use serde_json::Value;

use crate::{
    Rulebook,
    case::{Case, SYSTEM_REASON},
    flow::{Words, render},
    task::Task,
};

/// One step of a case's story.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Step {
    /// When it happened.
    pub at: Timestamp,
    /// The act, such as `case.dispatch`.
    pub act: String,
    /// What happened, as a sentence.
    pub says: String,
    /// Who did it, by service name; empty for the asker and the clock.
    pub by: String,
    /// The promised day before, when this step moved it.
    pub promised_before: Option<Timestamp>,
    /// The promised day after, when this step moved it.
    pub promised_after: Option<Timestamp>,
    /// Why, in somebody's words.
    pub reason: Option<String>,
    /// Photos that came with it.
    pub photos: Vec<ContentId>,
}

/// The words under which the story tells what no move of the flow tells.
fn extra(act: &str) -> Option<Words> {
    let words = |zh: &str, en: &str| Some(Words { zh: zh.into(), en: en.into() });
    match act {
        "case.report" => words("已收到。", "Received."),
        "case.import" => words("从原来的记录转入。", "Taken over from the earlier record."),
        "case.part_done" => words("[{body}]说他们那一份办好了。", "[{body}: ]their part is done."),
        "case.returned" => words(
            "[{body}]说不归他们管，退了回来，重新安排。",
            "[{body} ]sent it back as not theirs; it is being arranged anew.",
        ),
        "case.withdrawn" => words("从[{body}]收回，重新安排。", "Taken back[ from {body}]; it is being arranged anew."),
        "case.extended" => words(
            "答应的日子延期到{until}[，因为{reason}]。[这是第{times}次，最多{times_max}次。]",
            "The promised day is now {until}[, because {reason}].[ This is time {times} of at most {times_max}.]",
        ),
        "case.overdue" => words("过了答应的日子，还没有办好。", "The promised day has passed and it is not done."),
        _ => None,
    }
}

/// Reads content of a case as text; `None` when its person was erased.
///
/// # Errors
/// Any store error.
pub fn text(db: &mut dyn Db, keys: &Keys, district: &str, id: &ContentId) -> Result<Option<String>> {
    Ok(vault::content(db, keys, district, id)?.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// The story of a case, oldest first, in a language.
///
/// # Errors
/// Any store error.
pub fn story(
    db: &mut dyn Db,
    keys: &Keys,
    rules: &Rulebook,
    case: &Case,
    tasks: &[Task],
    lang: Lang,
    now: Timestamp,
) -> Result<Vec<Step>> {
    let district = &rules.directory.district;
    let mut entries: Vec<Entry> = journal::history(db, district, "case", case.id.as_str())?;
    for task in tasks {
        let of_task = journal::history(db, district, "task", task.id.as_str())?;
        // Only what no step of the case tells already.
        entries.extend(of_task.into_iter().filter(|e| {
            matches!(e.act.as_str(), "task.acknowledge" | "task.return" | "task.extend" | "task.refuse_extension")
        }));
    }
    entries.sort_by_key(|entry| entry.seq);
    entries.iter().filter_map(|entry| step(db, keys, rules, case, entry, lang, now).transpose()).collect()
}

fn step(
    db: &mut dyn Db,
    keys: &Keys,
    rules: &Rulebook,
    case: &Case,
    entry: &Entry,
    lang: Lang,
    now: Timestamp,
) -> Result<Option<Step>> {
    let district = &rules.directory.district;
    let data: Value = serde_json::from_str(&entry.data).unwrap_or_default();
    let (kind, word) = entry.act.split_once('.').unwrap_or(("case", entry.act.as_str()));
    let flow = if kind == "task" { &rules.task_flow } else { &rules.case_flow };
    let Some(template) = flow.mv(word).map(|mv| mv.tell.clone()).filter(|t| !t.lacks()).or_else(|| extra(&entry.act))
    else {
        return Ok(None);
    };
    let mut words: BTreeMap<&str, String> = BTreeMap::new();
    words.insert("number", case.number.clone());
    words.insert("date", said_day(rules, entry.at, now, lang));
    let args = data["args"].as_object().cloned().unwrap_or_default();
    for name in ["place", "owner", "body", "item", "into", "times", "times_max"] {
        if let Some(value) =
            args.get(name).and_then(|v| v.as_str().map(str::to_owned).or_else(|| v.as_i64().map(|n| n.to_string())))
        {
            words.insert(name, value);
        }
    }
    if kind == "task" && !words.contains_key("body") {
        let set = &data["set"];
        let body = set["body"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .and_then(|id| rules.directory.bodies.get(&id))
            .map(|b| b.name.clone());
        let holder = || {
            set["assignee"]
                .as_str()
                .and_then(|id| id.parse::<HoldingId>().ok())
                .and_then(|id| rules.directory.holdings.get(&id))
                .map(|h| h.display.clone())
        };
        if let Some(body) = body.or_else(holder) {
            words.insert("body", body);
        }
    }
    if let Some(word) = args.get("satisfied").and_then(Value::as_str) {
        words.insert("satisfied", rating_says(word, lang).to_owned());
    }
    if let Some(until) = moment(args.get("until")) {
        words.insert("until", said(rules, until, now, lang));
    }
    let texts = data["texts"].as_object().cloned().unwrap_or_default();
    for name in ["reason", "answer", "basis", "topic"] {
        if let Some(id) = texts.get(name).and_then(|r| r["id"].as_str()).and_then(|id| id.parse().ok()) {
            let erased = lang.pick("（内容已按要求删除）", "(erased on request)").to_owned();
            words.insert(name, text(db, keys, district, &id)?.unwrap_or(erased));
        }
    }
    if args.get("system").is_some() {
        words.entry("reason").or_insert_with(|| lang.pick(SYSTEM_REASON.0, SYSTEM_REASON.1).to_owned());
    }
    let photos = texts.get("photos").and_then(Value::as_array).into_iter().flatten();
    let photos = photos.filter_map(|r| r["id"].as_str()?.parse().ok()).collect();
    let mut says = render(lang.pick(&template.zh, &template.en), &words);
    if entry.act == "case.report"
        && let Some(by) = case.entered_by.and_then(|p| rules.directory.display(&p))
    {
        says = match lang {
            Lang::Zh => format!("已收到，{by}代您记下。"),
            Lang::En => format!("Received; {by} wrote it down for you."),
        };
    }
    let promised_before = moment(args.get("promised_before"));
    let promised_after = data["set"].get("promised_at").and_then(|v| moment(Some(v)));
    Ok(Some(Step {
        at: entry.occurred_at,
        act: entry.act.clone(),
        says,
        by: entry
            .actor
            .parse::<PersonId>()
            .ok()
            .and_then(|p| rules.directory.display(&p).map(str::to_owned))
            .unwrap_or_default(),
        promised_before,
        promised_after: promised_after.filter(|_| args.contains_key("promised_before")),
        reason: words.get("reason").cloned(),
        photos,
    }))
}

/// The asker's word on how satisfied they are, in a language.
fn rating_says(word: &str, lang: Lang) -> &str {
    let en = match word {
        "满意" => "satisfied",
        "基本满意" => "fairly satisfied",
        "不满意" => "not satisfied",
        other => other,
    };
    lang.pick(word, en)
}

fn moment(value: Option<&Value>) -> Option<Timestamp> {
    value.and_then(Value::as_str).and_then(|text| Timestamp::parse(text).ok())
}

/// A moment as people say it: day and hour, the year when it is another one.
pub fn said(rules: &Rulebook, at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let calendar = &rules.directory.calendar;
    let local = calendar.local(at).seen_from(calendar.local(now));
    match lang {
        Lang::Zh => local.day_time_zh(),
        Lang::En => local.day_time_en(),
    }
}

/// A day as people say it.
pub fn said_day(rules: &Rulebook, at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let calendar = &rules.directory.calendar;
    let local = calendar.local(at).seen_from(calendar.local(now));
    match lang {
        Lang::Zh => local.day_zh(),
        Lang::En => local.day_en(),
    }
}

/// What the state means and who is next, as two sentences.
pub fn now_and_next(rules: &Rulebook, case: &Case, lang: Lang, now: Timestamp) -> (String, String, String) {
    let directory = &rules.directory;
    let mut words: BTreeMap<&str, String> = BTreeMap::new();
    words.insert("number", case.number.clone());
    words.insert("date", said_day(rules, now, now, lang));
    words.insert("place", directory.path_name(&case.place));
    if let Some(owner) = case.owner.and_then(|id| directory.holdings.get(&id)) {
        words.insert("owner", owner.display.clone());
    }
    if let Some(body) = case.lead_body.and_then(|id| directory.bodies.get(&id)) {
        words.insert("body", body.name.clone());
    }
    let until = if case.state == "held" { case.held_until } else { case.next_due().or(case.promised_at) };
    if let Some(until) = until {
        words.insert("until", said(rules, until, now, lang));
    }
    match rules.case_flow.state(&case.state) {
        Some(state) => (
            lang.pick(&state.zh, &state.en).to_owned(),
            render(lang.pick(&state.says.zh, &state.says.en), &words),
            render(lang.pick(&state.next.zh, &state.next.en), &words),
        ),
        None => (case.state.clone(), String::new(), String::new()),
    }
}

/// Who has it in hand, as people say it: the owner and the body that leads.
pub fn in_hand(rules: &Rulebook, case: &Case) -> (Option<String>, Option<String>) {
    let owner = case.owner.and_then(|id| rules.directory.holdings.get(&id)).map(|h| h.display.clone());
    let body = case.lead_body.and_then(|id| rules.directory.bodies.get(&id)).map(|b| b.name.clone());
    (owner, body)
}

/// The asker as staff see them: masked name and phone; nothing for an anonymous one.
///
/// # Errors
/// Any store error.
pub fn asker_masked(
    db: &mut dyn Db,
    keys: &Keys,
    district: &str,
    case: &Case,
) -> Result<(Option<String>, Option<String>)> {
    if case.anonymous {
        return Ok((None, None));
    }
    let name = vault::contact(db, keys, district, &case.asker, ContactKind::Name)?;
    let phone = vault::contact(db, keys, district, &case.asker, ContactKind::Phone)?;
    Ok((name.map(|n| masked_name(&n)), phone.map(|p| masked_phone(&p))))
}

/// The photos of a case: content ids with `before` or `after`, oldest first.
///
/// # Errors
/// Any store error.
pub fn photos(db: &mut dyn Db, district: &str, case: &crate::case::CaseId) -> Result<Vec<(ContentId, String)>> {
    let contents = vault::contents_of(db, district, "case", case.as_str())?;
    Ok(contents
        .into_iter()
        .filter(|(_, kind, _)| kind == "before" || kind == "after")
        .map(|(id, kind, _)| (id, kind))
        .collect())
}
