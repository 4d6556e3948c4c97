//! The post in PostgreSQL. Of several server processes one carries it: the one whose connection holds
//! an advisory lock. That a message leaves is recorded on that very connection, so that a process
//! which has lost its lock with its connection sends nothing more.

use deadpool_postgres::Transaction;
use domain::{Convocation, ConvocationId, CouncilId, MemberId, MessageId, Sha256, SittingId};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls};

use super::row::{bytes, get, unsigned};
use crate::log::LogError;
use crate::log::post::sorting::{self, Asked, Carried, Line, channel, end, word};
use crate::log::post::{Decision, Done, Fate, Outgoing, Subject};

/// The lock, together with the schema's name: "post" in ASCII.
const LOCK: i32 = 0x70_6f_73_74;

/// The connection that holds the lock, when this process carries the post.
pub(super) struct Turn {
    config: Config,
    held: tokio::sync::Mutex<Option<Client>>,
}

impl Turn {
    pub(super) fn new(config: Config) -> Self {
        Self { config, held: tokio::sync::Mutex::default() }
    }

    /// Whether this process carries the post now; takes the turn when nobody has it.
    pub(super) async fn is_ours(&self) -> Result<bool, LogError> {
        let mut held = self.held.lock().await;
        if let Some(client) = &*held {
            if client.simple_query("").await.is_ok() {
                return Ok(true);
            }
            *held = None;
        }
        let (client, connection) = self.config.connect(NoTls).await?;
        // Ends with the client.
        tokio::spawn(connection);
        let row = client
            .query_one("SELECT pg_try_advisory_lock($1, hashtext(current_schema()))", &[&LOCK])
            .await?;
        let ours = get(&row, 0)?;
        if ours {
            *held = Some(client);
        }
        Ok(ours)
    }

    /// Records that a message leaves, on the connection that holds the lock.
    pub(super) async fn leaving(&self, number: i64) -> Result<(), LogError> {
        let held = self.held.lock().await;
        let client = held.as_ref();
        let client = client.ok_or(LogError::Failing("another server carries the post".into()))?;
        client
            .execute(
                "UPDATE post SET state = 'leaving', attempts = attempts + 1 WHERE post_no = $1",
                &[&number],
            )
            .await?;
        Ok(())
    }
}

pub(super) async fn gather(t: &Transaction<'_>, now_ms: i64) -> Result<u64, LogError> {
    let councils = t
        .query(
            "SELECT c.council_no, c.head, coalesce(p.seq, 0)
             FROM council c LEFT JOIN post_cursor p USING (council_no)
             WHERE c.head > coalesce(p.seq, 0)",
            &[],
        )
        .await?;
    let mut added = 0;
    for row in councils {
        added += gather_council(t, get(&row, 0)?, get(&row, 1)?, get(&row, 2)?, now_ms).await?;
    }
    Ok(added)
}

async fn gather_council(
    t: &Transaction<'_>,
    council_no: i64,
    head: i64,
    cursor: i64,
    now_ms: i64,
) -> Result<u64, LogError> {
    let rows = t
        .query(
            "SELECT e.kind, e.payload FROM entry e
             WHERE e.council_no = $1 AND e.seq > $2 AND e.seq <= $3
               AND (e.kind = 'receipt'
                    OR EXISTS (SELECT 1 FROM record r
                               WHERE r.council_no = e.council_no AND r.entity = 'convocation'
                                 AND r.seq = e.seq))
             ORDER BY e.seq",
            &[&council_no, &cursor, &head],
        )
        .await?;
    let mut added = 0;
    for row in rows {
        let payload: &[u8] = get(&row, 1)?;
        match Asked::of(get(&row, 0)?, payload) {
            Some(Asked::Convene(asked)) => {
                t.execute(
                    "UPDATE post SET state = 'dropped'
                     WHERE council_no = $1 AND sitting = $2 AND state = 'waiting'",
                    &[&council_no, &&asked.sitting.to_bytes()[..]],
                )
                .await?;
                let lines = sorting::of_convocation(&asked, None);
                added += queue(t, council_no, lines, now_ms).await?;
            }
            Some(Asked::Remind(id, reminder)) => {
                if let Some(asked) = convocation(t, council_no, id).await? {
                    let lines = sorting::of_convocation(&asked, Some(reminder));
                    added += queue(t, council_no, lines, now_ms).await?;
                }
            }
            Some(Asked::Tell(message)) => {
                added += queue(t, council_no, sorting::of_message(&message), now_ms).await?;
            }
            None => {}
        }
    }
    t.execute(
        "INSERT INTO post_cursor (council_no, seq) VALUES ($1, $2)
         ON CONFLICT (council_no) DO UPDATE SET seq = excluded.seq",
        &[&council_no, &head],
    )
    .await?;
    Ok(added)
}

