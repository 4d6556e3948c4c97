//! Members, groups and bodies.

use serde_json::Value;

use crate::council::Council;
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
