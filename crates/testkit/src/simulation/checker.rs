//! Judges a history. Nothing here knows how tablets, server or engine work: it reads what happened and
//! asks whether the promises were kept.
//!
//! | | promise |
//! | --- | --- |
//! | I1 | What was answered is in the log, once, and stays: only a server put back to a backup may lose it, and then whatever a tablet of its owner still has comes back. |
//! | I2 | What a tablet has of the log is, at every moment, exactly what its member may see of it up to its cursor. |
//! | I3 | Who wrote a note sees it on that tablet, unless the tablet was put back to an image from before. |
//! | I4 | Tablets of one member that stand at the same place show the same notes, but for what the log has lost. |
//! | I5 | Nobody receives what is not for them. |
//! | I6 | Once everything is well, everything comes to rest by itself: no change waits, no honest operation was refused, no device was shut out. |

use std::collections::{BTreeMap, BTreeSet};

use super::history::{Event, History, LogId, Note, NoteId, Readers, TabletId};

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{promise} is broken at event {at}: {what}")]
pub struct Violation {
    /// Which promise, `I1` to `I6`.
    pub promise: &'static str,
    /// Which event showed it; the number of events when the end did.
    pub at: usize,
    /// One sentence.
    pub what: String,
}

/// One log of the server: what stands at each place, and under which number of which device.
#[derive(Debug, Clone, Default)]
struct Log {
    places: Vec<NoteId>,
    numbers: BTreeSet<(TabletId, u64)>,
}

/// What an onlooker knows of a tablet.
#[derive(Debug, Clone, Default)]
struct Tablet {
    /// Which log it follows, what it has of it, and up to where.
    follows: Option<LogId>,
    has: Vec<(u64, NoteId)>,
    cursor: u64,
    /// Every note that was ever kept on it and not taken away by an image.
    kept: BTreeSet<NoteId>,
    /// Those that were written on it.
    wrote: BTreeSet<NoteId>,
}

struct Checker<'a> {
    history: &'a History,
    at: usize,
    notes: BTreeMap<NoteId, Note>,
    logs: BTreeMap<LogId, Log>,
    /// The log that the server keeps now.
    now: LogId,
    backup: Log,
    tablets: Vec<Tablet>,
    images: Vec<Tablet>,
    /// Whether the server or a tablet was ever put back: notes may then stand in the log twice.
    put_back: bool,
    healed: bool,
    rested: bool,
    shown: BTreeMap<TabletId, (BTreeSet<NoteId>, u64)>,
}

/// Judges a history.
///
/// # Errors
/// The first promise that was not kept.
pub fn check(history: &History) -> Result<(), Violation> {
    let count = history.members.len();
    let mut checker = Checker {
        history,
        at: 0,
        notes: BTreeMap::new(),
        logs: BTreeMap::from([(0, Log::default())]),
        now: 0,
        backup: Log::default(),
        tablets: vec![Tablet::default(); count],
        images: vec![Tablet::default(); count],
        put_back: false,
        healed: false,
        rested: false,
        shown: BTreeMap::new(),
    };
    for (at, event) in history.events.iter().enumerate() {
        checker.at = at;
        checker.event(event)?;
    }
    checker.at = history.events.len();
    checker.end()
}

