//! The contract with scripts: names, JSON and exit codes, through the real binary and server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::CouncilKind;
use insta::{assert_json_snapshot, assert_snapshot};
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use serde_json::Value;
use sync_server::commands::init::{Declaration, init};

/// A council whose server lives on a runtime of its own.
struct Council {
    folder: tempfile::TempDir,
    address: String,
    code: String,
    _runtime: tokio::runtime::Runtime,
}

impl Council {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let data = folder.path().join("server");
        let (address, code) = runtime.block_on(async {
            let declaration = Declaration {
                name: "Ville de Valbrune".to_owned(),
                kind: CouncilKind::Commune,
                population: 9_000,
                zone: "Europe/Paris".to_owned(),
                local_law: None,
            };
            let now_ms = sync_server::system_clock()();
            let founded = init(&data, declaration, now_ms).await.unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let config = sync_server::Config::new(data);
            tokio::spawn(sync_server::serve(config, listener, std::future::pending()));
            (address, founded.clerk_invitation)
        });
        Self { folder, address, code, _runtime: runtime }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, profile: &str, words: &[&str]) -> Output {
        let mut command = cli();
        command.arg("--profile").arg(self.path(profile)).args(words);
        command.output().unwrap()
    }

    fn ask(&self, profile: &str, words: &[&str]) -> Value {
        let output = self.run(profile, &[words, &["--json"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        assert_eq!(said, "", "{words:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Exit code and sentence of a command that fails.
    fn refused(&self, profile: &str, words: &[&str]) -> (i32, String) {
        let output = self.run(profile, &[words, &["--json"]].concat());
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{words:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// A clerk with a sitting, and an official who has it; answers the paper.
    fn with_a_sitting(&self) -> String {
        let words = ["enrol", &self.address, &self.code, "--device", "Greffe"];
        self.ask("clerk", &words);
        let folder = self.path("conseil 2036-09-28");
        std::fs::create_dir_all(&folder).unwrap();
        let pages =
            ["Le montant garanti est fixé", "La commission a émis un avis, un avis favorable"];
        std::fs::write(folder.join("01-budget.pdf"), pdf(&pages)).unwrap();
        self.ask("clerk", &["publish", folder.to_str().unwrap()]);
        let added = self.ask("clerk", &["members", "add", "--first", "Inès", "--last", "Baudry"]);
        let code = self.ask("clerk", &["invite", added["member"].as_str().unwrap()]);
        let code = code["code"].as_str().unwrap();
        self.ask("ines", &["enrol", &self.address, code, "--device", "Tablette"]);
        self.ask("ines", &["sync"]);
        let sittings = self.ask("ines", &["sittings"]);
        let papers = self.ask("ines", &["documents", sittings[0]["sitting"].as_str().unwrap()]);
        papers[0]["document"].as_str().unwrap().to_owned()
    }
}

fn cli() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pupitre-cli"));
    command.env_remove("PUPITRE_LOG").env_remove("PUPITRE_PROFILE");
    command.env("LC_ALL", "en_GB.UTF-8");
    command
}

fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut pdf = Document::with_version("1.7");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids = Vec::new();
    for page in pages {
        let latin: Vec<u8> =
            page.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let operations = vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 12.into()]),
            Operation::new("Td", vec![72.into(), 700.into()]),
            Operation::new("Tj", vec![Object::string_literal(latin)]),
            Operation::new("ET", vec![]),
        ];
        let content = Content { operations }.encode().unwrap();
        let stream = pdf.add_object(Stream::new(dictionary! {}, content));
        kids.push(Object::from(pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream,
        })));
    }
    let count = i64::try_from(kids.len()).unwrap();
    let root = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    pdf.objects.insert(tree, Object::Dictionary(root));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// The value with everything that differs between runs named instead.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let differs = match name.as_str() {
                    "council" | "member" | "device" | "sitting" | "document" | "annotation"
                    | "in_reply_to" | "code" | "expires" | "last_sync" | "modified" | "took_ms"
                    | "bytes_up" | "bytes_down" | "bytes" => !value.is_null(),
                    _ => false,
                };
                let shown = if differs { Value::from(format!("<{name}>")) } else { plain(value) };
                (name.clone(), shown)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => Value::from(float.round()),
            _ => value.clone(),
        },
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

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
fn a_bad_row_in_a_list_of_members_adds_nobody() {
    let council = Council::open();
    council.ask("clerk", &["enrol", &council.address, &council.code, "--device", "Greffe"]);
    council.ask("clerk", &["sync"]);
    let file = council.path("members.csv");
    let import = ["members", "import", file.to_str().unwrap()];
    std::fs::write(&file, "first_name,last_name,group\nInès,Baudry,Gauche\nKarim,,Droite\n")
        .unwrap();
    let (code, sentence) = council.refused("clerk", &import);
    assert!(code == 1 && sentence.contains("line 3"), "{sentence}");
    let list = || council.ask("clerk", &["members", "list"]).as_array().unwrap().len();
    let before = list();
    std::fs::write(&file, "Nom;Prénom;Groupe\nBaudry;Inès;Gauche\nOzenne;Karim;Droite\n").unwrap();
    assert_eq!(council.ask("clerk", &import)["added"].as_array().unwrap().len(), 2);
    assert_eq!(list(), before + 2);
    assert_eq!(council.ask("clerk", &import)["known"], 2);
}

