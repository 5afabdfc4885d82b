//! What can be wrong with a pack: one numbered list, so that documents, tests and people mean the same.

use std::sync::Arc;

use serde::Serialize;

/// Most faults told at once; the rest would only bury them.
pub const FAULTS_MAX: usize = 500;

/// Something wrong with a pack: where it stands, what it is, what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// Path within the pack; a file of a base begins with the base's name.
    pub file: String,
    /// 1-based line; 1 when the whole file is meant.
    pub line: u32,
    /// One of [`FAULT_KINDS`].
    pub code: &'static str,
    /// Chinese, then English.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{} [{}] {}", self.file, self.line, self.code, self.message)
    }
}

/// A kind of fault. `{name}` in its texts is filled in.
#[derive(Debug, PartialEq, Eq)]
pub struct FaultKind {
    /// Stable word.
    pub code: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $zh:literal, $en:literal;)*) => {
        $(pub(super) static $name: FaultKind = FaultKind { code: $code, zh: $zh, en: $en };)*
        /// Every kind of fault, as `docs/packs.md` lists them.
        pub static FAULT_KINDS: &[&FaultKind] = &[$(&$name),*];
    };
}

kinds! {
    PACK_MISSING = "pack.missing", "找不到包“{what}”：文件夹里要有 pack.toml。", "There is no pack “{what}”: its folder needs a pack.toml.";
    BASE_UNKNOWN = "pack.base_unknown", "base 写的“{what}”不存在，请改成现有的包。", "The base “{what}” does not exist; name one that does.";
    BASE_CYCLE = "pack.base_cycle", "base 绕了一圈又回到“{what}”，请断开一处。", "The bases run in a circle back to “{what}”; break it somewhere.";
    BASE_DEEP = "pack.base_deep", "base 叠了超过 {most} 层，请减少。", "More than {most} bases stand on each other; use fewer.";
    ID_FOLDER = "pack.id_folder", "id“{what}”和文件夹名“{folder}”不一样，请改成一样。", "The id “{what}” differs from the folder's name “{folder}”; make them the same.";
    META_MISSING = "pack.field_missing", "pack.toml 缺“{what}”，上级包里也没有，请补上。", "pack.toml lacks “{what}”, and so do its bases; add it.";
    FILE_LARGE = "file.too_large", "文件超过 {most} 字节，请拆小。", "The file is longer than {most} bytes; make it smaller.";
    FILE_UTF8 = "file.not_utf8", "第 {line} 行不是 UTF-8，请另存为 UTF-8。", "Line {line} is not UTF-8; save the file as UTF-8.";
    FILE_UNKNOWN = "file.unknown", "不认得“{what}”，请看文件名有没有写错，或者移走。", "“{what}” is no file of a pack; check its name or move it away.";
    FILE_MANY = "file.too_many", "包里文件超过 {most} 个，请减少。", "The pack has more than {most} files; use fewer.";
    TOML_SYNTAX = "toml.syntax", "这里写法不对（{why}），请改正。", "This can't be read ({why}); mend it.";
    TOML_KEY = "toml.unknown_key", "这里不认这个键（{why}），请看拼写。", "This key is not known here ({why}); check the spelling.";
    CSV_HEADER = "csv.column_missing", "表头缺列“{what}”，请补上。", "The header lacks the column “{what}”; add it.";
    CSV_COLUMN = "csv.column_unknown", "不认得列“{what}”，能用的列是 {known}。", "The column “{what}” is not known; the columns are {known}.";
    CSV_FIELDS = "csv.field_count", "这一行有 {found} 格，表头有 {expected} 格；含逗号的字请用英文双引号括起来。", "This row has {found} fields, the header {expected}; put a text with commas in double quotes.";
    CSV_ROWS = "csv.too_many_rows", "表超过 {most} 行，请拆小。", "The table has more than {most} rows; make it smaller.";
    VALUE_EMPTY = "value.empty", "“{what}”不能空着。", "“{what}” must not be empty.";
    VALUE_BAD = "value.bad", "“{what}”写的是“{value}”，应当是 {expected}。", "“{what}” says “{value}”; it should be {expected}.";
    TWICE = "key.twice", "“{what}”写了两次，第一次在第 {line} 行，请去掉一处。", "“{what}” stands twice, first in line {line}; remove one.";
    LEVEL_UNKNOWN = "level.unknown", "没有层级“{what}”，现有 {known}。", "There is no level “{what}”; there are {known}.";
    ROLE_UNKNOWN = "role.unknown", "没有角色“{what}”，请先写进 roles.toml。", "There is no role “{what}”; put it into roles.toml first.";
    PERMISSION_UNKNOWN = "permission.unknown", "没有权限词“{what}”，请看 roles.toml 里的 permissions。", "There is no permission “{what}”; see the permissions in roles.toml.";
    POST_UNKNOWN = "post.unknown", "没有岗位“{what}”，请先写进 posts.toml。", "There is no post “{what}”; put it into posts.toml first.";
    TEAM_LEVEL = "team.level_twice", "层级“{what}”已有一套班子，一层只能有一套。", "The level “{what}” has a team already; a level has one.";
    ITEM_CLOSING = "item.no_closing", "事项“{what}”没写办结标准：怎样才算办好？", "The item “{what}” has no closing standard: when is it done?";
    ITEM_LIMIT = "item.no_limit", "事项“{what}”没写 {field} 时限。", "The item “{what}” has no limit for {field}.";
    ITEM_LANGUAGE = "item.closing_languages", "事项“{what}”的办结标准中文 {zh} 条、英文 {en} 条，要一样多。", "The item “{what}” has {zh} closing conditions in Chinese and {en} in English; they must be as many.";
    ITEM_UNKNOWN = "item.unknown", "没有事项或类别“{what}”，请先写进 catalogue.csv。", "There is no item or class “{what}”; put it into catalogue.csv first.";
    CLASS_UNNAMED = "item.class_unnamed", "类别“{what}”没有名字，请在 texts 里写 class.{what}。", "The class “{what}” has no name; write the text class.{what}.";
    LIMIT_BAD = "limit.bad", "时限“{value}”看不懂：{why}。写法如“4 work_hours”“3 个工作日”。", "The limit “{value}” can't be read: {why}. Write it as “4 work_hours” or “3 work_days”.";
    BODY_UNKNOWN = "body.unknown", "没有单位“{what}”，请先写进 bodies.csv。", "There is no body “{what}”; put it into bodies.csv first.";
    BODY_CYCLE = "body.cycle", "单位“{what}”的上级绕回了自己。", "The body “{what}” stands above itself.";
    PLACE_UNKNOWN = "place.unknown", "没有地点编码“{what}”，请先写进 places.csv。", "There is no place with the code “{what}”; put it into places.csv first.";
    PLACE_PARENT = "place.parent_missing", "“{what}”的上级“{parent}”不存在。", "The place above “{what}”, “{parent}”, does not exist.";
    PLACE_LEVEL = "place.parent_level", "“{what}”是 {level}，不能放在 {parent_level} 下面。", "“{what}” is a {level} and can't stand under a {parent_level}.";
    PLACE_CODE = "place.code_bad", "编码“{what}”不对：{level} 的编码应是 {expected}。", "The code “{what}” is wrong: that of a {level} is {expected}.";
    PLACE_UNDER = "place.code_not_under_parent", "编码“{what}”不以上级编码“{parent}”开头。", "The code “{what}” does not begin with that above it, “{parent}”.";
    PLACE_NAME = "place.name_twice", "同一个上级下有两个“{what}”，另一个在第 {line} 行。", "Two places under one parent are called “{what}”; the other stands in line {line}.";
    PLACE_ROOT = "place.roots", "要正好有一个没有上级的地点，现在有 {found} 个。", "Exactly one place stands above all; there are {found}.";
    BOUNDARY_BAD = "place.boundary_bad", "“{what}”的边界不对：{why_zh}", "The boundary of “{what}” is wrong: {why_en}";
    BOUNDARY_FAR = "place.outside_parent", "“{what}”的边界跑到上级外面 {metres} 米。", "The boundary of “{what}” runs {metres} m outside the place above it.";
    GEOJSON = "geojson.syntax", "GeoJSON 写法不对：{why}", "This is not GeoJSON: {why}";
    HOLDING_WHERE = "holding.where", "任职要写一个地点或一个单位，只写一个。", "A holding names either a place or a body, one of them.";
    HOLDING_LEVEL = "holding.level", "岗位“{post}”不能设在“{what}”这里。", "The post “{post}” is not held at “{what}”.";
    HOLDING_TERM = "holding.term", "任期从 {from} 到 {to}，到期在前，请对调。", "The term runs from {from} to {to}, backwards; swap them.";
    PERSON_UNKNOWN = "person.unknown", "没有人员“{what}”，请先写进 people.csv。", "There is no person “{what}”; put them into people.csv first.";
    PERSON_REAL = "person.real", "包里不放真人：电话只能用 199 0000 开头的示例号。", "A pack holds nobody real: phone numbers begin with 199 0000.";
    NOT_DEMO = "person.not_demo", "不是演示包（demo = true），不能带人员和账号；真实人员在系统里登记。", "Only a pack with demo = true has people and accounts; real people are entered in the running system.";
    TEXT_LANGUAGE = "text.one_language", "“{what}”只有一种语言，请把 zh 和 en 都写上。", "“{what}” has one language only; write both zh and en.";
    TEXT_BAD = "text.bad", "“{what}”不是文字：写成 {{ zh = \"…\", en = \"…\" }}。", "“{what}” is no text: write {{ zh = \"…\", en = \"…\" }}.";
    CALENDAR_YEAR = "calendar.year_missing", "缺 {what} 年的节假日，请补 calendar/{what}.toml。", "The holidays of {what} are missing; add calendar/{what}.toml.";
    CALENDAR_BAD = "calendar.bad", "节假日文件不对：{why}", "The holiday file is wrong: {why}";
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub file: Arc<str>,
    pub line: u32,
}

/// Faults as they are found; stops taking them at [`FAULTS_MAX`].
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, kind: &'static FaultKind, spot: &Spot, with: &[(&str, &str)]) {
        if self.0.len() < FAULTS_MAX {
            let message = format!("{} / {}", fill(kind.zh, with), fill(kind.en, with));
            self.0.push(Fault { file: spot.file.to_string(), line: spot.line, code: kind.code, message });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of files and lines, each once.
    pub fn sorted(mut self) -> Vec<Fault> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// Fills `{name}` and makes `{{`, `}}` into single braces.
fn fill(template: &str, with: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
        } else if let Some((name, after)) = rest.split_once('}') {
            let value = with.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
            debug_assert!(value.is_some(), "{template} is not given {name}");
            out.push_str(value.unwrap_or(name));
            rest = after;
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn names_are_filled_and_doubled_braces_become_one() {
        assert_eq!(fill("a {x} {{ b }} {y}", &[("x", "1"), ("y", "{x}")]), "a 1 { b } {x}");
    }
}
