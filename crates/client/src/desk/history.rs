//! What can be taken back, and done again, on one paper.

use annotation::{NoteDoc, NoteError};
use ink::{AnnotationId, Colour, Mark};

use crate::ports::NotedDocument;

/// Most edits that can be taken back.
const KEPT: usize = 200;

/// Edits of one paper: a stack to take back, a stack to do again.
#[derive(Debug, Default)]
pub(super) struct History {
    undo: Vec<Vec<Step>>,
    redo: Vec<Vec<Step>>,
}

/// How one edit changed one mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) document: NotedDocument,
    pub(crate) id: AnnotationId,
    pub(crate) before: Content,
    pub(crate) after: Content,
}

/// What of a mark can change after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// Not made yet, or erased.
    Gone,
    /// There.
    There {
        /// What is written on it.
        text: String,
        /// Its colour.
        colour: Colour,
    },
}

impl History {
    pub(super) fn done(&mut self, steps: Vec<Step>) {
        self.redo.clear();
        if self.undo.len() >= KEPT {
            self.undo.remove(0);
        }
        self.undo.push(steps);
    }

    /// The last steps, as the states that are to be brought back, last first.
    pub(super) fn last(&self, redo: bool) -> Option<Vec<Step>> {
        let stack = if redo { &self.redo } else { &self.undo };
        stack.last().map(|steps| steps.iter().rev().cloned().collect())
    }

    /// Moves the last steps to the other stack, turned round.
    pub(super) fn turn(&mut self, redo: bool) {
        let (from, to) =
            if redo { (&mut self.redo, &mut self.undo) } else { (&mut self.undo, &mut self.redo) };
        if let Some(steps) = from.pop() {
            let turned = steps.into_iter().rev().map(|step| Step {
                before: step.after,
                after: step.before,
                ..step
            });
            to.push(turned.collect());
        }
    }
}

impl Content {
    pub(crate) fn of(mark: Option<&Mark>) -> Self {
        match mark {
            Some(mark) => Self::There { text: mark.text.clone(), colour: mark.colour },
            None => Self::Gone,
        }
    }

    /// Makes the mark so.
    pub(super) fn write(
        &self,
        doc: &mut NoteDoc,
        id: AnnotationId,
        now_ms: i64,
    ) -> Result<Vec<u8>, NoteError> {
        let Self::There { text, colour } = self else { return doc.erase(id, now_ms) };
        let mut change = Vec::new();
        if doc.mark(id).is_none() {
            change.extend(doc.restore(id, now_ms)?);
        }
        if Self::of(doc.mark(id).as_ref()) != *self {
            change.extend(doc.change(id, Some(text), Some(*colour), now_ms)?);
        }
        Ok(change)
    }
}
