//! The work list: one family for the grid officer (phone first), the secretary and the street desk.
//!
//! Left the queues, middle the list, right one item in full; on a phone one of them at a time. Plain links
//! and forms throughout.

use serde::Serialize;

use super::{Chip, Field, MoveForm, Photo, Site};

/// `/{district}/work` and `/{district}/work/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct WorkPage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// Which post's list this is: changes the order of things, never the rights.
    pub post: Post,
    /// What is not known about the calendar, and whom to tell; empty when all is.
    pub notice: String,
    /// The queues of this post, with counts.
    pub queues: Vec<Queue>,
    /// Things to start: one of [`TOOLS`] each.
    pub tools: Vec<Tool>,
    /// The list.
    pub list: WorkList,
    /// The item opened; `None` shows the list alone.
    pub item: Option<WorkItem>,
}

/// Whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Post {
    /// Grid officer: phone first, own tasks first.
    Officer,
    /// Community secretary.
    Secretary,
    /// Street desk.
    Desk,
}

/// Queue keys; texts `queue.{key}`, and `empty.{key}` for what an empty one says.
pub const QUEUES: [&str; 11] = [
    "mine",
    "to_file",
    "to_check",
    "to_dispatch",
    "handling",
    "due_today",
    "overdue",
    "to_verify",
    "to_rate",
    "to_rule",
    "all",
];

/// Tool keys; texts `tool.{key}`.
pub const TOOLS: [&str; 7] = ["intake", "calls", "visit", "meetings", "duty", "kpi", "report"];

/// A queue: a query with its count.
#[derive(Debug, Clone, Serialize)]
pub struct Queue {
    /// One of [`QUEUES`].
    pub key: String,
    /// The list.
    pub href: String,
    /// How many stand in it now: `7`, `500+`.
    pub count: String,
    /// The count is shown as late.
    pub late: bool,
    /// The one shown.
    pub on: bool,
}

/// Something to start or to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Tool {
    /// One of [`TOOLS`].
    pub key: String,
    /// Where.
    pub href: String,
    /// How many wait there; empty for what is not counted.
    pub count: String,
}

/// The middle column.
#[derive(Debug, Clone, Serialize)]
pub struct WorkList {
    /// Key of the queue shown, one of [`QUEUES`].
    pub queue: String,
    /// Where the filter goes (GET, fields `q`, `place`, and hidden `queue`).
    pub action: String,
    /// Words searched for.
    pub q: String,
    /// Chosen place code.
    pub place: String,
    /// Places within reach of this person.
    pub places: Vec<super::Group>,
    /// The rows, most pressing first.
    pub rows: Vec<Row>,
    /// How many there are in all: `37`, `500+`; for a search how many this page shows.
    pub total: String,
    /// The next page by cursor.
    pub more: Option<String>,
    /// The first page, when this is not it.
    pub first: Option<String>,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Opens the item.
    pub href: String,
    /// First words of what was said, or the item's name.
    pub title: String,
    /// `龙腾社区 · 一网格`.
    pub place: String,
    /// `10 分钟前`.
    pub age: String,
    /// State.
    pub state: Chip,
    /// The limit: `4 工作时内受理`, `已超期 2 天`; `None` when none runs.
    pub due: Option<Chip>,
    /// The one opened.
    pub on: bool,
}

/// One item in full, as the staff sees it.
#[derive(Debug, Clone, Serialize)]
pub struct WorkItem {
    /// `LP-261120-7K3M`.
    pub number: String,
    /// Title.
    pub title: String,
    /// `孙**（186****2210）在楼下活动室由周网格员代录`: asker masked, how it came, by whom.
    pub asker: String,
    /// How he wants to hear: `办好打电话告诉他`; empty when he left nothing.
    pub echo: String,
    /// When it came.
    pub at: String,
    /// State.
    pub state: Chip,
    /// Limit.
    pub due: Option<Chip>,
    /// The words of the asker; empty when erased.
    pub text: String,
    /// Photos given.
    pub photos: Vec<Photo>,
    /// Grid: `龙腾社区 · 一网格`.
    pub place: String,
    /// The spot in the asker's words; may be empty.
    pub landmark: String,
    /// Who is on duty there, who leads: sentences; may be empty.
    pub duty: String,
    /// What the rules propose, each with its reason.
    pub proposal: Vec<Proposed>,
    /// Tasks sent out.
    pub tasks: Vec<Task>,
    /// What happened, newest first.
    pub history: Vec<StaffStep>,
    /// Moves this person may make now, the main one first.
    pub moves: Vec<MoveForm>,
    /// When there are none: whose turn it is, a sentence.
    pub waits: String,
    /// Near this one: `同楼单元门报修 2 次，均已办结`; may be empty.
    pub near: String,
    /// The page the asker sees; empty for those who must not speak as the asker.
    pub public_href: String,
    /// The paper slip; empty as above.
    pub slip_href: String,
    /// Back to the list on a phone.
    pub back: String,
}

/// One line of the proposal.
#[derive(Debug, Clone, Serialize)]
pub struct Proposed {
    /// A field name of [`super::FIELDS`]: `item`, `body`, `until` …; its label is `field.{name}`.
    pub field: String,
    /// What is proposed.
    pub value: String,
    /// Why: the rule or the duty that says so.
    pub why: String,
}

/// A task given to a body.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// Who: `龙腾物业`.
    pub body: String,
    /// `主办`, `协办`, `吹哨`.
    pub kind: String,
    /// Its state.
    pub state: Chip,
    /// Its limit.
    pub due: Option<Chip>,
    /// What was said with it; may be empty.
    pub note: String,
    /// Moves this person may make on it.
    pub moves: Vec<MoveForm>,
}

/// One entry of the history for the staff.
#[derive(Debug, Clone, Serialize)]
pub struct StaffStep {
    /// When.
    pub at: String,
    /// Who and in which post.
    pub by: String,
    /// What, a sentence.
    pub text: String,
    /// Reason or note; may be empty.
    pub note: String,
    /// Evidence.
    pub photos: Vec<Photo>,
}

/// Somebody was faster: what changed, and how to go on.
#[derive(Debug, Clone, Serialize)]
pub struct ConflictPage {
    /// Where we are.
    pub site: Site,
    /// The case.
    pub title: String,
    /// State now.
    pub state: Chip,
    /// What happened since the page was opened, oldest first.
    pub changed: Vec<StaffStep>,
    /// What the person wanted to do: `交办`.
    pub wanted: String,
    /// The same form on the new version with what was typed; `None` when the move no longer fits.
    pub form: Option<MoveForm>,
    /// The item as it stands.
    pub item_href: String,
}

impl MoveForm {
    /// A one-tap move; add fields to ask for more.
    pub fn new(name: &str, label: &str, action: &str, version: i64, key: &str) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            tells: String::new(),
            action: action.into(),
            version,
            key: key.into(),
            main: false,
            hard: false,
            open: false,
            fields: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The same with these fields.
    pub fn asking(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }

    /// The same, telling the asker this.
    pub fn telling(mut self, sentence: &str) -> Self {
        self.tells = sentence.into();
        self
    }
}
