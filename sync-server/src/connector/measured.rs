//! A form's bytes as they are handed to its reader: one piece at a time, never more than a little ahead
//! of what the reader has made of them, and never more than allowed.
//!
//! A reader of forms takes what its source has ready and keeps it until it finds the end of a part's
//! head. Left to itself it would hold a fast sender's whole gigabyte in memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;

use crate::blobs::Incoming;

/// Bytes that may have been handed over without anything having come of them: the largest piece that
/// arrives at once and a part's head, with room.
const AHEAD: u64 = 1024 * 1024;

const GOOD: u8 = 0;
const LARGE: u8 = 1;
const HEADLESS: u8 = 2;

/// How a form's bytes stand; shared by the stream and its reader.
#[derive(Debug, Clone)]
pub(super) struct Measure(Arc<State>);

#[derive(Debug)]
struct State {
    largest: u64,
    all: AtomicU64,
    ahead: AtomicU64,
    verdict: AtomicU8,
}

impl Measure {
    pub(super) fn new(largest: u64) -> Self {
        Self(Arc::new(State {
            largest,
            all: AtomicU64::new(0),
            ahead: AtomicU64::new(0),
            verdict: AtomicU8::new(GOOD),
        }))
    }

    /// Something has come of what was handed over.
    pub(super) fn heard(&self) {
        self.0.ahead.store(0, Ordering::Relaxed);
    }

    /// Whether the stream was ended because it was too long.
    pub(super) fn is_too_large(&self) -> bool {
        self.0.verdict.load(Ordering::Relaxed) == LARGE
    }

    fn count(&self, bytes: u64) -> Result<(), u8> {
        let all = self.0.all.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let ahead = self.0.ahead.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let verdict = match (all > self.0.largest, ahead > AHEAD) {
            (true, _) => LARGE,
            (false, true) => HEADLESS,
            (false, false) => return Ok(()),
        };
        self.0.verdict.store(verdict, Ordering::Relaxed);
        Err(verdict)
    }
}

/// The bytes, measured.
pub(super) struct Measured<'a> {
    bytes: &'a mut Incoming,
    measure: Measure,
    /// Whether the next question is answered with "not yet", so that the reader looks at what it has.
    pause: bool,
}

impl<'a> Measured<'a> {
    pub(super) fn new(bytes: &'a mut Incoming, measure: Measure) -> Self {
        Self { bytes, measure, pause: false }
    }
}

impl Stream for Measured<'_> {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.pause) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let piece = std::task::ready!(Pin::new(&mut *self.bytes).poll_next(cx));
        if let Some(Ok(piece)) = &piece {
            self.pause = true;
            if self.measure.count(piece.len() as u64).is_err() {
                return Poll::Ready(Some(Err(std::io::ErrorKind::InvalidData.into())));
            }
        }
        Poll::Ready(piece)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, StreamExt as _};

    use super::*;

    fn sent(pieces: Vec<usize>) -> Incoming {
        futures_util::stream::iter(pieces.into_iter().map(|n| Ok(Bytes::from(vec![0; n])))).boxed()
    }

    #[test]
    fn a_reader_is_given_one_piece_at_a_time() {
        let mut bytes = sent(vec![1, 2, 3]);
        let mut measured = Measured::new(&mut bytes, Measure::new(100));
        for length in [1, 2, 3] {
            let piece = measured.next().now_or_never().flatten().unwrap().unwrap();
            assert_eq!(piece.len(), length);
            assert!(measured.next().now_or_never().is_none(), "a pause after each piece");
        }
    }

    #[test]
    fn too_much_and_too_much_unheard_end_it() {
        let mut bytes = sent(vec![60, 60]);
        let measure = Measure::new(100);
        let all = everything(Measured::new(&mut bytes, measure.clone()));
        assert!(all.last().is_some_and(Result::is_err) && measure.is_too_large());

        let mib = 1024 * 1024;
        let mut bytes = sent(vec![mib, 1]);
        let measure = Measure::new(u64::MAX);
        let all = everything(Measured::new(&mut bytes, measure.clone()));
        assert!(all.last().is_some_and(Result::is_err) && !measure.is_too_large());

        let mut bytes = sent(vec![mib, 1]);
        let measure = Measure::new(u64::MAX);
        let mut measured = Measured::new(&mut bytes, measure.clone());
        assert!(measured.next().now_or_never().flatten().unwrap().is_ok());
        measure.heard();
        assert!(everything(measured).iter().all(Result::is_ok));
    }

    /// Everything that a stream gives, its pauses passed over.
    fn everything(mut stream: Measured<'_>) -> Vec<Result<Bytes, std::io::Error>> {
        let mut all = Vec::new();
        loop {
            match stream.next().now_or_never() {
                None => {}
                Some(None) => return all,
                Some(Some(Err(error))) => {
                    all.push(Err(error));
                    return all;
                }
                Some(Some(piece)) => all.push(piece),
            }
        }
    }
}
