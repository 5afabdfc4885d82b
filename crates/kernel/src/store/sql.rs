//! Declared statements: text, parameter types and column types, checked against both engines.

use std::sync::OnceLock;

use super::{Arg, StoreError};

/// The five column types that both engines share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    /// `text`.
    Text,
    /// `bigint`: whole numbers; times are milliseconds UTC.
    Int,
    /// `double precision`.
    Real,
    /// `boolean`.
    Bool,
    /// `bytea`.
    Bytes,
}

/// Where the text differs between the engines: row locks, which SQLite's one writer does not need.
pub const TOKENS: [(&str, &str); 2] = [("/*skip locked*/", "for update skip locked"), ("/*for update*/", "for update")];

/// One declared statement.
pub struct Sql {
    /// Its name in the registry.
    pub name: &'static str,
    /// The one text, with `$1 …` parameters.
    pub text: &'static str,
    /// Types of `$1 …`.
    pub params: &'static [Ty],
    /// Types of the columns of its answer.
    pub columns: &'static [Ty],
    lite: OnceLock<String>,
    pg: OnceLock<String>,
}

impl Sql {
    /// Declares a statement; use [`statements!`](crate::statements).
    pub const fn new(name: &'static str, text: &'static str, params: &'static [Ty], columns: &'static [Ty]) -> Self {
        Self { name, text, params, columns, lite: OnceLock::new(), pg: OnceLock::new() }
    }

    /// Refuses a wrong number of arguments, arguments of another type than declared, and text
    /// with a NUL in it: SQLite takes all of these, PostgreSQL none.
    pub(super) fn fits(&self, args: &[Arg<'_>]) -> Result<(), StoreError> {
        let refuse = |what: String| Err(StoreError::Mismatch(format!("{}: {what}", self.name)));
        if args.len() != self.params.len() {
            return refuse(format!("{} parameters, {} given", self.params.len(), args.len()));
        }
        for (at, (arg, ty)) in args.iter().zip(self.params).enumerate() {
            let fits = match arg {
                Arg::Null => true,
                Arg::Text(text) if text.contains('\0') => return refuse(format!("${}: text with a NUL", at + 1)),
                Arg::Text(_) => *ty == Ty::Text,
                Arg::Int(_) => *ty == Ty::Int,
                Arg::Real(_) => *ty == Ty::Real,
                Arg::Bool(_) => *ty == Ty::Bool,
                Arg::Bytes(_) => *ty == Ty::Bytes,
            };
            if !fits {
                return refuse(format!("${} is declared {ty:?}", at + 1));
            }
        }
        Ok(())
    }

    /// The text for SQLite: `$3` becomes `?3`, so that a parameter is bound by its number.
    pub fn for_lite(&self) -> &str {
        self.lite
            .get_or_init(|| TOKENS.iter().fold(self.text.replace('$', "?"), |text, (token, _)| text.replace(token, "")))
    }

    /// The text for PostgreSQL: the dialect tokens are filled in.
    pub fn for_pg(&self) -> &str {
        self.pg
            .get_or_init(|| TOKENS.iter().fold(self.text.to_owned(), |text, (token, words)| text.replace(token, words)))
    }
}

impl std::fmt::Debug for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.text)
    }
}

/// Declares statements and the list `STATEMENTS` of this `store.rs` for the registry.
///
/// ```ignore
/// statements! {
///     /// One place by its code.
///     PLACE_FETCH(Text, Text) -> (Text, Int) = "select name, version from place where district = $1 and code = $2";
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($( $(#[$doc:meta])* $name:ident ( $($param:ident),* ) -> ( $($column:ident),* ) = $text:expr; )*) => {
        $( $(#[$doc])* static $name: $crate::store::Sql = $crate::store::Sql::new(
            stringify!($name), $text,
            &[$($crate::store::Ty::$param),*], &[$($crate::store::Ty::$column),*],
        ); )*
        /// Every statement of this room, for the registry's test.
        pub static STATEMENTS: &[&$crate::store::Sql] = &[$(&$name),*];
    };
}
