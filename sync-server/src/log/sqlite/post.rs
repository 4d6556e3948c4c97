//! The post in the log's database.

use domain::{Convocation, ConvocationId, CouncilId, MemberId, MessageId, Sha256, SittingId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::unsigned;
use crate::log::LogError;
use crate::log::post::sorting::{self, Asked, Carried, Line, channel, end, word};
use crate::log::post::{Decision, Done, Fate, Outgoing, Subject};

pub(super) fn gather(c: &Connection, now_ms: i64) -> Result<u64, LogError> {
    let councils: Vec<(i64, i64)> = c
        .prepare_cached(
            "SELECT council.council_no, coalesce(p.place, council.council_no << 40)
             FROM council LEFT JOIN post_cursor p USING (council_no)
             WHERE council.council_no << 40 | council.head > coalesce(p.place, 0)",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut added = 0;
    for (council_no, cursor) in councils {
        added += gather_council(c, council_no, cursor, now_ms)?;
    }
    Ok(added)
}

fn gather_council(
    c: &Connection,
    council_no: i64,
    cursor: i64,
    now_ms: i64,
) -> Result<u64, LogError> {
    let end = (council_no + 1) << 40;
    let mut statement = c.prepare_cached(
        "SELECT e.place, e.kind, e.payload FROM entry e
         WHERE e.place > ?1 AND e.place < ?2
           AND (e.kind = 'receipt'
                OR e.place IN (SELECT r.place FROM record r
                               WHERE r.council_no = ?3 AND r.entity = 'convocation'))
         ORDER BY e.place",
    )?;
    let mut rows = statement.query(params![cursor, end, council_no])?;
    let mut added = 0;
    while let Some(row) = rows.next()? {
        let payload: Vec<u8> = row.get(2)?;
        let kind = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        match Asked::of(kind, &payload) {
            Some(Asked::Convene(asked)) => {
                c.prepare_cached(
                    "UPDATE post SET state = 'dropped'
                     WHERE council_no = ?1 AND sitting = ?2 AND state = 'waiting'",
                )?
                .execute(params![council_no, asked.sitting.to_bytes()])?;
                let lines = sorting::of_convocation(&asked, None);
                added += queue(c, council_no, lines, now_ms)?;
            }
            Some(Asked::Remind(id, reminder)) => {
                if let Some(asked) = convocation(c, council_no, id)? {
                    let lines = sorting::of_convocation(&asked, Some(reminder));
                    added += queue(c, council_no, lines, now_ms)?;
                }
            }
            Some(Asked::Tell(message)) => {
                added += queue(c, council_no, sorting::of_message(&message), now_ms)?;
            }
            None => {}
        }
    }
    c.prepare_cached(
        "INSERT INTO post_cursor (council_no, place)
         SELECT council_no, council_no << 40 | head FROM council WHERE council_no = ?1
         ON CONFLICT DO UPDATE SET place = excluded.place",
    )?
    .execute([council_no])?;
    Ok(added)
}

fn convocation(
    c: &Connection,
    council_no: i64,
    id: ConvocationId,
) -> Result<Option<Box<Convocation>>, LogError> {
    let payload: Option<Vec<u8>> = c
        .prepare_cached(
            "SELECT e.payload FROM record r JOIN entry e ON e.place = r.place
             WHERE r.council_no = ?1 AND r.entity = 'convocation' AND r.id = ?2",
        )?
        .query_row(params![council_no, id.to_bytes()], |row| row.get(0))
        .optional()?;
    Ok(payload.and_then(|payload| sorting::convocation(&payload)))
}

/// Queues what is not queued already.
fn queue(
    c: &Connection,
    council_no: i64,
    lines: Vec<Line<'_>>,
    now_ms: i64,
) -> Result<u64, LogError> {
    let mut put = c.prepare_cached(
        "INSERT OR IGNORE INTO post (council_no, sitting, convocation, member, channel, reminder,
                                     address, queued_ms, next_ms, about, held)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9,
                 iif(EXISTS (SELECT 1 FROM post_hold
                             WHERE council_no = ?1 AND since_ms > ?10), 'untold', 'no'))",
    )?;
    let mut added = 0;
    for line in lines {
        added += put.execute(params![
            council_no,
            line.sitting,
            line.subject,
            line.member.to_bytes(),
            word(line.channel),
            line.reminder,
            line.address,
            now_ms,
            line.about,
            line.made.as_millisecond()
        ])? as u64;
    }
    Ok(added)
}

