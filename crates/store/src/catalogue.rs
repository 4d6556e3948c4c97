//! The catalogue: records, the papers they name, and which of those are here.

use std::collections::BTreeSet;

use client::ports::{StoreError, WantedPaper};
use domain::{
    Body, Convocation, Council, DeviceCard, DocumentId, Entity, Group, Member, Record, Sha256,
    Sitting, SittingId,
};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::error::{Doing, corrupt};
use crate::settings::{self, Versions};

const DOING: &str = "reading the catalogue";

const fn entity_text(entity: Entity) -> &'static str {
    match entity {
        Entity::Council => "council",
        Entity::Member => "member",
        Entity::Group => "group",
        Entity::Body => "body",
        Entity::Sitting => "sitting",
        Entity::Device => "device",
        Entity::Convocation => "convocation",
    }
}

fn records(db: &Connection, entity: Entity) -> Result<Vec<Record>, StoreError> {
    let mut all = db.prepare_cached("SELECT body FROM record WHERE entity = ?1").doing(DOING)?;
    let mut rows = all.query([entity_text(entity)]).doing(DOING)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(DOING)? {
        let body = row.get_ref(0).and_then(|body| Ok(body.as_bytes()?)).doing(DOING)?;
        found.push(serde_json::from_slice(body).doing(DOING)?);
    }
    Ok(found)
}

pub(crate) fn council(db: &Connection) -> Result<Option<Council>, StoreError> {
    let found = records(db, Entity::Council)?.into_iter();
    Ok(found
        .filter_map(|r| if let Record::Council(council) = r { Some(council) } else { None })
        .next())
}

pub(crate) fn members(db: &Connection) -> Result<Vec<Member>, StoreError> {
    let mut members: Vec<Member> = records(db, Entity::Member)?
        .into_iter()
        .filter_map(|r| if let Record::Member(member) = r { Some(member) } else { None })
        .collect();
    members.sort_by(|a, b| {
        (&a.last_name, &a.first_name, a.id).cmp(&(&b.last_name, &b.first_name, b.id))
    });
    Ok(members)
}

pub(crate) fn groups(db: &Connection) -> Result<Vec<Group>, StoreError> {
    let mut groups: Vec<Group> = records(db, Entity::Group)?
        .into_iter()
        .filter_map(|r| if let Record::Group(group) = r { Some(group) } else { None })
        .collect();
    groups.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(groups)
}

pub(crate) fn bodies(db: &Connection) -> Result<Vec<Body>, StoreError> {
    let mut bodies: Vec<Body> = records(db, Entity::Body)?
        .into_iter()
        .filter_map(|r| if let Record::Body(body) = r { Some(body) } else { None })
        .collect();
    bodies.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(bodies)
}

pub(crate) fn sittings(db: &Connection) -> Result<Vec<Sitting>, StoreError> {
    let mut sittings: Vec<Sitting> = records(db, Entity::Sitting)?
        .into_iter()
        .filter_map(|r| if let Record::Sitting(sitting) = r { Some(*sitting) } else { None })
        .collect();
    sittings.sort_by_key(|sitting| (sitting.starts, sitting.id));
    Ok(sittings)
}

pub(crate) fn convocations(db: &Connection) -> Result<Vec<Convocation>, StoreError> {
    let mut convocations: Vec<Convocation> = records(db, Entity::Convocation)?
        .into_iter()
        .filter_map(|r| if let Record::Convocation(one) = r { Some(*one) } else { None })
        .collect();
    convocations.sort_by_key(|one| (one.sitting, one.number, one.id));
    Ok(convocations)
}

pub(crate) fn devices(db: &Connection) -> Result<Vec<DeviceCard>, StoreError> {
    let mut cards: Vec<DeviceCard> = records(db, Entity::Device)?
        .into_iter()
        .filter_map(|r| if let Record::Device(card) = r { Some(card) } else { None })
        .collect();
    cards.sort_by_key(|card| (card.enrolled, card.id));
    Ok(cards)
}

pub(crate) fn sitting(db: &Connection, id: SittingId) -> Result<Option<Sitting>, StoreError> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM record WHERE entity = 'sitting' AND id = ?1")
        .and_then(|mut find| find.query_row([id.to_bytes()], |row| row.get(0)).optional())
        .doing(DOING)?;
    let Some(body) = body else { return Ok(None) };
    match serde_json::from_str(&body).doing(DOING)? {
        Record::Sitting(sitting) => Ok(Some(*sitting)),
        Record::Council(_)
        | Record::Member(_)
        | Record::Group(_)
        | Record::Body(_)
        | Record::Device(_)
        | Record::Convocation(_) => Err(corrupt(DOING, "a sitting that is none")),
    }
}

