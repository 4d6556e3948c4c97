//! Who gets what at every door: each route and each kind of operation, tried by everyone who could
//! stand before it. The outcomes are a table, and the table is a golden file: a door that opens or
//! closes for somebody changes a line that a person has to agree to.

use std::fmt::Write as _;

use domain::{
    Act, Body, BodyId, BodyKind, Convocation, ConvocationId, Council, CouncilKind, DeviceCard,
    Entity, Group, GroupId, PublicKey, Record, Role, Sha256, SittingId, SittingState, Timestamp,
};
use pupitre_server::commands::init::found;
use pupitre_server::commands::revoke::revoke;
use pupitre_server::config::database_file;
use pupitre_server::connector::ConnectorConfig;
use pupitre_server::connector::accounts::Accounts;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use ring::signature::Ed25519KeyPair;
use serde_json::Value;
use testkit::Signer;
use testkit::drafting::Form;
use wire::limits::SESSION_MS;
use wire::{
    Audience, CalendarAddress, CalendarRequest, Challenge, ChallengeRequest, DevicesRequest,
    DocKey, InviteRequest, Kind, Op, Outcome, Problem, RevokeRequest, Scope, SessionRequest,
    SyncRequest,
};

use crate::scene::{NOW, Scene, Tablet, a_pdf, declaration, enrol_request, person, sitting};

const OURS: GroupId = GroupId::from_bytes([1; 16]);
const THEIRS: GroupId = GroupId::from_bytes([2; 16]);

/// Everyone who could stand before a door, by their session.
struct Cast {
    scene: Scene,
    clerk: Tablet,
    official: Tablet,
    guest: Tablet,
    second: Tablet,
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
        scene.run(|config| config.connector = Some(ConnectorConfig { accounts, largest })).await;

        let mut clerk = scene.clerk().await;
        let expired = scene.member(&mut clerk, 20, Role::Official).await;
        scene.pass_ms(SESSION_MS);
        clerk.login(&scene).await.unwrap();

