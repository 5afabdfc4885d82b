//! What several faces say the same way: where we are, times, places to choose from, state chips.

use cases::{Rulebook, case::Case, view};
use commons::place::{Place, PlaceId};
use kernel::{Lang, Timestamp};

use crate::{
    call::Call,
    pages::{
        views::{Chip, Choice, Group, Site, Tone},
        words,
    },
    problems::Answer,
};

/// Characters of a title that is made of somebody's first words.
const TITLE_CHARS_MAX: usize = 40;

/// The language as the pages name it.
pub fn page_lang(lang: Lang) -> crate::pages::render::Lang {
    lang.into()
}

/// Where we are, with the sentence about what was just done (`?done=key`).
pub fn site(call: &Call, done: Option<&str>) -> Answer<Site> {
    let mut site = call.site();
    if let Some(key) = done.filter(|key| words::FLASHES.contains(key)) {
        let renderer = call.app.districts.renderer(call.district());
        // A sentence with facts is filled by the handler that has them.
        site.flash = words::flash(&renderer, page_lang(call.lang()), key, &[]).ok();
    }
    Ok(site)
}

/// A moment for people: `今天 9:12`.
pub fn at(call: &Call, rules: &Rulebook, moment: Timestamp) -> String {
    with_words(call, rules, |words| words.at(moment.ms()))
}

/// A day for people.
pub fn day(call: &Call, rules: &Rulebook, moment: Timestamp) -> String {
    with_words(call, rules, |words| words.day(moment.ms()))
}

/// A deadline for people: `今天 17:00 前`.
pub fn by(call: &Call, rules: &Rulebook, moment: Timestamp) -> String {
    with_words(call, rules, |words| words.by(moment.ms()))
}

/// How long ago.
pub fn age(call: &Call, rules: &Rulebook, moment: Timestamp) -> String {
    with_words(call, rules, |words| words.age(moment.ms()))
}

/// A deadline as a chip whose colour says how soon.
pub fn due_chip(call: &Call, rules: &Rulebook, due: Timestamp) -> Option<Chip> {
    time_words(call, rules).ok()?.due(due)
}

/// What comes next with a case, a sentence, its moment said as everywhere on the page: `明天 17:00 前`.
pub fn next(call: &Call, rules: &Rulebook, case: &Case) -> String {
    let next = next_on_paper(call, rules, case);
    let until = if case.state == "held" { case.held_until } else { case.next_due().or(case.promised_at) };
    let Some(until) = until else { return next };
    let (calendar, soon) = (&rules.directory.calendar, at(call, rules, until));
    let local = calendar.local(until).seen_from(calendar.local(call.app.engine.now()));
    next.replace(call.lang().pick(&local.day_time_zh(), &local.day_time_en()), &soon)
}

/// [`next`] for a paper that is read on another day: the date itself, never “tomorrow”.
pub fn next_on_paper(call: &Call, rules: &Rulebook, case: &Case) -> String {
    let (_, _, next) = view::now_and_next(rules, case, call.lang(), call.app.engine.now());
    dates_apart(&next)
}

/// A sentence with a space where a date or a time of day touches a Chinese word: the flow's sentences are
/// filled in without one.
pub fn dates_apart(text: &str) -> String {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let date = digits > 0 && chars[at + digits..].starts_with(&[' ', '月', ' ']);
        let clock = at >= 3 && chars[at - 3] == ':' && chars[at - 2..at].iter().all(char::is_ascii_digit);
        if (date && before.is_some_and(han)) || (clock && han(*c)) {
            out.push(' ');
        }
        out.push(*c);
    }
    out
}

struct TimeWords {
    renderer: std::sync::Arc<crate::pages::render::Renderer>,
    lang: crate::pages::render::Lang,
    now: i64,
    zone: jiff::tz::TimeZone,
}

impl TimeWords {
    fn due(&self, due: Timestamp) -> Option<Chip> {
        words::Words::new(&self.renderer, self.lang, self.now, &self.zone).ok()?.due_chip(due.ms()).ok()
    }
}

fn time_words(call: &Call, rules: &Rulebook) -> Result<TimeWords, jiff::Error> {
    Ok(TimeWords {
        renderer: call.app.districts.renderer(call.district()),
        lang: page_lang(call.lang()),
        now: call.app.engine.now().ms(),
        zone: jiff::tz::TimeZone::get(rules.directory.calendar.zone_name())?,
    })
}

