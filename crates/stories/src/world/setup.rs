//! What a story assumes: made by the engine's own commands, then known to the server.

use commons::{
    catalogue::{self, Duty, Item},
    install::BEGINNING,
    people::{self, Body, BodyId, Holding, HoldingId},
    place::{self, Place, PlaceId},
};
use kernel::{
    id::PersonId,
    time::Limit,
    vault::{self, ContactKind},
};

use super::{House, Person, Story, Told, Town};
use crate::text;

/// Class of items that a story makes: no duty of a pack speaks of it.
const STORY_CLASS: &str = "story";
/// Places that one step may make.
pub const PLACES_MAX: u32 = 5_000;

impl Story {
    /// Enables a district and makes it the one the story is in.
    pub async fn enable(&mut self, named: &str) -> Told {
        if self.house.is_none() {
            self.house = Some(House::open().await?);
        }
        let district = self.house()?.enable(named).await?;
        self.towns.entry(district.clone()).or_insert_with(|| Town {
            district: district.clone(),
            places: Default::default(),
            spoken: Vec::new(),
            items: Vec::new(),
            people: Default::default(),
            cleared: Default::default(),
            duties: Vec::new(),
            placed: Vec::new(),
        });
        self.here = Some(district);
        match self.early.take() {
            Some(said) => self.now_is(&said).await,
            None => Ok(()),
        }
    }

    /// Lets the server know of a new day.
    pub async fn rebuild(&self) -> Told {
        self.house()?.poll().await
    }

    /// Makes a place below another, or takes the one of that name that stands there.
    pub async fn add_place(&mut self, above: &str, name: &str, level: &str, households: Option<u32>) -> Told<PlaceId> {
        self.add_places(above, &[(name.to_owned(), households)], level).await.map(|ids| ids[0])
    }

    /// [`Story::add_place`] for many at once, in one command.
    pub async fn add_places(
        &mut self,
        above: &str,
        wanted: &[(String, Option<u32>)],
        level: &str,
    ) -> Told<Vec<PlaceId>> {
        let parent = self.place(above)?;
        let rules = self.rules()?;
        let directory = &rules.directory;
        let upper = directory.places.get(&parent).cloned().ok_or("这个地点不在今天的地图上")?;
        let digits = directory.pack.levels.iter().find(|l| l.id == level).map_or(0, |l| l.digits as usize);
        let taken: std::collections::BTreeSet<&str> = directory.places.values().map(|p| p.code.as_str()).collect();
        let regular = digits > upper.code.len() && upper.code.bytes().all(|b| b.is_ascii_digit());
        let width = digits.saturating_sub(upper.code.len());
        let mut codes = (1u32..).map(|n| {
            if regular && n < 10u32.pow(width as u32) {
                format!("{}{n:0width$}", upper.code)
            } else {
                format!("{}-S{n}", upper.code)
            }
        });
        let district = self.town()?.district.clone();
        let mut rows: Vec<(String, Option<u32>, Option<PlaceId>, String)> = Vec::new();
        for (name, households) in wanted {
            let stands = directory
                .below(&parent)
                .find(|p| p.name == *name && p.level == level && (households.is_none() || p.households == *households))
                .map(|p| p.id);
            let code = if stands.is_some() {
                String::new()
            } else {
                codes.by_ref().find(|code| !taken.contains(code.as_str())).unwrap_or_default()
            };
            rows.push((name.clone(), *households, stands, code));
        }
        let level = level.to_owned();
        let ids = self
            .house()?
            .change(&district, {
                let rows = rows.clone();
                move |tx| {
                    let mut ids = Vec::with_capacity(rows.len());
                    for (name, households, stands, code) in &rows {
                        let id = match stands {
                            Some(id) => *id,
                            None => {
                                let id = tx.id(PlaceId::new);
                                let place = Place {
                                    id,
                                    parent: Some(parent),
                                    code: code.clone(),
                                    name: name.clone(),
                                    level: level.clone(),
                                    kind: String::new(),
                                    households: *households,
                                    synthetic: true,
                                    boundary: None,
                                    valid_from: BEGINNING,
                                    valid_to: None,
                                };
                                place::insert(tx, &place)?;
                                id
                            }
                        };
                        ids.push(id);
                    }
                    Ok(ids)
                }
            })
            .await?;
        let town = self.town_mut()?;
        for ((name, ..), id) in rows.iter().zip(&ids) {
            town.places.insert(name.clone(), *id);
            town.spoken.push(*id);
        }
        Ok(ids)
    }

