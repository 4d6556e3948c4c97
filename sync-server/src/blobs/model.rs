//! Papers in memory: the oracle for the store of files.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use domain::{CouncilId, Sha256};
use futures_util::StreamExt;

use super::{BlobError, Blobs, Incoming, Outgoing, Piece, Progress, Reply};

/// The in-memory store.
#[derive(Debug, Default)]
pub struct Model {
    whole: Mutex<BTreeMap<Sha256, Bytes>>,
    partial: Mutex<BTreeMap<(CouncilId, Sha256), Vec<u8>>>,
}

impl Model {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn begin(&self, piece: Piece) -> u64 {
        let mut partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        let held = partial.entry((piece.council, piece.sha256)).or_default();
        if held.len() as u64 > piece.length {
            held.clear();
        }
        held.len() as u64
    }

    fn add(&self, piece: Piece, chunk: &[u8]) -> Result<u64, BlobError> {
        let key = (piece.council, piece.sha256);
        let mut partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        let held = partial.entry(key).or_default();
        held.extend_from_slice(chunk);
        if held.len() as u64 > piece.length {
            partial.remove(&key);
            return Err(BlobError::TooLong);
        }
        Ok(held.len() as u64)
    }
}

impl Blobs for Model {
    fn uploaded(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, u64> {
        let partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
        let held = partial.get(&(council, sha256)).map_or(0, |bytes| bytes.len() as u64);
        Box::pin(std::future::ready(Ok(held)))
    }

    fn append(&self, piece: Piece, mut body: Incoming) -> Reply<'_, Progress> {
        Box::pin(async move {
            let stands = self.begin(piece);
            if stands != piece.offset {
                return Err(BlobError::Offset { stands });
            }
            let mut stands = stands;
            while let Some(chunk) = body.next().await {
                stands = self.add(piece, &chunk.map_err(|_| BlobError::Interrupted)?)?;
            }
            if stands < piece.length {
                return Ok(Progress::Wanted(stands));
            }
            let mut partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
            let bytes = partial.remove(&(piece.council, piece.sha256)).unwrap_or_default();
            if crate::digest::of(&bytes) != piece.sha256 {
                return Err(BlobError::Digest);
            }
            let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
            whole.insert(piece.sha256, bytes.into());
            Ok(Progress::Whole)
        })
    }

    fn read(&self, sha256: Sha256, offset: u64, length: u64) -> Reply<'_, Outgoing> {
        let whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        let read = whole.get(&sha256).ok_or(BlobError::Absent).map(|bytes| {
            let from = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            let to = from.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
            let piece = bytes.slice(from..to.min(bytes.len()));
            futures_util::stream::iter([Ok(piece)]).boxed()
        });
        Box::pin(std::future::ready(read))
    }

    fn stat(&self, sha256: Sha256) -> Reply<'_, Option<u64>> {
        let whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
        let length = whole.get(&sha256).map(|bytes| bytes.len() as u64);
        Box::pin(std::future::ready(Ok(length)))
    }
}
