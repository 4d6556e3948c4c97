//! Papers that are still to arrive: fetched two at a time, resumed, verified, announced.

use std::sync::Arc;
use std::time::Duration;

use domain::{DocumentId, Sha256};
use futures_util::{StreamExt, TryStreamExt};
use ipc::{ErrorCode, Problem};
use tokio::time::Instant;
use wire::ProblemCode;

use crate::core::Core;
use crate::ports::{PaperFiles, StoreError, StoreErrorKind, WantedPaper};
use crate::remote::{Remote, RemoteError};
use crate::{exchange, problem, reading};

/// Papers fetched at the same time.
const AT_ONCE: usize = 2;
/// Bytes that are written to the disk at once.
const PIECE: usize = 256 * 1024;
/// Progress is told this often.
const TELL: Duration = Duration::from_millis(150);

/// Fetches every wanted paper; answers how many became whole.
///
/// # Errors
/// The way to the server, or the disk; papers that became whole stay.
pub(crate) async fn wanted(core: &Arc<Core>) -> Result<u64, RemoteError> {
    let _turn = core.fetching.lock().await;
    let remote = core.remote().map_err(RemoteError::Here)?;
    let now_ms = core.world.now_ms();
    let wanted = core
        .shelf
        .ask_patiently(move |store| store.wanted_papers(now_ms))
        .await
        .map_err(RemoteError::Here)?;
    let arriving = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    still_arriving(core, arriving);
    let papers = futures_util::stream::iter(wanted);
    let fetched = papers
        .map(|paper| {
            let remote = remote.clone();
            async move { fetch(core, &remote, &paper).await }
        })
        .buffer_unordered(AT_ONCE)
        .try_fold(0_u64, |fetched, came| async move { Ok(fetched + u64::from(came)) })
        .await;
    let left = core.shelf.ask_patiently(move |store| store.wanted_papers(now_ms)).await;
    still_arriving(core, left.map_or(0, |left| u32::try_from(left.len()).unwrap_or(u32::MAX)));
    fetched
}

/// Fetches an earlier version of a paper, for a person who compares or for notes that stand on it.
///
/// # Errors
/// The paper has no such version, or the way to the server.
pub(crate) async fn earlier(
    core: &Arc<Core>,
    document: DocumentId,
    pdf: &Sha256,
) -> Result<(), Problem> {
    let _turn = core.fetching.lock().await;
    let remote = core.remote()?;
    let picture = core.now();
    let paper = picture.catalogue.paper(document)?;
    let versions = &paper.entry.document.versions;
    let version = versions.iter().find(|version| version.sha256 == *pdf);
    let wanted = WantedPaper {
        pdf: *pdf,
        bytes: version.ok_or(ErrorCode::NotFound)?.bytes,
        document,
        title: paper.entry.document.title.clone(),
        sitting: paper.sitting.id,
    };
    let fetched = fetch(core, &remote, &wanted).await;
    match fetched.map_err(|error| exchange::told(core, error))? {
        true => Ok(()),
        false => Err(Problem::about(ErrorCode::NotHere, wanted.title)),
    }
}

fn still_arriving(core: &Core, papers: u32) {
    core.post(crate::actor::Message::Sync(Box::new(move |sync| sync.arriving = papers)));
}

/// Fetches one paper; false when this one cannot be had now, which spares the others.
async fn fetch(
    core: &Arc<Core>,
    remote: &Remote,
    paper: &WantedPaper,
) -> Result<bool, RemoteError> {
    if core.files.path(&paper.pdf).is_err() {
        match download(core, remote, paper).await {
            Ok(()) => {}
            Err(Trouble::Paper(reason)) => {
                tracing::warn!(pdf = %paper.pdf, reason, "a paper cannot be fetched now");
                return Ok(false);
            }
            Err(Trouble::Way(error)) => return Err(error),
        }
    }
    let pdf = paper.pdf;
    core.shelf
        .ask_patiently(move |store| store.paper_arrived(&pdf))
        .await
        .map_err(RemoteError::Here)?;
    core.arrived(pdf);
    Ok(true)
}

enum Trouble {
    /// With this paper alone.
    Paper(String),
    /// With the network or the disk.
    Way(RemoteError),
}

impl From<RemoteError> for Trouble {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::Refused(refusal) if refusal.code == ProblemCode::NotFound => {
                Self::Paper(refusal.message)
            }
            RemoteError::Unexpected(what) => Self::Paper(what),
            RemoteError::Refused(_)
            | RemoteError::Offline(_)
            | RemoteError::Untrusted(_)
            | RemoteError::Here(_) => Self::Way(error),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if error.kind == StoreErrorKind::Untrue {
            return Self::Paper(error.to_string());
        }
        Self::Way(RemoteError::Here(problem::of_store(&error)))
    }
}

async fn download(core: &Arc<Core>, remote: &Remote, paper: &WantedPaper) -> Result<(), Trouble> {
    let (pdf, length) = (paper.pdf, paper.bytes);
    let mut received = on_disk(core, move |files| files.received(&pdf)).await?;
    if received < length {
        let mut pieces = std::pin::pin!(remote.download(&pdf, received).await?);
        let mut piece = Vec::with_capacity(PIECE);
        let mut told: Option<Instant> = None;
        loop {
            let chunk = match pieces.next().await {
                Some(Ok(chunk)) => Some(chunk),
                None => None,
                // What has come is kept: the next attempt goes on from there.
                Some(Err(error)) => {
                    write(core, paper, &mut piece).await?;
                    return Err(error.into());
                }
            };
            let ended = chunk.is_none();
            if let Some(chunk) = chunk {
                received += chunk.len() as u64;
                piece.extend_from_slice(&chunk);
            }
            if received > length {
                return Err(Trouble::Paper("longer than announced".to_owned()));
            }
            if ended || piece.len() >= PIECE {
                write(core, paper, &mut piece).await?;
            }
            if ended {
                break;
            }
            if told.is_none_or(|told| told.elapsed() >= TELL) {
                told = Some(Instant::now());
                let event = reading::arriving(&core.now(), paper.document, Some(received));
                event.into_iter().for_each(|event| core.tell(event));
            }
        }
        if received < length {
            let short = RemoteError::Offline("the paper broke off".to_owned());
            return Err(Trouble::Way(short));
        }
    }
    on_disk(core, move |files| files.finish(&pdf, length)).await
}

async fn write(core: &Arc<Core>, paper: &WantedPaper, piece: &mut Vec<u8>) -> Result<(), Trouble> {
    let pdf = paper.pdf;
    let bytes = std::mem::replace(piece, Vec::with_capacity(PIECE));
    if bytes.is_empty() {
        return Ok(());
    }
    on_disk(core, move |files| files.append(&pdf, &bytes)).await
}

async fn on_disk<T: Send + 'static>(
    core: &Arc<Core>,
    work: impl FnOnce(&dyn PaperFiles) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Trouble> {
    let files = Arc::clone(&core.files);
    match tokio::task::spawn_blocking(move || work(&*files)).await {
        Ok(done) => Ok(done?),
        Err(_) => {
            let problem: Problem = problem::internal("writing a paper");
            Err(Trouble::Way(RemoteError::Here(problem)))
        }
    }
}
