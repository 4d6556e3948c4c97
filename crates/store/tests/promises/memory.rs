//! A store in memory: the simplest thing that keeps the promises, and the oracle of the histories.

mod keys;
mod log;
mod pieces;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use client::lease::Lease;
use client::ports::{
    Apart, Applied, CarriedEntry, ClosedNote, Conflict, Cursor, DRAFT_STEPS, Draft, Drafted,
    Evidence, EvidenceOf, Forgotten, FoundNote, FoundPage, Inspection, KeptFile, KeyOpState,
    LogPlace, NoteIndexEntry, NotePieces, NotedDocument, Opened, Profile, Reading, SealedTally,
    Sight, SittingDraft, Store, StoreError, StoreErrorKind, StoredEdit, StoredHistory, WantedPaper,
};
use domain::{
    Body, Convocation, Council, DeviceCard, DocumentId, Entity, Group, GroupId, Member, MemberId,
    PublicKey, Record, Role, Sha256, Sitting, SittingId, Statement,
};
use ink::{AnnotationId, Carried, Mark};
use ipc::{FoundPages, Preferences};
use uuid::Uuid;
use wire::{Ack, Audience, DocKey, LineEnd, Logged, NotePayload, Op, Scope, limits};

use words::found;

use crate::world::{DAY, Shelf};

/// A store that lives as long as its shelf.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

impl Shelf for Memory {
    fn open(&self) -> Box<dyn Store> {
        Box::new(self.clone())
    }
}

#[derive(Default)]
struct State {
    profile: Option<Profile>,
    preferences: Preferences,
    records: BTreeMap<(Entity, Uuid), (u64, Record)>,
    cursor: Cursor,
    sealed: u64,
    last_sync: Option<i64>,
    lease: Option<Lease>,
    unread: BTreeMap<u64, Scope>,
    counter: u64,
    pieces: BTreeMap<u64, Piece>,
    outbox: BTreeMap<u64, Op>,
    snapshots: BTreeMap<DocKey, (u64, Vec<u8>)>,
    noted: BTreeMap<DocKey, Noted>,
    notes: BTreeMap<(DocKey, AnnotationId), (Mark, i64)>,
    unshared: BTreeMap<AnnotationId, Audience>,
    histories: BTreeMap<DocumentId, StoredHistory>,
    carried: BTreeMap<(DocKey, AnnotationId), Carried>,
    papers: BTreeMap<Sha256, Option<Vec<String>>>,
    inspections: BTreeMap<Sha256, Inspection>,
    readings: BTreeMap<DocumentId, Reading>,
    changes_seen: BTreeMap<SittingId, i64>,
    drafts: BTreeMap<SittingId, Line>,
    desk: Vec<(SittingId, KeptFile)>,
    evidence: Vec<Kept>,
    server_time: Option<i64>,
    /// Sealed notes by their place in the log.
    closed: BTreeMap<u64, ClosedNote>,
    /// Lists of devices and letters, with their place in the log and whether they were refused.
    key_ops: Vec<(Op, Option<u64>, bool)>,
    agreed: BTreeMap<MemberId, PublicKey>,
    eras: BTreeMap<GroupId, u16>,
}

/// A draft with its states before and after.
#[derive(Default)]
struct Line {
    base: u64,
    away: bool,
    at_ms: i64,
    before: Vec<Sitting>,
    now: Option<Sitting>,
    after: Vec<Sitting>,
}

impl Line {
    fn draft(&self) -> SittingDraft {
        SittingDraft {
            sitting: self.now.clone().unwrap(),
            base: self.base,
            away: self.away,
            can_undo: !self.before.is_empty(),
            can_redo: !self.after.is_empty(),
            at_ms: self.at_ms,
        }
    }
}

struct Piece {
    document: NotedDocument,
    changes: Vec<u8>,
    /// Hash of its operation; none while it is a draft.
    op: Option<Sha256>,
    refused: bool,
    apart: bool,
}

struct Noted {
    document: NotedDocument,
    latest: u64,
    indexed: u64,
    unreadable: u32,
}