async fn convocation(
    t: &Transaction<'_>,
    council_no: i64,
    id: ConvocationId,
) -> Result<Option<Box<Convocation>>, LogError> {
    let row = t
        .query_opt(
            "SELECT e.payload FROM record r
             JOIN entry e ON e.council_no = r.council_no AND e.seq = r.seq
             WHERE r.council_no = $1 AND r.entity = 'convocation' AND r.id = $2",
            &[&council_no, &&id.to_bytes()[..]],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(sorting::convocation(get(&row, 0)?))
}

/// Queues what is not queued already.
async fn queue(
    t: &Transaction<'_>,
    council_no: i64,
    lines: Vec<Line<'_>>,
    now_ms: i64,
) -> Result<u64, LogError> {
    let put = t
        .prepare_cached(
            "INSERT INTO post (council_no, about, sitting, convocation, member, channel,
                               reminder, address, queued_ms, next_ms, held)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9,
                     CASE WHEN EXISTS (SELECT 1 FROM post_hold
                                       WHERE council_no = $1 AND since_ms > $10)
                          THEN 'untold' ELSE 'no' END)
             ON CONFLICT DO NOTHING",
        )
        .await?;
    let mut added = 0;
    for line in lines {
        let member = line.member.to_bytes();
        added += t
            .execute(
                &put,
                &[
                    &council_no,
                    &line.about,
                    &&line.sitting[..],
                    &&line.subject[..],
                    &&member[..],
                    &word(line.channel),
                    &i64::from(line.reminder),
                    &line.address,
                    &now_ms,
                    &line.made.as_millisecond(),
                ],
            )
            .await?;
    }
    Ok(added)
}

pub(super) async fn due(
    t: &Transaction<'_>,
    now_ms: i64,
    limit: u32,
) -> Result<Vec<Outgoing>, LogError> {
    let due = "p.state IN ('waiting', 'leaving') AND p.held = 'no' AND p.next_ms <= $1
               ORDER BY p.next_ms, p.post_no LIMIT $2";
    outgoing(t, due, &[&now_ms, &i64::from(limit)]).await
}

pub(super) async fn held(t: &Transaction<'_>) -> Result<Vec<Outgoing>, LogError> {
    outgoing(t, "p.state = 'waiting' AND p.held <> 'no' ORDER BY p.post_no", &[]).await
}

/// The messages of the queue of which this is true.
async fn outgoing(
    t: &Transaction<'_>,
    which: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Outgoing>, LogError> {
    let all = format!(
        "SELECT p.post_no, c.id, p.council_no, p.convocation, p.member, p.channel, p.address,
                p.reminder, p.attempts, p.queued_ms, e.received_ms, p.about, e.payload
         FROM post p
         JOIN council c USING (council_no)
         LEFT JOIN record r ON p.about = 'convocation' AND r.council_no = p.council_no
                           AND r.entity = 'convocation' AND r.id = p.convocation
         LEFT JOIN message m ON p.about = 'message' AND m.council_no = p.council_no
                            AND m.message = p.convocation AND m.member = p.member
         JOIN entry e ON e.council_no = p.council_no AND e.seq = coalesce(r.seq, m.seq)
         WHERE {which}"
    );
    let rows = t.query(&all, values).await?;
    let mut carried = Carried::default();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let key = (get(&row, 2)?, bytes(&row, 3)?);
        let Some(about) = carried.about(get(&row, 11)?, key, get(&row, 12)?) else { continue };
        found.push(Outgoing {
            number: get(&row, 0)?,
            council: CouncilId::from_bytes(bytes(&row, 1)?),
            about,
            sent_ms: get(&row, 10)?,
            member: MemberId::from_bytes(bytes(&row, 4)?),
            channel: channel(get(&row, 5)?),
            address: get(&row, 6)?,
            reminder: u32::try_from(unsigned(&row, 7)?).unwrap_or(u32::MAX),
            attempts: u32::try_from(unsigned(&row, 8)?).unwrap_or(u32::MAX),
            queued_ms: get(&row, 9)?,
        });
    }
    Ok(found)
}

pub(super) async fn next_due(t: &Transaction<'_>) -> Result<Option<i64>, LogError> {
    let row = t
        .query_one(
            "SELECT min(next_ms) FROM post
             WHERE state IN ('waiting', 'leaving') AND held = 'no'",
            &[],
        )
        .await?;
    get(&row, 0)
}

