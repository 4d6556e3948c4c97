//! Checks every paper of a folder and compares with what plain pdfium said of it:
//! `corpus FOLDER…`, each with a `PDFIUM_BASELINE.tsv` inside. Makes a copy with a note of each.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use client::ports::{ExportPaper, Papers, PdfError};
use ink::{AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Quote, Rect};
use ipc::{ExportMode, PaperOutcome};
use pupitre_pdf::{PdfConfig, PdfReader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), PdfError> {
    pupitre_pdf::worker_main_if_asked();
    let reader = PdfReader::start(PdfConfig::find())?;
    for folder in std::env::args_os().skip(1).map(PathBuf::from) {
        let baseline =
            std::fs::read_to_string(folder.join("PDFIUM_BASELINE.tsv")).unwrap_or_default();
        let (mut count, mut pages) = (0, 0);
        let mut tally: BTreeMap<(&str, String), u32> = BTreeMap::new();
        let mut copies: BTreeMap<String, u32> = BTreeMap::new();
        let mut slowest = (0.0, String::new());
        for row in baseline.lines().skip(1) {
            let mut fields = row.split('\t');
            let (Some(file), Some(outcome)) = (fields.next(), fields.next()) else { continue };
            let path = folder.join(file);
            let begin = Instant::now();
            let check = reader.check(&path).await;
            let seconds = begin.elapsed().as_secs_f64();
            if seconds > slowest.0 {
                slowest = (seconds, file.to_owned());
            }
            count += 1;
            pages += check.pages;
            *tally.entry((outcome, format!("{:?}", check.outcome))).or_default() += 1;
            let expected = match outcome {
                "ok" => check.outcome == PaperOutcome::Ok,
                "password" => check.outcome == PaperOutcome::Password,
                _ => check.outcome == PaperOutcome::Damaged,
            };
            let text = reader.all_text(&path).await.is_ok();
            let outline = reader.outline(&path).await.is_ok();
            let copied = copy(&reader, &path).await;
            *copies.entry(copied.clone()).or_default() += 1;
            if check.outcome == PaperOutcome::Ok && copied.starts_with("no") {
                println!("{file}: {copied}");
            }
            let same = check.outcome != PaperOutcome::Ok || (text && outline);
            if !expected || !same {
                println!(
                    "{file}: {outcome} there; {:?} here: {} text {text} outline {outline}",
                    check.outcome, check.message
                );
            }
        }
        println!("{}: {count} files, {pages} pages, slowest {slowest:?}", folder.display());
        println!("  copies: {copies:?}");
        for ((there, here), count) in tally {
            println!("  {there} there, {here} here: {count}");
        }
    }
    Ok(())
}

/// A copy with a highlight on the first page, and how it was made.
async fn copy(reader: &PdfReader, paper: &Path) -> String {
    let out = std::env::temp_dir().join(format!("pupitre-corpus-{}.pdf", std::process::id()));
    let rect = Rect { x0: 100.0, y0: 100.0, x1: 200.0, y1: 120.0 };
    let markup =
        Markup { style: MarkupStyle::Highlight, rects: vec![rect], quote: Quote::default() };
    let mark = Mark {
        id: AnnotationId::from_bytes([7; 16]),
        page: 1,
        kind: MarkKind::Markup(markup),
        colour: Colour::Yellow,
        text: String::new(),
        created_ms: 0,
        modified_ms: 0,
        in_reply_to: None,
    };
    let marks = vec![(mark, "Claire Durand".to_owned())];
    let mode = ExportMode::Editable;
    let export = ExportPaper {
        paper: paper.to_path_buf(),
        title: String::new(),
        marks,
        mode,
        out: out.clone(),
    };
    let made = match reader.export(export).await {
        Ok(()) => {
            let (before, after) = (std::fs::read(paper), std::fs::read(&out));
            let first = before.is_ok_and(|b| after.is_ok_and(|after| after.starts_with(&b)));
            let check = reader.check(&out).await;
            let opens = check.outcome == PaperOutcome::Ok;
            format!(
                "{} {}",
                if first { "appended" } else { "whole" },
                if opens { "opens" } else { "broken" }
            )
        }
        Err(error) => format!("no: {error}"),
    };
    if let Err(error) = std::fs::remove_file(&out)
        && made.starts_with("no")
        && error.kind() != std::io::ErrorKind::NotFound
    {
        println!("{error}");
    }
    made
}
