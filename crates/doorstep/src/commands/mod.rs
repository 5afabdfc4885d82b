//! One file a command.

mod bench;
mod import;
mod kpi;
mod locate;
mod pack;
mod serve;
mod token;
mod user;
mod verify;

use crate::{
    args::{Args, Command},
    home::Home,
    out::{Exit, Failure, Out},
};

/// Does what was asked for.
pub fn run(args: &Args, out: &Out) -> Result<Exit, Failure> {
    let home = Home::new(&args.common, "data");
    match &args.command {
        Command::Serve(serve) => serve::serve(&home, serve, out),
        Command::Demo(demo) => serve::demo(&Home::new(&args.common, "data/demo"), demo, out),
        Command::Pack(crate::args::Pack::Check { dir }) => pack::check(&home, dir, out),
        Command::Import(crate::args::Import::Cases { district, mapping, file }) => {
            import::cases(&home, district, mapping.as_deref(), file, out)
        }
        Command::Locate(locate) => locate::locate(&home, locate, out),
        Command::Kpi(kpi) => kpi::kpi(&home, kpi, out),
        Command::Verify(verify) => verify::verify(&home, verify.checkpoint.as_deref(), out),
        Command::Bench(bench) => bench::bench(&home, bench, out),
        Command::User(user) => user::user(&home, user, out),
        Command::Token(token) => token::token(&home, &token.account, out),
    }
}
