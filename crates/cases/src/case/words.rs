//! What people wrote or photographed: cleaned, limited, sealed. The journal gets references only.

use kernel::{
    Problem, Result, Tx,
    access::Actor,
    problem::{NOT_FOUND, TOO_LARGE},
    vault::{self, ContentRef, PersonKey},
};
use serde_json::{Map, Value, json};

use super::{Case, CaseId, Inputs, NOTE_CHARS_MAX, PHOTOS_MAX, Photo};
use crate::problems::BAD_TEXT;

/// What of a move is sealed as text, by the kind of its content.
pub(crate) const NOTES: [&str; 4] = ["reason", "topic", "answer", "basis"];

/// Takes out what comes from broken keyboards and attacks: control characters and marks that turn
/// the direction of writing. Line breaks, emoji and every script stay.
///
/// # Errors
/// 400.3 when nothing is left or it is longer than `max` characters.
pub(crate) fn cleaned(text: &str, max: usize) -> Result<String> {
    let refuse = || Problem::new(&BAD_TEXT).with("max", max);
    // A raw text far over the limit is refused before it is copied.
    if text.len() > max.saturating_mul(16) {
        return Err(refuse());
    }
    let hidden =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let clean: String =
        text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || !hidden(*c)).collect();
    let clean = clean.trim();
    let seen = clean.chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'));
    if !seen || clean.chars().count() > max {
        return Err(refuse());
    }
    Ok(clean.to_owned())
}

/// A line that may be missing, cleaned.
///
/// # Errors
/// 400.3 when it is too long.
pub(crate) fn line(text: Option<&str>, max: usize) -> Result<Option<String>> {
    text.filter(|t| !t.trim().is_empty()).map(|t| cleaned(&t.replace('\n', " "), max)).transpose()
}

/// A copy of a move's inputs with its words cleaned.
///
/// # Errors
/// 400.3 for a note that is too long; 413.1 for too many photos.
pub(crate) fn tidied(inputs: &Inputs) -> Result<Inputs> {
    let note = |text: &Option<String>| {
        text.as_deref().filter(|t| !t.trim().is_empty()).map(|t| cleaned(t, NOTE_CHARS_MAX)).transpose()
    };
    photos_counted(inputs.photos.len() + inputs.evidence.len())?;
    Ok(Inputs {
        reason: note(&inputs.reason)?,
        topic: note(&inputs.topic)?,
        answer: note(&inputs.answer)?,
        basis: note(&inputs.basis)?,
        ..inputs.clone()
    })
}

/// # Errors
/// 413.1.
pub(super) fn photos_counted(count: usize) -> Result<()> {
    if count > PHOTOS_MAX {
        return Err(Problem::new(&TOO_LARGE).saying("what", "照片", "Photos").with("limit", PHOTOS_MAX));
    }
    Ok(())
}

/// The key of a case's asker; none when the asker was erased.
pub(crate) fn asker_key(tx: &mut Tx<'_>, case: &Case) -> Result<Option<PersonKey>> {
    match vault::key_in(tx, &case.asker) {
        Ok(key) => Ok(Some(key)),
        Err(problem) if problem.kind == &NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The key that seals what somebody writes on a case: its asker's, so that it goes when they go;
/// after that the writer's own.
fn writing_key(tx: &mut Tx<'_>, asker: Option<&PersonKey>, actor: &Actor) -> Result<Option<PersonKey>> {
    match (asker, actor.person) {
        (Some(_), _) => Ok(None),
        (None, Some(person)) => vault::key_in(tx, &person).map(Some),
        (None, None) => vault::person_new(tx).map(Some),
    }
}

/// Seals what came with a move in words and pictures; gives the references for the journal.
///
/// # Errors
/// 404.1 for a photo that is named but not there; any store error.
pub(crate) fn sealed(
    tx: &mut Tx<'_>,
    asker: Option<&PersonKey>,
    actor: &Actor,
    case: &CaseId,
    inputs: &Inputs,
    pictures: &str,
) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    let notes = [&inputs.reason, &inputs.topic, &inputs.answer, &inputs.basis];
    if notes.iter().all(|n| n.is_none()) && inputs.photos.is_empty() && inputs.evidence.is_empty() {
        return Ok(out);
    }
    let own = writing_key(tx, asker, actor)?;
    let Some(key) = own.as_ref().or(asker) else {
        return Ok(out);
    };
    for (kind, text) in NOTES.into_iter().zip(notes) {
        if let Some(text) = text {
            let content = vault::content_put(tx, key, ("case", case.as_str()), kind, text.as_bytes())?;
            out.insert(kind.into(), json!(content));
        }
    }
    let mut refs: Vec<Value> = photos(tx, key, case, pictures, &inputs.photos)?.iter().map(|r| json!(r)).collect();
    let (keys, district) = (tx.keys(), tx.district());
    for id in &inputs.evidence {
        if vault::content(tx, keys, district, id)?.is_none() {
            return Err(Problem::new(&NOT_FOUND).with("what", id));
        }
        refs.push(json!({ "id": id }));
    }
    if !refs.is_empty() {
        out.insert("photos".into(), Value::Array(refs));
    }
    Ok(out)
}

/// The reference of one kind among sealed texts.
pub(crate) fn reference(texts: &Map<String, Value>, kind: &str) -> Option<ContentRef> {
    serde_json::from_value(texts.get(kind)?.clone()).ok()
}

/// Seals photos as content of a case; gives their references for the journal.
pub(super) fn photos(
    tx: &mut Tx<'_>,
    key: &PersonKey,
    case: &CaseId,
    kind: &str,
    photos: &[Photo],
) -> Result<Vec<ContentRef>> {
    photos_counted(photos.len())?;
    photos
        .iter()
        .map(|photo| {
            let image = vault::content_put(tx, key, ("case", case.as_str()), kind, &photo.image)?;
            vault::content_put(tx, key, ("photo", image.id.as_str()), "thumb", &photo.thumb)?;
            Ok(image)
        })
        .collect()
}
