//! The notes document.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{ActorId, Automerge, Change, ChangeHash, ReadDoc};
use ink::{AnnotationId, Carried, Colour, Mark, Point};

use crate::chunk::{Chunk, split};
use crate::error::{NoteError, Piece, Reason, SnapshotError, Unreadable};
use crate::guard::guarded;
use crate::{limits, schema};

/// The notes of one scope on one PDF.
///
/// `actor` is one life of the app: a device may be put back to an earlier image, and two changes of one
/// actor under one number would hide each other. Two processes must never write as one actor; and when the
/// bytes of an edit could not be stored, the document must be loaded again before the next edit,
/// which would build on the lost one.
pub struct NoteDoc {
    doc: Automerge,
    /// Changes that build on others which have not come yet.
    waiting: Vec<Change>,
    /// Automerge panicked in an edit: nothing more is written.
    broken: bool,
}

/// What became of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Changes that took effect, this payload's and those that had waited for it.
    pub applied: usize,
    /// Changes, of any payload, that still wait for others.
    pub waiting: usize,
}

impl std::fmt::Debug for NoteDoc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NoteDoc").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

impl NoteDoc {
    /// An empty document.
    #[must_use]
    pub fn new(actor: [u8; 16]) -> Self {
        let doc = Automerge::new().with_actor(ActorId::from(actor));
        Self { doc, waiting: Vec::new(), broken: false }
    }

