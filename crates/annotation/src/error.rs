//! What can go wrong with notes.

use ink::AnnotationId;

/// Which of the given bytes were meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// The snapshot.
    Snapshot,
    /// The payload at this place in the order given, from 0.
    Payload(usize),
}

/// Why bytes were not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// Larger than a limit allows, whole or inflated, or with too many changes.
    #[error("it is larger than allowed")]
    TooLarge,
    /// Not a sequence of Automerge changes: cut short, another kind of chunk, a false checksum.
    #[error("it is not a sequence of changes")]
    Malformed,
    /// Too many changes wait for others that never came.
    #[error("too much waits for changes that never came")]
    TooManyWaiting,
    /// Automerge refused it.
    #[error("its changes contradict the notes")]
    Refused,
    /// Automerge panicked on it.
    #[error("reading it failed")]
    Panicked,
    /// Reading it did not end in time.
    #[error("reading it did not end")]
    Hung,
    /// Accepted, but the notes could not have been saved and read again.
    #[error("the notes could not have been saved with it")]
    Poisonous,
}

/// Bytes that were not taken; the notes stand as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A note could not be read: {reason}. The other notes are unharmed.")]
pub struct Unreadable {
    /// Which bytes.
    pub piece: Piece,
    /// Why.
    pub reason: Reason,
}

/// Why an edit did not take place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// No such note, or it is erased.
    #[error("This note is no longer there ({0}).")]
    Unknown(AnnotationId),
    /// The note is larger than [`crate::limits`] allow.
    #[error("This note is too large to be kept: write less, or draw in several strokes.")]
    TooLarge,
    /// A place that no page has, page 0, or an absurd width.
    #[error("This note does not lie on a page.")]
    OutOfBounds,
    /// Automerge failed; the document must be loaded again from what is stored.
    #[error("The notes must be opened again: {0}.")]
    Engine(String),
}

impl From<automerge::AutomergeError> for NoteError {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::Engine(error.to_string())
    }
}

/// Why there is no snapshot; the changes themselves stay good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Changes wait for others; a snapshot would leave them out.
    #[error("Some changes still wait for others.")]
    Waiting,
    /// The saved bytes did not give the same notes again.
    #[error("The notes could not be read again from their snapshot.")]
    Unverified,
}
