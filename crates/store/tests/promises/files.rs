//! Papers and the key as files of a profile folder.

use std::fs;
use std::io::Read;

use client::ports::{PaperFiles, Store, StoreErrorKind};
use client::sealed::{RECORD, Unsealed};
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

/// A whole paper, opened with its key.
fn read(files: &FilePapers, pdf: &Sha256) -> Vec<u8> {
    let sealed = fs::File::open(files.path(pdf).unwrap()).unwrap();
    let mut bytes = Vec::new();
    Unsealed::open(sealed, &files.key(pdf).unwrap()).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_download_goes_on_where_it_was_cut() {
    let disk = Disk::new();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let files = FilePapers::open(disk.path()).unwrap();
    assert_eq!(files.received(&pdf).unwrap(), 0);
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    files.append(&pdf, &bytes[..300_000]).unwrap();
    assert_eq!(files.received(&pdf).unwrap(), 300_000);
    drop(files);
    // What a record holds is on the disk; the bytes after the last whole one are fetched again.
    let files = FilePapers::open(disk.path()).unwrap();
    let kept = 300_000 / RECORD * RECORD;
    assert_eq!(files.received(&pdf).unwrap(), kept as u64);
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    files.append(&pdf, &bytes[kept..kept + 10]).unwrap();
    assert_eq!(files.received(&pdf).unwrap(), kept as u64 + 10);
    files.append(&pdf, &bytes[kept + 10..]).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    let path = files.path(&pdf).unwrap();
    assert_eq!(read(&files, &pdf), bytes);
    let name = pdf.to_string();
    let place = disk.path().join("papers").join(&name[..2]).join(format!("{name}.sealed"));
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
    assert_eq!(read(&files, &pdf), bytes);
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
    assert_eq!(read(&files, &pdf), bytes);
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
fn what_is_carried_out_of_a_damaged_database_is_whole_and_nothing_is_thrown_away() {
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
    assert!(store.mended().is_some());
    let kept = store.note_pieces(mine(1).key).map(|pieces| pieces.changes).unwrap_or_default();
    assert!(kept.len() < 40, "half of it was gone");
    assert!(kept.iter().all(|change| *change == [7; 9_000]), "whole or not at all");
    assert!(fs::read(disk.path().join("aside/1/pupitre.db")).unwrap() == bytes);
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

/// Files below a folder whose bytes hold what only a plain paper has.
fn readable(folder: &std::path::Path, word: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(readable(&path, word));
        } else if fs::read(&path).unwrap().windows(word.len()).any(|part| part == word) {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_paper_can_be_read_on_the_disk_neither_whole_nor_while_it_arrives() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let bytes = b"Avis sur le huis clos. ".repeat(20_000);
    let pdf = digest(&bytes);
    files.append(&pdf, &bytes[..200_000]).unwrap();
    assert_eq!(readable(disk.path(), b"huis clos"), Vec::<std::path::PathBuf>::new());
    files.append(&pdf, &bytes[200_000..]).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    assert_eq!(readable(disk.path(), b"huis clos"), Vec::<std::path::PathBuf>::new());
    assert_eq!(read(&files, &pdf), bytes);
}

#[test]
fn a_paper_that_is_thrown_away_has_no_key_any_more() {
    let disk = Disk::new();
    let files = FilePapers::open(disk.path()).unwrap();
    let (bytes, pdf) = (paper(), digest(&paper()));
    files.append(&pdf, &bytes).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    let copy = fs::read(files.path(&pdf).unwrap()).unwrap();
    let before = files.key(&pdf).unwrap();
    files.discard(&pdf).unwrap();
    files.discard(&pdf).unwrap();
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    assert_eq!(files.key(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    // A file without its key is not taken for a paper, and another download has another key.
    let name = pdf.to_string();
    fs::write(disk.path().join("papers").join(&name[..2]).join(format!("{name}.sealed")), copy)
        .unwrap();
    let files = FilePapers::open(disk.path()).unwrap();
    assert_eq!(files.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    files.append(&pdf, &bytes).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    assert_ne!(files.key(&pdf).unwrap(), before);
    assert_eq!(read(&files, &pdf), bytes);
}

#[test]
fn what_an_earlier_version_left_plain_is_sealed_and_what_is_no_paper_any_more_goes() {
    let disk = Disk::new();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let other = digest(b"another");
    let plain = |pdf: &Sha256| {
        let name = pdf.to_string();
        let shelf = disk.path().join("papers").join(&name[..2]);
        fs::create_dir_all(&shelf).unwrap();
        shelf.join(format!("{name}.pdf"))
    };
    fs::write(plain(&pdf), &bytes).unwrap();
    fs::write(plain(&other), b"damaged").unwrap();
    let parts = disk.path().join("papers/parts");
    fs::create_dir_all(&parts).unwrap();
    fs::write(parts.join(format!("{pdf}.part")), &bytes[..1_000]).unwrap();
    fs::write(parts.join(format!("{pdf}.adopted")), b"half a sealing").unwrap();
    for _ in 0..2 {
        let files = FilePapers::open(disk.path()).unwrap();
        assert_eq!(read(&files, &pdf), bytes);
        assert!(!plain(&pdf).exists() && !plain(&other).exists());
        assert_eq!(files.path(&other).unwrap_err().kind, StoreErrorKind::NotFound);
        assert_eq!(fs::read_dir(&parts).unwrap().count(), 0);
    }
}

#[test]
fn the_end_of_a_sealing_that_was_cut_short_is_done_again() {
    let disk = Disk::new();
    let (bytes, pdf) = (paper(), digest(&paper()));
    let files = FilePapers::open(disk.path()).unwrap();
    files.append(&pdf, &bytes).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    let whole = files.path(&pdf).unwrap();
    drop(files);
    // Killed between the last record and the name.
    let part = disk.path().join("papers/parts").join(format!("{pdf}.sealing"));
    fs::rename(&whole, &part).unwrap();
    let files = FilePapers::open(disk.path()).unwrap();
    let received = usize::try_from(files.received(&pdf).unwrap()).unwrap();
    assert_eq!(received, bytes.len() / RECORD * RECORD);
    files.append(&pdf, &bytes[received..]).unwrap();
    files.finish(&pdf, bytes.len() as u64).unwrap();
    assert_eq!(read(&files, &pdf), bytes);
}
