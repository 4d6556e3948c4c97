//! A worker in the tablet's own process, where a platform has no child processes: a paper that
//! crashes pdfium there ends the app, and nothing can be given up.

use std::fs::File;
use std::sync::Arc;

use crate::config::PdfConfig;
use crate::protocol::{Answer, Lost, Request};
use crate::worker::Worker;

/// The one worker, or none yet.
#[derive(Debug)]
pub(crate) struct InProcess {
    config: Arc<PdfConfig>,
    worker: Option<Worker>,
}

impl InProcess {
    pub(super) fn new(config: Arc<PdfConfig>) -> Self {
        Self { config, worker: None }
    }

    pub(super) fn warm(&mut self) -> Result<(), Lost> {
        self.worker().map(drop)
    }

    pub(super) fn ask(
        &mut self,
        request: &Request,
        paper: &File,
    ) -> Result<(Answer, Vec<u8>), Lost> {
        let paper = paper.try_clone().map_err(|error| Lost::Died(error.to_string()))?;
        Ok(self.worker()?.answer(request, paper))
    }

    fn worker(&mut self) -> Result<&mut Worker, Lost> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => {
                let library = self.config.library.as_deref();
                let library = library
                    .ok_or_else(|| Lost::NotStarted("libpdfium was not found".to_owned()))?;
                Worker::new(library, self.config.fonts.as_deref(), false)
            }
        };
        Ok(self.worker.insert(worker))
    }
}
