//! `docs/flows.md` shows the tables as they are. `BLESS=1 cargo test -p cases flow` writes them anew.

use std::fmt::Write;

use super::*;

const PAGE: &str = include_str!("../../../../../docs/flows.md");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/flows.md");

fn words<T: Copy>(list: &[T], word: fn(T) -> &'static str) -> String {
    list.iter().map(|one| word(*one)).collect::<Vec<_>>().join(" ")
}

fn states(flow: &Flow) -> String {
    let mut page = String::from("| state | 中文 | English | clocks | what it means |\n|---|---|---|---|---|\n");
    for state in &flow.states {
        let id = if state.open { state.id.clone() } else { format!("*{}*", state.id) };
        let clocks = words(&state.clocks, Clock::word);
        let _ = writeln!(page, "| {id} | {} | {} | {clocks} | {} |", state.zh, state.en, state.says.zh);
    }
    page
}

fn clocks(changes: &ClockChanges) -> String {
    let lists = [
        ("start", &changes.start),
        ("stop", &changes.stop),
        ("pause", &changes.pause),
        ("resume", &changes.resume),
        ("run", &changes.run),
    ];
    let used = lists.into_iter().filter(|(_, list)| !list.is_empty());
    used.map(|(verb, list)| format!("{verb} {}", words(list, Clock::word))).collect::<Vec<_>>().join("; ")
}

fn moves(flow: &Flow) -> String {
    let mut page = String::from(
        "| move | 动作 | from | to | who | requires | clocks | effects | what the asker is told |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for mv in &flow.moves {
        let to = if mv.to == "=" { "stays" } else { &mv.to };
        let who = [mv.permission.clone().unwrap_or_default(), words(&mv.who, Relation::word)].join(" ");
        let mut effects = words(&mv.effects, Effect::word).replace("none", "");
        if mv.round {
            effects.push_str(" (new round)");
        }
        let _ = writeln!(
            page,
            "| {} | {} | {} | {to} | {} | {} | {} | {} | {} |",
            mv.id,
            mv.zh,
            mv.from.join(" "),
            who.trim(),
            words(&mv.requires, Need::word),
            clocks(&mv.clocks),
            effects.trim(),
            mv.tell.zh
        );
    }
    page
}

fn lists() -> String {
    let rows = [
        ("subject", words(Subject::ALL, Subject::word)),
        ("who", words(Relation::ALL, Relation::word)),
        ("requires", words(Need::ALL, Need::word)),
        ("clocks", words(Clock::ALL, Clock::word)),
        ("effects", words(Effect::ALL, Effect::word)),
        ("tone", words(Tone::ALL, Tone::word)),
        ("placeholders", words(Slot::ALL, Slot::word)),
        ("permissions", PERMISSIONS.join(" ")),
    ];
    let rows = rows.map(|(list, words)| format!("| {list} | {words} |\n"));
    format!("| list | words |\n|---|---|\n{}", rows.concat())
}

fn codes() -> String {
    let rows: String = FAULT_CODES.iter().map(|(code, meaning)| format!("| `{code}` | {meaning} |\n")).collect();
    format!("| code | what is wrong |\n|---|---|\n{rows}")
}

/// The page with the part between `<!-- NAME -->` and `<!-- end -->` replaced.
fn with_part(page: &str, name: &str, part: &str) -> String {
    let mark = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("the page has no part “{name}”"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("“{name}” has no end"));
    format!("{before}{mark}\n{part}\n<!-- end -->{after}")
}

#[test]
fn the_page_shows_the_tables_as_they_are() {
    let parts = [
        ("lists", lists()),
        ("codes", codes()),
        ("case states", states(standard_case())),
        ("case moves", moves(standard_case())),
        ("task states", states(standard_task())),
        ("task moves", moves(standard_task())),
    ];
    let wanted = parts.iter().fold(PAGE.to_owned(), |page, (name, part)| with_part(&page, name, part));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, &wanted).expect("the page can be written");
    } else {
        assert!(wanted == PAGE, "docs/flows.md is out of date: run BLESS=1 cargo test -p cases flow");
    }
}

#[test]
fn an_out_of_date_part_is_noticed() {
    let stale = PAGE.replacen("| escalate | 提级 |", "| escalate | 升级 |", 1);
    assert_ne!(stale, PAGE);
    assert_ne!(with_part(&stale, "case moves", &moves(standard_case())), stale);
}
