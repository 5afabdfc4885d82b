//! One run: gathers the files, plays every scenario, counts, and says so in one closing line.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use cucumber::{Cucumber, StatsWriter as _, WriterExt as _, cli, event::ScenarioFinished, runner, writer};
use futures::FutureExt as _;

use crate::{
    actions::ACTIONS,
    gather::{Ready, gather},
    steps::{self, Kind, STEPS},
    world::Story,
};

/// Scenarios played at the same time, each in a house of its own.
const AT_ONCE_MAX: usize = 2;

/// Runs stories; true when all passed and there was at least one.
///
/// # Errors
/// When nothing can run at all.
pub fn run(paths: &[PathBuf]) -> Result<bool, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("没有运行环境 (no runtime): {e}"))?;
    Ok(runtime.block_on(play(paths)))
}

async fn play(paths: &[PathBuf]) -> bool {
    let gathered = gather(paths);
    for unread in &gathered.unread {
        eprintln!("{}: {}", unread.path.display(), unread.why);
    }
    let (all, unread) = (gathered.scenarios(), gathered.unread.len());
    let passed = Arc::new(AtomicUsize::new(0));
    let mut hooks = 0;
    if all > 0 {
        let counted = passed.clone();
        let player = runner::Basic::<Story>::default()
            .max_concurrent_scenarios(AT_ONCE_MAX)
            .steps(steps::collection())
            .before(|feature, rule, scenario, story| {
                story.plan = steps::plan(feature, rule, scenario);
                (story.acting, story.manned) = steps::people(feature, rule, scenario);
                async {}.boxed_local()
            })
            .after(move |_, _, _, finished, _| {
                if matches!(finished, ScenarioFinished::StepPassed) {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                async {}.boxed_local()
            });
        let told = writer::Basic::raw(std::io::stdout(), writer::Coloring::Auto, 0)
            .summarized()
            .fail_on_skipped_with(|_, _, _| true)
            .normalized();
        let done = Cucumber::<_, _, _, _, _, cli::Empty>::custom(Ready, player, told)
            .with_default_cli()
            .run(gathered.features)
            .await;
        hooks = done.hook_errors();
    }
    let passed = passed.load(Ordering::SeqCst);
    let failed = all.saturating_sub(passed) + unread + hooks;
    let empty = all == 0 && unread == 0;
    if empty {
        eprintln!("没有故事可以运行 (no story to run)");
    }
    println!("\n{passed} passed, {} failed", failed + usize::from(empty));
    failed == 0 && !empty
}

/// The vocabulary as text: every step with what it does, every action with what it needs.
pub fn vocabulary() -> String {
    let mut out = String::new();
    for (kind, word) in [(Kind::Assume, "假如"), (Kind::Act, "当"), (Kind::Check, "那么"), (Kind::Refusal, "那么")]
    {
        for step in STEPS.iter().filter(|s| s.kind == kind) {
            let mark = if step.frozen { "" } else { "+ " };
            out.push_str(&format!("{mark}{word} {}\n      {}\n", step.says, step.note));
        }
    }
    out.push_str("\n动作：\n");
    for action in ACTIONS {
        let also =
            if action.also.is_empty() { String::new() } else { format!("（也写 {}）", action.also.join("、")) };
        let needs = if action.needs.is_empty() { "不用带什么" } else { action.needs };
        out.push_str(&format!("  {}{also}：{}。要写：{needs}\n", action.word, action.does));
    }
    out
}
