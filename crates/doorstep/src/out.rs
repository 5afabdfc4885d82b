//! What a command says and how it ends.

use std::{fmt::Display, io::Write as _, process::ExitCode};

use kernel::{Lang, Problem};
use serde_json::{Value, json};

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Ok,
    /// Something is wrong with what was checked.
    Findings,
    /// The command was called wrongly.
    Usage,
    /// File, port or database.
    Environment,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Environment => 3,
        })
    }
}

/// Why a command could not do its work, in both languages, with what to do.
#[derive(Debug)]
pub struct Failure {
    /// How it ends.
    pub exit: Exit,
    /// A stable word.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Failure {
    /// The command was called wrongly.
    pub fn usage(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, code: code.into(), zh: zh.into(), en: en.into() }
    }

    /// File, port or database.
    pub fn environment(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Environment, code: code.into(), zh: zh.into(), en: en.into() }
    }

    /// A file that can't be read.
    pub fn file(path: &std::path::Path, error: impl Display) -> Self {
        let path = path.display();
        Self::environment(
            "file",
            format!("文件 {path} 读不了：{error}。请检查路径和权限。"),
            format!("The file {path} cannot be read: {error}. Check its path and permissions."),
        )
    }

    /// The database can't be used.
    pub fn database(url: &str, error: impl Display) -> Self {
        Self::environment(
            "database",
            format!("数据库 {url} 用不了：{error}。请检查 --db 写的地址。"),
            format!("The database {url} cannot be used: {error}. Check the address given with --db."),
        )
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let say = |lang| format!("{} {}", problem.detail(lang), problem.action(lang));
        let cause = problem.cause.as_ref().map(|cause| format!(" [{cause}]")).unwrap_or_default();
        Self {
            exit: if problem.kind.status >= 500 { Exit::Environment } else { Exit::Usage },
            code: problem.kind.code.into(),
            zh: say(Lang::Zh),
            en: format!("{}{cause}", say(Lang::En)),
        }
    }
}

/// Where a command speaks.
pub struct Out {
    json: bool,
}

impl Out {
    /// For people, or one JSON object.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// The result: the object for programs, the lines for people.
    pub fn result(&self, object: &Value, lines: impl FnOnce() -> Vec<String>) {
        if self.json {
            self.line(&object.to_string());
        } else {
            for line in lines() {
                self.line(&line);
            }
        }
    }

    /// One line on stdout. A reader that went away (`| head`) is no failure of ours.
    pub fn line(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        drop(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
    }

    /// One line on stderr: progress and remarks.
    pub fn note(&self, text: &str) {
        drop(writeln!(std::io::stderr().lock(), "{text}"));
    }

    /// Says why a command could not do its work.
    pub fn fail(&self, failure: &Failure) -> Exit {
        self.note(&format!("{}\n{}", failure.zh, failure.en));
        if self.json {
            let message = format!("{} {}", failure.zh, failure.en);
            self.line(&json!({ "error": { "code": failure.code, "message": message } }).to_string());
        }
        failure.exit
    }
}
