//! A tablet of a schedule: the real engine, over a store that keeps what the tablet's store keeps and
//! changes it where the client does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sync::{Config, Effect, Engine};

use super::history::{Event, LogId, Note, NoteId, TabletId};
use super::server::{Answer, Request, Sealed};

/// Operations in a request: few, so that an outbox needs several.
const BATCH: usize = 4;

/// Where a note of the log stands on this tablet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At this place of the log.
    At(u64),
    /// The log is being read anew: nobody knows.
    InDoubt,
    /// The log has lost it; it was drafted once more.
    DraftedAgain,
}

/// What survives a kill.
#[derive(Debug, Clone, Default)]
struct Durable {
    drafts: VecDeque<Note>,
    outbox: BTreeMap<u64, Sealed>,
    /// By the operation: which device sealed it, and under which number.
    pieces: BTreeMap<(TabletId, u64, NoteId), (Note, Place)>,
    next: u64,
    cursor: u64,
    log: LogId,
}

#[derive(Debug)]
pub(super) struct Tablet {
    pub(super) id: TabletId,
    pub(super) member: u8,
    durable: Durable,
    image: Durable,
    engine: Option<Engine>,
    /// Whether this life knows where the server has its line end.
    line_known: bool,
    /// The exchange that runs.
    pub(super) in_flight: Option<u64>,
    /// Requests that were ever sent: an answer belongs to one of them.
    pub(super) sent: u64,
    pub(super) life: u64,
    pub(super) arming: u64,
    pub(super) socket: u64,
    pub(super) socket_open: bool,
    /// How far its own clock is before the world's.
    pub(super) ahead: u64,
    /// No way to the server, and none back.
    pub(super) cut: (bool, bool),
}

/// What an exchange came to.
pub(super) enum Step {
    /// It goes on with another request.
    Again(Request),
    /// It has ended.
    Done(sync::Outcome),
}

impl Tablet {
    pub(super) fn new(id: TabletId, member: u8) -> Self {
        let durable = Durable { next: 1, ..Durable::default() };
        Self {
            id,
            member,
            image: durable.clone(),
            durable,
            engine: None,
            line_known: false,
            in_flight: None,
            sent: 0,
            life: 0,
            arming: 0,
            socket: 0,
            socket_open: false,
            ahead: 0,
            cut: (false, false),
        }
    }

    pub(super) const fn is_on(&self) -> bool {
        self.engine.is_some()
    }

    /// Starts the app; gives how much waits to be sent.
    pub(super) fn wake(&mut self, seed: u64) -> u32 {
        self.life += 1;
        self.line_known = false;
        self.engine = Some(Engine::new(Config::default(), seed ^ (self.life << 8)));
        self.pending()
    }

    pub(super) fn die(&mut self) {
        self.engine = None;
        self.in_flight = None;
        self.socket_open = false;
    }

    pub(super) fn save(&mut self) {
        self.image = self.durable.clone();
    }

    pub(super) fn restore(&mut self) {
        self.durable = self.image.clone();
    }

    pub(super) fn pending(&self) -> u32 {
        u32::try_from(self.waiting()).unwrap_or(u32::MAX)
    }

    pub(super) fn waiting(&self) -> usize {
        self.durable.drafts.len() + self.durable.outbox.len()
    }

    pub(super) const fn cursor(&self) -> u64 {
        self.durable.cursor
    }

    pub(super) const fn log(&self) -> LogId {
        self.durable.log
    }

    /// Whether nothing waits, and the engine knows it.
    pub(super) fn is_at_rest(&self) -> bool {
        let waits = self.engine.as_ref().map_or(1, |engine| engine.state().waiting);
        self.waiting() == 0 && self.in_flight.is_none() && waits == 0
    }

    pub(super) fn write(&mut self, note: Note) {
        self.durable.drafts.push_back(note);
    }

    /// What a person sees: the pieces of the log, the outbox and the drafts.
    pub(super) fn shown(&self) -> BTreeSet<NoteId> {
        let durable = &self.durable;
        let pieces = durable.pieces.values().map(|(note, _)| note.id);
        let outbox = durable.outbox.values().map(|op| op.note.id);
        pieces.chain(outbox).chain(durable.drafts.iter().map(|note| note.id)).collect()
    }

