//! Workers that die, hang or grow.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use client::ports::{Papers, PdfErrorKind};
use ipc::PaperOutcome;
use lopdf::dictionary;
use pupitre_pdf::{PdfConfig, PdfReader};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::tempdir;

use crate::papers::{Paper, data, text};
use crate::{config, reader, whole};

/// Debug builds of the worker stumble over these page numbers.
const HANGS: u32 = u32::MAX;
const CRASHES: u32 = u32::MAX - 1;
const HANGS_ONCE: u32 = u32::MAX - 2;
/// Tries everything that a worker must not be able to do, and says what went through.
#[cfg(target_os = "linux")]
const ESCAPES: u32 = u32::MAX - 3;

#[tokio::test]
async fn a_paper_that_ends_the_worker_twice_is_set_aside_and_others_are_read() {
    let folder = tempdir().unwrap();
    let bad = Paper::of_lines(&["Piège"]).save(&folder, "bad.pdf");
    let good = Paper::of_lines(&["Bonjour"]).save(&folder, "good.pdf");
    let reader = reader();
    let error = reader.render(&bad, whole(CRASHES, 100)).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::Quarantined);
    // From now on not even a harmless page of it is tried.
    let error = reader.render(&bad, whole(1, 100)).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::Quarantined);
    assert!(reader.check(&bad).await.message.contains("set aside"));
    assert!(reader.render(&good, whole(1, 100)).await.is_ok());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_that_a_paper_has_taken_over_gets_nowhere() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Piège"]).save(&folder, "paper.pdf");
    let reader = reader();
    let error = reader.render(&paper, whole(ESCAPES, 100)).await.unwrap_err();
    // The test of the reader in this process shows that outside all of it goes through.
    assert!(error.detail.starts_with("0 of "), "{}", error.detail);
    assert!(reader.render(&paper, whole(1, 100)).await.is_ok(), "it can still draw");
}

#[tokio::test]
async fn a_page_that_never_ends_is_given_up() {
    let folder = tempdir().unwrap();
    let bad = Paper::of_lines(&["Sans fin"]).save(&folder, "bad.pdf");
    let good = Paper::of_lines(&["Bonjour"]).save(&folder, "good.pdf");
    let config = PdfConfig { page_limit: Duration::from_millis(400), ..config() };
    let impatient = PdfReader::start(config).unwrap();
    let error = impatient.render(&bad, whole(HANGS, 100)).await.unwrap_err();
    assert_eq!(error.kind, PdfErrorKind::Quarantined);
    drop(impatient);
    assert!(reader().render(&good, whole(1, 100)).await.is_ok());
}

#[tokio::test]
async fn a_page_that_hung_once_is_drawn_by_the_next_worker() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Bonjour"]).save(&folder, "paper.pdf");
    // Long enough for the worker that draws the page on a busy machine.
    let config = PdfConfig { page_limit: Duration::from_secs(3), ..config() };
    let reader = PdfReader::start(config).unwrap();
    assert!(reader.render(&paper, whole(HANGS_ONCE, 100)).await.is_ok());
}

