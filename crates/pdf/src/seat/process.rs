//! A worker in a process of its own.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::Channel;
use crate::config::PdfConfig;
use crate::protocol::{Answer, Lost, Request, WORKER_ARGUMENT};

/// Longest time for a worker to be ready; a busy machine may take a while to load it.
const START: Duration = Duration::from_secs(20);

/// A worker in its process, or none yet.
#[derive(Debug)]
pub(crate) struct Process {
    config: Arc<PdfConfig>,
    worker: Option<(Child, Channel)>,
    lives: u32,
    process: Arc<AtomicU32>,
}

impl Process {
    pub(super) fn new(config: Arc<PdfConfig>, process: Arc<AtomicU32>) -> Self {
        Self { config, worker: None, lives: 0, process }
    }

    pub(super) fn warm(&mut self) -> Result<(), Lost> {
        self.channel().map(drop)
    }

    pub(super) fn ask(
        &mut self,
        request: &Request,
        paper: &File,
    ) -> Result<(Answer, Vec<u8>), Lost> {
        let limit = self.config.page_limit * request.ask.patience();
        let channel = self.channel()?;
        let deadline = Instant::now() + limit;
        let answer = channel
            .send(request, &[], Some(paper.as_fd()))
            .and_then(|()| channel.receive::<Answer>(Some(deadline)));
        match answer {
            Ok((answer, image, _)) => Ok((answer, image)),
            Err(error) => {
                self.end();
                Err(if error.kind() == io::ErrorKind::TimedOut {
                    Lost::Slow(limit)
                } else {
                    Lost::Died(error.to_string())
                })
            }
        }
    }

    fn channel(&mut self) -> Result<&mut Channel, Lost> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        Ok(&mut self.worker.insert(worker).1)
    }

    fn start(&mut self) -> Result<(Child, Channel), Lost> {
        let Some(library) = &self.config.library else {
            return Err(Lost::NotStarted(
                "libpdfium was not found; run `cargo xtask setup`".into(),
            ));
        };
        let failed = |error: io::Error| Lost::NotStarted(error.to_string());
        let library = std::path::absolute(library).map_err(failed)?;
        let (mut channel, there) = Channel::pair().map_err(failed)?;
        let executable = match &self.config.worker {
            Some(worker) => worker.clone(),
            None => this_executable().map_err(failed)?,
        };
        let fonts = self.config.fonts.clone().unwrap_or_default();
        let child = Command::new(executable)
            .arg(WORKER_ARGUMENT)
            .arg(library)
            .arg(fonts)
            .arg(self.lives.to_string())
            // Without a zone, reading a date would open the system's.
            .env_clear()
            .envs([("TZ", "UTC0"), ("LANG", "C")])
            .current_dir("/")
            .stdin(Stdio::from(there))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        self.lives = self.lives.saturating_add(1);
        let ready = channel.receive::<Answer>(Some(Instant::now() + START));
        let trouble = match ready {
            Ok((Answer::Failed(fault), ..)) => fault.detail,
            Ok(_) => {
                self.process.store(child.id(), Ordering::Relaxed);
                return Ok((child, channel));
            }
            Err(error) => error.to_string(),
        };
        self.worker = Some((child, channel));
        self.end();
        Err(Lost::NotStarted(trouble))
    }

    fn end(&mut self) {
        self.process.store(0, Ordering::Relaxed);
        if let Some((mut child, _)) = self.worker.take() {
            // It may have died already; either way it is waited for.
            if let Err(error) = child.kill().and_then(|()| child.wait()) {
                tracing::warn!(%error, "a PDF worker did not end");
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// The running file itself, even when an update has replaced it on the disk.
fn this_executable() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        Ok(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe()
    }
}
