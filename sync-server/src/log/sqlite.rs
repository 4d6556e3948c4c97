//! The log in SQLite: one writer thread that groups commits, readers on blocking threads.
//!
//! WAL with `synchronous=FULL`: what a commit acknowledged survives a power cut (NORMAL may take
//! it back). The settings are those of `schema::open`. What `recent` keeps in memory gives way to any
//! commit, so a maintenance command may write to the same file while the server runs.

mod append;
mod audit;
mod calendar;
pub mod checkup;
pub(in crate::log) mod columns;
mod convocations;
pub mod copies;
mod messages;
mod papers;
mod people;
mod post;
mod pull;
mod readers;
mod recent;
pub mod schema;
mod writer;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use domain::{Convocation, CouncilId, DeviceId, Entity, MemberId, Record, Sha256};
use rusqlite::Connection;
use wire::{LineEnd, WipeOrder};

use super::audit::{By, Deed, Line};
use super::post::{Decision, Done, Fate, Outgoing, Post};
use super::{
    Appended, Bearer, Device, Examined, Founding, KnownDevice, Log, LogError, NewDevice,
    NewSession, Office, Page, Position, Reply, Revocation, Subscribed, Uncarded, Welcome,
};
use crate::metrics::Metrics;
use readers::Readers;
use recent::Recent;
use writer::Writer;

pub use schema::OpenError;

/// How a database is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Connections that read at the same time.
    pub readers: NonZeroUsize,
    /// Writes that may wait for the writer before callers wait in turn.
    pub queue: NonZeroUsize,
    /// Largest database, in pages of 4 KiB; none leaves it to the disk.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: NonZeroUsize::new(4).unwrap_or(NonZeroUsize::MIN),
            queue: NonZeroUsize::new(1_024).unwrap_or(NonZeroUsize::MIN),
            max_pages: None,
        }
    }
}

/// The log of every council in one SQLite file.
#[derive(Debug)]
pub struct SqliteLog {
    // Dropped first, so that the writer is the last to close the database and tidies it up.
    readers: Readers,
    recent: Recent,
    writer: Writer,
}

impl SqliteLog {
    /// Opens the database, creating it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`]: the file cannot be opened, or a newer version of the server made it.
    pub fn open(path: &Path, options: Options, metrics: Arc<Metrics>) -> Result<Self, OpenError> {
        let connection = schema::open(path)?;
        if let Some(pages) = options.max_pages {
            connection.pragma_update(None, "max_page_count", pages)?;
        }
        let recent = Recent::open(path)?;
        let writer = Writer::start(connection, options.queue, metrics)?;
        Ok(Self { writer, recent, readers: Readers::new(path.to_owned(), options.readers) })
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Reply<'_, T> {
        Box::pin(self.writer.run(work))
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LogError> + Send + 'static,
    ) -> Reply<'_, T> {
        Box::pin(self.readers.run(work))
    }
}

