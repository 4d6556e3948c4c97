//! Papers as files: `ab/cd/<sha256>` when whole, `partial/<council>-<sha256>` on the way.
//!
//! A partial file's length is the offset to continue at. When it is as long as announced, it is
//! hashed, fsynced, renamed to its place, and the directories are fsynced: a crash leaves either
//! the partial file or the whole paper, never a half paper under its final name.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domain::{CouncilId, Sha256};
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::turns::Turns;
use super::{BlobError, Blobs, Incoming, Outgoing, Piece, Progress, Reply};

/// Bytes moved at a time.
const CHUNK: usize = 64 * 1024;

/// The store in a directory.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    turns: Turns<PathBuf>,
}

impl Files {
    /// Opens the store in this directory, making it if there is none.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn open(root: PathBuf) -> Result<Self, std::io::Error> {
        std::fs::create_dir_all(root.join("partial"))?;
        Ok(Self { root, turns: Turns::default() })
    }

    fn partial(&self, council: CouncilId, sha256: Sha256) -> PathBuf {
        self.root.join("partial").join(format!("{council}-{sha256}"))
    }

    async fn append_piece(&self, piece: Piece, mut body: Incoming) -> Result<Progress, BlobError> {
        let hold = self.turns.hold(self.partial(piece.council, piece.sha256));
        let (turn, mine) = hold.begin().await;
        let path = hold.upload.clone();
        let (mut file, mut stands) = blocking(move || {
            // The guard travels with the work: a request that is dropped leaves no write behind
            // that another request does not wait for.
            let _turn = turn;
            match open_partial(&path, piece.offset == 0) {
                Ok((file, stands)) => {
                    // Begun under a false length: nothing of it can be the paper.
                    let stands = if stands > piece.length {
                        file.set_len(0)?;
                        0
                    } else {
                        stands
                    };
                    Ok((file, stands))
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    Err(BlobError::Offset { stands: 0 })
                }
                Err(error) => Err(error.into()),
            }
        })
        .await?;
        if stands != piece.offset {
            return Err(BlobError::Offset { stands });
        }
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| BlobError::Interrupted)?;
            let turn = hold.turn_of(mine).await?;
            stands += chunk.len() as u64;
            let path = hold.upload.clone();
            file = blocking(move || {
                let _turn = turn;
                if stands > piece.length {
                    std::fs::remove_file(path)?;
                    return Err(BlobError::TooLong);
                }
                file.write_all(&chunk)?;
                Ok(file)
            })
            .await?;
        }
        let turn = hold.turn_of(mine).await?;
        if stands < piece.length {
            return Ok(Progress::Wanted(stands));
        }
        let (root, partial) = (self.root.clone(), hold.upload.clone());
        blocking(move || {
            let _turn = turn;
            finish(&root, &partial, &file, piece.sha256)
        })
        .await?;
        Ok(Progress::Whole)
    }
}

fn open_partial(path: &Path, create: bool) -> Result<(std::fs::File, u64), std::io::Error> {
    let mut file = std::fs::OpenOptions::new().create(create).append(true).open(path)?;
    let stands = file.seek(SeekFrom::End(0))?;
    Ok((file, stands))
}

/// Where a whole paper lies under the root.
#[must_use]
pub fn place(root: &Path, sha256: Sha256) -> PathBuf {
    let name = sha256.to_string();
    let (first, rest) = name.split_at(2);
    let (second, _) = rest.split_at(2);
    root.join(first).join(second).join(&name)
}

/// The digest of a file, read in small pieces.
///
/// # Errors
/// The file cannot be read.
pub fn digest_of(path: &Path) -> Result<Sha256, std::io::Error> {
    let mut file = std::fs::File::open(path)?;
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(crate::digest::of_context(context));
        }
        context.update(buffer.get(..read).unwrap_or_default());
    }
}

fn finish(
    root: &Path,
    partial: &Path,
    file: &std::fs::File,
    sha256: Sha256,
) -> Result<(), BlobError> {
    if digest_of(partial)? != sha256 {
        std::fs::remove_file(partial)?;
        return Err(BlobError::Digest);
    }
    file.sync_all()?;
    let whole = place(root, sha256);
    if let Some(second) = whole.parent() {
        std::fs::create_dir_all(second)?;
        std::fs::rename(partial, &whole)?;
        sync_dir(second)?;
        // The two levels above may be new as well.
        if let Some(first) = second.parent() {
            sync_dir(first)?;
        }
        sync_dir(root)?;
    }
    Ok(())
}

/// Makes a directory's entries durable.
///
/// # Errors
/// The directory cannot be opened or synced.
pub fn sync_dir(path: &Path) -> Result<(), std::io::Error> {
    std::fs::File::open(path)?.sync_all()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| BlobError::Failing(std::io::Error::other(error)))?
}

impl Blobs for Files {
    fn uploaded(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, u64> {
        let partial = self.partial(council, sha256);
        Box::pin(async move {
            match tokio::fs::metadata(partial).await {
                Ok(metadata) => Ok(metadata.len()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn append(&self, piece: Piece, body: Incoming) -> Reply<'_, Progress> {
        Box::pin(self.append_piece(piece, body))
    }

    fn read(&self, sha256: Sha256, offset: u64, length: u64) -> Reply<'_, Outgoing> {
        let path = place(&self.root, sha256);
        Box::pin(async move {
            let mut file = tokio::fs::File::open(path).await.map_err(|error| {
                if error.kind() == std::io::ErrorKind::NotFound {
                    BlobError::Absent
                } else {
                    error.into()
                }
            })?;
            file.seek(SeekFrom::Start(offset)).await?;
            let stream = ReaderStream::with_capacity(file.take(length), CHUNK);
            Ok(stream.boxed())
        })
    }

    fn stat(&self, sha256: Sha256) -> Reply<'_, Option<u64>> {
        let path = place(&self.root, sha256);
        Box::pin(async move {
            match tokio::fs::metadata(path).await {
                Ok(metadata) => Ok(Some(metadata.len())),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
    }
}
