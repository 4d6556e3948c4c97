//! `revoke`: shuts out a lost device or a person. The running server heeds it at once: after
//! every commit, whoever made it, it looks again who may come in.

use std::path::Path;
use std::sync::Arc;

use domain::{DeviceId, MemberId};

use super::CommandError;
use crate::config::database_file;
use crate::log::audit::By;
use crate::log::sqlite::{Options, SqliteLog};
use crate::log::{Log, LogError, Revocation};
use crate::metrics::Metrics;

/// Revokes a device, or a member with all devices.
///
/// # Errors
/// [`CommandError`], also when nobody has the identifier.
pub async fn revoke(
    data: &Path,
    device: Option<DeviceId>,
    member: Option<MemberId>,
    now_ms: i64,
) -> Result<(), CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    let log = SqliteLog::open(&database, Options::default(), Arc::new(Metrics::default()))?;
    revoke_in(&log, device, member, now_ms).await
}

/// Revokes a device, or a member with all devices, in a log.
///
/// # Errors
/// [`CommandError`], also when nobody has the identifier.
pub async fn revoke_in(
    log: &dyn Log,
    device: Option<DeviceId>,
    member: Option<MemberId>,
    now_ms: i64,
) -> Result<(), CommandError> {
    if let Some(device) = device {
        log.revoke(Revocation::Device(device), By::operator(now_ms)).await?;
    }
    if let Some(member) = member {
        let mut found = false;
        for council in log.councils().await? {
            match log.revoke(Revocation::Member(council, member), By::operator(now_ms)).await {
                Ok(()) => found = true,
                Err(LogError::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !found {
            return Err(CommandError::Argument("Nobody has this identifier.".to_owned()));
        }
    }
    Ok(())
}
