//! New heads, told between processes.

use std::collections::BTreeMap;
use std::time::Duration;

use deadpool_postgres::Pool;
use domain::CouncilId;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Config, NoTls};

use super::client;
use super::row::{bytes, unsigned};
use crate::log::{Listener, LogError};

/// The one channel of all processes.
const CHANNEL: &str = "pupitre_heads";
/// Heads are gathered this long before they are told.
const GATHER: Duration = Duration::from_millis(20);
/// Heads in one notice: PostgreSQL takes less than 8,000 bytes.
const HEADS: usize = 100;
/// How often all heads are looked at, whatever the notices say.
const POLL: Duration = Duration::from_secs(5);
/// Before a lost connection is made again.
const AGAIN: Duration = Duration::from_millis(500);

/// Tells and hears.
pub(super) struct News {
    config: Config,
    pool: Pool,
    out: mpsc::UnboundedSender<(CouncilId, u64)>,
    telling: JoinHandle<()>,
    hearing: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for News {
    fn drop(&mut self) {
        self.telling.abort();
        let hearing = self.hearing.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        hearing.drain(..).for_each(|task| task.abort());
    }
}

impl News {
    pub(super) fn new(config: Config, pool: Pool) -> Self {
        let (out, heads) = mpsc::unbounded_channel();
        let telling = tokio::spawn(tell_all(pool.clone(), heads));
        Self { config, pool, out, telling, hearing: std::sync::Mutex::default() }
    }

    /// Tells the other processes. Its loss costs a poll.
    pub(super) fn tell(&self, council: CouncilId, head: u64) {
        self.out.send((council, head)).ok();
    }

    /// Calls the listener for every head that is new, whoever made it.
    pub(super) fn listen(&self, listener: Listener) {
        let heard = tokio::spawn(hear(self.config.clone(), Listener::clone(&listener)));
        let polled = tokio::spawn(poll(self.pool.clone(), listener));
        let mut hearing = self.hearing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        hearing.extend([heard, polled]);
    }
}

async fn tell_all(pool: Pool, mut heads: mpsc::UnboundedReceiver<(CouncilId, u64)>) {
    while let Some((council, head)) = heads.recv().await {
        tokio::time::sleep(GATHER).await;
        let mut gathered = BTreeMap::from([(council, head)]);
        while gathered.len() < HEADS
            && let Ok((council, head)) = heads.try_recv()
        {
            let known = gathered.entry(council).or_default();
            *known = head.max(*known);
        }
        let notice: Vec<String> =
            gathered.iter().map(|(council, head)| format!("{council}:{head}")).collect();
        if let Err(error) = notify(&pool, &notice.join(",")).await {
            tracing::warn!(%error, "other servers learn of new entries by looking only");
        }
    }
}

async fn notify(pool: &Pool, notice: &str) -> Result<(), LogError> {
    client(pool).await?.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &notice]).await?;
    Ok(())
}

async fn hear(config: Config, listener: Listener) {
    loop {
        if let Err(error) = hear_until_lost(&config, &listener).await {
            tracing::warn!(%error, "notices of other servers are not heard");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear_until_lost(config: &Config, listener: &Listener) -> Result<(), LogError> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let listen = format!("LISTEN {CHANNEL}");
    let asked = client.batch_execute(&listen);
    tokio::pin!(asked);
    let mut listening = false;
    loop {
        let message = tokio::select! {
            done = &mut asked, if !listening => {
                done?;
                listening = true;
                continue;
            }
            message = messages.next() => message,
        };
        match message {
            Some(Ok(AsyncMessage::Notification(notice))) => {
                for (council, head) in heads_of(notice.payload()) {
                    listener(council, head);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error.into()),
            None => return Ok(()),
        }
    }
}

fn heads_of(notice: &str) -> impl Iterator<Item = (CouncilId, u64)> {
    notice.split(',').filter_map(|one| {
        let (council, head) = one.split_once(':')?;
        Some((council.parse().ok()?, head.parse().ok()?))
    })
}

async fn poll(pool: Pool, listener: Listener) {
    loop {
        match heads(&pool).await {
            // A head that is known already changes nothing.
            Ok(heads) => heads.into_iter().for_each(|(council, head)| listener(council, head)),
            Err(error) => tracing::warn!(%error, "the heads of the councils cannot be looked at"),
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn heads(pool: &Pool) -> Result<Vec<(CouncilId, u64)>, LogError> {
    let rows = client(pool).await?.query("SELECT id, head FROM council", &[]).await?;
    rows.iter().map(|row| Ok((CouncilId::from_bytes(bytes(row, 0)?), unsigned(row, 1)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_councils_and_heads_and_rubbish_is_passed_over() {
        let council = CouncilId::from_bytes([3; 16]);
        let notice = format!("{council}:7,nonsense,{council}:x,{council}:8");
        assert_eq!(heads_of(&notice).collect::<Vec<_>>(), [(council, 7), (council, 8)]);
    }
}
