//! What can be wrong with a database, looked for row by row.

mod tables;

use std::collections::BTreeMap;

use domain::{CouncilId, DeviceId, MemberId, Record, Sha256};
use rusqlite::Connection;
use wire::RecordPayload;

use super::columns::{entity_text, role_text, seq_of, unsigned};
use super::pull::{ENTRY, entry};
use crate::log::LogError;

/// Looks through the whole database; each problem is one sentence without personal data.
///
/// # Errors
/// The database cannot be read at all.
pub fn problems(c: &Connection) -> Result<Vec<String>, LogError> {
    let mut problems = Vec::new();
    sqlite_itself(c, &mut problems)?;
    heads(c, &mut problems)?;
    lines(c, &mut problems)?;
    tables::problems(c, &mut problems)?;
    let councils: Vec<(i64, [u8; 16], String)> = c
        .prepare("SELECT council_no, id, name FROM council ORDER BY council_no")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (council_no, id, name) in councils {
        council(c, council_no, CouncilId::from_bytes(id), &name, &mut problems)?;
    }
    Ok(problems)
}

fn sqlite_itself(c: &Connection, problems: &mut Vec<String>) -> Result<(), LogError> {
    let findings: Vec<String> = c
        .prepare("PRAGMA integrity_check(20)")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    problems.extend(
        findings
            .into_iter()
            .filter(|finding| finding != "ok")
            .map(|finding| format!("The database file is damaged: {finding}.")),
    );
    let orphans: Vec<String> = c
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    problems.extend(
        orphans.into_iter().map(|table| format!("A row of the table {table} points at nothing.")),
    );
    Ok(())
}

/// Sequence numbers run from 1 to the head without gaps.
fn heads(c: &Connection, problems: &mut Vec<String>) -> Result<(), LogError> {
    let mut statement = c.prepare(
        "SELECT council.id, council.head, count(entry.place), coalesce(max(entry.place), 0)
         FROM council LEFT JOIN entry ON entry.place >> 40 = council.council_no
         GROUP BY council.council_no",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let council = CouncilId::from_bytes(row.get(0)?);
        let (head, count) = (unsigned(row, 1)?, unsigned(row, 2)?);
        let last = seq_of(row.get(3)?);
        if count != last {
            problems.push(format!(
                "The log of council {council} has gaps: {count} entries, the last is {last}."
            ));
        }
        if head != last {
            problems.push(format!(
                "The log of council {council} ends at {last} but its head says {head}."
            ));
        }
    }
    Ok(())
}

/// No device has an answer beyond the end of its line.
fn lines(c: &Connection, problems: &mut Vec<String>) -> Result<(), LogError> {
    let mut statement = c.prepare(
        "SELECT id, last_seq, max(
             coalesce((SELECT max(device_seq) FROM entry e WHERE e.device_no = d.device_no), 0),
             coalesce((SELECT max(device_seq) FROM refusal r WHERE r.device_no = d.device_no), 0))
         FROM device d",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (last, answered) = (unsigned(row, 1)?, unsigned(row, 2)?);
        if last != answered {
            let device = DeviceId::from_bytes(row.get(0)?);
            problems.push(format!(
                "Device {device} was answered up to {answered} but its line says {last}."
            ));
        }
    }
    Ok(())
}

