//! One process a profile: the device's sequence must not be counted twice.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use client::ports::{StoreError, StoreErrorKind};

use crate::error::Doing;

/// How long a second process waits for the first to end, in tries of 20 ms: two commands given in
/// a row overlap for a moment.
const TRIES: u32 = 250;

/// Takes the profile; it is given back when the file is dropped or the process dies.
pub(crate) fn take(profile: &Path) -> Result<File, StoreError> {
    let path = profile.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .doing("opening the profile's lock")?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::Error(error)) => {
                return Err(error).doing("locking the profile");
            }
        }
    }
    Err(StoreError {
        kind: StoreErrorKind::Busy,
        doing: "locking the profile",
        detail: "another process uses this profile".to_owned(),
    })
}
