//! The desk: the notes documents that are open for writing, and what can be taken back.
//!
//! An edit takes effect in the open documents, is made durable by one transaction of the store,
//! together with how it is taken back, and only then is answered. When the store could not take it,
//! the documents leave the desk, because memory and disk no longer agree.

mod history;

use std::collections::BTreeMap;

use annotation::{NoteDoc, NoteError};
use domain::{DocumentId, Sha256};
use ink::{AnnotationId, Carried, Colour, Mark, Point};
use ipc::{ErrorCode, Problem, Reason};
use wire::DocKey;

pub(crate) use history::Step;
use history::{Content, History};

use crate::core::Core;
use crate::notes::{self, Fresh};
use crate::ports::{Apart, Draft, HistoryEdit, NotedDocument, StoredEdit, Turn};
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

/// What is to be done in one step.
#[derive(Default)]
pub(crate) struct Work {
    /// Edits by document, in the order in which they are to be sent.
    pub(crate) edits: Vec<(NotedDocument, Vec<Edit>)>,
    /// Notes about which nothing is left to be settled.
    pub(crate) settled: Vec<AnnotationId>,
    /// A document whose refused pieces are to stand apart.
    pub(crate) apart: Option<Apart>,
}

/// What an edit did.
#[derive(Debug, Default)]
pub(crate) struct Edited {
    /// Marks that are new or changed, as they are kept.
    pub(crate) put: Vec<(NotedDocument, Mark)>,
    /// How many marks there are more (or fewer) than before on each PDF.
    pub(crate) more: BTreeMap<Sha256, i64>,
    steps: Vec<Step>,
    /// Where notes of earlier versions stand, new or settled.
    pub(crate) carried: Vec<(NotedDocument, Carried)>,
}

/// One change to a notes document.
pub(crate) enum Edit {
    /// A new mark, or one from another document.
    Put(Mark),
    /// Text and colour, where given, of a mark that is there.
    Change { id: AnnotationId, text: Option<String>, colour: Option<Colour> },
    /// A mark moves by so many points.
    Shift { id: AnnotationId, by: Point },
    /// A form or a text box gets other ends.
    Reshape { id: AnnotationId, ends: [Point; 2] },
    /// A mark goes.
    Erase(AnnotationId),
    /// What a step did is reversed.
    Back(Step),
    /// A note of an earlier version stands here; what was found never replaces what is known.
    Carry(Carried),
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

    /// Whether a note is or was in a document, be it erased.
    pub(crate) async fn knows(
        &mut self,
        core: &Core,
        document: NotedDocument,
        id: AnnotationId,
    ) -> Result<bool, Problem> {
        self.open(core, document).await?;
        Ok(self.open.get(&document.key).is_some_and(|open| open.doc.knows(id)))
    }

    /// Does something new on a paper, in one durable transaction.
    pub(crate) async fn edit(
        &mut self,
        core: &Core,
        paper: DocumentId,
        work: Work,
    ) -> Result<Edited, Problem> {
        self.load(core, paper).await?;
        let Work { edits, settled, apart } = work;
        let (drafts, edited) = self.perform(core, edits).await?;
        if drafts.is_empty() && settled.is_empty() && apart.is_none() {
            return Ok(edited);
        }
        let steps = edited.steps.clone();
        let history = (!steps.is_empty()).then_some((paper, Turn::Done));
        self.keep(core, StoredEdit { drafts, settled, apart, history: None }, history, &steps)
            .await?;
        if let (false, Some(history)) = (steps.is_empty(), self.histories.get_mut(&paper)) {
            history.done(steps);
        }
        Ok(edited)
    }

    /// Takes the last edit of a paper back, or does it again. Edits that have nothing left to take
    /// back, because another device went further meanwhile, are passed over.
    pub(crate) async fn turn_back(
        &mut self,
        core: &Core,
        paper: DocumentId,
        redo: bool,
    ) -> Result<Edited, Problem> {
        self.load(core, paper).await?;
        let picture = core.now();
        let mut taken = 0;
        loop {
            let entry = self.histories.get(&paper).and_then(|all| all.entry(redo, taken));
            let Some(entry) = entry else {
                self.turned(core, paper, redo, taken, Vec::new(), Vec::new()).await?;
                return Err(ErrorCode::NothingToUndo.into());
            };
            taken += 1;
            // The server would refuse it: the member has left the group meanwhile.
            if entry.iter().any(|step| picture.may_write(step.document.scope).is_err()) {
                continue;
            }
            let (drafts, edited) = self.perform(core, by_document(entry)).await?;
            if !edited.steps.is_empty() {
                self.turned(core, paper, redo, taken, drafts, edited.steps.clone()).await?;
                return Ok(edited);
            }
        }
    }

