//! A week of bad networks in a moment: what the engine asks for, and that it never falls asleep
//! over an outbox.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use pupitre_sync::{Config, Effect, Engine, EngineState, Event, Failure, Halt, Outcome};
use wire::ProblemCode;

/// An engine with its one timer, its one request and a clock, as a driver has them.
struct Desk {
    engine: Engine,
    enrolled: bool,
    now: u64,
    timer: Option<u64>,
    flight: Option<u64>,
    socket: bool,
    papers: u32,
    exchanges: u32,
    shown: EngineState,
}

impl Desk {
    fn new() -> Self {
        Self {
            engine: Engine::new(Config::default(), 7),
            enrolled: false,
            now: 1_000_000,
            timer: None,
            flight: None,
            socket: false,
            papers: 0,
            exchanges: 0,
            shown: EngineState::default(),
        }
    }

    /// Started with an empty outbox, its first exchange done.
    fn up_to_date() -> Self {
        let mut desk = Self::new();
        desk.tell(Event::Started { pending: 0, enrolled: true });
        desk.done(0, false);
        desk
    }

    fn tell(&mut self, event: Event) {
        if event == Event::TimerFired {
            self.timer = None;
        }
        for effect in self.engine.handle(self.now, event) {
            match effect {
                Effect::Exchange { number } => {
                    assert_eq!(self.flight, None, "one exchange at a time");
                    self.flight = Some(number);
                    self.exchanges += 1;
                }
                Effect::Abandon { number } => {
                    assert_eq!(self.flight.take(), Some(number), "only what runs is abandoned");
                }
                Effect::ArmTimer { at_ms } => self.timer = Some(at_ms),
                Effect::ConnectPoke => {
                    assert!(!self.socket, "one socket at a time");
                    self.socket = true;
                }
                Effect::DisconnectPoke => {
                    assert!(self.socket, "only an open socket is closed");
                    self.socket = false;
                }
                Effect::FetchPapers => self.papers += 1,
                Effect::Report(state) => {
                    assert_ne!(state, self.shown, "only changes are told");
                    self.shown = state;
                }
            }
        }
        assert_eq!(self.engine.invariant(), Ok(()), "after {event:?}");
        assert_eq!(self.shown, self.engine.state());
        match event {
            Event::Started { enrolled, .. } => self.enrolled = enrolled,
            Event::Enrolled => self.enrolled = true,
            Event::OutboxGrew { .. }
            | Event::UserAsked
            | Event::TimerFired
            | Event::Exchanged { .. }
            | Event::Poked { .. }
            | Event::PokeLost
            | Event::NetworkReturned
            | Event::Foregrounded
            | Event::Backgrounded => {}
        }
        if self.enrolled && self.flight.is_none() && self.shown.halted.is_none() {
            assert!(self.timer.is_some(), "asleep after {event:?} with {:?}", self.shown);
        }
    }

    fn end(&mut self, outcome: Outcome) {
        let number = self.flight.take().expect("an exchange runs");
        self.tell(Event::Exchanged { number, outcome });
    }

    fn done(&mut self, pending: u32, more: bool) {
        self.end(Outcome::Done { more, pending, cursor: 10, head: 10 });
    }

    fn fail(&mut self, failure: Failure) {
        self.end(Outcome::Failed(failure));
    }

    /// Lets time pass until the timer fires; gives how long that took.
    fn wait(&mut self) -> u64 {
        let at = self.timer.expect("a timer is armed");
        let waited = at.saturating_sub(self.now);
        self.now = self.now.max(at);
        self.tell(Event::TimerFired);
        waited
    }

    fn edit(&mut self) {
        self.tell(Event::OutboxGrew { urgent: false });
    }
}

#[test]
fn a_tablet_exchanges_when_opened_and_then_polls() {
    let mut desk = Desk::new();
    desk.tell(Event::Started { pending: 0, enrolled: true });
    assert!(desk.flight.is_some() && desk.shown.exchanging);
    desk.done(0, false);
    assert_eq!((desk.shown.online, desk.papers, desk.socket), (Some(true), 1, true));
    for _ in 0..50 {
        let waited = desk.wait();
        assert!((45_000..=75_000).contains(&waited), "{waited}");
        desk.done(0, false);
    }
    assert_eq!(desk.papers, 1, "nothing new, nothing to fetch");
}

