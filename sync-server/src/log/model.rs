//! The log in memory: plain maps, no cleverness. The oracle that every other log is held against,
//! and a log for tests that need no disk.

mod audit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use domain::{
    Answer, Convocation, CouncilId, DeviceId, Entity, GroupId, Happening, MemberId, MessageId,
    Receipt, Record, Role, Sha256, SittingId, Timestamp,
};
use wire::{Ack, DocKey, LineEnd, Logged, Outcome, ProblemCode, WipeOrder};

use super::audit::{ANEW_MS, By, Deed, Done, Line, of_record};
use super::examined::Content;
use super::{
    Appended, Bearer, Device, Examined, Founding, KnownDevice, Log, LogError, NO_ORDER, NewDevice,
    NewSession, OWN_DEVICE, Office, Page, Position, Reply, Revocation, Standing, Subscribed,
    Uncarded, Welcome, record_of, rules, view_of, weight,
};
use crate::limits::DEVICES_PER_MEMBER;

/// The in-memory log.
#[derive(Debug, Default)]
pub struct Model {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    order: Vec<CouncilId>,
    councils: BTreeMap<CouncilId, Council>,
    devices: BTreeMap<DeviceId, Enrolled>,
    invitations: BTreeMap<Sha256, Invitation>,
    sessions: BTreeMap<Sha256, NewSession>,
    /// Number of the last line of any council's audit log.
    lines: u64,
}

#[derive(Debug)]
struct Council {
    name: String,
    incarnation: i64,
    log: Vec<Logged>,
    members: BTreeMap<MemberId, Person>,
    records: BTreeMap<(Entity, [u8; 16]), rules::Standing>,
    papers: BTreeMap<Sha256, u64>,
    office: DeviceId,
    /// Cards of the directory: the version, and whether it says that the device is shut out.
    cards: BTreeMap<DeviceId, (u64, bool)>,
    /// The operation behind each sitting's record.
    sittings: BTreeMap<SittingId, Sha256>,
    /// The time and place of each convocation.
    convened: BTreeMap<(SittingId, u32), (Timestamp, String)>,
    /// How many addresses each member's calendar has had, and the hash of the one it has.
    calendars: BTreeMap<MemberId, (u64, Option<Sha256>)>,
    /// Who gave whom a proxy, and whether its bearer refused it.
    proxies: BTreeMap<(SittingId, MemberId), (MemberId, bool)>,
    /// Copies of messages.
    messages: BTreeSet<(MessageId, MemberId)>,
    audit: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Person {
    role: Role,
    groups: BTreeSet<GroupId>,
    revoked: bool,
}

#[derive(Debug)]
struct Enrolled {
    council: CouncilId,
    member: MemberId,
    name: String,
    enrolled_ms: i64,
    seen_ms: Option<i64>,
    key: [u8; 32],
    standing: Standing,
    answers: Vec<(Sha256, Outcome)>,
    wipe: Option<Wipe>,
}

/// An order to empty a device: when it was taken, and when the device said that it is empty.
#[derive(Debug)]
struct Wipe {
    order: WipeOrder,
    taken_ms: i64,
    emptied_ms: Option<i64>,
}

#[derive(Debug)]
struct Invitation {
    council: CouncilId,
    member: MemberId,
    expires_ms: i64,
    used_by: Option<DeviceId>,
}

impl Model {
    /// A server without councils.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn answer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, LogError>,
    ) -> Reply<'_, T> {
        let result = work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(result))
    }
}

fn no(code: ProblemCode) -> LogError {
    LogError::refused(code, "The model says no.")
}

impl State {
    fn council(&mut self, id: CouncilId) -> Result<&mut Council, LogError> {
        self.councils.get_mut(&id).ok_or_else(|| no(ProblemCode::NotFound))
    }

    fn device(&self, id: DeviceId) -> Option<Device> {
        let enrolled = self.devices.get(&id)?;
        let person = self.councils.get(&enrolled.council)?.members.get(&enrolled.member)?;
        let standing = if person.revoked { Standing::Revoked } else { enrolled.standing };
        Some(Device {
            id,
            council: enrolled.council,
            member: enrolled.member,
            key: enrolled.key,
            standing,
            role: person.role,
        })
    }

