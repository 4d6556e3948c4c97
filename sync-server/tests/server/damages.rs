//! Every kind of damage that the doctor knows, planted one at a time: each is found and named.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use domain::Role;
use pupitre_server::blobs::files::place;
use pupitre_server::commands::backup::backup;
use pupitre_server::commands::doctor::doctor;
use pupitre_server::config::{blobs_dir, database_file, key_file};
use rusqlite::Connection;
use wire::Audience;

use crate::backup::upload;
use crate::scene::{NOW, Scene};

/// Damage to the database, and what the doctor says of it.
const IN_THE_DATABASE: &[(&str, &str)] = &[
    ("UPDATE entry SET payload = x'00' WHERE place & 1099511627775 = 8", "Entry 8"),
    ("UPDATE entry SET signature = zeroblob(64) WHERE place & 1099511627775 = 9", "Entry 9"),
    ("UPDATE entry SET made_ms = made_ms + 1 WHERE place & 1099511627775 = 8", "Entry 8"),
    ("UPDATE entry SET op_hash = zeroblob(32) WHERE place & 1099511627775 = 8", "Entry 8"),
    ("UPDATE device SET signing_key = zeroblob(32)", "is not what its device signed"),
    ("DELETE FROM entry WHERE place & 1099511627775 = 8", "has gaps"),
    ("DELETE FROM entry WHERE place & 1099511627775 = 9", "its head says 9"),
    ("UPDATE council SET head = 30", "its head says 30"),
    ("UPDATE member SET role = 'clerk'", "do not say what the member record"),
    ("UPDATE council SET name = 'Ailleurs'", "do not say what the council record"),
    ("UPDATE record SET version = 9 WHERE entity = 'council'", "do not stand"),
    ("DELETE FROM record WHERE entity = 'member'", "do not stand"),
    ("UPDATE record SET shown = 0 WHERE entity = 'council'", "is shown to others"),
    ("UPDATE device SET last_seq = 9", "its line says 9"),
    (
        "INSERT INTO refusal SELECT device_no, device_seq, op_hash, NULL, 1 FROM entry
         WHERE place & 1099511627775 = 8",
        "was both taken and refused",
    ),
    ("PRAGMA foreign_keys = OFF; UPDATE session SET device_no = 99", "points at nothing"),
    (
        "INSERT OR REPLACE INTO post_cursor SELECT council_no, (council_no << 40) + 77 FROM council",
        "convocations that come now would not be sent",
    ),
    (
        "INSERT INTO message SELECT council_no, zeroblob(16), zeroblob(16), (council_no << 40) + 8
         FROM council",
        "A copy of message",
    ),
    (
        "INSERT INTO post (council_no, sitting, convocation, member, channel, reminder, address,
                           queued_ms, next_ms)
         SELECT council_no, zeroblob(16), zeroblob(16), zeroblob(16), 'email', 0, 'a@b', 0, 0
         FROM council",
        "A letter waits about convocation",
    ),
    (
        "INSERT INTO proxy SELECT council_no, zeroblob(16), zeroblob(16), zeroblob(16), 0
         FROM council",
        "A proxy for sitting",
    ),
    (
        "PRAGMA foreign_keys = OFF; UPDATE device SET carded = 1;
         DELETE FROM record WHERE entity = 'device'",
        "The directory has no card",
    ),
    ("UPDATE member SET revoked_ms = 5", "has no clerk who could come in"),
    ("DELETE FROM standing", "must have one row"),
    ("DROP TRIGGER device_standing", "trigger device_standing of the database is not as this"),
    ("DROP INDEX entry_by_audience", "index entry_by_audience of the database is not as this"),
    ("CREATE TABLE theirs (x)", "table theirs of the database is not this program's"),
    ("UPDATE paper SET bytes = 7", "but the database says 7 bytes"),
];

/// What is done to the bytes of a file.
type Wound = fn(&mut Vec<u8>);

