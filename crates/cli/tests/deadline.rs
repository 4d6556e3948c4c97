//! `deadline`: the law from the command line, without a profile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::process::{Command, Output};

use insta::assert_json_snapshot;
use serde_json::Value;

fn run(language: &str, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pupitre-cli"));
    command.env_remove("PUPITRE_LOG").env_remove("PUPITRE_PROFILE").env("LC_ALL", language);
    command.arg("deadline").args(words.split_whitespace()).output().unwrap()
}

fn ask(words: &str) -> Value {
    let output = run("en_GB.UTF-8", &format!("{words} --json"));
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{words}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn refused(words: &str) -> (i32, String) {
    let output = run("en_GB.UTF-8", &format!("{words} --json"));
    assert!(output.stdout.is_empty(), "{words}");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn every_kind_of_body_has_its_deadline() {
    for (words, rule, days, latest) in [
        ("--kind commune --population 900 --sitting 2026-09-28", "R2", 3, "2026-09-24"),
        ("--kind commune --population 3499 --sitting 2026-09-28", "R2", 3, "2026-09-24"),
        ("--kind commune --population 3500 --sitting 2026-09-28", "R3", 5, "2026-09-22"),
        ("--kind epci --population 900 --sitting 2026-09-28", "R5", 5, "2026-09-22"),
        ("--kind departement --population 0 --sitting 2026-06-22", "R6", 12, "2026-06-10"),
        ("--kind region --population 0 --sitting 2026-06-22", "R7", 12, "2026-06-10"),
        (
            "--kind commune --population 900 --sitting 2026-09-28 --type urgent",
            "R4",
            1,
            "2026-09-26",
        ),
        (
            "--kind commune --population 900 --sitting 2026-04-09 --type budget",
            "R8",
            12,
            "2026-03-28",
        ),
        (
            "--kind commune --population 90000 --sitting 2026-03-20 --type installation",
            "R9",
            3,
            "2026-03-16",
        ),
        (
            "--kind commune --population 900 --sitting 2026-06-16 --type second-call",
            "R11",
            3,
            "2026-06-12",
        ),
        (
            "--kind commune --population 900 --sitting 2026-09-28 --local-law alsace-moselle",
            "R10",
            3,
            "2026-09-24",
        ),
    ] {
        let found = ask(words);
        assert_eq!(
            (&found["rule"], &found["days"], &found["latest_dispatch"]),
            (&rule.into(), &days.into(), &latest.into()),
            "{words}"
        );
        assert_eq!(found["verdict"], Value::Null);
        assert!(found["article"].as_str().unwrap().starts_with("CGCT"), "{words}");
    }
}

#[test]
fn a_dispatch_is_judged_in_the_bodys_zone_however_it_is_written() {
    let base = "--kind commune --population 5000 --sitting";
    for (sitting, dispatch, verdict) in [
        ("2026-09-28", "2026-09-22", "regular"),
        ("2026-09-28T18:30", "2026-09-23", "late"),
        ("2026-09-28T18:30:00+02:00", "2026-09-22T23:59:59+02:00", "regular"),
        ("2026-09-28T18:30:00+02:00", "2026-09-22T22:00:00Z", "late"),
        ("2026-09-28T18:30:00+02:00", "2026-09-22T23:59", "regular"),
        ("2026-10-28T18:30:00+01:00", "2026-10-22T23:30:00+02:00", "regular"),
    ] {
        let found = ask(&format!("{base} {sitting} --dispatch {dispatch}"));
        assert_eq!(found["verdict"], verdict, "{sitting} {dispatch}");
    }
    let there = format!("{base} 2026-09-28 --dispatch 2026-09-22T22:30:00+02:00");
    assert_eq!(ask(&there)["verdict"], "regular");
    assert_eq!(ask(&format!("{there} --zone Indian/Reunion"))["verdict"], "late");
}

#[test]
fn the_whole_answer_is_the_contract() {
    let words = "--kind commune --population 900 --sitting 2026-04-09T18:30:00+02:00 --type budget \
                 --dispatch 2026-04-07";
    let mut found = ask(words);
    let explanation = found["explanation"].take();
    assert_eq!(explanation.as_array().unwrap().len(), 13);
    assert_json_snapshot!(explanation[11], @r#"
    {
      "counts": true,
      "date": "2026-04-08",
      "nth": 1,
      "weekday": 3,
      "why": "whole"
    }
    "#);
    assert_json_snapshot!(found, @r#"
    {
      "article": "CGCT, art. L5217-10-4 (loi NOTRe, art. 106 III ; aujourd’hui art. L1612-26)",
      "at_least_dispatch": "2026-03-28",
      "beside": {
        "article": "CGCT, art. L2121-11",
        "days": 3,
        "latest_dispatch": "2026-04-05",
        "rule": "R2",
        "verdict": "late"
      },
      "body": "council",
      "cautions": [
        "two-readings"
      ],
      "certainty": "certain",
      "clear_days": 1,
      "clear_dispatch": "2026-03-27",
      "counting": "at-least",
      "days": 12,
      "dispatch": "2026-04-07",
      "earliest_sitting": "2026-04-19",
      "explanation": null,
      "kind": "commune",
      "last_minute": "2026-03-28T23:59:00+01:00",
      "latest_dispatch": "2026-03-28",
      "missing_days": 10,
      "population": 900,
      "requires": [
        "primitive-budget-only",
        "budget-debate"
      ],
      "rule": "R8",
      "safe": false,
      "safe_dispatch": "2026-03-27",
      "sitting": "2026-04-09",
      "text_counting": "at-least",
      "type": "budget",
      "verdict": "late",
      "zone": "Europe/Paris"
    }
    "#);
}

#[test]
fn mistakes_of_the_command_line_are_told_from_questions_without_answer() {
    let (code, said) = refused("--kind commune --sitting 2026-09-28");
    assert_eq!(code, 2, "{said}");
    let (code, said) = refused("--kind commune --population 900 --sitting tomorrow");
    assert_eq!((code, said.contains("--sitting \"tomorrow\" is no date")), (2, true), "{said}");
    let zone = "--kind commune --population 900 --sitting 2026-09-28 --zone Mars/Olympus";
    assert_eq!(refused(zone).0, 2);
    let (code, said) = refused("--kind region --sitting 2026-09-28 --type installation");
    assert_eq!((code, said.contains("No known rule")), (1, true), "{said}");
}

#[test]
fn people_read_it_in_their_language() {
    let words = "--kind commune --population 5000 --sitting 2026-09-28 --dispatch 2026-09-21";
    let said = |language| String::from_utf8(run(language, words).stdout).unwrap();
    assert!(said("fr_FR.UTF-8").contains("Envoi du lundi 21 septembre 2026"), "{}", said("fr_FR"));
    let english = said("en_GB.UTF-8");
    assert!(english.contains("Sunday 27 September 2026: day 6 (weekends count)"), "{english}");
}
