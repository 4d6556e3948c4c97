//! What PDFs are, remembered by digest: a page's size never changes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Sha256;

use crate::ports::{Inspection, Papers, PdfError};

/// Most PDFs remembered; a 500-page paper takes about 12 KB.
const KEPT: usize = 256;

/// A small memory of inspections.
#[derive(Default)]
pub(crate) struct Inspections {
    known: Mutex<BTreeMap<Sha256, Arc<Inspection>>>,
}

impl Inspections {
    /// What this PDF is.
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
        let found = Arc::new(papers.inspect(path).await?);
        let mut all = self.lock();
        if all.len() >= KEPT {
            all.pop_first();
        }
        all.insert(pdf, Arc::clone(&found));
        Ok(found)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Sha256, Arc<Inspection>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
