//! What the app answers and what it tells by itself.

use std::path::PathBuf;

use domain::{DocumentId, MemberId, SittingId};
use ink::AnnotationId;
use serde::{Deserialize, Serialize};

use crate::clerk::{ClerkReply, DeviceView};
use crate::convocation::{Convened, Proved, TrackingView};
use crate::lock::LockView;
use crate::message::MessageView;
use crate::reading::PageReading;
use crate::sealing::SealingView;
use crate::secret::Secret;
use crate::views::{
    Comparison, DeadlineView, DocumentView, ForeignNote, FoundPages, HomeView, MarkView,
    MemberView, NoteCard, OutlineEntry, PageText, Published, Replaced, SearchResults, SittingCard,
    SittingView, Status, SyncState, SyncSummary, VersionView,
};

/// The answer to a command; each command names its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
// No tag beside the content: reading either first would compile every type into the screens twice.
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is done and durable.
    Done,
    /// State of this tablet.
    Status(Box<Status>),
    /// How the lock stands.
    Lock(LockView),
    /// What an exchange did.
    Synced(SyncSummary),
    /// The first screen.
    Home(Box<HomeView>),
    /// One sitting.
    Sitting(Box<SittingView>),
    /// All sittings.
    Sittings(Vec<SittingCard>),
    /// One paper.
    Document(Box<DocumentView>),
    /// Text of one page.
    PageText(Box<PageText>),
    /// A page in reading order, and its links.
    PageReading(Box<PageReading>),
    /// Pages of a paper on which words were found.
    FoundPages(FoundPages),
    /// The PDF's own outline.
    Outline(Vec<OutlineEntry>),
    /// All marks on a paper, as they stand now.
    Marks(Vec<MarkView>),
    /// One mark, as it stands now.
    Marked(Box<MarkView>),
    /// What became of marks: those that are new or changed, and those that are gone.
    Changed {
        /// As they stand now.
        put: Vec<MarkView>,
        /// Gone.
        gone: Vec<AnnotationId>,
    },
    /// The versions of a paper, oldest first.
    Versions(Vec<VersionView>),
    /// Two versions side by side.
    Compared(Box<Comparison>),
    /// Notes that other programs left in a paper.
    Foreign(Vec<ForeignNote>),
    /// What taking in notes did.
    Imported {
        /// Notes that were made.
        made: Vec<AnnotationId>,
        /// Notes that were there already, or were erased here.
        known: u32,
        /// Notes of a kind that cannot be made, or on no page of this paper.
        left_out: u32,
    },
    /// Notes.
    Notes(Vec<NoteCard>),
    /// How sealed notes stand on this device.
    Sealing(Box<SealingView>),
    /// The member's own devices.
    Devices(Vec<DeviceView>),
    /// A recovery code, to be written down: it is shown once.
    RecoveryCode(Secret),
    /// A file was written.
    Written {
        /// Where it is.
        file: PathBuf,
    },
    /// What was found.
    Found(SearchResults),
    /// What was published.
    Published(Published),
    /// The paper and its version now.
    Replaced(Replaced),
    /// A deadline with its reasons.
    Deadline(Box<DeadlineView>),
    /// Members.
    Members(Vec<MemberView>),
    /// One member.
    Member(MemberId),
    /// The answer to a clerk.
    Clerk(ClerkReply),
    /// What convening came to.
    Convened(Box<Convened>),
    /// What was written as proof.
    Proved(Proved),
    /// Who was reached how.
    Tracking(Box<TrackingView>),
    /// Messages, the latest first.
    Messages(Vec<MessageView>),
    /// An invitation.
    Invitation {
        /// The code to hand over.
        code: String,
        /// RFC 3339.
        expires: domain::Timestamp,
    },
    /// The address of the member's own calendar. Whoever knows it can read it.
    Calendar {
        /// Its URL.
        address: String,
    },
}

/// A [`Reply`] to what a tablet's own screens ask, which are never a clerk's: a program that reads
/// this instead does not carry what would read the others. Each is said exactly as in [`Reply`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is what Reply says of it")]
pub enum TabletReply {
    Done,
    Status(Box<Status>),
    Lock(LockView),
    Sealing(Box<SealingView>),
    Devices(Vec<DeviceView>),
    RecoveryCode(Secret),
    Synced(SyncSummary),
    Home(Box<HomeView>),
    Sitting(Box<SittingView>),
    Sittings(Vec<SittingCard>),
    Document(Box<DocumentView>),
    PageText(Box<PageText>),
    PageReading(Box<PageReading>),
    FoundPages(FoundPages),
    Outline(Vec<OutlineEntry>),
    Marks(Vec<MarkView>),
    Marked(Box<MarkView>),
    Versions(Vec<VersionView>),
    Compared(Box<Comparison>),
    Notes(Vec<NoteCard>),
    Found(SearchResults),
    Changed { put: Vec<MarkView>, gone: Vec<AnnotationId> },
    Imported { made: Vec<AnnotationId>, known: u32, left_out: u32 },
    Written { file: PathBuf },
    Calendar { address: String },
}

