//! The forms of moves: which a person may make now, what each asks for, with choices filled in.
//!
//! What a move needs stands in the flow; here stands only how it is asked, what is worth offering
//! beside it, and in which order the buttons come.

use std::collections::BTreeMap;

use cases::{
    Rulebook,
    flow::{self, Effect, Move, Need},
    task::{Kind, Task},
    triage,
};
use commons::{catalogue::Item, people::BodyId};
use kernel::{Lang, Timestamp};

use super::work::href;
use crate::{
    acts::{Caller, Seen},
    call::Call,
    pages::views::{Choice, Field, FormError, Group, MoveForm},
};

/// 受理 and 交办 in one go: both moves in one command.
pub const FILE_AND_DISPATCH: &str = "file_dispatch";
/// Bodies offered for one move.
const BODIES_OFFERED_MAX: usize = 120;

/// One case as one person sees it, for whom forms are made.
pub struct Desk<'a> {
    /// The request.
    pub call: &'a Call,
    /// The district's rules.
    pub rules: &'a Rulebook,
    /// The case.
    pub seen: &'a Seen,
    /// Who looks.
    pub caller: &'a Caller,
    /// The queue from which the item was opened.
    pub queue: &'a str,
    /// A try that had faults.
    pub tried: Option<&'a Tried>,
}

/// What somebody typed, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Tried {
    /// The move.
    pub word: String,
    /// The task it was for; none for a move of the case.
    pub task: Option<String>,
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What was wrong.
    pub errors: Vec<FormError>,
}

/// The action word of a move, for sentences about it.
pub fn label(rules: &Rulebook, word: &str, lang: Lang) -> Option<String> {
    if word == FILE_AND_DISPATCH {
        return Some(lang.pick("受理并交办", "taken on and handed over").to_owned());
    }
    let mv = rules.case_flow.mv(word).or_else(|| rules.task_flow.mv(word))?;
    Some(lang.pick(&mv.zh, &mv.en).to_owned())
}

/// The moves that a form's word stands for, in the order in which they are made.
pub fn moves_of<'r>(rules: &'r Rulebook, word: &str, task: bool) -> Vec<&'r Move> {
    if task {
        return rules.task_flow.mv(word).into_iter().collect();
    }
    if word == FILE_AND_DISPATCH {
        return [rules.case_flow.mv("file"), rules.case_flow.mv("dispatch")].into_iter().flatten().collect();
    }
    rules.case_flow.mv(word).into_iter().collect()
}

/// The field that asks for a need.
pub fn field_of(need: Need) -> &'static str {
    need.word()
}

/// What may come with a move although it need not.
fn extras(mv: &Move, task: bool) -> &'static [&'static str] {
    match mv.id.as_str() {
        "done" if task => &["evidence"],
        "finish" => &["evidence"],
        "file" => &["item"],
        "confirm" => &["item", "evidence"],
        "dispatch" => &["item"],
        "deliberate" => &["topic"],
        "pass" => &["basis", "evidence"],
        "fail" | "not_found" | "ask" => &["evidence"],
        "not_solved" | "reopen" | "appeal" => &["reason"],
        "look_back" => &["evidence"],
        _ => &[],
    }
}

fn group(label: &str, choices: Vec<Choice>) -> Option<Group> {
    (!choices.is_empty()).then(|| Group { label: label.to_owned(), choices })
}