    /// Does work that no one asked for and that is not taken back.
    pub(crate) async fn keep_apart(&mut self, core: &Core, work: Work) -> Result<Edited, Problem> {
        let Work { edits, settled, apart } = work;
        let (drafts, edited) = self.perform(core, edits).await?;
        if !drafts.is_empty() || !settled.is_empty() || apart.is_some() {
            let edit = StoredEdit { drafts, settled, apart, history: None };
            self.keep(core, edit, None, &[]).await?;
        }
        Ok(edited)
    }

    /// Keeps that so many entries were reversed, which did this.
    async fn turned(
        &mut self,
        core: &Core,
        paper: DocumentId,
        redo: bool,
        taken: usize,
        drafts: Vec<Draft>,
        steps: Vec<Step>,
    ) -> Result<(), Problem> {
        if taken == 0 {
            return Ok(());
        }
        let turn = if redo { Turn::Redone(taken) } else { Turn::Undone(taken) };
        let edit = StoredEdit { drafts, ..StoredEdit::default() };
        self.keep(core, edit, Some((paper, turn)), &steps).await?;
        if let Some(history) = self.histories.get_mut(&paper) {
            history.turn(redo, taken, steps);
        }
        Ok(())
    }

    /// Makes an edit durable that has taken effect in memory.
    async fn keep(
        &mut self,
        core: &Core,
        mut edit: StoredEdit,
        history: Option<(DocumentId, Turn)>,
        steps: &[Step],
    ) -> Result<(), Problem> {
        let touched: Vec<DocKey> = edit.drafts.iter().map(|draft| draft.document.key).collect();
        let written = history::write(steps).map_err(|error| problem::internal(error.to_string()));
        edit.history = match (history, written) {
            (Some((paper, turn)), Ok(steps)) => Some(HistoryEdit { paper, turn, steps }),
            // An edit that cannot be taken back is better than none.
            (None, _) | (Some(_), Err(_)) => None,
        };
        let kept = core.shelf.ask(move |store| store.save_edit(&edit)).await;
        for key in touched {
            *self.edits.entry(key).or_default() += 1;
            if kept.is_err() {
                self.open.remove(&key);
            }
        }
        kept
    }

    /// Whether undo, and redo, would change something.
    pub(crate) async fn can(
        &mut self,
        core: &Core,
        paper: DocumentId,
    ) -> Result<(bool, bool), Problem> {
        self.load(core, paper).await?;
        Ok(self.histories.get(&paper).map_or((false, false), History::can))
    }

    /// Reads the history of a paper, once.
    async fn load(&mut self, core: &Core, paper: DocumentId) -> Result<(), Problem> {
        let picture = core.now();
        let Some(profile) = &picture.profile else { return Ok(()) };
        if self.histories.contains_key(&paper) {
            return Ok(());
        }
        let stored = core.shelf.ask(move |store| store.history(paper)).await?;
        self.histories.insert(paper, History::read(&stored, profile.council, profile.member));
        Ok(())
    }

    /// Makes edits in memory. When one fails, the documents leave the desk, because some edits may
    /// have taken effect.
    async fn perform(
        &mut self,
        core: &Core,
        edits: Vec<(NotedDocument, Vec<Edit>)>,
    ) -> Result<(Vec<Draft>, Edited), Problem> {
        let touched: Vec<DocKey> = edits.iter().map(|(document, _)| document.key).collect();
        let performed = self.performed(core, edits).await;
        if performed.is_err() {
            for key in touched {
                self.open.remove(&key);
            }
        }
        performed
    }

    async fn performed(
        &mut self,
        core: &Core,
        edits: Vec<(NotedDocument, Vec<Edit>)>,
    ) -> Result<(Vec<Draft>, Edited), Problem> {
        let now_ms = core.world.now_ms();
        let (mut drafts, mut edited) = (Vec::new(), Edited::default());
        for (document, edits) in edits {
            self.open(core, document).await?;
            self.turns += 1;
            let Some(open) = self.open.get_mut(&document.key) else {
                return Err(problem::internal("the notes are not open"));
            };
            open.used = self.turns;
            let mut draft = Draft {
                document,
                change: Vec::new(),
                put: Vec::new(),
                removed: Vec::new(),
                carried: Vec::new(),
            };
            perform(&mut open.doc, edits, now_ms, &mut draft, &mut edited)
                .map_err(|error| of_note(&error))?;
            if !draft.change.is_empty() {
                drafts.push(draft);
            }
        }
        Ok((drafts, edited))
    }

