//! What the server refused of a shared scope is kept as private notes.
//!
//! A refused operation never reaches anybody. Were it to stay in its document, every later change
//! would build on it, and no other tablet could read those either. So the refused pieces and the
//! drafts made on them leave the document; the marks that would be lost with them become private
//! notes, which say whom they were meant for. Both happen in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use annotation::{NoteDoc, limits};
use domain::DocumentId;
use ink::{AnnotationId, Mark};
use ipc::{Event, Problem};
use wire::Audience;

use crate::actor::Actor;
use crate::core::Core;
use crate::desk::{Edit, Work};
use crate::ports::{Apart, NotePieces, NotedDocument};
use crate::{problem, world};

/// Has the actor keep what was refused; whether there was any.
pub(crate) async fn refused(core: &Core) -> Result<bool, Problem> {
    let mut any = false;
    for document in core.shelf.ask_patiently(|store| store.refused_documents()).await? {
        // Private notes have nowhere else to go; nobody but their owner waits for them.
        if document.scope.audience != Audience::Private {
            let _gate = core.notes_gate.lock().await;
            core.rescue(document).await?;
            any = true;
        }
    }
    Ok(any)
}

impl Actor {
    /// Keeps the refused notes of a document as private ones.
    pub(crate) async fn rescue(&mut self, document: NotedDocument) -> Result<(), Problem> {
        let picture = self.picture();
        let core = Arc::clone(&self.core);
        let actor = picture.enrolled()?.device.to_bytes();
        let key = document.key;
        let (all, standing) = core
            .shelf
            .ask(move |store| Ok((store.note_pieces(key)?, store.standing_pieces(key)?)))
            .await?;
        let (was, stands) =
            tokio::task::spawn_blocking(move || (marks(actor, &all), marks(actor, &standing)))
                .await
                .map_err(|_| problem::internal("reading refused notes"))?;
        let lost = lost(&was, &stands);
        let mut puts = Vec::with_capacity(lost.len());
        let mut unshared = Vec::with_capacity(lost.len());
        for (mark, stays) in lost {
            let mut mark = mark.clone();
            if stays {
                // The note itself still stands for the others, as it was: this is another one.
                let (now, random) = world::id_parts(&*core.world);
                mark.id = AnnotationId::new(now, random);
            }
            unshared.push(mark.id);
            puts.push(Edit::Put(mark));
        }
        let private = picture.private_notes(document.pdf)?;
        let marks = stands.into_values().collect();
        let apart = Apart { document, marks, unshared: unshared.clone() };
        let work = Work { edits: vec![(private, puts)], apart: Some(apart), ..Work::default() };
        self.desk.put_away(key);
        self.desk.keep_apart(&core, work).await?;
        tracing::info!(notes = unshared.len(), "refused notes are kept as private ones");
        self.load().await?;
        self.tell_marks(&document.pdf);
        if let Some(paper) = self.paper(&document)
            && let (Some(first), count) = (unshared.first(), unshared.len())
        {
            let note = *first;
            let notes = u32::try_from(count).unwrap_or(u32::MAX);
            core.tell(Event::NotShared { document: paper, note, notes });
        }
        core.edited.notify_one();
        Ok(())
    }

    fn paper(&self, document: &NotedDocument) -> Option<DocumentId> {
        let picture = self.picture();
        picture.catalogue.papers_of(&document.pdf).next().map(|paper| paper.document)
    }
}

fn marks(actor: [u8; 16], pieces: &NotePieces) -> BTreeMap<AnnotationId, Mark> {
    let changes = pieces.changes.iter().map(Vec::as_slice);
    let (doc, _) = NoteDoc::load(actor, pieces.snapshot.as_deref(), changes, limits::DEADLINE);
    doc.marks().into_iter().map(|mark| (mark.id, mark)).collect()
}

/// Marks that would be lost with the refused pieces, and whether another state of each stands.
fn lost<'a>(
    was: &'a BTreeMap<AnnotationId, Mark>,
    stands: &BTreeMap<AnnotationId, Mark>,
) -> Vec<(&'a Mark, bool)> {
    was.values()
        .filter_map(|mark| match stands.get(&mark.id) {
            None => Some((mark, false)),
            Some(other) if said(other) != said(mark) => Some((mark, true)),
            Some(_) => None,
        })
        .collect()
}

/// What a person put into a mark; when it was changed is not part of it.
fn said(mark: &Mark) -> Mark {
    Mark { modified_ms: 0, ..mark.clone() }
}
