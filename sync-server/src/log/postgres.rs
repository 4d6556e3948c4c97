//! The log in PostgreSQL, for several server processes on one database.
//!
//! Whoever appends locks the council's row until the commit, so that sequence numbers follow commit
//! order within a council while councils run beside each other. After a commit the new head is told
//! to the other processes by NOTIFY, from a connection of its own and gathered: NOTIFY inside the
//! writing transaction would make every commit of the database wait for one lock. A notice that is
//! lost costs five seconds, never data.

mod append;
mod audit;
mod calendar;
mod convocations;
mod messages;
mod news;
mod people;
mod post;
mod pull;
mod row;
mod schema;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Transaction};
use domain::{Convocation, CouncilId, DeviceId, Entity, MemberId, Record, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};
use wire::{LineEnd, WipeOrder};

use super::audit::{By, Deed, Line};
use super::post::{Decision, Done, Fate, Outgoing, Post};
use super::{
    Appended, Bearer, Device, Examined, Founding, KnownDevice, Listener, Log, LogError, NewDevice,
    NewSession, Office, Page, Position, Reply, Revocation, Subscribed, Uncarded, Welcome,
};
use news::News;

/// Connections of one process.
const CONNECTIONS: usize = 16;

/// The log of every council in one PostgreSQL database.
pub struct PgLog {
    pool: Pool,
    news: News,
    turn: post::Turn,
}

impl std::fmt::Debug for PgLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgLog").finish_non_exhaustive()
    }
}

impl PgLog {
    /// Connects and brings the schema up to date.
    ///
    /// `url` is `postgres://user:password@host/database`. The connection is in the clear: the
    /// database stands on this machine, on its private network, or behind a tunnel.
    ///
    /// # Errors
    /// The address is none, the database does not answer, or a newer server made the schema.
    pub async fn connect(url: &str) -> Result<Self, LogError> {
        let config: Config =
            url.parse().map_err(|error| failing("the address of the database", &error))?;
        let manager = Manager::from_config(
            config.clone(),
            NoTls,
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .build()
            .map_err(|error| LogError::Failing(error.to_string()))?;
        schema::migrate(&mut client(&pool).await?).await?;
        let turn = post::Turn::new(config.clone());
        let news = News::new(config, pool.clone());
        Ok(Self { pool, news, turn })
    }
}

async fn client(pool: &Pool) -> Result<Object, LogError> {
    pool.get().await.map_err(|error| LogError::Failing(error.to_string()))
}

fn failing(what: &str, error: &tokio_postgres::Error) -> LogError {
    LogError::Failing(format!("{what}: {error}"))
}

impl From<tokio_postgres::Error> for LogError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::DISK_FULL) => Self::Full,
            Some(_) | None => {
                // Its own text says only "db error"; what the database said is within.
                let said = error.as_db_error().map(ToString::to_string);
                Self::Failing(said.unwrap_or_else(|| error.to_string()))
            }
        }
    }
}

/// Runs `work` in one transaction.
macro_rules! transaction {
    ($self:ident, |$t:ident| $work:expr) => {
        Box::pin(async move {
            let mut client = client(&$self.pool).await?;
            let $t: Transaction<'_> = client.transaction().await?;
            let result = $work.await?;
            $t.commit().await?;
            Ok(result)
        })
    };
}

