//! The tablet's own parts, put together from one folder.
//!
//! The folder is opened beside the window, not before it; whoever asks meanwhile waits. When it
//! cannot be opened, every question is answered with the reason, which the screen has a sentence for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::ports::{PaperImage, StoreError, StoreErrorKind};
use client::{Client, ClientConfig, SystemWorld};
use ipc::{Command, ErrorCode, Event, PageImage, Problem, Reply};
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// One tablet; cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    opened: watch::Receiver<Option<Result<Client, Problem>>>,
}

impl Desk {
    /// Begins to open a profile and returns at once. Must be called within a tokio runtime.
    #[must_use]
    pub fn opening(profile: PathBuf) -> Self {
        let (done, opened) = watch::channel(None);
        tokio::task::spawn_blocking(move || {
            done.send_replace(Some(open(&profile)));
        });
        Self { opened }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn call(&self, command: Command) -> Result<Reply, Problem> {
        self.client().await?.handle(command).await
    }

    /// Lays a piece of a file down on the clerk's desk.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn lay(&self, file: Uuid, offset: u64, bytes: Vec<u8>) -> Result<(), Problem> {
        self.client().await?.lay(file, offset, bytes).await
    }

    /// Draws part of a page.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn page(&self, image: PageImage) -> Result<PaperImage, Problem> {
        self.client().await?.page_image(image).await
    }

    /// Hears what the app tells by itself, from now on.
    ///
    /// # Errors
    /// Why the profile cannot be opened.
    pub async fn events(&self) -> Result<Events, Problem> {
        Ok(Events(self.client().await?.subscribe()))
    }

    /// Finishes what is under way and closes the profile.
    pub async fn close(&self) {
        if let Ok(client) = self.client().await {
            client.shutdown().await;
        }
    }

    async fn client(&self) -> Result<Client, Problem> {
        let mut opened = self.opened.clone();
        let stopped = || Problem::from(ErrorCode::Internal);
        let client = opened.wait_for(Option::is_some).await.map_err(|_| stopped())?;
        client.clone().unwrap_or_else(|| Err(stopped()))
    }
}

/// What the app tells by itself.
#[derive(Debug)]
pub struct Events(broadcast::Receiver<Event>);

impl Events {
    /// The next event; none when the app has ended. A listener that was too slow hears
    /// [`Event::Catalogue`] in place of what it missed: it asks again for all it shows.
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Catalogue),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

fn open(profile: &Path) -> Result<Client, Problem> {
    let reader = PdfReader::start(PdfConfig::find()).map_err(|error| {
        tracing::error!(%error, "the PDF reader cannot be started");
        Problem::from(ErrorCode::PdfReader)
    })?;
    Ok(Client::start(ClientConfig {
        store: Box::new(SqliteStore::open(profile).map_err(|error| closed(&error))?),
        files: Arc::new(FilePapers::open(profile).map_err(|error| closed(&error))?),
        keys: Arc::new(FileKeys::open(profile).map_err(|error| closed(&error))?),
        papers: Arc::new(reader),
        letters: Arc::new(press::convocation),
        world: Arc::new(SystemWorld::default()),
        automatic: true,
    }))
}

/// Why the folder cannot be opened.
fn closed(error: &StoreError) -> Problem {
    tracing::error!(%error, "the profile cannot be opened");
    let code = match error.kind {
        StoreErrorKind::Full => ErrorCode::DiskFull,
        StoreErrorKind::TooNew => ErrorCode::StoreTooNew,
        StoreErrorKind::Corrupt
        | StoreErrorKind::NotFound
        | StoreErrorKind::Untrue
        | StoreErrorKind::Busy
        | StoreErrorKind::Locked
        | StoreErrorKind::Failed => ErrorCode::Store,
    };
    code.into()
}
