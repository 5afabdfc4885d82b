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

use super::{Case, Inputs, report::GENERAL_ITEM, rules::Mover, store};
use crate::{
    Rulebook,
    flow::{Clock, Effect, Move, Need, render},
    task::{Kind, Task},
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
    if let Some(word) = after.satisfied.as_deref().filter(|_| mv.requires.contains(&Need::Satisfied)) {
        args.insert("satisfied".into(), json!(word));
        words.insert("satisfied", word.to_owned());
    }
    if !words.contains_key("reason") && mv.requires.contains(&Need::Reason) {
        args.insert("system".into(), json!(true));
        words.insert("reason", SYSTEM_REASON.0.to_owned());
    }
    if before.promised_at != after.promised_at {
        args.insert("promised_before".into(), json!(before.promised_at));
    }
    Ok(Told { args: Value::Object(args), words })
}

/// The permission to grant more time.
const EXTEND_APPROVE: &str = "task.extend_approve";
/// Why the clock itself takes a matter higher.
pub const SYSTEM_REASON: (&str, &str) = ("到了答应的时间还没有办好", "the promised time has passed");

/// Writes the messages of a move: to the asker, to the askers of cases that joined, to whoever now
/// has something to do, and to whoever has it in hand when somebody else moved it.
#[allow(clippy::too_many_arguments)]
pub(super) fn send(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mover: Mover<'_>,
    mv: &Move,
    before: &Case,
    case: &Case,
    tasks: &[Task],
    told: &Told,
    key: Option<&PersonKey>,
) -> Result<()> {
    let sentence = render(&mv.tell.zh, &told.words);
    to_askers(tx, rules, case, key, &mv.id, &sentence)?;
    let now = tx.now();
    let note = staff_note(mover, told);
    for task in tasks.iter().filter(|t| t.state == "withdrawn" && t.ended_at == Some(now)) {
        taken_back(tx, rules, case, task, None)?;
    }
    // Nobody hears of their own move, and nobody twice.
    let mut spared: Vec<PersonId> = mover.actor.person.into_iter().collect();
    let gives =
        |e: &Effect| matches!(e, Effect::LeadTask | Effect::AssistTask | Effect::WhistleTask | Effect::ReopenTask);
    if mv.effects.iter().any(gives) {
        for task in tasks.iter().filter(|t| t.open() && t.sent_at == now) {
            given(tx, rules, mv, case, task, &note)?;
            spared.extend(hands(rules, task, now));
        }
    }
    if case.owner != before.owner {
        let climbed = mv.effects.iter().any(|e| matches!(e, Effect::Climb | Effect::OtherBody));
        let what = if climbed { "提到您这一级，请您接着办" } else { "归您管，请您接着办" };
        let text = format!("{}{what}{}。", about(rules, case), colon(&note));
        spared.extend(owner(rules, case));
        to_owner(tx, rules, case, &mv.id, &text)?;
    }
    let lead = tasks.iter().find(|t| Some(t.id) == case.lead_task);
    let mut others: Vec<PersonId> =
        owner(rules, case).into_iter().chain(lead.into_iter().flat_map(|t| hands(rules, t, now))).collect();
    others.sort_unstable();
    others.dedup();
    others.retain(|person| !spared.contains(person));
    let runs = |clock| rules.case_flow.state(&case.state).is_some_and(|s| s.clocks.contains(&clock));
    let moved = case.promised_at.filter(|at| runs(Clock::Handle) && before.promised_at != Some(*at));
    let until = moved.map(|at| format!("，{}前办好", when(rules, at, now, Lang::Zh))).unwrap_or_default();
    let next = if runs(Clock::Verify) { "，请安排没经手的人核验" } else { "" };
    let about = about(rules, case);
    let text = format!("{about}{}{}，现在{}{until}{next}。", mv.zh, colon(&note), state_says(rules, case));
    for person in &others {
        staff_message(tx, person, ("case", case.id.as_str()), &format!("moved.{}.{}", case.id, case.version), &text)?;
    }
    // Whoever wrote it down for somebody tells them at the door what came of it.
    if let Some(person) =
        case.entered_by.filter(|p| !spared.contains(p) && !others.contains(p) && answers(rules, mv, case))
    {
        let text = format!("您代记的 {}（{}）：{sentence}", case.number, state_says(rules, case));
        staff_message(
            tx,
            &person,
            ("case", case.id.as_str()),
            &format!("entered.{}.{}", case.id, case.version),
            &text,
        )?;
    }
    Ok(())
}