impl Log for PgLog {
    fn found(&self, founding: Founding, now_ms: i64) -> Reply<'_, ()> {
        transaction!(self, |t| people::found(&t, &founding, now_ms))
    }

    fn councils(&self) -> Reply<'_, Vec<CouncilId>> {
        transaction!(self, |t| people::councils(&t))
    }

    fn append(&self, device: DeviceId, ops: Vec<Examined>, now_ms: i64) -> Reply<'_, Appended> {
        Box::pin(async move {
            let mut client = client(&self.pool).await?;
            let t = client.transaction().await?;
            let (council, appended) = append::append(&t, device, &ops, now_ms).await?;
            t.commit().await?;
            if appended.added > 0 {
                self.news.tell(council, appended.head);
            }
            Ok(appended)
        })
    }

    fn pull(
        &self,
        council: CouncilId,
        member: MemberId,
        position: Position,
        max_bytes: usize,
    ) -> Reply<'_, Page> {
        Box::pin(async move {
            let mut client = client(&self.pool).await?;
            // All it reads is of one moment.
            let t = client
                .build_transaction()
                .read_only(true)
                .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
                .start()
                .await?;
            let page = pull::pull(&t, council, member, position, max_bytes).await?;
            t.commit().await?;
            Ok(page)
        })
    }

    fn line_end(&self, device: DeviceId) -> Reply<'_, Option<LineEnd>> {
        Box::pin(async move { append::line_end(&client(&self.pool).await?, device).await })
    }

    fn head(&self, council: CouncilId) -> Reply<'_, u64> {
        transaction!(self, |t| pull::head(&t, council))
    }

    fn invite(
        &self,
        council: CouncilId,
        member: MemberId,
        code_hash: Sha256,
        expires_ms: i64,
        by: By,
    ) -> Reply<'_, ()> {
        let code = (code_hash, expires_ms);
        transaction!(self, |t| people::invite(&t, council, member, code, by))
    }

    fn enrol(&self, code_hash: Sha256, device: NewDevice, now_ms: i64) -> Reply<'_, Welcome> {
        transaction!(self, |t| people::enrol(&t, code_hash, &device, now_ms))
    }

    fn device(&self, device: DeviceId) -> Reply<'_, Option<Device>> {
        Box::pin(async move { people::device(&client(&self.pool).await?, device).await })
    }

    fn devices(&self, council: CouncilId) -> Reply<'_, Vec<KnownDevice>> {
        Box::pin(async move { people::devices(&client(&self.pool).await?, council).await })
    }

    fn open_session(&self, session: NewSession, now_ms: i64) -> Reply<'_, ()> {
        transaction!(self, |t| people::open_session(&t, &session, now_ms))
    }

    fn bearer(&self, token_hash: Sha256, now_ms: i64) -> Reply<'_, Option<Bearer>> {
        Box::pin(
            async move { people::bearer(&client(&self.pool).await?, token_hash, now_ms).await },
        )
    }

    fn revoke(&self, whom: Revocation, by: By) -> Reply<'_, ()> {
        transaction!(self, |t| people::revoke(&t, whom, by))
    }

    fn order_wipe(&self, order: WipeOrder, by: By) -> Reply<'_, ()> {
        transaction!(self, |t| people::order_wipe(&t, &order, by))
    }

    fn wipe_order(&self, device: DeviceId) -> Reply<'_, Option<WipeOrder>> {
        transaction!(self, |t| people::wipe_order(&t, device))
    }

    fn append_last(
        &self,
        device: DeviceId,
        ops: Vec<Examined>,
        now_ms: i64,
    ) -> Reply<'_, Appended> {
        Box::pin(async move {
            let mut client = client(&self.pool).await?;
            let t = client.transaction().await?;
            let (council, appended) = append::append_last(&t, device, &ops, now_ms).await?;
            t.commit().await?;
            if appended.added > 0 {
                self.news.tell(council, appended.head);
            }
            Ok(appended)
        })
    }

    fn emptied(&self, device: DeviceId, now_ms: i64) -> Reply<'_, ()> {
        transaction!(self, |t| people::emptied(&t, device, now_ms))
    }

    fn note(&self, council: CouncilId, deed: Deed, by: By) -> Reply<'_, ()> {
        transaction!(self, |t| audit::note(&t, council, &deed, by))
    }

    fn audit(&self, council: CouncilId, before: Option<u64>, limit: u32) -> Reply<'_, Vec<Line>> {
        Box::pin(
            async move { audit::lines(&client(&self.pool).await?, council, before, limit).await },
        )
    }

    fn forget_audit(&self, now_ms: i64) -> Reply<'_, u64> {
        transaction!(self, |t| audit::forget(&t, now_ms))
    }

    fn office(&self, council: CouncilId) -> Reply<'_, Office> {
        Box::pin(async move { people::office(&client(&self.pool).await?, council).await })
    }

    fn uncarded(&self, council: CouncilId) -> Reply<'_, Vec<Uncarded>> {
        Box::pin(async move { people::uncarded(&client(&self.pool).await?, council).await })
    }

    fn record(
        &self,
        council: CouncilId,
        entity: Entity,
        id: [u8; 16],
    ) -> Reply<'_, Option<(u64, Record)>> {
        Box::pin(
            async move { people::record(&client(&self.pool).await?, council, entity, id).await },
        )
    }

    fn calendar(&self, council: CouncilId, member: MemberId) -> Reply<'_, u64> {
        Box::pin(
            async move { calendar::addresses(&client(&self.pool).await?, council, member).await },
        )
    }

    fn give_calendar(
        &self,
        council: CouncilId,
        member: MemberId,
        nth: u64,
        token_hash: Sha256,
        now_ms: i64,
    ) -> Reply<'_, ()> {
        Box::pin(async move {
            let given = (nth, token_hash);
            calendar::give(&client(&self.pool).await?, council, member, given, now_ms).await
        })
    }

    fn calendar_at(&self, token_hash: Sha256) -> Reply<'_, Option<Subscribed>> {
        Box::pin(async move { calendar::at(&client(&self.pool).await?, token_hash).await })
    }

    fn convocations(&self, council: CouncilId) -> Reply<'_, Vec<(Convocation, i64)>> {
        Box::pin(async move { calendar::convocations(&client(&self.pool).await?, council).await })
    }

    fn hold_paper(
        &self,
        council: CouncilId,
        sha256: Sha256,
        bytes: u64,
        now_ms: i64,
    ) -> Reply<'_, ()> {
        transaction!(self, |t| people::hold_paper(&t, council, sha256, bytes, now_ms))
    }

    fn paper(&self, council: CouncilId, sha256: Sha256) -> Reply<'_, Option<u64>> {
        Box::pin(async move { people::paper(&client(&self.pool).await?, council, sha256).await })
    }

    fn listen(&self, listener: Listener) {
        self.news.listen(listener);
    }
}