fn with_words(
    call: &Call,
    rules: &Rulebook,
    f: impl Fn(&words::Words<'_>) -> Result<String, crate::pages::render::RenderError>,
) -> String {
    let told = time_words(call, rules).ok().and_then(|t| {
        let words = words::Words::new(&t.renderer, t.lang, t.now, &t.zone).ok()?;
        f(&words).ok()
    });
    told.unwrap_or_default()
}

/// The first words of what was said, or the item's name.
pub fn title(rules: &Rulebook, case: &Case, text: Option<&str>, lang: Lang) -> String {
    let line = text.unwrap_or_default().split(['\n', '。', '！', '？']).next().unwrap_or_default().trim();
    if line.is_empty() {
        return rules
            .directory
            .items
            .get(&case.item)
            .map_or_else(|| case.item.clone(), |i| lang.pick(&i.name, &i.name_en).to_owned());
    }
    let short: String = line.chars().take(TITLE_CHARS_MAX).collect();
    if short.chars().count() < line.chars().count() { format!("{short}…") } else { short }
}

/// A state's word and colour.
pub fn state_chip(rules: &Rulebook, case: &Case, lang: Lang) -> Chip {
    let word =
        rules.case_flow.state(&case.state).map_or_else(|| case.state.clone(), |s| lang.pick(&s.zh, &s.en).to_owned());
    let tone = match case.state.as_str() {
        "closed" => Tone::Done,
        "declined" | "merged" => Tone::Plain,
        "held" => Tone::Soon,
        _ => Tone::Doing,
    };
    Chip::new(word, tone)
}

/// Who has it in hand, in one line: the body that leads, then the owner.
pub fn who(rules: &Rulebook, case: &Case) -> String {
    let (owner, body) = view::in_hand(rules, case);
    match (body, owner) {
        (Some(body), Some(owner)) => format!("{body} · {owner}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

/// The asker by masked name and phone.
pub fn asker(masked: &(Option<String>, Option<String>), lang: Lang) -> String {
    match masked {
        (Some(name), Some(phone)) => lang.pick(&format!("{name}（{phone}）"), &format!("{name} ({phone})")).to_owned(),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => lang.pick("没有留姓名电话", "No name or phone left").to_owned(),
    }
}

/// Communities with their grids as a grouped choice, below some roots; streets without
/// communities of their own offer themselves.
pub fn place_groups(rules: &Rulebook, roots: &[PlaceId], chosen: &str) -> Vec<Group> {
    let directory = &rules.directory;
    let inside = |place: &Place| {
        roots.is_empty()
            || roots.iter().any(|root| directory.within(&place.id, root) || directory.within(root, &place.id))
    };
    let choice = |place: &Place, text: String| Choice { value: place.code.clone(), text, on: place.code == chosen };
    let mut groups = Vec::new();
    let mut communities: Vec<&Place> =
        directory.places.values().filter(|p| p.level == "community" && inside(p)).collect();
    communities.sort_by(|a, b| {
        let staffed = |p: &Place| directory.below(&p.id).next().is_none();
        (staffed(a), &a.code).cmp(&(staffed(b), &b.code))
    });
    for community in communities {
        let grids: Vec<&Place> = directory.below(&community.id).filter(|p| p.level == "grid").collect();
        let mut choices = Vec::new();
        for grid in &grids {
            let estates: Vec<&str> =
                directory.below(&grid.id).filter(|p| p.level == "site").map(|p| p.name.as_str()).collect();
            let short = grid.name.strip_prefix(&community.name).unwrap_or(&grid.name);
            let text =
                if estates.is_empty() { short.to_owned() } else { format!("{short}（{}）", estates.join("、")) };
            choices.push(choice(grid, text));
        }
        if grids.is_empty() {
            choices.push(choice(community, community.name.clone()));
        }
        groups.push(Group { label: community.name.clone(), choices });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_or_a_time_of_day_stands_apart_from_words() {
        for (filled, said) in [
            ("答应12 月 7 日 17:00前办好。", "答应 12 月 7 日 17:00 前办好。"),
            ("改到2027 年 1 月 4 日，看 9:05。", "改到2027 年 1 月 4 日，看 9:05。"),
            ("门牌12号，11 月 20 日前办好", "门牌12号，11 月 20 日前办好"),
            ("", ""),
        ] {
            assert_eq!(dates_apart(filled), said);
        }
    }
}