pub(super) fn due(c: &Connection, now_ms: i64, limit: u32) -> Result<Vec<Outgoing>, LogError> {
    let due = "p.state IN ('waiting', 'leaving') AND p.held = 'no' AND p.next_ms <= ?1
               ORDER BY p.next_ms, p.post_no LIMIT ?2";
    outgoing(c, due, params![now_ms, limit])
}

pub(super) fn held(c: &Connection) -> Result<Vec<Outgoing>, LogError> {
    outgoing(c, "p.state = 'waiting' AND p.held <> 'no' ORDER BY p.post_no", params![])
}

/// The messages of the queue of which this is true.
fn outgoing(
    c: &Connection,
    which: &str,
    values: impl rusqlite::Params,
) -> Result<Vec<Outgoing>, LogError> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT p.post_no, council.id, p.council_no, p.convocation, p.member, p.channel, p.address,
                p.reminder, p.attempts, p.queued_ms, e.received_ms, p.about, e.payload
         FROM post p
         JOIN council USING (council_no)
         LEFT JOIN record r ON p.about = 'convocation' AND r.council_no = p.council_no
                           AND r.entity = 'convocation' AND r.id = p.convocation
         LEFT JOIN message m ON p.about = 'message' AND m.council_no = p.council_no
                            AND m.message = p.convocation AND m.member = p.member
         JOIN entry e ON e.place = coalesce(r.place, m.place)
         WHERE {which}"
    ))?;
    let mut rows = statement.query(values)?;
    let mut carried = Carried::default();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let payload = row.get_ref(12)?.as_blob().map_err(rusqlite::Error::from)?;
        let about = row.get_ref(11)?.as_str().map_err(rusqlite::Error::from)?;
        let key = (row.get(2)?, row.get(3)?);
        let Some(about) = carried.about(about, key, payload) else { continue };
        found.push(Outgoing {
            number: row.get(0)?,
            council: CouncilId::from_bytes(row.get(1)?),
            about,
            sent_ms: row.get(10)?,
            member: MemberId::from_bytes(row.get(4)?),
            channel: channel(row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?),
            address: row.get(6)?,
            reminder: small(row, 7)?,
            attempts: small(row, 8)?,
            queued_ms: row.get(9)?,
        });
    }
    Ok(found)
}

fn small(row: &Row<'_>, column: usize) -> Result<u32, rusqlite::Error> {
    Ok(u32::try_from(unsigned(row, column)?).unwrap_or(u32::MAX))
}

pub(super) fn next_due(c: &Connection) -> Result<Option<i64>, LogError> {
    let next = c
        .prepare_cached(
            "SELECT min(next_ms) FROM post WHERE state IN ('waiting', 'leaving') AND held = 'no'",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(next)
}

pub(super) fn leaving(c: &Connection, number: i64) -> Result<(), LogError> {
    c.prepare_cached(
        "UPDATE post SET state = 'leaving', attempts = attempts + 1 WHERE post_no = ?1",
    )?
    .execute([number])?;
    Ok(())
}

pub(super) fn left(c: &Connection, number: i64, fate: &Fate, now_ms: i64) -> Result<(), LogError> {
    match fate {
        Fate::Sent { answer } => c
            .prepare_cached(
                "UPDATE post SET state = 'sent', answer = ?2, done_ms = ?3 WHERE post_no = ?1",
            )?
            .execute(params![number, answer, now_ms])?,
        Fate::Later { next_ms, reason } => c
            .prepare_cached(
                // An attempt that never came to its last byte counts as well.
                "UPDATE post SET attempts = attempts + (state = 'waiting'), state = 'waiting',
                                 answer = ?2, next_ms = ?3
                 WHERE post_no = ?1",
            )?
            .execute(params![number, reason, next_ms])?,
        Fate::Failed { reason, instead } => {
            if let Some((channel, address)) = instead {
                c.prepare_cached(
                    "INSERT OR IGNORE INTO post (council_no, sitting, convocation, member, channel,
                                                 reminder, address, queued_ms, next_ms, about)
                     SELECT council_no, sitting, convocation, member, ?2, reminder, ?3, ?4, ?4,
                            about
                     FROM post WHERE post_no = ?1",
                )?
                .execute(params![number, word(*channel), address, now_ms])?;
            }
            c.prepare_cached(
                "UPDATE post SET state = 'failed', answer = ?2, done_ms = ?3 WHERE post_no = ?1",
            )?
            .execute(params![number, reason, now_ms])?
        }
    };
    Ok(())
}

