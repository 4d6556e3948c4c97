//! The store as a whole: each call of the port, one line, one transaction.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use client::lease::Lease;
use client::ports::{
    Applied, CarriedEntry, ClosedNote, Conflict, Cursor, Drafted, Evidence, EvidenceOf, Forgotten,
    FoundNote, FoundPage, Inspection, KeptFile, KeyOpState, Mended, NoteIndexEntry, NotePieces,
    NotedDocument, Opened, Profile, Reading, SealedTally, Sight, SittingDraft, Store, StoreError,
    StoredEdit, StoredHistory, WantedPaper,
};
use domain::{
    Body, Convocation, Council, DeviceCard, DocumentId, Entity, Group, GroupId, Member, MemberId,
    PublicKey, Record, Sha256, Sitting, SittingId,
};
use ink::{AnnotationId, Carried, Mark};
use ipc::{FoundPages, Preferences};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;
use wire::{Ack, Audience, DocKey, LineEnd, Logged, NotePayload, Op};

use crate::error::Doing;
use crate::vault::{Purpose, Vault};
use crate::{
    catalogue, clerk, evidence, forget, history, inspections, lock, log, notes, open, outbox,
    salvage, sealed, search, settings, tally,
};

/// The database of one profile, held by this process alone.
#[derive(Debug)]
pub struct SqliteStore {
    db: Connection,
    profile: PathBuf,
    vault: Vault,
    mended: Option<Mended>,
    /// What was last looked through for things to erase: for whom, and at which count.
    seen: Option<(Sight, u64)>,
    _lock: File,
}

impl SqliteStore {
    /// Opens the store of a profile, making it when it is new, and its vault with it. A store that an
    /// earlier version wrote is encrypted. A damaged one is set aside, and what it alone held is carried into
    /// a new one ([`Store::mended`] tells).
    ///
    /// # Errors
    /// `Busy` when another process holds the profile for longer than five seconds, `TooNew` when a
    /// newer version wrote it, `Locked` when it has a PIN, `Corrupt` when its vault cannot be read or
    /// does not open it, `Full` when a damaged one cannot be mended for want of room; nothing is deleted in
    /// any case.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(profile).doing("making the profile's folder")?;
        let lock = lock::take(profile)?;
        Self::open_locked(profile, lock, &Vault::open_held(profile)?)
    }

    /// The same with a vault that was opened before, whose PIN was given.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(profile: &Path, vault: &Vault) -> Result<Self, StoreError> {
        std::fs::create_dir_all(profile).doing("making the profile's folder")?;
        Self::open_locked(profile, lock::take(profile)?, vault)
    }

    fn open_locked(profile: &Path, lock: File, vault: &Vault) -> Result<Self, StoreError> {
        let (db, mended) = salvage::open_or_mend(profile, vault)?;
        let (profile, vault) = (profile.to_owned(), vault.clone());
        Ok(Self { db, profile, vault, mended, seen: None, _lock: lock })
    }

    /// All pages of a profile's database as they are once decrypted, those that are free included: how
    /// tests see that what was erased is gone. It takes no lock and changes nothing.
    ///
    /// # Errors
    /// There is no database, or it cannot be opened.
    pub fn decrypted(profile: &Path) -> Result<Vec<u8>, StoreError> {
        let key = Vault::open(profile)?.database_key(Purpose::Store)?;
        let mut db = open::connect(&profile.join("pupitre.db"), &key)?;
        let pages = db.serialize("main").doing("reading the store")?;
        Ok(pages.to_vec())
    }

    /// Grants the database at most so many pages; beyond them a write answers `Full`, exactly as
    /// on a full disk.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn limit_pages(&mut self, pages: i64) -> Result<(), StoreError> {
        self.db
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .doing("limiting the store")
    }

    /// Runs a change as one transaction.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self::change(&mut self.db, change)
    }
}

/// Runs a change as one transaction.
fn change<T>(
    db: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let doing = "writing to the store";
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).doing(doing)?;
    let made = change(&tx)?;
    tx.commit().doing(doing)?;
    Ok(made)
}

impl Store for SqliteStore {
    fn mended(&self) -> Option<Mended> {
        self.mended
    }
    fn doubted(&mut self) {
        salvage::doubt(&self.profile);
        // A page whose seal is broken ends the connection that met it; the other pages are still to be had.
        if let Ok(key) = self.vault.database_key(Purpose::Store)
            && let Ok(db) = open::open(&self.profile.join("pupitre.db"), &key)
        {
            self.db = db;
        }
    }

