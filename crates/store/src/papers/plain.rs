//! Papers that an earlier version left plain are sealed, one by one; what is left of one that was cut
//! short is taken away.

use std::path::{Path, PathBuf};

use client::ports::{PaperFiles, StoreError, StoreErrorKind};
use domain::Sha256;

use super::{FilePapers, remove};
use crate::error::Doing;

const DOING: &str = "sealing the papers of an earlier version";

/// Seals every plain paper; the plain file goes when the sealed one is verified and durable.
pub(super) fn seal_all(papers: &FilePapers) -> Result<(), StoreError> {
    for shelf in folders(&papers.folder)? {
        let parts = shelf.ends_with("parts");
        for file in files(&shelf)? {
            let extension = file.extension().and_then(|extension| extension.to_str());
            match extension {
                // Plain pieces of a download are fetched again; a rest of a sealing is of no use.
                Some("part" | "adopted") if parts => remove(&file).doing(DOING)?,
                Some("pdf") if !parts => seal(papers, &file)?,
                Some(_) | None => {}
            }
        }
    }
    Ok(())
}

fn seal(papers: &FilePapers, file: &Path) -> Result<(), StoreError> {
    let name = file.file_stem().and_then(|name| name.to_str());
    let Some(pdf) = name.and_then(|name| name.parse::<Sha256>().ok()) else { return Ok(()) };
    if papers.path(&pdf).is_err() {
        match papers.take_in(&pdf, file) {
            Ok(()) => {}
            // It is not the paper any more: it is fetched again when it is asked for.
            Err(error) if error.kind == StoreErrorKind::Untrue => {}
            Err(error) => return Err(error),
        }
    }
    remove(file).doing(DOING)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    Ok(files(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = std::fs::read_dir(folder).doing(DOING)?;
    entries.map(|entry| entry.map(|entry| entry.path()).doing(DOING)).collect()
}
