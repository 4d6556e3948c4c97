//! `backup` and `restore`: everything a server keeps, in one tar file.
//!
//! A backup is taken while the server runs: first a snapshot of the database, then the papers that
//! the snapshot names. Papers never change, so what the server does meanwhile cannot make the two
//! disagree. The file holds the server's own key: keep it where the data directory could be kept.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::{CouncilId, Sha256};
use serde::Serialize;

use super::CommandError;
use crate::blobs::files::{digest_of, place, sync_dir};
use crate::config::{blobs_dir, database_file, key_file, lock_file};
use crate::log::sqlite::{OpenError, checkup, copies, schema};

/// Names within the archive.
const DATABASE: &str = "log.sqlite";
const KEY: &str = "server.key";
const PAPERS: &str = "blobs/";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackedUp {
    /// Papers in it.
    pub papers: usize,
    /// Its length in bytes.
    pub bytes: u64,
    /// Papers that the server should hold and that are missing or damaged on its disk.
    pub missing: Vec<Sha256>,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The councils.
    pub councils: Vec<CouncilId>,
    /// Papers put back.
    pub papers: usize,
    /// Papers that the backup should hold and does not.
    pub missing: Vec<Sha256>,
    /// Letters and text messages that waited when the backup was taken. They may have left since, so
    /// they are held until `pupitre-server held` decides.
    pub held: u64,
}

/// Writes a backup; `out` must not exist.
///
/// # Errors
/// [`CommandError`]; nothing stands at `out` then.
pub fn backup(data: &Path, out: &Path) -> Result<BackedUp, CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    if out.exists() {
        return Err(CommandError::Argument(format!(
            "{} exists already; nothing was written. Choose another file.",
            out.display()
        )));
    }
    let dir = match out.parent() {
        Some(dir) if dir != Path::new("") => dir.to_owned(),
        Some(_) | None => PathBuf::from("."),
    };
    // Beside its goal, so that the last step is a rename; gone again if anything fails.
    let work = tempfile::Builder::new()
        .prefix(".pupitre-backup-")
        .tempdir_in(&dir)
        .map_err(CommandError::at(&dir))?;
    let snapshot = work.path().join(DATABASE);
    copies::snapshot(&database, &snapshot)?;
    let archive = work.path().join("archive.tar");
    let (papers, missing) = write_archive(data, &snapshot, &archive, out)?;
    std::fs::rename(&archive, out).map_err(CommandError::at(out))?;
    sync_dir(&dir).map_err(CommandError::at(&dir))?;
    let bytes = std::fs::metadata(out).map_err(CommandError::at(out))?.len();
    Ok(BackedUp { papers, bytes, missing })
}

fn write_archive(
    data: &Path,
    snapshot: &Path,
    archive: &Path,
    out: &Path,
) -> Result<(usize, Vec<Sha256>), CommandError> {
    let file = File::options()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(archive)
        .map_err(CommandError::at(out))?;
    let mut tar = tar::Builder::new(std::io::BufWriter::new(file));
    add(&mut tar, DATABASE, snapshot).map_err(CommandError::at(out))?;
    let key = key_file(data);
    if key.exists() {
        add(&mut tar, KEY, &key).map_err(CommandError::at(out))?;
    }
    let connection = schema::open_read_only(snapshot)?;
    let (mut papers, mut missing) = (0, Vec::new());
    for paper in copies::papers(&connection)? {
        let path = place(&blobs_dir(data), paper.sha256);
        if digest_of(&path).is_ok_and(|digest| digest == paper.sha256) {
            add(&mut tar, &format!("{PAPERS}{}", paper.sha256), &path)
                .map_err(CommandError::at(out))?;
            papers += 1;
        } else {
            missing.push(paper.sha256);
        }
    }
    let finish = || -> Result<(), std::io::Error> {
        let mut buffered = tar.into_inner()?;
        buffered.flush()?;
        buffered.get_ref().sync_all()
    };
    finish().map_err(CommandError::at(out))?;
    Ok((papers, missing))
}

