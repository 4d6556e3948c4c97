//! What fails: one sentence and an exit code.

use std::path::Path;

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use crate::council::{Council, cli, pdf};
#[test]
fn a_failure_is_one_sentence_and_exit_code_one() {
    let council = Council::open();
    assert_snapshot!(council.refused("new", &["sync"]).1, @r#"This tablet has not joined a council yet. Enter the invitation that the clerk gave you."#);
    let paper = council.with_a_sitting();
    let refused = |words: &[&str]| {
        let (code, sentence) = council.refused("ines", words);
        assert_eq!((code, sentence.lines().count()), (1, 1), "{sentence}");
        sentence
    };
    let quote = |quote: &'static str| {
        ["annotate", &paper, "--page", "2", "--kind", "underline", "--quote", quote]
            .map(String::from)
    };
    let words = quote("introuvable");
    assert_snapshot!(refused(&words.each_ref().map(String::as_str)), @r#"These words do not stand on the page: "introuvable"."#);
    let words = quote("un avis");
    assert_snapshot!(refused(&words.each_ref().map(String::as_str)), @r#"These words stand on the page more than once: "un avis". Give more of them."#);
    assert_snapshot!(refused(&["publish", "."]), @r#"Your role does not allow this. Nothing has changed."#);
    let nowhere = ["page", &paper, "--page", "9", "--width", "100", "--out", "x.png"];
    assert_snapshot!(refused(&nowhere), @r#"This paper has no page 9."#);
    let (code, _) = council.refused("ines", &["documents", "not-an-identifier"]);
    assert_eq!(code, 2);
    let (code, sentence) =
        council.refused("ines", &["annotate", &paper, "--page", "1", "--kind", "note"]);
    assert_eq!((code, sentence.as_str()), (2, "This kind of mark needs --at X,Y.\n"));
}

#[test]
fn pdf_check_needs_no_profile_and_names_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bon.pdf"), pdf(&["1", "2"])).unwrap();
    std::fs::write(folder.path().join("vide.pdf"), "").unwrap();
    let output = cli()
        .current_dir(&folder)
        .args(["pdf", "check", "bon.pdf", "vide.pdf", "absent.pdf", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let checks: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_json_snapshot!(checks, @r#"
        [
          {
            "file": "bon.pdf",
            "message": "All 2 pages can be drawn.",
            "outcome": "ok",
            "pages": 2
          },
          {
            "file": "vide.pdf",
            "message": "This file is empty: it has not a single byte. Copy it again from its source.",
            "outcome": "damaged",
            "pages": 0
          },
          {
            "file": "absent.pdf",
            "message": "There is no such file.",
            "outcome": "damaged",
            "pages": 0
          }
        ]
    "#);
}

#[test]
fn the_sentence_is_in_the_persons_language() {
    let folder = tempfile::tempdir().unwrap();
    let said = |language: &str| {
        let mut command = cli();
        command.env("LC_ALL", language).arg("--profile").arg(folder.path()).arg("sync");
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    assert_snapshot!(said("fr_FR.UTF-8"), @r#"Cette tablette n’est pas encore reliée à un conseil. Saisissez l’invitation que le greffe vous a remise."#);
    assert_eq!(said("C"), said("en_GB.UTF-8"));
}

#[test]
fn a_profile_is_used_by_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = folder.path();
    let held = store::SqliteStore::open(path).unwrap();
    let output = cli().arg("--profile").arg(path).arg("status").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"This tablet is already open in another Pupitre. Nothing is lost; close the other one, then try again."#);
    drop(held);
}
