//! Notes to be read away from the app: as a PDF, as Markdown, as a document for a word processor.

mod markdown;
mod odt;
mod sheets;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use client::ports::{Notebook, PdfError, PdfErrorKind};
use ink::MarkKind;
use ipc::NotebookForm;

use crate::reader::fault;

pub(crate) fn write(book: &Notebook, form: NotebookForm, out: &Path) -> Result<(), PdfError> {
    let bytes = bytes(book, form).map_err(|error| fault(PdfErrorKind::Unwritable, error))?;
    super::save(out, |file| file.write_all(&bytes))
}

fn bytes(book: &Notebook, form: NotebookForm) -> io::Result<Vec<u8>> {
    match form {
        NotebookForm::Pdf => sheets::write(book),
        NotebookForm::Markdown => Ok(markdown::write(book).into_bytes()),
        NotebookForm::Odt => odt::write(book),
    }
}

/// The words that a mark stands on, or those of a stamp; none when there are none.
fn quoted(kind: &MarkKind) -> Option<Cow<'_, str>> {
    Some(kind.words()).filter(|words| !words.is_empty())
}

/// Whether a mark was drawn by hand.
const fn is_drawn(kind: &MarkKind) -> bool {
    matches!(kind, MarkKind::Ink { .. } | MarkKind::Shape(_))
}
