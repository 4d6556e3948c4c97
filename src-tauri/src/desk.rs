//! The tablet's own parts, put together from one folder.
//!
//! The folder is opened beside the window, not before it; whoever asks meanwhile waits. When it
//! cannot be opened, every question is answered with the reason, which the screen has a sentence for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::ports::{PaperImage, StoreError, StoreErrorKind};
use client::{Client, ClientConfig, Door, SystemWorld};
use ipc::{Command, ErrorCode, Event, PageImage, Problem, Reply};
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore, Vault};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// One tablet; cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    door: watch::Receiver<Option<Result<Door, Problem>>>,
    /// Lies in the folder of a clerk's tablet.
    mark: Arc<Path>,
    /// Whether it lay there at the start.
    of_clerk: bool,
}

/// Name of an empty file that says whose tablet it is before the folder is open: which program's page is
/// loaded first must not wait for that. The screens go to the other page by themselves when it is wrong.
const MARK: &str = "clerk";

impl Desk {
    /// Begins to open a profile and returns at once; one with a PIN waits for it. Must be called within
    /// a tokio runtime.
    #[must_use]
    pub fn opening(profile: PathBuf) -> Self {
        let (done, door) = watch::channel(None);
        let mark: Arc<Path> = profile.join(MARK).into();
        let of_clerk = mark.exists();
        tokio::task::spawn_blocking(move || {
            done.send_replace(Some(before(profile)));
        });
        let desk = Self { door, mark, of_clerk };
        tokio::spawn({
            let desk = desk.clone();
            async move { desk.remember().await }
        });
        desk
    }

    /// The page with which the screens begin.
    #[must_use]
    pub fn first_page(&self) -> &'static str {
        if self.of_clerk { "desk.html" } else { "index.html" }
    }

    /// Leaves the mark for the next start, or takes it away; while it is locked nobody knows better.
    async fn remember(&self) {
        let Ok(Reply::Status(status)) = self.call(Command::Status).await else { return };
        let Some(session) = status.session else { return };
        let done = match (session.is_clerk(), self.mark.exists()) {
            (true, false) => std::fs::write(&self.mark, b""),
            (false, true) => std::fs::remove_file(&self.mark),
            (true, true) | (false, false) => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(%error, "the next start loads a page too many");
        }
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn call(&self, command: Command) -> Result<Reply, Problem> {
        self.door().await?.handle(command).await
    }

    /// Lays a piece of a file down on the clerk's desk.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn lay(&self, file: Uuid, offset: u64, bytes: Vec<u8>) -> Result<(), Problem> {
        self.door().await?.lay(file, offset, bytes).await
    }

    /// Draws part of a page.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence.
    pub async fn page(&self, image: PageImage) -> Result<PaperImage, Problem> {
        self.door().await?.page_image(image).await
    }

    /// Hears what the app tells by itself, from now on.
    ///
    /// # Errors
    /// Why the profile cannot be opened.
    pub async fn events(&self) -> Result<Events, Problem> {
        Ok(Events(self.door().await?.subscribe()))
    }

    /// Finishes what is under way and closes the profile.
    pub async fn close(&self) {
        self.remember().await;
        if let Ok(door) = self.door().await {
            door.close().await;
        }
    }

    async fn door(&self) -> Result<Door, Problem> {
        let mut door = self.door.clone();
        let stopped = || Problem::from(ErrorCode::Internal);
        let door = door.wait_for(Option::is_some).await.map_err(|_| stopped())?;
        door.clone().unwrap_or_else(|| Err(stopped()))
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

/// The door before a profile. The reader's workers start meanwhile and outlive every locking.
fn before(profile: PathBuf) -> Result<Door, Problem> {
    let vault = Vault::open(&profile).map_err(|error| closed(&error))?;
    let reader = PdfReader::start(PdfConfig::find()).map_err(|error| {
        tracing::error!(%error, "the PDF reader cannot be started");
        Problem::from(ErrorCode::PdfReader)
    })?;
    let (reader, world) = (Arc::new(reader), Arc::new(SystemWorld::default()));
    let (lock, clock) = (Arc::new(vault.clone()), Arc::clone(&world));
    let opening = move || -> Result<Client, Problem> {
        let said = |error: StoreError| closed(&error);
        Ok(Client::start(ClientConfig {
            store: Box::new(SqliteStore::open_with(&profile, &vault).map_err(said)?),
            files: Arc::new(FilePapers::open_with(&profile, &vault).map_err(said)?),
            keys: Arc::new(FileKeys::open_with(&profile, vault.clone())),
            papers: Arc::clone(&reader) as Arc<dyn client::ports::Papers>,
            letters: Arc::new(press::convocation),
            world: Arc::clone(&world) as Arc<dyn client::ports::World>,
            automatic: true,
        }))
    };
    Ok(Door::new(lock, clock, Box::new(opening)))
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
