//! Papers in an S3-compatible store, for several server processes.
//!
//! A whole paper is one object, `papers/ab/cd/<sha256>`. On its way it is a row of objects,
//! `uploads/<council>-<sha256>/<offset>`, each durable when its PUT has answered; the offset to
//! continue at is the end of their unbroken row, whichever process is asked. When the row is as long
//! as announced, it is read through once: hashed, written as the whole paper, and the paper is made
//! visible only if the digest is true. Nothing but PUT, multipart, GET with a range, HEAD, LIST and
//! DELETE is used: conditional writes differ between stores, and names that are digests need none.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::{CouncilId, Sha256};
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart};

use super::turns::Turns;
use super::{BlobError, Blobs, Incoming, Outgoing, Piece, Progress, Reply};

/// Bytes of an upload that are gathered before they are put; what a crash may cost.
const GATHERED: usize = 5 << 20;
/// Bytes of a part of a whole paper; S3 takes no smaller ones but the last.
const PART: usize = 8 << 20;
/// Parts under way at the same time: bounds the memory of one upload.
const PARTS: usize = 2;

/// The store in a bucket.
#[derive(Debug)]
pub struct S3 {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    turns: Turns<(CouncilId, Sha256)>,
}

/// Why a bucket cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    /// The address is none of ours.
    #[error("{0} is not the address of a bucket; write s3://BUCKET or s3://BUCKET/FOLDER.")]
    Address(String),
    /// The settings in the environment do not do.
    #[error("The bucket cannot be used: {0}.")]
    Settings(Error),
}

impl S3 {
    /// The store at `s3://bucket` or `s3://bucket/folder`. Credentials, region and endpoint come from
    /// the usual variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`,
    /// `AWS_ENDPOINT` and, for an endpoint without TLS, `AWS_ALLOW_HTTP=true`.
    ///
    /// # Errors
    /// [`S3Error`].
    pub fn open(address: &str) -> Result<Self, S3Error> {
        Self::open_with(address, AmazonS3Builder::from_env())
    }

    /// The same with settings that do not come from the environment.
    ///
    /// # Errors
    /// [`S3Error`].
    pub fn open_with(address: &str, settings: AmazonS3Builder) -> Result<Self, S3Error> {
        let rest = address.strip_prefix("s3://").filter(|rest| !rest.is_empty());
        let rest = rest.ok_or_else(|| S3Error::Address(address.to_owned()))?;
        let (bucket, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = Path::parse(folder).map_err(|_| S3Error::Address(address.to_owned()))?;
        // Another part of the process may have chosen the provider already; either will do.
        rustls::crypto::ring::default_provider().install_default().ok();
        let store = settings.with_bucket_name(bucket).build().map_err(S3Error::Settings)?;
        Ok(Self { store: Arc::new(store), prefix, turns: Turns::default() })
    }

    fn whole(&self, sha256: Sha256) -> Path {
        let name = sha256.to_string();
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        self.prefix.clone().join("papers").join(first).join(second).join(name.as_str())
    }

    fn upload(&self, council: CouncilId, sha256: Sha256) -> Path {
        self.prefix.clone().join("uploads").join(format!("{council}-{sha256}"))
    }

    /// The unbroken row of an upload's pieces from its beginning, and what lies beyond.
    async fn row(&self, council: CouncilId, sha256: Sha256) -> Result<Row, BlobError> {
        let listed = self.store.list(Some(&self.upload(council, sha256)));
        let mut pieces: Vec<(u64, u64, Path)> = listed
            .map_err(failing)
            .try_filter_map(async |object| {
                let offset = object.location.filename().and_then(|name| name.parse().ok());
                Ok(offset.map(|offset| (offset, object.size, object.location)))
            })
            .try_collect()
            .await?;
        pieces.sort();
        let mut row = Row::default();
        for (offset, size, path) in pieces {
            if offset == row.end {
                row.end += size;
                row.pieces.push(path);
            } else {
                row.stray.push(path);
            }
        }
        Ok(row)
    }

    async fn forget(&self, row: Row) -> Result<(), BlobError> {
        for path in row.pieces.into_iter().chain(row.stray) {
            match self.store.delete(&path).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(failing(error)),
            }
        }
        Ok(())
    }

