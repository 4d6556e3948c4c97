//! The background exchange: carries out what the sync engine asks for.
//!
//! The engine decides when; this task owns its timer, its one request, its poke socket and the
//! downloads, and tells it what became of them.

use std::sync::Arc;
use std::time::Duration;

use sync::{Config, Effect, Engine, EngineState, Event, Failure, Outcome};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use wire::ProblemCode;

use crate::actor::Message;
use crate::clerk::brought;
use crate::client::Hint;
use crate::convene::receipts;
use crate::core::Core;
use crate::exchange::{self, Exchanged};
use crate::remote::RemoteError;
use crate::{carrying, fetch, giving_back, indexing, messages};

/// A poke socket that says nothing for so long is dead; the server pings more often.
const SILENCE: Duration = Duration::from_secs(120);
/// How long the timer sleeps when nothing is armed.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// Drives until the client closes.
pub(crate) async fn drive(core: Arc<Core>) {
    let closing = core.closing.clone();
    let mut driver = Driver::new(core);
    tokio::select! {
        () = driver.run() => {}
        () = closing.cancelled() => {}
    }
    driver.stop();
}

struct Driver {
    core: Arc<Core>,
    engine: Engine,
    began: Instant,
    reports: mpsc::UnboundedSender<Report>,
    inbox: mpsc::UnboundedReceiver<Report>,
    /// The exchange under way, by its number: a late report of an abandoned one must not hide it.
    exchange: Option<(u64, JoinHandle<()>)>,
    poke: Option<JoinHandle<()>>,
    papers: Option<JoinHandle<()>>,
    /// Papers are to be looked for once more.
    papers_owed: bool,
    timer: Option<Instant>,
}

/// What the driver's own tasks report.
#[derive(Clone, Copy)]
enum Report {
    Engine(Event),
    /// Looking for papers has ended; whether all that could come has.
    Papers(bool),
}

impl Driver {
    fn new(core: Arc<Core>) -> Self {
        let mut seed = [0; 8];
        core.world.fill(&mut seed);
        let engine = Engine::new(Config::default(), u64::from_le_bytes(seed));
        let (reports, inbox) = mpsc::unbounded_channel();
        Self {
            core,
            engine,
            began: Instant::now(),
            reports,
            inbox,
            exchange: None,
            poke: None,
            papers: None,
            papers_owed: false,
            timer: None,
        }
    }

