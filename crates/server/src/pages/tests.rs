//! Every page in every language and size: complete texts, sound HTML, nothing inline, every field labelled.

use std::collections::{BTreeMap, BTreeSet};

use super::html::{check, tags};
use super::render::{
    Lang, RenderError, Renderer, Texts, asset, asset_names, template_sources, texts_from_toml, with_param,
};
use super::views::*;
use super::words::{FLASHES, FORM_FAULTS, WHEN};

const TEXTS: &str = include_str!("../../../../packs/zhejiang/texts/pages.toml");

fn texts() -> Texts {
    texts_from_toml(TEXTS).expect("the pack's texts are sound")
}

fn renderer() -> Renderer {
    Renderer::new(texts()).expect("the templates are sound")
}

/// Every sample: name with language and size, and its HTML.
fn every_page() -> Vec<(String, Lang, bool, String)> {
    let renderer = renderer();
    let mut out = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        for large in [false, true] {
            for (name, html) in all_samples(&renderer, lang, large).expect("every sample renders") {
                out.push((format!("{name} {} large={large}", lang.tag()), lang, large, html));
            }
        }
    }
    out
}

/// What a template asks of `t`: a whole key, or the fixed beginning of a computed one.
fn asked(source: &str) -> BTreeSet<(String, bool)> {
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("t(") {
        let before = source[..at].chars().next_back().unwrap_or(' ');
        let rest = &source[at + 2..];
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        if before.is_alphanumeric() || before == '_' {
            continue;
        }
        let key = rest[1..].split(quote).next().unwrap_or_default();
        let computed = rest[key.len() + 2..].trim_start().starts_with('~');
        found.insert((key.to_owned(), computed));
    }
    found
}

/// Keys that stand behind the computed ones, by their fixed beginning.
fn computed_keys(prefix: &str) -> Vec<String> {
    let join = |names: &[&str]| names.iter().map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
    match prefix {
        "card." => CARD_IDS.iter().flat_map(|id| [format!("card.{id}.title"), format!("card.{id}.text")]).collect(),
        "queue." | "empty." => join(&QUEUES),
        "tool." => join(&TOOLS),
        "field." | "fieldhint." => FIELDS.iter().map(|(n, _)| format!("{prefix}{n}")).collect(),
        "lookup.wrong." => join(&LOOKUP_FAULTS),
        "login.wrong." => join(&LOGIN_FAULTS),
        "source." => join(&SOURCES),
        "echo." => join(&ECHOES),
        "kind." => join(&MEETING_KINDS),
        "ask." => join(&["yes", "no", "satisfied", "fairly", "unsatisfied"]),
        "ask.reason_" => join(&["yes", "no"]),
        other => panic!("the template computes keys from {other:?}, which no list covers"),
    }
}

