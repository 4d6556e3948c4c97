//! The desk: the notes documents that are open for writing, and what can be taken back.
//!
//! An edit takes effect in the open document, is made durable by one transaction of the store, and
//! only then is answered. When the store could not take it, the document leaves the desk, because
//! memory and disk no longer agree.

mod history;

use std::collections::BTreeMap;

use annotation::{NoteDoc, NoteError};
use domain::DocumentId;
use ink::{AnnotationId, Mark};
use ipc::{ErrorCode, Problem, Reason};
use wire::DocKey;

use history::History;
pub(crate) use history::{Content, Step};

use crate::core::Core;
use crate::notes::{self, Fresh};
use crate::ports::{Draft, NotedDocument};
use crate::problem;

/// Most notes documents open at once.
const OPEN: usize = 12;

/// The desk.
#[derive(Default)]
pub(crate) struct Desk {
    open: BTreeMap<DocKey, Open>,
    edits: BTreeMap<DocKey, u64>,
    turns: u64,
    histories: BTreeMap<DocumentId, History>,
}

struct Open {
    doc: NoteDoc,
    used: u64,
}

/// How a notes document stands on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Edits made to it since the start.
    pub(crate) edits: u64,
    /// Whether it is open.
    pub(crate) open: bool,
}

/// What an edit did to the marks of one PDF.
#[derive(Debug, Default)]
pub(crate) struct Edited {
    /// Marks that are new or changed, as they are kept.
    pub(crate) put: Vec<Mark>,
    /// Marks that are gone.
    pub(crate) removed: Vec<AnnotationId>,
    /// How many marks there are more (or fewer) than before.
    pub(crate) more: i64,
    /// What takes the edit back.
    pub(crate) steps: Vec<Step>,
}

/// One change to a notes document.
pub(crate) enum Edit {
    /// A new mark.
    Put(Mark),
    /// A mark becomes this, or goes.
    Become(AnnotationId, Content),
}

impl Desk {
    /// How a document stands.
    pub(crate) fn standing(&self, key: DocKey) -> Standing {
        Standing { edits: self.edits(key), open: self.open.contains_key(&key) }
    }

    fn edits(&self, key: DocKey) -> u64 {
        self.edits.get(&key).copied().unwrap_or(0)
    }

    /// Takes a document that was read anew, unless an edit came between.
    pub(crate) fn install(&mut self, document: NotedDocument, edits: u64, doc: NoteDoc) -> bool {
        if self.edits(document.key) != edits {
            return false;
        }
        self.lay(document.key, doc);
        true
    }

    /// Makes edits to one document, in one durable transaction.
    pub(crate) async fn edit(
        &mut self,
        core: &Core,
        document: NotedDocument,
        edits: Vec<Edit>,
    ) -> Result<Edited, Problem> {
        self.open(core, document).await?;
        let now_ms = core.world.now_ms();
        self.turns += 1;
        let Some(open) = self.open.get_mut(&document.key) else {
            return Err(problem::internal("the notes are not open"));
        };
        open.used = self.turns;
        let (change, edited) = match apply(&mut open.doc, document, edits, now_ms) {
            Ok(done) => done,
            Err(error) => {
                // Some of the edits may have taken effect in memory.
                self.open.remove(&document.key);
                return Err(of_note(&error));
            }
        };
        if change.is_empty() {
            return Ok(edited);
        }
        *self.edits.entry(document.key).or_default() += 1;
        let (put, removed) = (edited.put.clone(), edited.removed.clone());
        let draft = Draft { document, change, put, removed };
        let kept = core.shelf.ask(move |store| store.save_draft(&draft)).await;
        if kept.is_err() {
            self.open.remove(&document.key);
        }
        kept.map(|()| edited)
    }

    /// Remembers how to take an edit back.
    pub(crate) fn remember(&mut self, paper: DocumentId, steps: Vec<Step>) {
        if !steps.is_empty() {
            self.histories.entry(paper).or_default().done(steps);
        }
    }

    /// The steps to take back, or to do again; they change sides when `settle` is called.
    pub(crate) fn last(&self, paper: DocumentId, redo: bool) -> Result<Vec<Step>, Problem> {
        let steps = self.histories.get(&paper).and_then(|history| history.last(redo));
        steps.ok_or_else(|| ErrorCode::NothingToUndo.into())
    }

    /// Moves the last steps to the other side.
    pub(crate) fn settle(&mut self, paper: DocumentId, redo: bool) {
        if let Some(history) = self.histories.get_mut(&paper) {
            history.turn(redo);
        }
    }

    /// Whether undo, and redo, would change something.
    pub(crate) fn can(&self, paper: DocumentId) -> (bool, bool) {
        self.histories.get(&paper).map_or((false, false), |history| {
            (history.last(false).is_some(), history.last(true).is_some())
        })
    }

    async fn open(&mut self, core: &Core, document: NotedDocument) -> Result<(), Problem> {
        if !self.open.contains_key(&document.key) {
            let edits = self.edits(document.key);
            let Fresh { doc, .. } = notes::read(core, document, edits).await?;
            self.lay(document.key, doc);
        }
        Ok(())
    }

    fn lay(&mut self, key: DocKey, doc: NoteDoc) {
        self.turns += 1;
        self.open.insert(key, Open { doc, used: self.turns });
        if self.open.len() > OPEN {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.used).map(|(key, _)| *key);
            if let Some(oldest) = oldest {
                self.open.remove(&oldest);
            }
        }
    }
}

/// Applies edits to the document in memory; gives the change bytes and what they did.
fn apply(
    doc: &mut NoteDoc,
    document: NotedDocument,
    edits: Vec<Edit>,
    now_ms: i64,
) -> Result<(Vec<u8>, Edited), NoteError> {
    let mut change = Vec::new();
    let mut edited = Edited::default();
    for edit in edits {
        let id = match &edit {
            Edit::Put(mark) => mark.id,
            Edit::Become(id, _) => *id,
        };
        let before = Content::of(doc.mark(id).as_ref());
        let made = match edit {
            Edit::Put(mark) => doc.put(&mark, now_ms),
            Edit::Become(id, content) => content.write(doc, id, now_ms),
        };
        match made {
            Ok(bytes) => change.extend(bytes),
            // Another device has erased it meanwhile: there is nothing to take back.
            Err(NoteError::Unknown(_)) if before == Content::Gone => continue,
            Err(error) => return Err(error),
        }
        let now = doc.mark(id);
        let after = Content::of(now.as_ref());
        edited.more += i64::from(after != Content::Gone) - i64::from(before != Content::Gone);
        match now {
            Some(mark) => edited.put.push(mark),
            None => edited.removed.push(id),
        }
        if before != after {
            edited.steps.push(Step { document, id, before, after });
        }
    }
    Ok((change, edited))
}

fn of_note(error: &NoteError) -> Problem {
    match error {
        NoteError::Unknown(_) => ErrorCode::NotFound.into(),
        NoteError::TooLarge => Reason::MarkTooLarge.into(),
        NoteError::OutOfBounds => Reason::MarkOutside.into(),
        NoteError::Engine(detail) => problem::internal(detail.clone()),
    }
}
