//! Whole evenings of a council in simulated time, from one number: several tablets with the real sync
//! engine, one server, and everything that can go wrong between and to them. What happened is noted
//! down and judged afterwards by [`checker`], which knows nothing of how any of it works.
//!
//! Tablets and server are models of what the store, the client and the log do; those are held to the
//! same promises by suites of their own (`crates/store/tests/promises`, `sync-server/tests/contract`).
//!
//! | goes wrong | how |
//! | --- | --- |
//! | the network | loses in one direction or both, doubles, holds back and so reorders, is cut for a while in one direction or both |
//! | a tablet | is killed at any moment, sleeps so that its clock jumps, is put back to an earlier image of itself |
//! | the server | is killed, is busy, is put back to an earlier backup |
//! | people | write on two devices at once, without a network, and just before a kill |

pub mod checker;
pub mod history;
mod server;
mod tablet;

use std::collections::BTreeMap;

use sync::{Effect, Failure};

use crate::scene::chance::Chance;
use history::{Event, History, Note, NoteId, Readers, TabletId};
use server::{Answer, Request, Server};
use tablet::{Step, Tablet};

pub use checker::{Violation, check};

/// How long everything may take to come to rest once the network is well, in simulated milliseconds.
pub const TO_REST_MS: u64 = 300_000;

/// Whose the tablets are: two members have two each.
const MEMBERS: [u8; 5] = [0, 0, 1, 1, 2];

/// What may go wrong in a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dangers {
    /// The server is put back to backups.
    pub backups: bool,
    /// Tablets are put back to images.
    pub images: bool,
}

/// Plays the schedule of a seed and gives what happened. The same seed plays the same schedule.
#[must_use]
pub fn play(seed: u64) -> History {
    // A third without any putting back: there, nothing may ever stand twice.
    let dangers = Dangers { backups: seed % 3 == 1, images: seed % 3 == 2 || seed % 6 == 1 };
    play_with(seed, dangers)
}

/// Plays the schedule of a seed with these dangers.
#[must_use]
pub fn play_with(seed: u64, dangers: Dangers) -> History {
    let mut world = World::new(seed);
    for _ in 0..24 {
        world.happen_to_somebody(dangers);
        let pause = if world.chance.hits(15) { 60_000 } else { 3_000 };
        let pause = world.chance.below(pause);
        world.run_for(pause);
    }
    world.come_to_rest();
    world.history
}

/// What is on its way.
#[derive(Debug)]
enum Happening {
    Timer { tablet: TabletId, life: u64, arming: u64 },
    Request { tablet: TabletId, nth: u64, request: Request },
    Answer { tablet: TabletId, nth: u64, answer: Result<Answer, Failure> },
    Poke { tablet: TabletId, socket: u64, head: u64 },
    SocketBreaks { tablet: TabletId, socket: u64 },
    TabletWakes(TabletId),
    ServerWakes,
    NetworkBack(TabletId),
}