/// True for a move after which somebody should be told by word of mouth: it answers, asks or closes.
fn answers(rules: &Rulebook, mv: &Move, case: &Case) -> bool {
    let state = rules.case_flow.state(&case.state);
    mv.requires.contains(&Need::Answer) || state.is_some_and(|s| !s.open || s.clocks.contains(&Clock::Ask))
}

/// What a move's maker gave as its ground, for staff. An asker's own words stay with the matter.
fn staff_note(mover: Mover<'_>, told: &Told) -> String {
    if mover.asker {
        return told.words.get("satisfied").map(|word| format!("解决了，{word}")).unwrap_or_default();
    }
    let ground = ["reason", "answer", "basis", "topic", "satisfied"].into_iter().find_map(|name| told.words.get(name));
    ground.map(|text| plain_end(text).to_owned()).unwrap_or_default()
}

/// Words without the mark at their end, where a sentence sets its own.
fn plain_end(text: &str) -> &str {
    text.trim().trim_end_matches(['。', '，', '；', '！', '.', ',', ';', '!', ' ', '\n'])
}

fn colon(note: &str) -> String {
    if note.is_empty() { String::new() } else { format!("：{}", plain_end(note)) }
}

/// Which matter a message to staff is about.
fn about(rules: &Rulebook, case: &Case) -> String {
    format!("{}：{}（{}）", case.number, item_name(rules, case), rules.directory.path_name(&case.place))
}

/// The word for a case's state, as it is said to people.
fn state_says<'r>(rules: &'r Rulebook, case: &'r Case) -> &'r str {
    rules.case_flow.state(&case.state).map_or(case.state.as_str(), |state| state.zh.as_str())
}

/// Tells whoever is to act what they were given, and why.
fn given(tx: &mut Tx<'_>, rules: &Rulebook, mv: &Move, case: &Case, task: &Task, note: &str) -> Result<()> {
    let until = task.due().map(|due| format!("，{}前办好", when(rules, due, tx.now(), Lang::Zh))).unwrap_or_default();
    let what = match task.kind {
        Kind::Whistle => "吹哨请你们到场一起办".to_owned(),
        kind => format!("交办给你们{}", kind.says(Lang::Zh)),
    };
    // A plain hand-over says itself; anything else says first what happened.
    let plain = note.is_empty() && mv.effects.iter().any(|e| matches!(e, Effect::LeadTask | Effect::AssistTask));
    let first = match task.kind {
        Kind::Whistle => String::new(),
        _ if plain && !task.settled => String::new(),
        _ => format!("{}{}。", mv.zh, colon(note)),
    };
    let why = if task.kind == Kind::Whistle { colon(note) } else { String::new() };
    let settled = if task.settled { "，不能再退" } else { "" };
    let text = format!("{}{first}{what}{why}{until}{settled}。", about(rules, case));
    to_hands(tx, rules, case, task, &format!("task.{}", task.id), &text)
}

/// Tells whoever had a task that it is not theirs any more.
pub(super) fn taken_back(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, task: &Task, why: Option<&str>) -> Result<()> {
    let text =
        format!("{}不用你们{}了{}。", about(rules, case), task.kind.says(Lang::Zh), colon(why.unwrap_or_default()));
    to_hands(tx, rules, case, task, &format!("task.{}.back", task.id), &text)
}

/// Tells the owner and whoever has the task about a step on it that somebody else made.
pub(super) fn task_noted(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mover: Mover<'_>,
    case: &Case,
    task: &Task,
    mv: &Move,
    text: &str,
) -> Result<()> {
    let now = tx.now();
    let mut people: Vec<PersonId> = owner(rules, case).into_iter().chain(hands(rules, task, now)).collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| Some(*person) != mover.actor.person);
    let text = format!("{}{text}", about(rules, case));
    let dedupe = format!("task.{}.{}.{}", task.id, task.version, mv.id);
    people.iter().try_for_each(|person| staff_message(tx, person, ("case", case.id.as_str()), &dedupe, &text))
}

