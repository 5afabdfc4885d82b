//! A small whole pack in memory, to plant faults in.

use std::collections::{BTreeMap, BTreeSet};

use crate::pack::PackFiles;

/// Files in memory.
#[derive(Clone, Default)]
pub struct MemoryFiles(pub BTreeMap<String, Vec<u8>>);

impl PackFiles for MemoryFiles {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        self.0.get(path).cloned()
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&prefix));
        let names: BTreeSet<String> =
            below.map(|path| path.split_once('/').map_or(path.to_owned(), |(dir, _)| format!("{dir}/"))).collect();
        names.into_iter().collect()
    }
}

impl MemoryFiles {
    /// The same with a file's text changed; the old words must stand there exactly once.
    pub fn with(&self, file: &str, old: &str, new: &str) -> Self {
        let text = String::from_utf8(self.0[file].clone()).expect("the small pack is UTF-8");
        assert_eq!(text.matches(old).count(), 1, "“{old}” stands once in {file}");
        self.file(file, text.replace(old, new).into_bytes())
    }

    /// The same with a file put in or replaced.
    pub fn file(&self, file: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let mut files = self.clone();
        files.0.insert(file.to_owned(), bytes.into());
        files
    }

    /// The same with a line at the end of a file; gives the line's number too.
    pub fn line(&self, file: &str, line: &str) -> (Self, u32) {
        let mut text = String::from_utf8(self.0[file].clone()).expect("the small pack is UTF-8");
        let number = text.lines().count() + 1;
        text.push_str(line);
        text.push('\n');
        (self.file(file, text), u32::try_from(number).expect("small"))
    }
}

/// A pack without a base and without a fault.
pub fn small() -> MemoryFiles {
    let files = [
        ("pack.toml", PACK),
        ("levels.toml", LEVELS),
        ("roles.toml", ROLES),
        ("posts.toml", POSTS),
        ("teams.toml", TEAMS),
        ("catalogue.csv", CATALOGUE),
        ("places.csv", PLACES),
        ("places.geojson", BOUNDARIES),
        ("bodies.csv", BODIES),
        ("duties.csv", DUTIES),
        ("people.csv", PEOPLE),
        ("holdings.csv", HOLDINGS),
        ("accounts.csv", ACCOUNTS),
        ("texts/pack.toml", TEXTS),
        ("calendar/2026.toml", CALENDAR),
        ("flows/case.toml", "id = \"case\"\n"),
        ("README.md", "read by people only\n"),
    ];
    MemoryFiles(files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect())
}

const PACK: &str = r#"id = "small"
name = { zh = "小区", en = "Small" }
short = "SM"
code = "330199"
timezone = "Asia/Shanghai"
holidays = "china"
calendar_years = [2026, 2026]
hours = ["09:00-12:00", "13:30-17:00"]
languages = ["zh", "en"]
demo = true
near_boundary_metres = 30
ask_days = 7
reopen_days = 30
accept_default = "1 work_days"
handle_default = "5 work_days"
check_default = "1 work_days"
acknowledge_default = "4 work_hours"
verify_default = "2 work_days"
"#;

const LEVELS: &str = r#"[[levels]]
id = "district"
zh = "区"
en = "district"
rank = 10
digits = 6

[[levels]]
id = "zone"
zh = "片区"
en = "zone"
rank = 15

[[levels]]
id = "township"
zh = "街道"
en = "street"
rank = 20
digits = 9
"#;

const ROLES: &str = r#"[[permissions]]
word = "case.read"
zh = "看"
en = "read"

[[roles]]
id = "officer"
zh = "网格力量"
en = "officer"
permissions = [
  "case.read",
]
"#;

const POSTS: &str = r#"[[posts]]
id = "officer"
zh = "网格员"
en = "officer"
role = "officer"
levels = ["township"]
owns = 1

[[posts]]
id = "handler"
zh = "经办人"
en = "handler"
role = "officer"
in_body = true
"#;

const TEAMS: &str = r#"[[teams]]
id = "one"
zh = "一人"
en = "one"
level = "township"
parts = [{ post = "officer", min = 1, max = 1 }]
load = { unit = "households", post = "officer", low = 1, high = 9 }
"#;

const CATALOGUE: &str = "code,zh,en,class,accept,handle,closing_zh,closing_en,evidence,public,duty_kind
lamp,路灯不亮,Street light out,facility,4 work_hours,3 个工作日,灯亮|看过,It works|It was seen,after,yes,department
";

const PLACES: &str = "code,name,level,parent,kind,aliases,households,valid_from,valid_to,synthetic
330199,小区,district,,,,,,,
330199-Z1,东片,zone,330199,,,,,,
330199001,东街道,township,330199-Z1,,东街,9,2020-01-01,,yes
330199002,西街道,township,330199,,,,,,yes
";

const BOUNDARIES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"330199"},"geometry":{"type":"Polygon","coordinates":[[[120,30],[120.2,30],[120.2,30.1],[120,30.1],[120,30]]]}},
{"type":"Feature","properties":{"code":"330199001"},"geometry":{"type":"Polygon","coordinates":[[[120.1,30],[120.2,30],[120.2,30.1],[120.1,30.1],[120.1,30]]]}},
{"type":"Feature","properties":{"code":"330199002"},"geometry":{"type":"Polygon","coordinates":[[[120,30],[120.1,30],[120.1,30.1],[120,30.1],[120,30]]]}}
]}
"#;

const BODIES: &str = "id,name,kind,parent,place,party,contact
works,照明队,department,,330199,,
party,东街道党工委,party,works,330199001,yes,
";

const DUTIES: &str = "item,place,body,part
lamp,330199,works,lead
facility,330199001,party,assist
*,330199,works,
";

const PEOPLE: &str = "id,display,name,phone
zhou,周网格员,周小明,199 0000 0001
wu,吴经办,吴小明,
";

const HOLDINGS: &str = "person,post,place,body,rank,from,to,hours,where
zhou,officer,330199001,,0,2026-01-01,2027-01-01,\"09:00-11:30,14:00-17:00\",活动室
wu,handler,,works,,,,,
";

const ACCOUNTS: &str = "account,person
sm-zhou,zhou
";

const TEXTS: &str = r#"[class]
facility = { zh = "公共设施", en = "Facilities" }
[deep.down]
word = { zh = "字", en = "word" }
"#;

const CALENDAR: &str = r#"year = 2026
source = "test"
off = ["2026-01-01"]
work = []
"#;
