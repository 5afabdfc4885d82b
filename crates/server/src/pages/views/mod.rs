//! What each page needs to know. Handlers fill these; templates show them.
//!
//! Everything is ready to be read: times are worded ("11 月 2 日 10:20", "今天 17:00 前"), names are
//! masked, states carry the word their flow gives them, links are complete paths. Addresses the templates
//! build by themselves from [`Site::base`]: `/`, `/report`, `/lookup`, `/duty`, `/meetings`, and `/login`.

mod account;
mod calls;
mod case;
mod duty;
mod form;
mod front;
mod intake;
mod kpi;
mod meeting;
mod messages;
mod problem;
mod report;
mod visit;
mod work;
mod work_sample;

pub use account::*;
pub use calls::*;
pub use case::*;
pub use duty::*;
pub use form::*;
pub use front::*;
pub use intake::*;
pub use kpi::*;
pub use meeting::*;
pub use messages::*;
pub use problem::*;
pub use report::*;
pub use visit::*;
pub use work::*;

use serde::Serialize;

use super::render::{Lang, RenderError, Renderer};

/// A view belongs to one template and knows what it looks like in several states.
pub trait View: Serialize + Sized {
    /// File name under `templates/`.
    const TEMPLATE: &'static str;

    /// Named examples in different states, for tests and for looking at the pages.
    fn samples(lang: Lang) -> Vec<(&'static str, Self)>;
}

/// What every page needs: where we are, in which language, who is signed in.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Site {
    /// `/linping`, or empty on the pages that belong to no district.
    pub base: String,
    /// `临平区`; empty on the pages that belong to no district.
    pub district: String,
    /// Street or community the page is about, `崇贤街道`; may be empty.
    pub area: String,
    /// Path and query of this page without `lang` and `size`: the toggles lead back here.
    pub here: String,
    /// A demonstration: the footer says that people are invented, the head offers the accounts.
    pub demo: bool,
    /// Who is signed in.
    pub person: Option<Signed>,
    /// What just happened, shown once above the page.
    pub flash: Option<Flash>,
}

/// The person signed in.
#[derive(Debug, Clone, Serialize)]
pub struct Signed {
    /// As colleagues say it: `周网格员`.
    pub name: String,
    /// Post and place: `专职网格员 · 一网格`.
    pub post: String,
    /// His work list.
    pub work: String,
    /// His notices.
    pub messages: String,
    /// How many of them are unread: `3`, `99+`; empty for none.
    pub unread: String,
    /// Where the sign-out form posts.
    pub logout: String,
}

/// One line about what just happened.
#[derive(Debug, Clone, Serialize)]
pub struct Flash {
    /// Done, Soon (be careful) or Late (it did not work).
    pub tone: Tone,
    /// A plain sentence.
    pub text: String,
    /// Name of the form whose draft on this device is now done with (`visit`); empty for none.
    pub clears: String,
}

/// The meaning of a colour. Colour never speaks alone: the word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// 江 river: under way.
    Doing,
    /// 茶 tea: done, on time.
    Done,
    /// 秸 straw: soon due, moved.
    Soon,
    /// 枫 maple: late, wrong.
    Late,
    /// No colour: not yet, not counted.
    Plain,
}

/// A word in a small coloured box.
#[derive(Debug, Clone, Serialize)]
pub struct Chip {
    /// The word.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
}

impl Chip {
    /// A chip with this word and tone.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A picture that people supplied, already re-encoded.
#[derive(Debug, Clone, Serialize)]
pub struct Photo {
    /// The full picture.
    pub href: String,
    /// The small one shown on the page.
    pub thumb: String,
    /// `之前`, `之后` or what it shows; is also the text for those who cannot see it.
    pub caption: String,
}

/// A page of samples: file name stem and HTML.
type SampleRow = (String, String);

fn push<V: View>(out: &mut Vec<SampleRow>, renderer: &Renderer, lang: Lang, large: bool) -> Result<(), RenderError> {
    for (name, view) in V::samples(lang) {
        let stem = V::TEMPLATE.trim_end_matches(".html");
        out.push((format!("{stem}-{name}"), renderer.page(&view, lang, large)?));
    }
    Ok(())
}

/// Every sample of every page, rendered: name (`case-rate`) and HTML.
///
/// # Errors
/// The first page that could not be made.
pub fn all_samples(renderer: &Renderer, lang: Lang, large: bool) -> Result<Vec<SampleRow>, RenderError> {
    let mut out = Vec::new();
    let o = &mut out;
    push::<FrontPage>(o, renderer, lang, large)?;
    push::<ReportPage>(o, renderer, lang, large)?;
    push::<ReceiptPage>(o, renderer, lang, large)?;
    push::<SlipPage>(o, renderer, lang, large)?;
    push::<LookupPage>(o, renderer, lang, large)?;
    push::<CasePage>(o, renderer, lang, large)?;
    push::<DutyPage>(o, renderer, lang, large)?;
    push::<LoginPage>(o, renderer, lang, large)?;
    push::<AccountsPage>(o, renderer, lang, large)?;
    push::<WorkPage>(o, renderer, lang, large)?;
    push::<ConflictPage>(o, renderer, lang, large)?;
    push::<CallsPage>(o, renderer, lang, large)?;
    push::<MessagesPage>(o, renderer, lang, large)?;
    push::<IntakePage>(o, renderer, lang, large)?;
    push::<VisitPage>(o, renderer, lang, large)?;
    push::<MeetingsPage>(o, renderer, lang, large)?;
    push::<MeetingFormPage>(o, renderer, lang, large)?;
    push::<MeetingPage>(o, renderer, lang, large)?;
    push::<KpiPage>(o, renderer, lang, large)?;
    push::<ProblemPage>(o, renderer, lang, large)?;
    Ok(out)
}

impl Site {
    /// Chongxian street in the demonstration district, nobody signed in.
    pub fn sample(lang: Lang, here: &str) -> Self {
        Self {
            base: "/linping".into(),
            district: lang.pick("临平区", "Linping").into(),
            area: lang.pick("崇贤街道", "Chongxian").into(),
            here: here.into(),
            demo: true,
            person: None,
            flash: None,
        }
    }

    /// The same with a grid officer signed in.
    pub fn sample_signed(lang: Lang, here: &str) -> Self {
        Self {
            person: Some(Signed {
                name: lang.pick("周网格员", "Officer Zhou").into(),
                post: lang.pick("专职网格员 · 一网格", "Grid officer, grid 1").into(),
                work: "/linping/work".into(),
                messages: "/linping/work/messages".into(),
                unread: "3".into(),
                logout: "/logout".into(),
            }),
            ..Self::sample(lang, here)
        }
    }
}
