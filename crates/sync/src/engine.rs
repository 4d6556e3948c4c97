//! The state machine.

use crate::config::Config;
use crate::event::{Effect, EngineState, Event, Failure, Halt, Outcome};
use crate::jitter::Jitter;

/// Longest wait that a server may ask for, in milliseconds.
const LONGEST_PATIENCE: u64 = 15 * 60_000;

/// When to exchange, and what to do about it. See the crate's documentation.
#[derive(Debug, Clone)]
pub struct Engine {
    config: Config,
    jitter: Jitter,
    phase: Phase,
    poke: Poke,
    visible: bool,
    /// Changes that wait to be sent.
    pending: u32,
    /// Where the tablet stands in the log.
    cursor: u64,
    /// Failures in a row.
    failures: u32,
    /// The server asked for patience until then.
    not_before: u64,
    /// The batch of edits that is gathered since the last exchange began.
    gather: Option<Gather>,
    papers_due: bool,
    online: Option<bool>,
    exchanges: u64,
    armed: Option<u64>,
    reported: EngineState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Asleep,
    Waiting { due: u64 },
    Exchanging(Flight),
    Halted(Halt),
}

/// Edits that wait for more edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gather {
    since: u64,
    due: u64,
}

/// The exchange that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flight {
    number: u64,
    deadline: u64,
    /// What waited when it started.
    pending: u32,
    /// What was added since.
    grew: u32,
    /// The furthest head that was heard of since.
    poked: u64,
    /// The person asked again since: whatever comes of it, another follows.
    asked: bool,
    /// The network came back since: it may run on the old one.
    network: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Poke {
    /// Closed; the next exchange that succeeds opens it.
    Closed,
    Open {
        since: u64,
        losses: u32,
    },
    /// Lost; opened again at `retry`.
    Lost {
        retry: u64,
        losses: u32,
    },
}