struct World {
    seed: u64,
    now: u64,
    chance: Chance,
    coming: BTreeMap<(u64, u64), Happening>,
    happened: u64,
    tablets: Vec<Tablet>,
    server: Server,
    history: History,
    notes: NoteId,
    /// Of a hundred messages, how many are lost on the way there and on the way back.
    lost: (u64, u64),
    doubled: u64,
    slow_ms: u64,
    /// From here on nothing new goes wrong.
    healed: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let tablets = MEMBERS.iter().enumerate().map(|(id, member)| Tablet::new(id, *member));
        let mut world = Self {
            seed,
            now: 1_000_000,
            chance: Chance::new(seed),
            coming: BTreeMap::new(),
            happened: 0,
            tablets: tablets.collect(),
            server: Server::new(MEMBERS.len()),
            history: History { members: MEMBERS.to_vec(), events: Vec::new() },
            notes: 0,
            lost: (0, 0),
            doubled: 0,
            slow_ms: 300,
            healed: false,
        };
        for tablet in 0..MEMBERS.len() {
            world.wake(tablet);
        }
        world
    }

    fn happen_to_somebody(&mut self, dangers: Dangers) {
        let tablet = self.any_tablet();
        match self.chance.below(26) {
            0..=8 => self.write(tablet),
            9 => {
                self.write(tablet);
                self.kill(tablet);
            }
            10 => self.kill(tablet),
            11 => self.kill_server(),
            12 => {
                let both = [(true, true), (true, false), (false, true)];
                let index = self.chance.below(3);
                let cut = both.get(usize::try_from(index).unwrap_or(0)).copied();
                let for_ms = self.chance.below(60_000);
                self.cut(tablet, cut.unwrap_or((true, true)), for_ms);
            }
            13 => (self.lost, self.doubled, self.slow_ms) = ((33, 33), 20, 120_000),
            14 => (self.lost, self.doubled, self.slow_ms) = ((60, 0), 0, 2_000),
            15 => (self.lost, self.doubled, self.slow_ms) = ((0, 60), 50, 10_000),
            16 | 17 => (self.lost, self.doubled, self.slow_ms) = ((0, 0), 0, 300),
            18 => self.tell(tablet, sync::Event::UserAsked),
            19 => {
                // It slept: its own clock is suddenly later, and nothing else has happened.
                let slept = self.chance.below(3_600_000);
                if let Some(tablet) = self.tablets.get_mut(tablet) {
                    tablet.ahead += slept;
                }
                self.tell(tablet, sync::Event::Foregrounded);
            }
            20 if dangers.backups => {
                self.server.save();
                self.history.events.push(Event::ServerSaved);
            }
            21 | 22 if dangers.backups => self.put_server_back(),
            23 if dangers.images => {
                if let Some(it) = self.tablets.get_mut(tablet) {
                    it.save();
                }
                self.history.events.push(Event::TabletSaved { tablet });
            }
            24 | 25 if dangers.images => self.put_tablet_back(tablet),
            _ => {
                self.write(tablet);
                self.write(tablet);
            }
        }
    }

    fn any_tablet(&mut self) -> TabletId {
        usize::try_from(self.chance.below(MEMBERS.len() as u64)).unwrap_or(0)
    }

    fn write(&mut self, tablet: TabletId) {
        let readers = match self.chance.below(4) {
            0 | 1 => Readers::Owner,
            2 => Readers::Group,
            _ => Readers::Everybody,
        };
        let Some(it) = self.tablets.get_mut(tablet).filter(|it| it.is_on()) else { return };
        self.notes += 1;
        let note = Note { id: self.notes, owner: it.member, readers };
        it.write(note);
        self.history.events.push(Event::Wrote { tablet, note });
        self.tell(tablet, sync::Event::OutboxGrew { urgent: false });
    }

    fn kill(&mut self, tablet: TabletId) {
        let Some(it) = self.tablets.get_mut(tablet).filter(|it| it.is_on()) else { return };
        it.die();
        let wakes = self.now + self.chance.below(20_000);
        self.at(wakes, Happening::TabletWakes(tablet));
    }

    fn kill_server(&mut self) {
        if !self.server.is_on() {
            return;
        }
        self.server.switch(false);
        let wakes = self.now + self.chance.below(20_000);
        self.at(wakes, Happening::ServerWakes);
        for tablet in 0..self.tablets.len() {
            self.break_socket(tablet);
        }
    }

    /// While the server is put back it is off: no connection from before reaches the log that it has
    /// afterwards.
    fn put_server_back(&mut self) {
        self.kill_server();
        let log = self.server.restore();
        self.history.events.push(Event::ServerRestored { log });
        self.coming.retain(|_, happening| !matches!(happening, Happening::Request { .. }));
    }

    /// The same for a tablet: it takes longer than any connection lasts.
    fn put_tablet_back(&mut self, tablet: TabletId) {
        self.kill(tablet);
        let Some(it) = self.tablets.get_mut(tablet) else { return };
        it.restore();
        self.history.events.push(Event::TabletRestored { tablet });
        self.coming.retain(
            |_, happening| !matches!(happening, Happening::Request { tablet: of, .. } if *of == tablet),
        );
    }

    fn cut(&mut self, tablet: TabletId, cut: (bool, bool), for_ms: u64) {
        if let Some(it) = self.tablets.get_mut(tablet) {
            it.cut = cut;
        }
        self.break_socket(tablet);
        let back = self.now + for_ms;
        self.at(back, Happening::NetworkBack(tablet));
    }

    fn run_for(&mut self, for_ms: u64) {
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

    /// The network is well and nobody touches anything, until nothing waits and everybody has all.
    fn come_to_rest(&mut self) {
        (self.lost, self.doubled, self.slow_ms) = ((0, 0), 0, 300);
        self.healed = true;
        self.history.events.push(Event::Healed);
        let begun = self.now;
        while self.now - begun <= TO_REST_MS {
            let (head, log) = (self.server.head(), self.server.incarnation());
            let rests = |it: &Tablet| {
                it.is_on() && it.is_at_rest() && it.cursor() == head && it.log() == log
            };
            if self.server.is_on() && self.tablets.iter().all(rests) {
                self.history.events.push(Event::Rested);
                break;
            }
            self.run_for(1_000);
        }
        for it in &self.tablets {
            self.history.events.push(Event::Shown {
                tablet: it.id,
                notes: it.shown(),
                cursor: it.cursor(),
                waiting: it.waiting(),
            });
        }
    }

    fn at(&mut self, at: u64, happening: Happening) {
        self.happened += 1;
        self.coming.insert((at, self.happened), happening);
    }

    fn wake(&mut self, tablet: TabletId) {
        let Some(it) = self.tablets.get_mut(tablet).filter(|it| !it.is_on()) else { return };
        let pending = it.wake(self.seed ^ ((tablet as u64) << 32));
        self.tell(tablet, sync::Event::Started { pending, enrolled: true });
    }

    fn tell(&mut self, tablet: TabletId, event: sync::Event) {
        let now = self.now;
        let effects = self.tablets.get_mut(tablet).map(|it| it.tell(now, event));
        for effect in effects.unwrap_or_default() {
            self.follow(tablet, effect);
        }
    }

    fn follow(&mut self, tablet: TabletId, effect: Effect) {
        let Some(it) = self.tablets.get_mut(tablet) else { return };
        let life = it.life;
        match effect {
            Effect::Exchange { number } => {
                let request = it.begin(number);
                self.send(tablet, request);
            }
            Effect::Abandon { .. } => it.in_flight = None,
            Effect::ArmTimer { at_ms } => {
                it.arming += 1;
                let arming = it.arming;
                let at = at_ms.saturating_sub(it.ahead).max(self.now);
                self.at(at, Happening::Timer { tablet, life, arming });
            }
            Effect::ConnectPoke => {
                it.socket += 1;
                it.socket_open = true;
                let (socket, cut) = (it.socket, it.cut);
                let way = self.now + 1 + self.chance.below(self.slow_ms.min(5_000));
                if self.server.is_on() && cut == (false, false) && !self.chance.hits(self.lost.1) {
                    let head = self.server.head();
                    self.at(way, Happening::Poke { tablet, socket, head });
                } else {
                    self.at(way, Happening::SocketBreaks { tablet, socket });
                }
            }
            Effect::DisconnectPoke => it.socket_open = false,
            Effect::FetchPapers | Effect::Report(_) => {}
        }
    }

    fn way(&mut self) -> u64 {
        // Most messages are quick; the slow ones are very slow, and overtaken.
        let longest = if self.chance.hits(80) { 100 } else { self.slow_ms };
        self.now + 1 + self.chance.below(longest)
    }

    fn send(&mut self, tablet: TabletId, request: Request) {
        let Some(it) = self.tablets.get_mut(tablet) else { return };
        it.sent += 1;
        let (nth, cut) = (it.sent, it.cut.0);
        if cut {
            // Without a network a request fails at once, or hangs until the deadline.
            if self.chance.hits(70) {
                let answer = Err(Failure::Offline);
                self.at(self.now + 5, Happening::Answer { tablet, nth, answer });
            }
            return;
        }
        if self.chance.hits(self.doubled) {
            let late = self.way() + self.chance.below(self.slow_ms);
            let request = request.clone();
            self.at(late, Happening::Request { tablet, nth, request });
        }
        if !self.chance.hits(self.lost.0) {
            let way = self.way();
            self.at(way, Happening::Request { tablet, nth, request });
        }
    }

    fn answer(&mut self, tablet: TabletId, nth: u64, answer: Result<Answer, Failure>) {
        let cut = self.tablets.get(tablet).is_some_and(|it| it.cut.1);
        if !cut && !self.chance.hits(self.lost.1) {
            let way = self.way();
            self.at(way, Happening::Answer { tablet, nth, answer });
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Timer { tablet, life, arming } => {
                let its = self.tablets.get(tablet);
                if its.is_some_and(|it| it.is_on() && it.life == life && it.arming == arming) {
                    self.tell(tablet, sync::Event::TimerFired);
                }
            }
            Happening::Request { tablet, nth, request } => {
                self.arrive(tablet, nth, &request);
            }
            Happening::Answer { tablet, nth, answer } => {
                self.hear(tablet, nth, answer);
            }
            Happening::Poke { tablet, socket, head } => {
                let its = self.tablets.get(tablet);
                if its.is_some_and(|it| it.socket_open && it.socket == socket && !it.cut.1) {
                    self.tell(tablet, sync::Event::Poked { head });
                }
            }
            Happening::SocketBreaks { tablet, socket } => {
                let its = self.tablets.get_mut(tablet);
                if let Some(it) = its.filter(|it| it.socket_open && it.socket == socket) {
                    it.socket_open = false;
                    self.tell(tablet, sync::Event::PokeLost);
                }
            }
            Happening::TabletWakes(tablet) => self.wake(tablet),
            Happening::ServerWakes => self.server.switch(true),
            Happening::NetworkBack(tablet) => {
                if let Some(it) = self.tablets.get_mut(tablet) {
                    it.cut = (false, false);
                }
                // The system does not always say so.
                if self.chance.hits(70) {
                    self.tell(tablet, sync::Event::NetworkReturned);
                }
            }
        }
    }

    fn arrive(&mut self, tablet: TabletId, nth: u64, request: &Request) {
        if !self.server.is_on() {
            self.answer(tablet, nth, Err(Failure::Offline));
            return;
        }
        if !self.healed && self.chance.hits(5) {
            let retry_after_ms = Some(self.chance.below(10_000));
            self.answer(tablet, nth, Err(Failure::Busy { retry_after_ms }));
            return;
        }
        let Some(member) = self.tablets.get(tablet).map(|it| it.member) else { return };
        let before = self.server.head();
        let answer = self.server.take(tablet, member, request, &mut self.history.events);
        let head = self.server.head();
        // Killed between the commit and its answer.
        if !self.healed && self.chance.hits(2) {
            self.kill_server();
            return;
        }
        self.answer(tablet, nth, Ok(answer));
        if head > before {
            for tablet in 0..self.tablets.len() {
                if !self.chance.hits(self.lost.1) {
                    let socket = self.tablets.get(tablet).map_or(0, |it| it.socket);
                    let way = self.now + 1 + self.chance.below(100);
                    self.at(way, Happening::Poke { tablet, socket, head });
                }
            }
        }
    }

    fn hear(&mut self, tablet: TabletId, nth: u64, answer: Result<Answer, Failure>) {
        let its = self.tablets.get_mut(tablet);
        // An answer to an earlier request, or to one that was given up, comes to nobody.
        let awaits = |it: &&mut Tablet| it.is_on() && it.in_flight.is_some() && it.sent == nth;
        let Some(it) = its.filter(awaits) else { return };
        let Some(exchange) = it.in_flight else { return };
        let outcome = match answer {
            Ok(answer) => match it.take(&answer, &mut self.history.events) {
                Step::Again(request) => return self.send(tablet, request),
                Step::Done(outcome) => outcome,
            },
            Err(failure) => sync::Outcome::Failed(failure),
        };
        it.in_flight = None;
        self.tell(tablet, sync::Event::Exchanged { number: exchange, outcome });
    }

    fn break_socket(&mut self, tablet: TabletId) {
        let socket = self.tablets.get(tablet).map_or(0, |it| it.socket);
        let noticed = self.now + self.chance.below(60_000);
        self.at(noticed, Happening::SocketBreaks { tablet, socket });
    }
}
