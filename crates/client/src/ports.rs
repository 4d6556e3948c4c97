//! What the actor needs from the outside, as traits that this crate owns.

mod keys;
mod papers;
mod store;
mod world;

pub use keys::{Keys, KeysError};
pub use papers::{
    ExportPaper, Inspection, PaperImage, PaperPage, Papers, PdfError, PdfErrorKind, RenderArea,
};
pub use store::{
    Applied, Conflict, Cursor, Draft, Drafted, FoundNote, FoundPage, NoteIndexEntry, NotePieces,
    NotedDocument, PaperFiles, Profile, Reading, Store, StoreError, StoreErrorKind, WantedPaper,
};
pub use world::World;
