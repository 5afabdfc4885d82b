//! What people type, made fit to keep. Pure.

use cases::problems::BAD_TEXT;
use kernel::{Problem, Result};

/// Text without outer blanks and without what comes from broken keyboards and attacks: control
/// characters and marks that turn the direction of writing. `None` when nothing is left.
///
/// # Errors
/// 400.3 beyond `max` characters.
pub(crate) fn tidy(text: &str, max: usize) -> Result<Option<String>> {
    let hidden =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let clean: String = text.chars().filter(|c| *c == '\n' || !hidden(*c)).collect();
    let clean = clean.trim();
    match clean.chars().count() {
        0 => Ok(None),
        count if count > max => Err(Problem::new(&BAD_TEXT).with("max", max)),
        _ => Ok(Some(clean.to_owned())),
    }
}

/// [`tidy`] for a field that may be absent.
///
/// # Errors
/// As [`tidy`].
pub(crate) fn tidy_field(text: &Option<String>, max: usize) -> Result<Option<String>> {
    text.as_deref().map_or(Ok(None), |text| tidy(text, max))
}
