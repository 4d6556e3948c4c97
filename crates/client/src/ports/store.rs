//! What the tablet keeps: catalogue, notes, outbox, search index and papers.

mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::{
    Body, Convocation, Council, CouncilId, DeviceCard, DeviceId, DocumentId, Entity, Group,
    GroupId, Member, MemberId, PublicKey, Record, Role, Sha256, Sitting, SittingId,
};
use ink::{AnnotationId, Carried, Mark};
use ipc::{FoundPages, Preferences, Problem, Target};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{Ack, Audience, DocKey, LineEnd, Logged, NotePayload, Op, Scope};

use super::Inspection;
use crate::lease::Lease;
use crate::sealed::FileKey;

pub use notes::{
    ClosedNote, KeyOp, KeyOpState, NoteIndexEntry, NotePieces, NotedDocument, Opened, SealedTally,
};

/// The tablet's database. Synchronous: it lives on a thread of its own. Every `&mut` call is one
/// transaction: when it has returned `Ok`, what it did survives a kill and a power cut.
pub trait Store: Send + 'static {
    /// What became of a damaged store when this one was opened in its place; none when there was no
    /// damage.
    fn mended(&self) -> Option<Mended> {
        None
    }
    /// An answer was damage: the store is looked through when it is opened next.
    fn doubted(&mut self) {}

    /// Who this tablet belongs to; none before enrolment.
    fn profile(&self) -> Result<Option<Profile>, StoreError>;
    /// Keeps who this tablet belongs to.
    fn save_profile(&mut self, profile: &Profile) -> Result<(), StoreError>;
    /// What the official prefers.
    fn preferences(&self) -> Result<Preferences, StoreError>;
    /// Keeps what the official prefers.
    fn save_preferences(&mut self, preferences: &Preferences) -> Result<(), StoreError>;

    /// The council, once received.
    fn council(&self) -> Result<Option<Council>, StoreError>;
    /// All members, by last and first name.
    fn members(&self) -> Result<Vec<Member>, StoreError>;
    /// All groups, by name.
    fn groups(&self) -> Result<Vec<Group>, StoreError>;
    /// All sittings, earliest first.
    fn sittings(&self) -> Result<Vec<Sitting>, StoreError>;
    /// One sitting.
    fn sitting(&self, id: SittingId) -> Result<Option<Sitting>, StoreError>;
    /// The sitting that holds a paper.
    fn sitting_of(&self, document: DocumentId) -> Result<Option<Sitting>, StoreError>;
    /// Version of a record; 0 when unknown.
    fn record_version(&self, entity: Entity, id: Uuid) -> Result<u64, StoreError>;

    /// All convocations, by sitting and number.
    fn convocations(&self) -> Result<Vec<Convocation>, StoreError>;
    /// The directory of devices, oldest first.
    fn devices(&self) -> Result<Vec<DeviceCard>, StoreError>;
    /// Signed operations that are kept as they are, so that they can be shown to others: in the
    /// order of the log, then this tablet's own that are not there yet, in the order they were made.
    fn evidence(&self, of: EvidenceOf) -> Result<Vec<Evidence>, StoreError>;
    /// How much of the lease was spent when it was last written down; none before the first contact.
    fn lease(&self) -> Result<Option<Lease>, StoreError>;
    /// Keeps how much of the lease is spent.
    fn save_lease(&mut self, lease: &Lease) -> Result<(), StoreError>;
    /// The last server time heard, Unix milliseconds.
    fn server_time(&self) -> Result<Option<i64>, StoreError>;
    /// Remembers the server's time.
    fn save_server_time(&mut self, server_ms: i64) -> Result<(), StoreError>;

    /// Where this tablet stands in the log.
    fn cursor(&self) -> Result<Cursor, StoreError>;
    /// Drafts once more what the log, read to its end under its present view, no longer holds of the
    /// member's own notes: a server restored from a backup has lost what came after it. Gives how
    /// many pieces that were. A store that keeps no pieces of another log has none.
    fn bring_back(&mut self, member: MemberId) -> Result<u32, StoreError> {
        let _: MemberId = member;
        Ok(0)
    }
    /// Records that are newer here than in the log, once it has been read anew to its end: a server
    /// restored from a backup has lost the later versions. What is here stays; the version counts as
    /// the one that the log has, so that it can be written again over that. Cards of devices and
    /// convocations are not among them: those are written once. A store that keeps no records of
    /// another log has none.
    fn lost_records(&mut self) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }
    /// Whether the server has lost sittings ([`Store::lost_records`]), and perhaps their papers.
    fn papers_owed(&self) -> Result<bool, StoreError> {
        Ok(false)
    }
    /// The server has every paper again that is here.
    fn papers_given_back(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
    /// Applies a page of the log and moves the cursor, in one transaction. Entries already applied
    /// change nothing. Records replace their older version; papers they name become wanted or are
    /// no longer wanted; notes are kept raw and their documents reported.
    fn apply(
        &mut self,
        items: &[Logged],
        cursor: Cursor,
        now_ms: i64,
    ) -> Result<Applied, StoreError>;

    /// Keeps one edit, wholly or not at all: changes to notes documents with what they mean for the
    /// index, and how the edit is taken back.
    fn save_edit(&mut self, edit: &StoredEdit) -> Result<(), StoreError>;
    /// Keeps one change to a notes document that cannot be taken back.
    fn save_draft(&mut self, draft: &Draft) -> Result<(), StoreError> {
        self.save_edit(&StoredEdit { drafts: vec![draft.clone()], ..StoredEdit::default() })
    }
    /// Edits of a paper that can be taken back or done again, oldest first.
    fn history(&self, paper: DocumentId) -> Result<StoredHistory, StoreError>;
    /// Changes not yet sealed into operations, grouped by document, oldest first, each group at
    /// most [`wire::limits::OP_PAYLOAD`] bytes less a margin.
    fn drafts(&self) -> Result<Vec<Drafted>, StoreError>;
    /// The number the next sealed operation must carry.
    fn next_device_seq(&self) -> Result<u64, StoreError>;
    /// Puts a sealed operation into the outbox and removes the drafts it carries.
    fn seal(&mut self, op: &Op, drafts: &[i64]) -> Result<(), StoreError>;
    /// The same for an operation whose payload is sealed; `note` is what it carries. It stays open here.
    fn seal_closed(
        &mut self,
        op: &Op,
        note: &NotePayload,
        drafts: &[i64],
    ) -> Result<(), StoreError>;
    /// How often what stands about keys was changed: while a count is the same, so is what follows.
    fn sealed_tally(&self) -> Result<SealedTally, StoreError>;
    /// Lists of devices and letters of keys by the hash of their operation, and where they are: in the
    /// order of the log, then this tablet's own on their way there, in the order they were made, then
    /// the others.
    fn key_states(&self) -> Result<Vec<(Sha256, KeyOpState)>, StoreError>;
    /// One of them.
    fn key_op(&self, hash: &Sha256) -> Result<Option<Op>, StoreError>;
    /// All of them.
    fn key_ops(&self) -> Result<Vec<KeyOp>, StoreError> {
        let mut all = Vec::new();
        for (hash, state) in self.key_states()? {
            all.extend(self.key_op(&hash)?.map(|op| KeyOp { op, state }));
        }
        Ok(all)
    }
    /// Notes of the log that are sealed and not open here, in the order of the log.
    fn closed_notes(&self) -> Result<Vec<ClosedNote>, StoreError>;
    /// Takes sealed notes in that are open now, as pieces of their documents, in this order; or notes
    /// that no key of theirs opens them. Those that are not closed here change nothing.
    fn let_in(&mut self, opened: &[(Sha256, Opened)]) -> Result<(), StoreError>;
    /// Identity keys that the person has agreed to in the place of others, by member.
    fn agreed(&self) -> Result<BTreeMap<MemberId, PublicKey>, StoreError>;
    /// Remembers that the person agreed to a member's identity key.
    fn agree(&mut self, member: MemberId, identity: PublicKey) -> Result<(), StoreError>;
    /// The eras in which the member writes sealed notes for groups (`wire::era`); of a group that is not
    /// named, the first.
    fn eras(&self) -> Result<BTreeMap<GroupId, u16>, StoreError>;
    /// Keeps them.
    fn save_eras(&mut self, eras: &BTreeMap<GroupId, u16>) -> Result<(), StoreError>;
    /// Notes that wait for their key.
    fn waiting(&self) -> Result<u32, StoreError>;
    /// Puts sealed operations that carry no drafts into the outbox: all of them or, on a difficulty,
    /// none.
    fn seal_all(&mut self, ops: &[Op]) -> Result<(), StoreError>;
    /// Operations to send, in order, at most about `max_bytes` (at least one when there is any).
    fn outbox(&self, max_bytes: usize) -> Result<Vec<Op>, StoreError>;
    /// Takes what the server answered: accepted operations leave the outbox for the log, conflicts
    /// and refusals are set aside and reported; nothing is deleted.
    fn acknowledge(&mut self, acks: &[Ack], now_ms: i64) -> Result<Vec<Conflict>, StoreError>;
    /// What must be given other numbers because the server has answered something else under them:
    /// every operation of the outbox, in order. None when the outbox stands after the end of the
    /// server's line, or is known there. (This tablet was put back to an earlier image.)
    fn overtaken(&self, line: &LineEnd) -> Result<Option<Vec<Op>>, StoreError>;
    /// Puts operations in the place of those of the outbox, one for one in order: the same, sealed
    /// anew with the numbers after `line`. The next operation comes after them.
    fn renumber(&mut self, line: u64, ops: &[Op]) -> Result<(), StoreError>;
    /// Changes that wait to be sent (drafts and outbox).
    fn pending(&self) -> Result<u32, StoreError>;
    /// Remembers when the last complete exchange ended.
    fn save_last_sync(&mut self, now_ms: i64) -> Result<(), StoreError>;
    /// When the last complete exchange ended, Unix milliseconds.
    fn last_sync(&self) -> Result<Option<i64>, StoreError>;

    /// All pieces of a notes document, to be loaded in this order.
    fn note_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError>;
    /// The same without what the server refused, and without a snapshot, which may hold some of it.
    fn standing_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError>;
    /// Notes documents with refused pieces that do not stand apart yet.
    fn refused_documents(&self) -> Result<Vec<NotedDocument>, StoreError>;
    /// Notes that were to be shared and are private, and whom they were meant for.
    fn unshared(&self) -> Result<BTreeMap<AnnotationId, Audience>, StoreError>;
    /// Erases what this member may no longer see, so that no trace is left in the database: notes of
    /// others, entries that could not be read, and drafts of sittings. One's own notes stay.
    fn forget_unseen(&mut self, sight: &Sight) -> Result<Forgotten, StoreError>;
    /// Keeps a verified snapshot that covers every piece read before it.
    fn save_snapshot(
        &mut self,
        document: DocKey,
        snapshot: &[u8],
        covers: u64,
    ) -> Result<(), StoreError>;
    /// Notes documents on one exact PDF that this member may see.
    fn noted_documents(&self, pdf: &Sha256) -> Result<Vec<NotedDocument>, StoreError>;
    /// Notes documents whose index is older than their pieces (after a pull or a kill).
    fn stale_documents(&self) -> Result<Vec<NotedDocument>, StoreError>;
    /// Replaces the index of a notes document. Marks that are new or changed have arrived now.
    fn index_notes(
        &mut self,
        document: &NotedDocument,
        marks: &[Mark],
        unreadable: u32,
        now_ms: i64,
    ) -> Result<(), StoreError>;
    /// Replaces what the index says of where notes of earlier versions stand on this document's PDF.
    /// To be called before [`Store::index_notes`], which says that the index is up to date.
    fn index_carried(
        &mut self,
        document: &NotedDocument,
        carried: &[Carried],
    ) -> Result<(), StoreError>;
    /// Where notes of earlier versions stand on later ones, from the index.
    fn carried(&self) -> Result<Vec<CarriedEntry>, StoreError>;
    /// Notes from the index; of one PDF when given.
    fn notes(&self, pdf: Option<&Sha256>) -> Result<Vec<NoteIndexEntry>, StoreError>;
    /// The notes with this identifier: one, or several when two devices of its owner showed it to
    /// different people meanwhile.
    fn notes_named(&self, id: AnnotationId) -> Result<Vec<NoteIndexEntry>, StoreError>;
    /// How many notes this member has on each PDF that has any; each counts once.
    fn note_counts(&self, owner: MemberId) -> Result<BTreeMap<Sha256, u32>, StoreError> {
        let mut seen = BTreeSet::new();
        let mut counts = BTreeMap::new();
        for note in self.notes(None)? {
            let NotedDocument { scope, pdf, .. } = note.document;
            if scope.owner == owner && seen.insert((pdf, note.mark.id)) {
                *counts.entry(pdf).or_default() += 1;
            }
        }
        Ok(counts)
    }
    /// This member's notes last changed, newest first.
    fn latest_notes(&self, owner: MemberId, limit: u32) -> Result<Vec<NoteIndexEntry>, StoreError> {
        let mut notes = self.notes(None)?;
        notes.retain(|note| note.document.scope.owner == owner);
        notes.sort_by_key(|note| std::cmp::Reverse(note.mark.modified_ms));
        notes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(notes)
    }
    /// Notes that could not be read, kept aside.
    fn unreadable(&self) -> Result<u32, StoreError>;

    /// Papers that are still to be fetched: those of coming sittings first, agenda order.
    fn wanted_papers(&self, now_ms: i64) -> Result<Vec<WantedPaper>, StoreError>;
    /// Whether a paper is whole on this tablet.
    fn is_here(&self, pdf: &Sha256) -> Result<bool, StoreError>;
    /// Marks a paper as whole and verified.
    fn paper_arrived(&mut self, pdf: &Sha256) -> Result<(), StoreError>;
    /// Takes that back: the file is damaged or gone, and is wanted again.
    fn paper_lost(&mut self, pdf: &Sha256) -> Result<(), StoreError>;
    /// Digests of all papers that are whole.
    fn papers_here(&self) -> Result<Vec<Sha256>, StoreError>;

    /// Whole papers whose text is not indexed yet.
    fn unindexed_papers(&self) -> Result<Vec<Sha256>, StoreError>;
    /// Whether the text of a paper is indexed.
    fn is_indexed(&self, pdf: &Sha256) -> Result<bool, StoreError>;
    /// Indexes the text of a paper, one string a page, lines as they end.
    fn index_text(&mut self, pdf: &Sha256, pages: &[String]) -> Result<(), StoreError>;
    /// Keeps what a whole paper is, so that opening it need not read it.
    fn keep_inspection(&mut self, pdf: &Sha256, inspection: &Inspection) -> Result<(), StoreError>;
    /// What was kept of it.
    fn inspection(&self, pdf: &Sha256) -> Result<Option<Inspection>, StoreError>;
    /// Pages whose text has all the words (the last one as a prefix), best first; accents and case
    /// do not matter. Snippets mark the words with U+2068 and U+2069.
    fn search_pages(&self, words: &str, limit: u32) -> Result<Vec<FoundPage>, StoreError>;
    /// Every page of one indexed paper whose text has all the words, in order, and how many of its
    /// pages have no text.
    fn find_pages(&self, pdf: &Sha256, words: &str) -> Result<FoundPages, StoreError>;
    /// Notes that have all the words, best first.
    fn search_notes(&self, words: &str, limit: u32) -> Result<Vec<FoundNote>, StoreError>;

    /// Where a paper was last read.
    fn reading(&self, document: DocumentId) -> Result<Option<Reading>, StoreError>;
    /// All places where papers were last read.
    fn readings(&self) -> Result<Vec<Reading>, StoreError>;
    /// Remembers where a paper is read.
    fn save_reading(&mut self, reading: &Reading) -> Result<(), StoreError>;

    /// All bodies, by name.
    fn bodies(&self) -> Result<Vec<Body>, StoreError>;
    /// When the changes of each sitting were last looked at, Unix milliseconds.
    fn changes_seen(&self) -> Result<BTreeMap<SittingId, i64>, StoreError>;
    /// Remembers that the changes of a sitting were looked at.
    fn save_changes_seen(&mut self, sitting: SittingId, at_ms: i64) -> Result<(), StoreError>;

    /// Drafts of sittings that are not put away.
    fn sitting_drafts(&self) -> Result<Vec<SittingDraft>, StoreError>;
    /// The draft of a sitting, put away or not.
    fn sitting_draft(&self, id: SittingId) -> Result<Option<SittingDraft>, StoreError>;
    /// Keeps a further state of a draft; what could be done again no longer can. Of the states
    /// before, [`DRAFT_STEPS`] are kept. A draft that was put away is there again.
    fn keep_sitting_draft(
        &mut self,
        sitting: &Sitting,
        base: u64,
        at_ms: i64,
    ) -> Result<(), StoreError>;
    /// Goes to the state before, or to the one after; whether there was one.
    fn turn_sitting_draft(
        &mut self,
        id: SittingId,
        redo: bool,
        at_ms: i64,
    ) -> Result<bool, StoreError>;
    /// Puts a draft away, or takes it back.
    fn put_sitting_draft_away(&mut self, id: SittingId, away: bool) -> Result<(), StoreError>;
    /// Forgets a draft with all its states (its files stay on the desk).
    fn forget_sitting_draft(&mut self, id: SittingId) -> Result<(), StoreError>;
    /// Files on the desk for a sitting, in the order in which they came.
    fn desk_files(&self, sitting: SittingId) -> Result<Vec<KeptFile>, StoreError>;
    /// Keeps a file on the desk; the same identifier replaces it in its place.
    fn keep_desk_file(&mut self, sitting: SittingId, file: &KeptFile) -> Result<(), StoreError>;
    /// Takes files off the desk.
    fn drop_desk_files(&mut self, files: &[Uuid]) -> Result<(), StoreError>;
}

