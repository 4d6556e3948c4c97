//! A damaged database: set aside and never deleted; what it alone held goes into a new one, and the
//! log is read again from its beginning for the rest.
//!
//! ```text
//! PROFILE/pupitre.chart   what a damaged database is read by, sealed
//! PROFILE/aside/1/…       the damaged database with its write-ahead log, as it was found
//! PROFILE/mending/…       the new database while it is made
//! PROFILE/mended.db       the new database, whole; it only has to take its place
//! ```
//!
//! A kill at any moment leaves the damaged database in its place, or the new one whole beside it, in
//! which case [`finish`] goes on. What holds for the new one: an operation that had a number keeps it;
//! drafts keep their order; the place in the log is forgotten, so that everything comes again; and
//! because numbers may have been lost with the rest, the first exchange asks the server where this
//! device's line ends before it sends anything.
//!
//! A key that is not the store's looks like damage to every page. Nothing is set aside unless the key is
//! proven: by one page that it opens, or by the chart, which it sealed.

mod carry;
mod chart;
mod leaves;
mod pages;
mod read;

use std::fs::File;
use std::path::{Path, PathBuf};

use client::ports::{Mended, StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::error::{Doing, corrupt, failed};
use crate::salvage::chart::Chart;
use crate::salvage::pages::{Image, MAGIC, PAGE};
use crate::vault::{Purpose, Vault};
use crate::{encrypt, open};

const DOING: &str = "setting a damaged store aside";
/// The database and what SQLite keeps beside it that belongs to its content.
const FILES: [&str; 2] = [DATABASE, "pupitre.db-wal"];
const DATABASE: &str = "pupitre.db";
const NEW: &str = "mended.db";
/// There when an answer of the store was damage: it is looked through when it is opened next.
const DOUBT: &str = "doubtful";

/// Has the database looked through when it is opened next.
pub(crate) fn doubt(profile: &Path) {
    // When even this cannot be written, the damage is met again.
    File::create(profile.join(DOUBT)).ok();
}

/// Opens the database of a profile; a damaged one is set aside first and a new one takes its place.
///
/// # Errors
/// As [`open::open`], but for damage; `Corrupt` when the vault's key opens nothing of it, `Full` when there
/// is no room to mend it: nothing is changed then.
pub(crate) fn open_or_mend(
    profile: &Path,
    vault: &Vault,
) -> Result<(Connection, Option<Mended>), StoreError> {
    finish(profile)?;
    let path = profile.join(DATABASE);
    let key = vault.database_key(Purpose::Store)?;
    let opened = still_there(profile, vault).and_then(|()| {
        encrypt::bring_over(&path, &key)?;
        let db = open::open(&path, &key)?;
        open::keep_log(&db, true)?;
        look_through(&db)?;
        if profile.join(DOUBT).exists() {
            look_through_all(&db, profile, vault)?;
        }
        open::keep_log(&db, false)?;
        Ok(db)
    });
    let (db, mended) = match opened {
        Ok(db) => (db, None),
        Err(error) if error.kind == StoreErrorKind::Corrupt => {
            let mended = mend(profile, vault, error)?;
            (open::open(&path, &key)?, Some(mended))
        }
        Err(error) => return Err(error),
    };
    match std::fs::remove_file(profile.join(DOUBT)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).doing(DOING)?,
        Ok(()) | Err(_) => {}
    }
    chart(profile, vault, &db)?;
    Ok((db, mended))
}

/// Keeps what the database would be read by if it were damaged.
pub(crate) fn chart(profile: &Path, vault: &Vault, db: &Connection) -> Result<(), StoreError> {
    let Some(salt) = encrypt::begins(&profile.join(DATABASE))? else { return Ok(()) };
    Chart::of(db, salt)?.keep(profile, vault)
}

/// A store that was there once is not made anew as if it had never been.
fn still_there(profile: &Path, vault: &Vault) -> Result<(), StoreError> {
    let length = std::fs::metadata(profile.join(DATABASE)).map_or(0, |about| about.len());
    if length < PAGE as u64 && Chart::read(profile, vault).is_some() {
        return Err(corrupt("opening the store", "there was one, and it is gone"));
    }
    Ok(())
}

/// Reads what can be nowhere else.
fn look_through(db: &Connection) -> Result<(), StoreError> {
    for sql in [
        // To compare them, all of each is read; their lengths would be told without.
        "SELECT count(*), max(value) FROM setting",
        "SELECT count(*), max(op) FROM outbox",
        "SELECT count(*), max(changes) FROM piece WHERE state = 'draft'",
    ] {
        db.query_row(sql, [], |_| Ok(())).doing("looking through the store")?;
    }
    Ok(())
}

