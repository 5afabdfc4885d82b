//! The command line: serve, demonstrate, check, import, ask, verify, measure, and look after accounts.
//!
//! For people by default; with `--json` ONE JSON object on stdout and progress on stderr.
//! Exit 0 ok · 1 findings · 2 usage · 3 environment.

mod args;
mod commands;
mod home;
mod out;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let out = out::Out::new(args.common.json);
    match commands::run(&args, &out) {
        Ok(exit) => exit.into(),
        Err(failure) => out.fail(&failure).into(),
    }
}
