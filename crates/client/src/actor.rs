//! The actor: one task that owns the tablet's state and answers one message after the other.
//!
//! What a hand waits for (marks, undo, places) is done here and touches memory and one short
//! transaction. What needs the PDF reader or the network runs in tasks of its own and comes back as
//! a message, so that a mark never waits behind a download.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{DocumentId, Sha256, SittingId};
use ink::Carried;
use ipc::{Command, Event, NewMark, Preferences, Problem, Reply, SyncState};
use tokio::sync::{mpsc, oneshot, watch};
use wire::DocKey;

use crate::core::Core;
use crate::desk::{Desk, Standing};
use crate::lease::Lease;
use crate::notes::Fresh;
use crate::picture::Picture;
use crate::ports::{CarriedEntry, NotedDocument, Profile, Reading};
use crate::views::status;
use crate::{driver, fetch, importing, marking, problem, reading};

/// Where an answer goes.
pub(crate) type Answer = oneshot::Sender<Result<Reply, Problem>>;

/// What the actor is told.
pub(crate) enum Message {
    /// Somebody asks.
    Command(Box<Command>, Answer),
    /// Notes of a file that are to be made.
    Found(Box<importing::Found>, Answer),
    /// A mark whose quote has been found on its page.
    Quoted(Box<NewMark>, Answer),
    /// How does a notes document stand on the desk?
    Standing(DocKey, oneshot::Sender<Standing>),
    /// Notes that were opened ahead.
    Lay(Box<Fresh>),
    /// Notes of earlier versions that were found on this one.
    Carry(NotedDocument, Vec<Carried>, oneshot::Sender<Result<(), Problem>>),
    /// Where a person says that a note of an earlier version stands on this paper.
    Settle(DocumentId, NotedDocument, Box<Carried>, oneshot::Sender<Result<(), Problem>>),
    /// What changed in a paper between two versions has been looked at.
    Compared {
        /// Which paper.
        document: DocumentId,
        /// The earlier version.
        from: u32,
        /// The present one.
        to: u32,
    },
    /// Where others' notes stand, as this tablet sees it until their owners' tablets say so.
    Seen(Sha256, Vec<CarriedEntry>),
    /// Notes that were read anew; answers whether they were taken.
    Install(Box<Fresh>, oneshot::Sender<Result<bool, Problem>>),
    /// The server refused notes of this document: keep them as private ones.
    Rescue(NotedDocument, oneshot::Sender<Result<(), Problem>>),
    /// What may no longer be seen on these PDFs was erased.
    Forgotten(BTreeSet<Sha256>),
    /// Records or places changed: read the picture anew.
    Reload(oneshot::Sender<Result<(), Problem>>),
    /// A paper is whole.
    Arrived(Sha256),
    /// A paper's file is damaged or gone.
    Lost(Sha256),
    /// An exchange reached the server; whether to its end.
    Exchanged {
        /// Whether nothing was left on either side.
        whole: bool,
        /// When it ended.
        now_ms: i64,
        /// Changes that still wait.
        pending: u32,
        /// Last log entry applied.
        cursor: u64,
    },
    /// How the tablet stands with the server.
    Sync(Box<dyn FnOnce(&mut SyncState) + Send>),
    /// This tablet has joined a council.
    Joined(Box<Profile>, oneshot::Sender<Result<(), Problem>>),
}

/// How often the lease is looked at while nobody asks for anything.
const LEASE_TICK: std::time::Duration = std::time::Duration::from_secs(3_600);

/// How long tasks may take to end.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(10);

/// The actor.
pub(crate) struct Actor {
    pub(crate) core: Arc<Core>,
    pub(crate) desk: Desk,
    drawn: watch::Sender<Picture>,
    automatic: bool,
    driving: bool,
    started: std::time::Instant,
    /// The lease as it was last written down.
    lease: Option<Lease>,
    /// Whether the papers were thrown away because it has ended.
    closed: bool,
}

impl Actor {
    pub(crate) fn new(core: Arc<Core>, drawn: watch::Sender<Picture>, automatic: bool) -> Self {
        let started = std::time::Instant::now();
        let (driving, lease, closed) = (false, None, false);
        Self { core, desk: Desk::default(), drawn, automatic, driving, started, lease, closed }
    }

