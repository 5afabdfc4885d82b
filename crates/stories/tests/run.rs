//! The binary as others run it: exit codes and the closing line.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A folder with one story file; removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("stories-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        std::fs::write(folder.join("one.feature"), text).expect("a file in it");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Exit code and last line.
fn run(path: &Path) -> (Option<i32>, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_stories")).arg(path).output().expect("the binary runs");
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    let last = out.lines().last().unwrap_or_default().to_owned();
    (done.status.code(), last, out)
}

const HEAD: &str = "# language: zh-CN\n功能: 一\n  场景: 甲\n    假如 区县 “临平” 已启用\n";

#[test]
fn a_story_that_holds_passes_and_says_how_many() {
    let folder = Folder::with(
        "holds",
        &format!(
            "{HEAD}    并且 现在是 “2026-03-02 09:00”\n    并且 “龙腾社区” 下有网格 “东网格”\n    那么 “东网格” 的队伍 缺 “网格长”\n"
        ),
    );
    let (code, last, _) = run(&folder.0);
    assert_eq!((code, last.as_str()), (Some(0), "1 passed, 0 failed"));
}

#[test]
fn a_false_statement_fails_and_says_what_is_so() {
    let folder = Folder::with(
        "false",
        &format!("{HEAD}    并且 “龙腾社区” 下有网格 “东网格”\n    那么 “东网格” 的队伍 不缺 “网格长”\n"),
    );
    let (code, last, out) = run(&folder.0);
    assert_eq!((code, last.as_str()), (Some(1), "0 passed, 1 failed"));
    assert!(out.contains("缺“网格长”"), "{out}");
}

#[test]
fn an_undefined_step_fails_even_under_a_tag_that_would_allow_it() {
    let text = HEAD.replace("  场景:", "  @allow.skipped\n  场景:");
    let folder = Folder::with("undefined", &format!("{text}    当 天上下雨\n"));
    let (code, last, _) = run(&folder.0);
    assert_eq!((code, last.as_str()), (Some(1), "0 passed, 1 failed"));
}

#[test]
fn what_cannot_be_read_what_is_empty_and_what_is_not_there_fail() {
    let unreadable = Folder::with("unreadable", "随便写写\n");
    let without = Folder::with("without", "# language: zh-CN\n功能: 没有场景\n");
    let nothing = std::env::temp_dir().join(format!("stories-{}-nothing", std::process::id()));
    std::fs::create_dir_all(&nothing).expect("a temporary folder");
    for path in [&unreadable.0, &without.0, &nothing, &nothing.join("missing.feature")] {
        let (code, last, _) = run(path);
        assert_eq!((code, last.as_str()), (Some(1), "0 passed, 1 failed"), "{}", path.display());
    }
    std::fs::remove_dir_all(&nothing).ok();
}

#[test]
fn a_refusal_that_no_step_expects_fails_in_the_house_s_own_words() {
    let body = "    并且 现在是 “2026-03-02 09:00”\n    并且 “龙腾社区” 下有网格 “东网格”\n    并且 “周网格员” 在 “东网格” 任 “专职网格员”\n    当 “李女士” 在 “东网格” 上报 “灯不亮” 记为 “灯”\n    并且 “周网格员” 对 “灯” 执行 “交办”\n";
    let unexpected = Folder::with("unexpected", &format!("{HEAD}{body}    并且 过了 1 天\n"));
    let (code, last, out) = run(&unexpected.0);
    assert_eq!((code, last.as_str()), (Some(1), "0 passed, 1 failed"));
    assert!(out.contains("422.1") && out.contains("不能“交办”"), "{out}");
    let expected = Folder::with("expected", &format!("{HEAD}{body}    那么 操作被拒绝 编号 “422.1”\n"));
    assert_eq!(run(&expected.0).0, Some(0));
    let done = Folder::with("done", &format!("{HEAD}{}    那么 操作被拒绝\n", body.replace("交办", "受理")));
    assert_eq!(run(&done.0).0, Some(1), "what was done was not refused");
}
