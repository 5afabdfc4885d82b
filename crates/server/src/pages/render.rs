//! Templates, texts and assets in, HTML out.
//!
//! One environment per language, each with its own `t("key", name=value…)`, so that a page can never mix
//! languages by forgetting to pass one. Undefined names are errors: a page shows what its view has, or
//! fails in the tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, context, escape_formatter,
};
use serde::Serialize;

use super::views::View;

/// The templates, in the binary.
static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");
/// Style sheets, the one script and drawings, in the binary; served under [`ASSETS_PATH`].
static ASSETS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/assets");

/// Where the server offers the assets.
pub const ASSETS_PATH: &str = "/assets/";

/// Texts by key: Chinese, English.
pub type Texts = BTreeMap<String, (String, String)>;

/// The language of a page. Chinese unless the reader chose otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 tag for `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// From `?lang=` or the cookie; anything unknown is `None`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "zh" | "zh-CN" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// One of two values, by language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Why a page could not be made. Always a fault of ours, never of the reader.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template is missing or wrong, or the view lacks what it names.
    #[error("page: {0:#}")]
    Template(#[from] Error),
    /// A text key that no pack has.
    #[error("text {key} is missing")]
    TextMissing {
        /// The key asked for.
        key: String,
    },
    /// A text names a value that was not given.
    #[error("text {key} needs the value {name}")]
    ValueMissing {
        /// The key asked for.
        key: String,
        /// The name between braces.
        name: String,
    },
    /// A moment that no calendar has.
    #[error("time: {0}")]
    Time(String),
    /// A texts file that does not have the form `key = { zh = "…", en = "…" }`.
    #[error("texts: {0}")]
    Texts(String),
}

/// Reads a texts file: tables of `key = { zh = "…", en = "…" }`; nested tables join their names by dots.
///
/// # Errors
/// [`RenderError::Texts`] when the file is not TOML or an entry lacks a language.
pub fn texts_from_toml(source: &str) -> Result<Texts, RenderError> {
    let table: toml::Table = source.parse().map_err(|e| RenderError::Texts(format!("{e}")))?;
    let mut texts = Texts::new();
    for (key, value) in &table {
        texts_collect(key, value, &mut texts)?;
    }
    Ok(texts)
}

fn texts_collect(key: &str, value: &toml::Value, texts: &mut Texts) -> Result<(), RenderError> {
    let wrong = || RenderError::Texts(format!("{key}: expected {{ zh = \"…\", en = \"…\" }}"));
    let table = value.as_table().ok_or_else(wrong)?;
    if let Some(zh) = table.get("zh").and_then(toml::Value::as_str) {
        let en = table.get("en").and_then(toml::Value::as_str).ok_or_else(wrong)?;
        texts.insert(key.to_owned(), (zh.to_owned(), en.to_owned()));
        return Ok(());
    }
    for (name, value) in table {
        texts_collect(&format!("{key}.{name}"), value, texts)?;
    }
    Ok(())
}