impl Engine {
    /// An engine before [`Event::Started`]. `seed` is any number that differs between tablets, so
    /// that they do not all call at once.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            config,
            jitter: Jitter::new(seed),
            phase: Phase::Asleep,
            poke: Poke::Closed,
            visible: true,
            pending: 0,
            cursor: 0,
            failures: 0,
            not_before: 0,
            gather: None,
            papers_due: true,
            online: None,
            exchanges: 0,
            armed: None,
            reported: EngineState::default(),
        }
    }

    /// Takes one event. `now_ms` is a monotonic clock's; where it starts does not matter.
    #[must_use]
    pub fn handle(&mut self, now_ms: u64, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Started { pending, enrolled } => {
                self.pending = pending;
                self.asleep(&mut effects);
                if enrolled {
                    self.exchange(now_ms, &mut effects);
                }
            }
            Event::Enrolled => self.enrolled(now_ms, &mut effects),
            Event::OutboxGrew { urgent } => self.grew(now_ms, urgent),
            Event::UserAsked => self.user_asked(now_ms, &mut effects),
            Event::TimerFired => self.timer_fired(now_ms, &mut effects),
            Event::Exchanged { number, outcome } => {
                if let Phase::Exchanging(flight) = self.phase
                    && flight.number == number
                {
                    self.exchanged(now_ms, flight, outcome, &mut effects);
                }
            }
            Event::Poked { head } => self.poked(now_ms, head),
            Event::PokeLost => self.poke_lost(now_ms),
            Event::NetworkReturned => {
                self.papers_due = true;
                let spread = self.jitter.below(self.config.spread_ms);
                self.hasten(now_ms + spread);
                if let Phase::Exchanging(flight) = &mut self.phase {
                    flight.network = true;
                }
            }
            Event::Foregrounded => {
                self.visible = true;
                self.papers_due = true;
                self.hasten(now_ms);
            }
            Event::Backgrounded => {
                self.visible = false;
                self.close_poke(&mut effects);
            }
        }
        self.start_what_is_due(now_ms, &mut effects);
        self.arm(&mut effects);
        self.report(&mut effects);
        effects
    }

    /// The engine as people may see it.
    #[must_use]
    pub const fn state(&self) -> EngineState {
        EngineState {
            online: self.online,
            exchanging: matches!(self.phase, Phase::Exchanging(_)),
            waiting: self.waiting(),
            halted: match self.phase {
                Phase::Halted(halt) => Some(halt),
                Phase::Asleep | Phase::Waiting { .. } | Phase::Exchanging(_) => None,
            },
        }
    }

    /// Checks what must hold between events; for tests and debug builds.
    ///
    /// # Errors
    /// The rule that is broken.
    pub fn invariant(&self) -> Result<(), &'static str> {
        match self.phase {
            Phase::Asleep | Phase::Halted(_) => Ok(()),
            Phase::Waiting { .. } if self.armed.is_none() && self.pending > 0 => {
                Err("changes wait, nothing is in flight and no timer is armed")
            }
            Phase::Waiting { .. } if self.armed.is_none() => Err("no poll is armed"),
            Phase::Exchanging(_) if self.armed.is_none() => Err("an exchange has no deadline"),
            Phase::Waiting { due } if self.armed.is_some_and(|at| at > self.next(due)) => {
                Err("the timer is armed for later than the next exchange is due")
            }
            Phase::Exchanging(flight) if self.armed.is_some_and(|at| at > flight.deadline) => {
                Err("the timer is armed for later than the exchange's deadline")
            }
            Phase::Waiting { .. } | Phase::Exchanging(_) => Ok(()),
        }
    }

    const fn waiting(&self) -> u32 {
        match self.phase {
            Phase::Exchanging(flight) => self.pending.saturating_add(flight.grew),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Halted(_) => self.pending,
        }
    }

    fn enrolled(&mut self, now: u64, effects: &mut Vec<Effect>) {
        self.pending = self.waiting();
        self.asleep(effects);
        (self.cursor, self.failures, self.not_before) = (0, 0, 0);
        self.papers_due = true;
        self.exchange(now, effects);
    }

    fn asleep(&mut self, effects: &mut Vec<Effect>) {
        if let Phase::Exchanging(Flight { number, .. }) = self.phase {
            effects.push(Effect::Abandon { number });
        }
        self.phase = Phase::Asleep;
        self.close_poke(effects);
    }

    fn grew(&mut self, now: u64, urgent: bool) {
        let since = self.gather.map_or(now, |gather| gather.since);
        let gathered = (now + self.config.gather_ms).min(since + self.config.gather_at_most_ms);
        self.gather = Some(Gather { since, due: if urgent { now } else { gathered } });
        match &mut self.phase {
            Phase::Exchanging(flight) => flight.grew = flight.grew.saturating_add(1),
            Phase::Asleep | Phase::Halted(_) | Phase::Waiting { .. } => {
                self.pending = self.pending.saturating_add(1);
            }
        }
    }

    fn poked(&mut self, now: u64, head: u64) {
        if let Poke::Open { since, .. } = self.poke {
            self.poke = Poke::Open { since, losses: 0 };
        }
        // A poke proves that the network is back, but not that a refusing server has changed.
        let helps = self.failures == 0 || self.online == Some(false);
        match &mut self.phase {
            Phase::Exchanging(flight) => flight.poked = flight.poked.max(head),
            Phase::Waiting { .. } if head > self.cursor && helps => self.hasten(now),
            Phase::Waiting { .. } | Phase::Asleep | Phase::Halted(_) => {}
        }
    }

    /// When a waiting engine exchanges next. While the server cannot be reached, edits wait for it
    /// like everything else.
    fn next(&self, due: u64) -> u64 {
        match self.gather {
            Some(gather) if self.failures == 0 => due.min(gather.due.max(self.not_before)),
            Some(_) | None => due,
        }
    }

    fn user_asked(&mut self, now: u64, effects: &mut Vec<Effect>) {
        self.papers_due = true;
        match &mut self.phase {
            Phase::Asleep => {}
            Phase::Exchanging(flight) => flight.asked = true,
            Phase::Waiting { .. } | Phase::Halted(_) => self.exchange(now, effects),
        }
    }

    fn timer_fired(&mut self, now: u64, effects: &mut Vec<Effect>) {
        self.armed = None;
        if let Phase::Exchanging(flight) = self.phase
            && flight.deadline <= now
        {
            effects.push(Effect::Abandon { number: flight.number });
            self.exchanged(now, flight, Outcome::Failed(Failure::Offline), effects);
        }
        if let Poke::Lost { retry, losses } = self.poke
            && retry <= now
        {
            // Without a server there is nothing to listen to; the next exchange opens it.
            self.poke = Poke::Closed;
            if self.online == Some(true) {
                self.open_poke(now, losses, effects);
            }
        }
    }

    fn exchanged(&mut self, now: u64, flight: Flight, outcome: Outcome, effects: &mut Vec<Effect>) {
        let mut due = match outcome {
            Outcome::Done { more, pending, cursor, head } => {
                // When the member may see other things than before, the log is read anew from 0.
                let further = cursor != self.cursor;
                self.online = Some(true);
                self.not_before = 0;
                self.papers_due |= further;
                self.pending = pending;
                // An exchange that leaves work and gets nowhere must not become a loop.
                let at_once = (more && further)
                    || (!more && flight.poked > head)
                    || (pending > 0 && pending < flight.pending);
                let stuck = !at_once && (more || pending > flight.grew);
                self.cursor = cursor;
                self.failures = if stuck { self.failures.saturating_add(1) } else { 0 };
                if !more && self.papers_due {
                    self.papers_due = false;
                    effects.push(Effect::FetchPapers);
                }
                if matches!(self.poke, Poke::Closed) && self.visible {
                    self.open_poke(now, 0, effects);
                }
                if at_once {
                    now
                } else if stuck {
                    now + self.backoff()
                } else {
                    now + self.jitter.around(self.config.poll_ms)
                }
            }
            Outcome::Failed(failure) => match self.failed(now, failure, effects) {
                Ok(due) => due,
                Err(halt) => {
                    self.pending = flight.pending.saturating_add(flight.grew);
                    self.phase = Phase::Halted(halt);
                    return;
                }
            },
        };
        // Whether `pending` was counted before or after the edits made meanwhile cannot be told:
        // they count as waiting, and the next exchange will know.
        if flight.grew > 0 {
            self.pending = self.pending.max(1);
        }
        if flight.asked {
            due = now;
        } else if flight.network && self.online == Some(false) {
            due = due.min(now + self.jitter.below(self.config.spread_ms));
        }
        self.phase = Phase::Waiting { due };
    }

    /// When to try again, or what keeps from it.
    fn failed(
        &mut self,
        now: u64,
        failure: Failure,
        effects: &mut Vec<Effect>,
    ) -> Result<u64, Halt> {
        self.failures = self.failures.saturating_add(1);
        let halt = match failure {
            Failure::Offline => {
                self.online = Some(false);
                return Ok(now + self.backoff());
            }
            Failure::Busy { retry_after_ms } => {
                self.online = Some(true);
                let asked = retry_after_ms.unwrap_or(0).min(LONGEST_PATIENCE);
                // Many were told the same: they must not all come back at the same moment.
                let spread = self.jitter.below(asked / 4);
                self.not_before = now.saturating_add(asked);
                return Ok(self.not_before.saturating_add(spread).max(now + self.backoff()));
            }
            Failure::Refused(_) => {
                self.online = Some(true);
                return Ok(now + self.backoff());
            }
            Failure::Revoked => Halt::Revoked,
            Failure::Outdated => Halt::Outdated,
        };
        self.online = Some(true);
        self.close_poke(effects);
        Err(halt)
    }

    fn backoff(&mut self) -> u64 {
        self.jitter.backoff(self.config.backoff_ms, self.config.poll_ms, self.failures)
    }

    fn poke_lost(&mut self, now: u64) {
        if let Poke::Open { since, losses } = self.poke {
            // A socket that held for a while starts its count anew.
            let losses =
                if now.saturating_sub(since) > self.config.poll_ms { 1 } else { losses + 1 };
            let wait = self.jitter.backoff(self.config.backoff_ms, self.config.poll_ms, losses);
            self.poke = Poke::Lost { retry: now + wait, losses };
        }
    }

    fn open_poke(&mut self, now: u64, losses: u32, effects: &mut Vec<Effect>) {
        self.poke = Poke::Open { since: now, losses };
        effects.push(Effect::ConnectPoke);
    }

    fn close_poke(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.poke, Poke::Open { .. }) {
            effects.push(Effect::DisconnectPoke);
        }
        self.poke = Poke::Closed;
    }

    /// Brings the next exchange forward, but not before the server's own wish.
    fn hasten(&mut self, to: u64) {
        if let Phase::Waiting { due } = &mut self.phase {
            *due = to.max(self.not_before).min(*due);
        }
    }

    fn start_what_is_due(&mut self, now: u64, effects: &mut Vec<Effect>) {
        if let Phase::Waiting { due } = self.phase
            && self.next(due) <= now
        {
            self.exchange(now, effects);
        }
    }

    fn exchange(&mut self, now: u64, effects: &mut Vec<Effect>) {
        self.exchanges += 1;
        self.gather = None;
        self.phase = Phase::Exchanging(Flight {
            number: self.exchanges,
            deadline: now + self.config.deadline_ms,
            pending: self.pending,
            grew: 0,
            poked: 0,
            asked: false,
            network: false,
        });
        effects.push(Effect::Exchange { number: self.exchanges });
    }

    /// The timer follows from the state: no exit can forget it.
    fn arm(&mut self, effects: &mut Vec<Effect>) {
        let exchange = match self.phase {
            Phase::Asleep | Phase::Halted(_) => None,
            Phase::Waiting { due } => Some(self.next(due)),
            Phase::Exchanging(flight) => Some(flight.deadline),
        };
        let poke = match self.poke {
            Poke::Lost { retry, .. } => Some(retry),
            Poke::Closed | Poke::Open { .. } => None,
        };
        let wanted = exchange.into_iter().chain(poke).min();
        if let Some(at_ms) = wanted
            && wanted != self.armed
        {
            effects.push(Effect::ArmTimer { at_ms });
        }
        if wanted.is_some() {
            self.armed = wanted;
        }
    }

    fn report(&mut self, effects: &mut Vec<Effect>) {
        let state = self.state();
        if state != self.reported {
            self.reported = state;
            effects.push(Effect::Report(state));
        }
    }
}