#[test]
fn every_bad_row_is_named_and_can_be_left_aside() {
    let council = Council::open();
    council.ask("clerk", &["enrol", &council.address, &council.code, "--device", "Greffe"]);
    let file = council.path("liste.csv");
    let rows = "Nom;Prénom;Courriel\nBaudry;Inès;\nOzenne\nMartin;Claire;claire\n";
    std::fs::write(&file, rows).unwrap();
    let import = ["members", "import", file.to_str().unwrap()];
    let (code, said) = council.refused("clerk", &import);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(code, 1);
    assert_eq!(
        lines[..2],
        [
            "liste.csv, line 3: 1 columns instead of 3",
            "liste.csv, line 4: \"claire\" is not an e-mail address"
        ]
    );
    assert!(lines[2].starts_with("2 rows do not fit: nothing of this list was taken."), "{said}");
    let preview = council.ask("clerk", &[&import[..], &["--skip-bad-rows", "--dry-run"]].concat());
    assert_eq!(
        (&preview["done"], preview["skipped"].as_array().unwrap().len()),
        (&false.into(), 2)
    );
    let taken = council.ask("clerk", &[&import[..], &["--skip-bad-rows"]].concat());
    assert_eq!((&taken["done"], taken["added"].as_array().unwrap().len()), (&true.into(), 1));
}

#[test]
fn members_groups_and_bodies_are_kept_from_the_command_line() {
    let council = Council::open();
    council.ask("clerk", &["enrol", &council.address, &council.code, "--device", "Greffe"]);
    let ask = |words: &[&str]| council.ask("clerk", words);
    let add = |first: &str| {
        let added = ask(&["members", "add", "--first", first, "--last", "Baudry"]);
        added["member"].as_str().unwrap().to_owned()
    };
    let (ines, paul, zoe) = (add("Inès"), add("Paul"), add("Zoé"));
    let groups = ask(&["groups", "add", "Gauche unie", "--colour", "#9d174d"]);
    let group = groups[0]["group"].as_str().unwrap();
    ask(&["members", "edit", &ines, "--group", "Gauche unie", "--phone", "06 12 34 56 78"]);
    let groups = ask(&["groups", "edit", group, "--name", "Gauche"]);
    assert_eq!((&groups[0]["name"], &groups[0]["members"]), (&"Gauche".into(), &1.into()));
    assert_eq!(groups[0]["colour"], "#9d174d");

    let substitute = format!("{zoe}:{paul}");
    let words =
        ["--member", &ines, "--member", &paul, "--chair", &ines, "--substitute", &substitute];
    let bodies = ask(&[&["bodies", "add", "Finances"], &words[..]].concat());
    assert_eq!(bodies[0]["chair"], ines.as_str());
    assert_eq!(bodies[0]["substitutes"][0]["stands_for"], paul.as_str());
    let body = bodies[0]["body"].as_str().unwrap();
    let (code, said) = council.refused("clerk", &["bodies", "edit", body, "--chair", &zoe]);
    assert!(code == 1 && said.contains("chairs a body is one of its members"), "{said}");

    ask(&["members", "leave", &ines, "--on", "2026-01-31"]);
    assert_eq!(ask(&["bodies", "list"])[0]["chair"], Value::Null);
    let member = |who: &str| {
        let members = ask(&["members", "list"]);
        members.as_array().unwrap().iter().find(|m| m["member"] == who).unwrap().clone()
    };
    assert_eq!(member(&ines)["left"], "2026-01-31");
    assert_eq!(ask(&["groups", "list"])[0]["members"], 0);
    ask(&["members", "return", &ines]);
    assert_eq!(
        (&member(&ines)["left"], &member(&ines)["phone"]),
        (&Value::Null, &"0612345678".into())
    );
    ask(&["members", "edit", &zoe, "--seat", "copies", "--role", "guest", "--on-paper", "true"]);
    assert_eq!(
        (&member(&zoe)["seat"], &member(&zoe)["on_paper"]),
        (&"copies".into(), &true.into())
    );
}

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