/// States of a draft kept before the present one.
pub const DRAFT_STEPS: u32 = 60;

/// A sitting that a clerk prepares on this tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SittingDraft {
    /// The sitting as it will be.
    pub sitting: Sitting,
    /// Version of the published record that it was made from; 0 for a new one.
    pub base: u64,
    /// Whether it is put away.
    pub away: bool,
    /// Whether there is a state before.
    pub can_undo: bool,
    /// Whether there is a state after.
    pub can_redo: bool,
    /// When it was last kept, Unix milliseconds.
    pub at_ms: i64,
}

/// A file on the clerk's desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its identifier.
    pub file: Uuid,
    /// Its name.
    pub name: String,
    /// What became of reading it.
    pub read: KeptRead,
    /// Where the clerk said it shall go.
    pub target: Option<Target>,
    /// Where its bytes lie, when other software brought it and nobody here has it otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelved: Option<Shelved>,
}

/// A file among the papers that cannot be shown as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelved {
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// Its title, which it is called by once it is taken out.
    pub title: String,
    /// The ending that goes with it, without a dot; empty when it came without one.
    pub ending: String,
}

/// What became of reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum KeptRead {
    /// It is laid down whole and still to be read.
    Waiting,
    /// It is a paper, and on its shelf under this digest.
    Paper {
        /// Digest.
        pdf: Sha256,
        /// Length in bytes.
        bytes: u64,
        /// Number of pages.
        pages: u32,
        /// Whether it has text.
        searchable: bool,
        /// Title in its metadata, when a person wrote it.
        title: Option<String>,
    },
    /// It cannot be published.
    Refused(Problem),
}