/// Entries are what their devices signed, and the tables say what the records say.
fn council(
    c: &Connection,
    council_no: i64,
    id: CouncilId,
    name: &str,
    problems: &mut Vec<String>,
) -> Result<(), LogError> {
    let mut records: BTreeMap<(&'static str, [u8; 16]), (u64, u64, Record)> = BTreeMap::new();
    let mut statement = c.prepare(&format!(
        "SELECT {ENTRY}, e.op_hash, d.signing_key FROM entry e
         JOIN device d ON d.device_no = e.device_no
         WHERE e.place >> 40 = ?1 ORDER BY e.place"
    ))?;
    let mut rows = statement.query([council_no])?;
    while let Some(row) = rows.next()? {
        let logged = entry(id, row)?;
        let seq = logged.seq;
        let hash = Sha256::from_bytes(row.get(14)?);
        let key: [u8; 32] = row.get(15)?;
        if logged.op.hash() != hash || logged.op.verify(&key).is_err() {
            problems.push(format!("Entry {seq} of council {id} is not what its device signed."));
            continue;
        }
        if logged.record_version == 0 {
            continue;
        }
        let record = wire::decode(&logged.op.payload)
            .ok()
            .and_then(|payload: RecordPayload| Record::from_json(&payload.record).ok());
        let Some(record) = record else {
            problems.push(format!("Entry {seq} of council {id} holds no readable record."));
            continue;
        };
        let key = (entity_text(record.entity()), record.id().into_bytes());
        let before = records.get(&key).map_or(0, |(version, _, _)| *version);
        if logged.record_version != before + 1 {
            problems.push(format!(
                "Entry {seq} of council {id} makes version {} after version {before}.",
                logged.record_version
            ));
        }
        records.insert(key, (logged.record_version, seq, record));
    }
    rows_agree(c, council_no, id, &records, problems)?;
    for ((entity, _), (_, seq, record)) in &records {
        let agrees = match record {
            Record::Council(council) => council.name == name,
            Record::Member(member) => member_agrees(c, council_no, member)?,
            Record::Group(_)
            | Record::Body(_)
            | Record::Sitting(_)
            | Record::Device(_)
            | Record::Convocation(_) => true,
        };
        if !agrees {
            problems.push(format!(
                "The tables of council {id} do not say what the {entity} record of entry {seq} \
                 says."
            ));
        }
    }
    Ok(())
}

fn rows_agree(
    c: &Connection,
    council_no: i64,
    id: CouncilId,
    records: &BTreeMap<(&'static str, [u8; 16]), (u64, u64, Record)>,
    problems: &mut Vec<String>,
) -> Result<(), LogError> {
    let rows: BTreeMap<(String, [u8; 16]), (u64, u64)> = c
        .prepare("SELECT entity, id, version, place FROM record WHERE council_no = ?1")?
        .query_map([council_no], |row| {
            Ok(((row.get(0)?, row.get(1)?), (unsigned(row, 2)?, seq_of(row.get(3)?))))
        })?
        .collect::<Result<_, _>>()?;
    let from_log: BTreeMap<(String, [u8; 16]), (u64, u64)> = records
        .iter()
        .map(|((entity, id), (version, seq, _))| (((*entity).to_owned(), *id), (*version, *seq)))
        .collect();
    if rows != from_log {
        problems.push(format!(
            "The records of council {id} do not stand where its log says ({} rows, {} in the log).",
            rows.len(),
            from_log.len()
        ));
    }
    Ok(())
}

fn member_agrees(
    c: &Connection,
    council_no: i64,
    member: &domain::Member,
) -> Result<bool, LogError> {
    let role: Option<String> = c
        .prepare_cached("SELECT role FROM member WHERE council_no = ?1 AND id = ?2")?
        .query_map((council_no, member.id.to_bytes()), |row| row.get(0))?
        .next()
        .transpose()?;
    let groups = super::append::groups(c, council_no, MemberId::from_bytes(member.id.to_bytes()))?;
    Ok(role.as_deref() == Some(role_text(member.role))
        && groups == member.groups.iter().copied().collect())
}

/// The key with which each council's office signs, and the council.
///
/// # Errors
/// The database cannot be read.
pub fn offices(c: &Connection) -> Result<Vec<(CouncilId, [u8; 32])>, LogError> {
    let mut statement = c.prepare(
        "SELECT council.id, d.signing_key FROM council JOIN device d ON d.device_no = (
             SELECT min(o.device_no) FROM device o WHERE o.council_no = council.council_no)
         ORDER BY council.council_no",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((CouncilId::from_bytes(row.get(0)?), row.get::<_, [u8; 32]>(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Papers on the agenda of sittings that were never uploaded whole: officials see them and cannot
/// fetch them. Nothing is damaged, publishing again mends it.
///
/// # Errors
/// The database cannot be read.
pub fn papers_never_uploaded(c: &Connection) -> Result<Vec<String>, LogError> {
    let mut problems = Vec::new();
    let mut held =
        c.prepare("SELECT EXISTS (SELECT 1 FROM paper WHERE council_no = ?1 AND sha256 = ?2)")?;
    let mut statement = c.prepare(
        "SELECT r.council_no, r.place, e.payload FROM record r JOIN entry e ON e.place = r.place
         WHERE r.entity = 'sitting'",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let council_no: i64 = row.get(0)?;
        let payload: Vec<u8> = row.get(2)?;
        let record = wire::decode(&payload)
            .ok()
            .and_then(|payload: RecordPayload| Record::from_json(&payload.record).ok());
        let Some(Record::Sitting(sitting)) = record else { continue };
        for version in sitting.packet().filter_map(|entry| entry.document.current()) {
            let there: bool =
                held.query_row((council_no, version.sha256.as_bytes()), |row| row.get(0))?;
            if !there {
                let (seq, paper) = (seq_of(row.get(1)?), version.sha256);
                problems.push(format!(
                    "The sitting of entry {seq} names the paper {paper}, which was never \
                     uploaded whole; publish the sitting again."
                ));
            }
        }
    }
    Ok(problems)
}
