//! What happened in a simulated schedule, as an onlooker notes it down.

use std::collections::BTreeSet;

/// Names a note by its content: the same note sealed anew keeps its name.
pub type NoteId = u32;
/// Names a tablet, which is a device too.
pub type TabletId = usize;
/// Names one life of the server's log: a restored log is another one.
pub type LogId = u32;

/// Who may read a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readers {
    /// Its owner.
    Owner,
    /// Its owner and the members of the group, which are those with an even number.
    Group,
    /// Everybody.
    Everybody,
}

/// A note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Its name.
    pub id: NoteId,
    /// The member who wrote it.
    pub owner: u8,
    /// Who may read it.
    pub readers: Readers,
}

/// One thing that happened. Each is noted down at the moment at which it is durable where it
/// happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A person wrote a note, and the tablet said that it is kept.
    Wrote {
        /// Where.
        tablet: TabletId,
        /// What.
        note: Note,
    },
    /// The server keeps an operation.
    Committed {
        /// In which log.
        log: LogId,
        /// Its place there.
        seq: u64,
        /// Which device sealed it.
        device: TabletId,
        /// The device's number for it.
        number: u64,
        /// The note in it.
        note: NoteId,
    },
    /// A tablet heard that its operation is in the log, and sends it no more.
    Answered {
        /// Which tablet.
        tablet: TabletId,
        /// In which log.
        log: LogId,
        /// Its place there.
        seq: u64,
        /// The note in it.
        note: NoteId,
    },
    /// A tablet heard that its operation is not taken.
    Refused {
        /// Which tablet.
        tablet: TabletId,
        /// The note in it.
        note: NoteId,
    },
    /// A tablet applied a page of the log.
    Page {
        /// Which tablet.
        tablet: TabletId,
        /// Of which log.
        log: LogId,
        /// Place and note of each entry.
        items: Vec<(u64, NoteId)>,
        /// Up to where it has the log now.
        cursor: u64,
    },
    /// A backup of the server was taken.
    ServerSaved,
    /// The server was put back to its last backup; its log has this name from now on.
    ServerRestored {
        /// The name.
        log: LogId,
    },
    /// An image of a tablet was taken.
    TabletSaved {
        /// Which tablet.
        tablet: TabletId,
    },
    /// A tablet was put back to its last image.
    TabletRestored {
        /// Which tablet.
        tablet: TabletId,
    },
    /// The server lets a device write no more.
    Quarantined {
        /// Which one.
        device: TabletId,
    },
    /// From here on the network is well and nobody touches anything.
    Healed,
    /// Everything has come to rest.
    Rested,
    /// What a person sees on a tablet at the end.
    Shown {
        /// Which tablet.
        tablet: TabletId,
        /// The notes.
        notes: BTreeSet<NoteId>,
        /// Up to where it has the log.
        cursor: u64,
        /// How many changes still wait to be sent.
        waiting: usize,
    },
}

/// Everything that happened, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Whose each tablet is.
    pub members: Vec<u8>,
    /// What happened.
    pub events: Vec<Event>,
}
