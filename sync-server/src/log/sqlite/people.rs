//! Councils, devices, invitations and sessions.

use domain::{CouncilId, DeviceId, MemberId, Sha256};
use rusqlite::{Connection, OptionalExtension, Row, params};
use wire::{ProblemCode, WipeOrder};

use super::append::append;
use super::audit;
use super::columns::{role, standing, unsigned};
use crate::limits::DEVICES_PER_MEMBER;
use crate::log::audit::{ANEW_MS, By, Deed, Done};
use crate::log::{
    Bearer, Device, Founding, KnownDevice, LogError, NewDevice, NewSession, OWN_DEVICE, Office,
    Revocation, Standing, Uncarded, Welcome,
};

pub(super) fn found(c: &Connection, founding: &Founding, now_ms: i64) -> Result<(), LogError> {
    c.execute(
        "INSERT INTO council (id, name, incarnation) VALUES (?1, ?2, ?3)",
        params![founding.council.to_bytes(), founding.name, founding.incarnation],
    )?;
    let council_no = c.last_insert_rowid();
    let clerk = founding.clerk.to_bytes();
    c.execute(
        "INSERT INTO member (council_no, id, role) VALUES (?1, ?2, 'clerk')",
        params![council_no, clerk],
    )?;
    add_device(c, council_no, clerk, &founding.device, now_ms)?;
    let appended = append(c, founding.device.id, &founding.records, now_ms)?;
    if appended.added != founding.records.len() as u64 {
        return Err(LogError::refused(
            ProblemCode::Malformed,
            "The first records of a council are not acceptable.",
        ));
    }
    let by = By::operator(now_ms);
    audit::write(c, council_no, &Deed::to(Done::Founded, clerk), by)?;
    invite(c, founding.council, founding.clerk, (founding.code_hash, founding.expires_ms), by)
}

