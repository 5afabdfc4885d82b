//! Story files: found, read generously, brought into one form.

use std::path::{Path, PathBuf};

use cucumber::{
    cli,
    feature::Ext as _,
    gherkin::{Feature, GherkinEnv, Scenario, Step},
    parser::{self, Parser},
};
use futures::stream;

use crate::text::one_form;

/// Bytes that one story file may have.
const STORY_BYTES_MAX: u64 = 1024 * 1024;
/// Story files that one run may have.
const STORY_FILES_MAX: usize = 2_000;

/// What can't be run, and why.
pub struct Unread {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// Stories as they will be run, and files that can't be.
#[derive(Default)]
pub struct Gathered {
    /// Readable files with at least one scenario, in order of their paths.
    pub features: Vec<Feature>,
    /// The others.
    pub unread: Vec<Unread>,
}

impl Gathered {
    /// How many scenarios will be run.
    pub fn scenarios(&self) -> usize {
        self.features.iter().map(|f| scenarios(f).count()).sum()
    }
}

fn scenarios(feature: &Feature) -> impl Iterator<Item = &Scenario> {
    feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios))
}

/// Reads every `.feature` file named or below a folder named.
pub fn gather(paths: &[PathBuf]) -> Gathered {
    let mut out = Gathered::default();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, &mut files);
            files[before..].sort();
            if files.len() == before {
                out.unread
                    .push(Unread {
                        path: path.clone(), why: "这里没有 .feature 文件 (no story file here)".into()
                    });
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    for path in files.into_iter().take(STORY_FILES_MAX) {
        match read(&path) {
            Ok(feature) => out.features.push(feature),
            Err(why) => out.unread.push(Unread { path, why }),
        }
    }
    out
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("feature")) {
            files.push(path);
        }
    }
}

/// Reads one story file.
///
/// # Errors
/// What is wrong with it, with the line.
pub fn read(path: &Path) -> Result<Feature, String> {
    let bytes = std::fs::metadata(path).map_err(|e| format!("打不开 (cannot be opened): {e}"))?.len();
    if bytes > STORY_BYTES_MAX {
        return Err(format!("文件太大 (too large): {bytes} > {STORY_BYTES_MAX}"));
    }
    let text = std::fs::read_to_string(path).map_err(|e| format!("打不开 (cannot be opened): {e}"))?;
    let mut feature = parse(&text)?;
    feature.path = Some(path.to_owned());
    Ok(feature)
}

/// Reads a story's text.
///
/// # Errors
/// What is wrong with it, with the line.
pub fn parse(text: &str) -> Result<Feature, String> {
    let text = plain_lines(text);
    let env = GherkinEnv::new("zh-CN").map_err(|e| e.to_string())?;
    let feature = Feature::parse(&text, env).map_err(|e| format!("读不懂 (cannot be read): {e}"))?;
    let mut feature = feature.expand_examples().map_err(|e| format!("例子填不进去 (examples do not fit): {e}"))?;
    let own = |steps: &mut Vec<Step>| steps.iter_mut().for_each(|step| step.value = one_form(&step.value));
    feature.background.iter_mut().for_each(|b| own(&mut b.steps));
    feature.rules.iter_mut().for_each(|rule| rule.background.iter_mut().for_each(|b| own(&mut b.steps)));
    for scenario in feature.scenarios.iter_mut().chain(feature.rules.iter_mut().flat_map(|rule| &mut rule.scenarios)) {
        own(&mut scenario.steps);
        // A story passes or it does not; nothing is tried until it passes.
        scenario.tags.retain(|tag| !tag.starts_with("retry") && tag != "allow.skipped");
    }
    if scenarios(&feature).next().is_none() {
        return Err("没有场景 (no scenario)".into());
    }
    if let Some(empty) = scenarios(&feature).find(|s| s.steps.is_empty()) {
        return Err(format!("第 {} 行的场景没有步骤 (a scenario without a step)", empty.position.line));
    }
    Ok(feature)
}

/// Full-width colons after a keyword, other words for a keyword, a byte-order mark: made what the grammar knows.
fn plain_lines(text: &str) -> String {
    const SAME: [(&str, &str); 13] = [
        ("功能", "功能"),
        ("特性", "功能"),
        ("背景", "背景"),
        ("场景大纲", "场景大纲"),
        ("场景模板", "场景大纲"),
        ("剧本大纲", "剧本大纲"),
        ("场景", "场景"),
        ("剧本", "剧本"),
        ("例子", "例子"),
        ("示例", "例子"),
        ("举例", "例子"),
        ("规则", "Rule"),
        ("Rule", "Rule"),
    ];
    let mut quoted = false;
    let mut out = String::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("\"\"\"") || trimmed.starts_with("```") {
            quoted = !quoted;
        }
        let header = SAME.iter().filter(|_| !quoted).find_map(|(word, known)| {
            let rest = trimmed.strip_prefix(word)?.trim_start().strip_prefix(['：', ':'])?;
            Some(format!("{known}: {}", rest.trim()))
        });
        match header {
            Some(header) => {
                let indent = line.len() - line.trim_start().len();
                out.push_str(&line[..indent]);
                out.push_str(&header);
            }
            None if !quoted && trimmed.starts_with('｜') => out.push_str(&line.replace('｜', "|")),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Hands stories that were read already to the runner.
pub struct Ready;

impl Parser<Vec<Feature>> for Ready {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<Feature>>>;

    fn parse(self, input: Vec<Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(input.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_colons_other_words_and_outlines_are_read() {
        let feature = parse(
            "# language: zh-CN\n功能：灯\n  背景：\n    假如 区县 \"临平\" 已启用\n\n  规则：一\n  场景模板：亮了\n    当 过了 <几> 个工作日\n    那么 “灯” 的 “状态” 为 “<话>”。\n    示例：\n      | 几 | 话 |\n      | 1 | 已收到 |\n      | 2 | 已受理 |\n",
        )
        .expect("readable");
        let all: Vec<&Scenario> = scenarios(&feature).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].steps[1].value, "“灯” 的 “状态” 为 “已受理”");
        assert_eq!(feature.background.expect("a background").steps[0].value, "区县 “临平” 已启用");
    }

    #[test]
    fn what_cannot_be_run_is_said() {
        for text in [
            "",
            "功能: 空\n",
            "功能: 空\n  场景: 没有步骤\n",
            "随便写写\n",
            "功能: 表\n  场景: 一\n    当 “甲” 上报以下内容 记为 “乙”\n      | 地点 | 网格 |\n      | 只有一格 |\n",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_step_is_not_tried_again() {
        let feature = parse("功能: 一\n  @retry(3) @allow.skipped @重要\n  场景: 二\n    假如 区县 “临平” 已启用\n")
            .expect("readable");
        assert_eq!(feature.scenarios[0].tags, ["重要"]);
    }
}
