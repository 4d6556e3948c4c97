//! Drafting software posts a sitting to the real server; the clerk's program is killed again and again
//! while it takes it in; the clerk publishes it, an official reads it and follows it in a calendar.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use pupitre_e2e::screen::Screen;
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Server, Tablet, papers, product};
use serde_json::{Value, json};
use testkit::drafting::Form;

/// A request as a plain program sends it; the head and the body of the answer.
fn ask(address: &str, head: &str, body: &[u8]) -> Result<(String, String)> {
    let host = address.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host)?;
    let length = body.len();
    write!(socket, "{head}Host: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    socket.write_all(body)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    // A refusal speaks the tablets' own protocol, which is no text.
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer")?;
    Ok((head.to_owned(), body.to_owned()))
}

fn server(words: &[&str]) -> Result<Value> {
    let output = Command::new(product("pupitre-server")?).arg("--json").args(words).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A sitting of eight reports, each of some weight.
fn form(password: &str) -> Result<Form> {
    let mut projects = Vec::new();
    let mut form = Form::from("webdelib", password, "valbrune")
        .file("convocation", &papers::text(&["Vous êtes convoqué"])?);
    for n in 0..8 {
        projects.push(json!({"ordre": n, "libelle": format!("Point {n}"), "theme": "Finances"}));
        let report = papers::heavy(&format!("Rapport {n}"), 400_000)?;
        form = form.file(&format!("projet_{n}_rapport"), &report);
    }
    let described = json!({
        "date_seance": "2036-09-28 18:30",
        "type_seance": "Conseil municipal",
        "place": "Salle du conseil",
        "acteurs_convoques": "[]",
        "projets": projects,
    });
    Ok(form.field("jsonData", &described.to_string()))
}

/// A sitting with one report, and a spreadsheet as its annex.
fn annexed(password: &str, sheet: &[u8]) -> Result<Form> {
    let described = json!({
        "date_seance": "2036-10-05 18:30",
        "type_seance": "Bureau municipal",
        "place": "Salle du conseil",
        "acteurs_convoques": "[]",
        "projets": [{"ordre": 0, "libelle": "Budget", "theme": "Finances",
                     "annexes": [{"ordre": 0, "libelle": "Détail du budget"}]}],
    });
    let annex = "Content-Disposition: form-data; name=\"projet_0_0_annexe\"; filename=\"detail.ods\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n";
    Ok(Form::from("webdelib", password, "valbrune")
        .file("convocation", &papers::text(&["Vous êtes convoqué"])?)
        .file("projet_0_rapport", &papers::text(&["Budget"])?)
        .raw(annex, sheet)
        .field("jsonData", &described.to_string()))
}

#[test]
fn a_posted_sitting_is_taken_in_whole_through_kills_and_published_by_the_clerk() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    let data_text = data.to_str().context("a path")?;
    let founded = server(&[
        "init",
        "--data",
        data_text,
        "--council",
        "Ville de Valbrune",
        "--kind",
        "commune",
        "--population",
        "9000",
    ])?;
    let said = |value: &Value| value.as_str().map(ToOwned::to_owned).context("a text");
    let (council, code) = (said(&founded["council"])?, said(&founded["clerk_invitation"])?);
    let accounts = folder.path().join("connector.json");
    let accounts = accounts.to_str().context("a path")?;
    let granted = server(&[
        "connector",
        "--file",
        accounts,
        "--username",
        "webdelib",
        "--conn",
        "valbrune",
        "--council",
        &council,
        "--name",
        "Webdelib",
    ])?;
    let password = said(&granted["password"])?;
    let running = Server::start_with(&data, "127.0.0.1:0", &["--connector", accounts])?;
    let clerk = Tablet::enrolled(&folder.path().join("clerk"), &running, &code, "Greffe")?;
    let mut scene = Scene { folder, server: running, clerk };

    let head = format!("POST /seances.json HTTP/1.1\r\nContent-Type: {}\r\n", Form::content_type());
    let body = form(&password)?.body();
    let (status, text) = ask(&scene.server.address, &head, &body)?;
    assert!(status.starts_with("HTTP/1.1 200"), "{status} {text}");
    let sitting = said(&serde_json::from_str::<Value>(&text)?["uuid"])?;

    // Killed without a word at ever later moments of taking it in, and the server once in between.
    let mut seen = 0;
    for round in 0..14 {
        let mut sync = scene.clerk.start(&["sync"])?;
        std::thread::sleep(Duration::from_millis(12 * round));
        sync.kill()?;
        sync.wait()?;
        if round == 7 {
            scene.server = scene.server.kill_and_restart()?;
        }
        let listed = scene.clerk.ask(&["sittings"])?;
        let listed = listed.as_array().context("sittings")?;
        assert!(listed.len() <= 1, "{listed:?}");
        for card in listed {
            assert_eq!(
                (&card["sitting"], &card["state"]),
                (&sitting.as_str().into(), &"draft".into())
            );
            assert_eq!(card["documents"], 9, "never by halves");
            seen += 1;
        }
    }
    assert!(seen > 0, "every kill came before the record");
    scene.clerk.sync()?;
    let (_, official) = scene.official("Inès", "Baudry")?;
    official.sync()?;
    assert_eq!(official.ask(&["sittings"])?, json!([]), "nothing is published by a machine");

    let published = scene.clerk.ask(&["publish", &sitting])?;
    assert_eq!((&published["items"], &published["documents"]), (&8.into(), &9.into()));
    let again = scene.clerk.refused(&["publish", &sitting])?;
    assert!(!again.is_empty());
    official.sync()?;
    let papers = official.ask(&["documents", &sitting])?;
    let papers = papers.as_array().context("papers")?;
    assert_eq!(papers.len(), 9);
    assert!(
        papers.iter().all(|paper| paper["available"] == true && paper["pages"] == 1),
        "{papers:?}"
    );
    let (status, text) = ask(&scene.server.address, &head, &body)?;
    assert!(
        status.starts_with("HTTP/1.1 400") && text.contains("exists already"),
        "{status} {text}"
    );

    // Convened, it stands in the official's calendar; called off, it says so.
    let address = said(&official.ask(&["calendar-address"])?["address"])?;
    let path = address.trim_start_matches(&scene.server.address).to_owned();
    let read = |path: &str| ask(&scene.server.address, &format!("GET {path} HTTP/1.1\r\n"), b"");
    assert!(!read(&path)?.1.contains("VEVENT"));
    scene.clerk.ask(&["convene", &sitting])?;
    assert!(read(&path)?.1.contains("STATUS:CONFIRMED"));
    scene.clerk.ask(&["call-off", &sitting, "--reason", "Quorum impossible"])?;
    let called_off = read(&path)?.1;
    assert!(
        called_off.contains("STATUS:CANCELLED") && called_off.contains("SEQUENCE:1"),
        "{called_off}"
    );
    let renewed = said(&official.ask(&["calendar-address", "--renew"])?["address"])?;
    assert!(renewed != address && read(&path)?.0.starts_with("HTTP/1.1 404"));

    // An annex that tablets cannot show is kept, and saved from the desk with no network.
    let sheet = b"PK\x03\x04 a spreadsheet".repeat(10_000);
    let (status, text) = ask(&scene.server.address, &head, &annexed(&password, &sheet)?.body())?;
    assert!(status.starts_with("HTTP/1.1 200"), "{status} {text}");
    scene.clerk.sync()?;
    let Scene { server, clerk, folder: _folder } = scene;
    let data = server.data.clone();
    drop(server);
    let screen = Screen::browser(&clerk.profile, 1366, 1024)?;
    screen.press("Bureau municipal")?;
    screen.sees("les élus ne le voient pas")?;
    screen.click(".take-out")?;
    let saved = screen.written("Écrit dans", "ods")?;
    assert_eq!(saved.file_name().and_then(|name| name.to_str()), Some("Détail du budget.ods"));
    assert!(std::fs::read(&saved)? == sheet, "not what was posted");
    screen.close()?;
    assert_eq!(Server::doctor(&data)?["ok"], true);
    Ok(())
}
