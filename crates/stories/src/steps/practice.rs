//! Visits and meetings: what feeds the loop.

use kernel::{Command, Tx, access::Actor};
use practices::{
    meetings::{self, About, DecisionKind, NewDecision, NewMeeting, NewTopic, Record},
    visits::{self, NewVisit, Opens},
};

use super::Given;
use crate::{
    text::{self, folded},
    world::{Refusal, Story, Told},
};

/// Fields of the table after 决议.
pub const DECISION_FIELDS: &[&str] = &["种类", "议题", "牵头", "承办", "监督", "期限", "事项", "答复", "记为"];
/// Fields of the table after 召集.
pub const MEETING_FIELDS: &[&str] = &["议题", "标题", "时间", "地方", "召集单位", "召集人"];

/// Runs a command of a practice as somebody who holds a post.
async fn command<T: Send + 'static>(
    story: &mut Story,
    who: &str,
    run: impl Fn(&mut Tx<'_>, &cases::Rulebook, &Actor) -> kernel::Result<T> + Send + 'static,
) -> Told<Option<T>> {
    let id = story.id_of(who).await?;
    story.house()?.moment_passes();
    let (rules, house) = (story.rules()?, story.house()?);
    let district = rules.directory.district.clone();
    let actor = id.map_or_else(|| Actor::anonymous(&district), |id| rules.directory.actor(&id, None, house.now()));
    let command = Command::new(&district, actor.name());
    let done = house.server.app.engine.write(command, move |tx| run(tx, &rules, &actor)).await;
    story.acted(done.map(|done| done.value).map_err(|problem| Refusal::of(&problem)))
}

async fn record_visit(
    story: &mut Story,
    who: &str,
    place: &str,
    whom: Option<&str>,
    heard: Option<&str>,
    name: Option<&str>,
) -> Told {
    let mut visit =
        NewVisit { place: story.place(place)?.to_string(), heard: heard.map(str::to_owned), ..NewVisit::default() };
    if let Some(whom) = whom {
        let person = story.person(whom)?;
        visit.consent = !person.anonymous;
        visit.name = Some(whom.to_owned());
        visit.phone = Some(person.phone.clone());
    }
    if name.is_some() {
        let item = story.item_of(heard.unwrap_or_default())?;
        visit.opens = Some(Opens { item, ..Opens::default() });
    }
    let district = story.town()?.district.clone();
    let Some(recorded) = command(story, who, move |tx, rules, actor| visits::record(tx, rules, actor, &visit)).await?
    else {
        return Ok(());
    };
    if let (Some(name), Some(case)) = (name, recorded.case) {
        let engine = story.house()?.server.app.engine.clone();
        let code = server::acts::code_of(&engine, &district, &case.id, case.lookup_nonce);
        story.keep_matter(name, &district, case.id, &case.number, &code, whom.unwrap_or(who));
    }
    Ok(())
}

pub(super) async fn visit_case(story: &mut Story, given: Given) -> Told {
    record_visit(story, given.at(0), given.at(1), Some(given.at(2)), Some(given.at(3)), Some(given.at(4))).await
}

pub(super) async fn visit(story: &mut Story, given: Given) -> Told {
    record_visit(story, given.at(0), given.at(1), Some(given.at(2)), Some(given.at(3)), None).await
}

pub(super) async fn visit_nothing(story: &mut Story, given: Given) -> Told {
    record_visit(story, given.at(0), given.at(1), None, None, None).await
}

pub(super) async fn visits(story: &mut Story, given: Given) -> Told {
    let place = story.place(given.at(0))?;
    let wanted = given.number(1)? as usize;
    let filter = visits::Filter { place: Some(place), ..visits::Filter::default() };
    let engine = story.house()?.server.app.engine.clone();
    let (rules, actor) = story.observing().await?;
    let found = story
        .house()?
        .ask(move |db| {
            visits::list(db, engine.keys(), &rules, &actor, &filter, kernel::Lang::Zh, visits::LISTED_ROWS_MAX)
        })
        .await?;
    if found.len() == wanted {
        Ok(())
    } else {
        Err(format!("“{}”记下了 {} 次走访，不是 {wanted} 次", given.at(0), found.len()))
    }
}

/// A topic as the story says it: a matter by its name, or words.
fn topic(story: &Story, said: &str) -> NewTopic {
    match story.matters.get(said) {
        Some(matter) => NewTopic { case: Some(matter.id.to_string()), title: None },
        None => NewTopic { case: None, title: Some(said.to_owned()) },
    }
}

async fn called(story: &mut Story, who: &str, name: &str, new: NewMeeting) -> Told {
    if story.meetings.contains_key(name) {
        return Err(format!("“{name}”这个名字已经给了另一次会，请换一个"));
    }
    if let Some(held) = command(story, who, move |tx, rules, actor| meetings::call(tx, rules, actor, &new)).await? {
        story.meetings.insert(name.to_owned(), held.id);
    }
    Ok(())
}

pub(super) async fn call(story: &mut Story, given: Given) -> Told {
    let place = story.place(given.at(1))?.to_string();
    let new = NewMeeting {
        kind: given.at(2).to_owned(),
        place,
        topics: vec![topic(story, given.at(3))],
        ..NewMeeting::default()
    };
    called(story, given.at(0), given.at(4), new).await
}

