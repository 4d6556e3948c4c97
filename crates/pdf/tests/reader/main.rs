//! The reader through its workers, on papers that the tests make themselves and on real ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod council;
mod exporting;
mod failing;
mod foreign;
mod notebook;
mod pages;
mod papers;
mod viewers;
mod words;

use std::path::PathBuf;
use std::time::Duration;

use client::ports::{PaperPage, RenderArea};
use ipc::Look;
use pupitre_pdf::{PdfConfig, PdfReader};

/// As a product has it, but for the worker, which is this crate's own.
fn config() -> PdfConfig {
    PdfConfig {
        worker: Some(PathBuf::from(env!("CARGO_BIN_EXE_pdf-worker"))),
        // The machine that runs the tests may be busy.
        page_limit: Duration::from_secs(60),
        ..PdfConfig::find()
    }
}

fn reader() -> PdfReader {
    PdfReader::start(config()).unwrap()
}

fn whole(page: u32, width: u32) -> PaperPage {
    let (area, look) = (RenderArea::Whole, Look::Paper);
    PaperPage { page, width, area, generation: 0, look, ahead: false }
}
