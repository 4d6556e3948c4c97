//! One exchange with the server: what was drafted is sealed and sent, what is new is applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::Role;
use ipc::{ErrorCode, Problem, SyncSummary};
use wire::{
    Ack, Header, Kind, LineEnd, Op, Outcome, ProblemCode, SyncRequest, SyncResponse, limits,
};

use crate::actor::Message;
use crate::clerk::brought;
use crate::convene::receipts;
use crate::core::Core;
use crate::lease::Lease;
use crate::ports::{Conflict, Cursor, Keys, Profile, Store, StoreError, StoreErrorKind};
use crate::remote::{Remote, RemoteError};
use crate::sealing::{self, Sealer};
use crate::{carrying, farewell, fetch, giving_back, indexing, messages, notes, rescue};

/// Operations are sent in pieces that leave room for their envelopes.
const PUSH: usize = limits::BATCH - 64 * 1024;

/// What one exchange did.
#[derive(Debug, Default)]
pub(crate) struct Exchanged {
    /// Operations the server accepted.
    pub(crate) pushed: u64,
    /// Entries that were new here.
    pub(crate) pulled: u64,
    /// Operations the server did not take.
    pub(crate) conflicts: Vec<Conflict>,
    /// Whether entries of the log wait after the cursor.
    pub(crate) more: bool,
    /// Changes that still wait to be sent.
    pub(crate) pending: u32,
    /// Where this tablet stands in the log.
    pub(crate) cursor: u64,
    /// Where the log ends.
    pub(crate) head: u64,
    catalogue: bool,
    /// Whether keys wait to be sent that did not before.
    keys: bool,
}

impl Exchanged {
    /// Whether nothing is left on either side.
    const fn is_whole(&self) -> bool {
        !self.more && self.pending == 0
    }
}

/// Exchanges until nothing is left on either side.
///
/// # Errors
/// The way to the server, the server's refusal, or the store; what was applied stays.
pub(crate) async fn exchange(core: &Arc<Core>) -> Result<Exchanged, RemoteError> {
    let mut all = Exchanged::default();
    loop {
        let one = once(core).await?;
        all.pushed += one.pushed;
        all.pulled += one.pulled;
        let further =
            one.pushed > 0 || one.cursor > all.cursor || !one.conflicts.is_empty() || one.keys;
        all.conflicts.extend(one.conflicts);
        (all.more, all.pending, all.cursor, all.head) =
            (one.more, one.pending, one.cursor, one.head);
        if all.is_whole() || !further {
            return Ok(all);
        }
    }
}

/// One exchange: a batch of the outbox, a page of the log; then changed notes are read anew.
///
/// # Errors
/// As [`exchange`].
pub(crate) async fn once(core: &Arc<Core>) -> Result<Exchanged, RemoteError> {
    let turn = core.exchanging.lock().await;
    let remote = core.remote().map_err(RemoteError::Here)?;
    let done = match both_ways(core, &remote).await {
        Err(RemoteError::Refused(refusal)) if refusal.code == ProblemCode::Revoked => {
            return Err(dismissed(core, &remote, refusal).await);
        }
        done => done,
    };
    let mut done = done?;
    settle(core, &remote, &done).await.map_err(RemoteError::Here)?;
    // The catalogue is known by now: it says who reads what.
    let waiting = sealing::settle(core, !done.more).await.map_err(RemoteError::Here)?;
    if let Some(pending) = waiting {
        (done.keys, done.pending) = (true, pending);
        core.edited.notify_one();
    }
    drop(turn);
    if !done.more {
        forget(core).await.map_err(RemoteError::Here)?;
    }
    if rescue::refused(core).await.map_err(RemoteError::Here)? {
        // What is private now waits to be sent.
        let pending = core.shelf.ask_patiently(|store| store.pending()).await;
        done.pending = pending.map_err(RemoteError::Here)?;
    }
    notes::refresh(core).await.map_err(RemoteError::Here)?;
    Ok(done)
}