    async fn append_piece(&self, piece: Piece, mut body: Incoming) -> Result<Progress, BlobError> {
        let Piece { council, sha256, offset, length } = piece;
        let hold = self.turns.hold((council, sha256));
        let (turn, mine) = hold.begin().await;
        let row = self.row(council, sha256).await?;
        let mut put = row.end;
        if row.end > length || !row.stray.is_empty() {
            // Begun under a false length, or broken: nothing of it is to be trusted.
            self.forget(row).await?;
            put = 0;
        }
        if put != offset {
            return Err(BlobError::Offset { stands: put });
        }
        drop(turn);

        let mut gathered = BytesMut::new();
        loop {
            let chunk = body.next().await;
            let ended = !matches!(chunk, Some(Ok(_)));
            let broken = matches!(chunk, Some(Err(_)));
            if let Some(Ok(chunk)) = chunk {
                gathered.extend_from_slice(&chunk);
            }
            let turn = hold.turn_of(mine).await?;
            if put + gathered.len() as u64 > length {
                let row = self.row(council, sha256).await?;
                self.forget(row).await?;
                return Err(BlobError::TooLong);
            }
            if gathered.len() >= GATHERED || (ended && !gathered.is_empty()) {
                let bytes = gathered.split().freeze();
                let end = put + bytes.len() as u64;
                let path = self.upload(council, sha256).join(format!("{put:020}"));
                self.store.put(&path, bytes.into()).await.map_err(failing)?;
                put = end;
            }
            drop(turn);
            if broken {
                return Err(BlobError::Interrupted);
            }
            if ended {
                break;
            }
        }
        let _turn = hold.turn_of(mine).await?;
        if put < length {
            return Ok(Progress::Wanted(put));
        }
        let row = self.row(council, sha256).await?;
        let genuine = self.join(&row, sha256).await?;
        self.forget(row).await?;
        if genuine { Ok(Progress::Whole) } else { Err(BlobError::Digest) }
    }

    /// Writes the pieces as the whole paper, unless its digest is another: then nothing is visible.
    async fn join(&self, row: &Row, sha256: Sha256) -> Result<bool, BlobError> {
        let target = self.whole(sha256);
        let multipart = self.store.put_multipart(&target).await.map_err(failing)?;
        let mut writing = WriteMultipart::new_with_chunk_size(multipart, PART);
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        for piece in &row.pieces {
            let mut bytes = self.store.get(piece).await.map_err(failing)?.into_stream();
            while let Some(chunk) = bytes.try_next().await.map_err(failing)? {
                context.update(&chunk);
                writing.wait_for_capacity(PARTS).await.map_err(failing)?;
                writing.put(chunk);
            }
        }
        if crate::digest::of_context(context) == sha256 {
            writing.finish().await.map_err(failing)?;
            return Ok(true);
        }
        writing.abort().await.map_err(failing)?;
        Ok(false)
    }
}

/// An upload's pieces.
#[derive(Debug, Default)]
struct Row {
    pieces: Vec<Path>,
    end: u64,
    stray: Vec<Path>,
}

fn failing(error: Error) -> BlobError {
    if matches!(error, Error::NotFound { .. }) {
        return BlobError::Absent;
    }
    BlobError::Failing(std::io::Error::other(error))
}

impl Blobs for S3 {
    fn uploaded(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, u64> {
        Box::pin(async move { Ok(self.row(council, sha256).await?.end) })
    }

    fn append(&self, piece: Piece, body: Incoming) -> Reply<'_, Progress> {
        Box::pin(self.append_piece(piece, body))
    }

    fn read(&self, sha256: Sha256, offset: u64, length: u64) -> Reply<'_, Outgoing> {
        Box::pin(async move {
            let path = self.whole(sha256);
            if length == 0 {
                // S3 knows no empty range.
                self.store.head(&path).await.map_err(failing)?;
                return Ok(futures_util::stream::iter([Ok(Bytes::new())]).boxed());
            }
            let range = Some(GetRange::Bounded(offset..offset.saturating_add(length)));
            let options = GetOptions { range, ..GetOptions::default() };
            let got = self.store.get_opts(&path, options).await.map_err(failing)?;
            Ok(got.into_stream().map_err(std::io::Error::other).boxed())
        })
    }

    fn stat(&self, sha256: Sha256) -> Reply<'_, Option<u64>> {
        Box::pin(async move {
            match self.store.head(&self.whole(sha256)).await {
                Ok(object) => Ok(Some(object.size)),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(failing(error)),
            }
        })
    }
}