/// Puts values into a text: `{name}` becomes the value. A value may contain braces; it is not read again.
fn fill(key: &str, text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, RenderError> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else {
            break;
        };
        let name = &rest[open + 1..open + length];
        out.push_str(&rest[..open]);
        out.push_str(
            &value(name).ok_or_else(|| RenderError::ValueMissing { key: key.to_owned(), name: name.to_owned() })?,
        );
        rest = &rest[open + length + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Makes pages. Built once, shared by all handlers.
pub struct Renderer {
    zh: Environment<'static>,
    en: Environment<'static>,
    texts: Arc<Texts>,
}

impl Renderer {
    /// Compiles every template in both languages.
    ///
    /// # Errors
    /// [`RenderError::Template`] when a template does not parse: the server then does not start.
    pub fn new(texts: Texts) -> Result<Self, RenderError> {
        let texts = Arc::new(texts);
        Ok(Self { zh: environment(Lang::Zh, &texts)?, en: environment(Lang::En, &texts)?, texts })
    }

    /// Renders a template by name with any context.
    ///
    /// # Errors
    /// [`RenderError::Template`] when the context lacks a name the template uses, or a text is missing.
    pub fn render(
        &self,
        template: &str,
        lang: Lang,
        large_type: bool,
        ctx: impl Serialize,
    ) -> Result<String, RenderError> {
        let environment = lang.pick(&self.zh, &self.en);
        let view = Value::from(Serde(ctx));
        Ok(environment.get_template(template)?.render(context! { large => large_type, ..view })?)
    }

    /// Renders a view with the template it belongs to.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub fn page<V: View>(&self, view: &V, lang: Lang, large_type: bool) -> Result<String, RenderError> {
        self.render(V::TEMPLATE, lang, large_type, view)
    }

    /// One text with its values, for what a handler must word itself (errors, dates, flash lines).
    ///
    /// # Errors
    /// [`RenderError::TextMissing`] and [`RenderError::ValueMissing`].
    pub fn say(&self, lang: Lang, key: &str, values: &[(&str, &str)]) -> Result<String, RenderError> {
        let (zh, en) = self.texts.get(key).ok_or_else(|| RenderError::TextMissing { key: key.to_owned() })?;
        fill(key, lang.pick(zh, en), |name| values.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }
}

fn environment(lang: Lang, texts: &Arc<Texts>) -> Result<Environment<'static>, RenderError> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.set_formatter(plain_slashes);
    env.add_global("lang", lang.tag());
    env.add_filter("with_param", |url: &str, name: &str, value: &str| with_param(url, name, value));
    env.add_function("asset", |name: &str| {
        asset_link(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset {name}")))
    });
    let texts = Arc::clone(texts);
    env.add_function("t", move |key: &str, values: Kwargs| text(&texts, lang, key, &values));
    for file in TEMPLATES.files() {
        let name = file.path().to_string_lossy().into_owned();
        let source = file.contents_utf8().unwrap_or_default();
        env.add_template_owned(name, source)?;
    }
    Ok(env)
}

/// Escapes text for HTML as [the standard](https://html.spec.whatwg.org/#escapingString) does. The engine's
/// own way also escapes `/`, which no rule asks for: links would be unreadable in a page's source, and
/// programs that look for an address in it would not find it.
fn plain_slashes(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => {
            let mut rest = text;
            while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
                let (before, from) = rest.split_at(at);
                out.write_str(before)?;
                let (special, after) = from.split_at(1);
                out.write_str(match special {
                    "&" => "&amp;",
                    "<" => "&lt;",
                    ">" => "&gt;",
                    "\"" => "&quot;",
                    _ => "&#39;",
                })?;
                rest = after;
            }
            out.write_str(rest).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

fn text(texts: &Texts, lang: Lang, key: &str, values: &Kwargs) -> Result<String, Error> {
    let fault = |e: RenderError| Error::new(ErrorKind::InvalidOperation, e.to_string());
    let (zh, en) = texts.get(key).ok_or_else(|| fault(RenderError::TextMissing { key: key.to_owned() }))?;
    let filled =
        fill(key, lang.pick(zh, en), |name| values.get::<Value>(name).ok().map(|v| v.to_string())).map_err(fault)?;
    values.assert_all_used()?;
    Ok(filled)
}

/// The same address with one query parameter set, other parameters kept: what the language and type-size
/// links use, so that a reader stays where he is.
pub fn with_param(url: &str, name: &str, value: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
    let mut out = format!("{path}?");
    for pair in kept {
        out.push_str(pair);
        out.push('&');
    }
    out.push_str(name);
    out.push('=');
    out.push_str(value);
    out
}

/// The bytes and media type of an asset, by its file name; `None` when there is none. The link carries a
/// hash of the bytes, so the server may let browsers keep an asset for a year.
pub fn asset(name: &str) -> Option<(&'static [u8], &'static str)> {
    let file = ASSETS.get_file(name)?;
    let media = match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    };
    Some((file.contents(), media))
}

/// Every asset's file name, for the route list and the tests.
pub fn asset_names() -> Vec<String> {
    ASSETS.files().map(|f| f.path().to_string_lossy().into_owned()).collect()
}

fn asset_link(name: &str) -> Option<String> {
    let (bytes, _) = asset(name)?;
    // FNV-1a: a change mark for caches, not a seal.
    let mark = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    Some(format!("{ASSETS_PATH}{name}?v={:08x}", mark >> 32))
}

/// The template sources by name, for the tests that compare keys with texts.
#[cfg(test)]
pub(super) fn template_sources() -> BTreeMap<String, &'static str> {
    TEMPLATES
        .files()
        .map(|f| (f.path().to_string_lossy().into_owned(), f.contents_utf8().unwrap_or_default()))
        .collect()
}
