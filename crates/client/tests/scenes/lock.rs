//! A tablet with a PIN: what it answers while it is locked, and after.

use std::sync::Arc;

use ipc::{Command, ErrorCode, Event, LockCommand, LockView, Problem, Reply, Secret};
use pupitre_client::{Client, ClientConfig, Door, SystemWorld};
use store::{FileKeys, FilePapers, SqliteStore, Vault};

use crate::council::{Council, note, reader};

/// The door before a profile, as the window has it.
fn door(profile: &std::path::Path) -> Door {
    let vault = Vault::open(profile).unwrap();
    let (profile, parts) = (profile.to_owned(), vault.clone());
    let opening = move || -> Result<Client, Problem> {
        Ok(Client::start(ClientConfig {
            store: Box::new(SqliteStore::open_with(&profile, &parts).unwrap()),
            files: Arc::new(FilePapers::open_with(&profile, &parts).unwrap()),
            keys: Arc::new(FileKeys::open_with(&profile, parts.clone())),
            papers: reader().unwrap(),
            letters: Arc::new(press::convocation),
            world: Arc::new(SystemWorld::default()),
            automatic: false,
        }))
    };
    Door::new(Arc::new(vault), Arc::new(SystemWorld::default()), Box::new(opening))
}

async fn lock(door: &Door, asked: LockCommand) -> Result<LockView, ErrorCode> {
    match door.handle(Command::Lock(asked)).await {
        Ok(Reply::Lock(view)) => Ok(view),
        Ok(other) => panic!("{other:?}"),
        Err(problem) => Err(problem.code),
    }
}

fn unlock(pin: &str) -> LockCommand {
    LockCommand::Unlock { pin: Secret::new(pin) }
}

fn set(pin: &str, old: Option<&str>) -> LockCommand {
    LockCommand::Set { pin: Secret::new(pin), old: old.map(Secret::new) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_tablet_answers_nothing_but_its_lock_and_has_everything_afterwards() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = tablet.document("Convention").await;
    tablet.mark(note(document, 1, "à demander au rapporteur")).await;
    let profile = tablet.profile.clone();
    tablet.client.shutdown().await;

    let door = door(&profile);
    let mut events = door.subscribe();
    assert_eq!(lock(&door, LockCommand::Standing).await, Ok(LockView::default()));
    assert!(!lock(&door, LockCommand::Now).await.unwrap().locked, "there is no PIN");
    assert_eq!(lock(&door, set("12345", None)).await, Err(ErrorCode::PinTooShort));
    assert!(lock(&door, set("482915", None)).await.unwrap().pin);
    assert_eq!(lock(&door, set("111111", Some("000000"))).await, Err(ErrorCode::WrongPin));
    let locked = lock(&door, LockCommand::Now).await.unwrap();
    assert!(locked.pin && locked.locked);
    while events.recv().await.unwrap() != Event::Lock {}

    for command in [Command::Status, Command::Home, Command::Sync, Command::Marks { document }] {
        assert_eq!(door.handle(command).await.unwrap_err().code, ErrorCode::Locked);
    }
    let laid = door.lay(uuid::Uuid::from_bytes([1; 16]), 0, vec![1]).await;
    assert_eq!(laid.unwrap_err().code, ErrorCode::Locked);
    assert_eq!(lock(&door, set("111111", None)).await, Err(ErrorCode::Locked));
    assert_eq!(lock(&door, unlock("482916")).await, Err(ErrorCode::WrongPin));
    assert_eq!(lock(&door, LockCommand::Standing).await.unwrap().wrong, 2);

    let open = lock(&door, unlock("482915")).await.unwrap();
    assert!(!open.locked && open.wrong == 0);
    while events.recv().await.unwrap() != Event::Lock {}
    let Reply::Marks(marks) = door.handle(Command::Marks { document }).await.unwrap() else {
        panic!("marks")
    };
    assert_eq!(marks[0].mark.text, "à demander au rapporteur");
    door.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_starts_locked_and_makes_whoever_guesses_wait() {
    let folder = tempfile::tempdir().unwrap();
    let first = door(folder.path());
    lock(&first, set("482915", None)).await.unwrap();
    first.close().await;

    let door = door(folder.path());
    assert_eq!(door.handle(Command::Status).await.unwrap_err().code, ErrorCode::Locked);
    for _ in 0..5 {
        assert_eq!(lock(&door, unlock("000000")).await, Err(ErrorCode::WrongPin));
    }
    let refused = door.handle(Command::Lock(unlock("482915"))).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PinTooSoon);
    assert!((1..=30).contains(&refused.subject.parse::<u32>().unwrap()), "{refused:?}");
    assert!(lock(&door, LockCommand::Standing).await.unwrap().wait_ms > 0);
    assert_eq!(door.handle(Command::Status).await.unwrap_err().code, ErrorCode::Locked);
}

/// Files of a folder, at any depth, with their bytes.
fn files(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_tablet_can_be_read_on_its_disk() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = tablet.document("Convention").await;
    tablet.mark(note(document, 1, "stratégie confidentielle")).await;
    tablet.sync().await;
    // Of the papers, the notes, the members, the council, and of any PDF or database.
    let words = ["garanti", "commission", "confidentielle", "Baudry", "Inès", "Valbrune", "endobj"];
    let words = words.into_iter().chain(["SQLite format", "Garantie", "Salle du conseil"]);
    let words: Vec<&str> = words.collect();
    let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    let published = std::fs::read(council.sitting().join("02.pdf")).unwrap();
    assert!(holds(&published, "garanti") && holds(&published, "endobj"), "the words are there");
    for profile in [&tablet.profile, &clerk.profile] {
        let files = files(profile);
        assert!(files.iter().filter(|(path, _)| path.ends_with("pupitre.db-wal")).count() == 1);
        assert!(
            files.iter().filter(|(p, _)| p.extension().is_some_and(|e| e == "sealed")).count() >= 3
        );
        for (path, bytes) in files {
            for word in &words {
                assert!(!holds(&bytes, word), "{word} stands in {}", path.display());
            }
        }
    }
}
