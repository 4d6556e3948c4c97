//! Difficulties of SQLite and of files, as the port names them.

use std::io;

use client::ports::{StoreError, StoreErrorKind};
use rusqlite::ErrorCode;

/// How the system says that there is no room left.
const FULL: [io::ErrorKind; 3] =
    [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge];

/// Names what was being done when a call failed.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError>;
}

impl<T> Doing<T> for Result<T, rusqlite::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError { kind: kind_of(&error), doing, detail: error.to_string() })
    }
}

impl<T> Doing<T> for Result<T, io::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError {
            kind: if FULL.contains(&error.kind()) {
                StoreErrorKind::Full
            } else if error.kind() == io::ErrorKind::NotFound {
                StoreErrorKind::NotFound
            } else {
                StoreErrorKind::Failed
            },
            doing,
            detail: error.to_string(),
        })
    }
}

impl<T> Doing<T> for Result<T, serde_json::Error> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| corrupt(doing, error.to_string()))
    }
}

impl<T> Doing<T> for Result<T, wire::Malformed> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| corrupt(doing, error.to_string()))
    }
}

impl<T> Doing<T> for Result<T, wire::NoteError> {
    fn doing(self, doing: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| corrupt(doing, error.to_string()))
    }
}

pub(crate) fn corrupt(doing: &'static str, detail: impl Into<String>) -> StoreError {
    StoreError { kind: StoreErrorKind::Corrupt, doing, detail: detail.into() }
}

pub(crate) fn failed(doing: &'static str, detail: impl Into<String>) -> StoreError {
    StoreError { kind: StoreErrorKind::Failed, doing, detail: detail.into() }
}

fn kind_of(error: &rusqlite::Error) -> StoreErrorKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
        // SQLCipher says no more than "an error" of a page whose seal is broken.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown) => {
            StoreErrorKind::Corrupt
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
        _ => StoreErrorKind::Failed,
    }
}
