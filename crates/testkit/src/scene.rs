//! A scene: several tablets with the real sync engine, one server, and a network that behaves as
//! badly as the script says, in simulated time.
//!
//! Everything comes from one seed: the same seed plays the same scene. What is checked all along:
//!
//! - a tablet forgets an operation of its outbox only when it is durable on the server;
//! - the server holds each operation once, and never one that no tablet made;
//! - what a tablet holds of the log is exactly what its member may see of it, up to its cursor;
//! - a tablet has one exchange in flight at most, and its engine keeps its own rules.
//!
//! [`Scene::run_until_quiescent`] adds: once the network is well, everything arrives everywhere in
//! bounded time.
//!
//! ```
//! use pupitre_testkit::Scene;
//! use wire::Audience;
//!
//! let mut scene = Scene::new(7);
//! let sofa = scene.tablet(0);
//! let desk = scene.tablet(0);
//! let other = scene.tablet(1);
//! scene.edit(sofa, Audience::Private);
//! scene.run_until_quiescent();
//! assert_eq!((scene.seen(desk), scene.seen(other)), (1, 0));
//! ```
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::panic,
    reason = "a scene stops at the first broken rule and names its seed"
)]

pub(crate) mod chance;
mod server;
mod tablet;

use std::collections::BTreeMap;

use sync::{Effect, Event, Failure, Outcome};
use wire::{Audience, SyncRequest, SyncResponse};

use chance::Chance;
use server::Server;
use tablet::Tablet;

/// How long everything may take to arrive once the network is well, in simulated milliseconds: a
/// deadline that still runs, a poll, and some back-off.
pub const TO_REST_MS: u64 = 300_000;

/// Names a tablet of the scene.
pub type TabletNumber = usize;

/// How the network behaves, for everyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Of a hundred messages, how many get lost without a word.
    pub lost: u64,
    /// Of a hundred requests, how many arrive twice, the second time late.
    pub doubled: u64,
    /// Longest way of a message, in milliseconds.
    pub slow_ms: u64,
}

impl Weather {
    /// Nothing gets lost.
    pub const FAIR: Self = Self { lost: 0, doubled: 0, slow_ms: 200 };
    /// A third gets lost; some takes longer than anyone waits.
    pub const FOUL: Self = Self { lost: 33, doubled: 20, slow_ms: 120_000 };
}

/// Tablets, server, network and clock.
#[derive(Debug)]
pub struct Scene {
    seed: u64,
    now: u64,
    chance: Chance,
    weather: Weather,
    coming: BTreeMap<(u64, u64), Happening>,
    happened: u64,
    tablets: Vec<Tablet>,
    server: Server,
}

/// What is on its way.
#[derive(Debug)]
enum Happening {
    Timer { tablet: TabletNumber, life: u64, arming: u64 },
    Request { tablet: TabletNumber, life: u64, number: u64, request: SyncRequest },
    Commit,
    Answer { tablet: TabletNumber, life: u64, number: u64, answer: Result<SyncResponse, Failure> },
    Poke { tablet: TabletNumber, socket: u64, head: u64 },
    SocketBreaks { tablet: TabletNumber, socket: u64 },
    TabletWakes(TabletNumber),
    ServerWakes,
    NetworkBack(TabletNumber),
}