pub(super) async fn left(
    t: &Transaction<'_>,
    number: i64,
    fate: &Fate,
    now_ms: i64,
) -> Result<(), LogError> {
    match fate {
        Fate::Sent { answer } => {
            t.execute(
                "UPDATE post SET state = 'sent', answer = $2, done_ms = $3 WHERE post_no = $1",
                &[&number, answer, &now_ms],
            )
            .await?;
        }
        Fate::Later { next_ms, reason } => {
            t.execute(
                // An attempt that never came to its last byte counts as well.
                "UPDATE post SET attempts = attempts + CASE state WHEN 'waiting' THEN 1 ELSE 0 END,
                                 state = 'waiting', answer = $2, next_ms = $3
                 WHERE post_no = $1",
                &[&number, reason, next_ms],
            )
            .await?;
        }
        Fate::Failed { reason, instead } => {
            if let Some((channel, address)) = instead {
                t.execute(
                    "INSERT INTO post (council_no, about, sitting, convocation, member, channel,
                                       reminder, address, queued_ms, next_ms)
                     SELECT council_no, about, sitting, convocation, member, $2, reminder, $3, $4, $4
                     FROM post WHERE post_no = $1
                     ON CONFLICT DO NOTHING",
                    &[&number, &word(*channel), address, &now_ms],
                )
                .await?;
            }
            t.execute(
                "UPDATE post SET state = 'failed', answer = $2, done_ms = $3 WHERE post_no = $1",
                &[&number, reason, &now_ms],
            )
            .await?;
        }
    }
    Ok(())
}

pub(super) async fn unwitnessed(t: &Transaction<'_>, limit: u32) -> Result<Vec<Done>, LogError> {
    let rows = t
        .query(
            "SELECT p.post_no, c.id, p.sitting, p.convocation, e.op_hash, p.member, p.channel,
                    p.address, p.reminder, p.state, p.answer, coalesce(p.done_ms, h.since_ms),
                    p.about
             FROM post p
             JOIN council c USING (council_no)
             LEFT JOIN post_hold h USING (council_no)
             LEFT JOIN record r ON p.about = 'convocation' AND r.council_no = p.council_no
                               AND r.entity = 'convocation' AND r.id = p.convocation
             LEFT JOIN message m ON p.about = 'message' AND m.council_no = p.council_no
                                AND m.message = p.convocation AND m.member = p.member
             JOIN entry e ON e.council_no = p.council_no AND e.seq = coalesce(r.seq, m.seq)
             WHERE (p.state IN ('sent', 'failed') AND NOT p.witnessed)
                OR (p.held = 'untold' AND p.state = 'waiting')
             ORDER BY p.council_no, p.post_no LIMIT $1",
            &[&i64::from(limit)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (sitting, id) = (SittingId::from_bytes(bytes(row, 2)?), bytes(row, 3)?);
            let about = if get::<&str>(row, 12)? == sorting::MESSAGE {
                Subject::Message(MessageId::from_bytes(id))
            } else {
                Subject::Convocation(sitting, ConvocationId::from_bytes(id))
            };
            Ok(Done {
                number: get(row, 0)?,
                council: CouncilId::from_bytes(bytes(row, 1)?),
                about,
                op: Sha256::from_bytes(bytes(row, 4)?),
                member: MemberId::from_bytes(bytes(row, 5)?),
                channel: channel(get(row, 6)?),
                address: get(row, 7)?,
                reminder: u32::try_from(unsigned(row, 8)?).unwrap_or(u32::MAX),
                end: end(get(row, 9)?),
                answer: get(row, 10)?,
                at_ms: get(row, 11)?,
            })
        })
        .collect()
}

pub(super) async fn witnessed(t: &Transaction<'_>, numbers: &[i64]) -> Result<(), LogError> {
    t.execute(
        "UPDATE post SET witnessed = state IN ('sent', 'failed'),
                         held = CASE held WHEN 'untold' THEN 'told' ELSE held END
         WHERE post_no = ANY ($1)",
        &[&numbers],
    )
    .await?;
    Ok(())
}

pub(super) async fn hold(t: &Transaction<'_>, since_ms: i64) -> Result<u64, LogError> {
    t.execute(
        "INSERT INTO post_hold (council_no, since_ms) SELECT council_no, $1::bigint FROM council
         ON CONFLICT (council_no)
         DO UPDATE SET since_ms = greatest(post_hold.since_ms, excluded.since_ms)",
        &[&since_ms],
    )
    .await?;
    let held = t
        .execute(
            "UPDATE post SET state = 'waiting', held = 'untold'
             WHERE state IN ('waiting', 'leaving') AND held = 'no'",
            &[],
        )
        .await?;
    Ok(held)
}

pub(super) async fn decide(
    t: &Transaction<'_>,
    numbers: &[i64],
    decision: Decision,
    now_ms: i64,
) -> Result<u64, LogError> {
    let state = decision.state();
    let decided = t
        .execute(
            "UPDATE post SET state = $2, held = 'no', next_ms = $3
             WHERE post_no = ANY ($1) AND state = 'waiting' AND held <> 'no'",
            &[&numbers, &state, &now_ms],
        )
        .await?;
    Ok(decided)
}
