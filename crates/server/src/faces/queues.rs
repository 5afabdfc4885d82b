//! The queues of the work list: each is a query over what one person may see, with its count.
//!
//! A queue is named by its key ([`QUEUES`]); which of them somebody has follows from the permission
//! words they hold, never from their title. Queues by deadline and one's own come most pressing
//! first, all others newest first.

use std::{cell::Cell, collections::BTreeMap, sync::Arc};

use cases::{
    Rulebook,
    case::{self, Case, CaseId, Filter, rules},
    task::{self, Task},
    view,
};
use commons::{people::BodyId, place::PlaceId};
use kernel::{Problem, Result, Timestamp, access::Actor, problem::BAD_FIELD, store::Db, time::DAY_MS, vault::Keys};

use crate::{acts, pages::views::QUEUES};

/// Rows of one page.
pub const ROWS_MAX: usize = 30;
/// Rows looked through for a queue that no index gives directly, and for a search.
const SEEN_ROWS_MAX: i64 = 500;

/// Whose queues, and over what.
#[derive(Clone)]
pub struct Look {
    /// The district's rules.
    pub rules: Arc<Rulebook>,
    /// Who looks.
    pub actor: Actor,
    /// The moment to which the queues hold.
    pub now: Timestamp,
    /// Only within this place.
    pub place: Option<PlaceId>,
    /// A list that was read for the answer ended at its limit.
    pub cut_short: Cell<bool>,
}

/// How many stand in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// As many as were found.
    pub rows: u64,
    /// There may be more.
    pub more: bool,
}

impl Count {
    fn all(rows: u64) -> Self {
        Self { rows, more: false }
    }

    /// As it is shown: `7`, `500+`.
    pub fn says(self) -> String {
        if self.more { format!("{}+", self.rows) } else { self.rows.to_string() }
    }
}

/// One row, ready to be worded.
pub struct Found {
    /// The case.
    pub case: Case,
    /// What was said.
    pub text: Option<String>,
    /// When the reader's part of it is due.
    pub due: Option<Timestamp>,
}

/// One page of a queue.
#[derive(Default)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<Found>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A case with the moment that makes it pressing.
type Pressing = (Case, Option<Timestamp>);

/// The states that make up a queue; empty for queues that are made otherwise.
fn states(queue: &str) -> &'static [&'static str] {
    match queue {
        "to_file" => &["reported"],
        "to_check" => &["checking"],
        "to_dispatch" => &["filed"],
        "handling" => &["handling", "held"],
        "to_verify" => &["verifying"],
        "to_rate" => &["asking"],
        _ => &[],
    }
}

/// The keys of the queues that somebody has, in the order of [`QUEUES`].
pub fn keys(actor: &Actor) -> Vec<&'static str> {
    let over_places = !actor.places("case.read").is_empty();
    let has = |key: &str| match key {
        "to_file" => over_places && actor.holds("case.file"),
        "to_check" => over_places && actor.holds("case.check"),
        "to_dispatch" => over_places && actor.holds("case.dispatch"),
        "to_verify" => over_places && actor.holds("case.verify"),
        "to_rate" => over_places && actor.holds("case.rate_for"),
        "to_rule" => over_places && actor.holds("case.adjudicate"),
        "handling" => over_places,
        "mine" => actor.holds("task.done") || actor.holds("case.file"),
        _ => actor.holds("case.read"),
    };
    QUEUES.into_iter().filter(|key| has(key)).collect()
}

fn bad_cursor(what: &str) -> Problem {
    Problem::new(&BAD_FIELD).with("field", "cursor").with("what", what)
}

/// The moment that counts for a case in a list: the running clock, or the source's due time.
pub fn due_of(case: &Case) -> Option<Timestamp> {
    let source = case.origin.as_ref().and_then(|o| o.due).filter(|_| case.closed_at.is_none());
    case.next_due().or(source).filter(|_| !matches!(case.state.as_str(), "held"))
}

