//! A tablet of a scene: the real engine over a store in memory.

use std::collections::BTreeMap;

use domain::{CouncilId, DeviceId, MemberId};
use sync::{Config, Effect, Engine, Event};
use wire::{
    Audience, DocKey, Header, Kind, Op, Outcome, PROTOCOL, Scope, SyncRequest, SyncResponse,
};

use super::server::Server;

/// Operations in a request: few, so that an outbox needs several.
const BATCH: usize = 4;

#[derive(Debug)]
pub(super) struct Tablet {
    pub(super) member: MemberId,
    device: DeviceId,
    seed: u64,
    /// Durable.
    outbox: BTreeMap<u64, Op>,
    pub(super) log: BTreeMap<u64, Op>,
    pub(super) cursor: u64,
    view: u64,
    /// All that was ever made here, for checking.
    pub(super) made: BTreeMap<u64, Op>,
    /// Lost in a crash.
    engine: Option<Engine>,
    pub(super) in_flight: Option<u64>,
    pub(super) socket_open: bool,
    /// Counts lives, timers and sockets: what belongs to an earlier one is late.
    pub(super) life: u64,
    pub(super) arming: u64,
    pub(super) socket: u64,
    /// Without network.
    pub(super) cut: bool,
    pub(super) exchanges: u64,
}

impl Tablet {
    pub(super) fn new(number: usize, member: u8, seed: u64) -> Self {
        let number = number as u64;
        Self {
            member: MemberId::new(1, [member; 10]),
            device: DeviceId::new(number + 1, [0; 10]),
            seed: seed ^ (number << 32),
            outbox: BTreeMap::new(),
            log: BTreeMap::new(),
            cursor: 0,
            view: 0,
            made: BTreeMap::new(),
            engine: None,
            in_flight: None,
            socket_open: false,
            life: 0,
            arming: 0,
            socket: 0,
            cut: false,
            exchanges: 0,
        }
    }

    pub(super) const fn is_on(&self) -> bool {
        self.engine.is_some()
    }

    /// Starts the app; gives what waits to be sent.
    pub(super) fn wake(&mut self) -> u32 {
        self.life += 1;
        self.engine = Some(Engine::new(Config::default(), self.seed ^ self.life));
        self.pending()
    }

    pub(super) fn die(&mut self) {
        self.engine = None;
        self.in_flight = None;
        self.socket_open = false;
    }

    pub(super) fn pending(&self) -> u32 {
        u32::try_from(self.outbox.len()).unwrap_or(u32::MAX)
    }

    /// Whether nothing waits, and the engine knows it.
    pub(super) fn is_done(&self) -> bool {
        let waiting = self.engine.as_ref().map_or(1, |engine| engine.state().waiting);
        self.outbox.is_empty() && self.in_flight.is_none() && waiting == 0
    }

    /// Makes one durable change.
    pub(super) fn make(&mut self, audience: Audience, now: u64) {
        let device_seq = self.made.len() as u64 + 1;
        let header = Header {
            council: CouncilId::new(1, [0; 10]),
            scope: Scope { owner: self.member, audience },
            document: DocKey([7; 16]),
            device: self.device,
            device_seq,
            kind: Kind::Note,
            epoch: 0,
            made_ms: i64::try_from(now).unwrap_or(i64::MAX),
        };
        let op = Op { header, payload: device_seq.to_be_bytes().to_vec(), signature: [0; 64] };
        self.outbox.insert(device_seq, op.clone());
        self.made.insert(device_seq, op);
    }

    pub(super) fn tell(&mut self, now: u64, event: Event) -> Vec<Effect> {
        let Some(engine) = &mut self.engine else { return Vec::new() };
        let effects = engine.handle(now, event);
        assert_eq!(engine.invariant(), Ok(()), "seed {:x} after {event:?}", self.seed);
        effects
    }

    /// Reads the outbox for an exchange.
    pub(super) fn begin(&mut self, exchange: u64) -> SyncRequest {
        assert_eq!(self.in_flight, None, "seed {:x}: two exchanges at once", self.seed);
        self.in_flight = Some(exchange);
        self.exchanges += 1;
        SyncRequest {
            protocol: PROTOCOL,
            cursor: self.cursor,
            view: self.view,
            outbox: self.outbox.values().take(BATCH).cloned().collect(),
            next: None,
        }
    }

    pub(super) fn abandon(&mut self, exchange: u64) {
        assert_eq!(self.in_flight.take(), Some(exchange), "seed {:x}", self.seed);
    }

    /// Applies an answer in one step, and checks it against the server.
    pub(super) fn apply(&mut self, response: &SyncResponse, server: &Server, scene: &str) {
        for ack in &response.acks {
            match ack.outcome {
                Outcome::Accepted { seq } => {
                    if let Some(op) = self.outbox.remove(&ack.device_seq) {
                        assert!(server.holds(seq, &op), "{scene}: acknowledged but not durable");
                    }
                }
                Outcome::Refused { .. } | Outcome::Conflict { .. } => {
                    panic!("{scene}: an honest operation was not taken: {ack:?}");
                }
            }
        }
        for logged in &response.items {
            self.log.insert(logged.seq, logged.op.clone());
        }
        if response.view == self.view {
            assert!(response.cursor >= self.cursor, "{scene}: the cursor went back");
        }
        (self.cursor, self.view) = (response.cursor, response.view);
        let held = self.log.range(..=self.cursor).map(|(seq, op)| (*seq, op));
        assert!(
            held.eq(server.seen_by(self.member, self.cursor)),
            "{scene}: a tablet holds something else than its member may see"
        );
        for op in self.made.values() {
            let kept = self.outbox.contains_key(&op.header.device_seq)
                || server.log.values().any(|logged| logged.op == *op);
            assert!(kept, "{scene}: an operation is gone");
        }
    }
}