    /// Answers until the client closes, then lets every task end and closes the store.
    pub(crate) async fn run(mut self, mut letters: mpsc::UnboundedReceiver<Message>) {
        // A trouble at the start is told to whoever asks first.
        self.load().await.ok();
        let closing = self.core.closing.clone();
        loop {
            let message = tokio::select! {
                biased;
                () = closing.cancelled() => break,
                message = letters.recv() => message,
                () = tokio::time::sleep(LEASE_TICK) => {
                    self.keep_lease().await;
                    continue;
                }
            };
            match message {
                Some(message) => self.hear(message).await,
                None => break,
            }
        }
        drop(letters);
        self.core.tasks.close();
        if tokio::time::timeout(FAREWELL, self.core.tasks.wait()).await.is_err() {
            tracing::warn!("some work did not end in time");
        }
        self.core.shelf.close();
    }

    /// The tablet as it is now.
    pub(crate) fn picture(&self) -> Picture {
        self.drawn.borrow().clone()
    }

    /// Draws the picture differently.
    pub(crate) fn draw(&self, change: impl FnOnce(&mut Picture)) {
        self.drawn.send_modify(change);
    }

    async fn hear(&mut self, message: Message) {
        match message {
            Message::Command(command, answer) => self.command(*command, answer).await,
            Message::Quoted(mark, answer) => {
                let marked = self.mark(*mark).await;
                self.answer(answer, marked);
            }
            Message::Found(found, answer) => {
                let taken = self.take_in(*found).await;
                self.answer(answer, taken);
            }
            Message::Standing(key, answer) => {
                answer.send(self.desk.standing(key)).ok();
            }
            Message::Lay(fresh) => {
                let Fresh { document, edits, doc, .. } = *fresh;
                self.desk.install(document, edits, doc);
            }
            Message::Carry(document, carried, answer) => {
                answer.send(self.carry(document, carried).await).ok();
            }
            Message::Settle(paper, document, carried, answer) => {
                answer.send(self.settled(paper, document, *carried).await).ok();
            }
            Message::Compared { document, from, to } => self.compared(document, from, to).await,
            Message::Seen(pdf, carried) => {
                self.draw(|picture| {
                    let places = Arc::make_mut(&mut picture.carried);
                    for entry in carried {
                        places.entry((entry.document.key, entry.carried.id)).or_insert(entry);
                    }
                });
                self.tell_marks(&pdf);
            }
            Message::Install(fresh, answer) => {
                answer.send(self.install(*fresh).await).ok();
            }
            Message::Rescue(document, answer) => {
                answer.send(self.rescue(document).await).ok();
            }
            Message::Forgotten(pdfs) => {
                for pdf in &pdfs {
                    self.tell_marks(pdf);
                }
            }
            Message::Reload(answer) => {
                let loaded = self.load().await;
                self.core.tell(Event::Catalogue);
                answer.send(loaded).ok();
            }
            Message::Arrived(pdf) => self.arrived(pdf),
            Message::Lost(pdf) => self.lost(pdf).await,
            Message::Sync(change) => self.sync_changed(change),
            Message::Exchanged { whole, now_ms, pending, cursor } => {
                self.draw(|picture| picture.cursor = cursor);
                let last = self.drawn.borrow().catalogue.local_ms(now_ms);
                self.sync_changed(Box::new(move |sync| {
                    sync.pending = pending;
                    if whole {
                        sync.online = true;
                        sync.last = last;
                        sync.problem = None;
                    }
                }));
            }
            Message::Joined(profile, answer) => {
                answer.send(self.join(*profile).await).ok();
            }
        }
    }

