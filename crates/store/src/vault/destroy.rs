//! Emptying a profile: its keys first, then its files.
//!
//! Whatever dies in between, the next start goes on where this one stopped: the notice is written first and
//! says so. From the moment in which `vault.key` is gone, what is left opens for nobody.

use std::io::Write;
use std::path::Path;

use client::ports::{Emptied, StoreError};
use serde::{Deserialize, Serialize};

use super::fill;
use crate::error::{Doing, failed};
use crate::{durable, lock};

/// What is left of a profile: the sentence for whoever opens it next.
const NOTICE: &str = "emptied.json";
const DOING: &str = "emptying the profile";

#[derive(Serialize, Deserialize)]
struct Written {
    ordered_ms: i64,
    own: bool,
    unsent: u32,
    /// Whether all of it is gone.
    done: bool,
}

/// Destroys everything in a profile but the notice. Whoever calls holds nothing of it open.
pub(super) fn destroy(profile: &Path, notice: &Emptied) -> Result<(), StoreError> {
    let _lock = lock::take(profile)?;
    write(profile, notice, false)?;
    sweep(profile, notice)
}

/// Goes on with what was interrupted.
pub(super) fn finish(profile: &Path) -> Result<(), StoreError> {
    match read(profile)? {
        Some(Written { ordered_ms, own, unsent, done: false }) => {
            let _lock = lock::take(profile)?;
            sweep(profile, &Emptied { ordered_ms, own, unsent })
        }
        Some(Written { done: true, .. }) | None => Ok(()),
    }
}

/// What is told after a profile was emptied.
pub(super) fn notice(profile: &Path) -> Result<Option<Emptied>, StoreError> {
    Ok(read(profile)?.map(|Written { ordered_ms, own, unsent, .. }| Emptied {
        ordered_ms,
        own,
        unsent,
    }))
}

fn sweep(profile: &Path, notice: &Emptied) -> Result<(), StoreError> {
    // The one that all others come from, then what is wrapped by it, then the rest.
    for name in ["vault.key", "vault.json", "device.key", "agreement.key", "identity.key"] {
        shred(&profile.join(name))?;
    }
    durable::folder_of(&profile.join("vault.key")).doing(DOING)?;
    for entry in std::fs::read_dir(profile).doing(DOING)? {
        let entry = entry.doing(DOING)?;
        if entry.file_name() == NOTICE || entry.file_name() == "lock" {
            continue;
        }
        let path = entry.path();
        let gone = if entry.file_type().doing(DOING)?.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        gone.doing(DOING)?;
    }
    write(profile, notice, true)
}

/// Overwrites a small file, as far as the medium lets it be, and takes it away.
fn shred(path: &Path) -> Result<(), StoreError> {
    let length = match std::fs::metadata(path) {
        Ok(about) => about.len().min(super::LONGEST),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).doing(DOING),
    };
    let mut noise = vec![0; usize::try_from(length).unwrap_or(0)];
    fill(&mut noise)?;
    let mut file = std::fs::OpenOptions::new().write(true).open(path).doing(DOING)?;
    file.write_all(&noise).doing(DOING)?;
    file.sync_all().doing(DOING)?;
    std::fs::remove_file(path).doing(DOING)
}

fn write(profile: &Path, notice: &Emptied, done: bool) -> Result<(), StoreError> {
    let Emptied { ordered_ms, own, unsent } = *notice;
    let written = Written { ordered_ms, own, unsent, done };
    let bytes = serde_json::to_vec(&written).map_err(|_| failed(DOING, "the notice"))?;
    durable::write(&profile.join(NOTICE), &bytes).doing(DOING)
}

fn read(profile: &Path) -> Result<Option<Written>, StoreError> {
    let bytes = super::read(&profile.join(NOTICE))?;
    // One that nobody can read says nothing, and empties nothing.
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}
