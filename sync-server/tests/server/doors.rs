//! Who gets what at every door: each route and each kind of operation, tried by everyone who could
//! stand before it. The outcomes are a table, and the table is a golden file: a door that opens or
//! closes for somebody changes a line that a person has to agree to.

mod operations;

use std::fmt::Write as _;

use domain::{GroupId, Role};
use pupitre_server::Config;
use pupitre_server::commands::init::found;
use pupitre_server::commands::revoke::revoke;
use pupitre_server::config::database_file;
use pupitre_server::connector::ConnectorConfig;
use pupitre_server::connector::accounts::Accounts;
use pupitre_server::limits::Rate;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use ring::signature::Ed25519KeyPair;
use serde_json::Value;
use testkit::Signer;
use testkit::drafting::Form;
use wire::limits::SESSION_MS;
use wire::{
    Audience, CalendarAddress, CalendarRequest, Challenge, ChallengeRequest, DevicesRequest,
    FarewellRequest, InviteRequest, Problem, RevokeRequest, SessionRequest, SyncRequest,
};

use crate::scene::{NOW, Scene, Tablet, a_pdf, declaration, enrol_request};

const OURS: GroupId = GroupId::from_bytes([1; 16]);
const THEIRS: GroupId = GroupId::from_bytes([2; 16]);

/// Everyone who could stand before a door, by their session.
struct Cast {
    scene: Scene,
    clerk: Tablet,
    official: Tablet,
    guest: Tablet,
    second: Tablet,
    /// Another tablet of the official.
    other: Tablet,
    quarantined: Tablet,
    revoked: Tablet,
    expired: Tablet,
    foreign_clerk: Tablet,
    foreign_official: Tablet,
    /// The password of drafting software.
    drafting: String,
    /// Path of the official's calendar.
    calendar: String,
}

impl Cast {
    async fn gather() -> Self {
        let mut scene = Scene::start().await;
        // A second council in the same server.
        scene.stop().await;
        let log =
            SqliteLog::open(&database_file(&scene.data()), Options::default(), Default::default())
                .unwrap();
        let keys = Ed25519KeyPair::from_seed_unchecked(&[77; 32]).unwrap();
        let elsewhere = found(&log, &keys, declaration("Montclar"), NOW).await.unwrap();
        drop(log);
        // The door for drafting software stands open.
        let file = scene.dir.path().join("connector.json");
        let words = ["webdelib", "valbrune", "Webdelib"];
        let drafting = Accounts::grant(&file, scene.council, words).unwrap();
        let accounts = file.clone();
        let largest = 10_000;
        let open = |config: &mut Config| {
            config.connector = Some(ConnectorConfig { accounts, largest });
            // Everyone tries wrong credentials at every door, from one address.
            config.limits.guess_rate = Rate { burst: 1_000.0, per_second: 1.0 };
        };
        scene.run(open).await;

        let mut clerk = scene.clerk().await;
        let expired = scene.member(&mut clerk, 20, Role::Official).await;
        scene.pass_ms(SESSION_MS);
        clerk.login(&scene).await.unwrap();

        let official = scene.member_of(&mut clerk, 10, Role::Official, vec![OURS]).await;
        let guest = scene.member(&mut clerk, 11, Role::Guest).await;
        let second = scene.member(&mut clerk, 12, Role::Official).await;
        let code = clerk.invite(&scene, official.member).await;
        let other = Tablet::enrol(&scene, &code, 15).await.unwrap();
        let mut quarantined = scene.member(&mut clerk, 13, Role::Official).await;
        for text in ["un", "deux"] {
            quarantined.signer.next = 1;
            let op = quarantined.note(Audience::Private, text);
            quarantined.sync(&scene, vec![op]).await.unwrap();
        }
        let revoked = scene.member(&mut clerk, 14, Role::Clerk).await;
        revoke(&scene.data(), Some(revoked.signer.device), None, NOW).await.unwrap();

        let mut foreign_clerk =
            Tablet::enrol(&scene, &elsewhere.clerk_invitation, 30).await.unwrap();
        let foreign_official = scene.member(&mut foreign_clerk, 31, Role::Official).await;
        let request = CalendarRequest { renew: false };
        let calendar: CalendarAddress =
            scene.post("/v1/calendar", Some(&official.token), &request).await.unwrap();
        Self {
            scene,
            clerk,
            official,
            guest,
            second,
            other,
            quarantined,
            revoked,
            expired,
            foreign_clerk,
            foreign_official,
            drafting,
            calendar: calendar.path,
        }
    }

