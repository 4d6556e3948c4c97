//! Copies with notes.

use client::ports::{ExportPaper, PdfError, PdfErrorKind};

use crate::reader::{PdfReader, fault};

pub(crate) async fn export(_reader: &PdfReader, export: ExportPaper) -> Result<(), PdfError> {
    drop(export);
    Err(fault(PdfErrorKind::Unwritable, "not yet"))
}