impl Checker<'_> {
    fn broken<T>(&self, promise: &'static str, what: String) -> Result<T, Violation> {
        Err(Violation { promise, at: self.at, what })
    }

    /// Whether the tablet's member may see a note.
    fn may_see(&self, tablet: TabletId, note: NoteId) -> bool {
        let member = self.history.members.get(tablet);
        self.notes.get(&note).zip(member).is_some_and(|(note, member)| {
            note.owner == *member
                || match note.readers {
                    Readers::Owner => false,
                    Readers::Group => member.is_multiple_of(2),
                    Readers::Everybody => true,
                }
        })
    }

    fn event(&mut self, event: &Event) -> Result<(), Violation> {
        match event {
            Event::Wrote { tablet, note } => {
                self.notes.insert(note.id, *note);
                if let Some(tablet) = self.tablets.get_mut(*tablet) {
                    tablet.kept.insert(note.id);
                    tablet.wrote.insert(note.id);
                }
            }
            Event::Committed { log, seq, device, number, note } => {
                self.committed(*log, *seq, (*device, *number), *note)?;
            }
            Event::Answered { tablet, log, seq, note } => {
                let place = usize::try_from(seq.wrapping_sub(1)).unwrap_or(usize::MAX);
                let stands = self.logs.get(log).and_then(|log| log.places.get(place));
                if stands != Some(note) {
                    let what = format!("tablet {tablet} heard that note {note} is at {seq}");
                    return self.broken("I1", what);
                }
            }
            Event::Refused { tablet, note } => {
                return self.broken("I6", format!("note {note} of tablet {tablet} was refused"));
            }
            Event::Page { tablet, log, items, cursor } => {
                self.page(*tablet, *log, items, *cursor)?;
            }
            Event::ServerSaved => {
                self.backup = self.logs.get(&self.now).cloned().unwrap_or_default();
            }
            Event::ServerRestored { log } => {
                self.put_back = true;
                self.logs.insert(*log, self.backup.clone());
                self.now = *log;
            }
            Event::TabletSaved { tablet } => {
                if let Some((image, now)) =
                    self.images.get_mut(*tablet).zip(self.tablets.get(*tablet))
                {
                    image.clone_from(now);
                }
            }
            Event::TabletRestored { tablet } => {
                self.put_back = true;
                if let Some((now, image)) =
                    self.tablets.get_mut(*tablet).zip(self.images.get(*tablet))
                {
                    now.clone_from(image);
                }
            }
            Event::Quarantined { device } => {
                return self.broken("I6", format!("tablet {device} may write no more"));
            }
            Event::Healed => self.healed = true,
            Event::Rested => self.rested = true,
            Event::Shown { tablet, notes, cursor, waiting } => {
                self.end_of(*tablet, notes, *cursor, *waiting)?;
            }
        }
        Ok(())
    }

    fn committed(
        &mut self,
        log: LogId,
        seq: u64,
        number: (TabletId, u64),
        note: NoteId,
    ) -> Result<(), Violation> {
        if log != self.now {
            return self.broken("I1", format!("note {note} was kept in a log of the past"));
        }
        let Some(known) = self.notes.get(&note) else {
            return self.broken("I1", format!("nobody wrote note {note}"));
        };
        if self.history.members.get(number.0) != Some(&known.owner) {
            return self.broken("I5", format!("tablet {} wrote in another's name", number.0));
        }
        let twice = !self.put_back && self.logs.values().any(|log| log.places.contains(&note));
        let entry = self.logs.entry(log).or_default();
        if entry.places.len() as u64 + 1 != seq {
            let what = format!("place {seq} comes after {}", entry.places.len());
            return self.broken("I1", what);
        }
        entry.places.push(note);
        if !entry.numbers.insert(number) {
            return self.broken("I1", format!("{number:?} stands in the log twice"));
        }
        if twice {
            return self.broken("I1", format!("note {note} stands in the log twice"));
        }
        Ok(())
    }

    fn page(
        &mut self,
        tablet: TabletId,
        log: LogId,
        items: &[(u64, NoteId)],
        cursor: u64,
    ) -> Result<(), Violation> {
        if let Some((_, note)) = items.iter().find(|(_, note)| !self.may_see(tablet, *note)) {
            return self.broken("I5", format!("tablet {tablet} received note {note}"));
        }
        let Some(known) = self.tablets.get(tablet) else {
            return self.broken("I2", format!("there is no tablet {tablet}"));
        };
        // Of another log it has nothing yet.
        let (mut has, mut from) = if known.follows == Some(log) {
            (known.has.clone(), known.cursor)
        } else {
            (Vec::new(), 0)
        };
        // The log from its beginning, as when an answer asked for is an old one.
        if items.first().is_some_and(|(seq, _)| *seq <= from) {
            (has, from) = (Vec::new(), 0);
        }
        if cursor < from {
            return self.broken("I2", format!("tablet {tablet} went back from {from} to {cursor}"));
        }
        has.extend(items);
        let places = self.logs.get(&log).map(|log| log.places.as_slice()).unwrap_or_default();
        let expected: Vec<(u64, NoteId)> = (1..)
            .zip(places)
            .take_while(|(seq, _)| *seq <= cursor)
            .filter(|(_, note)| self.may_see(tablet, **note))
            .map(|(seq, note)| (seq, *note))
            .collect();
        if has != expected || cursor > places.len() as u64 {
            let what = format!("tablet {tablet} has {has:?} up to {cursor}, not {expected:?}");
            return self.broken("I2", what);
        }
        if let Some(known) = self.tablets.get_mut(tablet) {
            known.kept.extend(items.iter().map(|(_, note)| *note));
            (known.follows, known.has, known.cursor) = (Some(log), has, cursor);
        }
        Ok(())
    }

    fn end_of(
        &mut self,
        tablet: TabletId,
        notes: &BTreeSet<NoteId>,
        cursor: u64,
        waiting: usize,
    ) -> Result<(), Violation> {
        let known = self.tablets.get(tablet).cloned().unwrap_or_default();
        if let Some(note) = known.wrote.difference(notes).next() {
            return self.broken("I3", format!("tablet {tablet} no longer shows note {note}"));
        }
        if let Some(note) = known.kept.difference(notes).next() {
            return self.broken("I1", format!("tablet {tablet} has lost note {note}"));
        }
        if let Some(note) = notes.iter().find(|note| !self.may_see(tablet, **note)) {
            return self.broken("I5", format!("tablet {tablet} shows note {note}"));
        }
        if waiting > 0 {
            return self.broken("I6", format!("on tablet {tablet} {waiting} changes still wait"));
        }
        self.shown.insert(tablet, (notes.clone(), cursor));
        Ok(())
    }

    fn end(&self) -> Result<(), Violation> {
        if !self.healed || !self.rested {
            return self.broken("I6", "it did not come to rest".to_owned());
        }
        let log: BTreeSet<NoteId> = self
            .logs
            .get(&self.now)
            .map(|log| log.places.iter().copied().collect())
            .unwrap_or_default();
        for (tablet, member) in self.history.members.iter().enumerate() {
            let Some((notes, cursor)) = self.shown.get(&tablet) else {
                return self.broken("I6", format!("nobody looked at tablet {tablet} at the end"));
            };
            // What the owner still has anywhere stands in the log, whoever lost what.
            let own =
                |note: &&NoteId| self.notes.get(*note).is_some_and(|note| note.owner == *member);
            if let Some(note) = notes.iter().filter(own).find(|note| !log.contains(*note)) {
                return self.broken("I1", format!("note {note} is on tablet {tablet} alone"));
            }
            // And what stands in the log is shown to whoever may see it.
            let seen = log.iter().filter(|note| self.may_see(tablet, **note));
            if let Some(note) = seen.clone().find(|note| !notes.contains(*note)) {
                return self.broken("I2", format!("tablet {tablet} lacks note {note}"));
            }
            for (other, (theirs, at)) in self.shown.range(..tablet) {
                let same = self.history.members.get(*other) == Some(member) && at == cursor;
                // What a restored server has lost of others stays where it was seen.
                let kept = |all: &BTreeSet<NoteId>| -> BTreeSet<NoteId> {
                    all.intersection(&log).copied().collect()
                };
                if same && kept(theirs) != kept(notes) {
                    let what = format!("tablets {other} and {tablet} of one member differ");
                    return self.broken("I4", what);
                }
            }
        }
        Ok(())
    }
}
