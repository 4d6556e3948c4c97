//! Putting what was read into a new database. Each thing is checked by itself: what is not what it
//! says it is stays with the damaged database.

use std::collections::{BTreeMap, BTreeSet};

use client::ports::{Mended, NotedDocument, StoreError};
use domain::{Record, Sha256};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, params, params_from_iter};
use wire::{Audience, DocKey, Kind, NotePayload, Op, Scope};

use super::DOING;
use super::read::{Found, Row};
use crate::error::Doing;
use crate::{catalogue, notes, outbox, settings};

/// Settings that the log gives again.
const FORGOTTEN: [&str; 5] =
    ["cursor", "last_sync", "records_read_anew", "records_behind", "papers_owed"];

/// Carries everything over in one transaction. `kept` are settings that were kept beside, for those that
/// cannot be read.
pub(super) fn over(
    db: &mut Connection,
    found: &Found,
    kept: &BTreeMap<String, String>,
) -> Result<Mended, StoreError> {
    let tx = db.transaction().doing(DOING)?;
    for table in Found::tables() {
        for row in found.rows(table) {
            match table {
                "setting" => setting(&tx, row)?,
                "record" => record(&tx, row)?,
                "noted" => noted(&tx, row)?,
                // What it belongs to may have to be found first.
                "piece" => {}
                "outbox" => sealed(&tx, row)?,
                "key_op" => key_op(&tx, row)?,
                "evidence" if row.get("seq") != Some(&Value::Null) => {}
                "paper" => put(&tx, table, &without(row, &["indexed", "inspection"]))?,
                _ => put(&tx, table, row)?,
            }
        }
        if table == "setting" {
            keep(&tx, kept)?;
        }
        if table == "noted" {
            know_orphans(&tx, found)?;
            found.rows("piece").into_iter().try_for_each(|row| piece(&tx, row))?;
        }
    }
    tx.execute_batch(
        "UPDATE noted SET indexed = 0, unreadable = 0,
             latest = coalesce((SELECT max(piece) FROM piece WHERE piece.doc = noted.doc), 0);",
    )
    .doing(DOING)?;
    count_on(&tx)?;
    let profile = settings::profile(&tx);
    if profile.is_err() {
        tx.execute("DELETE FROM setting WHERE name = 'profile'", []).doing(DOING)?;
    }
    let mended = Mended { unsent: outbox::pending(&tx)?, enrolled: matches!(profile, Ok(Some(_))) };
    tx.commit().doing(DOING)?;
    Ok(mended)
}

fn setting(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    let (Some(Value::Text(name)), Some(Value::Text(value))) = (row.get("name"), row.get("value"))
    else {
        return Ok(());
    };
    let sound = serde_json::from_str::<serde_json::Value>(value).is_ok();
    if sound && !FORGOTTEN.contains(&name.as_str()) { put(tx, "setting", row) } else { Ok(()) }
}

fn keep(tx: &Transaction<'_>, kept: &BTreeMap<String, String>) -> Result<(), StoreError> {
    for (name, value) in kept {
        let text = |text: &String| Value::Text(text.clone());
        let row = [("name".to_owned(), text(name)), ("value".to_owned(), text(value))];
        setting(tx, &Row::from(row))?;
    }
    Ok(())
}

/// A record of the catalogue, so that what is here can be read with no network. The log gives it again,
/// and what is newer in it.
fn record(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    let (Some(Value::Text(body)), Some(Value::Integer(version))) =
        (row.get("body"), row.get("version"))
    else {
        return Ok(());
    };
    if let Ok(record) = Record::from_json(body.as_bytes()) {
        catalogue::put(tx, &record, version.unsigned_abs(), &mut BTreeMap::new())?;
    }
    Ok(())
}

/// A notes document: taken when it is one.
fn noted(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    let (Some(key), Some(scope), Some(pdf)) =
        (blob(row, "doc"), blob(row, "scope"), blob(row, "pdf"))
    else {
        return Ok(());
    };
    if wire::decode::<Scope>(scope).is_err() || key.len() != 16 || pdf.len() != 32 {
        return Ok(());
    }
    put(tx, "noted", row)
}

