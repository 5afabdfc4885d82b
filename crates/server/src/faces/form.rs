//! Forms as people send them: urlencoded or multipart, text fields and photos, within limits.

use std::collections::BTreeMap;

use axum::{
    RequestExt as _,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use kernel::{
    Problem,
    problem::{BAD_FIELD, MALFORMED},
};

use crate::{
    body::Filled,
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
