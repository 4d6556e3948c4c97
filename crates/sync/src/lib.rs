//! When a tablet talks to the server: a pure state machine.
//!
//! [`Engine::handle`] takes the present time and one [`Event`] and gives [`Effect`]s. It does no IO,
//! reads no clock and starts no task, so a week of lost networks is tested in a microsecond. It does
//! not know what is in the outbox or the log either: one *exchange* is "send a batch of the outbox,
//! apply a page of the log", done by the driver, which reports how it ended.
//!
//! # The driver
//! The driver owns one engine, one timer, one request and one poke socket:
//!
//! ```text
//! loop {
//!     let event = next of: commands, the timer, the request, the poke socket, the system;
//!     for effect in engine.handle(clock.monotonic_ms(), event) {
//!         match effect {
//!             Exchange { number }  => start the request; it ends in Event::Exchanged { number, .. }
//!             Abandon { number }   => drop the request
//!             ArmTimer { at_ms }   => set the timer, replacing what it was set to -> TimerFired
//!             ConnectPoke          => open the socket -> Poked for each message, PokeLost at its end
//!             DisconnectPoke       => close the socket
//!             FetchPapers          => look for papers that are wanted
//!             Report(state)        => show it
//!         }
//!     }
//! }
//! ```
//!
//! The first event is [`Event::Started`]. Each edit that was made durable is told by
//! [`Event::OutboxGrew`], *after* it is durable. An exchange reads the outbox when it starts; it ends
//! with [`Outcome::Done`] only when its answer was applied in one transaction, and `pending` is
//! counted after that. An edit between that count and the report is not forgotten: the engine
//! remembers what grew while an exchange ran.
//!
//! # States
//!
//! | state | entered by | timer | left by |
//! | --- | --- | --- | --- |
//! | asleep | `Started` without enrolment | none | `Enrolled` |
//! | waiting | the end of every exchange | the next exchange, at the latest one poll away | the timer, `UserAsked`, `Poked` with a new head, `Foregrounded` |
//! | exchanging | any of those | a hard deadline | `Exchanged` with its number, the deadline |
//! | halted | a refusal that only a person can change ([`Halt`]) | none | `UserAsked` (one attempt), `Enrolled` |
//!
//! When the next exchange is due in *waiting*:
//!
//! | because | due |
//! | --- | --- |
//! | nothing | one poll (60 s, give or take a quarter) after the last exchange |
//! | an edit | 2 s after the last one, at most 5 s after the first; at once when urgent |
//! | more waits on either side | at once, as long as exchanges get further |
//! | an exchange failed | full-jitter exponential back-off, up to a poll; edits do not shorten it |
//! | the server said how long to wait | not before that; only the person's own request is |
//! | the network came back | within 3 s, spread by chance |
//!
//! # What holds
//! - One exchange at a time. An answer to an abandoned one is ignored, by its number.
//! - **An outbox that is not empty, with nothing in flight, has a timer armed**, unless the tablet is
//!   not enrolled or halted. Engines of this kind in the field lose this on some rare exit and then
//!   never send again; here the timer is derived from the state after every event
//!   ([`Engine::invariant`] checks it, and so does a property test over arbitrary events).
//! - A poke only makes the next exchange come sooner. A lost poke costs a poll, never data.

mod config;
mod engine;
mod event;
mod jitter;

pub use config::Config;
pub use engine::Engine;
pub use event::{Effect, EngineState, Event, Failure, Halt, Outcome};
