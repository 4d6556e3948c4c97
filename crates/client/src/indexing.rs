//! Text of papers for the search, read at low priority.

use std::sync::Arc;

use domain::Sha256;
use futures_util::{StreamExt, TryStreamExt};
use ipc::Problem;

use crate::core::Core;
use crate::inspections;
use crate::ports::{PaperText, PdfErrorKind};

/// Papers read at the same time.
const AT_ONCE: usize = 2;

/// Indexes every whole paper that is not indexed yet.
///
/// # Errors
/// The store's. A paper that cannot be read is indexed as one without text.
pub(crate) async fn texts(core: &Arc<Core>) -> Result<(), Problem> {
    let _turn = core.indexing.lock().await;
    let papers = core.shelf.ask_patiently(|store| store.unindexed_papers()).await?;
    futures_util::stream::iter(papers)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |pdf| async move { one(core, pdf).await })
        .await
}

/// Indexes one paper.
///
/// # Errors
/// The store's.
pub(crate) async fn one(core: &Arc<Core>, pdf: Sha256) -> Result<(), Problem> {
    let Ok(path) = core.path(&pdf, "") else { return Ok(()) };
    let pages = match core.papers.all_text(&path).await {
        Ok(PaperText { pages, inspection }) => {
            inspections::keep(core, pdf, Arc::new(inspection)).await?;
            pages
        }
        Err(error) => match error.kind {
            PdfErrorKind::Damaged
            | PdfErrorKind::Password
            | PdfErrorKind::Empty
            | PdfErrorKind::Unsupported
            | PdfErrorKind::NoSuchPage
            | PdfErrorKind::Quarantined => {
                tracing::info!(%pdf, %error, "a paper without text");
                Vec::new()
            }
            // Not the paper's fault: tried again another time.
            PdfErrorKind::Dropped
            | PdfErrorKind::Broken
            | PdfErrorKind::Reader
            | PdfErrorKind::Unreadable
            | PdfErrorKind::Unwritable => {
                tracing::warn!(%pdf, %error, "a paper is not indexed yet");
                return Ok(());
            }
        },
    };
    core.shelf.ask_patiently(move |store| store.index_text(&pdf, &pages)).await
}
