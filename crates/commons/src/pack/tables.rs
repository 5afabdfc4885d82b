//! The TOML files of a pack: `pack.toml`, `levels.toml`, `posts.toml`, `roles.toml`, `teams.toml`, `texts/*.toml`.

use std::collections::BTreeMap;

use kernel::time::{HolidayYear, Limit, WorkHours};
use serde::{Deserialize, de::DeserializeOwned};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    fault::{CALENDAR_BAD, Faults, TEXT_BAD, TEXT_LANGUAGE, TOML_KEY, TOML_SYNTAX, VALUE_BAD, VALUE_EMPTY},
    layer::{At, Layer, MetaLayer, PARTS, RoleLayer, Source},
    types::{Attribution, Level, Permission, Post, Role, TeamTemplate, Text},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MetaFile {
    id: Spanned<String>,
    base: Option<Spanned<String>>,
    name: Option<Text>,
    short: Option<Spanned<String>>,
    code: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    holidays: Option<Spanned<String>>,
    hours: Option<WorkHours>,
    languages: Option<Spanned<Vec<String>>>,
    demo: Option<bool>,
    near_boundary_metres: Option<u32>,
    ask_days: Option<u32>,
    reopen_days: Option<u32>,
    accept_default: Option<Limit>,
    handle_default: Option<Limit>,
    check_default: Option<Limit>,
    acknowledge_default: Option<Limit>,
    verify_default: Option<Limit>,
    calendar_years: Option<Spanned<(i16, i16)>>,
    #[serde(default)]
    without: Vec<Spanned<String>>,
    #[serde(default)]
    notes: BTreeMap<String, Text>,
    #[serde(default)]
    attribution: Vec<Attribution>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelsFile {
    levels: Vec<Spanned<Level>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostsFile {
    posts: Vec<Spanned<Post>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamsFile {
    teams: Vec<Spanned<TeamTemplate>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesFile {
    #[serde(default)]
    permissions: Vec<Spanned<Permission>>,
    #[serde(default)]
    roles: Vec<Spanned<RoleEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    id: String,
    zh: String,
    en: String,
    permissions: Vec<Spanned<String>>,
}

/// Reads a TOML file into a shape, or adds the fault.
fn read<T: DeserializeOwned>(source: &Source, faults: &mut Faults) -> Option<T> {
    toml::from_str(&source.text).map_err(|error| broken(source, &error, faults)).ok()
}

fn broken(source: &Source, error: &toml::de::Error, faults: &mut Faults) {
    let spot = source.spot(error.span().map_or(0, |span| span.start));
    let why = error.message().replace('\n', " ");
    let kind = match () {
        () if why.starts_with("unknown field") => &TOML_KEY,
        () if why == "missing field `en`" || why == "missing field `zh`" => {
            return faults.add(&TEXT_LANGUAGE, &spot, &[("what", &source.path)]);
        }
        () => &TOML_SYNTAX,
    };
    faults.add(kind, &spot, &[("why", &why)]);
}

fn at<T>(source: &Source, spanned: Spanned<T>) -> At<T> {
    let spot = source.spot(spanned.span().start);
    At { value: spanned.into_inner(), spot }
}

fn all<T>(source: &Source, list: Vec<Spanned<T>>) -> Vec<At<T>> {
    list.into_iter().map(|item| at(source, item)).collect()
}

/// Adds a fault for each named text that is blank.
fn blank(entries: &[(&str, &str)], spot: &super::fault::Spot, faults: &mut Faults) {
    for (what, value) in entries {
        if value.trim().is_empty() {
            faults.add(&VALUE_EMPTY, spot, &[("what", what)]);
        }
    }
}

/// `pack.toml`.
pub(super) fn meta(source: &Source, faults: &mut Faults) -> Option<MetaLayer> {
    let file: MetaFile = read(source, faults)?;
    let mut word = |name: &str, value: Option<Spanned<String>>, good: fn(&str) -> bool, expected: &str| {
        let value = at(source, value?);
        if !good(&value.value) {
            faults.add(&VALUE_BAD, &value.spot, &[("what", name), ("value", &value.value), ("expected", expected)]);
        }
        Some(value)
    };
    let capitals = |s: &str| (2..=6).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_uppercase());
    let six = |s: &str| s.is_empty() || s.len() == 6 && s.bytes().all(|b| b.is_ascii_digit());
    let id = word("id", Some(file.id), is_word, "a-z 0-9 _ -")?;
    let short = word("short", file.short, capitals, "2-6 A-Z");
    let code = word("code", file.code, six, "000000-999999");
    let holidays = word("holidays", file.holidays, |s| matches!(s, "china" | "none"), "china | none");
    let timezone = word("timezone", file.timezone, |s| jiff::tz::TimeZone::get(s).is_ok(), "Asia/Shanghai …");
    let without: Vec<At<String>> = file
        .without
        .into_iter()
        .filter_map(|s| word("without", Some(s), |s| PARTS.contains(&s), &PARTS.join(" | ")))
        .collect();
    let languages = file.languages.map(|l| at(source, l));
    if let Some(l) = languages.as_ref().filter(|l| l.value.is_empty() || l.value.iter().any(|l| l != "zh" && l != "en"))
    {
        faults.add(
            &VALUE_BAD,
            &l.spot,
            &[("what", "languages"), ("value", &l.value.join(",")), ("expected", "[\"zh\", \"en\"]")],
        );
    }
    let years = file.calendar_years.map(|y| at(source, y));
    if let Some(y) = years.as_ref().filter(|y| y.value.0 > y.value.1 || y.value.0 < 1949 || y.value.1 > 2148) {
        let value = format!("{}, {}", y.value.0, y.value.1);
        faults.add(&VALUE_BAD, &y.spot, &[("what", "calendar_years"), ("value", &value), ("expected", "[2023, 2026]")]);
    }
    let plain = |value: Option<At<String>>| value.map(|v| v.value);
    Some(MetaLayer {
        spot: source.line(1),
        id,
        base: file.base.map(|b| at(source, b)),
        name: file.name,
        short: plain(short),
        code: plain(code),
        timezone,
        holidays: plain(holidays),
        hours: file.hours,
        languages: languages.map(|l| l.value),
        demo: file.demo,
        near_boundary_metres: file.near_boundary_metres,
        ask_days: file.ask_days,
        reopen_days: file.reopen_days,
        accept_default: file.accept_default,
        handle_default: file.handle_default,
        check_default: file.check_default,
        acknowledge_default: file.acknowledge_default,
        verify_default: file.verify_default,
        calendar_years: years.map(|y| y.value),
        without: without.into_iter().map(|w| w.value).filter(|w| PARTS.contains(&w.as_str())).collect(),
        notes: file.notes,
        attribution: file.attribution,
    })
}

/// An identifier as packs use them.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// `levels.toml`.
pub(super) fn levels(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    let Some(file) = read::<LevelsFile>(source, faults) else {
        return;
    };
    layer.levels = all(source, file.levels);
    for level in &layer.levels {
        blank(&[("id", &level.value.id), ("zh", &level.value.zh), ("en", &level.value.en)], &level.spot, faults);
    }
}

/// `posts.toml`.
pub(super) fn posts(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    let Some(file) = read::<PostsFile>(source, faults) else {
        return;
    };
    layer.posts = all(source, file.posts);
    for post in &layer.posts {
        blank(&[("id", &post.value.id), ("zh", &post.value.zh), ("en", &post.value.en)], &post.spot, faults);
    }
}

/// `teams.toml`.
pub(super) fn teams(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    let Some(file) = read::<TeamsFile>(source, faults) else {
        return;
    };
    layer.teams = all(source, file.teams);
    for team in &layer.teams {
        let At { value, spot } = team;
        blank(&[("id", &value.id), ("zh", &value.zh), ("en", &value.en)], spot, faults);
        for part in &value.parts {
            if let Some(max) = part.max.filter(|max| *max < part.min) {
                let (value, expected) = (max.to_string(), format!("≥ {}", part.min));
                faults.add(&VALUE_BAD, spot, &[("what", "max"), ("value", &value), ("expected", &expected)]);
            }
        }
        if let Some(load) = &value.load {
            if load.unit != "households" {
                faults.add(&VALUE_BAD, spot, &[("what", "unit"), ("value", &load.unit), ("expected", "households")]);
            }
            if load.low > load.high {
                let (value, expected) = (load.high.to_string(), format!("≥ {}", load.low));
                faults.add(&VALUE_BAD, spot, &[("what", "high"), ("value", &value), ("expected", &expected)]);
            }
        }
    }
}

/// `roles.toml`.
pub(super) fn roles(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    let Some(file) = read::<RolesFile>(source, faults) else {
        return;
    };
    layer.permissions = all(source, file.permissions);
    for p in &layer.permissions {
        blank(&[("word", &p.value.word), ("zh", &p.value.zh), ("en", &p.value.en)], &p.spot, faults);
    }
    for entry in file.roles {
        let At { value: entry, spot } = at(source, entry);
        blank(&[("id", &entry.id), ("zh", &entry.zh), ("en", &entry.en)], &spot, faults);
        let words = all(source, entry.permissions);
        let permissions = words.iter().map(|w| w.value.clone()).collect();
        let role = Role { id: entry.id, zh: entry.zh, en: entry.en, permissions };
        layer.roles.push(At { value: RoleLayer { role, words }, spot });
    }
}

/// One file of `texts/`: tables of `key = { zh = "…", en = "…" }`, nested names joined by dots.
pub(super) fn texts(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    match DeTable::parse(&source.text) {
        Err(error) => broken(source, &error, faults),
        Ok(table) => texts_in(source, "", table.get_ref(), layer, faults),
    }
}

fn texts_in(source: &Source, prefix: &str, table: &DeTable<'_>, layer: &mut Layer, faults: &mut Faults) {
    for (name, value) in table {
        let spot = source.spot(name.span().start);
        let key = if prefix.is_empty() { name.get_ref().to_string() } else { format!("{prefix}.{}", name.get_ref()) };
        let DeValue::Table(inner) = value.get_ref() else {
            faults.add(&TEXT_BAD, &spot, &[("what", &key)]);
            continue;
        };
        let said = |lang: &str| match inner.get(lang).map(Spanned::get_ref) {
            Some(DeValue::String(text)) => Some(text.to_string()),
            _ => None,
        };
        let is_leaf = said("zh").is_some() || said("en").is_some();
        if !is_leaf {
            texts_in(source, &key, inner, layer, faults);
            continue;
        }
        match (said("zh"), said("en")) {
            (Some(zh), Some(en)) if !zh.trim().is_empty() && !en.trim().is_empty() => {
                if inner.len() != 2 {
                    faults.add(&TEXT_BAD, &spot, &[("what", &key)]);
                }
                layer.texts.push(At { value: (key, Text { zh, en }), spot });
            }
            _ => faults.add(&TEXT_LANGUAGE, &spot, &[("what", &key)]),
        }
    }
}

/// One file of `calendar/`.
pub(super) fn calendar(source: &Source, stem: &str, layer: &mut Layer, faults: &mut Faults) {
    let Some(year) = read::<HolidayYear>(source, faults) else {
        return;
    };
    let bad = |why: &str, faults: &mut Faults| faults.add(&CALENDAR_BAD, &source.line(1), &[("why", why)]);
    match year.check() {
        Err(error) => bad(&error.to_string(), faults),
        Ok(()) if year.year.to_string() != stem => bad(&format!("{stem} ≠ {}", year.year), faults),
        Ok(()) => layer.calendars.push(At { value: year, spot: source.line(1) }),
    }
}

/// A file that another crate reads: here only that it is TOML.
pub(super) fn raw(source: &Source, faults: &mut Faults) -> bool {
    match DeTable::parse(&source.text) {
        Ok(_) => true,
        Err(error) => {
            broken(source, &error, faults);
            false
        }
    }
}