/// The papers as files. Shared by threads; no database behind it.
pub trait PaperFiles: Send + Sync + 'static {
    /// Bytes of an unfinished download that are kept. After a restart they may be up to a record fewer.
    fn received(&self, pdf: &Sha256) -> Result<u64, StoreError>;
    /// Appends to an unfinished download.
    fn append(&self, pdf: &Sha256, bytes: &[u8]) -> Result<(), StoreError>;
    /// Checks length and digest, makes it durable and gives it its name. A false digest throws the
    /// download away and answers [`StoreErrorKind::Untrue`].
    fn finish(&self, pdf: &Sha256, length: u64) -> Result<(), StoreError>;
    /// Takes a file of this machine in as a paper (the clerk's own publication).
    fn adopt(&self, pdf: &Sha256, file: &std::path::Path) -> Result<(), StoreError>;
    /// Path of a whole paper as it lies on the disk, sealed; `NotFound` when it is not here.
    fn path(&self, pdf: &Sha256) -> Result<PathBuf, StoreError>;
    /// What opens it, for the PDF reader and for whoever sends it on.
    fn key(&self, pdf: &Sha256) -> Result<FileKey, StoreError>;
    /// Throws a paper away, and its key with it, so that what is left of the file tells nothing.
    fn discard(&self, pdf: &Sha256) -> Result<(), StoreError>;

    /// Writes a piece of a file that is being laid down on the clerk's desk. Pieces come in order;
    /// one that begins at 0 begins the file anew.
    fn lay(&self, file: Uuid, offset: u64, bytes: &[u8]) -> Result<(), StoreError>;
    /// Path of a file that was laid down.
    fn laid(&self, file: Uuid) -> PathBuf;
    /// Throws a laid file away; nothing happens when it is not there.
    fn clear_laid(&self, file: Uuid) -> Result<(), StoreError>;
}

