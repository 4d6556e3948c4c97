//! A file of deliberations before the real binary, with no profile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::process::Command;

use serde_json::Value;

#[test]
fn a_file_is_checked_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let text = "DELIB_ID;DELIB_DATE;DELIB_OBJET;VOTE_POUR\r\n1;28/09/2026;Tarifs;vingt\r\n2;2026-09-28\r\n";
    std::fs::write(folder.path().join("delib.csv"), text).unwrap();
    let run = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_pupitre-cli"))
            .args(words)
            .env("LANG", "en")
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let output = run(&["deliberations", "check", "delib.csv", "--json"]);
    assert!(output.status.success(), "{output:?}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["valid"], &said["delimiter"]), (&Value::Bool(false), &";".into()));
    assert_eq!(said["deliberations"][0]["object"], "Tarifs");
    let problems: Vec<&str> =
        said["problems"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(problems[0].starts_with("delib.csv, line 1: "), "{problems:?}");
    assert!(problems.iter().any(|line| line.starts_with("delib.csv, line 2: ")), "{problems:?}");
    assert!(problems.contains(&"delib.csv, line 3: 2 columns instead of 4"), "{problems:?}");
    let people = String::from_utf8(run(&["deliberations", "check", "delib.csv"]).stdout).unwrap();
    assert!(people.contains("1 deliberations read, 1 rows that cannot be read"), "{people}");
    let absent = run(&["deliberations", "check", "absent.csv"]);
    assert_eq!(absent.status.code(), Some(1));
}