#[tokio::test]
async fn a_real_form_that_never_ends_is_shown_without_its_fields() {
    let Some(data) = data() else { return };
    let paper = data.join("robust/qpdf-qtest/qpdf__qtest__qpdf__shared-unnamed-field.pdf");
    let config = PdfConfig { page_limit: Duration::from_secs(2), ..config() };
    let reader = PdfReader::start(config).unwrap();
    assert_eq!(reader.check(&paper).await.outcome, PaperOutcome::Ok);
    assert!(reader.render(&paper, whole(1, 200)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_draws_is_replaced_and_the_page_drawn() {
    let folder = tempdir().unwrap();
    let path = Paper::of_lines(&["Bonjour"]).save(&folder, "paper.pdf");
    let reader = Arc::new(reader());
    let drawing = {
        let (reader, path) = (Arc::clone(&reader), path.clone());
        tokio::spawn(async move { reader.render(&path, whole(HANGS_ONCE, 100)).await })
    };
    let worker = loop {
        let busy = reader.workers().into_iter().find(|worker| holds(*worker, &path));
        if let Some(worker) = busy {
            break worker;
        }
        tokio::task::yield_now().await;
    };
    kill_process(Pid::from_raw(worker as i32).unwrap(), Signal::KILL).unwrap();
    assert!(drawing.await.unwrap().is_ok());
    assert!(!reader.workers().contains(&worker));
}

/// Whether the process has the file open.
fn holds(process: u32, file: &Path) -> bool {
    let Ok(open) = std::fs::read_dir(format!("/proc/{process}/fd")) else { return false };
    open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok()).any(|to| to == file)
}

#[tokio::test]
async fn a_worker_has_no_environment_and_no_descriptor_of_ours() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Bonjour"]).save(&folder, "paper.pdf");
    let secret = tempfile::NamedTempFile::new().unwrap();
    // As a library that forgets to say otherwise would leave it.
    rustix::io::fcntl_setfd(&secret, rustix::io::FdFlags::empty()).unwrap();
    let reader = reader();
    reader.render(&paper, whole(1, 100)).await.unwrap();
    reader.all_text(&paper).await.unwrap();
    let workers = reader.workers();
    assert!(!workers.is_empty());
    for worker in workers {
        let environment = std::fs::read(format!("/proc/{worker}/environ")).unwrap();
        assert_eq!(environment.split(|byte| *byte == 0).filter(|e| !e.is_empty()).count(), 2);
        assert!(!holds(worker, secret.path()));
        let limits = std::fs::read_to_string(format!("/proc/{worker}/limits")).unwrap();
        let size = limits.lines().find(|line| line.starts_with("Max file size")).unwrap();
        assert!(size.contains(" 0 "), "{size}");
        let status = std::fs::read_to_string(format!("/proc/{worker}/status")).unwrap();
        assert!(status.contains("NoNewPrivs:\t1"));
    }
}

#[tokio::test]
async fn without_its_library_the_reader_says_so() {
    let folder = tempdir().unwrap();
    let paper = Paper::of_lines(&["Bonjour"]).save(&folder, "paper.pdf");
    for library in [None, Some(folder.path().join("libpdfium.so"))] {
        let reader = PdfReader::start(PdfConfig { library, ..config() }).unwrap();
        let error = reader.render(&paper, whole(1, 100)).await.unwrap_err();
        assert_eq!(error.kind, PdfErrorKind::Reader);
    }
}

#[tokio::test]
async fn memory_stays_flat_over_a_paper_of_500_pages() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for number in 0..500 {
        // 160 kB each: 80 MB in all.
        paper.scan(400, number * 7919 + 1);
    }
    let paper = paper.save(&folder, "report.pdf");
    let reader = reader();
    let mut early = 0;
    for page in 1..=500 {
        reader.render(&paper, whole(page, 120)).await.unwrap();
        if page == 50 {
            early = memory(&reader);
        }
    }
    let late = memory(&reader);
    assert!(late < early + (40 << 10), "{early} kB after 50 pages, {late} kB after 500");
}

/// Resident memory of the workers, in kB.
fn memory(reader: &PdfReader) -> u64 {
    reader
        .workers()
        .into_iter()
        .map(|worker| {
            let status = std::fs::read_to_string(format!("/proc/{worker}/status")).unwrap();
            let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
        })
        .sum()
}

#[tokio::test]
async fn many_requests_at_once_are_all_answered() {
    let folder = tempdir().unwrap();
    let mut paper = Paper::new();
    for number in 1..=30 {
        paper.page(&text(&[&format!("Page {number}")]), &dictionary! {});
    }
    let path = paper.save(&folder, "thirty.pdf");
    let reader = Arc::new(reader());
    let tasks: Vec<_> = (1..=30)
        .flat_map(|page| [(page, 120), (page, 300)])
        .map(|(page, width)| {
            let (reader, path) = (Arc::clone(&reader), path.clone());
            tokio::spawn(async move { reader.render(&path, whole(page, width)).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
}
