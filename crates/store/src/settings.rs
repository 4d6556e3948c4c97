//! Small values of the tablet: who it belongs to, what is preferred, where it stands.

use std::collections::BTreeMap;

use client::lease::Lease;
use client::ports::{Cursor, Profile, Reading, StoreError};
use domain::{CouncilId, DeviceId, DocumentId, GroupId, MemberId, PublicKey, Role};
use ipc::Preferences;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Doing;

const DOING: &str = "reading or keeping a setting";

/// The profile as it stands in the store.
#[derive(Serialize, Deserialize)]
struct StoredProfile {
    server: String,
    #[serde(default)]
    authority: Option<String>,
    council: CouncilId,
    council_name: String,
    member: MemberId,
    role: Role,
    device: DeviceId,
    device_name: String,
}

fn get<T: DeserializeOwned>(db: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = db
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")
        .and_then(|mut find| find.query_row([name], |row| row.get(0)).optional())
        .doing(DOING)?;
    text.map(|text| serde_json::from_str(&text).doing(DOING)).transpose()
}

fn set<T: Serialize>(db: &Connection, name: &str, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).doing(DOING)?;
    db.prepare_cached(
        "INSERT INTO setting (name, value) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET value = excluded.value",
    )
    .and_then(|mut put| put.execute(params![name, text]))
    .doing(DOING)?;
    Ok(())
}

pub(crate) fn profile(db: &Connection) -> Result<Option<Profile>, StoreError> {
    let stored: Option<StoredProfile> = get(db, "profile")?;
    Ok(stored.map(|s| Profile {
        server: s.server,
        authority: s.authority,
        council: s.council,
        council_name: s.council_name,
        member: s.member,
        role: s.role,
        device: s.device,
        device_name: s.device_name,
    }))
}

pub(crate) fn save_profile(db: &Connection, profile: &Profile) -> Result<(), StoreError> {
    let stored = StoredProfile {
        server: profile.server.clone(),
        authority: profile.authority.clone(),
        council: profile.council,
        council_name: profile.council_name.clone(),
        member: profile.member,
        role: profile.role,
        device: profile.device,
        device_name: profile.device_name.clone(),
    };
    set(db, "profile", &stored)
}

pub(crate) fn preferences(db: &Connection) -> Result<Preferences, StoreError> {
    Ok(get(db, "preferences")?.unwrap_or_default())
}

pub(crate) fn save_preferences(db: &Connection, value: &Preferences) -> Result<(), StoreError> {
    set(db, "preferences", value)
}

pub(crate) fn cursor(db: &Connection) -> Result<Cursor, StoreError> {
    let (seq, view) = get(db, "cursor")?.unwrap_or_default();
    Ok(Cursor { seq, view })
}

pub(crate) fn save_cursor(db: &Connection, cursor: Cursor) -> Result<(), StoreError> {
    set(db, "cursor", &(cursor.seq, cursor.view))
}

/// Versions of records by their name.
pub(crate) type Versions = BTreeMap<String, u64>;

/// While the log is read anew: the version that it has of each record so far.
pub(crate) fn read_anew(db: &Connection) -> Result<Option<Versions>, StoreError> {
    Ok(get::<Option<Versions>>(db, "records_read_anew")?.flatten())
}

pub(crate) fn save_read_anew(db: &Connection, seen: Option<&Versions>) -> Result<(), StoreError> {
    set(db, "records_read_anew", &seen)
}

/// Records that are newer here than in the log, which has lost the rest: the version that it has.
pub(crate) fn behind(db: &Connection) -> Result<Versions, StoreError> {
    Ok(get(db, "records_behind")?.unwrap_or_default())
}

pub(crate) fn save_behind(db: &Connection, behind: &Versions) -> Result<(), StoreError> {
    set(db, "records_behind", behind)
}

/// Whether papers may be here that the server has lost.
pub(crate) fn papers_owed(db: &Connection) -> Result<bool, StoreError> {
    Ok(get(db, "papers_owed")?.unwrap_or_default())
}

pub(crate) fn save_papers_owed(db: &Connection, owed: bool) -> Result<(), StoreError> {
    set(db, "papers_owed", &owed)
}

