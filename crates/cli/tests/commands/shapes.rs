//! What each command answers, as JSON: names and shapes.

use insta::assert_json_snapshot;

use crate::council::{Council, pdf, plain};
#[test]
fn the_clerks_answers_have_their_shape() {
    let council = Council::open();
    let enrolled =
        council.ask("clerk", &["enrol", &council.address, &council.code, "--device", "Greffe"]);
    assert_json_snapshot!(plain(&enrolled), @r#"
        {
          "council": "<council>",
          "council_name": "Ville de Valbrune",
          "device": "<device>",
          "member": "<member>",
          "role": "clerk"
        }
    "#);
    let folder = council.path("conseil 2036-09-28");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("convocation.pdf"), pdf(&["Convocation"])).unwrap();
    std::fs::write(folder.join("01-budget.pdf"), pdf(&["Budget", "2"])).unwrap();
    let published = council.ask("clerk", &["publish", folder.to_str().unwrap()]);
    assert_json_snapshot!(plain(&published), @r#"
        {
          "documents": 2,
          "items": 1,
          "sitting": "<sitting>"
        }
    "#);
    let sittings = council.ask("clerk", &["sittings"]);
    assert_json_snapshot!(plain(&sittings), @r#"
        [
          {
            "available": 2,
            "documents": 2,
            "items": 1,
            "notes": 0,
            "pages": 3,
            "place": "",
            "sitting": "<sitting>",
            "starts": "2036-09-28T16:30:00Z",
            "state": "published",
            "title": "Conseil 2036-09-28"
          }
        ]
    "#);
    let sitting = published["sitting"].as_str().unwrap();
    assert_json_snapshot!(plain(&council.ask("clerk", &["documents", sitting])), @r#"
        [
          {
            "available": true,
            "bytes": "<bytes>",
            "document": "<document>",
            "item": 0,
            "item_title": "Convocation",
            "notes": 0,
            "pages": 1,
            "role": "convocation",
            "searchable": true,
            "title": "Convocation",
            "version": 1
          },
          {
            "available": true,
            "bytes": "<bytes>",
            "document": "<document>",
            "item": 1,
            "item_title": "Budget",
            "notes": 0,
            "pages": 2,
            "role": "report",
            "searchable": true,
            "title": "Budget",
            "version": 1
          }
        ]
    "#);
    let words = ["members", "add", "--first", "Inès", "--last", "Baudry", "--group", "Gauche"];
    let added = council.ask("clerk", &words);
    assert_json_snapshot!(plain(&added), @r#"
        {
          "member": "<member>"
        }
    "#);
    let invitation = council.ask("clerk", &["invite", added["member"].as_str().unwrap()]);
    assert_json_snapshot!(plain(&invitation), @r#"
        {
          "code": "<code>",
          "expires": "<expires>"
        }
    "#);
    let members = council.ask("clerk", &["members", "list"]);
    assert_json_snapshot!(plain(&members), @r#"
        [
          {
            "email": null,
            "first_name": "Inès",
            "function": null,
            "groups": [
              "Gauche"
            ],
            "last_name": "Baudry",
            "member": "<member>",
            "role": "official"
          },
          {
            "email": null,
            "first_name": "",
            "function": null,
            "groups": [],
            "last_name": "Greffe",
            "member": "<member>",
            "role": "clerk"
          }
        ]
    "#);
}

#[test]
fn an_officials_answers_have_their_shape() {
    let council = Council::open();
    let paper = council.with_a_sitting();
    let ask = |words: &[&str]| council.ask("ines", words);
    assert_json_snapshot!(plain(&ask(&["sync"])), @r#"
        {
          "bytes_down": "<bytes_down>",
          "bytes_up": "<bytes_up>",
          "documents_fetched": 0,
          "pending": 0,
          "pulled": 0,
          "pushed": 0
        }
    "#);
    let status = ask(&["status"]);
    assert_json_snapshot!(plain(&status), @r#"
        {
          "council": "<council>",
          "council_name": "Ville de Valbrune",
          "cursor": 7,
          "device": "<device>",
          "last_sync": "<last_sync>",
          "member": "<member>",
          "name": "Inès Baudry",
          "online": true,
          "pending": 0,
          "role": "official",
          "unreadable": 0
        }
    "#);

    let marked = ask(&[
        "annotate",
        &paper,
        "--page",
        "1",
        "--kind",
        "highlight",
        "--quote",
        "LE MONTANT  garanti",
        "--text",
        "À vérifier",
    ]);
    assert_json_snapshot!(plain(&marked), @r#"
        {
          "annotation": "<annotation>"
        }
    "#);
    ask(&["annotate", &paper, "--page", "2", "--kind", "note", "--at", "72,600", "--text", "x"]);
    let strokes = council.path("strokes.json");
    std::fs::write(&strokes, r#"{"strokes":[[[100,100,0.5],[110,105,0.7]]],"width":2}"#).unwrap();
    let strokes = strokes.to_str().unwrap();
    ask(&["annotate", &paper, "--page", "2", "--kind", "ink", "--strokes", strokes]);
    let notes = ask(&["notes", &paper]);
    assert_json_snapshot!(plain(&notes), @r#"
        [
          {
            "annotation": "<annotation>",
            "audience": "private",
            "author": "Inès Baudry",
            "colour": "yellow",
            "document": "<document>",
            "document_title": "Budget",
            "in_reply_to": null,
            "item": 1,
            "kind": "highlight",
            "mine": true,
            "modified": "<modified>",
            "new": false,
            "not_shared": null,
            "page": 1,
            "placement": "exact",
            "quote": "Le montant garanti",
            "rects": [
              [
                72.0,
                697.0,
                172.0,
                711.0
              ]
            ],
            "text": "À vérifier",
            "version": 1
          },
          {
            "annotation": "<annotation>",
            "audience": "private",
            "author": "Inès Baudry",
            "colour": "yellow",
            "document": "<document>",
            "document_title": "Budget",
            "in_reply_to": null,
            "item": 1,
            "kind": "note",
            "mine": true,
            "modified": "<modified>",
            "new": false,
            "not_shared": null,
            "page": 2,
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
            "text": "x",
            "version": 1
          },
          {
            "annotation": "<annotation>",
            "audience": "private",
            "author": "Inès Baudry",
            "colour": "black",
            "document": "<document>",
            "document_title": "Budget",
            "in_reply_to": null,
            "item": 1,
            "kind": "ink",
            "mine": true,
            "modified": "<modified>",
            "new": false,
            "not_shared": null,
            "page": 2,
            "placement": "exact",
            "quote": null,
            "rects": [
              [
                98.0,
                98.0,
                112.0,
                107.0
              ]
            ],
            "text": "",
            "version": 1
          }
        ]
    "#);
    let erased = ask(&["erase", notes[1]["annotation"].as_str().unwrap()]);
    assert_json_snapshot!(plain(&erased), @r#"
        {
          "annotation": "<annotation>"
        }
    "#);
    assert_eq!(ask(&["notes", "--audience", "private"]).as_array().unwrap().len(), 2);
    assert_eq!(ask(&["notes", "--audience", "group:Gauche"]), serde_json::json!([]));

    let found = ask(&["search", "commission emis", "--in", "documents"]);
    assert_json_snapshot!(plain(&found), @r#"
        {
          "hits": [
            {
              "annotation": null,
              "document": "<document>",
              "page": 2,
              "rects": [
                [
                  89.0,
                  697.0,
                  152.0,
                  711.0
                ],
                [
                  165.0,
                  697.0,
                  191.0,
                  711.0
                ]
              ],
              "sitting": "<sitting>",
              "snippet": "La commission a émis un avis, un avis favorable",
              "title": "Budget"
            }
          ],
          "took_ms": "<took_ms>",
          "without_text": []
        }
    "#);
    assert_eq!(ask(&["outline", &paper]), serde_json::json!([]));
    let image = council.path("page.png");
    let out = image.to_str().unwrap();
    ask(&["page", &paper, "--page", "1", "--width", "240", "--out", out]);
    let image = image::open(&image).unwrap();
    assert_eq!(image.width(), 240);
    let export = council.path("sortie.pdf");
    ask(&["export", &paper, "--out", export.to_str().unwrap()]);
    assert!(std::fs::read(&export).unwrap().starts_with(b"%PDF"));
    assert_eq!(ask(&["sync"])["pending"], 0);
}
