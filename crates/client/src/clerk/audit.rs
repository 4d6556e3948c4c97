//! What happened at the council's doors: the server writes it down, the records say what it is called.

use std::sync::Arc;

use domain::{MemberId, SittingId};
use ipc::{AuditLineView, AuditView, LocalTime, Problem};

use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::exchange;

pub(super) async fn read(core: &Arc<Core>, before: Option<u64>) -> Result<AuditView, Problem> {
    let page = core.remote()?.audit(before).await.map_err(|error| exchange::told(core, error))?;
    let picture = core.now();
    let catalogue = &picture.catalogue;
    let earlier = page.lines.last().map(|line| line.number).filter(|_| page.more);
    let lines = page.lines.into_iter().filter_map(|line| {
        let by = line.member.map(|id| catalogue.name(MemberId::from_bytes(*id)));
        let (subject, starts) = line.subject.map(|id| called(catalogue, *id)).unwrap_or_default();
        Some(AuditLineView {
            number: line.number,
            at: catalogue.local_ms(line.at_ms)?,
            done: line.done,
            by: by.filter(|name| !name.is_empty()),
            subject,
            starts,
            detail: line.detail,
        })
    });
    Ok(AuditView { lines: lines.collect(), earlier })
}

/// What the records call a member or a sitting; when the sitting starts.
fn called(catalogue: &Catalogue, id: [u8; 16]) -> (Option<String>, Option<LocalTime>) {
    if let Some(member) = catalogue.member(MemberId::from_bytes(id)) {
        return (Some(member.full_name().trim().to_owned()), None);
    }
    let Ok(sitting) = catalogue.sitting(SittingId::from_bytes(id)) else { return (None, None) };
    (Some(sitting.title.clone()), Some(catalogue.local(sitting.starts)))
}
