//! Councils, devices, invitations, sessions, and whose papers are whose.

use deadpool_postgres::{Object, Transaction};
use domain::{CouncilId, DeviceId, Entity, MemberId, Record, Sha256};
use tokio_postgres::Row;
use wire::{ProblemCode, WipeOrder};

use super::append::append;
use super::audit;
use super::row::{bytes, get, unsigned};
use crate::limits::DEVICES_PER_MEMBER;
use crate::log::audit::{ANEW_MS, By, Deed, Done};
use crate::log::sqlite::columns::{entity_text, int, role, standing};
use crate::log::{
    Bearer, Device, Founding, KnownDevice, LogError, NewDevice, NewSession, OWN_DEVICE, Office,
    Revocation, Standing, Uncarded, Welcome, record_of,
};

pub(super) async fn found(
    t: &Transaction<'_>,
    founding: &Founding,
    now_ms: i64,
) -> Result<(), LogError> {
    let row = t
        .query_one(
            "INSERT INTO council (id, name, incarnation) VALUES ($1, $2, $3) RETURNING council_no",
            &[&&founding.council.to_bytes()[..], &founding.name, &founding.incarnation],
        )
        .await?;
    let council_no: i64 = get(&row, 0)?;
    let clerk = founding.clerk.to_bytes();
    t.execute(
        "INSERT INTO member (council_no, id, role) VALUES ($1, $2, 'clerk')",
        &[&council_no, &&clerk[..]],
    )
    .await?;
    add_device(t, council_no, &clerk, &founding.device, now_ms).await?;
    let (_, appended) = append(t, founding.device.id, &founding.records, now_ms).await?;
    if appended.added != founding.records.len() as u64 {
        return Err(LogError::refused(
            ProblemCode::Malformed,
            "The first records of a council are not acceptable.",
        ));
    }
    let by = By::operator(now_ms);
    audit::write(t, council_no, &Deed::to(Done::Founded, clerk), by).await?;
    invite(t, founding.council, founding.clerk, (founding.code_hash, founding.expires_ms), by).await
}

pub(super) async fn councils(t: &Transaction<'_>) -> Result<Vec<CouncilId>, LogError> {
    let rows = t.query("SELECT id FROM council ORDER BY council_no", &[]).await?;
    rows.iter().map(|row| Ok(CouncilId::from_bytes(bytes(row, 0)?))).collect()
}

/// Adds a device, unless its identifier is taken; its number.
async fn add_device(
    t: &Transaction<'_>,
    council_no: i64,
    member: &[u8],
    device: &NewDevice,
    now_ms: i64,
) -> Result<Option<i64>, LogError> {
    let row = t
        .query_opt(
            "INSERT INTO device (id, council_no, member, name, signing_key, enrolled_ms)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING device_no",
            &[
                &&device.id.to_bytes()[..],
                &council_no,
                &member,
                &device.name,
                &&device.key[..],
                &now_ms,
            ],
        )
        .await?;
    row.map(|row| get(&row, 0)).transpose()
}

pub(super) async fn invite(
    t: &Transaction<'_>,
    council: CouncilId,
    member: MemberId,
    (code_hash, expires_ms): (Sha256, i64),
    by: By,
) -> Result<(), LogError> {
    let invited = t
        .query_opt(
            "INSERT INTO invitation (code_hash, council_no, member, expires_ms)
             SELECT $1::bytea, m.council_no, m.id, $4::bigint FROM member m JOIN council USING (council_no)
             WHERE council.id = $2 AND m.id = $3 AND m.revoked_ms IS NULL
             RETURNING council_no",
            &[
                &&code_hash.as_bytes()[..],
                &&council.to_bytes()[..],
                &&member.to_bytes()[..],
                &expires_ms,
            ],
        )
        .await?;
    let nobody = LogError::refused(ProblemCode::NotFound, "This council has no such member.");
    let council_no = get(&invited.ok_or(nobody)?, 0)?;
    audit::write(t, council_no, &Deed::to(Done::Invited, member.to_bytes()), by).await
}