pub(super) fn councils(c: &Connection) -> Result<Vec<CouncilId>, LogError> {
    let mut statement = c.prepare_cached("SELECT id FROM council ORDER BY council_no")?;
    let councils = statement
        .query_map([], |row| Ok(CouncilId::from_bytes(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    Ok(councils)
}

fn add_device(
    c: &Connection,
    council_no: i64,
    member: [u8; 16],
    device: &NewDevice,
    now_ms: i64,
) -> Result<i64, LogError> {
    c.execute(
        "INSERT INTO device (id, council_no, member, name, signing_key, enrolled_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![device.id.to_bytes(), council_no, member, device.name, device.key, now_ms],
    )?;
    Ok(c.last_insert_rowid())
}

pub(super) fn invite(
    c: &Connection,
    council: CouncilId,
    member: MemberId,
    (code_hash, expires_ms): (Sha256, i64),
    by: By,
) -> Result<(), LogError> {
    let council_no: Option<i64> = c
        .query_row(
            "SELECT m.council_no FROM member m JOIN council USING (council_no)
             WHERE council.id = ?1 AND m.id = ?2 AND m.revoked_ms IS NULL",
            params![council.to_bytes(), member.to_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    let council_no = council_no
        .ok_or(LogError::refused(ProblemCode::NotFound, "This council has no such member."))?;
    c.execute(
        "INSERT INTO invitation (code_hash, council_no, member, expires_ms)
         VALUES (?1, ?2, ?3, ?4)",
        params![code_hash.as_bytes(), council_no, member.to_bytes(), expires_ms],
    )?;
    audit::write(c, council_no, &Deed::to(Done::Invited, member.to_bytes()), by)
}

pub(super) fn enrol(
    c: &Connection,
    code_hash: Sha256,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Welcome, LogError> {
    struct Invited {
        council_no: i64,
        member: [u8; 16],
        expires_ms: i64,
        used_by: Option<i64>,
        welcome: Welcome,
    }
    let invited = c
        .query_row(
            "SELECT i.council_no, i.member, i.expires_ms, i.used_by, council.id, council.name,
                    m.role
             FROM invitation i
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = i.council_no AND m.id = i.member
             WHERE i.code_hash = ?1 AND m.revoked_ms IS NULL",
            [code_hash.as_bytes()],
            |row| {
                let member: [u8; 16] = row.get(1)?;
                let invited = Invited {
                    council_no: row.get(0)?,
                    member,
                    expires_ms: row.get(2)?,
                    used_by: row.get(3)?,
                    welcome: Welcome {
                        council: CouncilId::from_bytes(row.get(4)?),
                        council_name: row.get(5)?,
                        member: MemberId::from_bytes(member),
                        role: domain::Role::Guest,
                    },
                };
                Ok((invited, row.get::<_, String>(6)?))
            },
        )
        .optional()?;
    let refused =
        LogError::refused(ProblemCode::Invitation, "This invitation is unknown, used or expired.");
    let Some((mut invited, role_word)) = invited else { return Err(refused) };
    invited.welcome.role = role(&role_word)?;

    if let Some(used_by) = invited.used_by {
        let same: bool = c.query_row(
            "SELECT id = ?2 AND signing_key = ?3 AND standing <> 'revoked'
             FROM device WHERE device_no = ?1",
            params![used_by, device.id.to_bytes(), device.key],
            |row| row.get(0),
        )?;
        return if same { Ok(invited.welcome) } else { Err(refused) };
    }
    if invited.expires_ms <= now_ms {
        return Err(refused);
    }
    let taken: bool = c.query_row(
        "SELECT EXISTS (SELECT 1 FROM device WHERE id = ?1)",
        [device.id.to_bytes()],
        |row| row.get(0),
    )?;
    if taken {
        return Err(LogError::refused(
            ProblemCode::Untrue,
            "This device identifier is taken; the invitation can still be used.",
        ));
    }
    let devices: i64 = c.query_row(
        "SELECT count(*) FROM device WHERE council_no = ?1 AND member = ?2
         AND standing <> 'revoked'",
        params![invited.council_no, invited.member],
        |row| row.get(0),
    )?;
    if devices >= DEVICES_PER_MEMBER {
        return Err(LogError::refused(
            ProblemCode::Forbidden,
            "This person has too many devices; revoke one first.",
        ));
    }
    let device_no = add_device(c, invited.council_no, invited.member, device, now_ms)?;
    c.execute(
        "UPDATE invitation SET used_by = ?1 WHERE code_hash = ?2",
        params![device_no, code_hash.as_bytes()],
    )?;
    let deed = Deed::to(Done::Enrolled, device.id.to_bytes()).with(&device.name);
    audit::write(c, invited.council_no, &deed, By::device(device.id, now_ms))?;
    Ok(invited.welcome)
}

const COLUMNS: &str = "d.id, council.id, d.member, d.signing_key, d.standing, m.role,
                       m.revoked_ms IS NOT NULL";
const TABLES: &str = "device d
    JOIN council USING (council_no)
    JOIN member m ON m.council_no = d.council_no AND m.id = d.member";

fn device_of(row: &Row<'_>) -> Result<Device, LogError> {
    let revoked: bool = row.get(6)?;
    let own = standing(&row.get::<_, String>(4)?)?;
    Ok(Device {
        id: DeviceId::from_bytes(row.get(0)?),
        council: CouncilId::from_bytes(row.get(1)?),
        member: MemberId::from_bytes(row.get(2)?),
        key: row.get(3)?,
        standing: if revoked { Standing::Revoked } else { own },
        role: role(&row.get::<_, String>(5)?)?,
    })
}

pub(super) fn device(c: &Connection, device: DeviceId) -> Result<Option<Device>, LogError> {
    let mut statement =
        c.prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE d.id = ?1"))?;
    let mut rows = statement.query([device.to_bytes()])?;
    rows.next()?.map(device_of).transpose()
}

pub(super) fn devices(c: &Connection, council: CouncilId) -> Result<Vec<KnownDevice>, LogError> {
    let mut statement = c.prepare_cached(
        "SELECT d.id, d.name, d.member, d.enrolled_ms, d.seen_ms, d.standing,
                m.revoked_ms IS NOT NULL, w.taken_ms, w.emptied_ms
         FROM device d JOIN council USING (council_no)
         LEFT JOIN wipe w USING (device_no)
         JOIN member m ON m.council_no = d.council_no AND m.id = d.member
         WHERE council.id = ?1 AND d.name <> ?2 ORDER BY d.member, d.enrolled_ms, d.id",
    )?;
    let mut rows = statement.query(params![council.to_bytes(), OWN_DEVICE])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let revoked: bool = row.get(6)?;
        let own = standing(&row.get::<_, String>(5)?)?;
        found.push(KnownDevice {
            id: DeviceId::from_bytes(row.get(0)?),
            name: row.get(1)?,
            member: MemberId::from_bytes(row.get(2)?),
            enrolled_ms: row.get(3)?,
            seen_ms: row.get(4)?,
            standing: if revoked { Standing::Revoked } else { own },
            wipe_ms: row.get(7)?,
            emptied_ms: row.get(8)?,
        });
    }
    Ok(found)
}

pub(super) fn open_session(
    c: &Connection,
    session: &NewSession,
    now_ms: i64,
) -> Result<(), LogError> {
    c.prepare_cached("DELETE FROM session WHERE expires_ms <= ?1")?.execute([now_ms])?;
    let used: bool = c
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM session WHERE nonce = ?1)")?
        .query_row([session.nonce], |row| row.get(0))?;
    if used {
        return Err(LogError::refused(
            ProblemCode::Session,
            "This challenge was answered before; ask for another.",
        ));
    }
    let opened = c
        .prepare_cached(
            "INSERT INTO session (token_hash, device_no, nonce, expires_ms)
             SELECT ?1, device_no, ?3, ?4 FROM device WHERE id = ?2 AND standing <> 'revoked'",
        )?
        .execute(params![
            session.token_hash.as_bytes(),
            session.device.to_bytes(),
            session.nonce,
            session.expires_ms
        ])?;
    if opened == 0 {
        return Err(LogError::refused(ProblemCode::Revoked, "This device was revoked."));
    }
    let (council_no, seen_ms): (i64, Option<i64>) = c
        .prepare_cached("SELECT council_no, seen_ms FROM device WHERE id = ?1")?
        .query_row([session.device.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if seen_ms.is_none_or(|seen_ms| now_ms.saturating_sub(seen_ms) >= ANEW_MS) {
        let by = By::device(session.device, now_ms);
        audit::write(c, council_no, &Deed::of(Done::LoggedIn), by)?;
    }
    c.prepare_cached("UPDATE device SET seen_ms = ?2 WHERE id = ?1")?
        .execute(params![session.device.to_bytes(), now_ms])?;
    Ok(())
}

pub(super) fn bearer(
    c: &Connection,
    token_hash: Sha256,
    now_ms: i64,
) -> Result<Option<Bearer>, LogError> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT {COLUMNS}, session.expires_ms FROM {TABLES} JOIN session USING (device_no)
         WHERE session.token_hash = ?1 AND session.expires_ms > ?2"
    ))?;
    let mut rows = statement.query(params![token_hash.as_bytes(), now_ms])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Bearer { device: device_of(row)?, expires_ms: row.get(7)? }))
}

pub(super) fn revoke(c: &Connection, whom: Revocation, by: By) -> Result<(), LogError> {
    let nobody = || LogError::refused(ProblemCode::NotFound, "Nobody has this identifier.");
    let (council_no, deed) = match whom {
        Revocation::Device(device) => {
            let id = device.to_bytes();
            let (council_no, name) = c
                .query_row(
                    "UPDATE device SET standing = 'revoked' WHERE id = ?1
                     RETURNING council_no, name",
                    [id],
                    |row| Ok((row.get(0)?, row.get::<_, String>(1)?)),
                )
                .optional()?
                .ok_or_else(nobody)?;
            (council_no, Deed::to(Done::DeviceRevoked, id).with(&name))
        }
        Revocation::Member(council, member) => {
            let id = member.to_bytes();
            let council_no = c
                .query_row(
                    "UPDATE member SET revoked_ms = coalesce(revoked_ms, ?3)
                     WHERE id = ?2 AND council_no = (SELECT council_no FROM council WHERE id = ?1)
                     RETURNING council_no",
                    params![council.to_bytes(), id, by.at_ms],
                    |row| row.get(0),
                )
                .optional()?
                .ok_or_else(nobody)?;
            (council_no, Deed::to(Done::MemberRevoked, id))
        }
    };
    audit::write(c, council_no, &deed, by)
}

pub(super) fn order_wipe(c: &Connection, order: &WipeOrder, by: By) -> Result<(), LogError> {
    let id = order.device.to_bytes();
    let kept = c.execute(
        "INSERT INTO wipe (device_no, by_device, ordered_ms, signature, taken_ms)
         SELECT device_no, ?2, ?3, ?4, ?5 FROM device WHERE id = ?1
         ON CONFLICT DO NOTHING",
        params![id, order.by.to_bytes(), order.ordered_ms, order.signature, by.at_ms],
    )?;
    revoke(c, Revocation::Device(order.device), by)?;
    if kept == 0 {
        return Ok(());
    }
    witness(c, Done::WipeOrdered, id, by)
}

fn witness(c: &Connection, done: Done, id: [u8; 16], by: By) -> Result<(), LogError> {
    let (council_no, name): (i64, String) =
        c.query_row("SELECT council_no, name FROM device WHERE id = ?1", [id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    audit::write(c, council_no, &Deed::to(done, id).with(&name), by)
}

pub(super) fn wipe_order(c: &Connection, device: DeviceId) -> Result<Option<WipeOrder>, LogError> {
    let mut find = c.prepare_cached(
        "SELECT council.id, w.by_device, w.ordered_ms, w.signature
         FROM wipe w JOIN device d USING (device_no) JOIN council USING (council_no)
         WHERE d.id = ?1",
    )?;
    let order = find
        .query_row([device.to_bytes()], |row| {
            Ok(WipeOrder {
                council: CouncilId::from_bytes(row.get(0)?),
                device,
                by: DeviceId::from_bytes(row.get(1)?),
                ordered_ms: row.get(2)?,
                signature: row.get(3)?,
            })
        })
        .optional()?;
    Ok(order)
}

pub(super) fn emptied(c: &Connection, device: DeviceId, now_ms: i64) -> Result<(), LogError> {
    let id = device.to_bytes();
    let said = c.execute(
        "UPDATE wipe SET emptied_ms = ?2
         WHERE emptied_ms IS NULL AND device_no = (SELECT device_no FROM device WHERE id = ?1)",
        params![id, now_ms],
    )?;
    if said == 0 {
        return Ok(());
    }
    witness(c, Done::Emptied, id, By::device(device, now_ms))
}

/// The council's office: the device it was founded with.
pub(super) fn office(c: &Connection, council: CouncilId) -> Result<Office, LogError> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT {COLUMNS}, d.last_seq FROM {TABLES}
         WHERE council.id = ?1 ORDER BY d.device_no LIMIT 1"
    ))?;
    let mut rows = statement.query([council.to_bytes()])?;
    let row = rows
        .next()?
        .ok_or(LogError::refused(ProblemCode::NotFound, "This server has no such council."))?;
    Ok(Office { device: device_of(row)?, last_seq: unsigned(row, 7)? })
}

/// Devices whose card does not say what the tables say.
pub(super) fn uncarded(c: &Connection, council: CouncilId) -> Result<Vec<Uncarded>, LogError> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT {COLUMNS}, d.enrolled_ms, coalesce(r.version, 0) FROM {TABLES}
         LEFT JOIN record r
           ON r.council_no = d.council_no AND r.entity = 'device' AND r.id = d.id
         WHERE council.id = ?1
           AND d.carded < iif(d.standing = 'revoked' OR m.revoked_ms IS NOT NULL, 2, 1)
         ORDER BY d.device_no"
    ))?;
    let mut rows = statement.query([council.to_bytes()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Uncarded {
            device: device_of(row)?,
            enrolled_ms: row.get(7)?,
            version: unsigned(row, 8)?,
        });
    }
    Ok(found)
}
