//! Locking a tablet, and taking in another one.

use crate::council::{Council, cli};
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
