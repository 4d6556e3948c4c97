//! Reading notes documents anew: after a pull, after a kill, before the first edit.
//!
//! Foreign bytes are read on a blocking thread under the annotation crate's guard; the actor takes
//! the result only when no edit has come between, and otherwise it is read once more.

use std::collections::BTreeSet;
use std::sync::Arc;

use annotation::{NoteDoc, limits};
use domain::DocumentId;
use ink::{Carried, Mark};
use ipc::Problem;

use crate::actor::Message;
use crate::core::Core;
use crate::desk::Standing;
use crate::ports::{NotePieces, NotedDocument};
use crate::problem;

/// Rounds over documents that keep changing under the reader.
const ROUNDS: u32 = 8;
/// Pieces after a snapshot that make another one worth it.
const SNAPSHOT_AFTER: usize = 128;

/// A notes document that was read from its pieces.
pub(crate) struct Fresh {
    pub(crate) document: NotedDocument,
    /// The desk's count of edits before the pieces were read.
    pub(crate) edits: u64,
    pub(crate) doc: NoteDoc,
    pub(crate) marks: Vec<Mark>,
    /// Where notes of earlier versions stand on this one.
    pub(crate) carried: Vec<Carried>,
    /// Pieces that could not be read.
    pub(crate) unreadable: u32,
}

/// Reads every notes document anew whose index is older than its pieces.
pub(crate) async fn refresh(core: &Core) -> Result<(), Problem> {
    for _ in 0..ROUNDS {
        let stale = core.shelf.ask(|store| store.stale_documents()).await?;
        if stale.is_empty() {
            return Ok(());
        }
        for document in stale {
            let _gate = core.notes_gate.lock().await;
            let Standing { edits, .. } = core.standing(document.key).await?;
            let fresh = read(core, document, edits).await?;
            core.install(fresh).await?;
        }
    }
    tracing::warn!("some notes keep changing while they are read");
    Ok(())
}

/// Reads a document from its pieces.
pub(crate) async fn read(
    core: &Core,
    document: NotedDocument,
    edits: u64,
) -> Result<Fresh, Problem> {
    let actor = core.writer;
    let pieces = core.shelf.ask(move |store| store.note_pieces(document.key)).await?;
    let covers = pieces.covers;
    let (doc, marks, unreadable, snapshot) =
        tokio::task::spawn_blocking(move || assemble(actor, &pieces))
            .await
            .map_err(|_| problem::internal("reading notes"))?;
    if let Some(snapshot) = snapshot {
        let key = document.key;
        core.shelf.ask_patiently(move |store| store.save_snapshot(key, &snapshot, covers)).await?;
    }
    let carried = doc.carried();
    Ok(Fresh { document, edits, doc, marks, carried, unreadable })
}

/// Lays the member's notes on a paper on the desk before the first mark is made.
pub(crate) fn open_ahead(core: &Arc<Core>, document: DocumentId) {
    let core = Arc::clone(core);
    core.tasks.clone().spawn(async move {
        let closing = core.closing.clone();
        tokio::select! {
            done = ahead(&core, document) => if let Err(problem) = done {
                tracing::info!(%problem, "notes are not opened ahead");
            },
            () = closing.cancelled() => {}
        }
    });
}

async fn ahead(core: &Core, document: DocumentId) -> Result<(), Problem> {
    let picture = core.now();
    let pdf = picture.catalogue.paper(document)?.version.sha256;
    let mine = core.shelf.ask(move |store| store.noted_documents(&pdf)).await?;
    let mine = mine.into_iter().filter(|noted| picture.member() == Some(noted.scope.owner));
    // The private notes also before there are any: their first mark is quick too.
    let all: BTreeSet<_> = mine.chain([picture.private_notes(pdf)?]).collect();
    for noted in all {
        lay_ahead(core, noted).await?;
    }
    Ok(())
}

async fn lay_ahead(core: &Core, noted: NotedDocument) -> Result<(), Problem> {
    let Standing { edits, open } = core.standing(noted.key).await?;
    if !open {
        let fresh = read(core, noted, edits).await?;
        core.post(Message::Lay(Box::new(fresh)));
    }
    Ok(())
}

fn assemble(actor: [u8; 16], pieces: &NotePieces) -> (NoteDoc, Vec<Mark>, u32, Option<Vec<u8>>) {
    let changes = pieces.changes.iter().map(Vec::as_slice);
    let snapshot = pieces.snapshot.as_deref();
    let (doc, unreadable) = NoteDoc::load(actor, snapshot, changes, limits::DEADLINE);
    for piece in &unreadable {
        tracing::warn!(%piece, "a note is set aside");
    }
    let worth_it = pieces.changes.len() >= SNAPSHOT_AFTER && unreadable.is_empty();
    // Without a snapshot the changes themselves stay good.
    let snapshot = worth_it.then(|| doc.snapshot().ok()).flatten();
    let marks = doc.marks();
    (doc, marks, u32::try_from(unreadable.len()).unwrap_or(u32::MAX), snapshot)
}
