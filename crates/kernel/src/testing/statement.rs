//! Checks of declared statements: one text that means the same on both engines.

use std::collections::BTreeSet;

use super::{lite_memory, postgres_pg};
use crate::store::{Migration, Sql, TOKENS, Target, pg_describe};

/// Words that only one engine knows, or that mean different things to them, or that hide columns
/// and plans from these checks.
const DIALECT_WORDS: &[&str] = &[
    "now()",
    "current_timestamp",
    "current_date",
    "datetime",
    "strftime",
    "julianday",
    "random()",
    "::",
    "ilike",
    "glob ",
    "regexp",
    "->",
    "json_",
    "jsonb",
    "interval '",
    "returning *",
    "select *",
    ".*",
    "or replace",
    "or ignore",
    "rowid",
    "ctid",
    "with (",
    "autoincrement",
    "--",
    "?",
];

/// Lower case, quoted text taken out, blanks made one.
fn plain(text: &str) -> String {
    let code: String = text.split('\'').step_by(2).collect::<Vec<_>>().join("''");
    code.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers of a text's `$n`.
fn parameters(text: &str) -> BTreeSet<usize> {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    text.split('$').skip(1).map(|rest| digits(rest).unwrap_or(0)).collect()
}

/// Reads statements without an engine. `allow` names those that may go without a district: what is
/// found by a secret that is unique over all districts.
pub fn lint_statements(statements: &[&'static Sql], allow: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for sql in statements {
        let text = plain(sql.text);
        let mut fault = |what: String| faults.push(format!("{}: {what}", sql.name));
        for word in DIALECT_WORDS.iter().filter(|word| text.contains(**word)) {
            fault(format!("“{word}” is not for both engines"));
        }
        if TOKENS.iter().fold(text.clone(), |text, (token, _)| text.replace(token, "")).contains("/*") {
            fault("a comment that is no dialect token".into());
        }
        if (0..=sql.params.len()).any(|n| text.contains(&format!("${n} is null or"))) {
            fault("an optional filter: declare one statement a filter, so that each has a plan".into());
        }
        let numbers = parameters(&text);
        if !numbers.iter().copied().eq(1..=sql.params.len()) {
            fault(format!("parameters {numbers:?}, declared 1..={}", sql.params.len()));
        }
        let district = text.contains("district = $") || text.contains("(district");
        match (district, allow.contains(&sql.name)) {
            (false, false) => fault("no district".into()),
            (true, true) => fault("has a district and needs no exception".into()),
            _ => {}
        }
    }
    for name in allow.iter().filter(|name| !statements.iter().any(|sql| sql.name == **name)) {
        faults.push(format!("{name}: an exception for a statement that is not there"));
    }
    faults
}

/// Prepares statements on one engine and compares what it sees with what is declared.
pub fn check_statements(statements: &[&'static Sql], target: Target<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    for sql in statements {
        match target {
            Target::Lite(lite) => match lite.describe(sql) {
                Err(error) => faults.push(format!("{}: SQLite: {error}", sql.name)),
                Ok(seen) if seen != (sql.params.len(), sql.columns.len()) => faults.push(format!(
                    "{}: SQLite sees {} parameters and {} columns, declared are {} and {}",
                    sql.name,
                    seen.0,
                    seen.1,
                    sql.params.len(),
                    sql.columns.len()
                )),
                Ok(_) => {}
            },
            Target::Pg(pg) => match pg_describe(pg, sql) {
                Err(error) => faults.push(format!("{}: PostgreSQL: {error}", sql.name)),
                Ok((params, columns)) => {
                    if params != sql.params {
                        faults.push(format!(
                            "{}: PostgreSQL sees parameters {params:?}, declared are {:?}",
                            sql.name, sql.params
                        ));
                    }
                    if columns != sql.columns {
                        faults.push(format!(
                            "{}: PostgreSQL sees columns {columns:?}, declared are {:?}",
                            sql.name, sql.columns
                        ));
                    }
                }
            },
        }
    }
    faults
}

/// All checks of statements at once: text, SQLite, and PostgreSQL where a server is named.
///
/// # Panics
/// When the schema does not apply.
pub fn statement_faults(schema: &[Migration], statements: &[&'static Sql], allow: &[&str]) -> Vec<String> {
    let mut faults = lint_statements(statements, allow);
    let lite = lite_memory(schema).expect("the schema applies on SQLite");
    faults.extend(check_statements(statements, Target::Lite(&lite)));
    faults.extend(postgres_pg(schema, |pg| check_statements(statements, Target::Pg(pg))).unwrap_or_default());
    faults
}
