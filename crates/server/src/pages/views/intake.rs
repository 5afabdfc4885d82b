//! 代录: an officer writes it down for somebody who stands before him, calls, or leaves a note.

use serde::Serialize;

use super::form::sample_places;
use super::{FormError, Group, ReportValues, Site, View};
use crate::pages::render::Lang;

/// How it came; the texts are `source.{key}`.
pub const SOURCES: [&str; 4] = ["in_person", "phone", "paper", "visit"];

/// How the asker wants to hear; the texts are `echo.{key}`.
pub const ECHOES: [&str; 4] = ["call", "sms", "paper", "none"];

/// `/{district}/intake`.
#[derive(Debug, Clone, Serialize)]
pub struct IntakePage {
    /// Where we are; somebody is signed in.
    pub site: Site,
    /// Where the form posts: fields `id, source, text, place, landmark, lon, lat, photo, name, phone, echo`.
    pub action: String,
    /// UUIDv7 made by the handler.
    pub id: String,
    /// One of [`SOURCES`].
    pub source: String,
    /// One of [`ECHOES`].
    pub echo: String,
    /// What has been typed so far.
    pub values: ReportValues,
    /// The officer's own grids first.
    pub places: Vec<Group>,
    /// What is wrong.
    pub errors: Vec<FormError>,
    /// Longest text, characters.
    pub text_chars_max: u32,
    /// Most photos.
    pub photos_max: u32,
    /// Largest photo, MB.
    pub photo_mb_max: u32,
}

impl View for IntakePage {
    const TEMPLATE: &'static str = "intake.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let blank = Self {
            site: Site::sample_signed(lang, "/linping/intake"),
            action: "/linping/intake".into(),
            id: "01932d6e-7a10-7c3b-9f5e-2f60f4b0a002".into(),
            source: SOURCES[0].into(),
            echo: ECHOES[0].into(),
            values: ReportValues { place: "330113006201001".into(), ..ReportValues::default() },
            places: sample_places(),
            errors: Vec::new(),
            text_chars_max: 2000,
            photos_max: 3,
            photo_mb_max: 10,
        };
        let mut wrong = blank.clone();
        wrong.values.text = "单元门关不上".into();
        wrong.errors = vec![FormError::new(
            "phone",
            lang.pick(
                "要打电话告诉他，就得有电话；不然请选“不用告诉”。",
                "To call back we need a phone; or choose “no need to tell”.",
            ),
        )];
        vec![("blank", blank), ("wrong", wrong)]
    }
}
