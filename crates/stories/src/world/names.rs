//! From the story's words to places, bodies, posts and items of the district.

use commons::{pack::Post, people::BodyId, place::PlaceId};

use super::{Story, Told};

/// Other words for a post than its pack's.
const POST_ALSO: [(&str, &str); 14] = [
    ("网格员", "专职网格员"),
    ("专职", "专职网格员"),
    ("兼职", "兼职网格员"),
    ("指导员", "网格指导员"),
    ("社区党委书记", "社区书记"),
    ("社区党支部书记", "社区书记"),
    ("村书记", "社区书记"),
    ("村党支部书记", "社区书记"),
    ("书记", "社区书记"),
    ("街道调度", "街道调度员"),
    ("镇街调度员", "街道调度员"),
    ("乡镇调度员", "街道调度员"),
    ("经办人", "单位经办人"),
    ("楼长", "楼道长"),
];

impl Story {
    /// A place: one that the story made, else one of the pack by code, name or other name.
    pub fn place(&mut self, name: &str) -> Told<PlaceId> {
        let id = self.place_of(name)?;
        self.town_mut()?.spoken.push(id);
        Ok(id)
    }

    /// [`Story::place`] without noting that it was spoken of.
    pub fn place_of(&self, name: &str) -> Told<PlaceId> {
        let town = self.town()?;
        let own = town.places.get(name.trim()).copied();
        if let Some(id) = own {
            return Ok(id);
        }
        let rules = self.rules()?;
        let directory = &rules.directory;
        let meta = &directory.pack.meta;
        if [meta.id.as_str(), &meta.name_zh, "本区", "全区", "全县", "本县"].contains(&name.trim())
            || meta.name_zh.strip_suffix(['区', '县', '市']) == Some(name.trim())
        {
            return Ok(*directory.root());
        }
        let last = name.rsplit([' ', '·', '/']).next().unwrap_or(name);
        // 常绿 is said for 常绿镇 where nothing else is called so.
        let longer = || {
            ["街道", "镇", "乡", "社区", "村"]
                .iter()
                .find_map(|end| directory.place_named(&format!("{last}{end}")).ok())
        };
        directory
            .place_named(name)
            .or_else(|first| directory.place_named(last).ok().or_else(longer).ok_or(first))
            .map(|place| place.id)
            .map_err(|problem| {
                format!(
                    "{}没有“{name}”这个地点（{}）。故事自己要用的网格，先写 假如 “社区” 下有网格 “{name}”",
                    meta.name_zh,
                    problem.detail(kernel::Lang::Zh)
                )
            })
    }

    /// The place that the story made whose name stands in an address; the longest such name.
    pub fn place_within(&self, address: &str) -> Option<PlaceId> {
        let places = &self.town().ok()?.places;
        let within = places.iter().filter(|(name, _)| address.contains(name.as_str()));
        within.max_by_key(|(name, _)| name.chars().count()).map(|(_, id)| *id)
    }

    /// A place by name, if there is one.
    pub fn place_known(&self, name: &str) -> Option<PlaceId> {
        self.place_of(name).ok()
    }

    /// A post by its Chinese name or id.
    pub fn post(&self, name: &str) -> Told<Post> {
        let rules = self.rules()?;
        let wanted = name.trim();
        let also = POST_ALSO.iter().find(|(word, _)| *word == wanted).map_or(wanted, |(_, post)| post);
        let found = rules.directory.posts.values().find(|p| p.zh == wanted || p.zh == also || p.id == wanted);
        found.cloned().ok_or_else(|| {
            let all: Vec<&str> = rules.directory.posts.values().map(|p| p.zh.as_str()).collect();
            format!("没有“{wanted}”这个岗位；有：{}、居民", all.join("、"))
        })
    }

    /// A body by its name, the one nearest to a place.
    pub fn body_known(&self, name: &str, near: Option<&PlaceId>) -> Told<Option<BodyId>> {
        Ok(self.rules()?.directory.body_named(name.trim(), near).map(|body| body.id))
    }

    /// Which item a report is about that names none: one whose name stands in its words (the longest),
    /// else the only one that the story set limits for, else none.
    pub fn item_of(&self, text: &str) -> Told<Option<String>> {
        let town = self.town()?;
        let named =
            town.items.iter().filter(|item| text.contains(item.as_str())).max_by_key(|item| item.chars().count());
        Ok(match (named, town.items.as_slice()) {
            (Some(item), _) | (None, [item]) => Some(item.clone()),
            _ => None,
        })
    }
}
