//! What goes to the log and comes from it.

use client::ports::{Applied, ClosedNote, Conflict, Cursor, LogPlace, NotedDocument, StoreError};
use domain::{Record, Statement};
use wire::{Ack, Kind, Logged, NotePayload, Op, Outcome, RecordPayload};

use super::{Kept, Memory, Of, Piece, State, wrong};

impl State {
    /// Keeps an entry of the log; whether it tells something new.
    pub(super) fn keep(&mut self, of: Of, item: &Logged) -> bool {
        let place = LogPlace { seq: item.seq, received_ms: item.received_ms };
        let hash = item.op.hash();
        for kept in &mut self.evidence {
            if kept.op.hash() != hash && kept.logged.is_some_and(|at| at.seq == item.seq) {
                kept.logged = None;
            }
        }
        let known = self.evidence.iter_mut().find(|kept| kept.op.hash() == hash);
        let Some(kept) = known else {
            let (op, logged) = (item.op.clone(), Some(place));
            self.evidence.push(Kept { op, of, logged, refused: false });
            return true;
        };
        kept.refused = false;
        let new = kept.logged.map(|at| at.seq) != Some(item.seq);
        kept.logged = Some(place);
        new
    }

    pub(super) fn apply(&mut self, items: &[Logged], cursor: Cursor) -> Applied {
        let mut applied = Applied::default();
        if self.cursor.view != cursor.view {
            self.key_ops.iter_mut().for_each(|(_, seq, _)| *seq = None);
        }
        for item in items {
            let header = &item.op.header;
            if header.kind == Kind::Record {
                let Some(record) = read_record(&item.op) else {
                    self.unread.insert(item.seq, header.scope);
                    continue;
                };
                match &record {
                    Record::Convocation(one) => {
                        self.keep(Of::Sitting(one.sitting), item);
                    }
                    Record::Device(_) => {
                        self.keep(Of::Device, item);
                    }
                    Record::Council(_)
                    | Record::Member(_)
                    | Record::Group(_)
                    | Record::Body(_)
                    | Record::Sitting(_) => {}
                }
                let at = (record.entity(), record.id());
                if self.records.get(&at).is_none_or(|(here, _)| *here < item.record_version) {
                    self.records.insert(at, (item.record_version, record));
                    applied.entries += 1;
                    applied.catalogue = true;
                }
                continue;
            }
            if header.kind == Kind::Receipt {
                match Statement::from_json(&item.op.payload) {
                    Ok(statement) if self.keep(Of::from(&statement), item) => {
                        applied.entries += 1;
                        applied.catalogue = true;
                    }
                    Ok(_) => {}
                    Err(_) => {
                        self.unread.insert(item.seq, header.scope);
                    }
                }
                continue;
            }
            if matches!(header.kind, Kind::Directory | Kind::Keys) {
                let known = self.key_ops.iter_mut().find(|(op, ..)| *op == item.op);
                match known {
                    Some((_, seq, _)) => *seq = Some(item.seq),
                    None => {
                        self.key_ops.push((item.op.clone(), Some(item.seq), false));
                        applied.entries += 1;
                    }
                }
                continue;
            }
            if header.epoch != 0 {
                let hash = item.op.hash();
                let own = self.pieces.values().any(|piece| piece.op == Some(hash));
                if !own && self.closed.values().all(|note| note.op != item.op) {
                    let note = ClosedNote { op: item.op.clone(), untrue: false };
                    self.closed.insert(item.seq, note);
                    applied.entries += 1;
                }
                continue;
            }
            let Ok(payload) = NotePayload::open(&item.op) else {
                self.unread.insert(item.seq, header.scope);
                continue;
            };
            let hash = item.op.hash();
            if self.pieces.values().any(|piece| piece.op == Some(hash)) {
                continue;
            }
            let NotePayload { pdf, changes } = payload;
            let document = NotedDocument { key: header.document, scope: header.scope, pdf };
            self.add(document, changes, Some(hash), false);
            applied.entries += 1;
            if !applied.notes.contains(&document.key) {
                applied.notes.push(document.key);
            }
        }
        self.cursor = cursor;
        applied
    }

    pub(super) fn acknowledge(&mut self, acks: &[Ack]) -> Vec<Conflict> {
        let mut conflicts = Vec::new();
        for ack in acks {
            let Some(op) = self.outbox.remove(&ack.device_seq) else { continue };
            if let Some(key) = self.key_ops.iter_mut().find(|(other, ..)| *other == op) {
                match ack.outcome {
                    Outcome::Accepted { seq } => key.1 = Some(seq),
                    Outcome::Conflict { .. } | Outcome::Refused { .. } => key.2 = true,
                }
            }
            let current = match ack.outcome {
                Outcome::Accepted { .. } => continue,
                Outcome::Conflict { current } => Some(current),
                Outcome::Refused { .. } => None,
            };
            let hash = op.hash();
            let waiting = |kept: &&mut Kept| kept.op.hash() == hash && kept.logged.is_none();
            if let Some(kept) = self.evidence.iter_mut().find(waiting) {
                kept.refused = true;
            }
            for piece in self.pieces.values_mut().filter(|piece| piece.op == Some(hash)) {
                piece.refused = true;
            }
            let is_record = op.header.kind == Kind::Record;
            let record = is_record.then(|| read_record(&op)).flatten();
            let subject = record.as_ref().map(name).unwrap_or_default();
            conflicts.push(Conflict { device_seq: ack.device_seq, subject, current });
        }
        conflicts
    }
}

impl Memory {
    pub(super) fn put(
        &self,
        op: &Op,
        note: Option<&NotePayload>,
        drafts: &[i64],
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        if op.header.device_seq != state.sealed + 1 {
            return Err(wrong("out of turn"));
        }
        let drafts: Vec<u64> = drafts.iter().map(|draft| u64::try_from(*draft).unwrap()).collect();
        let is_draft = |n: &u64| state.pieces.get(n).is_some_and(|piece| piece.op.is_none());
        if !drafts.iter().all(is_draft) {
            return Err(wrong("no such draft"));
        }
        state.sealed += 1;
        state.outbox.insert(op.header.device_seq, op.clone());
        if matches!(op.header.kind, Kind::Directory | Kind::Keys) {
            state.key_ops.push((op.clone(), None, false));
        }
        if op.header.kind == Kind::Receipt {
            let of = Of::from(&Statement::from_json(&op.payload).unwrap());
            state.evidence.push(Kept { op: op.clone(), of, logged: None, refused: false });
        }
        if op.header.kind == Kind::Note {
            let payload = note.cloned().unwrap_or_else(|| NotePayload::open(op).unwrap());
            for draft in &drafts {
                state.pieces.remove(draft);
            }
            let document =
                NotedDocument { key: op.header.document, scope: op.header.scope, pdf: payload.pdf };
            let (changes, op) = (payload.changes, Some(op.hash()));
            let piece = Piece { document, changes, op, refused: false, apart: false };
            state.pieces.insert(*drafts.last().unwrap(), piece);
        }
        Ok(())
    }
}

fn name(record: &Record) -> String {
    match record {
        Record::Council(council) => council.name.clone(),
        Record::Member(member) => member.full_name(),
        Record::Group(group) => group.name.clone(),
        Record::Body(body) => body.name.clone(),
        Record::Convocation(convocation) => convocation.title.clone(),
        Record::Device(_) => String::new(),
        Record::Sitting(sitting) => sitting.title.clone(),
    }
}

fn read_record(op: &Op) -> Option<Record> {
    let payload: RecordPayload = wire::decode(&op.payload).ok()?;
    Record::from_json(&payload.record).ok()
}