/// Finds what a piece belongs to whose notes document could not be read: its key is made from the scope and
/// the paper, and there are not many of either.
fn know_orphans(tx: &Transaction<'_>, found: &Found) -> Result<(), StoreError> {
    let mut orphans = BTreeSet::new();
    for row in found.rows("piece") {
        let Some(key) = blob(row, "doc").and_then(|key| key.first_chunk::<16>()) else { continue };
        let known: bool = tx
            .query_row("SELECT EXISTS (SELECT 1 FROM noted WHERE doc = ?1)", [key], |row| {
                row.get(0)
            })
            .doing(DOING)?;
        if !known {
            orphans.insert(*key);
        }
    }
    let Ok(Some(profile)) = settings::profile(tx) else { return Ok(()) };
    if orphans.is_empty() {
        return Ok(());
    }
    let mut papers: BTreeSet<Sha256> = ["noted", "paper"]
        .into_iter()
        .flat_map(|table| found.rows(table))
        .filter_map(pdf)
        .collect();
    let mut audiences = vec![Audience::Private, Audience::Council, Audience::Administration];
    for record in found.rows("record") {
        let Some(Value::Text(body)) = record.get("body") else { continue };
        match Record::from_json(body.as_bytes()) {
            Ok(Record::Sitting(sitting)) => papers.extend(
                sitting.packet().flat_map(|entry| &entry.document.versions).map(|one| one.sha256),
            ),
            Ok(Record::Group(group)) => audiences.push(Audience::Group(group.id)),
            Ok(
                Record::Council(_)
                | Record::Member(_)
                | Record::Body(_)
                | Record::Device(_)
                | Record::Convocation(_),
            )
            | Err(_) => {}
        }
    }
    for audience in audiences {
        let scope = Scope { owner: profile.member, audience };
        for pdf in &papers {
            let key = DocKey::of_notes(profile.council, scope, pdf);
            if orphans.remove(&key.0) {
                notes::know(tx, &NotedDocument { key, scope, pdf: *pdf })?;
            }
        }
    }
    Ok(())
}

fn pdf(row: &Row) -> Option<Sha256> {
    blob(row, "pdf").and_then(<[u8]>::first_chunk).map(|bytes| Sha256::from_bytes(*bytes))
}

/// A piece of notes. The log gives those that it has again; until it is read to its end nobody knows
/// which, as after a change of view.
fn piece(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    let Some(Value::Integer(number)) = row.get("piece") else { return Ok(()) };
    let mut row = row.clone();
    if row.get("state") != Some(&Value::Text("draft".into())) {
        let Some((op, document)) = operation(&row) else { return Ok(()) };
        if op.header.kind != Kind::Note {
            return Ok(());
        }
        // Which paper a sealed note is on stands in its document alone.
        if let Some(document) = document {
            notes::know(tx, &document)?;
        }
        if row.get("state") == Some(&Value::Text("logged".into()))
            && matches!(row.get("seq"), Some(Value::Integer(seq)) if *seq >= 0)
        {
            row.insert("seq".to_owned(), Value::Integer(-number));
        }
        if row.get("state") == Some(&Value::Text("sealed".into())) {
            wait(tx, &op)?;
        }
    }
    put(tx, "piece", &row)
}

/// An operation that waits for an answer; its notes stand in a piece, this one if there is no other.
fn sealed(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    let Some((op, document)) = operation(row) else { return Ok(()) };
    wait(tx, &op)?;
    let hash = op.hash();
    let there: Option<i64> = tx
        .query_row("SELECT piece FROM piece WHERE op_hash = ?1", [hash.as_bytes()], |row| {
            row.get(0)
        })
        .optional()
        .doing(DOING)?;
    // A note that is sealed for others comes back with the log, and is opened by its key then.
    let (None, Some(document)) = (there, document) else { return Ok(()) };
    notes::know(tx, &document)?;
    let bytes = wire::encode(&op).doing(DOING)?;
    tx.execute(
        "INSERT INTO piece (doc, op, state, op_hash) VALUES (?1, ?2, 'sealed', ?3)",
        params![document.key.0, bytes, hash.as_bytes()],
    )
    .doing(DOING)?;
    Ok(())
}

