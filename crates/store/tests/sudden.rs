//! A real disk that is full, and a tablet killed anywhere in its day: drafts, seals, answers, pulls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use client::ports::{Cursor, Draft, Keys, NotedDocument, PaperFiles, Store, StoreErrorKind};
use client::sealed::Unsealed;
use domain::{CouncilId, MemberId, Sha256};
use pupitre_store::{FileKeys, FilePapers, SqliteStore};
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Logged, NotePayload, Outcome, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);

fn document() -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &PDF), scope: SCOPE, pdf: PDF }
}

fn draft(number: u64, size: usize) -> Draft {
    let mut change = number.to_be_bytes().to_vec();
    change.resize(size, 0);
    Draft {
        document: document(),
        change,
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

/// The numbers of the changes of eight bytes that the store holds.
fn numbers(store: &impl Store) -> Vec<u64> {
    let changes = store.note_pieces(document().key).unwrap().changes.concat();
    changes.as_chunks::<8>().0.iter().map(|number| u64::from_be_bytes(*number)).collect()
}

/// This test program once more, for one test, which sees `name` set to `value`.
fn myself(test: &str, name: &str, value: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(name, value);
    command
}

const DAY: &str = "PUPITRE_TEST_DAY";

/// Not a scene: the tablet that the next scene kills. It says what the store has answered.
#[test]
fn the_day_that_is_cut_short() {
    let Some(profile) = env::var_os(DAY) else { return };
    let mut store = SqliteStore::open(Path::new(&profile)).unwrap();
    let (mut own, mut other) = (Signer::new(1), Signer::new(2));
    let mut out = std::io::stdout();
    let mut say = |what: &str, number: u64| {
        writeln!(out, "@ {what} {number}").unwrap();
        out.flush().unwrap();
    };
    let first = numbers(&store).into_iter().max().map_or(0, |last| last + 1);
    for number in first..first + 1_000_000 {
        store.save_draft(&draft(number, 8)).unwrap();
        say("draft", number);
        if number % 3 == 0 {
            for group in store.drafts().unwrap() {
                own.next = store.next_device_seq().unwrap();
                let op = own.note(COUNCIL, SCOPE, PDF, &group.changes);
                store.seal(&op, &group.drafts).unwrap();
                say("seal", op.header.device_seq);
            }
        }
        if number % 5 == 0 {
            // The server's log is as long as the tablet says; another tablet has written too.
            let Cursor { seq, .. } = store.cursor().unwrap();
            let sent = store.outbox(usize::MAX).unwrap();
            let answered = |(at, op): (u64, &wire::Op)| Ack {
                device_seq: op.header.device_seq,
                outcome: Outcome::Accepted { seq: at },
            };
            let acks: Vec<Ack> = (seq + 1..).zip(&sent).map(answered).collect();
            store.acknowledge(&acks, 0).unwrap();
            let next = seq + 1 + acks.len() as u64;
            other.next = next;
            let payload = NotePayload { pdf: Sha256::from_bytes([4; 32]), changes: vec![7; 8] };
            let key = DocKey::of_notes(COUNCIL, SCOPE, &payload.pdf);
            let payload = wire::encode(&payload).unwrap();
            let foreign = other.seal(COUNCIL, SCOPE, key, wire::Kind::Note, payload);
            let logged = |(seq, op)| Logged { seq, received_ms: 0, record_version: 0, op };
            let items: Vec<Logged> =
                (seq + 1..).zip(sent.into_iter().chain([foreign])).map(logged).collect();
            store.apply(&items, Cursor { seq: next, view: 1 }, 0).unwrap();
            say("cursor", next);
        }
    }
}

#[test]
fn a_tablet_killed_anywhere_in_its_day_keeps_what_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (mut drafts, mut seals, mut cursor) = (BTreeSet::new(), 0, 0);
    for cycle in 0..20usize {
        let mut tablet = myself("the_day_that_is_cut_short", DAY, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(tablet.stdout.take().unwrap()).lines();
        // So many answers, then the kill, while it goes on; what it said before it died counts too.
        let mut heard = Vec::new();
        while heard.len() < 3 + cycle * 7 % 23 {
            heard.push(lines.next().unwrap().unwrap());
            heard.retain(|line| line.contains("@ "));
        }
        tablet.kill().unwrap();
        tablet.wait().unwrap();
        heard.extend(lines.map_while(Result::ok));
        for line in heard {
            let Some((_, said)) = line.split_once("@ ") else { continue };
            let Some((what, number)) = said.split_once(' ') else { continue };
            let Ok(number) = number.trim().parse::<u64>() else { continue };
            match what {
                "draft" => assert!(drafts.insert(number), "{number} was given twice"),
                "seal" => seals = number,
                _ => cursor = number,
            }
        }
        let store = SqliteStore::open(folder.path()).unwrap();
        let kept = numbers(&store);
        assert!(kept.iter().copied().eq(0..kept.len() as u64), "a gap, a double or a disorder");
        assert!(kept.len() as u64 > *drafts.last().unwrap(), "an answered draft is gone");
        drafts = kept.into_iter().collect();
        let next = store.next_device_seq().unwrap();
        assert!(next > seals, "an answered number is given again");
        let waiting = store.outbox(usize::MAX).unwrap();
        let first = next - waiting.len() as u64;
        assert!(waiting.iter().map(|op| op.header.device_seq).eq(first..next));
        assert!(store.cursor().unwrap().seq >= cursor);
    }
}

const DISK: &str = "PUPITRE_TEST_DISK";

/// Not a scene: it runs on a disk of 3 MiB of its own.
#[test]
fn the_disk_that_fills() {
    let Some(disk) = env::var_os(DISK) else { return };
    let disk = Path::new(&disk);
    let profile = disk.join("profile");
    let mut store = SqliteStore::open(&profile).unwrap();
    let files = FilePapers::open(&profile).unwrap();
    store.save_draft(&draft(0, 20_000)).unwrap();
    let fill = |name: &str| {
        let mut file = std::fs::File::create(disk.join(name)).unwrap();
        for size in [64 * 1024, 512] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    };

    // A download fills the disk: what has come stays and is told as it is.
    let bytes: Vec<u8> = (0..2_000_000u32).map(|n| (n % 251) as u8).collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let pdf = Sha256::from_bytes(digest.as_ref().try_into().unwrap());
    files.append(&pdf, &bytes[..1_000_000]).unwrap();
    fill("ballast");
    assert_eq!(files.append(&pdf, &bytes[1_000_000..]).unwrap_err().kind, StoreErrorKind::Full);
    let received = usize::try_from(files.received(&pdf).unwrap()).unwrap();
    assert!(received >= 1_000_000);
    let own = disk.join("ballast");
    assert_eq!(files.adopt(&PDF, &own).unwrap_err().kind, StoreErrorKind::Full);
    let left = std::fs::read_dir(profile.join("papers/parts")).unwrap().count();
    assert_eq!(left, 1, "only the unfinished download stays");
    assert!(FileKeys::open(&profile).unwrap().public_key().is_err());

    // Notes too: refused as full, and what was answered stays.
    let mut kept = 1;
    let full = loop {
        match store.save_draft(&draft(kept, 20_000)) {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind, StoreErrorKind::Full, "{full}");
    assert_eq!(store.save_last_sync(1).map_err(|error| error.kind), Err(StoreErrorKind::Full));
    assert_eq!(u64::from(store.pending().unwrap()), kept);
    drop(store);

    // A restart on the full disk: it reads, or says that the disk is full, and harms nothing.
    match SqliteStore::open(&profile) {
        Ok(store) => assert_eq!(u64::from(store.pending().unwrap()), kept),
        Err(error) => assert_eq!(error.kind, StoreErrorKind::Full, "{error}"),
    }

    // Room again: everything is there and goes on.
    std::fs::remove_file(disk.join("ballast")).unwrap();
    let mut store = SqliteStore::open(&profile).unwrap();
    assert_eq!(u64::from(store.pending().unwrap()), kept);
    store.save_draft(&draft(kept, 20_000)).unwrap();
    assert_eq!(u64::from(store.pending().unwrap()), kept + 1);
    files.append(&pdf, &bytes[received..]).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    let sealed = std::fs::File::open(files.path(&pdf).unwrap()).unwrap();
    let mut whole = Vec::new();
    let mut unsealed = Unsealed::open(sealed, &files.key(&pdf).unwrap()).unwrap();
    unsealed.read_to_end(&mut whole).unwrap();
    assert_eq!(whole, bytes);
    FileKeys::open(&profile).unwrap().public_key().unwrap();
    writeln!(std::io::stdout(), "@ the disk was full and nothing is lost").unwrap();
}

#[test]
fn a_full_disk_is_named_everywhere_and_harms_nothing() {
    let disk = tempfile::tempdir().unwrap();
    let inner = myself("the_disk_that_fills", DISK, disk.path());
    // A small disk that only this process sees, and that goes when it ends.
    let mut outer = Command::new("unshare");
    outer
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=3m tmpfs \"$0\" && exec \"$@\"")
        .arg(disk.path())
        .arg(inner.get_program())
        .args(inner.get_args())
        .env(DISK, disk.path())
        .env_remove("RUST_BACKTRACE");
    let Ok(ran) = outer.output() else {
        eprintln!("skipped: no unshare on this system");
        return;
    };
    let (out, errors) =
        (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    if !ran.status.success() && !out.contains("running 1 test") {
        eprintln!("skipped: no small disk can be made here: {errors}");
        return;
    }
    assert!(out.contains("@ the disk was full and nothing is lost"), "{out}\n{errors}");
}
