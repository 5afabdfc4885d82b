//! Numbered problems: what is wrong and what to do, in both languages (RFC 9457 on the wire).
//!
//! A number is `HTTP status . serial` and never changes its meaning; a retired number stays
//! listed. Each floor declares its own with [`problems!`]; `server` lists them all.

use crate::{lang::Lang, store::StoreError};

/// One kind of problem: stable number and texts. `{name}` in a text is filled from the problem's arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemKind {
    /// Stable number such as `409.1`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Short title, Chinese and English.
    pub title: (&'static str, &'static str),
    /// What is wrong in this case, Chinese and English.
    pub detail: (&'static str, &'static str),
    /// What to do next, Chinese and English.
    pub action: (&'static str, &'static str),
}

/// A refusal or failure that is answered to a caller.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Which kind.
    pub kind: &'static ProblemKind,
    /// Values for the placeholders of its texts.
    pub args: Vec<(&'static str, String)>,
    /// English for values that are words; the others read the same in both languages.
    pub english: Vec<(&'static str, String)>,
    /// For operators only: never shown to callers.
    pub cause: Option<String>,
    /// The engine may run the command again: serialization failure, deadlock, fail-over.
    pub retry: bool,
}

impl Problem {
    /// A problem without arguments.
    pub fn new(kind: &'static ProblemKind) -> Self {
        Self { kind, args: Vec::new(), english: Vec::new(), cause: None, retry: false }
    }

    /// Fills a placeholder.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Fills a placeholder with words, Chinese and English.
    #[must_use]
    pub fn saying(mut self, name: &'static str, zh: &str, en: &str) -> Self {
        self.english.push((name, en.to_owned()));
        self.with(name, zh)
    }

    /// Adds what an operator needs to know.
    #[must_use]
    pub fn caused_by(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    fn fill(&self, text: &str, lang: Lang) -> String {
        let own = if lang == Lang::En { self.english.as_slice() } else { &[] };
        let put = |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{name}}}"), value);
        own.iter().chain(&self.args).fold(text.to_owned(), put)
    }

    /// The title in a language.
    pub fn title(&self, lang: Lang) -> String {
        self.fill(lang.pick(self.kind.title.0, self.kind.title.1), lang)
    }
    /// What is wrong, in a language.
    pub fn detail(&self, lang: Lang) -> String {
        self.fill(lang.pick(self.kind.detail.0, self.kind.detail.1), lang)
    }
    /// What to do, in a language.
    pub fn action(&self, lang: Lang) -> String {
        self.fill(lang.pick(self.kind.action.0, self.kind.action.1), lang)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {} {}", self.kind.code, self.title(Lang::En), self.detail(Lang::En), self.action(Lang::En))?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " [{cause}]"))
    }
}
impl std::error::Error for Problem {}

impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.args == other.args
    }
}

