//! What people are told: the asker on every move, staff when something becomes theirs.
//!
//! A sentence is a template of the flow with facts. The facts go to the journal, so that the
//! history can be read again in either language; words that people wrote stay sealed content.

use std::collections::BTreeMap;

use commons::{catalogue::Item, people::HoldingId};
use kernel::{
    Lang, Result, Timestamp, Tx,
    id::PersonId,
    outbox,
    problem::NOT_FOUND,
    vault::{self, PersonKey},
};
use serde_json::{Map, Value, json};

use super::{Case, Inputs, store};
use crate::{
    Rulebook,
    flow::{Effect, Move, render},
    task::Task,
};

/// The facts of a sentence.
#[derive(Debug, Clone)]
pub struct Told {
    /// Facts for the journal: names by language, times as moments.
    pub args: Value,
    /// Facts as Chinese words, with what people wrote.
    pub words: BTreeMap<&'static str, String>,
}

/// Until when, as people say it.
pub(super) fn when(rules: &Rulebook, at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let calendar = &rules.directory.calendar;
    let local = calendar.local(at).seen_from(calendar.local(now));
    match lang {
        Lang::Zh => local.day_time_zh(),
        Lang::En => local.day_time_en(),
    }
}

/// The service name of a holding's holder.
pub(super) fn holder(rules: &Rulebook, holding: Option<HoldingId>) -> Option<String> {
    rules.directory.holdings.get(&holding?).map(|h| h.display.clone())
}

/// Collects the facts of a move.
#[allow(clippy::too_many_arguments)]
pub(super) fn moved(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mv: &Move,
    before: &Case,
    after: &Case,
    tasks: &[Task],
    item: &Item,
    inputs: &Inputs,
    until: Option<Timestamp>,
) -> Result<Told> {
    let directory = &rules.directory;
    let now = tx.now();
    let named: Vec<String> =
        super::effects::doers(rules, mv, after, inputs, now)?.into_iter().filter_map(|doer| doer.says(rules)).collect();
    let body = match named.is_empty() {
        false => Some(named.join("、")),
        true => after.lead_body.and_then(|b| directory.bodies.get(&b)).map(|b| b.name.clone()).or_else(|| {
            let lead = tasks.iter().find(|t| Some(t.id) == after.lead_task)?;
            holder(rules, lead.assignee)
        }),
    };
    let until = until.or_else(|| after.promised_at.or_else(|| after.next_due()));
    let into = match after.merged_into {
        Some(id) => {
            let district = tx.district();
            store::fetch(tx, district, &id)?.map(|c| c.number)
        }
        None => None,
    };
    let made = after.made.get(&mv.id).copied();
    let mut args = Map::new();
    let mut words: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut fact = |name: &'static str, value: Option<String>| {
        if let Some(value) = value {
            args.insert(name.into(), json!(value));
            words.insert(name, value);
        }
    };
    fact("number", Some(after.number.clone()));
    fact("place", Some(directory.path_name(&after.place)));
    fact("owner", holder(rules, after.owner));
    fact("body", body);
    fact("item", Some(item.name.clone()));
    fact("into", into);
    fact("times", made.map(|n| n.to_string()));
    fact("times_max", mv.times.map(|n| n.to_string()));
    if let Some(until) = until {
        args.insert("until".into(), json!(until));
        words.insert("until", when(rules, until, now, Lang::Zh));
    }
    words.insert("date", directory.calendar.local(now).day_zh());
    for (name, text) in
        [("reason", &inputs.reason), ("answer", &inputs.answer), ("basis", &inputs.basis), ("topic", &inputs.topic)]
    {
        if let Some(text) = text.as_deref().filter(|t| !t.trim().is_empty()) {
            words.insert(name, text.trim().to_owned());
        }
    }
    if !words.contains_key("reason") && mv.requires.contains(&crate::flow::Need::Reason) {
        args.insert("system".into(), json!(true));
        words.insert("reason", SYSTEM_REASON.0.to_owned());
    }
    if before.promised_at != after.promised_at {
        args.insert("promised_before".into(), json!(before.promised_at));
    }
    Ok(Told { args: Value::Object(args), words })
}

/// Why the clock itself takes a matter higher.
pub const SYSTEM_REASON: (&str, &str) = ("到了答应的时间还没有办好", "the promised time has passed");

