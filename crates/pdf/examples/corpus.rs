//! Checks every paper of a folder and compares with what plain pdfium said of it:
//! `corpus FOLDER…`, each with a `PDFIUM_BASELINE.tsv` inside.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use client::ports::{Papers, PdfError};
use ipc::PaperOutcome;
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
            let same = check.outcome != PaperOutcome::Ok || (text && outline);
            if !expected || !same {
                println!(
                    "{file}: {outcome} there; {:?} here: {} text {text} outline {outline}",
                    check.outcome, check.message
                );
            }
        }
        println!("{}: {count} files, {pages} pages, slowest {slowest:?}", folder.display());
        for ((there, here), count) in tally {
            println!("  {there} there, {here} here: {count}");
        }
    }
    Ok(())
}