impl Desk<'_> {
    fn lang(&self) -> Lang {
        self.call.lang()
    }

    /// The item that counts for the case now.
    pub fn item(&self) -> Option<&Item> {
        self.rules.directory.items.get(&self.seen.case.item)
    }

    /// The bodies that the catalogue names for the case, those that lead.
    pub fn duty_bodies(&self) -> Vec<BodyId> {
        self.item()
            .map(|item| self.rules.directory.duty_bodies(item, &self.seen.case.place, "lead"))
            .unwrap_or_default()
    }

    /// The forms for the case's moves, the main one first, what refuses last.
    pub fn case_forms(&self) -> Vec<MoveForm> {
        let allowed = self.seen.moves(self.rules, self.caller);
        let has = |word: &str| allowed.iter().any(|mv| mv.id == word);
        let task_done = self
            .seen
            .tasks
            .iter()
            .any(|task| self.seen.task_moves(self.rules, self.caller, task).iter().any(|mv| mv.id == "done"));
        let led = self.seen.tasks.iter().any(|task| task.open() && task.kind == Kind::Lead);
        let others_work =
            self.seen.tasks.iter().any(|task| task.open() && task.kind != Kind::Whistle && !self.is_mine(task));
        let mut forms = Vec::new();
        if has("file") && self.caller.actor.holds("case.dispatch") && self.dispatches_here() {
            let moves = moves_of(self.rules, FILE_AND_DISPATCH, false);
            forms.push(self.form(FILE_AND_DISPATCH, &moves, None));
        }
        for mv in &allowed {
            // "Not solved" is the no to the question that "solved" asks; a task's end is told at the
            // task, and nobody ends what others still work on.
            let told_elsewhere =
                (mv.id == "not_solved" && has("solved")) || (mv.id == "finish" && (task_done || others_work));
            if !told_elsewhere {
                forms.push(self.form(&mv.id, &[*mv], None));
            }
        }
        let tones: BTreeMap<&str, flow::Tone> = allowed.iter().map(|mv| (mv.id.as_str(), mv.tone)).collect();
        for form in &mut forms {
            form.hard = tones.get(form.name.as_str()) == Some(&flow::Tone::Warn);
        }
        let acts =
            |form: &MoveForm| form.name == FILE_AND_DISPATCH || tones.get(form.name.as_str()) == Some(&flow::Tone::Act);
        forms.sort_by_key(|form| (!form.open, form.hard, !acts(form)));
        // While a body works on it, nothing presses whoever gave it.
        let working = task_done || (led && self.seen.case.state == "handling");
        if !working && let Some(first) = forms.first_mut().filter(|form| acts(form)) {
            first.main = true;
        }
        forms
    }

    fn is_mine(&self, task: &Task) -> bool {
        let actor = &self.caller.actor;
        let body =
            task.body.is_some_and(|body| actor.grants.iter().any(|grant| grant.body.as_deref() == Some(body.as_str())));
        let holder = task.assignee.and_then(|id| self.rules.directory.holdings.get(&id));
        body || (actor.person.is_some() && holder.map(|h| h.person) == actor.person)
    }

    fn dispatches_here(&self) -> bool {
        let case = &self.seen.case;
        cases::case::rules::holds(self.rules, &self.caller.actor, case, &self.seen.tasks, "case.dispatch")
    }

    /// The forms for a task's moves.
    pub fn task_forms(&self, task: &Task) -> Vec<MoveForm> {
        let mut forms: Vec<MoveForm> = self
            .seen
            .task_moves(self.rules, self.caller, task)
            .into_iter()
            .map(|mv| {
                let mut form = self.form(&mv.id, &[mv], Some(task));
                form.hard = mv.tone == flow::Tone::Warn;
                form.main = mv.tone == flow::Tone::Act;
                form
            })
            .collect();
        forms.sort_by_key(|form| (form.hard, !form.main));
        // One main move: taking it up first, then saying that it is done.
        for form in forms.iter_mut().skip(1) {
            form.main = false;
        }
        forms
    }

    /// The form of one move, or of several made in one go.
    pub fn form(&self, word: &str, moves: &[&Move], task: Option<&Task>) -> MoveForm {
        let lang = self.lang();
        let case = &self.seen.case;
        let base = format!("/{}/work/{}", self.call.district(), case.id);
        let path = task.map_or_else(|| format!("{base}/moves"), |task| format!("{base}/tasks/{}/moves", task.id));
        let label = match moves {
            [mv] if !mv.button.lacks() => lang.pick(&mv.button.zh, &mv.button.en).to_owned(),
            [mv] => lang.pick(&mv.zh, &mv.en).to_owned(),
            _ => lang.pick("受理并交办", "Take on and hand over").to_owned(),
        };
        let mut form = MoveForm::new(
            word,
            &label,
            &href(&path, &[("queue", self.queue)]),
            task.map_or(case.version, |task| task.version),
            &self.call.app.fresh_id(),
        );
        form.fields = self.fields(moves, task.is_some());
        if let [mv] = moves {
            form.tells = self.tells(mv);
        }
        let own_try =
            self.tried.filter(|tried| tried.word == word && tried.task == task.map(|task| task.id.to_string()));
        if let Some(tried) = own_try {
            keep(&mut form, tried);
        }
        form
    }

    fn fields(&self, moves: &[&Move], task: bool) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        // What settles others comes first: the item before the body.
        for mv in moves {
            for name in extras(mv, task).iter().filter(|name| **name == "item") {
                if !has(&fields, name) {
                    fields.extend(Field::named(name).map(Field::optional).map(|field| self.filled(field, mv)));
                }
            }
        }
        for mv in moves {
            for need in &mv.requires {
                if !has(&fields, field_of(*need)) {
                    fields.extend(Field::named(field_of(*need)).map(|field| self.filled(field, mv)));
                }
            }
        }
        for mv in moves {
            for name in extras(mv, task) {
                if !has(&fields, name) {
                    fields.extend(Field::named(name).map(Field::optional).map(|field| self.filled(field, mv)));
                }
            }
            if matches!(mv.id.as_str(), "file" | "confirm") && !self.seen.case.near.is_empty() && !has(&fields, "place")
            {
                fields.extend(Field::named("place").map(Field::optional).map(|field| self.filled(field, mv)));
            }
        }
        fields
    }

    fn filled(&self, field: Field, mv: &Move) -> Field {
        let lang = self.lang();
        let radio = |pairs: &[(&str, &str)]| vec![Group::of("", pairs)];
        match field.name.as_str() {
            "item" => self.items(field),
            "body" => self.bodies(field, mv),
            "place" => self.places(field),
            "solved" => {
                field.with(radio(&[("yes", lang.pick("解决了", "Solved")), ("no", lang.pick("没解决", "Not solved"))]))
            }
            "satisfied" => field.with(radio(&[
                ("满意", lang.pick("满意", "Satisfied")),
                ("基本满意", lang.pick("基本满意", "Fairly satisfied")),
                ("不满意", lang.pick("不满意", "Not satisfied")),
            ])),
            _ => field,
        }
    }

    fn items(&self, field: Field) -> Field {
        let lang = self.lang();
        let mut items: Vec<&Item> = self.rules.directory.items.values().collect();
        items.sort_by(|a, b| (&a.class, &a.code).cmp(&(&b.class, &b.code)));
        let choices = items.into_iter().map(|item| Choice {
            on: item.code == self.seen.case.item,
            ..Choice::new(&item.code, lang.pick(&item.name, &item.name_en))
        });
        let all = group("", choices.collect());
        // What the words seem to say comes first, with the words; it is chosen by a person.
        let text = self.seen.text.as_deref().unwrap_or_default();
        let proposed = triage::item(self.rules, &self.seen.case, text).and_then(|proposal| {
            let because = match lang {
                Lang::Zh => format!("建议（话里有“{}”）", proposal.because),
                Lang::En => format!("Proposed, for the words say “{}”", proposal.because),
            };
            let name = lang.pick(&proposal.item.name, &proposal.item.name_en);
            group(&because, vec![Choice::new(&proposal.item.code, name)])
        });
        field.with(proposed.into_iter().chain(all).collect())
    }

    fn places(&self, field: Field) -> Field {
        let directory = &self.rules.directory;
        let case = &self.seen.case;
        let ids = std::iter::once(&case.grid).chain(&case.near);
        let choices = ids
            .filter_map(|id| directory.places.get(id))
            .map(|place| Choice::new(&place.code, directory.path_name(&place.id)));
        let choices = choices.collect();
        field.with(group("", choices).into_iter().collect())
    }

    /// Bodies around the place: those that the catalogue names first, then people of the grid, then
    /// outward from the place to the district.
    fn bodies(&self, mut field: Field, mv: &Move) -> Field {
        let directory = &self.rules.directory;
        let lang = self.lang();
        let case = &self.seen.case;
        let leads = mv.effects.contains(&Effect::LeadTask);
        let item = self.item();
        let part = if leads { "lead" } else { "assist" };
        let proposed = item.map(|item| directory.duty_bodies(item, &case.place, part)).unwrap_or_default();
        let mut offered: Vec<BodyId> = Vec::new();
        let mut choices = |ids: Vec<BodyId>| -> Vec<Choice> {
            let mut out = Vec::new();
            for id in ids {
                if let Some(body) =
                    directory.bodies.get(&id).filter(|_| !offered.contains(&id) && offered.len() < BODIES_OFFERED_MAX)
                {
                    offered.push(id);
                    out.push(Choice::new(id.to_string(), &body.name));
                }
            }
            out
        };
        let mut groups = Vec::new();
        let first = proposed.first().map(ToString::to_string);
        groups.extend(group(lang.pick("建议（权责清单）", "Proposed by the duty list"), choices(proposed)));
        let chain = directory.chain(&case.place);
        let mut around = Vec::new();
        for place in &chain {
            let here = directory.bodies.values().filter(|body| body.place == place.id).map(|body| body.id).collect();
            around.extend(group(&place.name, choices(here)));
        }
        let community = chain.iter().find(|place| place.level == "community");
        if let Some(community) = community {
            let near = directory
                .bodies
                .values()
                .filter(|body| directory.within(&body.place, &community.id))
                .map(|body| body.id)
                .collect();
            around.extend(group(lang.pick("社区里别的单位", "Elsewhere in the community"), choices(near)));
        }
        groups.extend(group(lang.pick("网格里的人", "People of the grid"), self.officers()));
        groups.extend(around);
        if leads && let Some(first) = first {
            field.value = first;
        }
        field.with(groups)
    }

    /// Post-holders of the grid who may do work themselves, by the service name that only they have.
    fn officers(&self) -> Vec<Choice> {
        let directory = &self.rules.directory;
        let now = self.call.app.engine.now();
        let lang = self.lang();
        let holders = directory.holders(&self.seen.case.grid, now);
        let owning = holders
            .into_iter()
            .filter(|h| directory.posts.get(&h.post).is_some_and(|post| post.owns.is_some_and(|rank| rank <= 4)));
        owning
            .filter(|h| directory.person_displayed(&h.display, now) == Some(h.person))
            .map(|h| Choice::new(&h.display, format!("{} · {}", h.display, directory.post_name(&h.post, lang))))
            .collect()
    }

    /// What the asker will be told, when it does not hang on what is still to be typed.
    fn tells(&self, mv: &Move) -> String {
        let lang = self.lang();
        let directory = &self.rules.directory;
        let case = &self.seen.case;
        let now = self.call.app.engine.now();
        let mut facts: BTreeMap<&str, String> = BTreeMap::new();
        facts.insert("number", case.number.clone());
        facts.insert("place", directory.path_name(&case.place));
        facts.insert("date", cases::view::said_day(self.rules, now, now, lang));
        let (owner, body) = cases::view::in_hand(self.rules, case);
        if let Some(owner) = owner {
            facts.insert("owner", owner);
        }
        if let Some(body) = body.filter(|_| !mv.requires.contains(&Need::Body)) {
            facts.insert("body", body);
        }
        let template = lang.pick(&mv.tell.zh, &mv.tell.en);
        let known = flow::slots(template)
            .is_ok_and(|slots| slots.iter().all(|slot| slot.optional || facts.contains_key(slot.name.as_str())));
        if known { flow::render(template, &facts) } else { String::new() }
    }

    /// When a body would have to be done if it got the case now.
    pub fn handled_by(&self) -> Option<(kernel::time::Limit, Timestamp)> {
        let limit = self.item()?.handle;
        let due =
            kernel::time::due(&self.rules.directory.calendar, self.call.app.engine.now(), limit, &[], &[]).ok()?;
        Some((limit, due))
    }
}

/// Puts what was typed back into a form and opens it.
pub fn keep(form: &mut MoveForm, tried: &Tried) {
    form.open = true;
    form.errors.clone_from(&tried.errors);
    for field in &mut form.fields {
        let Some(value) = tried.values.get(&field.name) else { continue };
        field.value.clone_from(value);
        for choice in field.groups.iter_mut().flat_map(|group| &mut group.choices) {
            choice.on = choice.value == *value;
        }
    }
}
