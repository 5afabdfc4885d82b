//! A case as it is shown: facts, words and story in one question.

use cases::{
    Rulebook,
    case::{self, Case, CaseId, rules},
    task::{self, Task},
    triage,
    view::{self, Step},
};
use kernel::{Engine, Lang, Problem, Result, Timestamp, id::ContentId, problem::NOT_FOUND};
use utoipa::ToSchema;

use super::{Caller, tasks::task_moves};

/// A case with everything that its page or answer needs.
pub struct Seen {
    /// The case.
    pub case: Case,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// What was said; none when erased.
    pub text: Option<String>,
    /// The last answer.
    pub answer: Option<String>,
    /// What the closing rests on.
    pub basis: Option<String>,
    /// Masked name and phone of the asker.
    pub asker: (Option<String>, Option<String>),
    /// Photos: content id and `before` or `after`.
    pub photos: Vec<(ContentId, String)>,
    /// What happened, oldest first.
    pub story: Vec<Step>,
    /// Hash of the newest journal entry of the case.
    pub seal: String,
}

/// Everything about a case that a caller may see.
///
/// # Errors
/// 404.1 when there is none, or the caller may not know that there is one.
pub async fn see(engine: &Engine, rulebook: Rulebook, caller: Caller, id: CaseId, lang: Lang) -> Result<Seen> {
    let (now, asking) = (engine.now(), engine.clone());
    engine
        .read(move |db| {
            let keys = asking.keys();
            let district = rulebook.directory.district.clone();
            let unknown = || Problem::new(&NOT_FOUND).with("what", id);
            let case = case::fetch(db, &district, &id)?.ok_or_else(unknown)?;
            let tasks = task::of_case(db, &district, &id)?;
            if !rules::visible(&rulebook, caller.mover(), &case, &tasks) {
                return Err(unknown());
            }
            let text = view::text(db, keys, &district, &case.text)?;
            let mut read = |content: &Option<kernel::vault::ContentRef>| match content {
                Some(content) => view::text(db, keys, &district, &content.id),
                None => Ok(None),
            };
            let (answer, basis) = (read(&case.answer)?, read(&case.basis)?);
            let asker = view::asker_masked(db, keys, &district, &case)?;
            let photos = view::photos(db, &district, &id)?;
            let story = view::story(db, keys, &rulebook, &case, &tasks, lang, now)?;
            let seal = kernel::journal::history(db, &district, "case", id.as_str())?
                .last()
                .map(|e| data_encoding::HEXLOWER.encode(&e.hash))
                .unwrap_or_default();
            Ok(Seen { case, tasks, text, answer, basis, asker, photos, story, seal })
        })
        .await
}

/// [`see`] for whoever shows the look-up code.
///
/// # Errors
/// 400.2 when it can't be a code, 404.1 when there is none.
pub async fn see_by_code(engine: &Engine, rulebook: Rulebook, typed: &str, lang: Lang) -> Result<Seen> {
    let district = rulebook.directory.district.clone();
    let case = super::by_code(engine, &district, typed).await?;
    see(engine, rulebook, Caller::asker(&district), case.id, lang).await
}

/// A place in an answer.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct PlaceJson {
    /// Its code.
    pub code: String,
    /// Its level.
    pub level: String,
    /// Its name.
    pub name: String,
}

/// A case in an answer.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct CaseJson {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// State of the flow.
    pub state: String,
    /// The state as it is said to people.
    pub state_says: String,
    /// Counts its changes; a move states the one it was based on.
    pub version: i64,
    /// Counts how often it was begun.
    pub round: i64,
    /// Where it is.
    pub place: PlaceJson,
    /// The grid it counts in.
    pub grid: PlaceJson,
    /// Item code.
    pub item: String,
    /// Item name.
    pub item_says: String,
    /// How it came.
    pub source: String,
    /// What was said; only with one case in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// When it was reported (RFC 3339).
    pub reported_at: String,
    /// When the running clock is due.
    pub due_at: Option<String>,
    /// The day promised to the asker.
    pub promised_at: Option<String>,
    /// True when a clock of it ran over.
    pub late: bool,
    /// Who has it in hand, by service name.
    pub owner: Option<String>,
    /// The body that leads.
    pub lead_body: Option<String>,
    /// Masked name of the asker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asker_name: Option<String>,
    /// Masked phone of the asker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asker_phone: Option<String>,
    /// The last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the closing rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// The asker's word: solved?
    pub solved: Option<bool>,
    /// The asker's word: satisfied?
    pub satisfied: Option<String>,
    /// When it came to rest.
    pub closed_at: Option<String>,
    /// Number of the case it joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Photos by their content ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
    /// Moves that this caller may make now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<String>,
    /// What it seems to be about, where nobody said so; a person decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_item: Option<ProposalJson>,
    /// The department of imported history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

/// A proposed item in an answer.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct ProposalJson {
    /// Item code.
    pub item: String,
    /// Item name.
    pub item_says: String,
    /// The words of the report that say so.
    pub because: String,
}