    /// A document from its snapshot and the payloads after it, in any order, repeats allowed. What
    /// cannot be read is reported and left out; each guarded step is given `deadline`
    /// ([`limits::DEADLINE`] when in doubt).
    pub fn load<'a>(
        actor: [u8; 16],
        snapshot: Option<&[u8]>,
        payloads: impl IntoIterator<Item = &'a [u8]>,
        deadline: Duration,
    ) -> (Self, Vec<Unreadable>) {
        let mut notes = Self::new(actor);
        let mut unreadable = Vec::new();
        if let Some(snapshot) = snapshot {
            let snapshot = snapshot.to_vec();
            match guarded(deadline, move || Automerge::load(&snapshot).map_err(|_| Reason::Refused))
            {
                Ok(doc) => notes.doc = doc.with_actor(ActorId::from(actor)),
                Err(reason) => unreadable.push(Unreadable { piece: Piece::Snapshot, reason }),
            }
        }
        let mut framed = Vec::new();
        for (index, payload) in payloads.into_iter().enumerate() {
            match split(payload) {
                Ok(chunks) => framed.push((index, Arc::from(chunks))),
                Err(reason) => {
                    unreadable.push(Unreadable { piece: Piece::Payload(index), reason });
                }
            }
        }
        notes.absorb(&framed, deadline, &mut unreadable);
        // Orphans of one half may have had their parents in the other: once more, with all there.
        let crowded: Vec<usize> = unreadable
            .iter()
            .filter_map(|u| match (u.reason, u.piece) {
                (Reason::TooManyWaiting, Piece::Payload(index)) => Some(index),
                _ => None,
            })
            .collect();
        if !crowded.is_empty() {
            unreadable.retain(|u| u.reason != Reason::TooManyWaiting);
            framed.retain(|(index, _)| crowded.contains(index));
            notes.absorb(&framed, deadline, &mut unreadable);
        }
        unreadable.sort_unstable_by_key(|u| u.piece);
        (notes, unreadable)
    }

    /// Applies a payload of another device, or one of this device that came back. After an error
    /// the document is as before.
    ///
    /// # Errors
    /// [`Unreadable`], with [`Piece::Payload`]`(0)`.
    pub fn apply(&mut self, payload: &[u8], deadline: Duration) -> Result<Applied, Unreadable> {
        let unreadable = |reason| Unreadable { piece: Piece::Payload(0), reason };
        let chunks: Arc<[Chunk]> = split(payload).map_err(unreadable)?.into();
        let applied = self.attempt(vec![chunks], deadline).map_err(unreadable)?;
        Ok(Applied { applied, waiting: self.waiting.len() })
    }

    /// Puts a mark: a new one, or the present state of one that is there or was erased. Gives the
    /// bytes of the change, to be stored. Ink is kept as [`ink::Stroke::rounded`] gives it; the time
    /// of the last change becomes `now_ms`.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn put(&mut self, mark: &Mark, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        schema::check(mark)?;
        self.edit(now_ms, |tx| schema::write(tx, mark, now_ms))
    }

    /// Keeps where a note of an earlier version stands on this one: what was found, or what its
    /// author settled. Gives the bytes of the change, empty when nothing is new.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn carry(&mut self, carried: &Carried, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        self.edit(now_ms, |tx| schema::write_carried(tx, carried))
    }

    /// Where notes of earlier versions stand on this one, by identifier.
    #[must_use]
    pub fn carried(&self) -> Vec<Carried> {
        schema::carried(&self.doc)
    }

    /// Where one note of an earlier version stands on this one.
    #[must_use]
    pub fn carried_note(&self, id: AnnotationId) -> Option<Carried> {
        schema::carried_note(&self.doc, id)
    }

    /// What its author settled about one note of an earlier version.
    #[must_use]
    pub fn settled_note(&self, id: AnnotationId) -> Option<Carried> {
        schema::settled_note(&self.doc, id)
    }

    /// Takes back what its author settled about a note of an earlier version: what was found stands
    /// again. Gives the bytes of the change, empty when nothing was settled.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn unsettle(&mut self, id: AnnotationId, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        self.edit(now_ms, |tx| schema::unsettle(tx, id))
    }

    /// Changes text and colour, where given, of a note. Gives the bytes of the change.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn change(
        &mut self,
        id: AnnotationId,
        text: Option<&str>,
        colour: Option<Colour>,
        now_ms: i64,
    ) -> Result<Vec<u8>, NoteError> {
        schema::check_text(text.unwrap_or_default())?;
        if self.mark(id).is_none() {
            return Err(NoteError::Unknown(id));
        }
        self.amend(id, text, colour, None, now_ms)
    }

    /// Moves a note by so many points, to the nearest 1/50. Gives the bytes of the change.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn shift(
        &mut self,
        id: AnnotationId,
        by: Point,
        now_ms: i64,
    ) -> Result<Vec<u8>, NoteError> {
        let mut there = self.mark(id).ok_or(NoteError::Unknown(id))?;
        there.shift(by);
        schema::check(&there)?;
        let object = schema::find(&self.doc, id).ok_or(NoteError::Unknown(id))?;
        self.edit(now_ms, |tx| schema::shift(tx, object, by, now_ms))
    }

    /// Gives a form or a text box other ends: where a line begins and ends, two opposite corners of
    /// the rest. Another kind of note stays as it is. Gives the bytes of the change.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn reshape(
        &mut self,
        id: AnnotationId,
        ends: [Point; 2],
        now_ms: i64,
    ) -> Result<Vec<u8>, NoteError> {
        let mut there = self.mark(id).ok_or(NoteError::Unknown(id))?;
        if !there.kind.reshape(ends) {
            return Ok(Vec::new());
        }
        schema::check(&there)?;
        let object = schema::find(&self.doc, id).ok_or(NoteError::Unknown(id))?;
        self.edit(now_ms, |tx| schema::reshape(tx, object, &there.kind, now_ms))
    }

    /// Erases a note; it can be restored. Gives the bytes of the change.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn erase(&mut self, id: AnnotationId, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        if self.mark(id).is_none() {
            return Err(NoteError::Unknown(id));
        }
        self.amend(id, None, None, Some(true), now_ms)
    }

    /// Brings an erased note back as it was. Gives the bytes of the change.
    ///
    /// # Errors
    /// [`NoteError`]; then nothing has changed.
    pub fn restore(&mut self, id: AnnotationId, now_ms: i64) -> Result<Vec<u8>, NoteError> {
        self.amend(id, None, None, Some(false), now_ms)
    }

    /// All notes that are not erased, oldest first. Reads the whole document.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        schema::marks(&self.doc)
    }

    /// One note, unless it is erased.
    #[must_use]
    pub fn mark(&self, id: AnnotationId) -> Option<Mark> {
        schema::read(&self.doc, id, &schema::find(&self.doc, id)?)
    }

    /// Whether a note is or was here: there, erased, or of a kind that this version does not know.
    #[must_use]
    pub fn knows(&self, id: AnnotationId) -> bool {
        schema::find(&self.doc, id).is_some()
    }

    /// Names the present state: two documents with the same heads hold the same notes.
    #[must_use]
    pub fn heads(&self) -> Vec<[u8; 32]> {
        let mut heads: Vec<_> = self.doc.get_heads().into_iter().map(|hash| hash.0).collect();
        heads.sort_unstable();
        heads
    }

    /// Changes that wait for others they build on.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The whole document as bytes, which were read again and gave the same heads and notes.
    /// Payloads that were unreadable are not in it: whoever stores it must keep those.
    ///
    /// # Errors
    /// [`SnapshotError`]; keep the changes then.
    pub fn snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        if !self.waiting.is_empty() {
            return Err(SnapshotError::Waiting);
        }
        if self.broken {
            return Err(SnapshotError::Unverified);
        }
        let saved = catch_unwind(AssertUnwindSafe(|| {
            let (bytes, again) = verified(&self.doc).ok()?;
            let same = schema::marks(&again) == schema::marks(&self.doc)
                && schema::carried(&again) == schema::carried(&self.doc);
            same.then_some(bytes)
        }));
        saved.ok().flatten().ok_or(SnapshotError::Unverified)
    }

    fn amend(
        &mut self,
        id: AnnotationId,
        text: Option<&str>,
        colour: Option<Colour>,
        erased: Option<bool>,
        now_ms: i64,
    ) -> Result<Vec<u8>, NoteError> {
        let object = schema::find(&self.doc, id).ok_or(NoteError::Unknown(id))?;
        self.edit(now_ms, |tx| schema::amend(tx, object, text, colour, erased, now_ms))
    }

    fn edit<E: Into<NoteError>>(
        &mut self,
        now_ms: i64,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), E>,
    ) -> Result<Vec<u8>, NoteError> {
        if self.broken {
            return Err(NoteError::Engine("an earlier edit failed".to_owned()));
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = self.doc.transaction();
            if let Err(error) = write(&mut tx) {
                tx.rollback();
                return Err(error.into());
            }
            let (hash, _) = tx.commit_with(CommitOptions::default().with_time(now_ms / 1_000));
            let change = hash.and_then(|hash| self.doc.get_change_by_hash(&hash));
            Ok(change.map(|mut change| change.bytes().into_owned()).unwrap_or_default())
        }));
        result.unwrap_or_else(|_| {
            self.broken = true;
            Err(NoteError::Engine("Automerge stopped in an edit".to_owned()))
        })
    }

    /// Applies many payloads at once; when that fails, each half by itself, down to the culprits.
    fn absorb(
        &mut self,
        payloads: &[(usize, Arc<[Chunk]>)],
        deadline: Duration,
        unreadable: &mut Vec<Unreadable>,
    ) {
        let chunks: Vec<_> = payloads.iter().map(|(_, chunks)| Arc::clone(chunks)).collect();
        if chunks.is_empty() {
            return;
        }
        match (self.attempt(chunks, deadline), payloads) {
            (Ok(_), _) => {}
            (Err(reason), [(index, _)]) => {
                unreadable.push(Unreadable { piece: Piece::Payload(*index), reason });
            }
            (Err(_), _) => {
                let (first, second) = payloads.split_at(payloads.len() / 2);
                self.absorb(first, deadline, unreadable);
                self.absorb(second, deadline, unreadable);
            }
        }
    }

    /// Applies payloads to a copy, which takes the document's place when all went well. Gives the
    /// number of changes that took effect.
    fn attempt(
        &mut self,
        payloads: Vec<Arc<[Chunk]>>,
        deadline: Duration,
    ) -> Result<usize, Reason> {
        let mut doc = self.doc.clone();
        let mut waiting = self.waiting.clone();
        let (doc, waiting, applied) = guarded(deadline, move || {
            let mut known: usize = 0;
            for chunk in payloads.iter().flat_map(|chunks| chunks.iter()) {
                let change = read_change(chunk)?;
                if is_known(&doc, &change.hash()) {
                    known += 1;
                } else {
                    waiting.push(change);
                }
            }
            if waiting.is_empty() && known > 0 {
                return Ok((doc, waiting, 0));
            }
            let (ready, rest) = sorted_out(&doc, waiting);
            if rest.len() > limits::WAITING {
                return Err(Reason::TooManyWaiting);
            }
            let applied = ready.len();
            if applied > 0 {
                doc.apply_changes(ready).map_err(|_| Reason::Refused)?;
                verified(&doc)?;
            }
            Ok((doc, rest, applied))
        })?;
        self.doc = doc;
        self.waiting = waiting;
        Ok(applied)
    }
}

