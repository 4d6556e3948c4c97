//! The papers as files.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use client::ports::{PaperFiles, StoreError, StoreErrorKind};
use domain::Sha256;
use uuid::Uuid;

use crate::error::Doing;

/// The papers of a profile: `papers/ab/<sha256>.pdf`, unfinished ones in `papers/parts`.
#[derive(Debug, Clone)]
pub struct FilePapers {
    folder: PathBuf,
}

impl FilePapers {
    /// The papers of a profile.
    ///
    /// # Errors
    /// Its folders cannot be made.
    pub fn open(profile: &Path) -> Result<Self, StoreError> {
        let folder = profile.join("papers");
        std::fs::create_dir_all(folder.join("parts")).doing("making the papers' folder")?;
        Ok(Self { folder })
    }

    fn part(&self, pdf: &Sha256) -> PathBuf {
        self.folder.join("parts").join(format!("{pdf}.part"))
    }

    fn whole(&self, pdf: &Sha256) -> PathBuf {
        let name = pdf.to_string();
        let shelf = name.get(..2).unwrap_or("00").to_owned();
        self.folder.join(shelf).join(format!("{name}.pdf"))
    }

    /// Gives a verified file its name, durably.
    fn shelve(&self, from: &Path, pdf: &Sha256) -> Result<(), StoreError> {
        let doing = "putting a paper on its shelf";
        let whole = self.whole(pdf);
        let shelf = whole.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(shelf).doing(doing)?;
        std::fs::rename(from, &whole).doing(doing)?;
        for folder in [shelf, &self.folder] {
            File::open(folder).and_then(|folder| folder.sync_all()).doing(doing)?;
        }
        Ok(())
    }
}

impl PaperFiles for FilePapers {
    fn received(&self, pdf: &Sha256) -> Result<u64, StoreError> {
        match std::fs::metadata(self.part(pdf)) {
            Ok(meta) => Ok(meta.len()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error).doing("looking at an unfinished paper"),
        }
    }

    fn append(&self, pdf: &Sha256, bytes: &[u8]) -> Result<(), StoreError> {
        let doing = "writing a paper";
        let mut options = OpenOptions::new();
        let mut part = options.create(true).append(true).open(self.part(pdf)).doing(doing)?;
        // Not synced: what a power cut takes is fetched again, and `finish` checks every byte.
        part.write_all(bytes).doing(doing)
    }

    fn finish(&self, pdf: &Sha256, length: u64) -> Result<(), StoreError> {
        let doing = "checking a paper";
        let path = self.part(pdf);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound && self.whole(pdf).exists() =>
            {
                return Ok(());
            }
            Err(error) => return Err(error).doing(doing),
        };
        let (digest, read) = digest_of(&mut file).doing(doing)?;
        if digest != *pdf || read != length {
            std::fs::remove_file(&path).doing(doing)?;
            return Err(StoreError {
                kind: StoreErrorKind::Untrue,
                doing,
                detail: format!("{read} bytes of {length}, or another digest"),
            });
        }
        file.sync_all().doing(doing)?;
        self.shelve(&path, pdf)
    }

    fn adopt(&self, pdf: &Sha256, file: &Path) -> Result<(), StoreError> {
        let doing = "taking a paper in";
        if self.whole(pdf).exists() {
            return Ok(());
        }
        let beside = self.folder.join("parts").join(format!("{pdf}.adopted"));
        let taken = copy_verified(file, &beside, pdf).and_then(|()| self.shelve(&beside, pdf));
        if taken.is_err() && beside.exists() {
            // A full disk must not be kept full by what did not fit.
            std::fs::remove_file(&beside).doing(doing)?;
        }
        taken
    }

    fn path(&self, pdf: &Sha256) -> Result<PathBuf, StoreError> {
        let path = self.whole(pdf);
        if path.exists() {
            return Ok(path);
        }
        let detail = "not on this tablet".to_owned();
        Err(StoreError { kind: StoreErrorKind::NotFound, doing: "looking for a paper", detail })
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
        match std::fs::remove_file(self.laid(file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).doing("throwing a laid file away")
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Copies a file and makes the copy durable, if the copy is what the digest says.
fn copy_verified(file: &Path, to: &Path, pdf: &Sha256) -> Result<(), StoreError> {
    let doing = "taking a paper in";
    std::fs::copy(file, to).doing(doing)?;
    let mut copy = File::open(to).doing(doing)?;
    let (digest, _) = digest_of(&mut copy).doing(doing)?;
    if digest != *pdf {
        let detail = "the file changed meanwhile".to_owned();
        return Err(StoreError { kind: StoreErrorKind::Untrue, doing, detail });
    }
    copy.sync_all().doing(doing)
}

fn digest_of(file: &mut File) -> std::io::Result<(Sha256, u64)> {
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
