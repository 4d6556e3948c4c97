//! What waits for the workers, the most urgent first.

use std::collections::BTreeMap;
use std::path::PathBuf;

use client::ports::{PdfError, PdfErrorKind};
use tokio::sync::oneshot;

use crate::protocol::{Answer, Ask};

/// How urgent something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Part of a page at full size: somebody looks at it.
    Tile,
    /// A whole page, shown until its tiles are there.
    Whole,
    /// Text, outline, size: what opening a paper and selecting text need.
    Reading,
    /// Part of a page that somebody may turn to.
    Ahead,
    /// A small picture of a page.
    Thumbnail,
    /// The search index and checks.
    Index,
}

/// Which part of the queue a worker serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Images only, so that one is always soon free for what is on the screen.
    Images,
    /// Everything; with images it helps when nothing more urgent waits.
    Everything,
}

impl Role {
    const fn takes(self, rank: Rank) -> bool {
        match rank {
            Rank::Tile | Rank::Whole | Rank::Ahead | Rank::Thumbnail => true,
            Rank::Reading | Rank::Index => matches!(self, Self::Everything),
        }
    }
}

/// The answer with the image's bytes.
pub(crate) type Outcome = Result<(Answer, Vec<u8>), PdfError>;

/// Something to do.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) paper: u64,
    pub(crate) path: PathBuf,
    pub(crate) ask: Ask,
    /// Only images become stale.
    pub(crate) generation: Option<u32>,
    pub(crate) answer: oneshot::Sender<Outcome>,
}

/// Jobs by urgency, then by age.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: BTreeMap<(Rank, u64), Job>,
    /// Images that are being drawn: nobody draws the same at the same time.
    drawing: Vec<(u64, Ask)>,
    count: u64,
    pub(crate) closed: bool,
}

impl Queue {
    /// Puts a job in; images of the same paper for an older view are dropped.
    pub(crate) fn push(&mut self, rank: Rank, job: Job) {
        if let Some(generation) = job.generation {
            let stale = |other: &mut Job| {
                other.paper == job.paper && other.generation.is_some_and(|g| g < generation)
            };
            for (_, other) in self.waiting.extract_if(.., |_, other| stale(other)) {
                other.finish(Err(dropped()));
            }
        }
        self.count += 1;
        self.waiting.insert((rank, self.count), job);
    }

    /// The next job for a worker. Those that nobody waits for any more vanish.
    pub(crate) fn pop(&mut self, role: Role) -> Option<Job> {
        loop {
            let free = |(key, job): (&(Rank, u64), &Job)| {
                (role.takes(key.0) && !self.is_drawn(job)).then_some(*key)
            };
            let key = self.waiting.iter().find_map(free)?;
            let job = self.waiting.remove(&key)?;
            if !job.answer.is_closed() {
                if matches!(job.ask, Ask::Draw { .. }) {
                    self.drawing.push((job.paper, job.ask.clone()));
                }
                return Some(job);
            }
        }
    }

    fn is_drawn(&self, job: &Job) -> bool {
        self.drawing.iter().any(|(paper, ask)| *paper == job.paper && *ask == job.ask)
    }

    /// A job that was taken is done; what waited for the same image may be taken.
    pub(crate) fn done(&mut self, job: &Job) {
        self.drawing.retain(|(paper, ask)| *paper != job.paper || *ask != job.ask);
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Ends everything that waits.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        for job in std::mem::take(&mut self.waiting).into_values() {
            job.finish(Err(dropped()));
        }
    }
}

impl Job {
    /// Answers; that nobody waits any more is no error.
    pub(crate) fn finish(self, outcome: Outcome) {
        drop(self.answer.send(outcome));
    }
}

