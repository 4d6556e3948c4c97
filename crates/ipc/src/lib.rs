//! What the window and the app say to each other: commands, replies, events, views and problems.
//!
//! The same types serve the Tauri window, the browser bridge, the command line and the tests, so a
//! mistyped message does not compile. Views hold what a screen shows and nothing else; times come
//! with their local civil parts, so that no screen needs a time zone table. Pure; builds for wasm32.

pub mod clerk;
pub mod command;
pub mod convocation;
pub mod deliberations;
pub mod filter;
pub mod lock;
pub mod message;
pub mod page;
pub mod problem;
pub mod reading;
pub mod reason;
pub mod reply;
pub mod roll;
pub mod sealing;
pub mod secret;
mod sizes;
pub mod views;
pub mod words;

pub use clerk::{
    AuditLineView, AuditView, BoardCard, BroughtView, ChangeView, Civil, ClerkCommand, ClerkReply,
    Correction, DeskFile, DeviceView, DraftView, Edit, FileRead, ItemChange, ListFile, MemberEdit,
    Model, PaperChange, PeopleView, Seats, Target,
};
pub use command::{
    Audience, Command, ExportMode, MarkChange, NewMark, NotebookForm, OfVersion, Planned, SearchIn,
    Settle,
};
pub use convocation::{
    AnswerView, Bearer, ConveneRefusal, Convened, Convening, ConvocationCommand, Finding,
    FindingKind, Proved, ReplyView, StampFound, TrackView, TrackingView, Verification,
};
pub use deliberations::{Deliberation, DeliberationsFile, Listing};
pub use filter::{NoteFilter, NoteKind};
pub use ink::{Change, ChangeKind, Passage, Placement, Settled};
pub use lock::{LockCommand, LockView};
pub use message::{Addressees, MessageCommand, MessageView, NewMessage};
pub use page::{Look, PageArea, PageImage};
pub use problem::{ErrorCode, Problem};
pub use reading::{
    LinkTarget, PageLink, PageReading, PageRemark, ReadingPart, ReadingRole, Remark,
};
pub use reason::{Field, Reason};
pub use reply::{Event, NativePen, Reply, TabletReply};
pub use roll::{Imported, ListForm, MemberChange};
pub use sealing::{
    SealingAlarm, SealingCommand, SealingMissing, SealingNewcomer, SealingRequest, SealingStanding,
    SealingView,
};
pub use secret::Secret;
pub use views::{
    AudienceView, Availability, Barrel, CarriedView, Comparison, DeadlineView, DocumentView,
    EmptiedView, ForeignNote, FoundPages, HomeView, ItemView, LocalTime, MarkView, MemberView,
    Mended, NotShared, NoteCard, Origin, OutlineEntry, PageSize, PageText, PaperCheck,
    PaperOutcome, Preferences, Published, Replaced, SearchHit, SearchResults, Session, SittingCard,
    SittingView, Status, SyncState, SyncSummary, TextLine, Theme, VersionView,
};
pub use words::{Language, Words};