    async fn command(&mut self, command: Command, answer: Answer) {
        if !self.drawn.borrow().loaded
            && let Err(problem) = self.load().await
        {
            answer.send(Err(problem)).ok();
            return;
        }
        if let Err(problem) = self.within_the_lease(&command).await {
            answer.send(Err(problem)).ok();
            return;
        }
        let done = match command {
            Command::Status => self.status().await,
            Command::Mark(mark) => self.mark(mark).await,
            Command::ChangeMark { document, annotation, text, colour } => {
                self.change_mark(document, annotation, text, colour).await
            }
            Command::Reply { document, annotation, text, id } => {
                self.reply(document, annotation, text, id).await
            }
            Command::ChangeAudience { document, annotation, audience } => {
                self.change_audience(document, annotation, &audience).await
            }
            Command::Edit { document, put, erase, change } => {
                self.edit_many(document, put, erase, change).await
            }
            Command::Erase { document, annotations } => self.erase(document, annotations).await,
            Command::Undo { document } => self.turn_back(document, false).await,
            Command::Redo { document } => self.turn_back(document, true).await,
            Command::RememberPage { document, page } => self.remember_page(document, page).await,
            Command::Prefer(preferences) => self.prefer(preferences).await,
            Command::SawChanges { sitting } => self.saw_changes(sitting).await,
            Command::Shown => {
                let ms = self.started.elapsed().as_millis() as u64;
                tracing::info!(ms, "first screen");
                Ok(Reply::Done)
            }
            Command::Marks { document } => match self.can(document).await {
                Ok((undo, _)) => {
                    return self.aside(answer, reading::Question::Marks { document, undo });
                }
                Err(problem) => Err(problem),
            },
            Command::Document { document } => match self.can(document).await {
                Ok((undo, redo)) => {
                    return self
                        .aside(answer, reading::Question::Document { document, undo, redo });
                }
                Err(problem) => Err(problem),
            },
            Command::Import { document, file, audience } => {
                let from = importing::Source::Path(file);
                return self.import(answer, document, from, audience);
            }
            Command::ImportLaid { document, file, name, audience } => {
                let from = importing::Source::Laid(file, name);
                return self.import(answer, document, from, audience);
            }
            // The door answers these before they come here.
            Command::Lock(_) => Err(problem::internal("a question to the lock")),
            Command::MarkQuote { mark, quote } => return self.mark_quote(answer, mark, quote),
            command @ (Command::Enrol { .. }
            | Command::Sync
            | Command::Home
            | Command::Sitting { .. }
            | Command::Sittings
            | Command::PageText { .. }
            | Command::PageReading { .. }
            | Command::FindPages { .. }
            | Command::Measure { .. }
            | Command::Unlock { .. }
            | Command::Outline { .. }
            | Command::Settle { .. }
            | Command::Versions { .. }
            | Command::Earlier { .. }
            | Command::Compare { .. }
            | Command::Notes { .. }
            | Command::ExportNotes { .. }
            | Command::Archive { .. }
            | Command::Search { .. }
            | Command::Foreign { .. }
            | Command::Export { .. }
            | Command::Publish { .. }
            | Command::Replace { .. }
            | Command::Deadline { .. }
            | Command::Members
            | Command::AddMember { .. }
            | Command::Clerk(_)
            | Command::Convocation(_)
            | Command::Message(_)
            | Command::Sealing(_)
            | Command::Invite { .. }
            | Command::OwnDevices
            | Command::RevokeOwn { .. }
            | Command::Calendar { .. }) => {
                return self.aside(answer, reading::Question::Command(Box::new(command)));
            }
        };
        self.answer(answer, done);
    }

    async fn can(&mut self, document: DocumentId) -> Result<(bool, bool), Problem> {
        let core = Arc::clone(&self.core);
        self.desk.can(&core, document).await
    }

    fn answer(&self, answer: Answer, done: Result<Reply, Problem>) {
        answer.send(done).ok();
    }

    /// Answers in a task of its own.
    fn aside(&self, answer: Answer, question: reading::Question) {
        let core = Arc::clone(&self.core);
        self.core.tasks.spawn(async move {
            let closing = core.closing.clone();
            tokio::select! {
                done = reading::answer(&core, question) => {
                    answer.send(done).ok();
                }
                () = closing.cancelled() => {}
            }
        });
    }

    fn import(
        &self,
        answer: Answer,
        document: DocumentId,
        file: importing::Source,
        audience: ipc::Audience,
    ) {
        let core = Arc::clone(&self.core);
        self.core.tasks.spawn(async move {
            match importing::find(&core, document, file, audience).await {
                Ok(found) => core.post(Message::Found(Box::new(found), answer)),
                Err(problem) => {
                    answer.send(Err(problem)).ok();
                }
            }
        });
    }

    fn mark_quote(&self, answer: Answer, mark: NewMark, quote: String) {
        let core = Arc::clone(&self.core);
        self.core.tasks.spawn(async move {
            match marking::find_quote(&core, mark, &quote).await {
                Ok(mark) => core.post(Message::Quoted(Box::new(mark), answer)),
                Err(problem) => {
                    answer.send(Err(problem)).ok();
                }
            }
        });
    }

    /// Reads the picture anew, and begins to drive once the tablet has joined a council.
    pub(crate) async fn load(&mut self) -> Result<(), Problem> {
        let sync = self.drawn.borrow().sync.clone();
        let picture = self.core.shelf.ask(|store| Picture::load(store, sync)).await?;
        let enrolled = picture.profile.is_some();
        self.drawn.send_replace(picture);
        if enrolled {
            self.load_lease().await?;
        }
        if self.automatic && enrolled && !self.driving {
            self.driving = true;
            let core = Arc::clone(&self.core);
            self.core.tasks.spawn(driver::drive(core));
        }
        Ok(())
    }

