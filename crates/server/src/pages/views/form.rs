//! Pieces that forms share: choices, faults, and the fields of a move.

use serde::Serialize;

/// One option of a select, a radio group or a row of check boxes.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Chosen already.
    pub on: bool,
}

impl Choice {
    /// An option not chosen yet.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), on: false }
    }
}

/// Options under one heading; a heading may be empty when there is only one group.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// `龙腾社区`.
    pub label: String,
    /// Its grids.
    pub choices: Vec<Choice>,
}

impl Group {
    /// From a heading and pairs of value and text.
    pub fn of(label: &str, pairs: &[(&str, &str)]) -> Self {
        Self { label: label.into(), choices: pairs.iter().map(|(v, t)| Choice::new(*v, *t)).collect() }
    }
}

/// What is wrong with one field and what to do. Shown at the top, linked to the field, and beside it.
#[derive(Debug, Clone, Serialize)]
pub struct FormError {
    /// The field's name; its element id is `f-{field}`.
    pub field: String,
    /// A plain sentence.
    pub text: String,
}

impl FormError {
    /// A fault of a field.
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { field: field.into(), text: text.into() }
    }
}

/// How a field of a move is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// One of many, in groups.
    Select,
    /// One of few, all in sight.
    Radio,
    /// A day.
    Date,
    /// Photos or files.
    File,
}

/// One field that a move asks for. Its label and hint are the texts `field.{name}` and `fieldhint.{name}`.
#[derive(Debug, Clone, Serialize)]
pub struct Field {
    /// The name that is sent; one of [`FIELDS`].
    pub name: String,
    /// How it is asked.
    pub kind: FieldKind,
    /// Kept from an earlier try, or the proposal.
    pub value: String,
    /// For select and radio.
    pub groups: Vec<Group>,
    /// Without it the move is refused.
    pub required: bool,
}

/// The fields a move may ask for, and how. The texts have a label and a hint for each.
pub const FIELDS: &[(&str, FieldKind)] = &[
    ("reason", FieldKind::Text),
    ("basis", FieldKind::Text),
    ("answer", FieldKind::Text),
    ("note", FieldKind::Text),
    ("topic", FieldKind::Line),
    ("item", FieldKind::Select),
    ("body", FieldKind::Select),
    ("place", FieldKind::Select),
    ("into", FieldKind::Line),
    ("until", FieldKind::Date),
    ("plan", FieldKind::Text),
    ("evidence", FieldKind::File),
    ("solved", FieldKind::Radio),
    ("satisfied", FieldKind::Radio),
];

impl Field {
    /// A required field of [`FIELDS`]; `None` for a name the house does not know.
    pub fn named(name: &str) -> Option<Self> {
        let (name, kind) = FIELDS.iter().find(|(n, _)| *n == name)?;
        Some(Self { name: (*name).to_owned(), kind: *kind, value: String::new(), groups: Vec::new(), required: true })
    }

    /// The same with options.
    pub fn with(mut self, groups: Vec<Group>) -> Self {
        self.groups = groups;
        self
    }

    /// The same, not required.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// A form for one move on a case or a task.
#[derive(Debug, Clone, Serialize)]
pub struct MoveForm {
    /// Move name of the flow: `dispatch`.
    pub name: String,
    /// Its word: `交办`.
    pub label: String,
    /// What the asker will be told, as a sentence; may be empty.
    pub tells: String,
    /// Where it posts.
    pub action: String,
    /// The version this page was made from; an older one shows the conflict page.
    pub version: i64,
    /// Idempotency key: a second press changes nothing.
    pub key: String,
    /// The one main move of the page.
    pub main: bool,
    /// Refuses, returns or takes back: shown last, and never by one tap.
    pub hard: bool,
    /// Opened already, because an earlier try had faults.
    pub open: bool,
    /// What it asks for. Empty: one tap.
    pub fields: Vec<Field>,
    /// What was wrong with an earlier try.
    pub errors: Vec<FormError>,
}

/// The grids of two communities, for samples.
pub(super) fn sample_places() -> Vec<Group> {
    vec![
        Group::of(
            "龙腾社区",
            &[
                ("330113006201001", "一网格（悦贤里）"),
                ("330113006201002", "二网格（玉水官邸）"),
                ("330113006201003", "三网格"),
            ],
        ),
        Group::of("前村社区", &[("330113006202001", "一网格"), ("330113006202002", "二网格")]),
    ]
}