/// Who this tablet belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Address of the server, without a slash at the end.
    pub server: String,
    /// Certificates in PEM of the authorities that vouch for it, beside those of the system.
    pub authority: Option<String>,
    /// The council.
    pub council: CouncilId,
    /// Its name at enrolment.
    pub council_name: String,
    /// The person.
    pub member: MemberId,
    /// What the person may do, as last heard.
    pub role: Role,
    /// This device.
    pub device: DeviceId,
    /// Name of this device.
    pub device_name: String,
}

/// Where a tablet stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Last entry applied.
    pub seq: u64,
    /// The view the server last named.
    pub view: u64,
}

/// What was carried out of a damaged store, which is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mended {
    /// Changes that had not been sent and still wait.
    pub unsent: u32,
    /// Whether it is still known whose tablet this is: the rest then comes again from the server.
    pub enrolled: bool,
}

/// What applying a page of the log changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Entries that were new.
    pub entries: u64,
    /// Whether a record changed.
    pub catalogue: bool,
    /// Notes documents that have new pieces.
    pub notes: Vec<DocKey>,
}

/// One change to a notes document.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The notes document.
    pub document: NotedDocument,
    /// Automerge change bytes.
    pub change: Vec<u8>,
    /// Marks that are new or changed.
    pub put: Vec<Mark>,
    /// Marks that are gone.
    pub removed: Vec<AnnotationId>,
    /// Where notes of earlier versions stand on this one, new or settled.
    pub carried: Vec<Carried>,
}

