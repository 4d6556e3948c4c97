//! The tablet in a folder, opened for one command.

use std::path::Path;
use std::sync::Arc;

use client::{Client, ClientConfig, SystemWorld};
use ipc::{Command, ErrorCode, Problem, Reply};
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore};

use crate::failure::Failure;

/// Opens the tablet in this folder; it is made when there is none.
pub(crate) fn open(profile: &Path) -> Result<Client, Failure> {
    let said = |error: client::ports::StoreError| Failure::Problem(Problem::from(&error));
    Ok(Client::start(ClientConfig {
        store: Box::new(SqliteStore::open(profile).map_err(said)?),
        files: Arc::new(FilePapers::open(profile).map_err(said)?),
        keys: Arc::new(FileKeys::open(profile).map_err(said)?),
        papers: Arc::new(reader()?),
        letters: Arc::new(press::convocation),
        world: Arc::new(SystemWorld::default()),
        automatic: false,
    }))
}

/// The PDF reader alone.
pub(crate) fn reader() -> Result<PdfReader, Failure> {
    PdfReader::start(PdfConfig::find()).map_err(|_| Failure::Problem(ErrorCode::PdfReader.into()))
}

/// An answer of another kind than the command's own.
pub(crate) fn unexpected() -> Failure {
    Failure::Problem(Problem::about(ErrorCode::Internal, "an answer of another kind"))
}

/// Asks and takes the answer apart.
pub(crate) async fn ask<T>(
    client: &Client,
    command: Command,
    take: impl FnOnce(Reply) -> Option<T>,
) -> Result<T, Failure> {
    take(client.handle(command).await?).ok_or_else(unexpected)
}

/// Takes a reply of one kind apart: `the!(Reply::Marked)`.
macro_rules! the {
    ($variant:path) => {
        |reply| if let $variant(inner) = reply { Some(inner) } else { None }
    };
}
pub(crate) use the;