    /// A body by name; made where it is not known.
    pub async fn body(&mut self, name: &str, near: Option<PlaceId>, kind: &str) -> Told<BodyId> {
        let near = near.or_else(|| self.town().ok()?.spoken.last().copied());
        if let Some(id) = self.body_known(name, near.as_ref())? {
            return Ok(id);
        }
        let rules = self.rules()?;
        let place = near.unwrap_or(*rules.directory.root());
        let (name, kind) = (name.trim().to_owned(), kind.to_owned());
        let party = ["党支部", "党委", "党总支", "党组织", "党工委"].iter().any(|word| name.ends_with(word));
        let kind = if party && kind.is_empty() {
            "party".to_owned()
        } else if kind.is_empty() {
            body_kind(&name).to_owned()
        } else {
            kind
        };
        let district = self.town()?.district.clone();
        self.house()?
            .change(&district, move |tx| {
                let id = tx.id(BodyId::new);
                let body = Body {
                    id,
                    name: name.clone(),
                    kind: kind.clone(),
                    parent: None,
                    place,
                    party,
                    contact: None,
                    valid_from: BEGINNING,
                    valid_to: None,
                };
                people::body_insert(tx, &body)?;
                Ok(id)
            })
            .await
    }

    /// Sets the limits of an item; makes it where it is not known.
    pub async fn item(
        &mut self,
        name: &str,
        accept: Option<&str>,
        handle: Option<&str>,
        evidence: Option<&str>,
    ) -> Told {
        let rules = self.rules()?;
        let meta = &rules.directory.pack.meta;
        let read = |said: Option<&str>| {
            said.map(|said| {
                let limit = text::limit(said)
                    .ok_or_else(|| format!("看不懂时限“{said}”；写成 4 个工作时、3 个工作日、10 天"))?;
                limit.parse::<Limit>().map_err(|e| format!("看不懂时限“{said}”：{e}"))
            })
            .transpose()
        };
        let (accept, handle) = (read(accept)?, read(handle)?);
        let known = rules.directory.item_named(name).cloned();
        let mut item = known.unwrap_or_else(|| Item {
            code: format!("story_{}", rules.directory.items.len()),
            name: name.trim().to_owned(),
            name_en: name.trim().to_owned(),
            class: STORY_CLASS.into(),
            accept: meta.accept_default,
            handle: meta.handle_default,
            closing: vec![format!("{}办好了，看过", name.trim())],
            evidence: "none".into(),
            public: true,
        });
        item.accept = accept.unwrap_or(item.accept);
        item.handle = handle.unwrap_or(item.handle);
        if let Some(evidence) = evidence {
            item.evidence = evidence.to_owned();
        }
        let district = self.town()?.district.clone();
        let name = item.name.clone();
        self.house()?.change(&district, move |tx| Ok(catalogue::item_insert(tx, &item)?)).await?;
        let town = self.town_mut()?;
        if !town.items.contains(&name) {
            town.items.push(name);
        }
        Ok(())
    }

    /// A body must act on an item at a place and below.
    pub async fn duty(&mut self, body: &str, item: &str, at: &str, part: &'static str) -> Told {
        let place = self.place(at)?;
        if self.rules()?.directory.item_named(item).is_none() {
            self.item(item, None, None, None).await?;
        }
        let body = self.body(body, Some(place), "").await?;
        let item = self.rules()?.directory.item_named(item).map(|i| i.code.clone()).unwrap_or_default();
        let district = self.town()?.district.clone();
        self.house()?
            .change(&district, move |tx| {
                Ok(catalogue::duty_insert(tx, &Duty { item: item.clone(), place, body, part: part.to_owned() })?)
            })
            .await?;
        self.town_mut()?.duties.push((body, place));
        self.act_for_duties().await
    }