/// Where one note of an earlier version stands on a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct CarriedEntry {
    /// The notes document of the later version.
    pub document: NotedDocument,
    /// The note and its place.
    pub carried: Carried,
}

/// One edit as it is kept.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StoredEdit {
    /// Changes to notes documents, in the order in which they are to be sent.
    pub drafts: Vec<Draft>,
    /// How it is taken back.
    pub history: Option<HistoryEdit>,
    /// A document whose refused pieces stand apart from now on.
    pub apart: Option<Apart>,
    /// Notes about which nothing is left to be settled ([`Store::unshared`]).
    pub settled: Vec<AnnotationId>,
}

/// What an edit does to the history of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEdit {
    /// The paper.
    pub paper: DocumentId,
    /// Which way.
    pub turn: Turn,
    /// What the edit did, as the client writes it; empty when it did nothing.
    pub steps: Vec<u8>,
}

/// Which way an edit goes in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Something new: it can be taken back, and nothing can be done again.
    Done,
    /// So many entries were taken back: the edit can be done again.
    Undone(usize),
    /// So many entries were done again: the edit can be taken back.
    Redone(usize),
}

/// Most entries that [`Store::history`] keeps on each side of a paper; the oldest go first.
pub const HISTORY: usize = 200;

/// Edits of one paper that can be taken back or done again, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredHistory {
    /// What can be taken back.
    pub undo: Vec<Vec<u8>>,
    /// What can be done again.
    pub redo: Vec<Vec<u8>>,
}

