//! What happened at the council's doors: the server writes it down, the records say what it is called.

use std::sync::Arc;

use domain::{MemberId, SittingId};
use ipc::{AuditLineView, AuditView, Problem};

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
        Some(AuditLineView {
            number: line.number,
            at: catalogue.local_ms(line.at_ms)?,
            done: line.done,
            by: by.filter(|name| !name.is_empty()),
            subject: line.subject.and_then(|id| called(catalogue, *id)),
            detail: line.detail,
        })
    });
    Ok(AuditView { lines: lines.collect(), earlier })
}

/// What the records call a member or a sitting.
fn called(catalogue: &Catalogue, id: [u8; 16]) -> Option<String> {
    let member = catalogue.member(MemberId::from_bytes(id));
    member.map(|member| member.full_name().trim().to_owned()).or_else(|| {
        let sitting = catalogue.sitting(SittingId::from_bytes(id)).ok()?;
        Some(sitting.title.clone())
    })
}
