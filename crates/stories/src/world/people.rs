//! People: who they are to the house, and what it sent them.

use kernel::{Timestamp, id::PersonId, outbox, time::DAY_MS, vault};

use super::{Person, Story, Told};

/// The post of whoever acts for a body.
const HANDLER: &str = "单位经办人";
/// After how long a session of a story is opened anew; the house ends them after fourteen days.
const SESSION_DAYS: i64 = 10;

/// A live session.
#[derive(Debug, Clone)]
pub struct Session {
    token: String,
    since: Timestamp,
}

impl Story {
    /// Who acts when the story names a body: whoever it appointed there first. Everybody else acts for themselves.
    pub fn stand_in(&self, name: &str) -> Told<String> {
        let town = self.town()?;
        if town.people.contains_key(name) {
            return Ok(name.to_owned());
        }
        let (rules, now) = (self.rules()?, self.house()?.now());
        let Some(body) = rules.directory.body_named(name, town.spoken.last()) else { return Ok(name.to_owned()) };
        let mut handlers = rules.directory.handlers(&body.id, now);
        handlers.sort_by_key(|h| (h.rank, h.id));
        Ok(handlers.first().map_or_else(|| name.to_owned(), |h| h.display.clone()))
    }

    /// Gives every body that acts or is written to in this scenario somebody who acts for it, where the
    /// scenario appoints nobody itself.
    pub async fn man_bodies(&mut self) -> Told {
        let now = self.house()?.now();
        for name in self.acting.clone() {
            let rules = self.rules()?;
            let town = self.town()?;
            if town.people.contains_key(&name) || self.manned.contains(&name) {
                continue;
            }
            let near = town.spoken.last().copied();
            let Some(body) = rules.directory.body_named(&name, near.as_ref()) else { continue };
            if rules.directory.handlers(&body.id, now).is_empty() {
                let (person, body) = (format!("{name}经办人"), body.id);
                self.take_post(&person, HANDLER, None, Some(body), 0, None).await?;
            }
        }
        Ok(())
    }

    /// Somebody whom the story names; a resident when it said nothing else of them.
    pub fn person(&mut self, name: &str) -> Told<&mut Person> {
        let number = self.number_of(name)?;
        let entry = self.town_mut()?.people.entry(name.to_owned()).or_default();
        if entry.phone.is_empty() {
            entry.phone = number;
            entry.anonymous = name.starts_with("匿名");
        }
        Ok(entry)
    }

    /// The invented number of somebody: none that was ever given out.
    pub fn number_of(&self, name: &str) -> Told<String> {
        let town = self.town()?;
        if let Some(person) = town.people.get(name).filter(|p| !p.phone.is_empty()) {
            return Ok(person.phone.clone());
        }
        let used: std::collections::BTreeSet<&str> = town.people.values().map(|p| p.phone.as_str()).collect();
        let free = (1..).map(|n| format!("1990001{n:04}")).find(|n| !used.contains(n.as_str()));
        Ok(free.unwrap_or_default())
    }

    /// The bearer token of somebody with a post; none for a resident.
    pub async fn token(&mut self, name: &str) -> Told<Option<String>> {
        let now = self.house()?.now();
        let person = self.person(name)?.clone();
        let (true, Some(id)) = (person.staff, person.id) else { return Ok(None) };
        if let Some(session) = person.session.filter(|s| now.ms_since(s.since) < SESSION_DAYS * DAY_MS) {
            return Ok(Some(session.token));
        }
        let district = self.town()?.district.clone();
        let token = self.house()?.server.session_of(&district, id).await;
        self.person(name)?.session = Some(Session { token: token.clone(), since: now });
        Ok(Some(token))
    }

    /// Who somebody is in the vault; none before the house heard of them.
    pub async fn id_of(&mut self, name: &str) -> Told<Option<PersonId>> {
        let person = self.person(name)?.clone();
        if person.id.is_some() {
            return Ok(person.id);
        }
        let district = self.town()?.district.clone();
        let house = self.house()?;
        let keys = house.server.app.engine.clone();
        let found = house.ask(move |db| Ok(vault::find_by_phone(db, keys.keys(), &district, &person.phone)?)).await?;
        self.person(name)?.id = found;
        Ok(found)
    }

    /// What was written to somebody, newest first.
    pub async fn messages(&mut self, name: &str) -> Told<Vec<String>> {
        self.man_bodies().await?;
        let name = self.stand_in(name)?;
        let Some(id) = self.id_of(&name).await? else { return Ok(Vec::new()) };
        let district = self.town()?.district.clone();
        let house = self.house()?;
        let engine = house.server.app.engine.clone();
        house
            .ask(move |db| {
                let sent = outbox::of_person(db, &district, &id)?;
                let open =
                    |message: outbox::Message| vault::open_message(db, engine.keys(), &district, &id, &message.sealed);
                Ok(sent.into_iter().map(open).collect::<kernel::Result<Vec<_>>>()?.into_iter().flatten().collect())
            })
            .await
    }
}