    /// Begins to count, or goes on where the app stopped; a tablet of an earlier version begins now.
    async fn load_lease(&mut self) -> Result<(), Problem> {
        if self.core.lease_now().is_some() {
            return Ok(());
        }
        let kept = self.core.shelf.ask(|store| store.lease()).await?;
        let (now_ms, boot) = (self.core.world.now_ms(), self.core.world.boot());
        let lease = kept.clone().unwrap_or_else(|| Lease::begun(now_ms, &boot));
        self.core.renew(lease);
        self.lease = kept;
        self.keep_lease().await;
        Ok(())
    }

    /// Writes down what is spent of the lease, and throws the papers away once it has ended: they come
    /// again. Notes stay, since some may not be sent yet; nobody is shown them.
    async fn keep_lease(&mut self) {
        let Some(lease) = self.core.lease_now() else { return };
        let news = self
            .lease
            .as_ref()
            .is_none_or(|kept| lease.is_news_to(kept) || lease.is_over() != kept.is_over());
        if news {
            let kept = lease.clone();
            match self.core.shelf.ask(move |store| store.save_lease(&kept)).await {
                Ok(()) => self.lease = Some(lease.clone()),
                Err(problem) => tracing::warn!(%problem, "what is spent of the lease is not kept"),
            }
        }
        if lease.is_over() && !self.closed {
            self.closed = true;
            let picture = self.picture();
            for pdf in picture.here.iter() {
                // What was never published is nowhere else.
                if picture.catalogue.papers_of(pdf).next().is_some() {
                    self.throw_away(*pdf).await;
                }
            }
            self.core.tell(Event::Lock);
        } else if !lease.is_over() {
            self.closed = false;
        }
    }

    /// Refuses what a tablet does not do that has heard nothing of its council for too long.
    async fn within_the_lease(&mut self, command: &Command) -> Result<(), Problem> {
        let Err(problem) = self.core.within_the_lease() else {
            self.closed = false;
            return Ok(());
        };
        self.keep_lease().await;
        let asks_nothing = matches!(
            command,
            Command::Status | Command::Sync | Command::Shown | Command::Prefer(_)
        );
        if asks_nothing { Ok(()) } else { Err(problem) }
    }

    async fn join(&mut self, profile: Profile) -> Result<(), Problem> {
        self.core.shelf.ask(move |store| store.save_profile(&profile)).await?;
        self.load().await
    }

    async fn install(&mut self, fresh: Fresh) -> Result<bool, Problem> {
        let Fresh { document, edits, doc, marks, carried, unreadable } = fresh;
        if !self.desk.install(document, edits, doc) {
            return Ok(false);
        }
        let stands = carried.clone();
        let now_ms = self.core.world.now_ms();
        let owner = document.scope.owner;
        let mine = self.drawn.borrow().member() == Some(owner);
        let (known, counts) = self
            .core
            .shelf
            .ask(move |store| {
                store.index_carried(&document, &stands)?;
                store.index_notes(&document, &marks, unreadable, now_ms)?;
                let counts = if mine { Some(store.note_counts(owner)?) } else { None };
                Ok((store.unreadable()?, counts))
            })
            .await?;
        self.draw(|picture| {
            picture.sync.unreadable = known;
            let places = Arc::make_mut(&mut picture.carried);
            for carried in carried {
                places.insert((document.key, carried.id), CarriedEntry { document, carried });
            }
            if let Some(counts) = counts {
                picture.notes = Arc::new(counts);
            }
        });
        self.tell_marks(&document.pdf);
        Ok(true)
    }

    /// Tells that the marks on a PDF changed from outside.
    pub(crate) fn tell_marks(&self, pdf: &Sha256) {
        for paper in self.picture().catalogue.papers_of(pdf).filter(|paper| paper.current) {
            self.core.tell(Event::Marks { document: paper.document });
        }
    }

    fn arrived(&self, pdf: Sha256) {
        self.draw(|picture| {
            Arc::make_mut(&mut picture.here).insert(pdf);
        });
        let picture = self.picture();
        for paper in picture.catalogue.papers_of(&pdf).filter(|paper| paper.current) {
            if let Some(event) = reading::arriving(&picture, paper.document, None) {
                self.core.tell(event);
            }
        }
    }

