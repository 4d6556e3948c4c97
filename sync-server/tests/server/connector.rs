//! Drafting software at its door: the form that it posts, byte for byte, and everything that is none.

use std::path::PathBuf;

use domain::{DocumentRole, Record, Role, Sitting, SittingState};
use pupitre_server::connector::accounts::Accounts;
use pupitre_server::connector::{ConnectorConfig, LARGEST};
use pupitre_server::limits::Rate;
use reqwest::Response;
use serde_json::{Value, json};
use testkit::drafting::Form;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::scene::{Scene, Tablet};

const WORDS: [&str; 3] = ["webdelib", "valbrune", "Webdelib"];

/// A server with its door open.
struct Door {
    scene: Scene,
    password: String,
    file: PathBuf,
}

impl Door {
    async fn open() -> Self {
        Self::open_with(LARGEST, |_| {}).await
    }

    async fn open_with(largest: u64, adjust: impl FnOnce(&mut pupitre_server::Config)) -> Self {
        let mut scene = Scene::start().await;
        scene.stop().await;
        let file = scene.dir.path().join("connector.json");
        let password = Accounts::grant(&file, scene.council, WORDS).unwrap();
        let accounts = file.clone();
        let open = |config: &mut pupitre_server::Config| {
            config.connector = Some(ConnectorConfig { accounts, largest });
            adjust(config);
        };
        scene.run(open).await;
        Self { scene, password, file }
    }

    fn form(&self) -> Form {
        Form::from("webdelib", &self.password, "valbrune")
    }

    async fn post(&self, form: &Form) -> Response {
        self.post_bytes(&Form::content_type(), form.body()).await
    }

    async fn post_bytes(&self, kind: &str, body: Vec<u8>) -> Response {
        let request = self.scene.http.post(format!("{}/seances.json", self.scene.url));
        request.header("content-type", kind).body(body).send().await.unwrap()
    }

    async fn said(&self, form: &Form) -> (u16, Value) {
        let response = self.post(form).await;
        let status = response.status().as_u16();
        assert_eq!(response.headers()["content-type"], "application/json");
        (status, json_of(response).await)
    }

