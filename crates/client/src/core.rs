//! What the actor and every task beside it share.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{DocumentId, Sha256};
use ipc::{ErrorCode, Event, Problem};
use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;
use wire::DocKey;

use crate::actor::Message;
use crate::client::Hint;
use crate::desk::Standing;
use crate::exchange::Line;
use crate::farewell::Dismissal;
use crate::inspections::Inspections;
use crate::lease::Lease;
use crate::notes::Fresh;
use crate::picture::Picture;
use crate::ports::{
    Keys, Letters, NotedDocument, PaperFiles, Papers, Profile, StoreErrorKind, World,
};
use crate::remote::{Address, Remote};
use crate::sealing::Unwrapped;
use crate::shelf::Shelf;

/// The ports, the picture, and the ways to the actor.
pub(crate) struct Core {
    pub(crate) shelf: Shelf,
    pub(crate) files: Arc<dyn PaperFiles>,
    pub(crate) keys: Arc<dyn Keys>,
    pub(crate) papers: Arc<dyn Papers>,
    pub(crate) letters: Arc<dyn Letters>,
    pub(crate) world: Arc<dyn World>,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) picture: watch::Receiver<Picture>,
    pub(crate) mailbox: mpsc::UnboundedSender<Message>,
    pub(crate) inspections: Inspections,
    pub(crate) tasks: TaskTracker,
    pub(crate) closing: CancellationToken,
    /// Rung when there is something to send; the driver listens.
    pub(crate) edited: Notify,
    /// What the system says, for the driver.
    pub(crate) hints: broadcast::Sender<Hint>,
    /// One exchange at a time.
    pub(crate) exchanging: tokio::sync::Mutex<()>,
    /// Who writes into notes documents in this life of the app. Not the device: put back to an earlier
    /// image it would write a second time under numbers that it has given.
    pub(crate) writer: [u8; 16],
    /// Whether it is known where the server has this device's line end.
    pub(crate) line: Line,
    /// Held while entries are applied and while notes are read anew, so that an index never
    /// passes for newer than its pieces.
    pub(crate) notes_gate: tokio::sync::Mutex<()>,
    /// One round of downloads at a time.
    pub(crate) fetching: tokio::sync::Mutex<()>,
    /// One round of indexing at a time.
    pub(crate) indexing: tokio::sync::Mutex<()>,
    /// One round at a time of taking in what was brought.
    pub(crate) taking_in: tokio::sync::Mutex<()>,
    /// One publication at a time.
    pub(crate) publishing: tokio::sync::Mutex<()>,
    /// Files of the clerk's desk that are being read.
    pub(crate) being_read: Mutex<BTreeSet<Uuid>>,
    /// Rung when the person stops the publication.
    pub(crate) stop: Notify,
    /// One round of carrying notes at a time.
    pub(crate) carrying: tokio::sync::Mutex<()>,
    /// Keys of sealed notes that are unwrapped.
    pub(crate) unwrapped: Arc<Mutex<Unwrapped>>,
    remote: Mutex<Option<Remote>>,
    dismissed: watch::Sender<Option<Arc<Dismissal>>>,
    /// How much of the lease is spent; none before the tablet has joined a council.
    pub(crate) lease: Mutex<Option<Lease>>,
}

/// The parts of a [`Core`] that its maker brings.
pub(crate) struct Parts {
    pub(crate) shelf: Shelf,
    pub(crate) files: Arc<dyn PaperFiles>,
    pub(crate) keys: Arc<dyn Keys>,
    pub(crate) papers: Arc<dyn Papers>,
    pub(crate) letters: Arc<dyn Letters>,
    pub(crate) world: Arc<dyn World>,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) picture: watch::Receiver<Picture>,
    pub(crate) mailbox: mpsc::UnboundedSender<Message>,
}

impl Core {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { shelf, files, keys, papers, letters, world, events, picture, mailbox } = parts;
        let mut writer = [0; 16];
        world.fill(&mut writer);
        Self {
            shelf,
            files,
            keys,
            papers,
            letters,
            world,
            events,
            picture,
            mailbox,
            inspections: Inspections::default(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            edited: Notify::new(),
            hints: broadcast::channel(16).0,
            exchanging: tokio::sync::Mutex::default(),
            writer,
            line: Line::default(),
            notes_gate: tokio::sync::Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
            indexing: tokio::sync::Mutex::default(),
            taking_in: tokio::sync::Mutex::default(),
            publishing: tokio::sync::Mutex::default(),
            being_read: Mutex::default(),
            stop: Notify::new(),
            carrying: tokio::sync::Mutex::default(),
            unwrapped: Arc::default(),
            remote: Mutex::default(),
            dismissed: watch::channel(None).0,
            lease: Mutex::default(),
        }
    }

    /// The tablet as it is now.
    pub(crate) fn now(&self) -> Picture {
        self.picture.borrow().clone()
    }

    /// The server of the profile.
    pub(crate) fn remote(&self) -> Result<Remote, Problem> {
        let picture = self.now();
        let profile = picture.enrolled()?;
        let mut remote = self.remote.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(remote) = &*remote {
            return Ok(remote.clone());
        }
        let made = self.remote_of(profile)?;
        *remote = Some(made.clone());
        Ok(made)
    }

