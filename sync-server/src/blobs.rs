//! Papers on the server, by their SHA-256.
//!
//! [`Blobs`] keeps bytes and knows nothing of councils beyond keeping their unfinished uploads
//! apart: one council can neither see nor spoil what another has begun. Which council holds which
//! finished paper stands in the log. An implementation promises:
//! - a finished paper is whole, durable and has the digest of its name, or is not there;
//! - an upload continues at the offset that [`Blobs::uploaded`] tells, after a crash as well;
//! - bytes stream both ways: memory does not grow with the paper.

pub mod files;
pub mod model;
pub mod s3;
mod turns;

use bytes::Bytes;
use domain::{CouncilId, Sha256};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

/// An answer of the store, later.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, BlobError>>;

/// The bytes of an upload as they arrive.
pub type Incoming = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// The bytes of a paper as they are read.
pub type Outgoing = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// Why the store does not do it.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such paper.
    #[error("The server does not hold this paper.")]
    Absent,
    /// The upload stands elsewhere.
    #[error("The upload stands at byte {stands}; continue there.")]
    Offset {
        /// Bytes held of it.
        stands: u64,
    },
    /// More bytes than were announced.
    #[error("The upload is longer than it announced; start it again.")]
    TooLong,
    /// The whole upload has another digest than its name; it was discarded.
    #[error("The bytes received are not this paper; start the upload again.")]
    Digest,
    /// Another request of the same council carries this upload on.
    #[error("Another request carries on this upload.")]
    Superseded,
    /// The body broke off or stood still; what came is kept.
    #[error("The upload broke off; what came is kept.")]
    Interrupted,
    /// The disk is full.
    #[error("The server's disk is full; nothing acknowledged is lost. Free some space.")]
    Full,
    /// The disk fails.
    #[error("The server's disk does not answer: {0}.")]
    Failing(std::io::Error),
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        if matches!(
            error.kind(),
            std::io::ErrorKind::StorageFull
                | std::io::ErrorKind::QuotaExceeded
                | std::io::ErrorKind::FileTooLarge
        ) {
            Self::Full
        } else {
            Self::Failing(error)
        }
    }
}

/// One piece of an upload.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// Whose upload.
    pub council: CouncilId,
    /// The paper's digest.
    pub sha256: Sha256,
    /// Where the piece starts, in bytes.
    pub offset: u64,
    /// Length of the whole paper, in bytes.
    pub length: u64,
}

/// How an upload stands after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The paper is whole and durable.
    Whole,
    /// More is wanted from this byte on.
    Wanted(u64),
}

/// The store of papers.
pub trait Blobs: Send + Sync + 'static {
    /// Bytes held of a council's unfinished upload; 0 when there is none.
    fn uploaded(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, u64>;

    /// Appends a piece. A later call for the same upload takes it over from an earlier one.
    fn append(&self, piece: Piece, body: Incoming) -> Reply<'_, Progress>;

    /// Reads `length` bytes of a finished paper from `offset` on.
    fn read(&self, sha256: Sha256, offset: u64, length: u64) -> Reply<'_, Outgoing>;

    /// Length of a finished paper, if it is there.
    fn stat(&self, sha256: Sha256) -> Reply<'_, Option<u64>>;
}