pub(crate) fn sitting_of(
    db: &Connection,
    document: DocumentId,
) -> Result<Option<Sitting>, StoreError> {
    let id: Option<[u8; 16]> = db
        .prepare_cached("SELECT sitting FROM document WHERE document = ?1")
        .and_then(|mut find| find.query_row([document.to_bytes()], |row| row.get(0)).optional())
        .doing(DOING)?;
    id.map_or(Ok(None), |id| sitting(db, SittingId::from_bytes(id)))
}

/// What a record is called where versions are counted.
pub(crate) fn name(entity: Entity, id: Uuid) -> String {
    format!("{}:{id}", entity_text(entity))
}

/// Whether the office or the law alone say what stands there: nobody brings it back by writing it
/// again.
const fn is_written_once(entity: Entity) -> bool {
    match entity {
        Entity::Device | Entity::Convocation => true,
        Entity::Council | Entity::Member | Entity::Group | Entity::Body | Entity::Sitting => false,
    }
}

/// Once the log has been read anew to its end: the records that are newer here. Their version is from
/// now on the one that the log has.
pub(crate) fn lost(db: &Connection) -> Result<Vec<Record>, StoreError> {
    let Some(seen) = settings::read_anew(db)? else { return Ok(Vec::new()) };
    let mut behind = settings::behind(db)?;
    let mut lost = Vec::new();
    let mut all = db.prepare_cached("SELECT version, body FROM record").doing(DOING)?;
    let mut rows = all.query([]).doing(DOING)?;
    while let Some(row) = rows.next().doing(DOING)? {
        let version: i64 = row.get(0).doing(DOING)?;
        let body = row.get_ref(1).and_then(|body| Ok(body.as_bytes()?)).doing(DOING)?;
        let record: Record = serde_json::from_slice(body).doing(DOING)?;
        let name = name(record.entity(), record.id());
        let stands = seen.get(&name).copied().unwrap_or(0);
        if version.unsigned_abs() > stands && !is_written_once(record.entity()) {
            behind.insert(name, stands);
            lost.push(record);
        }
    }
    drop(rows);
    // Whom the groups and sittings name comes before them.
    lost.sort_by_key(|record| (record.entity(), record.id()));
    if lost.iter().any(|record| record.entity() == Entity::Sitting) {
        settings::save_papers_owed(db, true)?;
    }
    settings::save_behind(db, &behind)?;
    settings::save_read_anew(db, None)?;
    Ok(lost)
}

pub(crate) fn version(db: &Connection, entity: Entity, id: Uuid) -> Result<u64, StoreError> {
    if let Some(stands) = settings::behind(db)?.get(&name(entity, id)) {
        return Ok(*stands);
    }
    let version: Option<i64> = db
        .prepare_cached("SELECT version FROM record WHERE entity = ?1 AND id = ?2")
        .and_then(|mut find| {
            find.query_row(params![entity_text(entity), id.as_bytes()], |row| row.get(0)).optional()
        })
        .doing(DOING)?;
    Ok(version.map_or(0, i64::unsigned_abs))
}

/// Takes a record over its older version; whether it was newer than what is here. `behind` says of
/// which records the log has an older version than this tablet.
pub(crate) fn put(
    db: &Connection,
    record: &Record,
    version: u64,
    behind: &mut Versions,
) -> Result<bool, StoreError> {
    let doing = "keeping a record";
    let name = name(record.entity(), record.id());
    let anyhow = match behind.get(&name) {
        Some(stands) if version <= *stands => return Ok(false),
        Some(_) => behind.remove(&name).is_some(),
        None => false,
    };
    let body = serde_json::to_string(record).doing(doing)?;
    let changed = db
        .prepare_cached(
            "INSERT INTO record (entity, id, version, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body
             WHERE excluded.version > record.version OR ?5",
        )
        .and_then(|mut put| {
            put.execute(params![
                entity_text(record.entity()),
                record.id().as_bytes(),
                i64::try_from(version).unwrap_or(i64::MAX),
                body,
                anyhow
            ])
        })
        .doing(doing)?;
    if changed > 0
        && let Record::Sitting(sitting) = record
    {
        list_papers(db, sitting)?;
    }
    Ok(changed > 0)
}

