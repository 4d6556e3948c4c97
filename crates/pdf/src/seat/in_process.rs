//! A worker in the tablet's own process, where a platform has no child processes.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use crate::config::PdfConfig;
use crate::protocol::{Answer, Lost, Request};
use crate::worker::Worker;

/// The place of the one worker.
#[derive(Debug)]
pub(crate) struct Seat {
    config: Arc<PdfConfig>,
    worker: Option<Worker>,
}

impl Seat {
    pub(crate) fn new(config: Arc<PdfConfig>, _process: Arc<AtomicU32>) -> Self {
        Self { config, worker: None }
    }

    /// Loads the library.
    pub(crate) fn warm(&mut self) -> Result<(), Lost> {
        self.worker().map(drop)
    }

    /// Does what is asked, however long it takes.
    pub(crate) fn ask(
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
                let library = library.ok_or_else(|| Lost::NotStarted("no libpdfium".into()))?;
                Worker::new(library, self.config.fonts.as_deref(), false)
            }
        };
        Ok(self.worker.insert(worker))
    }
}
