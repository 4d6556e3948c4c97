//! Sending papers: a few at a time, resumed where the server stands.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Sha256;
use futures_util::{StreamExt, TryStreamExt};
use ipc::{Event, Problem};

use crate::core::Core;
use crate::exchange;
use crate::remote::{Remote, RemoteError, Upload};
use crate::sealed::FileKey;

/// Papers sent at the same time.
const AT_ONCE: usize = 3;
/// Attempts for one paper, as long as the network comes back.
const ATTEMPTS: u32 = 4;

/// A paper to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) file_name: String,
    pub(crate) path: PathBuf,
    /// What opens the file, when it is one of the tablet's own, sealed.
    pub(crate) key: Option<FileKey>,
    pub(crate) pdf: Sha256,
    pub(crate) bytes: u64,
}

/// Sends every paper that the server does not hold.
pub(crate) async fn all(core: &Arc<Core>, mut papers: Vec<Parcel>) -> Result<(), Problem> {
    let remote = core.remote()?;
    let mut seen = BTreeSet::new();
    papers.retain(|paper| seen.insert(paper.pdf));
    let total = papers.iter().map(|paper| paper.bytes).sum();
    let sent = Arc::new(AtomicU64::new(0));
    futures_util::stream::iter(papers)
        .map(|paper| {
            let progress = Progress { core: Arc::clone(core), sent: Arc::clone(&sent), total };
            let remote = remote.clone();
            async move { one(&remote, &paper, progress).await }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
        .map_err(|error| exchange::told(core, error))
}

#[derive(Clone)]
struct Progress {
    core: Arc<Core>,
    sent: Arc<AtomicU64>,
    total: u64,
}

impl Progress {
    fn more(&self, file: &str, bytes: u64) {
        let sent = self.sent.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let (file, total) = (file.to_owned(), self.total);
        self.core.tell(Event::Publishing { file, sent: sent.min(total), total });
    }
}

async fn one(remote: &Remote, paper: &Parcel, progress: Progress) -> Result<(), RemoteError> {
    let mut counted = 0;
    let mut attempt = 0;
    loop {
        let done = send(remote, paper, &progress, &mut counted).await;
        attempt += 1;
        match done {
            Ok(()) => return Ok(()),
            Err(error) if attempt < ATTEMPTS && error.is_passing() => {
                tracing::info!(%error, attempt, "a paper is sent again");
                let pause = error.retry_after_ms().unwrap_or(250 << attempt).min(10_000);
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// One attempt, from where the server stands. `counted` is what progress has heard of this paper.
async fn send(
    remote: &Remote,
    paper: &Parcel,
    progress: &Progress,
    counted: &mut u64,
) -> Result<(), RemoteError> {
    let mut stands = remote.uploaded(&paper.pdf).await?;
    for _ in 0..ATTEMPTS {
        let offset = match stands {
            Upload::Whole => {
                progress.more(&paper.file_name, paper.bytes.saturating_sub(*counted));
                *counted = paper.bytes;
                return Ok(());
            }
            Upload::From(offset) => offset,
        };
        if offset > *counted {
            progress.more(&paper.file_name, offset - *counted);
            *counted = offset;
        }
        let file = paper.file_name.clone();
        let heard = progress.clone();
        let told = move |bytes| heard.more(&file, bytes);
        stands = remote.upload(paper, offset, told).await?;
        *counted = paper.bytes;
    }
    Err(RemoteError::Unexpected("an upload that does not end".to_owned()))
}
