//! Papers as files: resumed, verified, never half.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use client::ports::{PaperFiles, StoreErrorKind};
use domain::Sha256;
use pupitre_store::FilePapers;

fn digest(bytes: &[u8]) -> Sha256 {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    Sha256::from_bytes(digest.as_ref().try_into().unwrap())
}

#[test]
fn a_download_goes_on_where_it_broke_off_and_is_whole_only_when_verified() {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
    let pdf = digest(&bytes);
    FilePapers::open(folder.path()).unwrap().append(&pdf, &bytes[..70_000]).unwrap();

    let papers = FilePapers::open(folder.path()).unwrap();
    assert_eq!(papers.received(&pdf).unwrap(), 70_000);
    assert_eq!(papers.path(&pdf).unwrap_err().kind, StoreErrorKind::NotFound);
    papers.append(&pdf, &bytes[70_000..]).unwrap();
    papers.finish(&pdf, 100_000).unwrap();
    papers.finish(&pdf, 100_000).unwrap();
    assert_eq!(std::fs::read(papers.path(&pdf).unwrap()).unwrap(), bytes);
    assert_eq!(papers.received(&pdf).unwrap(), 0);
}

#[test]
fn bytes_that_are_not_the_papers_are_thrown_away_and_fetched_anew() {
    let folder = tempfile::tempdir().unwrap();
    let papers = FilePapers::open(folder.path()).unwrap();
    let pdf = digest(b"true");
    papers.append(&pdf, b"lies").unwrap();
    assert_eq!(papers.finish(&pdf, 4).unwrap_err().kind, StoreErrorKind::Untrue);
    assert_eq!(papers.received(&pdf).unwrap(), 0);
    papers.append(&pdf, b"true").unwrap();
    papers.finish(&pdf, 4).unwrap();
}

#[test]
fn the_clerks_own_file_is_taken_in_unless_it_changed_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let papers = FilePapers::open(folder.path()).unwrap();
    let file = folder.path().join("rapport.pdf");
    std::fs::write(&file, b"one").unwrap();
    papers.adopt(&digest(b"one"), &file).unwrap();
    papers.adopt(&digest(b"one"), &file).unwrap();
    assert_eq!(std::fs::read(papers.path(&digest(b"one")).unwrap()).unwrap(), b"one");
    assert_eq!(papers.adopt(&digest(b"two"), &file).unwrap_err().kind, StoreErrorKind::Untrue);
}