/// Reads everything: every index, and the seal of every page as the write-ahead log has it. (SQLCipher's own check
/// takes pages from the file alone: one that a kill has torn while the log was folded in would pass for damage.)
fn look_through_all(db: &Connection, profile: &Path, vault: &Vault) -> Result<(), StoreError> {
    let doing = "looking through the whole store";
    let found: String =
        db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).doing(doing)?;
    let image = image(profile, vault, Chart::read(profile, vault).as_ref())?;
    if found != "ok" || !image.broken.is_empty() {
        return Err(corrupt(doing, format!("{} pages, {found}", image.broken.len())));
    }
    Ok(())
}

/// Sets a database aside that is damaged indeed, and makes the one that takes its place; or gives back why
/// it could not be opened.
fn mend(profile: &Path, vault: &Vault, why: StoreError) -> Result<Mended, StoreError> {
    let known = Chart::read(profile, vault);
    let image = image(profile, vault, known.as_ref())?;
    if image.sound == 0 && known.is_none() {
        return Err(corrupt("opening the store", "the key of this vault opens nothing of it"));
    }
    let salted = encrypt::begins(&profile.join(DATABASE))?;
    let whole = image.broken.is_empty() && image.sound > 0;
    if whole && (image.salt.is_none() || image.salt == salted) && !read::is_amiss(&image)? {
        return Err(why);
    }
    let work = profile.join("mending");
    clear(&work)?;
    std::fs::create_dir(&work).doing(DOING)?;
    let fresh = work.join(NEW);
    let mut db = open::open(&fresh, &vault.database_key(Purpose::Store)?)?;
    let (known, new) = (known.unwrap_or_default(), Chart::of(&db, pages::Salt::default())?);
    let found = read::everything(&image, &[&known.things, &new.things])?;
    let mended = carry::over(&mut db, &found, &known.settings)?;
    // Closing folds the write-ahead log into the one file that is renamed.
    db.close().map_err(|(_, error)| error).doing(DOING)?;
    sync_file(&fresh)?;
    set_aside(profile)?;
    std::fs::rename(&fresh, profile.join(NEW)).doing(DOING)?;
    sync(profile)?;
    finish(profile)?;
    Ok(mended)
}

/// The damaged database, page by page.
fn image(profile: &Path, vault: &Vault, known: Option<&Chart>) -> Result<Image, StoreError> {
    let [file, log] = FILES.map(|name| bytes(&profile.join(name)));
    let (file, log) = (file?, log?);
    if file.starts_with(MAGIC) {
        return Ok(pages::plain(&file, &log));
    }
    let salts: Vec<pages::Salt> =
        pages::salt(&file).into_iter().chain(known.map(|chart| chart.salt)).collect();
    Ok(pages::open(&file, &log, &vault.key(Purpose::Store)?, &salts))
}

/// A file; nothing when it is not there.
fn bytes(path: &Path) -> Result<Vec<u8>, StoreError> {
    match std::fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read.doing(DOING),
    }
}

/// Gives the damaged database a second name under `aside`, where it stays.
fn set_aside(profile: &Path) -> Result<(), StoreError> {
    let folder = free_place(profile)?;
    std::fs::create_dir_all(&folder).doing(DOING)?;
    for name in FILES {
        let (from, to) = (profile.join(name), folder.join(name));
        if !from.exists() {
            continue;
        }
        // Where a file has one name only, it is copied.
        if std::fs::hard_link(&from, &to).is_err() {
            std::fs::copy(&from, &to).doing(DOING)?;
            sync_file(&to)?;
        }
    }
    sync(&folder)?;
    sync(&profile.join("aside"))
}

fn free_place(profile: &Path) -> Result<PathBuf, StoreError> {
    (1..10_000)
        .map(|number: u32| profile.join("aside").join(number.to_string()))
        .find(|folder| !folder.exists())
        .ok_or_else(|| failed(DOING, "ten thousand stores have been set aside"))
}

/// Puts a mended database into its place, if there is one: the damaged one stands under `aside` then.
fn finish(profile: &Path) -> Result<(), StoreError> {
    let mended = profile.join(NEW);
    if mended.exists() {
        // The log of the damaged database first: it must never be taken for the new one's.
        for name in ["pupitre.db-wal", "pupitre.db-shm"] {
            match std::fs::remove_file(profile.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).doing(DOING);
                }
                Ok(()) | Err(_) => {}
            }
        }
        std::fs::rename(&mended, profile.join(DATABASE)).doing(DOING)?;
        sync(profile)?;
    }
    clear(&profile.join("mending"))
}

/// Throws a half-made database away.
fn clear(work: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(work) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).doing(DOING),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn sync_file(path: &Path) -> Result<(), StoreError> {
    File::options().write(true).open(path).and_then(|file| file.sync_all()).doing(DOING)
}

fn sync(folder: &Path) -> Result<(), StoreError> {
    // Windows opens no folders, and writes their entries through.
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).doing(DOING)
    } else {
        Ok(())
    }
}
