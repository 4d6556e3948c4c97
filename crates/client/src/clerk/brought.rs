//! Sittings that other software brought: taken onto this desk once their papers are here.
//!
//! What was brought stands in the log as a draft that clerks alone see. Its papers are fetched like any
//! others; when all are here they are read, and one transaction lays the draft on this desk. Until then
//! a kill leaves nothing, afterwards everything, and a second attempt finds it done. A file that cannot
//! be shown waits on the desk by its name with the reason, and the others go on. Nothing is published
//! here: the clerk looks at the draft and publishes it like any other.

use std::sync::Arc;

use domain::{AgendaItem, Cancellation, Document, Record, Sitting, SittingId, SittingState};
use ipc::{ErrorCode, Event, Problem, Reason};
use uuid::Uuid;

use super::draft::{Prepared, domain_id};
use super::import::is_of_the_file;
use super::taken_out;
use crate::core::Core;
use crate::exchange;
use crate::picture::Picture;
use crate::ports::{KeptFile, KeptRead, Shelved, Store, StoreError};
use crate::publish::{papers, titles};
use crate::roll::folded;

/// A draft whose papers were read.
struct Read {
    sitting: Sitting,
    /// Files that cannot be shown; they stand on no agenda.
    refused: Vec<KeptFile>,
}

/// Takes onto the desk whatever was brought and is whole here. Nobody waits for it: what cannot be read
/// now is read at the next occasion.
pub(crate) async fn take_in(core: &Arc<Core>) {
    let _turn = core.taking_in.lock().await;
    let picture = core.now();
    if picture.clerk().is_err() {
        return;
    }
    let mut changed = match core.shelf.ask_patiently(put_off).await {
        Ok(changed) => changed,
        Err(problem) => {
            tracing::warn!(%problem, "what others have done with a draft is not seen yet");
            false
        }
    };
    for sitting in &picture.catalogue.drafts {
        if core.closing.is_cancelled() {
            return;
        }
        match take_one(core, sitting).await {
            Ok(taken) => changed |= taken,
            Err(problem) => tracing::warn!(%problem, "a draft that was brought waits"),
        }
    }
    if changed {
        core.tell(Event::Catalogue);
    }
}