pub(super) async fn enrol(
    t: &Transaction<'_>,
    code_hash: Sha256,
    device: &NewDevice,
    now_ms: i64,
) -> Result<Welcome, LogError> {
    let refused = || {
        LogError::refused(ProblemCode::Invitation, "This invitation is unknown, used or expired.")
    };
    // The member's row is locked too: devices of one person are counted one after the other.
    let invited = t
        .query_opt(
            "SELECT i.council_no, i.member, i.expires_ms, i.used_by, council.id, council.name,
                    m.role
             FROM invitation i
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = i.council_no AND m.id = i.member
             WHERE i.code_hash = $1 AND m.revoked_ms IS NULL
             FOR UPDATE OF i, m",
            &[&&code_hash.as_bytes()[..]],
        )
        .await?
        .ok_or_else(refused)?;
    let council_no: i64 = get(&invited, 0)?;
    let member: [u8; 16] = bytes(&invited, 1)?;
    let welcome = Welcome {
        council: CouncilId::from_bytes(bytes(&invited, 4)?),
        council_name: get(&invited, 5)?,
        member: MemberId::from_bytes(member),
        role: role(get(&invited, 6)?)?,
    };
    let id = device.id.to_bytes();
    if let Some(used_by) = get::<Option<i64>>(&invited, 3)? {
        let same = t
            .query_one(
                "SELECT id = $2 AND signing_key = $3 AND standing <> 'revoked'
                 FROM device WHERE device_no = $1",
                &[&used_by, &&id[..], &&device.key[..]],
            )
            .await?;
        return if get(&same, 0)? { Ok(welcome) } else { Err(refused()) };
    }
    if get::<i64>(&invited, 2)? <= now_ms {
        return Err(refused());
    }
    let devices: i64 = get(
        &t.query_one(
            "SELECT count(*) FROM device
             WHERE council_no = $1 AND member = $2 AND standing <> 'revoked' AND id <> $3",
            &[&council_no, &&member[..], &&id[..]],
        )
        .await?,
        0,
    )?;
    if devices >= DEVICES_PER_MEMBER {
        return Err(LogError::refused(
            ProblemCode::Forbidden,
            "This person has too many devices; revoke one first.",
        ));
    }
    let device_no = add_device(t, council_no, &member, device, now_ms).await?;
    let device_no = device_no.ok_or(LogError::refused(
        ProblemCode::Untrue,
        "This device identifier is taken; the invitation can still be used.",
    ))?;
    t.execute(
        "UPDATE invitation SET used_by = $1 WHERE code_hash = $2",
        &[&device_no, &&code_hash.as_bytes()[..]],
    )
    .await?;
    let deed = Deed::to(Done::Enrolled, id).with(&device.name);
    audit::write(t, council_no, &deed, By::device(device.id, now_ms)).await?;
    Ok(welcome)
}

fn device_of(row: &Row) -> Result<Device, LogError> {
    let revoked: bool = get(row, 6)?;
    let own = standing(get(row, 4)?)?;
    Ok(Device {
        id: DeviceId::from_bytes(bytes(row, 0)?),
        council: CouncilId::from_bytes(bytes(row, 1)?),
        member: MemberId::from_bytes(bytes(row, 2)?),
        key: bytes(row, 3)?,
        standing: if revoked { Standing::Revoked } else { own },
        role: role(get(row, 5)?)?,
    })
}

pub(super) async fn device(c: &Object, device: DeviceId) -> Result<Option<Device>, LogError> {
    let find = c
        .prepare_cached(
            "SELECT d.id, council.id, d.member, d.signing_key, d.standing, m.role,
                    m.revoked_ms IS NOT NULL
             FROM device d
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             WHERE d.id = $1",
        )
        .await?;
    let row = c.query_opt(&find, &[&&device.to_bytes()[..]]).await?;
    row.as_ref().map(device_of).transpose()
}