/// Sends a batch of the outbox and takes a page of the log in.
async fn both_ways(core: &Arc<Core>, remote: &Remote) -> Result<Exchanged, RemoteError> {
    let first = if core.line.is_known() { None } else { Some(find_line(core, remote).await?) };
    Ok(match first {
        // The log is not read to its end yet, or nothing is to be sent: this was the exchange.
        Some(first) if first.more || first.pending == 0 => first,
        first => {
            let request = next_request(core).await.map_err(RemoteError::Here)?;
            let sent = request.outbox.len();
            let response = remote.sync(&request).await?;
            if sent > 0 && response.acks.is_empty() {
                return Err(RemoteError::Unexpected("no answer to what was sent".to_owned()));
            }
            let mut done = take(core, response).await.map_err(RemoteError::Here)?;
            if let Some(first) = first {
                done.pulled += first.pulled;
                done.catalogue |= first.catalogue;
            }
            done
        }
    })
}

/// The first exchange of this life of the app sends nothing and asks where the server has this
/// device's line end. A tablet that was put back to an earlier image
/// would otherwise give a number twice, and the server lets such a device write no more.
async fn find_line(core: &Core, remote: &Remote) -> Result<Exchanged, RemoteError> {
    let ask = core.shelf.ask_patiently(|store| {
        let Cursor { seq, view } = store.cursor()?;
        let next = Some(store.next_device_seq()?);
        let outbox = Vec::new();
        Ok(SyncRequest { protocol: wire::PROTOCOL, cursor: seq, view, outbox, next })
    });
    let response = remote.sync(&ask.await.map_err(RemoteError::Here)?).await?;
    let line = response.line;
    let done = take(core, response).await.map_err(RemoteError::Here)?;
    if done.more {
        return Ok(done);
    }
    if let Some(line) = line {
        go_on_after(core, line).await.map_err(RemoteError::Here)?;
    }
    core.line.now_known();
    Ok(done)
}

/// Has this tablet go on after the end of the server's line, if its own is another.
async fn go_on_after(core: &Core, line: LineEnd) -> Result<(), Problem> {
    let profile = Arc::clone(core.now().enrolled()?);
    let sealer = Sealer::of(core, &profile);
    core.shelf
        .ask_patiently(move |store| {
            let Some(ops) = store.overtaken(&line)? else { return Ok(()) };
            tracing::warn!(
                waiting = ops.len(),
                line = line.device_seq,
                "the server knows more of this tablet than it does itself; it goes on from there"
            );
            let anew = sealer.seal_anew(store, line.device_seq + 1, ops)?;
            store.renumber(line.device_seq, &anew)
        })
        .await
}

/// What becomes of a device that the server no longer takes.
async fn dismissed(core: &Arc<Core>, remote: &Remote, refusal: wire::Problem) -> RemoteError {
    match farewell::hear(core, remote).await {
        Ok(Some(dismissal)) => {
            core.dismiss(dismissal);
            RemoteError::Here(ErrorCode::Emptied.into())
        }
        Ok(None) => RemoteError::Refused(refusal),
        Err(error) => error,
    }
}

/// Erases what the member may no longer see, once the log is read to its end: a member who leaves a
/// group keeps the own notes and no others. What decides is the member's record, not what the server
/// sent: a server that lost a part of its log makes no tablet forget.
async fn forget(core: &Core) -> Result<(), Problem> {
    let Some(sight) = core.now().sight() else { return Ok(()) };
    let gate = core.notes_gate.lock().await;
    let forgotten = core.shelf.ask_patiently(move |store| store.forget_unseen(&sight)).await?;
    drop(gate);
    if forgotten.catalogue {
        core.reload().await?;
    }
    if !forgotten.pdfs.is_empty() {
        core.forgotten(forgotten.pdfs);
    }
    Ok(())
}