    fn profile(&self) -> Result<Option<Profile>, StoreError> {
        settings::profile(&self.db)
    }
    fn save_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        self.change(|tx| settings::save_profile(tx, profile))?;
        salvage::chart(&self.profile, &self.vault, &self.db)
    }
    fn preferences(&self) -> Result<Preferences, StoreError> {
        settings::preferences(&self.db)
    }
    fn save_preferences(&mut self, preferences: &Preferences) -> Result<(), StoreError> {
        self.change(|tx| settings::save_preferences(tx, preferences))
    }

    fn council(&self) -> Result<Option<Council>, StoreError> {
        catalogue::council(&self.db)
    }
    fn members(&self) -> Result<Vec<Member>, StoreError> {
        catalogue::members(&self.db)
    }
    fn groups(&self) -> Result<Vec<Group>, StoreError> {
        catalogue::groups(&self.db)
    }
    fn sittings(&self) -> Result<Vec<Sitting>, StoreError> {
        catalogue::sittings(&self.db)
    }
    fn sitting(&self, id: SittingId) -> Result<Option<Sitting>, StoreError> {
        catalogue::sitting(&self.db, id)
    }
    fn sitting_of(&self, document: DocumentId) -> Result<Option<Sitting>, StoreError> {
        catalogue::sitting_of(&self.db, document)
    }
    fn record_version(&self, entity: Entity, id: Uuid) -> Result<u64, StoreError> {
        catalogue::version(&self.db, entity, id)
    }

    fn convocations(&self) -> Result<Vec<Convocation>, StoreError> {
        catalogue::convocations(&self.db)
    }
    fn devices(&self) -> Result<Vec<DeviceCard>, StoreError> {
        catalogue::devices(&self.db)
    }
    fn evidence(&self, of: EvidenceOf) -> Result<Vec<Evidence>, StoreError> {
        evidence::evidence(&self.db, of)
    }
    fn lease(&self) -> Result<Option<Lease>, StoreError> {
        settings::lease(&self.db)
    }
    fn save_lease(&mut self, lease: &Lease) -> Result<(), StoreError> {
        self.change(|tx| settings::save_lease(tx, lease))
    }
    fn server_time(&self) -> Result<Option<i64>, StoreError> {
        settings::server_time(&self.db)
    }
    fn save_server_time(&mut self, server_ms: i64) -> Result<(), StoreError> {
        self.change(|tx| settings::save_server_time(tx, server_ms))
    }

    fn cursor(&self) -> Result<Cursor, StoreError> {
        settings::cursor(&self.db)
    }
    fn apply(
        &mut self,
        items: &[Logged],
        cursor: Cursor,
        _now_ms: i64,
    ) -> Result<Applied, StoreError> {
        self.change(|tx| log::apply(tx, items, cursor))
    }

    fn save_edit(&mut self, edit: &StoredEdit) -> Result<(), StoreError> {
        self.change(|tx| notes::save_edit(tx, edit))
    }
    fn history(&self, paper: DocumentId) -> Result<StoredHistory, StoreError> {
        history::history(&self.db, paper)
    }
    fn drafts(&self) -> Result<Vec<Drafted>, StoreError> {
        outbox::drafts(&self.db)
    }
    fn next_device_seq(&self) -> Result<u64, StoreError> {
        settings::next_device_seq(&self.db)
    }
    fn seal(&mut self, op: &Op, drafts: &[i64]) -> Result<(), StoreError> {
        self.change(|tx| outbox::seal(tx, op, drafts))
    }
    fn seal_closed(
        &mut self,
        op: &Op,
        note: &NotePayload,
        drafts: &[i64],
    ) -> Result<(), StoreError> {
        self.change(|tx| outbox::seal_closed(tx, op, note, drafts))
    }
    fn sealed_tally(&self) -> Result<SealedTally, StoreError> {
        tally::sealed(&self.db)
    }
    fn key_states(&self) -> Result<Vec<(Sha256, KeyOpState)>, StoreError> {
        sealed::key_states(&self.db)
    }
    fn key_op(&self, hash: &Sha256) -> Result<Option<Op>, StoreError> {
        sealed::key_op(&self.db, hash)
    }
    fn closed_notes(&self) -> Result<Vec<ClosedNote>, StoreError> {
        sealed::closed(&self.db)
    }
    fn let_in(&mut self, opened: &[(Sha256, Opened)]) -> Result<(), StoreError> {
        self.change(|tx| sealed::let_in(tx, opened))
    }
    fn agreed(&self) -> Result<BTreeMap<MemberId, PublicKey>, StoreError> {
        settings::agreed(&self.db)
    }
    fn agree(&mut self, member: MemberId, identity: PublicKey) -> Result<(), StoreError> {
        self.change(|tx| settings::agree(tx, member, identity))
    }
    fn eras(&self) -> Result<BTreeMap<GroupId, u16>, StoreError> {
        settings::eras(&self.db)
    }
    fn save_eras(&mut self, eras: &BTreeMap<GroupId, u16>) -> Result<(), StoreError> {
        self.change(|tx| settings::save_eras(tx, eras))
    }
    fn waiting(&self) -> Result<u32, StoreError> {
        sealed::waiting(&self.db)
    }
    fn seal_all(&mut self, ops: &[Op]) -> Result<(), StoreError> {
        self.change(|tx| ops.iter().try_for_each(|op| outbox::seal(tx, op, &[])))
    }
    fn outbox(&self, max_bytes: usize) -> Result<Vec<Op>, StoreError> {
        outbox::outbox(&self.db, max_bytes)
    }
    fn acknowledge(&mut self, acks: &[Ack], now_ms: i64) -> Result<Vec<Conflict>, StoreError> {
        self.change(|tx| outbox::acknowledge(tx, acks, now_ms))
    }
    fn overtaken(&self, line: &LineEnd) -> Result<Option<Vec<Op>>, StoreError> {
        outbox::overtaken(&self.db, line)
    }
    fn renumber(&mut self, line: u64, ops: &[Op]) -> Result<(), StoreError> {
        self.change(|tx| outbox::renumber(tx, line, ops))
    }
    fn pending(&self) -> Result<u32, StoreError> {
        outbox::pending(&self.db)
    }
    fn save_last_sync(&mut self, now_ms: i64) -> Result<(), StoreError> {
        self.change(|tx| settings::save_last_sync(tx, now_ms))
    }
    fn last_sync(&self) -> Result<Option<i64>, StoreError> {
        settings::last_sync(&self.db)
    }

    fn note_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError> {
        notes::pieces(&self.db, document)
    }
    fn standing_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError> {
        notes::standing_pieces(&self.db, document)
    }
    fn refused_documents(&self) -> Result<Vec<NotedDocument>, StoreError> {
        notes::refused_documents(&self.db)
    }
    fn unshared(&self) -> Result<BTreeMap<AnnotationId, Audience>, StoreError> {
        notes::unshared(&self.db)
    }
    fn bring_back(&mut self, member: MemberId) -> Result<u32, StoreError> {
        self.change(|tx| notes::bring_back(tx, member))
    }
    fn lost_records(&mut self) -> Result<Vec<Record>, StoreError> {
        self.change(|tx| catalogue::lost(tx))
    }
    fn papers_owed(&self) -> Result<bool, StoreError> {
        settings::papers_owed(&self.db)
    }
    fn papers_given_back(&mut self) -> Result<(), StoreError> {
        self.change(|tx| settings::save_papers_owed(tx, false))
    }
    fn forget_unseen(&mut self, sight: &Sight) -> Result<Forgotten, StoreError> {
        let now = tally::sight(&self.db)?;
        if self.seen.as_ref().is_some_and(|(whose, at)| (whose, *at) == (sight, now)) {
            return Ok(Forgotten::default());
        }
        let forgotten = if forget::is_needed(&self.db, sight)? {
            forget::without_trace(&mut self.db, |db| change(db, |tx| forget::unseen(tx, sight)))?
        } else {
            Forgotten::default()
        };
        // Erasing brings nothing new.
        self.seen = Some((sight.clone(), now));
        Ok(forgotten)
    }
    fn save_snapshot(
        &mut self,
        document: DocKey,
        snapshot: &[u8],
        covers: u64,
    ) -> Result<(), StoreError> {
        self.change(|tx| notes::save_snapshot(tx, document, snapshot, covers))
    }
    fn noted_documents(&self, pdf: &Sha256) -> Result<Vec<NotedDocument>, StoreError> {
        notes::noted_documents(&self.db, pdf)
    }
    fn stale_documents(&self) -> Result<Vec<NotedDocument>, StoreError> {
        notes::stale_documents(&self.db)
    }
    fn index_notes(
        &mut self,
        document: &NotedDocument,
        marks: &[Mark],
        unreadable: u32,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.change(|tx| notes::index_notes(tx, document, marks, unreadable, now_ms))
    }
    fn index_carried(
        &mut self,
        document: &NotedDocument,
        carried: &[Carried],
    ) -> Result<(), StoreError> {
        self.change(|tx| notes::index_carried(tx, document, carried))
    }
    fn carried(&self) -> Result<Vec<CarriedEntry>, StoreError> {
        notes::carried(&self.db)
    }
    fn notes(&self, pdf: Option<&Sha256>) -> Result<Vec<NoteIndexEntry>, StoreError> {
        notes::notes(&self.db, pdf)
    }
    fn notes_named(&self, id: AnnotationId) -> Result<Vec<NoteIndexEntry>, StoreError> {
        notes::notes_named(&self.db, id)
    }
    fn note_counts(&self, owner: MemberId) -> Result<BTreeMap<Sha256, u32>, StoreError> {
        notes::note_counts(&self.db, owner)
    }
    fn latest_notes(&self, owner: MemberId, limit: u32) -> Result<Vec<NoteIndexEntry>, StoreError> {
        notes::latest_notes(&self.db, owner, limit)
    }
    fn unreadable(&self) -> Result<u32, StoreError> {
        notes::unreadable(&self.db)
    }

    fn wanted_papers(&self, now_ms: i64) -> Result<Vec<WantedPaper>, StoreError> {
        catalogue::wanted_papers(&self.db, now_ms)
    }
    fn is_here(&self, pdf: &Sha256) -> Result<bool, StoreError> {
        catalogue::is_here(&self.db, pdf)
    }
    fn paper_arrived(&mut self, pdf: &Sha256) -> Result<(), StoreError> {
        self.change(|tx| catalogue::paper_arrived(tx, pdf))
    }
    fn paper_lost(&mut self, pdf: &Sha256) -> Result<(), StoreError> {
        self.change(|tx| catalogue::paper_lost(tx, pdf))
    }
    fn papers_here(&self) -> Result<Vec<Sha256>, StoreError> {
        catalogue::papers_here(&self.db)
    }

    fn unindexed_papers(&self) -> Result<Vec<Sha256>, StoreError> {
        search::unindexed_papers(&self.db)
    }
    fn is_indexed(&self, pdf: &Sha256) -> Result<bool, StoreError> {
        search::is_indexed(&self.db, pdf)
    }
    fn index_text(&mut self, pdf: &Sha256, pages: &[String]) -> Result<(), StoreError> {
        self.change(|tx| search::index_text(tx, pdf, pages))
    }
    fn keep_inspection(&mut self, pdf: &Sha256, inspection: &Inspection) -> Result<(), StoreError> {
        self.change(|tx| inspections::keep(tx, pdf, inspection))
    }
    fn inspection(&self, pdf: &Sha256) -> Result<Option<Inspection>, StoreError> {
        inspections::kept(&self.db, pdf)
    }
    fn search_pages(&self, words: &str, limit: u32) -> Result<Vec<FoundPage>, StoreError> {
        search::search_pages(&self.db, words, limit)
    }
    fn find_pages(&self, pdf: &Sha256, words: &str) -> Result<FoundPages, StoreError> {
        search::find_pages(&self.db, pdf, words)
    }
    fn search_notes(&self, words: &str, limit: u32) -> Result<Vec<FoundNote>, StoreError> {
        search::search_notes(&self.db, words, limit)
    }

    fn reading(&self, document: DocumentId) -> Result<Option<Reading>, StoreError> {
        settings::reading(&self.db, document)
    }
    fn readings(&self) -> Result<Vec<Reading>, StoreError> {
        settings::readings(&self.db)
    }
    fn save_reading(&mut self, reading: &Reading) -> Result<(), StoreError> {
        self.change(|tx| settings::save_reading(tx, reading))
    }

    fn bodies(&self) -> Result<Vec<Body>, StoreError> {
        catalogue::bodies(&self.db)
    }
    fn changes_seen(&self) -> Result<BTreeMap<SittingId, i64>, StoreError> {
        clerk::changes_seen(&self.db)
    }
    fn save_changes_seen(&mut self, sitting: SittingId, at_ms: i64) -> Result<(), StoreError> {
        self.change(|tx| clerk::save_changes_seen(tx, sitting, at_ms))
    }

    fn sitting_drafts(&self) -> Result<Vec<SittingDraft>, StoreError> {
        clerk::drafts(&self.db)
    }
    fn sitting_draft(&self, id: SittingId) -> Result<Option<SittingDraft>, StoreError> {
        clerk::one(&self.db, id)
    }
    fn keep_sitting_draft(
        &mut self,
        sitting: &Sitting,
        base: u64,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.change(|tx| clerk::keep(tx, sitting, base, at_ms))
    }
    fn turn_sitting_draft(
        &mut self,
        id: SittingId,
        redo: bool,
        at_ms: i64,
    ) -> Result<bool, StoreError> {
        self.change(|tx| clerk::turn(tx, id, redo, at_ms))
    }
    fn put_sitting_draft_away(&mut self, id: SittingId, away: bool) -> Result<(), StoreError> {
        self.change(|tx| clerk::put_away(tx, id, away))
    }
    fn forget_sitting_draft(&mut self, id: SittingId) -> Result<(), StoreError> {
        self.change(|tx| clerk::forget(tx, id))
    }
    fn desk_files(&self, sitting: SittingId) -> Result<Vec<KeptFile>, StoreError> {
        clerk::files(&self.db, sitting)
    }
    fn keep_desk_file(&mut self, sitting: SittingId, file: &KeptFile) -> Result<(), StoreError> {
        self.change(|tx| clerk::keep_file(tx, sitting, file))
    }
    fn drop_desk_files(&mut self, files: &[Uuid]) -> Result<(), StoreError> {
        self.change(|tx| clerk::drop_files(tx, files))
    }
}
