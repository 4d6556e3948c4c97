//! Copies with notes: as annotations, drawn into the pages, or the notes alone.
//!
//! The paper is read in the worker, which answers with what follows the original's bytes; the
//! tablet copies the one and appends the other.

mod file;
pub(crate) mod notebook;
mod notes;
mod xfdf;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use client::ports::{ExportPaper, PdfError, PdfErrorKind};
use client::sealed::{Broken, Unsealed};
use ipc::ExportMode;

use crate::protocol::{Answer, Ask};
use crate::queue::Rank;
use crate::reader::{PdfReader, fault, unexpected};

pub(crate) async fn export(reader: &PdfReader, export: ExportPaper) -> Result<(), PdfError> {
    let ExportPaper { paper, title, marks, mode, out } = export;
    if out.as_os_str() == paper.as_os_str() || same_file(&paper, &out) {
        let detail = "the copy would take the place of the paper itself";
        return Err(fault(PdfErrorKind::Unwritable, detail));
    }
    let flatten = match mode {
        ExportMode::Editable => false,
        ExportMode::Flattened => true,
        ExportMode::Notes => {
            let written = notes::notes(&title, &marks);
            let bytes = written.map_err(|error| fault(PdfErrorKind::Unwritable, error))?;
            return save_bytes(&out, &bytes);
        }
        ExportMode::Xfdf => {
            let text = xfdf::xfdf(&title, &marks);
            return save(&out, |file| file.write_all(text.as_bytes()));
        }
    };
    if marks.is_empty() {
        // It must still be a PDF that can be read.
        reader.open(&paper, Rank::Reading).await?;
        return append(reader, &paper, &out, &[]);
    }
    match reader.ask(&paper, Rank::Reading, Ask::Annotate { marks, flatten }).await? {
        (Answer::Written { whole: false }, update) => append(reader, &paper, &out, &update),
        (Answer::Written { whole: true }, copy) => save(&out, |file| file.write_all(&copy)),
        (other, _) => Err(unexpected(&other)),
    }
}

/// The original's bytes and what follows them.
fn append(reader: &PdfReader, paper: &Path, out: &Path, update: &[u8]) -> Result<(), PdfError> {
    let read = |error: io::Error| match Broken::is_why(&error) {
        true => fault(PdfErrorKind::Broken, error),
        false => fault(PdfErrorKind::Unreadable, error),
    };
    let original = File::open(paper).map_err(read)?;
    let key = reader.key(paper)?;
    let mut original: Box<dyn Read> = match &key {
        Some(key) => Box::new(Unsealed::open(original, key).map_err(read)?),
        None => Box::new(original),
    };
    let written = file::replace(out, |file| {
        io::copy(&mut original, file)?;
        file.write_all(update)
    });
    written.map_err(|error| match Broken::is_why(&error) {
        true => fault(PdfErrorKind::Broken, error),
        false => fault(PdfErrorKind::Unwritable, error),
    })
}

/// Bytes as a file that takes the place of another only when it is whole.
pub(crate) fn save_bytes(out: &Path, bytes: &[u8]) -> Result<(), PdfError> {
    save(out, |file| file.write_all(bytes))
}

fn save(out: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), PdfError> {
    file::replace(out, write).map_err(|error| fault(PdfErrorKind::Unwritable, error))
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
