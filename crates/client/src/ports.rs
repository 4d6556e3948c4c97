//! What the actor needs from the outside, as traits that this crate owns.

mod keys;
mod letters;
mod lock;
mod papers;
mod store;
mod world;

pub use keys::{DeviceSecret, Keys, KeysError};
pub use letters::Letters;
pub use lock::{BootTime, Emptied, Lock, LockError, LockStanding};
pub use papers::{
    Block, ExportPaper, Glance, Inspection, Notebook, NotebookBlock, NotebookNote, PaperImage,
    PaperPage, PaperText, Papers, PdfError, PdfErrorKind, Print, RenderArea, WhenBroken,
};
pub use store::{
    Apart, Applied, CarriedEntry, ClosedNote, Conflict, Cursor, DRAFT_STEPS, Draft, Drafted,
    Evidence, EvidenceOf, Forgotten, FoundNote, FoundPage, HISTORY, HistoryEdit, KeptFile,
    KeptRead, KeyOp, KeyOpState, LogPlace, Mended, NoteIndexEntry, NotePieces, NotedDocument,
    Opened, PaperFiles, Profile, Reading, SealedTally, Shelved, Sight, SittingDraft, Store,
    StoreError, StoreErrorKind, StoredEdit, StoredHistory, Turn, WantedPaper,
};
pub use world::World;
