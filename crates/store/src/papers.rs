//! The papers as sealed files, each under a key of its own.
//!
//! The keys stand in `papers/keys.db`, which is encrypted: a paper whose key is gone is gone, whatever
//! is left of the file. A download is sealed as it arrives; fewer bytes than a record holds wait in
//! memory until there are more, or the paper is whole.

mod file_keys;
mod plain;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use client::ports::{PaperFiles, StoreError, StoreErrorKind};
use client::sealed::{FileKey, Sealer, Unsealed};
use domain::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::durable;
use crate::error::Doing;
use crate::papers::file_keys::FileKeysDb;
use crate::vault::{self, Vault};

/// The papers of a profile: `papers/ab/<sha256>.sealed`, unfinished ones in `papers/parts`.
pub struct FilePapers {
    folder: PathBuf,
    desk: Mutex<Desk>,
}

impl std::fmt::Debug for FilePapers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilePapers").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// What is under way.
struct Desk {
    keys: FileKeysDb,
    downloads: BTreeMap<Sha256, Download>,
}

/// An unfinished download: so many records on the disk, each with so much, and the bytes after them.
struct Download {
    records: u64,
    record: u64,
    rest: Zeroizing<Vec<u8>>,
}

impl Download {
    fn received(&self) -> u64 {
        self.records * self.record + self.rest.len() as u64
    }
}