impl Post for PgLog {
    fn is_ours(&self) -> Reply<'_, bool> {
        Box::pin(self.turn.is_ours())
    }

    fn gather(&self, now_ms: i64) -> Reply<'_, u64> {
        transaction!(self, |t| post::gather(&t, now_ms))
    }

    fn due(&self, now_ms: i64, limit: u32) -> Reply<'_, Vec<Outgoing>> {
        transaction!(self, |t| post::due(&t, now_ms, limit))
    }

    fn next_due(&self) -> Reply<'_, Option<i64>> {
        transaction!(self, |t| post::next_due(&t))
    }

    fn leaving(&self, number: i64) -> Reply<'_, ()> {
        Box::pin(self.turn.leaving(number))
    }

    fn left(&self, number: i64, fate: Fate, now_ms: i64) -> Reply<'_, ()> {
        transaction!(self, |t| post::left(&t, number, &fate, now_ms))
    }

    fn unwitnessed(&self, limit: u32) -> Reply<'_, Vec<Done>> {
        transaction!(self, |t| post::unwitnessed(&t, limit))
    }

    fn witnessed(&self, numbers: Vec<i64>) -> Reply<'_, ()> {
        transaction!(self, |t| post::witnessed(&t, &numbers))
    }

    fn hold(&self, since_ms: i64) -> Reply<'_, u64> {
        transaction!(self, |t| post::hold(&t, since_ms))
    }

    fn held(&self) -> Reply<'_, Vec<Outgoing>> {
        transaction!(self, |t| post::held(&t))
    }

    fn decide(&self, numbers: Vec<i64>, decision: Decision, now_ms: i64) -> Reply<'_, u64> {
        transaction!(self, |t| post::decide(&t, &numbers, decision, now_ms))
    }
}