    fn tokens(&self) -> Vec<(&'static str, Option<String>)> {
        let made_up = pupitre_server::codes::token([5; 32]);
        let of = |tablet: &Tablet| Some(tablet.token.clone());
        vec![
            ("nobody", None),
            ("a made-up token", Some(made_up)),
            ("an expired session", of(&self.expired)),
            ("a revoked clerk's device", of(&self.revoked)),
            ("a guest", of(&self.guest)),
            ("an official", of(&self.official)),
            ("a quarantined device", of(&self.quarantined)),
            ("a clerk", of(&self.clerk)),
            ("another council's official", of(&self.foreign_official)),
            ("another council's clerk", of(&self.foreign_clerk)),
        ]
    }
}

/// A request to be tried by everyone.
struct Door {
    name: &'static str,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn door(name: &'static str, method: &'static str, path: &str, body: Vec<u8>) -> Door {
    Door { name, method, path: path.to_owned(), headers: Vec::new(), body }
}

async fn knock(scene: &Scene, door: &Door, token: Option<&str>) -> String {
    let url = format!("{}{}", scene.url, door.path);
    let mut request = scene.http.request(door.method.parse().unwrap(), url);
    for (name, value) in &door.headers {
        request = request.header(*name, value);
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.body(door.body.clone()).send().await.unwrap();
    // Whatever the answer, it is nothing to be run, shown or framed.
    let headers = response.headers();
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    let kept = headers["cache-control"].to_str().unwrap();
    assert!(kept == "no-store" || kept.starts_with("private, "), "{kept}");
    assert!(!headers.contains_key("set-cookie") && !headers.contains_key("server"));
    assert!(!headers.contains_key("access-control-allow-origin"), "no page elsewhere asks");
    let status = response.status().as_u16();
    if status < 400 || door.method == "HEAD" {
        return status.to_string();
    }
    let bytes = response.bytes().await.unwrap();
    // Drafting software is answered in its own words.
    if let Ok(text) = std::str::from_utf8(&bytes)
        && ["/api300/", "/Api300/", "/seances.json"].iter().any(|path| door.path.contains(path))
        && let said = serde_json::from_str(text).unwrap_or(Value::Null)
    {
        return format!("{status} {}", said["message"].as_str().unwrap_or(text));
    }
    let problem: Problem = wire::decode(&bytes).unwrap();
    format!("{status} {:?}", problem.code)
}

fn cbor<T: minicbor::Encode<()>>(message: &T) -> Vec<u8> {
    wire::encode(message).unwrap()
}

async fn doors(cast: &Cast) -> Vec<Door> {
    let scene = &cast.scene;
    let (ours, held) = a_pdf(1, 500);
    let (theirs, foreign) = a_pdf(2, 500);
    for (tablet, bytes, digest) in
        [(&cast.clerk, ours, held), (&cast.foreign_clerk, theirs, foreign)]
    {
        let path = wire::blob::path(&digest);
        let mut put = door("", "PUT", &path, bytes);
        put.headers = upload(0, 500);
        assert_eq!(knock(scene, &put, Some(&tablet.token)).await, "201");
    }
    let blob = wire::blob::path;
    let (_, unknown) = a_pdf(3, 500);
    let mut put = door("an upload's first byte", "PUT", &blob(&a_pdf(4, 500).1), vec![0]);
    put.headers = upload(0, 500);
    let mut poke = door("the poke socket", "GET", "/v1/poke", Vec::new());
    poke.headers = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    let sync = SyncRequest {
        protocol: wire::PROTOCOL,
        cursor: 0,
        view: 0,
        outbox: Vec::new(),
        next: None,
    };
    let old = SyncRequest { protocol: 0, ..sync.clone() };
    let device = cast.official.signer.device;
    let known = Form::from("webdelib", &cast.drafting, "valbrune").field("jsonData", "{}");
    let made_up = Form::from("webdelib", "AAAA", "valbrune").field("jsonData", "{}");
    let stranger = enrol_request(&Signer::new(90), "AAAA-BBBB-CCCC-DDDD");
    let answered = cast.official.signer.answer(&Challenge { nonce: [9; 32] });
    let leaving = FarewellRequest {
        protocol: wire::PROTOCOL,
        answered: answered.clone(),
        outbox: Vec::new(),
        emptied: false,
    };
    let mut doors = vec![
        door("whether it lives", "GET", "/healthz", Vec::new()),
        door("nowhere", "GET", "/v1/nowhere", Vec::new()),
        door("metrics", "GET", "/metrics", Vec::new()),
        door("enrol, code made up", "POST", "/v1/enrol", cbor(&stranger)),
        door("a challenge", "POST", "/v1/challenge", cbor(&ChallengeRequest { device })),
        door("a session, challenge made up", "POST", "/v1/session", cbor(&answered)),
        door("an exchange", "POST", "/v1/sync", cbor(&sync)),
        door("an exchange, app too old", "POST", "/v1/sync", cbor(&old)),
        door("an exchange, not CBOR", "POST", "/v1/sync", b"{}".to_vec()),
        poke,
        door(
            "invite an official",
            "POST",
            "/v1/invitations",
            cbor(&InviteRequest { member: cast.official.member }),
        ),
        door(
            "invite one elsewhere",
            "POST",
            "/v1/invitations",
            cbor(&InviteRequest { member: cast.foreign_official.member }),
        ),
        door(
            "one's own calendar's address",
            "POST",
            "/v1/calendar",
            cbor(&CalendarRequest { renew: false }),
        ),
        door("a calendar", "GET", &cast.calendar, Vec::new()),
        door("a calendar, made up", "GET", "/calendar/0123456789abcdef.ics", Vec::new()),
        door("read the audit log", "GET", "/v1/audit", Vec::new()),
        door("read the audit log, not so", "GET", "/v1/audit?before=yesterday", Vec::new()),
        door("see the devices", "POST", "/v1/devices", cbor(&DevicesRequest {})),
        door(
            "revoke a second tablet",
            "POST",
            "/v1/devices/revoke",
            cbor(&RevokeRequest { device: cast.second.signer.device, wipe: None }),
        ),
        door("see one's own devices", "POST", "/v1/devices/own", cbor(&DevicesRequest {})),
        door(
            "revoke an official's own tablet",
            "POST",
            "/v1/devices/own/revoke",
            cbor(&RevokeRequest { device: cast.other.signer.device, wipe: None }),
        ),
        door("a farewell, challenge made up", "POST", "/v1/farewell", cbor(&leaving)),
        door("ask for a paper", "HEAD", &blob(&held), Vec::new()),
        door("read a paper", "GET", &blob(&held), Vec::new()),
        door("read one elsewhere", "GET", &blob(&foreign), Vec::new()),
        door("read one unknown", "GET", &blob(&unknown), Vec::new()),
        put,
        door("drafting: ping", "GET", "/api300/ping", Vec::new()),
        door("drafting: version", "GET", "/api300/version", Vec::new()),
        drafting("drafting: check", "/api300/check", &known),
        drafting("drafting: check, made up", "/api300/check", &made_up),
        drafting("drafting: a form without a sitting", "/seances.json", &known),
        drafting("drafting: a form, made up", "/seances.json", &made_up),
        drafting("drafting: a form, made up", "//seances.json", &made_up),
    ];
    for api in ["//api300", "/Api300", "//Api300"] {
        doors.push(door("drafting: ping", "GET", &format!("{api}/ping"), Vec::new()));
        doors.push(door("drafting: version", "GET", &format!("{api}/version"), Vec::new()));
        doors.push(drafting("drafting: check, made up", &format!("{api}/check"), &made_up));
    }
    doors
}

fn drafting(name: &'static str, path: &str, form: &Form) -> Door {
    let mut door = door(name, "POST", path, form.body());
    door.headers = vec![("content-type", Form::content_type())];
    door
}

fn upload(offset: u64, length: u64) -> Vec<(&'static str, String)> {
    vec![
        (wire::blob::UPLOAD_OFFSET, offset.to_string()),
        (wire::blob::UPLOAD_LENGTH, length.to_string()),
    ]
}

/// Whether a path is one of a route's, in which `{…}` stands for any one part.
fn is_of(path: &str, route: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (path, route): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len()
        && path.iter().zip(&route).all(|(part, asked)| asked.starts_with('{') || part == asked)
}

#[tokio::test]
async fn every_route_for_everyone() {
    let cast = Cast::gather().await;
    let doors = doors(&cast).await;
    // A route that nobody tries is one whose doors nobody watches.
    let [routes, _] = pupitre_server::routes();
    for (method, route) in &routes {
        let tried = doors.iter().any(|door| door.method == *method && is_of(&door.path, route));
        assert!(tried, "{method} {route} is not in the table");
    }

    let mut table = String::new();
    for door in &doors {
        writeln!(table, "{} ({} {})", door.name, door.method, stem(&door.path)).unwrap();
        for (who, token) in cast.tokens() {
            let outcome = knock(&cast.scene, door, token.as_deref()).await;
            writeln!(table, "    {who:<27} {outcome}").unwrap();
        }
    }
    insta::assert_snapshot!("routes", table);
}

/// The list of routes is the whole of the doors: whatever else is tried at one of their addresses is
/// refused before anybody is asked who they are.
#[tokio::test]
async fn no_address_takes_a_method_that_is_not_in_the_list() {
    let cast = Cast::gather().await;
    let [routes, operators] = pupitre_server::routes();
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
    let mut refused = 0;
    for (_, path) in &routes {
        for method in methods {
            // HEAD is what GET would answer, without its body.
            let like = if method == "HEAD" { ["HEAD", "GET"] } else { [method; 2] };
            if routes.iter().any(|(known, other)| other == path && like.contains(known)) {
                continue;
            }
            let address = path.replace("{name}", "x.ics").replace("{sha256}", &"ab".repeat(32));
            let door = door("", method, &address, Vec::new());
            let outcome = knock(&cast.scene, &door, Some(&cast.clerk.token)).await;
            let expected = if method == "HEAD" { "405" } else { "405 Malformed" };
            assert_eq!(outcome, expected, "{method} {address}");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");

    // The operator's door, which asks nobody who they are, has its two and nothing of the tablets'.
    assert_eq!(operators.len(), 2);
    for (method, path) in routes.iter().chain(&operators) {
        let address = path.replace("{name}", "x.ics").replace("{sha256}", &"ab".repeat(32));
        let url = format!("{}{address}", cast.scene.operator_url);
        let request = cast.scene.http.request(method.parse().unwrap(), url);
        let status = request.bearer_auth(&cast.clerk.token).send().await.unwrap().status();
        let own = operators.iter().any(|(_, other)| other == path);
        assert_eq!(status.as_u16(), if own { 200 } else { 404 }, "{method} {path}");
    }
}

fn stem(path: &str) -> &str {
    for (folder, stem) in [("/v1/blobs/", "/v1/blobs/…"), ("/calendar/", "/calendar/…")] {
        if path.starts_with(folder) {
            return stem;
        }
    }
    path
}

#[tokio::test]
async fn every_way_to_ask_for_a_session() {
    let cast = Cast::gather().await;
    let scene = &cast.scene;
    let challenge = async |device| {
        let challenge: Challenge =
            scene.post("/v1/challenge", None, &ChallengeRequest { device }).await.unwrap();
        challenge
    };
    let official = &cast.official.signer;
    let stranger = Signer::new(91);
    let honest = official.answer(&challenge(official.device).await);
    let mut forged = official.answer(&challenge(official.device).await);
    forged.signature[0] ^= 1;
    let by_another = SessionRequest {
        device: official.device,
        ..cast.second.signer.answer(&challenge(official.device).await)
    };
    let for_another = official.answer(&challenge(cast.second.signer.device).await);
    let made_up = official.answer(&Challenge { nonce: [9; 32] });
    let unknown = stranger.answer(&challenge(stranger.device).await);
    let revoked = cast.revoked.signer.answer(&challenge(cast.revoked.signer.device).await);
    let mut revoked_forged =
        cast.revoked.signer.answer(&challenge(cast.revoked.signer.device).await);
    revoked_forged.signature[0] ^= 1;
    let quarantined =
        cast.quarantined.signer.answer(&challenge(cast.quarantined.signer.device).await);
    let stale = official.answer(&challenge(official.device).await);

    let mut table = String::new();
    for (what, request) in [
        ("a signed challenge", honest.clone()),
        ("the same once more", honest),
        ("a forged signature", forged),
        ("signed by another device", by_another),
        ("another device's challenge", for_another),
        ("a made-up challenge", made_up),
        ("an unknown device", unknown),
        ("a revoked device", revoked),
        ("a revoked device, forged", revoked_forged),
        ("a quarantined device", quarantined),
    ] {
        let door = door("", "POST", "/v1/session", cbor(&request));
        writeln!(table, "{what:<28} {}", knock(scene, &door, None).await).unwrap();
    }
    scene.pass_ms(wire::limits::CHALLENGE_MS);
    let door = door("", "POST", "/v1/session", cbor(&stale));
    writeln!(table, "{:<28} {}", "a challenge of yesterday", knock(scene, &door, None).await)
        .unwrap();
    insta::assert_snapshot!("sessions", table);
}