    /// A paper that was here must be fetched again. Its pieces are of no use: the key goes with them.
    async fn lost(&mut self, pdf: Sha256) {
        if !self.drawn.borrow().here.contains(&pdf) {
            return;
        }
        tracing::warn!(%pdf, "a paper is damaged or gone, and is fetched again");
        if !self.throw_away(pdf).await {
            // The next who asks for it begins anew.
            return;
        }
        self.core.tell(Event::Catalogue);
        if self.automatic {
            let core = Arc::clone(&self.core);
            self.core.tasks.spawn(async move {
                // Without a network it comes with the next exchange.
                if let Err(error) = fetch::wanted(&core).await {
                    tracing::info!(%error, "a damaged paper is not fetched yet");
                }
            });
        }
    }

    /// Throws a paper away with its key; false when the store does not let go of it.
    async fn throw_away(&mut self, pdf: Sha256) -> bool {
        if self.core.shelf.ask(move |store| store.paper_lost(&pdf)).await.is_err() {
            return false;
        }
        let files = Arc::clone(&self.core.files);
        let discarded = tokio::task::spawn_blocking(move || files.discard(&pdf)).await;
        if !matches!(discarded, Ok(Ok(()))) {
            tracing::warn!(%pdf, "what is left of a paper stays behind");
        }
        self.draw(|picture| {
            Arc::make_mut(&mut picture.here).remove(&pdf);
        });
        true
    }

    fn sync_changed(&self, change: Box<dyn FnOnce(&mut SyncState) + Send>) {
        let before = self.drawn.borrow().sync.clone();
        self.draw(|picture| change(&mut picture.sync));
        let now = self.drawn.borrow().sync.clone();
        if before != now {
            self.core.tell(Event::Sync(now));
        }
    }

    /// The state of this tablet; what waits is counted now.
    async fn status(&mut self) -> Result<Reply, Problem> {
        let pending = self.core.shelf.ask(|store| store.pending()).await?;
        self.sync_changed(Box::new(move |sync| sync.pending = pending));
        Ok(Reply::Status(Box::new(self.described())))
    }

    fn described(&self) -> ipc::Status {
        let lease = self.core.lease_now();
        status::status(&self.picture(), lease.and_then(|lease| lease.days_left()))
    }

    async fn remember_page(&mut self, document: DocumentId, page: u32) -> Result<Reply, Problem> {
        let picture = self.picture();
        let version = picture.catalogue.paper(document)?.version;
        crate::pages::check_page(page, version.pages)?;
        let at_ms = self.core.world.now_ms();
        let known = picture.readings.get(&document);
        let since = known.and_then(|known| known.changed_since(version.number)).unwrap_or(0);
        let seen = known.map_or(0, |known| known.seen);
        let reading = Reading { document, version: version.number, page, at_ms, since, seen };
        self.keep_reading(reading).await?;
        Ok(Reply::Done)
    }

    async fn keep_reading(&mut self, reading: Reading) -> Result<(), Problem> {
        self.core.shelf.ask(move |store| store.save_reading(&reading)).await?;
        self.draw(|picture| {
            Arc::make_mut(&mut picture.readings).insert(reading.document, reading);
        });
        Ok(())
    }

    /// What changed in a paper between two versions has been looked at.
    async fn compared(&mut self, document: DocumentId, from: u32, to: u32) {
        let known = self.picture().readings.get(&document).copied();
        let Some(known) = known else { return };
        // Of a later version than the one that was read not everything was seen.
        if known.changed_since(to).is_none_or(|read| from > read) {
            return;
        }
        // It is shown as new once more otherwise, no harm done.
        if let Err(problem) = self.keep_reading(Reading { since: 0, seen: to, ..known }).await {
            tracing::warn!(%problem, "what was looked at is not remembered");
        }
    }

    async fn saw_changes(&mut self, sitting: SittingId) -> Result<Reply, Problem> {
        self.picture().catalogue.sitting(sitting)?;
        let at_ms = self.core.world.now_ms();
        self.core.shelf.ask(move |store| store.save_changes_seen(sitting, at_ms)).await?;
        self.draw(|picture| {
            Arc::make_mut(&mut picture.changes_seen).insert(sitting, at_ms);
        });
        Ok(Reply::Done)
    }

    async fn prefer(&mut self, preferences: Preferences) -> Result<Reply, Problem> {
        let kept = preferences.clone();
        self.core.shelf.ask(move |store| store.save_preferences(&kept)).await?;
        self.draw(|picture| picture.preferences = preferences);
        Ok(Reply::Status(Box::new(self.described())))
    }
}