    /// Whoever was appointed to act for a body with its place written for its name acts for the bodies
    /// that are responsible there.
    async fn act_for_duties(&mut self) -> Told {
        let rules = self.rules()?;
        let near = |a: &PlaceId, b: &PlaceId| rules.directory.within(a, b) || rules.directory.within(b, a);
        let town = self.town()?;
        let mut wanted: Vec<(String, BodyId)> = Vec::new();
        for (person, at) in &town.placed {
            let id = town.people.get(person).and_then(|p| p.id);
            let holds = |body: &BodyId| {
                rules.directory.holdings.values().any(|h| Some(h.person) == id && h.body == Some(*body))
            };
            let bodies = town.duties.iter().filter(|(_, place)| near(at, place)).map(|(body, _)| *body);
            wanted.extend(bodies.filter(|body| !holds(body)).map(|body| (person.clone(), body)));
        }
        wanted.sort();
        wanted.dedup();
        for (person, body) in wanted {
            self.take_post(&person, "单位经办人", None, Some(body), 0, None).await?;
        }
        Ok(())
    }

    /// Somebody takes a post at a place or in a body. `rank` 0 is the holder, 1 and up deputies.
    pub async fn appoint(&mut self, person: &str, at: &str, post: &str, rank: u32, hours: Option<String>) -> Told {
        if matches!(post.trim(), "居民" | "村民" | "业主" | "住户") {
            self.place(at)?;
            self.town_mut()?.people.entry(person.to_owned()).or_default();
            return Ok(());
        }
        match (self.post(post)?.in_body, self.place_known(at)) {
            (false, Some(_)) => {
                let place = self.place(at)?;
                self.take_post(person, post, Some(place), None, rank, hours).await
            }
            (false, None) => Err(self.place(at).expect_err("it is not known")),
            (true, place) => {
                let placed = place.filter(|_| self.body_known(at, None).is_ok_and(|known| known.is_none()));
                let body = self.body(at, placed, "").await?;
                self.take_post(person, post, None, Some(body), rank, hours).await?;
                if let Some(place) = placed {
                    self.town_mut()?.placed.push((person.to_owned(), place));
                    self.act_for_duties().await?;
                }
                Ok(())
            }
        }
    }

    /// [`Story::appoint`] at a place or in a body that is known.
    pub async fn take_post(
        &mut self,
        person: &str,
        post: &str,
        place: Option<PlaceId>,
        body: Option<BodyId>,
        rank: u32,
        hours: Option<String>,
    ) -> Told {
        let post = self.post(post)?;
        let phone = self.number_of(person)?;
        let known = self.town()?.people.get(person).and_then(|p| p.id);
        let owns = post.owns.is_some();
        let making_way = place.filter(|place| owns && !self.towns.values().any(|t| t.cleared.contains(place)));
        let (rules, now) = (self.rules()?, self.house()?.now());
        // Those whom the story put there itself stay.
        let own: Vec<PersonId> = self.town()?.people.values().filter_map(|p| p.id).collect();
        let held = making_way.iter().flat_map(|place| rules.directory.holders(place, now));
        let leaving: Vec<HoldingId> = held.filter(|h| !own.contains(&h.person)).map(|h| h.id).collect();
        let display = person.trim().to_owned();
        let district = self.town()?.district.clone();
        let id = self
            .house()?
            .change(&district, {
                let phone = phone.clone();
                move |tx| {
                    for holding in &leaving {
                        people::holding_end(tx, holding, now)?;
                    }
                    let id = match known {
                        Some(id) => id,
                        None => person_of(tx, &display, &phone)?,
                    };
                    let holding = Holding {
                        id: tx.id(HoldingId::new),
                        person: id,
                        post: post.id.clone(),
                        place,
                        body,
                        display: display.clone(),
                        rank,
                        hours: hours.clone(),
                        station: None,
                        valid_from: BEGINNING,
                        valid_to: None,
                    };
                    people::holding_insert(tx, &holding)?;
                    Ok(id)
                }
            })
            .await?;
        let town = self.town_mut()?;
        town.cleared.extend(making_way);
        let entry = town.people.entry(person.to_owned()).or_default();
        *entry = Person { id: Some(id), phone, staff: true, ..entry.clone() };
        Ok(())
    }

