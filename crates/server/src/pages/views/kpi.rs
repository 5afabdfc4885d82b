//! One figure with its formula, and the way down to its cases.

use serde::Serialize;

use super::{Chip, Site, Tone, View};
use crate::pages::render::Lang;

/// `/{district}/kpi/{name}`.
#[derive(Debug, Clone, Serialize)]
pub struct KpiPage {
    /// Where we are.
    pub site: Site,
    /// The figures there are, to go from one to another.
    pub others: Vec<KpiLink>,
    /// `按期处置率`.
    pub name: String,
    /// In words: `按期办完的 ÷ 应办完的`.
    pub formula: String,
    /// What the numerator counts, its number, and its list.
    pub numerator: KpiPart,
    /// The same for the denominator.
    pub denominator: KpiPart,
    /// `91.3 %`; empty when the denominator is 0, which the page says.
    pub value: String,
    /// Place and days: `崇贤街道 · 11 月 1 日至 20 日`.
    pub scope: String,
    /// `今天 9:31，第 18203 条`.
    pub as_of: String,
    /// The cases in the denominator that are not in the numerator first.
    pub rows: Vec<KpiRow>,
    /// The next page by cursor.
    pub more: Option<String>,
}

/// Another figure.
#[derive(Debug, Clone, Serialize)]
pub struct KpiLink {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// The one shown.
    pub on: bool,
}

/// One side of the fraction.
#[derive(Debug, Clone, Serialize)]
pub struct KpiPart {
    /// What is counted.
    pub label: String,
    /// How many.
    pub count: u64,
    /// The list of them.
    pub href: String,
}

/// One case under the figure.
#[derive(Debug, Clone, Serialize)]
pub struct KpiRow {
    /// The case.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its place.
    pub place: String,
    /// Counted or not, in a word.
    pub chip: Chip,
}

impl View for KpiPage {
    const TEMPLATE: &'static str = "kpi.html";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let part = |label: (&str, &str), count, list: &str| KpiPart {
            label: lang.pick(label.0, label.1).into(),
            count,
            href: format!("/linping/work?kpi={list}"),
        };
        let full = Self {
            site: Site::sample_signed(lang, "/linping/kpi/on_time_rate"),
            others: vec![
                KpiLink {
                    name: lang.pick("按期处置率", "On-time rate").into(),
                    href: "/linping/kpi/on_time_rate".into(),
                    on: true,
                },
                KpiLink {
                    name: lang.pick("解决率", "Resolution rate").into(),
                    href: "/linping/kpi/resolution_rate".into(),
                    on: false,
                },
            ],
            name: lang.pick("按期处置率", "On-time rate").into(),
            formula: lang.pick("按期办完的 ÷ 应办完的", "finished in time ÷ due to be finished").into(),
            numerator: part(("按期办完", "Finished in time"), 21, "n"),
            denominator: part(("应办完", "Due to be finished"), 23, "d"),
            value: "91.3 %".into(),
            scope: lang.pick("崇贤街道 · 11 月 1 日至 20 日", "Chongxian · 1–20 Nov").into(),
            as_of: lang.pick("今天 9:31，第 18203 条", "today 9:31, entry 18203").into(),
            rows: vec![KpiRow {
                href: "/linping/work/5".into(),
                title: "楼道堆物，消防栓打不开".into(),
                place: "崇杭社区 · 四网格".into(),
                chip: Chip::new(lang.pick("超期 2 天", "2 days late"), Tone::Late),
            }],
            more: None,
        };
        let mut none = full.clone();
        none.value.clear();
        none.numerator.count = 0;
        none.denominator.count = 0;
        none.rows.clear();
        vec![("full", full), ("none", none)]
    }
}
