//! `init`: a data directory with one council, its first clerk and that clerk's invitation.
//!
//! Everything in a log is signed by a device, the first records too: so the server has a device of
//! its own, whose key stays in the data directory, and tablets get the council and its clerk by
//! sync like everything else.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{
    Ark, Council, CouncilId, CouncilKind, DeviceCard, DeviceId, Member, MemberId, PublicKey,
    Record, Role, Timestamp,
};
use ring::signature::{Ed25519KeyPair, KeyPair};
use wire::limits::INVITATION_MS;
use wire::{Audience, DocKey, Header, Kind, Op, RecordPayload, Scope};

use super::CommandError;
use crate::codes::{hash_invitation, invitation_code, random};
use crate::config::{database_file, key_file};
use crate::log::postgres::PgLog;
use crate::log::sqlite::{Options, SqliteLog, copies, schema};
use crate::log::{Device, Examined, Founding, Log, LogError, NewDevice, OWN_DEVICE, Standing};
use crate::metrics::Metrics;

/// A council as its operator declares it.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// What kind of assembly it is.
    pub kind: CouncilKind,
    /// Legal population, in inhabitants.
    pub population: u32,
    /// IANA time zone.
    pub zone: String,
    /// Local law that replaces general rules.
    pub local_law: Option<String>,
}

/// What the operator hands over.
#[derive(Clone, serde::Serialize)]
pub struct Founded {
    /// The council.
    pub council: CouncilId,
    /// The code with which the first clerk enrols a device.
    pub clerk_invitation: String,
}

impl std::fmt::Debug for Founded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Founded").field("council", &self.council).finish_non_exhaustive()
    }
}

/// Makes the data directory and founds the council in it.
///
/// # Errors
/// [`CommandError`]; an existing council is left alone.
pub async fn init(
    data: &Path,
    declaration: Declaration,
    now_ms: i64,
) -> Result<Founded, CommandError> {
    check(&declaration)?;
    make_directory(data)?;
    let log =
        SqliteLog::open(&database_file(data), Options::default(), Arc::new(Metrics::default()))?;
    if !log.councils().await?.is_empty() {
        return Err(CommandError::AlreadyFounded(data.to_owned()));
    }
    let keys = make_key(data)?;
    found(&log, &keys, declaration, now_ms).await
}

/// Founds a council again whose server is lost: the same council and members, with their devices let in
/// as before. What tablets hold they bring back themselves.
///
/// # Errors
/// [`CommandError`]; an existing council is left alone.
pub async fn init_again(data: &Path, ark: &Ark, now_ms: i64) -> Result<Founded, CommandError> {
    let clerk = ark.clerk().ok_or_else(|| CommandError::Argument("No clerk is named.".into()))?;
    make_directory(data)?;
    let database = database_file(data);
    let log = SqliteLog::open(&database, Options::default(), Arc::new(Metrics::default()))?;
    if !log.councils().await?.is_empty() {
        return Err(CommandError::AlreadyFounded(data.to_owned()));
    }
    let keys = make_key(data)?;
    let others = ark.members.iter().filter(|member| member.id != clerk.id).cloned();
    let members = std::iter::once(clerk.clone()).chain(others).collect();
    let founded = found_with(&log, &keys, ark.council.clone(), members, now_ms).await?;
    // Closed first: nobody else writes while the devices are let in.
    drop(log);
    readmit(data, ark, now_ms)?;
    Ok(founded)
}

/// Lets the devices of an ark in that a server does not know, for one restored from a backup that was
/// taken before they came.
///
/// # Errors
/// [`CommandError`]; it is another council's ark, or there is no council here.
pub fn readmit(data: &Path, ark: &Ark, now_ms: i64) -> Result<usize, CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    let mut connection = schema::open(&database)?;
    copies::readmit(&mut connection, ark, now_ms)?.ok_or_else(|| {
        CommandError::Argument(
            "This file is about another council than the one of this directory; nothing was \
             changed."
                .to_owned(),
        )
    })
}

/// Founds the council in a PostgreSQL that several servers share; the directory keeps this server's
/// key.
///
/// # Errors
/// [`CommandError`]; an existing council is left alone.
pub async fn init_shared(
    data: &Path,
    database: &str,
    declaration: Declaration,
    now_ms: i64,
) -> Result<Founded, CommandError> {
    check(&declaration)?;
    let log = PgLog::connect(database).await?;
    if !log.councils().await?.is_empty() {
        return Err(CommandError::Argument(
            "This database already holds a council; nothing was changed. Choose another database."
                .to_owned(),
        ));
    }
    make_directory(data)?;
    let keys = make_key(data)?;
    found(&log, &keys, declaration, now_ms).await
}

fn make_directory(data: &Path) -> Result<(), CommandError> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(CommandError::at(data))
}