    async fn run(&mut self) {
        let pending = self.core.now().sync.pending;
        self.hear(Event::Started { pending, enrolled: true });
        let core = Arc::clone(&self.core);
        let mut hints = core.hints.subscribe();
        loop {
            let timer = self.timer.unwrap_or_else(|| Instant::now() + NEVER);
            tokio::select! {
                () = core.edited.notified() => self.hear(Event::OutboxGrew { urgent: false }),
                () = tokio::time::sleep_until(timer) => {
                    self.timer = None;
                    self.hear(Event::TimerFired);
                }
                Some(report) = self.inbox.recv() => self.reported(report),
                hint = hints.recv() => match hint {
                    Ok(Hint::Foregrounded) => self.hear(Event::Foregrounded),
                    Ok(Hint::Backgrounded) => self.hear(Event::Backgrounded),
                    Ok(Hint::NetworkReturned) => self.hear(Event::NetworkReturned),
                    Err(broadcast::error::RecvError::Lagged(_)) => self.hear(Event::Foregrounded),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
            }
        }
    }

    fn reported(&mut self, report: Report) {
        match report {
            Report::Engine(event) => {
                let done = matches!(event, Event::Exchanged { outcome: Outcome::Done { .. }, .. });
                if let Event::Exchanged { number, .. } = &event
                    && self.exchange.as_ref().is_some_and(|(current, _)| current == number)
                {
                    self.exchange = None;
                }
                self.hear(event);
                // A download that broke off goes on as soon as the server is reached again.
                if done && self.papers_owed {
                    self.fetch();
                }
            }
            Report::Papers(all) => {
                self.papers = None;
                let again = std::mem::replace(&mut self.papers_owed, !all);
                if again && all {
                    self.fetch();
                }
            }
        }
    }

    fn hear(&mut self, event: Event) {
        let now_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        for effect in self.engine.handle(now_ms, event) {
            match effect {
                Effect::Exchange { number } => self.exchange(number),
                Effect::Abandon { .. } => self.abandon(),
                Effect::ArmTimer { at_ms } => {
                    self.timer = Some(self.began + Duration::from_millis(at_ms));
                }
                Effect::ConnectPoke => self.listen(),
                Effect::DisconnectPoke => abort(&mut self.poke),
                Effect::FetchPapers => self.fetch(),
                Effect::Report(state) => self.show(state),
            }
        }
    }

    fn exchange(&mut self, number: u64) {
        let (core, reports) = (Arc::clone(&self.core), self.reports.clone());
        let task = tokio::spawn(async move {
            let outcome = match exchange::once(&core).await {
                Ok(Exchanged { more, pending, cursor, head, .. }) => {
                    acknowledge(&core).await;
                    Outcome::Done { more, pending, cursor, head }
                }
                Err(error) => {
                    let failure = failure(&error);
                    exchange::told(&core, error);
                    Outcome::Failed(failure)
                }
            };
            reports.send(Report::Engine(Event::Exchanged { number, outcome })).ok();
        });
        self.exchange = Some((number, task));
    }

    fn abandon(&mut self) {
        if let Some((_, task)) = self.exchange.take() {
            task.abort();
        }
    }

    fn listen(&mut self) {
        abort(&mut self.poke);
        let (core, reports) = (Arc::clone(&self.core), self.reports.clone());
        self.poke = Some(tokio::spawn(async move {
            if let Err(error) = pokes(&core, &reports).await {
                tracing::debug!(%error, "no poke socket");
            }
            reports.send(Report::Engine(Event::PokeLost)).ok();
        }));
    }

    fn fetch(&mut self) {
        self.papers_owed = self.papers.is_some();
        if self.papers_owed {
            return;
        }
        let (core, reports) = (Arc::clone(&self.core), self.reports.clone());
        self.papers = Some(tokio::spawn(async move {
            let fetched = fetch::wanted(&core).await;
            let all = fetched.is_ok();
            if let Err(error) = fetched {
                exchange::told(&core, error);
            }
            if let Err(problem) = giving_back::papers(&core).await {
                tracing::debug!(?problem, "papers are given back later");
            }
            brought::take_in(&core).await;
            acknowledge(&core).await;
            if let Err(problem) = indexing::texts(&core).await {
                tracing::warn!(%problem, "papers are not indexed");
            }
            if let Err(problem) = carrying::run(&core, all).await {
                tracing::warn!(%problem, "notes are not carried yet");
            }
            reports.send(Report::Papers(all)).ok();
        }));
    }

    fn show(&self, state: EngineState) {
        self.core.post(Message::Sync(Box::new(move |sync| {
            sync.exchanging = state.exchanging;
            if let Some(online) = state.online {
                sync.online = online;
            }
        })));
    }

    fn stop(&mut self) {
        self.abandon();
        abort(&mut self.poke);
        abort(&mut self.papers);
    }
}

fn abort(task: &mut Option<JoinHandle<()>>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}

async fn pokes(core: &Core, reports: &mpsc::UnboundedSender<Report>) -> Result<(), RemoteError> {
    let mut socket = core.remote().map_err(RemoteError::Here)?.listen().await?;
    while let Ok(Some(head)) = tokio::time::timeout(SILENCE, socket.next()).await {
        reports.send(Report::Engine(Event::Poked { head })).ok();
    }
    Ok(())
}

/// Signs for the convocations that are whole on this tablet, and for messages.
async fn acknowledge(core: &Arc<Core>) {
    let convocations = receipts::acknowledge_arrivals(core).await;
    for done in [convocations, messages::acknowledge_arrivals(core).await] {
        if let Err(problem) = done {
            tracing::warn!(%problem, "what arrived is not acknowledged yet");
        }
    }
}

fn failure(error: &RemoteError) -> Failure {
    match error {
        RemoteError::Offline(_)
        | RemoteError::Untrusted(_)
        | RemoteError::Unexpected(_)
        | RemoteError::Here(_) => Failure::Offline,
        RemoteError::Refused(refusal) => match refusal.code {
            ProblemCode::Revoked => Failure::Revoked,
            ProblemCode::Outdated => Failure::Outdated,
            ProblemCode::TooMany | ProblemCode::Unavailable => {
                Failure::Busy { retry_after_ms: refusal.retry_after_ms }
            }
            ProblemCode::Malformed
            | ProblemCode::Invitation
            | ProblemCode::Session
            | ProblemCode::Forbidden
            | ProblemCode::NotFound
            | ProblemCode::TooLarge
            | ProblemCode::Conflict
            | ProblemCode::Untrue => Failure::Refused(refusal.code),
        },
    }
}