fn read_change(chunk: &Chunk) -> Result<Change, Reason> {
    let change = Change::try_from(chunk.bytes.as_slice()).map_err(|_| Reason::Malformed)?;
    if !change.hash().0.starts_with(&chunk.checksum) {
        return Err(Reason::Malformed);
    }
    if change.len() > limits::OPERATIONS {
        return Err(Reason::TooLarge);
    }
    Ok(change)
}

fn is_known(doc: &Automerge, hash: &ChangeHash) -> bool {
    doc.get_change_meta_by_hash(hash).is_some()
}

/// Parts changes into those whose ancestors are all known, in an order in which they can be
/// applied, and the rest; repeats are dropped.
fn sorted_out(doc: &Automerge, changes: Vec<Change>) -> (Vec<Change>, Vec<Change>) {
    let mut changes: std::collections::BTreeMap<ChangeHash, Change> =
        changes.into_iter().map(|change| (change.hash(), change)).collect();
    let mut missing = std::collections::BTreeMap::new();
    let mut children: std::collections::BTreeMap<ChangeHash, Vec<ChangeHash>> =
        std::collections::BTreeMap::new();
    for (hash, change) in &changes {
        let absent: std::collections::BTreeSet<_> =
            change.deps().iter().filter(|dep| !is_known(doc, dep)).copied().collect();
        for dep in &absent {
            children.entry(*dep).or_default().push(*hash);
        }
        missing.insert(*hash, absent.len());
    }
    let mut free: Vec<ChangeHash> =
        missing.iter().filter(|(_, count)| **count == 0).map(|(hash, _)| *hash).collect();
    let mut ready = Vec::new();
    while let Some(hash) = free.pop() {
        ready.extend(changes.remove(&hash));
        for child in children.remove(&hash).unwrap_or_default() {
            if let Some(count) = missing.get_mut(&child) {
                *count -= 1;
                if *count == 0 {
                    free.push(child);
                }
            }
        }
    }
    (ready, changes.into_values().collect())
}

/// The document's bytes, once they have given a document with the same history again: loading
/// computes every change's hash anew.
fn verified(doc: &Automerge) -> Result<(Vec<u8>, Automerge), Reason> {
    let bytes = doc.save();
    let again = Automerge::load(&bytes).map_err(|_| Reason::Poisonous)?;
    if again.get_heads() == doc.get_heads() { Ok((bytes, again)) } else { Err(Reason::Poisonous) }
}