fn add(tar: &mut tar::Builder<impl Write>, name: &str, path: &Path) -> Result<(), std::io::Error> {
    let mut file = File::open(path)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(file.metadata()?.len());
    header.set_mode(0o600);
    tar.append_data(&mut header, name, &mut file)
}

/// Unpacks a backup into a directory that is empty or not there yet. Whatever was written before
/// `now_ms` (Unix milliseconds) and is not known to have been sent is held.
///
/// # Errors
/// [`CommandError`]; the directory is left as it was.
pub fn restore(data: &Path, from: &Path, now_ms: i64) -> Result<Restored, CommandError> {
    let file = File::open(from).map_err(CommandError::at(from))?;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(CommandError::at(data))?;
    let mut there = std::fs::read_dir(data).map_err(CommandError::at(data))?;
    if there.next().is_some() {
        return Err(CommandError::Argument(format!(
            "{} is not empty; nothing was changed. Choose another directory.",
            data.display()
        )));
    }
    let restored = unpack(data, file, from, now_ms);
    if restored.is_err() {
        clear(data).map_err(CommandError::at(data))?;
    }
    restored
}

fn unpack(data: &Path, file: File, from: &Path, now_ms: i64) -> Result<Restored, CommandError> {
    let damaged = || {
        CommandError::Argument(format!(
            "{} is not a whole backup of pupitre-server; nothing was restored.",
            from.display()
        ))
    };
    // Gets its name last: until then `serve` finds no council here.
    let unfinished = data.join("log.sqlite.restoring");
    let mut archive = tar::Archive::new(std::io::BufReader::new(file));
    let mut papers = 0;
    for entry in archive.entries().map_err(|_| damaged())? {
        let mut entry = entry.map_err(|_| damaged())?;
        let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
        let name = name.ok_or_else(damaged)?;
        if name == DATABASE {
            write_file(&mut entry, &unfinished)?;
        } else if name == KEY {
            write_file(&mut entry, &key_file(data))?;
        } else if let Some(sha256) = name.strip_prefix(PAPERS).and_then(|name| name.parse().ok()) {
            let path = place(&blobs_dir(data), sha256);
            write_file(&mut entry, &path)?;
            if digest_of(&path).map_err(CommandError::at(&path))? != sha256 {
                return Err(damaged());
            }
            papers += 1;
        } else {
            return Err(damaged());
        }
    }
    if !unfinished.exists() {
        return Err(damaged());
    }
    let connection = schema::open(&unfinished)?;
    if !checkup::problems(&connection)?.is_empty() {
        return Err(damaged());
    }
    let missing = copies::papers(&connection)?
        .into_iter()
        .map(|paper| paper.sha256)
        .filter(|sha256| !place(&blobs_dir(data), *sha256).exists())
        .collect();
    let (councils, held) = copies::begin_again(&connection, now_ms)?;
    // Closing folds the write-ahead log back into the one file that is renamed.
    connection.close().map_err(|(_, error)| OpenError::from(error))?;
    sync_tree(data).map_err(CommandError::at(data))?;
    let database = database_file(data);
    std::fs::rename(&unfinished, &database).map_err(CommandError::at(&database))?;
    sync_dir(data).map_err(CommandError::at(data))?;
    Ok(Restored { councils, papers, missing, held })
}

fn write_file(from: &mut impl Read, path: &Path) -> Result<(), CommandError> {
    let mut write = || -> Result<(), std::io::Error> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let mut file = File::options().create_new(true).write(true).mode(0o600).open(path)?;
        std::io::copy(from, &mut file)?;
        file.sync_all()
    };
    write().map_err(CommandError::at(path))
}

fn sync_tree(dir: &Path) -> Result<(), std::io::Error> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_dir(dir)
}

/// Takes back what a failed restore has put into an empty directory.
fn clear(data: &Path) -> Result<(), std::io::Error> {
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        if entry.path() == lock_file(data) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