/// Work that nobody waits for any more.
pub(crate) fn dropped() -> PdfError {
    PdfError { kind: PdfErrorKind::Dropped, detail: "the view has moved on".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(paper: u64, generation: Option<u32>, page: u32) -> (Job, oneshot::Receiver<Outcome>) {
        let (answer, waits) = oneshot::channel();
        (Job { paper, path: PathBuf::new(), ask: Ask::Try { page }, generation, answer }, waits)
    }

    fn page(job: &Job) -> u32 {
        let Ask::Try { page } = job.ask else { return 0 };
        page
    }

    #[test]
    fn a_visible_tile_goes_before_older_but_less_urgent_work() {
        let mut queue = Queue::default();
        let mut kept = Vec::new();
        for (rank, number) in [
            (Rank::Index, 1),
            (Rank::Thumbnail, 2),
            (Rank::Ahead, 7),
            (Rank::Reading, 3),
            (Rank::Whole, 4),
            (Rank::Tile, 5),
            (Rank::Tile, 6),
        ] {
            let (job, waits) = job(1, None, number);
            kept.push(waits);
            queue.push(rank, job);
        }
        let images: Vec<u32> =
            std::iter::from_fn(|| queue.pop(Role::Images)).map(|j| page(&j)).collect();
        assert_eq!(images, [5, 6, 4, 7, 2]);
        let rest: Vec<u32> =
            std::iter::from_fn(|| queue.pop(Role::Everything)).map(|j| page(&j)).collect();
        assert_eq!(rest, [3, 1]);
    }

    #[test]
    fn a_newer_view_of_the_same_paper_drops_what_waits_for_the_older_one() {
        let mut queue = Queue::default();
        let (old, mut old_waits) = job(1, Some(1), 1);
        let (other, mut other_waits) = job(2, Some(1), 2);
        let (text, _text_waits) = job(1, None, 3);
        let (new, _new_waits) = job(1, Some(2), 4);
        queue.push(Rank::Tile, old);
        queue.push(Rank::Tile, other);
        queue.push(Rank::Reading, text);
        queue.push(Rank::Tile, new);
        let outcome = old_waits.try_recv().unwrap();
        assert_eq!(outcome.unwrap_err().kind, PdfErrorKind::Dropped);
        assert!(other_waits.try_recv().is_err(), "another paper's image still waits");
        let rest: Vec<u32> =
            std::iter::from_fn(|| queue.pop(Role::Everything)).map(|j| page(&j)).collect();
        assert_eq!(rest, [2, 4, 3]);
    }

    #[test]
    fn a_window_that_starts_again_from_the_first_view_is_served() {
        let mut queue = Queue::default();
        let (late, _late_waits) = job(1, Some(500), 1);
        let (fresh, mut fresh_waits) = job(1, Some(1), 2);
        queue.push(Rank::Tile, late);
        queue.push(Rank::Tile, fresh);
        assert!(fresh_waits.try_recv().is_err());
        assert_eq!(queue.pop(Role::Images).map(|j| page(&j)), Some(1));
        assert_eq!(queue.pop(Role::Images).map(|j| page(&j)), Some(2));
    }

    #[test]
    fn the_same_image_is_not_drawn_twice_at_the_same_time() {
        let mut queue = Queue::default();
        let draw = |paper, page| {
            let (answer, waits) = oneshot::channel();
            let (area, look) = (crate::protocol::Area::Whole, ipc::Look::Paper);
            let ask = Ask::Draw { page, width: 384, area, look };
            (Job { paper, path: PathBuf::new(), ask, generation: None, answer }, waits)
        };
        let mut kept = Vec::new();
        for (paper, page) in [(1, 1), (1, 1), (2, 1)] {
            let (job, waits) = draw(paper, page);
            kept.push(waits);
            queue.push(Rank::Whole, job);
        }
        let first = queue.pop(Role::Images).unwrap();
        assert_eq!(queue.pop(Role::Everything).map(|job| job.paper), Some(2));
        assert!(queue.pop(Role::Everything).is_none(), "it is on its way");
        queue.done(&first);
        assert_eq!(queue.pop(Role::Everything).map(|job| job.paper), Some(1));
    }

    #[test]
    fn what_nobody_waits_for_is_not_done() {
        let mut queue = Queue::default();
        let (gone, waits) = job(1, None, 1);
        drop(waits);
        queue.push(Rank::Tile, gone);
        assert!(queue.pop(Role::Everything).is_none());
    }
}