    fn append(
        &mut self,
        id: DeviceId,
        ops: &[Examined],
        now_ms: i64,
        last: bool,
    ) -> Result<Appended, LogError> {
        let device = self.device(id).ok_or_else(|| no(ProblemCode::Session))?;
        let own = self.devices.get(&id).map(|enrolled| enrolled.standing);
        let office = self.councils.get(&device.council).is_some_and(|known| known.office == id);
        let shut_out =
            (device.standing == Standing::Revoked && !office) || own == Some(Standing::Revoked);
        if shut_out != last {
            return Err(no(ProblemCode::Revoked));
        }
        let enrolled = self.devices.get_mut(&id).ok_or_else(|| no(ProblemCode::Session))?;
        let council =
            self.councils.get_mut(&device.council).ok_or_else(|| no(ProblemCode::NotFound))?;
        let before = council.log.len();
        let mut deeds = Vec::new();
        let untrue = Outcome::Refused { code: ProblemCode::Untrue };
        let mut acks = Vec::new();
        let mut twice = false;
        for op in ops {
            let device_seq = op.op().header.device_seq;
            let answered = usize::try_from(device_seq)
                .ok()
                .and_then(|n| n.checked_sub(1))
                .and_then(|n| enrolled.answers.get(n));
            let outcome = if op.op().header.device != id {
                untrue.clone()
            } else if let Some((hash, outcome)) = answered {
                if *hash == op.hash() {
                    outcome.clone()
                } else if office {
                    Outcome::Refused { code: ProblemCode::TooMany }
                } else {
                    twice = true;
                    if !last {
                        enrolled.standing = Standing::Quarantined;
                    }
                    deeds.push(Deed::to(Done::Quarantined, id.to_bytes()));
                    untrue.clone()
                }
            } else if device_seq == 0 || twice || enrolled.standing == Standing::Quarantined {
                untrue.clone()
            } else if device_seq == enrolled.answers.len() as u64 + 1 {
                let role = council.role_before(op);
                let outcome = council.decide(&device, op, now_ms, last);
                if let (Ok(Content::Record { record, .. }), Outcome::Accepted { .. }) =
                    (op.content(), &outcome)
                    && !office
                {
                    deeds.extend(of_record(record, role));
                }
                enrolled.answers.push((op.hash(), outcome.clone()));
                outcome
            } else {
                break;
            };
            acks.push(Ack { device_seq, outcome });
        }
        let head = council.log.len() as u64;
        for deed in deeds {
            self.note(device.council, deed, By::device(id, now_ms));
        }
        for (op, ack) in ops.iter().zip(&acks) {
            if let (Ok(Content::Record { record, .. }), Outcome::Accepted { .. }) =
                (op.content(), &ack.outcome)
                && let Record::Member(member) = &**record
                && member.left.is_some()
            {
                self.shut_out(device.council, member.id);
            }
        }
        Ok(Appended { acks, head, added: head - before as u64 })
    }
}

impl State {
    fn shut_out(&mut self, council: CouncilId, member: MemberId) {
        if let Some((addresses, hash)) =
            self.councils.get_mut(&council).and_then(|known| known.calendars.get_mut(&member))
        {
            *addresses += 1;
            *hash = None;
        }
        let office = self.councils.get(&council).map(|known| known.office);
        for (id, enrolled) in &mut self.devices {
            // The office stays: it only writes in that person's name.
            if (enrolled.council, enrolled.member) == (council, member) && Some(*id) != office {
                enrolled.standing = Standing::Revoked;
            }
        }
        self.invitations.retain(|_, invitation| {
            (invitation.council, invitation.member) != (council, member)
                || invitation.used_by.is_some()
        });
    }
}

impl Council {
    fn convocations(&self) -> impl Iterator<Item = (u64, Convocation, i64)> {
        let records = self.log.iter().filter(|logged| logged.record_version > 0);
        records.filter_map(|logged| {
            let convocation = record_of(&logged.op.payload).ok()?.into_convocation()?;
            Some((logged.seq, *convocation, logged.received_ms))
        })
    }

