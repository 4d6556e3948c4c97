//! A server's disk that fails at every call in turn: what was acknowledged stands, what was refused is said, nothing
//! panics, and it goes on when the disk does. The same in the middle of every migration.
//!
//! Some calls of each kind are tried, spread over all; `PUPITRE_FAULTS=all` tries each.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use domain::MemberId;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use pupitre_server::log::{Log, Position};
use testkit::Signer;
use testkit::faults::{Fault, Faults, Kind};
use wire::{Audience, Outcome};

use crate::world::{Author, EVERYTHING, World, append, outcomes};

const DAY: &str = "PUPITRE_TEST_SERVER_DAY";
const UPGRADE: &str = "PUPITRE_TEST_SERVER_UPGRADE";
/// Notes that a device sends in a day.
const NOTES: u64 = 10;

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "@ {what}").unwrap();
    out.flush().unwrap();
}

fn myself(test: &str, name: &str, value: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(name, value);
    command
}

fn said(out: &[u8]) -> Vec<String> {
    let out = String::from_utf8_lossy(out);
    let lines = out.lines().filter_map(|line| line.split_once("@ "));
    lines.map(|(_, said)| said.to_owned()).collect()
}

/// How many calls lie between two that are tried, when so many are to be tried of all.
fn stride(calls: u64, tried: u64) -> u64 {
    let all = std::env::var("PUPITRE_FAULTS").is_ok_and(|wish| wish == "all");
    if all { 1 } else { (calls / tried).max(1) }
}

fn open(file: &Path) -> Result<SqliteLog, String> {
    SqliteLog::open(file, Options::default(), Arc::default()).map_err(|error| error.to_string())
}

/// A council with its clerk, in a log at this place; what is needed to go on with it later.
async fn founded(file: &Path) -> (domain::CouncilId, MemberId) {
    let log = Arc::new(open(file).unwrap());
    let world = World::of(log, None).await;
    (world.council, world.clerk.member)
}

fn clerk(member: MemberId) -> Author {
    Author { signer: Signer::new(1), member }
}

/// Not a scene: the server whose disk fails. It says what was acknowledged.
#[tokio::test]
async fn the_day_of_a_server_on_a_failing_disk() {
    let Some(file) = std::env::var_os(DAY) else { return };
    let file = Path::new(&file);
    let opened = open(file).or_else(|error| {
        say(&format!("unopened {error}"));
        open(file)
    });
    let log = match opened {
        Ok(log) => log,
        Err(error) => return say(&format!("unopened {error}")),
    };
    let council = log.councils().await.unwrap_or_default().first().copied();
    let council = council.or(log.councils().await.unwrap_or_default().first().copied());
    let Some(council) = council else { return say("unread") };
    let mut author = clerk(MemberId::from_bytes([151; 16]));
    for number in 0..NOTES {
        let op = author.note(council, Audience::Private, &format!("note {number}"));
        // A tablet sends again what was not answered.
        let mut answer = "never".to_owned();
        for _ in 0..2 {
            let known = match log.device(author.signer.device).await {
                Ok(known) => known.unwrap(),
                Err(error) => {
                    say(&format!("refused {error}"));
                    continue;
                }
            };
            let examined = pupitre_server::log::Examined::examine(op.clone(), &known);
            match log.append(author.signer.device, vec![examined], crate::world::NOW).await {
                Ok(appended) => {
                    answer = match outcomes(appended)[..] {
                        [Outcome::Accepted { seq }] => format!("accepted {number} {seq}"),
                        ref other => panic!("{other:?}"),
                    };
                    break;
                }
                Err(error) => say(&format!("refused {error}")),
            }
        }
        say(&answer);
    }
    say("end");
}

