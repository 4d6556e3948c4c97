//! The tablet in a folder, opened for one command.

use std::path::Path;
use std::sync::Arc;

use client::ports::{Lock as _, Mended, Store as _, World as _};
use client::{Client, ClientConfig, SystemWorld};
use ipc::lock::SHORTEST_PIN;
use ipc::{Command, ErrorCode, Problem, Reply, Secret, Words};
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore, Vault};

use crate::answers::Answer;
use crate::failure::Failure;

/// Opens the tablet in this folder, with its PIN when it has one; it is made when there is none.
pub(crate) fn open(profile: &Path, pin: Option<&str>) -> Result<(Client, Vault), Failure> {
    let said = |error: client::ports::StoreError| Failure::Problem(Problem::from(&error));
    let (vault, world) = (unlocked(profile, pin)?, SystemWorld::default());
    let store = SqliteStore::open_with(profile, &vault).map_err(said)?;
    if let Some(Mended { unsent, enrolled }) = store.mended() {
        let words = Words::new(crate::language());
        eprintln!("{}", words.mended(ipc::Mended { unsent, enrolled }));
    }
    let client = Client::start(ClientConfig {
        store: Box::new(store),
        files: Arc::new(FilePapers::open_with(profile, &vault).map_err(said)?),
        keys: Arc::new(FileKeys::open_with(profile, vault.clone())),
        papers: Arc::new(reader()?),
        letters: Arc::new(press::convocation),
        world: Arc::new(world),
        automatic: false,
    });
    Ok((client, vault))
}

/// The vault of a folder, opened with the PIN when it has one.
fn unlocked(profile: &Path, pin: Option<&str>) -> Result<Vault, Failure> {
    let said = |error: client::ports::StoreError| Failure::Problem(Problem::from(&error));
    let (vault, world) = (Vault::open(profile).map_err(said)?, SystemWorld::default());
    if vault.standing(&world.boot()).map_err(said)?.locked {
        let pin = pin.ok_or(Failure::Problem(ErrorCode::Locked.into()))?;
        let opened = vault.unlock(&Secret::new(pin), &world.boot());
        opened.map_err(|error| Failure::Problem(client::door::of_lock(error)))?;
    }
    Ok(vault)
}

/// Writes what a new server needs when the old one is lost, without asking any.
pub(crate) fn ark(profile: &Path, pin: Option<&str>, out: &Path) -> Result<Answer, Failure> {
    let said = |error: client::ports::StoreError| Failure::Problem(Problem::from(&error));
    let vault = unlocked(profile, pin)?;
    let store = SqliteStore::open_with(profile, &vault).map_err(said)?;
    let Some(ark) = client::ark(&store).map_err(said)? else {
        return Err(Failure::Problem(ErrorCode::NotEnrolled.into()));
    };
    let file = out.display().to_string();
    let unwritten = |_| Failure::Problem(Problem::about(ErrorCode::FileUnwritable, file.clone()));
    let json = ark.to_json().map_err(|error| Failure::Said(format!("{error}.")))?;
    std::fs::write(out, json).map_err(unwritten)?;
    Ok(Answer::Written { file })
}

/// How the lock before a folder stands.
pub(crate) fn lock(vault: &Vault) -> Result<Answer, Failure> {
    let standing = vault.standing(&SystemWorld::default().boot());
    let standing = standing.map_err(|error| Failure::Problem(Problem::from(&error)))?;
    let (pin, wrong, wait_ms) = (standing.pin, standing.wrong, standing.wait_ms);
    Ok(Answer::Lock { pin, wrong, wait_ms })
}

/// Gives the tablet a PIN, or takes it away; the present one has opened it.
pub(crate) fn set_pin(vault: &Vault, pin: Option<&str>) -> Result<Answer, Failure> {
    if pin.is_some_and(|pin| pin.chars().count() < SHORTEST_PIN) {
        let fewest = SHORTEST_PIN.to_string();
        return Err(Failure::Problem(Problem::about(ErrorCode::PinTooShort, fewest)));
    }
    let pin = pin.map(Secret::new);
    let set = vault.set_pin(pin.as_ref());
    set.map_err(|error| Failure::Problem(Problem::from(&error)))?;
    lock(vault)
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