    fn decide(&mut self, author: &Device, op: &Examined, now_ms: i64, last: bool) -> Outcome {
        let content = match op.content() {
            Ok(content) => content,
            Err(code) => return Outcome::Refused { code },
        };
        let Some(person) = self.members.get(&author.member) else {
            return Outcome::Refused { code: ProblemCode::Forbidden };
        };
        let scope = op.op().header.scope;
        let writer = rules::Writer {
            member: author.member,
            role: person.role,
            groups: &person.groups,
            office: author.id == self.office,
        };
        let rule = if last { rules::may_write_at_last } else { rules::may_write };
        if let Err(code) = rule(writer, scope, content) {
            return Outcome::Refused { code };
        }
        let record_version = match content {
            Content::Note | Content::Keys => 0,
            Content::Receipt(receipt) => {
                let key = (Entity::Convocation, receipt.convocation.to_bytes());
                if !self.records.contains_key(&key) {
                    return Outcome::Refused { code: ProblemCode::NotFound };
                }
                if let Err(code) = self.keep_proxy(receipt) {
                    return Outcome::Refused { code };
                }
                0
            }
            Content::Message(message) => {
                if !self.messages.insert((message.message, message.recipient.member)) {
                    return Outcome::Refused { code: ProblemCode::Conflict };
                }
                0
            }
            Content::MessageReceipt(receipt) => {
                if !self.messages.contains(&(receipt.message, receipt.member)) {
                    return Outcome::Refused { code: ProblemCode::NotFound };
                }
                0
            }
            Content::Record { if_version, record } => {
                match self.replace(*if_version, record, op.hash()) {
                    Ok(version) => version,
                    Err(outcome) => return outcome,
                }
            }
        };
        let seq = self.log.len() as u64 + 1;
        self.log.push(Logged { seq, received_ms: now_ms, record_version, op: op.op().clone() });
        Outcome::Accepted { seq }
    }

    fn keep_proxy(&mut self, receipt: &Receipt) -> Result<(), ProblemCode> {
        let (sitting, member) = (receipt.sitting, receipt.member);
        let bears = |bearer: MemberId, giver: MemberId| {
            self.proxies.iter().any(|((of, by), (to, declined))| {
                *of == sitting && *by != giver && *to == bearer && !declined
            })
        };
        match receipt.happening {
            Happening::Answered { answer: Answer::Proxy(bearer) } => {
                if bearer == member || bears(bearer, member) {
                    return Err(ProblemCode::Conflict);
                }
                self.proxies.insert((sitting, member), (bearer, false));
            }
            Happening::Answered { .. } => {
                self.proxies.remove(&(sitting, member));
            }
            Happening::Borne { giver, accepts } => {
                if accepts && bears(member, giver) {
                    return Err(ProblemCode::Conflict);
                }
                if let Some((bearer, declined)) = self.proxies.get_mut(&(sitting, giver))
                    && *bearer == member
                {
                    *declined = !accepts;
                }
            }
            Happening::Dispatched { .. }
            | Happening::Failed { .. }
            | Happening::Reminded { .. }
            | Happening::Delivered
            | Happening::Opened => {}
        }
        Ok(())
    }

    fn replace(&mut self, if_version: u64, record: &Record, op: Sha256) -> Result<u64, Outcome> {
        let key = (record.entity(), record.id().into_bytes());
        let standing =
            self.records.get(&key).copied().unwrap_or(rules::Standing { version: 0, shown: false });
        if standing.version != if_version {
            return Err(Outcome::Conflict { current: standing.version });
        }
        let other_clerks = self
            .members
            .iter()
            .filter(|(id, person)| {
                id.to_bytes() != key.1 && person.role == Role::Clerk && !person.revoked
            })
            .count() as u64;
        rules::may_replace(standing, record, other_clerks)
            .map_err(|code| Outcome::Refused { code })?;
        if let Record::Convocation(convocation) = record {
            let before = convocation.number.saturating_sub(1);
            let id = DocKey::of_convocation(convocation.sitting, before).0;
            let follows = convocation.number == 1
                || (before > 0 && self.records.contains_key(&(Entity::Convocation, id)));
            let drawn = self.sittings.get(&convocation.sitting) == Some(&convocation.sitting_op);
            if !follows || !drawn {
                return Err(Outcome::Refused { code: ProblemCode::Untrue });
            }
        }
        let version = standing.version + 1;
        let shown = !record.is_restricted_to_clerks();
        self.records.insert(key, rules::Standing { version, shown });
        match record {
            Record::Council(council) => self.name.clone_from(&council.name),
            Record::Member(member) => {
                let revoked = self.members.get(&member.id).is_some_and(|person| person.revoked);
                let (role, groups) = rules::rights(member);
                self.members.insert(member.id, Person { role, groups, revoked });
            }
            Record::Sitting(sitting) => {
                self.sittings.insert(sitting.id, op);
            }
            Record::Device(card) => {
                self.cards.insert(card.id, (version, card.revoked.is_some()));
            }
            Record::Convocation(c) => {
                let now = (c.starts, c.place.clone());
                let before = self.convened.get(&(c.sitting, c.number - 1));
                if before.is_some_and(|before| *before != now) {
                    self.proxies.retain(|(sitting, _), _| *sitting != c.sitting);
                }
                self.convened.insert((c.sitting, c.number), now);
            }
            Record::Group(_) | Record::Body(_) => {}
        }
        Ok(version)
    }
}

