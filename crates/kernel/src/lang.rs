//! The two languages of every text that a person reads.

/// Chinese first, English second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// 中文, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The value of an HTML `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The first of the two languages that an `Accept-Language` header or a query value names.
    pub fn choose(wish: &str) -> Self {
        wish.split(',')
            .find_map(|part| match part.trim().get(..2)? {
                "zh" => Some(Lang::Zh),
                "en" => Some(Lang::En),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Picks from a pair of texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
