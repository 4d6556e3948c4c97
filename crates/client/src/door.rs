//! The door before the tablet: shut while the profile is locked.
//!
//! The tablet's parts are put together only when the vault is open, and taken apart when it is locked,
//! so that no key and no plain page stays in memory. While it is shut only questions to the lock are
//! answered; everything else is refused with a sentence.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use ipc::lock::SHORTEST_PIN;
use ipc::{
    Command, EmptiedView, ErrorCode, Event, LockCommand, LockView, PageImage, Problem, Reply,
    Secret,
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::client::{Client, EVENTS};
use crate::farewell::Dismissal;
use crate::ports::{Emptied, Lock, LockError, PaperImage, StoreError, World};
use crate::problem;

/// Puts the tablet together from a vault that is open. Called on a thread that may wait.
pub type Opening = dyn Fn() -> Result<Client, Problem> + Send + Sync;

/// The way to a tablet. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    inner: Arc<Inner>,
}

struct Inner {
    lock: Arc<dyn Lock>,
    opening: Box<Opening>,
    world: Arc<dyn World>,
    state: watch::Sender<State>,
    events: broadcast::Sender<Event>,
    /// One change of the lock at a time.
    turning: tokio::sync::Mutex<()>,
}

/// What is behind the door.
#[derive(Clone)]
enum State {
    Opening,
    Locked,
    Open(Client),
    /// Why the profile cannot be opened.
    Failed(Problem),
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Door")
    }
}

