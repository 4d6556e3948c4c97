//! Files that other software brought and that tablets cannot show, written out as they came.
//!
//! They lie sealed among the papers. Nothing is asked of the server, and what is written is compared
//! with the digest before it has its name: whoever finds the file has all of it, unchanged.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Sha256, SittingId};
use ipc::{ErrorCode, Problem};
use uuid::Uuid;

use crate::actor::Message;
use crate::core::Core;
use crate::notebook;
use crate::ports::{Shelved, StoreErrorKind};
use crate::problem;
use crate::sealed::{Broken, FileKey, Unsealed};

/// Longest ending of a file's name that is one.
const ENDING: usize = 8;

/// What people call a file that was brought: its title, and the ending of the name by which it came.
pub(super) fn own_name(title: &str, file_name: &str) -> (String, String) {
    let plain = |ending: &&str| {
        (1..=ENDING).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let ending = file_name.rsplit_once('.').map(|(_, ending)| ending).filter(plain);
    let ending = ending.unwrap_or_default();
    // Offices give files as titles as well.
    let bare = title.rsplit_once('.').filter(|(_, end)| end.eq_ignore_ascii_case(ending));
    let title = bare.map_or(title, |(bare, _)| bare);
    (title.to_owned(), ending.to_owned())
}

impl Shelved {
    /// What it is called.
    pub(super) fn name(&self) -> String {
        let Self { title, ending, .. } = self;
        if ending.is_empty() { title.clone() } else { format!("{title}.{ending}") }
    }
}

/// Writes a file out; answers where.
pub(super) async fn write(
    core: &Arc<Core>,
    sitting: SittingId,
    file: Uuid,
    out: Option<PathBuf>,
) -> Result<PathBuf, Problem> {
    let files = core.shelf.ask(move |store| store.desk_files(sitting)).await?;
    let kept = files.into_iter().find(|kept| kept.file == file);
    let shelved = kept.and_then(|kept| kept.shelved).ok_or(ErrorCode::NotFound)?;
    let sha256 = shelved.sha256;
    let lost = || {
        // Fetched again, as long as the draft that brought it stands.
        core.post(Message::Lost(sha256));
        Problem::about(ErrorCode::NotHere, shelved.name())
    };
    let found = core.files.path(&sha256).and_then(|path| Ok((path, core.files.key(&sha256)?)));
    let (sealed, key) = match found {
        Ok(found) => found,
        Err(error) if error.kind == StoreErrorKind::NotFound => return Err(lost()),
        Err(error) => return Err(problem::of_store(&error)),
    };
    let out = out.unwrap_or_else(|| {
        notebook::new_file(&core.world.downloads(), &shelved.title, &shelved.ending)
    });
    let to = out.clone();
    let written = tokio::task::spawn_blocking(move || copy(&sealed, &key, &sha256, &to))
        .await
        .map_err(|_| problem::internal("writing a file out"))?;
    match written {
        Ok(()) => Ok(out),
        Err(error) if Broken::is_why(&error) => Err(lost()),
        Err(_) => Err(Problem::about(ErrorCode::FileUnwritable, out.display().to_string())),
    }
}

/// Whole and true to its digest, or not at all.
fn copy(sealed: &Path, key: &FileKey, sha256: &Sha256, to: &Path) -> io::Result<()> {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let half = to.with_file_name(name);
    let done = decipher(sealed, key, sha256, &half).and_then(|()| std::fs::rename(&half, to));
    if done.is_err() {
        // What is left of it may be missing as well.
        std::fs::remove_file(&half).ok();
    }
    done
}

fn decipher(sealed: &Path, key: &FileKey, sha256: &Sha256, to: &Path) -> io::Result<()> {
    let mut from = Unsealed::open(File::open(sealed)?, key)?;
    let mut plain = File::create(to)?;
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        context.update(bytes);
        plain.write_all(bytes)?;
    }
    if context.finish().as_ref() != sha256.as_bytes() {
        return Err(Broken.into());
    }
    plain.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealed::Sealer;

    #[test]
    fn a_file_has_its_title_and_the_ending_it_came_with() {
        for (title, file_name, expected) in [
            ("Détail", "projet_0_0_annexe.ods", "Détail.ods"),
            ("Tableau.XLSX", "projet_0_0_annexe.xlsx", "Tableau.xlsx"),
            ("Délibération n. 3", "projet_0_0_annexe", "Délibération n. 3"),
            ("Plan", "projet_0_0_annexe.pdf", "Plan.pdf"),
            ("Plan", "projet./../../x", "Plan"),
        ] {
            let (title, ending) = own_name(title, file_name);
            let shelved = Shelved { sha256: Sha256::from_bytes([0; 32]), title, ending };
            assert_eq!(shelved.name(), expected);
        }
    }

    #[test]
    fn what_is_not_what_its_digest_says_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (sealed, out) = (folder.path().join("sealed"), folder.path().join("Détail.ods"));
        let key = FileKey::new([7; 32]);
        let mut sealer = Sealer::after(&key, 0).unwrap();
        sealer.write(&mut File::create(&sealed).unwrap(), [1; 12], b"a spreadsheet", true).unwrap();
        let digest = ring::digest::digest(&ring::digest::SHA256, b"a spreadsheet");
        let digest = Sha256::from_bytes(digest.as_ref().try_into().unwrap());
        copy(&sealed, &key, &digest, &out).unwrap();
        assert_eq!(std::fs::read(&out).unwrap(), b"a spreadsheet");
        std::fs::remove_file(&out).unwrap();

        let other = Sha256::from_bytes([9; 32]);
        assert!(Broken::is_why(&copy(&sealed, &key, &other, &out).unwrap_err()));
        let mut bytes = std::fs::read(&sealed).unwrap();
        bytes[20] ^= 1;
        std::fs::write(&sealed, bytes).unwrap();
        assert!(Broken::is_why(&copy(&sealed, &key, &digest, &out).unwrap_err()));
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "the sealed file alone: {left:?}");
    }
}
