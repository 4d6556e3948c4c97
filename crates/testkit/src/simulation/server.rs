//! The server of a schedule: the log's rules as the contract of `sync-server` states them, in memory.

use std::collections::BTreeMap;

use super::history::{Event, LogId, Note, NoteId, Readers, TabletId};

/// Entries on a page: few, so that there is often more.
const PAGE: usize = 6;

/// A sealed operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) number: u64,
    pub(super) note: Note,
}

#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) log: LogId,
    pub(super) cursor: u64,
    pub(super) outbox: Vec<Sealed>,
    /// Whether it asks where the device's line ends.
    pub(super) asks: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) acks: Vec<(u64, Option<u64>)>,
    pub(super) items: Vec<(u64, TabletId, Sealed)>,
    pub(super) cursor: u64,
    pub(super) head: u64,
    pub(super) more: bool,
    pub(super) log: LogId,
    pub(super) line: Option<Sealed>,
}

/// A device's line.
#[derive(Debug, Clone, Default)]
struct Line {
    last: u64,
    /// The next number is taken whatever it is: the log was put back.
    open: bool,
    shut_out: bool,
    answered: BTreeMap<u64, (NoteId, u64)>,
}

#[derive(Debug, Clone, Default)]
struct Durable {
    log: Vec<(TabletId, Sealed)>,
    lines: BTreeMap<TabletId, Line>,
}

#[derive(Debug, Default)]
pub(super) struct Server {
    durable: Durable,
    backup: Durable,
    incarnation: LogId,
    incarnations: LogId,
    on: bool,
}

impl Server {
    /// A server at which these devices are enrolled; its first backup is one of nothing else.
    pub(super) fn new(devices: usize) -> Self {
        let lines = (0..devices).map(|device| (device, Line::default())).collect();
        let durable = Durable { lines, ..Durable::default() };
        Self { on: true, backup: durable.clone(), durable, ..Self::default() }
    }

    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    pub(super) fn switch(&mut self, on: bool) {
        self.on = on;
    }

    pub(super) fn head(&self) -> u64 {
        self.durable.log.len() as u64
    }

    pub(super) const fn incarnation(&self) -> LogId {
        self.incarnation
    }

    pub(super) fn save(&mut self) {
        self.backup = self.durable.clone();
    }

    /// What `restore` does: an older log under another name, every line open.
    pub(super) fn restore(&mut self) -> LogId {
        self.durable = self.backup.clone();
        for line in self.durable.lines.values_mut() {
            line.open = true;
        }
        self.incarnations += 1;
        self.incarnation = self.incarnations;
        self.incarnation
    }

    /// Takes what a device sends, and answers what its member may see.
    pub(super) fn take(
        &mut self,
        device: TabletId,
        member: u8,
        request: &Request,
        events: &mut Vec<Event>,
    ) -> Answer {
        let mut acks = Vec::new();
        for op in &request.outbox {
            let Some(seq) = self.append(device, *op, events) else { break };
            acks.push((op.number, seq));
        }
        let head = self.head();
        let known = request.log == self.incarnation && request.cursor <= head;
        let after = if known { request.cursor } else { 0 };
        let mut items: Vec<(u64, TabletId, Sealed)> = Vec::new();
        let (mut cursor, mut more) = (head, false);
        for (seq, (author, op)) in (1..).zip(&self.durable.log) {
            if seq <= after || !sees(member, op.note) {
                continue;
            }
            if items.len() == PAGE {
                cursor = items.last().map_or(after, |(seq, ..)| *seq);
                more = true;
                break;
            }
            items.push((seq, *author, *op));
        }
        let line = self.durable.lines.get(&device).filter(|_| request.asks).and_then(|line| {
            let (note, _) = line.answered.get(&line.last)?;
            let note = Note { id: *note, owner: member, readers: Readers::Owner };
            Some(Sealed { number: line.last, note })
        });
        Answer { acks, items, cursor, head, more, log: self.incarnation, line }
    }

    /// Answers one operation: its place, or none when it is not taken; nothing at a gap.
    fn append(
        &mut self,
        device: TabletId,
        op: Sealed,
        events: &mut Vec<Event>,
    ) -> Option<Option<u64>> {
        let line = self.durable.lines.entry(device).or_default();
        if op.number <= line.last {
            return Some(match line.answered.get(&op.number) {
                Some((note, seq)) if *note == op.note.id => Some(*seq),
                Some(_) => {
                    line.shut_out = true;
                    events.push(Event::Quarantined { device });
                    None
                }
                None => None,
            });
        }
        if line.shut_out {
            return Some(None);
        }
        if op.number != line.last + 1 && !line.open {
            return None;
        }
        self.durable.log.push((device, op));
        let seq = self.durable.log.len() as u64;
        (line.last, line.open) = (op.number, false);
        line.answered.insert(op.number, (op.note.id, seq));
        let (log, number, note) = (self.incarnation, op.number, op.note.id);
        events.push(Event::Committed { log, seq, device, number, note });
        Some(Some(seq))
    }
}

fn sees(member: u8, note: Note) -> bool {
    match note.readers {
        Readers::Owner => note.owner == member,
        Readers::Group => note.owner == member || member.is_multiple_of(2),
        Readers::Everybody => true,
    }
}
