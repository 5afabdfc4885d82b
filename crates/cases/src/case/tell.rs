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
pub(super) fn moved(tx: &mut Tx<'_>, rules: &Rulebook, mv: &Move, before: &Case, after: &Case, item: &Item, inputs: &Inputs, until: Option<Timestamp>) -> Result<Told> {
    let directory = &rules.directory;
    let now = tx.now();
    let bodies: Vec<String> = if inputs.to.is_empty() {
        after.lead_body.and_then(|b| directory.bodies.get(&b)).map(|b| b.name.clone()).into_iter().collect()
    } else {
        super::effects::doers(rules, after, inputs, now)?
            .iter()
            .map(|doer| match doer {
                super::effects::Doer::Body(id) => directory.bodies.get(id).map(|b| b.name.clone()).unwrap_or_default(),
                super::effects::Doer::Holder(id) => holder(rules, Some(*id)).unwrap_or_default(),
            })
            .collect()
    };
    let lead_holder = || after.lead_task.and_then(|_| holder(rules, after.owner)).filter(|_| after.lead_body.is_none());
    let body = if bodies.is_empty() { lead_holder() } else { Some(bodies.join("、")) };
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
    for (name, text) in [("reason", &inputs.reason), ("answer", &inputs.answer), ("basis", &inputs.basis), ("topic", &inputs.topic)] {
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
pub(super) fn send(tx: &mut Tx<'_>, rules: &Rulebook, mv: &Move, case: &Case, tasks: &[Task], told: &Told, key: &PersonKey) -> Result<()> {
    let sentence = render(&mv.tell.zh, &told.words);
    to_asker(tx, case, key, &mv.id, &sentence)?;
    if !case.anonymous || case.version > 1 {
        let district = tx.district();
        for child in store::merged_children(tx, district, &case.id)? {
            if let Ok(child_key) = vault::key_in(tx, &child.asker) {
                to_asker(tx, &child, &child_key, &format!("{}.{}.{}", case.id, case.version, mv.id), &sentence)?;
            }
        }
    }
    let new_tasks = mv.effects.iter().any(|e| matches!(e, Effect::LeadTask | Effect::AssistTask | Effect::WhistleTask | Effect::ReopenTask));
    if new_tasks {
        let now = tx.now();
        for task in tasks.iter().filter(|t| t.open() && t.sent_at == now) {
            let until = task.due().map(|due| when(rules, due, now, Lang::Zh)).unwrap_or_default();
            let place = rules.directory.path_name(&case.place);
            let text = format!("{}：{}（{place}，{}）交给你们{}，{until}前办好。", case.number, item_name(rules, case), when(rules, now, now, Lang::Zh), task.kind.says(Lang::Zh));
            let people: Vec<PersonId> = match (task.body, task.assignee) {
                (Some(body), _) => rules.directory.handlers(&body, now).iter().map(|h| h.person).collect(),
                (None, Some(holding)) => rules.directory.holdings.get(&holding).map(|h| h.person).into_iter().collect(),
                (None, None) => Vec::new(),
            };
            for person in people {
                staff_message(tx, &person, ("case", case.id.as_str()), &format!("task.{}", task.id), &text)?;
            }
        }
    }
    let new_owner = mv.effects.iter().any(|e| matches!(e, Effect::Climb | Effect::OtherBody));
    if new_owner {
        let text = format!("{}：{}（{}）提到您这一级，请您接着办。", case.number, item_name(rules, case), rules.directory.path_name(&case.place));
        to_owner(tx, rules, case, &mv.id, &text)?;
    }
    Ok(())
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
        to_asker(tx, case, key, "report", &format!("您说的事已收到，编号 {}{until}。查进展用回执码 {code}。", case.number))?;
    }
    let until = until.map(|u| format!("，请在 {u} 前受理")).unwrap_or_default();
    let text = format!("{}：{}（{}）有人反映{until}。", case.number, item_name(rules, case), rules.directory.path_name(&case.place));
    to_owner(tx, rules, case, "report", &text)
}

fn to_owner(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, what: &str, text: &str) -> Result<()> {
    match case.owner.and_then(|id| rules.directory.holdings.get(&id)) {
        Some(holding) => staff_message(tx, &holding.person, ("case", case.id.as_str()), &format!("owner.{}.{what}.{}", case.id, case.version), text),
        None => Ok(()),
    }
}

pub(super) fn to_asker(tx: &mut Tx<'_>, case: &Case, key: &PersonKey, what: &str, text: &str) -> Result<()> {
    // Nobody is there to receive it; the case's page says it all.
    if case.anonymous {
        return Ok(());
    }
    let dedupe = format!("asker.{}.{}.{what}", case.id, case.version);
    post(tx, key, &case.echo, ("case", case.id.as_str()), &dedupe, text)
}

/// A message to somebody on the staff, shown where they work.
///
/// # Errors
/// Any store error.
pub fn staff_message(tx: &mut Tx<'_>, person: &PersonId, subject: (&str, &str), dedupe: &str, text: &str) -> Result<()> {
    let Ok(key) = vault::key_in(tx, person) else {
        return Ok(());
    };
    post(tx, &key, "page", subject, &format!("{dedupe}.{person}"), text)
}

fn post(tx: &mut Tx<'_>, key: &PersonKey, channel: &str, subject: (&str, &str), dedupe: &str, text: &str) -> Result<()> {
    let nonce = tx.rng().bytes();
    let sealed = vault::seal_message(tx, key, nonce, text);
    Ok(outbox::post(tx, dedupe, &key.person, channel, subject, &sealed)?)
}
