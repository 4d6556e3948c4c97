//! What can be taken back, and done again, on one paper; it outlives the app.
//!
//! Taking back is itself an edit. It reverses what its entry did and nothing else: what another
//! device of the member has changed since stays as that device left it. What it really did is noted,
//! so that doing it again brings back exactly what was there.

use std::collections::VecDeque;

use annotation::{NoteDoc, NoteError};
use domain::{CouncilId, GroupId, MemberId, Sha256};
use ink::codec::QUANTA;
use ink::{AnnotationId, Carried, Colour, Mark, Point};
use serde::{Deserialize, Serialize};
use wire::{Audience, DocKey, Scope};

use crate::ports::{HISTORY, NotedDocument, StoredHistory};

/// Edits of one paper: a stack to take back, a stack to do again.
#[derive(Debug, Default)]
pub(super) struct History {
    undo: VecDeque<Vec<Step>>,
    redo: VecDeque<Vec<Step>>,
}

/// How one edit changed one mark.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) document: NotedDocument,
    pub(crate) id: AnnotationId,
    pub(crate) before: Content,
    pub(crate) after: Content,
}

/// What of a mark can change after it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Content {
    /// Not made yet, or erased.
    Gone,
    /// There.
    There {
        /// What is written on it.
        text: String,
        /// Its colour.
        colour: Colour,
        /// The top left corner of its bounds, in the steps in which places are kept.
        corner: [i32; 2],
        /// From one of its ends to the other, of what can be given other ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<[i32; 2]>,
    },
    /// Made on an earlier version: what its author has settled about its place on this one, if
    /// anything.
    Settled(Option<Box<Carried>>),
}

impl History {
    /// The history as it was kept. Entries of a newer version, and those before them, are left out:
    /// what cannot be read cannot be taken back.
    pub(super) fn read(stored: &StoredHistory, council: CouncilId, owner: MemberId) -> Self {
        let side = |entries: &[Vec<u8>]| {
            let mut steps: VecDeque<Vec<Step>> = entries
                .iter()
                .rev()
                .map_while(|entry| read(entry, council, owner))
                .take(HISTORY)
                .collect();
            steps.make_contiguous().reverse();
            steps
        };
        Self { undo: side(&stored.undo), redo: side(&stored.redo) }
    }

    pub(super) fn done(&mut self, steps: Vec<Step>) {
        self.redo.clear();
        push(&mut self.undo, steps);
    }

    /// The entry that is `depth` from the top, as steps to be reversed, last first.
    pub(super) fn entry(&self, redo: bool, depth: usize) -> Option<Vec<Step>> {
        let stack = if redo { &self.redo } else { &self.undo };
        let entry = stack.iter().rev().nth(depth)?;
        Some(entry.iter().rev().cloned().collect())
    }

    /// Takes entries off one side; what reversing them did goes to the other.
    pub(super) fn turn(&mut self, redo: bool, taken: usize, done: Vec<Step>) {
        let (from, to) =
            if redo { (&mut self.redo, &mut self.undo) } else { (&mut self.undo, &mut self.redo) };
        from.truncate(from.len().saturating_sub(taken));
        if !done.is_empty() {
            push(to, done);
        }
    }

    /// Whether there is something to take back, and to do again.
    pub(super) fn can(&self) -> (bool, bool) {
        (!self.undo.is_empty(), !self.redo.is_empty())
    }
}

fn push(stack: &mut VecDeque<Vec<Step>>, steps: Vec<Step>) {
    if stack.len() >= HISTORY {
        stack.pop_front();
    }
    stack.push_back(steps);
}

impl Content {
    /// What its author has settled about a note's place.
    pub(crate) fn settled(doc: &NoteDoc, id: AnnotationId) -> Self {
        Self::Settled(doc.settled_note(id).map(Box::new))
    }

    pub(crate) fn of(mark: Option<&Mark>) -> Self {
        match mark {
            Some(mark) => {
                let bounds = mark.bounds();
                let steps = |length: f32| (length * f32::from(QUANTA)).round() as i32;
                let corner = [steps(bounds.x0), steps(bounds.y1)];
                let span = mark.kind.ends().map(|[a, b]| [steps(b.x - a.x), steps(b.y - a.y)]);
                Self::There { text: mark.text.clone(), colour: mark.colour, corner, span }
            }
            None => Self::Gone,
        }
    }
}

impl Step {
    /// Whether it settled where a note of an earlier version stands.
    pub(super) const fn settles(&self) -> bool {
        matches!(self.before, Content::Settled(_))
    }