/// Lists the papers of a sitting anew.
fn list_papers(db: &Connection, sitting: &Sitting) -> Result<(), StoreError> {
    let doing = "listing the papers of a sitting";
    db.execute("DELETE FROM document WHERE sitting = ?1", [sitting.id.to_bytes()]).doing(doing)?;
    let mut put = db
        .prepare_cached(
            "INSERT INTO document (document, sitting, ordinal, title, pdf, bytes, starts_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET sitting = excluded.sitting, ordinal = excluded.ordinal,
                 title = excluded.title, pdf = excluded.pdf, bytes = excluded.bytes,
                 starts_ms = excluded.starts_ms",
        )
        .doing(doing)?;
    for (ordinal, entry) in (0i64..).zip(sitting.packet()) {
        let Some(version) = entry.document.current() else { continue };
        put.execute(params![
            entry.document.id.to_bytes(),
            sitting.id.to_bytes(),
            ordinal,
            entry.document.title,
            version.sha256.as_bytes(),
            i64::try_from(version.bytes).unwrap_or(i64::MAX),
            sitting.starts.as_millisecond(),
        ])
        .doing(doing)?;
    }
    Ok(())
}

/// Erases a sitting and the list of its papers; the papers themselves stay, notes stand on them.
pub(crate) fn forget_sitting(db: &Connection, sitting: SittingId) -> Result<(), StoreError> {
    let doing = "erasing a sitting";
    db.execute("DELETE FROM document WHERE sitting = ?1", [sitting.to_bytes()]).doing(doing)?;
    db.execute("DELETE FROM record WHERE entity = 'sitting' AND id = ?1", [sitting.to_bytes()])
        .doing(doing)?;
    Ok(())
}

pub(crate) fn wanted_papers(db: &Connection, now_ms: i64) -> Result<Vec<WantedPaper>, StoreError> {
    // A sitting goes on after it has begun: its papers stay first for a day.
    let begun = now_ms.saturating_sub(24 * 3_600_000);
    let mut wanted: Vec<WantedPaper> = db
        .prepare_cached(
            "SELECT pdf, bytes, document, title, sitting FROM document
             WHERE pdf NOT IN (SELECT pdf FROM paper)
             ORDER BY starts_ms < ?1, iif(starts_ms < ?1, -starts_ms, starts_ms), sitting, ordinal",
        )
        .and_then(|mut all| {
            all.query_map([begun], |row| {
                Ok(WantedPaper {
                    pdf: Sha256::from_bytes(row.get(0)?),
                    bytes: row.get::<_, i64>(1)?.unsigned_abs(),
                    document: DocumentId::from_bytes(row.get(2)?),
                    title: row.get(3)?,
                    sitting: SittingId::from_bytes(row.get(4)?),
                })
            })?
            .collect()
        })
        .doing("looking for papers to fetch")?;
    // The same annex may stand in two sittings: it is fetched once, for the sooner.
    let mut seen = BTreeSet::new();
    wanted.retain(|paper| seen.insert(paper.pdf));
    Ok(wanted)
}

pub(crate) fn is_here(db: &Connection, pdf: &Sha256) -> Result<bool, StoreError> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM paper WHERE pdf = ?1)")
        .and_then(|mut find| find.query_row([pdf.as_bytes()], |row| row.get(0)))
        .doing(DOING)
}

pub(crate) fn paper_arrived(db: &Connection, pdf: &Sha256) -> Result<(), StoreError> {
    db.execute("INSERT OR IGNORE INTO paper (pdf) VALUES (?1)", [pdf.as_bytes()])
        .doing("keeping that a paper arrived")?;
    Ok(())
}

pub(crate) fn paper_lost(tx: &Connection, pdf: &Sha256) -> Result<(), StoreError> {
    let doing = "keeping that a paper is gone";
    for forget in ["DELETE FROM page WHERE pdf = ?1", "DELETE FROM paper WHERE pdf = ?1"] {
        tx.execute(forget, [pdf.as_bytes()]).doing(doing)?;
    }
    Ok(())
}

pub(crate) fn papers_here(db: &Connection) -> Result<Vec<Sha256>, StoreError> {
    db.prepare_cached("SELECT pdf FROM paper ORDER BY pdf")
        .and_then(|mut all| all.query_map([], |row| Ok(Sha256::from_bytes(row.get(0)?)))?.collect())
        .doing(DOING)
}