/// Tells the owner and the nearest one above who may grant it that more time is asked for.
pub(super) fn extension_asked(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    mover: Mover<'_>,
    case: &Case,
    task: &Task,
    text: &str,
) -> Result<()> {
    let now = tx.now();
    let may = |person: &PersonId| rules.directory.actor(person, None, now).holds(EXTEND_APPROVE);
    let above = super::effects::nearest_who(rules, case, now, may);
    let mut people: Vec<PersonId> = owner(rules, case).into_iter().chain(above).collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| Some(*person) != mover.actor.person);
    let text = format!("{}{text}同意不同意，请能批延期的人定。", about(rules, case));
    let dedupe = format!("task.{}.{}.asked", task.id, task.version);
    people.iter().try_for_each(|person| staff_message(tx, person, ("case", case.id.as_str()), &dedupe, &text))
}

/// Who has a task, as people call it.
pub(super) fn doer(rules: &Rulebook, task: &Task) -> Option<String> {
    let body = task.body.and_then(|b| rules.directory.bodies.get(&b)).map(|b| b.name.clone());
    body.or_else(|| holder(rules, task.assignee))
}

/// Why a task's move was made, behind a colon; nothing when nothing was said.
pub(super) fn ground(inputs: &Inputs) -> String {
    let said: Vec<&str> = [&inputs.reason, &inputs.basis].into_iter().flatten().map(|text| plain_end(text)).collect();
    colon(&said.join("，依据："))
}

fn owner(rules: &Rulebook, case: &Case) -> Option<PersonId> {
    rules.directory.holdings.get(&case.owner?).map(|h| h.person)
}

/// The people in whose hands a task is.
fn hands(rules: &Rulebook, task: &Task, now: Timestamp) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = match (task.body, task.assignee) {
        (Some(body), _) => rules.directory.handlers(&body, now).iter().map(|h| h.person).collect(),
        (None, Some(holding)) => rules.directory.holdings.get(&holding).map(|h| h.person).into_iter().collect(),
        (None, None) => Vec::new(),
    };
    people.sort_unstable();
    people.dedup();
    people
}

fn to_hands(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, task: &Task, dedupe: &str, text: &str) -> Result<()> {
    let people = hands(rules, task, tx.now());
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
    if let Some(body) = doer(rules, task) {
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
    let what = format!("task.{}.{}", task.id, task.version);
    to_askers(tx, rules, case, key.as_ref(), &what, &render(&mv.tell.zh, &words))
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
    let text = format!("{}有人反映{until}。", about(rules, case));
    to_owner(tx, rules, case, "report", &text)
}

/// Nobody stands above: whoever has it in hand hears that it is late.
pub(super) fn overdue(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case) -> Result<()> {
    let text = format!("{}过了答应的时间，请您盯一下。", about(rules, case));
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

/// To a case's asker and to everybody whose case joined it: which matter, how it stands, what happened.
pub(super) fn to_askers(
    tx: &mut Tx<'_>,
    rules: &Rulebook,
    case: &Case,
    key: Option<&PersonKey>,
    what: &str,
    sentence: &str,
) -> Result<()> {
    let state = state_says(rules, case);
    let text = format!("{}（编号 {}，{state}）：{sentence}", asked(rules, case), case.number);
    to_asker(tx, case, key, what, &text)?;
    let now = format!("，合在 {} 里办，{state}）：{sentence}", case.number);
    to_joined(tx, rules, case, &format!("{}.{}.{what}", case.id, case.version), &now, JOINED_DEPTH_MAX)
}

/// What the asker raised, by its item; what is not for every ear is not named in a message.
fn asked(rules: &Rulebook, case: &Case) -> String {
    match rules.directory.items.get(&case.item) {
        Some(item) if item.public && item.name != GENERAL_ITEM => format!("您说的“{}”", item.name),
        _ => "您说的事".to_owned(),
    }
}

fn to_joined(tx: &mut Tx<'_>, rules: &Rulebook, case: &Case, what: &str, now: &str, depth: u32) -> Result<()> {
    if depth == 0 {
        return Ok(());
    }
    let district = tx.district();
    for child in store::merged_children(tx, district, &case.id)? {
        let key = super::words::asker_key(tx, &child)?;
        let text = format!("{}（编号 {}{now}", asked(rules, &child), child.number);
        to_asker(tx, &child, key.as_ref(), what, &text)?;
        to_joined(tx, rules, &child, what, now, depth - 1)?;
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
