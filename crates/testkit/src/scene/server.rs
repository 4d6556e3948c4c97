//! The server of a scene: the log as the protocol wants it, in memory.

use std::collections::BTreeMap;

use domain::{DeviceId, MemberId, Sha256};
use wire::{Ack, Audience, Logged, Op, Outcome, ProblemCode, SyncRequest, SyncResponse};

use super::TabletNumber;

/// Entries on a page of the log: few, so that `more` happens.
const PAGE: usize = 5;

/// A request that waits for its group to be committed.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) tablet: TabletNumber,
    pub(super) life: u64,
    pub(super) number: u64,
    pub(super) request: SyncRequest,
}

#[derive(Debug)]
pub(super) struct Server {
    /// Durable.
    pub(super) log: BTreeMap<u64, Logged>,
    devices: BTreeMap<DeviceId, BTreeMap<u64, (Sha256, u64)>>,
    pub(super) view: u64,
    /// Lost in a crash.
    group: Vec<Waiting>,
    on: bool,
}

impl Default for Server {
    fn default() -> Self {
        let (log, devices, group) = Default::default();
        Self { log, devices, view: 1, group, on: true }
    }
}

impl Server {
    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    /// Whether it was on before.
    pub(super) fn die(&mut self) -> bool {
        self.group.clear();
        std::mem::replace(&mut self.on, false)
    }

    pub(super) const fn wake(&mut self) {
        self.on = true;
    }

    pub(super) fn head(&self) -> u64 {
        self.log.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    /// Takes a request into the group; true when it is the group's first.
    pub(super) fn take(&mut self, waiting: Waiting) -> bool {
        self.group.push(waiting);
        self.group.len() == 1
    }

    /// Makes the group's operations durable and gives its requests back to be answered.
    pub(super) fn commit(&mut self) -> Vec<Waiting> {
        let group = std::mem::take(&mut self.group);
        for op in group.iter().flat_map(|waiting| &waiting.request.outbox) {
            let next = self.head() + 1;
            let of_device = self.devices.entry(op.header.device).or_default();
            let expected = of_device.last_key_value().map_or(1, |(seq, _)| seq + 1);
            if op.header.device_seq == expected {
                of_device.insert(expected, (op.hash(), next));
                let logged =
                    Logged { seq: next, received_ms: 0, record_version: 0, op: op.clone() };
                self.log.insert(next, logged);
            }
        }
        group
    }

    /// Answers a request whose operations are committed.
    pub(super) fn answer(&self, member: MemberId, request: &SyncRequest, now: u64) -> SyncResponse {
        let after = if request.view == self.view { request.cursor } else { 0 };
        let head = self.head();
        let visible = |logged: &&Logged| may_see(member, &logged.op);
        let items: Vec<Logged> = self
            .log
            .range(after + 1..)
            .map(|(_, logged)| logged)
            .filter(visible)
            .take(PAGE)
            .cloned()
            .collect();
        let more = items.len() == PAGE;
        // Passing over what the member may not see, the cursor reaches the head.
        let cursor = items.last().filter(|_| more).map_or(head, |last| last.seq);
        SyncResponse {
            acks: request.outbox.iter().map(|op| self.ack(op)).collect(),
            items,
            cursor,
            head,
            more: more && cursor < head,
            view: self.view,
            server_ms: i64::try_from(now).unwrap_or(i64::MAX),
            line: None,
        }
    }

    fn ack(&self, op: &Op) -> Ack {
        let device_seq = op.header.device_seq;
        let known = self.devices.get(&op.header.device).and_then(|ops| ops.get(&device_seq));
        let outcome = match known {
            Some((hash, seq)) if *hash == op.hash() => Outcome::Accepted { seq: *seq },
            Some(_) | None => Outcome::Refused { code: ProblemCode::Untrue },
        };
        Ack { device_seq, outcome }
    }

    /// Whether the log holds this operation under this number.
    pub(super) fn holds(&self, seq: u64, op: &Op) -> bool {
        self.log.get(&seq).is_some_and(|logged| logged.op == *op)
    }

    /// What a member may see of the log up to a place.
    pub(super) fn seen_by(&self, member: MemberId, up_to: u64) -> impl Iterator<Item = (u64, &Op)> {
        self.log
            .range(..=up_to)
            .filter(move |(_, logged)| may_see(member, &logged.op))
            .map(|(seq, logged)| (*seq, &logged.op))
    }

    /// Checks that sequence numbers have no gaps and no operation stands twice.
    pub(super) fn check(&self, seed: u64) {
        let count = self.log.len() as u64;
        assert_eq!(self.head(), count, "seed {seed}: the log has gaps");
        let known: usize = self.devices.values().map(BTreeMap::len).sum();
        assert_eq!(known as u64, count, "seed {seed}: an operation stands twice");
    }
}

fn may_see(member: MemberId, op: &Op) -> bool {
    match op.header.scope.audience {
        Audience::Council => true,
        Audience::Person(person) => person == member || op.header.scope.owner == member,
        Audience::Private | Audience::Group(_) | Audience::Administration => {
            op.header.scope.owner == member
        }
    }
}