        let official = scene.member_of(&mut clerk, 10, Role::Official, vec![OURS]).await;
        let guest = scene.member(&mut clerk, 11, Role::Guest).await;
        let second = scene.member(&mut clerk, 12, Role::Official).await;
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
    let status = response.status().as_u16();
    if status < 400 || door.method == "HEAD" {
        return status.to_string();
    }
    let bytes = response.bytes().await.unwrap();
    // Drafting software is answered in its own words.
    if let Ok(text) = std::str::from_utf8(&bytes)
        && ["/api300/", "/seances.json"].iter().any(|path| door.path.starts_with(path))
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
    let sync = SyncRequest { protocol: wire::PROTOCOL, cursor: 0, view: 0, outbox: Vec::new() };
    let old = SyncRequest { protocol: 0, ..sync.clone() };
    let device = cast.official.signer.device;
    let known = Form::from("webdelib", &cast.drafting, "valbrune").field("jsonData", "{}");
    let made_up = Form::from("webdelib", "AAAA", "valbrune").field("jsonData", "{}");
    let stranger = enrol_request(&Signer::new(90), "AAAA-BBBB-CCCC-DDDD");
    vec![
        door("whether it lives", "GET", "/healthz", Vec::new()),
        door("nowhere", "GET", "/v1/nowhere", Vec::new()),
        door("metrics", "GET", "/metrics", Vec::new()),
        door("enrol, code made up", "POST", "/v1/enrol", cbor(&stranger)),
        door("a challenge", "POST", "/v1/challenge", cbor(&ChallengeRequest { device })),
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
        door("see the devices", "POST", "/v1/devices", cbor(&DevicesRequest {})),
        door(
            "revoke a second tablet",
            "POST",
            "/v1/devices/revoke",
            cbor(&RevokeRequest { device: cast.second.signer.device }),
        ),
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
    ]
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

#[tokio::test]
async fn every_route_for_everyone() {
    let cast = Cast::gather().await;
    let doors = doors(&cast).await;
    // A route that nobody tries is one whose doors nobody watches.
    let router = include_str!("../../src/router.rs");
    for route in router.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let stem = route.split('{').next().unwrap();
        let tried = doors.iter().any(|door| door.path.starts_with(stem));
        assert!(tried || route == "/v1/session", "{route} is not in the table");
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

/// Who writes operations.
const AUTHORS: [&str; 4] = ["guest", "official", "clerk", "quarantined"];

/// One of each kind of record, new, with what it is called in the table.
fn records(seed: u8, council: Council) -> Vec<(&'static str, u64, Record)> {
    let all = [
        ("the council", 1, Record::Council(council)),
        ("a member", 0, Record::Member(person(seed, Role::Official, Vec::new()))),
        (
            "a group",
            0,
            Record::Group(Group {
                id: GroupId::from_bytes([seed; 16]),
                name: "Ensemble".into(),
                colour: "#336699".into(),
            }),
        ),
        (
            "a body",
            0,
            Record::Body(Body {
                id: BodyId::from_bytes([seed; 16]),
                name: "Finances".into(),
                kind: BodyKind::Committee,
                members: Vec::new(),
                chair: None,
                substitutes: Vec::new(),
            }),
        ),
        ("a draft", 0, sitting(seed, SittingState::Draft)),
        ("a sitting", 0, sitting(seed.wrapping_add(1), SittingState::Published)),
        ("a sitting over a version", 7, sitting(seed.wrapping_add(2), SittingState::Published)),
        ("a device's card", 0, card(seed)),
        ("a convocation", 0, convocation(seed.wrapping_add(1))),
    ];
    // A new kind of record must be thought of here.
    for (_, _, record) in &all {
        match record.entity() {
            Entity::Council
            | Entity::Member
            | Entity::Group
            | Entity::Body
            | Entity::Sitting
            | Entity::Device
            | Entity::Convocation => {}
        }
    }
    all.to_vec()
}

fn card(seed: u8) -> Record {
    Record::Device(DeviceCard {
        id: Signer::new(seed).device,
        member: person(seed, Role::Official, Vec::new()).id,
        signing_key: PublicKey::from_bytes([seed; 32]),
        agreement_key: None,
        enrolled: Timestamp::UNIX_EPOCH,
        revoked: None,
    })
}

/// A convocation that was drawn from no agenda of the log.
fn convocation(seed: u8) -> Record {
    let sitting = SittingId::from_bytes([seed; 16]);
    Record::Convocation(Box::new(Convocation {
        id: ConvocationId::from_bytes(DocKey::of_convocation(sitting, 1).0),
        sitting,
        number: 1,
        act: Act::Convene,
        sitting_op: Sha256::from_bytes([seed; 32]),
        author: person(seed, Role::Clerk, Vec::new()).id,
        author_name: "Greffe".into(),
        made: Timestamp::UNIX_EPOCH,
        council: "Valbrune".into(),
        zone: "Europe/Paris".into(),
        title: "Conseil municipal".into(),
        kind: BodyKind::Council,
        starts: Timestamp::UNIX_EPOCH,
        place: String::new(),
        agenda: Vec::new(),
        papers: Vec::new(),
        recipients: Vec::new(),
        urgency: None,
        ruling: None,
        note: None,
        answer_by: None,
    }))
}

#[tokio::test]
async fn every_operation_by_everyone() {
    let mut cast = Cast::gather().await;
    let council = cast.scene.council;
    let other_council = cast.foreign_clerk.council;
    let other = cast.second.member;
    let ours = Council {
        id: council,
        name: "Valbrune".into(),
        kind: CouncilKind::Commune,
        population: 9_000,
        zone: "Europe/Paris".into(),
        local_law: None,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    };
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for (column, author) in AUTHORS.iter().enumerate() {
        let tablet = match *author {
            "guest" => &mut cast.guest,
            "official" => &mut cast.official,
            "clerk" => &mut cast.clerk,
            _ => &mut cast.quarantined,
        };
        let member = tablet.member;
        let mut tried: Vec<(String, Op)> = Vec::new();
        for (name, audience) in [
            ("for me", Audience::Private),
            ("for my group", Audience::Group(OURS)),
            ("for another group", Audience::Group(THEIRS)),
            ("for the council", Audience::Council),
            ("for the clerks", Audience::Administration),
        ] {
            tried.push((format!("a note {name}"), tablet.note(audience, name)));
        }
        let pdf = Sha256::from_bytes([7; 32]);
        let theirs = Scope { owner: other, audience: Audience::Private };
        let own = tablet.scope(Audience::Private);
        let signer = &mut tablet.signer;
        tried.push(("a note in another's scope".into(), signer.note(council, theirs, pdf, b"x")));
        tried.push(("a note elsewhere".into(), signer.note(other_council, own, pdf, b"x")));
        let mut altered = signer.note(council, own, pdf, b"x");
        altered.payload.push(0);
        tried.push(("a note, altered".into(), altered));
        let mut stranger = Signer::new(92);
        stranger.device = signer.device;
        stranger.next = signer.next;
        signer.next += 1;
        tried.push(("a note by another's key".into(), stranger.note(council, own, pdf, b"x")));
        let huge = signer.seal(
            council,
            own,
            DocKey([1; 16]),
            Kind::Note,
            vec![0; wire::limits::OP_PAYLOAD + 1],
        );
        tried.push(("a note, too large".into(), huge));
        let place = DocKey::of_devices(member);
        for (name, kind, audience, bytes) in [
            ("keys for me", Kind::Keys, Audience::Private, 100),
            ("keys for my group", Kind::Keys, Audience::Group(OURS), 100),
            ("keys for another group", Kind::Keys, Audience::Group(THEIRS), 100),
            ("keys for the council", Kind::Keys, Audience::Council, 100),
            ("keys, too large", Kind::Keys, Audience::Private, wire::limits::KEYS_PAYLOAD + 1),
            ("a list of devices", Kind::Directory, Audience::Council, 100),
            ("a list for me alone", Kind::Directory, Audience::Private, 100),
            (
                "a list, too large",
                Kind::Directory,
                Audience::Council,
                wire::limits::DIRECTORY_PAYLOAD + 1,
            ),
        ] {
            let scope = Scope { owner: member, audience };
            let op = signer.seal(council, scope, place, kind, vec![0; bytes]);
            tried.push((name.to_owned(), op));
        }
        let list = signer.seal(
            council,
            Scope { owner: other, audience: Audience::Council },
            DocKey::of_devices(other),
            Kind::Directory,
            vec![0; 100],
        );
        tried.push(("a list in another's name".into(), list));
        let stray = signer.seal(council, own, DocKey([1; 16]), Kind::Keys, vec![0; 100]);
        tried.push(("keys in another place".into(), stray));
        // Each author's records are new ones; the council's own stands at version 1.
        let seed = 100 + u8::try_from(column).unwrap() * 10;
        for (name, version, record) in records(seed, ours.clone()) {
            tried.push((name.to_owned(), signer.record(council, member, version, &record)));
        }
        let open = sitting(seed + 5, SittingState::Published);
        let as_draft = signer.record(council, member, 0, &open);
        signer.next -= 1;
        for (name, audience) in [
            ("a sitting for me alone", Audience::Private),
            ("a sitting for clerks", Audience::Administration),
        ] {
            let scope = Scope { owner: member, audience };
            let header = as_draft.header.clone();
            let op =
                signer.seal(council, scope, header.document, header.kind, as_draft.payload.clone());
            tried.push((name.to_owned(), op));
        }
        let elsewhere = Record::Council(Council { id: other_council, ..ours.clone() });
        tried.push(("another council".into(), signer.record(council, member, 0, &elsewhere)));
        let garbled =
            signer.seal(council, own, DocKey([1; 16]), Kind::Record, b"not a record".to_vec());
        tried.push(("a record, garbled".into(), garbled));

        for (row, (name, op)) in tried.into_iter().enumerate() {
            let response = tablet.sync(&cast.scene, vec![op]).await.unwrap();
            let outcome = match &response.acks[..] {
                [ack] => match &ack.outcome {
                    Outcome::Accepted { .. } => "accepted".to_owned(),
                    Outcome::Conflict { current } => format!("conflict with {current}"),
                    Outcome::Refused { code } => format!("{code:?}"),
                },
                other => panic!("{name}: {other:?}"),
            };
            if rows.len() == row {
                rows.push((name.clone(), Vec::new()));
            }
            assert_eq!(rows[row].0, name);
            rows[row].1.push(outcome);
        }
    }
    let mut table = format!("{:<27}", "");
    for author in AUTHORS {
        write!(table, " {author:<16}").unwrap();
    }
    for (name, outcomes) in rows {
        write!(table, "\n{name:<27}").unwrap();
        for outcome in outcomes {
            write!(table, " {outcome:<16}").unwrap();
        }
    }
    let table: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    insta::assert_snapshot!("operations", table);
    // Nothing of another council ever came here, nor ours there.
    cast.foreign_official.pull(&cast.scene).await;
    assert!(cast.foreign_official.entries.iter().all(|e| e.op.header.council == other_council));
}
