//! One language for a whole answer: the reader's choice, then the browser's, then Chinese.

pub use kernel::Lang;

use crate::pages::render;

impl From<Lang> for render::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Zh => render::Lang::Zh,
            Lang::En => render::Lang::En,
        }
    }
}

/// A language by its word in `?lang=` or a cookie: `zh`, `zh-CN`, `en`.
pub fn named(word: &str) -> Option<Lang> {
    match word {
        "zh" | "zh-CN" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The word of a language in addresses and cookies.
pub fn word(lang: Lang) -> &'static str {
    lang.pick("zh", "en")
}