/// Takes drafts off this desk that nobody here has touched and that another clerk has published or put
/// away.
fn put_off(store: &mut dyn Store) -> Result<bool, StoreError> {
    let mut changed = false;
    for draft in store.sitting_drafts()? {
        let id = draft.sitting.id;
        if draft.sitting.brought.is_none() || draft.can_undo {
            continue;
        }
        let version = store.record_version(domain::Entity::Sitting, domain_id(id))?;
        let stands = store.sitting(id)?;
        let done = stands.is_none_or(|s| s.state != SittingState::Draft || s.is_withdrawn());
        if version > draft.base && done {
            store.forget_sitting_draft(id)?;
            let refused = |file: &KeptFile| matches!(file.read, KeptRead::Refused(_));
            let files = store.desk_files(id)?;
            let refused: Vec<Uuid> = files.iter().filter(|f| refused(f)).map(|f| f.file).collect();
            store.drop_desk_files(&refused)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// The version that is to be taken onto this desk; none when it is there, or was put away.
fn wanted(store: &dyn Store, id: SittingId) -> Result<Option<u64>, StoreError> {
    let version = store.record_version(domain::Entity::Sitting, domain_id(id))?;
    let draft = store.sitting_draft(id)?;
    let newer = draft.is_none_or(|d| d.base < version && (d.away || !d.can_undo));
    Ok(newer.then_some(version))
}

async fn take_one(core: &Arc<Core>, brought: &Arc<Sitting>) -> Result<bool, Problem> {
    let id = brought.id;
    let is_here = |paper: &Document| {
        paper.current().is_none_or(|version| core.files.path(&version.sha256).is_ok())
    };
    if !brought.packet().all(|entry| is_here(entry.document)) {
        return Ok(false);
    }
    if core.shelf.ask_patiently(move |store| wanted(store, id)).await?.is_none() {
        return Ok(false);
    }
    let mut read = read(core, (**brought).clone()).await?;
    seat(&mut read.sitting, &core.now());
    let (now_ms, base) = (core.world.now_ms(), Arc::clone(brought));
    core.shelf
        .ask_patiently(move |store| {
            // Another version may have come, or the clerk may have begun to work on it.
            let Some(version) = wanted(store, id)? else { return Ok(false) };
            if store.sitting(id)?.as_ref() != Some(&*base) {
                return Ok(false);
            }
            // The files first: a kill before the draft leaves what is laid down again, the same.
            for file in &read.refused {
                store.keep_desk_file(id, file)?;
            }
            store.forget_sitting_draft(id)?;
            store.keep_sitting_draft(&read.sitting, version, now_ms)?;
            Ok(true)
        })
        .await
}

/// The committee or bureau that is meant, when the council keeps one of this name.
fn seat(sitting: &mut Sitting, picture: &Picture) {
    let title = folded(&sitting.title);
    let body = picture.catalogue.bodies.iter().find(|body| folded(&body.name) == title);
    if let Some(body) = body {
        (sitting.kind, sitting.body) = (body.kind, Some(body.id));
    }
}

/// Reads every paper of a draft that no tablet has read.
///
/// # Errors
/// A paper is not here yet, or this machine cannot read any now.
async fn read(core: &Arc<Core>, mut sitting: Sitting) -> Result<Read, Problem> {
    let mut refused = Vec::new();
    let unread: Vec<Document> = sitting
        .packet()
        .map(|entry| entry.document)
        .filter(|paper| paper.current().is_some_and(|version| version.pages == 0))
        .cloned()
        .collect();
    for paper in unread {
        // What the server found to be something else; its name says it.
        if !paper.file_name.ends_with(".pdf") {
            let name = format!("{} ({})", paper.title, paper.file_name);
            let problem = Reason::NotPdf { file: name.clone() }.into();
            refused.push(refusal(&paper, name, problem));
            drop_paper(&mut sitting, &paper);
            continue;
        }
        let Some(version) = paper.current() else { continue };
        let path = core.path(&version.sha256, &paper.title)?;
        match papers::check_file(core, paper.file_name.clone(), path, None).await {
            Ok(checked) => {
                let pages = u32::try_from(checked.inspection.sizes.len()).unwrap_or(u32::MAX);
                let searchable = checked.inspection.searchable;
                let all = sitting.documents_mut().filter(|known| known.id == paper.id);
                for version in all.flat_map(|known| known.versions.last_mut()) {
                    (version.pages, version.searchable) = (pages, searchable);
                }
            }
            Err(problem) if is_of_the_file(problem.code) => {
                refused.push(refusal(&paper, paper.file_name.clone(), problem));
                drop_paper(&mut sitting, &paper);
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(Read { sitting, refused })
}

/// A file that waits on the desk by its name.
fn refusal(paper: &Document, name: String, problem: Problem) -> KeptFile {
    KeptFile {
        // The same at each attempt.
        file: Uuid::from_bytes(paper.id.to_bytes()),
        name,
        read: KeptRead::Refused(problem),
        target: None,
        shelved: paper.current().map(|version| {
            let (title, ending) = taken_out::own_name(&paper.title, &paper.file_name);
            Shelved { sha256: version.sha256, title, ending }
        }),
    }
}

fn drop_paper(sitting: &mut Sitting, paper: &Document) {
    let other = |known: &Document| known.id != paper.id;
    sitting.convocation = sitting.convocation.take().filter(other);
    for item in &mut sitting.items {
        item.documents.retain(other);
    }
    sitting.others.retain(other);
}

/// Makes sure that a draft which is to be published lies on this desk with every paper read.
pub(super) async fn ready(core: &Arc<Core>, id: SittingId) -> Result<(), Problem> {
    let prepared = core.shelf.ask(move |store| Prepared::load(store, id)).await?;
    let Some(present) = prepared.present().cloned() else { return Ok(()) };
    let unread =
        |entry: domain::PacketEntry<'_>| entry.document.current().is_some_and(|v| v.pages == 0);
    let whole = !present.packet().any(unread);
    if whole && (prepared.draft.is_some() || prepared.published.is_some()) {
        return Ok(());
    }
    let base = prepared.base();
    let Read { sitting, refused } = read(core, present).await?;
    if let Some(KeptRead::Refused(problem)) = refused.into_iter().next().map(|file| file.read) {
        return Err(problem);
    }
    let now_ms = core.world.now_ms();
    core.shelf.ask(move |store| store.keep_sitting_draft(&sitting, base, now_ms)).await
}

/// Puts a draft away. One that was brought is put away for every clerk, so that the software may bring
/// it again; what it held stays here, to be taken back.
pub(super) async fn discard(core: &Arc<Core>, id: SittingId) -> Result<(), Problem> {
    let now_ms = core.world.now_ms();
    let withdrawn = core
        .shelf
        .ask(move |store| {
            let Prepared { brought, version, draft, .. } = Prepared::load(store, id)?;
            if let (Some(brought), None) = (&brought, &draft) {
                store.keep_sitting_draft(brought, version, now_ms)?;
            }
            store.put_sitting_draft_away(id, true)?;
            Ok(brought)
        })
        .await?;
    let Some(brought) = withdrawn else { return Ok(()) };
    send(
        core,
        Sitting {
            cancelled: Some(Cancellation { at: titles::moment(now_ms), reason: None }),
            convocation: None,
            items: Vec::<AgendaItem>::new(),
            others: Vec::new(),
            ..brought
        },
    )
    .await
}

/// Takes a draft back that was put away.
pub(super) async fn take_back(core: &Arc<Core>, id: SittingId) -> Result<(), Problem> {
    let kept = core
        .shelf
        .ask(move |store| {
            store.put_sitting_draft_away(id, false)?;
            let withdrawn = store.sitting(id)?.is_some_and(|sitting| sitting.is_withdrawn());
            Ok(store.sitting_draft(id)?.filter(|_| withdrawn))
        })
        .await?;
    let Some(kept) = kept else { return Ok(()) };
    send(core, Sitting { state: SittingState::Draft, cancelled: None, ..kept.sitting }).await
}

/// Tells the other clerks. Without a network they are told later.
async fn send(core: &Arc<Core>, sitting: Sitting) -> Result<(), Problem> {
    match exchange::send_records(core, vec![Record::Sitting(Box::new(sitting))]).await {
        Err(problem) if problem.code == ErrorCode::Offline => Ok(()),
        sent => sent,
    }
}
