//! Plays seeds: every step at its moment, timers in between, through the commands of real life.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context as _, bail};
use cases::{
    Rulebook,
    case::{self, CaseId, Inputs, Report, rules::Mover},
    task,
};
use commons::pack::Pack;
use kernel::{
    Command, Engine, Problem, Timestamp,
    access::Actor,
    id::PersonId,
    time::{Clock as _, VirtualClock},
    timer,
};
use practices::{meetings, visits};

use super::seed::{Seeds, Step};

/// Plays a district's seeds up to now.
///
/// # Errors
/// When a step is refused, with the step.
pub fn play(
    engine: &Engine,
    clock: &Arc<VirtualClock>,
    district: &str,
    pack: &Arc<Pack>,
    seeds: &Seeds,
    now: Timestamp,
) -> anyhow::Result<()> {
    let rules = {
        let (district, pack, at) = (district.to_owned(), pack.clone(), clock.now());
        let directory = engine.read_now(move |db| commons::directory::build(db, &district, pack, at))?;
        Rulebook::new(Arc::new(directory)).map_err(|faults| anyhow::anyhow!("flow: {faults:?}"))?
    };
    let calendar = &rules.directory.calendar;
    let mut steps: Vec<(Timestamp, usize, &Step)> = Vec::new();
    for (matter, seed) in seeds.matter.iter().enumerate() {
        for step in &seed.step {
            let day = calendar.local(now.plus_ms(-step.ago * kernel::time::DAY_MS)).iso_day();
            let at = calendar.parse_local(&format!("{day} {}", step.at)).with_context(|| format!("{step:?}"))?;
            // A matter of this morning must not lie in the future when the demonstration is loaded early.
            steps.push((at.min(now.plus_ms(-60_000)), matter, step));
        }
    }
    steps.sort_by_key(|(at, matter, _)| (*at, *matter));
    let mut scene = Scene { engine, rules, district, open: BTreeMap::new() };
    for (at, matter, step) in steps {
        scene.pass_until(clock, at)?;
        let card = seeds.matter[matter].card.as_deref();
        scene.step(matter, card, step).with_context(|| format!("{district}: {step:?}"))?;
    }
    scene.pass_until(clock, now)
}

struct Scene<'a> {
    engine: &'a Engine,
    rules: Rulebook,
    district: &'a str,
    open: BTreeMap<usize, (CaseId, PersonId)>,
}

