//! What a report and a move cost the writer: `cargo run --release -p cases --example cost`.
//!
//! One thread, SQLite in a temporary file, a hundred operations a transaction as in a full batch of
//! the writer, so that the disk weighs little.

use std::{sync::Arc, time::Instant};

use cases::{
    Rulebook,
    case::{self, CaseId, Inputs, Report, rules::Mover},
    task,
};
use kernel::{
    Command, Engine, Result, Rng, Timestamp, Tx, access::Actor, engine::Options, time::VirtualClock, vault::Keys,
};

const DISTRICT: &str = "linping";
const GRID: &str = "330113007007001";
const ROUNDS: u32 = 10_000;
const BATCH: u32 = 100;

fn staff(rules: &Rulebook, post: &str, place: &str, now: Timestamp) -> Actor {
    let directory = &rules.directory;
    let place = directory.place_named(place).expect("a place").id;
    let holder = directory.holders(&place, now).into_iter().find(|h| h.post == post).expect("a holder");
    directory.actor(&holder.person, None, now)
}

/// Runs one operation many times, a batch a command; prints what each took.
fn timed<T: Send + 'static>(
    engine: &Engine,
    clock: &VirtualClock,
    what: &str,
    run: impl Fn(&mut Tx<'_>, u32) -> Result<T> + Clone + Send + 'static,
) -> Vec<T> {
    let mut out = Vec::new();
    let start = Instant::now();
    for batch in 0..ROUNDS / BATCH {
        let run = run.clone();
        clock.advance_ms(1);
        let done = engine.write_now(Command::new(DISTRICT, "bench"), move |tx| {
            (batch * BATCH..(batch + 1) * BATCH).map(|n| run(tx, n)).collect::<Result<Vec<T>>>()
        });
        out.extend(done.expect("is done").value);
    }
    println!("{what:<10} {:>7.1} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
    out
}

fn main() {
    let now = Timestamp::parse("2026-03-02T09:00:00+08:00").expect("a moment");
    let schema = [kernel::MIGRATIONS, commons::MIGRATIONS, cases::MIGRATIONS].concat();
    let mut rng = Rng::seeded(1);
    let keys = Keys::of(&rng.bytes());
    let file = std::env::temp_dir().join(format!("doorstep-cost-{}.db", std::process::id()));
    let clock = Arc::new(VirtualClock::new(now));
    let engine = Engine::inline(
        &format!("sqlite:{}", file.display()),
        Options { clock: clock.clone(), rng, keys, schema, readers: 1 },
    )
    .expect("opens");
    let pack = Arc::new(commons::pack::load(DISTRICT, None).expect("loads"));
    let installing = pack.clone();
    engine
        .write_now(Command::new(DISTRICT, "x"), move |tx| commons::install::install(tx, &installing))
        .expect("installs");
    let directory = engine.read_now(move |db| commons::directory::build(db, DISTRICT, pack, now)).expect("builds");
    let rules = Rulebook::new(Arc::new(directory)).expect("flows");
    let officer = staff(&rules, "grid_officer", GRID, now);
    let other = staff(&rules, "grid_officer", "330113007007002", now);
    let body = rules.directory.bodies.values().find(|b| b.name == "悦贤里物业").expect("a body").id;
    let handler = rules.directory.handlers(&body, now)[0].person;
    let handler = rules.directory.actor(&handler, None, now);

    timed(&engine, &clock, "nothing", |_, _| Ok(()));
    let mut ids: Vec<CaseId> = Vec::new();
    for (what, phone) in [("anonymous", false), ("with phone", true)] {
        let rules = rules.clone();
        ids = timed(&engine, &clock, what, move |tx, n| {
            let report = Report {
                item: Some("bike_canopy".into()),
                text: "地下车库入口没有雨棚，下雨天推电动车上来一路淋，老人小孩都滑过。".into(),
                place: Some(GRID.into()),
                point: Some((120.2, 30.4)),
                phone: phone.then(|| format!("1990{n:07}")),
                source: "web".into(),
                ..Report::default()
            };
            Ok(case::report(tx, &rules, &Actor::anonymous(DISTRICT), &report)?.id)
        });
    }
    let ids = Arc::new(ids);
    let id = move |n: u32| ids[usize::try_from(n).expect("fits")];
    let act = |what: &str, actor: &Actor, word: &'static str, inputs: Inputs| {
        let (rules, actor, id) = (rules.clone(), actor.clone(), id.clone());
        timed(&engine, &clock, what, move |tx, n| {
            case::perform(tx, &rules, Mover::staff(&actor), &id(n), word, None, &inputs)
        });
    };
    act("file", &officer, "file", Inputs::default());
    act("dispatch", &officer, "dispatch", Inputs { to: vec!["悦贤里物业".into()], ..Inputs::default() });
    let (ruled, again) = (rules.clone(), id.clone());
    timed(&engine, &clock, "done", move |tx, n| {
        let task = task::of_case(tx, DISTRICT, &again(n))?.pop().expect("a task").id;
        let inputs = Inputs { answer: Some("雨棚装好了".into()), ..Inputs::default() };
        task::perform(tx, &ruled, Mover::staff(&handler), &task, "done", None, &inputs)
    });
    act("pass", &other, "pass", Inputs::default());
    drop(engine);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
}
