//! One paper's PDF is followed by another: the correction that comes after the convocation.
//!
//! The file goes the way of every publication: read and checked, sent, and only then named by the
//! sitting's record. The versions before stay, with the notes on them.

use std::path::Path;
use std::sync::Arc;

use domain::{DocumentId, DocumentVersion, Record, SittingState, changes};
use ipc::{Field, Problem, Reason, Replaced};

use super::papers::{self, Checked};
use super::{PlannedPaper, titles, upload};
use crate::core::Core;
use crate::{carrying, exchange};

/// Longest reason, in characters.
const NOTE: usize = 500;

/// Replaces.
pub(crate) async fn replace(
    core: &Arc<Core>,
    document: DocumentId,
    path: &Path,
    note: Option<String>,
) -> Result<Replaced, Problem> {
    core.now().clerk()?;
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE) {
        return Err(Reason::Length { field: Field::ChangeNote, most: NOTE }.into());
    }
    exchange::catch_up(core).await?;
    // A correction of an encrypted paper is encrypted alike.
    let (role, password) = {
        let picture = core.now();
        let paper = picture.catalogue.paper(document)?;
        if paper.sitting.state == SittingState::Closed {
            return Err(Reason::SittingClosed.into());
        }
        (paper.entry.document.role, core.keys.password(&paper.version.sha256))
    };
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let planned = PlannedPaper { role, file_name, path: path.to_owned() };
    let checked = [papers::check_one(core, planned, password.as_ref()).await?];
    let [Checked { pdf, bytes, inspection, .. }] = &checked;

    let picture = core.now();
    let paper = picture.catalogue.paper(document)?;
    if paper.version.sha256 == *pdf {
        return Ok(Replaced { document, version: paper.version.number });
    }
    let version = DocumentVersion {
        number: paper.version.number + 1,
        sha256: *pdf,
        bytes: *bytes,
        pages: u32::try_from(inspection.sizes.len()).unwrap_or(u32::MAX),
        searchable: inspection.searchable,
        published: titles::moment(core.world.now_ms()),
        note,
    };
    let number = version.number;
    let mut sitting = paper.sitting.as_ref().clone();
    if let Some(known) = sitting.document_mut(document) {
        known.versions.push(version);
    }
    let told = changes::between(paper.sitting, &sitting, titles::moment(core.world.now_ms()));
    changes::remember(&mut sitting, told);
    upload::all(core, checked.iter().map(Checked::parcel).collect()).await?;
    papers::adopt(core, &checked).await?;
    papers::remember(core, &checked, password).await?;
    exchange::send_records(core, vec![Record::Sitting(Box::new(sitting))]).await?;
    papers::arrive(core, checked.iter().map(|paper| paper.pdf).collect()).await?;
    carrying::soon(core);
    Ok(Replaced { document, version: number })
}
