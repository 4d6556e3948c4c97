//! Notes: for whom they are, and where they go.

use insta::{assert_json_snapshot, assert_snapshot};

use crate::council::{Council, pdf, plain};
#[test]
fn notes_are_shared_answered_and_withdrawn() {
    let council = Council::open();
    let paper = council.with_a_sitting();
    let words = ["members", "add", "--first", "Karim", "--last", "Benali", "--group", "Gauche"];
    let karim = council.ask("clerk", &words);
    let code = council.ask("clerk", &["invite", karim["member"].as_str().unwrap()]);
    let words = ["enrol", &council.address, code["code"].as_str().unwrap(), "--device", "T"];
    council.ask("karim", &words);
    council.ask("karim", &["sync"]);

    let words = ["annotate", &paper, "--page", "1", "--kind", "note", "--at", "72,600"];
    let in_group = ["--audience", "group:Gauche"];
    let (code, said) = council.refused("ines", &[&words[..], &in_group[..]].concat());
    assert_eq!(code, 1);
    assert_snapshot!(said, @r#"You are not a member of the group “Gauche”. Nothing has changed; choose one of your groups, or keep the note private."#);
    assert_eq!(council.refused("ines", &[&words[..], &["--audience", "tous"]].concat()).0, 2);
    council.ask("karim", &[&words[..], &in_group[..]].concat());
    let made = council.ask("ines", &[&words[..], &["--audience", "council"]].concat());
    let made = made["annotation"].as_str().unwrap();
    for profile in ["ines", "karim", "ines"] {
        council.ask(profile, &["sync"]);
    }
    assert_eq!(council.ask("ines", &["notes", &paper]).as_array().unwrap().len(), 1);
    assert_eq!(council.ask("karim", &["notes"]).as_array().unwrap().len(), 2);
    let of_group = council.ask("karim", &["notes", &paper, "--audience", "group:gauche"]);
    assert_eq!(of_group.as_array().unwrap().len(), 1);

    let answer = council.ask("karim", &["reply", made, "--text", "D’accord"]);
    let answer = answer["annotation"].as_str().unwrap();
    council.ask("karim", &["sync"]);
    council.ask("ines", &["sync"]);
    let notes = council.ask("ines", &["notes", &paper]);
    assert_json_snapshot!(plain(&notes[1]), @r#"
        {
          "annotation": "<annotation>",
          "audience": "council",
          "author": "Karim Benali",
          "colour": "yellow",
          "document": "<document>",
          "document_title": "Budget",
          "in_reply_to": "<in_reply_to>",
          "item": 1,
          "kind": "note",
          "mine": false,
          "modified": "<modified>",
          "new": true,
          "not_shared": null,
          "page": 1,
          "placement": "exact",
          "quote": null,
          "rects": [
            [
              72.0,
              580.0,
              92.0,
              600.0
            ]
          ],
          "text": "D’accord",
          "version": 1
        }
    "#);
    for (name, begins) in
        [("notes.md", "# Notes of In"), ("notes.odt", "PK"), ("notes.pdf", "%PDF")]
    {
        let file = council.path(name);
        let answer = council.ask("ines", &["notes", "--out", file.to_str().unwrap()]);
        assert_eq!(answer["file"], file.to_str().unwrap());
        assert!(std::fs::read(file).unwrap().starts_with(begins.as_bytes()), "{name}");
    }
    let text = std::fs::read_to_string(council.path("notes.md")).unwrap();
    assert!(text.contains("- **page\u{a0}1** (In"), "{text}");
    assert!(text.contains("  - **Karim Benali, the whole council**\n\n    D’accord\n"), "{text}");
    assert_eq!(council.refused("ines", &["notes", "--out", "notes.txt"]).0, 2);
    let (code, said) = council.refused("ines", &["erase", answer]);
    assert_eq!((code, said.lines().count()), (1, 1));
    council.ask("ines", &["share", made, "--audience", "private"]);
    council.ask("ines", &["sync"]);
    council.ask("karim", &["sync"]);
    let left = council.ask("karim", &["notes", &paper, "--audience", "council"]);
    assert_eq!((left.as_array().unwrap().len(), &left[0]["text"]), (1, &"D’accord".into()));
}

#[test]
fn notes_follow_a_paper_that_is_replaced() {
    let council = Council::open();
    let paper = council.with_a_sitting();
    let annotate = |page: &str, quote: &str| {
        let words = ["annotate", &paper, "--page", page, "--kind", "highlight", "--quote", quote];
        council.ask("ines", &words)["annotation"].as_str().unwrap().to_owned()
    };
    let stays = annotate("1", "Le montant garanti est fixé");
    let gone = annotate("2", "La commission a émis un avis");
    let pages =
        ["Une page de plus vient en tête", "Le montant garanti est fixé", "Fin du document"];
    let file = council.path("corrige.pdf");
    std::fs::write(&file, pdf(&pages)).unwrap();
    let words = ["replace", &paper, file.to_str().unwrap(), "--note", "une page de plus"];
    let replaced = council.ask("clerk", &words);
    assert_eq!((replaced["document"].as_str(), &replaced["version"]), (Some(&*paper), &2.into()));

    assert_eq!(council.ask("ines", &["sync"])["pending"], 0);
    let notes = council.ask("ines", &["notes", &paper]);
    let notes = notes.as_array().unwrap();
    assert_eq!(notes.len(), 2, "each once");
    let of = |id: &str| notes.iter().find(|note| note["annotation"] == id).unwrap();
    let (stays, gone) = (of(&stays), of(&gone));
    assert_eq!((&stays["placement"], &stays["page"]), (&"moved".into(), &2.into()));
    assert_eq!(
        (&stays["version"], &stays["quote"]),
        (&2.into(), &"Le montant garanti est fixé".into())
    );
    assert_eq!(stays["rects"].as_array().unwrap().len(), 1);
    assert_eq!(stays["made_on"], serde_json::json!({ "version": 1, "page": 1 }));
    assert_eq!((&gone["placement"], &gone["rects"]), (&"orphan".into(), &serde_json::json!([])));
}
