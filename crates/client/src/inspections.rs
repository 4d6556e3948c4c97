//! What PDFs are, remembered by digest: a page's size never changes. In memory for all, and in the
//! store, where it is kept when a paper is indexed, for those that open without a password.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Sha256;
use ipc::Problem;

use crate::core::Core;
use crate::ports::{Inspection, Papers, PdfError};
use crate::problem;

/// Most PDFs remembered; a 500-page paper takes about 12 KB.
const KEPT: usize = 256;

/// A small memory of inspections.
#[derive(Default)]
pub(crate) struct Inspections {
    known: Mutex<BTreeMap<Sha256, Arc<Inspection>>>,
}

impl Inspections {
    /// What this PDF is; reads all of it unless it is remembered.
    pub(crate) async fn of(
        &self,
        papers: &dyn Papers,
        pdf: Sha256,
        path: &Path,
    ) -> Result<Arc<Inspection>, PdfError> {
        let known = self.lock().get(&pdf).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        Ok(self.remember(pdf, papers.inspect(path).await?))
    }

    fn remember(&self, pdf: Sha256, found: Inspection) -> Arc<Inspection> {
        let found = Arc::new(found);
        let mut all = self.lock();
        if all.len() >= KEPT {
            all.pop_first();
        }
        all.insert(pdf, Arc::clone(&found));
        found
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Sha256, Arc<Inspection>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What this PDF is, when that is known without reading it.
///
/// # Errors
/// The store's.
pub(crate) async fn known(core: &Core, pdf: Sha256) -> Result<Option<Arc<Inspection>>, Problem> {
    let known = core.inspections.lock().get(&pdf).cloned();
    if known.is_some() {
        return Ok(known);
    }
    let kept = core.shelf.ask(move |store| store.inspection(&pdf)).await?;
    Ok(kept.map(|kept| core.inspections.remember(pdf, kept)))
}

/// What a paper of this tablet is; all of it is read unless that is known.
///
/// # Errors
/// The store's, or the paper cannot be read.
pub(crate) async fn whole(
    core: &Core,
    pdf: Sha256,
    path: &Path,
    title: &str,
) -> Result<Arc<Inspection>, Problem> {
    if let Some(known) = known(core, pdf).await? {
        return Ok(known);
    }
    let found = core.inspections.of(&*core.papers, pdf, path).await;
    let found = found.map_err(|error| problem::of_pdf(&error, title))?;
    keep(core, pdf, Arc::clone(&found)).await?;
    Ok(found)
}

/// Keeps what a paper of this tablet is. Not of one that asks for a password: opening it must ask.
///
/// # Errors
/// The store's.
pub(crate) async fn keep(core: &Core, pdf: Sha256, found: Arc<Inspection>) -> Result<(), Problem> {
    if core.keys.password(&pdf).is_some() {
        return Ok(());
    }
    core.shelf.ask_patiently(move |store| store.keep_inspection(&pdf, &found)).await
}
