//! Notes documents as the store answers them, and what seals them.

use domain::{CouncilId, Sha256};
use ink::Mark;
use wire::{DocKey, NotePayload, Op, Scope};

/// Counts that grow with each change, from a start of their own each time the store is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SealedTally {
    /// Of what [`super::Store::key_states`] and [`super::Store::agreed`] answer.
    pub keys: u64,
    /// Of notes that came closed.
    pub closed: u64,
}

/// A list of devices or a letter of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOp {
    /// The operation.
    pub op: Op,
    /// Where it is.
    pub state: KeyOpState,
}

/// Where such an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyOpState {
    /// In the log, in this place.
    Logged(u64),
    /// In the outbox.
    Waiting,
    /// The server has not taken it.
    Refused,
    /// It was in a log that lost its end, or that is being read anew.
    Lost,
}

/// A note of the log that is sealed and not open here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedNote {
    /// The operation.
    pub op: Op,
    /// Whether a key of its epoch came and did not open it.
    pub untrue: bool,
}

/// What became of a sealed note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It is open.
    Note(NotePayload),
    /// No key of its epoch opens it; it is kept.
    Untrue,
}

/// A notes document and what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotedDocument {
    /// Its key.
    pub key: DocKey,
    /// Whose, and for whom.
    pub scope: Scope,
    /// The exact PDF.
    pub pdf: Sha256,
}

impl NotedDocument {
    /// The notes of a scope on a PDF, in an era of the scope.
    #[must_use]
    pub fn of(council: CouncilId, scope: Scope, pdf: Sha256, era: u16) -> Self {
        Self { key: DocKey::of_notes_in(council, scope, &pdf, era), scope, pdf }
    }

    /// The era of its scope in which it is written.
    #[must_use]
    pub fn era(&self, council: CouncilId) -> u16 {
        self.key.era_of_notes(council, self.scope, &self.pdf).unwrap_or(0)
    }

    /// The notes of the same scope and era on another PDF.
    #[must_use]
    pub fn on(&self, council: CouncilId, pdf: Sha256) -> Self {
        Self::of(council, self.scope, pdf, self.era(council))
    }
}

/// All pieces of a notes document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotePieces {
    /// The last verified snapshot.
    pub snapshot: Option<Vec<u8>>,
    /// Change bytes after it (log, outbox, drafts and refused operations), in the order in which this
    /// tablet got them: each piece comes after those it was made on.
    pub changes: Vec<Vec<u8>>,
    /// Names the last piece read; pass to [`super::Store::save_snapshot`]. It stays good when drafts are
    /// sealed. A covered piece is not read again, and not deleted either.
    pub covers: u64,
}

/// One note in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteIndexEntry {
    /// Its notes document.
    pub document: NotedDocument,
    /// The mark.
    pub mark: Mark,
    /// When it came to be here as it stands, Unix milliseconds; 0 when that is not known.
    pub arrived_ms: i64,
}
