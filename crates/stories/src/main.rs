//! Runs stories: `stories FILE-or-DIR…` (default `stories/`), against the real server, on a virtual clock.

mod actions;
mod gather;
mod run;
mod steps;
mod text;
mod world;

use std::{path::PathBuf, process::ExitCode};

const HELP: &str = "\
stories [FILE-or-DIR…]   运行故事（默认 stories/）  run stories (default stories/)
stories --steps          列出全部步骤和动作          list every step and action
docs/stories.md 说明怎么写  how to write one
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("--help" | "-h") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some("--steps") => {
            print!("{}", run::vocabulary());
            return ExitCode::SUCCESS;
        }
        Some(flag) if flag.starts_with('-') => {
            eprint!("{flag}: 不认识 (unknown)\n{HELP}");
            return ExitCode::from(2);
        }
        _ => {}
    }
    let paths: Vec<PathBuf> =
        if words.is_empty() { vec!["stories".into()] } else { words.into_iter().map(PathBuf::from).collect() };
    match run::run(&paths) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(3)
        }
    }
}
