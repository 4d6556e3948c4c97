//! What the engine hears and what it asks for.

use wire::ProblemCode;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The app has started.
    Started {
        /// Changes that wait to be sent.
        pending: u32,
        /// Whether this tablet belongs to a council.
        enrolled: bool,
    },
    /// This tablet was enrolled, for the first time or again.
    Enrolled,
    /// A change is durable on this tablet and waits to be sent.
    OutboxGrew {
        /// Whether others wait for it (a publication, an answer): it does not wait for more.
        urgent: bool,
    },
    /// The person asked for everything to be exchanged now.
    UserAsked,
    /// The timer has fired.
    TimerFired,
    /// An exchange has ended.
    Exchanged {
        /// Which.
        number: u64,
        /// How.
        outcome: Outcome,
    },
    /// The server says where its log ends.
    Poked {
        /// The last sequence number of the log.
        head: u64,
    },
    /// The poke socket could not be opened, or is closed.
    PokeLost,
    /// The system says that there is a network again.
    NetworkReturned,
    /// The person looks at the app again.
    Foregrounded,
    /// The person has left the app: it keeps no socket open.
    Backgrounded,
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered and the answer is applied.
    Done {
        /// Whether more entries of the log wait after `cursor`.
        more: bool,
        /// Changes that wait to be sent now.
        pending: u32,
        /// Where this tablet stands in the log.
        cursor: u64,
        /// Where the log ends.
        head: u64,
    },
    /// It failed; nothing is lost.
    Failed(Failure),
}

/// Why an exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No connection, or it broke, or its answer made no sense.
    Offline,
    /// The server cannot now.
    Busy {
        /// How long it asks to wait.
        retry_after_ms: Option<u64>,
    },
    /// The server refused the request; it is tried again, with patience.
    Refused(ProblemCode),
    /// This device was revoked.
    Revoked,
    /// This version of the app is too old for the server.
    Outdated,
}

/// What only a person can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Halt {
    /// This device was revoked.
    Revoked,
    /// The app must be updated.
    Outdated,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Do one exchange and report it under this number.
    Exchange {
        /// Counts exchanges from 1.
        number: u64,
    },
    /// Give up this exchange; its report would be ignored.
    Abandon {
        /// Which.
        number: u64,
    },
    /// Let the one timer fire at this time, and at no other.
    ArmTimer {
        /// On the clock of [`crate::Engine::handle`]; it may be in the past.
        at_ms: u64,
    },
    /// Open the poke socket.
    ConnectPoke,
    /// Close the poke socket.
    DisconnectPoke,
    /// Look for papers that are wanted and not here.
    FetchPapers,
    /// The state has changed.
    Report(EngineState),
}

/// The engine as people may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineState {
    /// Whether the last exchange reached the server; none before the first has ended.
    pub online: Option<bool>,
    /// Whether an exchange runs.
    pub exchanging: bool,
    /// Changes that wait to be sent, as far as the engine knows.
    pub waiting: u32,
    /// What only a person can change, if anything.
    pub halted: Option<Halt>,
}