impl Scene<'_> {
    fn pass_until(&self, clock: &VirtualClock, at: Timestamp) -> anyhow::Result<()> {
        loop {
            let district = self.district.to_owned();
            let next = self.engine.read_now(move |db| Ok(timer::next_due(db, &district)?))?;
            let Some(due) = next.filter(|due| *due <= at) else {
                break;
            };
            clock.set(due.max(clock.now()));
            let rules = self.rules.clone();
            let fired = self.engine.write_now(Command::new(self.district, "system"), move |tx| {
                let timers = timer::claim(tx)?;
                for one in &timers {
                    case::fire(tx, &rules, one)?;
                }
                Ok(timers.len())
            })?;
            if fired.value == 0 {
                bail!("a timer that is due at {due} can't be claimed");
            }
        }
        clock.set(at.max(clock.now()));
        Ok(())
    }

    fn actor(&self, name: &str) -> anyhow::Result<Actor> {
        let now = self.engine.now();
        let person =
            self.rules.directory.person_displayed(name, now).with_context(|| format!("nobody is called {name}"))?;
        Ok(self.rules.directory.actor(&person, None, now))
    }

    fn step(&mut self, matter: usize, card: Option<&str>, step: &Step) -> anyhow::Result<()> {
        if step.act == "visit" {
            return self.visit(matter, card, step);
        }
        if step.act == "report" {
            let actor = if step.by == "asker" { Actor::anonymous(self.district) } else { self.actor(&step.by)? };
            let report = Report {
                id: card.map(|card| super::card_case(self.district, card)),
                item: step.item.clone(),
                text: step.text.clone(),
                place: Some(step.place.clone()),
                name: step.name.clone(),
                phone: step.phone.clone(),
                source: step.source.clone().unwrap_or_else(|| "web".into()),
                echo: step.echo.clone(),
                ..Report::default()
            };
            let rules = self.rules.clone();
            let command = Command::new(self.district, actor.name());
            let done = self.engine.write_now(command, move |tx| {
                let reported = case::report(tx, &rules, &actor, &report)?;
                let district = tx.district();
                let case = case::fetch(tx, district, &reported.id)?
                    .ok_or_else(|| Problem::new(&kernel::problem::NOT_FOUND))?;
                Ok((case.id, case.asker))
            })?;
            self.open.insert(matter, done.value);
            return Ok(());
        }
        if step.act == "meeting" {
            return self.meeting(matter, step);
        }
        let (id, asker) = *self.open.get(&matter).context("a matter begins with a report")?;
        let inputs = Inputs {
            reason: step.reason.clone(),
            answer: step.answer.clone(),
            basis: step.basis.clone(),
            topic: step.topic.clone(),
            item: step.item.clone(),
            to: step.to.clone(),
            until: step.until.clone(),
            solved: step.solved,
            satisfied: step.satisfied.clone(),
            ..Inputs::default()
        };
        let by_asker = step.by == "asker";
        let actor = if by_asker { Actor::anonymous(self.district) } else { self.actor(&step.by)? };
        let (rules, word) = (self.rules.clone(), step.act.clone());
        let command = Command::new(self.district, if by_asker { asker.as_str() } else { actor.name() });
        self.engine.write_now(command, move |tx| {
            let mover = if by_asker { Mover::asker(&actor) } else { Mover::staff(&actor) };
            let district = tx.district();
            let tasks = task::of_case(tx, district, &id)?;
            let fits = |t: &&task::Task| t.open() && rules.task_flow.action_from(&t.state, &word).is_some();
            let own = |t: &&task::Task| {
                t.body.is_some_and(|b| actor.grants.iter().any(|g| g.body.as_deref() == Some(b.as_str())))
            };
            // A word of the case's flow means the case, unless the task is one's own.
            let only_of_tasks = rules.case_flow.by_action_zh(&word).is_empty();
            let task = tasks.iter().filter(fits).find(|t| only_of_tasks || own(t));
            match task {
                Some(own) => task::perform(tx, &rules, mover, &own.id, &word, None, &inputs).map(|_| ()),
                None => case::perform(tx, &rules, mover, &id, &word, None, &inputs).map(|_| ()),
            }
        })?;
        Ok(())
    }

    fn visit(&mut self, matter: usize, card: Option<&str>, step: &Step) -> anyhow::Result<()> {
        let actor = self.actor(&step.by)?;
        let visit = visits::NewVisit {
            id: card.and_then(|card| super::card_case(self.district, card).as_str().parse().ok()),
            place: step.place.clone(),
            name: step.name.clone(),
            phone: step.phone.clone(),
            consent: true,
            heard: Some(step.text.clone()),
            opens: Some(visits::Opens {
                item: step.item.clone(),
                echo: Some("sms".into()),
                ..visits::Opens::default()
            }),
            ..visits::NewVisit::default()
        };
        let rules = self.rules.clone();
        let command = Command::new(self.district, actor.name());
        let done = self.engine.write_now(command, move |tx| {
            let recorded = visits::record(tx, &rules, &actor, &visit)?;
            let unknown = || Problem::new(&kernel::problem::NOT_FOUND).with("what", "visit");
            let opened = recorded.case.ok_or_else(unknown)?;
            let district = tx.district();
            let case = case::fetch(tx, district, &opened.id)?.ok_or_else(unknown)?;
            Ok((case.id, case.asker))
        })?;
        self.open.insert(matter, done.value);
        Ok(())
    }

    fn meeting(&mut self, matter: usize, step: &Step) -> anyhow::Result<()> {
        let (id, _) = *self.open.get(&matter).context("a matter begins with a report")?;
        let actor = self.actor(&step.by)?;
        let new = meetings::NewMeeting {
            kind: step.meeting.clone().unwrap_or_default(),
            place: step.place.clone(),
            held_at: Some(self.engine.now()),
            topics: vec![meetings::NewTopic { case: Some(id.to_string()), title: step.topic.clone() }],
            ..meetings::NewMeeting::default()
        };
        let record = meetings::Record { present: step.present.clone(), ..meetings::Record::default() };
        let decisions: Vec<meetings::NewDecision> = step
            .decision
            .iter()
            .map(|text| meetings::NewDecision {
                text: text.clone(),
                lead: step.lead.clone(),
                performers: step.to.clone(),
                supervisor: step.supervisor.clone(),
                until: step.until.clone(),
                ..meetings::NewDecision::default()
            })
            .collect();
        let rules = self.rules.clone();
        self.engine.write_now(Command::new(self.district, actor.name()), move |tx| {
            meetings::hold(tx, &rules, &actor, &new, &record, &decisions).map(|_| ())
        })?;
        Ok(())
    }
}