#[test]
fn a_tablet_without_a_council_sleeps_until_it_is_enrolled() {
    let mut desk = Desk::new();
    desk.tell(Event::Started { pending: 0, enrolled: false });
    desk.tell(Event::UserAsked);
    desk.tell(Event::Foregrounded);
    desk.tell(Event::NetworkReturned);
    assert_eq!((desk.flight, desk.timer), (None, None));
    desk.tell(Event::Enrolled);
    assert!(desk.flight.is_some());
}

#[test]
fn edits_are_gathered_for_two_seconds_and_five_at_most() {
    let mut desk = Desk::up_to_date();
    desk.edit();
    assert_eq!(desk.wait(), 2_000);
    desk.done(0, false);
    desk.edit();
    let first = desk.now;
    while desk.flight.is_none() {
        desk.now += 900;
        if desk.timer.unwrap() <= desk.now {
            desk.now = desk.timer.unwrap();
            desk.tell(Event::TimerFired);
        } else {
            desk.edit();
        }
    }
    assert_eq!(desk.now - first, 5_000, "a hand that never rests is sent all the same");
    desk.done(0, false);
    desk.tell(Event::OutboxGrew { urgent: true });
    assert!(desk.flight.is_some(), "what others wait for goes at once");
}

#[test]
fn an_edit_made_while_an_exchange_runs_is_sent_after_it() {
    let mut desk = Desk::up_to_date();
    desk.edit();
    desk.wait();
    desk.edit();
    // Whether the count was made before the edit or after: both reports end the same way.
    for counted in [0, 1] {
        desk.done(counted, false);
        assert_eq!(desk.shown.waiting, 1);
        assert_eq!(desk.wait(), 2_000);
        desk.edit();
    }
    desk.done(0, false);
    desk.wait();
    desk.done(0, false);
    assert_eq!(desk.shown.waiting, 0);
}

#[test]
fn a_large_outbox_and_a_long_log_go_batch_by_batch_without_a_pause() {
    let mut desk = Desk::new();
    desk.tell(Event::Started { pending: 3_000, enrolled: true });
    for pending in [2_000, 1_000, 0] {
        desk.done(pending, false);
    }
    assert_eq!(desk.flight, None);
    desk.tell(Event::Poked { head: 40 });
    for cursor in [20, 30, 40] {
        desk.end(Outcome::Done { more: cursor < 40, pending: 0, cursor, head: 40 });
    }
    assert_eq!((desk.flight, desk.exchanges), (None, 6));
}

#[test]
fn a_server_that_takes_nothing_and_gives_nothing_is_not_hammered() {
    let mut desk = Desk::new();
    desk.tell(Event::Started { pending: 5, enrolled: true });
    desk.done(5, false);
    let mut spent = 0;
    for _ in 0..20 {
        spent += desk.wait();
        desk.end(Outcome::Done { more: true, pending: 5, cursor: 10, head: 99 });
    }
    assert!(spent > 120_000, "twenty tries took {spent} ms");
}

#[test]
fn without_a_network_the_waits_grow_up_to_a_poll_and_edits_do_not_shorten_them() {
    let mut desk = Desk::up_to_date();
    desk.wait();
    desk.fail(Failure::Offline);
    let mut waits = Vec::new();
    for _ in 0..200 {
        desk.edit();
        waits.push(desk.wait());
        desk.fail(Failure::Offline);
    }
    assert_eq!(desk.shown.online, Some(false));
    assert!(waits.iter().all(|wait| (250..=60_000).contains(wait)));
    assert!(waits[..3].iter().all(|wait| *wait <= 8_000), "{waits:?}");
    let late = &waits[10..];
    let mean = late.iter().sum::<u64>() / late.len() as u64;
    assert!((20_000..40_000).contains(&mean), "full jitter around half a poll: {mean}");
}

#[test]
fn the_network_the_person_and_the_screen_cut_a_wait_short() {
    let mut desk = Desk::up_to_date();
    for _ in 0..12 {
        desk.wait();
        desk.fail(Failure::Offline);
    }
    desk.tell(Event::NetworkReturned);
    assert!(desk.wait() <= 3_000);
    desk.fail(Failure::Offline);
    desk.tell(Event::UserAsked);
    assert!(desk.flight.is_some());
    desk.fail(Failure::Offline);
    desk.tell(Event::Foregrounded);
    assert!(desk.flight.is_some());
}

