//! Signed operations kept as they are: convocations, messages, receipts, the cards of devices.

use client::ports::{Evidence, EvidenceOf, LogPlace, StoreError};
use domain::{MemberId, MessageId, Record, SittingId, Statement};
use rusqlite::{Connection, ToSql, params};
use wire::{Kind, Logged, Op};

use crate::error::Doing;

const DOING: &str = "keeping what was signed";

/// What a signed operation belongs to; cards of the directory to neither.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Of {
    sitting: Option<SittingId>,
    /// A message, and whose copy of it.
    copy: Option<(MessageId, MemberId)>,
}

impl From<&Statement> for Of {
    fn from(statement: &Statement) -> Self {
        let copy = match statement {
            Statement::Receipt(receipt) => {
                return Self { sitting: Some(receipt.sitting), copy: None };
            }
            Statement::Message(message) => (message.message, message.recipient.member),
            Statement::MessageReceipt(receipt) => (receipt.message, receipt.member),
        };
        Self { sitting: None, copy: Some(copy) }
    }
}

/// This tablet's own operation, at the moment it is sealed.
pub(crate) fn keep_own(db: &Connection, op: &Op) -> Result<(), StoreError> {
    let of = match op.header.kind {
        Kind::Receipt => Of::from(&Statement::from_json(&op.payload).doing(DOING)?),
        Kind::Note | Kind::Record | Kind::Directory | Kind::Keys => return Ok(()),
    };
    let bytes = wire::encode(op).doing(DOING)?;
    db.prepare_cached(
        "INSERT OR IGNORE INTO evidence (op_hash, sitting, message, member, op)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .and_then(|mut put| {
        put.execute(params![
            op.hash().as_bytes(),
            of.sitting.map(SittingId::to_bytes),
            of.copy.map(|(message, _)| message.to_bytes()),
            of.copy.map(|(_, member)| member.to_bytes()),
            bytes
        ])
    })
    .doing(DOING)?;
    Ok(())
}

/// A record of the log, when it is of those that are kept.
pub(crate) fn keep_record(
    db: &Connection,
    record: &Record,
    item: &Logged,
) -> Result<(), StoreError> {
    let sitting = match record {
        Record::Convocation(convocation) => Some(convocation.sitting),
        Record::Device(_) => None,
        // What a sitting's record says stands in its convocations.
        Record::Council(_)
        | Record::Member(_)
        | Record::Group(_)
        | Record::Body(_)
        | Record::Sitting(_) => return Ok(()),
    };
    keep_logged(db, Of { sitting, copy: None }, item).map(drop)
}

/// An entry of the log; whether it tells something new.
pub(crate) fn keep_logged(db: &Connection, of: Of, item: &Logged) -> Result<bool, StoreError> {
    let bytes = wire::encode(&item.op).doing(DOING)?;
    // The log may have been put back to an earlier state: its numbers are then another's.
    let seq = i64::try_from(item.seq).unwrap_or(i64::MAX);
    let hash = item.op.hash();
    db.prepare_cached(
        "UPDATE evidence SET seq = NULL, received_ms = NULL WHERE seq = ?1 AND op_hash <> ?2",
    )
    .and_then(|mut free| free.execute(params![seq, hash.as_bytes()]))
    .doing(DOING)?;
    let changed = db
        .prepare_cached(
            "INSERT INTO evidence (op_hash, sitting, message, member, seq, received_ms, op)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (op_hash) DO UPDATE
             SET seq = excluded.seq, received_ms = excluded.received_ms, refused = 0
             WHERE evidence.seq IS NOT excluded.seq",
        )
        .and_then(|mut put| {
            put.execute(params![
                hash.as_bytes(),
                of.sitting.map(SittingId::to_bytes),
                of.copy.map(|(message, _)| message.to_bytes()),
                of.copy.map(|(_, member)| member.to_bytes()),
                seq,
                item.received_ms,
                bytes
            ])
        })
        .doing(DOING)?;
    Ok(changed > 0)
}

/// The server has not taken it: it did not happen for anybody else.
pub(crate) fn refused(db: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE evidence SET refused = 1 WHERE op_hash = ?1 AND seq IS NULL")
        .and_then(|mut put| put.execute([hash]))
        .doing(DOING)?;
    Ok(())
}

pub(crate) fn evidence(db: &Connection, of: EvidenceOf) -> Result<Vec<Evidence>, StoreError> {
    const COLUMNS: &str = "SELECT op, seq, received_ms FROM evidence WHERE NOT refused AND ";
    const ORDER: &str = " ORDER BY seq IS NULL, seq, evidence";
    let (condition, whose) = match of {
        EvidenceOf::Sitting(sitting) => ("sitting = ?1", Some(sitting.to_bytes())),
        EvidenceOf::Sittings => ("sitting IS NOT NULL", None),
        EvidenceOf::Messages => ("message IS NOT NULL", None),
        EvidenceOf::MessagesTo(member) => {
            ("message IS NOT NULL AND member = ?1", Some(member.to_bytes()))
        }
        EvidenceOf::Devices => ("sitting IS NULL AND message IS NULL", None),
    };
    let mut all = db.prepare_cached(&format!("{COLUMNS}{condition}{ORDER}")).doing(DOING)?;
    let values: Vec<&dyn ToSql> = whose.iter().map(|id| id as &dyn ToSql).collect();
    let mut rows = all.query(values.as_slice()).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        let bytes: Vec<u8> = row.get(0).doing(DOING)?;
        let seq: Option<i64> = row.get(1).doing(DOING)?;
        let received_ms: Option<i64> = row.get(2).doing(DOING)?;
        let logged = seq
            .zip(received_ms)
            .map(|(seq, received_ms)| LogPlace { seq: seq.unsigned_abs(), received_ms });
        found.push(Evidence { op: wire::decode(&bytes).doing(DOING)?, logged });
    }
    Ok(found)
}