impl From<TabletReply> for Reply {
    fn from(reply: TabletReply) -> Self {
        match reply {
            TabletReply::Done => Self::Done,
            TabletReply::Status(it) => Self::Status(it),
            TabletReply::Lock(it) => Self::Lock(it),
            TabletReply::Sealing(it) => Self::Sealing(it),
            TabletReply::Devices(it) => Self::Devices(it),
            TabletReply::RecoveryCode(it) => Self::RecoveryCode(it),
            TabletReply::Synced(it) => Self::Synced(it),
            TabletReply::Home(it) => Self::Home(it),
            TabletReply::Sitting(it) => Self::Sitting(it),
            TabletReply::Sittings(it) => Self::Sittings(it),
            TabletReply::Document(it) => Self::Document(it),
            TabletReply::PageText(it) => Self::PageText(it),
            TabletReply::PageReading(it) => Self::PageReading(it),
            TabletReply::FoundPages(it) => Self::FoundPages(it),
            TabletReply::Outline(it) => Self::Outline(it),
            TabletReply::Marks(it) => Self::Marks(it),
            TabletReply::Marked(it) => Self::Marked(it),
            TabletReply::Versions(it) => Self::Versions(it),
            TabletReply::Compared(it) => Self::Compared(it),
            TabletReply::Notes(it) => Self::Notes(it),
            TabletReply::Found(it) => Self::Found(it),
            TabletReply::Changed { put, gone } => Self::Changed { put, gone },
            TabletReply::Imported { made, known, left_out } => {
                Self::Imported { made, known, left_out }
            }
            TabletReply::Written { file } => Self::Written { file },
            TabletReply::Calendar { address } => Self::Calendar { address },
        }
    }
}

/// What the window itself knows of a pen, where the web view takes it for a mouse; told beside the
/// page's own pointer events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NativePen {
    /// Pressure from 0 to 1.
    pub pressure: f32,
    /// Whether it is turned round.
    pub eraser: bool,
    /// Whether its barrel button is held.
    pub barrel: bool,
}

/// What the app tells by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The connection or what waits to be sent changed.
    Sync(SyncState),
    /// Sittings, members or the council changed: ask again for what is shown.
    Catalogue,
    /// The tablet was locked or opened: ask for its state again.
    Lock,
    /// A paper is arriving.
    Arriving {
        /// Its sitting.
        sitting: SittingId,
        /// The paper.
        document: DocumentId,
        /// Its title.
        title: String,
        /// Bytes on the disk so far.
        received: u64,
        /// Bytes in all.
        total: u64,
        /// Papers of the sitting that are whole.
        available: u32,
        /// Papers of the sitting.
        documents: u32,
    },
    /// A message to the member of this tablet has arrived.
    Message {
        /// What it is about.
        subject: String,
    },
    /// Marks on a paper changed from outside (another device, another member).
    Marks {
        /// Which paper.
        document: DocumentId,
    },
    /// Notes that were to be shared were refused; they are kept as private notes.
    NotShared {
        /// On which paper.
        document: DocumentId,
        /// The first of them.
        note: AnnotationId,
        /// How many.
        notes: u32,
    },
    /// Notes are being carried into a new version of a paper.
    Carrying {
        /// Which paper.
        document: DocumentId,
        /// Its title.
        title: String,
        /// Notes carried so far.
        done: u32,
        /// Notes in all.
        total: u32,
    },
    /// Progress of a publication.
    Publishing {
        /// File being sent.
        file: String,
        /// Bytes sent so far, all files.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tablets_screens_read_their_answers_as_any_other_program_does() {
        let replies = [
            Reply::Done,
            Reply::Sittings(Vec::new()),
            Reply::Devices(Vec::new()),
            Reply::Outline(Vec::new()),
            Reply::Marks(Vec::new()),
            Reply::Versions(Vec::new()),
            Reply::Notes(Vec::new()),
            Reply::Changed { put: Vec::new(), gone: vec![AnnotationId::from_bytes([7; 16])] },
            Reply::Imported { made: Vec::new(), known: 2, left_out: 1 },
            Reply::Written { file: "/tmp/notes.pdf".into() },
            Reply::Calendar { address: "https://conseil.example/agenda".to_owned() },
        ];
        for reply in replies {
            let text = serde_json::to_string(&reply).unwrap();
            let read: TabletReply = serde_json::from_str(&text).unwrap();
            assert_eq!(Reply::from(read), reply, "{text}");
        }
    }

    #[test]
    fn a_clerks_answer_is_none_of_a_tablets_screens() {
        let text = serde_json::to_string(&Reply::Members(Vec::new())).unwrap();
        assert!(serde_json::from_str::<TabletReply>(&text).is_err());
    }
}