pub(super) async fn devices(c: &Object, council: CouncilId) -> Result<Vec<KnownDevice>, LogError> {
    let rows = c
        .query(
            "SELECT d.id, d.name, d.member, d.enrolled_ms, d.seen_ms, d.standing,
                    m.revoked_ms IS NOT NULL, w.taken_ms, w.emptied_ms
             FROM device d JOIN council USING (council_no)
             LEFT JOIN wipe w USING (device_no)
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             WHERE council.id = $1 AND d.name <> $2 ORDER BY d.member, d.enrolled_ms, d.id",
            &[&&council.to_bytes()[..], &OWN_DEVICE],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let revoked: bool = get(row, 6)?;
            let own = standing(get(row, 5)?)?;
            Ok(KnownDevice {
                id: DeviceId::from_bytes(bytes(row, 0)?),
                name: get(row, 1)?,
                member: MemberId::from_bytes(bytes(row, 2)?),
                enrolled_ms: get(row, 3)?,
                seen_ms: get(row, 4)?,
                standing: if revoked { Standing::Revoked } else { own },
                wipe_ms: get(row, 7)?,
                emptied_ms: get(row, 8)?,
            })
        })
        .collect()
}

pub(super) async fn open_session(
    t: &Transaction<'_>,
    session: &NewSession,
    now_ms: i64,
) -> Result<(), LogError> {
    t.execute("DELETE FROM session WHERE expires_ms <= $1", &[&now_ms]).await?;
    let device_no = t
        .query_opt(
            "SELECT device_no FROM device WHERE id = $1 AND standing <> 'revoked'",
            &[&&session.device.to_bytes()[..]],
        )
        .await?;
    let device_no = device_no
        .ok_or(LogError::refused(ProblemCode::Revoked, "This device was revoked."))
        .and_then(|row| get::<i64>(&row, 0));
    let used = t
        .query_opt("SELECT 1 FROM session WHERE nonce = $1", &[&&session.nonce[..]])
        .await?
        .is_some();
    let answered = || {
        LogError::refused(
            ProblemCode::Session,
            "This challenge was answered before; ask for another.",
        )
    };
    if used {
        return Err(answered());
    }
    // Two answers to one challenge at the same moment: the second adds nothing.
    let opened = t
        .execute(
            "INSERT INTO session (token_hash, device_no, nonce, expires_ms)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            &[
                &&session.token_hash.as_bytes()[..],
                &device_no?,
                &&session.nonce[..],
                &session.expires_ms,
            ],
        )
        .await?;
    if opened == 0 {
        return Err(answered());
    }
    let id = session.device.to_bytes();
    let device =
        t.query_one("SELECT council_no, seen_ms FROM device WHERE id = $1", &[&&id[..]]).await?;
    let seen_ms: Option<i64> = get(&device, 1)?;
    if seen_ms.is_none_or(|seen_ms| now_ms.saturating_sub(seen_ms) >= ANEW_MS) {
        let by = By::device(session.device, now_ms);
        audit::write(t, get(&device, 0)?, &Deed::of(Done::LoggedIn), by).await?;
    }
    t.execute("UPDATE device SET seen_ms = $2 WHERE id = $1", &[&&id[..], &now_ms]).await?;
    Ok(())
}

pub(super) async fn bearer(
    c: &Object,
    token_hash: Sha256,
    now_ms: i64,
) -> Result<Option<Bearer>, LogError> {
    let find = c
        .prepare_cached(
            "SELECT d.id, council.id, d.member, d.signing_key, d.standing, m.role,
                    m.revoked_ms IS NOT NULL, session.expires_ms
             FROM session
             JOIN device d USING (device_no)
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             WHERE session.token_hash = $1 AND session.expires_ms > $2",
        )
        .await?;
    let row = c.query_opt(&find, &[&&token_hash.as_bytes()[..], &now_ms]).await?;
    row.map(|row| Ok(Bearer { device: device_of(&row)?, expires_ms: get(&row, 7)? })).transpose()
}