    /// Reverses this step in the document as it is now.
    pub(super) fn reverse(&self, doc: &mut NoteDoc, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        let Self { id, before, after, .. } = self;
        if let Content::Settled(settled) = before {
            return match settled {
                // Another device has settled it otherwise meanwhile: that stands.
                _ if Content::settled(doc, *id) != *after => Ok(Vec::new()),
                Some(settled) => doc.carry(settled, now_ms),
                None => doc.unsettle(*id, now_ms),
            };
        }
        let now = Content::of(doc.mark(*id).as_ref());
        match (before, after, &now) {
            // It was made, or restored: it goes, with whatever was changed on it since.
            (Content::Gone, _, Content::There { .. }) => doc.erase(*id, now_ms),
            // It was erased: it comes back as it was when it went.
            (Content::There { .. }, Content::Gone, Content::Gone) => doc.restore(*id, now_ms),
            (
                Content::There { text, colour, corner, span },
                Content::There {
                    text: left_text,
                    colour: left_colour,
                    corner: left_corner,
                    span: left_span,
                },
                Content::There {
                    text: now_text,
                    colour: now_colour,
                    corner: now_corner,
                    span: now_span,
                },
            ) => {
                let text = (now_text == left_text && now_text != text).then_some(text.as_str());
                let colour = (now_colour == left_colour && now_colour != colour).then_some(*colour);
                let mut change = Vec::new();
                if text.is_some() || colour.is_some() {
                    change.extend(doc.change(*id, text, colour, now_ms)?);
                }
                let mut lies = *now_corner;
                if let (true, Some(span)) = (now_span == left_span && now_span != span, span) {
                    change.extend(respan(doc, *id, *span, now_ms)?);
                    if let Content::There { corner, .. } = Content::of(doc.mark(*id).as_ref()) {
                        lies = corner;
                    }
                }
                if now_corner == left_corner && lies != *corner {
                    change.extend(doc.shift(*id, way(lies, *corner), now_ms)?);
                }
                Ok(change)
            }
            (Content::Settled(_), _, _)
            | (_, Content::Settled(_), _)
            | (_, _, Content::Settled(_)) => Ok(Vec::new()),
            // Another device has erased it, or brought it back, meanwhile: that stands.
            (Content::Gone, _, Content::Gone)
            | (Content::There { .. }, Content::There { .. }, Content::Gone)
            | (Content::There { .. }, Content::Gone, Content::There { .. }) => Ok(Vec::new()),
        }
    }
}

/// Gives a form or a text box its former size, from the end where it begins.
fn respan(
    doc: &mut NoteDoc,
    id: AnnotationId,
    span: [i32; 2],
    now_ms: i64,
) -> Result<Vec<u8>, NoteError> {
    let ends = doc.mark(id).and_then(|mark| mark.kind.ends());
    let Some([from, _]) = ends else { return Ok(Vec::new()) };
    doc.reshape(id, [from, from.shifted(way([0, 0], span))], now_ms)
}

/// From one corner to another, in points.
fn way([x, y]: [i32; 2], [to_x, to_y]: [i32; 2]) -> Point {
    let points = |steps: i32| steps as f32 / f32::from(QUANTA);
    Point { x: points(to_x.saturating_sub(x)), y: points(to_y.saturating_sub(y)) }
}

/// A step as it is kept. The document is named by what makes it up: its key and its owner are this
/// tablet's.
#[derive(Serialize, Deserialize)]
struct Kept {
    pdf: Sha256,
    audience: KeptAudience,
    /// Its key; an earlier version kept none: it is the one of the first era.
    #[serde(default)]
    key: Option<[u8; 16]>,
    id: AnnotationId,
    before: Content,
    after: Content,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KeptAudience {
    Private,
    Group(GroupId),
    Council,
    Administration,
}

/// Steps as bytes.
pub(super) fn write(steps: &[Step]) -> Result<Vec<u8>, serde_json::Error> {
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    let kept = steps.iter().map(|step| Kept {
        pdf: step.document.pdf,
        audience: match step.document.scope.audience {
            Audience::Private => KeptAudience::Private,
            Audience::Group(group) => KeptAudience::Group(group),
            Audience::Council => KeptAudience::Council,
            // Notes are never for one person and the clerks: nobody may write them.
            Audience::Administration | Audience::Person(_) => KeptAudience::Administration,
        },
        key: Some(step.document.key.0),
        id: step.id,
        before: step.before.clone(),
        after: step.after.clone(),
    });
    serde_json::to_vec(&kept.collect::<Vec<_>>())
}

fn read(bytes: &[u8], council: CouncilId, owner: MemberId) -> Option<Vec<Step>> {
    let kept: Vec<Kept> = serde_json::from_slice(bytes).ok()?;
    let step = |kept: Kept| {
        let audience = match kept.audience {
            KeptAudience::Private => Audience::Private,
            KeptAudience::Group(group) => Audience::Group(group),
            KeptAudience::Council => Audience::Council,
            KeptAudience::Administration => Audience::Administration,
        };
        let (scope, pdf) = (Scope { owner, audience }, kept.pdf);
        let first = || DocKey::of_notes(council, scope, &pdf);
        let document = NotedDocument { key: kept.key.map_or_else(first, DocKey), scope, pdf };
        Step { document, id: kept.id, before: kept.before, after: kept.after }
    };
    Some(kept.into_iter().map(step).collect())
}
