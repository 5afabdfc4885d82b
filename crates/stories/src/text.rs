//! Words of a story file: quotes, numbers, limits, days and tables, read generously. Pure.
//!
//! Stories are written by many hands and keyboards: four kinds of quotes, full-width digits,
//! Chinese numerals, spaces or none. All of that is made one here, so that a step has one form.

use std::collections::BTreeMap;

/// Pairs of quotes that enclose a value; a straight quote closes itself.
const QUOTES: [(char, &[char]); 6] =
    [('“', &['”', '"']), ('"', &['"', '”']), ('‘', &['’']), ('「', &['」']), ('『', &['』']), ('〝', &['〞'])];

/// A step's text in its one form: values in “…”, half-width digits and single spaces outside them.
///
/// Inside a value, quotes become ‘…’, so that the value ends where its writer meant it to end.
pub fn one_form(text: &str) -> String {
    let chars: Vec<char> = text.trim().chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let open = QUOTES.iter().find(|(open, _)| *open == chars[at]);
        let close = open.and_then(|(open, close)| closing(&chars, at, *open, close));
        if let Some(end) = close {
            out.push('“');
            out.extend(chars[at + 1..end].iter().map(|c| inner(*c)));
            out.push('”');
            at = end + 1;
        } else {
            let digit = |index: usize| chars.get(index).is_some_and(|c| narrow(*c).is_ascii_digit());
            match narrow(chars[at]) {
                // Three thousand is 3,000 or 3000.
                '，' | ',' if at > 0 && digit(at - 1) && digit(at + 1) => {}
                '，' | '、' | ',' | '\t' => out.push(' '),
                other => out.push(other),
            }
            at += 1;
        }
    }
    let end = out.trim_end_matches(['。', '：', ':', '；', ';', '.', ' ']).len();
    out.truncate(end);
    let mut spaced = String::new();
    let mut inside = false;
    for c in out.chars() {
        match c {
            '“' => inside = true,
            '”' => inside = false,
            _ => {}
        }
        if inside || c != ' ' || !spaced.ends_with(' ') {
            spaced.push(c);
        }
    }
    spaced
}

/// Where the value that opens at `at` ends. A “ inside it opens a value of its own.
fn closing(chars: &[char], at: usize, open: char, close: &[char]) -> Option<usize> {
    let mut depth = 0;
    for (index, c) in chars.iter().enumerate().skip(at + 1) {
        if *c == open && open != '"' {
            depth += 1;
        } else if *c == close[0] || (depth == 0 && close.contains(c)) {
            if depth == 0 {
                return Some(index);
            }
            depth -= 1;
        }
    }
    None
}

fn inner(c: char) -> char {
    match c {
        '“' | '「' => '‘',
        '”' | '」' => '’',
        other => other,
    }
}

/// A full-width letter, digit, sign or space as its half-width twin; `／` and `．` among them.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '，' | '：' | '；' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// [`narrow`] over a whole text, with the colon of a time.
pub fn half_width(text: &str) -> String {
    text.chars().map(|c| if c == '：' { ':' } else { narrow(c) }).collect()
}

/// What is compared when a text is said to contain another: without spaces, quotes and width.
pub fn folded(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !"“”‘’「」『』\"'".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A whole number in digits or Chinese numerals: `3`, `３`, `三`, `两`, `十五`, `一百二十`, `2,795`.
pub fn number(text: &str) -> Option<u32> {
    let text: String = half_width(text).chars().filter(|c| !matches!(c, ' ' | ',' | '，')).collect();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (mut sum, mut part, mut digit) = (0u32, 0u32, None);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => 10_000,
            _ => {
                digit = Some("零一二三四五六七八九".chars().position(|d| d == c).or(match c {
                    '〇' => Some(0),
                    '两' | '俩' => Some(2),
                    _ => None,
                })? as u32);
                continue;
            }
        };
        if unit == 10_000 {
            sum = (sum + part + digit.take().unwrap_or(0)) * unit;
            part = 0;
        } else {
            part += digit.take().unwrap_or(1) * unit;
        }
    }
    Some(sum + part + digit.unwrap_or(0))
}