pub(super) async fn revoke(t: &Transaction<'_>, whom: Revocation, by: By) -> Result<(), LogError> {
    let nobody = || LogError::refused(ProblemCode::NotFound, "Nobody has this identifier.");
    let (council_no, deed) = match whom {
        Revocation::Device(device) => {
            let id = device.to_bytes();
            let row = t
                .query_opt(
                    "UPDATE device SET standing = 'revoked' WHERE id = $1
                     RETURNING council_no, name",
                    &[&&id[..]],
                )
                .await?
                .ok_or_else(nobody)?;
            (get(&row, 0)?, Deed::to(Done::DeviceRevoked, id).with(get(&row, 1)?))
        }
        Revocation::Member(council, member) => {
            let id = member.to_bytes();
            let row = t
                .query_opt(
                    "UPDATE member SET revoked_ms = coalesce(revoked_ms, $3)
                     WHERE id = $2 AND council_no = (SELECT council_no FROM council WHERE id = $1)
                     RETURNING council_no",
                    &[&&council.to_bytes()[..], &&id[..], &by.at_ms],
                )
                .await?
                .ok_or_else(nobody)?;
            (get(&row, 0)?, Deed::to(Done::MemberRevoked, id))
        }
    };
    audit::write(t, council_no, &deed, by).await
}

pub(super) async fn order_wipe(
    t: &Transaction<'_>,
    order: &WipeOrder,
    by: By,
) -> Result<(), LogError> {
    let id = order.device.to_bytes();
    let kept = t
        .execute(
            "INSERT INTO wipe (device_no, by_device, ordered_ms, signature, taken_ms)
             SELECT device_no, $2::bytea, $3::bigint, $4::bytea, $5::bigint
             FROM device WHERE id = $1
             ON CONFLICT DO NOTHING",
            &[
                &&id[..],
                &&order.by.to_bytes()[..],
                &order.ordered_ms,
                &&order.signature[..],
                &by.at_ms,
            ],
        )
        .await?;
    revoke(t, Revocation::Device(order.device), by).await?;
    if kept == 0 {
        return Ok(());
    }
    witness(t, Done::WipeOrdered, id, by).await
}

async fn witness(t: &Transaction<'_>, done: Done, id: [u8; 16], by: By) -> Result<(), LogError> {
    let row = t.query_one("SELECT council_no, name FROM device WHERE id = $1", &[&&id[..]]).await?;
    audit::write(t, get(&row, 0)?, &Deed::to(done, id).with(get(&row, 1)?), by).await
}

pub(super) async fn wipe_order(
    t: &Transaction<'_>,
    device: DeviceId,
) -> Result<Option<WipeOrder>, LogError> {
    let row = t
        .query_opt(
            "SELECT council.id, w.by_device, w.ordered_ms, w.signature
             FROM wipe w JOIN device d USING (device_no) JOIN council USING (council_no)
             WHERE d.id = $1",
            &[&&device.to_bytes()[..]],
        )
        .await?;
    row.map(|row| {
        Ok(WipeOrder {
            council: CouncilId::from_bytes(bytes(&row, 0)?),
            device,
            by: DeviceId::from_bytes(bytes(&row, 1)?),
            ordered_ms: get(&row, 2)?,
            signature: bytes(&row, 3)?,
        })
    })
    .transpose()
}

pub(super) async fn emptied(
    t: &Transaction<'_>,
    device: DeviceId,
    now_ms: i64,
) -> Result<(), LogError> {
    let id = device.to_bytes();
    let said = t
        .execute(
            "UPDATE wipe SET emptied_ms = $2
             WHERE emptied_ms IS NULL
               AND device_no = (SELECT device_no FROM device WHERE id = $1)",
            &[&&id[..], &now_ms],
        )
        .await?;
    if said == 0 {
        return Ok(());
    }
    witness(t, Done::Emptied, id, By::device(device, now_ms)).await
}