#[test]
fn every_text_a_page_asks_for_exists_in_both_languages_and_none_is_left_over() {
    let mut used = BTreeSet::new();
    for source in template_sources().values() {
        for (key, computed) in asked(source) {
            if computed {
                used.extend(computed_keys(&key));
            } else {
                used.insert(key);
            }
        }
    }
    // What handlers word themselves, by the lists they choose from.
    for (table, keys) in [
        ("when", WHEN),
        ("error", FORM_FAULTS),
        ("flash", FLASHES),
        ("hindrance", &crate::messages::HINDRANCES[..]),
        ("does", &DOES[..]),
    ] {
        used.extend(keys.iter().map(|key| format!("{table}.{key}")));
    }
    // What two handlers say about the calendar.
    used.extend(["case.no_day", "work.no_day", "work.year_missing", "work.year_provisional"].map(str::to_owned));
    let texts = texts();
    let missing: Vec<_> = used.iter().filter(|k| !texts.contains_key(*k)).collect();
    assert!(missing.is_empty(), "asked for and not written: {missing:?}");
    let unused: Vec<_> = texts.keys().filter(|k| !used.contains(*k)).collect();
    assert!(unused.is_empty(), "written and never asked for: {unused:?}");
    for (key, (zh, en)) in &texts {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{key} lacks a language");
        assert!(!en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{key}: Chinese in the English text");
        let names = |s: &str| {
            s.split('{').skip(1).map(|p| p.split('}').next().unwrap_or("").to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(names(zh), names(en), "{key}: the languages name different values");
        assert!(!zh.contains(['！', '!']) && !en.contains('!'), "{key}: no exclamation marks");
    }
}

#[test]
fn no_text_speaks_the_words_of_the_system() {
    for (key, (zh, en)) in texts() {
        for word in ["工单", "立案", "案卷", "流程节点", "提交成功", "派单"] {
            assert!(!zh.contains(word), "{key} says {word}");
        }
        for word in ["ticket", "submit", "workflow"] {
            assert!(!en.to_lowercase().contains(word), "{key} says {word}");
        }
    }
}

#[test]
fn every_page_is_sound_html_in_its_language_and_size() {
    let pages = every_page();
    assert!(pages.len() > 150, "only {} pages", pages.len());
    for (name, lang, large, html) in &pages {
        assert!(html.trim_start().starts_with("<!doctype html>"), "{name}");
        assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{name}: wrong lang");
        assert_eq!(html.contains("data-size=\"large\""), *large, "{name}: wrong size");
        assert!(!html.contains("undefined"), "{name} shows undefined");
        assert!(!html.contains(">none<"), "{name} shows none");
        if let Err(fault) = check(html) {
            panic!("{name}: {fault}");
        }
    }
}

#[test]
fn nothing_is_inline_and_nothing_is_fetched_from_elsewhere() {
    for (name, _, _, html) in every_page() {
        for tag in tags(&html) {
            assert!(tag.name != "style", "{name}: a style element");
            assert!(!tag.attrs.contains_key("style"), "{name}: an inline style on {}", tag.name);
            assert!(!tag.attrs.keys().any(|a| a.starts_with("on")), "{name}: an inline handler on {}", tag.name);
            if tag.name == "script" && !tag.closing {
                assert!(tag.attrs.contains_key("src"), "{name}: an inline script");
            }
            for attr in ["src", "href", "action"] {
                if let Some(link) = tag.attrs.get(attr) {
                    assert!(!link.contains("//"), "{name}: {attr}={link} leaves the server");
                    assert!(!link.is_empty(), "{name}: empty {attr}");
                    assert!(!link.to_lowercase().starts_with("javascript"), "{name}: {link}");
                }
            }
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_reference_a_target() {
    for (name, _, _, html) in every_page() {
        let tags = tags(&html);
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|t| t.attrs.get("id")) {
            assert!(ids.insert(id.clone()), "{name}: id {id} twice");
        }
        let labelled: BTreeSet<_> =
            tags.iter().filter(|t| t.name == "label").filter_map(|t| t.attrs.get("for")).collect();
        for target in &labelled {
            assert!(ids.contains(*target), "{name}: a label for {target}, which is not there");
        }
        let mut inside_label = false;
        for tag in &tags {
            if tag.name == "label" {
                inside_label = !tag.closing;
            }
            let hidden = tag.attrs.get("type").is_some_and(|t| t == "hidden");
            if matches!(tag.name.as_str(), "input" | "select" | "textarea") && !tag.closing && !hidden {
                let named = tag.attrs.get("id").is_some_and(|id| labelled.contains(id));
                assert!(named || inside_label, "{name}: {tag:?} has no label");
            }
            if tag.name == "img" {
                assert!(tag.attrs.get("alt").is_some_and(|a| !a.is_empty()), "{name}: a picture without words");
            }
            for reference in tag.attrs.get("aria-describedby").iter().flat_map(|v| v.split_whitespace()) {
                assert!(ids.contains(reference), "{name}: described by {reference}, which is not there");
            }
            if let Some(target) = tag.attrs.get("href").and_then(|h| h.strip_prefix('#')) {
                assert!(ids.contains(target), "{name}: a link to #{target}, which is not there");
            }
        }
    }
}

#[test]
fn headings_stand_in_order_and_each_page_has_one_first_heading() {
    for (name, _, _, html) in every_page() {
        let levels: Vec<u32> = tags(&html)
            .iter()
            .filter(|t| !t.closing && t.name.len() == 2 && t.name.starts_with('h'))
            .filter_map(|t| t.name[1..].parse().ok())
            .collect();
        assert_eq!(levels.iter().filter(|l| **l == 1).count(), 1, "{name}: {levels:?}");
        assert_eq!(levels.first(), Some(&1), "{name}: {levels:?}");
        assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{name}: a level is skipped in {levels:?}");
    }
}

#[test]
fn every_choice_of_the_lists_is_offered_by_its_page() {
    let renderer = renderer();
    let intake = &IntakePage::samples(Lang::Zh)[0].1;
    let html = renderer.page(intake, Lang::Zh, false).expect("renders");
    for value in SOURCES.iter().chain(&ECHOES) {
        assert!(html.contains(&format!("value=\"{value}\"")), "intake does not offer {value}");
    }
    let meeting = &MeetingFormPage::samples(Lang::Zh)[0].1;
    let html = renderer.page(meeting, Lang::Zh, false).expect("renders");
    for value in MEETING_KINDS {
        assert!(html.contains(&format!("value=\"{value}\"")), "a meeting does not offer {value}");
    }
}

#[test]
fn every_need_of_the_shipped_flows_can_be_asked_by_a_form() {
    let flows = [
        include_str!("../../../../packs/zhejiang/flows/case.toml"),
        include_str!("../../../../packs/zhejiang/flows/task.toml"),
    ];
    let mut seen = 0;
    for flow in flows {
        let table: toml::Table = flow.parse().expect("a flow is TOML");
        for a_move in table["moves"].as_array().expect("moves") {
            for need in a_move["requires"].as_array().expect("requires") {
                let need = need.as_str().expect("a word");
                assert!(Field::named(need).is_some(), "no field asks for {need}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "the flows ask for something");
}

#[test]
fn what_people_write_is_never_read_as_markup() {
    let mut page = CasePage::samples(Lang::Zh).swap_remove(0).1;
    page.title = "<script>alert(1)</script>".into();
    page.text = "\"><img src=x onerror=alert(1)>".into();
    let html = renderer().page(&page, Lang::Zh, false).expect("renders");
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("<img src=x"));
    check(&html).expect("still sound");
}

#[test]
fn a_demonstration_says_so_and_a_real_district_does_not() {
    let renderer = renderer();
    let mut page = FrontPage::samples(Lang::Zh).swap_remove(0).1;
    let shown = |page: &FrontPage| renderer.page(page, Lang::Zh, false).expect("renders");
    assert!(shown(&page).contains("人物与经过为虚构"));
    page.site.demo = false;
    assert!(!shown(&page).contains("人物与经过为虚构"));
    assert!(!shown(&page).contains("/accounts"));
}

#[test]
fn the_front_door_says_its_five_sentences_and_shows_twelve_cards() {
    let page = FrontPage::samples(Lang::Zh).swap_remove(0).1;
    let html = renderer().page(&page, Lang::Zh, false).expect("renders");
    for sentence in [
        "家门口的事，说一声就行。",
        "谁在办、办到哪、哪天答复，您随时看得见。",
        "大家的事大家商量，定下的事有人办、有人督、有人评。",
        "没办好，点“没解决”，换个人来核。",
        "不用手机也不要紧：楼下有人帮您记，办好打电话告诉您。",
    ] {
        assert!(html.contains(sentence), "{sentence}");
    }
    assert_eq!(html.matches("<li class=\"card").count(), 12);
    assert_eq!(html.matches("尚未建成").count(), 10);
}

#[test]
fn missing_texts_values_and_names_are_errors() {
    let renderer = renderer();
    assert!(matches!(renderer.say(Lang::Zh, "no.such", &[]), Err(RenderError::TextMissing { .. })));
    assert!(matches!(renderer.say(Lang::Zh, "case.why", &[]), Err(RenderError::ValueMissing { .. })));
    assert_eq!(renderer.say(Lang::En, "case.why", &[("why", "{why} rain")]).expect("said"), "Why: {why} rain");
    let empty: BTreeMap<String, String> = BTreeMap::new();
    assert!(renderer.render("case.html", Lang::Zh, false, &empty).is_err());
    assert!(texts_from_toml("[a]\nb = { zh = \"一\" }").is_err());
}

#[test]
fn a_toggle_keeps_the_reader_where_he_is() {
    assert_eq!(with_param("/linping/", "lang", "en"), "/linping/?lang=en");
    assert_eq!(with_param("/w?queue=a&lang=zh&q=b", "lang", "en"), "/w?queue=a&q=b&lang=en");
    assert_eq!(with_param("/w?language=zh", "lang", "en"), "/w?language=zh&lang=en");
}

#[test]
fn assets_are_found_by_name_and_stay_small() {
    for name in ["tokens.css", "doorstep.css", "desk.css", "doorstep.js", "mark.svg"] {
        assert!(asset(name).is_some(), "{name}");
    }
    assert!(asset("../Cargo.toml").is_none());
    for name in asset_names() {
        let (bytes, media) = asset(&name).expect("listed");
        assert_ne!(media, "application/octet-stream", "{name} has no media type");
        let text = String::from_utf8_lossy(bytes).into_owned();
        assert!(text.lines().count() < 500, "{name} is too long");
        assert!(!text.contains("console.") && !text.contains("@import"), "{name}");
        assert!(!text.replace("http://www.w3.org/", "").contains("://"), "{name} reaches outside");
    }
}