    async fn open(&mut self, core: &Core, document: NotedDocument) -> Result<(), Problem> {
        if !self.open.contains_key(&document.key) {
            let edits = self.edits(document.key);
            let Fresh { doc, .. } = notes::read(core, document, edits).await?;
            self.lay(document.key, doc);
        }
        Ok(())
    }

    /// Puts a document away; what is read of it from now on is new.
    pub(crate) fn put_away(&mut self, key: DocKey) {
        self.open.remove(&key);
        *self.edits.entry(key).or_default() += 1;
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

/// Steps to be reversed, by document. Each document keeps their order.
fn by_document(steps: Vec<Step>) -> Vec<(NotedDocument, Vec<Edit>)> {
    let mut all: Vec<(NotedDocument, Vec<Edit>)> = Vec::new();
    for step in steps {
        let document = step.document;
        match all.iter_mut().find(|(known, _)| *known == document) {
            Some((_, edits)) => edits.push(Edit::Back(step)),
            None => all.push((document, vec![Edit::Back(step)])),
        }
    }
    all
}

/// Makes edits in one document in memory; notes the change bytes and what they did.
fn perform(
    doc: &mut NoteDoc,
    edits: Vec<Edit>,
    now_ms: i64,
    draft: &mut Draft,
    edited: &mut Edited,
) -> Result<(), NoteError> {
    let document = draft.document;
    for edit in edits {
        let id = match &edit {
            Edit::Put(mark) => mark.id,
            Edit::Change { id, .. }
            | Edit::Shift { id, .. }
            | Edit::Reshape { id, .. }
            | Edit::Erase(id) => *id,
            Edit::Back(step) if step.settles() => {
                let id = step.id;
                place(doc, id, draft, edited, |doc| step.reverse(doc, now_ms))?;
                continue;
            }
            Edit::Back(step) => step.id,
            Edit::Carry(carried) => {
                let new = carried.settled.is_some() || doc.carried_note(carried.id).is_none();
                place(doc, carried.id, draft, edited, |doc| {
                    if new { doc.carry(carried, now_ms) } else { Ok(Vec::new()) }
                })?;
                continue;
            }
        };
        let before = Content::of(doc.mark(id).as_ref());
        let made = match edit {
            Edit::Put(mark) => doc.put(&mark, now_ms),
            Edit::Change { id, text, colour } => doc.change(id, text.as_deref(), colour, now_ms),
            Edit::Shift { id, by } => doc.shift(id, by, now_ms),
            Edit::Reshape { id, ends } => doc.reshape(id, ends, now_ms),
            Edit::Erase(id) => doc.erase(id, now_ms),
            Edit::Back(step) => step.reverse(doc, now_ms),
            Edit::Carry(_) => Ok(Vec::new()),
        };
        match made {
            Ok(bytes) => draft.change.extend(bytes),
            // Another device has erased it meanwhile: there is nothing to change.
            Err(NoteError::Unknown(_)) if before == Content::Gone => continue,
            Err(error) => return Err(error),
        }
        let now = doc.mark(id);
        let after = Content::of(now.as_ref());
        *edited.more.entry(document.pdf).or_default() +=
            i64::from(after != Content::Gone) - i64::from(before != Content::Gone);
        match now {
            Some(mark) => {
                edited.put.push((document, mark.clone()));
                draft.put.push(mark);
            }
            None => draft.removed.push(id),
        }
        if before != after {
            edited.steps.push(Step { document, id, before, after });
        }
    }
    Ok(())
}

/// Changes where a note of an earlier version stands; what its author settles can be taken back.
fn place(
    doc: &mut NoteDoc,
    id: AnnotationId,
    draft: &mut Draft,
    edited: &mut Edited,
    change: impl FnOnce(&mut NoteDoc) -> Result<Vec<u8>, NoteError>,
) -> Result<(), NoteError> {
    let document = draft.document;
    let before = Content::settled(doc, id);
    draft.change.extend(change(doc)?);
    let after = Content::settled(doc, id);
    if before != after {
        edited.steps.push(Step { document, id, before, after });
    }
    let stands = doc.carried_note(id);
    draft.carried.extend(stands.clone());
    edited.carried.extend(stands.map(|stands| (document, stands)));
    Ok(())
}

fn of_note(error: &NoteError) -> Problem {
    match error {
        NoteError::Unknown(_) => ErrorCode::NotFound.into(),
        NoteError::TooLarge => Reason::MarkTooLarge.into(),
        NoteError::OutOfBounds => Reason::MarkOutside.into(),
        NoteError::Engine(detail) => problem::internal(detail.clone()),
    }
}