/// A list of devices or a letter with keys. Its place in the log is told when that is read anew.
fn key_op(tx: &Transaction<'_>, row: &Row) -> Result<(), StoreError> {
    if operation(row).is_none() {
        return Ok(());
    }
    put(tx, "key_op", &without(row, &["seq"]))
}

fn wait(tx: &Transaction<'_>, op: &Op) -> Result<(), StoreError> {
    let seq = i64::try_from(op.header.device_seq).unwrap_or(i64::MAX);
    let bytes = wire::encode(op).doing(DOING)?;
    tx.execute(
        "INSERT OR IGNORE INTO outbox (device_seq, op, op_hash) VALUES (?1, ?2, ?3)",
        params![seq, bytes, op.hash().as_bytes()],
    )
    .doing(DOING)?;
    Ok(())
}

/// The operation of a row, when its bytes are those that were kept, and the notes document it is
/// about, if it tells.
fn operation(row: &Row) -> Option<(Op, Option<NotedDocument>)> {
    let op: Op = wire::decode(blob(row, "op")?).ok()?;
    if op.hash().as_bytes() != blob(row, "op_hash")? {
        return None;
    }
    let document = match op.header.kind {
        Kind::Note => NotePayload::open(&op).ok().map(|note| NotedDocument {
            key: op.header.document,
            scope: op.header.scope,
            pdf: note.pdf,
        }),
        Kind::Record | Kind::Receipt | Kind::Directory | Kind::Keys => None,
    };
    Some((op, document))
}

/// The next number comes after every number that is known to be given.
fn count_on(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let device = settings::profile(tx).ok().flatten().map(|profile| profile.device);
    let mut next = settings::next_device_seq(tx).unwrap_or(1);
    let mut all = tx
        .prepare(
            "SELECT op FROM outbox UNION ALL SELECT op FROM piece WHERE op IS NOT NULL
             UNION ALL SELECT op FROM key_op",
        )
        .doing(DOING)?;
    let mut rows = all.query([]).doing(DOING)?;
    while let Some(row) = rows.next().doing(DOING)? {
        let op: Vec<u8> = row.get(0).doing(DOING)?;
        let Ok(op) = wire::decode::<Op>(&op) else { continue };
        if device.is_none_or(|device| op.header.device == device) {
            next = next.max(op.header.device_seq.saturating_add(1));
        }
    }
    drop(rows);
    settings::save_next_device_seq(tx, next)
}

fn blob<'a>(row: &'a Row, column: &str) -> Option<&'a [u8]> {
    match row.get(column) {
        Some(Value::Blob(bytes)) => Some(bytes),
        Some(Value::Null | Value::Integer(_) | Value::Real(_) | Value::Text(_)) | None => None,
    }
}

fn without(row: &Row, columns: &[&str]) -> Row {
    let kept = row.iter().filter(|(name, _)| !columns.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Puts a row in, when the new table takes it.
fn put(tx: &Transaction<'_>, table: &str, row: &Row) -> Result<(), StoreError> {
    let mut find = tx.prepare_cached("SELECT name FROM pragma_table_info(?1)").doing(DOING)?;
    let known: Vec<String> =
        find.query_map([table], |row| row.get(0)).and_then(Iterator::collect).doing(DOING)?;
    let columns: Vec<(&String, &Value)> =
        row.iter().filter(|(name, _)| known.contains(name)).collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})", names.join(", "));
    let values = columns.iter().map(|(_, value)| *value as &dyn ToSql);
    match tx.execute(&sql, params_from_iter(values)) {
        Ok(_) => Ok(()),
        // What it belonged to is not there any more, or it is not what it was.
        Err(error) if is_unfit(&error) => Ok(()),
        Err(error) => Err(error).doing(DOING),
    }
}

fn is_unfit(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}