    /// What a refused form is answered.
    async fn refused(&self, form: &Form) -> String {
        let (status, said) = self.said(form).await;
        assert_eq!(
            (status, &said["success"], &said["code"]),
            (400, &Value::Bool(false), &Value::from("Seance.add.error"))
        );
        assert_eq!(said.as_object().unwrap().len(), 3, "{said}");
        said["message"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let response = self.scene.http.get(format!("{}{path}", self.scene.url)).send().await;
        let response = response.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// Bytes that say they are a PDF.
fn pdf(seed: u8) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((0..3_000_u32).map(|n| (n as u8).wrapping_mul(31) ^ seed));
    bytes
}

fn description() -> Value {
    let people = json!([
        {"Acteur": {"nom": "DURAND", "prenom": "Thomas", "salutation": "Monsieur",
                    "titre": "Président", "email": "thomas.durand@example.org", "telmobile": ""}},
        {"Acteur": {"nom": "DUPONT", "prenom": "Émilie", "email": "emilie.dupont@example.org"}},
    ]);
    json!({
        "date_seance": "2026-12-10 18:30:00",
        "type_seance": "Conseil municipal",
        "place": "Salle du conseil",
        "acteurs_convoques": people.to_string(),
        "projets": [
            {"ordre": 1, "libelle": "Garantie d’emprunt\r\ndes Tilleuls", "theme": "T1, STB , sstb",
             "annexes": [{"ordre": 1, "libelle": "Plan"}, {"ordre": 0}]},
            {"ordre": "0", "libelle": "Tarifs", "theme": "T1",
             "Rapporteur": {"rapporteurlastname": "DURAND", "rapporteurfirstname": "Thomas"}},
            {"ordre": 2, "libelle": "Vœu", "theme": "", "Rapporteur": [], "annexes": null},
        ],
    })
}

/// The sitting above as its software posts it: its description comes last.
fn sitting(form: Form, described: &Value) -> Form {
    form.file("convocation", &pdf(1))
        .file("projet_0_rapport", &pdf(2))
        .file("projet_1_rapport", &pdf(3))
        .file("projet_1_0_annexe", &pdf(4))
        .file("projet_1_1_annexe", &pdf(5))
        .file("projet_2_rapport", &pdf(6))
        .field("jsonData", &described.to_string())
}

async fn drafts(scene: &Scene, tablet: &mut Tablet) -> Vec<Sitting> {
    tablet.pull(scene).await;
    let records = tablet.records().into_iter().filter_map(|record| match record {
        Record::Sitting(sitting) => Some(*sitting),
        Record::Council(_)
        | Record::Member(_)
        | Record::Group(_)
        | Record::Body(_)
        | Record::Device(_)
        | Record::Convocation(_) => None,
    });
    records.collect()
}

#[tokio::test]
async fn a_posted_sitting_is_a_draft_that_clerks_alone_see() {
    let door = Door::open().await;
    let mut clerk = door.scene.clerk().await;
    let mut official = door.scene.member(&mut clerk, 10, Role::Official).await;

    let response = door.post(&sitting(door.form(), &description())).await;

    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let text = response.text().await.unwrap();
    let uuid = serde_json::from_str::<Value>(&text).unwrap()["uuid"].as_str().unwrap().to_owned();
    assert_eq!(
        text,
        format!(
            r#"{{"success":true,"code":"Seance.add.ok","message":"La s\u00e9ance a bien \u00e9t\u00e9 ajout\u00e9e.","uuid":"{uuid}"}}"#
        )
    );
    let drafts = drafts(&door.scene, &mut clerk).await;
    let [draft] = &drafts[..] else { panic!("{drafts:?}") };
    assert_eq!(draft.id.to_string(), uuid);
    assert_eq!(
        (&*draft.title, draft.starts.to_string(), &*draft.place, draft.state),
        (
            "Conseil municipal",
            "2026-12-10T17:30:00Z".to_owned(),
            "Salle du conseil",
            SittingState::Draft
        )
    );
    let brought = draft.brought.as_ref().unwrap();
    assert_eq!(
        (&*brought.by, &brought.people[..]),
        ("Webdelib", &["Thomas DURAND".to_owned(), "Émilie DUPONT".to_owned()][..])
    );
    let items: Vec<_> = draft
        .items
        .iter()
        .map(|item| {
            let papers = item.documents.iter().map(|paper| &*paper.title).collect::<Vec<_>>();
            (&*item.title, item.theme.join(" > "), item.rapporteur.as_deref(), papers)
        })
        .collect();
    let guarantee = "Garantie d’emprunt des Tilleuls";
    assert_eq!(
        items,
        [
            ("Tarifs", "T1".to_owned(), Some("Thomas DURAND"), vec!["Tarifs"]),
            (guarantee, "T1 > STB > sstb".to_owned(), None, vec![guarantee, "Annexe 1", "Plan"]),
            ("Vœu", String::new(), None, vec!["Vœu"]),
        ]
    );
    // The papers are the bytes that came, under names of the server's own making.
    let names: Vec<&str> = draft.packet().map(|entry| &*entry.document.file_name).collect();
    assert_eq!(names[..2], ["convocation.pdf", "projet_0_rapport.pdf"]);
    for entry in draft.packet() {
        let version = entry.document.current().unwrap();
        let url = format!("{}{}", door.scene.url, wire::blob::path(&version.sha256));
        let paper = door.scene.http.get(url).bearer_auth(&clerk.token).send().await.unwrap();
        let bytes = paper.bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, version.bytes);
        assert_eq!(pupitre_server::digest::of(&bytes), version.sha256);
        assert_eq!(version.pages, 0, "the server reads no paper");
    }
    assert_eq!(draft.convocation.as_ref().unwrap().role, DocumentRole::Convocation);
    official.pull(&door.scene).await;
    assert!(!official.records().iter().any(|record| matches!(record, Record::Sitting(_))));

    // The same sitting once more is the conflict that its software expects.
    let again = door.refused(&sitting(door.form(), &description())).await;
    assert!(again.contains("exists already"), "{again}");
    let mut later = description();
    later["type_seance"] = " CONSEIL  municipal".into();
    assert_eq!(door.refused(&sitting(door.form(), &later)).await, again, "however it is written");
    later["date_seance"] = "2026-12-10 19:00".into();
    assert_eq!(
        door.said(&sitting(door.form(), &later)).await.0,
        200,
        "another hour is another one"
    );
}

#[tokio::test]
async fn what_a_clerk_put_away_can_be_brought_again_and_what_was_published_cannot() {
    let door = Door::open().await;
    let mut clerk = door.scene.clerk().await;
    assert_eq!(door.said(&sitting(door.form(), &description())).await.0, 200);
    let draft = drafts(&door.scene, &mut clerk).await.remove(0);
    let withdrawn = Sitting {
        cancelled: Some(domain::Cancellation { at: draft.starts, reason: None }),
        items: Vec::new(),
        convocation: None,
        ..draft.clone()
    };
    clerk.publish(&door.scene, 1, &Record::Sitting(Box::new(withdrawn))).await;

    let (status, said) = door.said(&sitting(door.form(), &description())).await;
    assert_eq!((status, said["uuid"].as_str()), (200, Some(&*draft.id.to_string())));
    let brought = drafts(&door.scene, &mut clerk).await;
    assert_eq!(
        brought.last().map(|last| (last.cancelled.is_none(), last.items.len())),
        Some((true, 3))
    );

    let published = Sitting { state: SittingState::Published, brought: None, ..draft };
    clerk.publish(&door.scene, 3, &Record::Sitting(Box::new(published))).await;
    let refused = door.refused(&sitting(door.form(), &description())).await;
    assert!(refused.contains("exists already"), "{refused}");
}

#[tokio::test]
async fn a_door_that_nobody_opened_is_no_door() {
    let scene = Scene::start().await;
    let nowhere = scene.http.get(format!("{}/nowhere", scene.url)).send().await.unwrap();
    let nothing = nowhere.bytes().await.unwrap();
    for path in ["/seances.json", "/api300/check", "/api300/ping", "/api300/version"] {
        for request in [
            scene.http.get(format!("{}{path}", scene.url)),
            scene.http.post(format!("{}{path}", scene.url)),
        ] {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 404, "{path}");
            assert_eq!(response.bytes().await.unwrap(), nothing, "{path}");
        }
    }
}