impl Memory {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

/// What a signed operation belongs to.
#[derive(Debug, PartialEq)]
enum Of {
    Sitting(SittingId),
    Message(MemberId),
    Device,
}

impl From<&Statement> for Of {
    fn from(statement: &Statement) -> Self {
        match statement {
            Statement::Receipt(receipt) => Self::Sitting(receipt.sitting),
            Statement::Message(_) | Statement::MessageReceipt(_) => {
                Self::Message(statement.reader())
            }
        }
    }
}

/// A signed operation that is kept whole.
#[derive(Debug)]
struct Kept {
    op: Op,
    of: Of,
    logged: Option<LogPlace>,
    refused: bool,
}

fn wrong(detail: &str) -> StoreError {
    StoreError { kind: StoreErrorKind::Failed, doing: "testing", detail: detail.to_owned() }
}

impl Store for Memory {
    fn lease(&self) -> Result<Option<Lease>, StoreError> {
        Ok(self.state().lease.clone())
    }
    fn save_lease(&mut self, lease: &Lease) -> Result<(), StoreError> {
        self.state().lease = Some(lease.clone());
        Ok(())
    }
    fn profile(&self) -> Result<Option<Profile>, StoreError> {
        Ok(self.state().profile.clone())
    }
    fn save_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        self.state().profile = Some(profile.clone());
        Ok(())
    }
    fn preferences(&self) -> Result<Preferences, StoreError> {
        Ok(self.state().preferences.clone())
    }
    fn save_preferences(&mut self, preferences: &Preferences) -> Result<(), StoreError> {
        self.state().preferences = preferences.clone();
        Ok(())
    }
    fn council(&self) -> Result<Option<Council>, StoreError> {
        let state = self.state();
        let council = |(_, r): &(u64, Record)| {
            if let Record::Council(council) = r { Some(council.clone()) } else { None }
        };
        Ok(state.records.values().find_map(council))
    }
    fn members(&self) -> Result<Vec<Member>, StoreError> {
        let state = self.state();
        let member = |(_, r): &(u64, Record)| {
            if let Record::Member(member) = r { Some(member.clone()) } else { None }
        };
        let mut members: Vec<Member> = state.records.values().filter_map(member).collect();
        members.sort_by_key(|m| (m.last_name.clone(), m.first_name.clone()));
        Ok(members)
    }
    fn groups(&self) -> Result<Vec<Group>, StoreError> {
        let state = self.state();
        let group = |(_, r): &(u64, Record)| {
            if let Record::Group(group) = r { Some(group.clone()) } else { None }
        };
        let mut groups: Vec<Group> = state.records.values().filter_map(group).collect();
        groups.sort_by_key(|group| group.name.clone());
        Ok(groups)
    }
    fn sittings(&self) -> Result<Vec<Sitting>, StoreError> {
        Ok(self.state().sittings().into_iter().cloned().collect())
    }
    fn sitting(&self, id: SittingId) -> Result<Option<Sitting>, StoreError> {
        Ok(self.state().sittings().into_iter().find(|sitting| sitting.id == id).cloned())
    }
    fn sitting_of(&self, document: DocumentId) -> Result<Option<Sitting>, StoreError> {
        let state = self.state();
        let found = state.sittings().into_iter().find(|s| s.document(document).is_some()).cloned();
        Ok(found)
    }
    fn record_version(&self, entity: Entity, id: Uuid) -> Result<u64, StoreError> {
        Ok(self.state().records.get(&(entity, id)).map_or(0, |(version, _)| *version))
    }