impl Log for SqliteLog {
    fn found(&self, founding: Founding, now_ms: i64) -> Reply<'_, ()> {
        self.write(move |c| people::found(c, &founding, now_ms))
    }

    fn councils(&self) -> Reply<'_, Vec<CouncilId>> {
        self.read(people::councils)
    }

    fn append(&self, device: DeviceId, ops: Vec<Examined>, now_ms: i64) -> Reply<'_, Appended> {
        self.write(move |c| append::append(c, device, &ops, now_ms))
    }

    fn pull(
        &self,
        council: CouncilId,
        member: MemberId,
        position: Position,
        max_bytes: usize,
    ) -> Reply<'_, Page> {
        Box::pin(async move {
            let moment = match self.recent.nothing_new(council, member, position) {
                Ok(page) => return Ok(page),
                Err(moment) => moment,
            };
            let read = move |c: &Connection| pull::pull(c, council, member, position, max_bytes);
            let page = self.readers.run(read).await?;
            self.recent.keep_page(moment, council, member, &page);
            Ok(page)
        })
    }

    fn line_end(&self, device: DeviceId) -> Reply<'_, Option<LineEnd>> {
        self.read(move |c| append::line_end(c, device))
    }

    fn head(&self, council: CouncilId) -> Reply<'_, u64> {
        self.read(move |c| pull::head(c, council))
    }

    fn invite(
        &self,
        council: CouncilId,
        member: MemberId,
        code_hash: Sha256,
        expires_ms: i64,
        by: By,
    ) -> Reply<'_, ()> {
        self.write(move |c| people::invite(c, council, member, (code_hash, expires_ms), by))
    }

    fn enrol(&self, code_hash: Sha256, device: NewDevice, now_ms: i64) -> Reply<'_, Welcome> {
        self.write(move |c| people::enrol(c, code_hash, &device, now_ms))
    }

    fn device(&self, device: DeviceId) -> Reply<'_, Option<Device>> {
        self.read(move |c| people::device(c, device))
    }

    fn devices(&self, council: CouncilId) -> Reply<'_, Vec<KnownDevice>> {
        self.read(move |c| people::devices(c, council))
    }

    fn open_session(&self, session: NewSession, now_ms: i64) -> Reply<'_, ()> {
        self.write(move |c| people::open_session(c, &session, now_ms))
    }

    fn bearer(&self, token_hash: Sha256, now_ms: i64) -> Reply<'_, Option<Bearer>> {
        Box::pin(async move {
            let moment = match self.recent.bearer(token_hash) {
                Ok(bearer) => return Ok((bearer.expires_ms > now_ms).then_some(bearer)),
                Err(moment) => moment,
            };
            let bearer = self.readers.run(move |c| people::bearer(c, token_hash, now_ms)).await?;
            if let Some(bearer) = &bearer {
                self.recent.keep_bearer(moment, token_hash, bearer);
            }
            Ok(bearer)
        })
    }

    fn revoke(&self, whom: Revocation, by: By) -> Reply<'_, ()> {
        self.write(move |c| people::revoke(c, whom, by))
    }

    fn order_wipe(&self, order: WipeOrder, by: By) -> Reply<'_, ()> {
        self.write(move |c| people::order_wipe(c, &order, by))
    }

    fn wipe_order(&self, device: DeviceId) -> Reply<'_, Option<WipeOrder>> {
        self.read(move |c| people::wipe_order(c, device))
    }

    fn append_last(
        &self,
        device: DeviceId,
        ops: Vec<Examined>,
        now_ms: i64,
    ) -> Reply<'_, Appended> {
        self.write(move |c| append::append_last(c, device, &ops, now_ms))
    }

    fn emptied(&self, device: DeviceId, now_ms: i64) -> Reply<'_, ()> {
        self.write(move |c| people::emptied(c, device, now_ms))
    }

    fn note(&self, council: CouncilId, deed: Deed, by: By) -> Reply<'_, ()> {
        self.write(move |c| audit::note(c, council, &deed, by))
    }

    fn audit(&self, council: CouncilId, before: Option<u64>, limit: u32) -> Reply<'_, Vec<Line>> {
        self.read(move |c| audit::lines(c, council, before, limit))
    }

    fn forget_audit(&self, now_ms: i64) -> Reply<'_, u64> {
        self.write(move |c| audit::forget(c, now_ms))
    }

    fn office(&self, council: CouncilId) -> Reply<'_, Office> {
        self.read(move |c| people::office(c, council))
    }

    fn uncarded(&self, council: CouncilId) -> Reply<'_, Vec<Uncarded>> {
        self.read(move |c| people::uncarded(c, council))
    }

    fn record(
        &self,
        council: CouncilId,
        entity: Entity,
        id: [u8; 16],
    ) -> Reply<'_, Option<(u64, Record)>> {
        self.read(move |c| papers::record(c, council, entity, id))
    }

    fn calendar(&self, council: CouncilId, member: MemberId) -> Reply<'_, u64> {
        self.read(move |c| calendar::addresses(c, council, member))
    }

    fn give_calendar(
        &self,
        council: CouncilId,
        member: MemberId,
        nth: u64,
        token_hash: Sha256,
        now_ms: i64,
    ) -> Reply<'_, ()> {
        self.write(move |c| calendar::give(c, council, member, (nth, token_hash), now_ms))
    }

    fn calendar_at(&self, token_hash: Sha256) -> Reply<'_, Option<Subscribed>> {
        self.read(move |c| calendar::at(c, token_hash))
    }

    fn convocations(&self, council: CouncilId) -> Reply<'_, Vec<(Convocation, i64)>> {
        self.read(move |c| calendar::convocations(c, council))
    }

    fn hold_paper(
        &self,
        council: CouncilId,
        sha256: Sha256,
        bytes: u64,
        now_ms: i64,
    ) -> Reply<'_, ()> {
        self.write(move |c| papers::hold(c, council, sha256, bytes, now_ms))
    }

    fn paper(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, Option<u64>> {
        self.read(move |c| papers::held(c, council, sha256))
    }
}

impl Post for SqliteLog {
    fn is_ours(&self) -> Reply<'_, bool> {
        // A data folder is one process's.
        Box::pin(async { Ok(true) })
    }

    fn gather(&self, now_ms: i64) -> Reply<'_, u64> {
        self.write(move |c| post::gather(c, now_ms))
    }

    fn due(&self, now_ms: i64, limit: u32) -> Reply<'_, Vec<Outgoing>> {
        self.read(move |c| post::due(c, now_ms, limit))
    }

    fn next_due(&self) -> Reply<'_, Option<i64>> {
        self.read(post::next_due)
    }

    fn leaving(&self, number: i64) -> Reply<'_, ()> {
        self.write(move |c| post::leaving(c, number))
    }

    fn left(&self, number: i64, fate: Fate, now_ms: i64) -> Reply<'_, ()> {
        self.write(move |c| post::left(c, number, &fate, now_ms))
    }

    fn unwitnessed(&self, limit: u32) -> Reply<'_, Vec<Done>> {
        self.read(move |c| post::unwitnessed(c, limit))
    }

    fn witnessed(&self, numbers: Vec<i64>) -> Reply<'_, ()> {
        self.write(move |c| post::witnessed(c, &numbers))
    }

    fn hold(&self, since_ms: i64) -> Reply<'_, u64> {
        self.write(move |c| post::hold(c, since_ms))
    }

    fn held(&self) -> Reply<'_, Vec<Outgoing>> {
        self.read(post::held)
    }

    fn decide(&self, numbers: Vec<i64>, decision: Decision, now_ms: i64) -> Reply<'_, u64> {
        self.write(move |c| post::decide(c, &numbers, decision, now_ms))
    }
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Failing(error.to_string()),
        }
    }
}
