//! Values on their way in and out of a database.

use crate::time::Timestamp;

/// A value bound to a parameter; its type stands in the statement's declaration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arg<'a> {
    /// SQL null of the declared type.
    Null,
    /// `text`.
    Text(&'a str),
    /// `bigint`.
    Int(i64),
    /// `double precision`.
    Real(f64),
    /// `boolean`.
    Bool(bool),
    /// `bytea`.
    Bytes(&'a [u8]),
}

macro_rules! arg_from {
    ($($ty:ty => |$v:ident| $arg:expr;)*) => {$(
        impl<'a> From<$ty> for Arg<'a> { fn from($v: $ty) -> Self { $arg } }
    )*};
}
arg_from! {
    &'a str => |v| Arg::Text(v);
    &'a String => |v| Arg::Text(v);
    Option<&'a str> => |v| v.map_or(Arg::Null, Arg::Text);
    i64 => |v| Arg::Int(v);
    i32 => |v| Arg::Int(i64::from(v));
    u32 => |v| Arg::Int(i64::from(v));
    Option<i64> => |v| v.map_or(Arg::Null, Arg::Int);
    f64 => |v| Arg::Real(v);
    Option<f64> => |v| v.map_or(Arg::Null, Arg::Real);
    bool => |v| Arg::Bool(v);
    Option<bool> => |v| v.map_or(Arg::Null, Arg::Bool);
    Timestamp => |v| Arg::Int(v.ms());
    Option<Timestamp> => |v| v.map_or(Arg::Null, |v| Arg::Int(v.ms()));
    &'a [u8] => |v| Arg::Bytes(v);
    &'a Vec<u8> => |v| Arg::Bytes(v);
    &'a [u8; 32] => |v| Arg::Bytes(v);
    &'a Option<Vec<u8>> => |v| v.as_deref().map_or(Arg::Null, Arg::Bytes);
}

/// Something that is stored as text; lets `&Option<T>` become an argument for every typed id.
pub trait AsText {
    /// The text.
    fn as_text(&self) -> &str;
}
impl AsText for String {
    fn as_text(&self) -> &str {
        self
    }
}
impl<'a, T: AsText> From<&'a Option<T>> for Arg<'a> {
    fn from(value: &'a Option<T>) -> Self {
        value.as_ref().map_or(Arg::Null, |value| Arg::Text(value.as_text()))
    }
}

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// SQL null.
    Null,
    /// `text`.
    Text(String),
    /// `bigint`.
    Int(i64),
    /// `double precision`.
    Real(f64),
    /// `boolean`.
    Bool(bool),
    /// `bytea`.
    Bytes(Vec<u8>),
}

/// A Rust type that a [`Cell`] can become.
pub trait FromCell: Sized {
    /// `None` when the cell holds something else.
    fn from_cell(cell: Cell) -> Option<Self>;
}

macro_rules! from_cell {
    ($($ty:ty => $pattern:pat => $value:expr;)*) => {$(
        impl FromCell for $ty {
            fn from_cell(cell: Cell) -> Option<Self> { match cell { $pattern => Some($value), _ => None } }
        }
    )*};
}
from_cell! {
    String => Cell::Text(v) => v;
    i64 => Cell::Int(v) => v;
    f64 => Cell::Real(v) => v;
    bool => Cell::Bool(v) => v;
    Vec<u8> => Cell::Bytes(v) => v;
    Timestamp => Cell::Int(v) => Timestamp::from_ms(v);
}

impl FromCell for u32 {
    fn from_cell(cell: Cell) -> Option<Self> {
        i64::from_cell(cell).and_then(|v| v.try_into().ok())
    }
}
impl FromCell for [u8; 32] {
    fn from_cell(cell: Cell) -> Option<Self> {
        Vec::from_cell(cell).and_then(|v| v.try_into().ok())
    }
}
impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// One row, read from left to right.
#[derive(Debug, Clone)]
pub struct Row {
    cells: std::vec::IntoIter<Cell>,
}

impl Row {
    /// A row of these cells.
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells: cells.into_iter() }
    }

    /// The next column.
    ///
    /// # Panics
    /// When there is none left or it is of another type: the registry's test keeps declared and
    /// real types equal, so this is a programmer's error or a damaged row.
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: FromCell>(&mut self) -> T {
        let cell = self.cells.next().expect("a row has the declared number of columns");
        let shown = std::mem::discriminant(&cell);
        T::from_cell(cell).unwrap_or_else(|| panic!("column is not a {}: {shown:?}", std::any::type_name::<T>()))
    }
}