pub(super) fn unwitnessed(c: &Connection, limit: u32) -> Result<Vec<Done>, LogError> {
    let mut statement = c.prepare_cached(
        "SELECT p.post_no, council.id, p.sitting, p.convocation, e.op_hash, p.member, p.channel,
                p.address, p.reminder, p.state, p.answer, coalesce(p.done_ms, h.since_ms), p.about
         FROM (SELECT post_no FROM post WHERE state IN ('sent', 'failed') AND NOT witnessed
               UNION ALL
               SELECT post_no FROM post WHERE held = 'untold' AND state = 'waiting')
         JOIN post p USING (post_no)
         JOIN council USING (council_no)
         LEFT JOIN post_hold h ON h.council_no = p.council_no
         LEFT JOIN record r ON p.about = 'convocation' AND r.council_no = p.council_no
                           AND r.entity = 'convocation' AND r.id = p.convocation
         LEFT JOIN message m ON p.about = 'message' AND m.council_no = p.council_no
                            AND m.message = p.convocation AND m.member = p.member
         JOIN entry e ON e.place = coalesce(r.place, m.place)
         ORDER BY p.council_no, p.post_no LIMIT ?1",
    )?;
    let done = statement
        .query_map([limit], |row| {
            let (sitting, id) = (SittingId::from_bytes(row.get(2)?), row.get(3)?);
            let about = if row.get_ref(12)?.as_str()? == sorting::MESSAGE {
                Subject::Message(MessageId::from_bytes(id))
            } else {
                Subject::Convocation(sitting, ConvocationId::from_bytes(id))
            };
            Ok(Done {
                number: row.get(0)?,
                council: CouncilId::from_bytes(row.get(1)?),
                about,
                op: Sha256::from_bytes(row.get(4)?),
                member: MemberId::from_bytes(row.get(5)?),
                channel: channel(row.get_ref(6)?.as_str()?),
                address: row.get(7)?,
                reminder: small(row, 8)?,
                end: end(row.get_ref(9)?.as_str()?),
                answer: row.get(10)?,
                at_ms: row.get(11)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(done)
}

pub(super) fn witnessed(c: &Connection, numbers: &[i64]) -> Result<(), LogError> {
    let mut mark = c.prepare_cached(
        "UPDATE post SET witnessed = state IN ('sent', 'failed'),
                         held = iif(held = 'untold', 'told', held)
         WHERE post_no = ?1",
    )?;
    for number in numbers {
        mark.execute([number])?;
    }
    Ok(())
}

pub(super) fn hold(c: &Connection, since_ms: i64) -> Result<u64, LogError> {
    c.execute(
        "INSERT INTO post_hold (council_no, since_ms) SELECT council_no, ?1 FROM council WHERE true
         ON CONFLICT DO UPDATE SET since_ms = max(since_ms, excluded.since_ms)",
        [since_ms],
    )?;
    let held = c.execute(
        "UPDATE post SET state = 'waiting', held = 'untold'
         WHERE state IN ('waiting', 'leaving') AND held = 'no'",
        [],
    )?;
    Ok(held as u64)
}

pub(super) fn decide(
    c: &Connection,
    numbers: &[i64],
    decision: Decision,
    now_ms: i64,
) -> Result<u64, LogError> {
    let state = decision.state();
    let mut decide = c.prepare_cached(
        "UPDATE post SET state = ?2, held = 'no', next_ms = ?3
         WHERE post_no = ?1 AND state = 'waiting' AND held <> 'no'",
    )?;
    let mut decided = 0;
    for number in numbers {
        decided += decide.execute(params![number, state, now_ms])? as u64;
    }
    Ok(decided)
}