    pub(super) fn tell(&mut self, now: u64, event: sync::Event) -> Vec<Effect> {
        let now = now + self.ahead;
        let Some(engine) = &mut self.engine else { return Vec::new() };
        let effects = engine.handle(now, event);
        assert_eq!(engine.invariant(), Ok(()), "after {event:?}");
        effects
    }

    /// The first request of an exchange.
    pub(super) fn begin(&mut self, exchange: u64) -> Request {
        assert_eq!(self.in_flight, None, "two exchanges at once");
        self.in_flight = Some(exchange);
        if self.line_known { self.request() } else { self.question() }
    }

    fn question(&self) -> Request {
        let Durable { cursor, log, .. } = self.durable;
        Request { log, cursor, outbox: Vec::new(), asks: true }
    }

    fn request(&mut self) -> Request {
        let durable = &mut self.durable;
        while let Some(note) = durable.drafts.pop_front() {
            let op = Sealed { number: durable.next, note };
            durable.outbox.insert(op.number, op);
            durable.next += 1;
        }
        let outbox = durable.outbox.values().take(BATCH).copied().collect();
        Request { log: durable.log, cursor: durable.cursor, outbox, asks: false }
    }

    /// Takes an answer in, as one transaction.
    pub(super) fn take(&mut self, answer: &Answer, events: &mut Vec<Event>) -> Step {
        self.acknowledge(answer, events);
        self.apply(answer, events);
        let asked = !self.line_known;
        if asked && !answer.more {
            if let Some(line) = answer.line {
                self.go_on_after(line);
            }
            self.line_known = true;
            if self.waiting() > 0 {
                return Step::Again(self.request());
            }
        }
        Step::Done(sync::Outcome::Done {
            more: answer.more,
            pending: self.pending(),
            cursor: answer.cursor,
            head: answer.head,
        })
    }

    fn acknowledge(&mut self, answer: &Answer, events: &mut Vec<Event>) {
        let tablet = self.id;
        for (number, seq) in &answer.acks {
            let Some(op) = self.durable.outbox.remove(number) else { continue };
            let note = op.note.id;
            let place = match seq {
                Some(seq) => {
                    events.push(Event::Answered { tablet, log: answer.log, seq: *seq, note });
                    *seq
                }
                None => {
                    events.push(Event::Refused { tablet, note });
                    0
                }
            };
            let key = (self.id, *number, op.note.id);
            self.durable.pieces.insert(key, (op.note, Place::At(place)));
        }
    }

    fn apply(&mut self, answer: &Answer, events: &mut Vec<Event>) {
        let durable = &mut self.durable;
        if durable.log != answer.log {
            for (_, place) in durable.pieces.values_mut() {
                if let Place::At(_) = place {
                    *place = Place::InDoubt;
                }
            }
        }
        for (seq, device, op) in &answer.items {
            let key = (*device, op.number, op.note.id);
            durable.pieces.insert(key, (op.note, Place::At(*seq)));
        }
        (durable.log, durable.cursor) = (answer.log, answer.cursor);
        let items = answer.items.iter().map(|(seq, _, op)| (*seq, op.note.id)).collect();
        let (tablet, log, cursor) = (self.id, answer.log, answer.cursor);
        events.push(Event::Page { tablet, log, items, cursor });
        if answer.more {
            return;
        }
        // What the log, read to its end, no longer has of the owner's own notes.
        let member = self.member;
        for (note, place) in self.durable.pieces.values_mut() {
            if *place == Place::InDoubt && note.owner == member {
                *place = Place::DraftedAgain;
                self.durable.drafts.push_back(*note);
            }
        }
    }

    /// Goes on after the end of the server's line, if this tablet's own is another.
    fn go_on_after(&mut self, line: Sealed) {
        let durable = &mut self.durable;
        let first = durable.outbox.keys().next().copied().unwrap_or(durable.next);
        let known = durable.outbox.get(&line.number).map(|op| op.note.id);
        if line.number < first || known == Some(line.note.id) {
            return;
        }
        let outbox = std::mem::take(&mut durable.outbox);
        durable.next = line.number + 1;
        for op in outbox.into_values() {
            let op = Sealed { number: durable.next, ..op };
            durable.outbox.insert(op.number, op);
            durable.next += 1;
        }
    }
}