#[tokio::test]
async fn a_servers_disk_that_fails_at_any_call_takes_back_nothing_that_was_acknowledged() {
    let workshop = tempfile::tempdir().unwrap();
    let Some(faults) = Faults::new(workshop.path()) else {
        eprintln!("skipped: no faults can be made on this system");
        return;
    };
    let mut tried = 0;
    for kind in Kind::ALL {
        let mut calls = 0;
        let mut at = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let data = folder.path().canonicalize().unwrap().join("data");
            std::fs::create_dir(&data).unwrap();
            let file = data.join("log.sqlite");
            let (council, member) = founded(&file).await;
            let mut day = myself("faults::the_day_of_a_server_on_a_failing_disk", DAY, &file);
            faults.lay(&mut day, &data, Fault { kind, at, many: 1 });
            let ran = day.output().unwrap();
            let what = format!("{kind:?} at {at}");
            let (said, errors) = (said(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
            assert!(!errors.contains("panicked"), "{what}: {errors}");
            assert_eq!(ran.status.success(), at == 0 || !kind.is_end(), "{what}: {said:?}");
            if at == 0 {
                calls = faults.counted();
                assert!(calls > 20, "{kind:?}: {calls} calls");
                assert_eq!(said.len() as u64, NOTES + 1, "{said:?}");
            }
            // One call was refused, and sent again: all is done.
            if !kind.is_end() && !said.iter().any(|line| line.starts_with("un")) {
                assert!(said.ends_with(&["end".to_owned()]), "{what}: {said:?}");
                assert!(!said.contains(&"never".to_owned()), "{what}: {said:?}");
            }
            let log = open(&file).unwrap_or_else(|error| panic!("{what}: {error}"));
            let start = Position { cursor: 0, view: 0 };
            let page = log.pull(council, member, start, EVERYTHING).await.unwrap();
            for line in said.iter().filter_map(|line| line.strip_prefix("accepted ")) {
                let (number, seq) = line.split_once(' ').unwrap();
                let seq: u64 = seq.parse().unwrap();
                let entry = page.items.iter().find(|entry| entry.seq == seq);
                let op = &entry.unwrap_or_else(|| panic!("{what}: {line} is gone")).op;
                assert_eq!(op.header.device_seq, number.parse::<u64>().unwrap() + 1, "{what}");
            }
            let whole: Vec<u64> = page.items.iter().map(|entry| entry.seq).collect();
            assert!(whole.iter().copied().eq(1..=whole.len() as u64), "{what}: {whole:?}");
            // The device goes on where it stopped, whatever it has heard.
            let mut author = clerk(member);
            let again: Vec<_> = (0..NOTES)
                .map(|n| author.note(council, Audience::Private, &format!("note {n}")))
                .collect();
            let answers = outcomes(append(&log, author.signer.device, again).await.unwrap());
            assert!(answers.iter().all(|one| matches!(one, Outcome::Accepted { .. })), "{what}");
            let head = log.head(council).await.unwrap();
            assert_eq!(head, 2 + NOTES, "{what}: each once");
            drop(log);
            let sound = rusqlite::Connection::open(&file).unwrap();
            let sound: String =
                sound.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(sound, "ok", "{what}");
            tried += 1;
            at = if at == 0 { 1 } else { at + stride(calls, 12) };
            if at > calls {
                break;
            }
        }
    }
    eprintln!("{tried} days on a failing disk");
}

const MIGRATIONS: [&str; 11] = [
    include_str!("../../../migrations/server/0001_log.sql"),
    include_str!("../../../migrations/server/0002_standing.sql"),
    include_str!("../../../migrations/server/0003_seen.sql"),
    include_str!("../../../migrations/server/0004_convocations.sql"),
    include_str!("../../../migrations/server/0005_post.sql"),
    include_str!("../../../migrations/server/0006_calendar.sql"),
    include_str!("../../../migrations/server/0007_messages.sql"),
    include_str!("../../../migrations/server/0008_keys.sql"),
    include_str!("../../../migrations/server/0009_held.sql"),
    include_str!("../../../migrations/server/0010_audit.sql"),
    include_str!("../../../migrations/server/0011_wipe.sql"),
];
/// Marks the file as a server's log.
const APPLICATION_ID: i32 = 0x5075_7053;

/// A log as the first version wrote it, brought to a later one.
fn past(file: &Path, version: usize) {
    let db = rusqlite::Connection::open(file).unwrap();
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    // A migration that makes a table anew must not take its rows' children along.
    db.pragma_update(None, "foreign_keys", false).unwrap();
    db.execute_batch(MIGRATIONS[0]).unwrap();
    db.execute_batch(
        "INSERT INTO council VALUES (1, zeroblob(16), 'Valbrune', 1, 7);
         INSERT INTO member VALUES (1, zeroblob(16), 'clerk', NULL);
         INSERT INTO device (device_no, id, council_no, member, name, signing_key, enrolled_ms,
                             last_seq)
         VALUES (1, zeroblob(16), 1, zeroblob(16), 'serveur', zeroblob(32), 5, 1);
         INSERT INTO entry VALUES (1099511627777, 1, 1, 'record', zeroblob(16), 'council', NULL,
                                   zeroblob(16), 0, 3, 4, 1, zeroblob(32), zeroblob(64), x'00');
         INSERT INTO record VALUES (1, 'council', zeroblob(16), 1, 1099511627777, 1);",
    )
    .unwrap();
    for migration in &MIGRATIONS[1..version] {
        db.execute_batch(migration).unwrap();
    }
    db.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    db.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
}

/// Not a scene: the server that opens a log of a past version.
#[test]
fn the_upgrade_of_a_log_that_is_cut_short() {
    let Some(file) = std::env::var_os(UPGRADE) else { return };
    match open(Path::new(&file)) {
        Ok(_) => say("opened"),
        Err(error) => say(&format!("unopened {error}")),
    }
}

#[test]
fn an_upgrade_of_a_log_from_any_version_that_is_cut_short_anywhere_loses_nothing() {
    let workshop = tempfile::tempdir().unwrap();
    let Some(faults) = Faults::new(workshop.path()) else {
        eprintln!("skipped: no faults can be made on this system");
        return;
    };
    let mut tried = 0;
    for version in 1..MIGRATIONS.len() {
        for kind in Kind::ALL {
            let run = |at: u64| {
                let folder = tempfile::tempdir().unwrap();
                let data = folder.path().canonicalize().unwrap().join("data");
                std::fs::create_dir(&data).unwrap();
                let file = data.join("log.sqlite");
                past(&file, version);
                let mut upgrade =
                    myself("faults::the_upgrade_of_a_log_that_is_cut_short", UPGRADE, &file);
                faults.lay(&mut upgrade, &data, Fault { kind, at, many: 1 });
                let ran = upgrade.output().unwrap();
                let what = format!("from version {version}, {kind:?} at {at}");
                let errors = String::from_utf8_lossy(&ran.stderr);
                assert!(!errors.contains("panicked"), "{what}: {errors}");
                assert_eq!(ran.status.success(), at == 0 || !kind.is_end(), "{what}");
                let calls = faults.counted();
                drop(open(&file).unwrap_or_else(|error| panic!("{what}: {error}")));
                let now = rusqlite::Connection::open(&file).unwrap();
                let kept: (i64, i64, i64) = now
                    .query_row(
                        "SELECT e.received_ms, r.version,
                                (SELECT user_version FROM pragma_user_version)
                         FROM record r JOIN entry e USING (place)",
                        [],
                        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                    )
                    .unwrap();
                assert_eq!((kept.0, kept.1), (4, 1), "{what}");
                assert!(kept.2 >= MIGRATIONS.len() as i64, "{what}: {kept:?}");
                let amiss: i64 = now
                    .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                        row.get(0)
                    })
                    .unwrap();
                let sound: String =
                    now.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
                assert_eq!((amiss, sound.as_str()), (0, "ok"), "{what}");
                calls
            };
            let calls = run(0);
            // Each version begins elsewhere, so that together they meet all of them.
            let step = usize::try_from(stride(calls, 3)).unwrap();
            for at in (1 + version as u64 % 5..=calls).step_by(step) {
                run(at);
                tried += 1;
            }
        }
    }
    eprintln!("{tried} upgrades cut short");
    assert!(tried > 80);
}