fn pressing(case: Case) -> Pressing {
    let due = due_of(&case);
    (case, due)
}

impl Look {
    fn district(&self) -> &str {
        &self.rules.directory.district
    }

    fn roots(&self) -> Result<Vec<Option<PlaceId>>> {
        acts::scope(&self.rules, &self.actor, self.place)
    }

    /// The community around a grid: officers look and check in the neighbouring grids too.
    fn widened(&self, root: Option<PlaceId>) -> (Option<PlaceId>, bool) {
        let directory = &self.rules.directory;
        let grid = root
            .map(|id| directory.grid_of(&id))
            .and_then(|id| directory.places.get(&id))
            .filter(|place| place.level == "grid");
        match grid.and_then(|grid| grid.parent).filter(|_| self.place.is_none()) {
            Some(parent) => (Some(parent), true),
            None => (root, false),
        }
    }

    /// How many stand in each queue. What no index counts is looked through up to 500 rows of a state;
    /// where that was not all of them, the count says so.
    ///
    /// # Errors
    /// 403.1 for a place that is not theirs to read; any store error.
    pub fn counts(&self, db: &mut dyn Db) -> Result<BTreeMap<&'static str, Count>> {
        let mut by_state: BTreeMap<String, u64> = BTreeMap::new();
        for root in self.roots()? {
            let root = root.unwrap_or(*self.rules.directory.root());
            for (state, count) in case::figures(db, self.district(), &root)? {
                *by_state.entry(state).or_default() += u64::try_from(count).unwrap_or_default();
            }
        }
        let of = |states: &[&str]| Count::all(states.iter().filter_map(|state| by_state.get(*state)).sum::<u64>());
        let mut out = BTreeMap::new();
        for key in keys(&self.actor) {
            self.cut_short.set(false);
            let rows = |rows: Vec<Pressing>| Count { rows: rows.len() as u64, more: self.cut_short.get() };
            let count = match key {
                "mine" => rows(self.mine(db)?),
                "due_today" | "overdue" => rows(self.due(db, key, None)?),
                "to_rule" => rows(self.to_rule(db)?),
                "to_check" | "to_verify" => match self.around(db, key)? {
                    Some(found) => rows(found),
                    None => of(states(key)),
                },
                "all" if self.actor.places("case.read").is_empty() => rows(self.of_bodies(db)?),
                "all" => Count::all(by_state.values().sum()),
                _ => of(states(key)),
            };
            out.insert(key, count);
        }
        Ok(out)
    }

    /// One page of a queue; `q` are words in what was said, or a number.
    ///
    /// # Errors
    /// 400.2 for a cursor that is none; 403.1 for a place that is not theirs; any store error.
    pub fn page(&self, db: &mut dyn Db, vault: &Keys, queue: &str, q: &str, cursor: Option<&str>) -> Result<Page> {
        let q = q.trim().to_lowercase();
        if let Some(case) = self.by_number(db, &q)? {
            return Ok(Page { rows: vec![self.worded(db, vault, pressing(case))?], next: None });
        }
        let sifted = match queue {
            "mine" => Some(self.mine(db)?),
            "to_rule" => Some(self.to_rule(db)?),
            "to_check" | "to_verify" => self.around(db, queue)?,
            "all" if self.actor.places("case.read").is_empty() => Some(self.of_bodies(db)?),
            _ => None,
        };
        match (sifted, queue) {
            (Some(rows), _) => self.cut(db, vault, rows, &q, cursor),
            (None, "due_today" | "overdue") => self.due_page(db, vault, queue, &q, cursor),
            (None, _) => self.state_page(db, vault, queue, &q, cursor),
        }
    }

    fn by_number(&self, db: &mut dyn Db, q: &str) -> Result<Option<Case>> {
        if q.is_empty() || q.chars().any(char::is_whitespace) {
            return Ok(None);
        }
        Ok(acts::by_number(db, &self.rules, &self.actor, &q.to_uppercase())?.cases.into_iter().next())
    }

    fn worded(&self, db: &mut dyn Db, vault: &Keys, (case, due): Pressing) -> Result<Found> {
        let text = view::text(db, vault, self.district(), &case.text)?;
        Ok(Found { case, text, due })
    }

    fn fits(found: &Found, q: &str) -> bool {
        q.is_empty()
            || found.case.number.to_lowercase().contains(q)
            || found.text.as_deref().is_some_and(|text| text.to_lowercase().contains(q))
    }

    /// A page of a list that is there as a whole; its cursor is a position.
    fn cut(&self, db: &mut dyn Db, vault: &Keys, rows: Vec<Pressing>, q: &str, cursor: Option<&str>) -> Result<Page> {
        let from: usize = cursor.map_or(Ok(0), |text| text.parse().map_err(|_| bad_cursor(text)))?;
        let mut page = Page::default();
        for (at, row) in rows.into_iter().enumerate().skip(from) {
            if page.rows.len() == ROWS_MAX {
                page.next = Some(at.to_string());
                break;
            }
            let found = self.worded(db, vault, row)?;
            if Self::fits(&found, q) {
                page.rows.push(found);
            }
        }
        Ok(page)
    }

    /// Cases in some states below some roots, newest first; no states stand for all.
    fn listed(
        &self,
        db: &mut dyn Db,
        roots: &[Option<PlaceId>],
        states: &[&str],
        before: Option<CaseId>,
        rows: i64,
    ) -> Result<Vec<Case>> {
        let mut found: BTreeMap<CaseId, Case> = BTreeMap::new();
        let wanted: Vec<Option<String>> =
            if states.is_empty() { vec![None] } else { states.iter().map(|state| Some((*state).to_owned())).collect() };
        for root in roots {
            for state in &wanted {
                let filter = Filter { place: *root, state: state.clone(), before, ..Filter::default() };
                found.extend(case::list(db, self.district(), &filter, rows)?.into_iter().map(|case| (case.id, case)));
            }
        }
        Ok(self.seen(found.into_values().rev().take(usize::try_from(rows).unwrap_or_default()).collect()))
    }

    fn state_page(&self, db: &mut dyn Db, vault: &Keys, queue: &str, q: &str, cursor: Option<&str>) -> Result<Page> {
        let before = cursor.map(|text| text.parse::<CaseId>().map_err(|_| bad_cursor(text))).transpose()?;
        let batch = if q.is_empty() { ROWS_MAX as i64 + 1 } else { SEEN_ROWS_MAX };
        let cases = self.listed(db, &self.roots()?, states(queue), before, batch)?;
        let (mut page, mut last, full) = (Page::default(), None, cases.len() as i64 == batch);
        for case in cases {
            if page.rows.len() == ROWS_MAX {
                page.next = last.map(|id: CaseId| id.to_string());
                return Ok(page);
            }
            last = Some(case.id);
            let found = self.worded(db, vault, pressing(case))?;
            if Self::fits(&found, q) {
                page.rows.push(found);
            }
        }
        page.next = last.filter(|_| full).map(|id| id.to_string());
        Ok(page)
    }

    /// The end of today in the district's time.
    fn end_of_day(&self) -> Timestamp {
        let calendar = &self.rules.directory.calendar;
        calendar.start_of_day(calendar.date(self.now)).map_or(self.now, |start| start.plus_ms(DAY_MS))
    }

    /// Cases whose clock runs out in the queue's span, earliest first, after a cursor.
    fn due(&self, db: &mut dyn Db, queue: &str, after: Option<(Timestamp, CaseId)>) -> Result<Vec<Pressing>> {
        let (from, to) =
            if queue == "overdue" { (Timestamp::from_ms(0), self.now) } else { (self.now, self.end_of_day()) };
        let from = after.map_or(from, |(at, _)| at.max(from));
        let mut found: BTreeMap<(Timestamp, CaseId), Case> = BTreeMap::new();
        for root in self.roots()? {
            let filter = Filter { place: root, due: Some((from, to)), ..Filter::default() };
            let rows = self.seen(case::list(db, self.district(), &filter, SEEN_ROWS_MAX)?);
            // The asker's silence and a case put off press nobody here.
            let rows = rows.into_iter().filter(|case| !matches!(case.state.as_str(), "asking" | "held"));
            found.extend(rows.filter_map(|case| Some(((case.next_due()?, case.id), case))));
        }
        for task in self.own_tasks(db)? {
            if let Some(due) = task.due().filter(|due| from <= *due && *due < to)
                && let Some(case) = case::fetch(db, self.district(), &task.case)?
            {
                found.insert((due, case.id), case);
            }
        }
        let found = found.into_iter().filter(|(key, _)| after.is_none_or(|after| *key > after));
        Ok(found.map(|((due, _), case)| (case, Some(due))).take(SEEN_ROWS_MAX as usize).collect())
    }

    fn due_page(&self, db: &mut dyn Db, vault: &Keys, queue: &str, q: &str, cursor: Option<&str>) -> Result<Page> {
        let after = match cursor {
            None => None,
            Some(text) => {
                let read = text
                    .split_once('.')
                    .and_then(|(ms, id)| Some((Timestamp::from_ms(ms.parse().ok()?), id.parse::<CaseId>().ok()?)));
                Some(read.ok_or_else(|| bad_cursor(text))?)
            }
        };
        let rows = self.due(db, queue, after)?;
        let cursors: Vec<String> =
            rows.iter().map(|(case, due)| format!("{}.{}", due.map_or(0, Timestamp::ms), case.id)).collect();
        let mut page = self.cut(db, vault, rows, q, None)?;
        page.next = page.next.and_then(|at| cursors.get(at.parse::<usize>().ok()?.checked_sub(1)?).cloned());
        Ok(page)
    }

    fn bodies(&self) -> Vec<BodyId> {
        self.actor.bodies("case.read").iter().filter_map(|id| id.parse().ok()).collect()
    }

    /// Rows as they came; remembers when they ended at the limit.
    fn seen<T>(&self, rows: Vec<T>) -> Vec<T> {
        if rows.len() as i64 >= SEEN_ROWS_MAX {
            self.cut_short.set(true);
        }
        rows
    }

    /// Open tasks of the person's bodies.
    fn own_tasks(&self, db: &mut dyn Db) -> Result<Vec<Task>> {
        const LAST: &str = "~";
        let bodies = self.bodies();
        let mut tasks = Vec::new();
        for state in ["sent", "acknowledged"] {
            tasks.extend(self.seen(task::of_bodies(db, self.district(), &bodies, state, LAST, SEEN_ROWS_MAX)?));
        }
        Ok(tasks)
    }

    fn owner_is_me(&self, case: &Case) -> bool {
        let owner = case.owner.and_then(|id| self.rules.directory.holdings.get(&id));
        self.actor.person.is_some() && owner.map(|h| h.person) == self.actor.person
    }

    fn assigned_to_me(&self, task: &Task) -> bool {
        let holder = task.assignee.and_then(|id| self.rules.directory.holdings.get(&id));
        task.open() && self.actor.person.is_some() && holder.map(|h| h.person) == self.actor.person
    }

    /// What waits for this person: tasks of their bodies and their own, cases they own that nobody works on.
    fn mine(&self, db: &mut dyn Db) -> Result<Vec<Pressing>> {
        let mut found: BTreeMap<CaseId, Pressing> = BTreeMap::new();
        for task in self.own_tasks(db)? {
            let within = |case: &Case| self.place.is_none_or(|place| self.rules.directory.within(&case.place, &place));
            if let Some(case) = case::fetch(db, self.district(), &task.case)?.filter(within) {
                let due = task.due().or(due_of(&case));
                found.insert(case.id, (case, due));
            }
        }
        let roots = self.roots()?;
        for state in ["reported", "checking", "filed"] {
            let own = self
                .listed(db, &roots, &[state], None, SEEN_ROWS_MAX)?
                .into_iter()
                .filter(|case| self.owner_is_me(case));
            found.extend(own.map(|case| (case.id, pressing(case))));
        }
        for case in self.listed(db, &roots, &["handling"], None, SEEN_ROWS_MAX)? {
            let own = self.owner_is_me(&case);
            if !own && case.lead_body.is_some() {
                continue;
            }
            let tasks = task::of_case(db, self.district(), &case.id)?;
            let nobody_leads = !tasks.iter().any(|task| task.open() && task.kind == task::Kind::Lead);
            let asked = tasks.iter().any(|task| task.open() && task.asked_until.is_some());
            if tasks.iter().any(|task| self.assigned_to_me(task)) || (own && (nobody_leads || asked)) {
                found.insert(case.id, pressing(case));
            }
        }
        let mut rows: Vec<Pressing> = found.into_values().collect();
        rows.sort_by_key(|(case, due)| (due.is_none(), *due, case.id));
        Ok(rows)
    }

    /// Everything in which the person's bodies have or had a part, newest first.
    fn of_bodies(&self, db: &mut dyn Db) -> Result<Vec<Pressing>> {
        const LAST: &str = "~";
        let bodies = self.bodies();
        let mut found: BTreeMap<CaseId, Pressing> = BTreeMap::new();
        for state in ["sent", "acknowledged", "done"] {
            for task in self.seen(task::of_bodies(db, self.district(), &bodies, state, LAST, SEEN_ROWS_MAX)?) {
                if let Some(case) = case::fetch(db, self.district(), &task.case)? {
                    let due = if task.open() { task.due() } else { None };
                    found.insert(case.id, (case, due));
                }
            }
        }
        Ok(found.into_values().rev().collect())
    }

    /// Matters that a body gave back and nobody leads now, longest waiting first.
    fn to_rule(&self, db: &mut dyn Db) -> Result<Vec<Pressing>> {
        let cases = self.listed(db, &self.roots()?, &["handling", "filed"], None, SEEN_ROWS_MAX)?;
        let given_back = cases.into_iter().filter(|case| case.returns > 0 && case.lead_task.is_none());
        let mut rows: Vec<Pressing> = given_back.map(pressing).collect();
        rows.reverse();
        Ok(rows)
    }

    /// What an officer of a grid may look at or check in the grids around, without what they worked on;
    /// none for somebody whose own area is wider, whose queue needs no sifting.
    fn around(&self, db: &mut dyn Db, queue: &str) -> Result<Option<Vec<Pressing>>> {
        let roots: Vec<(Option<PlaceId>, bool)> = self.roots()?.into_iter().map(|root| self.widened(root)).collect();
        if !roots.iter().any(|(_, wider)| *wider) {
            return Ok(None);
        }
        let roots: Vec<Option<PlaceId>> = roots.into_iter().map(|(root, _)| root).collect();
        let mut rows = Vec::new();
        for case in self.listed(db, &roots, states(queue), None, SEEN_ROWS_MAX)? {
            let tasks = task::of_case(db, self.district(), &case.id)?;
            let mover = rules::Mover::staff(&self.actor);
            let judged = self
                .rules
                .case_flow
                .allowed(&case.state)
                .into_iter()
                .filter(|mv| matches!(mv.permission.as_deref(), Some("case.verify" | "case.check")));
            let may = |mv: &cases::flow::Move| rules::admit(&self.rules, mover, mv, &case, &tasks).is_ok();
            if judged.into_iter().any(may) {
                rows.push(pressing(case));
            }
        }
        rows.sort_by_key(|(case, due): &Pressing| (due.is_none(), *due, case.id));
        Ok(Some(rows))
    }
}
