//! Whether a file can be published: every page is drawn once.

use std::path::Path;

use client::ports::{PdfError, PdfErrorKind};
use ipc::{PaperCheck, PaperOutcome};

use crate::protocol::Ask;
use crate::queue::Rank;
use crate::reader::PdfReader;

/// Draws every page small and tells in a sentence what was found.
pub(crate) async fn check(reader: &PdfReader, paper: &Path) -> PaperCheck {
    let (pages, outcome, message) = match reader.open(paper, Rank::Index).await {
        Ok((pages, _, true)) => (
            pages,
            PaperOutcome::Unsupported,
            "This is a dynamic XFA form: its pages only ask for another program. Print it to a PDF \
             and publish that."
                .to_owned(),
        ),
        Ok((pages, ..)) => {
            let (outcome, message) = every_page(reader, paper, pages).await;
            (pages, outcome, message)
        }
        Err(error) => {
            let (outcome, message) = sentence(&error);
            (0, outcome, message.to_owned())
        }
    };
    PaperCheck { file: paper.display().to_string(), outcome, pages, message }
}

async fn every_page(reader: &PdfReader, paper: &Path, pages: u32) -> (PaperOutcome, String) {
    let mut broken = Vec::new();
    for page in 1..=pages {
        match reader.ask(paper, Rank::Index, Ask::Try { page }).await {
            Ok(_) => {}
            Err(error) if error.kind == PdfErrorKind::Damaged => broken.push(page),
            Err(error) => {
                let (outcome, message) = sentence(&error);
                return (outcome, message.to_owned());
            }
        }
    }
    let message = match *broken.as_slice() {
        [] if pages == 1 => "The page can be drawn.".to_owned(),
        [] => format!("All {pages} pages can be drawn."),
        [page] => format!("Page {page} of {pages} is damaged. Make the PDF again from its source."),
        [first, ..] => format!(
            "{} of {pages} pages are damaged, the first is page {first}. Make the PDF again from \
             its source.",
            broken.len()
        ),
    };
    let outcome = if broken.is_empty() { PaperOutcome::Ok } else { PaperOutcome::Damaged };
    (outcome, message)
}

fn sentence(error: &PdfError) -> (PaperOutcome, &'static str) {
    match error.kind {
        PdfErrorKind::Password => (
            PaperOutcome::Password,
            "This PDF asks for a password. Save it without one and publish that.",
        ),
        PdfErrorKind::Empty if error.detail.contains("byte") => (
            PaperOutcome::Damaged,
            "This file is empty: it has not a single byte. Copy it again from its source.",
        ),
        PdfErrorKind::Empty => {
            (PaperOutcome::Damaged, "This PDF has no page. Make it again from its source.")
        }
        PdfErrorKind::Damaged | PdfErrorKind::NoSuchPage => (
            PaperOutcome::Damaged,
            "This file is not a PDF or is damaged beyond reading. Make it again from its source.",
        ),
        PdfErrorKind::Unsupported => (
            PaperOutcome::Unsupported,
            "This PDF is protected in a way that cannot be read. Save it without protection and \
             publish that.",
        ),
        PdfErrorKind::Quarantined => (
            PaperOutcome::Damaged,
            "Reading this PDF ended the reader twice, so it was set aside; nothing else is \
             affected. Make it again from its source.",
        ),
        PdfErrorKind::Broken => (
            PaperOutcome::Damaged,
            "This file is sealed and has been damaged on the disk. Take it again from its source.",
        ),
        PdfErrorKind::Unreadable => (
            PaperOutcome::Damaged,
            "This file cannot be read. Check that it exists and that you may open it.",
        ),
        PdfErrorKind::Reader | PdfErrorKind::Unwritable => (
            PaperOutcome::Unsupported,
            "The PDF reader could not be started, so nothing was checked. Install the application \
             again, or run `cargo xtask setup` in a checkout.",
        ),
        PdfErrorKind::Dropped => {
            (PaperOutcome::Unsupported, "The check was stopped before its end. Start it again.")
        }
    }
}