/// Writes the messages of a move: to the asker, to the askers of cases that joined, to whoever now has something to do.
#[allow(clippy::too_many_arguments)]
pub(super) fn send(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mv: &Move,
    before: &Case,
    case: &Case,
    tasks: &[Task],
    told: &Told,
    key: Option<&PersonKey>,
) -> Result<()> {
    let sentence = render(&mv.tell.zh, &told.words);
    to_askers(tx, case, key, &mv.id, &sentence)?;
    let now = tx.now();
    for task in tasks.iter().filter(|t| t.state == "withdrawn" && t.ended_at == Some(now)) {
        taken_back(tx, rules, case, task)?;
    }
    let new_tasks = mv
        .effects
        .iter()
        .any(|e| matches!(e, Effect::LeadTask | Effect::AssistTask | Effect::WhistleTask | Effect::ReopenTask));
    if new_tasks {
        for task in tasks.iter().filter(|t| t.open() && t.sent_at == now) {
            let until =
                task.due().map(|due| format!("，{}前办好", when(rules, due, now, Lang::Zh))).unwrap_or_default();
            let place = rules.directory.path_name(&case.place);
            let text = format!(
                "{}：{}（{place}）交给你们{}{until}。",
                case.number,
                item_name(rules, case),
                task.kind.says(Lang::Zh)
            );
            to_hands(tx, rules, case, task, &format!("task.{}", task.id), &text)?;
        }
    }
    if case.owner != before.owner {
        let climbed = mv.effects.iter().any(|e| matches!(e, Effect::Climb | Effect::OtherBody));
        let what = if climbed { "提到您这一级，请您接着办" } else { "归您管，请您接着办" };
        let text = format!(
            "{}：{}（{}）{what}。",
            case.number,
            item_name(rules, case),
            rules.directory.path_name(&case.place)
        );
        to_owner(tx, rules, case, &mv.id, &text)?;
    }
    Ok(())
}

/// Tells whoever had a task that it is not theirs any more.
pub(super) fn taken_back(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, task: &Task) -> Result<()> {
    let text = format!(
        "{}：{}（{}）不用你们{}了。",
        case.number,
        item_name(rules, case),
        rules.directory.path_name(&case.place),
        task.kind.says(Lang::Zh)
    );
    to_hands(tx, rules, case, task, &format!("task.{}.back", task.id), &text)
}

fn to_hands(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, task: &Task, dedupe: &str, text: &str) -> Result<()> {
    let mut people: Vec<PersonId> = match (task.body, task.assignee) {
        (Some(body), _) => rules.directory.handlers(&body, tx.now()).iter().map(|h| h.person).collect(),
        (None, Some(holding)) => rules.directory.holdings.get(&holding).map(|h| h.person).into_iter().collect(),
        (None, None) => Vec::new(),
    };
    people.sort_unstable();
    people.dedup();
    people.iter().try_for_each(|person| staff_message(tx, person, ("case", case.id.as_str()), dedupe, text))
}

/// Tells the asker what was done on one body's part.
pub(crate) fn task_moved(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mv: &Move,
    case: &Case,
    task: &Task,
    inputs: &Inputs,
    until: Option<Timestamp>,
) -> Result<()> {
    let now = tx.now();
    let mut words: BTreeMap<&str, String> = BTreeMap::new();
    words.insert("number", case.number.clone());
    words.insert("date", rules.directory.calendar.local(now).day_zh());
    words.insert("place", rules.directory.path_name(&case.place));
    let body = task.body.and_then(|b| rules.directory.bodies.get(&b)).map(|b| b.name.clone());
    if let Some(body) = body.or_else(|| holder(rules, task.assignee)) {
        words.insert("body", body);
    }
    if let Some(until) = until.or(case.promised_at) {
        words.insert("until", when(rules, until, now, Lang::Zh));
    }
    for (name, text) in [("reason", &inputs.reason), ("answer", &inputs.answer), ("basis", &inputs.basis)] {
        if let Some(text) = text {
            words.insert(name, text.clone());
        }
    }
    let key = super::words::asker_key(tx, case)?;
    to_askers(tx, case, key.as_ref(), &format!("task.{}.{}", task.id, task.version), &render(&mv.tell.zh, &words))
}

