//! Sentences with placeholders: `交给{body}办理[，答应{until}前办好]。`
//!
//! `{x}` stands for a fact. A part in `[…]` is left out when a fact in it is not known. There is no
//! nesting and no escape; a sentence that needs a bracket is not a plain sentence. The result is
//! text: whoever puts it into HTML escapes it there.

use std::collections::BTreeMap;

/// A placeholder as it stands in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotUse {
    /// The name between the braces.
    pub name: String,
    /// Whether it stands in a `[…]` part, which is left out when the fact is not known.
    pub optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Slot(&'a str),
    Open,
    Close,
}

/// Splits a template; braces that do not pair up stay as text.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '[', ']']) {
        if at > 0 {
            found.push(Piece::Text(&rest[..at]));
        }
        let tail = &rest[at..];
        let (piece, used) = match tail.as_bytes()[0] {
            b'[' => (Piece::Open, 1),
            b']' => (Piece::Close, 1),
            _ => match tail.find('}') {
                Some(end) => (Piece::Slot(&tail[1..end]), end + 1),
                None => (Piece::Text(tail), tail.len()),
            },
        };
        found.push(piece);
        rest = &tail[used..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// The placeholders of a template in order, or what is wrong with its brackets and braces
/// (Chinese, English).
pub fn slots(template: &str) -> Result<Vec<SlotUse>, (&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) if text.contains(['{', '}']) => {
                return Err(("花括号没有配成对", "a brace stands alone"));
            }
            Piece::Text(_) => {}
            Piece::Slot(name) => found.push(SlotUse { name: name.to_owned(), optional: open.is_some() }),
            Piece::Open if open.is_some() => return Err(("方括号里又套了方括号", "brackets are nested")),
            Piece::Open => open = Some(found.len()),
            Piece::Close => match open.take() {
                None => return Err(("方括号没有配成对", "a bracket stands alone")),
                Some(before) if before == found.len() => {
                    return Err(("方括号里没有占位，永远都在", "a bracketed part names no fact"));
                }
                Some(_) => {}
            },
        }
    }
    match open {
        Some(_) => Err(("方括号没有配成对", "a bracket stands alone")),
        None => Ok(found),
    }
}

/// Fills in a template. A fact that is missing or blank drops the `[…]` part it stands in; outside
/// one it leaves nothing in its place. Values are taken as they are (braces in them mean nothing),
/// save that blanks around them go, and a closing mark at their end goes where the template sets
/// its own. Never fails: what does not pair up stays as text.
pub fn render(template: &str, args: &BTreeMap<&str, String>) -> String {
    let pieces = pieces(template);
    let mut said = String::with_capacity(template.len() * 2);
    let mut part: Option<(usize, bool)> = None;
    for (at, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Text(text) => said.push_str(text),
            Piece::Open => part = Some((said.len(), true)),
            Piece::Close => {
                if let Some((from, false)) = part.take() {
                    said.truncate(from);
                }
            }
            Piece::Slot(name) => match args.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()) {
                Some(value) if mark_follows(&pieces[at + 1..]) => said.push_str(without_mark(value)),
                Some(value) => said.push_str(value),
                None => {
                    if let Some((_, whole)) = &mut part {
                        *whole = false;
                    }
                }
            },
        }
    }
    // A part that was never closed and lacks a fact is dropped like any other.
    if let Some((from, false)) = part {
        said.truncate(from);
    }
    said
}

/// Whether the next thing the template itself says is a closing mark.
fn mark_follows(rest: &[Piece<'_>]) -> bool {
    let next = rest.iter().find_map(|piece| match piece {
        Piece::Text(text) => Some(text.starts_with(['。', '，', '；', '.', ',', ';'])),
        Piece::Slot(_) => Some(false),
        Piece::Open | Piece::Close => None,
    });
    next.unwrap_or(false)
}

fn without_mark(value: &str) -> &str {
    let cut = value.trim_end_matches(['。', '．', '，', '；', '！', '.', ',', ';', '!', ' ', '\n']);
    if cut.is_empty() { value } else { cut }
}
