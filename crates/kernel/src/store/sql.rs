//! Declared statements: text, parameter types and column types, checked against both engines.

use std::sync::OnceLock;

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

    /// The text for SQLite: `$3` becomes `?3`, so that a parameter is bound by its number.
    pub fn for_lite(&self) -> &str {
        self.lite.get_or_init(|| self.text.replace("/*skip locked*/", "").replace('$', "?"))
    }

    /// The text for PostgreSQL: the one dialect token is filled in.
    pub fn for_pg(&self) -> &str {
        self.pg.get_or_init(|| self.text.replace("/*skip locked*/", "for update skip locked"))
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