fn assert_found(data: &Path, wound: &str, expected: &str) {
    let health = doctor(data, NOW).unwrap();
    assert!(!health.ok, "{wound}");
    assert!(
        health.problems.iter().any(|problem| problem.contains(expected)),
        "{wound}: {:?}",
        health.problems
    );
}

#[tokio::test]
async fn every_damage_is_found_and_named() {
    let mut scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let (spoiled, lost) = (upload(&scene, &clerk, 1).await, upload(&scene, &clerk, 2).await);
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    for text in ["un", "deux", "trois"] {
        let op = tablet.note(Audience::Private, text);
        tablet.sync(&scene, vec![op]).await.unwrap();
    }
    scene.stop().await;
    let data = scene.data();
    assert_eq!(doctor(&data, NOW).unwrap().problems, Vec::<String>::new());

    // One wound at a time, each healed before the next.
    let sound = std::fs::read(database_file(&data)).unwrap();
    let heal = || {
        for leftover in ["log.sqlite-wal", "log.sqlite-shm"] {
            std::fs::remove_file(data.join(leftover)).ok();
        }
        std::fs::write(database_file(&data), &sound).unwrap();
    };
    for (wound, expected) in IN_THE_DATABASE {
        Connection::open(database_file(&data)).unwrap().execute_batch(wound).unwrap();
        assert_found(&data, wound, expected);
        heal();
    }
    // Bytes of the file itself: torn, cut, not a database.
    let wounds: [(&str, Wound); 3] = [
        ("a torn page", |bytes| bytes[8_192..12_288].fill(0xA5)),
        ("a cut file", |bytes| bytes.truncate(bytes.len() / 2)),
        ("no header", |bytes| bytes[..100].fill(0)),
    ];
    for (wound, damage) in wounds {
        let mut bytes = sound.clone();
        damage(&mut bytes);
        std::fs::write(database_file(&data), bytes).unwrap();
        assert!(!doctor(&data, NOW).unwrap().ok, "{wound}");
        heal();
    }
    assert_eq!(doctor(&data, NOW).unwrap().problems, Vec::<String>::new(), "healed");

    beside_the_database(&data, spoiled, lost);
    // And a backup says what it lacks.
    let out = scene.dir.path().join("backup.tar");
    assert_eq!(backup(&data, &out).unwrap().missing.len(), 2);
}

/// Damage to the papers and to the server's key.
fn beside_the_database(data: &Path, spoiled: domain::Sha256, lost: domain::Sha256) {
    let key = key_file(data);
    let document = std::fs::read(&key).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_found(data, "an open key", "can be read by others");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, b"key").unwrap();
    assert_found(data, "a spoiled key", "own key is damaged");
    let other = ring::signature::Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new());
    std::fs::write(&key, other.unwrap().as_ref()).unwrap();
    assert_found(data, "another key", "is not the one that council");
    std::fs::remove_file(&key).unwrap();
    assert_found(data, "no key", "own key is missing");
    std::fs::write(&key, document).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(data.join("log.sqlite.restoring"), b"half").unwrap();
    assert_found(data, "half a restore", "A restore was cut short");
    std::fs::remove_file(data.join("log.sqlite.restoring")).unwrap();
    assert_eq!(doctor(data, NOW).unwrap().problems, Vec::<String>::new(), "healed");

    let blobs = blobs_dir(data);
    std::fs::write(place(&blobs, spoiled), b"spoiled").unwrap();
    std::fs::remove_file(place(&blobs, lost)).unwrap();
    std::fs::write(blobs.join("partial/half"), b"half").unwrap();
    let tomorrow = jiff::Timestamp::now().as_millisecond() + 2 * 24 * 3_600_000;
    let health = doctor(data, tomorrow).unwrap();
    for expected in [
        format!("The paper {spoiled} is damaged"),
        format!("The paper {lost} is missing"),
        "1 upload(s) were begun".to_owned(),
    ] {
        assert!(
            health.problems.iter().any(|problem| problem.contains(&expected)),
            "{expected}: {:?}",
            health.problems
        );
    }
}
