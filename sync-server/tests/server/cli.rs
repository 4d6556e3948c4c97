//! The program itself: its words, its exit codes, and its sudden death.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use domain::Role;
use serde_json::Value;
use wire::{Audience, Outcome};

use crate::scene::{Scene, Tablet};

fn server(arguments: &[&str], data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pupitre-server"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A serving process; killed without a word when dropped.
struct Serving {
    child: Child,
    said: Value,
}

impl Serving {
    fn start(data: &Path, listen: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pupitre-server"))
            .args(["serve", "--listen", listen, "--metrics", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, said: serde_json::from_str(&line).unwrap() }
    }

    fn url(&self) -> String {
        self.said["listening"].as_str().unwrap().to_owned()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn what_the_operator_does_is_written_down_and_listed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let declare = ["--council", "Valbrune", "--kind", "commune", "--population", "9000"];
    json(&server(&[&["init", "--json"][..], &declare].concat(), &data));
    let out = dir.path().join("copy.tar");
    json(&server(&["backup", "--json", "--out", out.to_str().unwrap()], &data));

    let lines = json(&server(&["audit", "--json"], &data));
    let told: Vec<&str> =
        lines.as_array().unwrap().iter().map(|line| line["done"].as_str().unwrap()).collect();
    assert_eq!(told, ["backed-up", "invited", "founded"]);
    let words = String::from_utf8(server(&["audit"], &data).stdout).unwrap();
    assert_eq!(words.lines().count(), 3);
    assert!(words.lines().all(|line| line.contains("the operator")), "{words}");
    assert_eq!(json(&server(&["audit", "--json", "--forget"], &data))["forgotten"], 0);
}

#[test]
fn init_serve_doctor_backup_restore_in_json_and_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let declare = ["--council", "Valbrune", "--kind", "commune", "--population", "9000"];
    let init = [&["init", "--json"][..], &declare].concat();

    let founded = json(&server(&init, &data));
    assert_eq!(founded["council"].as_str().unwrap().len(), 36);
    assert_eq!(founded["clerk_invitation"].as_str().unwrap().len(), 19);

    let again = server(&init, &data);
    assert_eq!(again.status.code(), Some(1));
    let sentence = String::from_utf8(again.stderr).unwrap();
    assert!(sentence.contains("already holds a council") && sentence.lines().count() == 1);
    assert!(again.stdout.is_empty());

    let mut serving = Serving::start(&data, "127.0.0.1:0");
    assert!(serving.url().starts_with("http://127.0.0.1:"));
    let second = server(&["serve", "--listen", "127.0.0.1:0"], &data);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("already runs"));

    let out = dir.path().join("copy.tar");
    let made = json(&server(&["backup", "--json", "--out", out.to_str().unwrap()], &data));
    assert_eq!(made["papers"], 0);
    assert_eq!(json(&server(&["doctor", "--json"], &data))["ok"], true);
    serving.kill();

    let copy = dir.path().join("copy");
    let from = ["restore", "--json", "--from", out.to_str().unwrap()];
    assert_eq!(json(&server(&from, &copy))["councils"][0], founded["council"]);
    assert_eq!(json(&server(&["doctor", "--json"], &copy))["problems"], serde_json::json!([]));
    let words = server(&["doctor"], &copy);
    assert_eq!(words.stdout, b"Nothing is wrong.\n");
}

#[test]
fn bad_usage_is_two_and_failure_is_one() {
    let dir = tempfile::tempdir().unwrap();
    for usage in [&["serve"][..], &["init", "--kind", "village"], &["frobnicate"]] {
        assert_eq!(server(usage, dir.path()).status.code(), Some(2), "{usage:?}");
    }
    for failure in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["doctor"],
        &["backup", "--out", "nowhere.tar"],
        &["restore", "--from", "nowhere.tar"],
        &["init", "--council", "V", "--kind", "commune", "--population", "1", "--zone", "Mars"],
    ] {
        let output = server(failure, dir.path());
        assert_eq!(output.status.code(), Some(1), "{failure:?}");
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
    }
}

#[tokio::test]
async fn killed_again_and_again_in_the_middle_of_pushes_it_loses_nothing_acknowledged() {
    // Enrolled against a server in this process, then the real program takes over the data.
    let mut scene = Scene::start_with(|config| {
        config.clock = pupitre_server::system_clock();
    })
    .await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    scene.stop().await;

    let mut serving = Serving::start(&scene.data(), "127.0.0.1:0");
    let listen = serving.url().trim_start_matches("http://").to_owned();
    scene.url = serving.url();
    let mut acknowledged = Vec::new();
    let mut unanswered: Option<(String, wire::Op)> = None;
    for round in 0..6_u64 {
        // Once some pushes of this round were answered, so that it falls into pushes and not into a start.
        let (answered, begins) = std::sync::mpsc::channel();
        let killer = {
            let pid = serving.child.id();
            let after = std::time::Duration::from_millis(3 + 7 * round);
            std::thread::spawn(move || {
                (0..4).for_each(|_| begins.recv().unwrap());
                std::thread::sleep(after);
                Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap();
            })
        };
        loop {
            let (text, op) = unanswered.take().unwrap_or_else(|| {
                let text = format!("note {}", acknowledged.len());
                let op = tablet.note(Audience::Private, &text);
                (text, op)
            });
            match push(&scene, &mut tablet, &op).await {
                Some(Outcome::Accepted { .. }) => {
                    acknowledged.push(text);
                    // Nobody listens any more once the kill is on its way.
                    answered.send(()).ok();
                }
                Some(other) => panic!("{other:?}"),
                None => {
                    unanswered = Some((text, op));
                    break;
                }
            }
        }
        killer.join().unwrap();
        serving.kill();
        serving = Serving::start(&scene.data(), &listen);
    }
    if let Some((text, op)) = unanswered {
        let outcome = push(&scene, &mut tablet, &op).await;
        assert!(matches!(outcome, Some(Outcome::Accepted { .. })), "{outcome:?}");
        acknowledged.push(text);
    }
    (tablet.cursor, tablet.view) = (0, 0);
    tablet.entries.clear();
    tablet.pull(&scene).await;
    assert_eq!(tablet.notes(), acknowledged);
    assert!(acknowledged.len() >= 24, "the kills fell into pushes, not into starts");
    serving.kill();
    assert_eq!(
        json(&server(&["doctor", "--json"], &scene.data()))["problems"],
        serde_json::json!([])
    );
}

/// Pushes one operation; none when the server died before it answered.
async fn push(scene: &Scene, tablet: &mut Tablet, op: &wire::Op) -> Option<Outcome> {
    let request = wire::SyncRequest {
        protocol: wire::PROTOCOL,
        cursor: tablet.cursor,
        view: tablet.view,
        outbox: vec![op.clone()],
        next: None,
    };
    let response = scene
        .http
        .post(format!("{}/v1/sync", scene.url))
        .bearer_auth(&tablet.token)
        .body(wire::encode(&request).unwrap())
        .send()
        .await
        .ok()?;
    let bytes = response.bytes().await.ok()?;
    let response: wire::SyncResponse = wire::decode(&bytes).unwrap();
    (tablet.cursor, tablet.view) = (response.cursor, response.view);
    Some(response.acks[0].outcome.clone())
}