/// A notes document whose refused pieces stand apart: they, and the drafts that build on them, are no
/// longer part of it; what they held has become private notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The document.
    pub document: NotedDocument,
    /// The marks that stand in it.
    pub marks: Vec<Mark>,
    /// The private notes that were meant for its audience.
    pub unshared: Vec<AnnotationId>,
}

/// What a member may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The member.
    pub member: MemberId,
    /// The member's role.
    pub role: Role,
    /// The member's groups.
    pub groups: BTreeSet<GroupId>,
}

impl Sight {
    /// Whether the member may see what stands in a scope.
    #[must_use]
    pub fn sees(&self, scope: Scope) -> bool {
        scope.is_seen_by(self.member, self.role, &self.groups)
    }
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// PDFs that had notes.
    pub pdfs: BTreeSet<Sha256>,
    /// Whether a record is gone.
    pub catalogue: bool,
}

/// Changes of one document that are to be sealed into one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The notes document.
    pub document: NotedDocument,
    /// The drafts' identifiers.
    pub drafts: Vec<i64>,
    /// Their change bytes, concatenated in order.
    pub changes: Vec<u8>,
}

/// Which signed operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceOf {
    /// Convocations of a sitting and what happened to them.
    Sitting(SittingId),
    /// Convocations and receipts of every sitting.
    Sittings,
    /// Messages to members and what happened to them.
    Messages,
    /// The same of one member's copies.
    MessagesTo(MemberId),
    /// The cards of the directory, every version.
    Devices,
}

