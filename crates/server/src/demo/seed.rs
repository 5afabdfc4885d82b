//! What a seed file holds.

use serde::Deserialize;

/// The seed files by district.
pub const SEEDS: &[(&str, &str)] = &[
    ("linping", include_str!("seeds/linping.toml")),
    ("fuyang", include_str!("seeds/fuyang.toml")),
    ("shangcheng", include_str!("seeds/shangcheng.toml")),
    ("qiantang", include_str!("seeds/qiantang.toml")),
];

/// The seeds of one district.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seeds {
    /// Matters, each a story of its own.
    pub matter: Vec<Matter>,
}

/// One matter from report to where it stands today.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// The card of the front door that opens it.
    pub card: Option<String>,
    /// What happened, oldest first.
    pub step: Vec<Step>,
}

/// One thing that somebody did.
#[derive(Debug, Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// Days before today.
    pub ago: i64,
    /// Local time of day, `HH:MM`.
    pub at: String,
    /// Service name of who does it; `asker` for the asker.
    pub by: String,
    /// `report`, `visit`, `meeting`, or a move of the case's or task's flow by its Chinese word.
    pub act: String,
    /// Place by its name.
    pub place: String,
    /// What is said.
    pub text: String,
    /// Item by its name.
    pub item: Option<String>,
    /// The asker's invented name.
    pub name: Option<String>,
    /// The asker's invented phone.
    pub phone: Option<String>,
    /// How it came.
    pub source: Option<String>,
    /// How the asker wants to hear.
    pub echo: Option<String>,
    /// Bodies.
    pub to: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// What the asker is told.
    pub answer: Option<String>,
    /// What it rests on.
    pub basis: Option<String>,
    /// What a meeting talks about.
    pub topic: Option<String>,
    /// A limit from then on, such as `20 work_days`.
    pub until: Option<String>,
    /// Solved?
    pub solved: Option<bool>,
    /// Satisfied?
    pub satisfied: Option<String>,
    /// Kind of meeting.
    pub meeting: Option<String>,
    /// Who was there, as groups.
    pub present: Vec<String>,
    /// What was decided.
    pub decision: Option<String>,
    /// Who leads.
    pub lead: Option<String>,
    /// Who supervises.
    pub supervisor: Option<String>,
}