    fn convocations(&self) -> Result<Vec<Convocation>, StoreError> {
        let state = self.state();
        let mut all: Vec<Convocation> = state
            .records
            .values()
            .filter_map(|(_, record)| {
                let Record::Convocation(one) = record else { return None };
                Some((**one).clone())
            })
            .collect();
        all.sort_by_key(|one| (one.sitting, one.number, one.id));
        Ok(all)
    }
    fn devices(&self) -> Result<Vec<DeviceCard>, StoreError> {
        let state = self.state();
        let mut all: Vec<DeviceCard> = state
            .records
            .values()
            .filter_map(|(_, record)| {
                let Record::Device(card) = record else { return None };
                Some(card.clone())
            })
            .collect();
        all.sort_by_key(|card| (card.enrolled, card.id));
        Ok(all)
    }
    fn evidence(&self, of: EvidenceOf) -> Result<Vec<Evidence>, StoreError> {
        let state = self.state();
        let mut all: Vec<&Kept> = state.evidence.iter().filter(|kept| !kept.refused).collect();
        all.retain(|kept| match of {
            EvidenceOf::Sitting(sitting) => kept.of == Of::Sitting(sitting),
            EvidenceOf::Sittings => matches!(kept.of, Of::Sitting(_)),
            EvidenceOf::Messages => matches!(kept.of, Of::Message(_)),
            EvidenceOf::MessagesTo(member) => kept.of == Of::Message(member),
            EvidenceOf::Devices => kept.of == Of::Device,
        });
        all.sort_by_key(|kept| kept.logged.map_or(u64::MAX, |place| place.seq));
        Ok(all.iter().map(|k| Evidence { op: k.op.clone(), logged: k.logged }).collect())
    }
    fn server_time(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.state().server_time)
    }
    fn save_server_time(&mut self, server_ms: i64) -> Result<(), StoreError> {
        self.state().server_time = Some(server_ms);
        Ok(())
    }

    fn cursor(&self) -> Result<Cursor, StoreError> {
        Ok(self.state().cursor)
    }
    fn apply(
        &mut self,
        items: &[Logged],
        cursor: Cursor,
        _now_ms: i64,
    ) -> Result<Applied, StoreError> {
        Ok(self.state().apply(items, cursor))
    }

    fn save_edit(&mut self, edit: &StoredEdit) -> Result<(), StoreError> {
        let mut state = self.state();
        if let Some(Apart { document, marks, unshared }) = &edit.apart {
            let here = |piece: &Piece| piece.document.key == document.key;
            state.pieces.retain(|_, piece| !here(piece) || piece.op.is_some());
            for piece in state.pieces.values_mut().filter(|piece| here(piece)) {
                piece.apart |= piece.refused;
            }
            state.snapshots.remove(&document.key);
            state.index(document.key, marks, 0);
            let audience = document.scope.audience;
            state.unshared.extend(unshared.iter().map(|id| (*id, audience)));
        }
        for Draft { document, change, put, removed, carried } in &edit.drafts {
            state.add(*document, change.clone(), None, true);
            for mark in put {
                state.put(document.key, mark, mark.modified_ms);
            }
            for id in removed {
                state.notes.remove(&(document.key, *id));
            }
            for carried in carried {
                state.carried.insert((document.key, carried.id), carried.clone());
            }
        }
        for id in &edit.settled {
            state.unshared.remove(id);
        }
        if let Some(history) = &edit.history {
            state.remember(history);
        }
        Ok(())
    }
    fn history(&self, paper: DocumentId) -> Result<StoredHistory, StoreError> {
        Ok(self.state().histories.get(&paper).cloned().unwrap_or_default())
    }
    fn drafts(&self) -> Result<Vec<Drafted>, StoreError> {
        let state = self.state();
        let mut groups: Vec<Drafted> = Vec::new();
        for (number, piece) in state.pieces.iter().filter(|(_, piece)| piece.op.is_none()) {
            let number = i64::try_from(*number).unwrap();
            let last = groups.iter_mut().rev().find(|group| group.document == piece.document);
            match last {
                Some(group)
                    if group.changes.len() + piece.changes.len() + 1_024 <= limits::OP_PAYLOAD =>
                {
                    group.drafts.push(number);
                    group.changes.extend(&piece.changes);
                }
                _ => groups.push(Drafted {
                    document: piece.document,
                    drafts: vec![number],
                    changes: piece.changes.clone(),
                }),
            }
        }
        Ok(groups)
    }
    fn next_device_seq(&self) -> Result<u64, StoreError> {
        Ok(self.state().sealed + 1)
    }
    fn seal(&mut self, op: &Op, drafts: &[i64]) -> Result<(), StoreError> {
        self.put(op, None, drafts)
    }
    fn seal_closed(
        &mut self,
        op: &Op,
        note: &NotePayload,
        drafts: &[i64],
    ) -> Result<(), StoreError> {
        self.put(op, Some(note), drafts)
    }
    fn sealed_tally(&self) -> Result<SealedTally, StoreError> {
        Ok(self.state().tally())
    }
    fn key_op(&self, hash: &Sha256) -> Result<Option<Op>, StoreError> {
        let state = self.state();
        let mut all = state.key_ops.iter().map(|(op, ..)| op);
        Ok(all.find(|op| op.hash() == *hash).cloned())
    }
    fn key_states(&self) -> Result<Vec<(Sha256, KeyOpState)>, StoreError> {
        Ok(self.state().key_states())
    }
    fn closed_notes(&self) -> Result<Vec<ClosedNote>, StoreError> {
        Ok(self.state().closed.values().cloned().collect())
    }
    fn let_in(&mut self, opened: &[(Sha256, Opened)]) -> Result<(), StoreError> {
        let mut state = self.state();
        for (hash, opened) in opened {
            let at = state.closed.iter().find(|(_, note)| note.op.hash() == *hash);
            let Some(at) = at.map(|(seq, _)| *seq) else { continue };
            match opened {
                Opened::Untrue => state.closed.get_mut(&at).unwrap().untrue = true,
                Opened::Note(note) => {
                    let op = state.closed.remove(&at).unwrap().op;
                    let (key, scope) = (op.header.document, op.header.scope);
                    let document = NotedDocument { key, scope, pdf: note.pdf };
                    state.add(document, note.changes.clone(), Some(*hash), false);
                }
            }
        }
        Ok(())
    }
    fn agreed(&self) -> Result<BTreeMap<MemberId, PublicKey>, StoreError> {
        Ok(self.state().agreed.clone())
    }
    fn agree(&mut self, member: MemberId, identity: PublicKey) -> Result<(), StoreError> {
        self.state().agreed.insert(member, identity);
        Ok(())
    }
    fn eras(&self) -> Result<BTreeMap<GroupId, u16>, StoreError> {
        Ok(self.state().eras.clone())
    }
    fn save_eras(&mut self, eras: &BTreeMap<GroupId, u16>) -> Result<(), StoreError> {
        self.state().eras = eras.clone();
        Ok(())
    }
    fn waiting(&self) -> Result<u32, StoreError> {
        let waiting = self.state().closed.values().filter(|note| !note.untrue).count();
        Ok(u32::try_from(waiting).unwrap())
    }
    fn seal_all(&mut self, ops: &[Op]) -> Result<(), StoreError> {
        let next = self.state().sealed + 1;
        if ops.iter().map(|op| op.header.device_seq).ne((next..).take(ops.len())) {
            return Err(wrong("out of turn"));
        }
        ops.iter().try_for_each(|op| self.seal(op, &[]))
    }
    fn outbox(&self, max_bytes: usize) -> Result<Vec<Op>, StoreError> {
        let mut bytes = 0;
        let mut ops = Vec::new();
        for op in self.state().outbox.values() {
            bytes += wire::encode(op).unwrap().len();
            if !ops.is_empty() && bytes > max_bytes {
                break;
            }
            ops.push(op.clone());
        }
        Ok(ops)
    }
    fn overtaken(&self, line: &LineEnd) -> Result<Option<Vec<Op>>, StoreError> {
        let state = self.state();
        let first = state.outbox.keys().next().copied().unwrap_or(state.sealed + 1);
        let known = state.outbox.get(&line.device_seq).map(Op::hash);
        let stands = line.device_seq < first || known == Some(line.op);
        Ok((!stands).then(|| state.outbox.values().cloned().collect()))
    }
    fn renumber(&mut self, line: u64, ops: &[Op]) -> Result<(), StoreError> {
        let mut state = self.state();
        let before: Vec<Op> = std::mem::take(&mut state.outbox).into_values().collect();
        assert_eq!(before.len(), ops.len());
        for (old, new) in before.iter().zip(ops) {
            state.outbox.insert(new.header.device_seq, new.clone());
            for piece in state.pieces.values_mut().filter(|piece| piece.op == Some(old.hash())) {
                piece.op = Some(new.hash());
            }
            for kept in state.evidence.iter_mut().filter(|kept| kept.op == *old) {
                kept.op = new.clone();
            }
        }
        state.sealed = line + ops.len() as u64;
        Ok(())
    }
    fn acknowledge(&mut self, acks: &[Ack], _now_ms: i64) -> Result<Vec<Conflict>, StoreError> {
        Ok(self.state().acknowledge(acks))
    }
    fn pending(&self) -> Result<u32, StoreError> {
        let state = self.state();
        let drafts = state.pieces.values().filter(|piece| piece.op.is_none()).count();
        Ok(u32::try_from(drafts + state.outbox.len()).unwrap())
    }
    fn save_last_sync(&mut self, now_ms: i64) -> Result<(), StoreError> {
        self.state().last_sync = Some(now_ms);
        Ok(())
    }
    fn last_sync(&self) -> Result<Option<i64>, StoreError> {
        Ok(self.state().last_sync)
    }

    fn note_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError> {
        let state = self.state();
        let (covers, snapshot) = match state.snapshots.get(&document) {
            Some((covers, bytes)) => (*covers, Some(bytes.clone())),
            None => (0, None),
        };
        let (changes, covers) = state.changes(document, covers, true);
        Ok(NotePieces { snapshot, changes, covers })
    }
    fn standing_pieces(&self, document: DocKey) -> Result<NotePieces, StoreError> {
        let (changes, covers) = self.state().changes(document, 0, false);
        Ok(NotePieces { snapshot: None, changes, covers })
    }
    fn refused_documents(&self) -> Result<Vec<NotedDocument>, StoreError> {
        let state = self.state();
        let refused = |noted: &&Noted| {
            let key = noted.document.key;
            state.pieces.values().any(|p| p.document.key == key && p.refused && !p.apart)
        };
        Ok(state.noted.values().filter(refused).map(|noted| noted.document).collect())
    }
    fn unshared(&self) -> Result<BTreeMap<AnnotationId, Audience>, StoreError> {
        Ok(self.state().unshared.clone())
    }
    fn forget_unseen(&mut self, sight: &Sight) -> Result<Forgotten, StoreError> {
        let mut state = self.state();
        let mut forgotten = Forgotten::default();
        let unseen: Vec<NotedDocument> =
            state.noted.values().map(|n| n.document).filter(|d| !sight.sees(d.scope)).collect();
        for document in unseen {
            state.noted.remove(&document.key);
            state.notes.retain(|(key, _), _| *key != document.key);
            state.carried.retain(|(key, _), _| *key != document.key);
            state.pieces.retain(|_, piece| piece.document.key != document.key);
            state.snapshots.remove(&document.key);
            forgotten.pdfs.insert(document.pdf);
        }
        state.unread.retain(|_, scope| sight.sees(*scope));
        state.closed.retain(|_, note| sight.sees(note.op.header.scope));
        state.key_ops.retain(|(op, ..)| sight.sees(op.header.scope));
        let before = state.records.len();
        let clerk = sight.role == Role::Clerk;
        state.records.retain(|_, (_, record)| clerk || !record.is_restricted_to_clerks());
        forgotten.catalogue = state.records.len() < before;
        Ok(forgotten)
    }
    fn save_snapshot(
        &mut self,
        document: DocKey,
        snapshot: &[u8],
        covers: u64,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let here = state.snapshots.entry(document).or_default();
        if covers >= here.0 {
            *here = (covers, snapshot.to_vec());
        }
        Ok(())
    }
    fn noted_documents(&self, pdf: &Sha256) -> Result<Vec<NotedDocument>, StoreError> {
        let state = self.state();
        Ok(state.noted.values().map(|noted| noted.document).filter(|d| d.pdf == *pdf).collect())
    }
    fn stale_documents(&self) -> Result<Vec<NotedDocument>, StoreError> {
        let state = self.state();
        let stale = state.noted.values().filter(|noted| noted.indexed < noted.latest);
        Ok(stale.map(|noted| noted.document).collect())
    }
    fn index_notes(
        &mut self,
        document: &NotedDocument,
        marks: &[Mark],
        unreadable: u32,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let noted = state.know(*document);
        noted.indexed = noted.latest;
        noted.unreadable = unreadable;
        state.index(document.key, marks, now_ms);
        Ok(())
    }
    fn index_carried(
        &mut self,
        document: &NotedDocument,
        carried: &[Carried],
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        state.know(*document);
        state.carried.retain(|(key, _), _| *key != document.key);
        for one in carried {
            state.carried.insert((document.key, one.id), one.clone());
        }
        Ok(())
    }
    fn carried(&self) -> Result<Vec<CarriedEntry>, StoreError> {
        let state = self.state();
        let entry = |((key, _), carried): (&(DocKey, AnnotationId), &Carried)| CarriedEntry {
            document: state.noted[key].document,
            carried: carried.clone(),
        };
        Ok(state.carried.iter().map(entry).collect())
    }
    fn notes(&self, pdf: Option<&Sha256>) -> Result<Vec<NoteIndexEntry>, StoreError> {
        let state = self.state();
        let mut notes: Vec<_> = state.notes.keys().map(|at| state.entry(at)).collect();
        notes.retain(|note| pdf.is_none_or(|pdf| note.document.pdf == *pdf));
        notes.sort_by_key(|note| (note.document.pdf, note.mark.page, note.mark.id));
        Ok(notes)
    }
    fn notes_named(&self, id: AnnotationId) -> Result<Vec<NoteIndexEntry>, StoreError> {
        let state = self.state();
        Ok(state.notes.keys().filter(|(_, other)| *other == id).map(|at| state.entry(at)).collect())
    }
    fn unreadable(&self) -> Result<u32, StoreError> {
        let state = self.state();
        let pieces: u32 = state.noted.values().map(|noted| noted.unreadable).sum();
        let untrue = state.closed.values().filter(|note| note.untrue).count();
        Ok(pieces + u32::try_from(state.unread.len() + untrue).unwrap())
    }

    fn wanted_papers(&self, now_ms: i64) -> Result<Vec<WantedPaper>, StoreError> {
        let state = self.state();
        let mut sittings = state.sittings();
        sittings.sort_by_key(|sitting| {
            let starts = sitting.starts.as_millisecond();
            let past = starts < now_ms - DAY;
            (past, if past { -starts } else { starts })
        });
        let mut wanted: Vec<WantedPaper> = Vec::new();
        for sitting in sittings {
            for entry in sitting.packet() {
                let Some(version) = entry.document.current() else { continue };
                let pdf = version.sha256;
                if !state.papers.contains_key(&pdf) && !wanted.iter().any(|paper| paper.pdf == pdf)
                {
                    wanted.push(WantedPaper {
                        pdf,
                        bytes: version.bytes,
                        document: entry.document.id,
                        title: entry.document.title.clone(),
                        sitting: sitting.id,
                    });
                }
            }
        }
        Ok(wanted)
    }
    fn is_here(&self, pdf: &Sha256) -> Result<bool, StoreError> {
        Ok(self.state().papers.contains_key(pdf))
    }
    fn paper_arrived(&mut self, pdf: &Sha256) -> Result<(), StoreError> {
        self.state().papers.entry(*pdf).or_default();
        Ok(())
    }
    fn paper_lost(&mut self, pdf: &Sha256) -> Result<(), StoreError> {
        let mut state = self.state();
        state.papers.remove(pdf);
        state.inspections.remove(pdf);
        Ok(())
    }
    fn papers_here(&self) -> Result<Vec<Sha256>, StoreError> {
        Ok(self.state().papers.keys().copied().collect())
    }

    fn unindexed_papers(&self) -> Result<Vec<Sha256>, StoreError> {
        let state = self.state();
        Ok(state.papers.iter().filter(|(_, text)| text.is_none()).map(|(pdf, _)| *pdf).collect())
    }
    fn is_indexed(&self, pdf: &Sha256) -> Result<bool, StoreError> {
        Ok(self.state().papers.get(pdf).is_some_and(Option::is_some))
    }
    fn index_text(&mut self, pdf: &Sha256, pages: &[String]) -> Result<(), StoreError> {
        self.state().papers.insert(*pdf, Some(pages.to_vec()));
        Ok(())
    }
    fn keep_inspection(&mut self, pdf: &Sha256, inspection: &Inspection) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.papers.contains_key(pdf) {
            state.inspections.insert(*pdf, inspection.clone());
        }
        Ok(())
    }
    fn inspection(&self, pdf: &Sha256) -> Result<Option<Inspection>, StoreError> {
        Ok(self.state().inspections.get(pdf).cloned())
    }
    fn search_pages(&self, words: &str, limit: u32) -> Result<Vec<FoundPage>, StoreError> {
        let state = self.state();
        let current = state.current();
        let mut hits = Vec::new();
        for (pdf, pages) in state.papers.iter().filter(|(pdf, _)| current.contains(pdf)) {
            for (page, text) in (1..).zip(pages.iter().flatten()) {
                if let Some((snippet, rank)) = found(text, words) {
                    hits.push(FoundPage { pdf: *pdf, page, snippet, rank });
                }
            }
        }
        hits.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        hits.truncate(limit as usize);
        Ok(hits)
    }
    fn find_pages(&self, pdf: &Sha256, words: &str) -> Result<FoundPages, StoreError> {
        let state = self.state();
        let pages = state.papers.get(pdf).into_iter().flatten().flatten();
        let mut all = FoundPages::default();
        for (page, text) in (1..).zip(pages) {
            all.bare += u32::from(text.is_empty());
            all.pages.extend(found(text, words).map(|_| page));
        }
        Ok(all)
    }
    fn search_notes(&self, words: &str, limit: u32) -> Result<Vec<FoundNote>, StoreError> {
        let state = self.state();
        let mut hits = Vec::new();
        for at in state.notes.keys() {
            let note = state.entry(at);
            let quote = note.mark.kind.words();
            if let Some((snippet, rank)) = found(&format!("{quote}\n\n{}", note.mark.text), words) {
                hits.push(FoundNote { note, snippet, rank });
            }
        }
        hits.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        hits.truncate(limit as usize);
        Ok(hits)
    }

    fn reading(&self, document: DocumentId) -> Result<Option<Reading>, StoreError> {
        Ok(self.state().readings.get(&document).copied())
    }
    fn readings(&self) -> Result<Vec<Reading>, StoreError> {
        Ok(self.state().readings.values().copied().collect())
    }
    fn save_reading(&mut self, reading: &Reading) -> Result<(), StoreError> {
        self.state().readings.insert(reading.document, *reading);
        Ok(())
    }

    fn bodies(&self) -> Result<Vec<Body>, StoreError> {
        let state = self.state();
        let records = state.records.values();
        let mut bodies: Vec<Body> = records
            .filter_map(|(_, r)| if let Record::Body(body) = r { Some(body.clone()) } else { None })
            .collect();
        bodies.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(bodies)
    }
    fn changes_seen(&self) -> Result<BTreeMap<SittingId, i64>, StoreError> {
        Ok(self.state().changes_seen.clone())
    }
    fn save_changes_seen(&mut self, sitting: SittingId, at_ms: i64) -> Result<(), StoreError> {
        self.state().changes_seen.insert(sitting, at_ms);
        Ok(())
    }

    fn sitting_drafts(&self) -> Result<Vec<SittingDraft>, StoreError> {
        let mut all: Vec<SittingDraft> =
            self.state().drafts.values().map(Line::draft).filter(|draft| !draft.away).collect();
        all.sort_by_key(|draft| (draft.sitting.starts, draft.sitting.id));
        Ok(all)
    }
    fn sitting_draft(&self, id: SittingId) -> Result<Option<SittingDraft>, StoreError> {
        Ok(self.state().drafts.get(&id).map(Line::draft))
    }
    fn keep_sitting_draft(
        &mut self,
        sitting: &Sitting,
        base: u64,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let line = state.drafts.entry(sitting.id).or_default();
        line.after.clear();
        line.before.extend(line.now.replace(sitting.clone()));
        let more = line.before.len().saturating_sub(DRAFT_STEPS as usize);
        line.before.drain(..more);
        (line.base, line.away, line.at_ms) = (base, false, at_ms);
        Ok(())
    }
    fn turn_sitting_draft(
        &mut self,
        id: SittingId,
        redo: bool,
        at_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let Some(line) = state.drafts.get_mut(&id) else { return Ok(false) };
        let (from, to) = if redo {
            (&mut line.after, &mut line.before)
        } else {
            (&mut line.before, &mut line.after)
        };
        let Some(next) = from.pop() else { return Ok(false) };
        to.extend(line.now.replace(next));
        line.at_ms = at_ms;
        Ok(true)
    }
    fn put_sitting_draft_away(&mut self, id: SittingId, away: bool) -> Result<(), StoreError> {
        if let Some(line) = self.state().drafts.get_mut(&id) {
            line.away = away;
        }
        Ok(())
    }
    fn forget_sitting_draft(&mut self, id: SittingId) -> Result<(), StoreError> {
        self.state().drafts.remove(&id);
        Ok(())
    }
    fn desk_files(&self, sitting: SittingId) -> Result<Vec<KeptFile>, StoreError> {
        let state = self.state();
        let files = state.desk.iter().filter(|(of, _)| *of == sitting);
        Ok(files.map(|(_, file)| file.clone()).collect())
    }
    fn keep_desk_file(&mut self, sitting: SittingId, file: &KeptFile) -> Result<(), StoreError> {
        let mut state = self.state();
        match state.desk.iter_mut().find(|(_, known)| known.file == file.file) {
            Some(known) => *known = (sitting, file.clone()),
            None => state.desk.push((sitting, file.clone())),
        }
        Ok(())
    }
    fn drop_desk_files(&mut self, files: &[Uuid]) -> Result<(), StoreError> {
        self.state().desk.retain(|(_, file)| !files.contains(&file.file));
        Ok(())
    }
}
