//! A small reader of our own HTML, for the tests only: is it balanced, what does each tag carry.

use std::collections::BTreeMap;

/// One tag of a page.
#[derive(Debug)]
pub struct Tag {
    /// `input`.
    pub name: String,
    /// `</…>`.
    pub closing: bool,
    /// Attributes by name; without a value, empty.
    pub attrs: BTreeMap<String, String>,
}

/// A small reader of our own output: tags and quoted attributes, nothing more.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let mut quoted = false;
        let end = rest
            .find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            })
            .expect("a tag ends");
        let inner = &rest[..end];
        rest = &rest[end + 1..];
        if inner.starts_with('!') {
            continue;
        }
        let closing = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let (name, mut attrs) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let mut read = BTreeMap::new();
        while !attrs.trim_start().is_empty() {
            attrs = attrs.trim_start();
            let stop = attrs.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(attrs.len());
            let (key, after) = attrs.split_at(stop);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => quoted.split_once('"').expect("a quote ends"),
                None => ("", after),
            };
            assert!(read.insert(key.to_owned(), value.to_owned()).is_none(), "attribute {key} twice in <{inner}>");
            attrs = after;
        }
        out.push(Tag { name: name.trim_end_matches('/').to_owned(), closing, attrs: read });
    }
    out
}

/// Tags balance, and blocks do not stand inside a paragraph.
pub fn check(html: &str) -> Result<(), String> {
    const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "path"];
    let mut open: Vec<String> = Vec::new();
    for tag in tags(html) {
        if VOID.contains(&tag.name.as_str()) {
            continue;
        }
        if tag.closing {
            let last = open.pop().unwrap_or_default();
            if last != tag.name {
                return Err(format!("</{}> closes <{last}>", tag.name));
            }
            continue;
        }
        let block = matches!(tag.name.as_str(), "p" | "div" | "ul" | "ol" | "dl" | "form" | "section" | "h2");
        if block && open.iter().any(|o| o == "p" || o == "h1" || o == "h2") {
            return Err(format!("<{}> inside a paragraph", tag.name));
        }
        if tag.name == "form" && open.iter().any(|o| o == "form") {
            return Err("a form inside a form".into());
        }
        open.push(tag.name);
    }
    if open.is_empty() { Ok(()) } else { Err(format!("never closed: {open:?}")) }
}
