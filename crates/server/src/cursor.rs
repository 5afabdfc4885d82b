//! Places in a list that goes by moment and id, as they stand in an address.

use std::str::FromStr;

use kernel::{Problem, Result, Timestamp, problem::BAD_FIELD};

/// The text of a place: `1763600000000.01a1b8f4-…`.
pub fn mark(at: Timestamp, id: impl std::fmt::Display) -> String {
    format!("{}.{id}", at.ms())
}

/// Reads what [`mark`] wrote.
///
/// # Errors
/// 400.2 for anything else.
pub fn read_mark<T: FromStr>(text: &str) -> Result<(Timestamp, T)> {
    let read = text.split_once('.').and_then(|(ms, id)| Some((Timestamp::from_ms(ms.parse().ok()?), id.parse().ok()?)));
    let shown = || text.chars().take(60).collect::<String>();
    read.ok_or_else(|| Problem::new(&BAD_FIELD).with("field", "cursor").with("what", shown()))
}

/// [`read_mark`] of a page's address, where nothing stands for the beginning.
///
/// # Errors
/// As [`read_mark`].
pub fn read_begin<T: FromStr>(text: &str) -> Result<Option<(Timestamp, T)>> {
    Some(text).filter(|text| !text.is_empty()).map(read_mark).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_nothing_else_is() {
        let at = Timestamp::from_ms(1_763_600_000_000);
        assert_eq!(read_mark::<u32>(&mark(at, 7)).unwrap(), (at, 7));
        assert_eq!(read_begin::<u32>("").unwrap(), None);
        for other in ["7", "1.", ".7", "1.x", "明天.7"] {
            assert_eq!(read_mark::<u32>(other).unwrap_err().kind.code, "400.2", "{other}");
        }
    }
}
