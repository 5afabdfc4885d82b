//! Photos that are sent before the report or move they belong to.
//!
//! They are sealed at once, under the key of a person made for nothing else. When the report or
//! move names them, they are sealed anew with the asker's key and the first copy is erased.

use cases::case::Photo;
use kernel::{
    Command, Done, Engine, Problem, Result, Tx, engine::Answer, id::ContentId, idempotency::Reference,
    problem::NOT_FOUND, store::Db, vault,
};

/// Word of the subject under which such photos stand.
const UPLOAD: &str = "upload";

/// A photo that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its content id, to be named by the report or move.
    pub id: ContentId,
}

impl Answer for Kept {
    fn reference(&self) -> Reference {
        Reference { kind: UPLOAD.into(), id: self.id.to_string(), version: 1 }
    }
    fn again(_: &mut dyn Db, _: &str, reference: &Reference) -> Result<Self> {
        let id = reference.id.parse().map_err(|_| Problem::new(&NOT_FOUND).with("what", &reference.id))?;
        Ok(Self { id })
    }
}

/// Keeps a photo until a report or move names it.
///
/// # Errors
/// Any store error.
pub async fn keep(engine: &Engine, command: Command, key: kernel::Once, photo: Photo) -> Result<Done<Kept>> {
    engine
        .write_once(command, key, move |tx| {
            let person = vault::person_new(tx)?;
            let image = vault::content_put(tx, &person, (UPLOAD, person.person.as_str()), "image", &photo.image)?;
            vault::content_put(tx, &person, ("photo", image.id.as_str()), "thumb", &photo.thumb)?;
            Ok(Kept { id: image.id })
        })
        .await
}

/// Takes kept photos over into a report or move; the first copies are erased in the same command.
///
/// # Errors
/// 404.1 for an id that names no kept photo.
pub fn take(tx: &mut Tx<'_>, ids: &[ContentId]) -> Result<Vec<Photo>> {
    let (district, keys) = (tx.district(), tx.keys());
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let unknown = || Problem::new(&NOT_FOUND).with("what", id);
        let (subject, person) = vault::subject_of(tx, district, id)?.ok_or_else(unknown)?;
        if subject.0 != UPLOAD {
            return Err(unknown());
        }
        let image = vault::content(tx, keys, district, id)?.ok_or_else(unknown)?;
        let thumbs = vault::contents_of(tx, district, "photo", id.as_str())?;
        let thumb = match thumbs.first() {
            Some((thumb, ..)) => vault::content(tx, keys, district, thumb)?.ok_or_else(unknown)?,
            None => image.clone(),
        };
        vault::erase(tx, &person)?;
        out.push(Photo { image, thumb });
    }
    Ok(out)
}
