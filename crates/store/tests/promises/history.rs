//! Random histories of a tablet (writing, sealing, answers, pulls, repeats, closing and opening),
//! run on the database and on the one in memory: both answer alike, and nothing is ever lost.

use std::collections::{BTreeMap, BTreeSet};

use client::ports::{Cursor, Store};
use proptest::prelude::*;
use testkit::Signer;
use wire::{Ack, Logged, Op, Outcome, ProblemCode};

use crate::memory::Memory;
use crate::world::{
    Disk, NOW, Shelf, change, logged, mark, mine, note_op, other_tablet, pdf, seal, tablet,
};

/// Stands for a change: a number, recognised in whatever piece it is.
type Change = [u8; 4];

/// Papers with notes.
const PAPERS: u8 = 3;

#[derive(Debug, Clone)]
enum Step {
    /// A mark is made (or rewritten) on a paper.
    Draw { paper: u8, mark: u8 },
    /// A mark is erased.
    Erase { paper: u8, mark: u8 },
    /// So many groups of drafts are sealed; the rest is left by a kill.
    Seal { groups: usize },
    /// The outbox is sent: the server takes or refuses each operation; the answer may get lost.
    Push { refuses: bool, answered: bool },
    /// The last answer comes once more.
    AnswerAgain,
    /// The other tablet's work enters the log.
    Other { paper: u8 },
    /// A page of the log is pulled, so many entries of it, perhaps twice.
    Pull { entries: usize, twice: bool },
    /// What the member may see has changed: the log comes from the beginning.
    Restart,
    /// Notes that changed are read anew.
    Index,
    /// A snapshot is taken of a paper's notes.
    Snapshot { paper: u8 },
    /// The app is closed (or killed) and opened.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let paper = 0..PAPERS;
    prop_oneof![
        6 => (paper.clone(), 0..5u8).prop_map(|(paper, mark)| Step::Draw { paper, mark }),
        2 => (paper.clone(), 0..5u8).prop_map(|(paper, mark)| Step::Erase { paper, mark }),
        4 => (0..4usize).prop_map(|groups| Step::Seal { groups }),
        4 => (prop::bool::weighted(0.2), prop::bool::weighted(0.7))
            .prop_map(|(refuses, answered)| Step::Push { refuses, answered }),
        1 => Just(Step::AnswerAgain),
        3 => paper.clone().prop_map(|paper| Step::Other { paper }),
        4 => (0..5usize, any::<bool>()).prop_map(|(entries, twice)| Step::Pull { entries, twice }),
        1 => Just(Step::Restart),
        2 => Just(Step::Index),
        1 => paper.prop_map(|paper| Step::Snapshot { paper }),
        2 => Just(Step::Reopen),
    ]
}

/// The server, as far as a tablet can tell.
struct Server {
    log: Vec<Op>,
    answered: BTreeMap<u64, Outcome>,
    view: u64,
}

impl Server {
    fn answer(&mut self, op: &Op, refuses: bool) -> Ack {
        let device_seq = op.header.device_seq;
        let outcome = self.answered.entry(device_seq).or_insert_with(|| {
            if refuses {
                return Outcome::Refused { code: ProblemCode::TooLarge };
            }
            self.log.push(op.clone());
            Outcome::Accepted { seq: self.log.len() as u64 }
        });
        Ack { device_seq, outcome: outcome.clone() }
    }

    fn page(&self, after: u64, entries: usize) -> Vec<Logged> {
        let after = usize::try_from(after).unwrap();
        let page = self.log.iter().enumerate().skip(after).take(entries);
        page.map(|(index, op)| logged(index as u64 + 1, 0, op.clone())).collect()
    }
}

/// One history, told to both stores at once.
struct History {
    shelves: [Box<dyn Shelf>; 2],
    stores: [Option<Box<dyn Store>>; 2],
    other: Signer,
    server: Server,
    last_answer: Vec<Ack>,
    /// Every change ever made here or pulled, by paper, with those it was made on.
    made: Vec<BTreeMap<Change, BTreeSet<Change>>>,
    changes: u32,
}

impl History {
    fn new() -> Self {
        let shelves: [Box<dyn Shelf>; 2] = [Box::new(Disk::new()), Box::new(Memory::default())];
        let stores = [Some(shelves[0].open()), Some(shelves[1].open())];
        let server = Server { log: Vec::new(), answered: BTreeMap::new(), view: 1 };
        Self {
            shelves,
            stores,
            other: other_tablet(),
            server,
            last_answer: Vec::new(),
            made: vec![BTreeMap::new(); usize::from(PAPERS)],
            changes: 0,
        }
    }

    /// Tells both stores the same; what they answer must be the same.
    fn both<T: PartialEq + std::fmt::Debug>(
        &mut self,
        mut tell: impl FnMut(&mut dyn Store) -> T,
    ) -> T {
        let [disk, memory] = &mut self.stores;
        let disk = tell(&mut **disk.as_mut().unwrap());
        let memory = tell(&mut **memory.as_mut().unwrap());
        assert_eq!(disk, memory);
        disk
    }

    fn next_change(&mut self) -> Change {
        self.changes += 1;
        self.changes.to_be_bytes()
    }