/// Takes the server's answer in, in one go.
async fn take(core: &Core, response: SyncResponse) -> Result<Exchanged, Problem> {
    let SyncResponse { acks, items, cursor, head, more, view, server_ms, line: _ } = response;
    let accepted = |ack: &&Ack| matches!(ack.outcome, Outcome::Accepted { .. });
    let pushed = acks.iter().filter(accepted).count() as u64;
    let now_ms = core.world.now_ms();
    let profile = Arc::clone(core.now().enrolled()?);
    let member = profile.member;
    let sealer = Sealer::of(core, &profile);
    let lease = Lease::begun(now_ms, &core.world.boot());
    let kept = lease.clone();
    let _gate = core.notes_gate.lock().await;
    let done = core
        .shelf
        .ask_patiently(move |store| {
            let conflicts =
                if acks.is_empty() { Vec::new() } else { store.acknowledge(&acks, now_ms)? };
            let applied = store.apply(&items, Cursor { seq: cursor, view }, now_ms)?;
            let lost = if more { 0 } else { store.bring_back(member)? };
            if lost > 0 {
                tracing::warn!(
                    lost,
                    "the server has lost notes of this member; they are sent again"
                );
            }
            if !more {
                write_again(store, &sealer, &profile, now_ms)?;
            }
            store.save_lease(&kept)?;
            let pending = store.pending()?;
            if !more && pending == 0 {
                store.save_last_sync(now_ms)?;
                store.save_server_time(server_ms)?;
            }
            let (pulled, catalogue) = (applied.entries, applied.catalogue);
            let keys = false;
            Ok(Exchanged {
                pushed,
                pulled,
                conflicts,
                more,
                pending,
                cursor,
                head,
                catalogue,
                keys,
            })
        })
        .await?;
    core.renew(lease);
    Ok(done)
}

/// On a clerk's tablet, writes again what the log, read anew to its end, has lost of the catalogue.
fn write_again(
    store: &mut dyn Store,
    sealer: &Sealer,
    profile: &Profile,
    now_ms: i64,
) -> Result<(), StoreError> {
    let lost = store.lost_records()?;
    if lost.is_empty() || profile.role != Role::Clerk {
        return Ok(());
    }
    tracing::warn!(records = lost.len(), "the server has lost records; they are written again");
    // Notes drafted before stay before.
    sealer.seal_drafts(store, now_ms)?;
    for record in lost {
        let seq = store.next_device_seq()?;
        let op = seal_record(store, sealer.keys(), profile, &record, seq, now_ms)?;
        store.seal(&op, &[])?;
    }
    Ok(())
}

/// Brings the picture up to what was taken in.
async fn settle(core: &Arc<Core>, remote: &Remote, done: &Exchanged) -> Result<(), Problem> {
    let mut profile = core.now().enrolled()?.as_ref().clone();
    let role = remote.role().filter(|role| *role != profile.role);
    if let Some(role) = role {
        profile.role = role;
        core.shelf.ask_patiently(move |store| store.save_profile(&profile)).await?;
    }
    // What the server did not take did not happen: an answer falls back to the one before.
    if done.catalogue || role.is_some() || !done.conflicts.is_empty() {
        core.reload().await?;
    }
    for conflict in &done.conflicts {
        tracing::warn!(device_seq = conflict.device_seq, "the server did not take an operation");
    }
    core.post(Message::Exchanged {
        whole: done.is_whole(),
        now_ms: core.world.now_ms(),
        pending: done.pending,
        cursor: done.cursor,
    });
    Ok(())
}

pub(crate) async fn next_request(core: &Core) -> Result<SyncRequest, Problem> {
    let profile = Arc::clone(core.now().enrolled()?);
    let sealer = Sealer::of(core, &profile);
    let now_ms = core.world.now_ms();
    core.shelf
        .ask_patiently(move |store| {
            sealer.seal_drafts(store, now_ms)?;
            let Cursor { seq, view } = store.cursor()?;
            let mut outbox = store.outbox(PUSH)?;
            outbox.truncate(limits::BATCH_OPS);
            Ok(SyncRequest { protocol: wire::PROTOCOL, cursor: seq, view, outbox, next: None })
        })
        .await
}