impl Door {
    /// Begins to open, unless the profile is locked, and returns at once; whoever asks meanwhile waits.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn new(lock: Arc<dyn Lock>, world: Arc<dyn World>, opening: Box<Opening>) -> Self {
        let (state, _) = watch::channel(State::Opening);
        let (events, _) = broadcast::channel(EVENTS);
        let turning = tokio::sync::Mutex::default();
        let inner = Arc::new(Inner { lock, opening, world, state, events, turning });
        let door = Self { inner };
        let first = door.clone();
        tokio::spawn(async move { first.open().await });
        door
    }

    /// Does what is asked.
    ///
    /// # Errors
    /// [`Problem`], to be shown as a sentence; `Locked` for everything but questions to the lock.
    pub async fn handle(&self, command: Command) -> Result<Reply, Problem> {
        if let Command::Lock(asked) = command {
            return self.turn(asked).await.map(Reply::Lock);
        }
        let client = self.client().await?;
        let reply = client.handle(command).await.map_err(|problem| {
            // The answer may have been cut off by what it would have said.
            let dismissed = client.dismissals().borrow().is_some();
            if dismissed { ErrorCode::Emptied.into() } else { problem }
        })?;
        if let Reply::Status(mut status) = reply {
            if status.session.is_none() {
                status.emptied = self.emptied().await?;
            }
            return Ok(Reply::Status(status));
        }
        Ok(reply)
    }

    /// What is told of a profile that was emptied.
    async fn emptied(&self) -> Result<Option<EmptiedView>, Problem> {
        let left = self.with_lock(|lock, _| lock.emptied().map_err(of_store)).await?;
        Ok(left.map(|Emptied { own, unsent, .. }| EmptiedView { own, unsent }))
    }

    /// Empties the profile as was ordered, and begins an empty one. Boxed, since opening leads here again.
    fn empty(self, dismissal: Arc<Dismissal>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let _turn = self.inner.turning.lock().await;
            let state = self.inner.state.send_replace(State::Opening);
            if let State::Open(client) = state {
                client.shutdown().await;
            }
            let notice = *dismissal.notice();
            let emptied = self.with_lock(move |lock, _| lock.empty(&notice).map_err(of_store));
            match emptied.await {
                Ok(()) => {
                    dismissal.confirm().await;
                    self.open().await;
                }
                // What is left is destroyed at the next start.
                Err(problem) => {
                    self.inner.state.send_replace(State::Failed(problem));
                }
            }
            self.inner.events.send(Event::Lock).ok();
        })
    }

    /// The image of a page.
    ///
    /// # Errors
    /// As [`Client::page_image`]; `Locked`.
    pub async fn page_image(&self, image: PageImage) -> Result<PaperImage, Problem> {
        self.client().await?.page_image(image).await
    }

    /// Lays a piece of a file down.
    ///
    /// # Errors
    /// As [`Client::lay`]; `Locked`.
    pub async fn lay(&self, file: Uuid, offset: u64, bytes: Vec<u8>) -> Result<(), Problem> {
        self.client().await?.lay(file, offset, bytes).await
    }

    /// Hears what the tablet tells by itself, from now on, through every locking and opening.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// Finishes what is under way and closes the profile.
    pub async fn close(&self) {
        if let Ok(client) = self.client().await {
            client.shutdown().await;
        }
    }

    /// The tablet behind the door, once it is known whether there is one.
    ///
    /// # Errors
    /// `Locked`, or why the profile cannot be opened.
    pub async fn client(&self) -> Result<Client, Problem> {
        let mut state = self.inner.state.subscribe();
        let known = state.wait_for(|state| !matches!(state, State::Opening)).await;
        match known.map(|known| known.clone()) {
            Ok(State::Open(client)) => Ok(client),
            Ok(State::Failed(problem)) => Err(problem),
            Ok(State::Locked) => Err(ErrorCode::Locked.into()),
            Ok(State::Opening) | Err(_) => Err(crate::core::stopped()),
        }
    }

    /// Puts the tablet together when the vault is open.
    async fn open(&self) {
        let inner = Arc::clone(&self.inner);
        let opened = tokio::task::spawn_blocking(move || {
            let standing = inner.lock.standing(&inner.world.boot());
            if standing.map_err(|error| problem::of_store(&error))?.locked {
                return Ok(State::Locked);
            }
            (inner.opening)().map(State::Open)
        });
        let state = match opened.await {
            Ok(Ok(state)) => state,
            Ok(Err(problem)) => State::Failed(problem),
            Err(_) => State::Failed(problem::internal("opening the profile")),
        };
        if let State::Open(client) = &state {
            let (mut dismissals, door) = (client.dismissals(), self.clone());
            tokio::spawn(async move {
                let heard = dismissals.wait_for(Option::is_some).await;
                let dismissal = heard.ok().and_then(|heard| heard.clone());
                if let Some(dismissal) = dismissal {
                    door.empty(dismissal).await;
                }
            });
            let (mut heard, events) = (client.subscribe(), self.inner.events.clone());
            tokio::spawn(async move {
                loop {
                    let event = match heard.recv().await {
                        Ok(event) => event,
                        // Whoever hears this asks again for all it shows.
                        Err(broadcast::error::RecvError::Lagged(_)) => Event::Catalogue,
                        Err(broadcast::error::RecvError::Closed) => return,
                    };
                    // Nobody may listen.
                    events.send(event).ok();
                }
            });
        }
        self.inner.state.send_replace(state);
    }

    async fn turn(&self, asked: LockCommand) -> Result<LockView, Problem> {
        let _turn = self.inner.turning.lock().await;
        match asked {
            LockCommand::Standing => {}
            LockCommand::Unlock { pin } => {
                self.try_pin(pin).await?;
                if matches!(*self.inner.state.borrow(), State::Locked) {
                    self.inner.state.send_replace(State::Opening);
                    self.open().await;
                    self.inner.events.send(Event::Lock).ok();
                }
            }
            LockCommand::Set { pin, old } => {
                self.client().await?;
                if pin.expose().chars().count() < SHORTEST_PIN {
                    let most = SHORTEST_PIN.to_string();
                    return Err(Problem::about(ErrorCode::PinTooShort, most));
                }
                self.try_pin(old.unwrap_or_else(|| Secret::new(""))).await?;
                self.with_lock(move |lock, _| lock.set_pin(Some(&pin)).map_err(of_store)).await?;
            }
            LockCommand::Remove { old } => {
                self.client().await?;
                self.try_pin(old).await?;
                self.with_lock(|lock, _| lock.set_pin(None).map_err(of_store)).await?;
            }
            LockCommand::Now => self.shut().await?,
        }
        self.standing().await
    }

    async fn shut(&self) -> Result<(), Problem> {
        if !self.standing().await?.pin {
            return Ok(());
        }
        let state = self.inner.state.send_replace(State::Locked);
        if let State::Open(client) = state {
            client.shutdown().await;
        }
        self.with_lock(|lock, _| lock.lock().map_err(of_store)).await?;
        self.inner.events.send(Event::Lock).ok();
        Ok(())
    }

    async fn standing(&self) -> Result<LockView, Problem> {
        let standing = self.with_lock(|lock, now| lock.standing(now).map_err(of_store)).await?;
        let locked = matches!(*self.inner.state.borrow(), State::Locked);
        let (wrong, wait_ms) = (standing.wrong, standing.wait_ms);
        Ok(LockView { pin: standing.pin, locked, wrong, wait_ms })
    }

    async fn try_pin(&self, pin: Secret) -> Result<(), Problem> {
        self.with_lock(move |lock, now| lock.unlock(&pin, now).map_err(of_lock)).await
    }

    async fn with_lock<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Lock, &crate::ports::BootTime) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&*inner.lock, &inner.world.boot()))
            .await
            .map_err(|_| problem::internal("the lock"))?
    }
}

#[allow(clippy::needless_pass_by_value, reason = "given to `map_err`")]
fn of_store(error: StoreError) -> Problem {
    problem::of_store(&error)
}

/// What a person is told of a PIN that was not taken.
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "given to `map_err`")]
pub fn of_lock(error: LockError) -> Problem {
    match error {
        LockError::Wrong => ErrorCode::WrongPin.into(),
        LockError::TooSoon { wait_ms } => {
            Problem::about(ErrorCode::PinTooSoon, wait_ms.div_ceil(1_000).to_string())
        }
        LockError::Store(error) => problem::of_store(&error),
    }
}