/// Founds a council in a log, in one transaction.
///
/// # Errors
/// [`CommandError`].
pub async fn found(
    log: &dyn Log,
    keys: &Ed25519KeyPair,
    declaration: Declaration,
    now_ms: i64,
) -> Result<Founded, CommandError> {
    let at = now_ms.unsigned_abs();
    let council = CouncilId::new(at, random()?);
    let clerk = MemberId::new(at, random()?);
    let council = Council {
        id: council,
        name: declaration.name.trim().to_owned(),
        kind: declaration.kind,
        population: declaration.population,
        zone: declaration.zone,
        local_law: declaration.local_law,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    };
    let clerk = Member::new(clerk, "", "Greffe", Role::Clerk);
    found_with(log, keys, council, vec![clerk], now_ms).await
}

/// Founds a council with these members, of whom the first is a clerk.
async fn found_with(
    log: &dyn Log,
    keys: &Ed25519KeyPair,
    council: Council,
    members: Vec<Member>,
    now_ms: i64,
) -> Result<Founded, CommandError> {
    let at = now_ms.unsigned_abs();
    let clerk = members
        .first()
        .map(|member| member.id)
        .ok_or_else(|| CommandError::Argument("A council needs a clerk.".to_owned()))?;
    let device = DeviceId::new(at, random()?);
    let key = <[u8; 32]>::try_from(keys.public_key().as_ref())
        .map_err(|_| CommandError::Argument("The server's key is not an Ed25519 key.".into()))?;
    let (id, name) = (council.id, council.name.clone());
    let author = Device {
        id: device,
        council: id,
        member: clerk,
        key,
        standing: Standing::Good,
        role: Role::Clerk,
    };
    let card = DeviceCard {
        id: device,
        member: clerk,
        signing_key: PublicKey::from_bytes(key),
        agreement_key: None,
        enrolled: Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::UNIX_EPOCH),
        revoked: None,
    };
    let mut records = vec![Record::Council(council)];
    records.extend(members.into_iter().map(Record::Member));
    // Signed by itself: the root of the directory of devices.
    records.push(Record::Device(card));
    let records = records
        .iter()
        .zip(1..)
        .map(|(record, device_seq)| {
            Ok(Examined::examine(seal(keys, &author, device_seq, record, now_ms)?, &author))
        })
        .collect::<Result<Vec<_>, LogError>>()?;
    let code = invitation_code(random()?);
    let founding = Founding {
        council: id,
        name,
        clerk,
        device: NewDevice { id: device, name: OWN_DEVICE.to_owned(), key },
        incarnation: i64::from_be_bytes(random()?) & i64::MAX,
        records,
        code_hash: hash_invitation(&code),
        expires_ms: now_ms.saturating_add(INVITATION_MS),
    };
    log.found(founding, now_ms).await?;
    Ok(Founded { council: id, clerk_invitation: code })
}

fn check(declaration: &Declaration) -> Result<(), CommandError> {
    if declaration.name.trim().is_empty() {
        return Err(CommandError::Argument("A council needs a name.".to_owned()));
    }
    if jiff::tz::TimeZone::get(&declaration.zone).is_err() {
        return Err(CommandError::Argument(format!(
            "{} is not a time zone; write one like Europe/Paris.",
            declaration.zone
        )));
    }
    Ok(())
}

fn seal(
    keys: &Ed25519KeyPair,
    author: &Device,
    device_seq: u64,
    record: &Record,
    now_ms: i64,
) -> Result<Op, LogError> {
    let unwritable = |error: String| LogError::Failing(error);
    let payload = wire::encode(&RecordPayload {
        if_version: 0,
        record: record.to_json().map_err(|error| unwritable(error.to_string()))?,
    })
    .map_err(|error| unwritable(error.to_string()))?;
    let header = Header {
        council: author.council,
        scope: Scope { owner: author.member, audience: Audience::Council },
        document: DocKey::of_record(record.id().into_bytes()),
        device: author.id,
        device_seq,
        kind: Kind::Record,
        epoch: 0,
        made_ms: now_ms,
    };
    Ok(Op::seal(header, payload, |text| {
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(keys.sign(text).as_ref()) {
            *to = *from;
        }
        signature
    }))
}

/// Makes the server's own key, readable by its owner alone.
fn make_key(data: &Path) -> Result<Ed25519KeyPair, CommandError> {
    let path: PathBuf = key_file(data);
    let document = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new())
        .map_err(|_| crate::codes::NoRandom)?;
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(CommandError::at(&path))?;
    file.write_all(document.as_ref()).map_err(CommandError::at(&path))?;
    file.sync_all().map_err(CommandError::at(&path))?;
    Ed25519KeyPair::from_pkcs8(document.as_ref())
        .map_err(|_| CommandError::Argument("The server's key could not be made.".to_owned()))
}
