//! Forms as people send them: urlencoded or multipart, text fields and photos, within limits.

use std::{collections::BTreeMap, str::FromStr};

use axum::{
    RequestExt as _,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use kernel::{
    Problem, Timestamp,
    problem::{BAD_FIELD, INTERNAL, MALFORMED},
    time::DAY_MS,
};

use crate::{
    body::Filled,
    call::Call,
    problems::{Answer, Refused},
};

/// Fields of one form.
const FIELDS_MAX: usize = 100;
/// Characters of one text field; each handler has its own smaller limits.
const FIELD_CHARS_MAX: usize = 20_000;
/// Files of one form.
const FILES_MAX: usize = 12;

/// A form as it was sent.
#[derive(Debug, Default)]
pub struct Form {
    texts: BTreeMap<String, Vec<String>>,
    /// Bytes of the photos that were sent, empty file fields left out.
    pub files: Vec<Vec<u8>>,
}

impl Form {
    /// A field's text without spaces around it; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// The id that this page was made with. Ids carry their moment and lists go by it, so that one of another
    /// kind, or of a later day, gives way to a new one: then every sending is one of its own.
    ///
    /// # Errors
    /// 500.1 when ours is none.
    pub fn own_id<T: FromStr>(&self, call: &Call) -> Answer<T> {
        let latest = call.app.engine.now().plus_ms(DAY_MS);
        let typed = Some(self.text("id")).filter(|text| made_at(text).is_some_and(|at| at <= latest));
        let id = typed.and_then(|text| text.parse().ok()).or_else(|| call.app.fresh_id().parse().ok());
        id.ok_or_else(|| Problem::new(&INTERNAL).into())
    }

    /// A field's text, none when it is empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// All values of a field that may be sent several times, empty ones left out.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.texts.get(name).into_iter().flatten().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    }

    /// Every field with its first value: what was typed, for a page that comes back.
    pub fn typed(&self) -> BTreeMap<String, String> {
        self.texts.iter().filter_map(|(name, values)| Some((name.clone(), values.first()?.clone()))).collect()
    }

    /// A hash of what the form says, for idempotency keys.
    pub fn parts(&self) -> Vec<Vec<u8>> {
        let texts = self.texts.iter().flat_map(|(name, values)| {
            std::iter::once(name.clone().into_bytes()).chain(values.iter().map(|v| v.clone().into_bytes()))
        });
        texts.chain(self.files.iter().cloned()).collect()
    }

    /// Fills a field that was left empty.
    pub fn fill_in(&mut self, name: &str, value: String) {
        if self.text(name).is_empty() {
            self.texts.insert(name.to_owned(), vec![value]);
        }
    }

    fn put(&mut self, name: String, value: String) -> Answer<()> {
        if self.texts.values().map(Vec::len).sum::<usize>() >= FIELDS_MAX || value.chars().count() > FIELD_CHARS_MAX {
            return Err(Problem::new(&BAD_FIELD)
                .with("field", name)
                .with("what", format!("≤ {FIELD_CHARS_MAX}"))
                .into());
        }
        self.texts.entry(name).or_default().push(value);
        Ok(())
    }
}

/// The moment that a UUIDv7 (RFC 9562) carries; none for any other id.
fn made_at(id: &str) -> Option<Timestamp> {
    let bytes = id.as_bytes();
    let version_7 = bytes.get(14) == Some(&b'7') && matches!(bytes.get(19), Some(b'8' | b'9' | b'a' | b'b'));
    let hex = format!("{}{}", id.get(..8)?, id.get(9..13)?);
    i64::from_str_radix(&hex, 16).ok().filter(|_| version_7).map(Timestamp::from_ms)
}

impl<S: Send + Sync + 'static> FromRequest<S> for Form {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut form = Form::default();
        if !media.to_ascii_lowercase().starts_with("multipart/form-data") {
            let Filled(pairs) = Filled::<Vec<(String, String)>>::from_request(request, state).await?;
            for (name, value) in pairs {
                form.put(name, value)?;
            }
            return Ok(form);
        }
        let mut multipart: Multipart =
            request.extract().await.map_err(|e: axum::extract::multipart::MultipartRejection| {
                Problem::new(&MALFORMED).with("what", e.body_text())
            })?;
        while let Some(field) = multipart.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() || matches!(name.as_str(), "photo" | "evidence") {
                let bytes = field.bytes().await?;
                if !bytes.is_empty() && form.files.len() < FILES_MAX {
                    form.files.push(bytes.to_vec());
                }
            } else {
                let value = field.text().await?;
                form.put(name, value)?;
            }
        }
        Ok(form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_its_moment_only_as_a_uuid_of_the_seventh_kind() {
        let id = kernel::id::uuid_v7(Timestamp::from_ms(1_763_600_000_000), &mut kernel::Rng::seeded(1)).to_string();
        assert_eq!(made_at(&id), Some(Timestamp::from_ms(1_763_600_000_000)));
        let fourth = format!("{}4{}", &id[..14], &id[15..]);
        for other in
            ["", "7", "01932d6e", fourth.as_str(), "zzzzzzzz-zzzz-7zzz-8zzz-zzzzzzzzzzzz", "键键键键键键键键键键键键"]
        {
            assert_eq!(made_at(other), None, "{other}");
        }
    }
}