pub(crate) fn next_device_seq(db: &Connection) -> Result<u64, StoreError> {
    Ok(get(db, "next_device_seq")?.unwrap_or(1))
}

pub(crate) fn save_next_device_seq(db: &Connection, next: u64) -> Result<(), StoreError> {
    set(db, "next_device_seq", &next)
}

pub(crate) fn last_sync(db: &Connection) -> Result<Option<i64>, StoreError> {
    get(db, "last_sync")
}

pub(crate) fn save_last_sync(db: &Connection, now_ms: i64) -> Result<(), StoreError> {
    set(db, "last_sync", &now_ms)
}

pub(crate) fn lease(db: &Connection) -> Result<Option<Lease>, StoreError> {
    get(db, "lease")
}

pub(crate) fn save_lease(db: &Connection, lease: &Lease) -> Result<(), StoreError> {
    set(db, "lease", lease)
}

pub(crate) fn server_time(db: &Connection) -> Result<Option<i64>, StoreError> {
    get(db, "server_time")
}

pub(crate) fn save_server_time(db: &Connection, server_ms: i64) -> Result<(), StoreError> {
    set(db, "server_time", &server_ms)
}

/// Settings that come from nowhere else and change seldom: whose tablet this is, what is preferred, whom was
/// agreed to, since when a group's notes are sealed anew, and what is spent of the lease (damage gives none back); each
/// as it stands in the store.
pub(crate) fn precious(db: &Connection) -> Result<BTreeMap<String, String>, StoreError> {
    db.prepare(
        "SELECT name, value FROM setting
         WHERE name IN ('profile', 'preferences', 'agreed', 'eras', 'lease')",
    )
    .and_then(|mut all| all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
    .doing(DOING)
}

/// What [`read_reading`] reads.
const READINGS: &str = "SELECT document, version, page, at_ms, since, seen FROM reading";

pub(crate) fn reading(
    db: &Connection,
    document: DocumentId,
) -> Result<Option<Reading>, StoreError> {
    let sql = format!("{READINGS} WHERE document = ?1");
    db.prepare_cached(&sql)
        .and_then(|mut find| find.query_row([document.to_bytes()], read_reading).optional())
        .doing(DOING)
}

pub(crate) fn readings(db: &Connection) -> Result<Vec<Reading>, StoreError> {
    let sql = format!("{READINGS} ORDER BY at_ms DESC");
    db.prepare_cached(&sql)
        .and_then(|mut all| all.query_map([], read_reading)?.collect())
        .doing(DOING)
}

fn read_reading(row: &Row<'_>) -> Result<Reading, rusqlite::Error> {
    Ok(Reading {
        document: DocumentId::from_bytes(row.get(0)?),
        version: row.get(1)?,
        page: row.get(2)?,
        at_ms: row.get(3)?,
        since: row.get(4)?,
        seen: row.get(5)?,
    })
}

pub(crate) fn save_reading(db: &Connection, reading: &Reading) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO reading (document, version, page, at_ms, since, seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE
         SET version = excluded.version, page = excluded.page, at_ms = excluded.at_ms,
             since = excluded.since, seen = excluded.seen",
    )
    .and_then(|mut put| {
        put.execute(params![
            reading.document.to_bytes(),
            reading.version,
            reading.page,
            reading.at_ms,
            reading.since,
            reading.seen
        ])
    })
    .doing(DOING)?;
    Ok(())
}

pub(crate) fn agreed(db: &Connection) -> Result<BTreeMap<MemberId, PublicKey>, StoreError> {
    Ok(get(db, "agreed")?.unwrap_or_default())
}

pub(crate) fn eras(db: &Connection) -> Result<BTreeMap<GroupId, u16>, StoreError> {
    Ok(get(db, "eras")?.unwrap_or_default())
}

pub(crate) fn save_eras(db: &Connection, eras: &BTreeMap<GroupId, u16>) -> Result<(), StoreError> {
    set(db, "eras", eras)
}

pub(crate) fn agree(
    db: &Connection,
    member: MemberId,
    identity: PublicKey,
) -> Result<(), StoreError> {
    let mut all = agreed(db)?;
    all.insert(member, identity);
    set(db, "agreed", &all)
}