fn item_name(rules: &Rulebook, case: &Case) -> String {
    rules.directory.items.get(&case.item).map_or_else(|| case.item.clone(), |item| item.name.clone())
}

/// The first words after a report: a receipt to the asker, a note to whoever has it in hand.
pub(super) fn reported(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, key: &PersonKey, code: &str) -> Result<()> {
    let now = tx.now();
    let until = case.promised_at.map(|at| when(rules, at, now, Lang::Zh));
    if !case.anonymous {
        let until = until.as_ref().map(|u| format!("，{u}前告诉您归谁管")).unwrap_or_default();
        to_asker(
            tx,
            case,
            Some(key),
            "report",
            &format!("您说的事已收到，编号 {}{until}。查进展用回执码 {code}。", case.number),
        )?;
    }
    let until = until.map(|u| format!("，请在 {u} 前受理")).unwrap_or_default();
    let text = format!(
        "{}：{}（{}）有人反映{until}。",
        case.number,
        item_name(rules, case),
        rules.directory.path_name(&case.place)
    );
    to_owner(tx, rules, case, "report", &text)
}

/// Nobody stands above: whoever has it in hand hears that it is late.
pub(super) fn overdue(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case) -> Result<()> {
    let text = format!(
        "{}：{}（{}）过了答应的时间，请您盯一下。",
        case.number,
        item_name(rules, case),
        rules.directory.path_name(&case.place)
    );
    to_owner(tx, rules, case, "overdue", &text)
}

fn to_owner(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, what: &str, text: &str) -> Result<()> {
    match case.owner.and_then(|id| rules.directory.holdings.get(&id)) {
        Some(holding) => staff_message(
            tx,
            &holding.person,
            ("case", case.id.as_str()),
            &format!("owner.{}.{what}.{}", case.id, case.version),
            text,
        ),
        None => Ok(()),
    }
}

/// Cases that joined a case that joined a case …: further ones are not told.
const JOINED_DEPTH_MAX: u32 = 8;

/// To a case's asker and to everybody whose case joined it.
pub(super) fn to_askers(tx: &mut Tx<'_>, case: &Case, key: Option<&PersonKey>, what: &str, text: &str) -> Result<()> {
    to_asker(tx, case, key, what, text)?;
    to_joined(tx, case, &format!("{}.{}.{what}", case.id, case.version), text, JOINED_DEPTH_MAX)
}

fn to_joined(tx: &mut Tx<'_>, case: &Case, what: &str, text: &str, depth: u32) -> Result<()> {
    if depth == 0 {
        return Ok(());
    }
    let district = tx.district();
    for child in store::merged_children(tx, district, &case.id)? {
        let key = super::words::asker_key(tx, &child)?;
        to_asker(tx, &child, key.as_ref(), what, text)?;
        to_joined(tx, &child, what, text, depth - 1)?;
    }
    Ok(())
}

fn to_asker(tx: &mut Tx<'_>, case: &Case, key: Option<&PersonKey>, what: &str, text: &str) -> Result<()> {
    // Nobody is there to receive it; the case's page says it all.
    let Some(key) = key.filter(|_| !case.anonymous) else {
        return Ok(());
    };
    let dedupe = format!("asker.{}.{}.{what}", case.id, case.version);
    post(tx, key, &case.echo, ("case", case.id.as_str()), &dedupe, text)
}

/// A message to somebody on the staff, shown where they work.
///
/// # Errors
/// Any store error.
pub fn staff_message(
    tx: &mut Tx<'_>,
    person: &PersonId,
    subject: (&str, &str),
    dedupe: &str,
    text: &str,
) -> Result<()> {
    let key = match vault::key_in(tx, person) {
        Ok(key) => key,
        // Erased: there is nobody to tell.
        Err(problem) if problem.kind == &NOT_FOUND => return Ok(()),
        Err(problem) => return Err(problem),
    };
    post(tx, &key, "page", subject, &format!("{dedupe}.{person}"), text)
}

fn post(
    tx: &mut Tx<'_>,
    key: &PersonKey,
    channel: &str,
    subject: (&str, &str),
    dedupe: &str,
    text: &str,
) -> Result<()> {
    let nonce = tx.rng().bytes();
    let sealed = vault::seal_message(tx, key, nonce, text);
    Ok(outbox::post(tx, dedupe, &key.person, channel, subject, &sealed)?)
}