#[test]
fn a_tablet_with_a_pin_opens_for_its_pin_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |pin: Option<&str>, new: Option<&str>, words: &[&str]| {
        let mut command = cli();
        command.arg("--json").arg("--profile").arg(folder.path()).args(words);
        command.env_remove("PUPITRE_PIN").env_remove("PUPITRE_NEW_PIN");
        command.envs(pin.map(|pin| ("PUPITRE_PIN", pin)));
        command.envs(new.map(|new| ("PUPITRE_NEW_PIN", new)));
        let output = command.output().unwrap();
        let said = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(said).unwrap().trim_end().to_owned())
    };
    let none = (true, r#"{"pin":false,"wrong":0,"wait_ms":0}"#.to_owned());
    let set = (true, r#"{"pin":true,"wrong":0,"wait_ms":0}"#.to_owned());
    assert_eq!(run(None, None, &["pin", "status"]), none);
    let short = run(None, Some("1234"), &["pin", "set"]);
    assert_eq!(short.1, "This code is too short: it needs at least 6 signs. Nothing has changed.");
    assert_eq!(run(None, Some("482915"), &["pin", "set"]), set);
    let shut = run(None, None, &["status"]);
    let sentence = "This tablet is locked. Nothing is lost; enter your code to open it.";
    assert_eq!(shut, (false, sentence.to_owned()));
    assert!(!run(Some("482916"), None, &["status"]).0);
    let wrong = (true, r#"{"pin":true,"wrong":1,"wait_ms":0}"#.to_owned());
    assert_eq!(run(None, None, &["pin", "status"]), wrong);
    assert!(run(Some("482915"), None, &["status"]).0);
    assert!(!run(None, None, &["pin", "remove"]).0);
    assert_eq!(run(Some("482915"), None, &["pin", "remove"]), none);
    assert!(run(None, None, &["status"]).0);
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

#[test]
fn a_second_tablet_is_taken_in_and_a_third_by_the_code() {
    let council = Council::open();
    let paper = council.with_a_sitting();
    assert_eq!(council.ask("ines", &["devices", "sealing"])["standing"], "off");
    let on = council.ask("ines", &["devices", "seal"]);
    assert_eq!((&on["standing"], &on["devices"]), (&"on".into(), &1.into()));
    let note = ["annotate", &paper, "--page", "1", "--kind", "note", "--at", "72,600"];
    council.ask("ines", &[&note[..], &["--text", "scellée"]].concat());
    council.ask("ines", &["sync"]);

    let members = council.ask("clerk", &["members", "list"]);
    let hers = members.as_array().unwrap().iter().find(|one| one["last_name"] == "Baudry");
    let member = hers.unwrap()["member"].as_str().unwrap().to_owned();
    for tablet in ["ines2", "ines3"] {
        let code = council.ask("clerk", &["invite", &member]);
        let code = code["code"].as_str().unwrap();
        council.ask(tablet, &["enrol", &council.address, code, "--device", tablet]);
        council.ask(tablet, &["sync"]);
    }
    let waits = council.ask("ines2", &["devices", "sealing"]);
    assert_eq!((&waits["standing"], &waits["waiting"]), (&"waiting".into(), &1.into()));
    let asks = council.ask("ines", &["devices", "sealing"]);
    let request = asks["requests"].as_array().unwrap().iter();
    let request = request.clone().find(|one| one["words"] == waits["words"]).unwrap();
    let device = request["device"].as_str().unwrap();
    let approved = council.ask("ines", &["devices", "approve", device]);
    assert_eq!(approved["devices"], 2);
    council.ask("ines2", &["sync"]);
    assert_eq!(council.ask("ines2", &["notes"])[0]["text"], "scellée");

    let code = council.ask("ines2", &["devices", "code"])["code"].as_str().unwrap().to_owned();
    let (exit, said) = council.refused("ines3", &["devices", "recover", "0000"]);
    assert_eq!(exit, 1);
    assert!(said.contains("recovery code"), "{said}");
    let on = council.ask("ines3", &["devices", "recover", &code]);
    assert_eq!((&on["standing"], &on["devices"]), (&"on".into(), &3.into()));
    assert_eq!(council.ask("ines3", &["notes"])[0]["text"], "scellée");
}