impl FilePapers {
    /// The papers of a profile. Those that an earlier version left plain are sealed.
    ///
    /// # Errors
    /// Its folders cannot be made, or the vault or the keys not opened; `Full` when there is no room to
    /// seal a plain paper.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        Self::open_with(profile, &Vault::open(profile)?)
    }

    /// The same with a vault that was opened before.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(profile: &Path, vault: &Vault) -> Result<Self, StoreError> {
        let folder = profile.join("papers");
        std::fs::create_dir_all(folder.join("parts")).doing("making the papers' folder")?;
        let keys = FileKeysDb::open(&folder.join("keys.db"), vault)?;
        let desk = Mutex::new(Desk { keys, downloads: BTreeMap::new() });
        let papers = Self { folder, desk };
        plain::seal_all(&papers)?;
        Ok(papers)
    }

    fn part(&self, pdf: &Sha256) -> PathBuf {
        self.folder.join("parts").join(format!("{pdf}.sealing"))
    }

    fn whole(&self, pdf: &Sha256) -> PathBuf {
        let name = pdf.to_string();
        let shelf = name.get(..2).unwrap_or("00").to_owned();
        self.folder.join(shelf).join(format!("{name}.sealed"))
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The download of a paper as the last run left it, what it had begun of a record cut off.
    fn resume(&self, desk: &mut Desk, pdf: &Sha256, doing: &'static str) -> Result<(), StoreError> {
        if desk.downloads.contains_key(pdf) {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(self.part(pdf));
        let file = file.doing(doing)?;
        let (key, records) = match desk.keys.key(pdf)? {
            Some(key) => {
                let records = file.metadata().doing(doing)?.len() / key.stride();
                (key, records)
            }
            None => (desk.keys.make(pdf)?, 0),
        };
        file.set_len(records * key.stride()).doing(doing)?;
        let record = key.record() as u64;
        desk.downloads.insert(*pdf, Download { records, record, rest: Zeroizing::default() });
        Ok(())
    }

    /// Writes records to an unfinished download: as many as are whole, and the last one when it is
    /// asked for. What cannot be written is kept as far as a record holds.
    fn write(
        &self,
        desk: &mut Desk,
        pdf: &Sha256,
        bytes: &[u8],
        last: bool,
        doing: &'static str,
    ) -> Result<(), StoreError> {
        let key = desk.keys.key(pdf)?.ok_or_else(|| no_key(doing))?;
        let Some(download) = desk.downloads.get_mut(pdf) else { return Err(no_key(doing)) };
        let all = Zeroizing::new([download.rest.as_slice(), bytes].concat());
        let whole = all.chunks_exact(key.record());
        let rest = whole.remainder();
        let mut options = OpenOptions::new();
        let mut file = options.write(true).open(self.part(pdf)).doing(doing)?;
        file.seek(SeekFrom::Start(download.records * key.stride())).doing(doing)?;
        let mut sealer = Sealer::after(&key, download.records).doing(doing)?;
        for record in whole {
            if let Err(error) = sealer.write(&mut file, nonce()?, record, false) {
                let kept = record.split_last().map_or(&[][..], |(_, kept)| kept);
                download.rest = Zeroizing::new(kept.to_vec());
                return cut_back(&file, download.records * key.stride(), error, doing);
            }
            download.records += 1;
        }
        download.rest = Zeroizing::new(rest.to_vec());
        if last && let Err(error) = sealer.write(&mut file, nonce()?, rest, true) {
            return cut_back(&file, download.records * key.stride(), error, doing);
        }
        Ok(())
    }

    /// Whether the sealed file at `path` holds this paper; its length.
    fn verify(&self, path: &Path, key: &FileKey, pdf: &Sha256) -> std::io::Result<(bool, u64)> {
        let (digest, length) = digest_of(&mut Unsealed::open(File::open(path)?, key)?)?;
        Ok((digest == *pdf, length))
    }

    /// Seals a plain file of this machine as a paper, if it is what the digest says.
    fn take_in(&self, pdf: &Sha256, file: &Path) -> Result<(), StoreError> {
        let doing = "taking a paper in";
        let key = {
            let mut desk = self.desk();
            match desk.keys.key(pdf)? {
                Some(key) => key,
                None => desk.keys.make(pdf)?,
            }
        };
        let beside = self.folder.join("parts").join(format!("{pdf}.adopted"));
        let taken = seal_file(file, &beside, &key).and_then(|()| {
            let (true_to_its_name, _) = self.verify(&beside, &key, pdf).doing(doing)?;
            if !true_to_its_name {
                let detail = "the file changed meanwhile".to_owned();
                return Err(StoreError { kind: StoreErrorKind::Untrue, doing, detail });
            }
            self.shelve(&beside, pdf)
        });
        if taken.is_err() && beside.exists() {
            // A full disk must not be kept full by what did not fit.
            std::fs::remove_file(&beside).doing(doing)?;
        }
        taken
    }

    /// Gives a verified file its name, durably.
    fn shelve(&self, from: &Path, pdf: &Sha256) -> Result<(), StoreError> {
        let doing = "putting a paper on its shelf";
        let whole = self.whole(pdf);
        let shelf = whole.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(shelf).doing(doing)?;
        File::open(from).and_then(|file| file.sync_all()).doing(doing)?;
        std::fs::rename(from, &whole).doing(doing)?;
        durable::folder_of(&whole).doing(doing)?;
        durable::folder_of(shelf).doing(doing)
    }
}

impl PaperFiles for FilePapers {
    fn received(&self, pdf: &Sha256) -> Result<u64, StoreError> {
        let doing = "looking at an unfinished paper";
        let mut desk = self.desk();
        if let Some(download) = desk.downloads.get(pdf) {
            return Ok(download.received());
        }
        match std::fs::metadata(self.part(pdf)) {
            Ok(about) => {
                let held = |key: FileKey| about.len() / key.stride() * key.record() as u64;
                Ok(desk.keys.key(pdf)?.map_or(0, held))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error).doing(doing),
        }
    }

    fn append(&self, pdf: &Sha256, bytes: &[u8]) -> Result<(), StoreError> {
        let doing = "writing a paper";
        let mut desk = self.desk();
        self.resume(&mut desk, pdf, doing)?;
        // Not synced: what a power cut takes is fetched again, and `finish` checks every byte.
        self.write(&mut desk, pdf, bytes, false, doing)
    }

    fn finish(&self, pdf: &Sha256, length: u64) -> Result<(), StoreError> {
        let doing = "checking a paper";
        let path = self.part(pdf);
        let mut desk = self.desk();
        if !path.exists() {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return if self.whole(pdf).exists() { Ok(()) } else { Err(missing).doing(doing) };
        }
        self.resume(&mut desk, pdf, doing)?;
        self.write(&mut desk, pdf, &[], true, doing)?;
        let key = desk.keys.key(pdf)?.ok_or_else(|| no_key(doing))?;
        desk.downloads.remove(pdf);
        // Read back from the disk: what was written is what counts.
        drop(desk);
        let verified = self.verify(&path, &key, pdf);
        let (true_to_its_name, read) = match verified {
            Err(error) if client::sealed::Broken::is_why(&error) => (false, 0),
            other => other.doing(doing)?,
        };
        if !true_to_its_name || read != length {
            std::fs::remove_file(&path).doing(doing)?;
            return Err(StoreError {
                kind: StoreErrorKind::Untrue,
                doing,
                detail: format!("{read} bytes of {length}, or another digest"),
            });
        }
        self.shelve(&path, pdf)
    }

    fn adopt(&self, pdf: &Sha256, file: &Path) -> Result<(), StoreError> {
        if self.path(pdf).is_ok() { Ok(()) } else { self.take_in(pdf, file) }
    }

    fn path(&self, pdf: &Sha256) -> Result<PathBuf, StoreError> {
        let path = self.whole(pdf);
        if path.exists() && self.desk().keys.key(pdf)?.is_some() {
            return Ok(path);
        }
        Err(not_here())
    }

    fn key(&self, pdf: &Sha256) -> Result<FileKey, StoreError> {
        self.desk().keys.key(pdf)?.ok_or_else(not_here)
    }

    fn discard(&self, pdf: &Sha256) -> Result<(), StoreError> {
        let doing = "throwing a paper away";
        let mut desk = self.desk();
        desk.keys.forget(pdf)?;
        desk.downloads.remove(pdf);
        for file in [self.part(pdf), self.whole(pdf)] {
            remove(&file).doing(doing)?;
        }
        Ok(())
    }

    fn lay(&self, file: Uuid, offset: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let doing = "laying a file down";
        let mut options = OpenOptions::new();
        let fresh = offset == 0;
        let mut laid =
            options.create(true).write(true).truncate(fresh).open(self.laid(file)).doing(doing)?;
        let end = laid.seek(SeekFrom::End(0)).doing(doing)?;
        if end != offset {
            let detail = format!("a piece at {offset} after {end} bytes");
            return Err(StoreError { kind: StoreErrorKind::Failed, doing, detail });
        }
        laid.write_all(bytes).doing(doing)
    }

    fn laid(&self, file: Uuid) -> PathBuf {
        self.folder.join("parts").join(format!("{file}.laid"))
    }

    fn clear_laid(&self, file: Uuid) -> Result<(), StoreError> {
        remove(&self.laid(file)).doing("throwing a laid file away")
    }
}

fn not_here() -> StoreError {
    let detail = "not on this tablet".to_owned();
    StoreError { kind: StoreErrorKind::NotFound, doing: "looking for a paper", detail }
}

fn no_key(doing: &'static str) -> StoreError {
    crate::error::failed(doing, "its key is gone")
}

fn nonce() -> Result<[u8; 12], StoreError> {
    let mut nonce = [0; 12];
    vault::fill(&mut nonce)?;
    Ok(nonce)
}

/// Takes half a record back, after so many bytes, and tells why it could not be written whole.
fn cut_back(
    file: &File,
    length: u64,
    error: std::io::Error,
    doing: &'static str,
) -> Result<(), StoreError> {
    // The next opening cuts it off as well.
    if let Err(error) = file.set_len(length) {
        return Err(error).doing(doing);
    }
    Err(error).doing(doing)
}

fn remove(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Seals a plain file beside, record by record.
fn seal_file(plain: &Path, to: &Path, key: &FileKey) -> Result<(), StoreError> {
    let doing = "taking a paper in";
    let mut plain = File::open(plain).doing(doing)?;
    let mut sealed = File::create(to).doing(doing)?;
    let mut sealer = Sealer::after(key, 0).doing(doing)?;
    let mut record = Zeroizing::new(Vec::with_capacity(key.record()));
    loop {
        record.clear();
        Read::by_ref(&mut plain).take(key.record() as u64).read_to_end(&mut record).doing(doing)?;
        let last = record.len() < key.record();
        sealer.write(&mut sealed, nonce()?, &record, last).doing(doing)?;
        if last {
            return Ok(());
        }
    }
}

fn digest_of(file: &mut impl Read) -> std::io::Result<(Sha256, u64)> {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buffer = vec![0; 256 * 1024];
    let mut length = 0;
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        context.update(bytes);
        length += read as u64;
    }
    let mut digest = [0; 32];
    for (to, from) in digest.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Ok((Sha256::from_bytes(digest), length))
}
