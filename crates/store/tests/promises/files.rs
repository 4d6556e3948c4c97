//! Papers and the key as files of a profile folder.

use std::fs;

use client::ports::{PaperFiles, Store, StoreErrorKind};
use domain::Sha256;
use pupitre_store::{FilePapers, SqliteStore};

use crate::world::{Disk, change, mine};

fn digest(bytes: &[u8]) -> Sha256 {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    Sha256::from_bytes(digest.as_ref().try_into().unwrap())
}

fn paper() -> Vec<u8> {
    (0..700_000u32).map(|n| (n % 251) as u8).collect()
}

#[test]
fn a_download_goes_on_where_it_was_cut() {
    let disk = Disk::new();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let files = FilePapers::open(disk.path()).unwrap();
    assert_eq!(files.received(&pdf).unwrap(), 0);
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    files.append(&pdf, &bytes[..300_000]).unwrap();
    drop(files);
    let files = FilePapers::open(disk.path()).unwrap();
    assert_eq!(files.received(&pdf).unwrap(), 300_000);
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    files.append(&pdf, &bytes[300_000..]).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    let path = files.path(&pdf).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let name = pdf.to_string();
    let place = disk.path().join("papers").join(&name[..2]).join(format!("{name}.pdf"));
    assert_eq!(path, place);
    assert_eq!(files.received(&pdf).unwrap(), 0);
    // Killed before the store could note it: finishing again is as good.
    files.finish(&pdf, bytes.len() as u64).unwrap();
}

#[test]
fn a_download_with_another_digest_is_thrown_away() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let mut turned = bytes.clone();
    turned[123_456] ^= 1;
    for (received, length) in [(&turned[..], bytes.len()), (&bytes[1..], bytes.len()), (&[], 0)] {
        files.append(&pdf, received).unwrap();
        let error = files.finish(&pdf, length as u64).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Untrue);
        assert_eq!(files.received(&pdf).unwrap(), 0);
        assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    }
    files.append(&pdf, &bytes).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    assert_eq!(fs::read(files.path(&pdf).unwrap()).unwrap(), bytes);
}

#[test]
fn a_true_file_of_another_length_is_not_what_was_announced() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let (bytes, pdf) = (paper(), digest(&paper()));
    files.append(&pdf, &bytes).unwrap();
    let error = files.finish(&pdf, bytes.len() as u64 + 1).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Untrue);
}

#[test]
fn finishing_what_never_began_names_what_is_missing() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let error = files.finish(&digest(b"never"), 5).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::NotFound);
}

#[test]
fn the_clerks_own_file_is_taken_in_and_left_where_it_is() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let own = disk.path().join("Rapport.pdf");
    fs::write(&own, &bytes).unwrap();
    files.adopt(&pdf, &own).unwrap();
    files.adopt(&pdf, &own).unwrap();
    assert_eq!(fs::read(files.path(&pdf).unwrap()).unwrap(), bytes);
    assert_eq!(fs::read(&own).unwrap(), bytes);

    let other = digest(b"another");
    assert_eq!(files.adopt(&other, &own).unwrap_err().kind, StoreErrorKind::Untrue);
    assert_eq!(files.path(&other).unwrap_err().kind, StoreErrorKind::NotFound);
    let gone = disk.path().join("gone.pdf");
    assert_eq!(files.adopt(&other, &gone).unwrap_err().kind, StoreErrorKind::NotFound);
    let left = fs::read_dir(disk.path().join("papers/parts")).unwrap().count();
    assert_eq!(left, 0, "nothing is left of what was not taken in");
}

#[test]
fn a_second_opening_waits_until_the_first_has_ended() {
    let disk = Disk::new();
    let first = SqliteStore::open(disk.path()).unwrap();
    let path = disk.path().to_owned();
    let second = std::thread::spawn(move || SqliteStore::open(&path).map(drop));
    drop(first);
    second.join().unwrap().unwrap();
}

#[test]
fn a_damaged_database_is_named_and_nothing_is_thrown_away() {
    let disk = Disk::new();
    let mut store = SqliteStore::open(disk.path()).unwrap();
    for _ in 0..40 {
        store.save_draft(&change(mine(1), &[7; 9_000])).unwrap();
    }
    drop(store);
    let path = disk.path().join("pupitre.db");
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x5a);
    fs::write(&path, &bytes).unwrap();

    let store = SqliteStore::open(disk.path()).unwrap();
    let error = store.note_pieces(mine(1).key).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Corrupt, "{error}");
    drop(store);
    assert!(fs::read(&path).unwrap() == bytes);
}

#[test]
fn a_file_is_laid_down_in_pieces_and_begins_anew_from_its_start() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let file = uuid::Uuid::from_bytes([3; 16]);
    files.lay(file, 0, b"an attempt that broke off").unwrap();
    files.lay(file, 0, b"first, ").unwrap();
    files.lay(file, 7, b"second").unwrap();
    // A piece out of its place would leave a hole.
    assert!(files.lay(file, 99, b"third").is_err());
    assert_eq!(fs::read(files.laid(file)).unwrap(), b"first, second");
    files.clear_laid(file).unwrap();
    files.clear_laid(file).unwrap();
    assert!(!files.laid(file).exists());
}