#[tokio::test]
async fn a_client_tries_its_settings_in_every_spelling() {
    let door = Door::open().await;
    for slash in ["/", "//"] {
        for api in ["api300", "Api300"] {
            let at = format!("{slash}{api}");
            assert_eq!(door.get(&format!("{at}/ping")).await, (200, "ping".to_owned()));
            assert_eq!(door.get(&format!("{at}/version")).await, (200, "4.2.0".to_owned()));
            let url = format!("{}{at}/check", door.scene.url);
            let pairs = format!("username=webdelib&password={}&conn=valbrune", door.password);
            let plain = door
                .scene
                .http
                .post(&url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(pairs)
                .send()
                .await
                .unwrap();
            assert_eq!((plain.status().as_u16(), &*plain.text().await.unwrap()), (200, "success"));
            let parts = door
                .scene
                .http
                .post(&url)
                .header("content-type", Form::content_type())
                .body(door.form().body())
                .send()
                .await
                .unwrap();
            assert_eq!((parts.status().as_u16(), &*parts.text().await.unwrap()), (200, "success"));
        }
    }
    let request = door.scene.http.post(format!("{}//seances.json", door.scene.url));
    let body = sitting(door.form(), &description()).body();
    let posted = request.header("content-type", Form::content_type()).body(body).send().await;
    assert_eq!(posted.unwrap().status(), 200);
}

#[tokio::test]
async fn accounts_are_made_changed_and_withdrawn_while_the_server_runs() {
    let door = Door::open().await;
    let check = async |username: &str, password: &str| {
        let form = Form::from(username, password, "valbrune");
        let request = door.scene.http.post(format!("{}/api300/check", door.scene.url));
        let request = request.header("content-type", Form::content_type()).body(form.body());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(check("webdelib", &door.password).await, 200);
    let other = Accounts::grant(&door.file, door.scene.council, ["autre", "valbrune", "Autre"]);
    let other = other.unwrap();
    assert_eq!(check("autre", &other).await, 200, "made");
    let renewed = Accounts::grant(&door.file, door.scene.council, WORDS).unwrap();
    assert_eq!(check("webdelib", &door.password).await, 403, "it has another password");
    assert_eq!(check("webdelib", &renewed).await, 200);
    Accounts::withdraw(&door.file, "autre", "valbrune").unwrap();
    assert_eq!(check("autre", &other).await, 403, "withdrawn");
    std::fs::remove_file(&door.file).unwrap();
    assert_eq!(check("webdelib", &renewed).await, 403, "without a file nobody is let in");
}

#[tokio::test]
async fn wrong_credentials_are_told_apart_by_nobody_and_then_not_heard() {
    let limits = |config: &mut pupitre_server::Config| {
        config.limits.guess_rate = Rate { burst: 6.0, per_second: 0.01 };
    };
    let door = Door::open_with(LARGEST, limits).await;
    let other = Accounts::grant(&door.file, door.scene.council, ["autre", "valbrune", "Autre"]);
    let other = other.unwrap();
    let mut answers = Vec::new();
    for (username, password, conn) in [
        ("webdelib", "wrong", "valbrune"),
        ("nobody", &*door.password, "valbrune"),
        ("webdelib", &*door.password, "elsewhere"),
        ("webdelib", &*other, "valbrune"),
    ] {
        let form = sitting(Form::from(username, password, conn), &description());
        answers.push(door.post(&form).await.text().await.unwrap());
    }
    assert_eq!(
        answers[0],
        r#"{"success":false,"code":"Seance.add.error","message":"Authentication error"}"#
    );
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let check = async |password: &str| {
        let body = format!("username=webdelib&password={password}&conn=valbrune");
        let request = door.scene.http.post(format!("{}/api300/check", door.scene.url)).body(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(check("wrong").await, (403, "Authentication error".to_owned()));
    assert_eq!(check("").await, (403, "Authentication error".to_owned()));
    // The right password is not heard either from an address that has guessed too often.
    assert_eq!(check(&door.password).await.0, 429);
    let (status, _) = door.said(&sitting(door.form(), &description())).await;
    assert_eq!(status, 429);
    door.scene.pass_ms(100_000);
    assert_eq!(check(&door.password).await, (200, "success".to_owned()));
    let mut clerk = door.scene.clerk().await;
    assert!(drafts(&door.scene, &mut clerk).await.is_empty());
}

#[tokio::test]
async fn an_account_brings_so_many_and_then_waits() {
    let limits = |config: &mut pupitre_server::Config| {
        config.limits.connector_rate = Rate { burst: 2.0, per_second: 0.1 };
    };
    let door = Door::open_with(LARGEST, limits).await;
    let at = |minute: u32| {
        let mut described = description();
        described["date_seance"] = format!("2026-12-10 18:{minute:02}").into();
        sitting(door.form(), &described)
    };
    assert_eq!(door.said(&at(1)).await.0, 200);
    assert_eq!(door.said(&at(2)).await.0, 200);
    let third = door.post(&at(3)).await;
    assert_eq!(
        (third.status().as_u16(), &third.headers()["retry-after"]),
        (429, &"10".parse().unwrap())
    );
    let said: Value = json_of(third).await;
    assert_eq!(
        (&said["success"], &said["code"]),
        (&Value::Bool(false), &"Seance.add.error".into())
    );
    door.scene.pass_ms(10_000);
    assert_eq!(door.said(&at(3)).await.0, 200);
}

#[tokio::test]
async fn forms_that_are_none_are_named_and_leave_nothing() {
    let door = Door::open().await;
    let good = description();
    let with = |change: fn(&mut Value)| {
        let mut described = good.clone();
        change(&mut described);
        sitting(door.form(), &described)
    };
    let half = |jsons: &str| door.form().file("convocation", &pdf(1)).field("jsonData", jsons);
    let cases: Vec<(Form, &str)> = vec![
        (Form::default(), "fields jsonData, username, password and conn must be set"),
        (door.form(), "fields jsonData, username, password and conn must be set"),
        (Form::default().file("convocation", &pdf(1)), "must stand before the first file"),
        (half("{\"date_seance\": "), "jsonData is not a valid json"),
        (half("[]"), "jsonData is not a valid json"),
        (half("{}"), "date_seance is required"),
        (half(r#"{"date_seance": "2026-12-10 18:30"}"#), "type_seance is required"),
        (with(|v| v["date_seance"] = Value::Null), "date_seance is required"),
        (with(|v| v["date_seance"] = "demain".into()), "date_seance is not a date"),
        (with(|v| v["projets"] = "x".into()), "jsonData is not a valid json"),
        (with(|v| v["projets"][0]["libelle"] = "  ".into()), "projets[] libelle is required"),
        (with(|v| v["projets"][0]["ordre"] = "-1".into()), "projets[] ordre is required"),
        (with(|v| v["projets"][1]["ordre"] = 1.into()), "stands twice"),
        (with(|v| v["projets"][2]["ordre"] = 7.into()), "projet_7_rapport is required"),
        (with(|v| v["acteurs_convoques"] = "[{".into()), "acteurs_convoques is not a valid json"),
        (
            with(|v| v["acteurs_convoques"] = json!([{"Acteur": {"nom": "X"}}])),
            "prenom, nom and email is required",
        ),
        (
            sitting(door.form(), &good).file("projet_9_rapport", &pdf(9)),
            "projet_9_rapport belongs to no",
        ),
        (sitting(door.form(), &good).file("convocation", &pdf(9)), "convocation stands twice"),
        (sitting(door.form(), &good).field("jsonData", "{}"), "jsonData stands twice"),
        (sitting(door.form().field("conn", "x"), &good), "conn stands twice"),
        (door.form().file("convocation", b"PK\x03\x04 an ODT"), "convocation is not a PDF"),
        (door.form().file("convocation", &vec![b' '; 5_000]), "convocation is not a PDF"),
        (door.form().file("projet_0_rapport", b"PK\x03\x04"), "projet_0_rapport is not a PDF"),
        (door.form().file("convocation", b""), "convocation is empty"),
        (
            half("{}").file("../../etc/passwd", &vec![0; 100_000]),
            "the interface does not know is too long",
        ),
        (Form::from(&"x".repeat(300), "y", "z"), "a name or password is too long"),
    ];
    let before = files(&door.scene.data());
    for (form, expected) in &cases {
        let said = door.refused(form).await;
        assert!(said.contains(expected), "{expected}: {said}");
        // A refused form counts against its account as much as a good one.
        door.scene.pass_ms(120_000);
    }
    let mut clerk = door.scene.clerk().await;
    assert!(drafts(&door.scene, &mut clerk).await.is_empty());
    assert_eq!(files(&door.scene.data()), before, "nothing stays of what was laid down");

    // A short field that nobody knows is passed over.
    let form = sitting(door.form().field("submit", "Envoyer"), &good);
    assert_eq!(door.said(&form).await.0, 200);
}

/// Names of the papers and of everything else beside the database, at any depth.
fn files(folder: &std::path::Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path().display().to_string());
        }
    }
    all.retain(|name| !name.contains("log.sqlite"));
    all.sort();
    all
}

#[tokio::test]
async fn broken_and_oversized_bodies_are_answered_and_leave_nothing() {
    let door = Door::open_with(300_000, |_| {}).await;
    let before = files(&door.scene.data());
    let whole = sitting(door.form(), &description()).body();
    let kind = Form::content_type();
    for (kind, body) in [
        (&*kind, whole[..whole.len() - 40].to_vec()),
        (&*kind, whole[..5_000].to_vec()),
        (&*kind, b"no form at all".to_vec()),
        (&*kind, Vec::new()),
        ("multipart/form-data", whole.clone()),
        ("multipart/form-data; boundary=another", whole.clone()),
        ("application/json", description().to_string().into_bytes()),
        ("", whole.clone()),
    ] {
        let response = door.post_bytes(kind, body).await;
        assert_eq!(response.status(), 400, "{kind}");
        let said: Value = json_of(response).await;
        assert_eq!(said["code"], "Seance.add.error", "{kind}");
        door.scene.pass_ms(120_000);
    }
    // A head without an end is not gathered for ever, whoever sends it.
    let endless = Form::default().raw(&"X-Long: ".repeat(40_000), b"").body();
    let response = door.post_bytes(&kind, endless).await;
    assert!([400, 413].contains(&response.status().as_u16()), "{}", response.status());

    // Too large, announced and not.
    let large = door.form().file("convocation", &[&b"%PDF-1.7"[..], &[0; 400_000]].concat()).body();
    let announced = door.post_bytes(&kind, large.clone()).await;
    assert_eq!(announced.status(), 413);
    let chunks: Vec<_> = large.chunks(8_192).map(|c| Ok::<_, std::io::Error>(c.to_vec())).collect();
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let request = door.scene.http.post(format!("{}/seances.json", door.scene.url));
    let chunked = request.header("content-type", &kind).body(stream).send().await.unwrap();
    assert_eq!(chunked.status(), 413);
    let said: Value = json_of(chunked).await;
    assert_eq!(said["message"], "the form is larger than 300000 bytes");

    // A sender that goes away in the middle of a paper.
    let address = door.scene.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /seances.json HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        whole.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(&whole[..8_000]).await.unwrap();
    socket.flush().await.unwrap();
    drop(socket);

    assert_eq!(files(&door.scene.data()), before);
    let mut clerk = door.scene.clerk().await;
    assert!(drafts(&door.scene, &mut clerk).await.is_empty());
    assert_eq!(door.post_bytes(&kind, whole).await.status(), 200, "the door still opens");
}

#[tokio::test]
async fn a_client_that_waits_for_leave_to_send_is_given_it() {
    let door = Door::open().await;
    let body = sitting(door.form(), &description()).body();
    let address = door.scene.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /seances.json HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n",
        Form::content_type(),
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut leave = [0; 25];
    socket.read_exact(&mut leave).await.unwrap();
    assert_eq!(&leave, b"HTTP/1.1 100 Continue\r\n\r\n");
    socket.write_all(&body).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("Seance.add.ok"),
        "{answer}"
    );
}
