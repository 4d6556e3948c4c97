//! Reading the log as one member sees it.

use std::collections::BTreeSet;

use deadpool_postgres::Transaction;
use domain::{CouncilId, DeviceId, GroupId, MemberId, Role};
use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use wire::{DocKey, Header, Logged, Op, ProblemCode, Scope};

use super::row::{bytes, get, optional_bytes, unsigned};
use crate::log::sqlite::columns::{audience, int, kind, role};
use crate::log::{LogError, Page, Position, view_of, weight};

pub(super) async fn pull(
    t: &Transaction<'_>,
    council: CouncilId,
    member: MemberId,
    position: Position,
    max_bytes: usize,
) -> Result<Page, LogError> {
    let find = t
        .prepare_cached(
            "SELECT council.council_no, council.head, council.incarnation, m.role
             FROM council JOIN member m ON m.council_no = council.council_no
             WHERE council.id = $1 AND m.id = $2 AND m.revoked_ms IS NULL",
        )
        .await?;
    let row = t
        .query_opt(&find, &[&&council.to_bytes()[..], &&member.to_bytes()[..]])
        .await?
        .ok_or(LogError::refused(ProblemCode::Revoked, "This member was revoked."))?;
    let (council_no, head): (i64, u64) = (get(&row, 0)?, unsigned(&row, 1)?);
    let role = role(get(&row, 3)?)?;
    let groups = groups(t, council_no, member).await?;
    let view = view_of(get(&row, 2)?, member, role, &groups);
    let known = position.view == view && position.cursor <= head;
    let after = if known { position.cursor } else { 0 };
    if after == head {
        return Ok(Page { items: Vec::new(), cursor: head, head, more: false, view });
    }

    let read = t
        .prepare_cached(
            "SELECT e.seq, e.device_seq, e.kind, e.owner, e.audience, e.audience_group,
                    e.document, e.epoch, e.made_ms, e.received_ms, e.record_version, e.signature,
                    e.payload, d.id
             FROM entry e JOIN device d ON d.device_no = e.device_no
             WHERE e.council_no = $1 AND e.seq > $2 AND e.seq <= $3
               AND (e.audience = 'council'
                    OR (e.audience IN ('private', 'group') AND e.owner = $4)
                    OR (e.audience = 'administration' AND $5)
                    OR (e.audience = 'person'
                        AND ($5 OR e.owner = $4 OR e.audience_group = $4))
                    OR (e.audience = 'group' AND e.audience_group = ANY ($6)))
             ORDER BY e.seq",
        )
        .await?;
    let mine: Vec<Vec<u8>> = groups.iter().map(|group| group.to_bytes().to_vec()).collect();
    let clerk = role == Role::Clerk;
    let member = member.to_bytes();
    let owner = &member[..];
    let (from, to) = (int(after), int(head));
    let asked: [&(dyn ToSql + Sync); 6] = [&council_no, &from, &to, &owner, &clerk, &mine];
    let rows = t.query_raw(&read, asked).await?;
    pin_mut!(rows);
    let mut items: Vec<Logged> = Vec::new();
    let (mut weighs, mut more) = (0, false);
    while let Some(row) = rows.try_next().await? {
        let payload: &[u8] = get(&row, 12)?;
        weighs += weight(payload.len());
        if weighs > max_bytes && !items.is_empty() {
            more = true;
            break;
        }
        items.push(entry(council, &row)?);
    }
    let cursor = match items.last() {
        Some(last) if more => last.seq,
        _ => head,
    };
    Ok(Page { items, cursor, head, more, view })
}

fn entry(council: CouncilId, row: &Row) -> Result<Logged, LogError> {
    let scope = Scope {
        owner: MemberId::from_bytes(bytes(row, 3)?),
        audience: audience(get(row, 4)?, optional_bytes(row, 5)?)?,
    };
    let header = Header {
        council,
        scope,
        document: DocKey(bytes(row, 6)?),
        device: DeviceId::from_bytes(bytes(row, 13)?),
        device_seq: unsigned(row, 1)?,
        kind: kind(get(row, 2)?)?,
        epoch: u32::try_from(unsigned(row, 7)?).unwrap_or(u32::MAX),
        made_ms: get(row, 8)?,
    };
    Ok(Logged {
        seq: unsigned(row, 0)?,
        received_ms: get(row, 9)?,
        record_version: unsigned(row, 10)?,
        op: Op { header, payload: get(row, 12)?, signature: bytes(row, 11)? },
    })
}

pub(super) async fn groups(
    t: &Transaction<'_>,
    council_no: i64,
    member: MemberId,
) -> Result<BTreeSet<GroupId>, LogError> {
    let find = t
        .prepare_cached("SELECT grp FROM member_group WHERE council_no = $1 AND member = $2")
        .await?;
    let rows = t.query(&find, &[&council_no, &&member.to_bytes()[..]]).await?;
    rows.iter().map(|row| Ok(GroupId::from_bytes(bytes(row, 0)?))).collect()
}

pub(super) async fn head(t: &Transaction<'_>, council: CouncilId) -> Result<u64, LogError> {
    let row =
        t.query_opt("SELECT head FROM council WHERE id = $1", &[&&council.to_bytes()[..]]).await?;
    let row =
        row.ok_or(LogError::refused(ProblemCode::NotFound, "This server has no such council."))?;
    unsigned(&row, 0)
}