pub(super) async fn hold_paper(
    t: &Transaction<'_>,
    council: CouncilId,
    sha256: Sha256,
    length: u64,
    now_ms: i64,
) -> Result<(), LogError> {
    t.execute(
        "INSERT INTO paper (council_no, sha256, bytes, uploaded_ms)
         SELECT council_no, $2::bytea, $3::bigint, $4::bigint FROM council WHERE id = $1
         ON CONFLICT DO NOTHING",
        &[&&council.to_bytes()[..], &&sha256.as_bytes()[..], &int(length), &now_ms],
    )
    .await?;
    Ok(())
}

pub(super) async fn paper(
    c: &Object,
    council: CouncilId,
    sha256: Sha256,
) -> Result<Option<u64>, LogError> {
    let find = c
        .prepare_cached(
            "SELECT bytes FROM paper JOIN council USING (council_no)
             WHERE council.id = $1 AND sha256 = $2",
        )
        .await?;
    let row = c.query_opt(&find, &[&&council.to_bytes()[..], &&sha256.as_bytes()[..]]).await?;
    row.map(|row| unsigned(&row, 0)).transpose()
}

/// The council's office: the device it was founded with.
pub(super) async fn office(c: &Object, council: CouncilId) -> Result<Office, LogError> {
    let row = c
        .query_opt(
            "SELECT d.id, council.id, d.member, d.signing_key, d.standing, m.role,
                    m.revoked_ms IS NOT NULL, d.last_seq
             FROM device d
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             WHERE council.id = $1 ORDER BY d.device_no LIMIT 1",
            &[&&council.to_bytes()[..]],
        )
        .await?
        .ok_or(LogError::refused(ProblemCode::NotFound, "This server has no such council."))?;
    Ok(Office { device: device_of(&row)?, last_seq: unsigned(&row, 7)? })
}

/// Devices whose card does not say what the tables say.
pub(super) async fn uncarded(c: &Object, council: CouncilId) -> Result<Vec<Uncarded>, LogError> {
    let rows = c
        .query(
            "SELECT d.id, council.id, d.member, d.signing_key, d.standing, m.role,
                    m.revoked_ms IS NOT NULL, d.enrolled_ms, coalesce(r.version, 0)
             FROM device d
             JOIN council USING (council_no)
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             LEFT JOIN record r
               ON r.council_no = d.council_no AND r.entity = 'device' AND r.id = d.id
             WHERE council.id = $1
               AND d.carded < CASE WHEN d.standing = 'revoked' OR m.revoked_ms IS NOT NULL
                                   THEN 2 ELSE 1 END
             ORDER BY d.device_no",
            &[&&council.to_bytes()[..]],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Uncarded {
                device: device_of(row)?,
                enrolled_ms: get(row, 7)?,
                version: unsigned(row, 8)?,
            })
        })
        .collect()
}

pub(super) async fn record(
    c: &Object,
    council: CouncilId,
    entity: Entity,
    id: [u8; 16],
) -> Result<Option<(u64, Record)>, LogError> {
    let row = c
        .query_opt(
            "SELECT r.version, e.payload FROM record r
             JOIN council USING (council_no)
             JOIN entry e ON e.council_no = r.council_no AND e.seq = r.seq
             WHERE council.id = $1 AND r.entity = $2 AND r.id = $3",
            &[&&council.to_bytes()[..], &entity_text(entity), &&id[..]],
        )
        .await?;
    row.map(|row| {
        let payload: Vec<u8> = get(&row, 1)?;
        Ok((unsigned(&row, 0)?, record_of(&payload)?))
    })
    .transpose()
}
