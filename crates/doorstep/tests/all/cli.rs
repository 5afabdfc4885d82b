//! The program as people and programs call it: exit codes, one JSON object, the real file.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("writes");
        path
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, "")
    }

    fn run_with(&self, args: &[&str], stdin: &str) -> Output {
        let db = format!("sqlite:{}", self.path("d.db").display());
        let mut child = Command::new(env!("CARGO_BIN_EXE_doorstep"))
            .args(args)
            .args(["--json", "--db", &db])
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        // A command that reads nothing may have closed its end.
        drop(child.stdin.take().expect("stdin").write_all(stdin.as_bytes()));
        child.wait_with_output().expect("ends")
    }
}

/// The one JSON object on stdout.
fn object(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert!(value.is_object());
    value
}

fn exit(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

const HEAD: &str = "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,type,queue,department,ward,location_street_name,location_zipcode,latitude,longitude,source\n";

fn line(id: u32, status: &str, closed: &str, ward: &str, lat: &str, lon: &str) -> String {
    format!(
        "{id},2011-07-01 01:32:33,2011-07-15 01:32:32,{closed},ONTIME,{status},done,Street Light,Street Light Outages,PWDx_Lights,PWDx,{ward},Groveland St,02126,{lat},{lon},Self Service\n"
    )
}

fn good(id: u32) -> String {
    line(id, "Closed", "2011-07-01 05:06:58", "Ward 17", "42.2715", "-71.0790")
}

fn import(home: &Home, file: &Path) -> Output {
    home.run(&["import", "cases", "--district", "boston", &file.display().to_string()])
}

#[test]
fn shipped_packs_are_good_and_a_broken_one_is_told_with_file_and_line() {
    let home = Home::new();
    for pack in ["linping", "boston"] {
        let output = home.run(&["pack", "check", pack]);
        assert_eq!(
            (exit(&output), object(&output)["ok"].clone()),
            (0, Value::Bool(true)),
            "{pack}: {}",
            object(&output)
        );
    }
    let dir = home.path("broken");
    std::fs::create_dir(&dir).expect("makes");
    std::fs::write(dir.join("pack.toml"), "id = \"broken\"\nbase = \"nowhere\"\n").expect("writes");
    let output = home.run(&["pack", "check", &dir.display().to_string()]);
    let told = object(&output);
    assert_eq!((exit(&output), told["ok"].clone()), (1, Value::Bool(false)));
    let fault = &told["faults"][0];
    assert!(
        fault["file"].as_str().is_some_and(|f| f.ends_with("pack.toml"))
            && fault["line"] == 2
            && fault["code"] == "pack.base_unknown",
        "{told}"
    );
    assert_eq!(exit(&home.run(&["pack", "check", "/no/such/folder"])), 3);
}

#[test]
fn wrong_calls_end_with_2_and_missing_things_with_3() {
    let home = Home::new();
    assert_eq!(exit(&home.run(&["no-such-command"])), 2);
    assert_eq!(exit(&home.run(&["kpi", "no_such_figure", "--district", "boston"])), 2);
    assert_eq!(exit(&home.run(&["locate", "--district", "boston", "--lon", "400", "--lat", "0"])), 2);
    assert_eq!(exit(&home.run(&["locate", "--district", "atlantis", "--lon", "1", "--lat", "1"])), 2);
    assert_eq!(exit(&home.run(&["bench", "search", "--records", "10"])), 2);
    let verify = home.run(&["verify"]);
    assert_eq!((exit(&verify), object(&verify)["error"]["code"].clone()), (3, Value::from("database")));
    assert_eq!(exit(&import(&home, Path::new("/no/such/file.csv"))), 3);
    assert!(!home.path("d.db").exists(), "a question made a database");
}

#[test]
fn a_point_is_answered_from_the_pack_alone() {
    let home = Home::new();
    let output = home.run(&["locate", "--district", "boston", "--lon", "-71.0790", "--lat", "42.2715"]);
    let told = object(&output);
    assert_eq!(exit(&output), 0);
    assert_eq!(told["chain"][0]["code"], "BOS-18", "{told}");
    assert_eq!(told["chain"][1]["code"], "BOS");
    assert_eq!((told["on_duty"].clone(), told["gap"].clone()), (Value::Null, Value::Bool(false)));
    let outside = object(&home.run(&["locate", "--district", "boston", "--lon", "10", "--lat", "10"]));
    assert_eq!(outside["chain"], Value::Array(Vec::new()));
    assert!(!home.path("d.db").exists());
}

#[test]
fn an_import_keeps_the_good_rows_and_a_second_one_changes_nothing() {
    let home = Home::new();
    let swapped = line(3, "Closed", "2011-07-01 05:06:58", "Ward 17", "-71.0790", "42.2715");
    let odd = line(4, "Perhaps", "2011-07-01 05:06:58", "Ward 17", "42.2715", "-71.0790");
    let file = home.file("a.csv", [HEAD.into(), good(1), good(2), swapped, odd, good(5)].concat().as_bytes());
    let output = import(&home, &file);
    let told = object(&output);
    assert_eq!(exit(&output), 1, "refused rows are findings");
    assert_eq!(
        (told["rows"].clone(), told["accepted"].clone(), told["unchanged"].clone(), told["located"].clone()),
        (5.into(), 3.into(), 0.into(), 3.into()),
        "{told}"
    );
    let codes: Vec<(u64, &str)> = told["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|r| (r["line"].as_u64().unwrap_or(0), r["code"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(codes, [(4, "coordinates_swapped"), (5, "status")]);
    assert_eq!(told["place_agrees"]["of"], 3);
    assert_eq!(told["on_time_agrees"]["agree"], 3);
    let before = object(&home.run(&["verify"]));
    assert_eq!((before["ok"].clone(), before["sealed"].clone()), (Value::Bool(true), 0.into()));

    let again = object(&import(&home, &file));
    assert_eq!((again["accepted"].clone(), again["unchanged"].clone()), (0.into(), 3.into()));
    assert_eq!(object(&home.run(&["verify"])), before);
    let kpi = object(&home.run(&[
        "kpi",
        "on_time_rate",
        "--district",
        "boston",
        "--from",
        "2011-07-15",
        "--to",
        "2011-07-15",
    ]));
    assert_eq!((kpi["numerator"].clone(), kpi["denominator"].clone()), (3.into(), 3.into()));
    let none = object(&home.run(&[
        "kpi",
        "on_time_rate",
        "--district",
        "boston",
        "--from",
        "2011-07-16",
        "--to",
        "2011-07-31",
    ]));
    assert_eq!(none["value"], Value::Null);
}

#[test]
fn a_file_of_another_kind_is_refused_by_line_and_reason() {
    let home = Home::new();
    let output = import(&home, &home.file("x.csv", b"PK\x03\x04 no csv"));
    let told = object(&output);
    assert_eq!(
        (exit(&output), told["accepted"].clone(), told["refused"][0]["code"].clone()),
        (1, 0.into(), "file_not_csv".into()),
        "{told}"
    );
}

#[test]
fn a_checkpoint_kept_elsewhere_shows_a_history_that_was_shortened() {
    let home = Home::new();
    import(&home, &home.file("a.csv", [HEAD.into(), good(1), good(2)].concat().as_bytes()));
    let kept = home.run(&["verify"]);
    let checkpoint = home.file("kept.json", &kept.stdout);
    let path = checkpoint.display().to_string();
    let same = object(&home.run(&["verify", "--checkpoint", &path]));
    assert_eq!(
        (same["ok"].clone(), same["sealed"].clone(), same["unsealed"].clone()),
        (Value::Bool(true), same["entries"].clone(), 0.into())
    );
    let text = String::from_utf8(kept.stdout).expect("UTF-8");
    let seq = same["heads"][0]["seq"].as_i64().expect("a position");
    let later =
        home.file("later.json", text.replace(&format!("\"seq\":{seq}"), &format!("\"seq\":{}", seq + 1)).as_bytes());
    let short = home.run(&["verify", "--checkpoint", &later.display().to_string()]);
    assert_eq!((exit(&short), object(&short)["faults"][0]["kind"].clone()), (1, "checkpoint".into()));
}

#[test]
fn accounts_are_added_listed_given_tokens_and_disabled() {
    let home = Home::new();
    import(&home, &home.file("a.csv", [HEAD.into(), good(1)].concat().as_bytes()));
    let add = [
        "user",
        "add",
        "bos-officer",
        "--district",
        "boston",
        "--display",
        "Officer Lee",
        "--post",
        "grid_officer",
        "--place",
        "BOS-17",
    ];
    assert_eq!(exit(&home.run_with(&add, "short\n")), 2, "a short password");
    let added = home.run_with(&add, "correct horse battery\n");
    assert_eq!(exit(&added), 0, "{}", String::from_utf8_lossy(&added.stderr));
    assert_eq!(exit(&home.run_with(&add, "correct horse battery\n")), 2, "the name is taken");
    let listed = object(&home.run(&["user", "list", "--district", "boston"]));
    assert_eq!(
        (listed["accounts"][0]["account"].clone(), listed["accounts"][0]["display"].clone()),
        ("bos-officer".into(), "Officer Lee".into())
    );
    let token = object(&home.run(&["token", "bos-officer"]));
    assert!(token["token"].as_str().is_some_and(|t| t.len() > 40));
    assert_eq!(exit(&home.run_with(&["user", "password", "bos-officer"], "another long password\n")), 0);
    assert_eq!(exit(&home.run(&["user", "disable", "bos-officer"])), 0);
    assert_eq!(exit(&home.run(&["token", "bos-officer"])), 2, "a disabled account gets no token");
    assert_eq!(exit(&home.run(&["token", "nobody"])), 2);
    let verified = object(&home.run(&["verify"]));
    assert_eq!(verified["ok"], true);
}

#[test]
fn help_speaks_both_languages() {
    let output = Command::new(env!("CARGO_BIN_EXE_doorstep")).arg("--help").output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for words in ["启动服务。", "Serve the enabled districts", "核对", "import", "bench", "token"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// Boston's requests of July to October 2011, from the folder that `DOORSTEP_DATA` names.
#[test]
fn the_real_file_comes_in_whole_with_its_wards_and_its_on_time_flags() {
    let Some(data) = std::env::var_os("DOORSTEP_DATA") else {
        eprintln!("skipped: DOORSTEP_DATA is not set, so the real file is not read");
        return;
    };
    let home = Home::new();
    let file = PathBuf::from(data).join("boston311/requests_2011_jul_oct.csv.gz");
    let output = import(&home, &file);
    let told = object(&output);
    assert_eq!(exit(&output), 0, "{told}");
    assert_eq!(
        (told["rows"].clone(), told["accepted"].clone(), told["refused_count"].clone(), told["located"].clone()),
        (41_827.into(), 41_827.into(), 0.into(), 41_789.into())
    );
    assert_eq!(told["place_agrees"], serde_json::json!({ "of": 39_834, "agree": 38_325 }));
    assert_eq!(told["on_time_agrees"], serde_json::json!({ "of": 41_713, "agree": 41_713 }));
    let before = object(&home.run(&["verify"]));
    assert_eq!(before["ok"], true);
    let again = object(&import(&home, &file));
    assert_eq!((again["accepted"].clone(), again["unchanged"].clone()), (0.into(), 41_827.into()));
    assert_eq!(again["place_agrees"], told["place_agrees"]);
    assert_eq!(object(&home.run(&["verify"])), before);
    // Half a gzip file: what was whole is kept, and the end is told.
    let whole = std::fs::read(&file).expect("reads");
    let half = home.file("half.csv.gz", &whole[..whole.len() / 2]);
    let cut = import(&home, &half);
    let told = object(&cut);
    assert_eq!(
        (exit(&cut), told["refused"][0]["code"].clone(), told["accepted"].clone()),
        (1, "file_cut_off".into(), 0.into())
    );
    assert!(told["unchanged"].as_u64().is_some_and(|n| n > 10_000));
}
