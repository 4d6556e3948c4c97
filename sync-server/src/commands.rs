//! The program's verbs, as functions that a test can call.

pub mod audit;
pub mod backup;
pub mod doctor;
pub mod held;
pub mod init;
pub mod revoke;

use std::path::PathBuf;

use crate::codes::NoRandom;
use crate::log::LogError;
use crate::log::sqlite::OpenError;

/// Why a command fails: one sentence each.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is a council already.
    #[error("{0} already holds a council; nothing was changed. Choose another directory.")]
    AlreadyFounded(PathBuf),
    /// There is none yet.
    #[error("{0} holds no council yet; run `pupitre-server init` first.")]
    NoCouncil(PathBuf),
    /// An argument makes no sense.
    #[error("{0}")]
    Argument(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Randomness.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// A file or directory.
    #[error("{path} cannot be used: {cause}.")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

impl CommandError {
    /// Names the file that failed.
    pub(crate) fn at(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