impl Log for Model {
    fn found(&self, founding: Founding, now_ms: i64) -> Reply<'_, ()> {
        self.answer(|state| {
            let clerk = Person { role: Role::Clerk, groups: BTreeSet::new(), revoked: false };
            state.order.push(founding.council);
            state.councils.insert(
                founding.council,
                Council {
                    name: founding.name,
                    incarnation: founding.incarnation,
                    log: Vec::new(),
                    members: BTreeMap::from([(founding.clerk, clerk)]),
                    records: BTreeMap::new(),
                    papers: BTreeMap::new(),
                    calendars: BTreeMap::new(),
                    office: founding.device.id,
                    cards: BTreeMap::new(),
                    sittings: BTreeMap::new(),
                    convened: BTreeMap::new(),
                    proxies: BTreeMap::new(),
                    messages: BTreeSet::new(),
                    audit: Vec::new(),
                },
            );
            state.devices.insert(
                founding.device.id,
                Enrolled {
                    council: founding.council,
                    member: founding.clerk,
                    name: founding.device.name,
                    enrolled_ms: now_ms,
                    seen_ms: None,
                    key: founding.device.key,
                    standing: Standing::Good,
                    answers: Vec::new(),
                    wipe: None,
                },
            );
            state.append(founding.device.id, &founding.records, now_ms, false)?;
            let (by, clerk) = (By::operator(now_ms), founding.clerk.to_bytes());
            state.note(founding.council, Deed::to(Done::Founded, clerk), by);
            state.note(founding.council, Deed::to(Done::Invited, clerk), by);
            state.invitations.insert(
                founding.code_hash,
                Invitation {
                    council: founding.council,
                    member: founding.clerk,
                    expires_ms: founding.expires_ms,
                    used_by: None,
                },
            );
            Ok(())
        })
    }

    fn councils(&self) -> Reply<'_, Vec<CouncilId>> {
        self.answer(|state| Ok(state.order.clone()))
    }

    fn append(&self, device: DeviceId, ops: Vec<Examined>, now_ms: i64) -> Reply<'_, Appended> {
        self.answer(|state| state.append(device, &ops, now_ms, false))
    }

    fn pull(
        &self,
        council: CouncilId,
        member: MemberId,
        position: Position,
        max_bytes: usize,
    ) -> Reply<'_, Page> {
        self.answer(|state| {
            let council = state.council(council)?;
            let person = council
                .members
                .get(&member)
                .filter(|person| !person.revoked)
                .ok_or_else(|| no(ProblemCode::Revoked))?;
            let view = view_of(council.incarnation, member, person.role, &person.groups);
            let head = council.log.len() as u64;
            let known = position.view == view && position.cursor <= head;
            let after = if known { position.cursor } else { 0 };
            let mut page = Page { items: Vec::new(), cursor: head, head, more: false, view };
            let mut bytes = 0;
            for entry in &council.log {
                let scope = entry.op.header.scope;
                if entry.seq <= after || !rules::may_see(member, person.role, &person.groups, scope)
                {
                    continue;
                }
                bytes += weight(entry.op.payload.len());
                if let Some(last) = page.items.last()
                    && bytes > max_bytes
                {
                    page.cursor = last.seq;
                    page.more = true;
                    break;
                }
                page.items.push(entry.clone());
            }
            Ok(page)
        })
    }

    fn head(&self, council: CouncilId) -> Reply<'_, u64> {
        self.answer(|state| Ok(state.council(council)?.log.len() as u64))
    }

    fn invite(
        &self,
        council: CouncilId,
        member: MemberId,
        code_hash: Sha256,
        expires_ms: i64,
        by: By,
    ) -> Reply<'_, ()> {
        self.answer(|state| {
            let known = state.council(council)?.members.get(&member);
            if known.is_none_or(|person| person.revoked) {
                return Err(no(ProblemCode::NotFound));
            }
            state
                .invitations
                .insert(code_hash, Invitation { council, member, expires_ms, used_by: None });
            state.note(council, Deed::to(Done::Invited, member.to_bytes()), by);
            Ok(())
        })
    }

    fn enrol(&self, code_hash: Sha256, device: NewDevice, now_ms: i64) -> Reply<'_, Welcome> {
        self.answer(|state| {
            let refused = || no(ProblemCode::Invitation);
            let invitation = state.invitations.get_mut(&code_hash).ok_or_else(refused)?;
            let (council_id, member) = (invitation.council, invitation.member);
            let council = state.councils.get(&council_id).ok_or_else(refused)?;
            let person = council
                .members
                .get(&member)
                .filter(|person| !person.revoked)
                .ok_or_else(refused)?;
            let welcome = Welcome {
                council: council_id,
                council_name: council.name.clone(),
                member,
                role: person.role,
            };
            if let Some(used_by) = invitation.used_by {
                let same = used_by == device.id
                    && state.devices.get(&used_by).is_some_and(|enrolled| {
                        enrolled.key == device.key && enrolled.standing != Standing::Revoked
                    });
                return if same { Ok(welcome) } else { Err(refused()) };
            }
            if invitation.expires_ms <= now_ms {
                return Err(refused());
            }
            if state.devices.contains_key(&device.id) {
                return Err(no(ProblemCode::Untrue));
            }
            let devices = state
                .devices
                .values()
                .filter(|enrolled| {
                    enrolled.council == council_id
                        && enrolled.member == member
                        && enrolled.standing != Standing::Revoked
                })
                .count();
            if devices as i64 >= DEVICES_PER_MEMBER {
                return Err(no(ProblemCode::Forbidden));
            }
            invitation.used_by = Some(device.id);
            let deed = Deed::to(Done::Enrolled, device.id.to_bytes()).with(&device.name);
            state.devices.insert(
                device.id,
                Enrolled {
                    council: council_id,
                    member,
                    name: device.name,
                    enrolled_ms: now_ms,
                    seen_ms: None,
                    key: device.key,
                    standing: Standing::Good,
                    answers: Vec::new(),
                    wipe: None,
                },
            );
            state.note(council_id, deed, By::device(device.id, now_ms));
            Ok(welcome)
        })
    }

    fn device(&self, device: DeviceId) -> Reply<'_, Option<Device>> {
        self.answer(|state| Ok(state.device(device)))
    }

    fn line_end(&self, device: DeviceId) -> Reply<'_, Option<LineEnd>> {
        self.answer(|state| {
            let Some(enrolled) = state.devices.get(&device) else { return Ok(None) };
            let device_seq = enrolled.answers.len() as u64;
            Ok(enrolled.answers.last().map(|(op, _)| LineEnd { device_seq, op: *op }))
        })
    }

    fn devices(&self, council: CouncilId) -> Reply<'_, Vec<KnownDevice>> {
        self.answer(|state| {
            let mut found = Vec::new();
            for (id, enrolled) in &state.devices {
                if enrolled.council != council || enrolled.name == OWN_DEVICE {
                    continue;
                }
                let Some(device) = state.device(*id) else { continue };
                found.push(KnownDevice {
                    id: *id,
                    name: enrolled.name.clone(),
                    member: enrolled.member,
                    enrolled_ms: enrolled.enrolled_ms,
                    seen_ms: enrolled.seen_ms,
                    standing: device.standing,
                    wipe_ms: enrolled.wipe.as_ref().map(|wipe| wipe.taken_ms),
                    emptied_ms: enrolled.wipe.as_ref().and_then(|wipe| wipe.emptied_ms),
                });
            }
            found.sort_by_key(|device| (device.member, device.enrolled_ms, device.id));
            Ok(found)
        })
    }

    fn open_session(&self, session: NewSession, now_ms: i64) -> Reply<'_, ()> {
        self.answer(|state| {
            state.sessions.retain(|_, session| session.expires_ms > now_ms);
            if state.sessions.values().any(|other| other.nonce == session.nonce) {
                return Err(no(ProblemCode::Session));
            }
            let revoked = state
                .devices
                .get(&session.device)
                .is_none_or(|enrolled| enrolled.standing == Standing::Revoked);
            if revoked {
                return Err(no(ProblemCode::Revoked));
            }
            if let Some(enrolled) = state.devices.get_mut(&session.device) {
                let (council, seen_ms) = (enrolled.council, enrolled.seen_ms);
                enrolled.seen_ms = Some(now_ms);
                if seen_ms.is_none_or(|seen_ms| now_ms - seen_ms >= ANEW_MS) {
                    let by = By::device(session.device, now_ms);
                    state.note(council, Deed::of(Done::LoggedIn), by);
                }
            }
            state.sessions.insert(session.token_hash, session);
            Ok(())
        })
    }

    fn bearer(&self, token_hash: Sha256, now_ms: i64) -> Reply<'_, Option<Bearer>> {
        self.answer(|state| {
            let session = state.sessions.get(&token_hash).filter(|s| s.expires_ms > now_ms);
            Ok(session.and_then(|session| {
                let device = state.device(session.device)?;
                Some(Bearer { device, expires_ms: session.expires_ms })
            }))
        })
    }

    fn revoke(&self, whom: Revocation, by: By) -> Reply<'_, ()> {
        self.answer(|state| {
            let (council, deed) = match whom {
                Revocation::Device(device) => {
                    let known = state.devices.get_mut(&device);
                    let enrolled = known.ok_or_else(|| no(ProblemCode::NotFound))?;
                    enrolled.standing = Standing::Revoked;
                    let deed = Deed::to(Done::DeviceRevoked, device.to_bytes());
                    (enrolled.council, deed.with(&enrolled.name))
                }
                Revocation::Member(council, member) => {
                    let known = state.councils.get_mut(&council);
                    let person = known.and_then(|council| council.members.get_mut(&member));
                    person.ok_or_else(|| no(ProblemCode::NotFound))?.revoked = true;
                    (council, Deed::to(Done::MemberRevoked, member.to_bytes()))
                }
            };
            state.note(council, deed, by);
            Ok(())
        })
    }

    fn order_wipe(&self, order: WipeOrder, by: By) -> Reply<'_, ()> {
        self.answer(|state| {
            let known = state.devices.get_mut(&order.device);
            let enrolled = known.ok_or_else(|| no(ProblemCode::NotFound))?;
            enrolled.standing = Standing::Revoked;
            let (council, id) = (enrolled.council, order.device.to_bytes());
            let revoked = Deed::to(Done::DeviceRevoked, id).with(&enrolled.name);
            let ordered = Deed::to(Done::WipeOrdered, id).with(&enrolled.name);
            let first = enrolled.wipe.is_none();
            if first {
                enrolled.wipe = Some(Wipe { order, taken_ms: by.at_ms, emptied_ms: None });
            }
            state.note(council, revoked, by);
            if first {
                state.note(council, ordered, by);
            }
            Ok(())
        })
    }

    fn wipe_order(&self, device: DeviceId) -> Reply<'_, Option<WipeOrder>> {
        self.answer(|state| {
            let wipe = state.devices.get(&device).and_then(|enrolled| enrolled.wipe.as_ref());
            Ok(wipe.map(|wipe| wipe.order.clone()))
        })
    }

    fn append_last(
        &self,
        device: DeviceId,
        ops: Vec<Examined>,
        now_ms: i64,
    ) -> Reply<'_, Appended> {
        self.answer(|state| {
            let ordered = state.devices.get(&device).is_some_and(|known| known.wipe.is_some());
            if !ordered {
                return Err(NO_ORDER);
            }
            state.append(device, &ops, now_ms, true)
        })
    }

    fn emptied(&self, device: DeviceId, now_ms: i64) -> Reply<'_, ()> {
        self.answer(|state| {
            let Some(enrolled) = state.devices.get_mut(&device) else { return Ok(()) };
            let (council, deed) =
                (enrolled.council, Deed::to(Done::Emptied, device.to_bytes()).with(&enrolled.name));
            if let Some(wipe) = &mut enrolled.wipe
                && wipe.emptied_ms.is_none()
            {
                wipe.emptied_ms = Some(now_ms);
                state.note(council, deed, By::device(device, now_ms));
            }
            Ok(())
        })
    }

    fn note(&self, council: CouncilId, deed: Deed, by: By) -> Reply<'_, ()> {
        self.answer(|state| {
            state.council(council)?;
            state.note(council, deed, by);
            Ok(())
        })
    }

    fn audit(&self, council: CouncilId, before: Option<u64>, limit: u32) -> Reply<'_, Vec<Line>> {
        self.answer(|state| state.lines(council, before.unwrap_or(u64::MAX), limit))
    }

    fn forget_audit(&self, now_ms: i64) -> Reply<'_, u64> {
        self.answer(|state| Ok(state.forget(now_ms)))
    }

    fn office(&self, council: CouncilId) -> Reply<'_, Office> {
        self.answer(|state| {
            let id = state.council(council)?.office;
            let device = state.device(id).ok_or_else(|| no(ProblemCode::NotFound))?;
            let last_seq = state.devices.get(&id).map_or(0, |office| office.answers.len() as u64);
            Ok(Office { device, last_seq })
        })
    }

    fn uncarded(&self, council: CouncilId) -> Reply<'_, Vec<Uncarded>> {
        self.answer(|state| {
            let cards = state.council(council)?.cards.clone();
            let mut found: Vec<Uncarded> = state
                .devices
                .iter()
                .filter(|(_, enrolled)| enrolled.council == council)
                .filter_map(|(id, enrolled)| {
                    let device = state.device(*id)?;
                    let card = cards.get(id);
                    let told = card.is_some_and(|(_, told)| *told);
                    let wanting = card.is_none() || (device.standing == Standing::Revoked && !told);
                    let version = card.map_or(0, |(version, _)| *version);
                    let enrolled_ms = enrolled.enrolled_ms;
                    wanting.then_some(Uncarded { device, enrolled_ms, version })
                })
                .collect();
            found.sort_by_key(|uncarded| uncarded.enrolled_ms);
            Ok(found)
        })
    }

    fn record(
        &self,
        council: CouncilId,
        entity: Entity,
        id: [u8; 16],
    ) -> Reply<'_, Option<(u64, Record)>> {
        self.answer(|state| {
            let log = &state.council(council)?.log;
            // The last entry of the record is what stands.
            let found =
                log.iter().rev().filter(|logged| logged.record_version > 0).find_map(|logged| {
                    let record = record_of(&logged.op.payload).ok()?;
                    let same = record.entity() == entity && record.id().into_bytes() == id;
                    same.then_some((logged.record_version, record))
                });
            Ok(found)
        })
    }

    fn calendar(&self, council: CouncilId, member: MemberId) -> Reply<'_, u64> {
        self.answer(|state| {
            let calendars = &state.council(council)?.calendars;
            Ok(calendars.get(&member).map_or(0, |(addresses, _)| *addresses))
        })
    }

    fn give_calendar(
        &self,
        council: CouncilId,
        member: MemberId,
        nth: u64,
        token_hash: Sha256,
        _: i64,
    ) -> Reply<'_, ()> {
        self.answer(|state| {
            let calendars = &mut state.council(council)?.calendars;
            let (addresses, hash) = calendars.entry(member).or_insert((0, None));
            if nth > *addresses || (nth == *addresses && hash.is_none()) {
                (*addresses, *hash) = (nth, Some(token_hash));
            }
            Ok(())
        })
    }

    fn calendar_at(&self, token_hash: Sha256) -> Reply<'_, Option<Subscribed>> {
        self.answer(|state| {
            let found = state.councils.iter().find_map(|(id, council)| {
                let calendars = &council.calendars;
                let (member, _) =
                    calendars.iter().find(|(_, (_, hash))| *hash == Some(token_hash))?;
                let stands = council.members.get(member).is_some_and(|person| !person.revoked);
                let latest = council.convocations().map(|(seq, ..)| seq).max().unwrap_or(0);
                stands.then_some(Subscribed { council: *id, member: *member, latest })
            });
            Ok(found)
        })
    }

    fn convocations(&self, council: CouncilId) -> Reply<'_, Vec<(Convocation, i64)>> {
        self.answer(|state| {
            let all = state.council(council)?.convocations();
            Ok(all.map(|(_, convocation, received_ms)| (convocation, received_ms)).collect())
        })
    }

    fn hold_paper(&self, council: CouncilId, sha256: Sha256, bytes: u64, _: i64) -> Reply<'_, ()> {
        self.answer(|state| {
            state.council(council)?.papers.entry(sha256).or_insert(bytes);
            Ok(())
        })
    }

    fn paper(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, Option<u64>> {
        self.answer(|state| Ok(state.council(council)?.papers.get(&sha256).copied()))
    }
}