/// Seals a header and its payload with this device's key.
pub(crate) fn seal<E: std::fmt::Display>(
    keys: &dyn Keys,
    header: Header,
    payload: Result<Vec<u8>, E>,
) -> Result<Op, StoreError> {
    let payload = payload.map_err(|error| unsealed(error.to_string()))?;
    let signature =
        keys.sign(&header.signing_bytes(&payload)).map_err(|error| unsealed(error.to_string()))?;
    Ok(Op { header, payload, signature })
}

fn unsealed(detail: String) -> StoreError {
    StoreError { kind: StoreErrorKind::Failed, doing: "sealing what was written", detail }
}

/// Whether this life of the app knows where the server has its device's line end.
#[derive(Debug, Default)]
pub(crate) struct Line(AtomicBool);

impl Line {
    fn is_known(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn now_known(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Shows that an exchange is under way, until dropped.
struct Shown<'a>(&'a Core);

impl<'a> Shown<'a> {
    fn exchanging(core: &'a Core) -> Self {
        core.post(Message::Sync(Box::new(|sync| sync.exchanging = true)));
        Self(core)
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.0.post(Message::Sync(Box::new(|sync| sync.exchanging = false)));
    }
}

/// Everything, to completion: operations both ways, papers, their text.
pub(crate) async fn everything(core: &Arc<Core>) -> Result<SyncSummary, Problem> {
    let remote = core.remote()?;
    let (up, down) = remote.traffic().so_far();
    let _shown = Shown::exchanging(core);
    let exchanged = exchange(core).await.map_err(|error| told(core, error))?;
    let documents_fetched = fetch::wanted(core).await.map_err(|error| told(core, error))?;
    giving_back::papers(core).await?;
    brought::take_in(core).await;
    let mut pushed = exchanged.pushed;
    receipts::acknowledge_arrivals(core).await?;
    messages::acknowledge_arrivals(core).await?;
    if core.shelf.ask(|store| store.pending()).await? > 0 {
        pushed += exchange(core).await.map_err(|error| told(core, error))?.pushed;
    }
    indexing::texts(core).await?;
    if carrying::run(core, true).await? > 0 {
        pushed += exchange(core).await.map_err(|error| told(core, error))?.pushed;
    }
    let pending = core.shelf.ask(|store| store.pending()).await?;
    let (up_now, down_now) = remote.traffic().so_far();
    Ok(SyncSummary {
        pushed,
        pulled: exchanged.pulled,
        bytes_up: up_now - up,
        bytes_down: down_now - down,
        documents_fetched,
        pending: u64::from(pending),
    })
}

/// Remembers that the server was not reached, or what it said.
pub(crate) fn told(core: &Core, error: RemoteError) -> Problem {
    let problem = Problem::from(error);
    let (code, shown) = (problem.code, problem.clone());
    core.post(Message::Sync(Box::new(move |sync| {
        sync.online = false;
        sync.exchanging = false;
        let asks_someone = matches!(
            code,
            ErrorCode::Revoked
                | ErrorCode::Emptied
                | ErrorCode::Outdated
                | ErrorCode::DiskFull
                | ErrorCode::Store
        );
        sync.problem = asks_someone.then_some(shown);
    })));
    problem
}

/// Brings this tablet up to date before something is decided on what it knows.
pub(crate) async fn catch_up(core: &Arc<Core>) -> Result<(), Problem> {
    exchange(core).await.map(|_| ()).map_err(|error| told(core, error))
}

/// Finds out, if it can, where this device's line ends, before numbers are given whose answers
/// somebody waits for.
async fn before_numbers_are_given(core: &Arc<Core>) {
    if !core.line.is_known()
        && let Err(error) = exchange(core).await
    {
        // What is sealed now waits, and is told like everything else when it is answered.
        told(core, error);
    }
}

/// Sends records; a record that someone else changed meanwhile is a conflict.
pub(crate) async fn send_records(
    core: &Arc<Core>,
    records: Vec<domain::Record>,
) -> Result<(), Problem> {
    let profile = Arc::clone(core.now().clerk()?);
    before_numbers_are_given(core).await;
    let keys = Arc::clone(&core.keys);
    let sealer = Sealer::of(core, &profile);
    let now_ms = core.world.now_ms();
    let sealed: Vec<u64> = core
        .shelf
        .ask(move |store| {
            // Notes drafted before stay before.
            sealer.seal_drafts(store, now_ms)?;
            let first = store.next_device_seq()?;
            let ops = (first..)
                .zip(&records)
                .map(|(seq, record)| seal_record(store, &*keys, &profile, record, seq, now_ms))
                .collect::<Result<Vec<Op>, StoreError>>()?;
            store.seal_all(&ops)?;
            Ok(ops.iter().map(|op| op.header.device_seq).collect())
        })
        .await?;
    let done = exchange(core).await.map_err(|error| told(core, error))?;
    match done.conflicts.into_iter().find(|conflict| sealed.contains(&conflict.device_seq)) {
        None => Ok(()),
        Some(Conflict { current: Some(_), subject, .. }) => {
            Err(Problem::about(ErrorCode::Conflict, subject))
        }
        Some(Conflict { current: None, .. }) => Err(ErrorCode::Forbidden.into()),
    }
}

/// Sends a sitting and the convocation that is drawn from it. The server takes the convocation only
/// when the sitting's record is the one it names, so that what is sent is what the log holds.
pub(crate) async fn send_convocation(
    core: &Arc<Core>,
    sitting: domain::Sitting,
    mut convocation: domain::Convocation,
) -> Result<(), Problem> {
    let title = sitting.title.clone();
    let profile = Arc::clone(core.now().clerk()?);
    before_numbers_are_given(core).await;
    let keys = Arc::clone(&core.keys);
    let sealer = Sealer::of(core, &profile);
    let now_ms = core.world.now_ms();
    let sealed: Vec<u64> = core
        .shelf
        .ask(move |store| {
            sealer.seal_drafts(store, now_ms)?;
            let sitting = domain::Record::Sitting(Box::new(sitting));
            let first = store.next_device_seq()?;
            let record = seal_record(store, &*keys, &profile, &sitting, first, now_ms)?;
            convocation.sitting_op = record.hash();
            let convocation = domain::Record::Convocation(Box::new(convocation));
            if convocation.to_json().is_ok_and(|json| json.len() + 1_024 > limits::OP_PAYLOAD) {
                return Ok(Vec::new());
            }
            let second = seal_record(store, &*keys, &profile, &convocation, first + 1, now_ms)?;
            store.seal_all(&[record, second])?;
            Ok(vec![first, first + 1])
        })
        .await?;
    if sealed.is_empty() {
        return Err(Problem::about(ErrorCode::TooLong, title));
    }
    let done = exchange(core).await.map_err(|error| told(core, error))?;
    match done.conflicts.into_iter().find(|conflict| sealed.contains(&conflict.device_seq)) {
        None => Ok(()),
        Some(_) => Err(Problem::about(ErrorCode::Conflict, title)),
    }
}

/// Seals a record over the version that this tablet knows.
fn seal_record(
    store: &dyn Store,
    keys: &dyn Keys,
    profile: &Profile,
    record: &domain::Record,
    device_seq: u64,
    now_ms: i64,
) -> Result<Op, StoreError> {
    let audience = if record.is_restricted_to_clerks() {
        wire::Audience::Administration
    } else {
        wire::Audience::Council
    };
    let if_version = store.record_version(record.entity(), record.id())?;
    let json = record.to_json().map_err(|error| StoreError {
        kind: StoreErrorKind::Failed,
        doing: "writing a record",
        detail: error.to_string(),
    })?;
    let header = Header {
        council: profile.council,
        scope: wire::Scope { owner: profile.member, audience },
        document: wire::DocKey::of_record(record.id().into_bytes()),
        device: profile.device,
        device_seq,
        kind: Kind::Record,
        epoch: 0,
        made_ms: now_ms,
    };
    let payload = wire::RecordPayload { if_version, record: json };
    seal(keys, header, wire::encode(&payload))
}