#[test]
fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let mut desk = Desk::up_to_date();
    desk.wait();
    desk.fail(Failure::Busy { retry_after_ms: Some(30_000) });
    desk.edit();
    desk.tell(Event::Foregrounded);
    desk.tell(Event::Poked { head: 99 });
    assert_eq!(desk.flight, None);
    assert!((30_000..40_000).contains(&desk.wait()));
    desk.fail(Failure::Busy { retry_after_ms: Some(u64::MAX) });
    assert!(desk.wait() < 20 * 60_000, "but not for ever");
    desk.fail(Failure::Busy { retry_after_ms: Some(30_000) });
    desk.tell(Event::UserAsked);
    assert!(desk.flight.is_some(), "a person may ask once");
}

#[test]
fn an_exchange_that_does_not_end_is_abandoned_and_its_late_answer_ignored() {
    let mut desk = Desk::up_to_date();
    desk.edit();
    desk.wait();
    let number = desk.flight.unwrap();
    assert_eq!(desk.wait(), 90_000);
    assert_eq!((desk.flight, desk.shown.online), (None, Some(false)));
    let before = desk.engine.state();
    desk.tell(Event::Exchanged {
        number,
        outcome: Outcome::Done { more: false, pending: 0, cursor: 99, head: 99 },
    });
    assert_eq!(desk.engine.state(), before);
    desk.wait();
    desk.done(0, false);
    assert_eq!(desk.shown.waiting, 0);
}

#[test]
fn a_timer_that_fires_early_is_armed_again() {
    let mut desk = Desk::up_to_date();
    let at = desk.timer;
    desk.tell(Event::TimerFired);
    assert_eq!((desk.timer, desk.flight), (at, None));
}

#[test]
fn a_revoked_tablet_and_an_outdated_app_stop_until_a_person_acts() {
    for (failure, halt) in [(Failure::Revoked, Halt::Revoked), (Failure::Outdated, Halt::Outdated)]
    {
        let mut desk = Desk::up_to_date();
        desk.edit();
        desk.wait();
        desk.fail(failure);
        assert_eq!((desk.shown.halted, desk.socket), (Some(halt), false));
        assert_eq!(desk.shown.waiting, 1, "nothing is lost");
        desk.timer = None;
        for event in [Event::Poked { head: 99 }, Event::Foregrounded, Event::NetworkReturned] {
            desk.tell(event);
        }
        desk.edit();
        assert_eq!((desk.flight, desk.timer), (None, None));
        desk.tell(Event::UserAsked);
        desk.fail(failure);
        assert_eq!(desk.shown.halted, Some(halt));
        desk.tell(Event::Enrolled);
        desk.done(0, false);
        assert_eq!(desk.shown.halted, None);
    }
}

#[test]
fn a_refused_request_is_tried_again_with_patience() {
    let mut desk = Desk::up_to_date();
    desk.edit();
    for _ in 0..5 {
        desk.wait();
        desk.fail(Failure::Refused(ProblemCode::Malformed));
    }
    assert_eq!((desk.shown.halted, desk.shown.waiting), (None, 1));
}

#[test]
fn a_poke_brings_the_exchange_forward_only_when_there_is_news() {
    let mut desk = Desk::up_to_date();
    desk.tell(Event::Poked { head: 10 });
    assert_eq!(desk.flight, None, "that much is here already");
    desk.tell(Event::Poked { head: 11 });
    assert!(desk.flight.is_some());
    desk.tell(Event::Poked { head: 12 });
    desk.end(Outcome::Done { more: false, pending: 0, cursor: 11, head: 11 });
    assert!(desk.flight.is_some(), "what came after the answer was made is fetched");
    desk.end(Outcome::Done { more: false, pending: 0, cursor: 12, head: 12 });
    assert_eq!(desk.flight, None);
    // A server that was restored from a backup has a shorter log than it once said.
    desk.tell(Event::Poked { head: 500 });
    desk.end(Outcome::Done { more: false, pending: 0, cursor: 12, head: 12 });
    assert_eq!(desk.flight, None);
}