/// One signed operation, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The operation.
    pub op: Op,
    /// Its place in the log and when the server received it; none until the server has it.
    pub logged: Option<LogPlace>,
}

/// Where and when an operation became durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogPlace {
    /// Its place in the council's log.
    pub seq: u64,
    /// The server's clock, Unix milliseconds.
    pub received_ms: i64,
}

/// An operation that the server did not take; it is set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which operation.
    pub device_seq: u64,
    /// Name of the thing it was about.
    pub subject: String,
    /// Current version for a conflict; none for a refusal.
    pub current: Option<u64>,
}

/// A paper that is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPaper {
    /// Digest.
    pub pdf: Sha256,
    /// Length in bytes.
    pub bytes: u64,
    /// The paper.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its sitting.
    pub sitting: SittingId,
}

/// A page that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPage {
    /// The PDF.
    pub pdf: Sha256,
    /// Page from 1.
    pub page: u32,
    /// The words around.
    pub snippet: String,
    /// Better is larger.
    pub rank: f64,
}

/// A note that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundNote {
    /// The note.
    pub note: NoteIndexEntry,
    /// The words around.
    pub snippet: String,
    /// Better is larger.
    pub rank: f64,
}

/// Where a paper was last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The paper.
    pub document: DocumentId,
    /// Version read.
    pub version: u32,
    /// Page from 1.
    pub page: u32,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// The version read when a newer one came, until that one's changes have been looked at; 0 when
    /// there is none.
    pub since: u32,
    /// The newest version whose changes have been looked at; 0 when none was.
    pub seen: u32,
}

impl Reading {
    /// The earlier version that was read before the present one, as long as what changed since has
    /// not been looked at.
    #[must_use]
    pub fn changed_since(&self, present: u32) -> Option<u32> {
        let read = if self.since > 0 { self.since } else { self.version };
        (read < present && self.seen < present).then_some(read)
    }
}

/// What kind of difficulty the store had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// The disk is full; what was durable stays.
    Full,
    /// The database was written by a newer version of the app.
    TooNew,
    /// The database is damaged.
    Corrupt,
    /// No such thing.
    NotFound,
    /// The bytes are not what their digest says.
    Untrue,
    /// The profile is locked by a PIN.
    Locked,
    /// Another process holds this profile.
    Busy,
    /// The disk or the database failed.
    Failed,
}

/// The store had a difficulty.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {kind:?} ({detail})")]
pub struct StoreError {
    /// What kind.
    pub kind: StoreErrorKind,
    /// What was being done.
    pub doing: &'static str,
    /// For logs; no content.
    pub detail: String,
}
