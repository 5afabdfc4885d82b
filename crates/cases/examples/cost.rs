//! What a report and a move cost the writer: `cargo run --release -p cases --example cost`.
//!
//! One thread, SQLite in memory, one transaction a command: processor time without the disk.

use std::{sync::Arc, time::Instant};

use cases::{
    Rulebook,
    case::{self, CaseId, Inputs, Report, rules::Mover},
    task,
};
use kernel::{Command, Engine, Rng, Timestamp, access::Actor, engine::Options, time::VirtualClock, vault::Keys};

const DISTRICT: &str = "linping";
const GRID: &str = "330113007007001";
const ROUNDS: u32 = 4_000;

fn staff(rules: &Rulebook, post: &str, place: &str, now: Timestamp) -> Actor {
    let directory = &rules.directory;
    let place = directory.place_named(place).expect("a place").id;
    let holder = directory.holders(&place, now).into_iter().find(|h| h.post == post).expect("a holder");
    directory.actor(&holder.person, None, now)
}

fn timed(what: &str, mut run: impl FnMut(u32)) {
    let start = Instant::now();
    (0..ROUNDS).for_each(&mut run);
    println!("{what:<10} {:>7.1} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
}

fn main() {
    let now = Timestamp::parse("2026-03-02T09:00:00+08:00").expect("a moment");
    let schema = [kernel::MIGRATIONS, commons::MIGRATIONS, cases::MIGRATIONS].concat();
    let mut rng = Rng::seeded(1);
    let keys = Keys::of(&rng.bytes());
    let clock = Arc::new(VirtualClock::new(now));
    let engine = Engine::inline("sqlite::memory:", Options { clock: clock.clone(), rng, keys, schema, readers: 1 }).expect("opens");
    let pack = Arc::new(commons::pack::load(DISTRICT, None).expect("loads"));
    let installing = pack.clone();
    engine.write_now(Command::new(DISTRICT, "x"), move |tx| commons::install::install(tx, &installing)).expect("installs");
    let directory = engine.read_now(move |db| commons::directory::build(db, DISTRICT, pack, now)).expect("builds");
    let rules = Rulebook::new(Arc::new(directory)).expect("flows");
    let officer = staff(&rules, "grid_officer", GRID, now);
    let other = staff(&rules, "grid_officer", "330113007007002", now);
    let body = rules.directory.bodies.values().find(|b| b.name == "悦贤里物业").expect("a body").id;
    let handler = rules.directory.handlers(&body, now)[0].person;
    let handler = rules.directory.actor(&handler, None, now);

    timed("empty", |_| {
        engine.write_now(Command::new(DISTRICT, "x"), |_| Ok(())).expect("writes");
    });
    let mut ids: Vec<CaseId> = Vec::new();
    for (what, phone) in [("anonymous", false), ("with phone", true)] {
        ids.clear();
        timed(what, |n| {
            clock.advance_ms(1);
            let report = Report {
                item: Some("bike_canopy".into()),
                text: "地下车库入口没有雨棚，下雨天推电动车上来一路淋，老人小孩都滑过。".into(),
                place: Some(GRID.into()),
                point: Some((120.2, 30.4)),
                phone: phone.then(|| format!("1990000{n:04}")),
                source: "web".into(),
                ..Report::default()
            };
            let (rules, actor) = (rules.clone(), Actor::anonymous(DISTRICT));
            let done = engine.write_now(Command::new(DISTRICT, "anonymous"), move |tx| case::report(tx, &rules, &actor, &report));
            ids.push(done.expect("is taken in").value.id);
        });
    }
    let at = |n: u32| ids[usize::try_from(n).expect("fits")];
    let act = |actor: &Actor, id: CaseId, word: &'static str, inputs: Inputs| {
        let (rules, actor) = (rules.clone(), actor.clone());
        let command = Command::new(DISTRICT, actor.name());
        engine.write_now(command, move |tx| case::perform(tx, &rules, Mover::staff(&actor), &id, word, None, &inputs)).expect("moves");
    };
    timed("file", |n| act(&officer, at(n), "file", Inputs::default()));
    timed("dispatch", |n| act(&officer, at(n), "dispatch", Inputs { to: vec!["悦贤里物业".into()], ..Inputs::default() }));
    timed("done", |n| {
        let (rules, actor, id) = (rules.clone(), handler.clone(), at(n));
        let done = engine.write_now(Command::new(DISTRICT, actor.name()), move |tx| {
            let task = task::of_case(tx, DISTRICT, &id)?.pop().expect("a task").id;
            let inputs = Inputs { answer: Some("雨棚装好了".into()), ..Inputs::default() };
            task::perform(tx, &rules, Mover::staff(&actor), &task, "done", None, &inputs)
        });
        done.expect("is done");
    });
    timed("pass", |n| act(&other, at(n), "pass", Inputs::default()));
}