impl Scene {
    /// An empty scene.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            now: 1_000_000,
            chance: Chance::new(seed),
            weather: Weather::FAIR,
            coming: BTreeMap::new(),
            happened: 0,
            tablets: Vec::new(),
            server: Server::default(),
        }
    }

    /// A new tablet of a member, switched on.
    pub fn tablet(&mut self, member: u8) -> TabletNumber {
        let number = self.tablets.len();
        self.tablets.push(Tablet::new(number, member, self.seed));
        self.wake(number);
        number
    }

    /// The weather changes.
    pub fn weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// The member makes a change: durable on the tablet, then told to the engine. A tablet that is
    /// off takes none.
    pub fn edit(&mut self, tablet: TabletNumber, audience: Audience) {
        if self.tablets[tablet].is_on() {
            self.tablets[tablet].make(audience, self.now);
            self.tell(tablet, Event::OutboxGrew { urgent: false });
        }
    }

    /// A change that was made durable just before the tablet is killed.
    pub fn edit_and_crash(&mut self, tablet: TabletNumber, audience: Audience) {
        if self.tablets[tablet].is_on() {
            self.tablets[tablet].make(audience, self.now);
            self.crash(tablet);
        }
    }

    /// The person asks for everything to be exchanged.
    pub fn ask(&mut self, tablet: TabletNumber) {
        self.tell(tablet, Event::UserAsked);
    }

    /// The tablet is killed, keeps what was durable, and starts again within 20 s.
    pub fn crash(&mut self, tablet: TabletNumber) {
        if self.tablets[tablet].is_on() {
            self.tablets[tablet].die();
            let wakes = self.now + self.chance.below(20_000);
            self.at(wakes, Happening::TabletWakes(tablet));
        }
    }

    /// The server is killed, keeps what was committed, and starts again within 20 s. Its sockets
    /// break; some tablets learn of it late.
    pub fn crash_server(&mut self) {
        if self.server.die() {
            let wakes = self.now + self.chance.below(20_000);
            self.at(wakes, Happening::ServerWakes);
            for tablet in 0..self.tablets.len() {
                self.break_socket(tablet);
            }
        }
    }

    /// The tablet has no network for this long.
    pub fn cut(&mut self, tablet: TabletNumber, for_ms: u64) {
        self.tablets[tablet].cut = true;
        self.break_socket(tablet);
        let back = self.now + for_ms;
        self.at(back, Happening::NetworkBack(tablet));
    }

    /// What each member may see changes: the server names another view and every tablet is sent the
    /// log anew.
    pub fn change_view(&mut self) {
        self.server.view += 1;
    }

    /// Operations of the log that the tablet holds.
    #[must_use]
    pub fn seen(&self, tablet: TabletNumber) -> usize {
        self.tablets[tablet].log.len()
    }

    /// Exchanges that the tablet has begun.
    #[must_use]
    pub fn exchanges(&self, tablet: TabletNumber) -> u64 {
        self.tablets[tablet].exchanges
    }

    /// Operations in the server's log.
    #[must_use]
    pub fn logged(&self) -> usize {
        self.server.log.len()
    }

    /// Lets simulated time pass.
    ///
    /// # Panics
    /// When a rule is broken; the message names the seed.
    pub fn run_for(&mut self, for_ms: u64) {
        let end = self.now + for_ms;
        while let Some(entry) = self.coming.first_entry() {
            if entry.key().0 > end {
                break;
            }
            let ((at, _), happening) = entry.remove_entry();
            self.now = self.now.max(at);
            self.happen(happening);
        }
        self.now = end;
    }

    /// The weather clears, and time passes until every outbox is empty and every tablet has all
    /// that it may see. Gives the simulated milliseconds that it took.
    ///
    /// # Panics
    /// When a rule is broken, or it takes longer than [`TO_REST_MS`]; the message names the seed.
    pub fn run_until_quiescent(&mut self) -> u64 {
        self.weather = Weather::FAIR;
        let begun = self.now;
        while !self.is_quiescent() {
            let waited = self.now - begun;
            assert!(waited <= TO_REST_MS, "{}: not at rest: {:?}", self.scene(), self.tablets);
            self.run_for(500);
        }
        let made: usize = self.tablets.iter().map(|tablet| tablet.made.len()).sum();
        assert_eq!(made, self.server.log.len(), "{}: made and logged", self.scene());
        self.now - begun
    }

    fn is_quiescent(&self) -> bool {
        self.server.is_on()
            && self.tablets.iter().all(|tablet| {
                tablet.is_on() && tablet.is_done() && tablet.cursor == self.server.head()
            })
    }

    fn scene(&self) -> String {
        format!("seed {} at {} ms", self.seed, self.now)
    }

    fn at(&mut self, at: u64, happening: Happening) {
        self.happened += 1;
        self.coming.insert((at, self.happened), happening);
    }

    fn wake(&mut self, tablet: TabletNumber) {
        let pending = self.tablets[tablet].wake();
        self.tell(tablet, Event::Started { pending, enrolled: true });
    }

    fn tell(&mut self, number: TabletNumber, event: Event) {
        for effect in self.tablets[number].tell(self.now, event) {
            self.follow(number, effect);
        }
    }

    fn follow(&mut self, number: TabletNumber, effect: Effect) {
        let tablet = &mut self.tablets[number];
        let life = tablet.life;
        match effect {
            Effect::Exchange { number: exchange } => {
                let request = tablet.begin(exchange);
                self.send(number, life, exchange, request);
            }
            Effect::Abandon { number: exchange } => tablet.abandon(exchange),
            Effect::ArmTimer { at_ms } => {
                tablet.arming += 1;
                let arming = tablet.arming;
                let at = at_ms.max(self.now);
                self.at(at, Happening::Timer { tablet: number, life, arming });
            }
            Effect::ConnectPoke => {
                tablet.socket += 1;
                tablet.socket_open = true;
                let socket = tablet.socket;
                let reachable = self.server.is_on() && !self.tablets[number].cut;
                let way = self.now + 1 + self.chance.below(self.weather.slow_ms.min(5_000));
                if reachable && !self.chance.hits(self.weather.lost) {
                    let head = self.server.head();
                    self.at(way, Happening::Poke { tablet: number, socket, head });
                } else {
                    self.at(way, Happening::SocketBreaks { tablet: number, socket });
                }
            }
            Effect::DisconnectPoke => tablet.socket_open = false,
            Effect::FetchPapers | Effect::Report(_) => {}
        }
    }

    /// A request sets out; it may get lost, arrive late, or arrive twice.
    fn send(&mut self, tablet: TabletNumber, life: u64, number: u64, request: SyncRequest) {
        let way = self.way();
        if self.tablets[tablet].cut {
            // Without a network the request fails at once, or hangs until the deadline.
            if self.chance.hits(70) {
                let answer = Err(Failure::Offline);
                self.at(self.now + 5, Happening::Answer { tablet, life, number, answer });
            }
            return;
        }
        if self.chance.hits(self.weather.doubled) {
            let late = way + self.way();
            let request = request.clone();
            self.at(late, Happening::Request { tablet, life, number, request });
        }
        if !self.chance.hits(self.weather.lost) {
            self.at(way, Happening::Request { tablet, life, number, request });
        }
    }

    fn way(&mut self) -> u64 {
        // Most messages are quick; the slow ones are very slow.
        let longest = if self.chance.hits(80) { 100 } else { self.weather.slow_ms };
        self.now + 1 + self.chance.below(longest)
    }

    fn answer(
        &mut self,
        tablet: TabletNumber,
        life: u64,
        number: u64,
        answer: Result<SyncResponse, Failure>,
    ) {
        if !self.tablets[tablet].cut && !self.chance.hits(self.weather.lost) {
            let way = self.way();
            self.at(way, Happening::Answer { tablet, life, number, answer });
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Timer { tablet, life, arming } => {
                let it = &self.tablets[tablet];
                if it.is_on() && it.life == life && it.arming == arming {
                    self.tell(tablet, Event::TimerFired);
                }
            }
            Happening::Request { tablet, life, number, request } => {
                self.arrive(tablet, life, number, request);
            }
            Happening::Commit => self.commit(),
            Happening::Answer { tablet, life, number, answer } => {
                self.take_answer(tablet, life, number, answer);
            }
            Happening::Poke { tablet, socket, head } => {
                let it = &self.tablets[tablet];
                if it.is_on() && it.socket_open && it.socket == socket && !it.cut {
                    self.tell(tablet, Event::Poked { head });
                }
            }
            Happening::SocketBreaks { tablet, socket } => {
                let it = &mut self.tablets[tablet];
                if it.is_on() && it.socket_open && it.socket == socket {
                    it.socket_open = false;
                    self.tell(tablet, Event::PokeLost);
                }
            }
            Happening::TabletWakes(tablet) => self.wake(tablet),
            Happening::ServerWakes => self.server.wake(),
            Happening::NetworkBack(tablet) => {
                self.tablets[tablet].cut = false;
                // The system does not always say so.
                if self.chance.hits(70) {
                    self.tell(tablet, Event::NetworkReturned);
                }
            }
        }
    }

    fn arrive(&mut self, tablet: TabletNumber, life: u64, number: u64, request: SyncRequest) {
        if !self.server.is_on() {
            self.answer(tablet, life, number, Err(Failure::Offline));
        } else if self.chance.hits(5) {
            let retry_after_ms = Some(self.chance.below(10_000));
            self.answer(tablet, life, number, Err(Failure::Busy { retry_after_ms }));
        } else if self.server.take(server::Waiting { tablet, life, number, request }) {
            // The first of a group: the group is committed a moment later.
            let commit = self.now + 1 + self.chance.below(10);
            self.at(commit, Happening::Commit);
        }
    }

    fn commit(&mut self) {
        let before = self.server.head();
        for waiting in self.server.commit() {
            let server::Waiting { tablet, life, number, request } = waiting;
            let member = self.tablets[tablet].member;
            let answer = self.server.answer(member, &request, self.now);
            self.answer(tablet, life, number, Ok(answer));
        }
        self.server.check(self.seed);
        let head = self.server.head();
        if head > before {
            for tablet in 0..self.tablets.len() {
                let socket = self.tablets[tablet].socket;
                if !self.chance.hits(self.weather.lost) {
                    let way = self.now + 1 + self.chance.below(100);
                    self.at(way, Happening::Poke { tablet, socket, head });
                }
            }
        }
    }

    fn take_answer(
        &mut self,
        number: TabletNumber,
        life: u64,
        exchange: u64,
        answer: Result<SyncResponse, Failure>,
    ) {
        let scene = self.scene();
        let tablet = &mut self.tablets[number];
        if !tablet.is_on() || tablet.life != life || tablet.in_flight != Some(exchange) {
            return;
        }
        tablet.in_flight = None;
        let outcome = match answer {
            Ok(response) => {
                tablet.apply(&response, &self.server, &scene);
                Outcome::Done {
                    more: response.more,
                    pending: tablet.pending(),
                    cursor: response.cursor,
                    head: response.head,
                }
            }
            Err(failure) => Outcome::Failed(failure),
        };
        self.tell(number, Event::Exchanged { number: exchange, outcome });
    }

    fn break_socket(&mut self, tablet: TabletNumber) {
        let socket = self.tablets[tablet].socket;
        let noticed = self.now + self.chance.below(60_000);
        self.at(noticed, Happening::SocketBreaks { tablet, socket });
    }
}