    fn remote_of(&self, profile: &Profile) -> Result<Remote, Problem> {
        let address = Address::read(&profile.server, profile.authority.as_deref())?;
        Ok(Remote::new(address, profile.device, Arc::clone(&self.keys)))
    }

    /// The tablet is to be emptied: whoever holds its profile hears it.
    pub(crate) fn dismiss(&self, dismissal: Dismissal) {
        self.dismissed.send_replace(Some(Arc::new(dismissal)));
    }

    /// Hears when the tablet is to be emptied.
    pub(crate) fn dismissals(&self) -> watch::Receiver<Option<Arc<Dismissal>>> {
        self.dismissed.subscribe()
    }

    /// The council was reached.
    pub(crate) fn renew(&self, lease: Lease) {
        let before = self.lease.lock().unwrap_or_else(PoisonError::into_inner).replace(lease);
        if before.is_some_and(|before| before.days_left().is_some()) {
            // Whoever hears this asks for everything again.
            self.tell(Event::Lock);
        }
    }

    /// The lease reckoned up to now.
    pub(crate) fn lease_now(&self) -> Option<Lease> {
        let mut known = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        let now = known.as_ref()?.at(self.world.now_ms(), &self.world.boot());
        *known = Some(now.clone());
        Some(now)
    }

    /// Whether the tablet has heard nothing of its council for so long that it is locked.
    ///
    /// # Errors
    /// It is.
    pub(crate) fn within_the_lease(&self) -> Result<(), Problem> {
        match self.lease_now() {
            Some(lease) if lease.is_over() => Err(ErrorCode::LeaseOver.into()),
            Some(_) | None => Ok(()),
        }
    }

    /// Tells whoever listens; nobody may.
    pub(crate) fn tell(&self, event: Event) {
        self.events.send(event).ok();
    }

    /// Path of a whole paper; the PDF reader knows from now on what opens it. A file that is gone, or
    /// that turns out to be damaged, is fetched again.
    pub(crate) fn path(&self, pdf: &Sha256, title: &str) -> Result<std::path::PathBuf, Problem> {
        let found = self.files.path(pdf).and_then(|path| Ok((path, self.files.key(pdf)?)));
        let (path, key) = found.map_err(|error| {
            if error.kind == StoreErrorKind::NotFound {
                self.post(Message::Lost(*pdf));
            }
            Problem::about(ErrorCode::NotHere, title)
        })?;
        let (mailbox, lost) = (self.mailbox.clone(), *pdf);
        let broken = move || {
            // After the actor's end nobody waits for it.
            mailbox.send(Message::Lost(lost)).ok();
        };
        self.papers.unseal(&path, key, Box::new(broken));
        if let Some(password) = self.keys.password(pdf) {
            self.papers.know(&path, Some(password));
        }
        Ok(path)
    }

    /// How a notes document stands on the desk.
    pub(crate) async fn standing(&self, key: DocKey) -> Result<Standing, Problem> {
        self.send(|answer| Message::Standing(key, answer)).await
    }

    /// Gives notes that were read anew to the desk; false when an edit came between.
    pub(crate) async fn install(&self, fresh: Fresh) -> Result<bool, Problem> {
        self.send(|answer| Message::Install(Box::new(fresh), answer)).await?
    }

    /// Has the refused notes of a document kept as private ones.
    pub(crate) async fn rescue(&self, document: NotedDocument) -> Result<(), Problem> {
        self.send(|answer| Message::Rescue(document, answer)).await?
    }

    /// Tells that what may no longer be seen was erased.
    pub(crate) fn forgotten(&self, pdfs: BTreeSet<Sha256>) {
        self.post(Message::Forgotten(pdfs));
    }

    /// Keeps where notes of earlier versions stand; durable when answered.
    pub(crate) async fn carry(
        &self,
        document: NotedDocument,
        carried: Vec<ink::Carried>,
    ) -> Result<(), Problem> {
        self.send(|answer| Message::Carry(document, carried, answer)).await?
    }

    /// Keeps where a person says that a note of an earlier version stands; durable when answered, and
    /// can be taken back.
    pub(crate) async fn settle(
        &self,
        paper: DocumentId,
        document: NotedDocument,
        carried: ink::Carried,
    ) -> Result<(), Problem> {
        let carried = Box::new(carried);
        self.send(|answer| Message::Settle(paper, document, carried, answer)).await?
    }

    /// Has the picture read anew.
    pub(crate) async fn reload(&self) -> Result<(), Problem> {
        self.send(Message::Reload).await?
    }

    /// Tells that a paper is whole.
    pub(crate) fn arrived(&self, pdf: Sha256) {
        self.post(Message::Arrived(pdf));
    }

    pub(crate) fn post(&self, message: Message) {
        // After the actor's end nobody waits for it.
        self.mailbox.send(message).ok();
    }

    async fn send<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        self.post(message(answer));
        tokio::select! {
            answer = answered => answer.map_err(|_| stopped()),
            () = self.closing.cancelled() => Err(stopped()),
        }
    }
}

pub(crate) fn stopped() -> Problem {
    crate::problem::internal("Pupitre is closing")
}
