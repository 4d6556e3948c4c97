//! Reading the log as one member sees it.

use domain::{CouncilId, DeviceId, MemberId};
use rusqlite::{Connection, OptionalExtension, params};
use wire::{DocKey, Header, Logged, Op, ProblemCode, Scope};

use super::append::groups;
use super::columns::{audience, kind, place, role, seq_of, unsigned};
use crate::log::{LogError, Page, Position, view_of, weight};

/// The columns of [`entry`], of the tables entry `e` and device `d`.
pub(super) const ENTRY: &str = "e.place, e.device_seq, e.kind, e.owner, e.audience,
    e.audience_group, e.document, e.epoch, e.made_ms, e.received_ms, e.record_version, e.signature,
    e.payload, d.id";

pub(super) fn pull(
    c: &Connection,
    council: CouncilId,
    member: MemberId,
    position: Position,
    max_bytes: usize,
) -> Result<Page, LogError> {
    let (council_no, head, incarnation, role_word) = c
        .prepare_cached(
            "SELECT council.council_no, council.head, council.incarnation, m.role
             FROM council JOIN member m ON m.council_no = council.council_no
             WHERE council.id = ?1 AND m.id = ?2 AND m.revoked_ms IS NULL",
        )?
        .query_row(params![council.to_bytes(), member.to_bytes()], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                unsigned(row, 1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, String>(3)?,
            ))
        })
        .optional()?
        .ok_or(LogError::refused(ProblemCode::Revoked, "This member was revoked."))?;
    let role = role(&role_word)?;
    let view = view_of(incarnation, member, role, &groups(c, council_no, member)?);
    let known = position.view == view && position.cursor <= head;
    let after = if known { position.cursor } else { 0 };

    if after == head {
        return Ok(Page { items: Vec::new(), cursor: head, head, more: false, view });
    }

    // The index answers who may see an entry without touching the payloads of the others.
    let mut statement = c.prepare_cached(&format!(
        "SELECT {ENTRY}
         FROM entry e INDEXED BY entry_by_audience
         JOIN device d ON d.device_no = e.device_no
         WHERE e.place > ?1 AND e.place <= ?2
           AND (e.audience = 'council'
                OR (e.audience IN ('private', 'group') AND e.owner = ?4)
                OR (e.audience = 'administration' AND ?5)
                OR (e.audience = 'person'
                    AND (?5 OR e.owner = ?4 OR e.audience_group = ?4))
                OR (e.audience = 'group' AND e.audience_group IN (
                    SELECT grp FROM member_group WHERE council_no = ?3 AND member = ?4)))
         ORDER BY e.place"
    ))?;
    let mut rows = statement.query(params![
        place(council_no, after),
        place(council_no, head),
        council_no,
        member.to_bytes(),
        role == domain::Role::Clerk
    ])?;
    let mut items: Vec<Logged> = Vec::new();
    let mut bytes = 0;
    let mut more = false;
    while let Some(row) = rows.next()? {
        let payload = row.get_ref(12)?.as_blob().map_err(rusqlite::Error::from)?;
        bytes += weight(payload.len());
        if bytes > max_bytes && !items.is_empty() {
            more = true;
            break;
        }
        items.push(entry(council, row)?);
    }
    let cursor = match items.last() {
        Some(last) if more => last.seq,
        _ => head,
    };
    Ok(Page { items, cursor, head, more, view })
}

/// The entry of such a row.
pub(super) fn entry(council: CouncilId, row: &rusqlite::Row<'_>) -> Result<Logged, LogError> {
    let scope = Scope {
        owner: MemberId::from_bytes(row.get(3)?),
        audience: audience(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?, row.get(5)?)?,
    };
    let header = Header {
        council,
        scope,
        document: DocKey(row.get(6)?),
        device: DeviceId::from_bytes(row.get(13)?),
        device_seq: unsigned(row, 1)?,
        kind: kind(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
        epoch: row.get(7)?,
        made_ms: row.get(8)?,
    };
    Ok(Logged {
        seq: seq_of(row.get(0)?),
        received_ms: row.get(9)?,
        record_version: unsigned(row, 10)?,
        op: Op { header, payload: row.get(12)?, signature: row.get(11)? },
    })
}

pub(super) fn head(c: &Connection, council: CouncilId) -> Result<u64, LogError> {
    let head = c
        .prepare_cached("SELECT head FROM council WHERE id = ?1")?
        .query_row([council.to_bytes()], |row| unsigned(row, 0))
        .optional()?;
    head.ok_or(LogError::refused(ProblemCode::NotFound, "This server has no such council."))
}