#[test]
fn a_lost_socket_is_opened_again_with_growing_waits() {
    let mut desk = Desk::up_to_date();
    let mut waits = Vec::new();
    while waits.len() < 12 {
        desk.socket = false;
        desk.tell(Event::PokeLost);
        let lost = desk.now;
        while !desk.socket {
            desk.wait();
            if desk.flight.is_some() {
                desk.done(0, false);
            }
        }
        waits.push(desk.now - lost);
    }
    assert!(waits.iter().all(|wait| *wait <= 75_000), "{waits:?}");
    assert!(waits[6..].iter().sum::<u64>() > waits[..3].iter().sum(), "{waits:?}");
    desk.tell(Event::Backgrounded);
    assert!(!desk.socket);
    desk.tell(Event::Foregrounded);
    desk.done(0, false);
    assert!(desk.socket);
}

fn any_failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        3 => Just(Failure::Offline),
        1 => prop::option::of(0_u64..100_000)
            .prop_map(|retry_after_ms| Failure::Busy { retry_after_ms }),
        1 => Just(Failure::Refused(ProblemCode::Malformed)),
        1 => Just(Failure::Revoked),
        1 => Just(Failure::Outdated),
    ]
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        2 => (any::<bool>(), 0_u32..5, 0_u64..50, 0_u64..50).prop_map(
            |(more, pending, cursor, head)| Outcome::Done { more, pending, cursor, head }
        ),
        1 => any_failure().prop_map(Outcome::Failed),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// An event of any kind, at any time, true or not.
    Any(Event),
    /// The exchange that runs ends, if one runs.
    End(Outcome),
    /// The timer fires, if it is armed.
    Timer,
    /// The socket breaks, if it is open.
    Break,
}

fn any_step() -> impl Strategy<Value = Step> {
    let stray = prop_oneof![
        1 => (0_u32..5, any::<bool>())
            .prop_map(|(pending, enrolled)| Event::Started { pending, enrolled }),
        1 => Just(Event::Enrolled),
        4 => any::<bool>().prop_map(|urgent| Event::OutboxGrew { urgent }),
        1 => Just(Event::UserAsked),
        2 => Just(Event::TimerFired),
        1 => (100_u64..200, any_outcome())
            .prop_map(|(number, outcome)| Event::Exchanged { number, outcome }),
        2 => (0_u64..60).prop_map(|head| Event::Poked { head }),
        1 => Just(Event::NetworkReturned),
        1 => Just(Event::Foregrounded),
        1 => Just(Event::Backgrounded),
    ];
    prop_oneof![
        4 => stray.prop_map(Step::Any),
        3 => any_outcome().prop_map(Step::End),
        3 => Just(Step::Timer),
        1 => Just(Step::Break),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever happens, one exchange runs at a time, an outbox that is not empty has a timer (both
    /// are asserted after every event), and once the world behaves, everything is sent.
    #[test]
    fn nothing_wedges_the_outbox(
        steps in prop::collection::vec((0_u64..100_000, any_step()), 0..80),
    ) {
        let mut desk = Desk::new();
        for (pause, step) in steps {
            desk.now += pause;
            match step {
                Step::Any(event) => desk.tell(event),
                Step::End(outcome) if desk.flight.is_some() => desk.end(outcome),
                Step::Timer if desk.timer.is_some() => {
                    desk.wait();
                }
                Step::Break if desk.socket => {
                    desk.socket = false;
                    desk.tell(Event::PokeLost);
                }
                Step::End(_) | Step::Timer | Step::Break => {}
            }
        }
        // The person enrols the tablet where that was the trouble, and the server is well.
        if desk.shown.halted.is_some() || !desk.enrolled {
            desk.tell(Event::Enrolled);
        }
        let mut tries = 0;
        while desk.shown.waiting > 0 || desk.flight.is_some() {
            if desk.flight.is_some() {
                desk.end(Outcome::Done { more: false, pending: 0, cursor: 60, head: 60 });
            } else {
                desk.wait();
            }
            tries += 1;
            prop_assert!(tries < 20, "it does not come to rest: {:?}", desk.shown);
        }
    }
}