pub(super) async fn call_table(story: &mut Story, given: Given) -> Told {
    let place = story.place(given.at(1))?.to_string();
    let mut new = NewMeeting { kind: given.at(2).to_owned(), place, ..NewMeeting::default() };
    for (field, value) in given.fields()? {
        match field.as_str() {
            "议题" => new.topics = text::names(&value).iter().map(|said| topic(story, said)).collect(),
            "标题" => new.title = Some(value),
            "时间" => new.held_at = Some(story.moment(&value)?),
            "地方" => new.room = Some(value),
            "召集单位" => new.caller = Some(value),
            "召集人" => new.chair = Some(value),
            other => return Err(format!("“{other}”不是开会表的栏目；有：{}", MEETING_FIELDS.join("、"))),
        }
    }
    called(story, given.at(0), given.at(3), new).await
}

fn meeting(story: &Story, name: &str) -> Told<meetings::MeetingId> {
    story.meetings.get(name).copied().ok_or_else(|| {
        let known: Vec<&str> = story.meetings.keys().map(String::as_str).collect();
        format!(
            "故事里没有“{name}”这次会；有：{}",
            if known.is_empty() { "（还没有）".to_owned() } else { known.join("、") }
        )
    })
}

pub(super) async fn present(story: &mut Story, given: Given) -> Told {
    let id = meeting(story, given.at(1))?;
    let record = Record { present: vec![given.at(2).to_owned()], ..Record::default() };
    command(story, given.at(0), move |tx, rules, actor| meetings::record(tx, rules, actor, &id, None, &record))
        .await
        .map(|_| ())
}

pub(super) async fn decide(story: &mut Story, given: Given) -> Told {
    let id = meeting(story, given.at(1))?;
    let mut new = NewDecision { text: given.at(2).to_owned(), ..NewDecision::default() };
    let mut name = None;
    for (field, value) in given.fields()? {
        match field.as_str() {
            "种类" => new.kind = DecisionKind::read(&value).map_err(|p| Refusal::of(&p).to_string())?,
            "议题" => {
                new.about = About::Topic(story.matters.get(&value).map_or(value, |matter| matter.number.clone()))
            }
            "牵头" => new.lead = Some(value),
            "承办" | "单位" => new.performers = text::names(&value),
            "监督" => new.supervisor = Some(value),
            "期限" => new.until = Some(text::limit(&value).unwrap_or_else(|| text::moment(&value))),
            "事项" => new.item = Some(value),
            "答复" => new.answer = Some(value),
            "记为" => name = Some(value),
            other => return Err(format!("“{other}”不是决议表的栏目；有：{}", DECISION_FIELDS.join("、"))),
        }
    }
    if new.item.is_none() && name.is_some() {
        new.item = story.item_of(&new.text)?;
    }
    let district = story.town()?.district.clone();
    let Some(decided) =
        command(story, given.at(0), move |tx, rules, actor| meetings::decide(tx, rules, actor, &id, None, &new))
            .await?
    else {
        return Ok(());
    };
    if let (Some(name), Some(case), Some(number)) = (name, decided.case, decided.number) {
        story.keep_matter(&name, &district, case, &number, "", given.at(0));
    }
    Ok(())
}

pub(super) async fn close(story: &mut Story, given: Given) -> Told {
    let id = meeting(story, given.at(1))?;
    command(story, given.at(0), move |tx, rules, actor| meetings::close(tx, rules, actor, &id, None)).await.map(|_| ())
}

async fn decisions_of(story: &mut Story, name: &str) -> Told<Vec<String>> {
    let id = meeting(story, name)?;
    let rules = story.rules()?;
    let engine = story.house()?.server.app.engine.clone();
    story
        .house()?
        .ask(move |db| {
            let directory = &rules.directory;
            let mut out = Vec::new();
            for decision in meetings::decisions(db, &directory.district, &id)? {
                let words =
                    cases::view::text(db, engine.keys(), &directory.district, &decision.text)?.unwrap_or_default();
                let who = decision.lead.iter().chain(&decision.performers).chain(&decision.supervisor);
                out.push(std::iter::once(words).chain(who.map(|w| w.name(directory))).collect::<Vec<_>>().join(" "));
            }
            Ok(out)
        })
        .await
}

pub(super) async fn decisions(story: &mut Story, given: Given) -> Told {
    let wanted = given.number(1)? as usize;
    let found = decisions_of(story, given.at(0)).await?;
    if found.len() == wanted {
        Ok(())
    } else {
        Err(format!("“{}”有 {} 条决议，不是 {wanted} 条", given.at(0), found.len()))
    }
}

pub(super) async fn decision_has(story: &mut Story, given: Given) -> Told {
    let found = decisions_of(story, given.at(0)).await?;
    if found.iter().any(|d| folded(d).contains(&folded(given.at(1)))) {
        return Ok(());
    }
    Err(format!("“{}”的决议里没有“{}”；有：\n  {}", given.at(0), given.at(1), found.join("\n  ")))
}