/// Declares numbered problems and a list `PROBLEMS` of them.
#[macro_export]
macro_rules! problems {
    ($( $(#[$doc:meta])* $name:ident = $code:literal $status:literal
        zh $tz:literal, $dz:literal, $az:literal
        en $te:literal, $de:literal, $ae:literal; )*) => {
        $( $(#[$doc])* pub static $name: $crate::problem::ProblemKind = $crate::problem::ProblemKind {
            code: $code, status: $status, title: ($tz, $te), detail: ($dz, $de), action: ($az, $ae),
        }; )*
        /// Every problem declared here, for the published list.
        pub static PROBLEMS: &[&$crate::problem::ProblemKind] = &[$(&$name),*];
    };
}

problems! {
    /// The request can't be read.
    MALFORMED = "400.1" 400
        zh "看不懂这个请求", "{what}", "请改好后再发一次。"
        en "The request cannot be read", "{what}", "Correct it and send it again.";
    /// A field's value is not acceptable.
    BAD_FIELD = "400.2" 400
        zh "有一项填得不对", "“{field}”：{what}", "请改好这一项再提交。"
        en "A field is not right", "“{field}”: {what}", "Correct this field and send again.";
    /// No valid credentials.
    SIGN_IN = "401.1" 401
        zh "请先登录", "这一页只给有账号的工作人员看。", "请登录后再试。"
        en "Please sign in", "This needs an account of the staff.", "Sign in and try again.";
    /// Wrong account or password, one answer for both.
    BAD_PASSWORD = "401.2" 401
        zh "账号或密码不对", "账号或密码不对。", "请核对后再试；忘了密码请找管理员。"
        en "Account or password is wrong", "Account or password is wrong.", "Check both and try again, or ask your administrator.";
    /// The actor lacks the permission here.
    NOT_YOURS = "403.1" 403
        zh "这件事不在您的权限里", "需要“{permission}”的权限，并且管到这个地方。", "请交给有这个权限的人办。"
        en "This is not yours to do", "It needs the permission “{permission}” for this place.", "Ask somebody who has it.";
    /// A form sent from another site.
    FOREIGN_FORM = "403.2" 403
        zh "来源不对", "这个请求不是从本站页面发出的。", "请在本站页面上重新操作。"
        en "Wrong origin", "This request did not come from a page of this site.", "Do it again from the page itself.";
    /// The thing does not exist, or the actor may not know that it does.
    NOT_FOUND = "404.1" 404
        zh "没有找到", "没有找到：{what}。", "请核对后再试。"
        en "Not found", "Not found: {what}.", "Check it and try again.";
    /// The key was used for another request.
    KEY_REUSED = "409.2" 409
        zh "这个提交号已经用过", "同一个提交号（{key}）之前交的是另一份内容。", "请换一个新的提交号。"
        en "This key was used before", "The same key ({key}) came earlier with other content.", "Use a new key.";
    /// Another change came first.
    CONFLICT = "409.3" 409
        zh "刚刚有人先改了", "{what}", "请看一下最新情况再操作。"
        en "Somebody was first", "{what}", "Look at the latest state and do it again.";
    /// A body or file over its limit.
    TOO_LARGE = "413.1" 413
        zh "内容太大", "{what}最多 {limit}。", "请缩小后再发。"
        en "Too large", "{what} may be at most {limit}.", "Make it smaller and send again.";
    /// Too many requests.
    TOO_MANY = "429.1" 429
        zh "太快了", "短时间里请求太多。", "请过 {seconds} 秒再试。"
        en "Too many requests", "Too many requests in a short time.", "Try again in {seconds} seconds.";
    /// A fault of ours.
    INTERNAL = "500.1" 500
        zh "我们这边出错了", "没有办成，也没有改动任何内容。", "请稍后再试；一直不行请打电话告诉我们。"
        en "Something went wrong here", "Nothing was changed.", "Try again later, or call us.";
    /// The queue is full or the database does not answer.
    BUSY = "503.1" 503
        zh "现在有点忙", "人多，暂时排不上；没有改动任何内容。", "请过几秒再试。"
        en "Busy just now", "The queue is full; nothing was changed.", "Try again in a few seconds.";
    /// The database went away while it committed.
    UNSURE = "503.2" 503
        zh "不知道办成没有", "提交的时候和数据库断了联系，可能已经办成，也可能没有。", "请先看一看有没有，没有再交一次。"
        en "It may or may not be done", "The database went away during the commit.", "Look whether it is there; send it again if it is not.";
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Unique(_) => &CONFLICT,
            StoreError::Busy | StoreError::Retry(_) | StoreError::Lost(_) => &BUSY,
            _ => &INTERNAL,
        };
        let mut problem = Problem::new(kind).caused_by(&error);
        problem.retry = matches!(error, StoreError::Retry(_) | StoreError::Lost(_));
        if matches!(error, StoreError::Unique(_)) { problem.with("what", "—") } else { problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    problems! {
        /// A number that is taken by another meaning.
        TWICE = "404.1" 404 zh "一", "二{a}", "三" en "One", "{b}", "Three";
        /// A number of another status.
        ASTRAY = "404.9" 400 zh "一", "二", "" en "One", "Two", "Three";
    }

    #[test]
    fn every_problem_is_told_in_both_languages() {
        assert_eq!(crate::testing::problem_faults(super::PROBLEMS), Vec::<String>::new());
        let faulty = [super::PROBLEMS, PROBLEMS].concat();
        let want = [
            "404.1: the number is used twice",
            "404.1: the two languages have different placeholders",
            "404.9: a number is the status, a point and a serial",
            "404.9: a text is missing",
        ];
        assert_eq!(crate::testing::problem_faults(&faulty), want);
    }

    #[test]
    fn a_problem_fills_its_texts_and_hides_its_cause() {
        let problem = Problem::new(&BAD_FIELD).with("field", "电话").with("what", "要 11 位").caused_by("secret");
        assert_eq!(problem.detail(Lang::Zh), "“电话”：要 11 位");
        assert_eq!(problem.detail(Lang::En), "“电话”: 要 11 位");
        for text in [problem.title(Lang::Zh), problem.detail(Lang::Zh), problem.action(Lang::Zh)] {
            assert!(!text.contains("secret") && !text.contains('{'), "{text}");
        }
    }

    #[test]
    fn a_value_that_is_words_is_said_in_the_reader_s_language() {
        let problem = Problem::new(&TOO_LARGE).saying("what", "照片", "Photos").with("limit", 9);
        assert_eq!(problem.detail(Lang::Zh), "照片最多 9。");
        assert_eq!(problem.detail(Lang::En), "Photos may be at most 9.");
    }

    #[test]
    fn only_what_the_engine_may_run_again_says_so() {
        for (error, code, retry) in [
            (StoreError::Unique("a".into()), "409.3", false),
            (StoreError::Busy, "503.1", false),
            (StoreError::Retry("40001".into()), "503.1", true),
            (StoreError::Lost("eof".into()), "503.1", true),
            (StoreError::Mismatch("x".into()), "500.1", false),
            (StoreError::Other("x".into()), "500.1", false),
        ] {
            let problem = Problem::from(error);
            assert_eq!((problem.kind.code, problem.retry), (code, retry));
        }
    }
}
