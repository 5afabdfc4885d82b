//! Every fault, planted into the good flow: found by its code, at its line.

use super::*;

/// Code, where, what is replaced by what, and the state or move at whose line the fault stands.
type Plant = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PLANTED: &[Plant] = &[
    ("asker_unheard", "solved", r#""asker", "#, "", "asking"),
    ("asker_unheard", "not_solved", r#""asker", "#, "", "asking"),
    ("asker_unheard", "reopen", r#""asker", "#, "", "closed"),
    (
        "clock_idle",
        "resume",
        "clocks = { run = [\"handle\"] }",
        "clocks = { run = [\"handle\"], stop = [\"ask\"] }",
        "resume",
    ),
    ("clock_idle", "appeal", "{ start", "{ pause = [\"verify\"], start", "appeal"),
    ("clock_left_running", "finish", "stop = [\"handle\"], ", "", "finish"),
    ("clock_left_running", "retract", "{ stop = [\"accept\", \"check\"] }", "{ stop = [\"check\"] }", "retract"),
    ("clock_left_running", "held", "open = true", "open = false", "hold"),
    ("clock_not_running", "pass", ", start = [\"ask\"]", "", "pass"),
    ("clock_not_running", "resume", "{ run = [\"handle\"] }", "{ resume = [\"handle\"] }", "resume"),
    ("clock_not_running", "filed", "clocks = []", "clocks = [\"handle\"]", "file"),
    ("clock_started_twice", "dispatch", "run = ", "start = ", "dispatch"),
    ("clock_started_twice", "assist", "clocks = {}", "clocks = { start = [\"handle\"] }", "assist"),
    ("closes_by_itself", "decline", "who = [\"any\"]", "who = [\"any\", \"system\"]", "decline"),
    ("closes_by_itself", "close", "\"unrated\"", "\"none\"", "close"),
    ("closes_without_word", "not_found", "requires = [\"reason\"]", "requires = []", "not_found"),
    ("closes_without_word", "solved", ", \"satisfied\"", "", "solved"),
    ("duplicate", "deliberate", "zh = \"上会\"", "zh = \"提级\"", "escalate"),
    ("duplicate", "deliberate", "id = \"deliberate\"", "id = \"retract\"", "retract"),
    ("duplicate", "merged", "zh = \"已合并办理\"", "zh = \"已受理\"", "merged"),
    ("duplicate", "assist", "from = [\"handling\"]", "from = [\"handling\", \"handling\"]", "assist"),
    ("duplicate", "check", "start = [\"check\"]", "start = [\"check\", \"accept\"]", "check"),
    ("effect_missing", "not_solved", ", \"other_checker\"", "", "not_solved"),
    ("effect_missing", "appeal", "\"other_body\"", "\"none\"", "appeal"),
    ("effect_missing", "fail", "\"reopen_task\"", "\"none\"", "fail"),
    ("effect_missing", "resume", "\"reopen_task\"", "\"none\"", "resume"),
    ("effect_missing", "finish", "\"finish\"]", "\"none\"]", "finish"),
    ("effect_missing", "merge", ", \"withdraw_tasks\"", "", "merge"),
    ("effect_missing", "merge", "\"follow_asker\", ", "", "merge"),
    ("effect_missing", "adjudicate", ", \"final\"", "", "adjudicate"),
    ("effect_missing", "adjudicate", "\"lead_task\", ", "", "adjudicate"),
    ("effect_unclear", "assist", "requires = [\"body\"]", "requires = []", "assist"),
    ("effect_unclear", "escalate", "requires = [\"reason\"]", "requires = []", "escalate"),
    ("effect_unclear", "dispatch", "[\"lead_task\"]", "[\"lead_task\", \"none\"]", "dispatch"),
    ("effect_unclear", "dispatch", "[\"lead_task\"]", "[]", "dispatch"),
    ("final_left", "closed", "open = false", "open = false\nfinal = true", "closed"),
    ("final_left", "held", "open = true", "open = true\nfinal = true", "held"),
    ("handler_judges", "pass", "\"not_handler\"", "\"any\"", "pass"),
    ("handler_judges", "solved", ", \"not_handler\"", ", \"owner\"", "solved"),
    ("handler_judges", "look_back", "\"not_handler\"", "\"any\"", "look_back"),
    ("permission_unknown", "file", "case.file", "case.flie", "file"),
    ("placeholder_unfilled", "decline", "[\"reason\", \"answer\"]", "[\"reason\"]", "decline"),
    ("placeholder_unfilled", "dispatch", "[，答应{until}前办好]", "，答应{until}前办好", "dispatch"),
    ("placeholder_unfilled", "handling", "[{body}]在办", "{body}在办", "handling"),
    ("placeholder_unknown", "dispatch", "交给{body}", "交给{bodies}", "dispatch"),
    ("placeholder_unknown", "held", "[{until}]接着", "[{when}]接着", "held"),
    ("round_wrong", "reopen", "round = true\n", "", "reopen"),
    ("round_wrong", "resume", "requires = []", "requires = []\nround = true", "resume"),
    ("system_word", "dispatch", "交给{body}办理", "工单派给{body}", "dispatch"),
    ("system_word", "file", "and we have taken it on", "and your Ticket is open", "file"),
    ("system_word", "retract", "不用办了", "不用办了！", "retract"),
    ("template_broken", "dispatch", "前办好]", "前办好", "dispatch"),
    ("template_broken", "dispatch", "交给{body}", "交给{body", "dispatch"),
    ("template_broken", "file", "这件事归", "[这件]事归", "file"),
    ("to_unknown", "pass", "to = \"asking\"", "to = \"askign\"", "pass"),
    (
        "too_long",
        "file",
        "已经接下来了。",
        "已经接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了，接下来了。",
        "file",
    ),
    ("unguarded", "file", "permission = \"case.file\"\n", "", "file"),
    ("unguarded", "file", "who = [\"any\"]\n", "", "file"),
    ("unguarded", "reopen", "permission = \"case.reopen\"\n", "", "reopen"),
    ("unguarded", "pass", "[\"not_handler\"]", "[\"not_handler\", \"any\"]", "pass"),
    ("unguarded", "finish", "permission = \"task.done\"\n", "", "finish"),
    ("unguarded", "file", "[\"any\"]", "[\"asker\"]", "file"),
    ("unknown_name", "file", "from = [\"reported\", ", "from = [\"repotred\", ", "file"),
    ("unknown_name", "file", "from = [\"reported\", \"checking\"]", "from = []", "file"),
    ("unknown_name", "solved", "unsolved = \"not_solved\"", "unsolved = \"reopen\"", "solved"),
    ("unknown_name", "look_back", "unsolved = \"reopen\"", "unsolved = \"look_back\"", "look_back"),
    ("unsaid", "dispatch", ", en = \"Given to {body}[: {reason}][, promised by {until}].\"", "", "dispatch"),
    ("unsaid", "file", "zh = \"这件事归我们管，已经接下来了。\"", "zh = \" \"", "file"),
    ("unsolved_nowhere", "solved", "unsolved = \"not_solved\"\n", "", "solved"),
    ("unsolved_nowhere", "file", "requires = []", "requires = []\nunsolved = \"decline\"", "file"),
    ("unworded", "held", "en = \"put off\"\n", "", "held"),
    ("unworded", "file", "zh = \"接下来\", ", "", "file"),
    ("without_limit", "hold", "longest_days = 365\n", "", "hold"),
    ("without_limit", "hold", "times = 1", "times = 0", "hold"),
];

/// Faults that come from a whole entry missing: code, what goes, at whose line.
const REMOVED: &[(&str, &str, &str)] = &[
    ("dead_end", "resume", "held"),
    ("never_asked", "finish", "handling"),
    ("no_way_back", "appeal", "declined"),
    ("no_way_back", "unmerge", "merged"),
    ("asker_unheard", "solved", "asking"),
    ("unreachable", "hold", "held"),
    ("unreachable", "check", "checking"),
    ("waits_forever", "close", "asking"),
    ("waits_forever", "resume", "held"),
    ("to_unknown", "merged", "merge"),
    ("unknown_name", "not_solved", "solved"),
];

#[test]
fn a_planted_fault_is_found_by_its_code_at_its_line() {
    for plant in PLANTED {
        let text = within(CASE_TOML, plant.1, plant.2, plant.3);
        let found = faults(&text);
        let wanted = (plant.0, line_of(&text, plant.4));
        assert!(found.contains(&wanted), "{plant:?} wants {wanted:?}, found {found:?}");
    }
    for (code, gone, at) in REMOVED {
        let text = without(CASE_TOML, gone);
        let found = faults(&text);
        let wanted = (*code, line_of(&text, at));
        assert!(found.contains(&wanted), "without {gone}: wants {wanted:?}, found {found:?}");
    }
}

/// Faults of reading: what is replaced by what in the whole table, and the line of the new text.
const UNREADABLE: &[(&str, &str, &str)] = &[
    ("syntax", "subject = \"case\"", "subject = case"),
    ("syntax", "tone = \"act\"", "colour = \"act\""),
    ("syntax", "times = 1", "times = -1"),
    ("unknown_name", "subject = \"case\"", "subject = \"letter\""),
    ("unknown_name", "starts = [\"accept\"]", "starts = [\"accpet\"]"),
    ("unknown_name", "who = [\"task_body\", \"owner\"]", "who = [\"task_body\", \"boss\"]"),
    ("unknown_name", "requires = [\"into\"]", "requires = [\"in to\"]"),
    ("unknown_name", "clocks = { pause = [\"handle\"] }", "clocks = { pause = [\"Handle\"] }"),
    ("unknown_name", "effects = [\"climb\"]", "effects = [\"fly\"]"),
    ("unknown_name", "tone = \"warn\"", "tone = \"red\""),
    ("missing", "open = true", "# open"),
    ("missing", "requires = [\"solved\"]", "# requires"),
    ("missing", "effects = [\"climb\"]", "# effects"),
];

#[test]
fn what_cannot_be_read_is_refused_at_its_line() {
    for (code, old, new) in UNREADABLE {
        assert!(CASE_TOML.contains(old), "{old}");
        let text = CASE_TOML.replacen(old, new, 1);
        let at = text[..text.find(new).expect("just put there")].lines().count() as u32;
        let found = Flow::parse(&text, "flows/case.toml").expect_err(new);
        assert_eq!(found.len(), 1, "{new}: {found:?}");
        assert_eq!((found[0].code, found[0].file.as_str()), (*code, "flows/case.toml"), "{new}");
        // A missing key is reported at the id of its entry, above; everything else where it stands.
        let near = if *code == "missing" { found[0].line.abs_diff(at) <= 9 } else { found[0].line.abs_diff(at) <= 1 };
        assert!(near, "{new}: line {} for {at}", found[0].line);
    }
}

#[test]
fn several_faults_of_reading_are_told_at_once() {
    let text = CASE_TOML
        .replace("effects = [\"climb\"]", "effects = [\"fly\"]")
        .replace("requires = [\"into\"]", "requires = [\"onto\"]");
    let found = Flow::parse(&text, "f").expect_err("two words are unknown");
    assert_eq!(found.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["unknown_name"; 2]);
    assert!(found[0].line < found[1].line && found[0].message.contains("onto"), "{found:?}");
}

#[test]
fn a_table_has_a_limit() {
    let long = format!("{CASE_TOML}\n# {}", "x".repeat(FLOW_BYTES_MAX));
    assert_eq!(Flow::parse(&long, "f").expect_err("too long")[0].code, "too_large");
    let state = "[[states]]\nid = \"s\"\nopen = true\nclocks = []\n";
    let many = format!("id = \"f\"\nsubject = \"case\"\nstart = \"s\"\n{}", state.repeat(STATES_MAX + 1));
    assert_eq!(Flow::parse(&many, "f").expect_err("too many")[0].code, "too_many");
}

#[test]
fn windows_line_ends_do_not_move_the_lines() {
    let (unix, windows) = (within(CASE_TOML, "pass", "\"not_handler\"", "\"any\""), "\r\n");
    assert_eq!(faults(&unix), faults(&unix.replace('\n', windows)));
}

#[test]
fn every_fault_code_is_planted_and_nothing_else_is() {
    let limits = ["too_large", "too_many"];
    let planted = PLANTED.iter().map(|plant| plant.0).chain(REMOVED.iter().map(|gone| gone.0));
    let planted: BTreeSet<&str> = planted.chain(UNREADABLE.iter().map(|one| one.0)).chain(limits).collect();
    let listed: BTreeSet<&str> = FAULT_CODES.iter().map(|(code, _)| *code).collect();
    assert_eq!(planted, listed);
}

#[test]
fn a_fault_says_what_is_wrong_in_both_languages() {
    let flow = Flow::parse(&within(CASE_TOML, "pass", "\"not_handler\"", "\"any\""), "flows/case.toml").expect("reads");
    let found = check(&flow, PERMISSIONS);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "“pass”要写 not_handler：谁办的谁不能自己判。 “pass” needs not_handler: nobody judges their own work."
    );
}

#[test]
fn a_permission_is_known_only_if_the_district_knows_it() {
    let fewer: Vec<&str> = PERMISSIONS.iter().copied().filter(|word| *word != "case.hold").collect();
    let found = check(standard_case(), &fewer);
    assert_eq!(found.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["permission_unknown"]);
}