/// A limit as the rules read it: `三个工作日` is `3 工作日`, `2小时` is `2 紧急工作时`.
///
/// Nothing when it does not begin with a number: then it may be a day.
pub fn limit(text: &str) -> Option<String> {
    let text = half_width(text.trim());
    let split = text.find(|c: char| !(c.is_ascii_digit() || "零〇一二两俩三四五六七八九十百千".contains(c)))?;
    let (amount, unit) = text.split_at(split);
    let amount = number(amount).filter(|_| !amount.is_empty())?;
    let unit = unit.trim();
    let unit = unit.strip_prefix('个').unwrap_or(unit).trim();
    let (amount, unit) = match unit {
        "小时" | "钟头" | "紧急小时" => (amount, "紧急工作时"),
        "周" | "星期" => (amount * 7, "天"),
        "工作时" | "工作小时" | "工作日" | "天" | "日" | "自然日" | "紧急工作时" => (amount, unit),
        _ => return None,
    };
    Some(format!("{amount} {unit}"))
}

/// A day or moment as the calendar reads it: `2026年3月2日 9：00` is `2026-03-02 09:00`.
pub fn moment(text: &str) -> String {
    let text = half_width(text.trim());
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let two = |p: &str| format!("{p:0>2}");
    match parts.as_slice() {
        [y, m, d] if y.len() == 4 => format!("{y}-{}-{}", two(m), two(d)),
        [y, m, d, h, min] | [y, m, d, h, min, "00"] if y.len() == 4 && !text.contains(['Z', '+']) => {
            format!("{y}-{}-{} {}:{}", two(m), two(d), two(h), two(min))
        }
        [m, d] if text.contains('月') => format!("{}-{}", two(m), two(d)),
        [m, d, h, min] if m.len() < 3 && text.contains('月') => {
            format!("{}-{} {}:{}", two(m), two(d), two(h), two(min))
        }
        [y, m, d, h] if y.len() == 4 && text.contains(['时', '点']) => {
            format!("{y}-{}-{} {}:00", two(m), two(d), two(h))
        }
        _ => text,
    }
}

/// The forms in which what a story expects may stand in a sentence, folded: `2026-03-05` is said 3 月 5 日.
pub fn forms(wanted: &str) -> Vec<String> {
    thread_local! {
        static DAY: regex::Regex = regex::Regex::new(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]?").expect("a pattern");
    }
    let half = half_width(wanted);
    let with = |year: bool| {
        DAY.with(|day| {
            day.replace_all(&half, |found: &regex::Captures<'_>| {
                let plain = |n: usize| found[n].trim_start_matches('0').to_owned();
                let year = if year { format!("{}年", &found[1]) } else { String::new() };
                format!("{year}{}月{}日", plain(2), plain(3))
            })
            .into_owned()
        })
    };
    let mut out: Vec<String> = [wanted.to_owned(), with(false), with(true)].iter().map(|form| folded(form)).collect();
    out.dedup();
    out
}

/// The word for nothing.
pub fn nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "空" | "无" | "没有" | "-" | "—" | "——")
}

/// Yes or no.
pub fn yes(text: &str) -> Option<bool> {
    match text.trim() {
        "是" | "有" | "对" | "真" | "属实" | "逾期" | "已逾期" | "已解决" | "解决" | "解决了" | "同意" | "yes"
        | "true" | "√" => Some(true),
        "否" | "不" | "没有" | "无" | "不是" | "假" | "不属实" | "未逾期" | "没有逾期" | "没逾期" | "未解决"
        | "没解决" | "没" | "不同意" | "no" | "false" | "×" => Some(false),
        _ => None,
    }
}

/// A two-column table by field; the header `字段 | 值` may be left out, `\n` is a line break.
///
/// # Errors
/// A row that has not two cells, or a field that stands twice.
pub fn fields(rows: &[Vec<String>]) -> Result<BTreeMap<String, String>, String> {
    let mut out = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let [field, value] = row.as_slice() else {
            return Err(format!("表格每行要有两格（字段、值），这一行有 {} 格：{}", row.len(), row.join(" | ")));
        };
        let field = field.trim().trim_matches(['“', '”', '"']).to_owned();
        if index == 0
            && matches!(field.as_str(), "字段" | "项目" | "栏目" | "名称")
            && matches!(value.trim(), "值" | "内容" | "取值")
        {
            continue;
        }
        let value = value.replace("\\n", "\n").trim().to_owned();
        let value = match value.strip_prefix(['“', '"']).and_then(|v| v.strip_suffix(['”', '"'])) {
            Some(quoted) if !quoted.contains(['“', '”', '"']) => quoted.to_owned(),
            _ => value,
        };
        if out.insert(field.clone(), value).is_some() {
            return Err(format!("表格里“{field}”写了两次"));
        }
    }
    Ok(out)
}

