//! Notes documents, their pieces, and what is told of them.

use std::collections::BTreeSet;

use client::ports::{HISTORY, HistoryEdit, NoteIndexEntry, NotedDocument, Turn};
use domain::{Record, Sha256, Sitting};
use ink::{AnnotationId, Mark};
use wire::DocKey;

use super::{Noted, Piece, State};

impl State {
    pub(super) fn know(&mut self, document: NotedDocument) -> &mut Noted {
        self.noted.entry(document.key).or_insert(Noted {
            document,
            latest: 0,
            indexed: 0,
            unreadable: 0,
        })
    }

    pub(super) fn add(
        &mut self,
        document: NotedDocument,
        changes: Vec<u8>,
        op: Option<Sha256>,
        known: bool,
    ) {
        self.counter += 1;
        let number = self.counter;
        let piece = Piece { document, changes, op, refused: false, apart: false };
        self.pieces.insert(number, piece);
        let noted = self.know(document);
        if known && noted.indexed == noted.latest {
            noted.indexed = number;
        }
        noted.latest = number;
    }

    pub(super) fn sittings(&self) -> Vec<&Sitting> {
        let mut sittings: Vec<&Sitting> = self
            .records
            .values()
            .filter_map(|(_, r)| if let Record::Sitting(s) = r { Some(&**s) } else { None })
            .collect();
        sittings.sort_by_key(|sitting| (sitting.starts, sitting.id));
        sittings
    }

    pub(super) fn current(&self) -> BTreeSet<Sha256> {
        let papers = self.sittings().into_iter().flat_map(Sitting::packet);
        papers.filter_map(|entry| entry.document.current()).map(|v| v.sha256).collect()
    }

    pub(super) fn entry(&self, (key, id): &(DocKey, AnnotationId)) -> NoteIndexEntry {
        let (mark, arrived_ms) = self.notes[&(*key, *id)].clone();
        NoteIndexEntry { document: self.noted[key].document, mark, arrived_ms }
    }

    pub(super) fn put(&mut self, key: DocKey, mark: &Mark, now_ms: i64) {
        let at = (key, mark.id);
        if self.notes.get(&at).is_none_or(|(here, _)| here != mark) {
            self.notes.insert(at, (mark.clone(), now_ms));
        }
    }

    pub(super) fn index(&mut self, key: DocKey, marks: &[Mark], now_ms: i64) {
        self.notes.retain(|(other, id), _| *other != key || marks.iter().any(|m| m.id == *id));
        for mark in marks {
            self.put(key, mark, now_ms);
        }
    }

    pub(super) fn remember(&mut self, edit: &HistoryEdit) {
        let history = self.histories.entry(edit.paper).or_default();
        let (from, to, taken) = match edit.turn {
            Turn::Done => (&mut history.redo, &mut history.undo, usize::MAX),
            Turn::Undone(taken) => (&mut history.undo, &mut history.redo, taken),
            Turn::Redone(taken) => (&mut history.redo, &mut history.undo, taken),
        };
        from.truncate(from.len().saturating_sub(taken));
        if !edit.steps.is_empty() {
            to.push(edit.steps.clone());
            let gone = to.len().saturating_sub(HISTORY);
            to.drain(..gone);
        }
    }

    /// Changes of the pieces after a number, and the last of them.
    pub(super) fn changes(
        &self,
        document: DocKey,
        mut last: u64,
        refused: bool,
    ) -> (Vec<Vec<u8>>, u64) {
        let mut changes = Vec::new();
        for (number, piece) in self.pieces.range(last + 1..) {
            let part = !piece.apart && (refused || !piece.refused);
            if piece.document.key == document && part {
                last = *number;
                changes.push(piece.changes.clone());
            }
        }
        (changes, last)
    }
}
