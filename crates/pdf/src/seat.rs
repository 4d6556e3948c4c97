//! Where a worker sits: in a process of its own wherever there are processes, else in a thread.

#[cfg(unix)]
mod channel;
mod in_process;
#[cfg(unix)]
mod process;

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

#[cfg(unix)]
pub(crate) use channel::Channel;

use crate::config::PdfConfig;
use crate::protocol::{Answer, Lost, Request};

/// The place of one worker, which may be empty.
#[derive(Debug)]
pub(crate) enum Seat {
    #[cfg(unix)]
    Process(process::Process),
    InProcess(in_process::InProcess),
}

impl Seat {
    /// `process` tells the worker's process identifier, 0 when there is none.
    pub(crate) fn new(config: Arc<PdfConfig>, process: Arc<AtomicU32>) -> Self {
        #[cfg(unix)]
        if !config.in_process {
            return Self::Process(process::Process::new(config, process));
        }
        drop(process);
        Self::InProcess(in_process::InProcess::new(config))
    }

    /// Starts the worker when there is none, so that the first request need not wait for it.
    pub(crate) fn warm(&mut self) -> Result<(), Lost> {
        match self {
            #[cfg(unix)]
            Self::Process(process) => process.warm(),
            Self::InProcess(worker) => worker.warm(),
        }
    }

    /// Asks the worker; whenever it is lost over that, it is gone and the next request starts
    /// another.
    pub(crate) fn ask(
        &mut self,
        request: &Request,
        paper: &File,
    ) -> Result<(Answer, Vec<u8>), Lost> {
        match self {
            #[cfg(unix)]
            Self::Process(process) => process.ask(request, paper),
            Self::InProcess(worker) => worker.ask(request, paper),
        }
    }
}