/// Names in one value: `甲、乙` or `甲，乙` or one to a line.
pub fn names(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', ';', '；', '\n']).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_form_whatever_keyboard_wrote_it() {
        let wanted = "“周网格员” 在 “一网格” 任 “专职网格员”";
        for text in [
            "“周网格员” 在 “一网格” 任 “专职网格员”",
            "\"周网格员\" 在 \"一网格\" 任 \"专职网格员\"",
            "「周网格员」  在 ‘一网格’　任 『专职网格员』。",
            "“周网格员\" 在 \"一网格” 任 “专职网格员”：",
        ] {
            assert_eq!(one_form(text), wanted, "{text}");
        }
        assert_eq!(one_form("过了 ３ 个工作日"), "过了 3 个工作日");
        assert_eq!(one_form("“钱塘区” 共有 2,795 名 “楼道长”"), "“钱塘区” 共有 2795 名 “楼道长”");
        assert_eq!(
            one_form("事项 “灯” 受理限 4 个工作时，办理限 3 个工作日"),
            "事项 “灯” 受理限 4 个工作时 办理限 3 个工作日"
        );
    }

    #[test]
    fn quotes_inside_a_value_stay_inside_it() {
        assert_eq!(one_form("“李女士” 收到含 “点“没解决”” 的消息"), "“李女士” 收到含 “点‘没解决’” 的消息");
        assert_eq!(one_form("\"李女士\" 收到含 \"点‘没解决’\" 的消息"), "“李女士” 收到含 “点‘没解决’” 的消息");
        assert_eq!(one_form("“a” 上报 “甲，乙：丙” 记为 “b”"), "“a” 上报 “甲，乙：丙” 记为 “b”");
        assert_eq!(folded("点“没解决”，  再来"), folded("点‘没解决’，再来"));
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        let pairs = [
            ("3", 3),
            ("３", 3),
            ("两", 2),
            ("十", 10),
            ("十五", 15),
            ("二十", 20),
            ("一百二十三", 123),
            ("2,795", 2_795),
            ("三千四百四十五", 3_445),
            ("一万二千", 12_000),
        ];
        for (text, wanted) in pairs {
            assert_eq!(number(text), Some(wanted), "{text}");
        }
        assert_eq!(number("几"), None);
    }

    #[test]
    fn limits_and_days_become_what_the_rules_read() {
        let pairs =
            [("三个工作日", "3 工作日"), ("4 个工作时", "4 工作时"), ("2小时", "2 紧急工作时"), ("两周", "14 天")];
        for (text, wanted) in pairs {
            assert_eq!(limit(text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(limit("2026-03-05"), None);
        let pairs = [
            ("2026年3月2日", "2026-03-02"),
            ("2026-3-2 9：00", "2026-03-02 09:00"),
            ("2026/03/02 17:30", "2026-03-02 17:30"),
            ("2026年3月2日9时", "2026-03-02 09:00"),
        ];
        for (text, wanted) in pairs {
            assert_eq!(moment(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_day_is_found_however_a_sentence_says_it() {
        for said in ["答应 3 月 5 日 17:00前办好", "答应2026 年 3 月 5 日 17:00前办好"] {
            for wanted in ["3月5日", "2026-03-05", "2026/3/5 17:00"] {
                assert!(forms(wanted).iter().any(|form| folded(said).contains(form)), "{wanted} in {said}");
            }
        }
        assert!(!forms("2026-03-15").iter().any(|form| folded("3 月 5 日").contains(form)));
        assert_eq!((moment("3月5日"), moment("3 月 5 日 17:00")), ("03-05".into(), "03-05 17:00".into()));
    }

    #[test]
    fn a_table_may_have_its_header_or_not_and_names_each_field_once() {
        let rows = |cells: &[[&str; 2]]| {
            cells.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect::<Vec<Vec<String>>>()
        };
        let with = fields(&rows(&[["字段", "值"], ["理由", "第一行\\n第二行"]])).expect("a table");
        let without = fields(&rows(&[["理由", "“第一行\\n第二行”"]])).expect("a table");
        assert_eq!(with, without);
        assert_eq!(with["理由"], "第一行\n第二行");
        assert!(fields(&rows(&[["理由", "甲"], ["理由", "乙"]])).is_err());
        assert!(fields(&[vec!["理由".to_owned()]]).is_err());
    }
}