    /// A change made here, on everything that is known here.
    fn make(&mut self, paper: u8) -> Change {
        let change = self.next_change();
        let made = &mut self.made[usize::from(paper)];
        made.insert(change, made.keys().copied().collect());
        change
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Draw { paper, mark: id } => {
                let mut draft = change(mine(paper), &self.make(paper));
                draft.put.push(mark(paper * 16 + id, &format!("note {}", self.changes)));
                self.both(|store| store.save_draft(&draft).unwrap());
            }
            Step::Erase { paper, mark: id } => {
                let mut draft = change(mine(paper), &self.make(paper));
                draft.removed.push(mark(paper * 16 + id, "").id);
                self.both(|store| store.save_draft(&draft).unwrap());
            }
            Step::Seal { groups } => {
                let drafts = self.both(|store| store.drafts().unwrap());
                for group in drafts.iter().take(groups) {
                    let mut own = tablet();
                    self.both(|store| seal(store, &mut own, group));
                }
            }
            Step::Push { refuses, answered } => {
                let sent = self.both(|store| store.outbox(64).unwrap());
                let last = sent.last().map(|op| op.header.device_seq);
                let refused = |op: &Op| refuses && Some(op.header.device_seq) == last;
                let acks = sent.iter().map(|op| self.server.answer(op, refused(op))).collect();
                if answered {
                    self.last_answer = acks;
                    self.answer();
                }
            }
            Step::AnswerAgain => self.answer(),
            Step::Other { paper } => {
                let bytes = self.next_change();
                let op = note_op(&mut self.other, mine(paper), &bytes);
                self.server.log.push(op);
            }
            Step::Pull { entries, twice } => {
                let Cursor { seq, .. } = self.both(|store| store.cursor().unwrap());
                let page = self.server.page(seq, entries);
                let cursor = Cursor { seq: seq + page.len() as u64, view: self.server.view };
                self.both(|store| store.apply(&page, cursor, NOW).unwrap());
                if twice {
                    let again = self.both(|store| store.apply(&page, cursor, NOW).unwrap());
                    assert_eq!((again.entries, again.notes.len()), (0, 0));
                }
                for item in &page {
                    self.heard(&item.op);
                }
            }
            Step::Restart => {
                self.server.view += 1;
                let cursor = Cursor { seq: 0, view: self.server.view };
                self.both(|store| store.apply(&[], cursor, NOW).unwrap());
            }
            Step::Index => {
                for document in self.both(|store| store.stale_documents().unwrap()) {
                    self.both(|store| {
                        let notes = store.notes(Some(&document.pdf)).unwrap();
                        let marks: Vec<_> = notes.into_iter().map(|note| note.mark).collect();
                        store.index_notes(&document, &marks, 0, NOW).unwrap();
                    });
                }
            }
            Step::Snapshot { paper } => {
                let key = mine(paper).key;
                let pieces = self.both(|store| store.note_pieces(key).unwrap());
                if pieces.covers == 0 {
                    return;
                }
                // A snapshot is everything read so far, in one piece.
                let mut bytes = pieces.snapshot.unwrap_or_default();
                bytes.extend(pieces.changes.concat());
                self.both(|store| store.save_snapshot(key, &bytes, pieces.covers).unwrap());
            }
            Step::Reopen => {
                for (shelf, store) in self.shelves.iter().zip(&mut self.stores) {
                    drop(store.take());
                    *store = Some(shelf.open());
                }
            }
        }
    }

    fn answer(&mut self) {
        let acks = self.last_answer.clone();
        self.both(|store| store.acknowledge(&acks, NOW).unwrap());
    }

    /// The other tablet's operation was pulled for the first time.
    fn heard(&mut self, op: &Op) {
        if op.header.device != self.other.device {
            return;
        }
        let paper = (0..PAPERS).find(|n| mine(*n).key == op.header.document).unwrap();
        let payload: wire::NotePayload = wire::decode(&op.payload).unwrap();
        for change in changes_in(&payload.changes) {
            self.made[usize::from(paper)].entry(change).or_default();
        }
    }

    fn check(&mut self) {
        for paper in 0..PAPERS {
            let key = mine(paper).key;
            let pieces = self.both(|store| store.note_pieces(key).unwrap());
            let mut all = changes_in(&pieces.snapshot.unwrap_or_default());
            all.extend(changes_in(&pieces.changes.concat()));
            // Nothing is lost, and every change comes after those it was made on.
            let made = &self.made[usize::from(paper)];
            let mut seen = BTreeSet::new();
            for change in all {
                assert!(made[&change].is_subset(&seen), "{change:?} on paper {paper}");
                seen.insert(change);
            }
            assert!(made.keys().eq(&seen), "paper {paper}: {seen:?} of {made:?}");
            self.both(|store| store.notes(Some(&pdf(paper))).unwrap());
        }
        let next = self.both(|store| store.next_device_seq().unwrap());
        let outbox = self.both(|store| store.outbox(usize::MAX).unwrap());
        let numbers: Vec<u64> = outbox.iter().map(|op| op.header.device_seq).collect();
        // What waits are the last numbers given, without gaps.
        let first = next - numbers.len() as u64;
        assert_eq!(numbers, (first..next).collect::<Vec<_>>());
        self.both(|store| store.pending().unwrap());
        self.both(|store| store.cursor().unwrap());
        self.both(|store| store.stale_documents().unwrap());
        self.both(|store| store.notes(None).unwrap());
        self.both(|store| store.drafts().unwrap());
    }
}

/// The changes that bytes consist of.
fn changes_in(bytes: &[u8]) -> Vec<Change> {
    let (changes, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty());
    changes.to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_tablet_loses_nothing_whatever_happens(steps in prop::collection::vec(step(), 1..60)) {
        let mut history = History::new();
        for step in &steps {
            history.step(step);
            history.check();
        }
        // In the end everything meets: the outbox empties and the log is whole here.
        let all = usize::MAX;
        for step in [
            Step::Seal { groups: all },
            Step::Push { refuses: false, answered: true },
            Step::Pull { entries: all, twice: true },
            Step::Index,
            Step::Reopen,
        ] {
            history.step(&step);
            history.check();
        }
    }
}