    /// Somebody gives a post up.
    pub async fn dismiss(&mut self, person: &str, post: &str) -> Told {
        let post = self.post(post)?;
        let id = self.town()?.people.get(person).and_then(|p| p.id).ok_or_else(|| format!("“{person}”没有任职"))?;
        let (rules, now) = (self.rules()?, self.house()?.now());
        let held: Vec<HoldingId> = rules
            .directory
            .holdings
            .values()
            .filter(|h| h.person == id && h.post == post.id && h.valid_at(now))
            .map(|h| h.id)
            .collect();
        if held.is_empty() {
            return Err(format!("“{person}”没有任“{}”", post.zh));
        }
        let district = self.town()?.district.clone();
        self.house()?
            .change(&district, move |tx| {
                for holding in &held {
                    people::holding_end(tx, holding, now)?;
                }
                Ok(())
            })
            .await
    }

    /// Many people take a post, each at their place, in one command. They are named after post and number.
    pub async fn appoint_many(&mut self, post: &str, places: &[PlaceId], names: &[String]) -> Told {
        let post = self.post(post)?;
        let rows: Vec<(PlaceId, String)> = places.iter().copied().zip(names.iter().cloned()).collect();
        let district = self.town()?.district.clone();
        let made = self
            .house()?
            .change(&district, move |tx| {
                let mut made = Vec::with_capacity(rows.len());
                for (place, display) in &rows {
                    let key = vault::person_new(tx)?;
                    vault::contact_put(tx, &key, ContactKind::Name, display)?;
                    let id = tx.id(HoldingId::new);
                    let holding = Holding {
                        id,
                        person: key.person,
                        post: post.id.clone(),
                        place: Some(*place),
                        body: None,
                        display: display.clone(),
                        rank: 0,
                        hours: None,
                        station: None,
                        valid_from: BEGINNING,
                        valid_to: None,
                    };
                    people::holding_insert(tx, &holding)?;
                    made.push((display.clone(), key.person));
                }
                Ok(made)
            })
            .await?;
        let town = self.town_mut()?;
        for (name, id) in made {
            town.people.entry(name).or_insert_with(|| Person { id: Some(id), staff: true, ..Person::default() });
        }
        Ok(())
    }
}

/// The person with this number, or a new one.
fn person_of(tx: &mut kernel::Tx<'_>, name: &str, phone: &str) -> kernel::Result<PersonId> {
    let (district, keys) = (tx.district(), tx.keys());
    if let Some(known) = vault::find_by_phone(tx, keys, district, phone)? {
        return Ok(known);
    }
    let key = vault::person_new(tx)?;
    vault::contact_put(tx, &key, ContactKind::Name, name)?;
    vault::contact_put(tx, &key, ContactKind::Phone, phone)?;
    Ok(key.person)
}

/// What a body is, by the end of its name.
fn body_kind(name: &str) -> &'static str {
    const ENDS: [(&str, &str); 8] = [
        ("业委会", "owners_committee"),
        ("业主委员会", "owners_committee"),
        ("物业", "property"),
        ("物业公司", "property"),
        ("居委会", "community_committee"),
        ("村委会", "community_committee"),
        ("办事处", "street_office"),
        ("公司", "firm"),
    ];
    ENDS.iter()
        .find(|(end, _)| name.ends_with(end) || (*end == "物业" && name.contains(end)))
        .map_or("department", |(_, kind)| kind)
}