/// One step of a case's story in an answer.
#[derive(Debug, Clone, serde::Serialize, ToSchema)]
pub struct StepJson {
    /// When.
    pub at: String,
    /// The act.
    pub act: String,
    /// What happened, as a sentence.
    pub says: String,
    /// Who did it, by service name; staff only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// The promised day before this step moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised_before: Option<String>,
    /// The promised day after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised_after: Option<String>,
    /// Photos by their content ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<String>,
}

pub(super) fn rfc(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// A place in an answer.
pub fn place_json(rules: &Rulebook, id: &commons::place::PlaceId) -> PlaceJson {
    rules.directory.places.get(id).map_or_else(
        || PlaceJson { code: String::new(), level: String::new(), name: String::new() },
        |p| PlaceJson { code: p.code.clone(), level: p.level.clone(), name: p.name.clone() },
    )
}

impl CaseJson {
    /// The facts of a case without anybody's words.
    pub fn of(rules: &Rulebook, case: &Case, now: Timestamp, lang: Lang) -> Self {
        let (owner, lead_body) = view::in_hand(rules, case);
        let item = rules.directory.items.get(&case.item);
        let state = rules.case_flow.state(&case.state);
        Self {
            id: case.id.to_string(),
            number: case.number.clone(),
            state: case.state.clone(),
            state_says: state.map_or_else(|| case.state.clone(), |s| lang.pick(&s.zh, &s.en).to_owned()),
            version: case.version,
            round: case.round,
            place: place_json(rules, &case.place),
            grid: place_json(rules, &case.grid),
            item: case.item.clone(),
            item_says: item.map_or_else(|| case.item.clone(), |i| lang.pick(&i.name, &i.name_en).to_owned()),
            source: case.source.clone(),
            text: None,
            reported_at: case.reported_at.to_string(),
            due_at: rfc(case.origin.as_ref().map_or_else(|| case.next_due(), |o| o.due)),
            promised_at: rfc(case.promised_at),
            late: case.late(now),
            owner,
            lead_body,
            asker_name: None,
            asker_phone: None,
            answer: None,
            basis: None,
            solved: case.solved,
            satisfied: case.satisfied.clone(),
            closed_at: rfc(case.closed_at),
            merged_into: case.merged_into.map(|id| id.to_string()),
            photos: Vec::new(),
            moves: Vec::new(),
            proposed_item: None,
            department: case.origin.as_ref().and_then(|o| o.department.clone()),
        }
    }
}

impl Seen {
    /// The case in full, with the moves that this caller may make now.
    pub fn json(&self, rules: &Rulebook, caller: &Caller, now: Timestamp, lang: Lang) -> CaseJson {
        let open = rules.case_flow.state(&self.case.state).is_some_and(|s| s.open);
        let text = self.text.as_deref().filter(|_| open && !caller.asker);
        let proposed = text.and_then(|text| triage::item(rules, &self.case, text)).map(|proposal| ProposalJson {
            item_says: lang.pick(&proposal.item.name, &proposal.item.name_en).to_owned(),
            item: proposal.item.code,
            because: proposal.because,
        });
        CaseJson {
            proposed_item: proposed,
            text: self.text.clone(),
            asker_name: self.asker.0.clone(),
            asker_phone: self.asker.1.clone(),
            answer: self.answer.clone(),
            basis: self.basis.clone(),
            photos: self.photos.iter().map(|(id, _)| id.to_string()).collect(),
            moves: self.moves(rules, caller).iter().map(|mv| mv.id.clone()).collect(),
            ..CaseJson::of(rules, &self.case, now, lang)
        }
    }

    /// The case's moves that this caller may make now, in the order of the flow.
    pub fn moves<'r>(&self, rules: &'r Rulebook, caller: &Caller) -> Vec<&'r cases::flow::Move> {
        let moves = rules.case_flow.allowed(&self.case.state);
        moves
            .into_iter()
            .filter(|mv| !mv.system_only() && rules::admit(rules, caller.mover(), mv, &self.case, &self.tasks).is_ok())
            .collect()
    }

    /// The story in an answer; who did what is for staff.
    pub fn story_json(&self, staff: bool) -> Vec<StepJson> {
        self.story
            .iter()
            .map(|step| StepJson {
                at: step.at.to_string(),
                act: step.act.clone(),
                says: step.says.clone(),
                by: if staff { step.by.clone() } else { String::new() },
                promised_before: rfc(step.promised_before),
                promised_after: rfc(step.promised_after),
                photos: step.photos.iter().map(ToString::to_string).collect(),
            })
            .collect()
    }

    /// The moves of a task that this caller may make now.
    pub fn task_moves<'r>(&self, rules: &'r Rulebook, caller: &Caller, task: &Task) -> Vec<&'r cases::flow::Move> {
        task_moves(rules, caller, &self.case, &self.tasks, task)
    }
}
